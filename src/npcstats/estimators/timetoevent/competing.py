"""Cumulative incidence of competing events by the Aalen-Johansen estimator."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.estimators.checks import check_probability, check_weights
from npcstats.estimators.timetoevent.curve_limits import cut_at, independent_difference, transformed_limits
from npcstats.estimators.timetoevent.samples import (
    BEYOND,
    CONF_TYPES,
    NO_EVENT_IN_ONE,
    NO_PARTICIPANTS,
    NO_VARIATION_IN_ONE,
    RISK_TOLERANCE,
    Sample,
    check_cause,
    check_causes,
    check_survival,
    product_limit,
    read_places,
    sum_by,
    tabulate,
)
from npcstats.estimators.types import Contrast, FloatArray, IntArray

_NO_EVENTS = "There are no events of this cause, so there are no confidence limits."
_NONE_YET = "There is no event of this cause yet, so there are no confidence limits."
_NO_VARIATION = "There is no variation, so there are no confidence limits."


@dataclass(frozen=True, eq=False)
class IncidenceAt:
    """Cumulative incidence of one cause, read at given times.

    Attributes
    ----------
    times : ndarray of float, shape (m,)
        The times asked for, in the order asked for.
    incidence, std_error, lower, upper : ndarray of float, shape (m,)
        Probability of the event by each time, its standard error and confidence limits; NaN where undefined.
    at_risk : ndarray of float, shape (m,)
        Participants (or their weights) with ``entry < t <= time``.
    note : tuple of str, length m
        Why something is NaN, or which limit is cut at 0 or 1; empty otherwise.
    """

    times: FloatArray
    incidence: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    at_risk: FloatArray
    note: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """Cumulative incidences, one row for each distinct time at which someone had an event or was censored.

    Attributes
    ----------
    time : ndarray of float, shape (k,)
        Distinct times, increasing.
    causes : tuple of int, length c
        Causes that occur, increasing; a column of the arrays below belongs to each.
    at_risk, censored : ndarray of float, shape (k,)
        Participants at risk just before each time, and censored at it; sums of weights when there are weights.
    events : ndarray of float, shape (k, c)
        Participants with an event of each cause at each time.
    survival : ndarray of float, shape (k,)
        Probability of no event of any cause, just after each time.
    incidence, std_error, lower, upper : ndarray of float, shape (k, c)
        Probability of an event of each cause by each time, its standard error and confidence limits.
    n : int
        Participants (with a positive weight).
    conf_level : float in (0, 1)
        Confidence level.
    conf_type : str
        Scale on which the limits are symmetric.
    note : str
        Why there is nothing; empty otherwise.
    """

    time: FloatArray
    causes: tuple[int, ...]
    at_risk: FloatArray
    censored: FloatArray
    events: FloatArray
    survival: FloatArray
    incidence: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    n: int
    conf_level: float
    conf_type: str
    note: str
    _sample: Sample = field(repr=False)

    def at(self, times: npt.ArrayLike, *, cause: int) -> IncidenceAt:
        """Read the incidence of one cause at given times.

        Parameters
        ----------
        times : array_like of float >= 0, shape (m,), or one number
            Times at which to read, in any order, in the unit of time.
        cause : int >= 1
            Which cause; one that does not occur has incidence 0.

        Returns
        -------
        IncidenceAt
            Arrays of shape (m,). Beyond the last observed time everything is NaN unless nobody was left without
            an event.

        Raises
        ------
        DataError
            If a time is missing, infinite or negative.
        SpecError
            If `cause` is not a whole number of at least 1.

        Notes
        -----
        *Convention.* Incidence is right-continuous: an event at t counts at t. Where it is 0 there are no limits.
        """
        check_cause(cause, "cause")
        asked, row, after_last = read_places(self.time, times)
        occurs = cause in self.causes
        incidence, std_error = self._read(self.incidence, cause, 0.0)[row], self._read(self.std_error, cause, 0.0)[row]
        lower, upper = self._read(self.lower, cause, np.nan)[row], self._read(self.upper, cause, np.nan)[row]
        beyond = after_last & (np.concatenate([[1.0], self.survival])[row] > 0)
        for values in (incidence, std_error, lower, upper):
            values[beyond] = np.nan
        note = tuple(self._note_at(occurs, *found) for found in zip(beyond, incidence, lower, upper, strict=True))
        return IncidenceAt(asked, incidence, std_error, lower, upper, self._sample.at_risk_at(asked), note)

    def _read(self, values: FloatArray, cause: int, start: float) -> FloatArray:
        """One cause's column behind its value at the start, which a cause that does not occur keeps."""
        if cause not in self.causes:
            return np.full(len(self.time) + 1, start)
        return np.concatenate([[start], values[:, self.causes.index(cause)]])

    def _note_at(self, occurs: bool, beyond: bool, incidence: float, lower: float, upper: float) -> str:
        if not self.n:
            return NO_PARTICIPANTS
        if beyond:
            return BEYOND
        if not math.isnan(lower):
            return cut_at(self.conf_type, incidence, lower, upper)
        if incidence > 0:
            return _NO_VARIATION
        return _NONE_YET if occurs else _NO_EVENTS


