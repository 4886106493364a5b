"""Limits of standardized differences: by hand, by coverage, where there are none, and what they never do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from npcstats.errors import DataError, SpecError
from npcstats.estimators.continuous import standardized_count_difference, standardized_mean_difference

LEVEL = 0.95
Z = 1.959963984540054
DRAWS = 2000
# three standard errors of a share of DRAWS that is 0.95
NOISE = 3 * math.sqrt(0.95 * 0.05 / DRAWS)


def count_difference(first, second, kind, denominator="average", conf_level=LEVEL):
    return standardized_count_difference(first, second, kind=kind, denominator=denominator, conf_level=conf_level)


def test_two_shares_by_hand():
    """30 of 60 and 20 of 80: p1 1/2, p0 1/4; variances 1/4 and 3/16, their average 7/32, its root 0.46771; d 0.53452.

    dd/dp1 = 1/s - d/(4 s²)·(1 - 2 p1) = 1/s, as p1 is 1/2; dd/dp0 = -1/s - d/(4 s²)·(1/2).
    """
    scale = math.sqrt(7 / 32)
    d = 0.25 / scale
    slope1, slope0 = 1 / scale, -1 / scale - d / (4 * 7 / 32) / 2
    error = math.sqrt(slope1**2 * (1 / 4) / 60 + slope0**2 * (3 / 16) / 80)
    found = count_difference([30, 30], [60, 20], "binary")
    assert found.std_error == pytest.approx(error, rel=1e-12)
    assert (found.lower, found.upper) == pytest.approx((d - Z * error, d + Z * error), rel=1e-12)
    assert found.conf_level == LEVEL


def test_two_means_by_hand():
    """-1 0 1 and -1 0 1 moved by 1, three each: d = -1, s 1.

    Of a group mean 0, variance 1 (divisor 2), second moment 2/3, third 0, fourth 2/3: each part is
    (1 + (1/2)²·(2/3 - 4/9)/4)/3 = (1 + 1/72)/3.
    """
    found = standardized_mean_difference(
        [-1, 0, 1], [0, 1, 2], kind="continuous", denominator="average", conf_level=LEVEL
    )
    assert found.estimate == -1
    assert found.std_error == pytest.approx(math.sqrt(2 * (1 + 1 / 72) / 3), rel=1e-12)


def test_equal_sizes_of_normal_values_have_hedges_and_olkins_error():
    """With the moments of a normal distribution: (n1 + n0)/(n1 n0) + d²/(2(n1 + n0)), to the sampling of moments."""
    draw = np.random.default_rng(4)
    x, y = draw.normal(0.5, 1, 200_000), draw.normal(0, 1, 200_000)
    found = standardized_mean_difference(x, y, kind="continuous", denominator="average", conf_level=LEVEL)
    theirs = math.sqrt(2 / 200_000 + found.estimate**2 / (2 * 400_000))
    assert found.std_error == pytest.approx(theirs, rel=5e-3)


def test_scores_are_a_continuous_variable():
    counts = ([3, 0, 5, 2], [6, 1, 0, 4])
    values = [np.repeat(np.arange(1, 5), part) for part in counts]
    found = count_difference(*counts, "ordinal")
    theirs = standardized_mean_difference(*values, kind="continuous", denominator="average", conf_level=LEVEL)
    for name in ("estimate", "std_error", "lower", "upper"):
        assert getattr(found, name) == pytest.approx(getattr(theirs, name), rel=1e-12)


def test_groups_that_are_alike_by_chance_are_not_known_to_be():
    """Equal shares: distance 0, error √(1/40 + 1/40); the upper limit is that of the median of χ² with 2 df, 2 ln 2."""
    found = count_difference([20, 10, 10], [20, 10, 10], "categorical")
    assert (found.estimate, found.lower) == (0, 0)
    assert found.std_error == pytest.approx(math.sqrt(1 / 20), rel=1e-12)
    noncentral = (found.upper / found.std_error) ** 2
    assert special.chndtr(2 * math.log(2), 2, noncentral) == pytest.approx(0.025, rel=1e-9)


def test_upper_limit_of_a_distance_is_where_it_would_be_improbably_small():
    found = count_difference([30, 40, 50], [60, 40, 20], "categorical")
    squared, noncentral = (found.estimate / found.std_error) ** 2, (found.upper / found.std_error) ** 2
    assert special.chndtr(squared, 2, noncentral) == pytest.approx(0.025, rel=1e-9)
    assert special.chndtr(squared, 2, (found.lower / found.std_error) ** 2) == pytest.approx(0.975, rel=1e-9)


SHARES = {
    "no difference": ([0.25] * 4, [0.25] * 4),
    "small": ([0.2, 0.3, 0.25, 0.25], [0.25] * 4),
    "middling": ([0.1, 0.2, 0.3, 0.4], [0.25] * 4),
    "large": ([0.05, 0.15, 0.3, 0.5], [0.4, 0.3, 0.2, 0.1]),
}


@pytest.mark.parametrize("sizes", [(240, 260), (80, 420)])
@pytest.mark.parametrize("name", list(SHARES))
def test_limits_of_a_distance_cover_it(name, sizes):
    """Without a difference only the lower limit can miss: 97.5 %; where it is small the upper one seldom does."""
    first, second = map(np.array, SHARES[name])
    covariance = sum(np.diag(share) - np.outer(share, share) for share in (first, second)) / 2
    apart = (first - second)[1:]
    truth = math.sqrt(apart @ np.linalg.solve(covariance[1:, 1:], apart))
    draw = np.random.default_rng(7)
    counts = [draw.multinomial(size, share, DRAWS) for size, share in zip(sizes, (first, second), strict=True)]
    made = [count_difference(x, y, "categorical") for x, y in zip(*counts, strict=True)]
    covered = np.mean([found.lower <= truth + 1e-12 and truth <= found.upper for found in made])
    assert 0.95 - NOISE < covered < (0.975 if truth < 0.3 else 0.95) + NOISE


@pytest.mark.parametrize("sizes", [(240, 260), (80, 420)])
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.7, 0.5), (0.9, 0.6)])
def test_limits_of_two_shares_cover_their_difference(shares, sizes):
    first, second = shares
    truth = (first - second) / math.sqrt((first * (1 - first) + second * (1 - second)) / 2)
    draw = np.random.default_rng(8)
    ones = [draw.binomial(size, share, DRAWS) for size, share in zip(sizes, shares, strict=True)]
    made = [
        count_difference([sizes[0] - x, x], [sizes[1] - y, y], "binary") for x, y in zip(*map(list, ones), strict=True)
    ]
    assert np.mean([found.lower <= truth <= found.upper for found in made]) == pytest.approx(0.95, abs=NOISE)


@pytest.mark.parametrize(
    ("spread", "skewed"), [(1.0, False), (2.0, False), (1.0, True)], ids=["one variance", "two variances", "skewed"]
)
def test_limits_of_two_means_cover_their_difference_whatever_the_distribution(spread, skewed):
    """Sizes 80 and 420. With two variances the formula that takes them for equal covers 90 %, not 95."""
    draw = np.random.default_rng(9)
    truth = 0.8 / math.sqrt((spread**2 + 1) / 2)

    def values(size, mean, sd):
        unit = draw.exponential(1, size) - 1 if skewed else draw.normal(0, 1, size)
        return mean + sd * unit

    covered, equal = 0, 0
    for _ in range(DRAWS):
        x, y = values(80, 0.8, spread), values(420, 0.0, 1.0)
        found = standardized_mean_difference(x, y, kind="continuous", denominator="average", conf_level=LEVEL)
        covered += found.lower <= truth <= found.upper
        error = math.sqrt(500 / (80 * 420) + found.estimate**2 / 1000)
        equal += abs(found.estimate - truth) < Z * error
    assert covered / DRAWS == pytest.approx(0.95, abs=NOISE)
    if spread > 1:
        assert equal / DRAWS < 0.95 - 2 * NOISE


counts = st.lists(st.integers(0, 30), min_size=4, max_size=4)


@given(counts, counts, st.sampled_from(["average", "treated"]), st.sampled_from(["categorical", "ordinal"]))
def test_limits_stand_around_the_estimate_and_a_distance_is_never_negative(first, second, denominator, kind):
    found = count_difference(first, second, kind, denominator)
    if math.isnan(found.estimate):
        assert found.note
        assert math.isnan(found.lower)
        assert math.isnan(found.std_error)
    elif not found.note:
        assert found.lower <= found.estimate <= found.upper
        assert kind == "ordinal" or found.lower >= 0


@given(counts, counts)
def test_the_estimate_is_the_same_with_limits_and_without(first, second):
    for kind in ("categorical", "ordinal"):
        with_limits, without = (count_difference(first, second, kind, conf_level=level) for level in (LEVEL, None))
        assert with_limits.estimate == pytest.approx(without.estimate, nan_ok=True, rel=1e-15)
        assert math.isnan(without.lower)
        assert math.isnan(without.conf_level)


@pytest.mark.parametrize(
    ("first", "second", "kind", "denominator", "note"),
    [
        ([5, 0], [0, 5], "binary", "average", "The groups share no category, so the variance is 0."),
        ([0, 5], [0, 5], "binary", "average", "The variance (average of both groups) is 0."),
        ([5, 0], [2, 3], "binary", "treated", "The variance (group 1) is 0."),
        ([5, 0, 0], [0, 2, 2], "categorical", "average",
         "The groups share no category, so the covariance matrix is singular."),
        ([3, 3, 0], [1, 2, 2], "categorical", "treated",
         "Group 1 lacks a category of the other, so its covariance matrix is singular."),
        ([0, 0, 4], [0, 0, 2], "ordinal", "average", "The variance (average of both groups) is 0."),
        ([0, 1, 0], [1, 2, 3], "ordinal", "average", "A group has fewer than two values."),
        ([0, 0], [1, 2], "binary", "average", "A group has fewer than one value."),
    ],
)  # fmt: skip
def test_what_has_no_estimate_has_no_limits_and_says_the_true_reason(first, second, kind, denominator, note):
    found = count_difference(first, second, kind, denominator)
    assert found.note == note
    assert all(map(math.isnan, (found.estimate, found.std_error, found.lower, found.upper)))


def test_some_but_not_all_categories_shared_has_limits():
    found = count_difference([10, 10, 0], [0, 12, 9], "categorical")
    assert 0 < found.lower < found.estimate < found.upper


def test_a_group_without_spread_beside_one_with_it_has_limits():
    found = count_difference([10, 0], [6, 4], "binary")
    assert found.lower < found.estimate < found.upper


def test_limits_beside_weights_are_refused_and_a_level_that_is_none():
    with pytest.raises(SpecError, match="beside weights"):
        standardized_mean_difference(
            [1, 2], [1, 3], kind="continuous", denominator="average", weights1=[1, 2], conf_level=LEVEL
        )
    with pytest.raises(SpecError, match="conf_level"):
        count_difference([1, 2], [3, 4], "binary", conf_level=1.0)
    with pytest.raises(DataError, match="fractions"):
        count_difference([1.5, 2], [3, 4], "ordinal")
