"""Two proportions on 200 tables, with empty and full groups, against their definitions written out in R."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.continuous import adjust_p_values
from npcstats.estimators.proportions import compare_all_proportions, estimate_proportions, exact_tests

R = load("two_by_two")
TABLES = R["tables"]
CELLS = np.array([case["table"] for case in TABLES]).T
# closed forms in double precision on both sides
CLOSED_FORM = {"rtol": 1e-10, "atol": 1e-13}
# roots that R's uniroot found to 1e-12 or so, some within roots
ROOT = {"rtol": 1e-7, "atol": 1e-8}
# sums over tables, at a largest value that R's optimize found to 1e-10 of its place
HIGHEST = {"rtol": 1e-7, "atol": 1e-12}
# R ties statistics by 1e-7 and halves to 1e-9; its largest probabilities are those of its grid, then optimized
EXACT_LIMIT = {"rtol": 0.0, "atol": 1e-6}
TWO = [
    ("risk-difference", "newcombe", CLOSED_FORM),
    ("risk-difference", "agresti-caffo", CLOSED_FORM),
    ("risk-difference", "miettinen-nurminen", ROOT),
    ("risk-difference", "chan-zhang", EXACT_LIMIT),
    ("risk-ratio", "katz-log", CLOSED_FORM),
    ("risk-ratio", "koopman", ROOT),
    ("risk-ratio", "miettinen-nurminen", ROOT),
    ("odds-ratio", "woolf-log", CLOSED_FORM),
    ("odds-ratio", "exact-conditional", ROOT),
]


def check(ours: Any, theirs: Any, tolerance: dict[str, float]) -> None:
    np.testing.assert_allclose(np.asarray(ours), floats(theirs), **tolerance)


def test_there_are_200_tables_with_empty_and_full_groups() -> None:
    count1, total1, count0, total0 = CELLS
    assert len(TABLES) == 200
    for empty in (count1 == 0, count0 == 0, count1 == total1, count0 == total0):
        assert empty.sum() >= 20
    assert ((count1 + count0) == 0).any()
    assert ((count1 + count0) == total1 + total0).any()


@pytest.mark.parametrize("method", ["clopper-pearson", "wilson"])
def test_one_proportion(method: str) -> None:
    found = estimate_proportions(CELLS[0], CELLS[1], method=method, conf_level=R["conf_level"])
    check([found.estimate, found.lower, found.upper], np.transpose([c["one"][method] for c in TABLES]), CLOSED_FORM)


@pytest.mark.parametrize(("measure", "method", "tolerance"), TWO)
def test_two_proportions(measure: str, method: str, tolerance: dict[str, float]) -> None:
    """What R's script does not give, a ratio of which one side is empty, npcstats does not give either."""
    found = compare_all_proportions(*CELLS, measure=measure, method=method, conf_level=R["conf_level"])
    theirs = np.transpose([floats(case["two"][measure][method]) for case in TABLES])
    check([found.estimate, found.lower, found.upper], theirs, tolerance)
    assert [bool(note) for note in found.notes] == _noted(found, method)


def _noted(found: Any, method: str) -> list[bool]:
    """A number that is missing has its note; Agresti and Caffo's limits may be cut too, or leave the estimate out."""
    missing = np.isnan(found.lower)
    if method == "agresti-caffo":
        outside = (found.estimate < found.lower) | (found.estimate > found.upper)
        missing = missing | (found.lower == -1) | (found.upper == 1) | outside
    return list(missing)


@pytest.mark.parametrize("method", ["fisher", "barnard", "boschloo"])
def test_exact_tests(method: str) -> None:
    found = exact_tests(*CELLS, method=method)
    check([test.p_value for test in found], [case["tests"][method] for case in TABLES], HIGHEST)
    assert all(bool(test.note) == np.isnan(test.p_value) for test in found)


@pytest.mark.parametrize(("method", "name"), [("benjamini-hochberg", "bh"), ("holm", "holm")])
def test_adjusted_within_a_family_some_members_of_which_have_no_test(method: str, name: str) -> None:
    p_values = floats(R["family"]["p"])
    assert 0 < np.isnan(p_values).sum() < len(p_values)
    check(adjust_p_values(p_values, method=method), R["family"][name], CLOSED_FORM)
