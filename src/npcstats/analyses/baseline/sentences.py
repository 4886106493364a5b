"""What a reader has to know of a table of characteristics, from the plan and the study."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from npcstats.analyses.baseline.rows import TESTS
from npcstats.analyses.baseline.spec import COUNTED, BaselineSpec, Characteristic
from npcstats.analyses.baseline.values import treated_from
from npcstats.derive import compared_words
from npcstats.results import Analysis
from npcstats.results.catalogue import Choice
from npcstats.study import RANDOMIZED, Study

_OF_CATEGORIES = (
    "; of two categories it is that of the {}; for more than two it is the Mahalanobis distance, which has no sign"
)
_ADJUSTED = {
    "none": "not adjusted for their number",
    "holm": "adjusted by Holm's method for all tests of the table",
    "benjamini-hochberg": "adjusted by Benjamini and Hochberg's method, for the false discovery rate, for all tests of "
    "the table",
}


def analysis_words(study: Study, spec: BaselineSpec, *, masked: bool) -> Analysis:
    """What a display needs to know of a table of characteristics.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : BaselineSpec
        Of the plan.
    masked : bool
        Whether arms are told apart, but not named.

    Returns
    -------
    Analysis
        Sentences, choices, labels and units.
    """
    items, compared = spec.characteristics, len(study.arms) > 1
    levels = {f"{item.column}={code}": label for item in items for code, label in item.levels.items()}
    labels = {
        "block": {item.block: item.block for item in items},
        "variable": {item.column: item.label for item in items},
        "level": levels,
    }
    if spec.split:
        named = spec.split
        labels["subgroup"] = {f"{named.column}={code}": label for code, label in named.levels.items()}
        labels["variable"].setdefault(named.column, named.label)
    if started := treated_from(study):
        labels["measure"] = {"unstarted": f"Had not reached {study.design.words.dates[started]} by the cut-off"}
    if len(study.arms) > 2:
        pairs = combinations(study.arms, 2)
        labels["pair"] = {f"{one.code} {two.code}": f"{one.label} minus {two.label}." for one, two in pairs}
    if compared and any(item.test for item in items):
        labels["method"] = {item.test: TESTS[item.test] for item in items if item.test}
    return Analysis(
        spec.label,
        "baseline",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, masked),
        choices=_choices(spec, compared),
        labels=labels,
        units={item.column: item.unit for item in items if item.unit},
    )


def _choices(spec: BaselineSpec, compared: bool) -> dict[str, Choice]:
    items = spec.characteristics
    tested = compared and any(item.test for item in items)
    chosen: dict[str, Choice] = {
        "quantile_type": spec.quantile_type,
        "smd_denominator": spec.smd_denominator if compared else "",
    }
    if compared and spec.conf_level is not None:
        chosen["smd_limits"] = "delta"
    if tested:
        chosen["multiplicity"] = spec.multiplicity
    for item in items:
        if item.scale != "categorical":
            chosen[f"scale.{item.column}"] = item.scale
        if item.scale == "continuous":
            chosen[f"show.{item.column}"] = " ".join(item.shown)
            chosen[f"style.{item.column}"] = item.style
        if item.spread:
            chosen[f"spread.{item.column}"] = item.spread
        if item.together:
            chosen[f"together.{item.column}"] = True
        if item.named:
            chosen[f"named.{item.column}"] = item.named
    return chosen


def _sentences(study: Study, spec: BaselineSpec, masked: bool) -> dict[str, str]:
    items = spec.characteristics
    shares = "Percentages are of participants with a value; participants without one are counted as missing."
    counted = any(item.scale in COUNTED for item in items)
    told = {"denominator": shares if counted else "Participants without a value are counted as missing."}
    if method := " ".join(_methods(spec)):
        told["method"] = method
    told |= _comparing(study, spec)
    if masked:
        told["masking"] = (
            "Arms are masked; who knows how a characteristic differs between the treatments can tell from this table "
            "which arm is which."
        )
        if any(item.scale == "date" for item in items):
            told["dates"] = "Dates by arm (s) are withheld while arms are masked."
    if absent := _named(items, (item.column in study.unrecorded for item in items)):
        told["unmet"] = f"By the cut-off nobody has a record of: {absent}."
    return told


def _methods(spec: BaselineSpec) -> list[str]:
    items, shown = spec.characteristics, {name for item in spec.characteristics for name in item.shown}
    told = []
    if "median" in shown:
        told.append(f"Quartiles are of Hyndman–Fan type {spec.quantile_type}.")
    if "geometric-sd" in shown:
        told.append("The geometric SD is a factor.")
    if "geometric-cv" in shown:
        told.append("CV: coefficient of variation of a log-normal variable.")
    if any(item.scale == "date" for item in items):
        told.append("The median date is one that a participant has, of two middle ones the earlier.")
    return told


def _comparing(study: Study, spec: BaselineSpec) -> dict[str, str]:
    """What is said of a comparison of arms."""
    words = compared_words(study, spec.population).baseline
    if not words:
        return {}
    items = spec.characteristics
    tested = any(item.test for item in items)
    untested = study.design.allocation == RANDOMIZED and not tested
    closing = f"{words} No test of them is made." if untested else words
    told = {"adjustment": f"{_of_difference(study, spec)}{closing}"}
    if spec.smd_denominator and (skewed := _named(items, (item.log_floor is not None for item in items))):
        told["skewed"] = f"The SMD of a skewed characteristic is that of its logarithm: {skewed}."
    logged = _named(items, (item.log_floor is not None and bool(item.test) for item in items))
    if tested:
        told["tests"] = f"P-values are of the tests that the footnotes name, {_ADJUSTED[spec.multiplicity]}." + (
            f" Tests of a skewed characteristic are of its logarithm: {logged}." if logged else ""
        )
    return told


def _of_difference(study: Study, spec: BaselineSpec) -> str:
    if not spec.smd_denominator:
        return ""
    items, several = spec.characteristics, len(study.arms) > 2
    units = "the root mean of both arms' variances" if spec.smd_denominator == "average" else "the first arm's SD"
    categories = any(item.scale in ("categorical", "binary") or item.smd == "categories" for item in items)
    told = [
        f"SMD: standardized mean difference, {'first arm named minus the other' if several else _FIRST}, in units of "
        f"{units}{_OF_CATEGORIES.format(_listed(items)) if categories else ''}."
    ]
    if scored := _named(items, (item.smd == "scores" for item in items)):
        told.append(f"The SMD of an ordinal characteristic is of scores 1, 2, … for its levels: {scored}.")
    if ranked := _named(items, (item.smd == "categories" for item in items)):
        told.append(f"The SMD of an ordinal characteristic is of its categories whatever their order: {ranked}.")
    if several:
        told.append(
            "The largest SMD is that of the two arms that differ most, which the footnotes name; it has no limits, "
            "having been chosen for its size."
        )
    elif spec.conf_level is not None:
        told.append("Limits of an SMD are by the delta method, of a distance by the noncentral chi-squared "
                    "distribution.")  # fmt: skip
    return f"{' '.join(told)} "


_FIRST = "first arm minus reference"


def _listed(items: Iterable[Characteristic]) -> str:
    """Which of two categories a difference is that of."""
    scales = {item.scale for item in items if len(item.levels) == 2}
    if scales == {"binary"}:
        return "one shown"
    return "one shown, or listed first" if "binary" in scales else "first listed"


def _named(items: Iterable[Characteristic], chosen: Iterable[bool]) -> str:
    """Labels of characteristics, those that are chosen."""
    return ", ".join(item.label for item, wanted in zip(items, chosen, strict=True) if wanted)
