"""What the catalogue says of many features."""

from __future__ import annotations

import re

from npcstats.analyses.features.rows import CHANGE, DIFFERENCE, HAZARD, NO_COVARIATE
from npcstats.analyses.features.spec import FeaturesSpec
from npcstats.derive import NEAREST_RECORD, arm_pair
from npcstats.results import Analysis
from npcstats.study import Study

_WORD = re.compile(r"\d+D|[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|\d+")
_CLASSES = {"firstorder": "First order"}
_BRITISH = {"gray": "grey", "normalized": "normalised", "non uniformity": "non-uniformity"}
_FAMILIES = {"benjamini-hochberg": "Benjamini and Hochberg", "holm": "Holm"}


def feature_name(code: str, prefix: str) -> str:
    """Name a feature on the page.

    Parameters
    ----------
    code : str
        Its column.
    prefix : str
        What all begin with.

    Returns
    -------
    str
        Its class, and its own name in words.
    """
    family, _, own = code.removeprefix(prefix).partition("_")
    words = " ".join(word if word.isupper() else word.lower() for word in _WORD.findall(own))
    for american, british in _BRITISH.items():
        words = words.replace(american, british)
    shown = family.upper() if family.startswith(("gl", "ng")) else _CLASSES.get(family, family.capitalize())
    return f"{shown}: {words}" if words else shown


def features_analysis(study: Study, spec: FeaturesSpec, names: tuple[str, ...]) -> Analysis:
    """Say what models of many features are.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : FeaturesSpec
        As in the plan.
    names : tuple of str
        Columns of the features.

    Returns
    -------
    Analysis
        For the catalogue.
    """
    paired = arm_pair(study) is not None
    return Analysis(
        spec.label,
        "features",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, paired),
        choices={
            "screen": "random-intercept",
            "ties": spec.ties,
            "multiplicity": spec.multiplicity,
            "transform": spec.transform,
            "discovery": spec.discovery,
            "baseline": spec.visits[0],
            "estimand": spec.estimand if paired else "",
        },
        labels={
            "block": {item.code: item.label for item in spec.sets},
            "variable": {name: feature_name(name, spec.prefix) for name in names},
            "window": {code: study.design.visit(code).label for code in spec.visits},
            "level": {
                CHANGE: "Change",
                DIFFERENCE: "Change",
                HAZARD: study.design.endpoint(spec.endpoint).label,
                NO_COVARIATE: "no value of a covariate",
            },
        },
    )


def _sentences(study: Study, spec: FeaturesSpec, paired: bool) -> dict[str, str]:
    baseline = f"“{study.design.visit(spec.visits[0]).label}”"
    endpoint = study.design.endpoint(spec.endpoint).label
    scale = (
        "Features are"
        if spec.transform == "identity"
        else "Features, or their logarithms where all are above zero, are"
    )
    beside = [item.label for item in spec.covariates]
    covariates = f", {', '.join(beside[:-1])}{' and ' if beside[:-1] else ''}{beside[-1]}" if beside else ""
    what = "the difference between the arms in the change" if paired else "the change"
    return {
        "population": study.design.population(spec.population).definition,
        "scale": f"{scale} divided by their standard deviation at the visit {baseline}.",
        "visits": NEAREST_RECORD,
        "model": f"A model of each feature with a random intercept of the participant, terms visit"
        f"{', arm, arm by visit' if paired else ''}{covariates}; shown is {what} since the visit {baseline}; "
        "Satterthwaite degrees of freedom.",
        "outcome": f"{endpoint}: hazard ratio for one standard deviation of the feature at the visit {baseline}, a Cox "
        "model of each feature alone, all participants together; no cut-point is looked for.",
        "multiplicity": f"q: p-values adjusted by {_FAMILIES[spec.multiplicity]}, of each kind of image apart: of "
        "changes at all visits together, of hazard ratios.",
        "explored": "Features are many and related to each other: what stands out is a hypothesis, not a finding.",
    }
