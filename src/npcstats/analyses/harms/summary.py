"""A declared family of adverse events: risks, differences, ratios, tests, and differences adjusted by weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.analyses.adjustment.effects import Asked, Compared, estimate_compared, too_few
from npcstats.analyses.adjustment.measures import Measure
from npcstats.analyses.adjustment.outcomes import GradeOutcome, OutcomeData, derive_outcome
from npcstats.analyses.adjustment.spec import Adjustment
from npcstats.analyses.adjustment.weighing import Adjusted, adjust
from npcstats.analyses.harms.rows import CONTRASTS, UNADJUSTED
from npcstats.analyses.harms.spec import HarmsSpec, harms_faults
from npcstats.analyses.harms.telling import harms_analysis
from npcstats.choices import refuse_faults
from npcstats.derive import Group, arm_groups, arm_pair, population_members, results_of
from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.effects import Effect, Observed
from npcstats.estimators.proportions import compare_all_proportions, estimate_proportion, exact_tests
from npcstats.estimators.types import Interval
from npcstats.results import Results, Row, count_rows, interval_rows
from npcstats.study import ARM, Study


@dataclass(frozen=True, eq=False)
class _Member:
    """A member of the family: who is compared, what they had, and who is not compared, by reason."""

    outcome: GradeOutcome
    data: OutcomeData
    kept: np.ndarray
    absent: Mapping[str, np.ndarray]
    adjusted: Adjusted | None


def summarize_harms(study: Study, spec: HarmsSpec) -> Results:
    """Compare two arms by each adverse event of a declared family.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : HarmsSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``harms``; of a study without two arms the risks only.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a term is not of the design.
    DataError
        If the study lacks a column that is needed.

    Notes
    -----
    Denominator: members of the population who are evaluable in the period and, where the comparison is adjusted, have
    every covariate, or an imputed one, and are not trimmed; all numbers of a line are of the same participants. All
    others are counted by reason. The p-values of the family are adjusted for its members that have a test.
    """
    refuse_faults(spec.id, harms_faults(spec))
    members, pair = population_members(study, spec.population), arm_pair(study)
    treated = (members[ARM] == pair[0]).to_numpy() if pair else None
    family = [_member(study, spec, members, item, treated) for item in spec.outcomes]
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    groups = arm_groups(study, members)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]
    for member in family:
        rows += _risk_rows(_at(start, member), member, groups, spec)
    if pair and treated is not None:
        rows += _contrast_rows(start, family, treated, pair, spec)
        rows += _test_rows(start, family, treated, pair, spec)
        rows += [row for member in family for row in _adjusted_rows(_at(start, member), member, treated, pair, spec)]
    return results_of(study, spec.id, rows, harms_analysis(study, spec))


def _member(
    study: Study, spec: HarmsSpec, members: pd.DataFrame, outcome: GradeOutcome, treated: np.ndarray | None
) -> _Member:
    data = derive_outcome(study, members, outcome, spec.id)
    known = data.known
    if spec.adjustment is None or treated is None:
        return _Member(outcome, data, known, data.absent, None)
    compared = members.loc[known].reset_index(drop=True)
    adjusted = adjust(study, compared, treated[known], spec.adjustment, spec.id, outcome=data.of(known))
    places = np.flatnonzero(known)
    kept = np.isin(np.arange(len(members)), places[adjusted.kept])
    lost = {reason: np.isin(np.arange(len(members)), places[mask]) for reason, mask in adjusted.lost.items()}
    return _Member(outcome, data, kept, {**data.absent, **lost}, adjusted)


def _at(start: Row, member: _Member) -> Row:
    return replace(start, variable=member.outcome.code, window=member.outcome.window.code)


def _risk_rows(template: Row, member: _Member, groups: tuple[Group, ...], spec: HarmsSpec) -> list[Row]:
    rows: list[Row] = []
    for group in groups:
        named, inside = replace(template, arm=group.arm), group.members & member.kept
        count, total = int(member.data.values[inside].sum()), int(inside.sum())
        risk = estimate_proportion(count, total, method=spec.interval, conf_level=spec.conf_level)
        rows += count_rows(replace(named, measure="risk"), count, total)
        rows += interval_rows(replace(named, measure="risk"), risk)
        rows += [
            replace(named, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
            for reason, mask in member.absent.items()
        ]
    return rows


def _tables(family: list[_Member], treated: np.ndarray) -> list[list[int]]:
    """Count and total of the first arm, then of the reference, of every member."""
    cells: list[list[int]] = [[], [], [], []]
    for member in family:
        for i, arm in enumerate((treated, ~treated)):
            inside = arm & member.kept
            cells[2 * i].append(int(member.data.values[inside].sum()))
            cells[2 * i + 1].append(int(inside.sum()))
    return cells


def _contrast_rows(
    start: Row, family: list[_Member], treated: np.ndarray, pair: tuple[str, str], spec: HarmsSpec
) -> list[Row]:
    rows: list[Row] = []
    for measure, field in CONTRASTS.items():
        if method := getattr(spec, field):
            found = compare_all_proportions(
                *_tables(family, treated),
                measure=measure.replace("_", "-"),
                method=method,
                conf_level=spec.conf_level,
            )
            for i, member in enumerate(family):
                named = replace(_at(start, member), arm=pair[0], reference=pair[1], block=UNADJUSTED, measure=measure)
                rows += interval_rows(named, found.at(i))
    return rows


def _test_rows(
    start: Row, family: list[_Member], treated: np.ndarray, pair: tuple[str, str], spec: HarmsSpec
) -> list[Row]:
    if not spec.test:
        return []
    tests = exact_tests(*_tables(family, treated), method=spec.test)
    p_values = np.array([test.p_value for test in tests])
    adjusted = adjust_p_values(p_values, method=spec.multiplicity) if spec.multiplicity else p_values
    rows: list[Row] = []
    for member, test, value in zip(family, tests, adjusted, strict=True):
        named = replace(_at(start, member), arm=pair[0], reference=pair[1], block=UNADJUSTED, stat="p_value")
        note = test.note if math.isnan(test.p_value) else ""
        rows.append(replace(named, measure="exact_test", value=test.p_value, method=spec.test, note=note))
        if spec.multiplicity:
            method = f"{spec.test}, {spec.multiplicity}"
            rows.append(replace(named, measure="exact_test_adjusted", value=float(value), method=method, note=note))
    return rows


def _adjusted_rows(
    template: Row, member: _Member, treated: np.ndarray, pair: tuple[str, str], spec: HarmsSpec
) -> list[Row]:
    """Contrasts of a member after weighting, and the risk of each arm; by the reason alone where there is none."""
    if spec.adjustment is None or member.adjusted is None:
        return []
    named = replace(template, block=spec.adjustment.name)
    between = replace(named, arm=pair[0], reference=pair[1])
    asked = [name for name, field in CONTRASTS.items() if getattr(spec, field)]
    events = float(member.data.values[member.kept].sum())
    reason = member.adjusted.note or (too_few(spec.minimum_events) if events < max(1, spec.minimum_events) else "")
    if reason:
        blank = Interval(math.nan, math.nan, math.nan, spec.conf_level, "", reason)
        return [row for name in asked for row in interval_rows(replace(between, measure=name), blank)]
    effects = {name: _effect(member, name, treated, spec, spec.adjustment, member.adjusted) for name in asked}
    rows = [row for name, found in effects.items() for row in interval_rows(replace(between, measure=name),
                                                                           found.interval)]  # fmt: skip
    own = next(iter(effects.values()))
    for arm, of_arm in zip(pair, (own.first, own.reference), strict=True):
        if of_arm is not None:
            rows += interval_rows(replace(named, arm=arm, measure="risk"), of_arm)
    return rows


def _effect(
    member: _Member, measure: str, treated: np.ndarray, spec: HarmsSpec, item: Adjustment, adjusted: Adjusted
) -> Effect:
    kept = member.kept
    compared = Compared(item.name, kept, treated[kept], adjusted.weights, item, adjusted.designs, adjusted.note)
    asked = Asked(f"{spec.id}.{member.outcome.code}", spec.conf_level, "")
    return estimate_compared(Observed(member.data.values[kept]), compared, Measure(measure), asked)
