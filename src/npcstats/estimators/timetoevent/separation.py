"""Monotone likelihood: whether some combination of the covariates orders the events before everyone else at risk.

The partial likelihood has no maximum if, and only if, there is a direction in which every event has the largest
value of its risk set, and somewhere a strictly larger one. Such a direction is looked for by linear programming,
with the few comparisons that matter found as they are violated.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize

from npcstats.estimators.timetoevent.risk_sets import RiskSets
from npcstats.estimators.types import FloatArray, IntArray

_ROUNDS = 300
_CUTS = 400  # comparisons added in a round
# differences of covariates below this, in standard deviations, are none; as the solver's own tolerance
_TOLERANCE = 1e-7
# gain of the direction, relative to the largest score, that is more than rounding
_GAIN = 1e-6


def find_separation(sets: RiskSets, values: FloatArray, score: FloatArray) -> FloatArray | None:
    """Find a direction in which the partial likelihood increases without end.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows, of about unit standard deviation.
    score : ndarray of float, shape (k,)
        Derivative of the log likelihood where all coefficients are 0.

    Returns
    -------
    ndarray of float, shape (k,), or None
        The direction, its largest component 1 in size; None when the likelihood has a maximum.

    References
    ----------
    Bryson MC, Johnson ME. Technometrics 1981;23:381. doi:10.1080/00401706.1981.10487683
    Albert A, Anderson JA. Biometrika 1984;71:1. doi:10.1093/biomet/71.1.1
    """
    size = float(np.abs(score).max(initial=0.0))
    if size == 0:
        return None
    cuts = np.empty((0, values.shape[1]))
    for _ in range(_ROUNDS):
        answer = optimize.linprog(-score / size, A_ub=cuts, b_ub=np.zeros(len(cuts)), bounds=(-1, 1), method="highs")
        if answer.x is None:
            return None
        direction = np.asarray(answer.x, dtype=np.float64)
        if float(score @ direction) <= _GAIN * size:
            return None
        violated = _violations(sets, values, direction)
        if not len(violated):
            direction[np.abs(direction) <= _TOLERANCE] = 0.0
            return np.asarray(direction / np.abs(direction).max())
        cuts = np.concatenate([cuts, violated])
    return None


def _violations(sets: RiskSets, values: FloatArray, direction: FloatArray) -> FloatArray:
    """Return covariates of the largest at risk less those of the event, where larger, shape (c, k)."""
    along = values @ direction
    top = _largest_at_risk(sets, along)[sets.exit[sets.dead]]
    excess = along[top] - along[sets.dead]
    worst = np.argsort(-excess, kind="stable")[:_CUTS]
    worst = worst[excess[worst] > _TOLERANCE * max(1.0, float(np.abs(along).max()))]
    return np.unique(values[top[worst]] - values[sets.dead[worst]], axis=0)


def _largest_at_risk(sets: RiskSets, along: FloatArray) -> IntArray:
    """Return the row with the largest value among those at risk in each cell, shape (m,).

    Each row is at risk in a run of cells, which two runs of a power of two in length cover.
    """
    order = np.argsort(along, kind="stable")
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    last = sets.exit.copy()
    if sets.lasting is not None:
        # to the last cell before which the group is not censored altogether
        reach = np.count_nonzero(sets.lasting.probability > 0, axis=1) - 1
        last[sets.lasting.row] = np.maximum(last[sets.lasting.row], reach[sets.lasting.group])
    counts = last >= sets.first
    level = np.where(counts, np.floor(np.log2(np.maximum(last - sets.first + 1, 1))), -1).astype(np.intp)
    best = np.full(len(sets.cell_time), -1, dtype=np.intp)
    for power in range(int(level.max()), -1, -1):
        width = 1 << power
        rows = level == power
        np.maximum.at(best, sets.first[rows], rank[rows])
        np.maximum.at(best, last[rows] - width + 1, rank[rows])
        if power:
            half = width >> 1
            shifted = np.full(len(best), -1, dtype=np.intp)
            shifted[half:] = best[: len(best) - half]
            best = np.maximum(best, shifted)
    return order[best]
