"""Weights that make two arms alike: who is in the comparison, their scores, and what was lost on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.design import (
    column_words,
    covariate_columns,
    covariate_levels,
    covariate_values,
    is_missing,
    level_columns,
    value_columns,
)
from npcstats.analyses.adjustment.outcomes import OutcomeData
from npcstats.analyses.adjustment.spec import Adjustment, Covariate
from npcstats.derive import require_columns
from npcstats.errors import SpecError
from npcstats.estimators.imputation import IncompleteVariable, cumulative_hazard, impute_covariates
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import Propensity, Trimming, Weights, fit_propensity, trim_scores, weigh
from npcstats.formatting import counted
from npcstats.study import ARM, ARM_COLUMNS, TREATMENTS, Study

NO_COVARIATE, TRIMMED = "no-covariate", "trimmed"
LOST_WORDS: Mapping[str, str] = {
    NO_COVARIATE: "a covariate not known",
    TRIMMED: "trimmed, score outside the range kept",
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
    completed : tuple of mapping of str to ndarray
        Of each imputation, by confounder's column, values of those kept on its scale, places of categorical levels;
        empty without imputation.
    """

    kept: np.ndarray
    designs: tuple[DesignMatrix, ...]
    scores: tuple[Propensity, ...]
    weights: tuple[Weights, ...]
    trimming: Trimming | None
    lost: Mapping[str, np.ndarray]
    missing: Mapping[str, np.ndarray]
    note: str = ""
    completed: tuple[Mapping[str, np.ndarray], ...] = ()


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
        If a confounder tells the treatment, is delivered treatment or was recorded after treatment began, or has values
        that its levels or its scale do not take.
    """
    _refuse_later(study, members, adjustment)
    require_columns(members, "adsl", adjustment.columns, f"analysis {analysis}")
    missing = {item.column: is_missing(members, item) for item in adjustment.confounders}
    if adjustment.missing == "imputed":
        return _imputed(members, treated, adjustment, missing, outcome)
    known = ~np.any([*missing.values()], axis=0)
    if few := _too_few(members.loc[known], adjustment):
        return _no_score(known, known, None, missing, few)
    columns, _ = covariate_columns(study, members, adjustment.confounders, analysis)
    design = _design(columns, known)
    score = fit_propensity(treated[known], design)
    trimming, kept = None, known.copy()
    if adjustment.trim.rule != "none":
        rule = adjustment.trim
        trimming = trim_scores(score.score, treated[known], rule=rule.rule, lower=rule.lower, upper=rule.upper)
        kept[known] = trimming.kept
        if few := _too_few(members.loc[kept], adjustment):
            return _no_score(known, kept, trimming, missing, few)
        design = DesignMatrix(design.values[trimming.kept], design.names)
        if kept.any():
            columns, _ = covariate_columns(study, members.loc[kept], adjustment.confounders, analysis)
            design = _design(columns, np.ones(int(kept.sum()), dtype=bool))
        score = fit_propensity(treated[kept], design)
    weights = weigh(score, treated[kept], estimand=adjustment.estimand, stabilized=adjustment.stabilized)
    lost = {NO_COVARIATE: ~known, TRIMMED: known & ~kept}
    note = (trimming.note if trimming else "") or weights.note
    return _worded(Adjusted(kept, (design,), (score,), (weights,), trimming, lost, missing, note), adjustment)


def _too_few(members: pd.DataFrame, adjustment: Adjustment) -> str:
    """Why those who are left have no splines, which the plan could not know; empty where they have."""
    for item in adjustment.confounders:
        values = covariate_values(members, item) if item.spline_df else np.empty(0)
        distinct = len(np.unique(values[~np.isnan(values)]))
        if 0 < distinct <= item.spline_df:
            named = f"{item.label[:1].upper()}{item.label[1:]}"
            few = counted(distinct, "value")
            return f"{named} has {few} among those left, too few for its spline, so there is no score."
    return ""


def _no_score(
    known: np.ndarray, kept: np.ndarray, trimming: Trimming | None, missing: Mapping[str, np.ndarray], note: str
) -> Adjusted:
    lost = {NO_COVARIATE: ~known, TRIMMED: known & ~kept}
    return Adjusted(kept, (), (), (), trimming, lost, missing, note)


def _refuse_later(study: Study, members: pd.DataFrame, adjustment: Adjustment) -> None:
    """Refuse what is no confounder: treatment itself, and what follows from it or was known only after it began."""
    wrong = later_columns(study, members, adjustment.columns)
    if wrong:
        raise SpecError(
            f"plan: adjustment {adjustment.name} has confounders that are treatment, follow from it or were recorded "
            f"after it began ({', '.join(wrong)}); what was known before treatment is required."
        )


def later_columns(study: Study, members: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Find columns by which nobody may be chosen or made alike: treatment, and what was not known before it began.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population.
    columns : sequence of str
        Of ADSL.

    Returns
    -------
    list of str
        Those that are treatment, follow from it, or were recorded after it began.
    """
    design = study.design
    known_later = [column.name for schema in design.frames if schema.name == "adsl" for column in schema.columns
                   if column.known_from]  # fmt: skip
    later = {*design.treatment_columns.get("adsl", ()), *TREATMENTS, *ARM_COLUMNS.values(), ARM, *known_later,
             *(item.code for item in design.delivered)}  # fmt: skip
    return [column for column in columns if column in later or _is_after(members, column)]


def _is_after(members: pd.DataFrame, column: str) -> bool:
    """Whether a column holds dates most of which are after treatment began; a few are faults of the data."""
    dates, starts = members.get(column), members.get("TRTSDT")
    if dates is None or starts is None or not pd.api.types.is_datetime64_any_dtype(dates):
        return False
    known = dates.notna() & starts.notna()
    return bool(2 * (dates[known] > starts[known]).sum() > known.sum())


def _design(columns: Mapping[str, np.ndarray], kept: np.ndarray) -> DesignMatrix:
    return DesignMatrix(np.column_stack([column[kept] for column in columns.values()]), tuple(columns))


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
    if few := _too_few(members, adjustment):
        return Adjusted(everyone, (), (), (), None, nobody, missing, few)
    designs = tuple(_completed(adjustment, values) for values in found.values)
    scores = tuple(fit_propensity(treated, design) for design in designs)
    weights = tuple(
        weigh(score, treated, estimand=adjustment.estimand, stabilized=adjustment.stabilized) for score in scores
    )
    note = next((one.note for one in weights if one.note), "")
    adjusted = Adjusted(everyone, designs, scores, weights, None, nobody, missing, note, tuple(found.values))
    return _worded(adjusted, adjustment)


def _worded(adjusted: Adjusted, adjustment: Adjustment) -> Adjusted:
    """The same with words for columns in its notes, as they are printed."""
    words = column_words(adjustment.confounders)
    named = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, words))})(?![\w=~])")

    def told(note: str) -> str:
        return named.sub(lambda found: words[found[1]], note)

    return replace(
        adjusted,
        scores=tuple(replace(score, note=told(score.note)) for score in adjusted.scores),
        weights=tuple(replace(one, note=told(one.note)) for one in adjusted.weights),
        note=told(adjusted.note),
    )


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
    values = np.array([places.get(text, np.nan) for text in covariate_levels(members, item)])
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
