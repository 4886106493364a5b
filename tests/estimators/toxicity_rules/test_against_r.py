"""Tails, limits, characteristics and two-stage designs, as base R has them (`reference/toxicity_rules.R`)."""

from __future__ import annotations

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.toxicity_rules import (
    ToxicityRule,
    beta_binomial_rule,
    enumerate_rule,
    find_two_stage,
    posterior_exceeds,
    repeated_test_rule,
)

PRINTED = load("toxicity_rules")
TAIL = {"rtol": 1e-12, "atol": 1e-300}
"""R's algorithm of the incomplete beta function is another one."""
SUMS = {"rtol": 1e-10, "atol": 1e-13}
"""Of up to 250 steps, each adding one participant; ours adds those between two looks at once."""
SHAPES = {0: 0.5, 0.2: 0.3, 0.5: 0.0}


def checked(rule, found):
    told = enumerate_rule(rule, found["rate"])
    np.testing.assert_allclose(told.stopped, floats(found["stopped"]), **SUMS)
    assert told.stop == pytest.approx(found["stop"], rel=1e-10, abs=1e-13)
    assert told.expected_size == pytest.approx(found["size"], rel=1e-10)
    assert told.expected_events == pytest.approx(found["events"], rel=1e-10)


@pytest.mark.parametrize("case", PRINTED["tails"], ids=lambda case: f"{case['prior']}-{case['limit']}")
def test_posterior_tails(case):
    found = posterior_exceeds(case["count"], case["total"], limit=case["limit"], prior=tuple(case["prior"]))
    np.testing.assert_allclose(found, floats(case["tail"]), **TAIL)


@pytest.mark.parametrize("case", PRINTED["bayes"], ids=lambda case: f"{case['prior']}-{len(case['looks'])}")
def test_beta_binomial_rules_and_what_they_do(case):
    rule = beta_binomial_rule(
        case["looks"], limit=case["limit"], prior=tuple(case["prior"]), threshold=case["threshold"]
    )
    assert rule.limits.tolist() == case["limits"]
    for found in case["characteristics"]:
        checked(rule, found)


@pytest.mark.parametrize("case", PRINTED["repeated"], ids=lambda case: f"{len(case['looks'])}-{case['delta']}")
def test_repeated_tests_hold_their_error(case):
    """R tries every level at which a limit changes; ours halves between them."""
    rule = repeated_test_rule(case["looks"], limit=case["limit"], alpha=case["alpha"], shape=SHAPES[case["delta"]])
    assert rule.limits.tolist() == case["limits"]
    assert enumerate_rule(rule, case["limit"]).stop == pytest.approx(case["stop"], rel=1e-10)


@pytest.mark.parametrize("case", PRINTED["simon"], ids=lambda case: "-".join(map(str, case["case"])))
def test_two_stages(case):
    low, high, alpha, beta, most = case["case"]
    found = find_two_stage(low, high, alpha=alpha, beta=beta, most=int(most))
    for ours, printed in ((found.minimax, case["minimax"]), (found.optimal, case["optimal"])):
        (row,) = printed if isinstance(printed, list) else [printed]
        assert (ours.first_limit, ours.first_size, ours.limit, ours.size) == (row["r1"], row["n1"], row["r"], row["n"])
        told = [ours.alpha, ours.power, ours.early_stop, ours.expected_size]
        np.testing.assert_allclose(told, [row["alpha"], row["power"], row["pet"], row["size"]], **SUMS)


def test_a_rule_that_never_stops_ends_with_its_last_look():
    """R walks on to the last look as well: 10 participants, 10 times the rate of them with the event."""
    told = enumerate_rule(ToxicityRule(np.array([4, 10]), np.array([5, 11])), 0.3)
    assert (told.stop, told.expected_size) == (0.0, 10.0)
    assert told.expected_events == pytest.approx(3.0, rel=1e-14)
