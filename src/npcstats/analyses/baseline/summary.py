"""Characteristics of participants by arm: distributions, missing values and standardized differences.

No test of baseline differences is made: a p-value would answer no question, whether arms were randomised or not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.derive import (
    arm_groups,
    arm_pair,
    compared_words,
    distinct_level_texts,
    population_members,
    results_of,
    told_texts,
)
from npcstats.errors import SpecError
from npcstats.estimators.continuous import (
    standardized_count_difference,
    standardized_mean_difference,
    summarize_continuous,
)
from npcstats.results import Analysis, Results, Row, share_rows
from npcstats.study import Study

_MOMENTS = ("mean", "std_deviation", "minimum", "first_quartile", "median", "third_quartile", "maximum")


def summarize_baseline(study: Study, spec: BaselineSpec) -> Results:
    """Summarize characteristics by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : BaselineSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``baseline``.

    Raises
    ------
    SpecError
        If a characteristic is not a column, or a value is outside its declared levels.

    Notes
    -----
    Denominator: participants of the population with a value. Missing data: counted in a row of their own.
    """
    members = population_members(study, spec.population)
    groups, pair = arm_groups(study, members), arm_pair(study)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    inside = [np.flatnonzero(group.members) for group in groups]
    for item in spec.characteristics:
        values = _column(study, members, item)
        parts = [_known(values[places], item) for places in inside]
        template = replace(start, block=item.block, variable=item.column, unit=item.unit)
        for group, places, part in zip(groups, inside, parts, strict=True):
            rows += _group_rows(replace(template, arm=group.arm), item, part, len(places), spec)
        if pair:
            contrast = replace(template, arm=pair[0], reference=pair[1], unit="")
            rows.append(_difference_row(contrast, item, parts[0], parts[-2], spec))
    return results_of(study, spec.id, rows, _analysis(study, spec, bool(pair)))


def _column(study: Study, members: pd.DataFrame, item: Characteristic) -> np.ndarray:
    """Numbers, or the position of each level in the plan; NaN or -1 without a value."""
    if item.column not in members:
        raise SpecError(
            f"plan: characteristic {item.column} is not a column of adsl; a column of adsl, or one of "
            "the design's delivered treatment, is required."
        )
    values: pd.Series = members[item.column]
    if item.scale == "continuous":
        return values.to_numpy(dtype=float, na_value=np.nan)
    places, found = distinct_level_texts(values)
    texts = [text or item.blank for text in [*found, ""]]
    stray = sorted({*texts} - {*item.levels, ""})
    if stray:
        shown = told_texts(study, "adsl", item.column, stray)
        raise SpecError(f"plan: {item.column} has values outside its levels ({shown}); a label for each is required.")
    levels = [*item.levels]
    coded = np.array([levels.index(text) if text else -1 for text in texts])
    return np.asarray(coded[places])


def _known(values: np.ndarray, item: Characteristic) -> np.ndarray:
    """The values of a group, sorted, so that the last bit of a sum does not depend on the order of the data."""
    if item.scale == "continuous":
        return np.sort(values[~np.isnan(values)])
    return np.bincount(values + 1, minlength=len(item.levels) + 1)[1:]


def _group_rows(template: Row, item: Characteristic, part: np.ndarray, size: int, spec: BaselineSpec) -> list[Row]:
    counted = replace(template, unit="")
    known = len(part) if item.scale == "continuous" else int(part.sum())
    rows = [
        replace(counted, measure="observed", stat="count", value=float(known)),
        replace(counted, measure="missing", stat="count", value=float(size - known)),
    ]
    if item.scale == "categorical":
        share = replace(counted, measure="proportion")
        return rows + [
            row
            for level, count in zip(item.levels, part.tolist(), strict=True)
            for row in share_rows(replace(share, level=level), count, known)
        ]
    moments = summarize_continuous(part, weights=None, quantile_type=spec.quantile_type)
    described = replace(template, stat="estimate", method=f"quantile type {spec.quantile_type}")
    return rows + [_moment_row(described, name, getattr(moments, name)) for name in _MOMENTS]


def _moment_row(template: Row, name: str, value: float) -> Row:
    note = "Too few participants have a value." if np.isnan(value) else ""
    method = template.method if name in ("first_quartile", "median", "third_quartile") else ""
    return replace(template, measure=name, value=float(value), method=method, note=note)


def _difference_row(
    template: Row, item: Characteristic, first: np.ndarray, reference: np.ndarray, spec: BaselineSpec
) -> Row:
    if item.scale == "categorical":
        # Of two categories the first listed counts as 1, so that the sign is that of its share.
        kind = "binary" if len(item.levels) == 2 else "categorical"
        found = standardized_count_difference(first[::-1], reference[::-1], kind=kind, denominator=spec.smd_denominator)
    else:
        arrays = (first, reference)
        if item.log_floor is not None:
            arrays = (np.log(np.maximum(first, item.log_floor)), np.log(np.maximum(reference, item.log_floor)))
        found = standardized_mean_difference(*arrays, kind="continuous", denominator=spec.smd_denominator)
    return replace(
        template,
        measure="smd",
        stat="estimate",
        value=found.estimate,
        method=f"{spec.smd_denominator} variance",
        note=found.note,
    )


_OF_CATEGORIES = (
    "; of two categories it is that of the first listed; for more than two it is the Mahalanobis distance, which has "
    "no sign"
)


def _analysis(study: Study, spec: BaselineSpec, compared: bool) -> Analysis:
    blocks = {item.block: item.block for item in spec.characteristics}
    levels = {f"{c.column}={code}": label for c in spec.characteristics for code, label in c.levels.items()}
    categorical = any(item.scale == "categorical" for item in spec.characteristics)
    shares = "Percentages are of participants with a value; participants without one are counted as missing."
    sentences = {"denominator": shares if categorical else "Participants without a value are counted as missing."}
    if any(item.scale == "continuous" and item.show == "median" for item in spec.characteristics):
        sentences["method"] = f"Quartiles are of Hyndman–Fan type {spec.quantile_type}."
    if compared:
        sentences["adjustment"] = (
            "SMD: standardized mean difference, first arm minus reference, in units of "
            + ("the root mean of both arms' variances" if spec.smd_denominator == "average" else "the first arm's SD")
            + (_OF_CATEGORIES if categorical else "")
            + f". {compared_words(study, spec.population).baseline}"
        )
        skewed = [item.label for item in spec.characteristics if item.log_floor is not None]
        if skewed:
            sentences["skewed"] = f"The SMD of a skewed characteristic is that of its logarithm: {', '.join(skewed)}."
    elif told := compared_words(study, spec.population).baseline:
        sentences["adjustment"] = told
    if absent := [item.label for item in spec.characteristics if item.column in study.unrecorded]:
        sentences["unmet"] = f"By the cut-off nobody has a record of: {', '.join(absent)}."
    show = {f"show.{c.column}": c.show for c in spec.characteristics if c.scale == "continuous"}
    style = {f"style.{c.column}": c.style for c in spec.characteristics if c.scale == "continuous"}
    return Analysis(
        spec.label,
        "baseline",
        spec.status,
        spec.population,
        sentences=sentences,
        choices={
            "quantile_type": spec.quantile_type,
            "smd_denominator": spec.smd_denominator if compared else "",
            **show,
            **style,
        },
        labels={"block": blocks, "variable": {c.column: c.label for c in spec.characteristics}, "level": levels},
        units={c.column: c.unit for c in spec.characteristics if c.unit},
    )
