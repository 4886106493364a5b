"""Rules and designs as papers and other programs print them."""

from __future__ import annotations

import numpy as np
import pytest

from npcstats.estimators.toxicity_rules import (
    ToxicityRule,
    beta_binomial_rule,
    boin_limits,
    characterize_two_stage,
    enumerate_rule,
    find_two_stage,
    repeated_test_rule,
)

THREE_DIGITS, FOUR_DIGITS = 5e-4, 5e-5
"""Half a unit of the last digit printed."""

SIMON = [
    # uninteresting, worthwhile: optimal, its mean size; minimax, its mean size (alpha 0.05, beta 0.20)
    (0.05, 0.25, (0, 9, 2, 17), 12.0, (0, 12, 2, 16), 13.8),
    (0.10, 0.30, (1, 10, 5, 29), 15.0, (1, 15, 5, 25), 19.5),
    (0.20, 0.40, (3, 13, 12, 43), 20.6, (4, 18, 10, 33), 22.3),
    (0.30, 0.50, (5, 15, 18, 46), 23.6, (6, 19, 16, 39), 25.7),
    (0.40, 0.60, (7, 16, 23, 46), 24.5, (17, 34, 20, 39), 34.4),
    (0.50, 0.70, (8, 15, 26, 43), 23.5, (12, 23, 23, 37), 27.7),
    (0.60, 0.80, (7, 11, 30, 43), 20.5, (8, 13, 25, 35), 20.8),
    (0.70, 0.90, (4, 6, 22, 27), 14.8, (19, 23, 21, 26), 23.2),
    (0.05, 0.20, (0, 10, 3, 29), 17.6, (0, 13, 3, 27), 19.8),
    (0.10, 0.25, (2, 18, 7, 43), 24.7, (2, 22, 7, 40), 28.8),
    (0.20, 0.35, (5, 22, 19, 72), 35.4, (6, 31, 15, 53), 40.4),
    (0.30, 0.45, (9, 27, 30, 81), 41.7, (16, 46, 25, 65), 49.6),
]
"""Simon 1989 (doi:10.1016/0197-2456(89)90015-9), tables 1 and 2."""


def numbers(design):
    return design.first_limit, design.first_size, design.limit, design.size


@pytest.mark.parametrize("row", SIMON, ids=lambda row: f"{row[0]}-{row[1]}")
def test_simons_tables(row):
    low, high, optimal, mean, minimax, other = row
    found = find_two_stage(low, high, alpha=0.05, beta=0.2, most=85)
    assert (numbers(found.optimal), numbers(found.minimax)) == (optimal, minimax)
    assert found.optimal.expected_size == pytest.approx(mean, abs=0.05)
    assert found.minimax.expected_size == pytest.approx(other, abs=0.05)


CLINFUN = [
    # options and largest size; designs from minimax to optimal, each with its mean size and early stopping
    ((0.2, 0.4, 0.1, 0.1, 100), [((3, 19, 10, 36), 28.26, 0.4551), ((3, 17, 10, 37), 26.02, 0.5489)]),
    ((0.2, 0.35, 0.05, 0.05, 100), [((15, 68, 25, 95), 75.44, 0.7244), ((11, 53, 26, 99), 69.88, 0.6330)]),
    ((0.2, 0.4, 0.05, 0.2, 40), [((4, 18, 10, 33), 22.25, 0.7164), ((3, 14, 11, 38), 21.24, 0.6982)]),
    ((0.25, 0.45, 0.1, 0.1, 100), [((5, 23, 13, 39), 31.50, 0.4685), ((3, 15, 13, 40), 28.47, 0.4613),
                                  ((3, 14, 14, 44), 28.36, 0.5213)]),
]  # fmt: skip
"""As ``ph2simon`` of R's clinfun prints them in its manual and in those of ClinSimon and SeqSGPV."""


