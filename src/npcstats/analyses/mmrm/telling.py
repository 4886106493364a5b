"""What the catalogue says of a mixed model: its choices, its labels, its sentences, and which covariance was used."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from npcstats.analyses.adjustment.telling import TARGETS, score_sentence, trim_words
from npcstats.analyses.adjustment.weighing import LOST_WORDS
from npcstats.analyses.mmrm.model import Model
from npcstats.analyses.mmrm.rows import (
    ADJUSTED,
    AVERAGE,
    DIED,
    LOG,
    NO_BASELINE,
    NO_CHANGE,
    STRUCTURE_LABELS,
    TERMS,
    UNADJUSTED,
)
from npcstats.analyses.mmrm.spec import MmrmSpec
from npcstats.derive import BELOW_WORDS, NEAREST_RECORD, arm_pair, compared_words
from npcstats.formatting import counted
from npcstats.results import Analysis
from npcstats.study import RANDOMIZED, Study

_DF_WORDS = {
    "kenward-roger": "Kenward–Roger, observed information",
    "kenward-roger-linear": "Kenward–Roger, linear, observed information",
    "satterthwaite": "Satterthwaite",
    "residual": "observations less the rank of the design",
}
_MARGIN_WORDS = {
    "equal": "levels of categorical covariates count the same",
    "proportional": "levels of categorical covariates count as often as they occur",
}
_SIGNS = {"benjamini-hochberg": "q", "holm": "P, family"}
_FAMILIES = {"benjamini-hochberg": "Benjamini and Hochberg", "holm": "Holm"}
Fitted = Mapping[str, tuple[Model, ...]]


def mmrm_analysis(study: Study, spec: MmrmSpec, fitted: Fitted) -> Analysis:
    """Say what a mixed model is.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : MmrmSpec
        As in the plan.
    fitted : mapping of str to tuple of Model
        Models by marker.

    Returns
    -------
    Analysis
        For the catalogue.
    """
    paired = bool(arm_pair(study))
    visits = {code: study.design.visit(code).label for code in spec.visits}
    used = {f"structure.{code}.{model.block}": model.structure for code, models in fitted.items() for model in models}
    item = spec.adjustment if paired else None
    return Analysis(
        spec.label,
        "mmrm",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, fitted),
        choices={
            "main": spec.main,
            "baseline": spec.baseline,
            "structures": spec.structures,
            **used,
            "df_method": spec.df_method,
            "margins": spec.margins,
            "multiplicity": spec.multiplicity if paired else "",
            "robust": spec.robust if item else "",
            "robust_df": spec.robust_df if item else "",
            "estimand": spec.estimand if paired else "",
            **({f"estimand.{item.name}": item.estimand} if item else {}),
            **{f"scale.{marker.code}": marker.scale for marker in spec.markers},
            **{f"style.{marker.code}": marker.style for marker in spec.markers},
        },
        labels={
            "block": {
                UNADJUSTED: "Unadjusted",
                ADJUSTED: "Adjusted",
                **({item.name: f"{item.label}, {item.estimand.upper()}"} if item else {}),
            },
            "variable": {marker.code: marker.label for marker in spec.markers},
            "window": {**visits, AVERAGE: "Average"},
            "level": {
                **TERMS,
                NO_BASELINE: "no value at baseline",
                NO_CHANGE: "no value after baseline",
                DIED: "died before the visit",
                **LOST_WORDS,
            },
        },
        units={marker.code: marker.unit for marker in spec.markers},
    )


def _sentences(study: Study, spec: MmrmSpec, fitted: Fitted) -> dict[str, str]:
    paired, several = bool(arm_pair(study)), len(study.arms) > 1
    baseline = study.design.visit(spec.baseline).label
    scales = {marker.scale for marker in spec.markers}
    told = {LOG: "the logarithm", "identity": "the value"}
    what = " or ".join(words for scale, words in told.items() if scale in scales)
    terms = f"visit{', arm by visit' if several else ''}, baseline value by visit"
    beside = f", and in the adjusted model {_listed(spec)}" if spec.covariates else ""
    sentences = {
        "population": study.design.population(spec.population).definition,
        "model": f"Mixed model for repeated measures of the change of {what} since {_quoted(baseline)}, which is no "
        f"response; restricted likelihood; terms: {terms}{beside}.",
        "visits": NEAREST_RECORD,
        "limit": BELOW_WORDS[spec.below_limit],
        **_structure_sentences(spec, fitted),
        "df_method": f"Degrees of freedom: {_DF_WORDS[spec.df_method]}.",
        "means": _means_sentence(spec, scales),
        "marginal": "Marginal means: predictions averaged over all modelled participants as they are "
        "(G-computation); their limits cover the spread of baseline value and covariates.",
        "missing": "Values at visits are taken to be missing at random.",
        "death": "Means at a visit are of all who are modelled, also of those who died before it, as if their courses "
        "had gone on; the dead are counted, not imputed.",
        "terms": "Tests of terms: F tests of the main model; covariates are not tested.",
        "residuals": "Residuals: divided by the Cholesky factor of their covariance, so that they are alike and "
        "uncorrelated if the model holds.",
    }
    return sentences | (_compared(study, spec) if paired else {})


def _quoted(label: str) -> str:
    return f"the visit “{label}”"


def _listed(spec: MmrmSpec) -> str:
    return ", ".join(f"{item.label}{' (natural spline)' if item.spline_df else ''}" for item in spec.covariates)


def _means_sentence(spec: MmrmSpec, scales: Collection[str]) -> str:
    margin = f"; {_MARGIN_WORDS[spec.margins]}, quantities stand at their mean" if spec.margins else ""
    average = "; average: each visit counts the same"
    ratios = ", of a logarithm as a geometric mean of ratios to baseline" if LOG in scales else ""
    return f"Least-squares means of the {spec.main} model at the mean baseline value{ratios}{margin}{average}."


def _structure_sentences(spec: MmrmSpec, fitted: Fitted) -> dict[str, str]:
    """The order of trial, and of each marker which covariance was used and which failed before it."""
    order = ", ".join(STRUCTURE_LABELS[name] for name in spec.structures)
    labels = {marker.code: marker.label for marker in spec.markers}
    found = {"order": f"Covariance: the first of {order} that converges."} if len(spec.structures) > 1 else {}
    told: dict[str, list[str]] = {}
    for code, models in fitted.items():
        tried = [model.structure for model in models if model.structure or model.failed]
        used = dict.fromkeys(STRUCTURE_LABELS.get(name, "none") for name in tried or [""])
        failed = {STRUCTURE_LABELS[name]: why for model in models for name, why in model.failed.items()}
        why = "".join(f" Not {name}: {reason}" for name, reason in failed.items())
        told.setdefault(f"{' or '.join(used)}.{why}", []).append(labels[code])
    named = {words: "" if len(told) == 1 else f" ({', '.join(codes)})" for words, codes in told.items()}
    of = {f"structure.{i}": f"Covariance used{who}: {words}" for i, (words, who) in enumerate(named.items())}
    return found | of


def _compared(study: Study, spec: MmrmSpec) -> dict[str, str]:
    sentences = {"contrast": "Ratios and differences are of the least-squares means at the visit."}
    if spec.multiplicity:
        size = counted(len(spec.markers) * len(spec.visits), "contrast")
        markers, visits = counted(len(spec.markers), "marker"), counted(len(spec.visits), "visit")
        sentences["family"] = (
            f"{_SIGNS[spec.multiplicity]}: P adjusted by {_FAMILIES[spec.multiplicity]}, of the {size} of {markers} at "
            f"{visits} in the {spec.main} model, a family declared in the plan; the average is not in it."
        )
    else:
        sentences["family"] = "P-values and limits are not adjusted for the number of contrasts."
    item = spec.adjustment
    if item is None:
        words = compared_words(study, spec.population).unadjusted
        return sentences | ({} if spec.covariates else {"adjustment": words}) | _wording(study, spec)
    trimmed = trim_words(item)
    sentences["adjustment"] = (
        f"{item.label}: effect in {TARGETS[item.estimand]}; participants with every covariate; "
        f"{f'{trimmed}; ' if trimmed else ''}no covariate in the model but the baseline value; variance robust by "
        f"participant ({spec.robust.upper()}), the weights taken as known."
    )
    sentences["score"] = score_sentence(item)
    sentences["same"] = "All models of a marker are of the same participants."
    return sentences | _wording(study, spec)


def _wording(study: Study, spec: MmrmSpec) -> dict[str, str]:
    if study.design.allocation == RANDOMIZED or not (spec.covariates or spec.adjustment):
        return {}
    return {
        "wording": "Contrasts are associations: the arms were not randomised, and nothing unmeasured is adjusted for."
    }
