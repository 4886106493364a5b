"""Endpoints by hand: eight participants per rule, all with time zero on one day, so that every date is a day number.

Time zero (start of radiotherapy) is 2025-01-01, day 0; radiotherapy ends on day 50; the cut-off is day 730.
"""

from __future__ import annotations

import datetime
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.endpoints.summary import summarize_endpoints
from npcstats.analyses.timetoevent.groups import Landmark, timed_sample
from npcstats.clinical.oncology import HEAD_AND_NECK_ASSESSMENTS, HEAD_AND_NECK_EVENTS
from npcstats.derive import assign_arms, at_cutoff, derive_endpoint, population_members
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select
from npcstats.schema import with_levels
from npcstats.study import FRAMES, Arm, Column, Design, Endpoint, EventRule, Gap, Population, Schema, Study

MONTH = 30.4375
ZERO = pd.Timestamp("2025-01-01")
PEOPLE = ("H", "C", "A", "F", "B", "G", "D", "E")
WORSE = Endpoint(
    "WORSE", "Without progression", "Progression or death.", origin="RTSTDT",
    events=("LOCAL", "REGIONAL", "DISTANT", "DEATH"), censored_by=("NEW-THERAPY",),
    censor_at=("LOCOREGIONAL", "SYSTEMIC"), simultaneous_days=30,
)  # fmt: skip
CONTROL = Endpoint(
    "CONTROL", "Control", "Recurrence.", origin="RTSTDT", events=("LOCAL", "REGIONAL"), competing=("DISTANT", "DEATH"),
    censor_at=("LOCOREGIONAL",), simultaneous_days=30,
)  # fmt: skip
CAUSED = Endpoint(
    "CAUSED", "Death of disease", "Death of the disease.", origin="RTSTDT", events=("DEATH:DISEASE",),
    competing=("DEATH:TREATMENT", "DEATH:OTHER", "DEATH:UNKNOWN"),
)  # fmt: skip
ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True),
        Column("AGE", "number", missing=True),
        Column("RTSTDT", "date", missing=True),
        Column("RTENDT", "date", missing=True),
        Column("DTHDT", "date", missing=True),
        Column("DTHCAUS", "text", missing=True, levels=("DISEASE", "TREATMENT", "OTHER"), known_from="DTHDT"),
        Column("EOSDT", "date", missing=True),
        Column("EOSSTT", "text", missing=True, levels=("LOST", "WITHDRAWN"), known_from="EOSDT"),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
)
ADASSESS = with_levels(FRAMES["adassess"], {"KIND": HEAD_AND_NECK_ASSESSMENTS})
EIGHT = Design(
    registry="TEST-8",
    title="Eight endpoints",
    short_title="Eight",
    allocation="non-randomized",
    arms=(Arm("X", "Ex"), Arm("Y", "Wye")),
    arm_rule={},
    visits=(),
    populations=(
        Population("BEAM", "Radiotherapy", "Everyone who started radiotherapy.", requires=("RTSTDT",), arms="actual"),
    ),
    periods=(),
    endpoints=(),
    planned_size=8,
    accrual_start=datetime.date(2025, 1, 1),
    accrual_plan=((0.0, 0.0), (1.0, 1.0)),
    treatment_columns={},
    frames=(ADSL, FRAMES["adevent"], ADASSESS, FRAMES["adtte"]),
    events=HEAD_AND_NECK_EVENTS,
)
WINDOWS = ((80, 119), (120, 179), (180, 239), (240, 299))


def day(number):
    return ZERO + pd.Timedelta(days=number)


def dated(days):
    return pd.Series([pd.NaT if d is None else day(d) for d in days], dtype="datetime64[s]")


