"""What tells masked arms apart anyway: whoever knows how the treatments differ knows which letter is which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from npcstats.analyses.masking.rows import BLOCKS, CALENDAR, CHARACTERISTICS, KNOWN, SIZES
from npcstats.analyses.masking.spec import KnownDifference, MaskingSpec
from npcstats.derive import arm_groups, population_members, require_columns, results_of
from npcstats.errors import SpecError
from npcstats.results import EVERYONE, Analysis, Results, Row, count_rows, select
from npcstats.study import Study

NOBODY = "An arm has nobody yet."
ENTERED = "Share of an arm entered by any one day"
NOT_YET = "There is no such number for each arm by the cut-off."
READER = (
    "Those who know how the treatments differ in these can tell from a difference beyond its limit which letter is "
    "which."
)
SENTENCES = {
    SIZES: "Sizes: the largest difference between two arms, of the participants of an analysis set.",
    CALENDAR: "Enrolment over time: the largest difference in the share of an arm that was enrolled by any one day.",
    CHARACTERISTICS: "Characteristics: the standardized difference without its sign.",
    KNOWN: "Known: what is known, before any data, to be more frequent after one of the treatments.",
}
LABELS = {
    SIZES: "Size of the arms",
    CALENDAR: "Enrolment over time",
    CHARACTERISTICS: "Characteristics at enrolment",
    KNOWN: "Known to differ between the treatments",
}


@dataclass(frozen=True)
class Difference:
    """A difference between arms, NaN with a reason where it is not known; its code and its name."""

    code: str
    label: str
    value: float
    note: str = ""


def assess_masking(study: Study, results: Results, spec: MaskingSpec) -> Results:
    """Compare what could tell the arms apart with the plan's limits.

    Parameters
    ----------
    study : Study
        At its cut-off, arms masked; named ones are compared alike.
    results : Results
        Every other analysis of the session.
    spec : MaskingSpec
        What is looked at.

    Returns
    -------
    Results
        Rows of kind ``masking``, none of them by arm; none at all where there are no two arms.

    Raises
    ------
    SpecError
        If what the plan names selects no row, or several for an arm.
    DataError
        If a column is not there.

    Notes
    -----
    Convention: a difference on its limit is not beyond it; of three arms and more the two that differ most count.
    """
    found = _differences(study, results, spec) if len(study.arms) > 1 else {}
    limits = {
        SIZES: spec.size_limit, CALENDAR: spec.calendar_limit, CHARACTERISTICS: spec.characteristics_limit,
        KNOWN: spec.known_limit,
    }  # fmt: skip
    rows = [
        row for block in BLOCKS if found.get(block) for row in _block_rows(spec, block, found[block], limits[block])
    ]
    told = [row for row in rows if row.measure == "telling" and row.variable == EVERYONE]
    if rows:
        count, total = (sum(int(row.value) for row in told if row.stat == stat) for stat in ("count", "total"))
        rows += count_rows(Row(spec.id, spec.population, "telling", "count", 0.0, variable=EVERYONE), count, total)
    shown = [block for block in BLOCKS if found.get(block)]
    analysis = Analysis(
        spec.label,
        "masking",
        spec.status,
        spec.population,
        {"method": " ".join(SENTENCES[block] for block in shown), "reader": READER} if shown else {},
        labels={
            "block": {block: LABELS[block] for block in shown},
            "variable": {one.code: one.label for block in shown for one in found[block]},
        },
    )
    return results_of(study, spec.id, rows, analysis)


def _differences(study: Study, results: Results, spec: MaskingSpec) -> dict[str, list[Difference]]:
    """By block, what is looked at."""
    return {
        SIZES: _sizes(study, results, spec),
        CALENDAR: _calendar(study, spec) if spec.calendar else [],
        CHARACTERISTICS: _characteristics(results, spec) if spec.characteristics else [],
        KNOWN: [_known(study, results, one) for one in spec.known],
    }


def _block_rows(spec: MaskingSpec, block: str, found: Sequence[Difference], limit: float) -> list[Row]:
    rows, beyond = [], 0
    place = Row(spec.id, spec.population, "arm_distance", "estimate", 0.0, block=block)
    for one in found:
        known = not math.isnan(one.value)
        told = float(one.value > limit) if known else math.nan
        beyond += told == 1
        row = replace(place, variable=one.code, value=one.value, note=one.note)
        rows += [row, replace(row, measure="telling", stat="count", value=told)]
    everything = replace(place, variable=EVERYONE)
    rows.append(replace(everything, measure="arm_distance_limit", value=limit))
    total = sum(not math.isnan(one.value) for one in found)
    return rows + count_rows(replace(everything, measure="telling"), beyond, total)


def _sizes(study: Study, results: Results, spec: MaskingSpec) -> list[Difference]:
    """Of each analysis set of the session."""
    used = [entry.population for entry in results.catalogue.analyses.values()]
    populations = {item.code: item.label for item in study.design.populations}
    found = []
    for code in dict.fromkeys((spec.population, *used)):
        *arms, everyone = (int(group.members.sum()) for group in arm_groups(study, population_members(study, code)))
        size = (max(arms) - min(arms)) / everyone if everyone else math.nan
        found.append(Difference(code, populations[code], size, "" if everyone else "The analysis set is empty."))
    return found


def _calendar(study: Study, spec: MaskingSpec) -> list[Difference]:
    members = population_members(study, spec.population)
    require_columns(members, "adsl", [spec.calendar], f"analysis {spec.id}")
    days = members[spec.calendar]
    arms = [days[group.members].dropna() for group in arm_groups(study, members)[:-1]]
    if any(arm.empty for arm in arms):
        return [Difference(CALENDAR, ENTERED, math.nan, NOBODY)]
    return [Difference(CALENDAR, ENTERED, max(_apart(*pair) for pair in combinations(arms, 2)))]


def _apart(one: pd.Series, other: pd.Series) -> float:
    """Largest difference between two cumulative shares, on any day."""
    days = np.concatenate([one.to_numpy(), other.to_numpy()])
    shares = [np.searchsorted(np.sort(arm.to_numpy()), days, side="right") / len(arm) for arm in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())


def _characteristics(results: Results, spec: MaskingSpec) -> list[Difference]:
    """Of each characteristic the largest standardized difference of its rows."""
    selected = select(results, **spec.characteristics, stat="estimate")
    if not selected:
        raise SpecError(f"plan: {spec.id}: characteristics select no row; standardized differences of this session are "
                        "required.")  # fmt: skip
    found: dict[str, Difference] = {}
    for row in selected:
        label = results.catalogue.analyses[row.analysis].labels.get("variable", {}).get(row.variable, row.variable)
        one, before = Difference(row.variable, label, abs(row.value), row.note), found.get(row.variable)
        if before is None or math.isnan(before.value) or one.value > before.value:
            found[row.variable] = one
    return list(found.values())


def _known(study: Study, results: Results, one: KnownDifference) -> Difference:
    codes = [arm.code for arm in study.arms]
    rows = [row for row in select(results, **one.rows, stat="estimate") if row.arm in codes and not row.reference]
    if len(rows) > len({row.arm for row in rows}):
        raise SpecError(f"plan: known difference {one.code} selects {len(rows)} rows for {len(codes)} arms; one for "
                        "each arm is required.")  # fmt: skip
    values = [row.value for row in rows]
    if len(rows) < len(codes) or any(map(math.isnan, values)):
        return Difference(one.code, one.label, math.nan, NOT_YET)
    return Difference(one.code, one.label, max(values) - min(values))
