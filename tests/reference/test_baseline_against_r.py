"""Tests of baseline differences, and limits of standardized differences, against what R printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from recorded import load

from npcstats.estimators.continuous import (
    adjust_p_values,
    compare_counts,
    compare_values,
    standardized_count_difference,
    standardized_mean_difference,
)
from npcstats.estimators.continuous.limits import distance_limits

R = load("baseline_tests")
# closed forms in double precision on both sides; R's z of a rank test is made of its p-value
CLOSED_FORM, OF_P_VALUE = 1e-10, 1e-7
# R's derivative is numerical, of second order in steps of 1e-5
DERIVATIVE = 1e-6
# R's uniroot stops at 1e-12 of the noncentrality
ROOT = 1e-8
OF_VALUES = ("t", "welch", "anova", "wilcoxon", "wilcoxon-corrected", "kruskal-wallis")


def agree(found: Any, theirs: dict[str, float], statistic: float = CLOSED_FORM) -> None:
    for name, value in theirs.items():
        tolerance = statistic if name == "statistic" else CLOSED_FORM
        assert getattr(found, name) == pytest.approx(value, rel=tolerance), name


@pytest.mark.parametrize("method", OF_VALUES)
@pytest.mark.parametrize("case", R["pairs"])
def test_two_groups(case: dict[str, Any], method: str) -> None:
    found = compare_values((case["x"], case["y"]), method=method)
    agree(found, case[method], OF_P_VALUE if "wilcoxon" in method else CLOSED_FORM)
    assert found.method == method


@pytest.mark.parametrize("method", ["anova", "kruskal-wallis"])
def test_three_groups(method: str) -> None:
    agree(compare_values(R["three"]["groups"], method=method), R["three"][method])


@pytest.mark.parametrize(
    ("place", "method"), [(i, name) for i, case in enumerate(R["tables"]) for name in case if name != "counts"]
)
def test_counts(place: int, method: str) -> None:
    case = R["tables"][place]
    agree(compare_counts(case["counts"], method=method), case[method])


@pytest.mark.parametrize(("method", "name"), [("holm", "holm"), ("benjamini-hochberg", "bh"), ("none", "p")])
def test_adjusted_p_values(method: str, name: str) -> None:
    found = adjust_p_values(R["adjusted"]["p"], method=method)
    np.testing.assert_allclose(found, R["adjusted"][name], rtol=CLOSED_FORM)


@pytest.mark.parametrize("case", R["errors"])
def test_error_of_a_standardized_difference(case: dict[str, Any]) -> None:
    choices = {"kind": case["kind"], "denominator": case["denominator"], "conf_level": 0.95}
    compare = standardized_mean_difference if case["kind"] == "continuous" else standardized_count_difference
    found = compare(case["x"], case["y"], **choices)
    assert found.estimate == pytest.approx(case["estimate"], rel=CLOSED_FORM)
    assert found.std_error == pytest.approx(case["std_error"], rel=DERIVATIVE)


@pytest.mark.parametrize("case", R["limits"])
def test_limits_of_a_distance(case: dict[str, Any]) -> None:
    lower, upper = distance_limits(case["estimate"], case["std_error"], case["df"], 0.95)
    assert (lower, upper) == pytest.approx((case["lower"], case["upper"]), rel=ROOT)
