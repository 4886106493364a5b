"""Times, events and entries as every estimator here takes them: checked once, near ties made equal, and tabulated."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array, check_binary

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]

CONF_TYPES = ("plain", "log", "log-log")

# R's timefix: times closer than this, absolutely or relative to their mean, are one time
TIE_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)
# sums of weights carry rounding error: a smaller share of those at risk is nobody
RISK_TOLERANCE = 1e-12

NO_PARTICIPANTS = "There are no participants."
NO_EVENTS = "There are no events, so there are no confidence limits."
BEYOND = "The time is beyond the last observed one."


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
    distinct = np.unique(times)
    if len(distinct) < 2:
        return times
    gaps = np.diff(distinct)
    scale = max(1.0, float(np.abs(distinct).mean()))
    tied = gaps <= TIE_TOLERANCE * scale
    if not tied.any():
        return times
    kept: FloatArray = distinct[np.concatenate([[True], ~tied])]
    return np.asarray(kept[np.searchsorted(kept, times, side="right") - 1])


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
