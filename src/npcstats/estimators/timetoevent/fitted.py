"""What fitted hazard regressions have in common: coefficients on the scale of the design, their tests and contrasts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.choices import check_choice
from npcstats.errors import DataError
from npcstats.estimators.checks import check_array
from npcstats.estimators.distributions import chi_square_upper, normal_quantile
from npcstats.estimators.timetoevent.maximum import Columns, solve_positive
from npcstats.estimators.timetoevent.samples import sum_by
from npcstats.estimators.types import Contrast, DesignMatrix, FloatArray, IntArray, Interval, Test
from npcstats.formatting import counted

# variance, relative to the model's, that is rounding
_ROUNDING = 1e-20

NO_EVENTS = "There are no events, so there are no coefficients."
NO_COVARIATES = "There are no covariates."
NOTHING_LEFT = "No column varies among those at risk together at an event."
NOT_CONVERGED = (
    "The likelihood was not maximized, so nothing is estimated; a column may have values too far from all others."
)
BEYOND_RANGE = (
    "The hazard ratio for one unit of the column, or its distance from 1, is beyond the range of numbers; another unit "
    "is required."
)
NO_SPREAD = "The variance is 0, so there are no confidence limits."
NO_COEFFICIENT = "The combination has no coefficient that counts."


def check_design(design: object, length: int) -> DesignMatrix:
    """Return the design, or refuse it.

    Parameters
    ----------
    design : DesignMatrix, shape (n, k)
        What the caller was given.
    length : int
        Rows required.

    Returns
    -------
    DesignMatrix
        The same.

    Raises
    ------
    DataError
        If it is something else, or has another number of rows.
    """
    if not isinstance(design, DesignMatrix):
        raise DataError(f"design: is a {type(design).__name__}; a DesignMatrix is required.")
    if len(design.values) != length:
        raise DataError(f"design: has {counted(len(design.values), 'row')}; {length} required, one for each time.")
    return design


def no_maximum(names: tuple[str, ...], columns: Columns, separation: FloatArray) -> str:
    """Say that a likelihood has no maximum.

    Parameters
    ----------
    names : tuple of str, length k
        Columns of the design.
    columns : Columns
        Those that were kept.
    separation : ndarray of float, shape (k',)
        Direction without end.

    Returns
    -------
    str
        A sentence.
    """
    along = ", ".join(names[j] for j in columns.kept[separation != 0])
    return f"The likelihood has no maximum: it increases without end along {along}."


def no_test(method: str, note: str) -> Test:
    """Return a test that could not be made.

    Parameters
    ----------
    method, note : str
        Its name, and why.

    Returns
    -------
    Test
        NaN throughout.
    """
    return Test(math.nan, math.nan, math.nan, method, note)


def quadratic_test(score: FloatArray, information: FloatArray, method: str) -> Test:
    """Test that a vector is 0 by its covariance.

    Parameters
    ----------
    score : ndarray of float, shape (k,)
        The vector.
    information : ndarray of float, shape (k, k)
        Its covariance.
    method : str
        Name of the test.

    Returns
    -------
    Test
        Chi-squared with as many degrees of freedom as the covariance has rank.
    """
    if not len(score):
        return no_test(method, NOTHING_LEFT)
    solved, rank, note = solve_positive(information, score), len(score), ""
    if solved is None:
        rank = int(np.linalg.matrix_rank(information, hermitian=True))
        if not rank:
            return no_test(method, "The variance is 0, so there is no test.")
        solved = np.linalg.pinv(information, hermitian=True) @ score
        note = f"The variance has rank {rank} for {len(score)} coefficients."
    statistic = float(score @ solved)
    return Test(statistic, float(rank), chi_square_upper(statistic, rank), method, note)


def likelihood_ratio_test(loglik: float, loglik_null: float, df: int, method: str) -> Test:
    """Test that all coefficients are 0 by the likelihoods.

    Parameters
    ----------
    loglik, loglik_null : float
        Log likelihood at the maximum and where all coefficients are 0.
    df : int
        Number of coefficients.
    method : str
        Name of the test.

    Returns
    -------
    Test
        Chi-squared; NaN where there are no coefficients.
    """
    if not df:
        return no_test(method, NOTHING_LEFT)
    statistic = max(2 * (loglik - loglik_null), 0.0)
    return Test(statistic, float(df), chi_square_upper(statistic, df), method)


def normal_estimates(
    coef: FloatArray, covariance: FloatArray, conf_level: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return statistics, p-values and limits of coefficients by the normal distribution.

    Parameters
    ----------
    coef : ndarray of float, shape (k,)
        Coefficients.
    covariance : ndarray of float, shape (k, k)
        Their covariance.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    statistic, p_value, lower, upper : ndarray of float, shape (k,)
        NaN where the variance is 0.
    """
    std_error = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    std_error = np.where(std_error > 0, std_error, np.nan)
    statistic = coef / std_error
    half = normal_quantile((1 - conf_level) / 2) * std_error
    return statistic, 2 * special.ndtr(-np.abs(statistic)), coef - half, coef + half


def place_coefficients(
    columns: Columns,
    coef: FloatArray,
    covariance: FloatArray,
    model: FloatArray,
    estimates: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
) -> dict[str, Any]:
    """Put estimates of standardized columns on the scale of the design.

    Parameters
    ----------
    columns : Columns
        Those that were kept, and why others were not.
    coef : ndarray of float, shape (k',)
        Coefficients of those kept.
    covariance, model : ndarray of float, shape (k', k')
        Covariance of the coefficients, and that by the model.
    estimates : tuple of ndarray of float, shape (k',)
        Statistics, p-values, lower and upper limits.

    Returns
    -------
    dict
        Fields of a fitted model by name.
    """
    statistic, p_value, lower, upper = estimates
    on_scale = [_spread(columns, v, columns.scale) for v in (coef, lower, upper)]
    with np.errstate(over="ignore", under="ignore"):
        ratios = [np.exp(v) for v in on_scale]
    notes = list(columns.reasons)
    for place, j in enumerate(columns.kept):
        if not covariance[place, place] > 0:
            notes[j] = NO_SPREAD
        elif any(not 0 < r[j] < math.inf for r in ratios if not math.isnan(r[j])) or ratios[1][j] == ratios[2][j]:
            notes[j] = BEYOND_RANGE
            for ratio in ratios:
                ratio[j] = math.nan
    return {
        "coef": on_scale[0],
        "std_error": _spread(columns, np.sqrt(np.maximum(np.diag(covariance), 0.0)), columns.scale),
        "statistic": _spread(columns, statistic),
        "p_value": _spread(columns, p_value),
        "lower": on_scale[1],
        "upper": on_scale[2],
        "hazard_ratio": ratios[0],
        "hazard_ratio_lower": ratios[1],
        "hazard_ratio_upper": ratios[2],
        "notes": tuple(notes),
        "vcov": _spread_square(columns, covariance),
        "model_vcov": _spread_square(columns, model),
    }


def _spread(columns: Columns, values: FloatArray, scale: FloatArray | None = None) -> FloatArray:
    """Give every column of the design its place, NaN for those not kept, shape (k,)."""
    full = np.full(len(columns.reasons), np.nan)
    with np.errstate(over="ignore", under="ignore"):
        full[columns.kept] = values if scale is None else values / scale
    return full


def _spread_square(columns: Columns, values: FloatArray) -> FloatArray:
    """Do so with a covariance of standardized columns, shape (k, k)."""
    full = np.full((len(columns.reasons), len(columns.reasons)), np.nan)
    with np.errstate(over="ignore", under="ignore"):
        full[np.ix_(columns.kept, columns.kept)] = values / columns.scale[:, np.newaxis] / columns.scale
    return full


def no_coefficients(reasons: tuple[str, ...], note: str) -> dict[str, Any]:
    """Return the fields of a model of which no coefficient could be estimated.

    Parameters
    ----------
    reasons : tuple of str, length k
        Why each column was left out; empty where `note` says it.
    note : str
        Why nothing is estimated.

    Returns
    -------
    dict
        Fields of a fitted model by name.
    """
    k = len(reasons)
    vectors = [
        "coef",
        "std_error",
        "statistic",
        "p_value",
        "lower",
        "upper",
        "hazard_ratio",
        "hazard_ratio_lower",
        "hazard_ratio_upper",
    ]
    return {
        **{name: np.full(k, np.nan) for name in vectors},
        "notes": tuple(reason or note for reason in reasons),
        "vcov": np.full((k, k), np.nan),
        "model_vcov": np.full((k, k), np.nan),
    }


def check_vector(values: npt.ArrayLike, name: str, size: int) -> FloatArray:
    """Return one number for each column of the design, or refuse them.

    Parameters
    ----------
    values : array_like of float, shape (k,)
        What the caller was given.
    name : str
        The argument's name, for the message.
    size : int
        Number of columns.

    Returns
    -------
    ndarray of float, shape (k,)
        A copy.

    Raises
    ------
    DataError
        If they are not that many finite numbers.
    """
    vector = check_array(values, name)
    if len(vector) != size:
        raise DataError(
            f"{name}: has {counted(len(vector), 'number')}; {size} required, one for each column of the design."
        )
    return vector


def ratio_interval(
    name: str,
    names: tuple[str, ...],
    ratios: tuple[FloatArray, FloatArray, FloatArray],
    notes: tuple[str, ...],
    note: str,
    conf_level: float,
    method: str,
) -> Interval:
    """Return one hazard ratio with its limits.

    Parameters
    ----------
    name : str
        Column of the design.
    names : tuple of str, length k
        All columns.
    ratios : tuple of ndarray of float, shape (k,)
        Hazard ratios for one unit, lower and upper limits.
    notes : tuple of str, length k
        Why a ratio is NaN.
    note : str
        What there is to say of all.
    conf_level : float in (0, 1)
        Confidence level.
    method : str
        What was fitted, in words.

    Returns
    -------
    Interval
        Hazard ratio for one unit.

    Raises
    ------
    SpecError
        If there is no such column.
    """
    check_choice(name, "name", names)
    j = names.index(name)
    ratio, lower, upper = (float(values[j]) for values in ratios)
    return Interval(ratio, lower, upper, conf_level, method, notes[j] or note)


def normal_contrast(
    weights: FloatArray, coef: FloatArray, vcov: FloatArray, notes: tuple[str, ...], note: str, conf_level: float
) -> Contrast:
    """Estimate a linear combination of coefficients, by the normal distribution.

    Parameters
    ----------
    weights, coef : ndarray of float, shape (k,)
        Weight of each coefficient, and the coefficients.
    vcov : ndarray of float, shape (k, k)
        Their covariance.
    notes : tuple of str, length k
        Why a coefficient is NaN.
    note : str
        Why all are.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Contrast
        NaN where a coefficient that counts is NaN, or none does.
    """
    counts, nan = weights != 0, math.nan
    if not counts.any() or np.isnan(coef[counts]).any():
        missing = [notes[j] for j in np.flatnonzero(counts & np.isnan(coef))]
        return Contrast(nan, nan, math.inf, nan, nan, nan, nan, (missing or [NO_COEFFICIENT])[0] or note)
    estimate = weights[counts] @ coef[counts]
    variance = weights[counts] @ vcov[np.ix_(counts, counts)] @ weights[counts]
    statistic, p_value, lower, upper = (
        float(v[0]) for v in normal_estimates(np.array([estimate]), np.array([[variance]]), conf_level)
    )
    reason = "" if variance > 0 else NO_SPREAD
    if not math.isfinite(variance) or math.isinf(upper - lower):
        return Contrast(nan, nan, math.inf, nan, nan, nan, nan, BEYOND_RANGE)
    std_error = math.sqrt(max(float(variance), 0.0))
    return Contrast(float(estimate), std_error, math.inf, statistic, p_value, lower, upper, reason)


def sandwich(influence: FloatArray, model: FloatArray) -> FloatArray:
    """Return the covariance of coefficients from what each independent unit adds to them.

    Parameters
    ----------
    influence : ndarray of float, shape (c, k)
        One row for each unit.
    model : ndarray of float, shape (k, k)
        Covariance by the model, which says what is rounding.

    Returns
    -------
    ndarray of float, shape (k, k)
        Exactly 0 where there is no variation between units, as with one of them.
    """
    covariance = influence.T @ influence
    nothing = np.diag(covariance) <= _ROUNDING * np.diag(model)
    covariance[nothing] = 0.0
    covariance[:, nothing] = 0.0
    return np.asarray(covariance)


def sum_by_cluster(residuals: FloatArray, codes: IntArray | None) -> FloatArray:
    """Sum rows by cluster.

    Parameters
    ----------
    residuals : ndarray of float, shape (n, k)
        One row for each.
    codes : ndarray of int, shape (n,), or None
        Cluster of each; None for each its own.

    Returns
    -------
    ndarray of float, shape (c, k)
        Sums.
    """
    if codes is None or not residuals.size:
        return residuals
    size = int(codes.max()) + 1
    return np.column_stack([sum_by(codes, column, size) for column in residuals.T])
