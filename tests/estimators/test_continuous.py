"""Summaries and differences of means: values worked by hand, invariants, ends and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npcstats.errors import DataError, SpecError
from npcstats.estimators.continuous import (
    QUANTILE_TYPES,
    compare_means,
    estimate_mean,
    standardized_count_difference,
    standardized_mean_difference,
    summarize_continuous,
)

numbers = st.lists(st.integers(-1000, 1000), min_size=1, max_size=30)
# sums of at most 30 doubles of one size
ROUNDING = 1e-12


def test_summary_by_hand() -> None:
    """Eight participants, unsorted, one tie: 7 1 9 4 4 12 3 8, sorted 1 3 4 4 7 8 9 12.

    Sum 48, mean 6; squared deviations 25 9 4 4 1 4 9 36 = 92, SD sqrt(92 / 7). Type 2: 8 * 1/4 = 2 is whole, so the
    first quartile is the middle of the second and third value, 3.5; the median (4 + 7) / 2, the third (8 + 9) / 2.
    """
    summary = summarize_continuous([7, 1, 9, 4, 4, 12, 3, 8], quantile_type=2)
    assert (summary.n, summary.mean, summary.minimum, summary.maximum) == (8, 6, 1, 12)
    assert summary.std_deviation == pytest.approx(math.sqrt(92 / 7))
    assert (summary.first_quartile, summary.median, summary.third_quartile) == (3.5, 5.5, 8.5)


@pytest.mark.parametrize(("quantile_type", "first"), [(2, 3.5), (6, 3.25), (7, 3.75)])
def test_the_quantile_types_differ_where_they_should(quantile_type: int, first: float) -> None:
    """Same values: type 6 has rank 9/4 = 2.25, so 3 + 0.25; type 7 rank 1 + 7/4 = 2.75, so 3 + 0.75."""
    summary = summarize_continuous([7, 1, 9, 4, 4, 12, 3, 8], quantile_type=quantile_type)
    assert summary.first_quartile == first


def test_weighted_summary_by_hand() -> None:
    """Values 2 and 5 with weights 1 and 3: mean 17/4; squares 81/16 + 3 * 9/16 = 27/4, divisor 4 - 10/4 = 3/2."""
    summary = summarize_continuous([5, 2], weights=[3, 1], quantile_type=2)
    assert summary.mean == 4.25
    assert summary.std_deviation == pytest.approx(math.sqrt(27 / 4 / 1.5))
    assert (summary.first_quartile, summary.median, summary.third_quartile) == (3.5, 5, 5)


@given(numbers, st.sampled_from(QUANTILE_TYPES), st.randoms())
def test_row_order_changes_no_bit(x: list[int], quantile_type: int, random: object) -> None:
    shuffled = sorted(x, key=lambda _: random.random())
    once, again = (summarize_continuous(v, quantile_type=quantile_type) for v in (x, shuffled))
    assert repr(once) == repr(again)


@given(numbers, st.floats(0.01, 100))
def test_equal_weights_are_no_weights(x: list[int], weight: float) -> None:
    plain = summarize_continuous(x, quantile_type=2)
    weighted = summarize_continuous(x, weights=[weight] * len(x), quantile_type=2)
    for field in ("mean", "std_deviation", "first_quartile", "median", "third_quartile"):
        expected = pytest.approx(getattr(plain, field), rel=1e-9, abs=1e-9, nan_ok=True)
        assert getattr(weighted, field) == expected


@given(numbers, st.sampled_from(QUANTILE_TYPES))
def test_quartiles_are_ordered_and_inside(x: list[int], quantile_type: int) -> None:
    s = summarize_continuous(x, quantile_type=quantile_type)
    assert s.minimum <= s.first_quartile <= s.median <= s.third_quartile <= s.maximum


def test_no_value_and_one_value() -> None:
    none = summarize_continuous([], quantile_type=2)
    assert none.n == 0
    assert math.isnan(none.mean)
    assert none.note == "There are no values."
    one = summarize_continuous([4.5], quantile_type=6)
    assert (one.n, one.mean, one.first_quartile, one.third_quartile) == (1, 4.5, 4.5, 4.5)
    assert math.isnan(one.std_deviation)
    assert "one value" in one.note


def test_a_quantile_type_is_chosen_from_the_closed_set() -> None:
    with pytest.raises(SpecError, match="1, 2, 3, 4, 5, 6, 7, 8, 9"):
        summarize_continuous([1, 2], quantile_type=10)
    with pytest.raises(SpecError, match="with weights; 2 is required"):
        summarize_continuous([1, 2], weights=[1, 1], quantile_type=7)
    with pytest.raises(TypeError, match="quantile_type"):
        summarize_continuous([1, 2])
    with pytest.raises(DataError, match=r"^x: "):
        summarize_continuous([1, np.nan], quantile_type=2)


def test_continuous_difference_by_hand() -> None:
    """Group 1: 1 2 3 (mean 2, variance 1); group 0: 0 2 4 6 (mean 3, variance 20/3).

    Average denominator sqrt((1 + 20/3) / 2) = sqrt(23/6); treated denominator 1.
    """
    average = standardized_mean_difference([1, 2, 3], [0, 2, 4, 6], kind="continuous", denominator="average")
    treated = standardized_mean_difference([1, 2, 3], [0, 2, 4, 6], kind="continuous", denominator="treated")
    assert average.estimate == pytest.approx(-1 / math.sqrt(23 / 6))
    assert treated.estimate == -1


def test_weights_change_the_means_and_not_the_denominator() -> None:
    """Weights 0 0 1 move the mean of 1 2 3 to 3; the variance stays 1."""
    difference = standardized_mean_difference(
        [1, 2, 3], [0, 2, 4, 6], kind="continuous", denominator="treated", weights1=[0, 0, 1]
    )
    assert difference.estimate == 0


def test_binary_difference_by_hand() -> None:
    """3 of 4 and 1 of 2: 1/4 over sqrt((3/16 + 1/4) / 2) = sqrt(7/32)."""
    difference = standardized_mean_difference([1, 0, 1, 1], [0, 1], kind="binary", denominator="average")
    assert difference.estimate == pytest.approx(0.25 / math.sqrt(7 / 32))


labels = st.lists(st.sampled_from("abcd"), min_size=2, max_size=20)


@given(st.lists(st.integers(0, 1), min_size=2, max_size=20), st.lists(st.integers(0, 1), min_size=2, max_size=20))
def test_two_categories_are_a_binary_variable_without_sign(x1: list[int], x0: list[int]) -> None:
    binary = standardized_mean_difference(x1, x0, kind="binary", denominator="average").estimate
    categorical = standardized_mean_difference(x1, x0, kind="categorical", denominator="average").estimate
    assert categorical == pytest.approx(abs(binary), nan_ok=True, abs=ROUNDING)


@given(labels, labels)
def test_renaming_the_categories_changes_nothing(x1: list[str], x0: list[str]) -> None:
    """Another order of the levels leaves out another level."""
    renamed = {"a": "z", "b": "y", "c": "x", "d": "w"}
    there = standardized_mean_difference(x1, x0, kind="categorical", denominator="average")
    back = standardized_mean_difference(
        [renamed[v] for v in x1], [renamed[v] for v in x0], kind="categorical", denominator="average"
    )
    assert back.estimate == pytest.approx(there.estimate, nan_ok=True, rel=1e-9, abs=1e-9)


@given(labels, labels, st.sampled_from(["average", "treated"]))
def test_counted_categories_differ_to_the_last_bit_as_their_values_do(x1: list[str], x0: list[str], denominator: str):
    """Also where a category stands in neither group (e), and where it is binary: a against the rest."""
    choices = {"denominator": denominator}
    counts = [[x.count(level) for level in "abcde"] for x in (x1, x0)]
    found = standardized_count_difference(*counts, kind="categorical", **choices)
    assert repr(found) == repr(standardized_mean_difference(x1, x0, kind="categorical", **choices))
    binary = standardized_count_difference(
        *([len(x) - x.count("a"), x.count("a")] for x in (x1, x0)), kind="binary", **choices
    )
    ones = ([int(value == "a") for value in x] for x in (x1, x0))
    assert repr(binary) == repr(standardized_mean_difference(*ones, kind="binary", **choices))


def test_counted_categories_by_hand_and_counts_that_are_none() -> None:
    """3 of 4 and 1 of 2, as above; an empty group; a fraction; three counts of a binary variable."""
    found = standardized_count_difference([1, 3], [1, 1], kind="binary", denominator="average")
    assert found.estimate == pytest.approx(0.25 / math.sqrt(7 / 32))
    empty = standardized_count_difference([0, 0, 0], [1, 1, 0], kind="categorical", denominator="average")
    assert math.isnan(empty.estimate)
    assert "fewer than one" in empty.note
    for counts, message in (
        (([1.5, 1], [1, 1]), "fractions"),
        (([-1, 1], [1, 1]), "below 0"),
        (([1, 1, 1], [1, 1]), "2"),
    ):
        with pytest.raises(DataError, match=message):
            standardized_count_difference(*counts, kind="binary", denominator="average")
    with pytest.raises(SpecError, match="binary, categorical"):
        standardized_count_difference([1, 1], [1, 1], kind="continuous", denominator="average")


@pytest.mark.parametrize(
    ("kind", "x1", "x0"),
    [
        ("continuous", [2, 2, 2], [2, 2]),
        ("continuous", [0.1, 0.1, 0.1], [0.3, 0.3, 0.3]),
        ("binary", [1, 1], [0, 0]),
        ("categorical", ["a", "a"], ["b", "b"]),
        ("categorical", ["a"], ["a"]),
    ],
)
def test_zero_variance_is_not_a_number_with_a_note(kind: str, x1: list[object], x0: list[object]) -> None:
    difference = standardized_mean_difference(x1, x0, kind=kind, denominator="average")
    assert math.isnan(difference.estimate)
    assert "variance" in difference.note


@pytest.mark.parametrize(("kind", "x1"), [("continuous", [1]), ("binary", []), ("categorical", [])])
def test_too_few_values_are_not_a_number_with_a_note(kind: str, x1: list[float]) -> None:
    difference = standardized_mean_difference(x1, [0, 1], kind=kind, denominator="average")
    assert math.isnan(difference.estimate)
    assert "fewer than" in difference.note


def test_the_denominator_is_a_required_choice() -> None:
    with pytest.raises(TypeError, match="denominator"):
        standardized_mean_difference([1, 2], [1, 2], kind="continuous")
    with pytest.raises(SpecError, match="average, treated"):
        standardized_mean_difference([1, 2], [1, 2], kind="continuous", denominator="pooled")
    with pytest.raises(SpecError, match="continuous, binary, categorical"):
        standardized_mean_difference([1, 2], [1, 2], kind="ordinal", denominator="average")
    with pytest.raises(DataError, match=r"^x0: "):
        standardized_mean_difference([1, 0], [1, 2], kind="binary", denominator="average")
    with pytest.raises(DataError, match="several types"):
        standardized_mean_difference(["1", "2"], [1, 2], kind="categorical", denominator="average")


def test_mean_by_hand() -> None:
    """1 2 3: mean 2, SD 1, SE 1/sqrt(3); the 97.5 % point of t with 2 df is 4.302652729911275."""
    interval = estimate_mean([3, 1, 2], conf_level=0.95)
    half_width = 4.302652729911275 / math.sqrt(3)
    assert (interval.estimate, interval.lower, interval.upper) == pytest.approx((2, 2 - half_width, 2 + half_width))


@pytest.mark.parametrize(("x", "note"), [([], "no values"), ([1], "one value"), ([2, 2, 2], "equal")])
def test_a_mean_without_limits_says_why(x: list[float], note: str) -> None:
    interval = estimate_mean(x, conf_level=0.95)
    assert math.isnan(interval.lower)
    assert note in interval.note


def test_difference_of_means_by_hand() -> None:
    """1 2 3 and 0 2 4 6: estimate -1. Pooled variance (2 + 20) / 5 = 4.4, SE sqrt(4.4 * 7/12), 5 df.

    Welch: parts 1/3 and 5/3, SE sqrt(2), df 4 / ((1/9) / 2 + (25/9) / 3) = 216/53.
    """
    pooled = compare_means([2, 3, 1], [6, 0, 2, 4], method="pooled", conf_level=0.95)
    welch = compare_means([2, 3, 1], [6, 0, 2, 4], method="welch", conf_level=0.95)
    assert (pooled.estimate, pooled.df) == (-1, 5)
    assert pooled.std_error == pytest.approx(math.sqrt(4.4 * 7 / 12))
    assert welch.std_error == pytest.approx(math.sqrt(2))
    assert welch.df == pytest.approx(216 / 53)
    assert welch.statistic == pytest.approx(-1 / math.sqrt(2))


@pytest.mark.parametrize(
    ("x1", "x0", "note"), [([], [1, 2], "no values"), ([1], [1, 2], "one value"), ([1, 1], [2, 2], "equal")]
)
def test_a_difference_without_standard_error_says_why(x1: list[float], x0: list[float], note: str) -> None:
    contrast = compare_means(x1, x0, method="welch", conf_level=0.95)
    assert math.isnan(contrast.p_value)
    assert note in contrast.note
