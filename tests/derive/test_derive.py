"""The study at its cut-off: what is known by then, who belongs where, endpoints, visits and exposure, by hand.

Days are counted on the calendar of 2025 (not a leap year); a month is 30.4375 days. The participants are those of
``eight.py``.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from npcstats.clinical.delivered import CumulativeDose, OverallTime, Ratio
from npcstats.derive import (
    arm_groups,
    arm_pair,
    assign_arms,
    at_cutoff,
    cutoff_day,
    derive_endpoint,
    derive_exposure,
    mask_arms,
    period_span,
    pool_arms,
    population_members,
    visit_due,
    visit_records,
)
from npcstats.errors import DataError, SpecError
from npcstats.schema import Column
from npcstats.study import ARM_COLUMNS, ARM_SOURCE, Period, Population, Visit

MONTH = 30.4375


def of(frame, who, column):
    return frame.loc[frame["USUBJID"] == who, column].tolist()


def with_frame(study, name, records):
    """The study with one frame replaced by records, columns as declared."""
    frame = pd.DataFrame(records, columns=study[name].columns)
    for column in frame:
        if str(study[name][column].dtype).startswith("datetime"):
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
        elif study[name][column].dtype == object:
            frame[column] = frame[column].fillna("").astype(object)
    return study.with_frames({name: frame})


def shuffled(study, seed=3):
    """The study with the rows of every frame in another order."""
    return study.with_frames(
        {name: frame.sample(frac=1, random_state=seed).reset_index(drop=True) for name, frame in study.frames.items()}
    )


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


class TestArms:
    def test_actual_treatment_rule_and_plan(self, known):
        """MIXED counts in X by rule; P07 never started and stays where planned."""
        members = population_members(known, "EVERY")
        arms = dict(zip(members["USUBJID"], members["ARM"], strict=True))
        assert arms == {"P05": "X", "P02": "Y", "P01": "X", "P07": "X", "P03": "Y", "P06": "X", "P04": "Y"}

    def test_a_set_without_mixed_treatment(self, known):
        """Of the eight, P01 alone had both: without it the arm that the rule gives it has one member less."""
        population = Population(
            "ONE", "One", "One modality.", requires=("RTSTDT",), arms="actual", without={"TRT01A": ("MIXED",)}
        )
        populations = (*known.design.populations, population)
        study = replace(known, design=replace(known.design, populations=populations))
        everyone, one = (population_members(study, code)["USUBJID"].tolist() for code in ("BEAM", "ONE"))
        assert [who for who in everyone if who not in one] == ["P01"]
        with pytest.raises(DataError, match=r"adsl: TRT01A not in the data .* population ONE requires it"):
            population_members(pool_arms(study), "ONE")

    def test_masking_relabels_and_hides(self, known):
        masked = mask_arms(known, {"X": "B", "Y": "A"})
        assert [(arm.code, arm.label) for arm in masked.arms] == [("A", "Arm A"), ("B", "Arm B")]
        assert arm_pair(masked) == ("A", "B")
        assert population_members(masked, "EVERY")["ARM"].tolist() == ["B", "A", "B", "B", "A", "B", "A"]
        for frame, columns in known.design.treatment_columns.items():
            assert not set(columns) & set(masked[frame])

    @pytest.mark.parametrize("mask", [{}, {"X": "A"}, {"X": "A", "Y": "A"}, {"X": "A", "Z": "B"}])
    def test_mask_gives_each_arm_a_letter_of_its_own(self, known, mask):
        with pytest.raises(SpecError, match="a different letter for each of the study's 2 arms is required"):
            mask_arms(known, mask)

    def test_pooling_removes_every_trace(self, known):
        pooled = pool_arms(known)
        assert pooled.arms == ()
        assert arm_pair(pooled) is None
        assert not {*ARM_COLUMNS.values(), ARM_SOURCE, "TRT01P", "TRT01A", "TECHNIQUE", "RXDOSU"} & set(pooled["adsl"])
        assert "EXDOSU" not in pooled["adex"]
        groups = arm_groups(pooled, population_members(pooled, "EVERY"))
        assert [(g.arm, int(g.members.sum())) for g in groups] == [("all", 7)]

    def test_groups_are_arms_in_page_order_then_everyone(self, known):
        groups = arm_groups(known, population_members(known, "EVERY"))
        assert [(g.arm, int(g.members.sum())) for g in groups] == [("X", 4), ("Y", 3), ("all", 7)]

    @pytest.mark.parametrize(("population", "size"), [("EVERY", 7), ("DOSED", 7), ("BEAM", 6)])
    def test_population_needs_its_dates(self, known, population, size):
        assert len(population_members(known, population)) == size


class TestEndpoint:
    def days(self, study, code):
        members = population_members(study, "BEAM")
        found = derive_endpoint(study, members, study.design.endpoint(code))
        days = {who: round(t * MONTH, 9) for who, t in zip(members["USUBJID"], found.time, strict=True)}
        return days, dict(zip(members["USUBJID"], found.cause.tolist(), strict=True))

    def test_survival_by_hand(self, known):
        """Days of the year: P05 20 to 335; P02 32 to death 244; P01 51 to 319; P03 91 to 274; P06 305 to 354.

        P04 (105) was last seen 2025-08-01 (213) by the cut-off: 108 days. Truncating the later contact of 2026-01-10
        at the cut-off would give 260.
        """
        days, cause = self.days(known, "DEAD")
        assert days == {"P05": 315, "P02": 212, "P01": 268, "P03": 183, "P06": 49, "P04": 108}
        assert cause == {"P05": 0, "P02": 1, "P01": 0, "P03": 0, "P06": 0, "P04": 0}

    def test_progression_by_hand(self, known):
        """P05's recurrence is after the cut-off: censored at the last adequate assessment, day 274 (254 days).

        P02 died (212); P01 began a new therapy on day 213 (162), before the distant recurrence; P03's first event is
        the distant one, day 191 (100); P06 was never assessed: 0; P04's assessment is on day 181 (76).
        """
        days, cause = self.days(known, "WORSE")
        assert days == {"P05": 254, "P02": 212, "P01": 162, "P03": 100, "P06": 0, "P04": 76}
        assert cause == {"P05": 0, "P02": 1, "P01": 0, "P03": 1, "P06": 0, "P04": 0}

    def test_competing_event_by_hand(self, known):
        """P03's local recurrence on day 201 (110); P02's death competes (212); P01's last look is day 201 (150)."""
        days, cause = self.days(known, "CONTROL")
        assert days == {"P05": 254, "P02": 212, "P01": 150, "P03": 110, "P06": 0, "P04": 0}
        assert cause == {"P05": 0, "P02": 2, "P01": 0, "P03": 1, "P06": 0, "P04": 0}

    def test_later_cutoff_derives_everything_again(self, whole):
        """By 2026-01-31 P05 has recurred (day 10 of 2026: 355 days) and P04 has died (day 15: 275 days)."""
        later = assign_arms(at_cutoff(whole, datetime.date(2026, 1, 31), snapshot="event-date"))
        days, cause = self.days(later, "WORSE")
        assert (days["P05"], cause["P05"]) == (355, 1)
        assert (days["P04"], cause["P04"]) == (275, 1)

    def test_event_on_the_day_of_a_competing_one_and_of_a_stop_counts(self, known):
        records = [("P02", "LOCAL", "2025-09-01"), ("P01", "LOCAL", "2025-08-01"), ("P01", "NEW-THERAPY", "2025-08-01")]
        study = with_frame(known, "adevent", [dict(zip(("USUBJID", "KIND", "ADT"), r, strict=True)) for r in records])
        _, cause = self.days(study, "CONTROL")
        assert (cause["P02"], cause["P01"]) == (1, 1)

    def test_competing_event_on_the_day_of_a_stop_counts(self, known):
        study = with_frame(known, "adevent", [{"USUBJID": "P02", "KIND": "NEW-THERAPY", "ADT": "2025-09-01"}])
        endpoint = replace(study.design.endpoint("CONTROL"), censored_by=("NEW-THERAPY",))
        members = population_members(study, "BEAM")
        found = derive_endpoint(study, members, endpoint)
        assert found.cause[members["USUBJID"].tolist().index("P02")] == 2

    def test_event_before_time_zero_is_refused_without_naming_anybody(self, known):
        study = with_frame(known, "adevent", [{"USUBJID": "P05", "KIND": "LOCAL", "ADT": "2025-01-19"}])
        with pytest.raises(DataError) as caught:
            self.days(study, "WORSE")
        assert str(caught.value) == (
            "endpoint WORSE: 1 participant with an event before RTSTDT; events on or after time zero are required."
        )

    def test_assessment_before_time_zero_is_time_zero(self, known):
        study = with_frame(known, "adassess", [{"USUBJID": "P05", "KIND": "VITAL", "ADT": "2025-01-01"}])
        days, cause = self.days(study, "DEAD")
        assert (days["P05"], cause["P05"]) == (0, 0)

    def test_nobody(self, known):
        nobody = population_members(known, "BEAM").iloc[:0]
        found = derive_endpoint(known, nobody, known.design.endpoint("WORSE"))
        assert len(found.time) == len(found.cause) == 0

    def test_row_order_changes_nothing(self, known):
        assert self.days(shuffled(known), "WORSE") == self.days(known, "WORSE")


