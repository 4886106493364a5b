"""The Kaplan-Meier curve and what is read from it: probabilities, quantiles, restricted means, follow-up."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import SpecError
from npcstats.estimators.bounds import cut_limits
from npcstats.estimators.checks import check_binary, check_number, check_probability, check_weights
from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.timetoevent.beta_product import beta_product_limits
from npcstats.estimators.timetoevent.curve_limits import cut_at, transformed_limits
from npcstats.estimators.timetoevent.greenwood import variance_of_area, variance_of_log_survival
from npcstats.estimators.timetoevent.samples import (
    BEYOND,
    CONF_TYPES,
    NO_EVENTS,
    NO_PARTICIPANTS,
    TIE_TOLERANCE,
    Sample,
    check_survival,
    product_limit,
    read_places,
    tabulate,
)
from npcstats.estimators.types import FloatArray, Interval

# a survival probability this close to a level is on it: R's tolerance in quantile.survfit
_LEVEL_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)

BETA_PRODUCT = "beta-product"
CURVE_CONF_TYPES = (*CONF_TYPES, BETA_PRODUCT)

_CERTAIN = "There is no event yet: on this scale the limits are 1 and 1 and say nothing of what is to come."
_NO_LIMITS_AT_ONE = "There is no event yet, so there are no log-log confidence limits."
_NO_LIMITS_AT_ZERO = "The curve has reached 0, so there are no confidence limits."
_AT_ONCE = "The curve falls from 1 to 0 at once, so there are no confidence limits."


@dataclass(frozen=True, eq=False)
class SurvivalAt:
    """A Kaplan-Meier curve read at given times.

    Attributes
    ----------
    times : ndarray of float, shape (m,)
        The times asked for, in the order asked for.
    survival, std_error, lower, upper : ndarray of float, shape (m,)
        Survival probability just after each time, its standard error and confidence limits; NaN where undefined.
    at_risk : ndarray of float, shape (m,)
        Participants (or their weights) with ``entry < t <= time``; an entry at 0 is before every time.
    note : tuple of str, length m
        Why something is NaN, limits are 1 and 1, or which limit is cut at 0 or 1; empty otherwise.
    """

    times: FloatArray
    survival: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    at_risk: FloatArray
    note: tuple[str, ...]


@dataclass(frozen=True)
class RestrictedMean:
    """A restricted mean survival time.

    Attributes
    ----------
    estimate, std_error, lower, upper : float
        Area under the curve up to `tau`, its standard error and confidence limits, in the unit of time.
    tau : float
        The horizon, same unit.
    conf_level : float in (0, 1)
        Confidence level.
    method : str
        How it was made.
    note : str
        Why something is NaN, or which limit is cut at 0 or `tau`; empty otherwise.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    tau: float
    conf_level: float
    method: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class KaplanMeier:
    """A Kaplan-Meier curve, one row for each distinct time at which someone had an event or was censored.

    Attributes
    ----------
    time : ndarray of float, shape (k,)
        Distinct times, increasing.
    at_risk, events, censored : ndarray of float, shape (k,)
        Participants at risk just before each time, with the event at it, and censored at it; sums of weights
        when there are weights.
    survival, std_error, lower, upper : ndarray of float, shape (k,)
        Survival probability just after each time, its standard error (of the probability, not of its logarithm)
        and confidence limits; NaN where undefined.
    n, n_events : int
        Participants (with a positive weight) and how many of them had the event.
    conf_level : float in (0, 1)
        Confidence level.
    conf_type : str
        Scale on which the limits are symmetric.
    note : str
        Why limits are NaN throughout; empty otherwise.
    """

    time: FloatArray
    at_risk: FloatArray
    events: FloatArray
    censored: FloatArray
    survival: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    n: int
    n_events: int
    conf_level: float
    conf_type: str
    note: str
    _sample: Sample = field(repr=False)

    def at(self, times: npt.ArrayLike) -> SurvivalAt:
        """Read the curve at given times.

        Parameters
        ----------
        times : array_like of float >= 0, shape (m,), or one number
            Times at which to read, in any order, in the unit of time.

        Returns
        -------
        SurvivalAt
            Arrays of shape (m,). Beyond the last observed time survival is NaN unless it has reached 0.

        Raises
        ------
        DataError
            If a time is missing, infinite or negative.

        Notes
        -----
        *Convention.* Survival is right-continuous: an event at t counts at t. The number at risk is that just
        before t. Where no event has happened yet, limits are 1 and 1 at time 0 and, with a note, on the scales plain
        and log; the log-log scale has none. With no event at all, or where survival is 0, there are none.
        Beta-product limits exist everywhere. Limits on the scales plain and log are cut at 0 and 1, with a note.
        """
        asked, row, after_last = read_places(self.time, times)
        start = np.zeros(len(asked)) if self.n_events else np.full(len(asked), np.nan)
        start_limit = np.where((asked == 0) | (self.conf_type != "log-log"), 1.0, np.nan) + start
        start_lower = start_limit
        if self.conf_type == BETA_PRODUCT:
            start_limit = np.ones(len(asked))
            start_lower = np.where(asked == 0, 1.0, ((1 - self.conf_level) / 2) ** (1 / max(self.n, 1)))
        survival = np.concatenate([[1.0], self.survival])[row]
        std_error = np.concatenate([[0.0], self.std_error])[row]
        lower = np.where(row == 0, start_lower, np.concatenate([[np.nan], self.lower])[row])
        upper = np.where(row == 0, start_limit, np.concatenate([[np.nan], self.upper])[row])
        beyond = after_last & (survival > 0)
        for values in (survival, std_error, lower, upper):
            values[beyond] = np.nan
        certain = (survival == 1) & (lower == 1) & (asked > 0)
        found = zip(beyond, survival, lower, upper, certain, strict=True)
        note = tuple(self._note_at(*values) for values in found)
        return SurvivalAt(asked, survival, std_error, lower, upper, self._sample.at_risk_at(asked), note)

    def _note_at(self, beyond: bool, survival: float, lower: float, upper: float, certain: bool) -> str:
        if not self.n:
            return NO_PARTICIPANTS
        if beyond:
            return BEYOND
        if certain:
            return _CERTAIN
        if not math.isnan(lower):
            return cut_at(self.conf_type, survival, lower, upper)
        return self.note or (_NO_LIMITS_AT_ZERO if survival == 0 else _NO_LIMITS_AT_ONE)

    def quantile(self, p: float) -> Interval:
        """Estimate the time by which a proportion `p` has had the event.

        Parameters
        ----------
        p : float in (0, 1)
            Proportion with the event; 0.5 gives the median.

        Returns
        -------
        Interval
            In the unit of time; NaN where the curve or its band does not come down to ``1 - p``.

        Raises
        ------
        SpecError
            If `p` is not strictly between 0 and 1.

        Notes
        -----
        *Convention.* The first time at which survival is at most ``1 - p``; when it stays exactly there for a
        while, the middle of that plateau, which ends at the next drop or at the last observed time. The limits
        apply the same rule to the lower and the upper band (Brookmeyer and Crowley, on the curve's scale). A band
        of few participants can rise again: the first time counts, as where R prints a median, while R's
        ``quantile`` then takes a later one.

        *Verified* against R ``quantile(survfit(...))``.

        References
        ----------
        Brookmeyer R, Crowley J. Biometrics 1982;38:29. doi:10.2307/2530286
        """
        level = 1 - check_probability(p, "p")
        estimate, lower, upper = (_crossing(self.time, band, level) for band in (self.survival, self.lower, self.upper))
        method = f"kaplan-meier {self.conf_type}"
        note = self._note_quantile(level, estimate, lower, upper)
        return Interval(estimate, lower, upper, self.conf_level, method, note)

    def _note_quantile(self, level: float, estimate: float, lower: float, upper: float) -> str:
        if not self.n:
            return NO_PARTICIPANTS
        if not self.n_events:
            return "There are no events."
        named = (("the curve", estimate), ("its lower limit", lower), ("its upper limit", upper))
        missing = [name for name, value in named if math.isnan(value)]
        if not missing:
            return ""
        if self._falls_at_once:
            return _AT_ONCE
        *others, last = missing
        text = f"{', '.join(others)} and {last}" if others else last
        ended = not math.isnan(estimate) and bool(np.isnan(self.lower[-1])) and self.survival[-1] == 0
        until = " before the curve reached 0, where there are no limits" if ended else ""
        return f"{text[:1].upper()}{text[1:]} did not come down to {level:.15g}{until}."

    @property
    def _falls_at_once(self) -> bool:
        """Tell whether everyone at risk has the event at its first time, so that no scale has limits."""
        return bool(len(self.survival)) and bool(np.isnan(self.lower[-1])) and set(self.survival.tolist()) <= {0.0, 1.0}

    def rmst(self, tau: float) -> RestrictedMean:
        """Estimate the restricted mean survival time, the area under the curve from 0 to `tau`.

        Parameters
        ----------
        tau : float > 0
            Horizon, in the unit of time.

        Returns
        -------
        RestrictedMean
            In the unit of time, limits from 0 to `tau`; NaN when follow-up ends before `tau` with survival above 0.

        Raises
        ------
        SpecError
            If `tau` is not a positive finite number.

        Notes
        -----
        *Convention.* Greenwood's variance integrated over the curve, without the factor m/(m-1); limits are
        symmetric on the scale of time whatever the curve's scale, and cut at 0 and `tau`, with a note. Where the
        standard error is 0, as with no event before `tau`, there are no limits.

        *Verified* against R ``summary(survfit(...), rmean = tau)``; with weights, where R's standard error is not the
        jackknife's, against the area under each participant's influence on the curve in R.

        References
        ----------
        Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152. doi:10.1186/1471-2288-13-152
        """
        tau = check_number(tau, "tau", positive=True)
        method = "area under kaplan-meier"
        nan = math.nan
        last = float(self.time[-1]) if len(self.time) else 0.0
        if not self.n:
            return RestrictedMean(nan, nan, nan, nan, tau, self.conf_level, method, NO_PARTICIPANTS)
        if last * (1 + TIE_TOLERANCE) < tau and self.survival[-1] > 0:
            note = f"Follow-up ends{_at_if_short(last)} before {tau:.15g}."
            return RestrictedMean(nan, nan, nan, nan, tau, self.conf_level, method, note)
        edges = np.minimum(np.concatenate([[0.0], self.time, [tau]]), tau)
        edges[-1] = tau
        areas = np.concatenate([[1.0], self.survival]) * np.diff(edges)
        estimate = min(float(areas.sum()), tau)
        remaining = np.cumsum(areas[::-1])[::-1][1:]
        std_error = math.sqrt(variance_of_area(self._sample, remaining))
        if std_error == 0:
            reached = _AT_ONCE if estimate < tau else f"There is no event before {tau:.15g}, so there are no limits."
            return RestrictedMean(estimate, 0.0, nan, nan, tau, self.conf_level, method, reached)
        half_width = normal_quantile((1 - self.conf_level) / 2) * std_error
        lower, upper, note = cut_limits(estimate - half_width, estimate + half_width, 0.0, tau)
        return RestrictedMean(estimate, std_error, lower, upper, tau, self.conf_level, method, note)


