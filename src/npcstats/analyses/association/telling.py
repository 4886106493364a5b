"""What the catalogue says of markers and outcome."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.analyses.association.models import Model
from npcstats.analyses.association.rows import (
    ADJUSTED,
    BASELINE,
    COMPETED,
    DEVIATION,
    DOUBLING,
    EVENT,
    FREE,
    LANDMARK,
    OUTCOME,
    PRESENCE,
    READINGS,
    UNADJUSTED,
    UNKNOWN,
)
from npcstats.analyses.association.spec import AssociationSpec
from npcstats.analyses.timetoevent.groups import EXCLUSIONS
from npcstats.derive import NEAREST_RECORD
from npcstats.formatting import counted
from npcstats.results import Analysis
from npcstats.study import Endpoint, Study

BELOW_WORDS = {
    "half-limit": "Values below the limit of quantification count as half that limit.",
    "missing": "Values below the limit of quantification count as missing.",
}
UNIT_WORDS = {
    DOUBLING: "per doubling",
    DEVIATION: "per SD",
    PRESENCE: "detected against not",
}
SCALE_WORDS = {"log": ", of the logarithm", "identity": ""}
FAMILIES = {"holm": "Holm", "benjamini-hochberg": "Benjamini and Hochberg"}
_PAIR = 2


def describe(
    study: Study, spec: AssociationSpec, endpoint: Endpoint, models: Sequence[Model], blocks: Sequence[str]
) -> Analysis:
    """Say what an analysis is.

    Parameters
    ----------
    study : Study
        Its arms and design.
    spec : AssociationSpec
        What was wanted.
    endpoint : Endpoint
        Of the design.
    models : sequence of Model
        That were made.
    blocks : sequence of str
        Of their adjustment.

    Returns
    -------
    Analysis
        Labels, sentences and choices.
    """
    months = {"month": spec.courses.month} if spec.courses else {}
    return Analysis(
        spec.label,
        "association",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, endpoint, models, blocks),
        choices={
            "marker_ties": spec.ties,
            "below_limit": spec.below_limit,
            "multiplicity": spec.multiplicity,
            "carried_days": spec.carried_days,
            "minimum_events": spec.minimum_events,
            "blocks": ",".join(blocks),
            **months,
            "interval": spec.courses.proportion if spec.courses else "",
            **{f"scale.{marker.name}": marker.scale for marker in spec.markers},
            **{f"style.{marker.name}": marker.style for marker in spec.markers},
        },
        labels={
            "block": {UNADJUSTED: "Unadjusted", ADJUSTED: "Adjusted", OUTCOME: "By outcome", **EXCLUSIONS},
            "variable": {marker.name: f"{marker.label}, {_unit_words(marker.per, marker.scale)}"
                         for marker in spec.markers},
            "level": {model.code: _model_words(study, model) for model in models},
            "window": {code: study.design.visit(code).label for code in (spec.courses.visits if spec.courses else ())},
            "subgroup": _outcome_words(),
            "marker": {marker.name: marker.label for marker in spec.markers},
        },
        units={marker.name: marker.unit for marker in spec.markers if marker.scale != "detectable"},
    )  # fmt: skip


def _unit_words(per: str, scale: str) -> str:
    return UNIT_WORDS[per] + (SCALE_WORDS[scale] if per == DEVIATION else "")


def _model_words(study: Study, model: Model) -> str:
    if model.way == READINGS:
        return "Latest reading"
    label = study.design.visit(model.visit).label
    return label if model.way == BASELINE else f"{label}, landmark"


def _outcome_words() -> dict[str, str]:
    return {
        f"{OUTCOME}={EVENT}": "With the event",
        f"{OUTCOME}={FREE}": "Followed without it",
        f"{OUTCOME}={COMPETED}": "With a competing event before it",
        f"{OUTCOME}={UNKNOWN}": "Follow-up ended before",
    }


def _sentences(
    study: Study, spec: AssociationSpec, endpoint: Endpoint, models: Sequence[Model], blocks: Sequence[str]
) -> dict[str, str]:
    ways = {model.way for model in models}
    competing = "; a competing event ends follow-up" if endpoint.competing else ""
    ratios = "Cause-specific hazard ratios" if endpoint.competing else "Hazard ratios"
    told = {
        "definition": study.design.definition(endpoint),
        "population": study.design.population(spec.population).definition,
        "method": f"{ratios} by Cox regression, ties by {spec.ties.capitalize()}{competing}; linear in the marker on "
        "its scale, without a cut-off.",
        "unit": _unit_sentence(study, spec),
    }
    if ways - {READINGS}:
        told["visits"] = NEAREST_RECORD
    if LANDMARK in ways:
        told["landmark"] = " ".join(dict.fromkeys(item.landmark.definition for item in spec.landmarks))
    if READINGS in ways:
        told["readings"] = (
            "Latest reading: a covariate that changes with time, from just after the day of a reading until the next, "
            f"for {counted(spec.carried_days, 'day')} at most, and then the participant is not at risk until the next; "
            "an event at such a time is not counted. Readings taken before the event may already tell of it."
        )
    if any(marker.scale != "detectable" for marker in spec.markers):
        told["limit"] = BELOW_WORDS[spec.below_limit]
    told["adjustment"] = _adjustment(study, spec, blocks)
    if spec.by_arm and len(study.arms) >= _PAIR:
        told["by_arm"] = (
            "Ratios of arms: one model with a ratio for each arm and covariates in common; the same in all: likelihood "
            "ratio test, not adjusted for multiplicity."
        )
    if spec.multiplicity in FAMILIES:
        last = "adjusted " if blocks[-1] == ADJUSTED else ""
        told["multiplicity"] = (
            f"q: the p-value of the {last}ratio, adjusted by {FAMILIES[spec.multiplicity]} for all markers and models "
            "of the analysis."
        )
    told["wording"] = "Markers are associated with what happens later; that changing one would change it is not shown."
    told["minimum"] = (
        f"With fewer than {counted(spec.minimum_events, 'event')} no model is fitted."
        if spec.minimum_events > 1
        else "Without an event no model is fitted."
    )
    if spec.courses:
        told["outcome"] = (
            f"Groups by what happened within {spec.courses.month:g} months of {study.design.zero_words(endpoint)}: a "
            "description, as nobody knows at a visit what will happen. Values on the day of the event and after it are "
            "left out."
        )
    return told


def _unit_sentence(study: Study, spec: AssociationSpec) -> str:
    visit = study.design.visit(spec.baseline).label
    words = {
        DOUBLING: "Per doubling: for twice the value.",
        DEVIATION: f"Per SD: for a value higher by one standard deviation of everyone's at {visit}.",
        PRESENCE: "Detected against not: for any quantity against none, also below the limit of quantification.",
    }
    return " ".join(told for per, told in words.items() if any(marker.per == per for marker in spec.markers))


def _adjustment(study: Study, spec: AssociationSpec, blocks: Sequence[str]) -> str:
    if ADJUSTED not in blocks:
        return "Not adjusted for other characteristics."
    parts = [f"for {'; '.join(item.label for item in spec.covariates)}"] if spec.covariates else []
    parts += ["with a baseline hazard for each arm"] if len(study.arms) >= _PAIR else []
    both = " Both models are of participants with all of these." if spec.covariates else ""
    return f"Adjusted: {', '.join(parts)}.{both}{_itself(spec)}"


def _itself(spec: AssociationSpec) -> str:
    """Which markers are not adjusted for a covariate that is the marker itself."""
    labels = {item.column: item.label for item in spec.covariates}
    told = [
        f"{marker.label}, {_unit_words(marker.per, marker.scale)}, not for "
        f"{'; '.join(labels[name] for name in marker.without)}"
        for marker in spec.markers
        if marker.without
    ]
    return f" {'; '.join(told)}." if told else ""
