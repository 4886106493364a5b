"""Outcomes of the trial of eight, by hand, and that their tables count the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from entries import EARLY, HARM, LOG, SIZE

from npcstats.analyses.adjustment.outcomes import (
    ABSENT_WORDS,
    GradeOutcome,
    MarkerOutcome,
    TimeOutcome,
    derive_outcome,
    outcome_faults,
    outcome_sentences,
)
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.derive import marker_values, population_members
from npcstats.errors import SpecError
from npcstats.results import one, select
from npcstats.study import DAYS_PER_MONTH

NAUSEA = GradeOutcome("NAUSEA2", "Nausea", ("Nausea",), 2, EARLY, baseline_adjusted=True, scale="CTCAE")
CHANGE = MarkerOutcome("LOGM", "Log marker", "u", "V1", "V0", "log", "half-limit")


def of(study, outcome, population="BEAM"):
    members = population_members(study, population)
    return members, derive_outcome(study, members, outcome, "it")


class TestTimes:
    def test_progression_of_the_eight(self, known):
        """Days, of the radiotherapy set: P05 254+, P01 162+, P06 0+, P02 212, P03 100, P04 76+."""
        members, data = of(known, TimeOutcome("WORSE"))
        days = dict(zip(members["USUBJID"].str[-3:], data.values * DAYS_PER_MONTH, strict=True))
        assert days == pytest.approx({"P05": 254, "P01": 162, "P06": 0, "P02": 212, "P03": 100, "P04": 76})
        assert members["USUBJID"].str[-3:][data.events].tolist() == ["P02", "P03"]
        assert data.timed
        assert not data.competing

    def test_who_has_no_time_zero_is_told(self, known):
        members, data = of(known, TimeOutcome("DEAD"), "EVERY")
        without = members["RTSTDT"].isna().to_numpy()
        assert without.any()
        assert (data.absent["no-time-zero"] == without).all()
        assert (np.isnan(data.values) == without).all()
        assert not data.events[without].any()

    def test_some_of_the_members(self, known):
        _, data = of(known, TimeOutcome("DEAD"), "EVERY")
        part = data.of(data.known)
        assert part.known.all()
        assert not part.absent["no-time-zero"].any()


class TestGrades:
    @pytest.mark.parametrize("grade", [1, 2, 3])
    def test_counts_are_those_of_the_table(self, crowd, grade):
        _, data = of(crowd, replace(NAUSEA, grade=grade), "DOSED")
        table = summarize_toxicity(crowd, HARM)
        at = {"arm": "all", "variable": "Nausea", "level": f"grade>={grade}", "measure": "risk"}
        assert np.nansum(data.values) == one(table, **at, stat="count").value
        assert data.known.sum() == one(table, **at, stat="total").value
        outside = {r.level: r.value for r in select(table, arm="all", measure="not_evaluable")}
        assert {reason: float(mask.sum()) for reason, mask in data.absent.items()} == outside

    def test_no_terms_are_any_event(self, crowd):
        _, data = of(crowd, replace(NAUSEA, terms=(), grade=2), "DOSED")
        table = summarize_toxicity(crowd, HARM)
        row = one(table, arm="all", block="all", variable="all", level="grade>=2", measure="risk", stat="count")
        assert np.nansum(data.values) == row.value

    def test_faults(self):
        assert outcome_faults(NAUSEA) == []
        assert "grade is 6" in outcome_faults(replace(NAUSEA, grade=6))[0]
        assert "counting" in outcome_faults(replace(NAUSEA, window=replace(EARLY, counting="all")))[0]


class TestMarkers:
    def test_change_is_a_difference_of_logarithms(self, crowd):
        members, data = of(crowd, CHANGE)
        visits = [crowd.design.visit(code) for code in ("V1", "V0")]
        at, before = marker_values(crowd, members, visits, code="LOGM", unit=LOG.unit, scale="log",
                                   below_limit="half-limit", reason="it").T  # fmt: skip
        assert np.array_equal(data.values, at - before, equal_nan=True)
        assert data.events is None

    def test_each_without_a_value_has_one_reason(self, crowd):
        _, data = of(crowd, CHANGE)
        reasons = sum(mask.astype(int) for mask in data.absent.values())
        assert (reasons == (~data.known)).all()
        assert set(data.absent) <= set(ABSENT_WORDS)

    def test_detection_is_a_risk(self, crowd):
        _, data = of(crowd, MarkerOutcome("VIRUS", "Virus", "c", "V1", "", "detectable", ""))
        assert data.binary
        assert set(data.values[data.known]) == {0.0, 1.0}
        assert len(data.values) <= SIZE

    @pytest.mark.parametrize(
        ("changed", "match"),
        [
            ({"scale": "sqrt"}, "scale is 'sqrt'"),
            ({"below_limit": ""}, "below_limit is ''"),
            ({"scale": "detectable"}, "below_limit is 'half-limit'"),
        ],
    )
    def test_faults(self, changed, match):
        assert match in " ".join(outcome_faults(replace(CHANGE, **changed)))

    def test_unknown_visit_is_refused(self, crowd):
        with pytest.raises(SpecError, match="visit 'V9'"):
            of(crowd, replace(CHANGE, visit="V9"))


@pytest.mark.parametrize("outcome", [TimeOutcome("DEAD"), NAUSEA, CHANGE])
def test_sentences_end(crowd, outcome):
    told = outcome_sentences(crowd, outcome)
    assert told["definition"]
    assert all(text.endswith(".") and ".." not in text for text in told.values())
