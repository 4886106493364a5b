"""Effects by a regression of the outcome: standardized predictions, alone or beside the weights of the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_binary, check_probability
from npcstats.estimators.effects.effect import (
    MEAN_MEASURES,
    RISK_MEASURES,
    ArmEstimate,
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

MODEL_METHODS = ("g-computation", "aipw")
MODEL_ARMS = ("apart", "together")
_ARM = "arm"
_NOBODY = "An arm has nobody."
_NO_MODEL = "The regression of the outcome has no solution: its covariates tell who has the event in an arm."
_SINGULAR = "The regression of the outcome has no solution: an arm has too few participants for its coefficients."


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
        NaN with a note where a regression or the score has no solution.

    Raises
    ------
    DataError
        If lengths differ, or a risk is asked of other values than 0 and 1.
    SpecError
        If a choice is not allowed.

    Notes
    -----
    *Convention.* With predictions m_a and a tilting function h (1, e, or e(1 - e) for "ate", "att", "ato") an arm's
    estimate is ``sum h m_a / sum h`` plus, for "aipw", ``sum_a w (y - m_a) / sum_a w`` with the weights of `weigh`; of
    g-computation h is 1, or for "att" the indicator of the first arm. "aipw" of "ate" and "att" is consistent if either
    model is right; of "ato" if the score is. The variance is that of all estimating equations stacked.

    *Verified* against the package delicatessen.

    References
    ----------
    Mao H, Li L, Greene T. Stat Methods Med Res 2019;28:2439. doi:10.1177/0962280218781171
    Snowden JM, Rose S, Mortimer KM. Am J Epidemiol 2011;173:731. doi:10.1093/aje/kwq472
    """
    conf_level = check_probability(conf_level, "conf_level")
    arm = check_binary(treated, "treated", length=len(outcome))
    _check(outcome, design, measure, method, estimand, arms)
    one = np.ones(len(arm))
    counted = (count_arm(outcome, measure, arm, one), count_arm(outcome, measure, ~arm, one))
    if not min(part.size for part in counted):
        return no_effect(_NOBODY, counted, len(arm), conf_level, M_ESTIMATION)
    score = fit_propensity(arm, design) if method == "aipw" else None
    if score is not None and not score.converged:
        return no_effect(score.note, counted, len(arm), conf_level, M_ESTIMATION)
    found = [_predict(outcome.values, arm, group, design, measure, arms) for group in (True, False)]
    note = next((text for text in found if isinstance(text, str)), "")
    if note:
        return no_effect(note, counted, len(arm), conf_level, M_ESTIMATION)
    estimates = [
        _standardize(outcome.values, arm, group, part, score, estimand)
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


def _predict(
    values: FloatArray, arm: BoolArray, group: bool, design: DesignMatrix, measure: str, arms: str
) -> _Predicted | str:
    """Fit an arm's regression, or both arms' together, and predict everyone as if in the arm; or say why not."""
    rows, rows_as = design, design
    weight = (arm == group).astype(np.float64)
    if arms == "together":
        rows, rows_as = (
            DesignMatrix(np.column_stack([column, design.values]), (_ARM, *design.names))
            for column in (arm.astype(np.float64), np.full(len(arm), float(group)))
        )
        weight = np.ones(len(arm))
    if measure in RISK_MEASURES:
        return _logistic(values, weight, rows, rows_as)
    return _linear(values, weight, rows, rows_as)


def _logistic(values: FloatArray, weight: FloatArray, rows: DesignMatrix, rows_as: DesignMatrix) -> _Predicted | str:
    inside = values[weight > 0]
    if (inside == inside[0]).all():
        # all predictions are that value, and nothing varies
        zero = np.zeros((len(values), 1))
        return _Predicted(np.full(len(values), inside[0]), zero, zero)
    fit = fit_propensity(values, rows, case_weights=weight)
    if not fit.converged:
        return _NO_MODEL
    kept = [rows.names.index(name) for name in fit.names[1:]]
    columns = np.column_stack([np.ones(len(values)), rows_as.values[:, kept]])
    chance = 1.0 / (1.0 + np.exp(-(columns @ fit.coefficients)))
    return _Predicted(chance, (chance * (1.0 - chance))[:, np.newaxis] * columns, fit.influence)


def _linear(values: FloatArray, weight: FloatArray, rows: DesignMatrix, rows_as: DesignMatrix) -> _Predicted | str:
    columns, columns_as = (np.column_stack([np.ones(len(values)), part.values]) for part in (rows, rows_as))
    used = columns[weight > 0]
    rank = np.linalg.matrix_rank(used)
    if rank < columns.shape[1] or len(used) < columns.shape[1]:
        return _SINGULAR
    inverse = np.linalg.inv(used.T @ used)
    coef = inverse @ (used.T @ values[weight > 0])
    residual = weight * (values - columns @ coef)
    return _Predicted(columns_as @ coef, columns_as, (columns * residual[:, np.newaxis]) @ inverse)


def _standardize(
    values: FloatArray, arm: BoolArray, group: BoolArray, part: _Predicted, score: Propensity | None, estimand: str
) -> ArmEstimate:
    tilt, tilt_slope = _tilt(arm, score, estimand)
    total = tilt.sum()
    value = float(tilt @ part.value / total)
    spread = part.value - value
    influence = tilt * spread / total + part.influence @ (tilt @ part.gradient / total)
    if score is not None:
        influence += score.influence @ ((tilt_slope * spread) @ score.gradient / total)
        weights = weigh(score, arm, estimand=estimand, stabilized=False)
        weight = np.where(group, weights.values, 0.0)
        missed, heavy = values - part.value, weight.sum()
        more = float(weight @ missed / heavy)
        slope = np.where(group, missed - more, 0.0) / heavy
        influence += weight * slope + weights.influence @ (weights.slope.T @ slope)
        influence -= part.influence @ (weight @ part.gradient / heavy)
        value += more
    return ArmEstimate(value, influence, bool((values[group] != values[group][0]).any()))


def _tilt(arm: BoolArray, score: Propensity | None, estimand: str) -> tuple[FloatArray, FloatArray]:
    """The tilting function for each participant, and its derivative by the score."""
    if score is None or estimand == "ate":
        inside = arm.astype(np.float64) if estimand == "att" else np.ones(len(arm))
        return inside, np.zeros(len(arm))
    e = score.score
    return (e, np.ones(len(arm))) if estimand == "att" else (e * (1.0 - e), 1.0 - 2.0 * e)
