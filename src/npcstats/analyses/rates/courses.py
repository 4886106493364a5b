"""Rows of the mean number of events over time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from npcstats.analyses.rates.following import Followed, Happened
from npcstats.analyses.rates.spec import Course, RatesSpec
from npcstats.analyses.timetoevent.making import contrast_rows, too_few
from npcstats.derive import Group
from npcstats.estimators.recurrent import MeanAt, MeanCumulative, compare_mean_cumulative, estimate_mean_cumulative
from npcstats.estimators.types import Interval
from npcstats.results import Row, interval_rows
from npcstats.study import DAYS_PER_MONTH


def course_rows(
    template: Row,
    course: Course,
    followed: Followed,
    happened: Happened,
    groups: tuple[Group, ...],
    spec: RatesSpec,
    pair: tuple[str, str] | None,
) -> list[Row]:
    """Rows of the mean number of events of each group, and of the difference of two.

    Parameters
    ----------
    template : Row
        Its key parts but those of the course are kept.
    course : Course
        Of the plan.
    followed : Followed
        Time at risk.
    happened : Happened
        Events in it.
    groups : tuple of Group
        Arms and everyone.
    spec : RatesSpec
        Its choices.
    pair : tuple of (str, str) or None
        Arm and reference, where two are compared.

    Returns
    -------
    list of Row
        Numbers at risk, means at landmarks and steps of curves by group, then differences.
    """
    rows: list[Row] = []
    curves: dict[str, MeanCumulative] = {}
    template = replace(template, window=course.period, variable=course.events, block=course.code)
    for group in groups:
        curve, stops = _estimate(followed, happened, group, spec)
        curves[group.arm] = curve
        named = replace(template, arm=group.arm)
        rows += [replace(named, measure="observed", value=float(curve.n))]
        rows += [replace(named, measure="records", value=float(curve.events.sum()))]
        at_risk = replace(named, measure="at_risk")
        rows += [replace(at_risk, time=tick, value=float((stops >= tick).sum())) for tick in course.ticks]
        marks = replace(named, measure="mean_events")
        rows += _mean_rows(marks, curve.at(np.array(course.landmarks)), curve, spec)
        steps = replace(named, measure="mean_events_curve")
        rows += _mean_rows(steps, curve.at(_steps(curve, stops, spec.minimum_at_risk)), curve, spec)
    if pair:
        named = replace(template, arm=pair[0], reference=pair[1], measure="mean_events_difference")
        rows += _difference_rows(named, curves[pair[0]], curves[pair[1]], course, spec)
    return rows


def _estimate(
    followed: Followed, happened: Happened, group: Group, spec: RatesSpec
) -> tuple[MeanCumulative, np.ndarray]:
    inside = group.members & followed.inside
    place = np.cumsum(inside) - 1
    stops = (followed.days[inside] - 1) / DAYS_PER_MONTH  # time zero is the first day
    own = inside[happened.member]
    curve = estimate_mean_cumulative(
        stops,
        followed.died[inside],
        place[happened.member[own]],
        happened.day[own] / DAYS_PER_MONTH,
        terminal=spec.terminal,
        conf_level=spec.conf_level,
        conf_type=spec.conf_type,
    )
    return curve, stops


def _steps(curve: MeanCumulative, stops: np.ndarray, minimum: int) -> np.ndarray:
    """Times of events from 0 to the last time with enough at risk; none where there never were."""
    enough = np.sort(stops)[::-1][max(minimum, 1) - 1 :][:1]
    if not len(enough):
        return np.empty(0)
    times = curve.time[(curve.events > 0) & (curve.time <= enough[0])]
    return np.unique(np.concatenate([[0.0], times, enough]))


def _mean_rows(template: Row, found: MeanAt, curve: MeanCumulative, spec: RatesSpec) -> list[Row]:
    rows: list[Row] = []
    for i, time in enumerate(found.times):
        values = (float(found.mean[i]), float(found.lower[i]), float(found.upper[i]))
        interval = Interval(*values, spec.conf_level, curve.conf_type, found.note[i])
        if found.at_risk[i] < spec.minimum_at_risk:
            nan = math.nan
            interval = replace(interval, estimate=nan, lower=nan, upper=nan, note=too_few(spec.minimum_at_risk))
        rows += interval_rows(replace(template, time=float(time)), interval)
    return rows


def _difference_rows(
    template: Row, curve1: MeanCumulative, curve0: MeanCumulative, course: Course, spec: RatesSpec
) -> list[Row]:
    rows: list[Row] = []
    for time in course.landmarks:
        found = compare_mean_cumulative(curve1, curve0, time, conf_level=spec.conf_level)
        least = min(int(curve.at([time]).at_risk[0]) for curve in (curve1, curve0))
        withheld = too_few(spec.minimum_at_risk, of="an arm") if least < spec.minimum_at_risk else ""
        made = contrast_rows(replace(template, time=time), found, spec.conf_level, "normal", withheld)
        rows += [row for row in made if row.stat != "p_value"]
    return rows
