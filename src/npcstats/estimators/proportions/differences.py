"""Limits of a difference of two proportions: closed forms and the score interval, for many tables at once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from npcstats.estimators.proportions.exact import chan_zhang_limits
from npcstats.estimators.proportions.restricted import restricted_proportion
from npcstats.estimators.proportions.roots import find_roots
from npcstats.estimators.proportions.single import Limits, half_quantile, wilson_limits
from npcstats.estimators.types import BoolArray, FloatArray

Tables = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
"""Count and total of group 1, then of group 0: arrays of shape (n,), totals above 0."""

# far less than the distance of a score limit from the estimate, which is of the order of 1 / total
_STEP_INSIDE = 1e-12


def _newcombe(count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float) -> Limits:
    p1, p0 = count1 / total1, count0 / total0
    lower1, upper1 = wilson_limits(count1, total1, level)
    lower0, upper0 = wilson_limits(count0, total0, level)
    difference = p1 - p0
    return difference - np.hypot(p1 - lower1, upper0 - p0), difference + np.hypot(upper1 - p1, p0 - lower0)


def _miettinen_nurminen(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float
) -> Limits:
    observed = count1 / total1 - count0 / total0
    total = total1 + total0
    critical = half_quantile(level) ** 2 * total / (total - 1)
    cells = (count1, total1, count0, total0, observed, critical)
    # with no variance at the observed difference, that point itself is a root but not a limit: step inside
    lower = _score_limit(np.full(len(observed), -1.0), np.maximum(observed - _STEP_INSIDE, -1.0), observed > -1, cells)
    upper = _score_limit(np.minimum(observed + _STEP_INSIDE, 1.0), np.full(len(observed), 1.0), observed < 1, cells)
    return np.where(observed > -1, lower, -1.0), np.where(observed < 1, upper, 1.0)


def _score_limit(low: FloatArray, high: FloatArray, sought: BoolArray, cells: tuple[FloatArray, ...]) -> FloatArray:
    limit = np.full(len(low), math.nan)
    limit[sought] = find_roots(_score_excess, low[sought], high[sought], tuple(cell[sought] for cell in cells))
    return limit


def _score_excess(difference: FloatArray, /, *cells: FloatArray) -> FloatArray:
    count1, total1, count0, total0, observed, critical = cells
    p0 = restricted_proportion(count1, total1, count0, total0, difference)
    p1 = np.clip(p0 + difference, 0.0, 1.0)
    variance = p1 * (1 - p1) / total1 + p0 * (1 - p0) / total0
    excess: FloatArray = (observed - difference) ** 2 - critical * variance
    return excess


def _agresti_caffo(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float
) -> Limits:
    return _normal_limits((count1 + 1) / (total1 + 2), total1 + 2, (count0 + 1) / (total0 + 2), total0 + 2, level)


def _wald(count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float) -> Limits:
    lower, upper = _normal_limits(count1 / total1, total1, count0 / total0, total0, level)
    certain = ((count1 == 0) | (count1 == total1)) & ((count0 == 0) | (count0 == total0))
    return np.where(certain, math.nan, lower), np.where(certain, math.nan, upper)


def _normal_limits(p1: FloatArray, total1: FloatArray, p0: FloatArray, total0: FloatArray, level: float) -> Limits:
    half_width = half_quantile(level) * np.sqrt(p1 * (1 - p1) / total1 + p0 * (1 - p0) / total0)
    return p1 - p0 - half_width, p1 - p0 + half_width


DIFFERENCE_LIMITS: dict[str, Callable[[FloatArray, FloatArray, FloatArray, FloatArray, float], Limits]] = {
    "newcombe": _newcombe,
    "miettinen-nurminen": _miettinen_nurminen,
    "agresti-caffo": _agresti_caffo,
    "wald": _wald,
    "chan-zhang": chan_zhang_limits,
}
"""Limits of ``p1 - p0`` by method, not yet cut at -1 and 1."""
