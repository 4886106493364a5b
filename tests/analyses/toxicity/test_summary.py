"""Worst grades by hand.

Early window (start of radiotherapy to 90 days after it), at the cut-off 2025-12-31. Ends: P05 2025-06-05, P02 06-18,
P01 07-05, P03 08-15, P04 08-29: complete. P06's ends 2026-03-17: open. P07 never started. Evaluable: X P05, P01
(2 of 4); Y P02, P03, P04 (3 of 3).

Onset in it, baseline-adjusted: P05 mucositis 2 (nausea 1 is no more than before treatment); P01 nausea 2, dry mouth 2;
P02 mucositis 3; P04 headache 1 on the last day. P03 nothing. Worst overall: P05 2, P01 2, P02 3, P03 0, P04 1.

Late window, from day 91: P05 06-06, P02 06-19, P01 07-06, P03 08-16, P04 08-30, P06 2026-03-18. Assessed since: P05
(12-01), P02 (08-20), P01 (11-15), P03 (10-01); P04 was last seen 08-01. Evaluable: X 2, Y 2. New: P03 dry mouth 1 on
its first day. New or persisting: that, and P01's dry mouth 2, whose end nobody knew at the cut-off.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.derive import GradeWindow
from npcstats.errors import SpecError
from npcstats.results import one, select

EARLY = GradeWindow("early", "Early", period="early", counting="onset", evaluable="window-complete")
LATE_NEW = GradeWindow("late-new", "Late, new", period="after", counting="onset", evaluable="assessed-in-window")
LATE_ANY = replace(LATE_NEW, code="late-any", counting="onset-or-persistence")

SPEC = ToxicitySpec(
    id="tox",
    label="Harm",
    population="DOSED",
    sessions=("only",),
    windows=(EARLY, LATE_NEW, LATE_ANY),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="newcombe",
    estimand="unadjusted",
    baseline_adjusted=True,
    scale="CTCAE version 5.0",
    status="planned",
)


@pytest.fixture(scope="module")
def results(known):
    return summarize_toxicity(known, SPEC)


def count(results, arm, level, window="early", block="all", variable="all", measure="risk"):
    place = {"arm": arm, "level": level, "window": window, "block": block, "variable": variable}
    return tuple(one(results, **place, measure=measure, stat=stat).value for stat in ("count", "total"))


@pytest.mark.parametrize(
    ("window", "arm", "evaluable", "members", "outside"),
    [
        ("early", "X", 2, 4, {"window-open": 1, "not-started": 1}),
        ("early", "Y", 3, 3, {"window-open": 0, "not-started": 0}),
        ("early", "all", 5, 7, {"window-open": 1, "not-started": 1}),
        ("late-new", "X", 2, 4, {"not-begun": 2, "died-before": 0, "not-assessed": 0}),
        ("late-new", "Y", 2, 3, {"not-begun": 0, "died-before": 0, "not-assessed": 1}),
        ("late-any", "all", 4, 7, {"not-begun": 2, "died-before": 0, "not-assessed": 1}),
    ],
)
def test_denominator_and_who_is_outside_it(results, window, arm, evaluable, members, outside):
    at = {"window": window, "arm": arm}
    assert one(results, **at, measure="participants").value == members
    assert one(results, **at, measure="observed", stat="count").value == evaluable
    assert one(results, **at, measure="observed", stat="total").value == members
    found = {row.level: row.value for row in select(results, **at, measure="not_evaluable")}
    assert found == outside
    assert evaluable + sum(outside.values()) == members


@pytest.mark.parametrize(
    ("level", "x", "y", "everyone"),
    [
        ("grade>=1", 2, 2, 4), ("grade>=2", 2, 1, 3), ("grade>=3", 0, 1, 1),
        ("grade=1", 0, 1, 1), ("grade=2", 2, 0, 2), ("grade=3", 0, 1, 1), ("grade=4", 0, 0, 0), ("grade=5", 0, 0, 0),
    ],
)  # fmt: skip
def test_worst_grade_of_anything(results, level, x, y, everyone):
    assert count(results, "X", level) == (x, 2)
    assert count(results, "Y", level) == (y, 3)
    assert count(results, "all", level) == (everyone, 5)


@pytest.mark.parametrize(
    ("block", "variable", "level", "x", "y"),
    [
        ("Gut", "all", "grade>=1", 2, 1), ("Gut", "all", "grade>=3", 0, 1),
        ("Gut", "Mucositis oral", "grade>=2", 1, 1), ("Gut", "Nausea", "grade>=1", 1, 0),
        ("Gut", "Nausea", "grade=2", 1, 0), ("Gut", "Dry mouth", "grade>=2", 1, 0),
        ("Nerves", "all", "grade>=1", 0, 1), ("Nerves", "Headache", "grade>=1", 0, 1),
        ("Nerves", "Headache", "grade>=2", 0, 0),
    ],
)  # fmt: skip
def test_worst_grade_of_classes_and_terms(results, block, variable, level, x, y):
    assert count(results, "X", level, block=block, variable=variable) == (x, 2)
    assert count(results, "Y", level, block=block, variable=variable) == (y, 3)


def test_late_incident_and_prevalent(results):
    at = {"block": "Gut", "variable": "Dry mouth"}
    assert count(results, "X", "grade>=1", "late-new", **at) == (0, 2)
    assert count(results, "Y", "grade>=1", "late-new", **at) == (1, 2)
    assert count(results, "X", "grade=2", "late-any", **at) == (1, 2)
    assert count(results, "Y", "grade=1", "late-any", **at) == (1, 2)
    assert count(results, "all", "grade>=1", "late-any") == (2, 4)


def test_event_on_the_last_day_is_in_and_on_the_next_is_late(results, known):
    """P04's headache began on 2025-08-29, its ninetieth day; P03's dry mouth on its ninety-first."""
    assert count(results, "Y", "grade>=1", block="Nerves", variable="Headache") == (1, 3)
    assert count(results, "Y", "grade>=1", block="Gut", variable="Dry mouth") == (0, 3)


def test_limits_by_hand(results):
    """Clopper-Pearson of 2/2 begins at 0.025^(1/2), of 0/2 ends at 1 minus that."""
    at = {"arm": "X", "window": "early", "block": "all", "measure": "risk"}
    edge = 0.025**0.5
    assert one(results, **at, level="grade>=1", stat="ci_low").value == pytest.approx(edge, rel=1e-12)
    assert one(results, **at, level="grade>=1", stat="ci_high").value == 1
    assert one(results, **at, level="grade>=3", stat="ci_low").value == 0
    assert one(results, **at, level="grade>=3", stat="ci_high").value == pytest.approx(1 - edge, rel=1e-12)
    assert one(results, **at, level="grade>=3", stat="estimate").value == 0


def test_difference_by_hand(results):
    """0/2 minus 1/3 by Newcombe: Wilson of 0/2 ends at z²/(2 + z²), of 1/3 at (1 + z²/2 ± z √(2/3 + z²/4))/(3 + z²)."""
    z = 1.959963984540054
    high0 = z**2 / (2 + z**2)
    low1, high1 = ((1 + z**2 / 2 + s * z * (2 / 3 + z**2 / 4) ** 0.5) / (3 + z**2) for s in (-1, 1))
    at = {"arm": "X", "reference": "Y", "window": "early", "block": "all", "level": "grade>=3"}
    values = {row.stat: row.value for row in select(results, **at, measure="risk_difference")}
    assert values["estimate"] == pytest.approx(-1 / 3, rel=1e-12)
    assert values["ci_low"] == pytest.approx(-1 / 3 - (high1 - 1 / 3), rel=1e-9)
    assert values["ci_high"] == pytest.approx(-1 / 3 + (high0**2 + (1 / 3 - low1) ** 2) ** 0.5, rel=1e-9)


def test_order_of_the_page(results):
    """Evaluable participants in the first window: Gut 3, Nerves 1; mucositis P05 and P02, the others P01 alone."""
    order = list(dict.fromkeys((row.block, row.variable) for row in select(results, window="early", measure="risk")))
    assert order == [
        ("all", "all"), ("Gut", "all"), ("Gut", "Mucositis oral"), ("Gut", "Dry mouth"), ("Gut", "Nausea"),
        ("Nerves", "all"), ("Nerves", "Headache"),
    ]  # fmt: skip
    labels = results.catalogue.analyses["tox"].labels
    assert list(labels["block"]) == ["all", "Gut", "Nerves"]


def test_bands_are_nested_and_grades_add_up(results):
    for row in select(results, measure="risk", stat="count", level="grade>=1"):
        at = {n: getattr(row, n) for n in ("arm", "block", "variable", "window")}
        band = [one(results, **at, measure="risk", stat="count", level=f"grade>={g}").value for g in (1, 2, 3, 4)]
        grade = [one(results, **at, measure="risk", stat="count", level=f"grade={g}").value for g in range(6)]
        total = one(results, **at, measure="risk", stat="total", level="grade>=1").value
        assert band == [sum(grade[1:]), sum(grade[2:]), sum(grade[3:]), sum(grade[4:])]
        assert sum(grade) == total


def test_without_baseline_adjustment_any_onset_counts(known):
    """P05's nausea of grade 1 on 2025-02-10 counts; its onset before treatment is outside the window anyway."""
    results = summarize_toxicity(known, replace(SPEC, baseline_adjusted=False))
    at = {"block": "Gut", "variable": "Nausea"}
    assert count(results, "X", "grade>=1", **at) == (2, 2)
    assert count(results, "X", "grade=1", **at) == (1, 2)
    # nausea before treatment has no end: it persists into the late window
    assert count(results, "X", "grade>=1", "late-any", **at) == (1, 2)
    assert count(results, "X", "grade>=1", "late-new", **at) == (0, 2)


