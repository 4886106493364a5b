"""What the catalogue says of scores and weights: choices, labels, sentences, and what is wrong with an adjustment."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from npcstats.analyses.adjustment.spec import Adjustment
from npcstats.analyses.adjustment.telling import score_sentence, target_words, trim_words
from npcstats.analyses.adjustment.weighing import LOST_WORDS
from npcstats.analyses.propensity.rows import INTERCEPT, REMAINING, VERDICT
from npcstats.analyses.propensity.spec import PropensitySpec
from npcstats.derive import arm_pair, compared_words
from npcstats.results import Analysis, Row
from npcstats.results.catalogue import Choice
from npcstats.study import Study

_DENOMINATOR = {
    "average": "the root mean of both arms' unweighted variances, before and after",
    "treated": "the first arm's unweighted SD, before and after",
}
_DENOMINATORS = {
    "complete": "Before weighting: participants with every confounder.",
    "imputed": "Before weighting: all participants of the set, with missing confounders imputed.",
}
_PAIR = 2


def propensity_analysis(study: Study, spec: PropensitySpec, rows: Sequence[Row]) -> Analysis:
    """Say what scores and weights are, and what is wrong with them.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named or removed.
    spec : PropensitySpec
        As in the plan.
    rows : sequence of Row
        What was found, from which verdicts are read.

    Returns
    -------
    Analysis
        For the catalogue.
    """
    paired = arm_pair(study) is not None
    return Analysis(
        spec.label,
        "propensity",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, rows) if paired else _unpaired(study, spec),
        choices=_choices(spec) if paired else {},
        labels=_labels(spec),
        units={item.covariate.column: item.unit for item in spec.characteristics if item.unit},
    )


def _unpaired(study: Study, spec: PropensitySpec) -> dict[str, str]:
    return {
        "population": study.design.population(spec.population).definition,
        "pair": "Nothing is compared: two arms are required.",
    }


def _choices(spec: PropensitySpec) -> dict[str, Choice]:
    chosen: dict[str, Choice] = {
        "smd_denominator": spec.smd_denominator,
        "smd_limits": "delta",
        "quantile_type": 2,
        "bin_width": spec.bin_width,
        "smd_limit": spec.smd_limit,
        "least_overlap": spec.least_overlap,
        "least_effective": spec.least_effective,
    }
    for item in spec.adjustments:
        chosen |= {f"estimand.{item.name}": item.estimand, f"trim.{item.name}": item.trim.rule}
        chosen[f"confounders.{item.name}"] = item.columns
    for part in spec.characteristics:
        chosen[f"scale.{part.covariate.column}"] = part.covariate.scale
        if part.style:
            chosen[f"style.{part.covariate.column}"] = part.style
    return chosen


def _labels(spec: PropensitySpec) -> dict[str, dict[str, str]]:
    parts = [item.covariate for item in spec.characteristics]
    levels = {f"{item.column}={code}": label for item in parts for code, label in item.levels.items()}
    splines = {
        f"{item.column}=~{place + 1}": f"Column {place + 1} of its spline"
        for adjustment in spec.adjustments
        for item in adjustment.confounders
        for place in range(item.spline_df)
    }
    return {
        "block": {item.name: f"{item.label}, {item.estimand.upper()}" for item in spec.adjustments},
        "variable": {INTERCEPT: "Intercept", **{item.covariate.column: item.label for item in spec.characteristics}},
        "level": {**levels, **splines, **LOST_WORDS},
    }


def _sentences(study: Study, spec: PropensitySpec, rows: Sequence[Row]) -> dict[str, str]:
    told = {f"{VERDICT}.{item.name}": _verdict(study, spec, item, rows) for item in spec.adjustments}
    told |= {f"{REMAINING}.{item.name}": _remaining(spec, item, rows) for item in spec.adjustments}
    told |= {
        "population": study.design.population(spec.population).definition,
        "wording": compared_words(study, spec.population).baseline,
    }
    for item in spec.adjustments:
        told[f"target.{item.name}"] = _target(item)
        told[f"score.{item.name}"] = score_sentence(item)
        told[f"denominator.{item.name}"] = _DENOMINATORS[item.missing]
    told |= {
        "smd": f"SMD: standardized mean difference, first arm minus reference, over "
        f"{_DENOMINATOR[spec.smd_denominator]}; of several levels also the Mahalanobis distance, which has no sign.",
        "outcome": "Outcomes were not looked at; each comparison estimates the score again among those whose outcome "
        "is known.",
    }
    if missed := _not_scored(spec):
        told["beside"] = f"Not in the score: {missed}."
    if any(item.covariate.scale == "log2" for item in spec.characteristics):
        told["logarithm"] = "The SMD of a skewed characteristic is of its logarithm, and its mean is geometric."
    return {topic: words for topic, words in told.items() if words}


def _target(item: Adjustment) -> str:
    told = [f"{item.label}: each arm is weighted to stand for {target_words(item)}"]
    if item.stabilized:
        told.append("weights are stabilised")
    if item.missing == "imputed":
        told.append(f"missing confounders are imputed without the outcome, and each number is the average over "
                    f"{item.imputations} imputations")  # fmt: skip
    told += [trim_words(item)] if trim_words(item) else []
    return f"{'; '.join(told)}."


def _not_scored(spec: PropensitySpec) -> str:
    scored = {column for item in spec.adjustments for column in item.columns}
    return ", ".join(item.label for item in spec.characteristics if item.covariate.column not in scored)


def _verdict(study: Study, spec: PropensitySpec, item: Adjustment, rows: Iterable[Row]) -> str:
    """What a reader must know before the numbers of an adjustment are used; empty where nothing is wrong."""
    found = [row for row in rows if row.block == item.name]
    at = {(row.measure, row.arm): row for row in found if row.stat in ("estimate", "count") and not row.variable}
    pair = arm_pair(study)
    if pair is None:
        return ""
    score = at["c_statistic", pair[0]]
    if math.isnan(score.value) or math.isnan(at["largest_weight", pair[0]].value):
        return f"{item.label}: nothing can be weighted. {score.note or at['largest_weight', pair[0]].note}"
    faults = _overlap_faults(study, spec, item, at, pair)
    return f"{item.label}: {'; '.join(faults)}." if faults else ""


def _overlap_faults(
    study: Study, spec: PropensitySpec, item: Adjustment, at: dict[tuple[str, str], Row], pair: tuple[str, str]
) -> list[str]:
    faults = []
    if at["overlap", pair[0]].value < spec.least_overlap:
        faults.append(f"the arms hardly overlap (less than {100 * spec.least_overlap:g}% of the distributions of their "
                      "scores is common), so whatever is compared rests on few participants and on the model of the "
                      "score")  # fmt: skip
    labels = {arm.code: arm.label for arm in study.arms}
    for arm in pair:
        if at["effective_size", arm].value < spec.least_effective * at["observed", arm].value:
            faults.append(f"few participants carry the weight of {labels[arm]} (effective size below "
                          f"{100 * spec.least_effective:g}% of those weighted)")  # fmt: skip
    return faults


def _remaining(spec: PropensitySpec, item: Adjustment, rows: Iterable[Row]) -> str:
    """What still differs after weighting; empty where nothing does."""
    several = {part.covariate.column for part in spec.characteristics if len(part.covariate.levels) > _PAIR}
    shown = [
        row
        for row in rows
        if row.block == item.name and row.measure == "weighted_smd" and (row.level or row.variable not in several)
    ]
    apart = {row.variable for row in shown if abs(row.value) > spec.smd_limit}
    named = [part.label for part in spec.characteristics if part.covariate.column in apart]
    if not named:
        return ""
    return (
        f"{item.label}: after weighting the arms still differ by more than {spec.smd_limit:g} SD in {', '.join(named)}."
    )
