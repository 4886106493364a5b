"""Effects by a regression of the outcome: standardized predictions, alone or beside the weights of the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_binary, check_probability
from npcstats.estimators.effects.effect import (
    MEAN_MEASURES,
    RISK_MEASURES,
    ArmEstimate,
    Counted,
    Effect,
    combine_arms,
    count_arm,
    no_effect,
)
from npcstats.estimators.effects.estimate import M_ESTIMATION
from npcstats.estimators.effects.outcomes import Observed
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray
from npcstats.estimators.weighting import WEIGHT_ESTIMANDS, Propensity, fit_propensity, weigh
from npcstats.estimators.weighting.columns import Basis, make_basis

MODEL_METHODS = ("g-computation", "aipw")
MODEL_ARMS = ("apart", "together")
_ROUNDING = 1e-12  # of a residual, relative to the largest value
_NOBODY = "An arm has nobody."
_SEPARATED = "The regression of the outcome has no solution: its covariates tell, at least of some, who has the event."
_NOT_FOUND = "The regression of the outcome has no solution: its likelihood was not maximized."
_ONE_KIND = "The regression of the outcome has no solution: an arm has no event, or nothing but events."
_TOO_FEW = "The regression of the outcome has as many coefficients as there are participants for it, or more."
_UNSEEN = "Covariates do not vary in an arm, or not apart from others, so its regression cannot predict the other arm."


@dataclass(frozen=True, eq=False)
class _Predicted:
    """What an arm's regression predicts for everyone, (n,), its derivative by the coefficients, (n, q), and theirs."""

    value: FloatArray
    gradient: FloatArray
    influence: FloatArray


@one_thread
def estimate_effect_by_model(
    outcome: Observed,
    treated: npt.ArrayLike,
    design: DesignMatrix,
    *,
    measure: str,
    method: str,
    estimand: str,
    arms: str,
    conf_level: float,
) -> Effect:
    """Estimate an effect by a regression of the outcome on covariates.

    Parameters
    ----------
    outcome : Observed
        Of n participants.
    treated : array_like of bool or of 0 and 1, shape (n,)
        1 in the first arm.
    design : DesignMatrix, shape (n, k)
        Covariates of the regression and, for "aipw", of the propensity score.
    measure : str
        A measure of means, by linear regression, or of risks, by logistic regression.
    method : {"g-computation", "aipw"}
        Predictions for everyone as if in either arm, averaged; or these with the weighted mean of what they miss.
    estimand : {"ate", "att", "ato"}
        In whom the effect is averaged; "ato" needs the score, so "aipw".
    arms : {"apart", "together"}
        A regression for each arm, or one with the arm among its covariates.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Effect
        NaN with a note where a regression or the score has no solution, or cannot predict the other arm.

    Raises
    ------
    DataError
        If lengths differ, or a risk is asked of other values than 0 and 1.
    SpecError
        If a choice is not allowed.

    Notes
    -----
    *Convention.* With predictions m_a and h (1 for "ate", for "att" the indicator of the first arm, e(1 - e) for "ato")
    an arm's estimate is ``sum h m_a / sum h`` plus, for "aipw", ``sum_a w (y - m_a) / sum_a w`` with the weights of
    `weigh`. "aipw" of "ate" and "att" is consistent if either model is right (for "att" only the reference's regression
    matters); of "ato" only if the score is, since the score says in whom it averages. The variance is that of all
    estimating equations stacked. A column that is constant in both arms, or a combination of others in both, has no
    coefficient; one that is so in an arm only leaves the other arm without predictions, which is refused.

    *Verified* against the package delicatessen, equations stacked in R and ``PSweight``.

    References
    ----------
    Mao H, Li L, Greene T. Stat Methods Med Res 2019;28:2439. doi:10.1177/0962280218781171
    Robins JM, Rotnitzky A, Zhao LP. J Am Stat Assoc 1994;89:846. doi:10.1080/01621459.1994.10476818
    Snowden JM, Rose S, Mortimer KM. Am J Epidemiol 2011;173:731. doi:10.1093/aje/kwq472
    """
    conf_level = check_probability(conf_level, "conf_level")
    arm = check_binary(treated, "treated", length=len(outcome))
    _check(outcome, design, measure, method, estimand, arms)
    counted = _count(outcome, measure, arm, np.ones(len(arm)))
    if not min(part.size for part in counted):
        return no_effect(_NOBODY, counted, len(arm), conf_level, M_ESTIMATION)
    score = fit_propensity(arm, design) if method == "aipw" else None
    if score is not None:
        weights = weigh(score, arm, estimand=estimand, stabilized=False)
        if weights.note:
            return no_effect(weights.note, counted, len(arm), conf_level, M_ESTIMATION)
        counted = _count(outcome, measure, arm, weights.values)
    found = [_predict(outcome.values, arm, group, design, measure, arms) for group in (True, False)]
    note = next((text for text in found if isinstance(text, str)), "")
    if note:
        return no_effect(note, counted, len(arm), conf_level, M_ESTIMATION)
    estimates = [
        _standardize(outcome.values, arm, group, part, score, estimand, arms)
        for group, part in zip((arm, ~arm), found, strict=True)
        if not isinstance(part, str)
    ]
    return combine_arms(
        (estimates[0], estimates[1]), counted, measure=measure, at=None, conf_level=conf_level, method=M_ESTIMATION
    )


