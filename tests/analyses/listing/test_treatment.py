"""Where in the treatment a serious event began, and what is told of a death, by hand on the trial of eight.

P02: induction cisplatin on 2025-02-01, concurrent on 2025-02-08, radiotherapy from Saturday 2025-02-01 to Thursday
2025-03-20: twenty working days of February (3rd to 28th) and fourteen of March. It planned I_GP and C_QW. Its only
serious event began on Saturday 2025-03-01: the twentieth working day was the last; it is day 29, in the fifth week.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.listing.spec import Course, ListingSpec, Phase
from npcstats.analyses.listing.summary import build_listing
from npcstats.errors import DataError, SpecError

PHASES = (Phase("INDUCTION", "induction", "INDREG"), Phase("CONCURRENT", "concurrent", "CONREG"))
COURSE = Course("RTSTDT", "RTENDT", "FXDELIV", "the course", "dose")
EVENTS = ListingSpec(
    "serious", "Serious", "DOSED", ("only",), "serious-events", origin="TRTSDT", status="planned", phases=PHASES,
    course=COURSE,
)  # fmt: skip
DEATHS = ListingSpec(
    "deaths", "Deaths", "DOSED", ("only",), "deaths", origin="TRTSDT", status="planned", after="RTENDT",
    after_label="Days after the end", within=(30, 165), on_treatment=30, fatal=True,
)  # fmt: skip


def records(study, spec):
    listing, words = build_listing(study, spec, "secret")
    return [dict(zip(listing.columns, row, strict=True)) for row in listing.rows], words


def on(study, onset, given=34.0):
    """P02's serious event on another day, with so many given on the 34 working days."""
    adae = study["adae"].copy()
    adae.loc[(adae["USUBJID"] == "P02") & (adae["AESER"] == "Y"), "ASTDT"] = pd.Timestamp(onset)
    return study.with_frames({"adae": adae, "adsl": study["adsl"].assign(FXDELIV=given)})


@pytest.mark.parametrize(
    ("onset", "given", "told"),
    [
        ("2025-01-31", 34, "–"),
        ("2025-02-01", 34, "induction 1, week 1 of the course"),
        ("2025-02-03", 34, "induction 1, dose 1"),
        ("2025-02-07", 34, "induction 1, dose 5"),
        ("2025-02-08", 34, "concurrent 1, dose 5"),
        ("2025-03-01", 34, "concurrent 1, dose 20"),
        ("2025-03-01", 33, "concurrent 1, week 5 of the course"),
        ("2025-03-01", float("nan"), "concurrent 1, week 5 of the course"),
        ("2025-03-20", 35, "concurrent 1, week 7 of the course"),
        ("2025-03-21", 34, "1 d after the course"),
    ],
)
def test_cycle_and_dose_or_week_at_onset(known, onset, given, told):
    assert records(on(known, onset, given), EVENTS)[0][0]["DURING"] == told


def test_phases_and_course_each_alone(known):
    study = on(known, "2025-03-01")
    assert records(study, replace(EVENTS, course=None))[0][0]["DURING"] == "concurrent 1"
    assert records(study, replace(EVENTS, phases=()))[0][0]["DURING"] == "dose 20"
    assert "DURING" not in records(study, replace(EVENTS, phases=(), course=None))[0][0]


def test_a_dose_of_no_planned_regimen_has_no_number(known):
    study = on(known, "2025-03-01")
    study = study.with_frames({"adsl": study["adsl"].assign(CONREG="")})
    assert records(study, EVENTS)[0][0]["DURING"] == "concurrent, dose 20"


def test_an_event_without_a_date_is_not_said_to_be_before_treatment(known):
    def dash(onset):
        return records(on(known, onset), EVENTS)[1].sentences["dash"]

    assert "before treatment" in dash("2025-01-31")
    assert "before treatment" not in dash(None)
    assert dash(None).startswith("A dash: not recorded")
    assert records(on(known, None), EVENTS)[0][0]["ASTDY"] == "–"


