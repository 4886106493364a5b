"""From a former export to the present one of the trial of eight, one cause after the other, by hand.

The former cut-off is 2025-06-30, the present one 2025-12-31; by the former P05, P02, P01, P07, P03 and P04 are
enrolled.
"""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from eight import CUTOFF
from pasts import THEN, former_events

from npcstats.derive import at_cutoff, follow_export
from npcstats.errors import DataError
from npcstats.study import read_study


@pytest.fixture
def steps(write_export, design, whole):
    """A function that brings a former export, of other texts, to the present one, or to one of other texts."""

    def follow(changed, present=None, *, snapshot="event-date"):
        former = read_study(write_export(changed, name="former"), design)
        now = read_study(write_export(present, name="present"), design) if present else whole
        return follow_export(former, now, former_cutoff=THEN, cutoff=CUTOFF, snapshot=snapshot)

    return follow


def grades(study):
    """Grade of each event by participant and number."""
    adae = study["adae"]
    return {f"{who}-{number:.0f}": grade for who, number, grade in
            zip(adae["USUBJID"], adae["AESEQ"], adae["AETOXGR"], strict=True)}  # fmt: skip


class TestEvents:
    @pytest.fixture
    def taken(self, steps, texts):
        return steps({"adae": former_events(texts["adae"])})

    def test_corrected(self, taken):
        """P02-1 and P05-2 have their present grades; P07-9, withdrawn, and P03-1, now dated 2025-08-16, are gone;
        P01-1, which came later, is not there yet."""
        assert grades(taken["corrected"]) == {"P02-1": 3, "P05-2": 2, "P05-1": 1, "P05-3": 1, "P01-2": 2, "P07-1": 3}

    def test_end_that_came_later_is_not_there_yet(self, taken):
        """P05-3 ended on 2025-02-12, which the former export did not know: late, not corrected."""
        ends = {cause: study["adae"].set_index(["USUBJID", "AESEQ"])["AENDT"] for cause, study in taken.items()}
        assert pd.isna(ends["corrected"]["P05", 3])
        assert ends["late-entry"]["P05", 3] == pd.Timestamp("2025-02-12")

    def test_late_entry(self, taken):
        assert grades(taken["late-entry"]) == {**grades(taken["corrected"]), "P01-1": 2}

    def test_follow_up_is_of_those_enrolled_then(self, taken):
        """P06, enrolled on 2025-09-10, is not among them; P04-2 and P03-1 came after the former cut-off."""
        found = grades(taken["follow-up"])
        assert found == {**grades(taken["late-entry"]), "P03-1": 1, "P04-2": 1}

    def test_new(self, taken):
        assert grades(taken["new"]) == {**grades(taken["follow-up"]), "P06-1": 3}


def test_the_last_step_is_the_present_study(steps, whole):
    now, taken = at_cutoff(whole, CUTOFF, snapshot="event-date"), steps(None)
    for name, frame in now.frames.items():
        pd.testing.assert_frame_equal(taken["new"][name], frame)


def test_of_one_export_nothing_is_corrected_and_nothing_late(steps, whole):
    then, taken = at_cutoff(whole, THEN, snapshot="event-date"), steps(None)
    for cause in ("corrected", "late-entry"):
        assert taken[cause].cutoff == THEN
        for name, frame in then.frames.items():
            pd.testing.assert_frame_equal(taken[cause][name], frame)


def test_death_told_later_is_late(steps, texts):
    """P02 died on 2025-05-15 by the present export; the former one knew of no death."""
    then, now = (texts["adsl"].replace("2025-03-20,2025-09-01,DISEASE", f"2025-03-20,{told}") for told in
                 (",", "2025-05-15,DISEASE"))  # fmt: skip
    taken = steps({"adsl": then}, {"adsl": now})
    died = {
        cause: study["adsl"].set_index("USUBJID").loc["P02", ["DTHDT", "DTHCAUS"]] for cause, study in taken.items()
    }
    assert pd.isna(died["corrected"]["DTHDT"])
    assert died["corrected"]["DTHCAUS"] == ""
    assert died["late-entry"]["DTHDT"] == pd.Timestamp("2025-05-15")
    assert died["late-entry"]["DTHCAUS"] == "DISEASE"


def test_participant_told_later_comes_with_all_records_as_late(steps, texts):
    """P07, enrolled on 2025-03-01, stood in no frame of the former export."""
    without = {name: "\n".join(line for line in text.replace(",\\\n", ",").splitlines() if not line.startswith("P07"))
               + "\n" for name, text in texts.items()}  # fmt: skip
    taken = steps(without)
    known = {cause: set(study["adsl"]["USUBJID"]) for cause, study in taken.items()}
    assert known["late-entry"] - known["corrected"] == {"P07"}
    assert "P07-1" not in grades(taken["corrected"])
    assert "P07-1" in grades(taken["late-entry"])


def test_participant_withdrawn_goes_with_the_correction(steps, texts):
    gone = {name: "\n".join(line for line in text.splitlines() if not line.startswith("P07")) + "\n"
            for name, text in texts.items()}  # fmt: skip
    taken = steps(None, gone)
    assert "P07" not in set(taken["corrected"]["adsl"]["USUBJID"])
    assert "P07-1" not in grades(taken["corrected"])


def test_frame_that_the_former_export_lacked_is_late(steps):
    taken = steps({"adqs": None}, {"adqs": "USUBJID,PARAMCD,AVAL,ADT,ENTRYDT\nP05,QL,50,2025-03-01,\n"})
    assert taken["corrected"]["adqs"].empty
    assert taken["late-entry"]["adqs"]["AVAL"].tolist() == [50.0]


def test_by_day_of_entry_what_was_entered_after_the_former_cutoff_is_late(steps):
    """P05-2 was entered on 2026-01-10, after both; P04-2 on 2025-09-10; P03's participant row on 2025-03-16. With one
    export for both meetings only the day of entry tells what the former meeting could not know: nothing of the time
    until 2025-06-30 was entered between the cut-offs."""
    taken = steps(None, snapshot="event-and-entry-date")
    assert "P05-2" not in grades(taken["new"])
    assert grades(taken["corrected"]) == grades(taken["late-entry"])


def test_by_day_of_entry_a_record_entered_between_the_cutoffs_is_late(steps, texts):
    late = {"adae": texts["adae"].replace("2025-03-10,,RECOVERED,2025-03-11", "2025-03-10,,RECOVERED,2025-08-11")}
    taken = steps(late, late, snapshot="event-and-entry-date")
    assert "P01-1" not in grades(taken["corrected"])
    assert grades(taken["late-entry"])["P01-1"] == 2


def test_cutoff_before_anybody_was_enrolled_is_refused(whole):
    with pytest.raises(DataError, match="nobody was enrolled"):
        follow_export(whole, whole, former_cutoff=datetime.date(2024, 1, 1), cutoff=CUTOFF, snapshot="event-date")
