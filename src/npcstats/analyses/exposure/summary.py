"""Delivered treatment: numbers by their quartiles, states by their shares, thresholds by regimen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.exposure.rows import QUARTILES
from npcstats.analyses.exposure.spec import Amount, ExposureSpec, Part, Reached, Share
from npcstats.clinical.regimens import flag_threshold, planned_cisplatin
from npcstats.clinical.values import significant
from npcstats.derive import Group, arm_groups, check_named, population_members, require_columns, results_of
from npcstats.errors import SpecError
from npcstats.estimators.continuous import summarize_continuous
from npcstats.results import EVERYONE, Analysis, Results, Row, share_rows
from npcstats.study import Study

AS_PRESCRIBED = "unit as prescribed"
NOBODY = "Nobody in this column has a value."
OUT_OF_REACH = (
    "A threshold above what a regimen plans is out of its reach: how many reach it also depends on which regimen was "
    "chosen, so it is told by regimen."
)


def summarize_exposure(study: Study, spec: ExposureSpec) -> Results:
    """Summarize delivered treatment.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : ExposureSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``exposure``, by arm and for everyone; none of them compares arms.

    Raises
    ------
    DataError
        If a column is not there.
    SpecError
        If a column is of another kind than asked for, or a text is not in its list.

    Notes
    -----
    Denominator: whom a part is about, less those without a value, who are counted. Convention: a threshold is reached
    by who has it or more; numbers are compared at 15 significant digits.
    """
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    for part in spec.parts:
        _check_columns(study, members, part, spec.id)
        inside = _among(members, part.among)
        about = tuple(Group(group.arm, group.members & inside) for group in groups)
        named = replace(start, block=part.code)
        rows += [
            row
            for whole, own in zip(groups, about, strict=True)
            for row in share_rows(
                replace(named, arm=own.arm, measure="among"), int(own.members.sum()), int(whole.members.sum())
            )
        ]
        if isinstance(part.items, Reached):
            rows += _reached_rows(members, part.items, named, about)
            continue
        for item in part.items:
            rows += _item_rows(members, item, named, about, spec)
    return results_of(study, spec.id, rows, _analysis(study, spec, members))


def _check_columns(study: Study, members: pd.DataFrame, part: Part, name: str) -> None:
    items = part.items
    asked = (items.column, items.regimens) if isinstance(items, Reached) else tuple(item.column for item in items)
    require_columns(members, "adsl", (*asked, *part.among), f"analysis {name}")
    check_named(study, "adsl", part.among, f"analysis {name}")
    if isinstance(items, Reached):
        check_named(study, "adsl", {items.regimens: items.labels}, f"analysis {name}")
        return
    for item in items:
        text = isinstance(item, Share) and isinstance(item.value, str)
        if (members[item.column].dtype.kind == "O") != text:
            wanted = "text" if text else "numbers"
            raise SpecError(f"plan: {name}: {part.code} takes {item.column} for {wanted}; a column of {wanted} is "
                            "required.")  # fmt: skip


def _among(members: pd.DataFrame, among: Mapping[str, tuple[str, ...]]) -> np.ndarray:
    inside = np.full(len(members), not among)
    for column, values in among.items():
        own = members[column]
        filled = own != "" if own.dtype.kind == "O" else own > 0
        inside |= (own.isin(values) if values else filled).to_numpy(dtype=bool)
    return inside


def _item_rows(
    members: pd.DataFrame, item: Amount | Share, named: Row, groups: tuple[Group, ...], spec: ExposureSpec
) -> list[Row]:
    values = members[item.column]
    known = (values != "" if values.dtype.kind == "O" else values.notna()).to_numpy(dtype=bool)
    code = item.column if isinstance(item, Amount) else item.code
    own = replace(named, variable=code)
    rows = []
    for group in groups:
        at, have = replace(own, arm=group.arm), group.members & known
        rows += [
            replace(at, measure="observed", value=float(have.sum())),
            replace(at, measure="missing", value=float((group.members & ~known).sum())),
        ]
    if isinstance(item, Share):
        return rows + _share_rows(_in_state(values, item), known, own, groups)
    own = replace(own, unit=_unit(members, item))
    amounts = _amount_rows(values.to_numpy(dtype=float), known, own, groups, spec)
    return rows + amounts


def _unit(members: pd.DataFrame, item: Amount) -> str:
    """The units that participants were treated in, or that they are not told: a unit can tell a treatment."""
    if not item.unit_column:
        return item.unit
    if item.unit_column not in members:
        return AS_PRESCRIBED
    return " or ".join(sorted({unit for unit in members[item.unit_column] if unit}))


def _in_state(values: pd.Series, item: Share) -> np.ndarray:
    if isinstance(item.value, str):
        found: np.ndarray = (values == item.value).to_numpy(dtype=bool)
        return found
    numbers = significant(values.to_numpy(dtype=float))
    if item.bound == "at least":
        return np.asarray(numbers >= item.value)
    return np.asarray(numbers > item.value if item.bound == "above" else numbers == item.value)


def _share_rows(inside: np.ndarray, known: np.ndarray, own: Row, groups: tuple[Group, ...]) -> list[Row]:
    return [
        row
        for group in groups
        for row in share_rows(
            replace(own, arm=group.arm, measure="proportion"),
            int((group.members & known & inside).sum()),
            int((group.members & known).sum()),
        )
    ]


def _amount_rows(
    values: np.ndarray, known: np.ndarray, own: Row, groups: tuple[Group, ...], spec: ExposureSpec
) -> list[Row]:
    everyone = next(group.members for group in groups if group.arm == EVERYONE)
    rows = []
    for group in groups:
        of = np.sort(values[group.members & known])
        found = summarize_continuous(of, weights=None, quantile_type=spec.quantile_type)
        at = replace(own, arm=group.arm, stat="estimate", note="" if len(of) else NOBODY)
        rows += [replace(at, measure=name, value=float(getattr(found, name))) for name in QUARTILES]
    commonest = _commonest(values[everyone & known])
    note = "" if np.isfinite(commonest) else NOBODY
    rows.append(replace(own, measure="commonest", stat="estimate", value=commonest, note=note))
    inside = significant(values) == commonest
    shares = _share_rows(inside, known, own, groups)
    return rows + [replace(row, measure="at_commonest", unit="") for row in shares]


def _commonest(values: np.ndarray) -> float:
    found, counts = np.unique(significant(values), return_counts=True)
    return float(found[counts.argmax()]) if len(found) else np.nan


def _reached_rows(members: pd.DataFrame, reached: Reached, named: Row, groups: tuple[Group, ...]) -> list[Row]:
    doses, regimen = members[reached.column].to_numpy(dtype=float), members[reached.regimens].to_numpy()
    known = ~np.isnan(doses)
    rows = []
    for code in reached.labels:
        of = tuple(Group(group.arm, group.members & (regimen == code)) for group in groups)
        at = replace(named, variable=code)
        rows += [
            replace(at, arm=group.arm, measure="missing", value=float((group.members & ~known).sum())) for group in of
        ]
        for threshold in reached.thresholds:
            flags = flag_threshold(doses, threshold=threshold) == "Y"
            rows += _share_rows(flags, known, replace(at, level=f"{threshold:g}"), of)
    return rows


def _analysis(study: Study, spec: ExposureSpec, members: pd.DataFrame) -> Analysis:
    variables: dict[str, str] = {}
    levels: dict[str, str] = {}
    units: dict[str, str] = {}
    styles: dict[str, str] = {}
    for part in spec.parts:
        if isinstance(part.items, Reached):
            variables |= {code: _regimen_words(code, label) for code, label in part.items.labels.items()}
            levels |= {f"{threshold:g}": f"{threshold:g} mg/m² or more" for threshold in part.items.thresholds}
            continue
        variables |= {item.column if isinstance(item, Amount) else item.code: item.label for item in part.items}
        amounts = [item for item in part.items if isinstance(item, Amount)]
        units |= {item.column: unit for item in amounts if (unit := _unit(members, item))}
        styles |= {f"style.{item.column}": item.style for item in amounts}
    crossed = any(isinstance(part.items, Reached) for part in spec.parts)
    sentences = {
        "population": study.design.population(spec.population).definition,
        "denominator": "Percentages and quartiles are of those with a value; who has none is counted in another line.",
        "quartiles": f"Quartiles are of Hyndman–Fan type {spec.quantile_type}; where those of a column are equal, it "
        "is told how many have the commonest value.",
        **spec.sentences,
        **({"reach": OUT_OF_REACH} if crossed else {}),
    }
    labels = {
        "block": {part.code: part.label for part in spec.parts},
        "variable": variables,
        "level": levels,
        "measure": {"missing": spec.unknown},
    }
    return Analysis(spec.label, "exposure", spec.status, spec.population, sentences, {**styles}, labels, units)


def _regimen_words(code: str, label: str) -> str:
    low, high = planned_cisplatin(code)
    return f"{label}, {low:g} to {high:g} mg/m² planned" if high else label
