"""Differences of two independent Kaplan-Meier curves: at one time, and of restricted means."""

from __future__ import annotations

import math

from npcstats.estimators.checks import check_probability
from npcstats.estimators.timetoevent.curve_limits import independent_difference
from npcstats.estimators.timetoevent.kaplan_meier import KaplanMeier
from npcstats.estimators.timetoevent.samples import NO_EVENT_BEFORE_IN_ONE, NO_EVENT_IN_ONE, NO_VARIATION_IN_ONE
from npcstats.estimators.types import Contrast

_ONE_AT_ZERO = "A curve has reached 0, so the difference has no standard error."


def compare_survival(curve1: KaplanMeier, curve0: KaplanMeier, time: float, *, conf_level: float) -> Contrast:
    """Compare two independent curves at one time.

    Parameters
    ----------
    curve1, curve0 : KaplanMeier
        Of two groups without a common participant.
    time : float >= 0
        When, in the unit of time.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Contrast
        Difference of survival probabilities, group 1 minus group 0; NaN with a note where a curve is not defined, and
        no limits where a curve has no standard error or one of 0.

    Raises
    ------
    DataError
        If the time is missing, infinite or negative.
    SpecError
        If `conf_level` is not strictly between 0 and 1.

    Notes
    -----
    *Convention.* Normal limits on the scale of the difference, whose variance is the sum of the curves' own, cut at -1
    and 1, with a note.

    *Verified* by hand, and against the standard errors of R ``survival::survfit``.

    References
    ----------
    Klein JP, Logan B, Harhoff M, Andersen PK. Stat Med 2007;26:4505. doi:10.1002/sim.2864
    """
    conf_level = check_probability(conf_level, "conf_level")
    found = (curve1.at(time), curve0.at(time))
    pairs = [(float(at.survival[0]), float(at.std_error[0])) for at in found]
    reasons = (at.note[0] or _ONE_AT_ZERO for at, pair in zip(found, pairs, strict=True) if math.isnan(sum(pair)))
    certain = NO_EVENT_IN_ONE if (1.0, 0.0) in pairs else NO_VARIATION_IN_ONE
    return independent_difference(pairs[0], pairs[1], conf_level, bound=1.0, unknown=next(reasons, ""), certain=certain)


def compare_restricted_means(curve1: KaplanMeier, curve0: KaplanMeier, tau: float, *, conf_level: float) -> Contrast:
    """Compare the restricted mean survival times of two independent curves.

    Parameters
    ----------
    curve1, curve0 : KaplanMeier
        Of two groups without a common participant.
    tau : float > 0
        Horizon, in the unit of time.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Contrast
        Difference, group 1 minus group 0, in the unit of time; NaN with a note where follow-up ends before `tau`.

    Raises
    ------
    SpecError
        If `tau` is not a positive finite number or `conf_level` is not strictly between 0 and 1.

    Notes
    -----
    *Convention.* Normal limits, cut at -`tau` and `tau`, with a note; the variance is the sum of the curves' own, by
    `KaplanMeier.rmst`.

    *Verified* against R ``summary(survfit(...), rmean = tau)`` of each group.

    References
    ----------
    Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152. doi:10.1186/1471-2288-13-152
    """
    conf_level = check_probability(conf_level, "conf_level")
    means = (curve1.rmst(tau), curve0.rmst(tau))
    pairs = [(mean.estimate, mean.std_error) for mean in means]
    unknown = next((mean.note for mean in means if math.isnan(mean.estimate)), "")
    certain = NO_EVENT_BEFORE_IN_ONE if (means[0].tau, 0.0) in pairs else NO_VARIATION_IN_ONE
    return independent_difference(pairs[0], pairs[1], conf_level, bound=means[0].tau, unknown=unknown, certain=certain)
