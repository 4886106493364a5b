"""Exact and score limits of two proportions, and exact tests: by hand or published, invariant, of known coverage."""

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.proportions import (
    COMPARISONS,
    EXACT_TESTS,
    compare_all_proportions,
    compare_proportions,
    exact_tests,
)
from npcstats.estimators.proportions.worst import largest_probabilities, tail_probabilities

# a limit lies in an interval of 1e-9; the largest probability is good to a relative 1e-6, which moves it by no more
LIMIT = 1e-7
# largest probabilities against a grid a hundred times as fine, relative
HIGHEST = 1e-6
# sums of probabilities
ROUNDING = 1e-12
FOUR_DECIMALS = 0.5e-4
SIX_DECIMALS = 0.5e-6
Z = 1.959963984540054

some_counts = st.integers(1, 25).flatmap(
    lambda n1: st.integers(1, 25).flatmap(
        lambda n0: st.tuples(st.integers(0, n1), st.just(n1), st.integers(0, n0), st.just(n0))
    )
)
few_counts = st.integers(1, 9).flatmap(
    lambda n1: st.integers(1, 9).flatmap(
        lambda n0: st.tuples(st.integers(0, n1), st.just(n1), st.integers(0, n0), st.just(n0))
    )
)


def difference(case, method="chan-zhang", conf_level=0.95):
    return compare_proportions(*case, measure="risk-difference", method=method, conf_level=conf_level)


def ratio(case, method, conf_level=0.95):
    measure = "odds-ratio" if method in COMPARISONS["odds-ratio"] else "risk-ratio"
    return compare_proportions(*case, measure=measure, method=method, conf_level=conf_level)


def limits(interval):
    return [interval.lower, interval.upper]


# ---- by hand


@pytest.mark.parametrize("n", [1, 2, 7, 24])
def test_everybody_against_nobody(n):
    """All of n against none of n: only this table is as extreme.

    Its probability is p1^n (1 - p0)^n, at p1 = p0 + d largest where both factors are (1 + d) / 2, so that the lower
    limit solves ((1 + d) / 2)^(2n) = 0.025.
    """
    assert limits(difference((n, n, 0, n))) == pytest.approx([2 * 0.025 ** (1 / (2 * n)) - 1, 1], abs=LIMIT)


def test_nobody_of_one_against_nobody_of_one():
    """Of four tables, three are as extreme: not that with an event in group 0 alone, of probability (1 - p1) p0.

    With p0 = p1 - d that is least at either end of its range, where it is -d: 1 + d = 0.025.
    """
    assert limits(difference((0, 1, 0, 1))) == pytest.approx([-0.975, 0.975], abs=LIMIT)


@pytest.mark.parametrize("n", [3, 9, 100])
def test_score_limits_of_a_ratio_where_everybody_has_the_event(n):
    """At a ratio r > 1 the most likely p1 is 1 and p0 1/r; the variance is (r - 1) / n, so r = 1 + z^2 / n."""
    upper = 1 + Z**2 / n
    assert limits(ratio((n, n, n, n), "koopman")) == pytest.approx([1 / upper, upper], rel=1e-9)
    upper = 1 + Z**2 / n * (2 * n) / (2 * n - 1)
    assert limits(ratio((n, n, n, n), "miettinen-nurminen")) == pytest.approx([1 / upper, upper], rel=1e-9)


def test_one_of_two_against_one_of_two_given_two_events():
    """Group 1 has 0, 1 or 2 of both events with weights 1, 4r and r^2; the mean is 1 at r = 1.

    At least one has probability (4r + r^2) / (1 + 4r + r^2) = 0.025, so r^2 + 4r - 1/39 = 0; the upper limit is its
    inverse.
    """
    lower = math.sqrt(4 + 1 / 39) - 2
    found = ratio((1, 2, 1, 2), "exact-conditional")
    assert [found.estimate, *limits(found)] == pytest.approx([1, lower, 1 / lower], rel=1e-9)


