"""Endpoints that are derived, by hand: times, reasons, simultaneous relapses, gaps, causes of death, rules.

Days are counted on the calendar of 2025 (not a leap year); a month is 30.4375 days.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import pandas as pd
import pytest
from endings import CAUSED, CONTROL, MONTH, PEOPLE, WINDOWS, WORSE, derived, trial

from npcstats.derive import (
    assign_arms,
    at_cutoff,
    derive_endpoint,
    population_members,
)
from npcstats.errors import DataError, SpecError
from npcstats.study import EventRule, Gap

ENDED = {
    "events": [("A", "LOCAL", 200), ("C", "NEW-THERAPY", 150), ("C", "DISTANT", 300), ("A", "SECOND-PRIMARY", 90)],
    "deaths": {"B": (400, "DISEASE"), "H": (900, "OTHER")},
    "ends": {"D": (500, "LOST"), "E": (310, "WITHDRAWN"), "F": (800, "LOST")},
    "seen": [("C", "LOCOREGIONAL", 120), ("D", "SYSTEMIC", 480), ("E", "LOCOREGIONAL", 300),
             ("E", "SYSTEMIC", 100), ("F", "SYSTEMIC", 700), ("F", "SYSTEMIC", 760), ("H", "LOCOREGIONAL", 650),
             ("D", "VITAL", 499)],
}  # fmt: skip


class TestReasons:
    """A progressed, B died, C began a new therapy, D was lost, E withdrew, F goes on, G was never seen, H died late."""

    def test_by_hand(self):
        """C stops when therapy begins, whatever follows; F's loss and H's death are after the cut-off."""
        assert derived(WORSE, **ENDED) == {
            "A": (200, 1, "LOCAL"),
            "B": (400, 1, "DEATH"),
            "C": (150, 0, "NEW-THERAPY"),
            "D": (480, 0, "LOST"),
            "E": (300, 0, "WITHDREW"),
            "F": (700, 0, "ONGOING"),
            "G": (0, 0, "ONGOING"),
            "H": (650, 0, "ONGOING"),
        }

    def test_codes(self):
        study = trial(WORSE, **ENDED)
        members = population_members(study, "BEAM")
        codes = dict(zip(members["USUBJID"], derive_endpoint(study, members, WORSE).cnsr.tolist(), strict=True))
        assert codes == {"A": 0, "B": 0, "C": 4, "D": 2, "E": 3, "F": 1, "G": 1, "H": 1}

    def test_new_therapy_as_an_event(self):
        varied = replace(WORSE, events=(*WORSE.events, "NEW-THERAPY"), censored_by=())
        assert derived(varied, **ENDED)["C"] == (150, 1, "NEW-THERAPY")

    def test_new_therapy_ignored(self):
        assert derived(replace(WORSE, censored_by=()), **ENDED)["C"] == (300, 1, "DISTANT")

    def test_second_primary_is_no_event(self):
        without = {**ENDED, "events": [e for e in ENDED["events"] if e[1] != "SECOND-PRIMARY"]}
        assert derived(WORSE, **without) == derived(WORSE, **ENDED)

    def test_death_that_is_neither_event_nor_competing_is_said(self):
        local = replace(WORSE, events=("LOCAL",), censored_by=())
        assert derived(local, **ENDED)["B"] == (0, 0, "DIED")

    def test_later_cutoff_derives_everything_again(self):
        """By day 900 F was lost, last assessed on day 760, and H has died."""
        later = derived(WORSE, **ENDED, cutoff=900)
        assert (later["F"], later["H"]) == ((760, 0, "LOST"), (900, 1, "DEATH"))


TOGETHER = {
    "events": [
        *((who, "DISTANT", 100) for who in "ABCDEFG"),
        ("A", "LOCAL", 100), ("B", "LOCAL", 110), ("C", "LOCAL", 130), ("D", "LOCAL", 131), ("E", "LOCAL", 95),
        ("F", "NEW-THERAPY", 90), ("F", "LOCAL", 110), ("G", "NEW-THERAPY", 105), ("G", "LOCAL", 110),
        ("H", "LOCAL", 300),
    ],
}  # fmt: skip


class TestSimultaneous:
    """Distant relapse on day 100 in A to G; the local one: A same day, B 10, C 30, D 31 days later, E 5 before.

    F's therapy began on day 90, G's on day 105, each before a local relapse on day 110; H only has a local relapse.
    """

    STOPPED = replace(CONTROL, censored_by=("NEW-THERAPY",))

    def test_event_within_the_window_of_a_competing_relapse_counts_on_its_own_day(self):
        """D's is a day too late: the distant one competes. F was out of observation before either."""
        assert derived(self.STOPPED, **TOGETHER) == {
            "A": (100, 1, "LOCAL"),
            "B": (110, 1, "LOCAL"),
            "C": (130, 1, "LOCAL"),
            "D": (100, 2, "DISTANT"),
            "E": (95, 1, "LOCAL"),
            "F": (90, 0, "NEW-THERAPY"),
            "G": (110, 1, "LOCAL"),
            "H": (300, 1, "LOCAL"),
        }

    def test_without_a_window_the_first_decides(self):
        found = derived(replace(self.STOPPED, event_within_days=0), **TOGETHER)
        assert [found[who][1] for who in "ABCDEFGH"] == [1, 2, 2, 2, 1, 0, 2, 1]

    def test_relapse_that_stops_follow_up_has_the_window_too(self):
        endpoint = replace(self.STOPPED, competing=("DEATH",), censored_by=("DISTANT", "NEW-THERAPY"))
        found = derived(endpoint, **TOGETHER)
        assert [found[who][1] for who in "ABCDEFGH"] == [1, 1, 1, 0, 1, 0, 1, 1]
        assert found["D"] == (100, 0, "DISTANT")

    def test_death_has_no_window(self):
        """Nothing follows a death; a death ten days before a record of relapse competes."""
        found = derived(CONTROL, events=[("A", "LOCAL", 110)], deaths={"A": (100, "OTHER")})
        assert found["A"] == (100, 2, "DEATH")

    def test_first_failures_count_every_simultaneous_kind(self):
        """Of WORSE, with F and G: within 30 days of the first, A, B, C and E failed at both sites, D did not."""
        study = trial(replace(WORSE, censored_by=()), **TOGETHER)
        members = population_members(study, "BEAM")
        failures = derive_endpoint(study, members, replace(WORSE, censored_by=())).failures
        who = {kind: "".join(sorted(members["USUBJID"][had])) for kind, had in failures.items()}
        assert who == {"LOCAL": "ABCEFGH", "REGIONAL": "", "DISTANT": "ABCDEFG", "DEATH": ""}


