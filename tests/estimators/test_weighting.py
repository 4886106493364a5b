"""Weights, their derivatives, effective sizes and trimming: by hand, by invariants, by delicatessen."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from delicatessen import MEstimator
from delicatessen.estimating_equations import ee_regression
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from npcstats.errors import DataError, SpecError
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import effective_size, fit_propensity, trim_scores, weigh

EXACT = {"rtol": 1e-10, "atol": 1e-12}
# central differences with a step of 1e-5
DIFFERENCE = {"rtol": 1e-6, "atol": 1e-8}
# delicatessen's bread is a numerical derivative
DELICATESSEN = 1e-5

WEIGHTS = [("ate", False), ("ate", True), ("att", False), ("ato", False)]


def trial(n=300, seed=8):
    draw = np.random.default_rng(seed)
    values = np.column_stack([draw.normal(size=n), draw.integers(0, 2, n), draw.exponential(size=n)])
    arm = draw.random(n) < special.expit(0.9 * values[:, 0] - 0.6 * values[:, 1])
    outcome = values[:, 0] + 2.0 * arm + values[:, 2] * draw.normal(size=n)
    return arm, DesignMatrix(values, ("age", "flag", "size")), outcome


def two_by_two():
    """Scores 3/4 and 1/4, as `test_propensity` derives; half of the eight are treated."""
    arm = np.array([1, 1, 1, 0, 1, 0, 0, 0])
    return arm, fit_propensity(arm, DesignMatrix(np.repeat([1.0, 0.0], 4)[:, np.newaxis], ("flag",)))


class TestByHand:
    @pytest.mark.parametrize(
        ("estimand", "stabilized", "expected"),
        [
            ("ate", False, [4 / 3, 4 / 3, 4 / 3, 4, 4, 4 / 3, 4 / 3, 4 / 3]),
            ("ate", True, [2 / 3, 2 / 3, 2 / 3, 2, 2, 2 / 3, 2 / 3, 2 / 3]),
            ("att", False, [1, 1, 1, 3, 1, 1 / 3, 1 / 3, 1 / 3]),
            ("ato", False, [0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.25]),
        ],
    )
    def test_weights(self, estimand, stabilized, expected):
        arm, fit = two_by_two()
        weights = weigh(fit, arm, estimand=estimand, stabilized=stabilized)
        np.testing.assert_allclose(weights.values, expected, **EXACT)
        assert weights.treated.tolist() == (arm == 1).tolist()
        assert (weights.estimand, weights.stabilized, weights.note) == (estimand, stabilized, "")
        assert weights.influence.shape == weights.slope.shape == (8, 3 if stabilized else 2)

    def test_effective_size_of_each_arm(self):
        """(3 · 4/3 + 4)² / (3 · 16/9 + 16) = 64 / (64/3) = 3, of 4."""
        arm, fit = two_by_two()
        weights = weigh(fit, arm, estimand="ate", stabilized=False)
        assert effective_size(weights.values[arm == 1]) == pytest.approx(3)

    def test_case_weights_multiply(self):
        """Counts 3, 1, 1 and 3 of four kinds of rows."""
        covariates = DesignMatrix(np.array([[1.0], [1.0], [0.0], [0.0]]), ("flag",))
        fit = fit_propensity([1, 0, 1, 0], covariates, case_weights=[3, 1, 1, 3])
        weights = weigh(fit, [1, 0, 1, 0], estimand="ato", stabilized=False)
        np.testing.assert_allclose(weights.values, [0.75, 0.75, 0.75, 0.75], **EXACT)

    @pytest.mark.parametrize(
        ("estimand", "stabilized", "method"),
        [
            ("ate", False, "inverse probability weights, 1/e and 1/(1 − e)"),
            ("ate", True, "stabilised inverse probability weights, P/e and (1 − P)/(1 − e)"),
            ("att", False, "weights of those treated, 1 and e/(1 − e)"),
            ("ato", False, "overlap weights, 1 − e and e"),
        ],
    )
    def test_words(self, estimand, stabilized, method):
        arm, fit = two_by_two()
        assert weigh(fit, arm, estimand=estimand, stabilized=stabilized).method == method


class TestDerivatives:
    @pytest.mark.parametrize(("estimand", "stabilized"), WEIGHTS)
    def test_slope(self, estimand, stabilized):
        """Each coefficient is moved, and the weights made again from the moved score."""
        arm, covariates, _ = trial()
        fit = fit_propensity(arm, covariates)
        weights = weigh(fit, arm, estimand=estimand, stabilized=stabilized)
        rows = np.column_stack([np.ones(len(arm)), covariates.values])
        for place in range(rows.shape[1]):
            step = np.zeros(rows.shape[1])
            step[place] = 1e-5
            high, low = (
                weigh(
                    replace(fit, score=special.expit(rows @ (fit.coefficients + sign * step))),
                    arm,
                    estimand=estimand,
                    stabilized=stabilized,
                ).values
                for sign in (1, -1)
            )
            np.testing.assert_allclose(weights.slope[:, place], (high - low) / 2e-5, **DIFFERENCE)
        if stabilized:  # the weight is the share, or its complement, times what is not stabilized
            plain = weigh(fit, arm, estimand=estimand, stabilized=False).values
            np.testing.assert_allclose(weights.slope[:, -1], np.where(arm, plain, -plain), **EXACT)
            assert np.sum(weights.influence[:, -1] ** 2) == pytest.approx(arm.mean() * (1 - arm.mean()) / len(arm))

    @pytest.mark.parametrize(("estimand", "stabilized"), WEIGHTS)
    def test_refitted_with_other_case_weights(self, estimand, stabilized):
        """The total derivative of all weights by one case weight is slope times influence, plus the row's own."""
        arm, covariates, _ = trial()
        row, moved = 11, []
        for step in (1e-5, 0.0, -1e-5):
            case = np.ones(len(arm))
            case[row] += step
            fit = fit_propensity(arm, covariates, case_weights=case)
            moved.append(weigh(fit, arm, estimand=estimand, stabilized=stabilized))
        expected = moved[1].slope @ moved[1].influence[row]
        expected[row] += moved[1].values[row]
        np.testing.assert_allclose((moved[0].values - moved[2].values) / 2e-5, expected, **DIFFERENCE)


