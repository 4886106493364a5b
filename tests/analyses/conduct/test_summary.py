"""Accrual, status, screening, deviations, completeness and thresholds, by hand; see ``eight.py`` for the records."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.analyses.accrual.summary import summarize_accrual
from npcstats.analyses.conduct.completeness import summarize_completeness
from npcstats.analyses.conduct.deviations import summarize_deviations
from npcstats.analyses.conduct.screening import summarize_screening
from npcstats.analyses.conduct.spec import CompletenessSpec, DeviationSpec, ScreeningSpec, StatusItem, StatusSpec
from npcstats.analyses.conduct.status import summarize_status
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from npcstats.analyses.thresholds.summary import assess_thresholds
from npcstats.derive import assign_arms, at_cutoff, explain_unlisted
from npcstats.errors import SpecError
from npcstats.results import SETTLED, one, results_text, select

ONLY = ("only",)
ACCRUAL = AccrualSpec("accrual", "Accrual", "EVERY", ONLY, recent_months=6.0, status="planned")
SCREENING = ScreeningSpec("screening", "Screening", "EVERY", ONLY, {"INC04": "ECOG", "EXC01": "Spread"}, "planned")
DEVIATIONS = DeviationSpec("deviations", "Deviations", "EVERY", ONLY, {"MAJOR": "Major", "MINOR": "Minor"}, "planned")
COMPLETENESS = CompletenessSpec(
    "forms", "Forms", "EVERY", ONLY, {"CRF": "Forms", "BLOOD": "Blood", "IMAGE": "Images"}, 2, "planned"
)
STATUS = StatusSpec(
    "status",
    "Status",
    "EVERY",
    ONLY,
    items=(
        StatusItem("BEAM", "Started", "Treatment", "RTSTDT"),
        StatusItem("DIED", "Died", "Deaths", "DTHDT"),
        StatusItem("SICK", "Of disease", "Deaths", "DTHCAUS", value="DISEASE"),
        StatusItem("SOON", "Soon", "Deaths", "DTHDT", anchor="RTENDT", within=165),
        StatusItem("SOONER", "Sooner", "Deaths", "DTHDT", anchor="RTENDT", within=164),
        StatusItem("LEFT", "Left", "Follow-up", "EOSSTT", value="WITHDRAWN"),
    ),
    status="planned",
)


def pair(results, **at):
    return tuple(one(results, **at, measure="proportion", stat=stat).value for stat in ("count", "total"))


class TestAccrual:
    def test_enrolled_of_planned(self, known):
        results = summarize_accrual(known, ACCRUAL)
        at = {"measure": "enrolled", "time": float("nan")}
        assert one(results, **at, stat="count").value == 7
        assert one(results, **at, stat="total").value == 10

    def test_by_month(self, known):
        """Days since 2025-01-01: 9, 14, 40, 59, 73, 90, 252; 364 at the cut-off. One month is 30.4375 days."""
        rows = select(summarize_accrual(known, ACCRUAL), measure="enrolled", stat="count")
        found = {round(row.time * 30.4375, 6): row.value for row in rows if row.time == row.time}
        expected = {0: 0, 1: 2, 2: 4, 3: 6, 4: 6, 5: 6, 6: 6, 7: 6, 8: 6, 9: 7, 10: 7, 11: 7}
        assert found == {round(month * 30.4375, 6): n for month, n in expected.items()} | {364.0: 7}

    def test_expected(self, known):
        """A line from 0 to 10 participants in 10 months, then level."""
        rows = select(summarize_accrual(known, ACCRUAL), measure="expected_enrolled")
        found = {row.time: row.value for row in rows}
        assert (found[0.0], found[5.0], found[10.0], found[11.0]) == (0, 5, 10, 10)

    def test_projection(self, known):
        """One in the last 6 months, 3 missing: 18 months, 547.875 days, after day 364: day 911 is 2027-07-01."""
        row = one(summarize_accrual(known, ACCRUAL), measure="projected_date")
        assert datetime.date.fromordinal(int(row.value)) == datetime.date(2027, 7, 1)

    def test_projection_of_a_young_trial_is_at_the_rate_since_its_start(self, whole):
        """On day 73 (2025-03-15) five are enrolled in 73 days; the other 5 take another 73: day 146, 2025-05-27."""
        young = assign_arms(at_cutoff(whole, datetime.date(2025, 3, 15), snapshot="event-date"))
        row = one(summarize_accrual(young, ACCRUAL), measure="projected_date")
        assert datetime.date.fromordinal(int(row.value)) == datetime.date(2025, 5, 27)

    def test_no_projection_when_nobody_came_recently_or_all_came(self, known):
        none = summarize_accrual(known, replace(ACCRUAL, recent_months=1.0))
        assert "Nobody was enrolled recently" in one(none, measure="projected_date").note
        full = summarize_accrual(replace(known, design=replace(known.design, planned_size=7)), ACCRUAL)
        projected = one(full, measure="projected_date")
        assert (projected.note, projected.reason) == ("Enrolment is complete.", SETTLED)

    def test_cutoff_before_the_planned_start(self, known):
        early = replace(known, design=replace(known.design, accrual_start=datetime.date(2026, 6, 1)))
        assert one(summarize_accrual(early, ACCRUAL), measure="projected_date").note


class TestStatus:
    @pytest.mark.parametrize(
        ("variable", "x", "y"),
        [("BEAM", 3, 3), ("DIED", 0, 1), ("SICK", 0, 1), ("SOON", 0, 1), ("SOONER", 0, 0), ("LEFT", 1, 0)],
    )  # fmt: skip
    def test_by_hand(self, known, variable, x, y):
        """P02 died 165 days after radiotherapy; P04's death is after the cut-off; P07 withdrew."""
        results = summarize_status(known, STATUS)
        assert pair(results, variable=variable, arm="X") == (x, 4)
        assert pair(results, variable=variable, arm="Y") == (y, 3)
        assert pair(results, variable=variable, arm="all") == (x + y, 7)

    def test_nothing_recorded_counts_as_a_value_of_those_who_have_the_date(self, known):
        """P02, of Y, died, here of nothing recorded; who lives has no cause either, and none is lacking."""
        adsl = known["adsl"]
        study = known.with_frames({"adsl": adsl.assign(DTHCAUS=adsl["DTHCAUS"].where(adsl["USUBJID"] != "P02", ""))})
        told = StatusItem("SICK", "Of disease", "Deaths", "DTHCAUS", value="DISEASE")
        found = summarize_status(study, replace(STATUS, items=(told, replace(told, code="TO", blank_from="DTHDT"))))
        assert [pair(found, variable="SICK", arm=arm)[0] for arm in ("X", "Y", "all")] == [0, 0, 0]
        assert [pair(found, variable="TO", arm=arm)[0] for arm in ("X", "Y", "all")] == [0, 1, 1]
        as_recorded = summarize_status(known, replace(STATUS, items=(replace(told, blank_from="DTHDT"),)))
        assert pair(as_recorded, variable="SICK", arm="all") == (1, 7)

    @pytest.mark.parametrize("named", [{"column": "NOWHERE"}, {"blank_from": "NOWHERE"}])
    def test_column_that_does_not_exist(self, known, named):
        item = replace(StatusItem("GONE", "Gone", "X", "DTHCAUS", value="DISEASE"), **named)
        with pytest.raises(SpecError, match=r"^plan: GONE uses NOWHERE, which is not in adsl"):
            summarize_status(known, replace(STATUS, items=(item,)))

    def test_number_is_not_compared_with_text(self, known):
        item = StatusItem("ECOG1", "ECOG 1", "X", "ECOGBL", value="1")
        with pytest.raises(SpecError, match=r"^plan: ECOG1 compares ECOGBL with '1'; a column of text is required"):
            summarize_status(known, replace(STATUS, items=(item,)))

    def test_empty_arm(self, known):
        study = known.with_frames({"adsl": known["adsl"].assign(_ARM_ACTUAL="Y")})
        row = one(summarize_status(study, STATUS), variable="DIED", arm="X", stat="estimate")
        assert row.note == "Nobody is in the denominator."