def test_grade_beyond_baseline_counts_with_its_own_grade(known):
    events = known["adae"].copy()
    events.loc[(events["USUBJID"] == "P05") & (events["AESEQ"] == 3), "AETOXGR"] = 3.0
    results = summarize_toxicity(known.with_frames({"adae": events}), SPEC)
    assert count(results, "X", "grade=3", block="Gut", variable="Nausea") == (1, 2)


def test_death_closes_an_open_window(known):
    """P06 dies on 2025-12-30: its window, open otherwise, is complete, and its mucositis 3 counts."""
    adsl = known["adsl"].copy()
    adsl.loc[adsl["USUBJID"] == "P06", "DTHDT"] = known["adsl"]["DTHDT"].max().replace(month=12, day=30)
    results = summarize_toxicity(known.with_frames({"adsl": adsl}), SPEC)
    assert count(results, "X", "grade>=3") == (1, 3)


def test_persistence_ends_with_the_event(known):
    """An event that ended the day before the late window is not in it; on its first day it is."""
    events = known["adae"].copy()
    dry = (events["USUBJID"] == "P01") & (events["AESEQ"] == 2)
    for end, expected in (("2025-07-05", 0), ("2025-07-06", 1)):
        events.loc[dry, "AENDT"] = events["ASTDT"].max().__class__(end)
        results = summarize_toxicity(known.with_frames({"adae": events}), SPEC)
        assert count(results, "X", "grade=2", "late-any", block="Gut", variable="Dry mouth") == (expected, 2)