def _check(outcome: object, design: DesignMatrix, measure: str, method: str, estimand: str, arms: str) -> None:
    check_choice(measure, "measure", (*MEAN_MEASURES, *RISK_MEASURES))
    check_choice(method, "method", MODEL_METHODS)
    check_choice(estimand, "estimand", WEIGHT_ESTIMANDS)
    check_choice(arms, "arms", MODEL_ARMS)
    if method == "g-computation" and estimand == "ato":
        raise SpecError("estimand: is 'ato' with method 'g-computation', which has no score; 'aipw' is required.")
    if not isinstance(outcome, Observed) or len(design.values) != len(outcome):
        raise DataError("design: has other participants than the values; one row for each value is required.")
    if measure in RISK_MEASURES and not np.isin(outcome.values, (0.0, 1.0)).all():
        raise DataError(f"values: are not all 0 or 1; these are required for measure {measure!r}.")


def _count(outcome: Observed, measure: str, arm: BoolArray, weight: FloatArray) -> Counted:
    return count_arm(outcome, measure, arm, weight), count_arm(outcome, measure, ~arm, weight)


def _predict(
    values: FloatArray, arm: BoolArray, group: bool, design: DesignMatrix, measure: str, arms: str
) -> _Predicted | str:
    """Fit an arm's regression, or both arms' together, and predict everyone as if in the arm; or say why not."""
    rows, rows_as = design.values, design.values
    weight = (arm == group).astype(np.float64)
    if arms == "together":
        rows, rows_as = (
            np.column_stack([column, design.values]) for column in (arm.astype(np.float64), np.full(len(arm), group))
        )
        weight = np.ones(len(arm))
    everyone, basis = make_basis(rows, np.ones(len(arm))), make_basis(rows, weight)
    if measure in RISK_MEASURES:
        one_kind = _one_kind(values, arm, weight, arms)
        if one_kind is not None:
            return one_kind
    if len(basis.kept) < len(everyone.kept):
        return _UNSEEN
    if np.count_nonzero(weight) <= len(basis.transform):
        return _TOO_FEW
    fit = _logistic if measure in RISK_MEASURES else _linear
    columns_as = np.column_stack([np.ones(len(arm)), rows_as[:, basis.kept]])
    return fit(values, weight, rows, basis, columns_as)


def _one_kind(values: FloatArray, arm: BoolArray, weight: FloatArray, arms: str) -> _Predicted | str | None:
    """Where an arm has no event, or nothing but events: all its predictions are that value, and nothing varies."""
    if arms == "together":
        constant = any((values[group] == values[group][0]).all() for group in (arm, ~arm))
        return _ONE_KIND if constant else None
    inside = values[weight > 0]
    if (inside != inside[0]).any():
        return None
    zero = np.zeros((len(values), 1))
    return _Predicted(np.full(len(values), inside[0]), zero, zero)


def _logistic(
    values: FloatArray, weight: FloatArray, rows: FloatArray, basis: Basis, columns_as: FloatArray
) -> _Predicted | str:
    names = tuple(map(str, range(rows.shape[1])))
    fit = fit_propensity(values, DesignMatrix(rows, names), case_weights=weight)
    if not fit.converged:
        return _SEPARATED if fit.separated else _NOT_FOUND
    chance = special.expit(columns_as @ fit.coefficients)
    return _Predicted(chance, (chance * (1.0 - chance))[:, np.newaxis] * columns_as, fit.influence)


def _linear(
    values: FloatArray, weight: FloatArray, rows: FloatArray, basis: Basis, columns_as: FloatArray
) -> _Predicted | str:
    inverse = np.linalg.inv(basis.values.T @ (basis.values * weight[:, np.newaxis]))
    coef = inverse @ (basis.values.T @ (weight * values))
    missed = values - basis.values @ coef
    residual = weight * np.where(np.abs(missed) > _ROUNDING * np.abs(values).max(), missed, 0.0)
    influence = (basis.values * residual[:, np.newaxis]) @ (inverse @ basis.transform.T)
    return _Predicted(columns_as @ (basis.transform @ coef), columns_as, influence)


def _standardize(
    values: FloatArray, arm: BoolArray, group: BoolArray, part: _Predicted, score: Propensity | None, estimand: str,
    arms: str,
) -> ArmEstimate:  # fmt: skip
    tilt, tilt_slope = _tilt(arm, score, estimand)
    total = tilt.sum()
    value = float(tilt @ part.value / total)
    spread = part.value - value
    parts = [tilt * spread / total, part.influence @ (tilt @ part.gradient / total)]
    if score is not None:
        parts.append(score.influence @ ((tilt_slope * spread) @ score.gradient / total))
        weights = weigh(score, arm, estimand=estimand, stabilized=False)
        weight = np.where(group, weights.values, 0.0)
        missed, heavy = values - part.value, weight.sum()
        more = float(weight @ missed / heavy)
        slope = np.where(group, missed - more, 0.0) / heavy
        parts += [weight * slope, weights.influence @ (weights.slope.T @ slope)]
        parts.append(-part.influence @ (weight @ part.gradient / heavy))
        value += more
    used = values if arms == "together" else values[group]
    scale = float(np.abs(values).max()) + sum(float(np.linalg.norm(one)) for one in parts)
    return ArmEstimate(value, np.sum(parts, axis=0), bool((used != used[0]).any()), scale)


def _tilt(arm: BoolArray, score: Propensity | None, estimand: str) -> tuple[FloatArray, FloatArray]:
    """In whom predictions are averaged, as a weight of each participant, and its derivative by the score."""
    if score is None or estimand != "ato":
        inside = arm.astype(np.float64) if estimand == "att" else np.ones(len(arm))
        return inside, np.zeros(len(arm))
    e = score.score
    return e * (1.0 - e), 1.0 - 2.0 * e
