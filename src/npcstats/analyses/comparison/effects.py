"""Effects of one set of participants, weighted or not, as rows: one for each imputation is made, and one is told."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from npcstats.analyses.adjustment.effects import (
    Asked,
    Compared,
    estimate_compared,
    estimate_modelled,
    outcome_of,
    too_few,
)
from npcstats.analyses.adjustment.measures import Measure, OutcomeModel
from npcstats.analyses.adjustment.outcomes import OutcomeData
from npcstats.analyses.adjustment.rows import ARM_MEASURES
from npcstats.analyses.comparison.spec import ComparisonSpec
from npcstats.estimators.effects import Effect, Observed, Timed
from npcstats.estimators.weighting import effective_size
from npcstats.results import EVERYONE, Row, count_rows, interval_rows


def block_rows(template: Row, data: OutcomeData, compared: Compared, spec: ComparisonSpec, arms: tuple[str, str],
               model: OutcomeModel | None = None) -> list[Row]:  # fmt: skip
    """Rows of one block: sizes of the arms, what each has of its own, and their contrasts.

    Parameters
    ----------
    template : Row
        Carries analysis, population and the outcome's key columns.
    data : OutcomeData
        Of all members.
    compared : Compared
        Who is compared, and how.
    spec : ComparisonSpec
        Measures, level of confidence, least number of events.
    arms : tuple of (str, str)
        The first arm and the reference.
    model : OutcomeModel, optional
        Regression of the outcome by which effects are estimated, instead of weights.

    Returns
    -------
    list of Row
        In page order.
    """
    named = replace(template, block=compared.block)
    rows = _size_rows(named, data, compared, arms)
    events = data.events
    few = events is not None and int(events[compared.kept].sum()) < spec.minimum_events
    reason = compared.note or (too_few(spec.minimum_events) if few else "")
    outcome = None if reason else outcome_of(data, compared.kept)
    for measure in spec.measures:
        at = replace(named, time=math.nan if measure.at is None else measure.at)
        if outcome is None:
            rows += _blank_rows(at, measure, spec, arms, reason)
        else:
            rows += _effect_rows(at, measure, _effect(outcome, compared, measure, spec, model), spec, arms)
    return list({row.key: row for row in rows}.values())  # several measures may be of one quantity of an arm


def _effect(
    outcome: Observed | Timed, compared: Compared, measure: Measure, spec: ComparisonSpec, model: OutcomeModel | None
) -> Effect:
    asked = Asked(spec.id, spec.conf_level, spec.ties)
    if model and isinstance(outcome, Observed):
        return estimate_modelled(outcome, compared, measure, asked, model, spec.adjustments[0].estimand)
    return estimate_compared(outcome, compared, measure, asked)


def _size_rows(template: Row, data: OutcomeData, compared: Compared, arms: tuple[str, str]) -> list[Row]:
    rows: list[Row] = []
    events = data.events
    groups = (compared.treated, ~compared.treated, np.ones(len(compared.treated), dtype=bool))
    for arm, inside in zip((*arms, EVERYONE), groups, strict=True):
        named = replace(template, arm=arm, measure="participants", stat="count")
        rows.append(replace(named, value=float(inside.sum())))
        if events is not None:
            had = int(events[compared.kept][inside].sum())
            rows += count_rows(replace(named, measure="events"), had, int(inside.sum()))
        sizes = [effective_size(w.values[inside]) for w in compared.weights if w is not None]
        if sizes and arm != EVERYONE:
            size = float(np.mean(sizes))
            rows.append(replace(named, measure="effective_size", stat="estimate", value=size,
                                note=compared.note if math.isnan(size) else ""))  # fmt: skip
    return rows


def _stats(spec: ComparisonSpec) -> tuple[str, ...]:
    return ("estimate", "ci_low", "ci_high", "std_error", *(("p_value",) if spec.p_values else ()))


def _blank_rows(template: Row, measure: Measure, spec: ComparisonSpec, arms: tuple[str, str], note: str) -> list[Row]:
    own, rows = ARM_MEASURES[measure.name], []
    blank = replace(template, value=math.nan, note=note)
    if own:
        rows += [replace(blank, arm=arm, measure=own, stat=stat) for arm in arms for stat in _stats(spec)[:3]]
    contrast = replace(blank, arm=arms[0], reference=arms[1], measure=measure.name)
    return rows + [replace(contrast, stat=stat) for stat in _stats(spec)]


def _effect_rows(
    template: Row, measure: Measure, effect: Effect, spec: ComparisonSpec, arms: tuple[str, str]
) -> list[Row]:
    own = ARM_MEASURES[measure.name]
    rows: list[Row] = []
    for arm, interval in zip(arms, (effect.first, effect.reference), strict=True):
        if own and interval is not None:
            rows += interval_rows(replace(template, arm=arm, measure=own), interval)
    contrast = replace(template, arm=arms[0], reference=arms[1], measure=measure.name)
    made = replace(contrast, method=effect.interval.method, note=effect.interval.note)
    rows += interval_rows(contrast, effect.interval)
    rows.append(replace(made, stat="std_error", value=effect.std_error))
    return rows + ([replace(made, stat="p_value", value=effect.p_value)] if spec.p_values else [])
