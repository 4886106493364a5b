"""Separation: whether a column, or a combination of columns, tells two arms apart.

The likelihood of a logistic model has no maximum if, and only if, there is a direction along which nobody of the one
arm lies below, and nobody of the other above, a threshold, and somebody lies off it. Single columns are looked at one
by one; a combination is looked for by linear programming, with the participants that matter found as they are violated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from npcstats.estimators.types import BoolArray, FloatArray, IntArray

_ROUNDS = 300
_CUTS = 400  # participants added in a round
# distances from the threshold below this, in standard deviations, are none; as the solver's own tolerance
_TOLERANCE = 1e-7
# gain of a direction, relative to the largest possible, that is more than rounding
_GAIN = 1e-6
# distance from the threshold, in standard deviations, that is surely one
_OFF = 1e-5


@dataclass(frozen=True, eq=False)
class Separation:
    """What tells the arms apart.

    Attributes
    ----------
    columns : ndarray of int
        Places of the columns; each one alone, or all of them together.
    alone : bool
        Whether each does it alone.
    told_apart : int
        Participants who lie off the threshold, where nobody of the other arm is: of the first column, or of the
        combination.
    """

    columns: IntArray
    alone: bool
    told_apart: int


def find_separation(standard: FloatArray, treated: BoolArray) -> Separation | None:
    """Find columns that tell the arms apart.

    Parameters
    ----------
    standard : ndarray of float, shape (n, k)
        Columns of about unit standard deviation.
    treated : ndarray of bool, shape (n,)
        The arms; both have somebody.

    Returns
    -------
    Separation or None
        None where the likelihood has a maximum. Of a combination no column can be spared.

    References
    ----------
    Albert A, Anderson JA. Biometrika 1984;71:1. doi:10.1093/biomet/71.1.1
    Konis K. Linear programming algorithms for detecting separated data in binary logistic regression models.
    DPhil thesis, University of Oxford, 2007.
    """
    ones, zeros = standard[treated], standard[~treated]
    least, most = ones.min(axis=0), ones.max(axis=0)
    bottom, top = zeros.min(axis=0), zeros.max(axis=0)
    alone = np.flatnonzero((least >= top) | (most <= bottom))
    if len(alone):
        first = alone[0]
        off = (
            np.count_nonzero(ones[:, first] > top[first]) + np.count_nonzero(zeros[:, first] < least[first])
            if least[first] >= top[first]
            else np.count_nonzero(ones[:, first] < bottom[first]) + np.count_nonzero(zeros[:, first] > most[first])
        )
        return Separation(alone, True, int(off))
    return _find_combination(standard, treated)


def _find_combination(standard: FloatArray, treated: BoolArray) -> Separation | None:
    signed = np.column_stack([np.ones(len(standard)), standard]) * np.where(treated, 1.0, -1.0)[:, np.newaxis]
    direction = _find_direction(signed)
    if direction is None:
        return None
    used = np.flatnonzero(direction[1:]) + 1
    for column in used.tolist():
        fewer = used[used != column]
        found = _find_direction(signed[:, [0, *fewer]])
        if found is not None:
            used, direction = fewer, np.zeros(signed.shape[1])
            direction[[0, *fewer]] = found
    return Separation(used - 1, False, int(np.count_nonzero(signed @ direction > _TOLERANCE)))


def _find_direction(signed: FloatArray) -> FloatArray | None:
    """Find a direction along which no row is negative and some are positive, shape (k,), its largest component 1."""
    gain = signed.sum(axis=0)
    size = float(np.abs(signed).sum())
    if size == 0 or not np.abs(gain).max() > _GAIN * size / signed.size:
        return None
    gain = gain / float(np.abs(gain).max())
    cuts = np.empty((0, signed.shape[1]))
    for _ in range(_ROUNDS):
        answer = optimize.linprog(-gain, A_ub=-cuts, b_ub=np.zeros(len(cuts)), bounds=(-1, 1), method="highs")
        if answer.x is None:
            return None
        direction = np.asarray(answer.x, dtype=np.float64)
        if float(gain @ direction) <= _GAIN:
            return None
        along = signed @ direction
        worst = np.argsort(along, kind="stable")[:_CUTS]
        worst = worst[along[worst] < -_TOLERANCE * max(1.0, float(np.abs(along).max()))]
        if not len(worst):
            if float(along.max()) <= _OFF:
                return None
            direction[np.abs(direction) <= _TOLERANCE] = 0.0
            return np.asarray(direction / np.abs(direction).max())
        cuts = np.concatenate([cuts, np.unique(signed[worst], axis=0)])
    return None
