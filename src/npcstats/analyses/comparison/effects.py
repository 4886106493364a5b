"""Effects of one set of participants, weighted or not, as rows: one for each imputation is made, and one is told."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from npcstats.analyses.adjustment.outcomes import OutcomeData
from npcstats.analyses.adjustment.spec import Adjustment
from npcstats.analyses.comparison.rows import ARM_MEASURES, RATIOS
from npcstats.analyses.comparison.spec import ComparisonSpec, Measure, OutcomeModel
from npcstats.estimators.effects import (
    Effect,
    Observed,
    Timed,
    Weighting,
    bootstrap_effect,
    estimate_effect,
    estimate_effect_by_model,
)
from npcstats.estimators.imputation import pool_imputations
from npcstats.estimators.types import DesignMatrix, Interval
from npcstats.estimators.weighting import Weights, effective_size
from npcstats.results import EVERYONE, Row, count_rows, interval_rows

POOLED = "pooled over imputations by Rubin's rules"
AVERAGED = "An average over imputations has no limits of its own here."


@dataclass(frozen=True, eq=False)
class Compared:
    """Participants who are compared, and how they are weighted.

    Attributes
    ----------
    block : str
        Block of the rows.
    kept : ndarray of bool, shape (n,)
        Who of the members.
    treated : ndarray of bool, shape (m,)
        The first arm, of those kept.
    weights : tuple of Weights or None
        One for each imputation, none where nothing could be imputed; one None as observed.
    adjustment : Adjustment or None
        Of the plan; None as observed.
    designs : tuple of DesignMatrix
        What the scores are made of; none as observed.
    note : str
        Why nothing can be estimated; empty otherwise.
    """

    block: str
    kept: np.ndarray
    treated: np.ndarray
    weights: tuple[Weights | None, ...]
    adjustment: Adjustment | None = None
    designs: tuple[DesignMatrix, ...] = ()
    note: str = ""


Estimate = Callable[[Observed | Timed, Compared, Measure], Sequence[Effect]]
"""Makes the effects of one measure, one for each imputation."""


def outcome_of(data: OutcomeData, kept: np.ndarray) -> Observed | Timed:
    """Make the outcome of those kept as an estimator takes it.

    Parameters
    ----------
    data : OutcomeData
        Of all members, n.
    kept : ndarray of bool, shape (n,)
        Whose outcome is known.

    Returns
    -------
    Observed or Timed
        Of those kept.
    """
    return Timed(data.values[kept], data.cause[kept]) if data.timed else Observed(data.values[kept])


def block_rows(template: Row, data: OutcomeData, compared: Compared, spec: ComparisonSpec, arms: tuple[str, str],
               estimate: Estimate) -> list[Row]:  # fmt: skip
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
    estimate : callable
        Makes the effects.

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
            rows += _effect_rows(at, measure, estimate(outcome, compared, measure), spec, arms)
    return list({row.key: row for row in rows}.values())  # several measures may be of one quantity of an arm


def too_few(minimum: int) -> str:
    """Why no effect is estimated.

    Parameters
    ----------
    minimum : int
        How many events are enough.

    Returns
    -------
    str
        A sentence.
    """
    if minimum <= 1:
        return "There are no events, so no effect is estimated."
    return f"There are fewer than {minimum} events, so no effect is estimated."


def estimate_weighted(spec: ComparisonSpec) -> Estimate:
    """Estimate effects by weights, or as observed.

    Parameters
    ----------
    spec : ComparisonSpec
        Level of confidence, and handling of ties.

    Returns
    -------
    callable
        Of outcome, participants and measure.
    """

    def estimate(outcome: Observed | Timed, compared: Compared, measure: Measure) -> list[Effect]:
        ties = spec.ties if measure.name == "hazard_ratio" else ""
        if compared.adjustment and compared.adjustment.variance == "bootstrap":
            return [_bootstrapped(outcome, compared, compared.adjustment, measure, spec, ties)]
        return [
            estimate_effect(outcome, compared.treated, measure=measure.name, weights=weights,
                            conf_level=spec.conf_level, at=measure.at, ties=ties)
            for weights in compared.weights
        ]  # fmt: skip

    return estimate


def estimate_modelled(spec: ComparisonSpec, model: OutcomeModel, estimand: str) -> Estimate:
    """Estimate effects by a regression of the outcome.

    Parameters
    ----------
    spec : ComparisonSpec
        Level of confidence.
    model : OutcomeModel
        Of the plan.
    estimand : str
        In whom effects are averaged.

    Returns
    -------
    callable
        Of outcome, participants and measure.
    """

    def estimate(outcome: Observed | Timed, compared: Compared, measure: Measure) -> list[Effect]:
        return [
            estimate_effect_by_model(outcome, compared.treated, design, measure=measure.name, method=model.method,
                                     estimand=estimand, arms=model.arms, conf_level=spec.conf_level)
            for design in compared.designs
            if isinstance(outcome, Observed)
        ]  # fmt: skip

    return estimate


def _bootstrapped(
    outcome: Observed | Timed,
    compared: Compared,
    adjustment: Adjustment,
    measure: Measure,
    spec: ComparisonSpec,
    ties: str,
) -> Effect:
    return bootstrap_effect(
        outcome,
        compared.treated,
        compared.designs[0],
        weighting=Weighting(adjustment.estimand, adjustment.stabilized),
        measure=measure.name,
        conf_level=spec.conf_level,
        replicates=adjustment.replicates,
        name=f"{spec.id} {adjustment.name} {measure.name} {measure.at or ''}".strip(),
        seed=adjustment.seed,
        at=measure.at,
        ties=ties,
    ).effect


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


def _effect_rows(template: Row, measure: Measure, effects: Sequence[Effect], spec: ComparisonSpec,
                 arms: tuple[str, str]) -> list[Row]:  # fmt: skip
    effect = effects[0] if len(effects) == 1 else _pooled(effects, measure, spec)
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


def _pooled(effects: Sequence[Effect], measure: Measure, spec: ComparisonSpec) -> Effect:
    """Effects of several imputations as one, a ratio on the scale of its logarithm."""
    failed = next((effect for effect in effects if math.isnan(effect.interval.estimate)), None)
    if failed is not None:
        return failed
    turn, back = (math.log, math.exp) if measure.name in RATIOS else (float, float)
    pooled = pool_imputations(
        [turn(effect.interval.estimate) for effect in effects],
        [effect.std_error**2 for effect in effects],
        conf_level=spec.conf_level,
        complete_df=math.inf,
    )
    method = f"{effects[0].interval.method}, {POOLED}"
    interval = Interval(
        back(pooled.estimate), back(pooled.lower), back(pooled.upper), spec.conf_level, method, pooled.note
    )
    arms = [_averaged([getattr(effect, name) for effect in effects]) for name in ("first", "reference")]
    return replace(effects[0], interval=interval, std_error=pooled.std_error, statistic=pooled.statistic,
                   p_value=pooled.p_value, first=arms[0], reference=arms[1])  # fmt: skip


def _averaged(intervals: Sequence[Interval | None]) -> Interval | None:
    known = [interval for interval in intervals if interval is not None]
    if not known:
        return None
    mean = float(np.mean([interval.estimate for interval in known]))
    return Interval(mean, math.nan, math.nan, known[0].conf_level, "average over imputations", AVERAGED)
