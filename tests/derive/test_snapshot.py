"""What is known at a cut-off, and the last day that an export knows of; the participants are those of ``eight.py``."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from npcstats.derive import (
    assign_arms,
    at_cutoff,
    cutoff_day,
    last_day,
    population_members,
)
from npcstats.errors import DataError, SpecError
from npcstats.schema import Column
from npcstats.study import ARM_COLUMNS, ARM_SOURCE

# of the trial of eight: P08 was first treated on 2026-02-10, P05 last seen on 2026-02-01, everybody else before
REACHED = datetime.date(2026, 2, 1)


def of(frame, who, column):
    return frame.loc[frame["USUBJID"] == who, column].tolist()


class TestAtCutoff:
    def test_participant_enrolled_later_is_absent_everywhere(self, known):
        assert known["adsl"]["USUBJID"].tolist() == ["P05", "P02", "P01", "P07", "P03", "P06", "P04"]
        assert all("P08" not in set(f["USUBJID"]) for f in known.frames.values() if "USUBJID" in f)

    def test_participant_enrolled_on_the_day_is_there(self, whole):
        study = at_cutoff(whole, datetime.date(2026, 2, 1), snapshot="event-date")
        assert len(study["adsl"]) == 8

    def test_later_event_is_dropped_and_its_earlier_one_kept(self, known):
        assert of(known["adae"], "P04", "AESEQ") == [2.0]

    def test_later_end_and_its_outcome_are_blank(self, known):
        """P01's dry mouth ended 2026-01-20, which nobody knew on 2025-12-31."""
        dry = known["adae"].query("USUBJID == 'P01' and AEDECOD == 'Dry mouth'")
        assert dry["AENDT"].isna().tolist() == [True]
        assert dry["AEOUT"].tolist() == [""]
        nausea = known["adae"].query("USUBJID == 'P01' and AEDECOD == 'Nausea'")
        assert nausea["AEOUT"].tolist() == ["RECOVERED"]

    @pytest.mark.parametrize(
        ("outcome", "told"), [("RECOVERED", "OUTCOME UNDATED"), ("NOT RECOVERED", "NOT RECOVERED"), ("", "")]
    )
    def test_outcome_without_a_date(self, whole, cutoff, outcome, told):
        """P03's dry mouth has no end: an outcome besides may be later than the cut-off, not that it goes on."""
        events = whole["adae"].copy()
        row = events.index[(events["USUBJID"] == "P03") & (events["AESEQ"] == 1)]
        events.loc[row, "AEOUT"] = outcome
        study = at_cutoff(whole.with_frames({"adae": events}), cutoff, snapshot="event-date")
        assert of(study["adae"], "P03", "AEOUT") == [told]

    def test_death_entered_late_moves_only_the_death(self, whole, cutoff):
        """P02 died before the cut-off; entered a day after it, the death is not known, and P02 is still enrolled."""
        schema = next(item for item in whole.design.frames if item.name == "adsl")
        told = tuple(replace(c, entered_on="DTHENT") if c.name == "DTHDT" else c for c in schema.columns)
        varied = replace(schema, columns=(*told, Column("DTHENT", "date", missing=True)))
        design = replace(whole.design, frames=(varied, *(f for f in whole.design.frames if f.name != "adsl")))
        late = pd.Timestamp(cutoff) + pd.Timedelta(days=1)
        adsl = whole["adsl"].assign(DTHENT=whole["adsl"]["DTHDT"].where(whole["adsl"]["DTHDT"].isna(), late))
        study = replace(whole.with_frames({"adsl": adsl}), design=design)
        known = at_cutoff(study, cutoff, snapshot="event-and-entry-date")["adsl"]
        assert pd.isna(of(known, "P02", "DTHDT")[0])
        assert of(known, "P02", "DTHCAUS") == [""]
        by_event = at_cutoff(study, cutoff, snapshot="event-date")["adsl"]
        assert of(by_event, "P02", "DTHCAUS") == ["DISEASE"]

    def test_later_death_and_its_cause_are_blank(self, known):
        assert pd.isna(of(known["adsl"], "P04", "DTHDT")[0])
        assert of(known["adsl"], "P04", "DTHCAUS") == [""]
        assert of(known["adsl"], "P02", "DTHCAUS") == ["DISEASE"]

    def test_treatment_is_known_from_its_start(self, whole):
        """On 2025-02-19 P01 had not started radiotherapy: the switch to MIXED is not known, the plan was Y."""
        study = assign_arms(at_cutoff(whole, datetime.date(2025, 2, 19), snapshot="event-date"))
        assert of(study["adsl"], "P01", "TRT01A") == [""]
        assert of(population_members(study, "EVERY"), "P01", "ARM") == ["Y"]
        assert pd.isna(of(study["adsl"], "P01", "RTSTDT")[0])

    def test_receipt_after_the_cutoff_is_not_received(self, known):
        assert of(known["adform"], "P01", "RECDT") == [pd.NaT]

    def test_form_due_later_is_not_due(self, known):
        assert of(known["adform"], "P03", "DUEDT") == []

    def test_screening_is_cut_too(self, known):
        assert "S10" not in set(known["adscr"]["SCRNID"])

    def test_entry_date_counts_only_when_the_plan_says_so(self, whole, cutoff):
        """P05's mucositis began 2025-02-15 and was entered 2026-01-10."""
        by_event = at_cutoff(whole, cutoff, snapshot="event-date")
        by_entry = at_cutoff(whole, cutoff, snapshot="event-and-entry-date")
        assert sorted(of(by_event["adae"], "P05", "AESEQ")) == [1, 2, 3]
        assert sorted(of(by_entry["adae"], "P05", "AESEQ")) == [1, 3]
        assert len(by_entry["adassess"]) == len(by_event["adassess"])  # no entry date: the event's own decides

    def test_cutting_twice_is_cutting_once(self, whole, known):
        later = at_cutoff(whole, datetime.date(2026, 1, 12), snapshot="event-date")
        again = at_cutoff(later, datetime.date(2025, 12, 31), snapshot="event-date")
        for name, frame in again.frames.items():
            pd.testing.assert_frame_equal(
                frame, known[name].drop(columns=[*ARM_COLUMNS.values(), ARM_SOURCE], errors="ignore")
            )

    def test_whole_export_is_untouched(self, whole, cutoff):
        before = whole["adsl"].copy()
        at_cutoff(whole, cutoff, snapshot="event-date")
        pd.testing.assert_frame_equal(whole["adsl"], before)

    def test_nobody_enrolled_yet(self, whole):
        with pytest.raises(DataError, match=r"^cut-off 2024-12-31: nobody was enrolled by then; a later cut-off"):
            at_cutoff(whole, datetime.date(2024, 12, 31), snapshot="event-date")

    def test_snapshot_is_a_closed_set(self, whole, cutoff):
        with pytest.raises(SpecError, match="one of event-date, event-and-entry-date is required"):
            at_cutoff(whole, cutoff, snapshot="entry")

    def test_analysis_of_the_whole_export_is_refused(self, whole):
        with pytest.raises(SpecError, match="no cut-off is set"):
            cutoff_day(whole)