SEEN = {"A": (140, 200, 250), "B": (140,), "C": (140, 200), "E": (140, 200, 260, 300), "F": (140,), "G": (140,),
        "H": (140,)}  # fmt: skip
UNSEEN = {
    "events": [*((who, "LOCAL", 300) for who in "ABCDE"), ("H", "LOCAL", 229)],
    "deaths": {"F": (240, "OTHER")},
    "ends": {"G": (400, "LOST")},
    "seen": [(who, "LOCOREGIONAL", number) for who, days in SEEN.items() for number in days],
}


class TestGap:
    """Planned assessments on days 130 to 169, 170 to 229, 230 to 289 and 290 to 349 (80 to 299 after radiotherapy).

    All progress on day 300 but F, who dies on day 240, G, who only is lost, and H, who progresses on day 229. Seen: A
    on 140, 200, 250; B on 140; C on 140 and 200; D never; E on 140, 200, 260 and on 300 itself; F on 140; G on 140; H
    on 140.
    """

    GAP = replace(WORSE, gap=Gap("RTENDT", WINDOWS, missed=2))

    def test_by_hand(self):
        """B missed two windows, D three; C one, for 290 to 349 was still open; F and H one: 170 to 229 ends after 229.

        F's window 170 to 229 is missed, 230 to 289 still open at death on 240. H's 170 to 229 is open on 229.
        """
        assert derived(self.GAP, **UNSEEN) == {
            "A": (300, 1, "LOCAL"),
            "B": (140, 0, "MISSED"),
            "C": (300, 1, "LOCAL"),
            "D": (0, 0, "MISSED"),
            "E": (300, 1, "LOCAL"),
            "F": (240, 1, "DEATH"),
            "G": (140, 0, "LOST"),
            "H": (229, 1, "LOCAL"),
        }

    def test_one_missed_is_enough_where_the_plan_says_so(self):
        found = derived(replace(self.GAP, gap=Gap("RTENDT", WINDOWS, missed=1)), **UNSEEN)
        assert "".join(who for who in sorted(found) if found[who][2] == "MISSED") == "BCDF"

    def test_assessment_on_the_day_of_the_event_does_not_bridge_the_gap(self):
        seen = [*UNSEEN["seen"], ("B", "LOCOREGIONAL", 300)]
        assert derived(self.GAP, **{**UNSEEN, "seen": seen})["B"] == (140, 0, "MISSED")

    def test_competing_event_after_a_gap_does_not_count_either(self):
        endpoint = replace(CONTROL, gap=Gap("RTENDT", WINDOWS, missed=2))
        found = derived(endpoint, events=[("A", "DISTANT", 300)], seen=[("A", "LOCOREGIONAL", 140)])
        assert found["A"] == (140, 0, "MISSED")

    def test_gap_only_removes_events(self):
        plain, with_gap = derived(WORSE, **UNSEEN), derived(self.GAP, **UNSEEN)
        for who in PEOPLE:
            assert with_gap[who] == plain[who] or with_gap[who][2] == "MISSED"
            assert with_gap[who][0] <= plain[who][0]


