"""The maximum of a partial likelihood: columns put on one scale, those that say nothing set aside, Newton's method.

It tells a maximum from a likelihood that has none, and never returns a coefficient on its way to infinity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from npcstats.estimators.timetoevent.partial_likelihood import (
    Moments,
    information_matrix,
    score_vector,
    take_moments,
)
from npcstats.estimators.timetoevent.risk_sets import RiskSets
from npcstats.estimators.timetoevent.separation import find_separation
from npcstats.estimators.types import FloatArray, IntArray

_ITERATIONS = 200
_HALVINGS = 60
# decrement for each event, in squared standard errors, after which one more step leaves only rounding
_DECREMENT = 1e-13
# a last step larger than this, in standard deviations, is that of a coefficient without end
_STEP = 1e-4
# from this iteration on, or with relative hazards this far apart, the likelihood may have no maximum
_LATE, _WIDE = 12, 40.0
# share of a column's information not shared with those before it, below which it is none
_SHARED = 1e-11
# information for each event, in squared standard deviations, below which it is rounding
_NOTHING = 1e-12

NO_VARIATION = "The column is constant, so it has no coefficient."
NO_VARIATION_AT_RISK = "The column does not differ among those at risk together at any event, so it has no coefficient."
SHARED = "The column is a combination of columns before it, so it has no coefficient."


@dataclass(frozen=True, eq=False)
class Columns:
    """Covariates of the rows at risk, centered in each stratum and of unit standard deviation, columns contiguous."""

    values: FloatArray  # (n, k') those that vary
    kept: IntArray  # (k',) their places
    scale: FloatArray  # (k',) what they were divided by
    reasons: tuple[str, ...]  # of each column given, why it is not kept; empty where it is


def standardize_columns(source: FloatArray, rows: IntArray, stratum: IntArray) -> Columns:
    """Center and scale columns; those without variation are not kept.

    Parameters
    ----------
    source : ndarray of float, shape (N, k)
        Covariates.
    rows : ndarray of int, shape (n,)
        Rows that count.
    stratum : ndarray of int, shape (n,)
        Stratum of each of these; the partial likelihood does not see differences between strata.

    Returns
    -------
    Columns
        With reasons for those left out.
    """
    counts = np.bincount(stratum)
    kept, scales, columns, reasons = [], [], [], []
    for j in range(source.shape[1]):
        size = float(np.abs(source[:, j]).max(initial=0.0))
        if size == 0 or (source[:, j] == source[0, j]).all():
            reasons.append(NO_VARIATION)
            continue
        column = source[rows, j] / size
        low, high = np.full(len(counts), np.inf), np.full(len(counts), -np.inf)
        np.minimum.at(low, stratum, column)
        np.maximum.at(high, stratum, column)
        if (high <= low).all():
            reasons.append(NO_VARIATION_AT_RISK)
            continue
        column -= (np.bincount(stratum, column) / np.maximum(counts, 1))[stratum]
        spread = float(np.sqrt(np.mean(column**2)))
        kept.append(j)
        scales.append(spread * size)
        columns.append(column / spread)
        reasons.append("")
    values = np.empty((len(rows), len(kept)), order="F")
    for j, column in enumerate(columns):
        values[:, j] = column
    return Columns(values, np.array(kept, dtype=np.intp), np.array(scales), tuple(reasons))


def drop_shared(columns: Columns, information: FloatArray, total: float) -> Columns:
    """Leave out columns that say nothing beyond those before them.

    Parameters
    ----------
    columns : Columns
        Columns that vary.
    information : ndarray of float, shape (k', k')
        Information where all coefficients are 0.
    total : float > 0
        Sum of the weights of the events.

    Returns
    -------
    Columns
        The others.
    """
    own = np.diag(information)
    reasons = list(columns.reasons)
    used: list[int] = []
    for j in range(len(own)):
        if own[j] <= _NOTHING * total:
            reasons[columns.kept[j]] = NO_VARIATION_AT_RISK
            continue
        scaled = information / np.sqrt(np.outer(np.where(own > 0, own, 1.0), np.where(own > 0, own, 1.0)))
        left = 1.0
        if used:
            factor = np.linalg.cholesky(scaled[np.ix_(used, used)])
            left -= float(np.sum(linalg.solve_triangular(factor, scaled[used, j], lower=True) ** 2))
        if left <= _SHARED:
            reasons[columns.kept[j]] = SHARED
        else:
            used.append(j)
    return Columns(np.asfortranarray(columns.values[:, used]), columns.kept[used], columns.scale[used], tuple(reasons))


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where a log likelihood is largest, on the scale of standardized columns."""

    coef: FloatArray  # (k',)
    loglik: float
    loglik_null: float
    moments: Moments
    information: FloatArray  # (k', k')
    score_null: FloatArray  # (k',)
    information_null: FloatArray  # (k', k')
    iterations: int
    converged: bool
    separation: FloatArray | None  # (k',) direction without end


