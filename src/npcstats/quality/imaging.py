"""Rules about images: what a visit with images holds, repeated readings, scanners, and readings that are copies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from npcstats.quality.inspection import Inspection, Mark, Rule, mark
from npcstats.study import input_schemas
from npcstats.wording import is_variable

GROUP = "Images"
VISIT = ["USUBJID", "AVISIT"]


def _features(inspected: Inspection) -> list[str]:
    declared = {"USUBJID", *input_schemas(inspected.study.design)["adrad"].by_name}
    return [name for name in inspected.study["adrad"].columns if name not in declared]


def _whole_visit(inspected: Inspection) -> Iterator[Mark]:
    images, wanted = inspected.study["adrad"], inspected.checks.imaging
    if wanted is None:
        return
    for column, values in (("MODALITY", wanted.modalities), ("ROI", wanted.rois)):
        stray = ~images[column].isin(values).to_numpy()
        yield from mark("adrad", stray, lambda i, c=column, v=values: f"{c} is none of {', '.join(v)}")  # type: ignore[misc]
        firsts = images.loc[images["REPLICATE"] == 1]
        for value in values:
            has = (firsts[column] == value).groupby([firsts[name] for name in VISIT]).transform("any")
            lacking = firsts.loc[~has].drop_duplicates(VISIT).index
            broken = images.index.isin(lacking) & ~stray
            yield from mark("adrad", broken, lambda i, v=value: f"the visit has no reading of {v}")  # type: ignore[misc]


def _first_before_second(inspected: Inspection) -> list[Mark]:
    images = inspected.study["adrad"]
    key = [name for name in (*VISIT, "MODALITY", "ROI") if name in images]
    first = (images["REPLICATE"] == 1).groupby([images[name] for name in key]).transform("any")
    return mark("adrad", ~first, lambda i: "a repeated reading, but the first one is not there")


def _one_scanner(inspected: Inspection) -> list[Mark]:
    images = inspected.study["adrad"]
    first = images.groupby([*VISIT, "MODALITY"])["SCANNER"].transform("first")
    return mark("adrad", images["SCANNER"] != first, lambda i: "another scanner than the first image of the visit")


def _no_copy(inspected: Inspection) -> Iterator[Mark]:
    images, names = inspected.study["adrad"], _features(inspected)
    if len(names) < (inspected.checks.copied or 0):
        return
    values = images[names].to_numpy(dtype=float)
    first: dict[bytes, int] = {}
    for place in np.flatnonzero((~np.isnan(values)).sum(axis=1) >= (inspected.checks.copied or 0)):
        other = first.setdefault(values[place].tobytes(), int(place))
        if other != place:
            yield Mark("adrad", int(place) + 1, f"all features are those of {inspected.row('adrad', other)}")


def _features_vary(inspected: Inspection) -> Iterator[Mark]:
    images, names = inspected.study["adrad"], _features(inspected)
    spread: pd.Series = images[names].nunique()
    people = images["USUBJID"].nunique()
    for name in spread.index[(spread == 1) & (people > 1)]:
        shown = name if is_variable(name) else f"a feature whose name is of {len(name):,} characters"
        yield Mark("adrad", 1, f"{shown} is the same in all rows")


_READING = ("adrad.USUBJID", "adrad.AVISIT", "adrad.MODALITY", "adrad.ROI", "adrad.REPLICATE")

RULES = (
    Rule(
        "RAD-SET",
        GROUP,
        "A visit with images has every modality and region.",
        "query",
        _READING,
        _whole_visit,
        lambda checks: checks.imaging,
    ),
    Rule(
        "RAD-REPLICATE",
        GROUP,
        "A repeated reading repeats a first one.",
        "query",
        _READING,
        _first_before_second,
        lambda checks: checks.imaging,
    ),
    Rule(
        "RAD-SCANNER",
        GROUP,
        "Images of a modality are made on one scanner at a visit.",
        "query",
        (*_READING, "adrad.SCANNER"),
        _one_scanner,
        lambda checks: checks.imaging,
    ),
    Rule(
        "RAD-COPY",
        GROUP,
        "A reading is not a copy of another one.",
        "query",
        _READING,
        _no_copy,
        lambda checks: checks.copied,
    ),
    Rule(
        "RAD-CONSTANT",
        GROUP,
        "A feature varies.",
        "query",
        _READING,
        _features_vary,
        lambda checks: checks.imaging,
    ),
)
