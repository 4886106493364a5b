"""Weights that make two arms alike: who is in the comparison, their scores, and what was lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import covariate_columns, covariate_values, level_columns, value_columns
from npcstats.analyses.adjustment.outcomes import OutcomeData
from npcstats.analyses.adjustment.spec import Adjustment, Covariate
from npcstats.derive import level_texts
from npcstats.errors import SpecError
from npcstats.estimators.imputation import IncompleteVariable, cumulative_hazard, impute_covariates
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import Propensity, Trimming, Weights, fit_propensity, trim_scores, weigh
from npcstats.study import TREATMENTS, Study

NO_COVARIATE, TRIMMED = "no-covariate", "trimmed"
LOST_WORDS: Mapping[str, str] = {
    NO_COVARIATE: "a covariate not known",
    TRIMMED: "trimmed: score outside the range kept",
}
"""Why a member is not in a weighted comparison, by code."""


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Two arms made alike.

    Attributes
    ----------
    kept : ndarray of bool, shape (n,)
        Members who are compared.
    designs : tuple of DesignMatrix, shape (k, p) each
        Confounders of those kept: one, or one for each imputation.
    scores : tuple of Propensity
        Their scores, in the same order.
    weights : tuple of Weights
        Their weights.
    trimming : Trimming or None
        Of members with all confounders; None where nobody is to be trimmed.
    lost : mapping of str to ndarray of bool, shape (n,)
        Members who are not compared, by reason.
    missing : mapping of str to ndarray of bool, shape (n,)
        By confounder's column, who lacks it.
    note : str
        Why there are no weights; empty otherwise.
    """

    kept: np.ndarray
    designs: tuple[DesignMatrix, ...]
    scores: tuple[Propensity, ...]
    weights: tuple[Weights, ...]
    trimming: Trimming | None
    lost: Mapping[str, np.ndarray]
    missing: Mapping[str, np.ndarray]
    note: str = ""


def adjust(
    study: Study,
    members: pd.DataFrame,
    treated: np.ndarray,
    adjustment: Adjustment,
    analysis: str,
    *,
    outcome: OutcomeData | None = None,
) -> Adjusted:
    """Weigh the members of two arms.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named.
    members : DataFrame
        Those compared, n rows.
    treated : ndarray of bool, shape (n,)
        The first arm.
    adjustment : Adjustment
        Of the plan.
    analysis : str
        Id of the entry that asks.
    outcome : OutcomeData, optional
        Of these members, all known; imputation takes it into account, and requires it.

    Returns
    -------
    Adjusted
        Weights that are NaN, with the reason in `note`, where there is no score: an empty arm, a confounder that
        predicts the arm.

    Raises
    ------
    DataError
        If a confounder is not a column of ADSL.
    SpecError
        If a confounder tells the treatment or is delivered treatment, which comes after it, or has values that its
        levels or its scale do not take.
    """
    _refuse_later(study, adjustment)
    columns, known = covariate_columns(study, members, adjustment.confounders, analysis)
    missing = {item.column: _is_missing(members, item) for item in adjustment.confounders}
    if adjustment.missing == "imputed":
        return _imputed(members, treated, adjustment, missing, outcome)
    design = _design(columns, known)
    score = fit_propensity(treated[known], design)
    trimming, kept = None, known.copy()
    if adjustment.trim.rule != "none":
        rule = adjustment.trim
        trimming = trim_scores(score.score, treated[known], rule=rule.rule, lower=rule.lower, upper=rule.upper)
        kept[known] = trimming.kept
        columns, _ = covariate_columns(study, members.loc[kept], adjustment.confounders, analysis)
        design = _design(columns, np.ones(int(kept.sum()), dtype=bool))
        score = fit_propensity(treated[kept], design)
    weights = weigh(score, treated[kept], estimand=adjustment.estimand, stabilized=adjustment.stabilized)
    lost = {NO_COVARIATE: ~known, TRIMMED: known & ~kept}
    note = (trimming.note if trimming else "") or weights.note
    return Adjusted(kept, (design,), (score,), (weights,), trimming, lost, missing, note)


