"""Ratios of two proportions and of their odds, for many tables at once: by logarithms, by score tests, exact."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from npcstats.estimators.proportions.conditional import conditional_odds_ratios
from npcstats.estimators.proportions.distinct import ZERO_VARIANCE
from npcstats.estimators.proportions.restricted import restricted_by_ratio
from npcstats.estimators.proportions.roots import find_roots
from npcstats.estimators.proportions.single import half_quantile
from npcstats.estimators.types import FloatArray

NO_EVENTS = "There are no events in the first group, so no risk ratio above 0 can be estimated."
NO_REFERENCE = "There are no events in the reference group, so the risk ratio is not estimable."
NO_EVENTS_AT_ALL = "There are no events in either group, so the risk ratio is not estimable."
# score limits of a ratio are sought this far from its logarithm; with no variance at the estimate, that point is a root
# but not a limit: step inside
_FAR, _STEP_INSIDE = 40.0, 1e-9


class Ratios(NamedTuple):
    """Estimates above 0 with limits, and what is said of each; all of shape (n,)."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    notes: npt.NDArray[np.object_]


def _katz(count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float) -> Ratios:
    estimate, notes = _risk_ratios(count1, total1, count0, total0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_variance = 1 / count1 - 1 / total1 + 1 / count0 - 1 / total0
    notes[(count1 == total1) & (count0 == total0)] = ZERO_VARIANCE
    return _on_logarithm(estimate, log_variance, notes, level)


def _risk_ratios(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray
) -> tuple[FloatArray, npt.NDArray[np.object_]]:
    notes = np.full(len(count1), "", dtype=object)
    notes[count1 == 0] = NO_EVENTS
    notes[count0 == 0] = NO_REFERENCE
    notes[(count1 == 0) & (count0 == 0)] = NO_EVENTS_AT_ALL
    estimate = np.full(len(count1), math.nan)
    np.divide(count1 * total0, count0 * total1, out=estimate, where=notes == "")
    return estimate, notes


def _score_ratio(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float, *, inflated: bool
) -> Ratios:
    estimate, notes = _risk_ratios(count1, total1, count0, total0)
    lower, upper = np.full((2, len(estimate)), math.nan)
    known = notes == ""
    total = total1 + total0
    critical = half_quantile(level) ** 2 * (total / (total - 1) if inflated else np.ones(len(total)))
    cells = tuple(cell[known] for cell in (count1, total1, count0, total0, critical))
    middle = np.log(estimate[known])
    lower[known] = np.exp(find_roots(_excess, middle - _FAR, middle - _STEP_INSIDE, cells))
    upper[known] = np.exp(find_roots(_excess, middle + _STEP_INSIDE, middle + _FAR, cells))
    return Ratios(estimate, lower, upper, notes)


def _excess(logarithm: FloatArray, /, *cells: FloatArray) -> FloatArray:
    count1, total1, count0, total0, critical = cells
    ratio = np.exp(logarithm)
    p0 = restricted_by_ratio(count1, total1, count0, total0, ratio)
    p1 = np.minimum(ratio * p0, 1.0)
    variance = p1 * (1 - p1) / total1 + ratio**2 * p0 * (1 - p0) / total0
    excess: FloatArray = (count1 / total1 - ratio * count0 / total0) ** 2 / critical - variance
    return excess


def _woolf(count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float) -> Ratios:
    rest1, rest0 = total1 - count1, total0 - count0
    notes = _odds_notes(count1, total1, count0, total0)
    estimate = np.full(len(notes), math.nan)
    np.divide(count1 * rest0, rest1 * count0, out=estimate, where=notes == "")
    with np.errstate(divide="ignore"):
        log_variance = 1 / count1 + 1 / rest1 + 1 / count0 + 1 / rest0
    return _on_logarithm(estimate, log_variance, notes, level)


def _conditional(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float
) -> Ratios:
    notes = _odds_notes(count1, total1, count0, total0)
    estimate, lower, upper = np.full((3, len(notes)), math.nan)
    known = notes == ""
    estimate[known], lower[known], upper[known] = conditional_odds_ratios(
        count1[known], total1[known], count0[known], total0[known], level
    )
    return Ratios(estimate, lower, upper, notes)


def _odds_notes(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray
) -> npt.NDArray[np.object_]:
    cells = {
        "no events in the first group": count1,
        "only events in the first group": total1 - count1,
        "no events in the reference group": count0,
        "only events in the reference group": total0 - count0,
    }
    notes = np.full(len(count1), "", dtype=object)
    for place in np.flatnonzero(np.min(list(cells.values()), axis=0) == 0):
        empty = [name for name, cell in cells.items() if cell[place] == 0]
        notes[place] = f"There are {' and '.join(empty)}, so the odds ratio is not estimable."
    return notes


def _on_logarithm(
    estimate: FloatArray, log_variance: FloatArray, notes: npt.NDArray[np.object_], level: float
) -> Ratios:
    known = notes == ""
    factor = np.full(len(estimate), math.nan)
    factor[known] = np.exp(half_quantile(level) * np.sqrt(log_variance[known]))
    return Ratios(estimate, estimate / factor, estimate * factor, notes)


RATIO_LIMITS: dict[tuple[str, str], Callable[[FloatArray, FloatArray, FloatArray, FloatArray, float], Ratios]] = {
    ("risk-ratio", "katz-log"): _katz,
    ("risk-ratio", "koopman"): partial(_score_ratio, inflated=False),
    ("risk-ratio", "miettinen-nurminen"): partial(_score_ratio, inflated=True),
    ("odds-ratio", "woolf-log"): _woolf,
    ("odds-ratio", "exact-conditional"): _conditional,
}
"""Ratios by measure and method."""