def test_exact_tests_by_hand():
    """Both of two against none of two.

    Fisher: 1 and its mirror of 6 tables, 1/3. Barnard: the same two tables, of probability 2 p^2 (1-p)^2 at p = 1/2.
    Boschloo: twice p^2 (1-p)^2 at 1/2, as no other table has a one-sided p-value as small.
    """
    table = ([2], [2], [0], [2])
    assert exact_tests(*table, method="fisher")[0].p_value == pytest.approx(1 / 3)
    assert exact_tests(*table, method="barnard")[0].p_value == pytest.approx(1 / 8)
    assert exact_tests(*table, method="barnard")[0].statistic == pytest.approx(2)
    assert exact_tests(*table, method="boschloo")[0].p_value == pytest.approx(1 / 8)
    assert exact_tests(*table, method="boschloo")[0].statistic == pytest.approx(1 / 6)


def test_a_member_without_a_test_is_left_out_of_its_family():
    """Three tests: 0.01 * 3, then 0.03 * 3/2 and 0.04, of which the smaller."""
    found = adjust_p_values([0.01, math.nan, 0.04, 0.03], method="benjamini-hochberg")
    np.testing.assert_allclose(found, [0.03, math.nan, 0.04, 0.04])
    assert np.isnan(adjust_p_values([math.nan], method="holm")).all()
    with pytest.raises(DataError, match="p_values"):
        adjust_p_values([0.1, math.inf], method="holm")


# ---- published


def test_published_exact_limits():
    """2 of 30 against 1 of 30: -0.111153 to 0.200071, what the package lrstat holds itself to."""
    assert limits(difference((2, 30, 1, 30))) == pytest.approx([-0.111153, 0.200071], abs=SIX_DECIMALS)


@pytest.mark.parametrize(
    ("method", "lower", "upper"),
    [
        ("chan-zhang", -0.1227, 0.0869),
        ("miettinen-nurminen", -0.1191, 0.0860),
        ("newcombe", -0.1177, 0.0851),
        ("agresti-caffo", -0.1168, 0.0850),
        ("wald", -0.1162, 0.0843),
    ],
)
def test_published_limits_of_the_progress_trial(method, lower, upper):
    """84 of 101 against 89 of 105 (Reynes 2010), limits as they are listed for it by method."""
    assert limits(difference((84, 101, 89, 105), method)) == pytest.approx([lower, upper], abs=1e-4)


def test_published_score_limits_of_a_ratio():
    """36/40 over 16/80: 2.94 to 7.15 (Koopman 1984); 7/34 over 1/34: 1.220853 to 42.575718 (R's PropCIs)."""
    assert limits(ratio((36, 40, 16, 80), "koopman")) == pytest.approx([2.94, 7.15], abs=0.005)
    assert limits(ratio((7, 34, 1, 34), "koopman")) == pytest.approx([1.220853, 42.575718], abs=SIX_DECIMALS)


def test_published_exact_limits_of_a_ratio_of_odds():
    """11 of 15 against 2 of 8: 0.8677 to 105.5488, as SAS prints it in its documentation of PROC FREQ."""
    found = ratio((11, 15, 2, 8), "exact-conditional")
    assert limits(found) == pytest.approx([0.8677, 105.5488], abs=FOUR_DECIMALS)


def test_published_barnard_test():
    """7 of 15 against 12 of 15 (Fries 1993): one-sided .0341 (Mehta and Senchaudhuri 2003), so twice that."""
    (found,) = exact_tests([7], [15], [12], [15], method="barnard")
    assert found.p_value / 2 == pytest.approx(0.0341, abs=FOUR_DECIMALS)
    assert found.statistic == pytest.approx(-1.894, abs=0.5e-3)


# ---- invariants


@settings(max_examples=25, deadline=None)
@given(case=few_counts)
def test_exact_limits_change_their_sign_with_the_groups_and_with_the_event(case):
    x1, n1, x0, n0 = case
    here = difference(case)
    assert -1 <= here.lower <= here.estimate <= here.upper <= 1
    assert here.note == ""
    for other in (difference((x0, n0, x1, n1)), difference((n1 - x1, n1, n0 - x0, n0))):
        assert [-other.upper, -other.lower] == pytest.approx(limits(here), abs=LIMIT)


