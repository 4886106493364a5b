"""Proportions of two groups at a given difference or ratio, and the score statistics made of them."""

from __future__ import annotations

import math

import numpy as np

from npcstats.estimators.types import FloatArray

# halvings of an interval of length 1 until no double lies between its ends
_TO_THE_LAST_BIT = 60
# and until it is as short as 1e-12: a statistic is then good to about 1e-10
_HALVINGS = 40


def restricted_proportion(
    count1: FloatArray | float,
    total1: FloatArray | float,
    count0: FloatArray | float,
    total0: FloatArray | float,
    difference: FloatArray,
    *,
    halvings: int = _TO_THE_LAST_BIT,
) -> FloatArray:
    """Find the maximum-likelihood proportion of group 0 given what group 1 exceeds it by.

    Parameters
    ----------
    count1, total1, count0, total0 : float array, shape (n,), or float
        Counts and totals.
    difference : float array, shape (n,)
        The difference, from -1 to 1.
    halvings : int
        How often the interval that it lies in is halved.

    Returns
    -------
    float array, shape (n,)
        From 0 to 1.

    Notes
    -----
    The log-likelihood is concave, so halving on the sign of its slope finds the maximum, at an end too; the
    closed form of the cubic loses half of the digits near a double root.
    """
    low, high = np.maximum(0.0, -difference), np.minimum(1.0, 1.0 - difference)
    for _ in range(halvings):
        p0 = (low + high) / 2
        p1 = p0 + difference
        rising = (count1 - total1 * p1) * p0 * (1 - p0) + (count0 - total0 * p0) * p1 * (1 - p1) > 0
        low, high = np.where(rising, p0, low), np.where(rising, high, p0)
    middle: FloatArray = (low + high) / 2
    return middle


def restricted_by_ratio(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, ratio: FloatArray
) -> FloatArray:
    """Find the maximum-likelihood proportion of group 0 given how many times as large that of group 1 is.

    Parameters
    ----------
    count1, total1, count0, total0 : float array, shape (n,)
        Counts and totals; some events in either group.
    ratio : float array, shape (n,)
        The ratio, above 0.

    Returns
    -------
    float array, shape (n,)
        From 0 to 1.
    """
    events = count1 + count0
    half = (ratio * (total1 + count0) + count1 + total0) / 2
    root = np.sqrt(np.maximum(half**2 - ratio * (total1 + total0) * events, 0.0))
    proportion: FloatArray = np.minimum(events / (half + root), np.minimum(1.0, 1 / ratio))
    return proportion


def score_statistic(
    count1: FloatArray | float,
    total1: FloatArray | float,
    count0: FloatArray | float,
    total0: FloatArray | float,
    difference: FloatArray,
) -> FloatArray:
    """Score statistic of a difference: how far the one observed lies above it, in standard errors.

    Parameters
    ----------
    count1, total1, count0, total0 : float array, or float
        Counts and totals, broadcast against each other.
    difference : float array
        Differences above -1 and below 1.

    Returns
    -------
    float array
        Observed less supposed, over the standard error at the restricted proportions; 0 where both are 0.
    """
    p0 = restricted_proportion(count1, total1, count0, total0, difference, halvings=_HALVINGS)
    p1 = np.clip(p0 + difference, 0.0, 1.0)
    above = count1 / total1 - count0 / total0 - difference
    error = np.sqrt(p1 * (1 - p1) / total1 + p0 * (1 - p0) / total0)
    apart = np.where(above == 0, 0.0, np.copysign(math.inf, above))
    statistic: FloatArray = np.divide(above, error, out=apart, where=error > 0)
    return statistic
