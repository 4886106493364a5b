"""A design made orthonormal, so that units and nearly dependent columns cost no digits, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from npcstats.estimators.types import FloatArray, IntArray

_DEPENDENT = 1e-10
"""A column whose part that earlier columns do not explain is shorter than this share of it depends on them."""
_SAME = 1e-8
"""Relative difference from what the design determines that is rounding."""


@dataclass(frozen=True, eq=False)
class OwnColumns:
    """The way from orthonormal columns to those of a design of k columns.

    Attributes
    ----------
    kept : int array, shape (p,)
        Columns that do not depend on earlier ones.
    aliased : int array, shape (k - p,)
        The others.
    combination : float array, shape (p, k - p)
        Each of the others as a combination of those kept.
    triangle : float array, shape (p, p)
        Columns kept are the orthonormal ones times this.
    """

    kept: IntArray
    aliased: IntArray
    combination: FloatArray
    triangle: FloatArray

    def turn(self, rows: FloatArray) -> FloatArray | None:
        """Turn combinations of coefficients into those of the orthonormal columns.

        Parameters
        ----------
        rows : float array, shape (q, k)
            Combinations.

        Returns
        -------
        float array, shape (q, p), or None
            None where one is not determined by the design.
        """
        kept = rows[:, self.kept]
        if len(self.aliased):
            implied = kept @ self.combination
            size = np.abs(kept) @ np.abs(self.combination) + np.abs(rows[:, self.aliased])
            if (np.abs(implied - rows[:, self.aliased]) > _SAME * size).any():
                return None
        return np.asarray(np.linalg.solve(self.triangle.T, kept.T).T, dtype=float)

    def coefficients(self, gamma: FloatArray) -> FloatArray:
        """Coefficients of the columns kept.

        Parameters
        ----------
        gamma : float array, shape (p,)
            Of the orthonormal columns.

        Returns
        -------
        float array, shape (p,)
            Of those kept.
        """
        return np.asarray(np.linalg.solve(self.triangle, gamma), dtype=float)

    def spread(self, covariance: FloatArray) -> FloatArray:
        """Covariance of the coefficients of the design.

        Parameters
        ----------
        covariance : float array, shape (p, p)
            Of those of the orthonormal columns.

        Returns
        -------
        float array, shape (k, k)
            NaN where aliased.
        """
        half = np.linalg.solve(self.triangle, covariance)
        own = np.linalg.solve(self.triangle, half.T)
        k = len(self.kept) + len(self.aliased)
        whole = np.full((k, k), np.nan)
        whole[np.ix_(self.kept, self.kept)] = (own + own.T) / 2
        return whole


def orthonormal_columns(design: FloatArray) -> tuple[FloatArray, OwnColumns]:
    """Make columns orthonormal, of mean square 1.

    Parameters
    ----------
    design : float array, shape (n, k)
        Columns of any unit; dependent ones are aliased, later ones first.

    Returns
    -------
    (float array, shape (n, p), OwnColumns)
        Orthonormal columns but for the root of n, and the way back.
    """
    largest = np.abs(design).max(axis=0)
    largest = np.where(largest > 0, largest, 1.0)
    shape = design / largest
    length = np.sqrt(np.einsum("ij,ij->j", shape, shape))
    unit = largest * np.where(length > 0, length, 1.0)
    triangle: FloatArray = np.asarray(np.linalg.qr(design / unit, mode="r"))
    kept = _independent(triangle)
    aliased = np.setdiff1d(np.arange(design.shape[1]), kept)
    upper: FloatArray = np.asarray(np.linalg.qr(triangle[:, kept], mode="r"))
    combined = np.linalg.lstsq(triangle[:, kept], triangle[:, aliased], rcond=None)[0]
    combined = np.where(np.abs(combined) < _SAME, 0.0, combined)  # of unit columns: rounding
    upper = upper * unit[kept] / np.sqrt(len(design))
    columns = solve_triangular(upper, design[:, kept].T, trans="T").T
    return columns, OwnColumns(kept, aliased, combined * unit[aliased] / unit[kept][:, None], upper)


def _independent(triangle: FloatArray) -> IntArray:
    """Columns of unit length that earlier ones do not explain."""
    kept: list[int] = []
    own = np.zeros((len(triangle), 0))
    for j, column in enumerate(triangle.T):
        rest = column - own @ (own.T @ column)
        rest -= own @ (own.T @ rest)
        length = float(np.linalg.norm(rest))
        if length > _DEPENDENT:
            kept.append(j)
            own = np.column_stack([own, rest / length])
    return np.array(kept, dtype=np.intp)
