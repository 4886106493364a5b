"""Times, events and entries as every estimator here takes them: checked once, near ties made equal, and tabulated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_array, check_binary
from npcstats.estimators.distributions import chi_square_upper
from npcstats.estimators.types import BoolArray, FloatArray, IntArray, Test

CONF_TYPES = ("plain", "log", "log-log")

# R's timefix: times closer than this, absolutely or relative to their mean, are one time
TIE_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)
# sums of weights carry rounding error: a smaller share of those at risk is nobody
RISK_TOLERANCE = 1e-12

NO_PARTICIPANTS = "There are no participants."
NO_EVENTS = "There are no events, so there are no confidence limits."
NO_EVENT_IN_ONE = "A group has no event by then, so the difference has no standard error."
NO_EVENT_BEFORE_IN_ONE = "A group has no event before then, so the difference has no standard error."
NO_VARIATION_IN_ONE = "A group has no variation by then, so the difference has no standard error."
BEYOND = "The time is beyond the last observed one."


@dataclass(frozen=True, eq=False)
class Sample:
    """Participants on the grid of distinct times: what variances and numbers at risk are made from.

    Attributes
    ----------
    time : ndarray of float, shape (k,)
        The grid, increasing.
    at_risk, events, left : ndarray of float, shape (k,)
        At risk just before each time, with an event at it, and leaving at it by event or censoring.
    entry_time, entry_weight : ndarray of float, shape (e,)
        Distinct entries after 0 and who enters at each; empty when all are at risk from the start.
    weighted : bool
        Whether weights were given.
    order : ndarray of int, shape (n,)
        Participants by time: the arrays below, and whatever joins them, stand in this order.
    weight : ndarray of float, shape (n,)
        Of each participant; 1 without weights.
    event : ndarray of bool, shape (n,)
        Whether the participant has an event.
    row, first_row : ndarray of int, shape (n,)
        Grid row of each participant's time, and the first one after the entry.
    """

    time: FloatArray
    at_risk: FloatArray
    events: FloatArray
    left: FloatArray
    entry_time: FloatArray
    entry_weight: FloatArray
    weighted: bool
    order: IntArray
    weight: FloatArray
    event: BoolArray
    row: IntArray
    first_row: IntArray

    def at_risk_at(self, times: FloatArray) -> FloatArray:
        """Count those under observation just before given times.

        Parameters
        ----------
        times : ndarray of float, shape (m,)
            In any order.

        Returns
        -------
        ndarray of float, shape (m,)
            Sum of weights with ``entry < t <= time``; an entry at 0 is before every time.
        """
        below = times * (1 - TIE_TOLERANCE)
        at_risk = sum_from(self.time, self.left, below) - sum_from(self.entry_time, self.entry_weight, below)
        return np.maximum(at_risk, 0.0)


def read_places(grid: FloatArray, times: npt.ArrayLike) -> tuple[FloatArray, IntArray, BoolArray]:
    """Find where a curve is read at given times.

    Parameters
    ----------
    grid : ndarray of float, shape (k,)
        Times of the curve, increasing.
    times : array_like of float >= 0, shape (m,), or one number
        Times asked for.

    Returns
    -------
    asked : ndarray of float, shape (m,)
        The times.
    row : ndarray of int, shape (m,)
        How many rows of the curve are at or before each.
    after_last : ndarray of bool, shape (m,)
        Whether it is later than the last row.

    Raises
    ------
    DataError
        If a time is missing, infinite or negative.
    """
    asked = check_array(np.atleast_1d(np.asarray(times)), "times", minimum=0.0)
    row = np.searchsorted(grid, asked * (1 + TIE_TOLERANCE), side="right")
    last = grid[-1] if len(grid) else -np.inf
    return asked, row, asked > last * (1 + TIE_TOLERANCE)


def check_survival(
    time: npt.ArrayLike, event: npt.ArrayLike, entry: npt.ArrayLike | None
) -> tuple[FloatArray, BoolArray, FloatArray | None]:
    """Check times, events and entries, and make near ties equal.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the event or of censoring.
    event : array_like of bool or of 0 and 1, shape (n,)
        1 for an event, 0 for censoring.
    entry : array_like of float >= 0, shape (n,), or None
        Time at which observation began, before `time`.

    Returns
    -------
    times : ndarray of float, shape (n,)
        Times, near ties equal.
    events : ndarray of bool, shape (n,)
        True for an event.
    entries : ndarray of float, shape (n,), or None
        Entries, near ties equal, with times too.

    Raises
    ------
    DataError
        If a time is missing, infinite or negative, an entry is not before its time, or an event is not 0 or 1.
    """
    times = check_array(time, "time", minimum=0.0)
    events = check_binary(event, "event", length=len(times))
    if entry is None:
        return join_ties(times), events, None
    entries = check_array(entry, "entry", length=len(times), minimum=0.0)
    joined = join_ties(np.concatenate([entries, times]))
    entries, times = joined[: len(times)], joined[len(times) :]
    late = entries >= times
    if late.any():
        first = int(np.argmax(late))
        raise DataError(
            f"entry: values not before time {np.count_nonzero(late)} (position {first}: entry "
            f"{entries[first]:g}, time {times[first]:g}); each entry must be before its time."
        )
    return times, events, entries


def join_ties(times: FloatArray) -> FloatArray:
    """Give times that differ only by rounding one value, as R's aeqSurv.

    Parameters
    ----------
    times : ndarray of float, shape (n,)
        Finite.

    Returns
    -------
    ndarray of float, shape (n,)
        The smallest of each run of near ties.
    """
    if len(times) < 2:
        return times
    ordered = np.sort(times)
    gaps = np.diff(ordered)
    distinct = ordered[np.concatenate([[True], gaps > 0])]
    apart = np.diff(distinct) > TIE_TOLERANCE * max(1.0, float(np.abs(distinct).mean()))
    if apart.all():
        return times
    first = distinct[np.concatenate([[True], apart])]
    order = np.argsort(times, kind="stable")
    joined = np.empty(len(times))
    joined[order] = first[np.searchsorted(first, times[order], side="right") - 1]
    return joined


def sum_from(positions: FloatArray, amounts: FloatArray, starts: FloatArray) -> FloatArray:
    """Sum amounts from each start on.

    Parameters
    ----------
    positions, amounts : ndarray of float, shape (k,)
        Increasing positions and what stands there.
    starts : ndarray of float, shape (m,)
        First position that counts.

    Returns
    -------
    ndarray of float, shape (m,)
        Sums over positions at or after each start.
    """
    from_here = np.concatenate([np.cumsum(amounts[::-1])[::-1], [0.0]])
    return from_here[np.searchsorted(positions, starts, side="left")]


def sum_by(codes: IntArray, amounts: FloatArray, size: int) -> FloatArray:
    """Sum amounts by code.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        From 0 to size - 1.
    amounts : ndarray of float, shape (n,)
        What is summed.
    size : int
        Number of codes.

    Returns
    -------
    ndarray of float, shape (size,)
        Sums.
    """
    return np.asarray(np.bincount(codes, amounts, size), dtype=np.float64)


def check_cause(value: object, name: str) -> None:
    """Refuse what is not the number of a cause.

    Parameters
    ----------
    value : int
        What the caller asked for.
    name : str
        The argument's name, for the message.

    Raises
    ------
    SpecError
        If it is not a whole number of at least 1.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise SpecError(f"{name}: is {value!r}; a whole number of at least 1 is required.")


