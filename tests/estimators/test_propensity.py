"""The propensity score: by hand, by invariants, and where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special

from npcstats.errors import DataError
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import fit_propensity

# of numbers that come from a maximum whose gradient is below 1e-12 for each case
MAXIMUM = {"rtol": 1e-9, "atol": 1e-11}
# central differences with a step of 1e-5
DIFFERENCE = {"rtol": 1e-6, "atol": 1e-8}


def design(*columns, names=None):
    values = np.column_stack(columns).astype(float)
    return DesignMatrix(values, names or tuple(f"x{i}" for i in range(values.shape[1])))


def trial(n=200, k=4, seed=1):
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(n, k))
    values[:, -1] = values[:, -1] > 0.3
    arm = draw.random(n) < special.expit(0.8 * values[:, 0] - 0.5 * values[:, 1] + 0.7 * values[:, -1])
    return arm, design(values)


def without_columns(n):
    return DesignMatrix(np.empty((n, 0)), ())


class TestByHand:
    def test_two_by_two(self):
        """3 of 4 treated with the flag, 1 of 4 without: scores 3/4 and 1/4.

        The log odds without is log(1/3), the log odds ratio log 9; variances 1/1 + 1/3 and four of these halves,
        1 + 1/3 + 1/3 + 1, their covariance minus the first.
        """
        fit = fit_propensity([1, 1, 1, 0, 1, 0, 0, 0], design(np.repeat([1, 0], 4), names=("flag",)))
        np.testing.assert_allclose(fit.score, np.repeat([0.75, 0.25], 4), **MAXIMUM)
        assert fit.names == ("(Intercept)", "flag")
        np.testing.assert_allclose(fit.coefficients, [-math.log(3), math.log(9)], **MAXIMUM)
        np.testing.assert_allclose(fit.covariance, [[4 / 3, -4 / 3], [-4 / 3, 8 / 3]], **MAXIMUM)
        assert (fit.converged, fit.separated, fit.left_out, fit.note) == (True, (), (), "")

    def test_no_covariates(self):
        """The score is the share p; its logit has the variance 1/(n p (1 - p)), by either formula."""
        fit = fit_propensity([1, 0, 0, 1, 0], without_columns(5))
        np.testing.assert_allclose(fit.score, 0.4, **MAXIMUM)
        np.testing.assert_allclose(fit.covariance, [[1 / (5 * 0.24)]], **MAXIMUM)
        np.testing.assert_allclose(np.sum(fit.influence**2), 1 / (5 * 0.24), **MAXIMUM)

    def test_one_row_for_each_of_many(self):
        """Counts 3, 1, 1 and 3 of four kinds of rows are the eight rows."""
        fit = fit_propensity([1, 0, 1, 0], design([1, 1, 0, 0]), case_weights=[3, 1, 1, 3])
        np.testing.assert_allclose(fit.score, [0.75, 0.75, 0.25, 0.25], **MAXIMUM)
        np.testing.assert_allclose(np.diag(fit.covariance), [4 / 3, 8 / 3], **MAXIMUM)


class TestDerivatives:
    def test_influence_is_the_derivative_by_case_weights(self):
        arm, covariates = trial()
        weight = np.random.default_rng(2).uniform(0.5, 2, len(arm))
        fit = fit_propensity(arm, covariates, case_weights=weight)
        for row in (0, 17, 199):
            moved = []
            for step in (1e-5, -1e-5):
                changed = weight.copy()
                changed[row] += step
                moved.append(fit_propensity(arm, covariates, case_weights=changed).coefficients)
            np.testing.assert_allclose(fit.influence[row] / weight[row], (moved[0] - moved[1]) / 2e-5, **DIFFERENCE)

    def test_gradient_is_the_derivative_of_the_score(self):
        arm, covariates = trial()
        fit = fit_propensity(arm, covariates)
        rows = np.column_stack([np.ones(len(arm)), covariates.values])
        for place in range(len(fit.names)):
            step = np.zeros(len(fit.names))
            step[place] = 1e-5
            high, low = (special.expit(rows @ (fit.coefficients + sign * step)) for sign in (1, -1))
            np.testing.assert_allclose(fit.gradient[:, place], (high - low) / 2e-5, **DIFFERENCE)

    def test_influences_sum_to_nothing(self):
        arm, covariates = trial()
        fit = fit_propensity(arm, covariates)
        np.testing.assert_allclose(fit.influence.sum(axis=0), 0, atol=1e-12)


class TestInvariants:
    def test_swapped_arms_have_the_complement(self):
        arm, covariates = trial()
        here, there = fit_propensity(arm, covariates), fit_propensity(~arm, covariates)
        np.testing.assert_allclose(here.score, 1 - there.score, **MAXIMUM)
        np.testing.assert_allclose(here.coefficients, -there.coefficients, **MAXIMUM)

    @pytest.mark.parametrize(("shift", "factor"), [(0, 1e-9), (738_000, 1), (-5, 1e12), (1e6, 1e-3)])
    def test_units_do_not_matter(self, shift, factor):
        arm, covariates = trial()
        changed = DesignMatrix((covariates.values + shift) * factor, covariates.names)
        # values lose digits when something large is added to them
        lost = {"rtol": 1e-6 if shift else 1e-9}
        here, there = fit_propensity(arm, covariates), fit_propensity(arm, changed)
        np.testing.assert_allclose(here.score, there.score, **lost)
        np.testing.assert_allclose(here.coefficients[1:], there.coefficients[1:] * factor, **lost)

    def test_order_of_rows_does_not_matter(self):
        arm, covariates = trial()
        order = np.random.default_rng(3).permutation(len(arm))
        shuffled = fit_propensity(arm[order], DesignMatrix(covariates.values[order], covariates.names))
        np.testing.assert_allclose(shuffled.score, fit_propensity(arm, covariates).score[order], **MAXIMUM)

    def test_counts_are_repeated_rows(self):
        arm, covariates = trial()
        count = np.random.default_rng(4).multinomial(len(arm), np.full(len(arm), 1 / len(arm)))
        rows = np.repeat(np.arange(len(arm)), count)
        counted = fit_propensity(arm, covariates, case_weights=count)
        repeated = fit_propensity(arm[rows], DesignMatrix(covariates.values[rows], covariates.names))
        np.testing.assert_allclose(counted.score[rows], repeated.score, **MAXIMUM)
        np.testing.assert_allclose(counted.coefficients, repeated.coefficients, **MAXIMUM)
        assert np.isfinite(counted.score).all()

    def test_every_column_is_balanced_by_its_residuals(self):
        arm, covariates = trial(k=8)
        residual = arm - fit_propensity(arm, covariates).score
        np.testing.assert_allclose(residual @ covariates.values, 0, atol=1e-9)
        assert residual.sum() == pytest.approx(0, abs=1e-9)


class TestColumnsThatSayNothing:
    def test_are_named_and_do_not_matter(self):
        arm, covariates = trial()
        x = covariates.values
        wider = DesignMatrix(
            np.column_stack([np.full(200, 7.0), x, 3 * x[:, 0] - x[:, 3] + 1]), ("one", *covariates.names, "sum")
        )
        here, there = fit_propensity(arm, covariates), fit_propensity(arm, wider)
        np.testing.assert_allclose(here.score, there.score, **MAXIMUM)
        assert there.names == here.names
        assert there.left_out == ("one", "sum")
        assert there.converged
        assert there.note == (
            "one has one value only, so it has no coefficient. "
            "sum is a combination of columns before it, so it has no coefficient."
        )

    def test_one_value_among_those_who_count(self):
        fit = fit_propensity([1, 0, 1, 0], design([5, 5, 5, 6]), case_weights=[1, 1, 1, 0])
        assert fit.left_out == ("x0",)
        np.testing.assert_allclose(fit.score, 2 / 3, **MAXIMUM)

    def test_only_such_columns(self):
        fit = fit_propensity([1, 0, 0], design([2, 2, 2]))
        np.testing.assert_allclose(fit.score, 1 / 3, **MAXIMUM)
        assert fit.names == ("(Intercept)",)


class TestNoScore:
    @pytest.mark.parametrize(
        ("arm", "note"),
        [
            ([], "There are no participants, so there is no score."),
            ([1], "Nobody is in the second arm, so there is no score."),
            ([1, 1, 1], "Nobody is in the second arm, so there is no score."),
            ([0, 0], "Nobody is in the first arm, so there is no score."),
        ],
    )
    def test_empty_arm(self, arm, note):
        fit = fit_propensity(arm, design(np.arange(len(arm))))
        assert (fit.note, fit.converged, fit.separated) == (note, False, ())
        assert fit.score.shape == (len(arm),)
        assert np.isnan(fit.score).all()
        assert np.isnan(fit.coefficients).all()

    def test_an_arm_whose_case_weights_are_0_is_empty(self):
        fit = fit_propensity([1, 0, 0], design([1, 2, 3]), case_weights=[0, 1, 1])
        assert fit.note == "Nobody is in the first arm, so there is no score."

    def test_one_in_each_arm(self):
        fit = fit_propensity([1, 0], design([3, 4]))
        assert fit.separated == ("x0",)
        assert "x0 separates the arms (2 of 2 participants lie where only one arm is)" in fit.note

    @pytest.mark.parametrize(
        ("treated", "control", "off"),
        [
            ([6, 7, 8], [1, 2, 5], 6),  # completely
            ([5, 5, 8], [1, 2, 5], 3),  # they meet in 5, where three are
            ([1, 2, 5], [5, 5, 8], 3),
            ([5, 5, 5], [5, 6, 7], 2),  # one arm has one value
            ([5, 5, 5], [4, 5, 5], 1),
        ],
    )
    def test_a_column_that_separates(self, treated, control, off):
        arm = np.repeat([1, 0], [len(treated), len(control)])
        fit = fit_propensity(arm, design([*treated, *control], [1, 2, 1, 2, 1, 2], names=("dose", "other")))
        assert fit.separated == ("dose",)
        assert fit.note == (
            "The likelihood has no maximum, so there is no score: dose separates the arms "
            f"({off} of 6 participants lie where only one arm is)."
        )
        assert np.isnan(fit.score).all()

    def test_a_level_that_one_arm_lacks(self):
        arm, covariates = trial()
        level = np.zeros(200)
        level[np.flatnonzero(~arm)[:3]] = 1
        fit = fit_propensity(arm, DesignMatrix(np.column_stack([covariates.values, level]), (*covariates.names, "T4")))
        assert fit.separated == ("T4",)
        assert "T4 separates the arms (3 of 200 participants" in fit.note

    def test_a_reference_level_that_one_arm_lacks(self):
        """Nobody of the second arm has the reference level, which no column shows: the others together do."""
        level = np.array(["a"] * 4 + ["b"] * 8 + ["c"] * 8)
        arm = np.array([1] * 4 + [1, 0] * 8)
        fit = fit_propensity(arm, design(level == "b", level == "c", names=("b", "c")))
        assert fit.separated == ("b", "c")
        assert "a combination of b, c separates the arms (4 of 20 participants" in fit.note

    def test_two_columns_that_separate_each(self):
        fit = fit_propensity([1, 1, 0, 0], design([1, 2, 3, 4], [9, 8, 7, 5], [1, 0, 1, 0]))
        assert fit.separated == ("x0", "x1")
        assert "each of x0, x1 separates the arms (4 of 4 participants by x0" in fit.note

    def test_a_combination_of_which_no_column_can_be_spared(self):
        draw = np.random.default_rng(5)
        values = draw.normal(size=(80, 5))
        fit = fit_propensity(values[:, 1] - 2 * values[:, 3] > 0.2, design(values))
        assert fit.separated == ("x1", "x3")

    def test_what_does_not_count_does_not_hinder_separation(self):
        arm, x = [1, 1, 0, 0, 1], [5, 6, 1, 2, 0]
        assert fit_propensity(arm, design(x)).converged
        assert fit_propensity(arm, design(x), case_weights=[1, 1, 1, 1, 0]).separated == ("x0",)


class TestNearlySeparated:
    def test_one_pair_the_wrong_way_round(self):
        """Ones above 10, but 10 and 11 changed places: there is a maximum, found by another method."""
        x = np.arange(1.0, 21.0)
        arm = x > 10
        arm[[9, 10]] = [True, False]
        fit = fit_propensity(arm, design(x))
        signs = np.where(arm, 1, -1)
        best = optimize.minimize(
            lambda b: np.logaddexp(0, -signs * (b[0] + b[1] * (x - 10.5))).sum(), [0, 0], method="BFGS", tol=1e-10
        )
        assert fit.converged
        assert fit.coefficients[1] == pytest.approx(best.x[1], rel=1e-5)

    def test_someone_far_away(self):
        """The score of one participant is 1 to within rounding; the others overlap, so there is a maximum."""
        arm, covariates = trial()
        values = covariates.values.copy()
        row = np.flatnonzero(arm)[0]
        values[row, 0] = 1e4
        fit = fit_propensity(arm, DesignMatrix(values, covariates.names))
        assert fit.converged
        assert fit.score[row] == 1
        others = np.arange(200) != row
        # that participant says nothing of the others
        alone = fit_propensity(arm[others], DesignMatrix(values[others], covariates.names))
        np.testing.assert_allclose(fit.score[others], alone.score, **MAXIMUM)

    @settings(max_examples=150, deadline=None)
    @given(
        st.integers(1, 3).flatmap(
            lambda k: st.lists(st.tuples(st.booleans(), *[st.integers(-2, 2)] * k), min_size=3, max_size=14)
        )
    )
    def test_separation_is_that_of_the_definition(self, rows):
        """A direction with z x'b of at least 0 for all and above 0 for some exists, or the score does."""
        arm = np.array([row[0] for row in rows])
        x = np.array([row[1:] for row in rows], dtype=float)
        fit = fit_propensity(arm, design(x))
        if arm.all() or not arm.any():
            assert "Nobody is in" in fit.note
            return
        signed = np.where(arm, 1.0, -1.0)[:, np.newaxis] * np.column_stack([np.ones(len(arm)), x])
        answer = optimize.linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(arm)), bounds=(-1, 1))
        if -answer.fun > 1e-7:
            assert fit.separated
            assert not fit.converged
        else:
            assert fit.converged
            assert ((fit.score > 0) & (fit.score < 1)).all()
            np.testing.assert_allclose((arm - fit.score) @ x, 0, atol=1e-10)


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"treated": [1, 0, 2]}, "values other than 0 and 1"),
            ({"treated": [1, 0]}, r"design: has 3 rows; 2 required"),
            ({"treated": [1, 0, math.nan]}, "missing"),
            ({"case_weights": [1, -1, 1]}, "below 0"),
            ({"case_weights": [0, 0, 0]}, "all 3 weights are 0"),
            ({"case_weights": [1, 1]}, "3 required"),
            ({"design": np.ones((3, 1))}, "a DesignMatrix is required"),
        ],
    )
    def test_bad_arguments(self, arguments, message):
        given_ = {"treated": [1, 0, 1], "design": design([1, 2, 3]), **arguments}
        with pytest.raises(DataError, match=message):
            fit_propensity(given_.pop("treated"), given_.pop("design"), **given_)
