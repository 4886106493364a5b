"""The bootstrap of an effect: participants drawn anew, the score estimated anew, everything after it done anew."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from npcstats.errors import SpecError
from npcstats.estimators.checks import check_binary
from npcstats.estimators.distributions import normal_upper
from npcstats.estimators.effects.effect import RATIO_MEASURES, Effect
from npcstats.estimators.effects.estimate import estimate_effect
from npcstats.estimators.effects.outcomes import Outcome
from npcstats.estimators.types import BoolArray, DesignMatrix, FloatArray, Interval
from npcstats.estimators.weighting import fit_propensity, trim_scores, weigh
from npcstats.parallel import run_tasks

BOOTSTRAP = "bootstrap percentiles"
BATCH = 50  # replicates of one task
MOST_FAILED = 0.05
ALIKE = "All bootstrap replicates have the same estimate, so there are no limits."
NO_LIMITS = "The bootstrap gives no limits here."


@dataclass(frozen=True)
class Weighting:
    """How weights are made, in each replicate anew.

    Attributes
    ----------
    estimand : {"ate", "att", "ato"}
        As `weigh` takes it.
    stabilized : bool
        As `weigh` takes it.
    trim : str
        Rule of `trim_scores`; the score is estimated again among those kept.
    lower, upper : float or None
        Limits of the rule "range".
    """

    estimand: str
    stabilized: bool
    trim: str = "none"
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, eq=False)
class _Problem:
    outcome: Outcome
    arm: BoolArray
    design: DesignMatrix
    weighting: Weighting
    measure: str
    conf_level: float
    at: float | None
    ties: str


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """An effect with limits from the bootstrap.

    Attributes
    ----------
    effect : Effect
        The estimate from the data themselves, with percentile limits, its arms too, the replicates' standard deviation
        as standard error, and a normal p-value from it.
    replicates : int
        Drawn; none where there is nothing to have limits.
    failed : int
        Those of them without an estimate.
    """

    effect: Effect
    replicates: int
    failed: int


def bootstrap_effect(
    outcome: Outcome,
    treated: npt.ArrayLike,
    design: DesignMatrix,
    *,
    weighting: Weighting,
    measure: str,
    conf_level: float,
    replicates: int,
    name: str,
    seed: int,
    at: float | None = None,
    ties: str = "",
) -> Bootstrap:
    """Estimate a weighted effect with bootstrap limits.

    Parameters
    ----------
    outcome : Observed or Timed
        Of n participants.
    treated : array_like of bool or of 0 and 1, shape (n,)
        1 in the first arm.
    design : DesignMatrix, shape (n, k)
        What the score is made of.
    weighting : Weighting
        How.
    measure : str
        As `estimate_effect` takes it.
    conf_level : float in (0, 1)
        Confidence level.
    replicates : int
        Samples of n participants, drawn with replacement; 2 or more.
    name : str
        Of the work: it tells its random numbers from those of other work.
    seed : int
        Of the random numbers.
    at : float > 0, optional
        As `estimate_effect` takes it.
    ties : {"efron", "breslow", ""}
        As `estimate_effect` takes it.

    Returns
    -------
    Bootstrap
        Without limits, with a note, where an arm does not vary or more than 5 % of the replicates have no estimate.

    Raises
    ------
    DataError, SpecError
        As `estimate_effect` and `fit_propensity`; of fewer than 2 replicates.

    Notes
    -----
    *Convention.* Participants are drawn from both arms together, so the sizes of the arms vary. In each replicate the
    score is estimated, trimmed and estimated again by the same rule. Limits are percentiles, linear between ordered
    replicates (Hyndman-Fan type 7). Samples of an arm that does not vary do not vary either, which says nothing of its
    error: then there are no limits, as without the bootstrap.

    *Verified* against R ``boot`` and the influence-based standard error.

    References
    ----------
    Austin PC. Stat Med 2016;35:5642. doi:10.1002/sim.7084
    """
    if replicates < 2:
        raise SpecError(f"replicates: is {replicates!r}; a whole number of at least 2 is required.")
    arm = check_binary(treated, "treated", length=len(outcome))
    problem = _Problem(outcome, arm, design, weighting, measure, conf_level, at, ties)
    effect = _estimate(problem, np.arange(len(arm)))
    if math.isnan(effect.std_error):
        return Bootstrap(_without_limits(effect, effect.note), 0, 0)
    sizes = [min(BATCH, replicates - done) for done in range(0, replicates, BATCH)]
    drawn = np.concatenate(run_tasks(name, partial(_draw, problem), sizes, seed=seed))
    known = drawn[~np.isnan(drawn[:, 0])]
    return Bootstrap(_told(effect, known, replicates, problem), replicates, replicates - len(known))


def _draw(problem: _Problem, size: int, stream: np.random.Generator) -> FloatArray:
    """Effect (of a ratio its logarithm) and arms of so many replicates, (size, 3); NaN without one."""
    n = len(problem.arm)
    effects = [_estimate(problem, stream.integers(0, n, n)) for _ in range(size)]
    found = np.array([[math.nan if one is None else one.estimate for one in (e.interval, e.first, e.reference)]
                      for e in effects])  # fmt: skip
    if problem.measure in RATIO_MEASURES:
        found[:, 0] = np.log(found[:, 0])
    return found


def _estimate(problem: _Problem, rows: npt.NDArray[np.intp]) -> Effect:
    arm, how = problem.arm[rows], problem.weighting
    design = replace(problem.design, values=problem.design.values[rows])
    score = fit_propensity(arm, design)
    if how.trim != "none" and score.converged:
        kept = trim_scores(score.score, arm, rule=how.trim, lower=how.lower, upper=how.upper).kept
        rows, arm = rows[kept], arm[kept]
        score = fit_propensity(arm, replace(design, values=design.values[kept]))
    weights = weigh(score, arm, estimand=how.estimand, stabilized=how.stabilized)
    return estimate_effect(
        problem.outcome.take(rows),
        arm,
        measure=problem.measure,
        weights=weights,
        conf_level=problem.conf_level,
        at=problem.at,
        ties=problem.ties,
    )


def _told(effect: Effect, known: FloatArray, replicates: int, problem: _Problem) -> Effect:
    ratio, estimate, level = problem.measure in RATIO_MEASURES, effect.interval.estimate, problem.conf_level
    failed = replicates - len(known)
    note = f"{failed} of {replicates} bootstrap replicates have no estimate." if failed else ""
    error = float(known[:, 0].std(ddof=1)) if len(known) > 1 else 0.0
    if failed > MOST_FAILED * replicates or not error > 0:
        return _without_limits(effect, note or ALIKE)
    lower, upper = _percentiles(known[:, 0], level)
    if ratio:
        lower, upper = math.exp(lower), math.exp(upper)
    interval = Interval(estimate, lower, upper, level, BOOTSTRAP, note)
    statistic = (math.log(estimate) if ratio else estimate) / error
    arms = [_arm(one, known[:, place], level) for place, one in ((1, effect.first), (2, effect.reference))]
    return replace(effect, interval=interval, std_error=error, statistic=statistic,
                   p_value=2 * normal_upper(abs(statistic)), first=arms[0], reference=arms[1])  # fmt: skip


def _percentiles(drawn: FloatArray, conf_level: float) -> tuple[float, float]:
    lower, upper = np.quantile(drawn, [(1 - conf_level) / 2, (1 + conf_level) / 2]).tolist()
    return lower, upper


def _arm(own: Interval | None, drawn: FloatArray, conf_level: float) -> Interval | None:
    if own is None or math.isnan(own.lower):
        return own
    return Interval(own.estimate, *_percentiles(drawn, conf_level), conf_level, BOOTSTRAP)


def _without_limits(effect: Effect, note: str) -> Effect:
    """The effect without limits; its arms too, which would have those of another method."""
    nan = math.nan
    arms = [
        one and Interval(one.estimate, nan, nan, one.conf_level, BOOTSTRAP, one.note or NO_LIMITS)
        for one in (effect.first, effect.reference)
    ]
    interval = replace(effect.interval, lower=nan, upper=nan, method=BOOTSTRAP, note=note)
    return replace(effect, interval=interval, std_error=nan, statistic=nan, p_value=nan, first=arms[0],
                   reference=arms[1])  # fmt: skip
