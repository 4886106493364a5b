"""Weights from a propensity score, and how many participants they are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_binary
from npcstats.estimators.types import BoolArray, FloatArray
from npcstats.estimators.weighting.propensity import Propensity

WEIGHT_ESTIMANDS = ("ate", "att", "ato")

_METHODS = {
    "ate": "inverse probability weights, 1/e and 1/(1 − e)",
    "att": "weights of those treated, 1 and e/(1 − e)",
    "ato": "overlap weights, 1 − e and e",
}
_STABILIZED = "stabilised inverse probability weights, P/e and (1 − P)/(1 − e)"
_INFINITE = "A score is 0 or 1 to within rounding, so a weight is infinite."


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of participants, with what their estimation adds to a variance.

    Attributes
    ----------
    values : ndarray of float >= 0, shape (n,)
        Weight of each row, times its case weight; NaN where there is no score.
    treated : ndarray of bool, shape (n,)
        True in the first arm.
    estimand : str
        "ate", "att" or "ato".
    stabilized : bool
        Whether multiplied by the share of the arm.
    method : str
        The weights in words.
    slope : ndarray of float, shape (n, r)
        Derivative of each weight by each estimated parameter: coefficients of the score, then the share.
    influence : ndarray of float, shape (n, r)
        What each row adds to these parameters.
    note : str
        Why the weights are NaN; empty otherwise.
    """

    values: FloatArray
    treated: BoolArray
    estimand: str
    stabilized: bool
    method: str
    slope: FloatArray
    influence: FloatArray
    note: str = ""


def weigh(propensity: Propensity, treated: npt.ArrayLike, *, estimand: str, stabilized: bool) -> Weights:
    """Make weights that turn the arms into samples of one population.

    Parameters
    ----------
    propensity : Propensity
        The fitted score e.
    treated : array_like of bool or of 0 and 1, shape (n,)
        1 in the first arm.
    estimand : {"ate", "att", "ato"}
        In whom the effect is averaged: "ate" all participants, 1/e and 1/(1 - e); "att" those of the first arm, 1 and
        e/(1 - e); "ato" the overlap population, 1 - e and e.
    stabilized : bool
        Multiply "ate" weights by the share of the participant's arm.

    Returns
    -------
    Weights
        Weights times case weights, with their derivatives. NaN with a `note` where there is no score.

    Raises
    ------
    DataError
        If `treated` is not zeros and ones, one for each score.
    SpecError
        If `estimand` is not allowed, or weights other than "ate" shall be stabilized.

    Notes
    -----
    *Convention.* Weights are not normalized: weighted means divide by the sum within the arm (Hájek), which makes any
    factor of an arm's weights without effect on them.

    *Verified* against the formulae written in R, derivatives against differences of refitted scores.

    References
    ----------
    Li F, Morgan KL, Zaslavsky AM. J Am Stat Assoc 2018;113:390. doi:10.1080/01621459.2016.1260466
    Robins JM, Hernán MA, Brumback B. Epidemiology 2000;11:550. doi:10.1097/00001648-200009000-00011
    """
    check_choice(estimand, "estimand", WEIGHT_ESTIMANDS)
    if stabilized and estimand != "ate":
        raise SpecError(f"stabilized: is True with estimand {estimand}; only the weights of ate can be stabilized.")
    arm = check_binary(treated, "treated", length=len(propensity.score))
    method = _STABILIZED if stabilized else _METHODS[estimand]
    case, score = propensity.case_weights, propensity.score
    with np.errstate(divide="ignore", over="ignore"):
        weight, derivative = _weight(score, arm, estimand)
    note = propensity.note if not propensity.converged else "" if np.isfinite(weight).all() else _INFINITE
    if note:
        empty = np.full_like(propensity.influence, np.nan)
        return Weights(np.full(len(arm), np.nan), arm, estimand, stabilized, method, empty, empty, note)
    slope, influence = derivative[:, np.newaxis] * propensity.gradient, propensity.influence
    if stabilized:
        weight, slope, influence = _stabilize(weight, slope, influence, arm, case)
    return Weights(case * weight, arm, estimand, stabilized, method, case[:, np.newaxis] * slope, influence)


def _weight(score: FloatArray, arm: BoolArray, estimand: str) -> tuple[FloatArray, FloatArray]:
    """Return each weight and its derivative by the score."""
    other = 1.0 - score
    if estimand == "ato":
        return np.where(arm, other, score), np.where(arm, -1.0, 1.0)
    if estimand == "att":
        return np.where(arm, 1.0, score / other), np.where(arm, 0.0, 1.0 / other**2)
    return np.where(arm, 1.0 / score, 1.0 / other), np.where(arm, -1.0 / score**2, 1.0 / other**2)


def _stabilize(
    weight: FloatArray, slope: FloatArray, influence: FloatArray, arm: BoolArray, case: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    share = float(case @ arm) / float(case.sum())
    factor = np.where(arm, share, 1.0 - share)
    by_share = np.where(arm, weight, -weight)
    of_share = case * (arm - share) / float(case.sum())
    return (
        weight * factor,
        np.column_stack([slope * factor[:, np.newaxis], by_share]),
        np.column_stack([influence, of_share]),
    )


def effective_size(values: npt.ArrayLike) -> float:
    """Compute how many participants of equal weight are worth as much (Kish).

    Parameters
    ----------
    values : array_like of float >= 0, shape (n,)
        Weights, of one arm as a rule.

    Returns
    -------
    float
        ``(sum w)^2 / sum w^2``; 0 where there is nobody or all weights are 0, NaN where a weight is.

    Raises
    ------
    DataError
        If a weight is negative or infinite, or the array has another shape.

    References
    ----------
    Kish L. Survey Sampling. Wiley 1965, section 11.7.
    """
    weights = np.asarray(values, dtype=np.float64)
    if weights.ndim != 1:
        raise DataError(f"values: has {weights.ndim} axes; 1 required.")
    if np.isnan(weights).any():
        return float("nan")
    if (weights < 0).any() or np.isinf(weights).any():
        raise DataError("values: has weights that are negative or infinite; finite weights of at least 0 are required.")
    largest = float(weights.max(initial=0.0))
    if largest == 0:
        return 0.0
    scaled = weights / largest
    return float(scaled.sum() ** 2 / (scaled @ scaled))
