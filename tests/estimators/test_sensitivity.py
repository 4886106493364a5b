"""E-values: published, by hand, and where there are none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npcstats.errors import DataError, SpecError
from npcstats.estimators.sensitivity import estimate_e_value

TWO_DECIMALS = 0.005


def test_published_example():
    """VanderWeele and Ding (2017): 3.9 with limits 1.8 and 8.7 has 7.26, its lower limit 3.00."""
    found = estimate_e_value(3.9, 1.8, 8.7, measure="risk_ratio")
    assert found.estimate == pytest.approx(7.26, abs=TWO_DECIMALS)
    assert found.limit == pytest.approx(3.00, abs=TWO_DECIMALS)
    assert (found.risk_ratio, found.lower, found.upper, found.note) == (3.9, 1.8, 8.7, "")
    assert found.conversion == "the risk ratio itself"


def test_protective_example():
    """The same paper: 0.80 with limits 0.71 and 0.91 has 1.81, its upper limit 1.43."""
    found = estimate_e_value(0.80, 0.71, 0.91, measure="risk_ratio")
    assert found.estimate == pytest.approx(1.81, abs=TWO_DECIMALS)
    assert found.limit == pytest.approx(1.43, abs=TWO_DECIMALS)


@given(st.floats(1, 50), st.floats(1, 50))
def test_a_ratio_and_its_inverse_are_alike(ratio, limit):
    low, high = sorted((ratio, limit))
    here = estimate_e_value(high, low, 100, measure="risk_ratio")
    there = estimate_e_value(1 / high, 0.01, 1 / low, measure="risk_ratio")
    # the root is steep at 1, where a rounding of the inverse is that of its root
    assert here.estimate == pytest.approx(there.estimate, abs=1e-6, rel=1e-12)
    assert here.limit == pytest.approx(there.limit, abs=1e-6, rel=1e-12)
    assert here.limit <= here.estimate


@given(st.floats(0.05, 20))
def test_the_e_value_is_what_the_bias_bound_needs(ratio):
    """A confounder of that strength with both has the bias factor E²/(2E - 1), which is the ratio itself."""
    found = estimate_e_value(ratio, 0, math.inf, measure="risk_ratio").estimate
    assert found**2 / (2 * found - 1) == pytest.approx(max(ratio, 1 / ratio))


@pytest.mark.parametrize(("estimate", "lower", "upper"), [(1.2, 0.9, 1.6), (0.8, 0.5, 1.1), (1, 1, 2), (1.5, 1, 2)])
def test_an_interval_that_covers_1_needs_nothing(estimate, lower, upper):
    assert estimate_e_value(estimate, lower, upper, measure="risk_ratio").limit == 1


class TestConversions:
    def test_rare_outcomes_are_taken_for_risk_ratios(self):
        for measure in ("odds_ratio", "hazard_ratio"):
            found = estimate_e_value(3.9, 1.8, 8.7, measure=measure, outcome_share=0.1499)
            assert found.estimate == pytest.approx(7.26, abs=TWO_DECIMALS)
            assert found.conversion == "taken for a risk ratio, since the outcome is rare"

    def test_common_outcome_odds_ratio(self):
        """sqrt(4) = 2, so 2 + sqrt 2; the limit sqrt(1.44) = 1.2, so 1.2 + sqrt 0.24."""
        found = estimate_e_value(4, 1.44, 9, measure="odds_ratio", outcome_share=0.15)
        assert found.risk_ratio == 2
        assert found.estimate == pytest.approx(2 + math.sqrt(2))
        assert found.limit == pytest.approx(1.2 + math.sqrt(0.24))

    def test_common_outcome_hazard_ratio(self):
        """For 4: (1 - 1/4)/(1 - sqrt(1/2)) of a risk ratio."""
        found = estimate_e_value(4, 1, 9, measure="hazard_ratio", outcome_share=0.5)
        assert found.risk_ratio == pytest.approx(0.75 / (1 - math.sqrt(0.5)))
        assert found.limit == 1
        assert "common outcome" in found.conversion

    def test_difference_in_means(self):
        """Half a deviation: exp(0.455)."""
        found = estimate_e_value(-2, -3, -1, measure="mean_difference", std_deviation=4)
        assert found.risk_ratio == pytest.approx(math.exp(-0.455))
        assert found.upper == pytest.approx(math.exp(-0.2275))
        assert found.limit == pytest.approx(math.exp(0.2275) + math.sqrt(math.exp(0.2275) * math.expm1(0.2275)))


class TestNotEstimable:
    def test_no_estimate(self):
        found = estimate_e_value(math.nan, math.nan, math.nan, measure="hazard_ratio", outcome_share=0.2)
        assert math.isnan(found.estimate)
        assert math.isnan(found.limit)
        assert found.note == "There is no estimate."

    def test_no_limits(self):
        found = estimate_e_value(2, math.nan, math.nan, measure="risk_ratio")
        assert found.estimate == pytest.approx(2 + math.sqrt(2))
        assert math.isnan(found.limit)
        assert found.note == "The estimate has no confidence limits."

    @pytest.mark.parametrize("measure", ["risk_ratio", "odds_ratio", "hazard_ratio"])
    def test_nobody_with_the_event_in_an_arm(self, measure):
        share = None if measure == "risk_ratio" else 0.3
        assert estimate_e_value(0, 0, 1, measure=measure, outcome_share=share).estimate == math.inf
        assert estimate_e_value(math.inf, 1, math.inf, measure=measure, outcome_share=share).limit == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("choices", "message"),
        [
            ({"measure": "risk_difference"}, "one of risk_ratio"),
            ({"measure": "hazard_ratio"}, "the share with the event is required"),
            ({"measure": "risk_ratio", "outcome_share": 0.2}, "None is required"),
            ({"measure": "odds_ratio", "outcome_share": 1.2}, "a number from 0 to 1"),
            ({"measure": "mean_difference"}, "the outcome's is required"),
            ({"measure": "mean_difference", "std_deviation": 0}, "above 0"),
            ({"measure": "risk_ratio", "std_deviation": 1}, "None is required"),
        ],
    )
    def test_choices(self, choices, message):
        with pytest.raises(SpecError, match=message):
            estimate_e_value(2, 1, 3, **choices)

    def test_numbers(self):
        with pytest.raises(DataError, match="at least 0"):
            estimate_e_value(2, -1, 3, measure="risk_ratio")
        with pytest.raises(DataError, match="outside its limits"):
            estimate_e_value(2, 3, 4, measure="risk_ratio")
