"""What the catalogue says of missing marker values: labels, sentences, choices."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.tipping.rows import AFTER, EFFECTS, FIRST, LOG, METHODS, REASON_WORDS, REFERENCE, SEEN
from npcstats.analyses.tipping.spec import TippingSpec
from npcstats.derive import BELOW_WORDS, NEAREST_RECORD
from npcstats.formatting import counted
from npcstats.results import Analysis
from npcstats.study import RANDOMIZED, Study

STRUCTURE_WORDS: Mapping[str, str] = {
    "unstructured": "unstructured",
    "compound-symmetry": "compound symmetry",
    "compound-symmetry-heterogeneous": "heterogeneous compound symmetry",
    "ar1": "AR(1)",
    "ar1-heterogeneous": "heterogeneous AR(1)",
    "toeplitz": "Toeplitz",
    "toeplitz-heterogeneous": "heterogeneous Toeplitz",
    "ante-dependence": "ante-dependence of the first order",
}
_FREEDOM_WORDS: Mapping[str, str] = {
    "kenward-roger": "Kenward–Roger",
    "kenward-roger-linear": "Kenward–Roger (linear)",
    "satterthwaite": "Satterthwaite",
    "between-within": "between-within",
    "residual": "residual",
}
_STRATEGY_WORDS: Mapping[str, str] = {
    "missing-at-random": "missing at random, the course of the own group",
    "jump-to-reference": "jump to reference, after the last value seen the means of the reference group",
    "copy-reference": "copy reference, the means of the reference group from the start",
    "copy-increments-in-reference": "copy increments, after the last value seen the changes of the reference group",
}

_APART = (
    "A covariate has one coefficient for all visits in the model and one for each in the regressions, so that the "
    "contrasts of the values seen and of those missing at random differ a little even where few values are imputed."
)


def describe(study: Study, spec: TippingSpec, structures: Mapping[str, str], redrawn: Mapping[str, int]) -> Analysis:
    """Describe an analysis for the catalogue.

    Parameters
    ----------
    study : Study
        Its design has the names of visits.
    spec : TippingSpec
        As in the plan.
    structures : mapping of str to str
        By marker, which covariance structure was used, empty where none converged; none where no arms are compared.
    redrawn : mapping of str to int
        By marker, how many samples were drawn again.

    Returns
    -------
    Analysis
        Labels, sentences and choices.
    """
    compared = bool(structures)
    shifts = {f"{shift:g}": f"{shift:g}" for marker in spec.markers for shift in marker.shifts}
    return Analysis(
        spec.label,
        "tipping",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, structures, redrawn),
        choices={
            "baseline": spec.baseline,
            "below_limit": spec.below_limit,
            "df_method": spec.df_method,
            "imputation": "approximate-bayes" if compared else "",
            "imputations": spec.imputations,
            "seed": spec.seed,
            "conf_level": spec.conf_level,
            "estimand": spec.estimand if compared else "",
            **{f"structure.{code}": found for code, found in structures.items()},
            **{f"scale.{marker.code}": marker.scale for marker in spec.markers},
            **{f"style.{marker.code}": marker.style for marker in spec.markers},
            **{f"farthest.{marker.code}": marker.farthest for marker in spec.markers},
        },
        labels={
            "variable": {marker.code: marker.label for marker in spec.markers},
            "window": {code: study.design.visit(code).label for code in spec.visits},
            "level": {
                **{code: METHODS[code] for code in (SEEN, *spec.strategies)},
                **REASON_WORDS,
                AFTER: "Not seen later either",
                FIRST: "First group",
                REFERENCE: "Reference group",
                **shifts,
            },
            "block": shifts,
            "measure": {EFFECTS[LOG]: "Ratio of geometric means", "mean_difference": "Difference of means"},
        },
        units={marker.code: marker.unit for marker in spec.markers},
    )


def _sentences(
    study: Study, spec: TippingSpec, structures: Mapping[str, str], redrawn: Mapping[str, int]
) -> dict[str, str]:
    sentences = {
        "population": study.design.population(spec.population).definition,
        "visits": NEAREST_RECORD,
        "denominator": "In the model: participants with a baseline value and every covariate.",
        "death": "Death is not missing data: who died before a visit's window opened has no value there, and none is "
        "imputed; nor is any for who was not yet due by the cut-off.",
        "last": "In brackets: those of them who were not seen later either; the others have a gap in their course.",
        "limit": BELOW_WORDS[spec.below_limit],
    }
    if not structures:
        return sentences
    sentences |= _method_sentences(study, spec, structures, redrawn)
    if study.design.allocation != RANDOMIZED:
        sentences["wording"] = "Contrasts are associations: the arms were not randomised."
    return sentences


def _method_sentences(
    study: Study, spec: TippingSpec, structures: Mapping[str, str], redrawn: Mapping[str, int]
) -> dict[str, str]:
    adjusted = _covariate_words(spec.covariates)
    again = sum(redrawn.values())
    told = {
        "model": f"Model: change from {study.design.visit(spec.baseline).label} on the group by visit, the baseline "
        f"value by visit{adjusted}; restricted maximum likelihood, covariance {_structures(spec, structures)}, degrees "
        f"of freedom by {_FREEDOM_WORDS[spec.df_method]}.",
        "imputation": f"Imputed: {counted(spec.imputations, 'time')} under each assumption (seed {spec.seed}), each by "
        "a mixed model of the change from baseline fitted to a bootstrap sample of participants within their group; "
        f"the groups are compared at each visit by linear regression on the baseline value{adjusted}, pooled by "
        "Rubin's rules with Barnard and Rubin's degrees of freedom.",
        **({"apart": _APART} if spec.covariates else {}),
        "assumptions": f"Assumed of missing values: {'; '.join(_STRATEGY_WORDS[code] for code in spec.strategies)}. "
        "The reference group is the second named; its own values are missing at random throughout, and so are gaps "
        "before the last value seen.",
    }
    if again:
        told["redrawn"] = f"Samples drawn again because no model of them converged: {again}."
    told["survivors"] = (
        "Contrasts with imputed values are of those alive at the visit and due; the model of the values seen has no "
        "such bound, and tells what would be seen if nobody died."
    )
    told["shift"] = (
        "Shifted: each value imputed as missing at random, in a gap or after the last one, is multiplied by a factor, "
        "of markers compared by a ratio, or increased by an amount."
    )
    told["tipping"] = (
        "Tipping point: the shift of one group's imputed values alone, nearest to none, at which the confidence "
        "interval begins to hold no difference if it does not, and ceases to if it does."
    )
    return told


def _covariate_words(covariates: tuple[Covariate, ...]) -> str:
    return f", {', '.join(item.label for item in covariates)}" if covariates else ""


def _structures(spec: TippingSpec, structures: Mapping[str, str]) -> str:
    """Which structure was used, of each marker where they differ, and which were tried before it in vain."""
    used = dict.fromkeys(structures.values())
    if len(used) == 1:
        return _structure(spec, next(iter(used)))
    labels = {marker.code: marker.label for marker in spec.markers}
    return ", ".join(f"{_structure(spec, found)} ({labels[code]})" for code, found in structures.items())


def _structure(spec: TippingSpec, used: str) -> str:
    if not used:
        return "of none of the plan's structures, none of which converged"
    before = spec.structures[: spec.structures.index(used)]
    failed = f" ({', '.join(STRUCTURE_WORDS[code] for code in before)} did not converge)" if before else ""
    return STRUCTURE_WORDS[used] + failed
