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
        The estimate from the data themselves, with percentile limits, the replicates' standard deviation as standard
        error, and a normal p-value from it.
    replicates : int
        Drawn.
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
    measure, at, ties, conf_level
        As `estimate_effect` takes them.
    replicates : int
        Samples of n participants, drawn with replacement; 2 or more.
    name : str
        Of the work: it tells its random numbers from those of other work.
    seed : int
        Of the random numbers.

    Returns
    -------
    Bootstrap
        NaN with a note where more than 5 % of the replicates have no estimate.

    Raises
    ------
    DataError, SpecError
        As `estimate_effect` and `fit_propensity`; of fewer than 2 replicates.

    Notes
    -----
    *Convention.* Participants are drawn from both arms together, so the sizes of the arms vary. In each replicate the
    score is estimated, trimmed and estimated again by the same rule. Limits are percentiles, linear between ordered
    replicates (Hyndman-Fan type 7).

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
    if math.isnan(effect.interval.estimate):
        return Bootstrap(effect, replicates, replicates)
    sizes = [min(BATCH, replicates - done) for done in range(0, replicates, BATCH)]
    drawn = np.concatenate(run_tasks(name, partial(_draw, problem), sizes, seed=seed))
    known = drawn[~np.isnan(drawn)]
    return Bootstrap(_told(effect, known, replicates, problem), replicates, replicates - len(known))


def _draw(problem: _Problem, size: int, stream: np.random.Generator) -> FloatArray:
    """Estimates of so many replicates, of ratios their logarithms; NaN without one."""
    n = len(problem.arm)
    found = np.array([_estimate(problem, stream.integers(0, n, n)).interval.estimate for _ in range(size)])
    return np.asarray(np.log(found) if problem.measure in RATIO_MEASURES else found)


def _estimate(problem: _Problem, rows: npt.NDArray[np.intp]) -> Effect:
    arm, how = problem.arm[rows], problem.weighting
    design = replace(problem.design, values=problem.design.values[rows])
    score = fit_propensity(arm, design)
    if how.trim != "none":
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
    ratio, estimate = problem.measure in RATIO_MEASURES, effect.interval.estimate
    failed = replicates - len(known)
    if failed > MOST_FAILED * replicates or len(known) < 2:
        note = f"{failed} of {replicates} bootstrap replicates have no estimate."
        interval = Interval(estimate, math.nan, math.nan, problem.conf_level, BOOTSTRAP, note)
        return replace(effect, interval=interval, std_error=math.nan, statistic=math.nan, p_value=math.nan)
    tail = (1 - problem.conf_level) / 2
    limits = np.quantile(known, [tail, 1 - tail])
    lower, upper = (float(limit) for limit in (np.exp(limits) if ratio else limits))
    note = f"{failed} of {replicates} bootstrap replicates have no estimate." if failed else ""
    error = float(known.std(ddof=1))
    statistic = (math.log(estimate) if ratio else estimate) / error if error > 0 else math.nan
    p_value = 2 * normal_upper(abs(statistic)) if error > 0 else math.nan
    interval = Interval(estimate, lower, upper, problem.conf_level, BOOTSTRAP, note)
    return replace(effect, interval=interval, std_error=error, statistic=statistic, p_value=p_value)
