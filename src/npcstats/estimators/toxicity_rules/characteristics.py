"""What a rule does under a true rate: how often it stops, when, and with how many participants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from npcstats.errors import DataError
from npcstats.estimators.checks import check_count
from npcstats.estimators.toxicity_rules.binomial import binomial_probabilities
from npcstats.estimators.toxicity_rules.rule import ToxicityRule
from npcstats.estimators.types import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class RuleCharacteristics:
    """Operating characteristics of a rule at one true rate.

    Attributes
    ----------
    rate : float
        The true rate.
    stopped : float array, shape (k,)
        Probability of stopping at each look.
    stop : float
        Probability of ever stopping.
    expected_size, expected_events : float
        Mean number of participants observed at the end, and of those with the event.
    trials : int
        Simulated trials; 0 where all outcomes were enumerated.
    """

    rate: float
    stopped: FloatArray
    stop: float
    expected_size: float
    expected_events: float
    trials: int = 0


def enumerate_rule(rule: ToxicityRule, rate: float) -> RuleCharacteristics:
    """Find what a rule does by adding up all outcomes.

    Parameters
    ----------
    rule : ToxicityRule
        Looks and limits; the last look ends the trial.
    rate : float in [0, 1]
        True rate of the event.

    Returns
    -------
    RuleCharacteristics
        Exact.

    Raises
    ------
    DataError
        If the rate is not between 0 and 1.
    """
    _check_rate(rate)
    going, before, stopped, events = np.ones(1), 0, [], 0.0
    for total, limit in zip(rule.looks.tolist(), rule.limits.tolist(), strict=True):
        # Where no event at all meets a rule nobody goes on, and nothing is left to add to.
        added = binomial_probabilities(total - before, rate)
        reached = np.convolve(going, added) if going.size else np.zeros(total + 1)
        stopped.append(float(reached[limit:].sum()))
        events += float(reached[limit:] @ np.arange(limit, reached.size))
        going, before = reached[:limit], total
    events += float(going @ np.arange(going.size))
    shares = np.array(stopped)
    ever = float(shares.sum())
    size = float(rule.looks @ shares + rule.looks[-1] * (1.0 - ever))
    return RuleCharacteristics(rate, shares, ever, size, events)


def simulate_rule(rule: ToxicityRule, rate: float, trials: int, stream: np.random.Generator) -> IntArray:
    """Simulate trials under a rule.

    Parameters
    ----------
    rule : ToxicityRule
        Looks and limits.
    rate : float in [0, 1]
        True rate of the event.
    trials : int
        How many, 1 or more.
    stream : Generator
        Of random numbers.

    Returns
    -------
    int array, shape (k + 2,)
        Trials that stopped at each look; those that did not stop; events in all of them.

    Raises
    ------
    DataError
        If the rate is not between 0 and 1.
    """
    _check_rate(rate)
    check_count(trials, "trials")
    steps = np.diff(rule.looks, prepend=0)
    counts = np.cumsum(stream.binomial(steps, rate, size=(trials, steps.size)), axis=1)
    met = counts >= rule.limits
    ends = np.where(met.any(axis=1), met.argmax(axis=1), steps.size)
    events = counts[np.arange(trials), np.minimum(ends, steps.size - 1)].sum()
    return np.concatenate([np.bincount(ends, minlength=steps.size + 1), [events]]).astype(np.intp)


def simulated_characteristics(rule: ToxicityRule, rate: float, parts: Sequence[IntArray]) -> RuleCharacteristics:
    """Add up simulated trials.

    Parameters
    ----------
    rule : ToxicityRule
        That was simulated.
    rate : float
        At which it was.
    parts : sequence of int array, shape (k + 2,)
        From `simulate_rule`.

    Returns
    -------
    RuleCharacteristics
        Shares of the trials.
    """
    told = np.sum(parts, axis=0)
    ended, events = told[:-1], told[-1]
    trials = int(ended.sum())
    stopped = ended[:-1]
    # shares of whole counts, so that of trials that all stopped it is 1 and nothing less
    ever = float(stopped.sum() / trials)
    size = float((rule.looks @ stopped + rule.looks[-1] * ended[-1]) / trials)
    return RuleCharacteristics(rate, stopped / trials, ever, size, float(events / trials), trials)


def _check_rate(rate: float) -> None:
    if not 0 <= rate <= 1:
        raise DataError(f"rate: is {rate}; a number from 0 to 1 is required.")