class TestScreening:
    def test_by_hand(self, known):
        """Five were screened by the cut-off: two not enrolled for INC04, one for EXC01; a later one does not count."""
        results = summarize_screening(known, SCREENING)
        assert pair(results, variable="FAILED") == (3, 5)
        assert pair(results, variable="INC04") == (2, 5)
        assert pair(results, variable="EXC01") == (1, 5)
        assert {row.arm for row in results.rows} == {"all"}

    def test_criterion_without_a_label_is_counted_and_not_printed(self, known):
        """EXC01 has no label here: one person of five."""
        results = explain_unlisted(summarize_screening(known, replace(SCREENING, criteria={"INC04": "ECOG"})))
        assert pair(results, variable="FAILED") == (3, 5)
        assert pair(results, variable="NOT LISTED") == (1, 5)
        entry = results.catalogue.analyses[SCREENING.id]
        assert entry.labels["variable"]["NOT LISTED"] == "Not listed"
        assert entry.sentences["unlisted"].startswith("Not listed: terms that are not in the plan's list")
        assert "EXC01" not in results_text(results) + str(results.catalogue)

    def test_nobody_screened(self, known):
        results = summarize_screening(known.with_frames({"adscr": known["adscr"].iloc[:0]}), SCREENING)
        assert pair(results, variable="FAILED") == (0, 0)


