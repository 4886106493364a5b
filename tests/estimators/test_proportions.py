"""One proportion and two: values worked by hand or published, known coverage, ends and refusals."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.proportions import compare_proportions, estimate_proportion

ONE = ("clopper-pearson", "wilson", "agresti-coull", "jeffreys", "wald")
DIFFERENCE = ("newcombe", "miettinen-nurminen", "agresti-caffo", "wald")
# the published values are printed with four decimals, the ratios with three
FOUR_DECIMALS = 0.5e-4
THREE_DECIMALS = 0.5e-3
# solving P(X >= count) = 0.025 back: the quantile of a beta distribution is good to about this
TAIL = 1e-10


def risk_difference(count1: int, total1: int, count0: int, total0: int, method: str, conf_level: float = 0.95):
    return compare_proportions(
        count1, total1, count0, total0, measure="risk-difference", method=method, conf_level=conf_level
    )


def test_published_clopper_pearson() -> None:
    """36 of 154: .1694 to .3086, as R and SAS print it (CAMIS, adcibc)."""
    interval = estimate_proportion(36, 154, method="clopper-pearson", conf_level=0.95)
    assert interval.estimate == 36 / 154
    assert interval.lower == pytest.approx(0.1694, abs=FOUR_DECIMALS)
    assert interval.upper == pytest.approx(0.3086, abs=FOUR_DECIMALS)


@pytest.mark.parametrize(
    ("method", "lower", "upper"),
    [("newcombe", -0.0361, 0.1751), ("miettinen-nurminen", -0.0361, 0.1775), ("wald", -0.0271, 0.1830)],
)
def test_published_risk_differences(method: str, lower: float, upper: float) -> None:
    """36/154 against 12/77: .0779 with the limits that R and SAS print (CAMIS, adcibc)."""
    interval = risk_difference(36, 154, 12, 77, method)
    assert interval.estimate == pytest.approx(0.0779, abs=FOUR_DECIMALS)
    assert interval.lower == pytest.approx(lower, abs=FOUR_DECIMALS)
    assert interval.upper == pytest.approx(upper, abs=FOUR_DECIMALS)


def test_published_risk_ratio() -> None:
    """36/154 over 12/77 is 1.5, Katz .829 to 2.715 (CAMIS, adcibc)."""
    interval = compare_proportions(36, 154, 12, 77, measure="risk-ratio", method="katz-log", conf_level=0.95)
    assert interval.estimate == 1.5
    assert interval.lower == pytest.approx(0.829, abs=THREE_DECIMALS)
    assert interval.upper == pytest.approx(2.715, abs=THREE_DECIMALS)


def test_newcombes_own_example() -> None:
    """56/70 against 48/80 (Newcombe 1998, table II, contrast a): .0524 to .3339, score .0528 to .3382 for MN."""
    assert risk_difference(56, 70, 48, 80, "newcombe").lower == pytest.approx(0.0524, abs=FOUR_DECIMALS)
    assert risk_difference(56, 70, 48, 80, "newcombe").upper == pytest.approx(0.3339, abs=FOUR_DECIMALS)
    assert risk_difference(56, 70, 48, 80, "miettinen-nurminen").lower == pytest.approx(0.0528, abs=FOUR_DECIMALS)
    assert risk_difference(56, 70, 48, 80, "miettinen-nurminen").upper == pytest.approx(0.3382, abs=FOUR_DECIMALS)


def test_odds_ratio_by_hand() -> None:
    """2 of 3 and 1 of 3: odds 2 and 1/2, ratio 4; variance of its log 1/2 + 1 + 1 + 1/2 = 3."""
    interval = compare_proportions(2, 3, 1, 3, measure="odds-ratio", method="woolf-log", conf_level=0.95)
    factor = math.exp(1.959963984540054 * math.sqrt(3))
    assert (interval.estimate, interval.lower, interval.upper) == pytest.approx((4, 4 / factor, 4 * factor))


@pytest.mark.parametrize("total", [1, 2, 10, 24, 500])
def test_none_of_n_has_the_closed_upper_limit(total: int) -> None:
    """With count 0 the exact limit solves (1 - p)^n = 0.025, so it is 1 - 0.025^(1/n)."""
    interval = estimate_proportion(0, total, method="clopper-pearson", conf_level=0.95)
    assert interval.lower == 0
    assert interval.upper == pytest.approx(1 - 0.025 ** (1 / total), rel=TAIL)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_clopper_pearson_limits_solve_their_defining_equations(case: tuple[int, int]) -> None:
    count, total = case
    interval = estimate_proportion(count, total, method="clopper-pearson", conf_level=0.95)
    if count > 0:
        assert stats.binom.sf(count - 1, total, interval.lower) == pytest.approx(0.025, rel=1e-8)
    if count < total:
        assert stats.binom.cdf(count, total, interval.upper) == pytest.approx(0.025, rel=1e-8)


def coverage(method: str, total: int, p: float) -> float:
    """Exact probability that the 95 % interval of a binomial(total, p) count covers p."""
    counts = np.arange(total + 1)
    intervals = [estimate_proportion(int(count), total, method=method, conf_level=0.95) for count in counts]
    covers = np.array([interval.lower <= p <= interval.upper for interval in intervals])
    return float(stats.binom.pmf(counts, total, p)[covers].sum())


@pytest.mark.parametrize("total", [1, 5, 12, 24, 48])
def test_clopper_pearson_covers_at_least_95_percent(total: int) -> None:
    """Clopper and Pearson's theorem, checked by enumeration; 1e-12 allows for summing the probabilities."""
    assert min(coverage("clopper-pearson", total, p) for p in np.linspace(0.005, 0.995, 100)) >= 0.95 - 1e-12


