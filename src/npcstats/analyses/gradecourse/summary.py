"""Worst grades at each visit or in each week: counts, means, prevalence, and the area under each course."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.gradecourse.following import (
    HAS_GRADE,
    Followed,
    Times,
    find_times,
    follow_members,
    term_grades,
)
from npcstats.analyses.gradecourse.rows import (
    AREA,
    AREA_DIFFERENCE,
    DIED,
    GRADES,
    LEFT,
    MEAN,
    NOT_ASSESSED,
    NOT_BEGUN,
    NOT_REACHED,
    OUTSIDE,
    PREVALENCE,
    SHARE,
    UNIT,
    band_level,
    grade_level,
)
from npcstats.analyses.gradecourse.spec import GradeCourseSpec, gradecourse_faults
from npcstats.analyses.gradecourse.telling import describe_gradecourse
from npcstats.choices import refuse_faults
from npcstats.derive import Group, arm_groups, arm_pair, population_members, results_of
from npcstats.estimators.continuous import compare_means, estimate_mean
from npcstats.estimators.grade_area import CarriedGrades, area_under_grades, carry_forward
from npcstats.estimators.proportions import estimate_proportions
from npcstats.estimators.types import Interval
from npcstats.results import Results, Row, count_rows, interval_rows, share_rows
from npcstats.study import Study

FEWER_THAN_TWO = "A spread requires two participants with a value."
RULED = (DIED, LEFT, NOT_BEGUN, NOT_REACHED, NOT_ASSESSED)
"""Why a participant has no area, the first that is true at any time."""


@dataclass(frozen=True, eq=False)
class _Sample:
    """Who is summarized, in which groups, and when each was followed."""

    study: Study
    spec: GradeCourseSpec
    members: pd.DataFrame
    groups: tuple[Group, ...]
    times: Times
    followed: Followed


def summarize_gradecourse(study: Study, spec: GradeCourseSpec) -> Results:
    """Summarize worst grades over time by arm and for everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : GradeCourseSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``gradecourse``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or the plan names a term or kind of assessment outside its list.
    DataError
        If the study lacks a column that is needed.

    Notes
    -----
    Denominator: at a time, participants with a grade then, their own or carried; of an area, those with a grade at
    every time. Missing data: a missed time has the last grade carried forward, over so many as the plan says, else
    none; who died, left or was not followed so long has none, counted by reason. Nothing is adjusted for baseline
    differences.
    """
    refuse_faults(spec.id, gradecourse_faults(spec))
    members = population_members(study, spec.population)
    times = find_times(study, members, spec)
    followed = follow_members(study, members, times, spec)
    sample = _Sample(study, spec, members, arm_groups(study, members), times, followed)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in sample.groups]
    for i, item in enumerate(spec.terms):
        worst, undated = term_grades(study, members, times, item)
        grades = np.where(followed.assessed, worst, np.nan)
        carried = carry_forward(grades, followed.followed, most=spec.carried)
        if i == 0:  # who has a grade does not depend on the term
            rows += _denominator_rows(start, sample, carried)
        named = replace(start, variable=item.code)
        rows += _time_rows(named, sample, carried)
        rows += _area_rows(named, sample, carried)
        rows += [
            replace(named, measure="undated", arm=group.arm, value=float(group.members[undated].sum()))
            for group in sample.groups
        ]
    return results_of(study, spec.id, rows, describe_gradecourse(study, spec))


def _denominator_rows(start: Row, sample: _Sample, carried: CarriedGrades) -> list[Row]:
    """Who has a grade at each time, whose was carried, and who has none, by reason."""
    state = np.where(np.isnan(carried.grades), sample.followed.state, HAS_GRADE)
    rows: list[Row] = []
    for place, code in enumerate(sample.times.codes):
        for group in sample.groups:
            at, own = replace(start, window=code, arm=group.arm), state[group.members, place]
            rows += count_rows(replace(at, measure="observed"), int((own == HAS_GRADE).sum()), len(own))
            number = float(carried.carried[group.members, place].sum())
            rows.append(replace(at, measure="grade_carried", value=number))
            rows += [
                replace(at, measure="not_evaluable", level=why, value=float((own == why).sum())) for why in OUTSIDE
            ]
    return rows


def _time_rows(named: Row, sample: _Sample, carried: CarriedGrades) -> list[Row]:
    rows: list[Row] = []
    for place, code in enumerate(sample.times.codes):
        for group in sample.groups:
            column = carried.grades[group.members, place]
            known = column[~np.isnan(column)]
            at = replace(named, window=code, arm=group.arm)
            for grade in GRADES:
                share = replace(at, measure=SHARE, level=grade_level(grade))
                rows += share_rows(share, int((known == grade).sum()), len(known))
            rows += _mean_rows(replace(at, measure=MEAN), known, sample.spec)
            rows += _prevalence_rows(at, known, sample.spec)
    return rows


def _mean_rows(template: Row, values: np.ndarray, spec: GradeCourseSpec) -> list[Row]:
    """A mean, its limits and its standard error."""
    found = estimate_mean(values, conf_level=spec.conf_level)
    error, note = math.nan, FEWER_THAN_TWO
    if len(values) > 1:
        error, note = float(values.std(ddof=1)) / math.sqrt(len(values)), ""
    return [*interval_rows(template, found), replace(template, stat="std_error", value=error, note=note)]


def _prevalence_rows(at: Row, known: np.ndarray, spec: GradeCourseSpec) -> list[Row]:
    counts = [int((known >= band).sum()) for band in spec.bands]
    found = estimate_proportions(counts, [len(known)] * len(counts), method=spec.interval, conf_level=spec.conf_level)
    rows: list[Row] = []
    for i, (band, count) in enumerate(zip(spec.bands, counts, strict=True)):
        share = replace(at, measure=PREVALENCE, level=band_level(band))
        rows += [*count_rows(share, count, len(known)), *interval_rows(share, found.at(i))]
    return rows


def _area_rows(named: Row, sample: _Sample, carried: CarriedGrades) -> list[Row]:
    spec = sample.spec
    area = area_under_grades(carried.grades, spec.weeks)
    reason = _reasons(sample.followed.state, carried)
    rows: list[Row] = []
    known: dict[str, np.ndarray] = {}
    for group in sample.groups:
        own = area[group.members]
        known[group.arm] = own[~np.isnan(own)]
        at = replace(named, arm=group.arm, measure=AREA, unit=UNIT)
        rows += count_rows(replace(at, unit=""), len(known[group.arm]), len(own))
        rows += _mean_rows(at, known[group.arm], spec)
        rows.append(_spread_row(replace(at, measure="std_deviation"), known[group.arm]))
        rows += [
            replace(at, measure="not_evaluable", level=why, unit="", value=float((reason[group.members] == why).sum()))
            for why in OUTSIDE
        ]
    pair = arm_pair(sample.study)
    if pair:
        at = replace(named, arm=pair[0], reference=pair[1], measure=AREA_DIFFERENCE, unit=UNIT)
        rows += interval_rows(at, _difference(known[pair[0]], known[pair[1]], spec))
    return rows


def _spread_row(template: Row, values: np.ndarray) -> Row:
    if len(values) < 2:
        return replace(template, stat="estimate", value=math.nan, note=FEWER_THAN_TWO)
    return replace(template, stat="estimate", value=float(values.std(ddof=1)))


def _difference(first: np.ndarray, reference: np.ndarray, spec: GradeCourseSpec) -> Interval:
    found = compare_means(first, reference, method=spec.difference, conf_level=spec.conf_level)
    return Interval(found.estimate, found.lower, found.upper, spec.conf_level, spec.difference, found.note)


def _reasons(state: np.ndarray, carried: CarriedGrades) -> np.ndarray:
    """Of each participant, why there is no area; empty of who has one."""
    lacking = np.where(np.isnan(carried.grades), state, HAS_GRADE)
    found = np.full(len(state), HAS_GRADE, dtype="<U16")
    for why in reversed(RULED):
        found[(lacking == why).any(axis=1)] = why
    return found