def trial(endpoint, *, events=(), seen=(), deaths=None, ends=None, cutoff=730):
    """A study of eight with one endpoint.

    ``events`` are (who, kind, day, how confirmed), ``seen`` (who, kind, day), ``deaths`` who: (day, cause), ``ends``
    who: (day, state).
    """
    deaths, ends = deaths or {}, ends or {}
    adsl = pd.DataFrame({"USUBJID": PEOPLE, "TRT01P": ["X", "Y"] * 4, "TRT01A": ["X", "Y"] * 4, "AGE": 50.0})
    adsl["ENRLDT"] = adsl["RTSTDT"] = dated([0] * len(PEOPLE))
    adsl["RTENDT"] = dated([50] * len(PEOPLE))
    adsl["DTHDT"] = dated([deaths.get(who, (None, ""))[0] for who in PEOPLE])
    adsl["DTHCAUS"] = [deaths.get(who, (None, ""))[1] for who in PEOPLE]
    adsl["EOSDT"] = dated([ends.get(who, (None, ""))[0] for who in PEOPLE])
    adsl["EOSSTT"] = [ends.get(who, (None, ""))[1] for who in PEOPLE]
    frames = {
        "adsl": adsl,
        "adevent": pd.DataFrame(
            {"USUBJID": [e[0] for e in events], "KIND": [e[1] for e in events], "ADT": dated([e[2] for e in events]),
             "CONFIRM": [e[3] if len(e) > 3 else "" for e in events]}
        ),
        "adassess": pd.DataFrame(
            {"USUBJID": [s[0] for s in seen], "KIND": [s[1] for s in seen], "ADT": dated([s[2] for s in seen])}
        ),
    }  # fmt: skip
    for name in ("adevent", "adassess"):
        frames[name]["ENTRYDT"] = dated([None] * len(frames[name]))
    design = replace(EIGHT, endpoints=(endpoint,))
    study = Study(design, frames, Path("eight"), synthetic=True, session="only", rounding="half-away")
    return assign_arms(at_cutoff(study, day(cutoff).date(), snapshot="event-date"))


def derived(endpoint, **records):
    """Day, cause and reason of each participant."""
    study = trial(endpoint, **records)
    members = population_members(study, "BEAM")
    times = derive_endpoint(study, members, endpoint)
    days = [round(t * MONTH, 9) for t in times.time]
    return dict(zip(members["USUBJID"], zip(days, times.cause.tolist(), times.reason, strict=True), strict=True))


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
        found = derived(replace(self.STOPPED, simultaneous_days=0), **TOGETHER)
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


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"events": ()}, "endpoint WORSE has no event"),
        ({"events": ("LOCAL", "LOCAL")}, "LOCAL of endpoint WORSE stands twice"),
        ({"competing": ("LOCAL",), "events": ("LOCAL",)}, "LOCAL of endpoint WORSE stands twice"),
        ({"censored_by": ("DISTANT",), "events": ("LOCAL",), "simultaneous_days": None}, "simultaneous_days says when"),
        ({"rules": (EventRule("RESIDUAL"),)}, "RESIDUAL, for which endpoint WORSE has a rule, is none of its kinds"),
        ({"rules": (EventRule("LOCAL", anchor="RTEND"),)}, "RTEND of a rule of endpoint WORSE is not a date of adsl"),
        ({"gap": Gap("RTENDT", WINDOWS, missed=5)}, "the gap of endpoint WORSE is 5 of 4 assessments"),
        ({"gap": Gap("AGE", WINDOWS, missed=1)}, "AGE of the gap of endpoint WORSE is not a date of adsl"),
        ({"param": "X"}, "clock '' of endpoint WORSE is not one of days, months, years, dates"),
        ({"param": "X", "clock": "days"}, "endpoint WORSE is taken from adtte and cannot be derived from events too"),
    ],
)
def test_contradictions_are_refused_with_the_design(changed, message):
    with pytest.raises(SpecError, match=message):
        trial(replace(WORSE, **changed))


def test_variant_is_of_an_endpoint():
    with pytest.raises(SpecError, match="NONE of endpoint WORSE is not an endpoint"):
        replace(EIGHT, endpoints=(replace(WORSE, variant_of="NONE"),))


