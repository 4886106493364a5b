"""Published tables of group-sequential tests, to the digit that is printed.

Jennison and Turnbull 2000, Group Sequential Methods: table 2.1 (Pocock), 2.3 (O'Brien and Fleming), 2.9 (Wang and
Tsiatis), 2.2 and 2.4 (inflation factors), 7.2 to 7.7 (error spending, with mean sizes). Lan and DeMets 1983. The mean
sizes are also recorded, as percentages, in the tests of R's gsDesign (test-base.R), and its conditional power was
computed there with East 6.5.
"""

from __future__ import annotations

import numpy as np
import pytest

from npcstats.estimators.sequential import (
    Futility,
    conditional_crossing,
    cross,
    find_boundaries,
    find_drift,
    find_shaped_boundaries,
    fixed_drift,
    inflation,
)


def even(looks):
    return np.arange(1, looks + 1) / looks


POCOCK = {
    0.05: {1: 1.960, 2: 2.178, 3: 2.289, 4: 2.361, 5: 2.413, 6: 2.453, 7: 2.485, 8: 2.512, 9: 2.535, 10: 2.555,
           11: 2.572, 12: 2.588, 15: 2.626, 20: 2.672},
    0.01: {1: 2.576, 2: 2.772, 3: 2.873, 4: 2.939, 5: 2.986},
    0.1: {1: 1.645, 2: 1.875, 3: 1.992, 4: 2.067, 5: 2.122},
}  # fmt: skip
OBRIEN_FLEMING = {
    0.05: {1: 1.960, 2: 1.977, 3: 2.004, 4: 2.024, 5: 2.040, 6: 2.053, 7: 2.063, 8: 2.072, 9: 2.080, 10: 2.087},
    0.01: {1: 2.576, 2: 2.580, 3: 2.595, 4: 2.609, 5: 2.621},
    0.1: {1: 1.645, 2: 1.678, 3: 1.710, 4: 1.733, 5: 1.751},
}
WANG_TSIATIS = {
    (2, 0.1): 1.994, (3, 0.1): 2.026, (4, 0.1): 2.050, (5, 0.1): 2.068,
    (2, 0.25): 2.038, (3, 0.25): 2.083, (4, 0.25): 2.113, (5, 0.25): 2.136,
    (2, 0.4): 2.111, (3, 0.4): 2.186, (4, 0.4): 2.233, (5, 0.4): 2.267,
    (9, 0.1): 2.113, (6, 0.25): 2.154, (7, 0.4): 2.313,
}  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "alpha", "looks", "printed"),
    [
        *((0.5, alpha, looks, c) for alpha, row in POCOCK.items() for looks, c in row.items()),
        *((0.0, alpha, looks, c) for alpha, row in OBRIEN_FLEMING.items() for looks, c in row.items()),
        *((shape, 0.05, looks, c) for (looks, shape), c in WANG_TSIATIS.items()),
    ],
)
def test_constants_of_shaped_boundaries(shape, alpha, looks, printed):
    found = find_shaped_boundaries(even(looks), alpha=alpha / 2, sides=2, shape=shape)
    assert found.upper[-1] == pytest.approx(printed, abs=5.01e-4)
    np.testing.assert_allclose(found.upper, found.upper[-1] * even(looks) ** (shape - 0.5), rtol=1e-12)


@pytest.mark.parametrize(
    ("function", "printed"),
    [
        ("obrien-fleming", [4.877, 3.357, 2.680, 2.290, 2.031]),
        ("pocock", [2.438, 2.427, 2.410, 2.397, 2.386]),
    ],
)
def test_spending_of_five_equal_looks(function, printed):
    found = find_boundaries(even(5), alpha=0.025, sides=2, function=function, final=True)
    assert found.upper.round(3).tolist() == printed
    assert found.lower.round(3).tolist() == [-z for z in printed]


# looks, shape, power, largest and mean sizes in percent of the fixed one at 0, 0.5, 1 and 1.5 times the effect
SHAPED_SIZES = [
    (5, 0.0, 0.8, 102.8, [102.1]),
    (20, 0.0, 0.9, 104.5, [103.4]),
    (4, 0.5, 0.8, 120.2, [117.5, 108.8, 80.5, 52.2]),
    (15, 0.5, 0.9, 130.5, [126.4, 111.2, 66.4, 35.4]),
    (9, 0.1, 0.9, 104.8, []),
    (6, 0.25, 0.8, 107.7, []),
    (7, 0.4, 0.8, 115.9, []),
]


@pytest.mark.parametrize(("looks", "shape", "power", "largest", "means"), SHAPED_SIZES)
def test_sizes_of_shaped_boundaries(looks, shape, power, largest, means):
    found = find_shaped_boundaries(even(looks), alpha=0.025, sides=2, shape=shape)
    assert_sizes(found, power, largest, means, (0.0, 0.5, 1.0, 1.5))


