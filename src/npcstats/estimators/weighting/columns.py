"""Columns of a design on a scale on which a likelihood is easy to climb; those that say nothing are set aside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from npcstats.estimators.types import FloatArray, IntArray

# range of a column, relative to its largest value, that is rounding
_NOTHING = 1e-12
# share of a column's variance not shared with those before it, below which it is none
_SHARED = 1e-11

CONSTANT = "has one value only"
SHARED = "is a combination of columns before it"


@dataclass(frozen=True, eq=False)
class Basis:
    """Columns that vary and are no combination of others, with what leads back to those of the design.

    Attributes
    ----------
    values : ndarray of float, shape (n, q)
        A column of ones, then uncorrelated columns of mean 0 and variance 1.
    standard : ndarray of float, shape (n, q - 1)
        The kept columns of the design, each of mean 0 and variance 1.
    rotation : ndarray of float, shape (q - 1, q - 1)
        What makes the columns of `values` of those of `standard`.
    kept : ndarray of int, shape (q - 1,)
        Their places in the design.
    transform : ndarray of float, shape (q, q)
        Coefficients of ones and the kept columns, from coefficients of `values`.
    reasons : tuple of str, length k
        Of each column of the design, why it is not kept; empty where it is.
    """

    values: FloatArray
    standard: FloatArray
    rotation: FloatArray
    kept: IntArray
    transform: FloatArray
    reasons: tuple[str, ...]


def make_basis(source: FloatArray, weight: FloatArray) -> Basis:
    """Center, scale and decorrelate columns.

    Parameters
    ----------
    source : ndarray of float, shape (n, k)
        Columns; none of ones is needed.
    weight : ndarray of float >= 0, shape (n,)
        Case weights with a positive sum; a row of weight 0 does not count.

    Returns
    -------
    Basis
        Columns that are constant, or a combination of those before them, are left out, with the reason.
    """
    counted = source if weight.all() else source[weight > 0]
    share = weight / weight.sum()
    low, high = counted.min(axis=0), counted.max(axis=0)
    size = np.maximum(np.abs(low), np.abs(high))
    size[size == 0] = 1.0
    varies = high / size - low / size > _NOTHING
    reasons = ["" if vary else CONSTANT for vary in varies.tolist()]
    kept = np.flatnonzero(varies)
    columns = source[:, kept] / size[kept]
    mean = share @ columns
    columns -= mean
    scale = np.sqrt(share @ columns**2)
    columns /= scale
    gram = columns.T @ (columns * share[:, np.newaxis])
    used, factor = _independent(gram)
    if len(used) < len(kept):
        for place in np.setdiff1d(np.arange(len(kept)), used):
            reasons[kept[place]] = SHARED
        columns, kept, mean, scale = columns[:, used], kept[used], mean[used], scale[used]
    inverse = linalg.solve_triangular(factor, np.eye(len(kept)), lower=True).T if len(kept) else np.empty((0, 0))
    transform = np.eye(len(kept) + 1)
    transform[1:, 1:] = inverse / (scale * size[kept])[:, np.newaxis]
    transform[0, 1:] = -(mean * size[kept]) @ transform[1:, 1:]
    values = np.empty((len(source), len(kept) + 1))
    values[:, 0] = 1.0
    values[:, 1:] = columns @ inverse
    return Basis(values, columns, inverse, kept, transform, tuple(reasons))


def _independent(gram: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the columns that are no combination of those before them, with the factor of their correlations."""
    places = np.arange(len(gram), dtype=np.intp)
    try:
        factor = np.asarray(np.linalg.cholesky(gram), dtype=np.float64)
        if (np.diag(factor) ** 2 > _SHARED).all():
            return places, factor
    except np.linalg.LinAlgError:
        pass
    used: list[int] = []
    grown: FloatArray
    factor = np.empty((0, 0))
    for place in places.tolist():
        row = linalg.solve_triangular(factor, gram[used, place], lower=True) if used else np.empty(0)
        left = float(gram[place, place] - row @ row)
        if left <= _SHARED:
            continue
        grown = np.zeros((len(used) + 1, len(used) + 1))
        grown[:-1, :-1], grown[-1, :-1], grown[-1, -1] = factor, row, np.sqrt(left)
        used, factor = [*used, place], grown
    return np.array(used, dtype=np.intp), factor
