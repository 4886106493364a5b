"""The partial likelihood of Cox's model: its value, derivatives and residuals, from sums over risk sets.

An evaluation costs O(n k^2), whatever the number of events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npcstats.estimators.timetoevent.risk_sets import RiskSets
from npcstats.estimators.types import FloatArray

# rows multiplied at once: bounds the memory of a weighted cross product
_BLOCK = 1 << 14
# a denominator smaller than this, relative to the largest risk of the stratum, is lost to rounding
_LOST = 1e-250


@dataclass(frozen=True, eq=False)
class Moments:
    """What the derivatives of the partial likelihood are made from, at one value of the coefficients.

    The means are those of the covariates over the risk set of each term, weighted by risk.
    """

    loglik: float
    risk: FloatArray  # (n,) weight times relative hazard, up to a factor for each stratum
    denominator: FloatArray  # (q,)
    hazard: FloatArray  # (q,) weight of the term over its denominator
    mean: FloatArray  # (q, k)

    @property
    def is_finite(self) -> bool:
        """Say whether no denominator was lost to rounding.

        Returns
        -------
        bool
            True where the means are defined.
        """
        return bool(np.isfinite(self.loglik))


def _relative_risk(sets: RiskSets, predictor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the predictor less its largest value in the stratum, which cancels, and the weighted risk."""
    top = np.full(int(sets.stratum.max()) + 1, -np.inf)
    np.maximum.at(top, sets.stratum, predictor)
    relative = predictor - top[sets.stratum]
    return relative, sets.weight * np.exp(relative)


def _denominator(sets: RiskSets, risk: FloatArray) -> FloatArray:
    total = sets.sum_at_risk(risk)
    if not sets.tied:
        return total
    return np.asarray(total[sets.term_cell] - sets.term_share * sets.sum_dead(risk)[sets.term_cell])


def _log_likelihood(sets: RiskSets, relative: FloatArray, denominator: FloatArray) -> float:
    if not (denominator > _LOST).all():
        return -np.inf
    own = sets.weight[sets.dead] @ relative[sets.dead]
    return float(own - sets.term_weight @ np.log(denominator))


def take_moments(sets: RiskSets, values: FloatArray, predictor: FloatArray) -> Moments:
    """Compute likelihood and means over the risk sets.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows; fastest with columns contiguous.
    predictor : ndarray of float, shape (n,)
        Linear predictor of each row.

    Returns
    -------
    Moments
        Their means are NaN where the likelihood is not finite.
    """
    relative, risk = _relative_risk(sets, predictor)
    denominator = _denominator(sets, risk)
    loglik = _log_likelihood(sets, relative, denominator)
    mean = np.full((len(denominator), values.shape[1]), np.nan, order="F")
    if not np.isfinite(loglik):
        return Moments(loglik, risk, denominator, mean[:, 0] if values.shape[1] else denominator, mean)
    for j in range(values.shape[1]):
        amounts = risk * values[:, j]
        total = sets.sum_at_risk(amounts)
        if sets.tied:
            total = total[sets.term_cell] - sets.term_share * sets.sum_dead(amounts)[sets.term_cell]
        mean[:, j] = total / denominator
    return Moments(loglik, risk, denominator, sets.term_weight / denominator, mean)


def score_vector(
    sets: RiskSets, values: FloatArray, moments: Moments, time_weight: FloatArray | None = None
) -> FloatArray:
    """Return the first derivative of the log likelihood.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the coefficients wanted.
    time_weight : ndarray of float, shape (m,), or None
        Factor of each cell; None for 1.

    Returns
    -------
    ndarray of float, shape (k,)
        Covariates of those with the event, less their means.
    """
    own, term = sets.weight[sets.dead], sets.term_weight
    if time_weight is not None:
        own, term = own * time_weight[sets.exit[sets.dead]], term * time_weight[sets.term_cell]
    return np.asarray(own @ values[sets.dead] - term @ moments.mean)


def exposure(sets: RiskSets, moments: Moments, time_weight: FloatArray | None = None) -> FloatArray:
    """Return the expected number of events of each row.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    moments : Moments
        At the coefficients wanted.
    time_weight : ndarray of float, shape (m,), or None
        Factor of each cell; None for 1.

    Returns
    -------
    ndarray of float, shape (n,)
        Risk times the hazard summed over the cells in which the row is at risk; of its own cell a row with the
        event has, by Efron, only the share that its term leaves in.
    """
    hazard = moments.hazard if time_weight is None else moments.hazard * time_weight[sets.term_cell]
    total = sets.sum_over_risk(sets.sum_terms(hazard))
    if sets.tied:
        left_out = sets.sum_terms(hazard * sets.term_share)
        total[sets.dead] -= left_out[sets.exit[sets.dead]]
    return np.asarray(moments.risk * total)


def information_matrix(
    sets: RiskSets, values: FloatArray, moments: Moments, time_weight: FloatArray | None = None
) -> FloatArray:
    """Return minus the second derivative of the log likelihood.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the coefficients wanted.
    time_weight : ndarray of float, shape (m,), or None
        Factor of each cell; None for 1.

    Returns
    -------
    ndarray of float, shape (k, k)
        Sum over terms of the covariance of the covariates in the risk set.
    """
    term = sets.term_weight if time_weight is None else sets.term_weight * time_weight[sets.term_cell]
    return cross_product(values, exposure(sets, moments, time_weight)) - cross_product(moments.mean, term)


def cross_product(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return X' diag(w) X, made block by block.

    Parameters
    ----------
    values : ndarray of float, shape (n, k)
        X.
    weights : ndarray of float, shape (n,)
        The diagonal.

    Returns
    -------
    ndarray of float, shape (k, k)
        Symmetric.
    """
    total = np.zeros((values.shape[1], values.shape[1]))
    for begin in range(0, len(values), _BLOCK):
        block = values[begin : begin + _BLOCK]
        total += (block * weights[begin : begin + _BLOCK, np.newaxis]).T @ block
    return (total + total.T) / 2


def score_residuals(sets: RiskSets, values: FloatArray, moments: Moments) -> FloatArray:
    """Return each row's part of the score, case weight included.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the coefficients wanted.

    Returns
    -------
    ndarray of float, shape (n, k)
        Their sum is the score. By Efron an event at a tie has the average over the terms.

    References
    ----------
    Therneau TM, Grambsch PM. Modeling Survival Data. Springer 2000. doi:10.1007/978-1-4757-3294-8
    """
    expected, cell = exposure(sets, moments), sets.exit[sets.dead]
    result = np.empty(values.shape)
    for j in range(values.shape[1]):
        mean = moments.mean[:, j]
        paid = sets.sum_over_risk(sets.sum_terms(moments.hazard * mean))
        if sets.tied:
            paid[sets.dead] -= sets.sum_terms(moments.hazard * mean * sets.term_share)[cell]
        column = moments.risk * paid - expected * values[:, j]
        column[sets.dead] += sets.weight[sets.dead] * (values[sets.dead, j] - sets.average_terms(mean)[cell])
        result[:, j] = column
    return result


def schoenfeld_residuals(sets: RiskSets, values: FloatArray, moments: Moments) -> FloatArray:
    """Return the covariates of each event less their mean over the risk set.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the coefficients wanted.

    Returns
    -------
    ndarray of float, shape (d, k)
        In the order of ``sets.dead``: by stratum, then time, then row; by Efron less the average of the means.
    """
    cell = sets.exit[sets.dead]
    average = np.column_stack([sets.average_terms(column) for column in moments.mean.T])
    return np.asarray(values[sets.dead] - average[cell])
