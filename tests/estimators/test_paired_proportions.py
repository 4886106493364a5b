"""Two proportions of the same participants: by hand, symmetries, and what has no limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npcstats.errors import DataError, SpecError
from npcstats.estimators.proportions import PAIRED_DIFFERENCES, compare_paired_proportions, compare_proportions

COUNTS = st.integers(0, 40)
CLOSE = 1e-12


def limits(*cells, method="newcombe", conf_level=0.95):
    found = compare_paired_proportions(*cells, method=method, conf_level=conf_level)
    return found.estimate, found.lower, found.upper


def test_wald_by_hand():
    """Of 100, 20 gained and 10 lost: 0.1, standard error sqrt(30 - 100 / 100) / 100 = 0.05385."""
    estimate, lower, upper = limits(40, 20, 10, 30, method="wald")
    half = 1.959963984540054 * math.sqrt(29) / 100
    assert (estimate, lower, upper) == pytest.approx((0.1, 0.1 - half, 0.1 + half), abs=CLOSE)


def test_newcombe_without_correlation_is_that_of_two_groups():
    """Where the two times are not correlated, phi is 0 and the limits are those of independent groups."""
    found = limits(10, 10, 10, 10)
    apart = compare_proportions(20, 40, 20, 40, measure="risk-difference", method="newcombe", conf_level=0.95)
    assert found == pytest.approx((apart.estimate, apart.lower, apart.upper), abs=CLOSE)


@given(both=COUNTS, gained=COUNTS, lost=COUNTS, neither=COUNTS, method=st.sampled_from(PAIRED_DIFFERENCES))
def test_the_two_times_exchanged_turn_the_sign(both, gained, lost, neither, method):
    found = compare_paired_proportions(both, gained, lost, neither, method=method, conf_level=0.95)
    turned = compare_paired_proportions(both, lost, gained, neither, method=method, conf_level=0.95)
    if not both + gained + lost + neither:
        assert math.isnan(found.estimate)
        return
    assert found.estimate == pytest.approx(-turned.estimate, abs=CLOSE)
    if math.isnan(found.lower):
        assert found.note == "Nobody differed between the two times, so the method gives no limits."
        assert not gained + lost
        return
    assert -1 <= found.lower <= found.estimate <= found.upper <= 1
    assert found.lower == pytest.approx(-turned.upper, abs=CLOSE)


def test_nobody_has_a_note():
    found = compare_paired_proportions(0, 0, 0, 0, method="newcombe", conf_level=0.95)
    assert math.isnan(found.lower)
    assert found.note == "There are no participants."


def test_a_limit_that_is_cut_has_a_note():
    """Of 3, 2 gained: 2/3 with standard error sqrt(2 - 4/3) / 3 = 0.272, whose upper limit is above 1."""
    found = compare_paired_proportions(1, 2, 0, 0, method="wald", conf_level=0.95)
    assert found.upper == 1.0
    assert "cut" in found.note


@pytest.mark.parametrize("cells", [(1.5, 0, 0, 0), (-1, 0, 0, 2), (True, 1, 1, 1)])
def test_what_is_no_count_is_refused(cells):
    with pytest.raises(DataError, match="required"):
        compare_paired_proportions(*cells, method="newcombe", conf_level=0.95)


def test_a_method_outside_its_set_is_refused():
    with pytest.raises(SpecError, match="one of newcombe, wald is required"):
        compare_paired_proportions(1, 1, 1, 1, method="mcnemar", conf_level=0.95)