def test_an_event_without_a_date_and_an_export_without_doses(known):
    study = on(known, pd.NaT)
    assert records(study, EVENTS)[0][0]["DURING"] == "–"
    study = on(known, "2025-03-01").with_frames({"adex": known["adex"].iloc[:0]})
    assert records(study, EVENTS)[0][0]["DURING"] == "dose 20"
    with pytest.raises(DataError, match="FXDELIV not in the data of this study; listing serious requires it"):
        records(known.with_frames({"adsl": known["adsl"].drop(columns="FXDELIV")}), EVENTS)


def test_worst_first_and_events_of_one_grade_by_participant(known):
    adae = known["adae"].assign(AESER="Y")
    told, words = records(known.with_frames({"adae": adae}), replace(EVENTS, phases=(), course=None))
    grades = [int(row["AETOXGR"]) for row in told]
    assert grades == sorted(grades, reverse=True)
    for grade in set(grades):
        numbers = [row["PARTICIPANT"] for row in told if int(row["AETOXGR"]) == grade]
        assert numbers == sorted(numbers)
    assert words.sentences["order"].startswith("The highest grade comes first")


def test_columns_that_the_export_has_not_are_said(known):
    asked = replace(EVENTS, phases=(), course=None, criteria={"AESERCRIT": "Criterion", "AEEXP": "Expected"})
    told, words = records(known, asked)
    assert not {"AESERCRIT", "AEEXP"} & set(told[0])
    assert words.sentences["lacking"] == "Not in the export: Criterion, Expected."
    assert set(words.labels["column"]) == set(told[0])


def test_deaths_by_hand(known):
    """P02 died 165 days after the end on 2025-03-20, on the last of 165; its last dose was on 2025-02-08."""
    told, words = records(known, DEATHS)
    row = told[0]
    assert (row["AFTERDY"], row["WITHIN30"], row["WITHIN165"]) == ("165", "no", "yes")
    assert (row["ONTREATMENT"], row["FATAL"]) == ("no", "–")
    assert records(known, replace(DEATHS, within=(164,)))[0][0]["WITHIN164"] == "no"
    assert words.sentences["treatment"] == "On treatment: until 30 days after the last dose of any treatment on record."
    # 2025-02-08 to 2025-09-01 are 205 days
    assert [records(known, replace(DEATHS, on_treatment=days))[0][0]["ONTREATMENT"] for days in (204, 205)] == [
        "no",
        "yes",
    ]


def test_a_death_without_the_date_that_is_counted_from(known):
    adsl = known["adsl"].assign(RTENDT=pd.NaT)
    row = records(known.with_frames({"adsl": adsl}), DEATHS)[0][0]
    assert (row["AFTERDY"], row["WITHIN30"], row["WITHIN165"]) == ("–", "–", "–")
    row = records(known.with_frames({"adex": known["adex"].iloc[:0]}), DEATHS)[0][0]
    assert row["ONTREATMENT"] == "–"


def test_grade_five_event_is_named_and_comes_first(known):
    """All members die; only P03 has an event of grade 5."""
    adae = known["adae"].copy()
    adae.loc[adae["USUBJID"] == "P03", "AETOXGR"] = 5
    died = known["adsl"].assign(DTHDT=pd.Timestamp("2025-12-01"))
    told, _ = records(known.with_frames({"adae": adae, "adsl": died}), DEATHS)
    assert [row["FATAL"] for row in told] == ["Dry mouth", *["–"] * 6]
    numbers = [row["PARTICIPANT"] for row in told[1:]]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"within": (30,), "after": "", "after_label": ""}, "within without after"),
        ({"phases": PHASES}, "phases without effect"),
        ({"within": (0,)}, "below one day"),
        ({"on_treatment": -1}, "below one day"),
    ],
)
def test_choice_without_effect_or_out_of_range_is_refused(changed, message):
    with pytest.raises(SpecError, match=message):
        replace(DEATHS, **changed)


def test_what_is_of_deaths_is_refused_of_events():
    with pytest.raises(SpecError, match="fatal without effect"):
        replace(EVENTS, fatal=True)