def estimate_cumulative_incidence(
    time: npt.ArrayLike,
    cause: npt.ArrayLike,
    *,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    conf_level: float,
    conf_type: str,
) -> CumulativeIncidence:
    """Estimate the cumulative incidence of competing events by Aalen and Johansen's estimator.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the first event of any cause, or of censoring; n may be 0.
    cause : array_like of int >= 0, shape (n,)
        0 for censoring, else the cause of the event.
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
    CumulativeIncidence
        One column for each cause that occurs.

    Raises
    ------
    DataError
        If a time is missing, infinite or negative, an entry is not before its time, a cause is not a whole number
        of at least 0, a weight is negative, or lengths differ.
    SpecError
        If `conf_level` or `conf_type` is not allowed.

    Notes
    -----
    *Convention.* At a tied time events of all causes happen together, before censorings. The variance is the
    infinitesimal jackknife's, each participant one cluster and the weights taken as fixed, which is what R's survfit
    prints for a multi-state curve (cmprsk prints another one: on mgus2 at 240 months .0098061 against .0097848).
    Limits are cut at 0 and 1, on the scales plain and log, with a note. Two differences from R: where incidence or its
    standard error is 0 there are no limits (R gives 0 to 0 on the scale plain), and with weights those at risk are
    summed by weight (R counts them).

    *Verified* against R ``survival::survfit(Surv(time, factor(cause)) ~ 1)`` (ties, delayed entry, weights, every
    `conf_type`).

    References
    ----------
    Aalen OO, Johansen S. Scand J Stat 1978;5:141.
    Therneau TM, Grambsch PM. Modeling Survival Data. Springer 2000. doi:10.1007/978-1-4757-3294-8
    """
    codes = check_causes(cause, "cause")
    times, events, entries = check_survival(time, codes > 0, entry)
    check_choice(conf_type, "conf_type", CONF_TYPES)
    conf_level = check_probability(conf_level, "conf_level")
    weight = np.ones(len(times))
    if weights is not None:
        weight = check_weights(weights, "weights", length=len(times))
        kept = weight > 0
        times, events, weight, codes = times[kept], events[kept], weight[kept], codes[kept]
        entries = None if entries is None else entries[kept]

    sample, censored = tabulate(times, events, entries, weight, weighted=weights is not None)
    causes = tuple(int(code) for code in np.unique(codes[events]))
    codes = codes[sample.order]
    survival = product_limit(sample.events, sample.at_risk)
    shape = (len(sample.time), len(causes))
    by_cause, incidence, std_error = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    before = np.concatenate([[1.0], survival[:-1]])
    for column, code in enumerate(causes):
        by_cause[:, column] = sum_by(sample.row, sample.weight * (codes == code), len(sample.time))
        steps = _share(before * by_cause[:, column], sample.at_risk)
        incidence[:, column] = np.cumsum(steps)
        std_error[:, column] = np.sqrt(_variance(sample, steps, before, codes == code))
    # of a sum that is 1 but for rounding nothing is left to vary
    whole = incidence >= 1 - RISK_TOLERANCE
    incidence[whole], std_error[whole] = 1.0, 0.0
    relative = np.divide(std_error, incidence, out=np.full(shape, np.nan), where=(incidence > 0) & (std_error > 0))
    lower, upper = transformed_limits(incidence, relative, conf_level, conf_type)
    return CumulativeIncidence(
        time=sample.time,
        causes=causes,
        at_risk=sample.at_risk,
        censored=censored,
        events=by_cause,
        survival=survival,
        incidence=incidence,
        std_error=std_error,
        lower=lower,
        upper=upper,
        n=len(times),
        conf_level=conf_level,
        conf_type=conf_type,
        note="" if len(times) else NO_PARTICIPANTS,
        _sample=sample,
    )