def hajek(weights, outcome):
    """Difference of weighted means, and its derivative by each weight."""
    arm, w = weights.treated, weights.values
    means = [np.average(outcome[on], weights=w[on]) for on in (arm, ~arm)]
    by_weight = np.where(arm, (outcome - means[0]) / w[arm].sum(), -(outcome - means[1]) / w[~arm].sum())
    return means[0] - means[1], by_weight


def variance_of(weights, by_weight):
    """The contract: each row's own part, and what it does to all weights through the score."""
    influence = weights.values * by_weight + weights.influence @ (weights.slope.T @ by_weight)
    return float(np.sum(influence**2))


@pytest.mark.parametrize(("estimand", "stabilized"), WEIGHTS)
def test_variance_is_that_of_delicatessen(estimand, stabilized):
    """One stack of estimating equations: the score's, the share's, and the weighted means'."""
    arm, covariates, outcome = trial()
    weights = weigh(fit_propensity(arm, covariates), arm, estimand=estimand, stabilized=stabilized)
    estimate, by_weight = hajek(weights, outcome)
    rows = np.column_stack([np.ones(len(arm)), covariates.values])
    treated = arm.astype(float)

    def equations(theta):
        score = special.expit(rows @ theta[:4])
        share = theta[4]
        factor = np.where(arm, share, 1 - share) if stabilized else 1.0
        weight = {
            "ate": np.where(arm, 1 / score, 1 / (1 - score)),
            "att": np.where(arm, 1, score / (1 - score)),
            "ato": np.where(arm, 1 - score, score),
        }[estimand] * factor
        return np.vstack(
            [
                ee_regression(theta[:4], X=rows, y=treated, model="logistic"),
                treated - share,
                weight * treated * (outcome - theta[5]),
                weight * (1 - treated) * (outcome - theta[6]),
            ]
        )

    solved = MEstimator(equations, init=[0, 0, 0, 0, 0.5, 1, 0])
    solved.estimate(solver="lm")
    covariance = solved.variance
    assert estimate == pytest.approx(solved.theta[5] - solved.theta[6], rel=1e-7)
    expected = covariance[5, 5] + covariance[6, 6] - 2 * covariance[5, 6]
    assert variance_of(weights, by_weight) == pytest.approx(expected, rel=DELICATESSEN)