def _at_if_short(time: float) -> str:
    """Name a time that six digits print exactly; a longer one would be printed as another."""
    return f" at {time:.6g}," if float(f"{time:.6g}") == time else ""


def estimate_kaplan_meier(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    *,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    conf_level: float,
    conf_type: str,
) -> KaplanMeier:
    """Estimate a survival curve by Kaplan and Meier's product limit.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the event or of censoring; n may be 0.
    event : array_like of bool or of 0 and 1, shape (n,)
        1 for an event, 0 for censoring.
    entry : array_like of float >= 0, shape (n,), or None
        Time at which observation began (delayed entry), before `time`; None for all at risk from the start.
    weights : array_like of float >= 0, shape (n,), or None
        Sampling weights (not counts of identical participants); None counts everyone once.
    conf_level : float in (0, 1)
        Pointwise confidence level.
    conf_type : {"plain", "log", "log-log", "beta-product"}
        Scale on which the limits are symmetric; "beta-product" for small samples or few at risk.

    Returns
    -------
    KaplanMeier
        The curve. With no events its limits are NaN and `note` says so.

    Raises
    ------
    DataError
        If a time is missing, infinite or negative, an entry is not before its time, an event is not 0 or 1, a
        weight is negative, or lengths differ.
    SpecError
        If `conf_level` or `conf_type` is not allowed, or beta-product limits are asked for with weights or entries.

    Notes
    -----
    *Convention.* At a tied time events precede censorings, so those censored at t are at risk at t; someone who
    enters at t is not. Times equal within 1.5e-8 (absolutely, or relative to the mean of the distinct times) are
    tied, as in R. The variance is Greenwood's; with weights it is the infinitesimal jackknife's, each participant
    one cluster, the weights taken as fixed (R's ``robust = TRUE``, its default unless all weights are whole
    numbers). Limits are cut at 0 and 1. Where survival is 1 the log-log scale has none and the others give 1.
    Two differences from R's survfit, where its limits would claim certainty: with no events at all they are NaN,
    not 1 to 1; where survival is 0 they and the standard error are NaN with weights too, not 0 to 0.

    Beta-product limits are those of Fay, Brittain and Proschan by the method of moments: without censoring they are
    Clopper and Pearson's. They exist before the first event and where survival is 0 as well.

    *Verified* against R ``survival::survfit`` (ties, delayed entry, weights, every scale); beta-product limits
    against ``binom.test`` without censoring, and against products of beta variates drawn in R.

    References
    ----------
    Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457. doi:10.1080/01621459.1958.10501452
    Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. 2nd ed. Wiley 2002.
    Fay MP, Brittain EH, Proschan MA. Biostatistics 2013;14:723. doi:10.1093/biostatistics/kxt016
    """
    times, events, entries = check_survival(time, event, entry)
    check_choice(conf_type, "conf_type", CURVE_CONF_TYPES)
    if conf_type == BETA_PRODUCT and not (weights is None and entry is None):
        raise SpecError(f"conf_type: is {BETA_PRODUCT!r} with weights or entries; it is defined without them only.")
    conf_level = check_probability(conf_level, "conf_level")
    weight = np.ones(len(times))
    if weights is not None:
        weight = check_weights(weights, "weights", length=len(times))
        kept = weight > 0
        times, events, weight = times[kept], events[kept], weight[kept]
        entries = None if entries is None else entries[kept]

    sample, censored = tabulate(times, events, entries, weight, weighted=weights is not None)
    survival = product_limit(sample.events, sample.at_risk)
    with np.errstate(invalid="ignore"):
        log_error = np.where(survival > 0, np.sqrt(variance_of_log_survival(sample)), np.nan)
    n, n_events = len(times), int(np.count_nonzero(events))
    if conf_type == BETA_PRODUCT:
        lower, upper = beta_product_limits(sample, conf_level)
    elif n_events:
        lower, upper = transformed_limits(survival, log_error, conf_level, conf_type)
    else:
        lower, upper = np.full(len(survival), np.nan), np.full(len(survival), np.nan)
    return KaplanMeier(
        time=sample.time,
        at_risk=sample.at_risk,
        events=sample.events,
        censored=censored,
        survival=survival,
        std_error=survival * log_error,
        lower=lower,
        upper=upper,
        n=n,
        n_events=n_events,
        conf_level=conf_level,
        conf_type=conf_type,
        note=_note(n, n_events, conf_type),
        _sample=sample,
    )


