"""Simulated trials: they agree with enumeration, and are the same wherever they run."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from distributed import LocalCluster

from npcstats.errors import DataError, SpecError
from npcstats.estimators.toxicity_rules import (
    RuleCharacteristics,
    ToxicityRule,
    beta_binomial_rule,
    boin_limits,
    characterize_by_simulation,
    characterize_two_stage,
    enumerate_rule,
    find_two_stage,
    monte_carlo_errors,
    posterior_exceeds,
    repeated_test_rule,
    simulate_rule,
)
from npcstats.estimators.toxicity_rules.characteristics import simulated_characteristics
from npcstats.parallel import Spreading, spread, tasks

RULE = beta_binomial_rule(range(10, 51, 10), limit=0.3, prior=(0.6, 1.4), threshold=0.95)
RATES = (0.2, 0.3, 0.4, 0.5)
TRIALS = 100_000
ERRORS = 3
"""Monte-Carlo standard errors that a simulated number may be off."""
SECONDS = 20.0


def simulated(trials=TRIALS, rule=RULE):
    return characterize_by_simulation(rule, RATES, trials=trials, seed=11, name="test")


def test_simulation_agrees_with_enumeration_and_is_quick():
    began = time.monotonic()
    found = simulated()
    assert time.monotonic() - began < SECONDS
    for one in found:
        exact, (stop, size) = enumerate_rule(RULE, one.rate), monte_carlo_errors(RULE, one)
        assert one.trials == TRIALS
        assert abs(one.stop - exact.stop) <= ERRORS * stop
        assert abs(one.expected_size - exact.expected_size) <= ERRORS * size
        by_look = np.sqrt(exact.stopped * (1 - exact.stopped) / TRIALS)
        assert (np.abs(one.stopped - exact.stopped) <= ERRORS * by_look).all()
        assert one.expected_events == pytest.approx(one.rate * one.expected_size, rel=0.01)  # Wald's identity


def test_monte_carlo_errors_by_hand():
    """Of 100 trials 20 stop at 10 and 80 end at 30: 26 on average, with a variance of 0.2 16^2 + 0.8 4^2 = 64."""
    rule = ToxicityRule(np.array([10, 30]), np.array([5, 31]))
    found = RuleCharacteristics(0.3, np.array([0.2, 0.0]), 0.2, 26.0, 0.0, trials=100)
    assert monte_carlo_errors(rule, found) == pytest.approx((0.04, 0.8), rel=1e-14)


def test_trials_that_all_stop_stop_with_certainty():
    """Of 49 trials one stops at each of the looks: 49 shares of 1/49 add up to less than 1, 49 of 49 trials do not."""
    rule = ToxicityRule(np.arange(1, 50), np.ones(49, dtype=int))
    found = simulated_characteristics(rule, 0.5, [np.array([1] * 49 + [0, 60])])
    assert float(np.full(49, 1 / 49).sum()) < 1.0
    assert (found.stop, found.expected_size, found.trials) == (1.0, 25.0, 49)
    assert monte_carlo_errors(rule, found)[0] == 0.0


@pytest.fixture
def at_once(monkeypatch):
    """Worker processes from the first part on."""
    monkeypatch.setattr(tasks, "PATIENCE", -1.0)
    monkeypatch.setattr(tasks, "WORTH", -1.0)


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as started:
        yield started.scheduler_address


def told(spreading):
    with spread(spreading):
        found = simulated(12_001)
    return [(one.stopped.tolist(), one.stop, one.expected_size, one.expected_events) for one in found]


def test_the_answer_is_the_same_for_any_number_of_workers(at_once):
    assert told(Spreading(workers=2)) == told(Spreading(workers=3)) == told(Spreading())


def test_the_answer_is_the_same_on_a_cluster(cluster):
    assert told(Spreading(cluster=cluster)) == told(Spreading())


def test_what_a_rule_does_is_what_all_its_outcomes_do():
    """Every sequence of 6 participants, one by one: looks after 2, 3 and 6, limits of 2, 2 and 3."""
    rule, rate = ToxicityRule(np.array([2, 3, 6]), np.array([2, 2, 3])), 0.35
    stopped, size, events = np.zeros(3), 0.0, 0.0
    for path in itertools.product((0, 1), repeat=6):
        weight = rate ** sum(path) * (1 - rate) ** (6 - sum(path))
        met = [sum(path[:look]) >= limit for look, limit in zip(rule.looks, rule.limits, strict=True)]
        last = met.index(True) if any(met) else 2
        if any(met):
            stopped[last] += weight
        size += weight * rule.looks[last]
        events += weight * sum(path[: rule.looks[last]])
    exact = enumerate_rule(rule, rate)
    np.testing.assert_allclose(exact.stopped, stopped, rtol=1e-13, atol=0)
    assert exact.expected_size == pytest.approx(size, rel=1e-13)
    assert exact.expected_events == pytest.approx(events, rel=1e-13)


@pytest.mark.parametrize(("rate", "stop"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_rate_of_none_or_of_all(rate, stop):
    """Nobody has the event and all 50 are observed; or everyone has it and the first look of 10 stops."""
    found = enumerate_rule(RULE, rate)
    assert found.stop == stop
    assert found.expected_size == (10.0 if stop else 50.0)


def test_a_rule_that_no_event_meets_ends_with_its_first_look():
    """Of a prior that is surer than any look: all stop at the first one, whatever looks would follow."""
    rule = beta_binomial_rule([10, 20, 30], limit=0.3, prior=(20.0, 1.0), threshold=0.95)
    assert rule.limits.tolist() == [0, 0, 1]
    found = enumerate_rule(rule, 0.2)
    assert found.stopped == pytest.approx([1.0, 0.0, 0.0])
    assert (found.expected_size, found.expected_events) == pytest.approx((10.0, 2.0))


def test_a_posterior_by_hand():
    """With a flat prior, 1 of 1: the posterior density is 2 p, and above 0.3 lies 1 - 0.09."""
    assert posterior_exceeds([1], [1], limit=0.3, prior=(1.0, 1.0))[0] == pytest.approx(0.91, rel=1e-14)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: simulated(0), "trials: is 0"),
        (lambda: characterize_by_simulation(RULE, [1.2], trials=5, seed=1, name="x"), "rates: 1.2"),
        (lambda: simulate_rule(RULE, -0.1, 5, np.random.default_rng(1)), "rate: is -0.1"),
        (lambda: monte_carlo_errors(RULE, enumerate_rule(RULE, 0.3)), "trials: is 0"),
        (lambda: ToxicityRule(np.array([10]), np.array([12])), "limits"),
        (lambda: beta_binomial_rule([10, 10], limit=0.3, prior=(1, 1), threshold=0.9), "looks"),
        (lambda: posterior_exceeds([3], [2], limit=0.3, prior=(1.0, 1.0)), "count"),
        (lambda: characterize_two_stage(5, 5, 6, 9, 0.1), "design"),
        (lambda: find_two_stage(0.1, 0.12, alpha=0.05, beta=0.2, most=20), "no design of at most 20"),
    ],
)
def test_data_that_are_no_counts_or_rates_are_refused(call, words):
    with pytest.raises(DataError, match=words):
        call()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: beta_binomial_rule([10], limit=0.3, prior=(0.0, 1.0), threshold=0.9), "prior"),
        (lambda: beta_binomial_rule([10], limit=1.0, prior=(1.0, 1.0), threshold=0.9), "limit"),
        (lambda: beta_binomial_rule([10], limit=0.3, prior=(1.0, 1.0), threshold=1.0), "threshold"),
        (lambda: repeated_test_rule([10], limit=0.3, alpha=0.5, shape=0.5), "alpha"),
        (lambda: repeated_test_rule([10], limit=0.3, alpha=0.05, shape=0.6), "shape"),
        (lambda: boin_limits(0.3, low=0.3, high=0.42), "increasing"),
        (lambda: find_two_stage(0.3, 0.1, alpha=0.05, beta=0.2, most=20), "worthwhile"),
    ],
)
def test_options_out_of_range_are_refused(call, words):
    with pytest.raises(SpecError, match=words):
        call()