def check_causes(values: npt.ArrayLike, name: str, *, length: int | None = None) -> IntArray:
    """Return causes as whole numbers, or refuse them.

    Parameters
    ----------
    values : array_like of int >= 0, shape (n,)
        0 for censoring, else a cause.
    name : str
        The argument's name, for the message.
    length : int, optional
        How many there must be.

    Returns
    -------
    ndarray of int, shape (n,)
        The causes.

    Raises
    ------
    DataError
        If a value is missing, negative or not whole.
    """
    array = check_array(values, name, length=length, minimum=0.0)
    if (array != np.floor(array)).any():
        first = int(np.argmax(array != np.floor(array)))
        raise DataError(
            f"{name}: values that are not whole {np.count_nonzero(array != np.floor(array))} (position {first}: "
            f"{array[first]:g}); 0 for censoring or the number of a cause is required."
        )
    return array.astype(np.intp)


def tabulate(
    times: FloatArray,
    events: BoolArray,
    entries: FloatArray | None,
    weight: FloatArray,
    *,
    weighted: bool,
) -> tuple[Sample, FloatArray]:
    """Count events, censorings and those at risk on the grid of distinct times.

    Parameters
    ----------
    times : ndarray of float, shape (n,)
        From `check_survival`.
    events : ndarray of bool, shape (n,)
        True for an event of any cause.
    entries : ndarray of float, shape (n,), or None
        Entries.
    weight : ndarray of float, shape (n,)
        Weight of each participant.
    weighted : bool
        Whether weights were given.

    Returns
    -------
    sample : Sample
        The grid and the participants on it.
    censored : ndarray of float, shape (k,)
        Censored at each time.
    """
    order = np.argsort(times, kind="stable")
    times, events, weight = times[order], events[order], weight[order]
    starts = np.concatenate([[True], np.diff(times) > 0])[: len(times)]
    grid, row = times[starts], np.cumsum(starts) - 1
    size = len(grid)
    event_sum = sum_by(row, weight * events, size)
    censored = sum_by(row, weight * ~events, size)
    left = event_sum + censored
    entry_time, entry_weight = np.empty(0), np.empty(0)
    first_row = np.zeros(len(times), dtype=np.intp)
    if entries is not None:
        # who enters at 0 is at risk from the start, at time 0 too
        entries = entries[order]
        late = entries > 0
        entry_time, position = np.unique(entries[late], return_inverse=True)
        entry_weight = sum_by(position, weight[late], len(entry_time))
        first_row = np.searchsorted(grid, entries, side="right")
    at_risk = np.maximum(sum_from(grid, left, grid) - sum_from(entry_time, entry_weight, grid), 0.0)
    sample = Sample(
        time=grid,
        at_risk=at_risk,
        events=event_sum,
        left=left,
        entry_time=entry_time,
        entry_weight=entry_weight,
        weighted=weighted,
        order=order,
        weight=weight,
        event=events,
        row=row,
        first_row=first_row,
    )
    return sample, censored