@settings(max_examples=20, deadline=None)
@given(case=few_counts)
def test_exact_limits_grow_with_the_events(case):
    x1, n1, x0, n0 = case
    here = difference(case)
    more = difference((min(x1 + 1, n1), n1, max(x0 - 1, 0), n0))
    assert more.lower >= here.lower - LIMIT
    assert more.upper >= here.upper - LIMIT


@pytest.mark.parametrize("method", ["katz-log", "koopman", "miettinen-nurminen", "woolf-log", "exact-conditional"])
@given(case=some_counts)
def test_a_ratio_is_inverted_with_the_groups(method, case):
    x1, n1, x0, n0 = case
    here, there = ratio(case, method), ratio((x0, n0, x1, n1), method)
    np.testing.assert_allclose(
        [1 / there.estimate, 1 / there.upper, 1 / there.lower], [here.estimate, *limits(here)], rtol=1e-9
    )
    assert math.isnan(here.lower) == bool(here.note)


@pytest.mark.parametrize("method", ["koopman", "miettinen-nurminen", "exact-conditional"])
@given(case=some_counts)
def test_limits_of_a_ratio_hold_the_estimate_and_grow_with_the_events(method, case):
    x1, n1, x0, n0 = case
    here, more = ratio(case, method), ratio((min(x1 + 1, n1), n1, x0, n0), method)
    if not here.note:
        assert 0 < here.lower <= here.estimate <= here.upper < math.inf
    if not here.note and not more.note:
        assert more.lower >= here.lower * (1 - 1e-9)
        assert more.upper >= here.upper * (1 - 1e-9)


@given(case=some_counts)
def test_odds_of_the_other_event_are_the_inverse(case):
    x1, n1, x0, n0 = case
    here, other = (ratio(c, "exact-conditional") for c in (case, (n1 - x1, n1, n0 - x0, n0)))
    np.testing.assert_allclose(
        [1 / other.estimate, 1 / other.upper, 1 / other.lower], [here.estimate, *limits(here)], rtol=1e-9
    )


@pytest.mark.parametrize("method", EXACT_TESTS)
@given(case=some_counts)
def test_exact_tests_know_neither_which_group_is_first_nor_which_event_is_meant(method, case):
    x1, n1, x0, n0 = case
    here, there, other = exact_tests([x1, x0, n1 - x1], [n1, n0, n1], [x0, x1, n0 - x0], [n0, n1, n0], method=method)
    assert math.isnan(here.p_value) == bool(here.note)
    np.testing.assert_allclose([there.p_value, other.p_value], here.p_value, rtol=HIGHEST)
    assert math.isnan(here.p_value) or 0 <= here.p_value <= 1


@given(case=some_counts)
def test_boschloos_test_is_never_weaker_than_fishers(case):
    """At a given number of events the one-sided p-value is at most itself with no more than that probability."""
    (found,) = exact_tests(*([cell] for cell in case), method="boschloo")
    assert math.isnan(found.p_value) or found.p_value <= 2 * found.statistic * (1 + HIGHEST)


@given(case=some_counts)
def test_tests_and_limits_agree_about_no_difference(case):
    """Fisher's one-sided p-value is above half the error where the exact limits of the odds ratio hold 1."""
    x1, n1, x0, n0 = case
    found = ratio(case, "exact-conditional")
    if not found.note:
        more, fewer = stats.hypergeom.sf(x1 - 1, n1 + n0, n1, x1 + x0), stats.hypergeom.cdf(x1, n1 + n0, n1, x1 + x0)
        assert (found.lower <= 1) == (more >= 0.025)
        assert (found.upper >= 1) == (fewer >= 0.025)


# ---- what exact means, by enumeration


@pytest.mark.parametrize(("n1", "n0"), [(2, 2), (5, 4), (9, 2), (7, 7)])
@pytest.mark.parametrize("conf_level", [0.95, 0.8])
def test_exact_limits_of_a_difference_cover_at_least_what_they_say(n1, n0, conf_level):
    """Each limit misses the difference with no more than half of the error, whatever the proportions."""
    x1, x0 = (cells.ravel() for cells in np.indices((n1 + 1, n0 + 1)))
    found = compare_all_proportions(
        x1, np.full(len(x1), n1), x0, np.full(len(x0), n0),
        measure="risk-difference", method="chan-zhang", conf_level=conf_level,
    )  # fmt: skip
    for p1, p0 in itertools.product(np.linspace(0, 1, 41), repeat=2):
        mass = stats.binom.pmf(x1, n1, p1) * stats.binom.pmf(x0, n0, p0)
        assert mass[found.lower > p1 - p0 + LIMIT].sum() <= (1 - conf_level) / 2 * (1 + HIGHEST)
        assert mass[found.upper < p1 - p0 - LIMIT].sum() <= (1 - conf_level) / 2 * (1 + HIGHEST)


