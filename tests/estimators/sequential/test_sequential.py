"""Group-sequential monitoring by hand, by invariants, by simulation and by gsdesign's kernel."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npcstats.errors import DataError, SpecError
from npcstats.estimators.sequential import (
    SPENDINGS,
    Futility,
    conditional_crossing,
    conditional_power,
    cross,
    find_boundaries,
    find_drift,
    fixed_drift,
    inflation,
    predictive_power,
    spend,
    trend_drift,
)

NORMAL = NormalDist()
EXACT = {"rel": 1e-10, "abs": 1e-12}
WITH = {"hwang-shih-decani": -4.0, "power": 3.0}
LOOKS = np.array([0.17, 0.41, 0.58, 0.93, 1.0])


def found(looks=LOOKS, function="obrien-fleming", **given):
    chosen = {"alpha": 0.025, "sides": 2, "parameter": WITH.get(function), "final": True, **given}
    return find_boundaries(np.asarray(looks, dtype=float), function=function, **chosen)


class TestSpending:
    @pytest.mark.parametrize(
        ("function", "parameter", "fraction", "by_hand"),
        [
            ("pocock", None, 0.5, 0.025 * math.log(1 + (math.e - 1) / 2)),
            ("obrien-fleming", None, 0.25, 2 - 2 * NORMAL.cdf(NORMAL.inv_cdf(1 - 0.0125) / 0.5)),
            ("hwang-shih-decani", -4.0, 0.5, 0.025 * (1 - math.exp(2)) / (1 - math.exp(4))),
            ("hwang-shih-decani", 0.0, 0.3, 0.025 * 0.3),
            ("power", 3.0, 0.5, 0.025 / 8),
        ],
    )
    def test_by_hand(self, function, parameter, fraction, by_hand):
        told = spend(np.array([fraction]), 0.025, function=function, parameter=parameter)
        assert told[0] == pytest.approx(by_hand, rel=1e-9)

    @pytest.mark.parametrize("function", SPENDINGS)
    def test_nothing_at_the_start_and_all_at_the_end_and_beyond(self, function):
        told = spend(np.array([0.0, 1.0, 1.2]), 0.01, function=function, parameter=WITH.get(function))
        np.testing.assert_allclose(told, [0.0, 0.01, 0.01], rtol=1e-12, atol=1e-300)

    @given(st.lists(st.floats(0.0, 1.5), min_size=2, max_size=6), st.sampled_from(SPENDINGS))
    def test_what_is_spent_only_grows(self, fractions, function):
        told = spend(np.sort(fractions), 0.05, function=function, parameter=WITH.get(function))
        assert (np.diff(told) >= 0).all()

    @pytest.mark.parametrize(
        ("function", "parameter"),
        [("pocock", 1.0), ("power", None), ("power", 0.0), ("hwang-shih-decani", math.inf), ("even", None)],
    )
    def test_refuses_choices(self, function, parameter):
        with pytest.raises(SpecError):
            spend(np.array([0.5]), 0.025, function=function, parameter=parameter)


class TestBoundaries:
    @pytest.mark.parametrize("sides", [1, 2])
    def test_one_look_is_the_fixed_test(self, sides):
        assert found([1.0], sides=sides).upper[0] == pytest.approx(NORMAL.inv_cdf(0.975), **EXACT)

    def test_two_looks_by_the_bivariate_normal(self):
        """Of each side .0125 at half and .025 in all: P(Z1 < b1, Z2 >= b2) by one integral over Z1."""
        told = found([0.5, 1.0], function="power", parameter=1.0, sides=1)
        assert told.upper[0] == pytest.approx(NORMAL.inv_cdf(1 - 0.0125), **EXACT)
        nodes, weights = np.polynomial.legendre.leggauss(200)
        low, high = -9.0, told.upper[0]
        place = low + (high - low) * (nodes + 1) / 2
        root = math.sqrt(0.5)
        beyond = [1 - NORMAL.cdf((told.upper[1] - root * z) / root) for z in place]
        density = np.exp(-(place**2) / 2) / math.sqrt(2 * math.pi)
        assert (high - low) / 2 * (weights * density) @ beyond == pytest.approx(0.0125, rel=1e-9)

    @pytest.mark.parametrize("function", SPENDINGS)
    @pytest.mark.parametrize("sides", [1, 2])
    def test_each_side_spends_its_own_error(self, function, sides):
        bounds = found(function=function, sides=sides)
        told = cross(bounds, 0.0)
        np.testing.assert_allclose(np.cumsum(told.upper), bounds.alpha_spent, rtol=0, atol=1e-11)
        np.testing.assert_allclose(np.cumsum(told.lower), bounds.alpha_spent * (sides == 2), rtol=0, atol=1e-11)

    @pytest.mark.parametrize("function", SPENDINGS)
    def test_a_boundary_depends_on_the_looks_before_it_alone(self, function):
        whole = found(function=function)
        for looks in (1, 2, 3, 4):
            part = found(LOOKS[:looks], function=function, final=False)
            np.testing.assert_allclose(part.upper, whole.upper[:looks], rtol=1e-10)

    def test_the_last_look_has_all_that_is_left(self):
        """Overrun and underrun: at 1.1 or at .9 of what was planned, .025 is spent where that look is the last."""
        for last in (0.9, 1.1):
            told = found([0.5, last])
            assert told.alpha_spent[-1] == 0.025
            assert cross(told, 0.0).power == pytest.approx(0.025, **EXACT)

    def test_a_look_so_early_that_nothing_may_be_spent_has_no_boundary(self):
        assert found([0.001, 1.0], alpha=0.001).upper[0] == math.inf

    def test_a_look_more_costs(self):
        assert found([0.5, 0.75, 1.0]).upper[-1] > found([0.5, 1.0]).upper[-1] > NORMAL.inv_cdf(0.975)

    @pytest.mark.parametrize(
        "looks", [[], [0.0, 1.0], [0.5, 0.5], [0.5, 0.4], [-0.5, 1.0], [math.nan, 1.0], [0.5, 0.5000001]]
    )
    def test_refuses_information_that_does_not_grow(self, looks):
        with pytest.raises(DataError):
            found(looks)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"alpha": 0.5},
            {"alpha": 0.0},
            {"sides": 3},
            {"drift": 2.0},
            {"futility": Futility(beta=0.1, function="pocock", binding=False)},
            {"sides": 1, "final": False, "futility": Futility(beta=0.1, function="pocock", binding=False)},
            {"sides": 1, "drift": -1.0, "futility": Futility(beta=0.1, function="pocock", binding=False)},
        ],
    )
    def test_refuses_choices_without_effect_or_out_of_range(self, wrong):
        with pytest.raises(SpecError):
            found(**wrong)


class TestFutility:
    def rule(self, *, binding, beta=0.1):
        return Futility(beta=beta, function="hwang-shih-decani", parameter=-2.0, binding=binding)

    @pytest.mark.parametrize("binding", [False, True])
    def test_both_errors_are_spent(self, binding):
        bounds = found(sides=1, futility=self.rule(binding=binding))
        told = cross(bounds, bounds.drift)
        np.testing.assert_allclose(np.cumsum(told.lower), bounds.beta_spent, rtol=0, atol=1e-9)
        assert told.power == pytest.approx(0.9, rel=1e-9)
        assert bounds.lower[-1] == bounds.upper[-1]
        without = found(sides=1)
        if binding:
            assert cross(bounds, 0.0).power == pytest.approx(0.025, rel=1e-9)
            assert bounds.upper[-1] < without.upper[-1]
        else:
            np.testing.assert_allclose(bounds.upper, without.upper, rtol=1e-10)
            assert cross(bounds, 0.0).power < 0.025

    def test_observed_looks_keep_the_planned_drift(self):
        planned = found([1 / 3, 2 / 3, 1.0], sides=1, futility=self.rule(binding=False))
        now = found([0.3], sides=1, futility=self.rule(binding=False), drift=planned.drift, final=False)
        spent = spend(np.array([0.3]), 0.1, function="hwang-shih-decani", parameter=-2.0)
        root = math.sqrt(0.3)
        assert now.lower[0] == pytest.approx(NORMAL.inv_cdf(float(spent[0])) + planned.drift * root, rel=1e-9)


class TestPower:
    def test_drift_of_the_fixed_test(self):
        by_hand = NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(0.9)
        assert fixed_drift(0.025, 0.9) == pytest.approx(by_hand, **EXACT)
        assert find_drift(found([1.0], sides=1), 0.9) == pytest.approx(by_hand, rel=1e-9)
        assert inflation(found([1.0], sides=1), 0.9) == pytest.approx(1.0, rel=1e-9)

    @settings(max_examples=20, deadline=None)
    @given(st.floats(0.1, 0.99), st.sampled_from(SPENDINGS))
    def test_the_drift_has_the_power(self, power, function):
        bounds = found(function=function)
        assert cross(bounds, find_drift(bounds, power)).power == pytest.approx(power, rel=1e-8)

    def test_refuses_a_power_that_nothing_lacks(self):
        with pytest.raises(DataError):
            find_drift(found(), 0.02)

    def test_refuses_the_inflation_of_looks_that_do_not_end(self):
        with pytest.raises(DataError):
            inflation(found([0.5], final=False), 0.9)


class TestFromHereOn:
    def test_the_example_of_the_guidance(self):
        """z 1.5 at half the information, 1.96 at the end: .590 by the trend, .102 without an effect, .564 averaged."""
        given_now = {"z": 1.5, "fraction": 0.5, "final": NORMAL.inv_cdf(0.975)}
        trend = conditional_power(**given_now, drift=trend_drift(1.5, 0.5))
        told = [trend, conditional_power(**given_now, drift=0.0), predictive_power(**given_now)]
        assert [round(p, 3) for p in told] == [0.590, 0.102, 0.564]

    def test_conditional_power_by_hand(self):
        by_hand = 1 - NORMAL.cdf((2.0 - 1.0 * math.sqrt(0.36) - 3.0 * 0.64) / 0.8)
        assert conditional_power(1.0, 0.36, final=2.0, drift=3.0) == pytest.approx(by_hand, **EXACT)

    def test_averaging_over_the_next_statistic_gives_the_power_before(self):
        """Power is the mean of conditional power over where Z may be now, stopped or not."""
        bounds = found([0.5, 1.0], sides=1)
        drift = 2.5
        nodes, weights = np.polynomial.legendre.leggauss(60)
        mean, low, high = drift * math.sqrt(0.5), -8.0, float(bounds.upper[0])
        now = low + (high - low) * (nodes + 1) / 2
        density = np.exp(-((now - mean) ** 2) / 2) / math.sqrt(2 * math.pi)
        later = [conditional_crossing(bounds, 0, float(z), drift).power for z in now]
        power = 1 - NORMAL.cdf(high - mean) + (high - low) / 2 * (weights * density) @ later
        assert power == pytest.approx(cross(bounds, drift).power, rel=1e-10)

    def test_with_one_look_left_both_are_the_same(self):
        bounds = found([0.4, 1.0], sides=1)
        told = conditional_crossing(bounds, 0, 1.2, 2.0).power
        assert told == pytest.approx(conditional_power(1.2, 0.4, final=float(bounds.upper[1]), drift=2.0), **EXACT)

    def test_a_prior_that_knows_everything_is_that_drift(self):
        told = predictive_power(1.0, 0.5, final=2.0, prior=(1.7, 1e-6))
        assert told == pytest.approx(conditional_power(1.0, 0.5, final=2.0, drift=1.7), abs=1e-9)

    @pytest.mark.parametrize(("z", "fraction"), [(1.0, 0.0), (1.0, 1.0), (math.nan, 0.5), (1.0, -0.1)])
    def test_refuses_what_has_no_rest(self, z, fraction):
        with pytest.raises(DataError):
            conditional_power(z, fraction, final=2.0, drift=0.0)


class TestSimulated:
    def test_trials_stop_where_they_are_said_to(self):
        """400,000 Brownian paths at the looks: shares of stopping within 4 Monte-Carlo errors, look by look."""
        rule = Futility(beta=0.2, function="pocock", binding=False)
        bounds = found(function="pocock", sides=1, futility=rule)
        draw, size = np.random.default_rng(20260101), 400_000
        steps = draw.normal(size=(size, LOOKS.size)) * np.sqrt(np.diff(LOOKS, prepend=0.0))
        for drift in (0.0, bounds.drift):
            z = (np.cumsum(steps, axis=1) + drift * LOOKS) / np.sqrt(LOOKS)
            up, down = z >= bounds.upper, z <= bounds.lower
            first = np.argmax(up | down, axis=1)
            told = cross(bounds, drift)
            for crossed, probabilities in ((up, told.upper), (down & ~up, told.lower)):
                for look, probability in enumerate(probabilities[: None if crossed is up else -1]):
                    share = ((first == look) & crossed[:, look]).mean()
                    error = math.sqrt(probability * (1 - probability) / size)
                    assert abs(share - probability) < 4 * error + 1e-9

    def test_the_error_holds_whatever_the_information_turns_out(self):
        """Looks of random number and place: of 200,000 trials without an effect 2.5% cross on either side."""
        draw, size, crossed = np.random.default_rng(7), 20_000, 0
        for _ in range(10):
            looks = np.sort(draw.uniform(0.1, 0.95, draw.integers(1, 5)))
            looks = np.append(looks[np.diff(looks, prepend=0.0) > 0.02], 1.0)
            bounds = found(looks, function="pocock")
            steps = draw.normal(size=(size, looks.size)) * np.sqrt(np.diff(looks, prepend=0.0))
            z = np.cumsum(steps, axis=1) / np.sqrt(looks)
            crossed += int((np.abs(z) >= bounds.upper).any(axis=1).sum())
        share = crossed / (10 * size)
        assert abs(share - 0.05) < 4 * math.sqrt(0.05 * 0.95 / (10 * size))


class TestGsdesign:
    """The kernel of the PyPI package gsdesign, a port of gsDesign's: Simpson's rule on its own grid."""

    @pytest.mark.parametrize("drift", [0.0, 1.5, 3.3])
    def test_probabilities_of_crossing(self, drift):
        integration = pytest.importorskip("gsdesign.integration")
        bounds = found(function="pocock", sides=2)
        told = cross(bounds, drift)
        grid, upper = None, []
        for look, t in enumerate(LOOKS):
            before = LOOKS[look - 1] if look else 0.0
            top = (np.inf, bounds.upper[look])
            if grid is None:
                _, _, beyond = integration.h1(r=80, theta=drift, info=t, a=top[1], b=top[0])
                grid = integration.h1(r=80, theta=drift, info=t, a=bounds.lower[look], b=bounds.upper[look])
            else:
                given_grid = {"r": 80, "theta": drift, "info": t, "theta_prev": drift, "info_prev": before}
                _, _, beyond = integration.hupdate(a=top[1], b=top[0], gm1=grid, **given_grid)
                grid = integration.hupdate(a=bounds.lower[look], b=bounds.upper[look], gm1=grid, **given_grid)
            upper.append(beyond.sum())
        # Simpson's rule on gsDesign's grid at r = 80
        np.testing.assert_allclose(told.upper, upper, rtol=0, atol=1e-8)


@pytest.mark.parametrize("function", ["obrien-fleming", "pocock"])
@pytest.mark.parametrize("sides", [1, 2])
def test_a_look_after_all_is_spent_has_no_boundary(function, sides):
    """Of two looks beyond the planned information the first spends the whole error, to a last digit of it."""
    found = find_boundaries(
        np.array([1.1, 1.3]), alpha=0.025, sides=sides, function=function, parameter=None, final=True
    )
    assert found.upper[0] == pytest.approx(NORMAL.inv_cdf(0.975), **EXACT)
    assert found.upper[1] == np.inf
