"""The package's numbers of the randomised example against `recompute.py`: by key, as randomised and as treated."""

from __future__ import annotations

import math
import runpy
from pathlib import Path

import pytest

from npcstats.errors import ResultsError
from npcstats.results import one, select

HERE = Path(__file__).parent
ARMS = ("PBO", "LOW", "HIGH")
SIDES = {"baseline": "baseline-treated", "pfs": "pfs-treated", "pfs-hr": "pfs-hr-treated", "ae-randomised": "ae"}
"""Analyses made twice: of everybody as randomised, and of those treated by what they were given."""
ANALYSES = (
    *SIDES, *SIDES.values(), "pfs-plain", "pfs-treated-plain", "os", "os-plain", "os-hr", "pfs-hr-adjusted",
    "response", "exposure", "deviations", "laboratory",
)  # fmt: skip


@pytest.fixture(scope="module")
def again():
    return runpy.run_path(str(HERE / "recompute.py"))


@pytest.fixture(scope="module")
def expected(again, folder):
    return again["recompute"](folder)


def agrees(value, number, tolerances):
    if math.isnan(value) or math.isnan(number.value):
        return math.isnan(value) and math.isnan(number.value)
    return abs(value - number.value) <= tolerances[number.tolerance] * max(1.0, abs(number.value))


def differing(results, expected, tolerances):
    """What is absent, or is another number."""
    for number in expected:
        try:
            value = one(results, **number.at).value
        except ResultsError:
            yield number, "absent"
        else:
            if not agrees(value, number, tolerances):
                yield number, value


@pytest.mark.parametrize("analysis", ANALYSES)
def test_numbers_are_those_of_pandas_and_lifelines(results, again, expected, analysis):
    own = [number for number in expected if number.at["analysis"] == analysis]
    assert len(own) >= 2
    assert list(differing(results, own, again["TOLERANCES"])) == []


def test_every_recomputed_analysis_is_compared(expected):
    assert {number.at["analysis"] for number in expected} == set(ANALYSES)
    assert len(expected) > 1_000


class TestSideBySide:
    """As randomised and as treated are two tables where people crossed over."""

    def test_arms_differ_by_the_planted_departures(self, results, truth):
        """180 randomised and 175 treated: each arm loses who left it or had nothing, and gains who came to it."""
        names = dict(zip((arm.name for arm in truth.arms), ARMS, strict=True))
        randomized, treated = (
            {arm: one(results, analysis=name, measure="participants", arm=arm).value for arm in ARMS}
            for name in ("baseline", "baseline-treated")
        )
        moved = dict.fromkeys(ARMS, 0)
        for planned, given, count in truth.allocation.switched:
            moved[names[planned]] -= count
            moved[names[given]] += count
        for planned, count in truth.allocation.untreated:
            moved[names[planned]] -= count
        assert {arm: treated[arm] - randomized[arm] for arm in ARMS} == moved
        assert (sum(randomized.values()), sum(treated.values())) == (180, 175)
        assert len(set(moved.values())) > 1

    @pytest.mark.parametrize(
        "at",
        [
            {"analysis": "pfs", "measure": "survival", "time": 12.0, "arm": "HIGH", "stat": "estimate"},
            {"analysis": "pfs", "measure": "logrank", "stat": "statistic"},
            {"analysis": "pfs-hr", "measure": "hazard_ratio", "arm": "HIGH", "block": "unadjusted", "subgroup": "all",
             "stat": "estimate"},
            {"analysis": "baseline", "measure": "mean", "variable": "AGE", "arm": "LOW"},
            {"analysis": "ae-randomised", "window": "emergent", "measure": "risk", "variable": "Neutropenia",
             "arm": "PBO", "level": "grade>=1", "stat": "estimate"},
        ],
    )  # fmt: skip
    def test_numbers_differ(self, results, at):
        treated = {**at, "analysis": SIDES[at["analysis"]]}
        assert abs(one(results, **at).value - one(results, **treated).value) > 1e-3

    def test_departures_dilute_the_effect(self, results):
        """Effects follow what is given: the high dose looks better as treated than as randomised."""
        at = {"measure": "hazard_ratio", "arm": "HIGH", "block": "unadjusted", "subgroup": "all", "stat": "estimate"}
        randomized, treated = (one(results, analysis=name, **at).value for name in ("pfs-hr", "pfs-hr-treated"))
        assert treated < randomized < 1

    def test_wrong_treatment_is_counted_in_the_arm_planned(self, results, truth):
        at = {"analysis": "deviations", "variable": truth.wrong_treatment.term, "measure": "proportion"}
        found = [one(results, **at, arm=arm, stat="count").value for arm in ARMS]
        assert found == [3, 4, 7]


class TestStrata:
    def test_stratified_and_plain_tests_differ(self, results):
        at = {"measure": "logrank", "stat": "statistic"}
        assert abs(one(results, analysis="pfs", **at).value - one(results, analysis="pfs-plain", **at).value) > 1e-2

    def test_stratified_hazard_ratio_is_there_without_covariates(self, results):
        at = {"measure": "hazard_ratio", "subgroup": "all", "stat": "estimate"}
        for arm in ("LOW", "HIGH"):
            plain = one(results, analysis="pfs-hr", block="unadjusted", arm=arm, **at).value
            stratified = one(results, analysis="pfs-hr", block="stratified", arm=arm, **at).value
            assert plain != pytest.approx(stratified, rel=1e-4)


class TestMasked:
    """The board's session: the same numbers under letters, and no efficacy by arm."""

    def test_letters_stand_for_arms(self, masked, results):
        letters = {"PBO": "B", "LOW": "C", "HIGH": "A"}
        assert set(masked.catalogue.arms) == {"A", "B", "C"}
        for arm, letter in letters.items():
            for at in (
                {"analysis": "baseline", "measure": "mean", "variable": "AGE"},
                {"analysis": "baseline-treated", "measure": "mean", "variable": "AGE"},
                {"analysis": "ae", "measure": "risk", "variable": "Rash", "window": "emergent", "level": "grade>=1",
                 "stat": "count"},
            ):  # fmt: skip
                assert one(masked, arm=letter, **at).value == one(results, arm=arm, **at).value

    def test_no_efficacy(self, masked):
        assert select(masked, measure={"survival", "hazard_ratio", "incidence"}) == ()