def test_description_that_becomes_a_key_is_declared_as_coded():
    adtte = replace(
        FRAMES["adtte"],
        columns=tuple(Column("EVNTDESC", "text") if c.name == "EVNTDESC" else c for c in FRAMES["adtte"].columns),
    )
    frames = tuple(adtte if schema.name == "adtte" else schema for schema in EIGHT.frames)
    exported = Endpoint("T", "T", "T.", origin="RTSTDT", param="T", clock="days")
    with pytest.raises(SpecError, match=r"adtte\.EVNTDESC becomes part of a key"):
        replace(EIGHT, endpoints=(exported,), frames=frames)


COUNTED = {
    "events": [("A", "LOCAL", 100), ("A", "REGIONAL", 100), ("B", "DISTANT", 90), ("C", "REGIONAL", 200)],
    "deaths": {"D": (300, "OTHER")},
    "ends": {"E": (300, "LOST")},
    "seen": [(who, "LOCOREGIONAL", 250) for who in "EFGH"],
}


class TestCounts:
    SPEC = EndpointsSpec("ends", "Ends", "BEAM", ("only",), ("CONTROL",), "planned")

    def count(self, results, arm, variable):
        found = one(results, arm=arm, block="CONTROL", variable=variable, measure="proportion", stat="count")
        return found.value

    def test_by_hand(self):
        """X holds H, A, B, D and Y holds C, F, G, E."""
        results = summarize_endpoints(trial(CONTROL, **COUNTED), self.SPEC)
        lines = {
            "EVENT": (1, 1, 2),
            "EVENT:LOCAL": (1, 0, 1),
            "EVENT:REGIONAL": (1, 1, 2),
            "COMPETING:DISTANT": (1, 0, 1),
            "COMPETING:DEATH": (1, 0, 1),
            "CENSORED": (1, 3, 4),
            "CENSORED:ONGOING": (1, 2, 3),
            "CENSORED:LOST": (0, 1, 1),
            "CENSORED:WITHDREW": (0, 0, 0),
        }
        assert {row.variable for row in results.rows if row.block} == set(lines)
        for variable, counts in lines.items():
            assert tuple(self.count(results, arm, variable) for arm in ("X", "Y", "all")) == counts

    def test_lines_add_up(self):
        results = summarize_endpoints(trial(CONTROL, **COUNTED), self.SPEC)
        for arm in ("X", "Y", "all"):
            rows = select(results, arm=arm, block="CONTROL", measure="proportion", stat="count")
            by_role = {role: [r.value for r in rows if r.variable.startswith(f"{role}:")] for role in
                       ("COMPETING", "CENSORED")}  # fmt: skip
            censored = self.count(results, arm, "CENSORED")
            assert sum(by_role["CENSORED"]) == censored
            size = one(results, arm=arm, measure="participants").value
            assert self.count(results, arm, "EVENT") + sum(by_role["COMPETING"]) + censored == size

    def test_nobody_in_the_population(self):
        study = trial(CONTROL)
        study = study.with_frames({"adsl": study["adsl"].assign(RTSTDT=dated([None] * len(PEOPLE)))})
        results = summarize_endpoints(study, self.SPEC)
        found = one(results, arm="all", variable="EVENT", stat="estimate")
        assert np.isnan(found.value)
        assert found.note == "Nobody is in the denominator."

    def test_definition_and_window_are_told(self):
        sentences = summarize_endpoints(trial(CONTROL, **COUNTED), self.SPEC).catalogue.analyses["ends"].sentences
        assert sentences["definition.CONTROL"] == "Control: recurrence."
        assert "within 30 days" in sentences["simultaneous.30"]


def test_event_before_time_zero_is_refused():
    with pytest.raises(DataError, match=r"^endpoint WORSE: 1 participant with an event before RTSTDT; events on"):
        derived(WORSE, events=[("A", "LOCAL", -1)])


