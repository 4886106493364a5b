"""The best response that an export says; see ``readings.py`` for the eight."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from readings import BEST_READ, COURSE, SPEC, count, exported, trial
from scipy.stats import beta

from npcstats.analyses.courses.summary import build_course
from npcstats.analyses.response.spec import BestResponseSpec, ResponseRate
from npcstats.analyses.response.summary import derive_readings, summarize_best_response
from npcstats.derive import population_members
from npcstats.errors import DataError, SpecError
from npcstats.results import one
from npcstats.tables import response_table

BEST = BestResponseSpec(
    id="best",
    label="Best response",
    population="DONE",
    sessions=("only",),
    param="BESTRESP",
    definition="Best response as the export has it, confirmed.",
    classes={"CR": "Complete", "PR": "Partial", "SD": "Stable", "PD": "Worse", "NE": "Not read"},
    unevaluable=("NE",),
    rates=(ResponseRate("ANY", "Any", ("CR", "PR")),),
    denominators=("everyone", "evaluable"),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="newcombe",
    estimand="unadjusted",
    status="planned",
)


class TestExportedBest:
    """X holds A (CR), C (PR), E (NE) and G (PD); Y holds B (CR), D (SD), H (PR) and F, who has no record.

    C's best reading is CR by its own readings, which were not confirmed: the export says PR, and PR it is.
    """

    def test_classes_as_they_are(self):
        results = summarize_best_response(exported(), BEST)
        lines = {"CR": (1, 1), "PR": (1, 1), "SD": (0, 1), "PD": (1, 0), "NE": (1, 0), "MISSING": (0, 1)}
        for level, counts in lines.items():
            found = tuple(count(results, arm, block="BEST", variable="CLASS", level=level) for arm in "XY")
            assert found == counts
        assert {row.block for row in results.rows} == {"", "BEST"}

    @pytest.mark.parametrize(
        ("level", "arm", "responders", "size"),
        [("everyone", "X", 2, 4), ("everyone", "Y", 2, 4), ("everyone", "all", 4, 8),
         ("evaluable", "X", 2, 3), ("evaluable", "Y", 2, 3), ("evaluable", "all", 4, 6)],
    )  # fmt: skip
    def test_rates(self, level, arm, responders, size):
        results = summarize_best_response(exported(), BEST)
        at = {"block": "BEST", "variable": "ANY", "level": level, "arm": arm, "measure": "proportion"}
        found = {stat: one(results, **at, stat=stat).value for stat in ("count", "total", "ci_low", "ci_high")}
        assert (found["count"], found["total"]) == (responders, size)
        assert found["ci_low"] == pytest.approx(beta.ppf(0.025, responders, size - responders + 1), abs=1e-12)
        assert found["ci_high"] == pytest.approx(beta.ppf(0.975, responders + 1, size - responders), abs=1e-12)

    def test_table_says_what_it_is_of(self):
        results = summarize_best_response(exported(), BEST)
        table = response_table(results, "best")
        lines = [row.cells[0].text for row in table.rows]
        assert lines[:2] == ["Best overall response", "All of these"]
        assert "No record" in lines
        assert not [line for line in lines if "Due" in line or "due" in line]
        assert "Best response as the export has it, confirmed." in table.notes[0].text

    def test_earlier_cutoff_cannot_be_derived(self):
        with pytest.raises(DataError) as caught:
            summarize_best_response(exported(cutoff=datetime.date(2025, 7, 9)), BEST)
        assert str(caught.value) == (
            "response best: 1 record of adrs after 2025-07-09; the best response of an export cannot be derived again: "
            "a cut-off not before the last record is required."
        )

    def test_contradictions_of_the_export(self):
        with pytest.raises(
            DataError, match="response best: 1 record of BESTRESP too many in adrs; one for a participant"
        ):
            summarize_best_response(exported(best=[*BEST_READ, ("A", 95, "PR")]), BEST)
        with pytest.raises(
            DataError, match="response best: 1 record of adrs of a class that is not declared; one of CR"
        ):
            summarize_best_response(exported(best=[("F", 95, "ID"), *BEST_READ]), BEST)

    def test_parameters_are_never_mixed(self):
        """Readings are those of one parameter; a study that tells them apart must say which."""
        study = exported()
        members = population_members(study, "DONE")
        with pytest.raises(
            SpecError, match="response seen: parameter '' of adrs; the PARAMCD of the records is required"
        ):
            derive_readings(study, members, SPEC)
        found = derive_readings(study, members, replace(SPEC, param="OVRLRESP"))
        alone = trial()
        expected = derive_readings(alone, population_members(alone, "DONE"), SPEC)
        assert found.best.tolist() == expected.best.tolist()
        with pytest.raises(SpecError, match="response best: adrs has no record of BOR; a PARAMCD of the export"):
            summarize_best_response(study, replace(BEST, param="BOR"))
        with pytest.raises(SpecError, match="PARAMCD in adrs, or no parameter, is required"):
            summarize_best_response(trial(), BEST)

    def test_courses_too(self):
        with pytest.raises(SpecError, match="course bars: parameter '' of adrs"):
            build_course(exported(), replace(COURSE, kind="courses"), "secret")
        shown = replace(COURSE, kind="courses", response_param="OVRLRESP")
        assert (
            build_course(exported(), shown, "secret")[0].rows
            == build_course(trial(), replace(COURSE, kind="courses"), "secret")[0].rows
        )

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"unevaluable": ("ID",)}, "class ID is used but not declared"),
            ({"denominators": ("due",)}, "denominator 'due' is not one of everyone, evaluable"),
        ],
    )
    def test_spec_that_does_not_fit_together(self, changed, message):
        with pytest.raises(SpecError, match=message):
            replace(BEST, **changed)
