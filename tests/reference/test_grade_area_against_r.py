"""Grades carried over missed visits, areas under them and Welch's difference of areas, against what R printed."""

from __future__ import annotations

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.continuous import compare_means
from npcstats.estimators.grade_area import area_under_grades, carry_forward

R = load("grade_area")
PRINTED = 1e-12  # R printed 15 digits


@pytest.mark.parametrize("case", R["cases"], ids=lambda case: f"most-{case['most']}")
def test_carried_grades_areas_and_their_difference(case):
    grades = floats(R["grades"])
    found = carry_forward(grades, np.ones(grades.shape, dtype=bool), most=case["most"])
    np.testing.assert_array_equal(found.grades, floats(case["grades"]))
    area = area_under_grades(found.grades, R["times"])
    np.testing.assert_allclose(area, floats(case["area"]), rtol=PRINTED)
    known = [own[~np.isnan(own)] for own in (area[::2], area[1::2])]
    difference = compare_means(*known, method="welch", conf_level=0.95)
    assert difference.estimate == pytest.approx(case["difference"], rel=1e-9)
    assert difference.lower == pytest.approx(case["lower"], rel=1e-9)
    assert difference.upper == pytest.approx(case["upper"], rel=1e-9)


def test_the_rule_makes_a_difference():
    """The more are carried, the more participants have an area."""
    numbers = [int((~np.isnan(floats(case["area"]))).sum()) for case in R["cases"]]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[1] < numbers[-1]
