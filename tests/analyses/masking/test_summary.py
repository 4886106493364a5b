"""What tells the arms of the eight apart, by hand; see ``eight.py`` for the records."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from analyses.masking.conftest import SPEC

from npcstats.analyses.masking.spec import KnownDifference, masking_faults, masking_idle
from npcstats.analyses.masking.summary import assess_masking
from npcstats.choices import idle_faults
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import SpecError
from npcstats.results import one, select
from npcstats.study import Arm

LETTERS = {"X": "B", "Y": "A"}


def distance(results, block, variable):
    row = one(results, analysis="hide", block=block, variable=variable, measure="arm_distance", stat="estimate")
    told = one(results, analysis="hide", block=block, variable=variable, measure="telling", stat="count")
    return row.value, told.value, row.note


def counts(results, block):
    place = {"analysis": "hide", "block": block, "variable": "all", "measure": "telling"}
    return tuple(one(results, **place, stat=stat).value for stat in ("count", "total"))


def test_sizes_of_the_arms(looked, masked):
    """Four and three of seven."""
    assert distance(looked(masked), "sizes", "EVERY")[:2] == (pytest.approx(1 / 7, rel=1e-15), 1)
    assert counts(looked(masked), "sizes") == (1, 1)


def test_sizes_of_every_set_that_the_session_shows(looked, masked, plan, others):
    """Radiotherapy was begun by three and three of six."""
    follow = next(spec for spec in plan.specs if spec.id == "blood")
    found = others(masked)
    catalogue = found.catalogue
    entry = replace(catalogue.analyses["who"], population=follow.population)
    found = replace(found, catalogue=replace(catalogue, analyses={**catalogue.analyses, "blood": entry}))
    results = assess_masking(masked, found, SPEC)
    assert distance(results, "sizes", "BEAM")[:2] == (0, 0)
    assert counts(results, "sizes") == (1, 2)


def test_enrolment_over_time(looked, masked):
    """By 1 March three of the four of X were enrolled, and one of the three of Y; on no day is it more: 5/12."""
    assert distance(looked(masked), "calendar", "calendar")[:2] == (pytest.approx(5 / 12, rel=1e-15), 0)
    closer = looked(masked, replace(SPEC, calendar_limit=0.41))
    assert distance(closer, "calendar", "calendar")[1] == 1


def test_characteristics_forget_the_sign(looked, masked):
    """Age: 50, 55, 47.5, 58 and 61, 61, 70, so 11.375 over the root of (22.5625 + 27) / 2; two thirds of X smoked, of
    Y one, so (1/3) over the root of 2/9."""
    results = looked(masked)
    age = 11.375 / math.sqrt((22.5625 + 27) / 2)
    assert distance(results, "characteristics", "AGE")[:2] == (pytest.approx(age, rel=1e-14), 1)
    assert distance(results, "characteristics", "SMOKE")[:2] == (pytest.approx(math.sqrt(0.5), rel=1e-14), 0)
    assert counts(results, "characteristics") == (1, 2)


def test_what_is_known_beforehand(looked, masked):
    """None of four died, and one of three."""
    assert distance(looked(masked), "known", "GONE")[:2] == (pytest.approx(1 / 3, rel=1e-15), 1)


def test_all_together(looked, masked):
    """Sizes, age and deaths are beyond their limits, time and smoking are not."""
    assert counts(looked(masked), "") == (3, 5)


def test_a_difference_on_its_limit_is_not_beyond_it(looked, masked):
    found = looked(masked, replace(SPEC, known_limit=1 / 3))
    assert distance(found, "known", "GONE")[1] == 0


def test_no_row_is_by_arm_and_none_knows_the_letters(looked, known, masked):
    """With the letters turned round, and with named arms, every number is the same."""
    rows = select(looked(masked), analysis="hide")
    assert {(row.arm, row.reference) for row in rows} == {("all", "")}
    turned = mask_arms(known, {"X": "A", "Y": "B"})
    for other in (turned, known):
        assert [(row.key, row.value) for row in select(looked(other), analysis="hide")] == [
            (row.key, row.value) for row in rows
        ]


def test_three_arms_by_the_two_that_differ_most(known, others):
    """P05 alone is in Z: of X three, of Y three, of Z one, so 2/7."""
    adsl = known["adsl"]
    alone = {name: adsl[name].mask(adsl["USUBJID"] == "P05", "Z") for name in ("_ARM_PLANNED", "_ARM_ACTUAL")}
    three = replace(known.with_frames({"adsl": adsl.assign(**alone)}), arms=(*known.arms, Arm("Z", "Zed")))
    plain = replace(SPEC, characteristics={}, characteristics_limit=0.0)
    results = assess_masking(three, others(three), plain)
    assert distance(results, "sizes", "EVERY")[0] == pytest.approx(2 / 7, rel=1e-15)
    # of Z all were enrolled on 10 January, of Y none
    assert distance(results, "calendar", "calendar")[0] == 1
    assert distance(results, "known", "GONE")[0] == pytest.approx(1 / 3, rel=1e-15)


@pytest.mark.parametrize("arms", [0, 1])
def test_no_two_arms_have_nothing_to_tell_apart(known, others, arms):
    study = replace(pool_arms(known), arms=()) if arms == 0 else replace(known, arms=known.arms[:1])
    study = study if arms == 0 else study.with_frames({"adsl": study["adsl"].assign(_ARM_ACTUAL="X", _ARM_PLANNED="X")})
    results = assess_masking(study, others(study), SPEC)
    assert results.rows == ()
    assert not results.catalogue.analyses["hide"].sentences


def test_an_arm_without_anybody_yet(looked, known):
    """The size tells it, and of the others nothing is known, for a reason that is said."""
    alone = known.with_frames({"adsl": known["adsl"].assign(_ARM_ACTUAL="Y")})
    results = looked(alone)
    assert distance(results, "sizes", "EVERY")[:2] == (1, 1)
    for block, variable in (("calendar", "calendar"), ("characteristics", "AGE"), ("known", "GONE")):
        value, told, note = distance(results, block, variable)
        assert math.isnan(value)
        assert math.isnan(told)
        assert note.endswith(".")
        assert counts(results, block)[0] == 0
    assert counts(results, "") == (1, 1)


def test_what_is_not_there_yet_stops_no_meeting(looked, masked):
    """A side effect that nobody has had has no row."""
    none = KnownDifference("NONE", "None", {"analysis": "status", "variable": "NEVER"})
    value, _, note = distance(looked(masked, replace(SPEC, known=(none,))), "known", "NONE")
    assert math.isnan(value)
    assert note == "There is no such number for each arm by the cut-off."


def test_rows_that_are_not_one_for_each_arm_are_refused(looked, masked):
    several = KnownDifference("AGE", "Age", {"analysis": "who", "variable": "AGE"})
    with pytest.raises(SpecError, match=r"known difference AGE selects \d+ rows for 2 arms; one for each arm is"):
        looked(masked, replace(SPEC, known=(several,)))


def test_characteristics_that_are_not_there_are_refused(looked, masked):
    with pytest.raises(SpecError, match="plan: hide: characteristics select no row"):
        looked(masked, replace(SPEC, characteristics={"analysis": "none"}))


def test_choices_without_effect_are_refused():
    assert masking_faults(SPEC) == []
    assert masking_faults(replace(SPEC, size_limit=0.0)) == [
        "size_limit is 0.0; a finite number above 0 is required"
    ]  # fmt: skip
    bare = replace(SPEC, calendar="", characteristics={}, known=())
    assert masking_faults(bare) == []
    assert [fault.split(" is ")[0] for fault in idle_faults(bare, masking_idle(bare))] == [
        "calendar_limit", "characteristics_limit", "known_limit",
    ]  # fmt: skip
    twice = replace(SPEC, known=SPEC.known * 2)
    assert masking_faults(twice) == ["known difference 'GONE' stands twice"]
