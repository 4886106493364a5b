"""Endpoints of adverse events by hand, from a landmark and from the start of radiotherapy; dates: `graded`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eight import CSV, DESIGN
from graded import ANY, EVER, LATE, SEVERE, SOONEST, eight_with, followed, onset

from npcstats.derive import outside_time_zero, population_members
from npcstats.errors import DataError, SpecError
from npcstats.study import EventRule, GradedEvent

WORSE = replace(LATE, events=("LATE-3",))
QUIET = {"P01": (133, 0, "ONGOING"), "P02": (75, 2, "DEATH"), "P03": (47, 0, "ONGOING"), "P05": (179, 0, "ONGOING")}


def test_their_own_events():
    """P03's dry mouth begins on day 91; P01's began before day 90 and persists; P04, whose headache began on day 90, is
    not followed beyond it; P06 has not come so far."""
    study = eight_with(endpoints=(LATE,))
    assert followed(study, LATE) == {**QUIET, "P03": (1, 1, "LATE-1")}
    outside = outside_time_zero(study, population_members(study, "BEAM"), LATE)
    who = population_members(study, "BEAM")["USUBJID"]
    assert {reason: sorted(who[flags]) for reason, flags in outside.items()} == {
        "NOT-REACHED": ["P06"],
        "EVENT-BEFORE": [],
        "COMPETED-BEFORE": [],
        "ENDED-BEFORE": ["P04"],
    }


@pytest.mark.parametrize(
    ("event", "changed"),
    [
        (onset("P05", 3, "2025-06-05"), {}),
        (onset("P05", 3, "2025-06-05", "2025-11-30"), {}),
        (onset("P05", 3, "2025-06-06"), {"P05": (1, 1, "LATE-3")}),
        (onset("P05", 2, "2025-06-06"), {}),
        (onset("P05", 4, "2025-12-24"), {"P05": (202, 1, "LATE-3")}),
        (onset("P05", 4, "2026-01-02"), {}),
        (onset("P02", 5, "2025-09-01"), {"P02": (75, 1, "LATE-3")}),
        (onset("P02", 3, "2025-09-02"), {}),
        (onset("P04", 3, "2025-08-29"), {}),
        (onset("P04", 3, "2025-08-30"), {"P04": (1, 1, "LATE-3")}),
        (onset("P06", 3, "2025-12-30"), {}),
        (onset("P07", 3, "2025-09-01"), {}),
    ],
    ids=["day 90", "day 90, persisting", "day 91", "grade 2", "after the last visit", "after the cut-off",
         "day of death", "after death", "day 90, not seen again", "day 91, not seen again", "before day 90",
         "no radiotherapy"],
)  # fmt: skip
def test_onset_decides(event, changed):
    assert followed(eight_with(event, endpoints=(WORSE,)), WORSE) == {**QUIET, **changed}


def test_the_first_of_several():
    events = onset("P05", 3, "2025-08-05"), onset("P05", 4, "2025-07-05"), onset("P05", 2, "2025-06-10")
    assert followed(eight_with(*events, endpoints=(WORSE,)), WORSE)["P05"] == (30, 1, "LATE-3")


@pytest.mark.parametrize(("grade", "adjusted", "counts"), [(1, True, False), (1, False, True), (2, True, True)])
def test_beyond_the_grade_at_first_treatment(grade, adjusted, counts):
    """Dry mouth of grade 1 before the first dose, and again."""
    events = onset("P05", 1, "2025-01-15"), onset("P05", grade, "2025-07-05")
    graded = (replace(ANY, baseline_adjusted=adjusted), SEVERE, EVER)
    found = followed(eight_with(*events, endpoints=(LATE,), graded=graded), LATE)["P05"]
    assert found == ((30, 1, "LATE-1") if counts else QUIET["P05"])


def test_terms_and_columns_choose():
    chosen = replace(ANY, terms=("Dry mouth", "Nausea"), where={"AEREL": ("RT", "BOTH")})
    study = eight_with(
        onset("P05", 1, "2025-06-10", term="Headache"), onset("P05", 1, "2025-06-20", relation="CHEMO"),
        onset("P05", 1, "2025-07-05", term="Nausea", relation="BOTH"), endpoints=(LATE,), graded=(chosen,),
    )  # fmt: skip
    assert followed(study, LATE)["P05"] == (30, 1, "LATE-1")


@pytest.mark.parametrize(("death", "left"), [("2025-06-18", True), ("2025-06-19", False)])
def test_death_on_the_landmark(death, left):
    adsl = CSV["adsl"].replace("2025-09-01,DISEASE", f"{death},DISEASE")
    study = eight_with(endpoints=(LATE,), changed={"adsl": adsl})
    members = population_members(study, "BEAM")
    assert members["USUBJID"][outside_time_zero(study, members, LATE)["COMPETED-BEFORE"]].tolist() == ["P02"] * left
    assert followed(study, LATE).get("P02") == (None if left else (1, 2, "DEATH"))


def test_a_relapse_that_competes_or_ends_follow_up():
    """P03 had metastasis before day 90, P01 after it, on 2025-09-01: day 58; P03's event comes too late for both."""
    rivals = replace(LATE, code="RIVALS", competing=("LOCAL", "DISTANT", "DEATH"), event_within_days=0)
    until = replace(LATE, code="UNTIL", censored_by=("LOCAL", "DISTANT"), event_within_days=0)
    study = eight_with(endpoints=(rivals, until))
    members = population_members(study, "BEAM")
    for endpoint, reason, cause in ((rivals, "COMPETED-BEFORE", 2), (until, "ENDED-BEFORE", 0)):
        found = followed(study, endpoint)
        assert found["P01"] == (58, cause, "DISTANT")
        assert "P03" not in found
        assert "P03" in set(members["USUBJID"][outside_time_zero(study, members, endpoint)[reason]])