def solve_positive(matrix: FloatArray, right: FloatArray) -> FloatArray | None:
    """Solve a positive definite system.

    Parameters
    ----------
    matrix : ndarray of float, shape (k, k)
        Symmetric.
    right : ndarray of float, shape (k,) or (k, l)
        Right-hand side.

    Returns
    -------
    ndarray of float, shape of `right`, or None
        None where the matrix is not positive definite.
    """
    if not len(matrix):
        return np.zeros_like(right)
    try:
        return np.asarray(linalg.cho_solve(linalg.cho_factor(matrix, lower=True), right))
    except (linalg.LinAlgError, ValueError):
        return None


def maximize_likelihood(sets: RiskSets, values: FloatArray) -> Maximum:
    """Maximize the log partial likelihood by Newton's method with step halving.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k')
        Standardized columns, none a combination of the others.

    Returns
    -------
    Maximum
        Not converged where there is no maximum; `separation` then says in which direction.
    """
    coef = np.zeros(values.shape[1])
    moments = take_moments(sets, values, np.zeros(len(values)))
    null = moments
    score, information = score_vector(sets, values, moments), information_matrix(sets, values, moments)
    score_null, information_null = score, information
    scale = float(sets.dead_weight.sum()) / len(sets.dead)
    looked, separation, converged, iteration = False, None, len(coef) == 0, 0
    while not converged and iteration < _ITERATIONS:
        iteration += 1
        step = solve_positive(information, score)
        predictor = values @ coef
        if not looked and (step is None or iteration == _LATE or float(np.ptp(predictor)) > _WIDE):
            looked, separation = True, find_separation(sets, values, score_null)
            if separation is not None:
                break
        if step is None:
            break
        decrement = float(score @ step)
        floor = moments.loglik - 1e-11 * (abs(moments.loglik) + scale)
        for _ in range(_HALVINGS):
            candidate = take_moments(sets, values, values @ (coef + step))
            if candidate.loglik >= floor:
                break
            step = step / 2
        else:
            break
        coef, moments = coef + step, candidate
        score, information = score_vector(sets, values, moments), information_matrix(sets, values, moments)
        small = np.abs(step).max() <= _STEP * max(1.0, float(np.abs(coef).max()))
        converged = decrement <= _DECREMENT * scale and bool(small)
    return Maximum(
        coef,
        moments.loglik,
        null.loglik,
        moments,
        information,
        score_null,
        information_null,
        iteration,
        converged,
        separation,
    )


def fit_columns(sets: RiskSets, design: FloatArray, rows: IntArray) -> tuple[Columns, Maximum]:
    """Find the columns of a design that have a coefficient, and maximize their likelihood.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    design : ndarray of float, shape (N, k)
        Covariates.
    rows : ndarray of int, shape (n,)
        Rows of the design among which the sets were found.

    Returns
    -------
    columns : Columns
        Standardized, with reasons for those left out.
    maximum : Maximum
        Of the likelihood.
    """
    columns = standardize_columns(design, rows[sets.source], sets.stratum)
    at_null = take_moments(sets, columns.values, np.zeros(len(sets.source)))
    columns = drop_shared(columns, information_matrix(sets, columns.values, at_null), sets.dead_weight.sum())
    return columns, maximize_likelihood(sets, columns.values)