def _refuse_later(study: Study, adjustment: Adjustment) -> None:
    """Refuse what is no confounder: treatment itself, and what follows from it."""
    design = study.design
    later = {*design.treatment_columns.get("adsl", ()), *TREATMENTS, *(item.code for item in design.delivered)}
    wrong = [column for column in adjustment.columns if column in later]
    if wrong:
        raise SpecError(
            f"plan: adjustment {adjustment.name} has confounders that are treatment or follow from it "
            f"({', '.join(wrong)}); what was known before treatment is required."
        )


def _design(columns: Mapping[str, np.ndarray], kept: np.ndarray) -> DesignMatrix:
    return DesignMatrix(np.column_stack([column[kept] for column in columns.values()]), tuple(columns))


def _is_missing(members: pd.DataFrame, item: Covariate) -> np.ndarray:
    if item.scale == "categorical":
        return np.asarray(level_texts(members[item.column]).to_numpy(dtype=str) == "")
    return np.asarray(members[item.column].isna().to_numpy())


def _imputed(
    members: pd.DataFrame,
    treated: np.ndarray,
    adjustment: Adjustment,
    missing: Mapping[str, np.ndarray],
    outcome: OutcomeData | None,
) -> Adjusted:
    everyone = np.ones(len(members), dtype=bool)
    nobody = {NO_COVARIATE: ~everyone, TRIMMED: ~everyone}
    predictors = {"arm": treated.astype(float), **_of_outcome(outcome)}
    varied = {name: column for name, column in predictors.items() if len(np.unique(column)) > 1}
    found = impute_covariates(
        [_variable(members, item) for item in adjustment.confounders],
        DesignMatrix(np.column_stack([*varied.values()]) if varied else np.empty((len(members), 0)), tuple(varied)),
        continuous="predictive-mean-matching" if adjustment.donors else "normal-regression",
        donors=adjustment.donors or None,
        imputations=adjustment.imputations,
        iterations=adjustment.iterations,
        seed=adjustment.seed,
    )
    if found.note:
        return Adjusted(everyone, (), (), (), None, nobody, missing, found.note)
    designs = tuple(_completed(adjustment, values) for values in found.values)
    scores = tuple(fit_propensity(treated, design) for design in designs)
    weights = tuple(
        weigh(score, treated, estimand=adjustment.estimand, stabilized=adjustment.stabilized) for score in scores
    )
    note = next((one.note for one in weights if one.note), "")
    return Adjusted(everyone, designs, scores, weights, None, nobody, missing, note)


def _of_outcome(outcome: OutcomeData | None) -> dict[str, np.ndarray]:
    """What of an outcome the imputation takes into account; of a time, who had which event, and the hazard so far."""
    if outcome is None:
        return {}
    if not outcome.timed:
        return {"outcome": outcome.values}
    kinds = {f"cause {cause}": (outcome.cause == cause).astype(float) for cause in np.unique(outcome.cause) if cause}
    return {**kinds, "hazard": cumulative_hazard(outcome.values, outcome.cause > 0)}


def _variable(members: pd.DataFrame, item: Covariate) -> IncompleteVariable:
    if item.scale != "categorical":
        return IncompleteVariable(item.column, "continuous", covariate_values(members, item))
    places = {code: float(place) for place, code in enumerate(item.levels)}
    values = level_texts(members[item.column]).map(places).to_numpy(dtype=float)
    return IncompleteVariable(item.column, "binary" if len(places) == 2 else "categorical", values)


def _completed(adjustment: Adjustment, values: Mapping[str, np.ndarray]) -> DesignMatrix:
    """Columns of the design from imputed values on their scales; of a categorical confounder places of its levels."""
    columns: dict[str, np.ndarray] = {}
    for item in adjustment.confounders:
        value = values[item.column]
        if item.scale == "categorical":
            columns |= level_columns(item, np.array([*item.levels])[value.astype(int)])
        else:
            columns |= value_columns(item, value)
    return _design(columns, np.ones(len(next(iter(columns.values()))), dtype=bool))
