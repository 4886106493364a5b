"""A coefficient in completed data sets: by hand, and against fitting each shifted data set anew."""

from __future__ import annotations

import math

import numpy as np
import pytest

from npcstats.errors import DataError
from npcstats.estimators.completed import ShiftedEffect, compare_completed
from npcstats.estimators.distributions import t_quantile
from npcstats.estimators.imputation import pool_imputations
from npcstats.estimators.types import DesignMatrix

EXACT = 1e-12
ARM = np.array([True, True, False, False])
DESIGN = DesignMatrix(np.column_stack([np.ones(4), ARM]).astype(float), ("one", "arm"))
NONE = np.zeros(4, dtype=bool)


def drawn(seed=5, n=40, m=6):
    stream = np.random.default_rng(seed)
    arm, age = stream.random(n) < 0.5, stream.normal(size=n)
    design = DesignMatrix(np.column_stack([np.ones(n), arm, age]).astype(float), ("one", "arm", "age"))
    values = np.repeat((1.5 * arm + 0.5 * age + stream.normal(size=n))[None], m, axis=0)
    imputed = stream.random(n) < 0.3
    values[:, imputed] += stream.normal(size=(m, int(imputed.sum())))
    return values, design, imputed & arm, imputed & ~arm


def refitted(values, design, column):
    """Estimates, variances and degrees of freedom, each data set by the normal equations."""
    x = design.values
    inverse = np.linalg.inv(x.T @ x)
    coef = values @ x @ inverse
    df = len(x) - x.shape[1]
    residual = ((values - coef @ x.T) ** 2).sum(axis=1)
    place = design.names.index(column)
    return coef[:, place], residual / df * inverse[place, place], df


class TestByHand:
    """Groups of two, 1 and 3, 0 and 2: difference of means 1, squares add up to 4, on 2 degrees of freedom."""

    VALUES = np.array([[1.0, 3.0, 0.0, 2.0], [1.0, 3.0, 0.0, 2.0]])

    def test_the_difference(self):
        pooled = compare_completed(self.VALUES, DESIGN, "arm", NONE, NONE).pooled(0.0, 0.0, conf_level=0.95)
        assert pooled.estimate == pytest.approx(1.0, rel=EXACT)
        assert pooled.std_error == pytest.approx(math.sqrt(4 / 2 * (1 / 2 + 1 / 2)), rel=EXACT)

    def test_a_shift_of_one_value(self):
        """The first value becomes 2: means 2.5 and 1, squares 0.5 and 2."""
        first = np.array([True, False, False, False])
        pooled = compare_completed(self.VALUES, DESIGN, "arm", first, NONE).pooled(1.0, 7.0, conf_level=0.95)
        assert pooled.estimate == pytest.approx(1.5, rel=EXACT)
        assert pooled.std_error == pytest.approx(math.sqrt(2.5 / 2), rel=EXACT)

    def test_a_group_that_is_imputed_whole_moves_whole(self):
        moved = compare_completed(self.VALUES, DESIGN, "arm", NONE, ~ARM).pooled(0.0, 4.0, conf_level=0.95)
        assert moved.estimate == pytest.approx(-3.0, rel=EXACT)
        assert moved.std_error == pytest.approx(math.sqrt(2), rel=EXACT)


@pytest.mark.parametrize(("first", "reference"), [(0.0, 0.0), (-1.3, 0.0), (0.0, 2.1), (0.7, -0.4)])
def test_no_shift_needs_another_fit(first, reference):
    values, design, of_first, of_reference = drawn()
    found = compare_completed(values, design, "arm", of_first, of_reference).pooled(first, reference, conf_level=0.9)
    estimates, variances, df = refitted(values + first * of_first + reference * of_reference, design, "arm")
    expected = pool_imputations(estimates, variances, conf_level=0.9, complete_df=df)
    for name in ("estimate", "std_error", "df", "lower", "upper", "missing_information"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-10), name