DEATHS = {
    "deaths": {"A": (100, "DISEASE"), "B": (200, "TREATMENT"), "C": (300, "OTHER"), "D": (400, ""),
               "E": (800, "DISEASE")},
    "seen": [(who, "VITAL", 600) for who in "EFGH"],
}  # fmt: skip


class TestCauseOfDeath:
    def test_by_hand(self):
        """D's cause is not known: it has its own place. E's death is after the cut-off."""
        assert derived(CAUSED, **DEATHS) == {
            "A": (100, 1, "DEATH:DISEASE"),
            "B": (200, 2, "DEATH:TREATMENT"),
            "C": (300, 2, "DEATH:OTHER"),
            "D": (400, 2, "DEATH:UNKNOWN"),
            **dict.fromkeys("EFGH", (600, 0, "ONGOING")),
        }

    def test_unknown_cause_can_be_the_event(self):
        endpoint = replace(CAUSED, events=("DEATH:DISEASE", "DEATH:UNKNOWN"), competing=CAUSED.competing[:2])
        assert derived(endpoint, **DEATHS)["D"] == (400, 1, "DEATH:UNKNOWN")

    def test_competing_event_is_never_coded_as_the_event(self):
        study = trial(CAUSED, **DEATHS)
        times = derive_endpoint(study, population_members(study, "BEAM"), CAUSED)
        assert (times.cnsr[times.cause == 2] == 8).all()
        assert ((times.cnsr == 0) == (times.cause == 1)).all()

    @pytest.mark.parametrize(
        ("events", "competing"),
        [(("DEATH:DISEASE",), ("DEATH:OTHER",)), (("DEATH:DISEASE",), ("DEATH",)), (("DEATH:DISEASE",), ())],
    )
    def test_each_cause_needs_one_place(self, events, competing):
        with pytest.raises(SpecError, match="deaths of endpoint CAUSED are told by cause"):
            trial(replace(CAUSED, events=events, competing=competing))


class TestRules:
    """Residual disease counts if proven by biopsy on day 112 to 168 after radiotherapy: day 162 to 218."""

    ENDPOINT = replace(
        WORSE,
        events=(*WORSE.events, "RESIDUAL"),
        rules=(EventRule("RESIDUAL", confirmed_by=("BIOPSY",), anchor="RTENDT", first=112, last=168),),
    )

    def test_by_hand(self):
        """A and B on the first and last day; C a day early, D a day late; E by imaging only; F early, then in time;
        G relapses first; H has none.
        """
        biopsies = [("A", 162), ("B", 218), ("C", 161), ("D", 219), ("F", 100), ("F", 170), ("G", 170)]
        events = [
            *((who, "RESIDUAL", number, "BIOPSY") for who, number in biopsies),
            ("E", "RESIDUAL", 170, "IMAGING"),
            ("G", "LOCAL", 165, ""),
        ]
        found = derived(self.ENDPOINT, events=events, seen=[(who, "SYSTEMIC", 700) for who in PEOPLE])
        assert found == {
            "A": (162, 1, "RESIDUAL"),
            "B": (218, 1, "RESIDUAL"),
            **dict.fromkeys("CDEH", (700, 0, "ONGOING")),
            "F": (170, 1, "RESIDUAL"),
            "G": (165, 1, "LOCAL"),
        }


def test_event_before_time_zero_is_refused():
    with pytest.raises(DataError, match=r"^endpoint WORSE: 1 participant with an event before RTSTDT; events on"):
        derived(WORSE, events=[("A", "LOCAL", -1)])


def test_order_of_records_changes_nothing():
    records = TOGETHER["events"]
    assert derived(CONTROL, events=records[::-1]) == derived(CONTROL, events=records)


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
