"""A marker's lowest value in a period, when it is reached, and who has recovered at later visits."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.nadir.rows import DAY, LOWEST, NADIR, RECOVERY, RELATIVE, SAMPLES
from npcstats.analyses.nadir.spec import NadirSpec, RecoveryLimit, nadir_faults
from npcstats.choices import refuse_faults
from npcstats.derive import (
    NEAREST_RECORD,
    Group,
    Span,
    arm_groups,
    arm_pair,
    marker_values,
    period_span,
    population_members,
    results_of,
)
from npcstats.derive.samples import marker_samples
from npcstats.errors import DataError
from npcstats.estimators.continuous import compare_means, estimate_mean, summarize_continuous
from npcstats.estimators.proportions import compare_proportions, estimate_proportion
from npcstats.estimators.types import Interval
from npcstats.formatting import counted
from npcstats.results import Analysis, Results, Row, count_rows, interval_rows
from npcstats.study import Study

QUARTILES = ("minimum", "first_quartile", "median", "third_quartile", "maximum")
NO_SAMPLES = "Nobody has a sample in the period."
FIRST_DAY = 1.0


@dataclass(frozen=True, eq=False)
class _Courses:
    """Of each of n members the samples, the lowest value and its day, the value at baseline and at v visits."""

    samples: np.ndarray
    lowest: np.ndarray
    day: np.ndarray
    baseline: np.ndarray
    later: np.ndarray


def summarize_nadir(study: Study, spec: NadirSpec) -> Results:
    """Summarize the lowest value of a marker in a period, and recovery from it at visits.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : NadirSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``nadir``.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit or period is not in the design.
    DataError
        If the study lacks a column that is needed, the marker has another unit, or a value is not above 0.

    Notes
    -----
    *Convention.* All records in the period count, at visits or between them; the day of the lowest value is the first
    on which it was measured, and day 1 the first of the period. Recovery is asked for in everyone with a value at the
    visit, also in those who never fell below the limit: of those who did, treatment would choose whom it is asked of.
    """
    refuse_faults(spec.id, nadir_faults(spec))
    members = population_members(study, spec.population)
    span = period_span(members, study.design.period(spec.period))
    courses = _courses(study, spec, members, span)
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    groups, pair = arm_groups(study, members), arm_pair(study)
    rows: list[Row] = []
    for group in groups:
        named = replace(start, arm=group.arm)
        rows.append(replace(named, value=float(group.members.sum())))
        rows += _nadir_rows(replace(named, block=NADIR, variable=spec.marker), courses, group.members, spec)
        rows += _recovery_rows(replace(named, block=RECOVERY, variable=spec.marker), courses, group.members, spec)
    if pair and spec.difference:
        named = replace(start, arm=pair[0], reference=pair[1], variable=spec.marker)
        rows += _contrast_rows(named, courses, (groups[0], groups[1]), spec)
    return results_of(study, spec.id, rows, _analysis(study, spec))


def _courses(study: Study, spec: NadirSpec, members: pd.DataFrame, span: Span) -> _Courses:
    reason, n = f"analysis {spec.id}", len(members)
    found = marker_samples(
        study, members, code=spec.marker, unit=spec.unit, below_limit=spec.below_limit, reason=reason
    )
    day, end = found.days(span.start), (span.end - span.start).dt.days.to_numpy(dtype=float)[found.member]
    kept = (day >= 0) & (np.isnan(end) | (day <= end)) & ~np.isnan(found.value)
    member, day, value = found.member[kept], day[kept], found.value[kept]
    wrong = int((value <= 0).sum())
    if wrong:
        raise DataError(
            f"adlb.AVAL: {spec.marker} has {counted(wrong, 'value')} of zero or less; its logarithm requires more."
        )
    order = np.lexsort((day, value, member))
    first, place = np.unique(member[order], return_index=True)
    lowest, at_lowest = np.full(n, np.nan), np.full(n, np.nan)
    lowest[first], at_lowest[first] = value[order][place], day[order][place] + FIRST_DAY
    visits = [study.design.visit(code) for code in (spec.baseline, *spec.visits)]
    at_visits = marker_values(
        study, members, visits, code=spec.marker, unit=spec.unit, scale="identity", below_limit=spec.below_limit,
        reason=reason,
    )  # fmt: skip
    return _Courses(np.bincount(member, minlength=n), lowest, at_lowest, at_visits[:, 0], at_visits[:, 1:])


def _nadir_rows(template: Row, courses: _Courses, inside: np.ndarray, spec: NadirSpec) -> list[Row]:
    seen = inside & ~np.isnan(courses.lowest)
    lowest = courses.lowest[seen]
    rows = count_rows(replace(template, measure="observed"), int(seen.sum()), int(inside.sum()))
    rows += _quartile_rows(template, SAMPLES, courses.samples[seen].astype(float), "", spec)
    located = replace(template, measure="geometric_mean", unit=spec.unit)
    rows += interval_rows(located, _back(estimate_mean(np.log(lowest), conf_level=spec.conf_level)))
    rows += _quartile_rows(template, LOWEST, lowest, spec.unit, spec)
    rows += _quartile_rows(template, DAY, courses.day[seen], "days", spec)
    ratio = _log_ratios(courses, inside)
    related = replace(template, measure="nadir_ratio")
    rows += [replace(related, stat="count", value=float(len(ratio)))]
    rows += interval_rows(related, _back(estimate_mean(ratio, conf_level=spec.conf_level)))
    for limit in spec.limits:
        named = replace(template, level=limit.code)
        rows.append(replace(named, measure="nadir_limit", stat="estimate", value=limit.value, unit=spec.unit))
        rows += _share_rows(replace(named, measure="nadir_below"), lowest < limit.value, spec)
    return rows


def _quartile_rows(template: Row, level: str, values: np.ndarray, unit: str, spec: NadirSpec) -> list[Row]:
    found = summarize_continuous(values, quantile_type=spec.quantile_type)
    note = "" if len(values) else NO_SAMPLES
    return [
        replace(template, measure=name, stat="estimate", level=level, value=getattr(found, name), unit=unit, note=note)
        for name in QUARTILES
    ]


def _share_rows(template: Row, which: np.ndarray, spec: NadirSpec) -> list[Row]:
    count, total = int(which.sum()), len(which)
    found = estimate_proportion(count, total, method=spec.interval, conf_level=spec.conf_level)
    return count_rows(template, count, total) + interval_rows(template, found)


def _log_ratios(courses: _Courses, inside: np.ndarray) -> np.ndarray:
    """Logarithms of the lowest value relative to baseline, of those who have both."""
    both = inside & ~np.isnan(courses.lowest) & ~np.isnan(courses.baseline)
    ratios: np.ndarray = np.log(courses.lowest[both]) - np.log(courses.baseline[both])
    return ratios


def _back(interval: Interval) -> Interval:
    estimate, lower, upper = (math.exp(value) for value in (interval.estimate, interval.lower, interval.upper))
    return replace(interval, estimate=estimate, lower=lower, upper=upper, method=f"{interval.method}, on logarithms")


def _recovery_rows(template: Row, courses: _Courses, inside: np.ndarray, spec: NadirSpec) -> list[Row]:
    rows: list[Row] = []
    for limit in spec.recoveries:
        named = replace(template, level=limit.code)
        unit = "" if limit.of_baseline else spec.unit
        rows.append(replace(named, measure="recovery_limit", stat="estimate", value=limit.value, unit=unit))
        needed = _needed(courses, limit)
        known = inside & ~np.isnan(courses.lowest) & ~np.isnan(needed)
        never = courses.lowest[known] >= needed[known]
        rows += _share_rows(replace(named, measure="never_below"), never, spec)
        for i, code in enumerate(spec.visits):
            which = _recovered(courses, inside, limit, i)
            rows += _share_rows(replace(named, measure="at_or_above", window=code), which, spec)
    return rows


def _recovered(courses: _Courses, inside: np.ndarray, limit: RecoveryLimit, visit: int) -> np.ndarray:
    """Of those with a value at the visit, who is at the limit or above it."""
    needed, value = _needed(courses, limit), courses.later[:, visit]
    asked = inside & ~np.isnan(value) & ~np.isnan(needed)
    which: np.ndarray = value[asked] >= needed[asked]
    return which


def _needed(courses: _Courses, limit: RecoveryLimit) -> np.ndarray:
    needed: np.ndarray = limit.value * (courses.baseline if limit.of_baseline else np.ones(len(courses.baseline)))
    return needed


def _contrast_rows(template: Row, courses: _Courses, pair: tuple[Group, Group], spec: NadirSpec) -> list[Row]:
    rows: list[Row] = []
    at_lowest = replace(template, block=NADIR)
    logs = [np.log(courses.lowest[one.members & ~np.isnan(courses.lowest)]) for one in pair]
    rows += _ratio_rows(replace(at_lowest, level=LOWEST), logs, spec)
    ratios = [_log_ratios(courses, one.members) for one in pair]
    rows += _ratio_rows(replace(at_lowest, level=RELATIVE), ratios, spec)
    for limit in spec.limits:
        below = [courses.lowest[one.members & ~np.isnan(courses.lowest)] < limit.value for one in pair]
        rows += _difference_rows(replace(at_lowest, level=limit.code), below, spec)
    for recovery in spec.recoveries:
        for i, code in enumerate(spec.visits):
            which = [_recovered(courses, one.members, recovery, i) for one in pair]
            rows += _difference_rows(replace(template, block=RECOVERY, level=recovery.code, window=code), which, spec)
    return rows


def _ratio_rows(template: Row, logs: list[np.ndarray], spec: NadirSpec) -> list[Row]:
    found = compare_means(*logs, method=spec.mean_difference, conf_level=spec.conf_level)
    interval = Interval(found.estimate, found.lower, found.upper, spec.conf_level, spec.mean_difference, found.note)
    return interval_rows(replace(template, measure="mean_ratio"), _back(interval))


def _difference_rows(template: Row, which: list[np.ndarray], spec: NadirSpec) -> list[Row]:
    (count1, total1), (count0, total0) = ((int(one.sum()), len(one)) for one in which)
    found = compare_proportions(
        count1, total1, count0, total0, measure="risk-difference", method=spec.difference, conf_level=spec.conf_level
    )
    return interval_rows(replace(template, measure="risk_difference"), found)


def _analysis(study: Study, spec: NadirSpec) -> Analysis:
    compared = arm_pair(study) is not None and bool(spec.difference)
    return Analysis(
        spec.label,
        "nadir",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, compared),
        choices={
            "interval": spec.interval,
            "difference": spec.difference if compared else "",
            "mean_difference": spec.mean_difference if compared else "",
            "estimand": spec.estimand if compared else "",
            "quantile_type": spec.quantile_type,
            "conf_level": spec.conf_level,
            "below_limit": spec.below_limit,
            "style": spec.style,
            **{f"of_baseline.{limit.code}": limit.of_baseline for limit in spec.recoveries},
        },
        labels={
            "variable": {spec.marker: spec.marker_label},
            "level": {
                **{limit.code: limit.label for limit in spec.limits if limit.label},
                **{limit.code: limit.label for limit in spec.recoveries if limit.label},
            },
            "window": {code: study.design.visit(code).label for code in (*spec.visits, spec.baseline)},
        },
        units={spec.marker: spec.unit},
    )


def _sentences(study: Study, spec: NadirSpec, compared: bool) -> dict[str, str]:
    period = study.design.definition(study.design.period(spec.period))
    visit = study.design.visit(spec.baseline).label
    method = spec.interval.title().replace("-", "–")
    below = {"half-limit": "count as half that limit", "missing": "are left out"}[spec.below_limit]
    told = {
        "population": study.design.population(spec.population).definition,
        "period": f"{period} Lowest value: of all records in it, at visits or between them; day one is its first, and "
        "the day of the lowest value the first on which it was measured. Who has more records has a lower one by "
        "chance alone.",
        "limit": f"Values below the limit of quantification {below}.",
        "baseline": f"Baseline: the visit “{visit}”.",
        "visits": NEAREST_RECORD,
        "recovery": "At a visit: at the limit or above it, of all with a value at the visit, also of those who never "
        "fell below it; those who died or did not come are not among them.",
        "interval": f"Limits of a share: {method}; of a geometric mean: t intervals on the logarithms.",
    }
    if compared:
        shares = spec.difference.title().replace("-", "–")
        variance = "unequal variances" if spec.mean_difference == "welch" else "a common variance"
        told["difference"] = f"Differences of shares: {shares}; ratios of geometric means allow for {variance}."
        told["adjustment"] = "Not adjusted for baseline differences or for multiplicity."
    return told
