"""Events that come again: the mean number per participant over time.

Each participant is followed from time 0 to a last time, has any number of events on the way, and may die at the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.bounds import LOWER_CUT
from npcstats.estimators.checks import check_array, check_binary, check_probability
from npcstats.estimators.distributions import normal_quantile, normal_upper
from npcstats.estimators.types import Contrast, FloatArray, IntArray

TERMINALS = ("censor", "ghosh-lin")
"""What a death does: it ends follow-up as anything else, or events cannot come after it."""
MEAN_CONF_TYPES = ("plain", "log")
NOBODY = "There are no participants."
NONE_YET = "There is no event yet, so there are no confidence limits."
NO_EVENT_IN_ONE = "A group has no event yet, so the difference has no limits."
NO_VARIATION = "All participants have the same number of events, so there are no confidence limits."
NO_VARIATION_IN_ONE = "All participants of a group have the same number of events, so the difference has no limits."
BEYOND = "Nobody is followed until then."
OUTSIDE_FOLLOW_UP = "an event of each participant from 0 to the end of follow-up"


@dataclass(frozen=True, eq=False)
class MeanAt:
    """A mean number of events, read at given times.

    Attributes
    ----------
    times : ndarray of float, shape (m,)
        The times asked for, in the order asked for.
    mean, std_error, lower, upper : ndarray of float, shape (m,)
        Mean number of events by each time, its standard error and confidence limits; NaN where undefined.
    at_risk : ndarray of int, shape (m,)
        Participants followed until then or longer.
    note : tuple of str, length m
        Why something is NaN, or that a limit is cut at 0; empty otherwise.
    """

    times: FloatArray
    mean: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    at_risk: IntArray
    note: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class MeanCumulative:
    """A mean cumulative function, one row for each distinct time at which someone had an event or died.

    Attributes
    ----------
    time : ndarray of float, shape (k,)
        Distinct times, increasing.
    at_risk, events, deaths : ndarray of int, shape (k,)
        Participants followed until each time or longer, events and deaths at it.
    survival : ndarray of float, shape (k,)
        Probability of being alive just after each time; 1 where deaths only censor.
    mean, std_error, lower, upper : ndarray of float, shape (k,)
        Mean number of events by each time, its standard error and confidence limits; NaN where undefined.
    n : int
        Participants.
    conf_level : float in (0, 1)
        Confidence level.
    conf_type : str
        Scale on which the limits are symmetric.
    terminal : str
        What a death does.
    """

    time: FloatArray
    at_risk: IntArray
    events: IntArray
    deaths: IntArray
    survival: FloatArray
    mean: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    n: int
    conf_level: float
    conf_type: str
    terminal: str
    _stops: FloatArray = field(repr=False)

    def at(self, times: npt.ArrayLike) -> MeanAt:
        """Read the mean at given times.

        Parameters
        ----------
        times : array_like of float >= 0, shape (m,)
            Times at which to read, in any order.

        Returns
        -------
        MeanAt
            Beyond the last follow-up everything is NaN, unless nobody is left alive.

        Raises
        ------
        DataError
            If a time is missing, infinite or negative.

        Notes
        -----
        *Convention.* An event at t counts at t, and who is followed until t is at risk at t.
        """
        asked = check_array(times, "times", minimum=0.0)
        row = np.searchsorted(self.time, asked, side="right")
        at_risk = self.n - np.searchsorted(self._stops, asked, side="left")
        alive = np.concatenate([[1.0], self.survival])[row] > 0
        gone = (at_risk == 0) & alive
        read = [
            np.where(gone, math.nan, np.concatenate([[start], values])[row])
            for start, values in ((0.0, self.mean), (0.0, self.std_error), (np.nan, self.lower), (np.nan, self.upper))
        ]
        mean, std_error, lower, upper = read
        notes = tuple(self._note(*found) for found in zip(gone, mean, std_error, lower, strict=True))
        return MeanAt(asked, mean, std_error, lower, upper, at_risk, notes)

    def _note(self, gone: bool, mean: float, std_error: float, lower: float) -> str:
        if not self.n or gone:
            return BEYOND if self.n else NOBODY
        if math.isnan(lower):
            return NO_VARIATION if mean > 0 else NONE_YET
        return LOWER_CUT if lower == 0 and std_error > 0 else ""


def estimate_mean_cumulative(
    stop: npt.ArrayLike,
    died: npt.ArrayLike,
    member: npt.ArrayLike,
    time: npt.ArrayLike,
    *,
    terminal: str,
    conf_level: float,
    conf_type: str,
) -> MeanCumulative:
    """Estimate the mean number of events per participant over time, by Nelson, or by Ghosh and Lin where death ends it.

    Parameters
    ----------
    stop : array_like of float >= 0, shape (n,)
        End of each participant's follow-up; n may be 0.
    died : array_like of bool, shape (n,)
        Whether it ended with death.
    member : array_like of int, shape (m,)
        Participant of each event, by place from 0.
    time : array_like of float >= 0, shape (m,)
        When each event was, at the latest at the end of the participant's follow-up.
    terminal : {"censor", "ghosh-lin"}
        Whether death censors, so that the mean is of who is alive, or no event comes after it, so that the mean is of
        everyone: each increment is then multiplied by the probability of being alive just before it.
    conf_level : float in (0, 1)
        Pointwise confidence level.
    conf_type : {"plain", "log"}
        Scale on which the limits are symmetric.

    Returns
    -------
    MeanCumulative
        The function, with numbers at risk.

    Raises
    ------
    DataError
        If an array is not as described, or an event lies outside the follow-up of its participant.
    SpecError
        If a choice is not in its closed set.

    Notes
    -----
    *Convention.* ``M(t) = sum S(u-) dN(u) / Y(u)`` over times u up to t, where Y counts who is followed until u or
    longer, dN all events at u, several of one participant too, and S is the Kaplan-Meier estimate of survival, 1
    where death censors. An event on the day of death counts, since it comes before it. The variance is the sum of the
    squared influences of participants (infinitesimal jackknife, no factor n/(n-1)): where death censors, Lawless and
    Nadeau's. Limits on the scale plain are cut at 0, with a note; where there is no event there are none.

    *Verified* against R ``survival::survfit(Surv(start, stop, event) ~ 1, id = )`` (``cumhaz`` and ``std.chaz``) on
    Nelson's valve seats and on drawn data; with deaths against a derivative by complex weights, written in R from the
    definition.

    References
    ----------
    Nelson W. Technometrics 1995;37:147. doi:10.1080/00401706.1995.10484299
    Lawless JF, Nadeau C. Technometrics 1995;37:158. doi:10.1080/00401706.1995.10484300
    Ghosh D, Lin DY. Biometrics 2000;56:554. doi:10.1111/j.0006-341X.2000.00554.x
    """
    sample = _check_sample(stop, died, member, time)
    check_choice(terminal, "terminal", TERMINALS)
    check_choice(conf_type, "conf_type", MEAN_CONF_TYPES)
    conf_level = check_probability(conf_level, "conf_level")
    if terminal == "censor":
        sample = _Sample(sample.stop, np.zeros(len(sample.stop), dtype=np.bool_), sample.member, sample.time)
    grid = np.unique(np.concatenate([sample.time, sample.stop[sample.died]]))
    at_risk = len(sample.stop) - np.searchsorted(np.sort(sample.stop), grid, side="left")
    events, deaths = (_count_at(grid, values) for values in (sample.time, sample.stop[sample.died]))
    survival = np.cumprod(1 - deaths / at_risk, dtype=np.float64)
    weight = np.concatenate([[1.0], survival])[:-1] / at_risk
    mean = np.cumsum(weight * events)
    std_error = np.sqrt(_variance(sample, grid, at_risk, deaths, weight, mean))
    lower, upper = _limits(mean, std_error, conf_level, conf_type)
    ordered = np.sort(sample.stop)
    return MeanCumulative(grid, at_risk, events, deaths, survival, mean, std_error, lower, upper, len(ordered),
                          conf_level, conf_type, terminal, ordered)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Sample:
    stop: FloatArray
    died: npt.NDArray[np.bool_]
    member: IntArray
    time: FloatArray


def _check_sample(stop: npt.ArrayLike, died: npt.ArrayLike, member: npt.ArrayLike, time: npt.ArrayLike) -> _Sample:
    ends = check_array(stop, "stop", minimum=0.0)
    dead = check_binary(died, "died", length=len(ends))
    times = check_array(time, "time", minimum=0.0)
    places = check_array(member, "member", minimum=0.0)
    if len(places) != len(times):
        raise DataError(f"member: has {len(places)} values and time {len(times)}; as many are required.")
    if ((places % 1 != 0) | (places >= len(ends))).any():
        raise DataError(f"member: not a place of the {len(ends)} participants; whole numbers from 0 are required.")
    who = places.astype(np.intp)
    late = int((times > ends[who]).sum())
    if late:
        raise DataError(f"time: {late} of {len(times)} events after follow-up; {OUTSIDE_FOLLOW_UP} is required.")
    order = np.lexsort((times, who))
    return _Sample(ends, dead, who[order], times[order])


def _count_at(grid: FloatArray, values: FloatArray) -> IntArray:
    return np.bincount(np.searchsorted(grid, values), minlength=len(grid))


def _variance(
    sample: _Sample, grid: FloatArray, at_risk: IntArray, deaths: IntArray, weight: FloatArray, mean: FloatArray
) -> FloatArray:
    """Sum of squared influences on the mean just after each time of the grid, shape (k,).

    The influence of one at risk is what the own events added, less a course that all at risk share; that of one who
    has left is ``offset - slope * mean``. So sums over participants are running sums of their parts.
    """
    size = len(grid)
    if not size:
        return np.zeros(0)
    steps = np.diff(mean, prepend=0.0)
    survivors = at_risk - deaths
    inverse = np.divide(1.0, survivors, out=np.zeros(size), where=survivors > 0)
    hazard = np.cumsum(deaths / at_risk * inverse)
    course = np.cumsum(steps / at_risk - np.concatenate([[0.0], hazard])[:-1] * steps)

    row = np.searchsorted(grid, sample.time)
    own = _running(sample.member, weight[row])
    squares = _sums(row, own**2 - (own - weight[row]) ** 2, size)
    sums = _sums(row, weight[row], size)

    left = np.searchsorted(grid, sample.stop, side="right")  # the first row after follow-up
    last = np.bincount(sample.member, weights=weight[row], minlength=len(sample.stop)).astype(np.float64)
    before = [np.concatenate([[0.0], values])[left] for values in (course, hazard, mean)]
    death = np.where(sample.died, np.concatenate([[0.0], inverse])[left], 0.0)
    slope = death - before[1]
    offset = last - before[0] + slope * before[2]
    squares -= _sums(left, last**2, size)
    sums -= _sums(left, last, size)
    total = squares - 2 * course * sums + at_risk * course**2
    total += _sums(left, offset**2, size)
    total += mean * (mean * _sums(left, slope**2, size) - 2 * _sums(left, offset * slope, size))
    return np.maximum(total, 0.0)


def _running(member: IntArray, amounts: FloatArray) -> FloatArray:
    """Each participant's own sum up to each event, of events ordered by participant."""
    if not len(member):
        return amounts
    total = np.cumsum(amounts)
    starts = np.flatnonzero(np.diff(member, prepend=-1))
    base = np.concatenate([[0.0], total])[starts]
    return np.asarray(total - np.repeat(base, np.diff(starts, append=len(member))))