class TestTurning:
    def test_where_a_limit_is_zero(self):
        """Equal data sets: the difference 3 + d/4 of groups of four, one of whom is shifted by d.

        The squares are those of 2 groups of four about their means, 5 each, plus what the shift adds; the limit is 0
        where the square of the difference is t squared times its variance, an equation that is solved here again.
        """
        group = np.array([0.0, 1.0, 2.0, 3.0])
        values = np.repeat(np.concatenate([group + 3, group])[None], 3, axis=0)
        arm = np.repeat([True, False], 4)
        design = DesignMatrix(np.column_stack([np.ones(8), arm]).astype(float), ("one", "arm"))
        moved = np.arange(8) == 1
        effect = compare_completed(values, design, "arm", moved, np.zeros(8, dtype=bool))
        found = effect.turning(of_first=True, farthest=10.0, conf_level=0.95)
        shifted = np.concatenate([group, []])
        shifted[1] += found
        squares = ((shifted - shifted.mean()) ** 2).sum() + 5.0
        within = squares / 6
        half = -t_quantile(0.025, 1 / (1 / math.inf + 9 / (6 * 7))) * math.sqrt(within / 2)
        assert abs(3 + found / 4 - abs(half)) < 1e-9

    def test_both_sides_of_it_differ(self):
        values, design, of_first, of_reference = drawn()
        effect = compare_completed(values, design, "arm", of_first, of_reference)
        for own in (True, False):
            shift = effect.turning(of_first=own, farthest=30.0, conf_level=0.95)
            assert math.isfinite(shift)
            pairs = [(s, 0.0) if own else (0.0, s) for s in (shift * 0.999, shift * 1.001)]
            near, far = (effect.pooled(*pair, conf_level=0.95) for pair in pairs)
            assert (near.lower > 0) != (far.lower > 0)
            assert (shift < 0) == own  # planted: the first group is ahead, so it must fall, or the reference rise

    def test_an_interval_that_holds_none_can_be_moved_off_it(self):
        values, design, of_first, of_reference = drawn()
        values = values - 0.8 * design.values[:, 1]
        effect = compare_completed(values, design, "arm", of_first, of_reference)
        unmoved = effect.pooled(0.0, 0.0, conf_level=0.95)
        assert unmoved.lower < 0 < unmoved.upper
        shift = effect.turning(of_first=True, farthest=30.0, conf_level=0.95)
        beyond = effect.pooled(shift * 1.001, 0.0, conf_level=0.95)
        assert beyond.lower > 0 or beyond.upper < 0

    def test_none_where_nothing_is_imputed_or_it_is_too_far(self):
        values, design, of_first, of_reference = drawn()
        nobody = np.zeros(len(of_first), dtype=bool)
        effect = compare_completed(values, design, "arm", nobody, of_reference)
        assert math.isnan(effect.turning(of_first=True, farthest=30.0, conf_level=0.95))
        assert math.isnan(effect.turning(of_first=False, farthest=0.01, conf_level=0.95))


class TestNothing:
    def test_one_group_alone(self):
        values, design, of_first, of_reference = drawn()
        alone = design.values[:, 1] == 1
        effect = compare_completed(values[:, alone], DesignMatrix(design.values[alone], design.names), "arm",
                                   of_first[alone], of_reference[alone])  # fmt: skip
        pooled = effect.pooled(0.0, 0.0, conf_level=0.95)
        assert math.isnan(pooled.estimate)
        assert pooled.note == effect.note != ""
        assert math.isnan(effect.turning(of_first=True, farthest=9.0, conf_level=0.95))

    def test_no_degrees_of_freedom(self):
        effect = compare_completed(np.array([[1.0, 0.0], [1.0, 0.0]]), DesignMatrix(DESIGN.values[1:3], DESIGN.names),
                                   "arm", NONE[:2], NONE[:2])  # fmt: skip
        assert effect.note == "No degrees of freedom are left."

    def test_nobody(self):
        effect = compare_completed(np.zeros((2, 0)), DesignMatrix(np.zeros((0, 2)), DESIGN.names), "arm", NONE[:0],
                                   NONE[:0])  # fmt: skip
        assert effect.note
        assert isinstance(effect, ShiftedEffect)

    def test_an_aliased_covariate_is_left_out(self):
        values, design, of_first, of_reference = drawn()
        wider = DesignMatrix(np.column_stack([design.values, 2 * design.values[:, 2]]), (*design.names, "twice"))
        plain, found = (compare_completed(values, one, "arm", of_first, of_reference) for one in (design, wider))
        assert found.df == plain.df
        assert found.estimates == pytest.approx(plain.estimates, rel=1e-10)


def test_refusals():
    values, design, of_first, of_reference = drawn()
    with pytest.raises(DataError, match="has shape"):
        compare_completed(values[:, :3], design, "arm", of_first, of_reference)
    with pytest.raises(DataError, match="no column 'treatment'"):
        compare_completed(values, design, "treatment", of_first, of_reference)
    values[0, 0] = math.nan
    with pytest.raises(DataError, match="a value is missing"):
        compare_completed(values, design, "arm", of_first, of_reference)