@pytest.mark.parametrize("row", CLINFUN, ids=lambda row: str(row[0]))
def test_designs_of_clinfun(row):
    """Its admissible designs are those of the lower hull, as ours are."""
    (low, high, alpha, beta, most), printed = row
    found = find_two_stage(low, high, alpha=alpha, beta=beta, most=most).admissible
    assert [numbers(one) for one in found] == [design for design, _, _ in printed]
    for one, (_, mean, early) in zip(found, printed, strict=True):
        assert one.expected_size == pytest.approx(mean, abs=0.005 + 1e-9)
        assert one.early_stop == pytest.approx(early, abs=FOUR_DIGITS)


GELLER = [2, 3, 3, 3, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11]
STOPPED = {
    0.20: (0.09957367, 5.651197),
    0.25: (0.23832301, 6.536293),
    0.30: (0.43615256, 6.926712),
    0.35: (0.64555222, 6.819377),
    0.40: (0.81491087, 6.355803),
}
"""Limits, probability of stopping and mean events of a rule of Geller et al. that R's stoppingrule prints."""


def test_a_continuous_rule_of_stoppingrule():
    """Its search ends at 0.9630823, which is 4 of 7 (0.9630827) to its tolerance; there 4 of 7 does not stop."""
    rule = beta_binomial_rule(range(1, 31), limit=0.2, prior=(0.6, 2.4), threshold=0.9630828)
    assert rule.limits.tolist() == GELLER
    for rate, (stop, events) in STOPPED.items():
        told = enumerate_rule(rule, rate)
        assert told.stop == pytest.approx(stop, abs=5e-9)
        assert told.expected_events == pytest.approx(events, abs=5e-7)


TOXBDRY = [
    # looks, rate, alpha, largest counts that may be reached; by rate: stops, stops before the last look, mean size
    ((20, 40, 60, 75), 0.2, 0.1, (7, 12, 17, 21), {
        0.20: (0.088, 0.079, 72.0), 0.23: (0.214, 0.188, 68.1), 0.26: (0.406, 0.354, 62.1),
        0.29: (0.619, 0.548, 54.7), 0.32: (0.797, 0.727, 47.0), 0.35: (0.911, 0.859, 39.9)}),
    ((20, 40, 60, 75), 0.2, 0.15, (7, 12, 16, 20), {
        0.20: (0.117, 0.103, 71.6), 0.22: (0.213, 0.186, 69.0), 0.24: (0.341, 0.297, 65.4),
        0.26: (0.487, 0.427, 61.0), 0.28: (0.632, 0.562, 56.1), 0.30: (0.758, 0.688, 51.0)}),
]  # fmt: skip
"""The high boundary of ``toxbdry`` in the manual of R's clinfun."""


@pytest.mark.parametrize("row", TOXBDRY, ids=lambda row: str(row[2]))
def test_boundaries_of_clinfun(row):
    looks, limit, alpha, allowed, printed = row
    rule = repeated_test_rule(looks, limit=limit, alpha=alpha, shape=0.5)
    assert tuple(rule.limits - 1) == allowed
    for rate, (stop, early, size) in printed.items():
        told = enumerate_rule(rule, rate)
        assert told.stop == pytest.approx(stop, abs=THREE_DIGITS)
        assert told.stop - told.stopped[-1] == pytest.approx(early, abs=THREE_DIGITS)
        assert told.expected_size == pytest.approx(size, abs=0.05 + 1e-9)


def test_a_continuous_boundary_of_clinfun():
    """At most 1 to 3, 2 to 8, 3 to 13, 4 to 19, 5 to 26 and 6 to 30 participants; it stops 0.097 of the time."""
    rule = repeated_test_rule(range(2, 31), limit=0.1, alpha=0.1, shape=0.5)
    allowed = np.repeat([1, 2, 3, 4, 5, 6], [2, 5, 5, 6, 7, 4])
    assert (rule.limits - 1).tolist() == allowed.tolist()
    printed = {0.10: (0.097, 28.1), 0.14: (0.245, 25.8), 0.22: (0.638, 19.0), 0.30: (0.898, 12.7)}
    for rate, (stop, size) in printed.items():
        told = enumerate_rule(rule, rate)
        assert told.stop == pytest.approx(stop, abs=THREE_DIGITS)
        assert told.expected_size == pytest.approx(size, abs=0.05 + 1e-9)


