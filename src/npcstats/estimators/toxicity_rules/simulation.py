"""Trials simulated under a rule, many at a time and wherever they run: what enumeration must agree with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from npcstats.errors import DataError
from npcstats.estimators.checks import check_count
from npcstats.estimators.toxicity_rules.characteristics import (
    RuleCharacteristics,
    simulate_rule,
    simulated_characteristics,
)
from npcstats.estimators.toxicity_rules.rule import ToxicityRule
from npcstats.estimators.types import IntArray
from npcstats.parallel import run_tasks

BATCH = 5000  # trials of one task


def characterize_by_simulation(
    rule: ToxicityRule, rates: Sequence[float], *, trials: int, seed: int, name: str
) -> tuple[RuleCharacteristics, ...]:
    """Find what a rule does by simulating trials, spread over workers.

    Parameters
    ----------
    rule : ToxicityRule
        Looks and limits; the last look ends the trial.
    rates : sequence of float in [0, 1]
        True rates of the event.
    trials : int
        Simulated at each rate, 1 or more.
    seed : int
        Of the streams of random numbers; 0 or more.
    name : str
        Of the work, which tells its streams from those of other work.

    Returns
    -------
    tuple of RuleCharacteristics
        One for each rate; their standard errors are those of `monte_carlo_errors`.

    Raises
    ------
    DataError
        If a rate is not between 0 and 1, or there is no trial.

    Notes
    -----
    *Convention.* Trials are simulated in batches of 5,000, each with a stream of its own by name and place, so that the
    answer depends neither on the workers nor on their order. Participants are observed as soon as they are exposed.
    """
    if check_count(trials, "trials") < 1:
        raise DataError("trials: is 0; at least one is required.")
    wrong = [rate for rate in rates if not 0 <= rate <= 1]
    if wrong:
        raise DataError(f"rates: {wrong[0]}; numbers from 0 to 1 are required.")
    sizes = [min(BATCH, trials - done) for done in range(0, trials, BATCH)]
    tasks = [(float(rate), size) for rate in rates for size in sizes]
    parts = run_tasks(name, partial(_simulate, rule), tasks, seed=seed)
    return tuple(
        simulated_characteristics(rule, rate, parts[i * len(sizes) : (i + 1) * len(sizes)])
        for i, rate in enumerate(rates)
    )


def monte_carlo_errors(rule: ToxicityRule, simulated: RuleCharacteristics) -> tuple[float, float]:
    """Standard errors of what was simulated.

    Parameters
    ----------
    rule : ToxicityRule
        That was simulated.
    simulated : RuleCharacteristics
        From `characterize_by_simulation`.

    Returns
    -------
    (float, float)
        Of the probability of ever stopping, and of the mean size.

    Raises
    ------
    DataError
        If nothing was simulated.
    """
    if simulated.trials < 1:
        raise DataError("trials: is 0; simulated ones are required.")
    shares = np.append(simulated.stopped, 1.0 - simulated.stop)
    sizes = np.append(rule.looks, rule.looks[-1])
    spread = float(shares @ (sizes - simulated.expected_size) ** 2)
    stop = simulated.stop * (1.0 - simulated.stop)
    return (max(stop, 0.0) / simulated.trials) ** 0.5, (spread / simulated.trials) ** 0.5


def _simulate(rule: ToxicityRule, task: tuple[float, int], stream: np.random.Generator) -> IntArray:
    rate, trials = task
    return simulate_rule(rule, rate, trials, stream)
