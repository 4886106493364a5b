"""The Kaplan-Meier curve and what is read from it: probabilities, quantiles, restricted means, follow-up."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import stats

from npcstats.estimators.checks import (
    check_array,
    check_binary,
    check_choice,
    check_number,
    check_probability,
    check_weights,
)
from npcstats.estimators.timetoevent.samples import (
    BEYOND,
    CONF_TYPES,
    NO_EVENTS,
    NO_PARTICIPANTS,
    RISK_TOLERANCE,
    TIE_TOLERANCE,
    BoolArray,
    FloatArray,
    IntArray,
    check_survival,
    product_limit,
    sum_by,
    sum_from,
)
from npcstats.estimators.types import Interval

# a survival probability this close to a level is on it: R's tolerance in quantile.survfit
_LEVEL_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)

_NO_LIMITS_AT_ONE = "There is no event yet, so there are no log-log confidence limits."
_NO_LIMITS_AT_ZERO = "The curve has reached 0, so there are no confidence limits."


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
        Why something is NaN; empty otherwise.
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
        Why something is NaN; empty otherwise.
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
    _sample: _Sample = field(repr=False)

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
        before t. Where no event has happened yet, limits are 1 and 1 at time 0 and on the scales plain and log;
        the log-log scale has none. With no event at all, or where survival is 0, there are none.
        """
        asked = check_array(np.atleast_1d(np.asarray(times)), "times", minimum=0.0)
        row = np.searchsorted(self.time, asked * (1 + TIE_TOLERANCE), side="right")
        start = np.zeros(len(asked)) if self.n_events else np.full(len(asked), np.nan)
        start_limit = np.where((asked == 0) | (self.conf_type != "log-log"), 1.0, np.nan) + start
        survival = np.concatenate([[1.0], self.survival])[row]
        std_error = np.concatenate([[0.0], self.std_error])[row]
        lower = np.where(row == 0, start_limit, np.concatenate([[np.nan], self.lower])[row])
        upper = np.where(row == 0, start_limit, np.concatenate([[np.nan], self.upper])[row])
        last = self.time[-1] if len(self.time) else -np.inf
        beyond = (asked > last * (1 + TIE_TOLERANCE)) & (survival > 0)
        for values in (survival, std_error, lower, upper):
            values[beyond] = np.nan
        note = tuple(self._note_at(*row_values) for row_values in zip(beyond, survival, np.isnan(lower), strict=True))
        return SurvivalAt(asked, survival, std_error, lower, upper, self._sample.at_risk(asked), note)

    def _note_at(self, beyond: bool, survival: float, no_limits: bool) -> str:
        if not self.n:
            return NO_PARTICIPANTS
        if beyond:
            return BEYOND
        if not no_limits:
            return ""
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
        missing = [
            name
            for name, value in (
                ("The curve", estimate),
                ("its lower band", lower),
                ("its upper band", upper),
            )
            if math.isnan(value)
        ]
        text = f"{' and '.join(missing)} did not come down to {level:.6g}."
        return text[0].upper() + text[1:] if missing else ""

    def rmst(self, tau: float) -> RestrictedMean:
        """Estimate the restricted mean survival time, the area under the curve from 0 to `tau`.

        Parameters
        ----------
        tau : float > 0
            Horizon, in the unit of time.

        Returns
        -------
        RestrictedMean
            In the unit of time; NaN when follow-up ends before `tau` with survival above 0.

        Raises
        ------
        SpecError
            If `tau` is not a positive finite number.

        Notes
        -----
        *Convention.* Greenwood's variance integrated over the curve, without the factor m/(m-1); limits are
        symmetric on the scale of time whatever the curve's scale. Where the standard error is 0, as with no
        event before `tau`, there are no limits.

        *Verified* against R ``summary(survfit(...), rmean = tau)``.

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
            note = f"Follow-up ends at {last:.6g}, before {tau:.6g}."
            return RestrictedMean(nan, nan, nan, nan, tau, self.conf_level, method, note)
        edges = np.minimum(np.concatenate([[0.0], self.time, [tau]]), tau)
        edges[-1] = tau
        areas = np.concatenate([[1.0], self.survival]) * np.diff(edges)
        estimate = float(areas.sum())
        remaining = np.cumsum(areas[::-1])[::-1][1:]
        std_error = math.sqrt(self._sample.variance_of_area(remaining))
        if std_error == 0:
            note = f"There is no variation before {tau:.6g}, so there are no confidence limits."
            return RestrictedMean(estimate, 0.0, nan, nan, tau, self.conf_level, method, note)
        half_width = float(stats.norm.isf((1 - self.conf_level) / 2)) * std_error
        return RestrictedMean(
            estimate, std_error, estimate - half_width, estimate + half_width, tau, self.conf_level, method
        )


@dataclass(frozen=True, eq=False)
class _Sample:
    """Participants on the grid of distinct times: what variances and numbers at risk are made from."""

    time: FloatArray  # (k,) the grid
    at_risk_: FloatArray  # (k,)
    events: FloatArray  # (k,)
    left: FloatArray  # (k,) events plus censored
    entry_time: FloatArray  # (e,) distinct entries after 0; empty when all are at risk from the start
    entry_weight: FloatArray  # (e,)
    weighted: bool
    weight: FloatArray  # (n,)
    event: BoolArray  # (n,)
    row: IntArray  # (n,) grid row of each participant's time
    first_row: IntArray  # (n,) first grid row after each participant's entry

    def at_risk(self, times: FloatArray) -> FloatArray:
        """Return the sum of weights with entry < t <= time, shape of `times`."""
        below = times * (1 - TIE_TOLERANCE)
        at_risk = sum_from(self.time, self.left, below) - sum_from(self.entry_time, self.entry_weight, below)
        return np.maximum(at_risk, 0.0)

    def greenwood_terms(self) -> FloatArray:
        """Return d / (n (n - d)), infinite where all at risk have the event, shape (k,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = self.events / (self.at_risk_ * (self.at_risk_ - self.events))
        return np.where(self.events > 0, terms, 0.0)

    def variance_of_log_survival(self) -> FloatArray:
        """Return Greenwood's variance, or with weights the infinitesimal jackknife's, shape (k,)."""
        if not self.weighted:
            return np.cumsum(self.greenwood_terms())
        hazard_sum, at_exit = self._influence(np.ones(len(self.time)))
        squared = self.weight**2
        at_entry = np.concatenate([[0.0], hazard_sum])[self.first_row]
        size = len(self.time) + 1

        def active(values: FloatArray) -> FloatArray:
            change = sum_by(self.first_row, values, size) - sum_by(self.row, values, size)
            return np.cumsum(change)[:-1]

        gone = np.cumsum(sum_by(self.row, squared * at_exit**2, size))[:-1]
        present = (
            hazard_sum**2 * active(squared)
            - 2 * hazard_sum * active(squared * at_entry)
            + active(squared * at_entry**2)
        )
        return np.maximum(gone + present, 0.0)

    def variance_of_area(self, remaining: FloatArray) -> float:
        """Return the variance of the area, given the area to the right of each grid time, shape (k,)."""
        if not self.weighted:
            terms = np.where(remaining > 0, self.greenwood_terms(), 0.0)
            return float(np.sum(remaining**2 * terms))
        _, at_exit = self._influence(remaining)
        return float(np.sum((self.weight * at_exit) ** 2))

    def _influence(self, factor: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return sums of factor * dLambda / (n - d) up to each row, (k,), and each one's influence, (n,)."""
        survivors = self.at_risk_ - self.events
        usable = (self.events > 0) & (survivors > RISK_TOLERANCE * self.at_risk_) & (factor > 0)
        share = np.divide(factor, survivors, out=np.zeros(len(factor)), where=usable)
        hazard = np.divide(self.events, self.at_risk_, out=np.zeros(len(factor)), where=usable)
        total = np.cumsum(share * hazard)
        at_entry = np.concatenate([[0.0], total])[self.first_row]
        return total, total[self.row] - at_entry - self.event * share[self.row]


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
    conf_type : {"plain", "log", "log-log"}
        Scale on which the limits are symmetric.

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
        If `conf_level` or `conf_type` is not allowed.

    Notes
    -----
    *Convention.* At a tied time events precede censorings, so those censored at t are at risk at t; someone who
    enters at t is not. Times equal within 1.5e-8 (absolutely, or relative to the mean of the distinct times) are
    tied, as in R. The variance is Greenwood's; with weights it is the infinitesimal jackknife's, each participant
    one cluster, the weights taken as fixed (R's ``robust = TRUE``, its default unless all weights are whole
    numbers). Limits are cut at 0 and 1. Where survival is 1 the log-log scale has none and the others give 1.
    Two differences from R's survfit, where its limits would claim certainty: with no events at all they are NaN,
    not 1 to 1; where survival is 0 they and the standard error are NaN with weights too, not 0 to 0.

    *Verified* against R ``survival::survfit`` (ties, delayed entry, weights, every `conf_type`).

    References
    ----------
    Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457. doi:10.1080/01621459.1958.10501452
    Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. 2nd ed. Wiley 2002.
    """
    times, events, entries = check_survival(time, event, entry)
    check_choice(conf_type, "conf_type", CONF_TYPES)
    conf_level = check_probability(conf_level, "conf_level")
    weight = np.ones(len(times))
    if weights is not None:
        weight = check_weights(weights, "weights", length=len(times))
        kept = weight > 0
        times, events, weight = times[kept], events[kept], weight[kept]
        entries = None if entries is None else entries[kept]

    sample, censored = _tabulate(times, events, entries, weight, weighted=weights is not None)
    survival = product_limit(sample.events, sample.at_risk_)
    with np.errstate(invalid="ignore"):
        log_error = np.where(survival > 0, np.sqrt(sample.variance_of_log_survival()), np.nan)
    n, n_events = len(times), int(np.count_nonzero(events))
    if n_events:
        lower, upper = _limits(survival, log_error, conf_level, conf_type)
    else:
        lower, upper = np.full(len(survival), np.nan), np.full(len(survival), np.nan)
    return KaplanMeier(
        time=sample.time,
        at_risk=sample.at_risk_,
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
        note="" if n_events else NO_EVENTS if n else NO_PARTICIPANTS,
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


def _tabulate(
    times: FloatArray,
    events: BoolArray,
    entries: FloatArray | None,
    weight: FloatArray,
    *,
    weighted: bool,
) -> tuple[_Sample, FloatArray]:
    """Count events, censorings and those at risk on the grid of distinct times."""
    grid, row = np.unique(times, return_inverse=True)
    size = len(grid)
    event_sum = sum_by(row, weight * events, size)
    censored = sum_by(row, weight * ~events, size)
    left = event_sum + censored
    entry_time, entry_weight = np.empty(0), np.empty(0)
    first_row = np.zeros(len(times), dtype=np.intp)
    if entries is not None:
        # who enters at 0 is at risk from the start, at time 0 too
        late = entries > 0
        entry_time, position = np.unique(entries[late], return_inverse=True)
        entry_weight = sum_by(position, weight[late], len(entry_time))
        first_row = np.searchsorted(grid, entries, side="right")
    at_risk = np.maximum(sum_from(grid, left, grid) - sum_from(entry_time, entry_weight, grid), 0.0)
    sample = _Sample(
        time=grid,
        at_risk_=at_risk,
        events=event_sum,
        left=left,
        entry_time=entry_time,
        entry_weight=entry_weight,
        weighted=weighted,
        weight=weight,
        event=events,
        row=row,
        first_row=first_row,
    )
    return sample, censored


def _limits(
    survival: FloatArray, log_error: FloatArray, conf_level: float, conf_type: str
) -> tuple[FloatArray, FloatArray]:
    z = float(stats.norm.isf((1 - conf_level) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        if conf_type == "plain":
            half_width = z * survival * log_error
            return np.maximum(survival - half_width, 0.0), np.minimum(survival + half_width, 1.0)
        log_survival = np.log(np.where(survival > 0, survival, np.nan))
        if conf_type == "log":
            half_width = z * log_error
            return np.exp(log_survival - half_width), np.minimum(np.exp(log_survival + half_width), 1.0)
        log_survival = np.where(survival < 1, log_survival, np.nan)
        half_width = z * log_error / -log_survival
        center = np.log(-log_survival)
        return np.exp(-np.exp(center + half_width)), np.exp(-np.exp(center - half_width))


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