def test_assessment_after_a_bounded_window_is_not_in_it(known):
    """In its early window (to 2025-08-15) P03 was never assessed, and an event of P03 comes a day later.

    Assessed inside their early windows: P04 06-30 and 08-01 (to 08-29), P06 12-20. P05, P01 and P02 were seen only
    afterwards, but each has an event inside, which somebody must have seen. So X: P05, P01, P06; Y: P02, P04.
    """
    window = replace(EARLY, evaluable="assessed-in-window")
    results = summarize_toxicity(known, replace(SPEC, windows=(window,)))
    assert one(results, arm="X", measure="observed", stat="count").value == 3
    assert one(results, arm="Y", measure="observed", stat="count").value == 2


def test_death_before_a_window_is_outside_it_whatever_stayed_open(known):
    """P01's late window begins 2025-07-06; dead on 06-10, its dry mouth of 06-01 was never closed."""
    adsl = known["adsl"].copy()
    adsl.loc[adsl["USUBJID"] == "P01", "DTHDT"] = pd.Timestamp("2025-06-10")
    assessed = known["adassess"].loc[known["adassess"]["USUBJID"] != "P01"]
    results = summarize_toxicity(known.with_frames({"adsl": adsl, "adassess": assessed}), SPEC)
    assert one(results, window="late-any", arm="X", measure="not_evaluable", level="died-before").value == 1
    assert one(results, window="late-any", arm="X", measure="observed", stat="count").value == 1