def estimate_follow_up(time: npt.ArrayLike, event: npt.ArrayLike, *, conf_level: float, conf_type: str) -> KaplanMeier:
    """Estimate the distribution of follow-up by the reverse Kaplan-Meier method.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the event or of censoring.
    event : array_like of bool or of 0 and 1, shape (n,)
        1 for an event, which here ends the observation of follow-up; 0 for censoring.
    conf_level : float in (0, 1)
        Pointwise confidence level.
    conf_type : {"plain", "log", "log-log"}
        Scale on which the limits are symmetric.

    Returns
    -------
    KaplanMeier
        Curve of the time to censoring; ``quantile(0.5)`` is the median follow-up.

    Raises
    ------
    DataError
        As for `estimate_kaplan_meier`.
    SpecError
        As for `estimate_kaplan_meier`.

    Notes
    -----
    *Convention.* Event and censoring exchange their parts, at tied times too, as in R
    ``survfit(Surv(time, 1 - event) ~ 1)``.

    References
    ----------
    Schemper M, Smith TL. Control Clin Trials 1996;17:343. doi:10.1016/0197-2456(96)00075-X
    """
    flipped = ~check_binary(event, "event")
    return estimate_kaplan_meier(time, flipped, conf_level=conf_level, conf_type=conf_type)


def _note(n: int, n_events: int, conf_type: str) -> str:
    if not n:
        return NO_PARTICIPANTS
    return "" if n_events or conf_type == BETA_PRODUCT else NO_EVENTS


def _crossing(time: FloatArray, band: FloatArray, level: float) -> float:
    """Return the first time at which the band is at most `level`, the middle of a plateau on it, or NaN."""
    reached = band <= level + _LEVEL_TOLERANCE  # NaN compares as False
    if not reached.any():
        return math.nan
    first = int(np.argmax(reached))
    if band[first] < level - _LEVEL_TOLERANCE:
        return float(time[first])
    below = band < level - _LEVEL_TOLERANCE
    end = int(np.argmax(below)) if below.any() else len(time) - 1
    return float((time[first] + time[end]) / 2)