def compare_incidence(
    curve1: CumulativeIncidence, curve0: CumulativeIncidence, time: float, *, cause: int, conf_level: float
) -> Contrast:
    """Compare the incidence of one cause in two independent groups at one time.

    Parameters
    ----------
    curve1, curve0 : CumulativeIncidence
        Of two groups without a common participant.
    time : float >= 0
        When, in the unit of time.
    cause : int >= 1
        Which cause.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Contrast
        Difference of incidences, group 1 minus group 0; NaN with a note where one is not defined, and no limits where
        one has no standard error or one of 0.

    Raises
    ------
    DataError
        If the time is missing, infinite or negative.
    SpecError
        If `cause` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Normal limits on the scale of the difference, whose variance is the sum of the curves' own, cut at -1
    and 1, with a note.

    *Verified* by hand from the curves.
    """
    conf_level = check_probability(conf_level, "conf_level")
    found = [curve.at(time, cause=cause) for curve in (curve1, curve0)]
    pairs = [(float(at.incidence[0]), float(at.std_error[0])) for at in found]
    unknown = next((at.note[0] for at in found if math.isnan(at.incidence[0])), "")
    certain = NO_EVENT_IN_ONE if (0.0, 0.0) in pairs else NO_VARIATION_IN_ONE
    return independent_difference(pairs[0], pairs[1], conf_level, bound=1.0, unknown=unknown, certain=certain)


def _share(amounts: FloatArray, at_risk: FloatArray) -> FloatArray:
    return np.divide(amounts, at_risk, out=np.zeros(len(amounts)), where=amounts > 0)


def _variance(sample: Sample, steps: FloatArray, before: FloatArray, of_cause: npt.NDArray[np.bool_]) -> FloatArray:
    """Return the sum of squared influences on the incidence just after each time, shape (k,).

    The influence of one at risk is ``course + offset + slope * incidence``, that of one who has left is
    ``offset + slope * incidence``: so sums over participants are sums of their coefficients.
    """
    incidence = np.cumsum(steps)
    survivors = sample.at_risk - sample.events
    usable = (sample.events > 0) & (survivors > RISK_TOLERANCE * sample.at_risk)
    inverse = np.divide(1.0, survivors, out=np.zeros(len(survivors)), where=usable)
    log_survival = np.cumsum(inverse * _share(sample.events, sample.at_risk))
    course = np.cumsum(np.concatenate([[0.0], log_survival[:-1]]) * steps - _share(steps, sample.at_risk))

    row, first, squared = sample.row, sample.first_row, sample.weight**2
    at_entry = [np.concatenate([[0.0], values])[first] for values in (course, log_survival, incidence)]
    offset, slope = at_entry[1] * at_entry[2] - at_entry[0], -at_entry[1]
    own = of_cause * _share(before, sample.at_risk)[row]
    left_slope = slope + log_survival[row] - sample.event * inverse[row]
    left_offset = course[row] + offset + slope * incidence[row] + own - left_slope * incidence[row]

    total = _sum_of_squares(row, None, squared, left_offset, left_slope, 0.0 * incidence, incidence)
    total += _sum_of_squares(first, row, squared, offset, slope, course, incidence)
    return np.maximum(total, 0.0)


def _sum_of_squares(
    start: IntArray,
    stop: IntArray | None,
    weight: FloatArray,
    offset: FloatArray,
    slope: FloatArray,
    course: FloatArray,
    incidence: FloatArray,
) -> FloatArray:
    """Return, at each grid row, the sum over ``start <= row < stop`` of weight * (course + offset + slope * F)^2."""
    size = len(incidence) + 1

    def over(values: FloatArray) -> FloatArray:
        change = sum_by(start, values, size)
        if stop is not None:
            change = change - sum_by(stop, values, size)
        return np.cumsum(change)[:-1]

    squares = over(weight * offset**2) + incidence * (
        2 * over(weight * offset * slope) + incidence * over(weight * slope**2)
    )
    if stop is None:
        return squares
    crossed = over(weight * offset) + incidence * over(weight * slope)
    return np.asarray(squares + course * (course * over(weight) + 2 * crossed))