class TestVisits:
    def chosen(self, study, records, visit):
        members = population_members(study, "BEAM")
        frame = pd.DataFrame(records, columns=["USUBJID", "ADT", "AVAL"])
        frame["ADT"] = pd.to_datetime(frame["ADT"]).astype("datetime64[s]")
        found = visit_records(frame, members, visit)
        return {members["USUBJID"][i]: value for i, value in found["AVAL"].items()}

    def test_tie_goes_to_the_earlier(self, known):
        """P05's start is 2025-01-20, the target day 21 is 02-10: 02-09 and 02-11 are one day off."""
        visit = known.design.visit("V1")
        for early, late in ((1.0, 4.0), (4.0, 1.0)):
            records = [("P05", "2025-02-11", late), ("P05", "2025-02-09", early)]
            assert self.chosen(known, records, visit) == {"P05": early}
            assert self.chosen(known, records[::-1], visit) == {"P05": early}

    def test_nearest_wins_on_either_side(self, known):
        visit = known.design.visit("V1")
        records = [("P05", "2025-02-04", 1.0), ("P05", "2025-02-13", 2.0), ("P02", "2025-02-18", 3.0)]
        assert self.chosen(known, records, visit) == {"P05": 2.0, "P02": 3.0}

    def test_window_ends_are_inside(self, known):
        """P05's window is day 14 (2025-02-03) to 30 (2025-02-19)."""
        visit = known.design.visit("V1")
        for day, inside in (("2025-02-02", False), ("2025-02-03", True), ("2025-02-19", True), ("2025-02-20", False)):
            assert bool(self.chosen(known, [("P05", day, 1.0)], visit)) is inside

    def test_who_has_no_anchor_has_no_record(self, known):
        members = population_members(known, "EVERY")  # P07 has no start of radiotherapy
        frame = pd.DataFrame({"USUBJID": ["P07"], "ADT": pd.to_datetime(["2025-03-10"]), "AVAL": [1.0]})
        assert len(visit_records(frame, members, known.design.visit("V1"))) == 0

    def test_no_record_at_all(self, known):
        assert self.chosen(known, [], known.design.visit("V1")) == {}

    def test_due_needs_a_closed_window_and_life_at_its_opening(self, known):
        """V2 is 200 to 300 days after the end of radiotherapy.

        Windows: P05 (03-07) 2025-09-23 to 2026-01-01, open by one day; P02 (03-20) opens 2025-10-06, dead by then;
        P01 (04-06) to 2026-01-31; so nobody is due at the cut-off. A window to day 299 closes P05's on 2025-12-31.
        """
        members = population_members(known, "BEAM")
        visit = known.design.visit("V2")
        assert not visit_due(known, members, visit).any()
        due = visit_due(known, members, replace(visit, last=299))
        assert dict(zip(members["USUBJID"], due.tolist(), strict=True)) == {
            "P05": True, "P02": False, "P01": False, "P03": False, "P06": False, "P04": False,
        }  # fmt: skip

    def test_death_on_the_opening_day_is_due(self, known):
        """P02 ended radiotherapy 2025-03-20 and died 2025-09-01, 165 days later."""
        members = population_members(known, "BEAM")
        where = members["USUBJID"].tolist().index("P02")
        on_the_day = Visit("V", "V", anchor="RTENDT", day=166, first=165, last=170)
        day_after = Visit("V", "V", anchor="RTENDT", day=166, first=166, last=170)
        assert visit_due(known, members, on_the_day)[where]
        assert not visit_due(known, members, day_after)[where]


