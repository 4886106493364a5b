"""Draws of missing values of one variable, given others: the model's parameters are drawn first, then the values."""

from __future__ import annotations

import numpy as np
from scipy import linalg, special

from npcstats.estimators.types import BoolArray, FloatArray, IntArray
from npcstats.estimators.weighting.columns import Basis

_STEPS = 100
_HALVINGS = 60
_GRADIENT = 1e-9
# pseudo-observations stand so many standard deviations from the mean, on either side
_AWAY = 0.5


def _draw_line(
    basis: Basis, values: FloatArray, known: BoolArray, stream: np.random.Generator
) -> tuple[FloatArray, FloatArray, float]:
    """Return fitted and drawn coefficients of a linear regression, and the drawn residual deviation."""
    seen = basis.values[known]
    factor = linalg.cho_factor(seen.T @ seen, lower=True)
    coef = linalg.cho_solve(factor, seen.T @ values[known])
    residual = values[known] - seen @ coef
    deviation = float(np.sqrt(residual @ residual / stream.chisquare(len(seen) - seen.shape[1])))
    noise = linalg.solve_triangular(np.tril(factor[0]), stream.standard_normal(len(coef)), lower=True, trans="T")
    return coef, coef + deviation * noise, deviation


def draw_normal(basis: Basis, values: FloatArray, known: BoolArray, stream: np.random.Generator) -> FloatArray:
    """Draw missing values from a Bayesian linear regression with normal errors.

    Parameters
    ----------
    basis : Basis
        Predictors of all rows, made over those with a value; fewer columns than such rows.
    values : ndarray of float, shape (n,)
        The variable; what stands where it is missing is not read.
    known : ndarray of bool, shape (n,)
        Where it is not missing.
    stream : Generator
        Of random numbers.

    Returns
    -------
    ndarray of float
        A value for each row where it is missing.

    References
    ----------
    Rubin DB. Multiple Imputation for Nonresponse in Surveys. Wiley 1987, example 5.1.
    """
    _, drawn, deviation = _draw_line(basis, values, known, stream)
    rows = basis.values[~known]
    return np.asarray(rows @ drawn + deviation * stream.standard_normal(len(rows)))


def draw_matched(
    basis: Basis, values: FloatArray, known: BoolArray, stream: np.random.Generator, donors: int
) -> FloatArray:
    """Draw missing values from participants whose predicted value is near (predictive mean matching).

    Parameters
    ----------
    basis, values, known, stream
        As for `draw_normal`.
    donors : int
        Among how many of the nearest one is drawn.

    Returns
    -------
    ndarray of float
        A value that somebody has, for each row where it is missing.

    Notes
    -----
    Predictions for the missing are by drawn coefficients, for the others by fitted ones ("type 1" matching).

    References
    ----------
    Little RJA. J Bus Econ Stat 1988;6:287. doi:10.1080/07350015.1988.10509663
    Morris TP, White IR, Royston P. BMC Med Res Methodol 2014;14:75. doi:10.1186/1471-2288-14-75
    """
    coef, drawn, _ = _draw_line(basis, values, known, stream)
    places = stream.permutation(np.flatnonzero(known))  # so that ties stand in no order
    predicted = basis.values[places] @ coef
    order = np.argsort(predicted, kind="stable")
    places, predicted = places[order], predicted[order]
    wanted = basis.values[~known] @ drawn
    near = min(donors, len(places))
    window = np.searchsorted(predicted, wanted)[:, np.newaxis] + np.arange(-near, near)
    inside = (window >= 0) & (window < len(places))
    window = np.clip(window, 0, len(places) - 1)
    away = np.where(inside, np.abs(predicted[window] - wanted[:, np.newaxis]), np.inf)
    nearest = np.argsort(away, axis=1, kind="stable")[:, :near]
    taken = nearest[np.arange(len(wanted)), stream.integers(near, size=len(wanted))]
    return np.asarray(values[places[window[np.arange(len(wanted)), taken]]])