THALL_SIMON = [
    (0.30, (0.6, 1.4), {5: 4, 10: 6, 15: 8, 20: 10, 25: 12, 30: 14, 40: 18, 50: 21}),
    (0.05, (0.1, 1.9), {5: 2, 10: 3, 20: 4, 30: 5, 50: 6}),
]


@pytest.mark.parametrize("row", THALL_SIMON, ids=lambda row: str(row[0]))
def test_limits_of_the_guidelines(row):
    """As the specification of the trial prints them, at a posterior probability of 0.95."""
    limit, prior, printed = row
    rule = beta_binomial_rule(list(printed), limit=limit, prior=prior, threshold=0.95)
    assert dict(zip(rule.looks.tolist(), rule.limits.tolist(), strict=True)) == printed


def test_what_the_guidelines_do():
    rule = beta_binomial_rule(range(10, 51, 10), limit=0.3, prior=(0.6, 1.4), threshold=0.95)
    found = [enumerate_rule(rule, rate).stop for rate in (0.2, 0.3, 0.4, 0.5)]
    np.testing.assert_allclose(found, [0.009, 0.115, 0.539, 0.925], rtol=0, atol=THREE_DIGITS)


BOIN = {0.10: (0.078, 0.119), 0.15: (0.118, 0.179), 0.20: (0.157, 0.238), 0.25: (0.197, 0.298), 0.35: (0.276, 0.419),
        0.40: (0.316, 0.480)}  # fmt: skip
"""Liu and Yuan 2015 (doi:10.1111/rssc.12089); 0.30 is apart, because they cut its last digit."""


@pytest.mark.parametrize("target", BOIN)
def test_limits_of_interval_designs(target):
    found = boin_limits(target, low=0.6 * target, high=1.4 * target)
    np.testing.assert_allclose(found, BOIN[target], rtol=0, atol=THREE_DIGITS)


def test_limits_of_the_interval_design_of_a_target_of_a_third():
    """Printed are 0.236 and 0.358: the second is 0.3585, cut and not rounded."""
    down, up = boin_limits(0.3, low=0.18, high=0.42)
    assert (int(1000 * down), int(1000 * up)) == (236, 358)


def test_the_table_of_interval_limits():
    """Liu and Yuan, table 1: of 1 to 12 treated, raise at or below and lower at or above so many."""
    down, up = boin_limits(0.3, low=0.18, high=0.42)
    treated = np.arange(1, 13)
    assert np.floor(down * treated).astype(int).tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    assert np.ceil(up * treated).astype(int).tolist() == [1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5]


def test_a_two_stage_design_in_full():
    """Simon's 1/10 5/29 at 0.10: early stopping is 0.9^10 + 10 (0.1) 0.9^9 = 0.7361."""
    success, early, size = characterize_two_stage(1, 10, 5, 29, 0.1)
    assert early == pytest.approx(0.9**10 + 0.9**9, rel=1e-14)
    assert size == pytest.approx(10 + (1 - early) * 19, rel=1e-14)
    assert success == pytest.approx(0.0471, abs=FOUR_DIGITS)


def test_a_limit_that_nobody_reaches():
    """After 1 participant the posterior of beta 0.6, 2.4 exceeds 0.2 with less than 0.963 whatever happened."""
    rule = beta_binomial_rule([1], limit=0.2, prior=(0.6, 2.4), threshold=0.9630823)
    assert isinstance(rule, ToxicityRule)
    assert rule.limits.tolist() == [2]
