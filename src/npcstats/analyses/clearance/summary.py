"""States of a marker at visits, and the time to its clearance, which lies between two samples."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.clearance.rows import ABSENT, AT_VISITS, BELOW, COURSE, QUANTIFIED, STATES, UNTIL
from npcstats.analyses.clearance.spec import ClearanceSpec, clearance_faults
from npcstats.choices import refuse_faults
from npcstats.derive import (
    NEAREST_RECORD,
    arm_groups,
    population_members,
    require_columns,
    results_of,
    visit_due,
)
from npcstats.derive.samples import ABSENT as NOTHING
from npcstats.derive.samples import NO_SAMPLE, Samples, marker_samples, states_at
from npcstats.estimators.interval_censored import (
    Turnbull,
    WeibullTimes,
    estimate_turnbull,
    fit_weibull_intervals,
)
from npcstats.estimators.proportions import estimate_proportion
from npcstats.formatting import counted
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows, share_rows
from npcstats.study import Study

DAYS_OF_WEEK = 7.0
NOT_HALF = "Fewer than half are known to have cleared."
NOT_MAXIMAL = "The maximum of the likelihood was not found."
SIDE_BY_SIDE = "In whom the marker is detected before treatment is no chosen group: the groups are told side by side."


@dataclass(frozen=True, eq=False)
class _Course:
    """What is known of each of n members.

    `known` and `before` tell who has a result at baseline and in whom the marker was detected then, `followed` who has
    a later sample, `again` in whom it was detected after clearance, `died` who died without it; `lower` and `upper`
    are weeks, infinite where there is no clearance.
    """

    known: np.ndarray
    before: np.ndarray
    followed: np.ndarray
    again: np.ndarray
    died: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def summarize_clearance(study: Study, spec: ClearanceSpec) -> Results:
    """Tell in whom a marker is detected at each visit, and estimate the time until it is no longer.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : ClearanceSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``clearance``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit is not in the design.
    DataError
        If the study lacks a column that is needed, or the marker has another unit.

    Notes
    -----
    *Convention.* Clearance is timed in those in whom the marker was detected at baseline. It lies after the last
    sample before the first one without a detected quantity, or after the origin, and not after that one. Of several
    samples of a day the one with most decides. Who never had such a sample, dead or alive, is followed until the last
    sample; who has no sample after the origin is counted and not timed.
    """
    refuse_faults(spec.id, clearance_faults(spec))
    members = population_members(study, spec.population)
    require_columns(members, "adsl", (spec.origin, "DTHDT"), f"analysis {spec.id}")
    visits = tuple(study.design.visit(code) for code in spec.visits)
    samples = marker_samples(
        study, members, code=spec.marker, unit=spec.unit, below_limit="missing", reason=f"analysis {spec.id}"
    )
    states = states_at(samples, members, visits)
    due = np.column_stack([visit_due(study, members, visit) for visit in visits])
    baseline = states_at(samples, members, (study.design.visit(spec.baseline),))[:, 0]
    course = _course(samples, members, spec, baseline)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows: list[Row] = []
    for group in arm_groups(study, members):
        named = replace(start, arm=group.arm)
        rows.append(replace(named, value=float(group.members.sum())))
        for i, code in enumerate(spec.visits):
            at_visit = replace(named, block=AT_VISITS, variable=spec.marker, window=code)
            rows += _state_rows(at_visit, states[group.members, i], due[group.members, i], spec)
        rows += _time_rows(replace(named, block=UNTIL, variable=spec.marker), course, group.members, spec)
    return results_of(study, spec.id, rows, _analysis(study, spec))


def _state_rows(template: Row, states: np.ndarray, due: np.ndarray, spec: ClearanceSpec) -> list[Row]:
    has_sample = states != NO_SAMPLE
    total = int(has_sample.sum())
    rows = count_rows(replace(template, measure="observed"), total, int((has_sample | due).sum()))
    for place, level in enumerate(STATES):
        share, count = replace(template, measure="proportion", level=level), int((states == place).sum())
        found = estimate_proportion(count, total, method=spec.interval, conf_level=spec.conf_level)
        rows += count_rows(share, count, total) + interval_rows(share, found)
    return rows


def _course(samples: Samples, members: pd.DataFrame, spec: ClearanceSpec, baseline: np.ndarray) -> _Course:
    n = len(members)
    days = samples.days(members[spec.origin])
    later = days > 0
    told = pd.DataFrame({"member": samples.member[later], "day": days[later], "state": samples.state[later]})
    by_day = told.groupby(["member", "day"], sort=True)["state"].max().reset_index()
    member, day = by_day["member"].to_numpy(dtype=int), by_day["day"].to_numpy(dtype=float)
    clear = by_day["state"].to_numpy() == NOTHING
    first = np.full(n, np.inf)
    np.minimum.at(first, member[clear], day[clear])
    earlier = day < first[member]
    last = np.zeros(n)
    np.maximum.at(last, member[earlier], day[earlier])
    followed, again = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    followed[member] = True
    again[member[~clear & (day > first[member])]] = True
    before = baseline > NOTHING
    died = members["DTHDT"].notna().to_numpy() & np.isinf(first)
    return _Course(
        baseline != NO_SAMPLE, before, before & followed, again, died, last / DAYS_OF_WEEK, first / DAYS_OF_WEEK
    )


def _time_rows(template: Row, course: _Course, inside: np.ndarray, spec: ClearanceSpec) -> list[Row]:
    before, followed = inside & course.before, inside & course.followed
    known, size = int((inside & course.known).sum()), int(followed.sum())
    cleared = followed & np.isfinite(course.upper)
    rows = count_rows(replace(template, measure="observed"), known, int(inside.sum()))
    shares = (
        ("detected_before", int(before.sum()), known),
        ("followed", size, int(before.sum())),
        ("cleared", int(cleared.sum()), size),
        ("detected_again", int((cleared & course.again).sum()), int(cleared.sum())),
        ("died_uncleared", int((followed & course.died).sum()), size),
    )
    for measure, count, total in shares:
        rows += share_rows(replace(template, measure=measure), count, total)
    if size < spec.minimum:
        note = f"Fewer than {counted(spec.minimum, 'participant')} have a later sample."
        return rows + _missing_rows(template, note, spec)
    lower, upper = course.lower[followed], course.upper[followed]
    free = estimate_turnbull(lower, upper)
    model = fit_weibull_intervals(lower, upper, conf_level=spec.conf_level)
    return rows + _free_rows(template, free, spec) + _model_rows(template, model, spec)


def _missing_rows(template: Row, note: str, spec: ClearanceSpec) -> list[Row]:
    lacking = replace(template, stat="estimate", value=math.nan, note=note)
    rows = [replace(lacking, measure=name, unit="weeks") for name in ("median_after", "median_by")]
    measures = ("clearance_least", "clearance_most")
    rows += [replace(lacking, measure=name, time=week) for week in spec.weeks for name in measures]
    stats = ("estimate", "ci_low", "ci_high")
    rows += [replace(lacking, measure="weibull_median", stat=stat, unit="weeks") for stat in stats]
    return rows + [
        replace(lacking, measure="weibull_clearance", stat=stat, time=week) for week in spec.weeks for stat in stats
    ]


def _free_rows(template: Row, free: Turnbull, spec: ClearanceSpec) -> list[Row]:
    after, by = free.quantile(0.5)
    note = "" if free.converged else NOT_MAXIMAL
    known = free.converged and math.isfinite(by)
    told = replace(template, stat="estimate", unit="weeks", note=note or ("" if known else NOT_HALF))
    rows = [
        replace(told, measure=name, value=value if known else math.nan)
        for name, value in (("median_after", after), ("median_by", by))
    ]
    least, most = free.cumulative(spec.weeks)
    rows += _share_rows(template, spec.weeks, least, most, note)
    if note:
        return rows
    ends = np.unique(np.concatenate([[0.0, spec.weeks[-1]], free.left, free.right]))
    ends = ends[ends <= spec.weeks[-1]]
    # what can have happened just after a time is drawn from that time on
    return rows + _share_rows(
        replace(template, block=COURSE), ends, free.cumulative(ends)[0], free.cumulative(np.nextafter(ends, np.inf))[1]
    )


def _share_rows(template: Row, times: object, least: np.ndarray, most: np.ndarray, note: str = "") -> list[Row]:
    return [
        replace(template, measure=measure, stat="estimate", time=time, value=math.nan if note else value, note=note)
        for time, *values in zip(np.asarray(times).tolist(), least.tolist(), most.tolist(), strict=True)
        for measure, value in zip(("clearance_least", "clearance_most"), values, strict=True)
    ]


def _model_rows(template: Row, model: WeibullTimes, spec: ClearanceSpec) -> list[Row]:
    rows = interval_rows(replace(template, measure="weibull_median", unit="weeks"), model.median)
    share = replace(template, measure="weibull_clearance")
    for week, found in zip(spec.weeks, model.cumulative(spec.weeks), strict=True):
        rows += interval_rows(replace(share, time=week), found)
    if model.note:
        return rows
    weeks = np.arange(0.0, math.floor(spec.weeks[-1]) + 1.0)
    for week, found in zip(weeks.tolist(), model.cumulative(weeks), strict=True):
        rows += interval_rows(replace(share, block=COURSE, time=week), found)[:1]
    return rows


def _analysis(study: Study, spec: ClearanceSpec) -> Analysis:
    return Analysis(
        spec.label,
        "clearance",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec),
        choices={
            "clearance": "turnbull",
            "clearance_model": "weibull",
            "interval": spec.interval,
            "minimum": spec.minimum,
            "baseline": spec.baseline,
            "conf_level": spec.conf_level,
            "last": spec.weeks[-1],
        },
        labels={
            "variable": {spec.marker: spec.marker_label},
            "level": {
                ABSENT: "Not detected",
                BELOW: "Detected, below the limit of quantification",
                QUANTIFIED: "Quantified",
            },
            "window": {code: study.design.visit(code).label for code in dict.fromkeys((*spec.visits, spec.baseline))},
        },
        units={spec.marker: "weeks"},
    )


def _sentences(study: Study, spec: ClearanceSpec) -> dict[str, str]:
    method = spec.interval.title().replace("-", "–")
    zero = study.design.date_words(spec.origin)
    visit = study.design.visit(spec.baseline).label
    told = {
        "population": study.design.population(spec.population).definition,
        "visits": NEAREST_RECORD,
        "denominator": "n: participants with a sample at the visit, of those due for it or seen by the cut-off.",
        "interval": f"Limits of a share at a visit: {method}.",
        "clearance": f"Clearance is timed from {zero}, in those in whom {spec.marker_label} was detected at the visit "
        f"“{visit}”: it lies after the last sample with a detected quantity, or {zero}, and not after the first sample "
        "without one.",
        "censoring": "Who had no such sample, dead or alive, is followed until the last sample; who has no later "
        "sample is not timed.",
        "method": "Non-parametric: Turnbull’s estimate, without confidence limits; where two numbers are given, the "
        "samples tell no more than that the share, or the time, lies between them, and the days of visits decide how "
        "far they are apart. Weibull: a model in which everyone clears in the end; where it leaves the non-parametric "
        "estimate, it does not fit.",
        "minimum": f"No time is estimated where fewer than {counted(spec.minimum, 'participant')} have a later sample.",
    }
    if len(study.arms) > 1:
        told["side_by_side"] = SIDE_BY_SIDE
    return told