SPENT_SIZES = [
    (3, 1.0, 0.8, 111.7, [109.9, 103.4, 81.2, 56.5]),
    (10, 2.0, 0.8, 108.1, [106.6, 99.7, 76.2, 51.0]),
    (2, 3.0, 0.8, 101.0, [100.7, 98.9, 89.5, 70.7]),
]


@pytest.mark.parametrize(("looks", "exponent", "power", "largest", "means"), SPENT_SIZES)
def test_sizes_of_power_spending_with_two_sides(looks, exponent, power, largest, means):
    found = find_boundaries(even(looks), alpha=0.025, sides=2, function="power", parameter=exponent, final=True)
    assert_sizes(found, power, largest, means, (0.0, 0.5, 1.0, 1.5))


def assert_sizes(found, power, largest, means, effects):
    drift = find_drift(found, power)
    size = inflation(found, power)
    assert round(100 * size, 1) == largest
    # boundaries of two sides: the size of each effect counts both
    told = [round(100 * size * cross(found, drift * effect).expected_information, 1) for effect in effects]
    assert told[: len(means)] == means


BOUND_SIZES = [
    (5, 2.0, 0.05, 110.1, [63.4, 80.3, 63.4]),
    (10, 3.0, 0.05, 106.9, [63.1, 79.5, 63.1]),
    (3, 2.0, 0.1, 107.2, [68.1, 83.9, 73.8]),
    (4, 3.0, 0.1, 104.0, [69.2, 84.2, 74.2]),
    (2, 2.0, 0.2, 104.3, [74.5, 87.8, 84.6]),
    (15, 3.0, 0.2, 106.9, [62.2, 77.3, 73.0]),
]


@pytest.mark.parametrize(("looks", "exponent", "beta", "largest", "means"), BOUND_SIZES)
def test_sizes_with_binding_futility(looks, exponent, beta, largest, means):
    rule = Futility(beta=beta, function="power", parameter=exponent, binding=True)
    found = find_boundaries(
        even(looks), alpha=0.05, sides=1, function="power", parameter=exponent, futility=rule, final=True
    )
    size = (found.drift / fixed_drift(0.05, 1 - beta)) ** 2
    assert round(100 * size, 1) == largest
    effects = (0.0, 0.5, 1.0)
    told = [round(100 * size * cross(found, found.drift * e).expected_information, 1) for e in effects]
    assert told == means


@pytest.mark.parametrize(("looks", "error"), [(2, 0.042), (4, 0.063), (10, 0.097), (20, 0.124)])
def test_error_of_looking_again_and_again(looks, error):
    """DeMets and Lan: half of the error of repeated tests at 1.96 (of both sides .083, .126, .193, .248)."""
    from_each_side = find_shaped_boundaries(even(looks), alpha=0.025, sides=2, shape=0.5)
    repeated = type(from_each_side)(
        **{**vars(from_each_side), "upper": np.full(looks, 1.959964), "lower": np.full(looks, -1.959964)}
    )
    assert round(cross(repeated, 0.0).power, 3) == error


def test_conditional_power_over_the_looks_that_are_left():
    """Recorded with East 6.5: three looks, γ −4, two sides, 800 without looks at a power of 0.9; one look is over."""
    found = find_boundaries(even(3), alpha=0.025, sides=2, function="hwang-shih-decani", parameter=-4.0, final=True)
    size = 800 * inflation(found, 0.9)
    told = conditional_crossing(found, 0, 0.943317, 0.05733214 * np.sqrt(size))
    assert told.power == pytest.approx(0.3306859, abs=1e-6)


def test_a_design_of_five_looks_as_gsdesign_prints_it():
    """From its recorded summary of five looks with one side, γ −4, power 0.9."""
    found = find_boundaries(even(5), alpha=0.025, sides=1, function="hwang-shih-decani", parameter=-4.0, final=True)
    assert found.upper.round(4).tolist() == [3.2527, 2.9860, 2.6917, 2.3737, 2.0253]
    assert found.nominal_p.round(4).tolist() == [0.0006, 0.0014, 0.0036, 0.0088, 0.0214]
    under = {effect: np.cumsum(cross(found, find_drift(found, 0.9) * effect).upper).round(4) for effect in (0, 1)}
    assert under[0].tolist() == [0.0006, 0.0018, 0.0047, 0.0110, 0.0250]
    assert under[1].tolist() == [0.0370, 0.1883, 0.4530, 0.7229, 0.9000]
    assert round(inflation(found, 0.9), 2) == 1.02
