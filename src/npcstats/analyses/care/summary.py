"""Supportive care: who had it in a period, how long it lasted, who still had it, and differences between arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.care.courses import (
    Courses,
    Seen,
    as_events,
    courses_in,
    dates_of,
    days_in,
    find_courses,
    seen_until,
)
from npcstats.analyses.care.landmarks import course_rows, month_rows
from npcstats.analyses.care.rows import ANY, BEFORE, DIED, ENDED, OPEN, SINCE
from npcstats.analyses.care.sentences import care_analysis
from npcstats.analyses.care.shares import Compared, difference_rows, share_rows
from npcstats.analyses.care.spec import CareItem, CareSpec, care_faults
from npcstats.choices import refuse_faults
from npcstats.derive import (
    GradeWindow,
    Group,
    arm_groups,
    arm_pair,
    check_named,
    evaluable_members,
    population_members,
    require_columns,
    results_of,
    window_span,
)
from npcstats.estimators.continuous import summarize_continuous
from npcstats.estimators.timetoevent import estimate_kaplan_meier
from npcstats.results import Results, Row, count_rows, interval_rows
from npcstats.study import Study

NOBODY = "Nobody in this column had any in the period."
QUARTILES = ("first_quartile", "median", "third_quartile")


@dataclass(frozen=True, eq=False)
class _Sample:
    """Who is summarized, in which groups, and how far they are known."""

    study: Study
    spec: CareSpec
    members: pd.DataFrame
    groups: tuple[Group, ...]
    seen: Seen
    compared: Compared


def summarize_care(study: Study, spec: CareSpec) -> Results:
    """Summarize supportive care by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : CareSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``care``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a kind of care or of assessment is not in its list.
    DataError
        If the study has no such column or frame as the items need.

    Notes
    -----
    Denominator: of a period, its evaluable participants; of a day after a date, those alive and followed then; of a
    duration, participants with a first course. Those outside are counted by reason. Missing data: a course without an
    end is in place until the last day known of the participant. Nothing is adjusted for baseline differences.
    """
    refuse_faults(spec.id, care_faults(spec))
    reason = f"analysis {spec.id}"
    require_columns(study["adcare"], "adcare", ("KIND", "CASTDT", "CAENDT"), reason)
    check_named(study, "adcare", {"KIND": [item.kind for item in spec.items]}, reason)
    check_named(study, "adassess", {"KIND": spec.followed}, reason)
    members = population_members(study, spec.population)
    require_columns(members, "adsl", ("DTHDT", *_dates(spec)), reason)
    groups = arm_groups(study, members)
    compared = Compared(spec.interval, spec.difference, spec.conf_level, arm_pair(study))
    sample = _Sample(study, spec, members, groups, seen_until(study, members, spec.followed), compared)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    for item in spec.items:
        courses = find_courses(study["adcare"], members, item, sample.seen)
        rows += _item_rows(replace(start, block=item.code), sample, item, courses)
    return results_of(study, spec.id, rows, care_analysis(study, spec))


def _dates(spec: CareSpec) -> Sequence[str]:
    asked = [item.before for item in spec.items]
    asked += [spec.since] * any(item.months for item in spec.items)
    return tuple(filter(None, [*asked, *[spec.origin] * any(item.weekly for item in spec.items)]))


def _item_rows(named: Row, sample: _Sample, item: CareItem, courses: Courses) -> list[Row]:
    spec, members, rows = sample.spec, sample.members, []
    for window in spec.windows:
        if window.code in item.windows:
            rows += _window_rows(replace(named, window=window.code), sample, item, window, courses)
    if item.lasting:
        rows += _duration_rows(named, sample, courses.first())
    if item.months:
        since = dates_of(members, spec.since)
        rows += month_rows(named, item.months, courses, since, sample.seen, sample.groups, sample.compared,
                           _cutoff(sample.study))  # fmt: skip
    if item.weekly:
        origin = dates_of(members, spec.origin)
        rows += course_rows(
            named, spec.weeks, courses, origin, sample.seen, sample.groups, sample.compared, least=spec.minimum_followed
        )
    return rows


def _cutoff(study: Study) -> np.datetime64:
    return np.datetime64(study.cutoff, "D")


def _window_rows(named: Row, sample: _Sample, item: CareItem, window: GradeWindow, courses: Courses) -> list[Row]:
    span = window_span(sample.study, sample.members, window)
    counted = courses_in(courses, window, span)
    evaluable, outside = evaluable_members(sample.study, sample.members, window, span, as_events(courses, counted))
    rows: list[Row] = []
    for group in sample.groups:
        at = replace(named, arm=group.arm)
        rows += count_rows(replace(at, measure="observed"), int((group.members & evaluable).sum()),
                           int(group.members.sum()))  # fmt: skip
        rows += [
            replace(at, measure="not_evaluable", level=why, value=float((group.members & mask).sum()))
            for why, mask in outside.items()
        ]
    for level, had in _had(sample.members, item, courses, counted).items():
        risk = replace(named, measure="risk", level=level)
        rows += share_rows(risk, had, evaluable, sample.groups, sample.compared)
        if level == ANY:
            rows += difference_rows(risk, had, evaluable, sample.groups, sample.compared)
    if item.amounts:
        inside = counted & evaluable[courses.member]
        rows += _amount_rows(named, sample, courses.kept(inside), days_in(courses, span)[inside])
    return rows


def _had(members: pd.DataFrame, item: CareItem, courses: Courses, counted: np.ndarray) -> dict[str, np.ndarray]:
    """Who had care in a window: at all, and by whether the first course of all began before a date."""
    anybody = np.isin(np.arange(len(members)), courses.member[counted])
    if not item.before:
        return {ANY: anybody}
    first = courses.first()
    early = np.zeros(len(members), dtype=bool)
    date = dates_of(members, item.before)[first.member]
    early[first.member[(first.start < date) | np.isnat(date)]] = True
    return {ANY: anybody, BEFORE: anybody & early, SINCE: anybody & ~early}


def _amount_rows(named: Row, sample: _Sample, courses: Courses, days: np.ndarray) -> list[Row]:
    each = np.bincount(courses.member, weights=days, minlength=len(sample.members))
    had = np.isin(np.arange(len(sample.members)), courses.member)
    rows: list[Row] = []
    for group in sample.groups:
        at, own = replace(named, arm=group.arm), group.members & had
        number = float(group.members[courses.member].sum())
        rows += [replace(at, measure="records", value=number)]
        rows += [replace(at, measure="care_days", value=float(each[own].sum()), unit="days")]
        found = summarize_continuous(each[own], weights=None, quantile_type=sample.spec.quantile_type)
        of = replace(at, variable="days", stat="estimate", unit="days", note="" if own.any() else NOBODY)
        rows += [replace(of, measure=name, value=float(getattr(found, name))) for name in QUARTILES]
    return rows


def _duration_rows(named: Row, sample: _Sample, first: Courses) -> list[Row]:
    spec = sample.spec
    ends = first.ended if spec.at_death == "ends" else first.ended & ~first.died
    states = {ENDED: first.ended & ~first.died, DIED: first.died, OPEN: ~first.ended}
    rows: list[Row] = []
    for group in sample.groups:
        at, own = replace(named, arm=group.arm), group.members[first.member]
        for state, mask in states.items():
            rows += count_rows(
                replace(at, measure="first_courses", level=state), int((mask & own).sum()), int(own.sum())
            )
        curve = estimate_kaplan_meier(
            first.lasted[own].astype(float), ends[own], conf_level=spec.conf_level, conf_type=spec.conf_type
        )
        rows += interval_rows(replace(at, measure="care_duration", unit="days"), curve.quantile(0.5))
    return rows
