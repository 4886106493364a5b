"""Balance before and after weighting: by hand, published, and where there is none."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from npcstats.errors import DataError, SpecError
from npcstats.estimators.continuous import standardized_mean_difference
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import BalanceColumn, compare_balance, fit_propensity, weigh

CAMIS = Path(__file__).parents[3] / "shared" / "reference" / "ps_data.csv"
FOUR_DECIMALS = 0.5e-4
# overlap weights balance as exactly as the likelihood is maximized
BALANCED = 1e-10

ARM = [1, 1, 1, 0, 0, 0]


class TestByHand:
    def test_only_means_are_weighted(self):
        """Values 1, 2, 3 and 2, 4, 6: variances 1 and 4, so the deviation is sqrt(2.5), or 1 of those treated.

        Weights 1, 1, 2 make the first mean 9/4, 1, 0, 0 the second one 2.
        """
        column = BalanceColumn("dose", "continuous", [1, 2, 3, 2, 4, 6])
        for denominator, deviation in (("average", math.sqrt(2.5)), ("treated", 1.0)):
            (found,) = compare_balance([column], ARM, [1, 1, 2, 1, 0, 0], denominator=denominator)
            assert found.before.estimate == pytest.approx(-2 / deviation)
            assert found.after.estimate == pytest.approx(0.25 / deviation)
            assert (found.name, found.kind, found.after.denominator) == ("dose", "continuous", denominator)

    def test_binary(self):
        """Shares 2/3 and 1/3, p(1 - p) = 2/9 of both; weighted 1/2 and 1/2."""
        column = BalanceColumn("flag", "binary", [1, 1, 0, 1, 0, 0])
        (found,) = compare_balance([column], ARM, [1, 1, 2, 2, 1, 1], denominator="average")
        assert found.before.estimate == pytest.approx((1 / 3) / math.sqrt(2 / 9))
        assert found.after.estimate == 0

    def test_several_levels(self):
        """Two levels of three at the same place are as far apart as a binary variable, without a sign."""
        levels = ["b", "b", "a", "b", "a", "a"]
        (found,) = compare_balance(
            [BalanceColumn("stage", "categorical", levels)], ARM, [1, 1, 1, 3, 1, 2], denominator="average"
        )
        assert found.before.estimate == pytest.approx((1 / 3) / math.sqrt(2 / 9))
        assert found.after.estimate == pytest.approx((2 / 3 - 1 / 2) / math.sqrt(2 / 9))

    def test_columns_of_a_design_are_binary_or_continuous(self):
        design = DesignMatrix(np.array([[1, 5], [0, 6], [1, 8], [0, 1], [0, 2], [1, 2.0]]), ("flag", "dose"))
        found = compare_balance(design, ARM, np.ones(6), denominator="treated")
        assert [(one.name, one.kind) for one in found] == [("flag", "binary"), ("dose", "continuous")]
        for one, kind in zip(found, ("binary", "continuous"), strict=True):
            values = design.values[:, design.names.index(one.name)]
            assert one.before == standardized_mean_difference(values[:3], values[3:], kind=kind, denominator="treated")

    def test_the_scale_of_an_arm_s_weights_does_not_matter(self):
        column = BalanceColumn("dose", "continuous", [1, 2, 3, 2, 4, 6])
        weights = np.array([1, 3, 2, 5, 1, 2.0])
        (here,), (there,) = (
            compare_balance([column], ARM, weights * factor, denominator="average")
            for factor in (1, np.repeat([7.0, 0.01], 3))
        )
        assert here.after.estimate == pytest.approx(there.after.estimate, rel=1e-12)


class TestNotEstimable:
    def test_no_weights(self):
        """Under separation the weights are NaN; the arms as they are remain comparable."""
        design = DesignMatrix(np.array([[1.0], [2], [3], [7], [8], [9]]), ("dose",))
        weights = weigh(fit_propensity(ARM, design), ARM, estimand="ato", stabilized=False)
        (found,) = compare_balance(design, ARM, weights, denominator="average")
        assert found.before.estimate == pytest.approx(-6)
        assert math.isnan(found.after.estimate)
        assert found.after.note == "There are no weights."

    def test_weights_of_an_arm_that_sum_to_0(self):
        column = BalanceColumn("dose", "continuous", [1, 2, 3, 2, 4, 6])
        (found,) = compare_balance([column], ARM, [1, 1, 1, 0, 0, 0], denominator="average")
        assert math.isnan(found.after.estimate)
        assert found.after.note == "The weights of an arm sum to 0."

    def test_zero_variance(self):
        column = BalanceColumn("one", "continuous", [2] * 6)
        (found,) = compare_balance([column], ARM, [1, 2, 3, 4, 5, 6], denominator="average")
        assert found.before.note == found.after.note == "The variance (average of both groups) is 0."

    @pytest.mark.parametrize("arm", [[1], [0], []])
    def test_one_participant_or_none(self, arm):
        n = len(arm)
        (found,) = compare_balance(
            [BalanceColumn("dose", "continuous", np.ones(n))], arm, np.ones(n), denominator="treated"
        )
        assert math.isnan(found.before.estimate)
        assert found.after.note == found.before.note == "A group has fewer than two values."

    def test_no_category_in_common(self):
        column = BalanceColumn("site", "categorical", ["a", "a", "b", "c", "c", "c"])
        (found,) = compare_balance([column], ARM, np.ones(6), denominator="average")
        assert found.before.note == "The groups share no category, so the covariance matrix is singular."
        assert math.isnan(found.after.estimate)


class TestRefusals:
    COLUMN = BalanceColumn("dose", "continuous", [1, 2, 3, 2, 4, 6])

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            ([1] * 5, "one for each participant"),
            ([1, 1, 1, 1, 1, -1], "negative"),
            ([1, 1, 1, 1, 1, math.nan], "missing"),
        ],
    )
    def test_weights(self, weights, message):
        with pytest.raises(DataError, match=message):
            compare_balance([self.COLUMN], ARM, weights, denominator="average")

    def test_choices(self):
        with pytest.raises(SpecError, match="denominator"):
            compare_balance([self.COLUMN], ARM, np.ones(6), denominator="pooled")
        with pytest.raises(SpecError, match="kind of dose"):
            compare_balance([BalanceColumn("dose", "ordinal", [1])], ARM, np.ones(6), denominator="average")

    def test_values(self):
        with pytest.raises(DataError, match="dose: has shape"):
            compare_balance([BalanceColumn("dose", "continuous", [1])], ARM, np.ones(6), denominator="average")
        with pytest.raises(DataError, match="missing"):
            compare_balance(
                [BalanceColumn("dose", "continuous", [1, 2, 3, math.nan, 4, 6])],
                ARM,
                np.ones(6),
                denominator="average",
            )


@pytest.fixture(scope="module")
def data():
    with CAMIS.open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@pytest.fixture(scope="module")
def columns(data):
    levels = [
        BalanceColumn(level, "binary", data["bmi_cat"] == level) for level in ("normal", "overweight", "underweight")
    ]
    return [
        BalanceColumn("age", "continuous", data["age"].astype(float)),
        BalanceColumn("weight", "continuous", data["weight"].astype(float)),
        BalanceColumn("sex", "binary", data["sex"] == "F"),
        *levels,
        BalanceColumn("bmi", "categorical", data["bmi_cat"]),
    ]


@pytest.fixture(scope="module")
def weights(data, columns):
    design = DesignMatrix(
        np.column_stack([column.values for column in columns[:5]]).astype(float),
        tuple(column.name for column in columns[:5]),
    )
    arm = data["trtp"] == "trt"
    return weigh(fit_propensity(arm, design), arm, estimand="ato", stabilized=False)


@pytest.mark.skipif(not CAMIS.is_file(), reason="the CAMIS data are not beside the repository")
class TestCamis:
    """PSIAIMS/CAMIS, data/ps_data.csv: 120 treated and 180 controls, published with four decimals."""

    def test_treated_deviation(self, columns, weights):
        found = compare_balance(columns, weights.treated, weights, denominator="treated")
        published = [0.7057, 0.4741, 0.1690, 0.2726, -0.1622, -0.1479]
        assert [one.before.estimate for one in found[:6]] == pytest.approx(published, abs=FOUR_DECIMALS)

    def test_pooled_deviation(self, columns, weights):
        found = compare_balance(columns, weights.treated, weights, denominator="average")
        assert found[0].before.estimate == pytest.approx(0.8496, abs=FOUR_DECIMALS)

    @pytest.mark.parametrize("denominator", ["treated", "average"])
    def test_overlap_weights_balance_exactly(self, columns, weights, denominator):
        found = compare_balance(columns, weights.treated, weights, denominator=denominator)
        assert [one.after.estimate for one in found] == pytest.approx([0] * 7, abs=BALANCED)