@pytest.mark.parametrize(("n1", "n0"), [(4, 5), (8, 3), (12, 12)])
def test_exact_limits_of_a_ratio_of_odds_cover_at_least_what_they_say(n1, n0):
    """Given the events in all, each limit misses the ratio with no more than half of the error."""
    for events, true in itertools.product(range(2, n1 + n0 - 1), [0.05, 0.5, 1.0, 3.0, 40.0]):
        x1 = np.arange(max(0, events - n0), min(n1, events) + 1)
        found = compare_all_proportions(
            x1, np.full(len(x1), n1), events - x1, np.full(len(x1), n0),
            measure="odds-ratio", method="exact-conditional", conf_level=0.95,
        )  # fmt: skip
        mass = stats.nchypergeom_fisher.pmf(x1, n1 + n0, n1, events, true)
        assert mass[np.nan_to_num(found.lower, nan=0.0) > true].sum() <= 0.025 + ROUNDING
        assert mass[np.nan_to_num(found.upper, nan=np.inf) < true].sum() <= 0.025 + ROUNDING


@pytest.mark.parametrize("method", EXACT_TESTS)
@pytest.mark.parametrize(("n1", "n0"), [(6, 7), (3, 11), (10, 10)])
def test_exact_tests_reject_no_more_often_than_they_say(method, n1, n0):
    x1, x0 = (cells.ravel() for cells in np.indices((n1 + 1, n0 + 1)))
    found = exact_tests(x1, np.full(len(x1), n1), x0, np.full(len(x0), n0), method=method)
    p_value = np.array([test.p_value for test in found])
    for level, p in itertools.product([0.01, 0.05, 0.2], np.linspace(0.01, 0.99, 99)):
        mass = stats.binom.pmf(x1, n1, p) * stats.binom.pmf(x0, n0, p)
        assert mass[p_value <= level].sum() <= level + ROUNDING


def plain_p_value(case, d):
    """One-sided p-value of a difference by loops over all tables, the likelihood maximized by SciPy."""
    x1, n1, x0, n0 = case
    low, high = max(0.0, -d), min(1.0, 1.0 - d)

    def statistic(a, b):
        def unlikely(p0):
            return -stats.binom.logpmf(a, n1, p0 + d) - stats.binom.logpmf(b, n0, p0)

        p0 = optimize.minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-10}).x
        return (a / n1 - b / n0 - d) / math.sqrt((p0 + d) * (1 - p0 - d) / n1 + p0 * (1 - p0) / n0)

    observed = statistic(x1, x0)
    p0 = np.linspace(low, high, 4001)
    total = np.zeros(len(p0))
    for a, b in itertools.product(range(n1 + 1), range(n0 + 1)):
        if statistic(a, b) >= observed - 1e-6:
            total += stats.binom.pmf(a, n1, p0 + d) * stats.binom.pmf(b, n0, p0)
    return total.max()