class TestInvariants:
    def test_overlap_weights_balance_exactly(self):
        arm, covariates, _ = trial()
        w = weigh(fit_propensity(arm, covariates), arm, estimand="ato", stabilized=False).values
        means = [np.average(covariates.values[on], axis=0, weights=w[on]) for on in (arm, ~arm)]
        np.testing.assert_allclose(means[0], means[1], atol=1e-12)

    @pytest.mark.parametrize("estimand", ["ate", "ato"])
    def test_swapped_arms_have_the_same_weights(self, estimand):
        arm, covariates, outcome = trial()
        here, there = (
            weigh(fit_propensity(on, covariates), on, estimand=estimand, stabilized=False) for on in (arm, ~arm)
        )
        np.testing.assert_allclose(here.values, there.values, **EXACT)
        assert hajek(here, outcome)[0] == pytest.approx(-hajek(there, outcome)[0])
        assert variance_of(here, hajek(here, outcome)[1]) == pytest.approx(variance_of(there, hajek(there, outcome)[1]))

    def test_stabilizing_changes_neither_difference_nor_variance(self):
        """The factor of an arm cancels in its mean, and so does the estimation of the share."""
        arm, covariates, outcome = trial()
        fit = fit_propensity(arm, covariates)
        plain, stable = (weigh(fit, arm, estimand="ate", stabilized=on) for on in (False, True))
        one, other = hajek(plain, outcome), hajek(stable, outcome)
        assert one[0] == pytest.approx(other[0], rel=1e-12)
        assert variance_of(plain, one[1]) == pytest.approx(variance_of(stable, other[1]), rel=1e-10)

    def test_mean_of_stabilized_weights_with_the_true_share_is_about_one(self):
        arm, covariates, _ = trial(n=20_000)
        weights = weigh(fit_propensity(arm, covariates), arm, estimand="ate", stabilized=True)
        assert weights.values.mean() == pytest.approx(1, abs=0.02)


class TestNoWeights:
    def test_without_a_score_there_are_none_and_the_reason_is_the_score_s(self):
        fit = fit_propensity([1, 1, 0], DesignMatrix(np.array([[1.0], [2.0], [0.0]]), ("dose",)))
        weights = weigh(fit, [1, 1, 0], estimand="ato", stabilized=False)
        assert np.isnan(weights.values).all()
        assert weights.note == fit.note
        assert "dose separates the arms" in weights.note
        assert math.isnan(effective_size(weights.values))

    def test_a_score_of_1_in_the_other_arm(self):
        arm, fit = two_by_two()
        weights = weigh(replace(fit, score=np.where(arm, fit.score, 1.0)), arm, estimand="ate", stabilized=False)
        assert np.isnan(weights.values).all()
        assert weights.note == "A score is 0 or 1 to within rounding, so a weight is infinite."

    def test_refusals(self):
        arm, fit = two_by_two()
        with pytest.raises(SpecError, match="only the weights of ate can be stabilized"):
            weigh(fit, arm, estimand="ato", stabilized=True)
        with pytest.raises(SpecError, match="one of ate, att, ato"):
            weigh(fit, arm, estimand="atm", stabilized=False)
        with pytest.raises(DataError, match="8 required"):
            weigh(fit, arm[:5], estimand="ato", stabilized=False)


class TestEffectiveSize:
    @pytest.mark.parametrize(
        ("weights", "expected"),
        [([2, 2, 2], 3), ([1, 0, 0], 1), ([3, 1], 1.6), ([], 0), ([0, 0], 0), ([5], 1), ([1e300, 1e300], 2)],
    )
    def test_by_hand(self, weights, expected):
        assert effective_size(weights) == pytest.approx(expected)

    @given(st.lists(st.just(0.0) | st.floats(1e-9, 1e3), min_size=1, max_size=20), st.floats(1e-3, 1e3))
    def test_the_scale_does_not_matter_and_nobody_counts_twice(self, weights, factor):
        size = effective_size(weights)
        assert size == pytest.approx(effective_size(np.array(weights) * factor))
        assert size <= len(weights) * (1 + 1e-12)
        assert size >= 1 - 1e-12 or not any(weights)

    def test_refusals(self):
        for bad in ([-1, 2], [math.inf, 1]):
            with pytest.raises(DataError, match="negative or infinite"):
                effective_size(bad)
        with pytest.raises(DataError, match="2 axes"):
            effective_size([[1, 2]])


