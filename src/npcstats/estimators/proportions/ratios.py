"""Ratios of two proportions and of their odds, with limits made on the logarithm, for many tables at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from npcstats.estimators.proportions.distinct import ZERO_VARIANCE
from npcstats.estimators.proportions.single import half_quantile
from npcstats.estimators.types import FloatArray

NO_REFERENCE = "There are no events in group 0, so the risk ratio is not estimable."
NO_EVENTS = "There are no events in group 1, so the risk ratio is 0 and has no limits on the log scale."


class Ratios(NamedTuple):
    """Estimates above 0 with limits, and what is said of each; all of shape (n,)."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    notes: npt.NDArray[np.object_]


def _katz(count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float) -> Ratios:
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.where(count0 > 0, (count1 * total0) / (count0 * total1), math.nan)
        log_variance = 1 / count1 - 1 / total1 + 1 / count0 - 1 / total0
    notes = np.full(len(estimate), "", dtype=object)
    notes[(count1 == total1) & (count0 == total0)] = ZERO_VARIANCE
    notes[count1 == 0] = NO_EVENTS
    notes[count0 == 0] = NO_REFERENCE
    return _on_logarithm(estimate, log_variance, notes, level)


def _woolf(count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float) -> Ratios:
    rest1, rest0 = total1 - count1, total0 - count0
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = (count1 * rest0) / (rest1 * count0)
        log_variance = 1 / count1 + 1 / rest1 + 1 / count0 + 1 / rest0
    cells = {
        "no events in group 1": count1,
        "only events in group 1": rest1,
        "no events in group 0": count0,
        "only events in group 0": rest0,
    }
    notes = np.full(len(estimate), "", dtype=object)
    for place in np.flatnonzero(np.min(list(cells.values()), axis=0) == 0):
        empty = [name for name, cell in cells.items() if cell[place] == 0]
        notes[place] = f"There are {' and '.join(empty)}, so the odds ratio is not estimable on the log scale."
        estimate[place] = math.nan
    return _on_logarithm(estimate, log_variance, notes, level)


def _on_logarithm(
    estimate: FloatArray, log_variance: FloatArray, notes: npt.NDArray[np.object_], level: float
) -> Ratios:
    known = notes == ""
    factor = np.full(len(estimate), math.nan)
    factor[known] = np.exp(half_quantile(level) * np.sqrt(log_variance[known]))
    return Ratios(estimate, estimate / factor, estimate * factor, notes)


RATIO_LIMITS: dict[tuple[str, str], Callable[[FloatArray, FloatArray, FloatArray, FloatArray, float], Ratios]] = {
    ("risk-ratio", "katz-log"): _katz,
    ("odds-ratio", "woolf-log"): _woolf,
}
"""Ratios by measure and method."""
