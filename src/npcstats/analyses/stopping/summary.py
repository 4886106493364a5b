"""Stopping rules for toxicities: where each stands, at its looks and now, and what it does under true rates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from npcstats.analyses.stopping.criteria import NEVER, NOBODY, look_sizes, posterior_of, rule_of, stand
from npcstats.analyses.stopping.rows import CURVE, EXACT, LOOKS, NOW, SIMULATED
from npcstats.analyses.stopping.spec import BetaBinomial, StoppingRule, StoppingSpec, stopping_faults
from npcstats.analyses.stopping.telling import stopping_analysis
from npcstats.analyses.stopping.watched import Watched, watch
from npcstats.choices import refuse_faults
from npcstats.derive import Group, arm_groups, population_members, results_of
from npcstats.estimators.proportions import estimate_proportion
from npcstats.estimators.toxicity_rules import (
    RuleCharacteristics,
    ToxicityRule,
    boin_limits,
    characterize_by_simulation,
    enumerate_rule,
    monte_carlo_errors,
)
from npcstats.results import EVERYONE, Results, Row, count_rows, interval_rows
from npcstats.study import Study

CURVE_STEPS = 40


def summarize_stopping(study: Study, spec: StoppingSpec) -> Results:
    """Tell where stopping rules stand.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : StoppingSpec
        What is watched.

    Returns
    -------
    Results
        Rows of kind ``stopping``: of each arm where there are arms, else of everyone; limits and characteristics,
        which are the same for every group, of everyone.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a text is not in its column's list.
    DataError
        If the study lacks a column that is needed.

    Notes
    -----
    Denominator: exposed members of the population who were observed through the rule's period, or died in it. Others
    who have the event already are counted beside it and not in it: who has it is known before who has not. At a look
    are the first so many of them in order of the first day of their period.
    """
    refuse_faults(spec.id, stopping_faults(spec))
    members = population_members(study, spec.population)
    groups = arm_groups(study, members)
    told = groups[:-1] if study.arms else groups
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows = [replace(start, arm=group.arm, value=float(group.members.sum())) for group in told]
    for rule in spec.rules:
        seen = watch(study, members, rule, baseline_adjusted=spec.baseline_adjusted, analysis=spec.id)
        counts = rule_of(rule.criterion, look_sizes(rule.looks))
        named = replace(start, variable=rule.code, window=rule.window.code)
        rows += _declared_rows(named, rule)
        for group in told:
            rows += _now_rows(replace(named, arm=group.arm, block=NOW), seen, group, rule, counts, spec)
        rows += _look_rows(replace(named, block=LOOKS), seen, told, counts)
        rows += _characteristic_rows(named, rule, counts, spec)
    rows += _together(rows, start)
    return results_of(study, spec.id, rows, stopping_analysis(study, spec))


def _together(rows: Sequence[Row], template: Row) -> list[Row]:
    """Of the rules that can be judged, each in each group, how many are met now or were at a look before."""
    judged = [row for row in rows if row.measure == "stopping_met" and not math.isnan(row.value)]
    known = {(row.arm, row.variable) for row in judged}
    met = {(row.arm, row.variable) for row in judged if row.value == 1.0}
    return count_rows(replace(template, measure="stopping_met", block=NOW, variable=EVERYONE), len(met), len(known))


def _declared_rows(template: Row, rule: StoppingRule) -> list[Row]:
    criterion = rule.criterion
    level = criterion.threshold if isinstance(criterion, BetaBinomial) else criterion.alpha
    estimate = replace(template, stat="estimate")
    rows = [
        replace(estimate, measure="acceptable_rate", value=criterion.limit),
        replace(estimate, measure="stopping_level", value=level),
    ]
    if rule.alert:
        _, above = boin_limits(rule.alert.target, low=rule.alert.low, high=rule.alert.high)
        rows.append(replace(estimate, measure="alert_limit", value=above))
    return rows


def _now_rows(
    template: Row, seen: Watched, group: Group, rule: StoppingRule, counts: ToxicityRule, spec: StoppingSpec
) -> list[Row]:
    ordered = seen.in_order(group.members)
    count, total = int(ordered.sum()), len(ordered)
    risk = replace(template, measure="risk")
    rows = count_rows(replace(template, measure="observed"), total, int(group.members.sum()))
    rows += [
        replace(template, measure="not_evaluable", level=reason, value=float((group.members & mask).sum()))
        for reason, mask in seen.outside.items()
    ]
    rows += count_rows(risk, count, total)
    rows += interval_rows(risk, estimate_proportion(count, total, method=spec.interval, conf_level=spec.conf_level))
    early = float((group.members & seen.had & ~seen.complete).sum())
    rows.append(replace(template, measure="pending", value=early))
    if isinstance(rule.criterion, BetaBinomial):
        surely = posterior_of(rule.criterion, count, total)
        note = "" if total else NOBODY
        rows.append(replace(template, measure="posterior_exceeds", stat="estimate", value=surely, note=note))
    now = stand(rule.criterion, counts, ordered)
    rows.append(replace(template, measure="stopping_limit", value=now.limit, note=now.limit_note))
    rows.append(replace(template, measure="stopping_met", value=now.met, note=now.met_note))
    if rule.alert:
        _, above = boin_limits(rule.alert.target, low=rule.alert.low, high=rule.alert.high)
        raised = float(count / total >= above) if total else math.nan
        rows.append(replace(template, measure="alert_raised", value=raised, note="" if total else NOBODY))
    return rows


def _look_rows(template: Row, seen: Watched, groups: Sequence[Group], counts: ToxicityRule) -> list[Row]:
    rows: list[Row] = []
    for look, limit in zip(counts.looks.tolist(), counts.limits.tolist(), strict=True):
        can = limit <= look
        at = replace(template, measure="stopping_limit", time=float(look))
        rows.append(replace(at, value=float(limit) if can else math.nan, note="" if can else NEVER))
    for group in groups:
        named, ordered = replace(template, arm=group.arm), seen.in_order(group.members)
        course = np.cumsum(ordered)
        reached = counts.looks[counts.looks <= len(ordered)]
        steps = np.flatnonzero(ordered) + 1
        for place in np.union1d(np.union1d(reached, steps), [len(ordered)] if len(ordered) else []).astype(int):
            value = float(course[place - 1])
            rows.append(replace(named, measure="ordered_events", time=float(place), value=value))
        for look, limit in zip(reached, counts.limits, strict=False):
            met = float(course[look - 1] >= limit)
            rows.append(replace(named, measure="stopping_met", time=float(look), value=met))
    return rows


def _characteristic_rows(template: Row, rule: StoppingRule, counts: ToxicityRule, spec: StoppingSpec) -> list[Row]:
    rows: list[Row] = []
    for rate in rule.rates:
        at = replace(template, block=EXACT, level=f"{rate:g}", stat="estimate")
        found = enumerate_rule(counts, rate)
        rows.append(replace(at, measure="true_rate", value=rate))
        rows += _told_rows(at, found)
        for look, share in zip(counts.looks.tolist(), np.cumsum(found.stopped), strict=True):
            rows.append(replace(at, measure="stop_probability", time=float(look), value=float(share)))
    for step in range(CURVE_STEPS + 1):
        rate = rule.highest_rate * step / CURVE_STEPS
        at = replace(template, block=CURVE, level=str(step), stat="estimate")
        rows.append(replace(at, measure="true_rate", value=rate))
        rows += _told_rows(at, enumerate_rule(counts, rate))
    return rows + (_simulated_rows(template, rule, counts, spec) if spec.trials else [])


def _told_rows(template: Row, found: RuleCharacteristics) -> list[Row]:
    return [
        replace(template, measure="stop_probability", value=found.stop),
        replace(template, measure="expected_size", value=found.expected_size),
        replace(template, measure="expected_events", value=found.expected_events),
    ]


def _simulated_rows(template: Row, rule: StoppingRule, counts: ToxicityRule, spec: StoppingSpec) -> list[Row]:
    name = f"{spec.id}.{rule.code}"
    simulated = characterize_by_simulation(counts, rule.rates, trials=spec.trials, seed=spec.seed, name=name)
    rows: list[Row] = []
    for rate, found in zip(rule.rates, simulated, strict=True):
        at = replace(template, block=SIMULATED, level=f"{rate:g}", stat="estimate")
        rows += _told_rows(at, found)
        errors = zip(("stop_probability", "expected_size"), monte_carlo_errors(counts, found), strict=True)
        rows += [replace(at, measure=measure, stat="std_error", value=error) for measure, error in errors]
    return rows
