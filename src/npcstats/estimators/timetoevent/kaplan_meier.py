"""The Kaplan-Meier curve and what is read from it: probabilities, quantiles, restricted means, follow-up."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.errors import SpecError
from npcstats.estimators.bounds import cut_limits
from npcstats.estimators.checks import (
    check_array,
    check_binary,
    check_choice,
    check_number,
    check_probability,
    check_weights,
)
from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.timetoevent.samples import (
    BEYOND,
    CONF_TYPES,
    NO_EVENT_BEFORE_IN_ONE,
    NO_EVENT_IN_ONE,
    NO_EVENTS,
    NO_PARTICIPANTS,
    NO_VARIATION_IN_ONE,
    RISK_TOLERANCE,
    TIE_TOLERANCE,
    FloatArray,
    Sample,
    check_survival,
    cut_at,
    independent_difference,
    product_limit,
    sum_by,
    tabulate,
    transformed_limits,
)
from npcstats.estimators.types import Contrast, Interval

# a survival probability this close to a level is on it: R's tolerance in quantile.survfit
_LEVEL_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)

BETA_PRODUCT = "beta-product"
CURVE_CONF_TYPES = (*CONF_TYPES, BETA_PRODUCT)

_CERTAIN = "There is no event yet: on this scale the limits are 1 and 1 and say nothing of what is to come."
_NO_LIMITS_AT_ONE = "There is no event yet, so there are no log-log confidence limits."
_NO_LIMITS_AT_ZERO = "The curve has reached 0, so there are no confidence limits."
_AT_ONCE = "The curve falls from 1 to 0 at once, so there are no confidence limits."
_ONE_AT_ZERO = "A curve has reached 0, so the difference has no standard error."


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
        asked = check_array(np.atleast_1d(np.asarray(times)), "times", minimum=0.0)
        row = np.searchsorted(self.time, asked * (1 + TIE_TOLERANCE), side="right")
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
        last = self.time[-1] if len(self.time) else -np.inf
        beyond = (asked > last * (1 + TIE_TOLERANCE)) & (survival > 0)
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
        std_error = math.sqrt(_variance_of_area(self._sample, remaining))
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
        log_error = np.where(survival > 0, np.sqrt(_variance_of_log_survival(sample)), np.nan)
    n, n_events = len(times), int(np.count_nonzero(events))
    if conf_type == BETA_PRODUCT:
        lower, upper = _beta_product_limits(sample, conf_level)
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


def _greenwood_terms(sample: Sample) -> FloatArray:
    """Return d / (n (n - d)), infinite where all at risk have the event, shape (k,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = sample.events / (sample.at_risk * (sample.at_risk - sample.events))
    return np.where(sample.events > 0, terms, 0.0)


def _variance_of_log_survival(sample: Sample) -> FloatArray:
    """Return Greenwood's variance, or with weights the infinitesimal jackknife's, shape (k,)."""
    if not sample.weighted:
        return np.cumsum(_greenwood_terms(sample))
    hazard_sum, at_exit = _influence(sample, np.ones(len(sample.time)))
    squared = sample.weight**2
    at_entry = np.concatenate([[0.0], hazard_sum])[sample.first_row]
    size = len(sample.time) + 1

    def active(values: FloatArray) -> FloatArray:
        change = sum_by(sample.first_row, values, size) - sum_by(sample.row, values, size)
        return np.cumsum(change)[:-1]

    gone = np.cumsum(sum_by(sample.row, squared * at_exit**2, size))[:-1]
    present = (
        hazard_sum**2 * active(squared) - 2 * hazard_sum * active(squared * at_entry) + active(squared * at_entry**2)
    )
    return np.maximum(gone + present, 0.0)


def _variance_of_area(sample: Sample, remaining: FloatArray) -> float:
    """Return the variance of the area, given the area to the right of each grid time, shape (k,)."""
    if not sample.weighted:
        terms = np.where(remaining > 0, _greenwood_terms(sample), 0.0)
        return float(np.sum(remaining**2 * terms))
    _, at_exit = _influence(sample, remaining)
    return float(np.sum((sample.weight * at_exit) ** 2))


def _influence(sample: Sample, factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return sums of factor * dLambda / (n - d) up to each row, (k,), and each one's influence, (n,)."""
    survivors = sample.at_risk - sample.events
    usable = (sample.events > 0) & (survivors > RISK_TOLERANCE * sample.at_risk) & (factor > 0)
    share = np.divide(factor, survivors, out=np.zeros(len(factor)), where=usable)
    hazard = np.divide(sample.events, sample.at_risk, out=np.zeros(len(factor)), where=usable)
    total = np.cumsum(share * hazard)
    at_entry = np.concatenate([[0.0], total])[sample.first_row]
    return total, total[sample.row] - at_entry - sample.event * share[sample.row]


def _note(n: int, n_events: int, conf_type: str) -> str:
    if not n:
        return NO_PARTICIPANTS
    return "" if n_events or conf_type == BETA_PRODUCT else NO_EVENTS


def _beta_product_limits(sample: Sample, conf_level: float) -> tuple[FloatArray, FloatArray]:
    """Return limits just after each time: quantiles of a product of beta variates, itself taken for a beta variate.

    The upper limit's product has one variate for each time with events; the lower limit's has one more, for an event
    that may follow at once among those still at risk.
    """
    tail = (1 - conf_level) / 2
    without = sample.at_risk - sample.events + 1
    log_mean = np.cumsum(np.where(sample.events > 0, np.log(without / (without + sample.events)), 0.0))
    log_spread = np.cumsum(np.log1p(sample.events / (without * (without + sample.events + 1))))
    remaining = np.append(sample.at_risk[1:], 0.0)
    upper = _beta_quantile(1 - tail, log_mean, log_spread)
    with np.errstate(divide="ignore"):
        lower = _beta_quantile(
            tail,
            log_mean + np.log(remaining / (remaining + 1)),
            log_spread + np.where(remaining > 0, np.log1p(1 / (np.maximum(remaining, 1) * (remaining + 2))), 0.0),
        )
    return lower, upper


def _beta_quantile(p: float, log_mean: FloatArray, log_spread: FloatArray) -> FloatArray:
    """Quantile of the beta variate whose mean is m and whose second moment is m² exp(log_spread)."""
    mean = np.exp(log_mean)
    variance_share = np.expm1(log_spread)  # variance over squared mean
    spread = np.divide(1 - mean * np.exp(log_spread), mean * variance_share, out=np.zeros(len(mean)),
                       where=(mean > 0) & (variance_share > 0))  # fmt: skip
    found = special.betaincinv(np.maximum(mean * spread, 1e-300), np.maximum((1 - mean) * spread, 1e-300), p)
    return np.where(spread > 0, found, mean)


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
