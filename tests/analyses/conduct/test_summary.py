"""Status, screening, deviations and completeness, by hand; see ``eight.py`` for the records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.analyses.conduct.completeness import summarize_completeness
from npcstats.analyses.conduct.deviations import summarize_deviations
from npcstats.analyses.conduct.screening import summarize_screening
from npcstats.analyses.conduct.spec import CompletenessSpec, DeviationSpec, ScreeningSpec, StatusItem, StatusSpec
from npcstats.analyses.conduct.status import summarize_status
from npcstats.derive import explain_unlisted
from npcstats.errors import SpecError
from npcstats.results import one, results_text, select

ONLY = ("only",)
SCREENING = ScreeningSpec("screening", "Screening", "EVERY", ONLY, {"INC04": "ECOG", "EXC01": "Spread"}, "planned")
DEVIATIONS = DeviationSpec("deviations", "Deviations", "EVERY", ONLY, {"MAJOR": "Major", "MINOR": "Minor"}, "planned")
STATS = ("count", "total")
COMPLETENESS = CompletenessSpec(
    "forms", "Forms", "EVERY", ONLY, {"CRF": "Forms", "BLOOD": "Blood", "IMAGE": "Images"}, 30, 2, "planned"
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

    @pytest.mark.parametrize(("days", "overdue"), [(30, (0, 1)), (11, (0, 1)), (10, (1, 1)), (183, (0, 0))])
    def test_not_yet_entered_is_not_overdue(self, known, days, overdue):
        """On 31 December P01's form (X) is due for 11 days, P04's (Y) for 183; each is one of two that were due."""
        results = summarize_completeness(known, replace(COMPLETENESS, overdue_after=days))
        for arm, late in zip("XY", overdue, strict=True):
            told = {
                measure: [one(results, variable="CRF", arm=arm, measure=measure, stat=stat).value for stat in STATS]
                for measure in ("proportion", "overdue", "recently_due")
            }
            assert told["overdue"] == [late, 2]
            assert told["recently_due"] == [1 - late, 2]
            assert told["proportion"][0] + told["overdue"][0] + told["recently_due"][0] == 2

    def test_nothing_received_and_nothing_due(self, known):
        results = summarize_completeness(known, COMPLETENESS)
        assert pair(results, variable="BLOOD", arm="X") == (0, 1)
        assert one(results, variable="BLOOD", measure="median", arm="X").note == "Nothing was received."
        assert pair(results, variable="BLOOD", arm="Y") == (0, 0)
        assert one(results, variable="IMAGE", arm="all", measure="proportion", stat="estimate").note