def test_event_that_never_closed_is_no_assessment(known):
    """Without P01's later visits nothing of it was seen since 2025-07-06: its open dry mouth proves nothing."""
    assessed = known["adassess"].loc[known["adassess"]["USUBJID"] != "P01"]
    results = summarize_toxicity(known.with_frames({"adassess": assessed}), SPEC)
    assert one(results, window="late-any", arm="X", measure="not_evaluable", level="not-assessed").value == 1


def test_no_event_at_all(known):
    results = summarize_toxicity(known.with_frames({"adae": known["adae"].iloc[:0]}), SPEC)
    assert count(results, "all", "grade>=1") == (0, 5)
    assert {row.block for row in select(results, measure="risk")} == {"all"}


def test_empty_arm_is_not_estimable_with_a_note(known):
    adsl = known["adsl"].assign(_ARM_ACTUAL="Y")
    results = summarize_toxicity(known.with_frames({"adsl": adsl}), SPEC)
    assert count(results, "X", "grade>=1") == (0, 0)
    row = one(results, arm="X", window="early", block="all", measure="risk", level="grade>=1", stat="estimate")
    assert row.value != row.value
    assert row.note
    contrast = one(
        results, reference="Y", window="early", block="all", measure="risk_difference", level="grade>=1",
        stat="estimate",
    )  # fmt: skip
    assert contrast.note


@pytest.mark.parametrize(("name", "value"), [("counting", "all"), ("evaluable", "nobody")])
def test_choices_are_closed_sets(known, name, value):
    with pytest.raises(SpecError, match=rf"^plan: {name} is '{value}'; one of "):
        summarize_toxicity(known, replace(SPEC, windows=(replace(EARLY, **{name: value}),)))


def test_footnotes_name_population_period_and_denominator(results):
    sentences = results.catalogue.analyses["tox"].sentences
    assert sentences["population"] == "Everyone with a first dose."
    assert sentences["denominator.early"].startswith("Denominator: participants whose period had begun")
    assert "still present in it" in sentences["period.late-any"]
    assert sentences["interval"] == "Confidence limits of a risk: Clopper–Pearson."


def test_a_period_whose_start_is_not_recorded_is_not_said_to_have_not_begun(known):
    """P02's radiotherapy ended in March; without that day nobody knows when the late period began."""
    adsl = known["adsl"]
    study = known.with_frames({"adsl": adsl.assign(RTENDT=adsl["RTENDT"].where(adsl["USUBJID"] != "P02"))})
    results = summarize_toxicity(study, SPEC)
    assert one(results, window="late-new", arm="Y", measure="not_evaluable", level="not-begun").value == 1
    words = results.catalogue.analyses[SPEC.id].labels["level"]
    assert words["not-begun"] == words["not-started"] == "period not known to have begun"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "Counted: events with onset in the period."),
        ({"counting": "every"}, "Counted: every event, whenever it began."),
        ({"counting": "every", "where": {"AESER": ("Y",)}}, "Counted: every event with AESER Y."),
        ({"counting": "every", "where": {"AESER": ("Y", "U"), "AEREL": ("RT",)}},
         "Counted: every event with AESER Y or U and AEREL RT."),
        ({"counting": "every", "where": {"AESER": ("Y",)}, "events": "serious events"}, "Counted: all serious events."),
        ({"where": {"AESER": ("Y",)}}, "Counted: events with onset in the period, with AESER Y."),
        ({"where": {"AESER": ("Y",)}, "events": "serious events"},
         "Counted: serious events with onset in the period."),
        ({"counting": "onset-or-persistence", "where": {"AESER": ("Y",)}, "events": "serious events"},
         "Counted: serious events with onset in the period or still present in it."),
    ],
)  # fmt: skip
def test_what_is_counted_is_told_by_the_words_of_the_plan(known, changed, told):
    """An event that a column chooses by its start, such as one that treatment brought, did not begin whenever."""
    ours = replace(SPEC, windows=(replace(EARLY, **changed),), baseline_adjusted=False)
    sentence = summarize_toxicity(known, ours).catalogue.analyses["tox"].sentences["period.early"]
    assert sentence.endswith(told)
