"""Effects of several imputations as one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npcstats.analyses.adjustment.effects import Asked, Compared, estimate_compared
from npcstats.analyses.adjustment.measures import Measure
from npcstats.estimators.effects import Observed
from npcstats.estimators.weighting import Weights

ARM = np.array([True] * 4 + [False] * 4)
NONE = np.zeros((8, 0))
FAR = 2.0**50


def pooled(values, *weights, measure="risk_difference"):
    given = tuple(Weights(np.array(one, float), ARM, "ato", False, "known", NONE, NONE) for one in weights)
    compared = Compared("adjusted", np.ones(8, dtype=bool), ARM, given)
    return estimate_compared(Observed(values), compared, Measure(measure), Asked("x", 0.95, "efron"))


def test_an_arm_without_events_has_an_estimate_and_no_limits():
    """Reference risks 1/4 and, one participant counted thrice, 3/6: -3/8 on average, for the reason of the arm."""
    found = pooled([0, 0, 0, 0, 1, 0, 0, 0], [1] * 8, [1, 1, 1, 1, 3, 1, 1, 1])
    assert found.interval.estimate == pytest.approx(-(1 / 4 + 3 / 6) / 2)
    assert (found.first.estimate, found.reference.estimate) == (0.0, pytest.approx(3 / 8))
    assert all(math.isnan(value) for value in (found.interval.lower, found.std_error, found.p_value))
    assert "An arm has no event" in found.note


def test_two_imputations():
    """Differences 1/2 - 1/4 and 1/2 - 3/6; variance within, and 1.5 times that between them."""
    found = pooled([1, 1, 0, 0, 1, 0, 0, 0], [1] * 8, [1, 1, 1, 1, 3, 1, 1, 1])
    assert found.interval.estimate == pytest.approx(1 / 8)
    within = [1 / 16 + 3 / 64, 1 / 16 + (9 * 1 / 4 + 3 / 4) / 36]
    assert found.std_error == pytest.approx(math.sqrt(np.mean(within) + 1.5 * np.var([1 / 4, 0], ddof=1)))


def test_limits_end_where_the_difference_does():
    """Differences 3/4 - 1/4 and 1/4 - 3/4 by these weights: between the imputations far more than the scale holds."""
    found = pooled([1, 1, 0, 0, 0, 0, 1, 1], [3, 3, 1, 1, 3, 3, 1, 1], [1, 1, 3, 3, 1, 1, 3, 3])
    assert found.interval.estimate == pytest.approx(0, abs=1e-15)
    assert (found.interval.lower, found.interval.upper) == (-1.0, 1.0)
    assert "cut" in found.note


def test_limits_of_a_ratio_that_no_number_holds():
    """Odds ratios of 2^50 and 2^-50: the t distribution of about 1 degree of freedom takes 12.7 errors of 60."""
    heavy, light = [FAR, FAR, 1, 1, 1, 1, 1, 1], [1, 1, FAR, FAR, 1, 1, 1, 1]
    found = pooled([1, 1, 0, 0, 1, 1, 0, 0], heavy, light, measure="odds_ratio")
    assert math.log(found.interval.estimate) == pytest.approx(0, abs=0.1)  # 1 - 2^-50 has 3 bits left
    assert [math.isnan(v) for v in (found.interval.lower, found.interval.upper, found.std_error, found.p_value)] == [
        True
    ] * 4
    assert found.note == "The standard error is too large for limits of a ratio."
