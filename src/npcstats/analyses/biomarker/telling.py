"""Words of markers by visit: labels, choices, and the sentences below their tables and figures."""

from __future__ import annotations

from npcstats.analyses.biomarker.rows import CHANGE, DETECTABLE, DUE, EARLY, IDENTITY, LOG, PAIRED, SHARES, VALUE
from npcstats.analyses.biomarker.spec import BiomarkerSpec
from npcstats.derive import BELOW_WORDS, NEAREST_RECORD, arm_pair
from npcstats.results import Analysis
from npcstats.study import Study

_CHANGED = {"newcombe": "Newcombe, paired", "wald": "Wald, paired"}


def biomarker_analysis(study: Study, spec: BiomarkerSpec) -> Analysis:
    """Words of an analysis of markers by visit.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : BiomarkerSpec
        The plan's entry.

    Returns
    -------
    Analysis
        Of kind ``biomarker``.
    """
    compared = arm_pair(study) is not None
    return Analysis(
        spec.label,
        "biomarker",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, compared),
        choices={
            "baseline": spec.visits[0],
            "below_limit": spec.below_limit,
            "interval": spec.proportion,
            "share_change": spec.share_change,
            "difference": spec.share_difference if compared else "",
            **({"quantile_type": spec.quantile_type} if spec.quantile_type else {}),
            "mean_difference": spec.difference if compared else "",
            "estimand": spec.estimand if compared else "",
            **{f"scale.{marker.code}": marker.scale for marker in spec.markers},
            **{f"style.{marker.code}": marker.style for marker in spec.markers},
        },
        labels={
            "block": {marker.block: marker.block for marker in spec.markers},
            "variable": {marker.code: marker.label for marker in spec.markers},
            "level": {
                VALUE: "With a value",
                DUE: "With a value, of those due",
                EARLY: "With a value before the window closed",
                CHANGE: "With a change",
                PAIRED: "With a value, and one at baseline",
                DETECTABLE: "Detectable",
            },
            "window": {code: study.design.visit(code).label for code in spec.visits},
        },
        units={marker.code: marker.unit for marker in spec.markers},
    )


def _sentences(study: Study, spec: BiomarkerSpec, compared: bool) -> dict[str, str]:
    scales: set[str] = {marker.scale for marker in spec.markers}
    sentences = {
        "population": study.design.population(spec.population).definition,
        "visits": NEAREST_RECORD,
        "denominator": "n: participants with a value by the cut-off.",
    }
    if LOG in scales:
        sentences["method"] = "Geometric means and ratios to baseline, with t intervals on the logarithms."
        sentences["interval.log"] = "Limits of a geometric mean: t intervals on the logarithms."
    if IDENTITY in scales:
        sentences["interval.identity"] = "Limits of a mean: t intervals."
    if scales - {DETECTABLE}:
        sentences["limit"] = BELOW_WORDS[spec.below_limit]
    if DETECTABLE in scales:
        method = spec.proportion.title().replace("-", "–")
        sentences[f"detectable.{SHARES}"] = "Detectable: any quantity, also below the limit of quantification."
        sentences["interval.detectable"] = f"Limits of the detectable share: {method}."
        if spec.share_change:
            sentences[f"change.{SHARES}"] = (
                "The change of a share is that of the participants with a value at baseline and at the visit, in "
                f"percentage points; its limits: {_CHANGED[spec.share_change]}."
            )
    if compared:
        sentences |= _contrast_sentences(spec, scales)
    return sentences


def _contrast_sentences(spec: BiomarkerSpec, scales: set[str]) -> dict[str, str]:
    sentences = {}
    if spec.difference and scales - {DETECTABLE}:
        variance = "unequal variances" if spec.difference == "welch" else "a common variance"
        sentences["difference"] = f"Differences between arms allow for {variance}."
    if spec.share_difference and DETECTABLE in scales:
        method = spec.share_difference.title().replace("-", "–")
        sentences[f"difference.{SHARES}"] = (
            f"Arms are compared by their shares at the visit, in percentage points; limits: {method}."
        )
    if sentences:
        sentences["adjustment"] = "Not adjusted for baseline differences or for multiplicity."
    return sentences