class TestEnrolledLate:
    """P03, row 6, was treated from 2025-04-01 on; with a later day of enrolment everything of theirs would be lost."""

    def late(self, study, **values):
        adsl = study["adsl"].copy()
        adsl.loc[5, list(values)] = list(values.values())
        return study.with_frames({"adsl": adsl})

    def test_refused_with_its_row(self, whole):
        study = self.late(whole, ENRLDT=pd.Timestamp("2027-03-15"))
        with pytest.raises(DataError, match=r"adsl\.ENRLDT: 1 participant treated by 2026-02-01 .*\(row 6\)"):
            at_cutoff(study, datetime.date(2026, 2, 1), snapshot="event-date")

    def test_treated_by_the_records_only(self, whole):
        study = self.late(whole, ENRLDT=pd.Timestamp("2027-03-15"), TRTSDT=pd.NaT)
        assert "P03" in set(study["adex"]["USUBJID"])
        with pytest.raises(DataError, match=r"\(row 6\)"):
            at_cutoff(study, datetime.date(2026, 2, 1), snapshot="event-date")

    def test_not_yet_treated_is_not_yet_enrolled(self, whole):
        known = at_cutoff(whole, datetime.date(2025, 3, 14), snapshot="event-date")
        assert "P03" not in set(known["adsl"]["USUBJID"])


class TestLastDay:
    def test_by_hand(self, whole):
        assert last_day(whole) == REACHED

    def test_one_date_typed_wrong_does_not_count(self, whole):
        adae = whole["adae"].copy()
        adae.loc[0, "ASTDT"] = pd.Timestamp("2062-05-10")
        assert last_day(whole.with_frames({"adae": adae})) == datetime.date(2026, 2, 10)
        adae.loc[10, "ASTDT"] = pd.Timestamp("2061-05-10")
        assert adae["USUBJID"].nunique() > 1
        assert last_day(whole.with_frames({"adae": adae})) == datetime.date(2061, 5, 10)

    def test_what_is_due_later_does_not_count(self, whole):
        forms = whole["adform"].assign(DUEDT=pd.Timestamp("2040-01-01"))
        assert last_day(whole.with_frames({"adform": forms})) == REACHED
        received = forms.assign(RECDT=pd.Timestamp("2040-01-05"))
        assert last_day(whole.with_frames({"adform": received})) == datetime.date(2040, 1, 5)

    def test_entries_and_deaths_count(self, whole):
        entered = whole["adlb"].assign(ENTRYDT=pd.Timestamp("2027-01-01"))
        assert last_day(whole.with_frames({"adlb": entered})) == datetime.date(2027, 1, 1)
        adsl = whole["adsl"].assign(DTHDT=pd.Timestamp("2028-01-01"))
        assert last_day(whole.with_frames({"adsl": adsl})) == datetime.date(2028, 1, 1)

    def test_of_one_person_and_of_nobody(self, whole):
        alone = {
            name: frame.loc[frame["USUBJID"] == "P02"] if "USUBJID" in frame else frame.iloc[:0]
            for name, frame in whole.frames.items()
        }
        assert last_day(whole.with_frames(alone)) == datetime.date(2025, 9, 1)
        nobody = {name: frame.iloc[:0] for name, frame in whole.frames.items()}
        assert last_day(whole.with_frames(nobody)) is None
