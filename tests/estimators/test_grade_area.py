"""Grades carried over missed visits and the area under each course: by hand, by a loop, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npcstats.errors import DataError, SpecError
from npcstats.estimators.grade_area import area_under_grades, carry_forward

NAN = math.nan
CLOSE = 1e-12  # sums of a few products


def carried(row, followed=None, *, most=1):
    inside = [[True] * len(row)] if followed is None else [followed]
    return carry_forward([row], inside, most=most)


def test_area_by_hand():
    """Between 0 and 1: (0 + 2) / 2 * 1 = 1; to 3: (2 + 3) / 2 * 2 = 5; to 6: (3 + 1) / 2 * 3 = 6."""
    assert area_under_grades([[0, 2, 3, 1], [0, 0, 0, 0], [1, 1, 1, 1]], [0, 1, 3, 6]).tolist() == [12.0, 0.0, 6.0]


def test_who_lacks_a_grade_has_no_area():
    found = area_under_grades([[0, NAN, 3], [1, 1, 1]], [0, 1, 2])
    assert math.isnan(found[0])
    assert found[1] == 2.0


@pytest.mark.parametrize(
    ("most", "expected"),
    [(0, [NAN, 2, NAN, NAN, 1, NAN]), (1, [NAN, 2, 2, NAN, 1, 1]), (2, [NAN, 2, 2, 2, 1, 1])],
)
def test_a_gap_is_filled_from_its_beginning(most, expected):
    """Nothing is carried before the first grade; of two missed visits in a row, at most so many are filled."""
    found = carried([NAN, 2, NAN, NAN, 1, NAN], most=most)
    np.testing.assert_array_equal(found.grades, [expected])
    np.testing.assert_array_equal(found.carried[0], [i in (2, 3, 5) and not math.isnan(expected[i]) for i in range(6)])


def test_nothing_is_carried_to_where_nobody_was_followed():
    found = carried([3, NAN, NAN], [True, True, False], most=5)
    np.testing.assert_array_equal(found.grades, [[3, 3, NAN]])


ROWS = st.lists(
    st.lists(st.tuples(st.sampled_from([0.0, 1.0, 2.0, 5.0, NAN]), st.booleans()), min_size=5, max_size=5),
    min_size=1,
    max_size=6,
)


@given(rows=ROWS, most=st.integers(0, 4))
def test_as_a_loop_over_each_participant_does_it(rows, most):
    followed = [[inside or not math.isnan(grade) for grade, inside in row] for row in rows]
    grades = [[grade for grade, _ in row] for row in rows]
    times = [0.0, 1.0, 2.5, 4.0, 9.0]
    found = carry_forward(grades, followed, most=most)
    areas = area_under_grades(found.grades, times)
    for own, inside, got, area in zip(grades, followed, found.grades, areas, strict=True):
        last, gap, filled = NAN, 0, []
        for grade, there in zip(own, inside, strict=True):
            gap = 0 if grade == grade else gap + 1
            last = grade if grade == grade else last
            filled.append(last if gap == 0 or (there and gap <= most) else NAN)
        np.testing.assert_array_equal(got, filled)
        whole = sum((filled[i] + filled[i + 1]) / 2 * (times[i + 1] - times[i]) for i in range(4))
        assert (math.isnan(whole) and math.isnan(area)) or area == pytest.approx(whole, rel=CLOSE)


def test_the_arguments_stay_as_they_are():
    grades = np.array([[1.0, NAN]])
    carry_forward(grades, [[True, True]], most=1)
    np.testing.assert_array_equal(grades, [[1.0, NAN]])


def test_nobody_has_no_area():
    assert area_under_grades(np.empty((0, 2)), [0, 1]).tolist() == []
    assert carry_forward(np.empty((0, 2)), np.empty((0, 2), dtype=bool), most=1).grades.shape == (0, 2)


@pytest.mark.parametrize("most", [-1, 1.0, True, None])
def test_most_is_a_whole_number(most):
    with pytest.raises(SpecError, match=r"most: is .*; a whole number of 0 or more is required"):
        carried([1, NAN], most=most)


@pytest.mark.parametrize(
    ("grades", "followed", "told"),
    [
        ([[-1.0]], [[True]], "1 infinite or below 0"),
        ([[math.inf]], [[True]], "1 infinite or below 0"),
        ([1.0], [True], "has 1 axes"),
        ([[1.0]], [[1]], "followed: is int64 of shape"),
        ([[1.0]], [[True, True]], r"followed: is bool of shape \(1, 2\)"),
        ([[1.0]], [[False]], "1 where nobody was followed"),
    ],
)
def test_grades_that_are_refused(grades, followed, told):
    with pytest.raises(DataError, match=told):
        carry_forward(grades, followed, most=1)


@pytest.mark.parametrize(
    ("times", "told"), [([0.0], "1 for 2 columns"), ([1.0, 1.0], "do not rise"), ([2.0, 1.0], "do not rise")]
)
def test_times_that_are_refused(times, told):
    with pytest.raises(DataError, match=told):
        area_under_grades([[1.0, 2.0]], times)