class TestDeviations:
    def test_participants_not_records(self, known):
        """P05 has one twice, P02 the same and a minor one, P07 another; P04's is after the cut-off."""
        results = summarize_deviations(known, DEVIATIONS)
        assert pair(results, block="MAJOR", variable="all", arm="X") == (2, 4)
        assert pair(results, block="MAJOR", variable="Wrong dose", arm="X") == (1, 4)
        assert pair(results, block="MAJOR", variable="Wrong dose", arm="Y") == (1, 3)
        assert pair(results, block="MINOR", variable="Late visit", arm="all") == (1, 7)

    def test_most_frequent_first(self, known):
        rows = select(
            summarize_deviations(known, DEVIATIONS), block="MAJOR", measure="proportion", stat="count", arm="all"
        )
        assert [row.variable for row in rows] == ["all", "Wrong dose", "Consent copy"]

    def test_none(self, known):
        results = summarize_deviations(known.with_frames({"addv": known["addv"].iloc[:0]}), DEVIATIONS)
        assert pair(results, block="MINOR", variable="all", arm="all") == (0, 7)


class TestCompleteness:
    def test_received_of_due_by_the_cutoff(self, known):
        """X: P05's after 10 days, P01's after the cut-off. Y: P02's after 4 days, P04's never; P03's is not due."""
        results = summarize_completeness(known, COMPLETENESS)
        assert pair(results, variable="CRF", arm="X") == (1, 2)
        assert pair(results, variable="CRF", arm="Y") == (1, 2)
        assert pair(results, variable="CRF", arm="all") == (2, 4)
        lag = {row.arm: row.value for row in select(results, variable="CRF", measure="median")}
        assert lag == {"X": 10, "Y": 4, "all": 7}

    def test_nothing_received_and_nothing_due(self, known):
        results = summarize_completeness(known, COMPLETENESS)
        assert pair(results, variable="BLOOD", arm="X") == (0, 1)
        assert one(results, variable="BLOOD", measure="median", arm="X").note == "Nothing was received."
        assert pair(results, variable="BLOOD", arm="Y") == (0, 0)
        assert one(results, variable="IMAGE", arm="all", measure="proportion", stat="estimate").note


