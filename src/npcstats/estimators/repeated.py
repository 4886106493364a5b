"""What contrasts of repeated measures would be without each participant in turn."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_triangular

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array
from npcstats.estimators.types import FloatArray, IntArray
from npcstats.formatting import counted

_SINGULAR = 1e-9
"""A share of the information that is less than this is rounding: without it nothing is left of a coefficient."""


def shift_contrasts(
    design: npt.ArrayLike,
    residuals: npt.ArrayLike,
    subject: npt.ArrayLike,
    visit: npt.ArrayLike,
    covariance: npt.ArrayLike,
    contrasts: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
) -> FloatArray:
    """Tell by how much contrasts change when a participant is left out, the covariance held.

    Parameters
    ----------
    design : array_like of float, shape (n, k)
        Without columns that depend on others.
    residuals : array_like of float, shape (n,)
        Observed less fitted, by generalized least squares with this covariance.
    subject : array_like of int, shape (n,)
        Whose they are.
    visit : array_like of int, shape (n,)
        Row of each in the covariance.
    covariance : array_like of float, shape (v, v)
        Between visits.
    contrasts : array_like of float, shape (c, k)
        Linear combinations of the coefficients.
    weights : array_like of float, shape (n,), optional
        Above 0.

    Returns
    -------
    float array, shape (s, c)
        Without a participant less with all, participants in the order of their codes; NaN where what is left does
        not determine the coefficients.

    Raises
    ------
    DataError
        If shapes differ, a value is not finite, or the covariance of somebody is not positive definite.

    Notes
    -----
    *Formula.* −C(A − Aᵢ)⁻¹Xᵢᵀ Vᵢ⁻¹ rᵢ, A the sum of all Aᵢ = Xᵢᵀ Vᵢ⁻¹ Xᵢ: exact for a covariance that is known.

    *Verified* by fitting again without each participant.

    References
    ----------
    Christensen R, Pearson LM, Johnson W. Technometrics 1992;34:38. doi:10.2307/1269550
    """
    values, who, at, between, root = _checked(residuals, subject, visit, covariance, weights)
    columns = check_array(design, "design", ndim=2)
    asked = check_array(contrasts, "contrasts", ndim=2)
    if len(columns) != len(values) or asked.shape[1] != columns.shape[1]:
        raise DataError("design, contrasts: a row for each residual and a column for each coefficient are required.")
    k = columns.shape[1]
    columns = columns * root[:, None]
    own, score = [np.empty((0, k, k))], [np.empty((0, k))]
    for rows in _by_subject(who, at):
        scaled = solve_triangular(
            _factor(between, at[rows]), np.column_stack([columns[rows], values[rows] * root[rows]]), lower=True
        )
        own.append((scaled[:, :k].T @ scaled[:, :k])[None])
        score.append((scaled[:, :k].T @ scaled[:, k])[None])
    return _left_out(np.concatenate(own), np.concatenate(score), asked)


def _left_out(own: FloatArray, score: FloatArray, asked: FloatArray) -> FloatArray:
    shift = np.full((len(own), len(asked)), math.nan)
    whole = own.sum(axis=0)
    scale = np.sqrt(np.diag(whole))
    if not len(own) or (scale <= 0).any():
        return shift
    for i, part in enumerate(own):
        left = (whole - part) / np.outer(scale, scale)
        low, vectors = np.linalg.eigh(left)
        if low[0] > _SINGULAR:
            change = vectors @ ((vectors.T @ (score[i] / scale)) / low)
            shift[i] = -asked @ (change / scale)
    return shift


def _checked(
    residuals: npt.ArrayLike,
    subject: npt.ArrayLike,
    visit: npt.ArrayLike,
    covariance: npt.ArrayLike,
    weights: npt.ArrayLike | None,
) -> tuple[FloatArray, IntArray, IntArray, FloatArray, FloatArray]:
    values = check_array(residuals, "residuals")
    who, at = np.asarray(subject, dtype=np.intp), np.asarray(visit, dtype=np.intp)
    between = check_array(covariance, "covariance", ndim=2)
    weight = np.ones(len(values)) if weights is None else check_array(weights, "weights")
    lengths = {len(values), len(who), len(at), len(weight)}
    if len(lengths) > 1:
        raise DataError(f"residuals: {counted(len(values), 'value')}; as many subjects, visits and weights are "
                        "required.")  # fmt: skip
    if len(at) and not 0 <= at.min() <= at.max() < len(between):
        raise DataError(f"visit: rows from 0 to {len(between) - 1}, those of the covariance, are required.")
    if (weight <= 0).any():
        raise DataError(f"weights: {counted(int((weight <= 0).sum()), 'value')} of 0 or less; more is required.")
    return values, who, at, between, np.sqrt(weight)


def _by_subject(who: IntArray, at: IntArray) -> list[IntArray]:
    """Rows of each participant in the order of visits, participants in the order of their codes."""
    if not len(who):
        return []
    order = np.lexsort((at, who))
    starts = np.flatnonzero(np.diff(who[order])) + 1
    return np.split(order, starts)


def _factor(covariance: FloatArray, at: IntArray) -> FloatArray:
    try:
        return np.asarray(np.linalg.cholesky(covariance[np.ix_(at, at)]), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise DataError("covariance: not positive definite between the visits of a participant; it must be.") from error
