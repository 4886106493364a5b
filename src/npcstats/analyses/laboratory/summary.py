"""Laboratory toxicity: shifts of grade, treatment-emergent worst grades, worst values and recovery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from npcstats.analyses.laboratory.agreement import agreement_rows
from npcstats.analyses.laboratory.members import (
    Nadirs,
    WindowMembers,
    WorstInWindow,
    graded,
    nadirs,
    states,
    window_members,
    worst_in_window,
)
from npcstats.analyses.laboratory.rows import (
    DAY,
    EMERGENT,
    NADIR,
    QUARTILES,
    RECOVERY,
    SHIFT,
    STATES,
    VALUE,
    band_level,
    shift_level,
)
from npcstats.analyses.laboratory.sentences import describe
from npcstats.analyses.laboratory.spec import LaboratoryParameter, LaboratorySpec
from npcstats.clinical.laboratory import laboratory_term
from npcstats.derive import Group, arm_groups, arm_pair, population_members, results_of
from npcstats.estimators.continuous import summarize_continuous
from npcstats.estimators.proportions import compare_all_proportions, estimate_proportions
from npcstats.estimators.timetoevent import estimate_kaplan_meier
from npcstats.estimators.types import Interval, Intervals
from npcstats.results import Results, Row, count_rows, interval_rows
from npcstats.study import Study

NOBODY = "Nobody in this column has a value."
NOBODY_BAD = "Nobody's worst value was bad enough to recover from."


def summarize_laboratory(study: Study, spec: LaboratorySpec) -> Results:
    """Count participants by their laboratory grades before treatment and in periods.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : LaboratorySpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``laboratory``.

    Raises
    ------
    SpecError
        If a window or a term is not known.
    DataError
        If the study lacks a column that is needed, or values stand in another unit than the plan's.

    Notes
    -----
    Denominator: of shifts everyone evaluable in the window; of treatment-emergent grades those with a value after
    baseline in it, and of each band only those of whom it is known whether they reach it. Missing data: a grade is
    unknown where a limit that decides is missing, and is never taken for 0.
    """
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    values = graded(study, members, spec)
    rows: list[Row] = []
    for window in spec.windows:
        inside = window_members(study, members, window, values)
        start = Row(spec.id, spec.population, "participants", "count", 0.0, window=window.code)
        rows += _denominator_rows(start, inside, groups)
        for item in spec.parameters:
            worst = worst_in_window(values[item.code], inside, spec)
            named = replace(start, variable=item.code)
            rows += _shift_rows(named, item, worst, inside, groups, spec)
            rows += _emergent_rows(named, item, worst, inside, groups, arm_pair(study), spec)
            rows += _nadir_rows(named, item, nadirs(values[item.code], inside, item, spec), groups, spec)
        if spec.agreement and window.code in spec.agreement.windows:
            rows += agreement_rows(study, members, spec, inside, values, groups)
    return results_of(study, spec.id, rows, describe(study, spec))


def _denominator_rows(template: Row, found: WindowMembers, groups: tuple[Group, ...]) -> list[Row]:
    rows: list[Row] = []
    for group in groups:
        named = replace(template, arm=group.arm)
        size, inside = int(group.members.sum()), int((group.members & found.evaluable).sum())
        rows.append(replace(named, value=float(size)))
        rows += count_rows(replace(named, measure="observed"), inside, size)
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in found.outside.items()
        ]
    return rows


def _highest(item: LaboratoryParameter, spec: LaboratorySpec) -> int:
    """The highest grade that a value can have by its term."""
    term = laboratory_term(item.term, version=spec.version)
    return max(grade for grade, _ in (*term.cuts, *term.upper_multiples, *term.baseline_multiples))


def _possible_states(item: LaboratoryParameter, spec: LaboratorySpec) -> Sequence[str]:
    return [state for state in STATES if not state.isdigit() or int(state) <= _highest(item, spec)]


def _shift_rows(
    named: Row,
    item: LaboratoryParameter,
    found: WorstInWindow,
    inside: WindowMembers,
    groups: tuple[Group, ...],
    spec: LaboratorySpec,
) -> list[Row]:
    before, worst = states(found.baseline), states(found.worst)
    possible = _possible_states(item, spec)
    return [
        replace(named, block=SHIFT, arm=group.arm, measure="shift", level=shift_level(a, b), value=float(count))
        for group in groups
        for a, b in product(possible, possible)
        for count in [(group.members & inside.evaluable & (before == a) & (worst == b)).sum()]
    ]


def _emergent_rows(
    named: Row,
    item: LaboratoryParameter,
    found: WorstInWindow,
    inside: WindowMembers,
    groups: tuple[Group, ...],
    pair: tuple[str, str] | None,
    spec: LaboratorySpec,
) -> list[Row]:
    rows = []
    named = replace(named, block=EMERGENT)
    lacking = {"not_measured": inside.evaluable & ~found.measured,
               "no_baseline": found.measured & np.isnan(found.baseline.lowest)}  # fmt: skip
    for measure, mask in lacking.items():
        rows += [replace(named, arm=group.arm, measure=measure, value=float((group.members & mask).sum()))
                 for group in groups]  # fmt: skip
    for band in range(1, _highest(item, spec) + 1):
        at_band = replace(named, level=band_level(band))
        reached = found.counted & (found.emergent.lowest >= band)
        known = reached | (found.counted & (found.emergent.highest < band))
        counts = np.array([(group.members & reached).sum() for group in groups])
        totals = np.array([(group.members & known).sum() for group in groups])
        intervals = estimate_proportions(counts, totals, method=spec.interval, conf_level=spec.conf_level)
        for i, group in enumerate(groups):
            of_arm = replace(at_band, arm=group.arm)
            unknown = float((group.members & found.counted & ~known).sum())
            rows.append(replace(of_arm, measure="unknown_grade", value=unknown))
            at = replace(of_arm, measure="risk")
            rows += [*count_rows(at, int(counts[i]), int(totals[i])), *interval_rows(at, _one(intervals, i))]
        rows += _difference_rows(at_band, counts, totals, pair, spec)
    return rows


def _difference_rows(
    at_band: Row, counts: np.ndarray, totals: np.ndarray, pair: tuple[str, str] | None, spec: LaboratorySpec
) -> list[Row]:
    if not pair:
        return []
    found = compare_all_proportions(
        counts[:1], totals[:1], counts[1:2], totals[1:2], measure="risk-difference", method=spec.difference,
        conf_level=spec.conf_level,
    )  # fmt: skip
    named = replace(at_band, arm=pair[0], reference=pair[1], measure="risk_difference")
    return interval_rows(named, _one(found, 0))


def _one(intervals: Intervals, place: int) -> Interval:
    return Interval(
        float(intervals.estimate[place]),
        float(intervals.lower[place]),
        float(intervals.upper[place]),
        intervals.conf_level,
        intervals.method,
        intervals.notes[place],
    )


def _nadir_rows(
    named: Row, item: LaboratoryParameter, found: Nadirs, groups: tuple[Group, ...], spec: LaboratorySpec
) -> list[Row]:
    rows = []
    for group in groups:
        own = group.members[found.member]
        at = replace(named, block=NADIR, arm=group.arm)
        rows.append(replace(at, measure="observed", value=float(own.sum())))
        for level, numbers, unit in ((VALUE, found.value, item.unit), (DAY, found.day, "days")):
            summary = summarize_continuous(np.sort(numbers[own]), weights=None, quantile_type=spec.quantile_type)
            note = "" if own.any() else NOBODY
            rows += [
                replace(at, level=level, measure=name, stat="estimate", value=float(getattr(summary, name)), unit=unit,
                        note=note)
                for name in QUARTILES
            ]  # fmt: skip
        rows += _recovery_rows(replace(named, block=RECOVERY, arm=group.arm), found, own & found.asked, spec)
    return rows


def _recovery_rows(named: Row, found: Nadirs, asked: np.ndarray, spec: LaboratorySpec) -> list[Row]:
    recovered = found.recovered[asked]
    rows = count_rows(replace(named, measure="recovered"), int(recovered.sum()), int(asked.sum()))
    curve = estimate_kaplan_meier(found.time[asked], recovered, conf_level=spec.conf_level, conf_type=spec.conf_type)
    median = curve.quantile(0.5)
    note = median.note if asked.any() else NOBODY_BAD
    return rows + [
        replace(row, unit="days")
        for row in interval_rows(replace(named, measure="recovery_days"), replace(median, note=note))
    ]
