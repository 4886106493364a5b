"""One effect estimated in several ways, each on its own participants, with its choices told; and its E-value."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.effects import (
    Asked,
    Compared,
    estimate_compared,
    estimate_modelled,
    outcome_of,
    too_few,
)
from npcstats.analyses.adjustment.measures import MEASURE_WORDS, Measure
from npcstats.analyses.adjustment.outcomes import OutcomeData, derive_outcome, outcome_label, outcome_sentences
from npcstats.analyses.adjustment.telling import confounder_words, imputed_words, variance_words
from npcstats.analyses.adjustment.weighing import adjust, later_columns
from npcstats.analyses.robustness.rows import CHOICE, E_VALUE, LIMIT, POINT
from npcstats.analyses.robustness.spec import Between, RobustnessSpec, Variation, robustness_faults
from npcstats.choices import refuse_faults
from npcstats.derive import arm_pair, population_members, require_columns, results_of
from npcstats.errors import SpecError
from npcstats.estimators.bounds import OUTSIDE
from npcstats.estimators.effects import Effect, Observed
from npcstats.estimators.sensitivity import estimate_e_value
from npcstats.estimators.weighting import effective_size
from npcstats.formatting import format_time
from npcstats.results import Analysis, Results, Row, interval_rows
from npcstats.study import ARM, RANDOMIZED, Study

_MODELS = {"g-computation": "Alone", "aipw": "Doubly robust"}
_VARIANCES = {"m-estimation": "M-estimation", "bootstrap": "Bootstrap"}
_MISSING = {"complete": "Left out", "imputed": "Imputed"}
_RULES = {"none": "None", "crump": "Crump", "common-support": "Common support"}


@dataclass(frozen=True, eq=False)
class _Estimated:
    """A variation: who is compared, and what comes of it."""

    data: OutcomeData
    compared: Compared
    effect: Effect | None
    note: str


def summarize_robustness(study: Study, spec: RobustnessSpec) -> Results:
    """Estimate an effect in several ways.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named.
    spec : RobustnessSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``robustness``; none but sizes where an effect cannot be estimated, with the reason.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or two arms are not compared.
    DataError
        If an event precedes time zero, or a column is not in the data.

    Notes
    -----
    Denominator: of each variation the members of its set whose outcome is known and who have every covariate of its
    score, or an imputed one, and are not trimmed.
    """
    refuse_faults(spec.id, robustness_faults(spec))
    pair = arm_pair(study)
    if pair is None:
        raise SpecError(f"plan: {spec.id} compares arms in session {study.session}; a session of two arms is required.")
    rows: list[Row] = []
    for item in spec.variations:
        found = _estimate(study, spec, item, spec.measure, pair)
        rows += _rows(spec, item, found, pair)
    if spec.e_value:
        rows += _e_value_rows(study, spec, spec.e_value, pair)
    return results_of(study, spec.id, rows, _analysis(study, spec))


def _estimate(
    study: Study, spec: RobustnessSpec, item: Variation, measure: Measure, pair: tuple[str, str]
) -> _Estimated:
    members = population_members(study, item.population or spec.population)
    if item.between:
        members = _between(study, members, item.between, spec.id)
    data = derive_outcome(study, members, item.control or spec.outcome, spec.id)
    treated = (members[ARM] == pair[0]).to_numpy()
    compared = _compared(study, members, treated, data, item, spec)
    few = data.events is not None and int(data.events[compared.kept].sum()) < spec.minimum_events
    note = compared.note or (too_few(spec.minimum_events) if few else "")
    if note:
        return _Estimated(data, compared, None, note)
    outcome, asked = outcome_of(data, compared.kept), Asked(f"{spec.id} {item.code}", spec.conf_level, spec.ties)
    if item.model and item.adjustment and isinstance(outcome, Observed):
        effect = estimate_modelled(outcome, compared, measure, asked, item.model, item.adjustment.estimand)
    else:
        effect = estimate_compared(outcome, compared, measure, asked)
    return _Estimated(data, compared, effect, "")


def _between(study: Study, members: pd.DataFrame, between: Between, analysis: str) -> pd.DataFrame:
    require_columns(members, "adsl", (between.column,), f"analysis {analysis}")
    dates = members[between.column]
    if not pd.api.types.is_datetime64_any_dtype(dates):
        raise SpecError(f"plan: {analysis} is between dates of {between.column}, which holds none; dates are required.")
    if later_columns(study, members, (between.column,)):
        raise SpecError(
            f"plan: {analysis} is between dates of {between.column}, recorded after treatment began, which would "
            "choose participants by what came of it; a date known before treatment is required."
        )
    inside = dates.notna()
    if between.first:
        inside &= dates >= pd.Timestamp(between.first)
    if between.last:
        inside &= dates <= pd.Timestamp(between.last)
    return members.loc[inside].reset_index(drop=True)


def _compared(
    study: Study, members: pd.DataFrame, treated: np.ndarray, data: OutcomeData, item: Variation, spec: RobustnessSpec
) -> Compared:
    known = data.known
    if item.adjustment is None:
        return Compared(item.code, known, treated[known], (None,))
    inside = members.loc[known].reset_index(drop=True)
    found = adjust(study, inside, treated[known], item.adjustment, spec.id, outcome=data.of(known))
    kept = np.zeros(len(members), dtype=bool)
    kept[np.flatnonzero(known)[found.kept]] = True
    weighted = None if item.model else item.adjustment
    return Compared(item.code, kept, treated[kept], found.weights, weighted, found.designs, found.note)


def _rows(spec: RobustnessSpec, item: Variation, found: _Estimated, pair: tuple[str, str]) -> list[Row]:
    outcome = item.control or spec.outcome
    start = Row(spec.id, item.population or spec.population, "participants", "count", 0.0, block=item.code,
                variable=outcome.code)  # fmt: skip
    treated, weights = found.compared.treated, found.compared.weights
    rows: list[Row] = []
    for arm, inside in zip(pair, (treated, ~treated), strict=True):
        rows.append(replace(start, arm=arm, value=float(inside.sum())))
        sizes = [effective_size(w.values[inside]) for w in weights if w is not None and not w.note]
        if sizes and not item.model:
            rows.append(replace(start, arm=arm, measure="effective_size", stat="estimate", value=float(np.mean(sizes))))
    at = math.nan if spec.measure.at is None else spec.measure.at
    named = replace(start, arm=pair[0], reference=pair[1], measure=spec.measure.name, time=at)
    if found.effect is None:
        blank = replace(named, value=math.nan, note=found.note)
        return rows + [replace(blank, stat=stat) for stat in ("estimate", "ci_low", "ci_high")]
    return rows + interval_rows(named, found.effect.interval)


def _e_value_rows(study: Study, spec: RobustnessSpec, measure: Measure, pair: tuple[str, str]) -> list[Row]:
    main = spec.variations[0]
    found = _estimate(study, spec, main, measure, pair)
    named = Row(spec.id, spec.population, E_VALUE, "estimate", math.nan, arm=pair[0], reference=pair[1],
                block=main.code, variable=spec.outcome.code, note=found.note)  # fmt: skip
    if found.effect is None:
        return [replace(named, level=level) for level in (POINT, LIMIT)]
    interval, share = found.effect.interval, None
    outside = interval.estimate < interval.lower or interval.estimate > interval.upper
    if outside:
        interval = replace(interval, lower=math.nan, upper=math.nan)
    if measure.name in ("hazard_ratio", "odds_ratio") and found.data.events is not None:
        share = float(found.data.events[found.compared.kept].mean())
    answer = estimate_e_value(
        interval.estimate, interval.lower, interval.upper, measure="risk_ratio" if measure.name == "mean_ratio"
        else measure.name, outcome_share=share,
    )  # fmt: skip
    made = replace(named, method=answer.conversion, note=OUTSIDE if outside else answer.note)
    return [replace(made, level=POINT, value=answer.estimate), replace(made, level=LIMIT, value=answer.limit)]


def _analysis(study: Study, spec: RobustnessSpec) -> Analysis:
    outcomes = {item.code: item for item in (spec.outcome, *(v.control for v in spec.variations if v.control))}
    choices = {
        f"{CHOICE}.{item.code}.{aspect}": words
        for item in spec.variations
        for aspect, words in _aspects(study, spec, item).items()
    }
    controls = {f"control.{item.code}": True for item in spec.variations if item.control}
    estimands = {f"estimand.{v.code}": v.adjustment.estimand for v in spec.variations if v.adjustment}
    return Analysis(
        spec.label,
        "robustness",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec),
        choices={"estimand": spec.estimand, "ties": spec.ties, "minimum_events": spec.minimum_events, **choices,
                 **controls, **estimands},
        labels={
            "block": {item.code: item.label for item in spec.variations},
            "variable": {code: outcome_label(study, item) for code, item in outcomes.items()},
            "measure": {spec.measure.name: _measure_label(spec.measure)},
            "level": {POINT: "Estimate", LIMIT: "Confidence limit"},
        },
    )  # fmt: skip


def _measure_label(measure: Measure) -> str:
    words = MEASURE_WORDS[measure.name]
    named = f"{words[:1].upper()}{words[1:]}"
    if measure.at is None:
        return named
    return f"{named} {'to' if measure.name == 'restricted_mean_difference' else 'at'} {format_time(measure.at)} months"


def _aspects(study: Study, spec: RobustnessSpec, item: Variation) -> dict[str, str]:
    population = item.population or spec.population
    members = item.between.label if item.between else study.design.population(population).label
    adjustment = item.adjustment
    if adjustment is None:
        return {"estimand": "Unadjusted", "members": members}
    trim = adjustment.trim
    limits = f"{trim.lower} to {trim.upper}" if trim.rule == "range" else _RULES[trim.rule]
    return {
        "estimand": adjustment.estimand.upper(),
        "score": item.score,
        "missing": _MISSING[adjustment.missing],
        "trimming": limits,
        "model": _MODELS[item.model.method] if item.model else "None",
        "variance": "M-estimation" if item.model else _VARIANCES[adjustment.variance],
        "members": members,
    }


def _sentences(study: Study, spec: RobustnessSpec) -> dict[str, str]:
    sentences = {
        **outcome_sentences(study, spec.outcome),
        "population": study.design.population(spec.population).definition,
        "main": "The main analysis stands first.",
        "variations": "Each variation has participants of its own: whose outcome is known and who are in its set, "
        "have the covariates of its score, or an imputed value, and are not trimmed.",
        **_choice_sentences(spec),
    }
    if any(item.control for item in spec.variations):
        sentences["control"] = (
            "Negative control: an outcome on which no effect is expected; an effect on it would show what the "
            "adjustment leaves."
        )
    if spec.e_value:
        sentences["e_value"] = (
            f"E-value, of the {MEASURE_WORDS[spec.e_value.name]} of the main analysis: the least risk ratio that an "
            "unmeasured confounder would need with both the arm and the outcome, beyond the covariates, to move it to "
            "no effect; 1 for a limit where the interval covers no effect."
        )
    if study.design.allocation != RANDOMIZED:
        sentences["wording"] = "All are associations: the arms were not randomised."
    return sentences


def _choice_sentences(spec: RobustnessSpec) -> dict[str, str]:
    """What the words of a choice stand for: covariates, imputation, trimming, regressions, bootstrap, ties."""
    adjusted = [(item.score, item.adjustment) for item in spec.variations if item.adjustment]
    told: dict[str, str] = {}
    for score, adjustment in adjusted:
        topic = "score" if score == adjusted[0][0] else f"covariates.{adjustment.name}"
        words = f"{score}: {confounder_words(adjustment)}."
        told |= {} if words in told.values() else {topic: words}
    imputed = [adjustment for _, adjustment in adjusted if adjustment.missing == "imputed"]
    resampled = [adjustment for _, adjustment in adjusted if adjustment.variance == "bootstrap"]
    if imputed:
        told["imputed"] = f"Imputed: {imputed_words(imputed[0])}."
    if any(adjustment.trim.rule != "none" for _, adjustment in adjusted):
        told["trimmed"] = "Trimmed: the effect is of those kept, and their score is estimated again."
    if any(item.model for item in spec.variations):
        told["model"] = "Outcome regressions are on the covariates of the score."
    if resampled:
        told["bootstrap"] = f"Bootstrap: {variance_words(resampled[0])}."
    if spec.ties:
        told["ties"] = f"Hazard ratios: ties by {spec.ties.capitalize()}, proportional hazards assumed."
    if spec.minimum_events > 1:
        told["minimum"] = f"With fewer than {spec.minimum_events} events no effect is estimated."
    return told