def test_order_of_records_changes_nothing():
    records = TOGETHER["events"]
    assert derived(CONTROL, events=records[::-1]) == derived(CONTROL, events=records)


AVAL = dict(zip("ABCDEFGH", (31, 62, 1, 731, 100, 200, 300, 50), strict=True))
CNSR = dict(zip("ABCDEFGH", (0, 1, 0, 1, 2, 3, 1, 1), strict=True))


class TestExported:
    """An endpoint that the export brought, in days that count the first as day one; H has a competing event.

    ==== ==== ==== ====== ==== ==== ==== ==== ====
    who  A    B    C      D    E    F    G    H
    AVAL 31   62   1      731  100  200  300  50
    CNSR 0    1    0      1    2    3    1    1
    ==== ==== ==== ====== ==== ==== ==== ==== ====
    """

    ENDPOINT = Endpoint("HEALED", "Healed", "Time to healing.", origin="RTSTDT", param="HEAL", clock="days")

    def study(self, cutoff=730, **columns):
        who = list("HGFEDCBA")
        days = [AVAL[name] - 1 for name in who]
        adtte = pd.DataFrame({
            "USUBJID": who, "PARAMCD": "HEAL", "AVAL": [float(AVAL[name]) for name in who],
            "CNSR": [float(CNSR[name]) for name in who], "STARTDT": dated([0] * 8), "ADT": dated(days),
            "EVNTDESC": ["healed" if CNSR[name] == 0 else "followed" for name in who], **columns,
        })  # fmt: skip
        other = adtte.assign(PARAMCD="OTHER", AVAL=9999.0)
        whole = trial(self.ENDPOINT, cutoff=730)
        frames = {**whole.frames, "adtte": pd.concat([other, adtte], ignore_index=True)}
        return at_cutoff(replace(whole, frames=frames), day(cutoff).date(), snapshot="event-date")

    def times(self, study, endpoint=ENDPOINT):
        members = population_members(study, "BEAM")
        found = derive_endpoint(study, members, endpoint)
        triples = zip([round(t, 9) for t in found.time], found.cause.tolist(), found.cnsr.tolist(), strict=True)
        return dict(zip(members["USUBJID"], triples, strict=True))

    def test_days_become_months_and_the_reversed_code_an_event(self):
        expected = {who: (round(AVAL[who] / MONTH, 9), int(CNSR[who] == 0), CNSR[who]) for who in PEOPLE}
        assert self.times(self.study()) == expected

    @pytest.mark.parametrize(("clock", "months"), [("months", 31.0), ("years", 372.0), ("dates", round(30 / MONTH, 9))])
    def test_other_clocks(self, clock, months):
        assert self.times(self.study(), replace(self.ENDPOINT, clock=clock))["A"][0] == months

    def test_type_tells_the_competing_event(self):
        types = [2.0 if who == "H" else float(CNSR[who] == 0) for who in "HGFEDCBA"]
        assert self.times(self.study(EVTYPE=types))["H"] == (round(50 / MONTH, 9), 2, 1)

    def test_code_of_the_event_is_never_a_competing_one(self):
        types = [2.0 if who == "A" else float(CNSR[who] == 0) for who in "HGFEDCBA"]
        with pytest.raises(DataError, match="CNSR and EVTYPE disagree in 1 of 8 participants"):
            self.times(self.study(EVTYPE=types))

    def test_earlier_cutoff_cannot_be_derived(self):
        """D's record is of day 730: on day 729 it is not known, and nothing can be derived in its place."""
        with pytest.raises(DataError) as caught:
            self.times(self.study(cutoff=729))
        assert str(caught.value) == (
            "endpoint HEALED: 1 of 8 participants without a record of HEAL in adtte by 2026-12-31; what an export "
            "brings cannot be derived again: a cut-off not before the last record, and a record for each of the "
            "population, or a population without those who have none, are required."
        )

    def test_time_zero_is_checked(self):
        with pytest.raises(DataError, match=r"adtte\.STARTDT is not RTENDT in 8 of 8 participants"):
            self.times(self.study(), replace(self.ENDPOINT, origin="RTENDT"))

    def test_reasons_are_the_exports_own_words(self):
        study = self.study()
        rows = summarize_endpoints(
            replace(study, design=replace(study.design, endpoints=(self.ENDPOINT,))),
            EndpointsSpec("ends", "Ends", "BEAM", ("only",), ("HEALED",), "planned"),
        )
        found = one(rows, arm="all", variable="CENSORED:followed", measure="proportion", stat="count")
        assert found.value == 6

    def test_time_zero_of_the_export(self):
        """With its own time zero nothing of ADSL is compared, and nobody is left out for a date that ADSL lacks."""
        study = self.study(STARTDT=dated([7] * 8), AVAL=[100.0] * 8)
        own = replace(self.ENDPOINT, origin="")
        assert {months for months, _, _ in self.times(study, own).values()} == {round(100 / MONTH, 9)}
        with pytest.raises(DataError, match=r"zero, or none for the export's own, is required\.$"):
            self.times(study)
        undated = study.with_frames({"adsl": study["adsl"].assign(RTENDT=dated([None] * 8))})
        counts = EndpointsSpec("ends", "Ends", "BEAM", ("only",), ("HEALED",), "planned")
        design = replace(undated.design, endpoints=(own,))
        results = summarize_endpoints(assign_arms(replace(undated, design=design)), counts)
        assert one(results, arm="all", variable="EVENT", stat="total").value == 8

    def test_landmark_counts_from_the_exports_time_zero(self):
        """STARTDT is day 7 and the landmark day 50 of ADSL, 43 days later; A (31 days) and C (1) have ended."""
        study = self.study(STARTDT=dated([7] * 8))
        design = replace(study.design, endpoints=(replace(self.ENDPOINT, origin=""),))
        known = assign_arms(replace(study, design=design))
        sample = timed_sample(known, "BEAM", design.endpoints[0], landmark=Landmark("RTENDT", 0, "From day 50."))
        expected = {who: round((AVAL[who] - 43) / MONTH, 9) for who in "BDEFGH"}
        assert dict(zip(sample.members["USUBJID"], np.round(sample.times.time, 9), strict=True)) == expected

    def test_export_without_a_description(self):
        study = self.study()
        study = study.with_frames({"adtte": study["adtte"].drop(columns="EVNTDESC")})
        found = derive_endpoint(study, population_members(study, "BEAM"), self.ENDPOINT)
        assert set(found.reason[found.cause == 0]) == {"CNSR 1", "CNSR 2", "CNSR 3"}

    @pytest.mark.parametrize(
        ("without", "changed", "message"),
        [
            ("EVNTDESC", {}, ""),
            ("AVAL", {"clock": "dates"}, ""),
            ("AVAL", {}, "endpoint HEALED needs adtte.AVAL"),
            ("STARTDT", {"origin": ""}, ""),
            ("STARTDT", {}, "endpoint HEALED needs adtte.STARTDT"),
            ("STARTDT", {"origin": "", "clock": "dates"}, "endpoint HEALED needs adtte.STARTDT"),
        ],
    )
    def test_what_the_export_needs_follows_from_what_is_asked(self, without, changed, message):
        adtte = FRAMES["adtte"]
        ordered = () if without == "STARTDT" else adtte.ordered
        adtte = replace(adtte, columns=tuple(c for c in adtte.columns if c.name != without), ordered=ordered)
        frames = tuple(adtte if schema.name == "adtte" else schema for schema in EIGHT.frames)
        with pytest.raises(SpecError, match=message) if message else nullcontext():
            replace(EIGHT, endpoints=(replace(self.ENDPOINT, **changed),), frames=frames)


def test_derived_endpoint_needs_a_time_zero():
    with pytest.raises(SpecError, match="endpoint WORSE has no time zero"):
        trial(replace(WORSE, origin=""))