def _sums(row: IntArray, amounts: FloatArray, size: int) -> FloatArray:
    """Running sums at each row of the grid; what stands after the last row is in none."""
    return np.cumsum(np.bincount(row, weights=amounts, minlength=size + 1)[:size], dtype=np.float64)


def _limits(
    mean: FloatArray, std_error: FloatArray, conf_level: float, conf_type: str
) -> tuple[FloatArray, FloatArray]:
    z = normal_quantile((1 - conf_level) / 2)
    known = (mean > 0) & (std_error > 0)
    lower, upper = np.full((2, len(mean)), math.nan)
    m, e = mean[known], std_error[known]
    if conf_type == "plain":
        lower[known], upper[known] = np.maximum(m - z * e, 0.0), m + z * e
    else:
        factor = np.exp(z * e / m)
        lower[known], upper[known] = m / factor, m * factor
    return lower, upper


def compare_mean_cumulative(
    curve1: MeanCumulative, curve0: MeanCumulative, time: float, *, conf_level: float
) -> Contrast:
    """Compare the mean numbers of events of two independent groups by one time.

    Parameters
    ----------
    curve1, curve0 : MeanCumulative
        Of two groups without a common participant.
    time : float >= 0
        When.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Contrast
        Difference, group 1 minus group 0; NaN with a note where one is not defined, and no limits where one has no
        event yet.

    Raises
    ------
    DataError
        If the time is missing, infinite or negative.
    SpecError
        If `conf_level` is not allowed, or the curves treat death differently.

    Notes
    -----
    *Convention.* Normal limits on the scale of the difference, whose variance is the sum of the curves' own.

    *Verified* by hand from the curves.
    """
    conf_level = check_probability(conf_level, "conf_level")
    if curve1.terminal != curve0.terminal:
        raise SpecError(f"terminal: is {curve1.terminal!r} and {curve0.terminal!r}; the same in both is required.")
    found = [curve.at([time]) for curve in (curve1, curve0)]
    means, errors = ([float(getattr(at, name)[0]) for at in found] for name in ("mean", "std_error"))
    unknown = next((at.note[0] for at in found if math.isnan(at.mean[0])), "")
    certain = NO_EVENT_IN_ONE if 0.0 in means else NO_VARIATION_IN_ONE
    return _normal_difference(means, errors, conf_level, unknown or (certain if 0.0 in errors else ""))


def _normal_difference(estimates: list[float], errors: list[float], conf_level: float, note: str) -> Contrast:
    """Difference with normal limits; none where a note says why."""
    estimate, std_error, nan = estimates[0] - estimates[1], math.hypot(*errors), math.nan
    if note:
        return Contrast(estimate, nan, nan, nan, nan, nan, nan, note)
    half_width, statistic = normal_quantile((1 - conf_level) / 2) * std_error, estimate / std_error
    p_value = 2 * normal_upper(abs(statistic))
    return Contrast(estimate, std_error, math.inf, statistic, p_value, estimate - half_width, estimate + half_width)