def test_period_ends_on_its_last_day_and_may_have_none(known):
    """P05: 2025-01-20 to 2025-03-07 and 90 days, 2025-06-05; the day after that the late period begins."""
    members = population_members(known, "EVERY")
    early = period_span(members, known.design.period("early"))
    after = period_span(members, known.design.period("after"))
    assert (early.start[0], early.end[0]) == (pd.Timestamp("2025-01-20"), pd.Timestamp("2025-06-05"))
    assert after.start[0] == pd.Timestamp("2025-06-06")
    assert after.end.isna().all()
    assert pd.isna(early.start[3])  # P07


def test_period_whose_end_is_missing_has_its_longest(whole):
    """P08: from 2026-02-10, no end; 70 days and 90 more are 2026-07-20. P07 never began."""
    early = period_span(whole["adsl"], whole.design.period("early"))
    assert whole["adsl"]["USUBJID"].tolist()[2] == "P08"
    assert (early.start[2], early.end[2]) == (pd.Timestamp("2026-02-10"), pd.Timestamp("2026-07-20"))
    assert pd.isna(early.start[4])
    assert pd.isna(early.end[4])


@pytest.mark.parametrize(
    ("period", "told"),
    [
        (Period("p", "P", "P.", "RTSTDT", end="RTENDT"), "period p ends at RTENDT: longest says"),
        (Period("p", "P", "P.", "RTSTDT", end="RTENDT", longest=0), "period p ends at RTENDT: longest says"),
        (Period("p", "P", "P.", "RTSTDT", longest=5), "period p has no end, so longest has no effect"),
    ],
)
def test_period_says_how_long_it_can_be(design, period, told):
    with pytest.raises(SpecError, match=told):
        replace(design, periods=(period,))


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