def test_the_limit_is_the_least_difference_that_is_not_rejected_not_the_last():
    """19 of 20 against 1 of 5: 0.147 is not rejected, 0.15 to 0.25 are, as a table leaves the tail between.

    An interval that began at 0.253 would leave out differences that the test does not reject.
    """
    case = (19, 20, 1, 5)
    lower = difference(case).lower
    assert 0.146 < lower < 0.147
    assert plain_p_value(case, lower - 1e-4) < 0.025 < plain_p_value(case, lower + 1e-4)
    assert plain_p_value(case, 0.2) < 0.025 < plain_p_value(case, 0.254)


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 120), st.integers(1, 120)),
    d=st.floats(-0.95, 0.95),
    seed=st.integers(0, 10_000),
)
def test_the_largest_probability_is_that_of_a_grid_a_hundred_times_as_fine(sizes, d, seed):
    """Of tails that grow with the events of group 0, as tails of a difference do, at random steps."""
    n1, n0 = sizes
    least = np.sort(np.random.default_rng(seed).integers(0, n1 + 2, n0 + 1))[np.newaxis]

    def probability(share):
        p0 = max(0.0, -d) + (1 - abs(d)) * share
        return tail_probabilities(least, np.clip(p0 + d, 0, 1), n1, p0, n0)

    fine = np.sin(np.linspace(0, math.pi / 2, 100 * (32 + int(8 * math.sqrt(n1 + n0))))) ** 2
    by_grid = max(float(probability(part[np.newaxis]).max()) for part in np.array_split(fine, 20))
    (found,) = largest_probabilities(probability, 1, n1 + n0)
    assert found == pytest.approx(by_grid, rel=HIGHEST)


# ---- what is not estimable, or refused


@pytest.mark.parametrize("method", ["katz-log", "koopman", "miettinen-nurminen"])
@pytest.mark.parametrize(
    ("case", "why"),
    [
        ((0, 9, 3, 9), "no events in the first group"),
        ((3, 9, 0, 9), "no events in the reference group"),
        ((0, 9, 0, 9), "no events in either group"),
        ((0, 0, 3, 9), "no participants"),
    ],
)
def test_a_risk_ratio_with_an_empty_side_is_not_given_whichever_side_it_is(method, case, why):
    found = ratio(case, method)
    assert all(math.isnan(number) for number in (found.estimate, *limits(found)))
    assert why in found.note


@pytest.mark.parametrize("method", ["woolf-log", "exact-conditional"])
@pytest.mark.parametrize(
    ("case", "why"),
    [
        ((0, 9, 3, 9), "There are no events in the first group, so"),
        ((9, 9, 3, 9), "There are only events in the first group, so"),
        ((3, 9, 0, 9), "There are no events in the reference group, so"),
        ((9, 9, 9, 9), "There are only events in the first group and only events in the reference group, so"),
    ],
)
def test_a_ratio_of_odds_with_an_empty_cell_says_which(method, case, why):
    found = ratio(case, method)
    assert all(math.isnan(number) for number in (found.estimate, *limits(found)))
    assert found.note.startswith(why)


@pytest.mark.parametrize("method", EXACT_TESTS)
def test_what_cannot_be_tested_says_why(method):
    nobody, everybody, empty = exact_tests([0, 9, 0], [9, 9, 0], [0, 5, 3], [5, 5, 5], method=method)
    assert all(math.isnan(test.p_value) for test in (nobody, everybody, empty))
    assert nobody.note == everybody.note == "Nobody or everybody has the event, so there is nothing to test."
    assert empty.note == "A group has no participants."
    assert exact_tests([], [], [], [], method=method) == ()


def test_unknown_tests_and_impossible_counts_are_refused():
    with pytest.raises(SpecError, match="fisher, barnard, boschloo"):
        exact_tests([1], [2], [1], [2], method="chi-square")
    with pytest.raises(DataError, match="count0"):
        exact_tests([1], [2], [3], [2], method="fisher")
    with pytest.raises(SpecError, match="katz-log, koopman, miettinen-nurminen"):
        compare_proportions(1, 2, 1, 2, measure="risk-ratio", method="exact-conditional", conf_level=0.95)


@pytest.mark.parametrize(
    ("measure", "method"), [(of, method) for of, methods in COMPARISONS.items() for method in methods]
)
def test_many_tables_are_what_each_of_them_is(measure, method):
    """Repeated, in any order, with a group that is empty."""
    cases = [(3, 8, 1, 9), (0, 4, 2, 4), (3, 8, 1, 9), (2, 5, 0, 0), (7, 7, 3, 6)]
    compare = partial(compare_proportions, measure=measure, method=method, conf_level=0.9)
    together = compare_all_proportions(*np.transpose(cases), measure=measure, method=method, conf_level=0.9)
    for place, case in enumerate(cases):
        one, many = compare(*case), together.at(place)
        np.testing.assert_allclose([many.estimate, *limits(many)], [one.estimate, *limits(one)], rtol=1e-9)
        assert many.note == one.note