def draw_categories(basis: Basis, values: FloatArray, known: BoolArray, stream: np.random.Generator) -> FloatArray:
    """Draw missing categories from a Bayesian multinomial logistic regression.

    Parameters
    ----------
    basis, values, known, stream
        As for `draw_normal`; the values are codes of categories.

    Returns
    -------
    ndarray of float
        A code that somebody has, for each row where it is missing.

    Notes
    -----
    Coefficients are drawn from their large-sample normal distribution. A few pseudo-observations of little weight,
    in all as much as one more row than there are predictors, stand half a deviation from the mean of each predictor,
    on either side, in each category: without them no coefficients exist where a predictor tells categories apart.

    References
    ----------
    White IR, Daniel R, Royston P. Comput Stat Data Anal 2010;54:2267. doi:10.1016/j.csda.2010.04.005
    """
    codes, place = np.unique(values[known], return_inverse=True)
    if len(codes) == 1:
        return np.full(np.count_nonzero(~known), codes[0])
    rows, category, weight = _augment(basis, known, place.reshape(-1).astype(np.intp), len(codes))
    coef, information = _fit_multinomial(rows, category, weight, len(codes))
    factor = np.linalg.cholesky(information)
    noise = linalg.solve_triangular(factor, stream.standard_normal(coef.size), lower=True, trans="T")
    drawn = coef + noise.reshape(coef.shape)
    chance = np.cumsum(_probabilities(basis.values[~known], drawn), axis=1)
    chosen = (stream.random(len(chance))[:, np.newaxis] > chance[:, :-1]).sum(axis=1)
    return np.asarray(codes[chosen])


def _augment(basis: Basis, known: BoolArray, place: IntArray, levels: int) -> tuple[FloatArray, IntArray, FloatArray]:
    rows, p = basis.values[known], basis.standard.shape[1]
    if not p:
        return rows, place, np.ones(len(rows))
    seen = basis.standard[known]
    away = np.concatenate([np.eye(p) * _AWAY, -np.eye(p) * _AWAY])
    away = np.clip(away, seen.min(axis=0), seen.max(axis=0))
    added = np.column_stack([np.ones(2 * p), away @ basis.rotation])
    return (
        np.concatenate([rows, np.tile(added, (levels, 1))]),
        np.concatenate([place, np.repeat(np.arange(levels, dtype=np.intp), 2 * p)]),
        np.concatenate([np.ones(len(rows)), np.full(2 * p * levels, (p + 1) / (2 * p * levels))]),
    )


def _probabilities(rows: FloatArray, coef: FloatArray) -> FloatArray:
    """Return the probability of each category, shape (n, K), given coefficients of all but the first, (K - 1, q)."""
    predictor = np.zeros((len(rows), len(coef) + 1))
    predictor[:, 1:] = rows @ coef.T
    return np.asarray(special.softmax(predictor, axis=1))


def _fit_multinomial(
    rows: FloatArray, category: IntArray, weight: FloatArray, levels: int
) -> tuple[FloatArray, FloatArray]:
    """Maximize the likelihood; return coefficients, (K - 1, q), and the information, (K' q, K' q)."""
    member = np.zeros((len(rows), levels))
    member[np.arange(len(rows)), category] = 1.0
    q = rows.shape[1]
    coef = np.zeros((levels - 1, q))
    chance = _probabilities(rows, coef)
    value = _loglik(chance, category, weight)
    for _ in range(_STEPS):
        gradient = ((weight[:, np.newaxis] * (member - chance)[:, 1:]).T @ rows).reshape(-1)
        information = _information(rows, chance, weight)
        if np.abs(gradient).max() <= _GRADIENT * len(rows):
            break
        step = np.linalg.solve(information, gradient).reshape(coef.shape)
        for _ in range(_HALVINGS):
            chance = _probabilities(rows, coef + step)
            reached = _loglik(chance, category, weight)
            if reached >= value - 1e-12 * (abs(value) + 1.0):
                break
            step = step / 2
        coef, value = coef + step, reached
    return coef, information


def _loglik(chance: FloatArray, category: IntArray, weight: FloatArray) -> float:
    own = chance[np.arange(len(category)), category]
    return float(weight @ np.log(np.maximum(own, np.finfo(np.float64).tiny)))


def _information(rows: FloatArray, chance: FloatArray, weight: FloatArray) -> FloatArray:
    others, q = chance.shape[1] - 1, rows.shape[1]
    information = np.empty((others, q, others, q))
    for a in range(others):
        for b in range(a, others):
            spread = chance[:, a + 1] * ((a == b) - chance[:, b + 1])
            block = rows.T @ (rows * (weight * spread)[:, np.newaxis])
            information[a, :, b, :] = block
            information[b, :, a, :] = block
    return information.reshape(others * q, others * q)
