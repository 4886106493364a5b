"""The participants' way through the trial, counted: each is in one part of each box that they reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.flow.rows import (
    ALLOCATED,
    ANALYSED,
    AS_PLANNED,
    COMPLETED,
    COURSE,
    DIED,
    ENROLLED,
    FEWER,
    FOLLOW_UP,
    FOLLOWED,
    LEVELS,
    NOT_ENROLLED,
    NOT_STARTED,
    ONGOING,
    OTHERWISE,
    PENDING,
    SCREENED,
    STARTED,
    TREATED,
    UNENDED,
    UNRECORDED,
    UNTREATED,
    WAITING,
    flow_faults,
)
from npcstats.analyses.flow.spec import FlowSpec
from npcstats.derive import (
    NOT_LISTED,
    Group,
    arm_groups,
    check_named,
    population_members,
    require_columns,
    results_of,
)
from npcstats.derive.arms import RULED
from npcstats.errors import DataError, SpecError
from npcstats.results import EVERYONE, Analysis, Results, Row
from npcstats.study import ARM_COLUMNS, ARM_SOURCE, TREATMENTS, Study
from npcstats.wording import listed

SHORT_LOG = "The screening log holds fewer persons than were enrolled or turned away."
ALLOCATIONS = {
    "randomized": "Randomised",
    "non-randomized": "Treatment chosen by participants and physicians, not randomised",
    "single-arm": "",
}


def summarize_flow(study: Study, spec: FlowSpec) -> Results:
    """Count the participants in every box of the flow.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : FlowSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``flow``: of each box and of each of its parts, how many are in it; by arm and for everyone, above
        the allocation for everyone only. By treatment other than planned where arms are named only.

    Raises
    ------
    DataError
        If a column is not there, or boxes do not add up.
    SpecError
        If an analysis set assigns arms in another way than the flow, or holds someone who is not in it.

    Notes
    -----
    Convention: who died counts as dead, whatever else is recorded; who left without having died counts by the reason.
    Where the export has no screening log the flow begins with enrolment, and says so.
    Missing data: without a reason a participant who did not start is waiting to, and one who started is followed.
    """
    members = population_members(study, spec.population)
    _check_columns(study, members, spec)
    groups = arm_groups(study, members)
    start = Row(spec.id, spec.population, "flow", "count", 0.0)
    sizes = [
        replace(start, measure="participants", arm=group.arm, value=float(group.members.sum())) for group in groups
    ]
    rows = [*sizes, *_pooled_rows(study, members, spec, start), *_arm_rows(study, members, spec, start, groups)]
    faults = flow_faults(rows)
    if faults:
        raise DataError(f"analysis {spec.id}: {listed(faults)}; boxes that add up are required.")
    return results_of(study, spec.id, rows, _analysis(study, spec, {row.variable for row in rows}))


def _check_columns(study: Study, members: pd.DataFrame, spec: FlowSpec) -> None:
    asked = (spec.treated, spec.started, spec.ended, spec.given, spec.planned, spec.died, spec.left)
    require_columns(members, "adsl", asked, f"analysis {spec.id}")
    check_named(study, "adsl", {spec.left: spec.reasons}, f"analysis {spec.id}")
    unknown = set(spec.ruled) ^ set(study.design.arm_rule)
    if unknown:
        raise SpecError(f"plan: {spec.id}: ruled and the design's arm_rule differ in {', '.join(sorted(unknown))}; "
                        "words for each treatment that is no arm's own, and no other, are required.")  # fmt: skip


@dataclass(frozen=True)
class _Split:
    """A box, who of the members is in it, and the part of each; parts in page order."""

    box: str
    inside: np.ndarray
    part: np.ndarray
    order: tuple[str, ...]
    level: np.ndarray | None = None
    levels: tuple[str, ...] = ("",)


def _split_rows(start: Row, split: _Split, groups: Sequence[Group]) -> list[Row]:
    level = np.full(len(split.part), "") if split.level is None else split.level
    rows = []
    for group in groups:
        inside = split.inside & group.members
        named = replace(start, arm=group.arm, block=split.box)
        rows.append(replace(named, variable=EVERYONE, value=float(inside.sum())))
        rows += [
            replace(
                named, variable=part, level=one, value=float((inside & (split.part == part) & (level == one)).sum())
            )
            for part in split.order
            for one in split.levels
        ]
    return rows


def _pooled_rows(study: Study, members: pd.DataFrame, spec: FlowSpec, start: Row) -> list[Row]:
    """From screening to enrolment: a person who is not enrolled has no arm."""
    enrolled = replace(start, block=ENROLLED, variable=EVERYONE, value=float(len(members)))
    if not spec.criteria or "adscr" not in study.frames:
        return [enrolled]
    require_columns(study["adscr"], "adscr", ("CRITERION",), f"analysis {spec.id}")
    criterion = study["adscr"]["CRITERION"]
    failed = criterion[criterion != ""]
    failed = failed.where(failed.isin([*spec.criteria]), NOT_LISTED)
    waiting = len(criterion) - len(failed) - len(members)
    note = SHORT_LOG if waiting < 0 else ""
    outside = replace(start, block=NOT_ENROLLED, note=note)
    found = [replace(outside, variable=code, note="", value=float((failed == code).sum()))
             for code in _with_unlisted(spec.criteria, failed)]  # fmt: skip
    counts = {EVERYONE: len(failed) + waiting, WAITING: waiting}
    whole, rest = (
        replace(outside, variable=name, value=np.nan if note else float(number)) for name, number in counts.items()
    )
    screened = replace(start, block=SCREENED, variable=EVERYONE, value=np.nan if note else float(len(criterion)))
    return [replace(screened, note=note), whole, *found, rest, enrolled]


def _with_unlisted(codes: Iterable[str], values: pd.Series) -> tuple[str, ...]:
    return (*codes, *([NOT_LISTED] if NOT_LISTED in set(values) else ()))


def _arm_rows(study: Study, members: pd.DataFrame, spec: FlowSpec, start: Row, groups: Sequence[Group]) -> list[Row]:
    started = members[spec.started].notna().to_numpy()
    everyone = np.ones(len(members), dtype=bool)
    allocated = _Split(ALLOCATED, everyone, np.full(len(members), ""), ())
    splits = [
        allocated,
        _not_started(members, spec, ~started),
        *_by_treatment(study, members, spec, started),
        _course(members, spec, started),
        _follow_up(members, spec, started),
    ]
    rows = [row for split in splits for row in _split_rows(start, split, groups)]
    return rows + _set_rows(study, members, spec, start, groups)


def _why_gone(members: pd.DataFrame, spec: FlowSpec, otherwise: str) -> pd.Series:
    """Why each left: died, else by the reason recorded, else the state that the box is for."""
    left = members[spec.left]
    reason = left.where(left.isin(["", *spec.reasons]), NOT_LISTED).replace("", otherwise)
    return reason.mask(members[spec.died].notna(), DIED)


def _not_started(members: pd.DataFrame, spec: FlowSpec, inside: np.ndarray) -> _Split:
    reason = _why_gone(members, spec, PENDING)
    treated = np.where(members[spec.treated].notna(), TREATED, UNTREATED)
    order = (DIED, *_with_unlisted(spec.reasons, reason[inside]), PENDING)
    return _Split(NOT_STARTED, inside, reason.to_numpy(), order, treated, LEVELS)


def _by_treatment(study: Study, members: pd.DataFrame, spec: FlowSpec, inside: np.ndarray) -> list[_Split]:
    """Who started, by whether the treatment was the planned one; told where arms are named, since it would unmask."""
    if not _named(study):
        return [_Split(STARTED, inside, np.full(len(members), ""), ())]
    planned, actual = members[ARM_COLUMNS["planned"]], members[ARM_COLUMNS["actual"]]
    part = pd.Series(AS_PLANNED, index=members.index).mask(planned != actual, OTHERWISE)
    ruled = members[ARM_SOURCE] == RULED
    part = part.mask(ruled, members[TREATMENTS[1]])
    return [_Split(STARTED, inside, part.to_numpy(), (AS_PLANNED, OTHERWISE, *spec.ruled))]


def _named(study: Study) -> bool:
    return len(study.arms) > 0 and study.arms == study.design.arms


def _course(members: pd.DataFrame, spec: FlowSpec, inside: np.ndarray) -> _Split:
    given, planned = members[spec.given], members[spec.planned]
    ended = members[spec.ended].notna()
    gone = members[spec.died].notna() | (members[spec.left] != "")
    part = pd.Series(UNRECORDED, index=members.index)
    part = part.mask(given >= planned, COMPLETED).mask(given < planned, FEWER)
    part = part.mask(~ended & gone, UNENDED).mask(~ended & ~gone, ONGOING)
    order = (COMPLETED, FEWER, UNENDED, ONGOING, UNRECORDED)
    return _Split(COURSE, inside, part.to_numpy(), order)


def _follow_up(members: pd.DataFrame, spec: FlowSpec, inside: np.ndarray) -> _Split:
    reason = _why_gone(members, spec, FOLLOWED)
    order = (FOLLOWED, *_with_unlisted(spec.reasons, reason[inside]), DIED)
    return _Split(FOLLOW_UP, inside, reason.to_numpy(), order)


def _set_rows(study: Study, members: pd.DataFrame, spec: FlowSpec, start: Row, groups: Sequence[Group]) -> list[Row]:
    rows = []
    for code in _told_sets(study, spec):
        inside = members["USUBJID"].isin(set(_set_members(study, spec, members, code))).to_numpy()
        rows += [
            replace(start, arm=group.arm, block=ANALYSED, variable=code, value=float((inside & group.members).sum()))
            for group in groups
        ]
    return rows


def _set_members(study: Study, spec: FlowSpec, members: pd.DataFrame, code: str) -> pd.Series:
    design = study.design
    people = population_members(study, code)["USUBJID"]
    if study.arms and design.population(code).arms != design.population(spec.population).arms:
        raise SpecError(f"plan: {spec.id}: set {code} assigns arms otherwise than {spec.population}; sets of the same "
                        "assignment are required, so that each column counts the same arm throughout.")  # fmt: skip
    if not set(people) <= set(members["USUBJID"]):
        raise SpecError(
            f"plan: {spec.id}: set {code} is not within {spec.population}; sets of its members are required."
        )
    return people


def _told_sets(study: Study, spec: FlowSpec) -> tuple[str, ...]:
    hidden = set(study.design.treatment_columns.get("adsl", ()))
    telling = {code for code in spec.sets if hidden & {*study.design.population(code).without}}
    return spec.sets if _named(study) else tuple(code for code in spec.sets if code not in telling)


def _analysis(study: Study, spec: FlowSpec, told: Collection[str]) -> Analysis:
    """Words of what is in the rows: those of a treatment stand nowhere in a session that has none."""
    parts: Mapping[str, str] = {
        **spec.criteria,
        **spec.parts,
        **spec.reasons,
        **spec.ruled,
        **{code: study.design.population(code).label for code in spec.sets},
    }
    words = {code: text for code, text in parts.items() if code in told}
    labels = {"block": dict(spec.boxes), "variable": words, "level": dict(spec.levels)}
    sentences = {
        "population": study.design.population(spec.population).definition,
        "rule": "Each participant counts in one part of each box above the analysis sets; who died counts as dead, "
        "whatever else is recorded.",
    }
    if len(study.arms) > 1:
        sentences["allocation"] = ALLOCATIONS[study.design.allocation]
    if spec.criteria and "adscr" not in study.frames:
        sentences["screening"] = "The export holds no records of persons screened."
    elif spec.criteria:
        sentences["screening"] = "Of the criteria that were not met the first counts, in the order of assessment."
    return Analysis(spec.label, "flow", spec.status, spec.population, sentences=sentences, labels=labels)