def test_wilson_covers_95_percent_on_average() -> None:
    """Brown, Cai and DasGupta 2001: Wilson's mean coverage is within a percent point of nominal."""
    mean = np.mean([coverage("wilson", 24, p) for p in np.linspace(0.02, 0.98, 97)])
    assert mean == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("method", ["newcombe", "miettinen-nurminen", "agresti-caffo"])
def test_difference_intervals_cover_95_percent_on_average(method: str) -> None:
    """Exact coverage by enumerating both binomials with 12 each, averaged over a grid of p1 and p0.

    The mean coverage of all three is published as lying within 2 percent points of nominal (Newcombe 1998; Agresti
    and Caffo 2000); Wald's is not.
    """
    n = 12
    pairs = list(itertools.product(range(n + 1), repeat=2))
    intervals = [risk_difference(x1, n, x0, n, method) for x1, x0 in pairs]
    lower = np.array([interval.lower for interval in intervals])
    upper = np.array([interval.upper for interval in intervals])
    counts = np.arange(n + 1)
    covered = []
    for p1, p0 in itertools.product(np.linspace(0.1, 0.9, 9), repeat=2):
        probability = np.outer(stats.binom.pmf(counts, n, p1), stats.binom.pmf(counts, n, p0)).ravel()
        covered.append(probability[(lower <= p1 - p0) & (p1 - p0 <= upper)].sum())
    assert np.mean(covered) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("method", ONE)