class TestTrimming:
    SCORES = (0.05, 0.1, 0.5, 0.9, 0.95, 0.2)
    ARM = (0, 1, 1, 1, 1, 0)

    def test_nobody_is_lost_without_a_rule(self):
        found = trim_scores(self.SCORES, self.ARM, rule="none")
        assert (found.kept.all(), found.lower, found.upper, found.lost1, found.lost0) == (True, 0, 1, 0, 0)

    def test_limits_themselves_are_kept(self):
        found = trim_scores(self.SCORES, self.ARM, rule="range", lower=0.1, upper=0.9)
        assert found.kept.tolist() == [False, True, True, True, False, True]
        assert (found.lower, found.upper, found.lost1, found.lost0) == (0.1, 0.9, 1, 1)

    def test_common_support(self):
        """The first arm has 0.1 to 0.95, the second 0.05 to 0.2."""
        found = trim_scores(self.SCORES, self.ARM, rule="common-support")
        assert found.kept.tolist() == [False, True, False, False, False, True]
        assert (found.lower, found.upper, found.lost1, found.lost0) == (0.1, 0.2, 3, 1)

    @pytest.mark.parametrize("arm", [(0, 0, 1, 1), (1, 1, 1, 1), (0, 0, 0, 0)])
    def test_nothing_in_common(self, arm):
        found = trim_scores([0.1, 0.2, 0.6, 0.7], arm, rule="common-support")
        assert not found.kept.any()
        assert found.lost1 + found.lost0 == 4
        assert found.note == "No score lies between those of both arms, so nobody is kept."

    def test_crump_by_hand(self):
        """Scores 1/2 and 1/2 have k = 4, the third k = 1/0.0099 = 101.01.

        Bounds are 8/4 = 2 with two, 109.01/9 = 12.1 with three, so two are kept; g is 8 and a = 1/2 - sqrt(1/8).
        """
        found = trim_scores([0.5, 0.5, 0.01], [1, 0, 0], rule="crump")
        assert found.kept.tolist() == [True, True, False]
        assert found.lower == pytest.approx(0.5 - math.sqrt(0.125))
        assert (found.lost1, found.lost0) == (0, 1)

    def test_crump_with_scores_of_0_and_1(self):
        found = trim_scores([0.0, 1.0, 0.5, 0.4], [0, 1, 1, 0], rule="crump")
        assert found.kept.tolist() == [False, False, True, True]
        assert not trim_scores([0.0, 1.0], [0, 1], rule="crump").kept.any()

    @given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=30))
    def test_crump_is_symmetric_and_keeps_what_is_inside(self, scores):
        arm = np.arange(len(scores)) % 2
        found = trim_scores(scores, arm, rule="crump")
        assert found.kept.any()
        assert found.lower == pytest.approx(1 - found.upper)
        assert 0 <= found.lower < 0.1465  # k is at least 4, so g at least 8
        mirrored = trim_scores(1 - np.array(scores), arm, rule="crump")
        # a score at the very limit may change sides by rounding; none of these is within it
        if np.abs(np.array(scores)[:, np.newaxis] - [found.lower, found.upper]).min() > 1e-9:
            assert mirrored.kept.tolist() == found.kept.tolist()
        assert found.lost1 + found.lost0 == np.count_nonzero(~found.kept)

    @pytest.mark.parametrize("rule", ["none", "crump", "common-support"])
    def test_no_score(self, rule):
        found = trim_scores([math.nan, math.nan], [1, 0], rule=rule)
        assert not found.kept.any()
        assert (found.lost1, found.lost0) == (1, 1)
        assert math.isnan(found.lower)
        assert found.note == "There is no score, so nobody is kept."

    @pytest.mark.parametrize(
        ("choices", "message"),
        [
            ({"rule": "range"}, "two numbers from 0 to 1"),
            ({"rule": "range", "lower": 0.9, "upper": 0.1}, "two numbers from 0 to 1"),
            ({"rule": "crump", "lower": 0.1, "upper": 0.9}, "has no limits of its own"),
            ({"rule": "percentile"}, "one of none, range"),
        ],
    )
    def test_refused_choices(self, choices, message):
        with pytest.raises(SpecError, match=message):
            trim_scores([0.5], [1], **choices)

    @pytest.mark.parametrize(
        ("scores", "message"),
        [([0.5], "has shape"), ([0.5, math.nan], "1 of 2 are missing"), ([0.5, 1.2], "outside 0 to 1")],
    )
    def test_refused_scores(self, scores, message):
        with pytest.raises(DataError, match=message):
            trim_scores(scores, [1, 0], rule="none")
