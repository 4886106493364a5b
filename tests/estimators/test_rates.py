"""Rates by hand, without events, without time; coverage, and what two groups that are exchanged or rescaled give."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.rates import (
    NO_EVENTS,
    NO_EVENTS_IN_ONE,
    NO_TIME,
    NO_TIME_IN_ONE,
    NO_VARIANCE,
    RATE_COMPARISONS,
    compare_all_rates,
    compare_rates,
    estimate_rates,
)

SCORE = {"measure": "rate-difference", "method": "miettinen-nurminen", "conf_level": 0.95}
WALD = {"measure": "rate-difference", "method": "wald", "conf_level": 0.95}
EXACT = {"measure": "rate-ratio", "method": "exact-conditional", "conf_level": 0.95}
CLOSE = 1e-9  # bisection to the last digits of numbers of the order of 1
Z = stats.norm.ppf(0.975)


def rates(events, times, conf_level=0.95):
    return estimate_rates(events, times, method="garwood", conf_level=conf_level)


def test_no_event_has_an_exact_upper_limit():
    """No event in 100 years: half the error above, exp(-100 u) = 0.025."""
    found = rates([0], [100.0]).at(0)
    assert (found.estimate, found.lower, found.note) == (0.0, 0.0, "")
    assert found.upper == pytest.approx(-math.log(0.025) / 100)


def test_limits_are_where_a_poisson_count_is_rare():
    """At the limits what was seen, or more extreme, has a probability of 0.025."""
    found = rates([7], [3.5]).at(0)
    assert stats.poisson.sf(6, found.lower * 3.5) == pytest.approx(0.025)
    assert stats.poisson.cdf(7, found.upper * 3.5) == pytest.approx(0.025)


def test_exact_limits_cover_at_least_their_level():
    x = np.arange(400)
    found = rates(x, np.ones(len(x)), 0.9)
    for mean in (0.1, 0.7, 3.0, 12.5, 80.0):
        inside = (found.lower <= mean) & (mean <= found.upper)
        assert stats.poisson.pmf(x, mean)[inside].sum() >= 0.9


def test_no_time_at_risk():
    found = rates([0, 3], [0.0, 2.0])
    assert np.isnan([found.estimate[0], found.lower[0], found.upper[0]]).all()
    assert found.notes == (NO_TIME, "")
    for asked in (SCORE, WALD, EXACT):
        told = compare_rates(2, 4.0, 0, 0.0, **asked)
        assert math.isnan(told.estimate)
        assert told.note == NO_TIME_IN_ONE


def test_score_limits_without_events_by_hand():
    """Under a difference d > 0 the likeliest rates are d and 0, so d = z sqrt(d / t1): d is z squared over t1."""
    found = compare_rates(0, 20.0, 0, 50.0, **SCORE)
    assert (found.estimate, found.note) == (0.0, "")
    assert (found.lower, found.upper) == pytest.approx((-(Z**2) / 50, Z**2 / 20), rel=CLOSE)


def test_score_limits_with_an_empty_reference_by_hand():
    """x1 = 4 in 10, none in 10: d = z^2/20 + 0.4 +- ..., as long as the likeliest rate of the reference is 0.

    At a difference d from 0.2 on (4 events over both times) that rate is 0 and the statistic (0.4 - d) / sqrt(d / 10):
    the upper limit solves (d - 0.4)^2 = z^2 d / 10, so d = 0.4 + z^2/20 + sqrt((z^2/20)^2 + 0.4 z^2/10).
    """
    half = Z**2 / 20
    expected = 0.4 + half + math.sqrt(half**2 + 0.4 * Z**2 / 10)
    assert compare_rates(4, 10.0, 0, 10.0, **SCORE).upper == pytest.approx(expected, rel=CLOSE)


def test_wald_by_hand():
    """6 in 3 and 4 in 8: 2 - 0.5, variance 6/9 + 4/64."""
    found = compare_rates(6, 3.0, 4, 8.0, **WALD)
    half = Z * math.sqrt(6 / 9 + 4 / 64)
    assert (found.estimate, found.lower, found.upper) == pytest.approx((1.5, 1.5 - half, 1.5 + half))
    none = compare_rates(0, 3.0, 0, 8.0, **WALD)
    assert (none.estimate, none.note) == (0.0, NO_VARIANCE)
    assert math.isnan(none.lower)
    assert math.isnan(none.upper)


def test_ratio_by_hand():
    """3 of 4 events with equal times: Clopper-Pearson 3/4 has limits p, the ratio p / (1 - p)."""
    found = compare_rates(3, 5.0, 1, 5.0, **EXACT)
    low, high = stats.beta.ppf(0.025, 3, 2), stats.beta.ppf(0.975, 4, 1)
    assert (found.estimate, found.lower, found.upper) == pytest.approx((3.0, low / (1 - low), high / (1 - high)))


@pytest.mark.parametrize(("x1", "x0", "told"), [(0, 3, NO_EVENTS_IN_ONE), (3, 0, NO_EVENTS_IN_ONE), (0, 0, NO_EVENTS)])
def test_no_ratio_where_a_group_has_no_event(x1, x0, told):
    found = compare_rates(x1, 5.0, x0, 7.0, **EXACT)
    assert np.isnan([found.estimate, found.lower, found.upper]).all()
    assert found.note == told


COUNTS = st.integers(0, 40)
TIMES = st.floats(0.5, 200.0)


@given(COUNTS, TIMES, COUNTS, TIMES)
def test_exchanged_groups_change_sign_and_the_estimate_is_inside(x1, t1, x0, t0):
    here, there = compare_rates(x1, t1, x0, t0, **SCORE), compare_rates(x0, t0, x1, t1, **SCORE)
    assert (here.lower, here.upper) == pytest.approx((-there.upper, -there.lower), rel=CLOSE, abs=CLOSE)
    assert here.lower < here.estimate < here.upper


@given(COUNTS, TIMES, COUNTS, TIMES, st.floats(0.01, 400.0))
def test_another_unit_of_time_scales_differences_and_leaves_ratios(x1, t1, x0, t0, unit):
    one, other = compare_rates(x1, t1, x0, t0, **SCORE), compare_rates(x1, t1 * unit, x0, t0 * unit, **SCORE)
    assert other.upper * unit == pytest.approx(one.upper, rel=CLOSE, abs=CLOSE)
    if x1 and x0:
        same = compare_rates(x1, t1 * unit, x0, t0 * unit, **EXACT)
        assert same.upper == pytest.approx(compare_rates(x1, t1, x0, t0, **EXACT).upper, rel=CLOSE)


def test_many_at_once_are_each_as_alone():
    cells = [[0, 3, 9], [2.0, 5.0, 1.5], [4, 0, 2], [3.0, 8.0, 9.0]]
    for measure, methods in RATE_COMPARISONS.items():
        for method in methods:
            asked = {"measure": measure, "method": method, "conf_level": 0.8}
            together = compare_all_rates(*cells, **asked)
            for place, alone in enumerate(zip(*cells, strict=True)):
                assert repr(together.at(place)) == repr(compare_rates(*alone, **asked))


@pytest.mark.parametrize(
    ("events", "times", "told"),
    [
        ([1.5], [2.0], "whole numbers are required"),
        ([-1], [2.0], "at least 0"),
        ([1], [0.0], "events with time at risk are required"),
        ([1, 2], [1.0], "as many are required"),
        ([1], [math.inf], "finite"),
    ],
)
def test_what_is_no_rate_is_refused(events, times, told):
    with pytest.raises(DataError, match=told):
        rates(events, times)


def test_choices_are_closed():
    with pytest.raises(SpecError, match="garwood"):
        estimate_rates([1], [1.0], method="wald", conf_level=0.95)
    with pytest.raises(SpecError, match="rate-ratio with exact-conditional"):
        compare_rates(1, 1.0, 1, 1.0, measure="rate-ratio", method="wald", conf_level=0.95)
    with pytest.raises(SpecError, match="conf_level"):
        rates([1], [1.0], 1.0)
    with pytest.raises(DataError, match="as many are required"):
        compare_all_rates([1], [1.0], [1, 2], [1.0, 2.0], **SCORE)