@given(case=st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_events_and_non_events_are_mirror_images(method: str, case: tuple[int, int]) -> None:
    count, total = case
    interval = estimate_proportion(count, total, method=method, conf_level=0.9)
    mirror = estimate_proportion(total - count, total, method=method, conf_level=0.9)
    np.testing.assert_allclose([1 - mirror.upper, 1 - mirror.lower], [interval.lower, interval.upper], atol=1e-12)


counts_of_two = st.integers(1, 30).flatmap(
    lambda n1: st.integers(1, 30).flatmap(
        lambda n0: st.tuples(st.integers(0, n1), st.just(n1), st.integers(0, n0), st.just(n0))
    )
)


@pytest.mark.parametrize("method", DIFFERENCE)
@given(case=counts_of_two)
def test_exchanging_the_groups_changes_the_sign(method: str, case: tuple[int, int, int, int]) -> None:
    count1, total1, count0, total0 = case
    there = risk_difference(count1, total1, count0, total0, method)
    back = risk_difference(count0, total0, count1, total1, method)
    np.testing.assert_allclose(
        [back.estimate, back.lower, back.upper], [-there.estimate, -there.upper, -there.lower], atol=1e-10
    )


@pytest.mark.parametrize("method", ["newcombe", "miettinen-nurminen"])
@given(case=counts_of_two)
def test_score_limits_hold_the_estimate_and_stay_in_range(method: str, case: tuple[int, int, int, int]) -> None:
    interval = risk_difference(*case, method)
    assert -1 <= interval.lower <= interval.estimate <= interval.upper <= 1
    assert interval.lower < interval.upper
    assert interval.note == ""


@pytest.mark.parametrize("method", DIFFERENCE)
def test_no_participants_is_not_a_number_with_a_note(method: str) -> None:
    interval = risk_difference(0, 0, 3, 5, method)
    assert all(math.isnan(value) for value in (interval.estimate, interval.lower, interval.upper))
    assert interval.note == "A group has no participants."
    assert estimate_proportion(0, 0, method="wilson", conf_level=0.95).note == "There are no participants."


def test_wald_has_no_limits_without_variance() -> None:
    assert math.isnan(estimate_proportion(0, 9, method="wald", conf_level=0.95).upper)
    interval = risk_difference(0, 9, 0, 9, "wald")
    assert interval.estimate == 0
    assert math.isnan(interval.lower)
    assert "variance is 0" in interval.note


@pytest.mark.parametrize(
    ("case", "estimate", "note"),
    [
        ((3, 9, 0, 9), math.nan, "no events in the reference group"),
        ((0, 9, 3, 9), math.nan, "no events in the first group"),
        ((0, 9, 0, 9), math.nan, "no events in either group"),
        ((9, 9, 9, 9), 1.0, "variance is 0"),
    ],
)
def test_a_risk_ratio_that_has_no_limits_says_why(case: tuple[int, ...], estimate: float, note: str) -> None:
    interval = compare_proportions(*case, measure="risk-ratio", method="katz-log", conf_level=0.95)
    assert interval.estimate == pytest.approx(estimate, nan_ok=True)
    assert math.isnan(interval.lower)
    assert math.isnan(interval.upper)
    assert note in interval.note


@pytest.mark.parametrize("case", [(0, 9, 3, 9), (3, 9, 0, 9), (9, 9, 3, 9), (3, 9, 9, 9), (0, 9, 0, 9)])
def test_an_odds_ratio_with_an_empty_cell_is_not_estimable(case: tuple[int, ...]) -> None:
    interval = compare_proportions(*case, measure="odds-ratio", method="woolf-log", conf_level=0.95)
    assert math.isnan(interval.estimate)
    assert "not estimable" in interval.note


def test_a_method_of_another_measure_is_refused_with_the_pairs() -> None:
    with pytest.raises(SpecError) as caught:
        compare_proportions(3, 9, 2, 9, measure="risk-ratio", method="newcombe", conf_level=0.95)
    assert str(caught.value) == (
        "method: is 'newcombe' for measure 'risk-ratio'; what is allowed is risk-difference with newcombe, "
        "miettinen-nurminen, agresti-caffo, wald, chan-zhang; risk-ratio with katz-log, koopman, miettinen-nurminen; "
        "odds-ratio with woolf-log, exact-conditional."
    )


def test_unknown_options_and_impossible_counts_are_refused() -> None:
    with pytest.raises(SpecError, match="clopper-pearson, wilson, agresti-coull, jeffreys, wald"):
        estimate_proportion(1, 2, method="exact", conf_level=0.95)
    with pytest.raises(SpecError, match="risk-difference, risk-ratio, odds-ratio"):
        compare_proportions(1, 2, 1, 2, measure="hazard", method="wald", conf_level=0.95)
    with pytest.raises(DataError, match="count0"):
        risk_difference(1, 2, 3, 2, "wald")
    with pytest.raises(DataError, match="total1"):
        risk_difference(1, 2.5, 1, 2, "wald")
