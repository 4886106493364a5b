"""Onset, worst grade, duration and resolution of adverse events."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.duration.rows import ONSET, WORST
from npcstats.analyses.duration.spec import DurationSpec, TimedEvents
from npcstats.analyses.timetoevent.making import too_few
from npcstats.derive import (
    BEYOND_BASELINE,
    OUTSIDE_WORDS,
    Span,
    arm_groups,
    check_named,
    counted_words,
    denominator_sentence,
    evaluable_members,
    grade_columns,
    last_assessment,
    population_members,
    require_columns,
    results_of,
    window_events,
    window_span,
)
from npcstats.estimators.continuous import summarize_continuous
from npcstats.estimators.timetoevent import CumulativeIncidence, estimate_cumulative_incidence
from npcstats.estimators.types import Interval
from npcstats.formatting import counted
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows, share_rows
from npcstats.study import Study

RESOLVED, DIED = 1, 2
NUMBERS = ("minimum", "first_quartile", "median", "third_quartile", "maximum")
NOBODY = "Nobody had such an event."
ROUNDING = 1e-9  # a share of exactly one half, summed up day by day, can come out a little below it
NOT_HALF = "Fewer than half have resolved within the days that are estimated."
SIDE_BY_SIDE = "Who has an event is no chosen group: arms are told side by side and not compared."
NO_LIMIT = "A limit does not reach one half within the days that are estimated."


@dataclass(frozen=True, eq=False)
class _Course:
    """The first event of each of k participants who had one: days, and how it ended."""

    member: np.ndarray
    onset: np.ndarray
    worst: np.ndarray
    lasted: np.ndarray
    cause: np.ndarray


def summarize_duration(study: Study, spec: DurationSpec) -> Results:
    """Tell when events begin and are worst, how long the first lasts, and who has recovered by when.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : DurationSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``duration``.

    Raises
    ------
    SpecError
        If a term is outside the list of the design.
    DataError
        If the study lacks a column that is needed.

    Notes
    -----
    *Convention.* The course is that of each participant's first event of the grade or worse in the window. Day 1 is the
    first day of the period, and of an event the day of its onset. An event without a last day is open until the last
    assessment of the participant or, of who died, until then; deaths compete with resolution (Aalen and Johansen).
    Those without an event have no course. Arms are told side by side and not compared: who has an event is no chosen
    group.
    """
    members = population_members(study, spec.population)
    needed = dict.fromkeys((*grade_columns(spec.window, baseline_adjusted=spec.baseline_adjusted), "ASTDT", "AENDT"))
    require_columns(study["adae"], "adae", needed, f"analysis {spec.id}")
    require_columns(members, "adsl", ("DTHDT",), f"analysis {spec.id}")
    check_named(
        study, "adae", {"AEDECOD": tuple(term for item in spec.events for term in item.terms)}, f"analysis {spec.id}"
    )
    span = window_span(study, members, spec.window)
    events = window_events(study, members, spec.window, span, baseline_adjusted=spec.baseline_adjusted)
    evaluable, outside = evaluable_members(study, members, spec.window, span, events)
    last = _last_known(study, spec, members)
    start = Row(spec.id, spec.population, "participants", "count", 0.0, window=spec.window.code)
    rows: list[Row] = []
    groups = arm_groups(study, members)
    for group in groups:
        named = replace(start, arm=group.arm)
        rows.append(replace(named, value=float(group.members.sum())))
        rows += count_rows(
            replace(named, measure="observed"), int((group.members & evaluable).sum()), int(group.members.sum())
        )
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in outside.items()
        ]
    for item in spec.events:
        course = _course(events, item, span, members, last)
        for group in groups:
            inside = group.members & evaluable
            named = replace(start, arm=group.arm, variable=item.code)
            rows += _course_rows(named, _of(course, inside), int(inside.sum()), spec)
    return results_of(study, spec.id, rows, _analysis(study, spec))


def _last_known(study: Study, spec: DurationSpec, members: pd.DataFrame) -> pd.Series:
    """Until when it is known that an event without a last day was open: death, or the last assessment."""
    seen = last_assessment(study, members, spec.followed_by)
    known: pd.Series = members["DTHDT"].fillna(seen)
    return known


def _course(events: pd.DataFrame, item: TimedEvents, span: Span, members: pd.DataFrame, last: pd.Series) -> _Course:
    own = events.loc[events["AETOXGR"] >= item.lowest]
    if item.terms:
        own = own.loc[own["AEDECOD"].isin(item.terms)]
    own = own.sort_values(["member", "ASTDT", "AETOXGR"], ascending=[True, True, False], kind="stable")
    first = own.drop_duplicates("member")
    worst = own.sort_values(["member", "AETOXGR", "ASTDT"], ascending=[True, False, True], kind="stable")
    member = first["member"].to_numpy(dtype=int)
    begun, ended = (first[column].to_numpy(dtype="datetime64[s]") for column in ("ASTDT", "AENDT"))
    at_worst = worst.drop_duplicates("member")["ASTDT"].to_numpy(dtype="datetime64[s]")
    died = members["DTHDT"].to_numpy(dtype="datetime64[s]")[member]
    # an event that was still open on the day of death did not resolve
    resolved = ~np.isnat(ended) & ~(ended >= died)
    end = np.where(resolved, ended, last.to_numpy(dtype="datetime64[s]")[member])
    end = np.where(np.isnat(end) | (end < begun), begun, end)
    cause = np.select([resolved, ~np.isnat(died)], [RESOLVED, DIED], 0)
    zero = span.start.to_numpy(dtype="datetime64[s]")[member]
    return _Course(member, _day(zero, begun), _day(zero, at_worst), _day(begun, end), cause)


def _day(first: np.ndarray, date: np.ndarray) -> np.ndarray:
    """Day 1 is the first; before it there is no day 0."""
    days: np.ndarray = (date - first).astype("timedelta64[D]").astype(float)
    numbered: np.ndarray = days + (days >= 0)
    return numbered


def _of(course: _Course, inside: np.ndarray) -> _Course:
    kept = inside[course.member]
    return _Course(*(getattr(course, name)[kept] for name in ("member", "onset", "worst", "lasted", "cause")))


def _course_rows(template: Row, course: _Course, total: int, spec: DurationSpec) -> list[Row]:
    size = len(course.member)
    rows = share_rows(replace(template, measure="risk"), size, total)
    for level, days in ((ONSET, course.onset), (WORST, course.worst)):
        found = summarize_continuous(days, quantile_type=spec.quantile_type)
        for name in NUMBERS:
            value = getattr(found, name)
            note = NOBODY if math.isnan(value) else ""
            rows.append(
                replace(template, measure=name, stat="estimate", level=level, value=value, unit="days", note=note)
            )
    rows += share_rows(replace(template, measure="resolved"), int((course.cause == RESOLVED).sum()), size)
    rows += share_rows(replace(template, measure="unresolved_death"), int((course.cause == DIED).sum()), size)
    curve = estimate_cumulative_incidence(
        course.lasted, course.cause, conf_level=spec.conf_level, conf_type=spec.conf_type
    )
    rows += interval_rows(replace(template, measure="median_duration", unit="days"), _median(curve, spec))
    for day in spec.days:
        rows += interval_rows(replace(template, measure="resolution", time=float(day)), _resolved_by(curve, day, spec))
    return rows


def _resolved_by(curve: CumulativeIncidence, day: int, spec: DurationSpec) -> Interval:
    found = curve.at([float(day)], cause=RESOLVED)
    if not curve.n or (found.at_risk[0] < spec.minimum_at_risk and not _settled(curve, day)):
        note = too_few(spec.minimum_at_risk) if curve.n else NOBODY
        return Interval(math.nan, math.nan, math.nan, spec.conf_level, spec.conf_type, note)
    values = (float(found.incidence[0]), float(found.lower[0]), float(found.upper[0]))
    return Interval(*values, spec.conf_level, spec.conf_type, found.note[0])


def _settled(curve: CumulativeIncidence, day: int) -> bool:
    """Whether every event has ended by a day, so that nothing later can change."""
    return bool(curve.time[-1] <= day and not curve.censored.any())


def _median(curve: CumulativeIncidence, spec: DurationSpec) -> Interval:
    nan = math.nan
    if not curve.n:
        return Interval(nan, nan, nan, spec.conf_level, spec.conf_type, NOBODY)
    enough = curve.time[(curve.at_risk >= spec.minimum_at_risk) | (curve.time <= 0)]
    times = curve.time if _settled(curve, int(curve.time[-1])) else enough
    found = curve.at(times, cause=RESOLVED)
    median, late, early = (_first(times, band) for band in (found.incidence, found.lower, found.upper))
    note = NOT_HALF if math.isnan(median) else NO_LIMIT if math.isnan(early) or math.isnan(late) else ""
    return Interval(median, early if not math.isnan(median) else nan, late, spec.conf_level, spec.conf_type, note)


def _first(times: np.ndarray, band: np.ndarray) -> float:
    reached = np.flatnonzero(band >= 0.5 - ROUNDING)
    return float(times[reached[0]]) if len(reached) else math.nan


def _analysis(study: Study, spec: DurationSpec) -> Analysis:
    period = study.design.definition(study.design.period(spec.window.period))
    kinds = ", ".join(study.design.words.assessments.get(kind, kind) for kind in spec.followed_by)
    sentences = {
        "population": study.design.population(spec.population).definition,
        "scale": f"Each participant's first event of the grade or worse ({spec.scale}).",
        "period": f"{period} Counted: {counted_words(spec.window)}.",
        "denominator": denominator_sentence(spec.window),
        "onset": "Day of onset, and of the onset of the worst grade: day 1 is the first of the period.",
        "duration": "Duration in days, the first and the last counted; an event without a last day is open "
        f"until the last assessment ({kinds}) or death.",
        "method": "Aalen–Johansen estimates, death competing, with pointwise confidence limits; the median is the "
        "first day by which half have resolved.",
        "limit": f"Nothing is estimated beyond the last day with {counted(spec.minimum_at_risk, 'event')} open, unless "
        "all have ended.",
    }
    if len(study.arms) > 1:
        sentences["side_by_side"] = SIDE_BY_SIDE
    if spec.baseline_adjusted:
        sentences["baseline"] = BEYOND_BASELINE
    return Analysis(
        spec.label,
        "duration",
        spec.status,
        spec.population,
        sentences=sentences,
        choices={
            "resolution": "aalen-johansen",
            "quantile_type": spec.quantile_type,
            "minimum_at_risk": spec.minimum_at_risk,
            "conf_level": spec.conf_level,
        },
        labels={
            "variable": {item.code: item.label for item in spec.events},
            "level": dict(OUTSIDE_WORDS),
            "window": {spec.window.code: spec.window.label},
        },
        units={item.code: "days" for item in spec.events},
    )
