"""Tests of baseline differences by hand, where there is none, and what they never do; R's numbers are in reference."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npcstats.errors import DataError, SpecError
from npcstats.estimators.continuous import (
    COUNT_TESTS,
    VALUE_TESTS,
    adjust_p_values,
    compare_counts,
    compare_values,
    summarize_geometric,
)


def test_fisher_by_hand():
    """Margins 4 and 4, 4 and 4: tables 0 to 4 have 1, 16, 36, 16, 1 of 70; with 3 in the corner 1 + 16 + 16 + 1."""
    assert compare_counts([[3, 1], [1, 3]], method="fisher").p_value == pytest.approx(34 / 70, rel=1e-12)
    assert compare_counts([[2, 2], [2, 2]], method="fisher").p_value == pytest.approx(1, rel=1e-12)


def test_chi_square_by_hand():
    """Expected 2 everywhere: 4·1²/2 = 2, with Yates 4·0.5²/2 = 0.5; one degree of freedom."""
    plain = compare_counts([[3, 1], [1, 3]], method="chi-square")
    corrected = compare_counts([[3, 1], [1, 3]], method="chi-square-corrected")
    assert (plain.statistic, plain.df, corrected.statistic) == (2, 1, 0.5)


def test_trend_by_hand():
    """Group 1 has 1 of 4, 2 of 4 and 3 of 4: share 1/2, scores 1 2 3.

    Σ s (x - n/2) = 1·(-1) + 2·0 + 3·1 = 2; variance 1/4·(4·14 - 24²/12) = 1/4·8 = 2; 2²/2 = 2.
    """
    found = compare_counts([[1, 2, 3], [3, 2, 1]], method="cochran-armitage")
    assert (found.statistic, found.df) == (2, 1)


def test_trend_keeps_the_scores_of_categories_that_nobody_has():
    gap = compare_counts([[1, 0, 2, 3], [3, 0, 2, 1]], method="cochran-armitage")
    close = compare_counts([[1, 2, 3], [3, 2, 1]], method="cochran-armitage")
    assert gap.statistic != close.statistic
    plain = [compare_counts(t, method="chi-square") for t in ([[1, 0, 4], [3, 0, 2]], [[1, 4], [3, 2]])]
    assert plain[0] == plain[1]


def test_geometric_mean_by_hand():
    """1, 10, 100: logarithms 0, L, 2L with L = ln 10; mean L, deviation L."""
    found = summarize_geometric([100, 1, 10])
    assert found.mean == pytest.approx(10, rel=1e-14)
    assert found.std_deviation == pytest.approx(10, rel=1e-14)
    assert found.variation == pytest.approx(math.sqrt(math.exp(math.log(10) ** 2) - 1), rel=1e-12)


@pytest.mark.parametrize(
    ("values", "note"),
    [([], "no values"), ([0, 1], "0 or less"), ([-2.0], "0 or less"), ([3.0], "one value only")],
)
def test_no_geometric_mean_says_why(values, note):
    found = summarize_geometric(values)
    assert math.isnan(found.std_deviation)
    assert math.isnan(found.mean) == (note != "one value only")
    assert note in found.note


def test_equal_values_have_a_geometric_deviation_of_one():
    found = summarize_geometric([0.3, 0.3, 0.3])
    assert (found.std_deviation, found.variation) == (1, 0)


@pytest.mark.parametrize("method", VALUE_TESTS)
@pytest.mark.parametrize(
    ("groups", "note"), [(([1.0, 2], []), "A group has no values."), (([2.0, 2], [2.0, 2]), "equal")]
)
def test_no_test_of_values_says_why(method, groups, note):
    found = compare_values(groups, method=method)
    assert math.isnan(found.p_value)
    assert note in found.note or "no values" in found.note


@pytest.mark.parametrize("method", ["t", "welch", "anova"])
def test_groups_without_spread_are_not_compared(method):
    found = compare_values(([1.0, 1], [2.0, 2]), method=method)
    assert math.isnan(found.p_value)
    assert "within each group are equal" in found.note


@pytest.mark.parametrize("method", COUNT_TESTS)
@pytest.mark.parametrize(
    ("table", "note"),
    [([[0, 0], [3, 4]], "A group has no values."), ([[5, 0], [3, 0]], "Everybody is in the same category.")],
)
def test_no_test_of_counts_says_why(method, table, note):
    found = compare_counts(table, method=method)
    assert math.isnan(found.p_value)
    assert found.note == note


@pytest.mark.parametrize("method", ["t", "welch", "wilcoxon", "wilcoxon-corrected"])
def test_tests_of_two_groups_refuse_three(method):
    with pytest.raises(DataError, match="compares 2"):
        compare_values(([1.0, 2], [2.0, 3], [4.0, 5]), method=method)


@pytest.mark.parametrize("method", ["fisher", "chi-square-corrected"])
def test_tests_of_two_categories_refuse_three(method):
    with pytest.raises(DataError, match="compares 2"):
        compare_counts([[1, 2, 3], [2, 3, 4]], method=method)


def test_what_is_no_choice_or_no_count_is_refused():
    with pytest.raises(SpecError, match="kruskal-wallis"):
        compare_values(([1.0], [2.0]), method="mood")
    with pytest.raises(DataError, match="fractions"):
        compare_counts([[1.5, 2], [2, 3]], method="chi-square")
    with pytest.raises(DataError, match="above 1"):
        adjust_p_values([0.1, 1.1], method="holm")
    with pytest.raises(DataError, match="2 or more"):
        compare_values(([1.0, 2],), method="anova")


tables = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=2)


@given(tables)
def test_ranks_of_counts_are_ranks_of_values(table):
    values = [[float(i) for i, count in enumerate(row) for _ in range(count)] for row in table]
    for method in ("wilcoxon", "wilcoxon-corrected", "kruskal-wallis"):
        counted, valued = compare_counts(table, method=method), compare_values(values, method=method)
        assert counted.p_value == pytest.approx(valued.p_value, nan_ok=True, rel=1e-10)


@given(tables)
def test_a_p_value_is_a_probability_and_does_not_depend_on_which_group_is_first(table):
    for method in ("chi-square", "cochran-armitage", "wilcoxon", "kruskal-wallis"):
        here, there = (compare_counts(t, method=method) for t in (table, table[::-1]))
        assert here.p_value == pytest.approx(there.p_value, nan_ok=True, rel=1e-9, abs=1e-12)
        assert math.isnan(here.p_value) or 0 <= here.p_value <= 1


@given(st.lists(st.floats(0, 1), max_size=8), st.sampled_from(["holm", "benjamini-hochberg"]))
def test_adjusted_p_values_are_no_smaller_and_keep_their_order(p_values, method):
    found = adjust_p_values(p_values, method=method)
    assert all(after >= before for after, before in zip(found, p_values, strict=True))
    assert [after for _, after in sorted(zip(p_values, found, strict=True))] == sorted(found)