def test_an_earlier_event_that_counts_keeps_out():
    """Of a kind that counts from the start of radiotherapy on, P02's mucositis was before the landmark."""
    ever = replace(LATE, events=("EVER-3",))
    study = eight_with(endpoints=(ever,))
    members = population_members(study, "BEAM")
    outside = outside_time_zero(study, members, ever)
    assert members["USUBJID"][outside["EVENT-BEFORE"]].tolist() == ["P02", "P06"]
    assert sum(outside.values()).max() == 1
    assert set(followed(study, ever)) == {"P05", "P01", "P03"}


def test_from_the_start_of_radiotherapy():
    """Mucositis of grade 3 of P02 on day 28 and of P06 on day 30; P07's nausea was without radiotherapy."""
    assert followed(eight_with(endpoints=(SOONEST,)), SOONEST) == {
        "P05": (315, 0, "ONGOING"),
        "P02": (28, 1, "EVER-3"),
        "P01": (268, 0, "ONGOING"),
        "P03": (183, 0, "ONGOING"),
        "P06": (30, 1, "EVER-3"),
        "P04": (108, 0, "ONGOING"),
    }


def test_an_event_before_a_time_zero_that_is_no_landmark():
    before = replace(EVER, anchor="TRTSDT", lowest=1)
    study = eight_with(onset("P06", 1, "2025-10-05"), endpoints=(SOONEST,), graded=(before,))
    with pytest.raises(DataError, match="endpoint SOONEST: 1 participant with an event before RTSTDT"):
        followed(study, SOONEST)


def test_sentences():
    design = replace(DESIGN, graded=(SEVERE, ANY, EVER), endpoints=(LATE, SOONEST), primary="")
    beyond = (
        "and a grade beyond that of the same term at first treatment, with death as a competing event; without either"
    )
    left = "what began earlier, whether it persists or not, does not count"
    assert design.definition(LATE) == (
        f"Time from 90 days after the end of radiotherapy to an event with onset after that day {beyond}, to the date "
        f"last known alive; {left}; participants who had either by time zero, or are not followed beyond it, are left "
        "out."
    )
    assert design.definition(SOONEST) == (
        "Time from the start of radiotherapy to an event of grade 3 or worse with onset on that day or later "
        f"{beyond}, to the date last known alive; {left}."
    )
    other = replace(SOONEST, events=("LATE-3",))
    told = replace(design, graded=(replace(SEVERE, baseline_adjusted=False),), endpoints=(other,)).definition(other)
    assert "grade 3 or worse with onset from 91 days after the end of radiotherapy on, with death" in told


@pytest.mark.parametrize(
    ("graded", "endpoint", "fault"),
    [
        (replace(SEVERE, lowest=6), WORSE, "event LATE-3 is of grade 6 or more: a grade from 1 to 5 is required"),
        (replace(SEVERE, where={"AEHEAD": ("Y",)}), WORSE, "event LATE-3 needs adae.AEHEAD, which is not declared"),
        (replace(SEVERE, anchor="BIRTHDT"), WORSE, "BIRTHDT of event LATE-3"),
        (replace(SEVERE, code="DEATH:LATE"), WORSE, "event DEATH:LATE cannot be told from a death"),
        (SEVERE, replace(WORSE, events=("LATE-9",)), "LATE-9 of endpoint LATE is not a kind of event"),
        (SEVERE, replace(WORSE, rules=(EventRule("LATE-3", ("BIOPSY",)),)),
         "LATE-3, an adverse event, says itself what counts and is asked for by no rule"),
        (replace(EVER, first=-7), replace(SOONEST, events=("EVER-3",)),
         "EVER-3 of endpoint SOONEST counts from 7 days before its time zero on"),
    ],
)  # fmt: skip
def test_faults(graded: GradedEvent, endpoint, fault):
    with pytest.raises(SpecError, match=fault):
        replace(DESIGN, graded=(graded,), endpoints=(endpoint,), primary="")


def test_an_adverse_event_needs_its_frame():
    frames = tuple(frame for frame in DESIGN.frames if frame.name != "adae")
    with pytest.raises(SpecError, match="event LATE-3 is an adverse event, and there is no frame adae"):
        replace(DESIGN, graded=(SEVERE,), endpoints=(WORSE,), primary="", frames=frames)