class TestThresholds:
    def watch(self, known, **changed):
        rows = {"analysis": "status", "variable": "DIED", "measure": "proportion", "stat": "estimate"}
        chosen = Watch("w", "Deaths", rows, "above", 0.3)
        spec = ThresholdSpec("limits", "Limits", "EVERY", ONLY, (replace(chosen, **changed),), "planned")
        return assess_thresholds(known, summarize_status(known, STATUS), spec)

    def test_most_extreme_row_is_watched(self, known):
        """Deaths: X 0, Y 1/3, all 1/7. Above: Y; below: X."""
        results = self.watch(known)
        assert one(results, measure="threshold_passed", variable="w").value == 1
        assert one(results, measure="threshold", variable="w").value == 0.3
        choices = results.catalogue.analyses["limits"].choices
        assert choices["watch.w"].split("|")[3] == "Y"
        below = self.watch(known, direction="below", threshold=0.1)
        assert below.catalogue.analyses["limits"].choices["watch.w"].split("|")[3] == "X"
        assert one(below, measure="threshold_passed", variable="w").value == 1

    def test_a_number_on_its_threshold_has_not_passed_it(self, known):
        assert one(self.watch(known, threshold=1 / 3), measure="threshold_passed", variable="w").value == 0

    def test_magnitude_forgets_the_sign(self, known):
        rows = {"analysis": "status", "stat": "estimate", "variable": "DIED"}
        assert one(self.watch(known, rows=rows, magnitude=True), measure="threshold_passed", variable="w").value == 1

    def test_number_that_cannot_be_estimated_yet_does_not_stop_the_meeting(self, known):
        study = known.with_frames({"adsl": known["adsl"].assign(_ARM_ACTUAL="Y")})
        rows = {"analysis": "status", "variable": "DIED", "arm": "X", "stat": "estimate"}
        row = one(self.watch(study, rows=rows), measure="threshold_passed", variable="w")
        assert np.isnan(row.value)
        assert row.note == "The watched number cannot be estimated."

    def test_all_watches_together(self, known):
        at = {"measure": "threshold_passed", "variable": "all"}
        assert [one(self.watch(known), **at, stat=stat).value for stat in ("count", "total")] == [1, 1]
        missed = self.watch(known, threshold=0.9)
        assert [one(missed, **at, stat=stat).value for stat in ("count", "total")] == [0, 1]

    def test_watch_of_nothing_is_refused(self, known):
        with pytest.raises(SpecError, match=r"^plan: watch w selects no row; rows of this session are required\.$"):
            self.watch(known, rows={"analysis": "none"})

    def test_direction_is_a_closed_set(self, known):
        with pytest.raises(SpecError, match="direction of w is 'up'; one of above, below is required"):
            self.watch(known, direction="up")


def test_rows_left_out_and_small_groups_are_not_watched(known):
    """A watch may leave rows out, and a row of which a group is smaller than its minimum is no candidate."""
    base = summarize_status(known, STATUS)
    watch = Watch("w", "Watched", {"analysis": STATUS.id, "arm": "all", "stat": "estimate"}, "above", 0.0)
    largest = max(row.value for row in select(base, analysis=STATUS.id, arm="all", stat="estimate"))
    spec = ThresholdSpec("t", "T", STATUS.population, STATUS.sessions, (watch,), status="planned")
    found = assess_thresholds(known, base, spec)
    top = base.by_key[found.catalogue.analyses["t"].choices["watch.w"]]
    assert top.value == largest
    left = replace(watch, without={"variable": top.variable})
    second = assess_thresholds(known, base, replace(spec, watches=(left,)))
    assert base.by_key[second.catalogue.analyses["t"].choices["watch.w"]].variable != top.variable
    few = assess_thresholds(known, base, replace(spec, watches=(replace(watch, minimum_total=1000),)))
    row = one(few, variable="w", measure="threshold_passed")
    assert row.value != row.value
    assert row.note
