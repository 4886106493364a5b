"""What the catalogue says of a comparison: its choices, its labels, its sentences, and the estimand by ICH E9(R1)."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.analyses.adjustment.measures import MEASURE_WORDS, Measure, OutcomeModel
from npcstats.analyses.adjustment.outcomes import (
    ABSENT_WORDS,
    MarkerOutcome,
    TimeOutcome,
    outcome_label,
    outcome_sentences,
)
from npcstats.analyses.adjustment.rows import UNADJUSTED
from npcstats.analyses.adjustment.telling import TARGETS, adjustment_sentence, score_sentence, target_words
from npcstats.analyses.adjustment.weighing import LOST_WORDS
from npcstats.analyses.comparison.rows import BESIDE
from npcstats.analyses.comparison.spec import ComparisonSpec
from npcstats.analyses.timetoevent.rows import EVENT
from npcstats.derive import arm_pair, compared_words
from npcstats.formatting import counted, format_time
from npcstats.results import Analysis
from npcstats.study import RANDOMIZED, Study

MODELS: Mapping[str, str] = {
    "g-computation": "Outcome regression",
    "aipw": "Doubly robust",
}


def comparison_analysis(study: Study, spec: ComparisonSpec, competing: bool) -> Analysis:
    """Say what a comparison is.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : ComparisonSpec
        As in the plan.
    competing : bool
        Whether other events compete with that of the outcome.

    Returns
    -------
    Analysis
        For the catalogue.
    """
    paired = bool(arm_pair(study))
    label = outcome_label(study, spec.outcome)
    return Analysis(
        spec.label,
        "comparison",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, competing),
        choices={
            "role": spec.role,
            "estimand": spec.estimand if paired else "",
            **({f"estimand.{item.name}": item.estimand for item in spec.adjustments} if paired else {}),
            "ties": spec.ties if paired else "",
            "minimum_events": spec.minimum_events,
            **_time_choices(study, spec),
        },
        labels={
            "block": _block_labels(spec),
            "variable": {spec.outcome.code: label},
            "measure": {item.name: _measure_label(spec, item, competing) for item in spec.measures},
            "level": {**ABSENT_WORDS, **LOST_WORDS, EVENT: label},
        },
        units={spec.outcome.code: "months"} if isinstance(spec.outcome, TimeOutcome) else {},
    )


def _time_choices(study: Study, spec: ComparisonSpec) -> dict[str, str | int]:
    if not isinstance(spec.outcome, TimeOutcome):
        return {}
    endpoint = study.design.endpoint(spec.outcome.endpoint)
    least = {"minimum_at_risk": spec.curves.minimum_at_risk} if spec.curves else {}
    return {"origin": endpoint.origin, "origin_label": study.design.zero_words(endpoint), **least}


def _block_labels(spec: ComparisonSpec) -> dict[str, str]:
    labels = {UNADJUSTED: "Unadjusted"}
    for item in spec.adjustments:
        named = f"{item.label}, {item.estimand.upper()}"
        labels |= {f"{BESIDE}{item.name}": f"Unadjusted, participants of {item.label}", item.name: named}
    if spec.outcome_model and spec.adjustments:
        model = spec.outcome_model.method
        labels[model] = f"{MODELS[model]}, {spec.adjustments[0].estimand.upper()}"
    return labels


def _measure_words(spec: ComparisonSpec, item: Measure, competing: bool) -> str:
    """A measure, without the time at which it is."""
    words = MEASURE_WORDS[item.name]
    if item.name == "hazard_ratio" and competing:
        return f"cause-specific {words}"
    since = isinstance(spec.outcome, MarkerOutcome) and spec.outcome.baseline
    if not since:
        return words
    return f"{words} of {'the ratio to' if item.name == 'mean_ratio' else 'the change from'} baseline"


def _measure_label(spec: ComparisonSpec, item: Measure, competing: bool) -> str:
    words = _measure_words(spec, item, competing)
    return f"{words[:1].upper()}{words[1:]}"


def _summary_words(spec: ComparisonSpec, item: Measure, competing: bool) -> str:
    words = _measure_words(spec, item, competing)
    if item.at is None:
        return words
    return f"{words} {'up to' if item.name == 'restricted_mean_difference' else 'at'} {format_time(item.at)} months"


def _sentences(study: Study, spec: ComparisonSpec, competing: bool) -> dict[str, str]:
    sentences = {
        **outcome_sentences(study, spec.outcome),
        "population": study.design.population(spec.population).definition,
    }
    if not arm_pair(study):
        return {**sentences, "pair": "Nothing is compared: two arms are required."}
    sentences |= _estimand_sentences(study, spec, competing)
    for item in spec.adjustments:
        sentences[f"adjustment.{item.name}"] = adjustment_sentence(item)
        sentences[f"score.{item.name}"] = score_sentence(item)
    if spec.outcome_model and spec.adjustments:
        sentences[f"adjustment.{spec.outcome_model.method}"] = _model_sentence(spec.outcome_model, spec)
    if spec.adjustments:
        sentences["same"] = f"Unadjusted: of the participants of {spec.adjustments[0].label}."
    sentences["wording"] = _wording(study, spec)
    if spec.minimum_events > 1:
        sentences["minimum"] = f"With fewer than {spec.minimum_events} events no effect is estimated."
    if spec.ties:
        sentences["ties"] = f"Hazard ratios: ties by {spec.ties.capitalize()}, proportional hazards assumed."
    if spec.curves:
        sentences["limit"] = (
            "No curve beyond the last time with "
            f"{counted(spec.curves.minimum_at_risk, 'participant')} of the arm at risk."
        )
    return sentences


def _wording(study: Study, spec: ComparisonSpec) -> str:
    if not spec.adjustments:
        return compared_words(study, spec.population).unadjusted
    if study.design.allocation == RANDOMIZED:
        return ""
    return "Effects are associations: the arms were not randomised, and nothing unmeasured is adjusted for."


def _model_sentence(model: OutcomeModel, spec: ComparisonSpec) -> str:
    first = spec.adjustments[0]
    kind = "linear" if isinstance(spec.outcome, MarkerOutcome) and spec.outcome.scale != "detectable" else "logistic"
    arms = "in each arm apart" if model.arms == "apart" else "with the arm among its covariates"
    how = "averaged predictions (g-computation)" if model.method == "g-computation" else f"beside {first.label} (AIPW)"
    return f"{MODELS[model.method]}: {kind} regression of the outcome on the covariates of the score, {arms}, {how}."


def _estimand_sentences(study: Study, spec: ComparisonSpec, competing: bool) -> dict[str, str]:
    """The attributes of ICH E9(R1) that no other sentence has."""
    pair = arm_pair(study)
    labels = {arm.code: arm.label for arm in study.arms}
    named = f"{labels[pair[0]]} compared with {labels[pair[1]]}" if pair else ""
    target = target_words(spec.adjustments[0]) if spec.adjustments else TARGETS[UNADJUSTED]
    events = {
        f"intercurrent.{i}": f"{item.event}: {item.strategy} ({item.words})."
        for i, item in enumerate(spec.intercurrent, start=1)
    }
    summary = "; ".join(_summary_words(spec, item, competing) for item in spec.measures)
    return {
        "role": f"{spec.role[:1].upper()}{spec.role[1:]}{'' if 'control' in spec.role else ' comparison'}.",
        "treatment": f"{spec.treatment[:1].upper()}{spec.treatment[1:]}: {named}.",
        "target": f"{target[:1].upper()}{target[1:]}.",
        **(events or {"intercurrent": "None is foreseen."}),
        "summary": f"{summary[:1].upper()}{summary[1:]}.",
    }