CISPLATIN = {"drugs": ("CISPLATIN",), "unit": "mg/m2", "known_from": "RTENDT"}
DELIVERED = (
    OverallTime("OTT", start="RTSTDT", end="RTENDT"),
    Ratio("RTPCT", numerator="FXDELIV", denominator="FXPLAN"),
    CumulativeDose("CCD_CONC", phases=("CONCURRENT",), **CISPLATIN),
    CumulativeDose("CCD_IND", phases=("INDUCTION",), **CISPLATIN),
    CumulativeDose("CCD_TOTAL", phases=(), **CISPLATIN),
)


class TestExposure:
    def exposure(self, study):
        asked = replace(study, design=replace(study.design, delivered=DELIVERED))
        found = population_members(derive_exposure(asked), "EVERY").set_index("USUBJID")
        return found[[item.code for item in DELIVERED]]

    @pytest.mark.parametrize("hide", [pool_arms, lambda study: mask_arms(study, {"X": "B", "Y": "A"})])
    def test_doses_are_summed_while_they_have_their_units(self, whole, hide):
        """Where arms are masked or removed the unit is gone, and the sums are those of the named arms."""
        known = assign_arms(at_cutoff(whole, datetime.date(2025, 12, 31), snapshot="event-date"))
        hidden = hide(known)
        assert "EXDOSU" not in hidden["adex"]
        by_hand = {"P05": 180, "P02": 40, "P01": 0, "P06": 40}
        for study in (known, hidden):
            found = study["adsl"].set_index("USUBJID")["CCD_CONC"]
            assert {who: found[who] for who in by_hand} == by_hand
            assert found[["P03", "P07"]].isna().all()

    def test_dose_in_another_unit_is_refused_in_every_session(self, whole):
        """Concurrent doses above 0 are two of P05 and one each of P02, P03 and P06."""
        adex = whole["adex"].assign(EXDOSU="mg")
        with pytest.raises(DataError, match=r"CCD_CONC, at the cut-off: unit of CISPLATIN: 5 values in another unit"):
            at_cutoff(whole.with_frames({"adex": adex}), datetime.date(2025, 12, 31), snapshot="event-date")

    def test_by_hand(self, known):
        """P05: 01-20 to 03-07 is 46 days, both ends counted 47; 180 mg/m². P01: 34 of 35 fractions, no cisplatin."""
        found = self.exposure(known)
        assert found.loc["P05"].tolist() == [47, 1.0, 180, 0, 180]
        assert found.loc["P02"].tolist() == [48, 1.0, 40, 75, 115]
        assert found.loc["P01"].tolist() == [46, 34 / 35, 0, 0, 0]

    def test_dose_that_is_not_recorded_is_not_zero(self, known):
        """P03's second cycle has no dose: the sum is not known; nothing was due in induction."""
        found = self.exposure(known).loc["P03"]
        assert np.isnan(found["CCD_CONC"])
        assert found["CCD_IND"] == 0
        assert np.isnan(found["CCD_TOTAL"])

    def test_unfinished_radiotherapy_is_not_known_yet(self, known):
        assert self.exposure(known).loc["P07"].isna().all()
