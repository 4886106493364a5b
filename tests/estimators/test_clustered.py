"""Rates of all events with limits by participant: by hand, and where there are no limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.clustered import (
    NO_EVENT_IN_ONE,
    NO_VARIATION,
    NO_VARIATION_IN_ONE,
    POISSON_LIMIT,
    compare_clustered_rates,
    estimate_clustered_rate,
)
from npcstats.estimators.rates import NO_EVENTS, NO_EVENTS_IN_ONE, NO_TIME, NO_TIME_IN_ONE, NO_VARIANCE

Z = stats.norm.ppf(0.975)


def rate(events, times):
    return estimate_clustered_rate(events, times, conf_level=0.95)


def compared(one, other, measure):
    return compare_clustered_rates(one, other, measure=measure, conf_level=0.95)


def test_by_hand():
    """4 and 0 events in 3 and 1 years: rate 1, residuals 1 and -1, error sqrt(2)/4."""
    found = rate([4, 0], [3.0, 1.0])
    assert (found.events, found.time, found.rate) == (4, 4.0, 1.0)
    assert found.std_error == pytest.approx(math.sqrt(2) / 4)
    factor = math.exp(Z * math.sqrt(2) / 4)
    assert (found.interval.lower, found.interval.upper) == pytest.approx((1 / factor, factor))


def test_one_event_each_at_most_is_nearly_poisson():
    """1 event in each of 100 of 10,000 equal years: the squared error is 100 (1 - 0.01), Poisson's 100."""
    found = rate(np.arange(10_000) < 100, np.ones(10_000))
    assert (found.std_error * 10_000) ** 2 == pytest.approx(99)


def test_comparisons_by_hand():
    """Rates 1 and 1/2, errors sqrt(2)/4 and, of 1 and 0 events in a year each, sqrt(1/2)/2 = sqrt(2)/4 too."""
    one, other = rate([4, 0], [3.0, 1.0]), rate([1, 0], [1.0, 1.0])
    gap, ratio = compared(one, other, "rate-difference"), compared(one, other, "rate-ratio")
    assert (gap.estimate, gap.lower, gap.upper) == pytest.approx((0.5, 0.5 - Z / 2, 0.5 + Z / 2))
    error = math.hypot(math.sqrt(2) / 4, math.sqrt(2) / 2)
    assert (ratio.estimate, ratio.lower, ratio.upper) == pytest.approx(
        (2, 2 * math.exp(-Z * error), 2 * math.exp(Z * error))
    )


def test_no_event_has_the_exact_limit_of_a_count():
    found = rate([0, 0], [60.0, 40.0])
    assert (found.rate, found.interval.lower, found.interval.note) == (0.0, 0.0, POISSON_LIMIT)
    assert found.interval.upper == pytest.approx(-math.log(0.025) / 100)


def test_what_has_no_limits_says_why():
    some, none, nobody = rate([4, 0], [3.0, 1.0]), rate([0], [5.0]), rate([], [])
    alike = rate([2, 4], [1.0, 2.0])
    assert (alike.interval.note, nobody.interval.note) == (NO_VARIATION, NO_TIME)
    told = {
        (measure, name): compared(some, other, measure)
        for measure in ("rate-difference", "rate-ratio")
        for name, other in (("none", none), ("nobody", nobody), ("alike", alike))
    }
    assert {place: found.note for place, found in told.items()} == {
        ("rate-difference", "none"): NO_EVENT_IN_ONE,
        ("rate-difference", "nobody"): NO_TIME_IN_ONE,
        ("rate-difference", "alike"): NO_VARIATION_IN_ONE,
        ("rate-ratio", "none"): NO_EVENTS_IN_ONE,
        ("rate-ratio", "nobody"): NO_TIME_IN_ONE,
        ("rate-ratio", "alike"): NO_VARIATION_IN_ONE,
    }
    assert all(math.isnan(found.lower) and math.isnan(found.upper) for found in told.values())
    assert told["rate-difference", "none"].estimate == 1.0
    assert compared(none, none, "rate-ratio").note == NO_EVENTS
    assert compared(none, none, "rate-difference").note == NO_VARIANCE


def test_what_is_refused():
    with pytest.raises(DataError, match="without time at risk"):
        rate([1, 0], [0.0, 2.0])
    with pytest.raises(DataError, match="whole number"):
        rate([0.5, 0.5], [2.0, 1.0])
    with pytest.raises(SpecError, match="measure"):
        compared(rate([1], [1.0]), rate([1], [1.0]), "rate-odds")
