"""The propensity score: the probability of the first arm, by logistic regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError
from npcstats.estimators.checks import check_binary, check_weights
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray
from npcstats.estimators.weighting.columns import Basis, make_basis
from npcstats.estimators.weighting.logistic import Climb, climb_likelihood, has_maximum
from npcstats.estimators.weighting.separation import Separation, find_separation
from npcstats.formatting import counted

INTERCEPT = "(Intercept)"

# steps, and absolute linear predictor, after which separation is looked for
_EARLY, _WIDE = 15, 35.0
_STEPS = 200

NOBODY = "There are no participants, so there is no score."
NOT_MAXIMIZED = (
    "The likelihood was not maximized, so there is no score; a column may have values too far from all others."
)


@dataclass(frozen=True, eq=False)
class Propensity:
    """A fitted propensity score.

    Attributes
    ----------
    score : ndarray of float in (0, 1), shape (n,)
        Probability of being treated, given the covariates; NaN where there is no maximum of the likelihood.
    names : tuple of str, length q
        Names of the coefficients, the intercept first; columns that say nothing have none.
    coefficients : ndarray of float, shape (q,)
        Log odds of being treated, for one unit of each column; NaN as the score.
    influence : ndarray of float, shape (n, q)
        What each row adds to the estimated coefficients: their error is about the sum over rows, and its covariance
        about the sum of squares (sandwich).
    gradient : ndarray of float, shape (n, q)
        Derivative of each score by each coefficient.
    covariance : ndarray of float, shape (q, q)
        Inverse of the information: the model's covariance of the coefficients.
    case_weights : ndarray of float >= 0, shape (n,)
        How often each row counts.
    converged : bool
        Whether there is a score.
    separated : tuple of str
        Columns that tell the arms apart, each alone or all together, as `note` says; empty without separation.
    left_out : tuple of str
        Columns without a coefficient, because they are constant or a combination of those before them.
    iterations : int
        Steps of Newton's method.
    note : str
        Why there is no score, or which columns have no coefficient; empty otherwise.
    """

    score: FloatArray
    names: tuple[str, ...]
    coefficients: FloatArray
    influence: FloatArray
    gradient: FloatArray
    covariance: FloatArray
    case_weights: FloatArray
    converged: bool
    separated: tuple[str, ...]
    left_out: tuple[str, ...]
    iterations: int
    note: str = ""


@one_thread
def fit_propensity(
    treated: npt.ArrayLike, design: DesignMatrix, *, case_weights: npt.ArrayLike | None = None
) -> Propensity:
    """Fit the propensity score by logistic regression.

    Parameters
    ----------
    treated : array_like of bool or of 0 and 1, shape (n,)
        1 in the first arm.
    design : DesignMatrix, shape (n, k)
        Covariates; a column of ones is added.
    case_weights : array_like of float >= 0, shape (n,), or None
        How often each row counts, as in a bootstrap sample; None counts each once. A row of weight 0 is scored
        and does not count.

    Returns
    -------
    Propensity
        Scores, coefficients, and what the variance of anything weighted by the score needs. Under separation, or
        where an arm is empty, the score is NaN and `note` says why.

    Raises
    ------
    DataError
        If a value is missing or not 0 or 1, a case weight is negative, all are 0, or lengths differ.

    Notes
    -----
    *Convention.* The likelihood is maximized by Newton's method with step halving, on columns made uncorrelated, until
    no component of its gradient exceeds 1e-12 for each case. A column that is constant, or a combination of those
    before it, has no coefficient; the score does not depend on it.

    *Separation.* Every result comes with a proof that the likelihood has a maximum: positive numbers that balance all
    columns (Stiemke's lemma), or, where these are too close to 0, a linear program that finds no separating direction.
    A penalized score is not offered, since it balances nothing.

    *Influence.* Row i adds ``c_i (a_i - e_i) x_i' I^-1`` with case weight c, arm a, score e, covariates x and
    information I.

    *Verified* against R ``stats::glm`` (scores, coefficients, covariance), R ``sandwich`` and the package delicatessen
    (influence).

    References
    ----------
    Rosenbaum PR, Rubin DB. Biometrika 1983;70:41. doi:10.1093/biomet/70.1.41
    Stefanski LA, Boos DD. Am Stat 2002;56:29. doi:10.1198/000313002753631330
    """
    arm = check_binary(treated, "treated")
    source = _check_design(design, len(arm))
    weight = np.ones(len(arm)) if case_weights is None else check_weights(case_weights, "case_weights", length=len(arm))
    counts = weight > 0
    sizes = int(np.count_nonzero(arm & counts)), int(np.count_nonzero(~arm & counts))
    if not min(sizes):
        return _refuse(design, weight, _empty(sizes))
    basis = make_basis(source, weight)
    outcome = arm.astype(np.float64)
    climb = climb_likelihood(basis.values, outcome, weight, steps=_EARLY, widest=_WIDE)
    if not has_maximum(climb, basis.values, outcome, weight):
        separation = find_separation(basis.standard[counts], arm[counts])
        if separation is not None:
            names = tuple(design.names[place] for place in basis.kept[separation.columns])
            return _refuse(design, weight, _separated(names, separation, sum(sizes)), basis, names)
        if not climb.converged:
            climb = climb_likelihood(basis.values, outcome, weight, start=climb.coef, steps=_STEPS)
    if not climb.converged:
        return _refuse(design, weight, NOT_MAXIMIZED, basis)
    return _build(design, basis, climb, arm, weight)


def _check_design(design: object, length: int) -> FloatArray:
    if not isinstance(design, DesignMatrix):
        raise DataError(f"design: is a {type(design).__name__}; a DesignMatrix is required.")
    if len(design.values) != length:
        raise DataError(
            f"design: has {counted(len(design.values), 'row')}; {length} required, one for each participant."
        )
    return design.values


def _empty(sizes: tuple[int, int]) -> str:
    if not any(sizes):
        return NOBODY
    lacking = "first" if not sizes[0] else "second"
    return f"Nobody is in the {lacking} arm, so there is no score."


def _separated(names: tuple[str, ...], separation: Separation, size: int) -> str:
    listed = ", ".join(names)
    who = f"{separation.told_apart} of {counted(size, 'participant')}"
    if len(names) == 1:
        how = f"{listed} separates the arms"
    elif separation.alone:
        how = f"each of {listed} separates the arms"
        who += f" by {names[0]}"
    else:
        how = f"a combination of {listed} separates the arms"
    return f"The likelihood has no maximum, so there is no score: {how} ({who} lie where only one arm is)."


def _left_out(design: DesignMatrix, basis: Basis | None) -> tuple[tuple[str, ...], str]:
    reasons = () if basis is None else basis.reasons
    lost = [(name, reason) for name, reason in zip(design.names, reasons, strict=False) if reason]
    words = "".join(f" {name} {reason}, so it has no coefficient." for name, reason in lost)
    return tuple(name for name, _ in lost), words.strip()


def _refuse(
    design: DesignMatrix,
    weight: FloatArray,
    note: str,
    basis: Basis | None = None,
    separated: tuple[str, ...] = (),
) -> Propensity:
    left_out, _ = _left_out(design, basis)
    names = (INTERCEPT, *(name for name in design.names if name not in left_out))
    n, q = len(weight), len(names)
    return Propensity(
        score=np.full(n, np.nan),
        names=names,
        coefficients=np.full(q, np.nan),
        influence=np.full((n, q), np.nan),
        gradient=np.full((n, q), np.nan),
        covariance=np.full((q, q), np.nan),
        case_weights=weight,
        converged=False,
        separated=separated,
        left_out=left_out,
        iterations=0,
        note=note,
    )


def _build(design: DesignMatrix, basis: Basis, climb: Climb, arm: BoolArray, weight: FloatArray) -> Propensity:
    left_out, words = _left_out(design, basis)
    inverse = np.linalg.inv(climb.information)
    residual = weight * (arm - climb.probability)
    spread = climb.probability * (1.0 - climb.probability)
    gradient = np.empty_like(basis.values)
    gradient[:, 0] = spread
    gradient[:, 1:] = spread[:, np.newaxis] * design.values[:, basis.kept]
    return Propensity(
        score=climb.probability,
        names=(INTERCEPT, *(design.names[place] for place in basis.kept)),
        coefficients=basis.transform @ climb.coef,
        influence=(basis.values * residual[:, np.newaxis]) @ (inverse @ basis.transform.T),
        gradient=gradient,
        covariance=basis.transform @ inverse @ basis.transform.T,
        case_weights=weight,
        converged=True,
        separated=(),
        left_out=left_out,
        iterations=climb.iterations,
        note=words,
    )
