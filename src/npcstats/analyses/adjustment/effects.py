"""One effect of one set of participants: as observed, weighted, by the bootstrap, by a model, over imputations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from npcstats.analyses.adjustment.measures import Measure, OutcomeModel
from npcstats.analyses.adjustment.outcomes import OutcomeData
from npcstats.analyses.adjustment.rows import RATIOS
from npcstats.analyses.adjustment.spec import Adjustment
from npcstats.estimators.effects import (
    Effect,
    Observed,
    Timed,
    Weighting,
    bootstrap_effect,
    estimate_effect,
    estimate_effect_by_model,
    limit_effect,
)
from npcstats.estimators.imputation import pool_imputations
from npcstats.estimators.types import DesignMatrix, Interval
from npcstats.estimators.weighting import Weights

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


@dataclass(frozen=True)
class Asked:
    """What an effect is asked with.

    Parameters
    ----------
    analysis : str
        Id of the entry, by which its random numbers are its own.
    conf_level : float
        Confidence level.
    ties : str
        How tied events share a denominator, of a hazard ratio.
    """

    analysis: str
    conf_level: float
    ties: str


def estimate_compared(outcome: Observed | Timed, compared: Compared, measure: Measure, asked: Asked) -> Effect:
    """Estimate an effect by weights, or as observed; of several imputations as one.

    Parameters
    ----------
    outcome : Observed or Timed
        Of those kept.
    compared : Compared
        Who, and how they are weighted.
    measure : Measure
        What.
    asked : Asked
        Level of confidence, and handling of ties.

    Returns
    -------
    Effect
        NaN with a note where undefined.
    """
    ties = asked.ties if measure.name == "hazard_ratio" else ""
    if compared.adjustment and compared.adjustment.variance == "bootstrap":
        return _bootstrapped(outcome, compared, compared.adjustment, measure, replace(asked, ties=ties))
    effects = [
        estimate_effect(outcome, compared.treated, measure=measure.name, weights=weights, conf_level=asked.conf_level,
                        at=measure.at, ties=ties)
        for weights in compared.weights
    ]  # fmt: skip
    return effects[0] if len(effects) == 1 else _pooled(effects, measure, asked.conf_level)


def estimate_modelled(
    outcome: Observed, compared: Compared, measure: Measure, asked: Asked, model: OutcomeModel, estimand: str
) -> Effect:
    """Estimate an effect by a regression of the outcome.

    Parameters
    ----------
    outcome : Observed
        Of those kept.
    compared : Compared
        Who, and by which covariates.
    measure : Measure
        What.
    asked : Asked
        Level of confidence.
    model : OutcomeModel
        Of the plan.
    estimand : str
        In whom effects are averaged.

    Returns
    -------
    Effect
        NaN with a note where undefined.
    """
    return estimate_effect_by_model(
        outcome, compared.treated, compared.designs[0], measure=measure.name, method=model.method, estimand=estimand,
        arms=model.arms, conf_level=asked.conf_level,
    )  # fmt: skip


def _bootstrapped(
    outcome: Observed | Timed, compared: Compared, adjustment: Adjustment, measure: Measure, asked: Asked
) -> Effect:
    return bootstrap_effect(
        outcome,
        compared.treated,
        compared.designs[0],
        weighting=Weighting(adjustment.estimand, adjustment.stabilized),
        measure=measure.name,
        conf_level=asked.conf_level,
        replicates=adjustment.replicates,
        name=f"{asked.analysis} {adjustment.name} {measure.name} {measure.at or ''}".strip(),
        seed=adjustment.seed,
        at=measure.at,
        ties=asked.ties,
    ).effect


def _pooled(effects: Sequence[Effect], measure: Measure, conf_level: float) -> Effect:
    """Effects of several imputations as one, a ratio on the scale of its logarithm."""
    failed = next((effect for effect in effects if math.isnan(effect.interval.estimate)), None)
    if failed is not None:
        return failed
    turn, back = (math.log, math.exp) if measure.name in RATIOS else (float, float)
    values = [turn(effect.interval.estimate) for effect in effects]
    first, reference = (_averaged([getattr(effect, name) for effect in effects]) for name in ("first", "reference"))
    unsure = next((effect for effect in effects if math.isnan(effect.std_error)), None)
    if unsure is not None:
        interval = replace(unsure.interval, estimate=back(float(np.mean(values))))
        return replace(unsure, interval=interval, first=first, reference=reference)
    pooled = pool_imputations(
        values, [effect.std_error**2 for effect in effects], conf_level=conf_level, complete_df=math.inf
    )
    interval = limit_effect(
        pooled.estimate, pooled.lower, pooled.upper, measure=measure.name, at=measure.at, conf_level=conf_level,
        method=f"{effects[0].interval.method}, {POOLED}", note=pooled.note,
    )  # fmt: skip
    numbers = (pooled.std_error, pooled.statistic, pooled.p_value)
    error, statistic, p_value = (math.nan,) * 3 if math.isnan(interval.lower) else numbers
    return replace(effects[0], interval=interval, std_error=error, statistic=statistic, p_value=p_value, first=first,
                   reference=reference)  # fmt: skip


def _averaged(intervals: Sequence[Interval | None]) -> Interval | None:
    known = [interval for interval in intervals if interval is not None]
    if not known:
        return None
    mean = float(np.mean([interval.estimate for interval in known]))
    return Interval(mean, math.nan, math.nan, known[0].conf_level, "average over imputations", AVERAGED)
