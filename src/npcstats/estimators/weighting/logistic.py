"""The maximum of a logistic likelihood by Newton's method, and the proof that there is one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from npcstats.estimators.types import FloatArray

_HALVINGS = 60
# largest component of the gradient for each case, on columns of variance 1, at which the maximum is reached
GRADIENT = 1e-12
# rounding of that gradient
_ROUNDING = 1e-13
# least distance of a probability from its outcome that is more than rounding
_DISTANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Climb:
    """How far a likelihood was climbed.

    Attributes
    ----------
    coef : ndarray of float, shape (q,)
        Coefficients.
    probability : ndarray of float, shape (n,)
        Probability that the outcome is 1.
    gradient : ndarray of float, shape (q,)
        Derivative of the log likelihood.
    information : ndarray of float, shape (q, q)
        Minus its second derivative.
    converged : bool
        No component of the gradient exceeds `GRADIENT` for each case.
    iterations : int
        Steps that were made.
    """

    coef: FloatArray
    probability: FloatArray
    gradient: FloatArray
    information: FloatArray
    converged: bool
    iterations: int


def climb_likelihood(
    values: FloatArray,
    outcome: FloatArray,
    weight: FloatArray,
    *,
    start: FloatArray | None = None,
    steps: int,
    widest: float = np.inf,
) -> Climb:
    """Climb the logistic log likelihood by Newton's method with step halving.

    Parameters
    ----------
    values : ndarray of float, shape (n, q)
        Columns of about unit variance, none a combination of the others.
    outcome : ndarray of float, shape (n,)
        Zeros and ones; fractions are allowed.
    weight : ndarray of float >= 0, shape (n,)
        Case weights.
    start : ndarray of float, shape (q,), or None
        Where to start; None for zeros.
    steps : int
        Steps after which to stop.
    widest : float
        Largest absolute linear predictor; beyond it the climb stops, since there may be no top.

    Returns
    -------
    Climb
        Where it ended.
    """
    total = float(weight.sum())
    coef = np.zeros(values.shape[1]) if start is None else start
    predictor = values @ coef
    value = _loglik(predictor, outcome, weight)
    iteration = 0
    while True:
        probability = special.expit(predictor)
        gradient = (weight * (outcome - probability)) @ values
        converged = bool(np.abs(gradient).max() <= GRADIENT * total)
        information = values.T @ (values * (weight * probability * special.expit(-predictor))[:, np.newaxis])
        if converged or iteration == steps or float(np.abs(predictor).max(initial=0.0)) > widest:
            break
        step = _newton_step(information, gradient)
        if step is None:
            break
        iteration += 1
        for _ in range(_HALVINGS):
            predictor = values @ (coef + step)
            reached = _loglik(predictor, outcome, weight)
            if reached >= value - 1e-12 * (abs(value) + 1.0):
                break
            step = step / 2
        coef, value = coef + step, reached
    return Climb(coef, probability, gradient, information, converged, iteration)


def _newton_step(information: FloatArray, gradient: FloatArray) -> FloatArray | None:
    try:
        np.linalg.cholesky(information)
        return np.asarray(np.linalg.solve(information, gradient), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None


def _loglik(predictor: FloatArray, outcome: FloatArray, weight: FloatArray) -> float:
    return float(weight @ (outcome * predictor - np.logaddexp(0.0, predictor)))


def has_maximum(climb: Climb, values: FloatArray, outcome: FloatArray, weight: FloatArray) -> bool:
    """Say whether the end of a climb proves that the likelihood has a maximum.

    Parameters
    ----------
    climb : Climb
        Where the climb ended.
    values, outcome, weight : ndarray of float, shapes (n, q), (n,) and (n,)
        What was climbed; the columns uncorrelated, of variance 1.

    Returns
    -------
    bool
        True only if it does; False proves nothing.

    Notes
    -----
    By Stiemke's lemma no direction separates if positive numbers u exist with sum of u_i z_i x_i = 0, z_i = 1 for the
    outcome 1 and -1 for 0. The distances of the probabilities from the outcomes are such numbers, but for the
    gradient that is left; what has to be added to each to balance it is at most |x_i| |gradient| / n.

    References
    ----------
    Albert A, Anderson JA. Biometrika 1984;71:1. doi:10.1093/biomet/71.1.1
    """
    if not climb.converged:
        return False
    counts = weight > 0
    distance = float(np.abs(outcome - climb.probability)[counts].min(initial=1.0))
    longest = float(np.sqrt(np.einsum("ij,ij->i", values, values)[counts].max(initial=0.0)))
    left = float(np.linalg.norm(climb.gradient)) / float(weight.sum()) + _ROUNDING
    return distance > max(_DISTANCE, 4.0 * longest * left)