def product_limit(events: FloatArray, at_risk: FloatArray) -> FloatArray:
    """Multiply up the shares without the event.

    Parameters
    ----------
    events, at_risk : ndarray of float, shape (k,)
        At each distinct time, increasing.

    Returns
    -------
    ndarray of float, shape (k,)
        Survival just after each time; exactly 0 from where all at risk have the event.
    """
    share = np.divide(events, at_risk, out=np.zeros(len(events)), where=events > 0)
    share = np.where(share >= 1 - RISK_TOLERANCE, 1.0, share)
    return np.cumprod(1 - share)


def quadratic_form(
    difference: FloatArray, expected: FloatArray, variance: FloatArray, method: str, cause: str = ""
) -> Test:
    """Test that all differences of observed and expected are 0.

    Parameters
    ----------
    difference, expected : ndarray of float, shape (g,)
        Observed minus expected in each group, and expected.
    variance : ndarray of float, shape (g, g)
        Covariance of the differences.
    method : str
        Name of the test.
    cause : str
        Words for which events are counted, for the notes; empty for all.

    Returns
    -------
    Test
        Chi-squared; groups that never expect an event do not count. NaN with a note where there is no test.
    """
    compared = np.flatnonzero(expected > 0)[1:]
    if len(compared) == 0:
        note = (
            f"There are no events{cause}."
            if not (expected > 0).any()
            else f"Fewer than two groups are ever at risk at an event{cause}."
        )
        return Test(math.nan, math.nan, math.nan, method, note)
    u, v = difference[compared], variance[np.ix_(compared, compared)]
    rank = int(np.linalg.matrix_rank(v, hermitian=True))
    if rank == 0:
        return Test(math.nan, math.nan, math.nan, method, "The variance is 0, so there is no test.")
    statistic = float(u @ np.linalg.pinv(v, hermitian=True) @ u) if rank < len(u) else float(u @ np.linalg.solve(v, u))
    note = "" if rank == len(u) else f"The variance has rank {rank} for {len(u)} contrasts."
    return Test(statistic, float(rank), chi_square_upper(statistic, rank), method, note)
