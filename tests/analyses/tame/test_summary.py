"""TAME by hand on the trial of eight.

T, early, baseline-adjusted. Evaluable X P05, P01; Y P02, P03, P04. Worst: P05 mucositis 2; P01 nausea 2, dry mouth 2;
P02 mucositis 3; P04 headache 1. Grades 2 to 4 are severe here, in categories mouth (mucositis, dry mouth) and stomach
(nausea): P05 1, P01 2, so X 3/2; P02 1, P03 0, P04 0, so Y 1/3.

Limits: of X the variance is sum((events - 1.5)^2) / 2^2 = (0.25 + 0.25) / 4 = 1/8, of the logarithm (1/8) / 1.5^2 =
1/18; of Y (4/9 + 1/9 + 1/9) / 9 = 2/27, of the logarithm 9 * 2/27 = 2/3. Ratio 4.5, variance of its logarithm
1/18 + 2/3 = 13/18.

M, deaths after radiotherapy: P02 ended it 2025-03-20 and died 09-01, 165 days later; P04 died after the cut-off.
Ended and followed 90 days or dead: P05, P02, P01, P03, P04; P06 ended 2025-12-17, too late for 30 days even.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.tame.displays import TameTable
from npcstats.analyses.tame.spec import Category, TameSpec, tame_faults
from npcstats.analyses.tame.summary import summarize_tame
from npcstats.analyses.tame.table import tabulate
from npcstats.derive import GradeWindow, pool_arms
from npcstats.errors import SpecError
from npcstats.results import one, select

Z = 1.959963984540054
EARLY = GradeWindow("early", "Early", period="early", counting="onset", evaluable="window-complete")
LATE = GradeWindow("late", "Late", period="after", counting="onset", evaluable="assessed-in-window")
MOUTH = Category("MOUTH", "mouth", ("Mucositis oral", "Dry mouth"))
STOMACH = Category("STOMACH", "stomach", ("Nausea",))
SPEC = TameSpec(
    id="tame",
    label="Summary",
    population="DOSED",
    sessions=("only",),
    acute=EARLY,
    late=LATE,
    acute_categories=(MOUTH, STOMACH),
    late_categories=(MOUTH,),
    lowest=2,
    highest=4,
    baseline_adjusted=True,
    death_after="RTENDT",
    death_days=(30, 200),
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    conf_level=0.95,
    interval="clopper-pearson",
    ratio="robust-log",
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
)


@pytest.fixture(scope="module")
def results(known):
    return summarize_tame(known, SPEC)


def burden(results, arm, variable="T"):
    return {row.stat: row.value for row in select(results, arm=arm, variable=variable, measure="burden")}


def deaths(results, arm, days):
    return tuple(
        one(results, arm=arm, variable=f"M{days}", measure="risk", stat=stat).value for stat in ("count", "total")
    )


@pytest.mark.parametrize(
    ("arm", "count", "total", "variance"), [("X", 3, 2, 1 / 18), ("Y", 1, 3, 2 / 3)]
)  # fmt: skip
def test_short_term_toxicity(results, arm, count, total, variance):
    found = burden(results, arm)
    assert (found["count"], found["total"], found["estimate"]) == (count, total, count / total)
    factor = math.exp(Z * math.sqrt(variance))
    assert found["ci_low"] == pytest.approx(count / total / factor, rel=1e-12)
    assert found["ci_high"] == pytest.approx(count / total * factor, rel=1e-12)


def test_ratio_to_the_reference(results):
    found = {row.stat: row.value for row in select(results, variable="T", measure="burden_ratio")}
    factor = math.exp(Z * math.sqrt(13 / 18))
    assert found == {
        "estimate": pytest.approx(4.5), "ci_low": pytest.approx(4.5 / factor), "ci_high": pytest.approx(4.5 * factor)
    }  # fmt: skip


def test_how_many_had_how_many(results):
    levels = ("n=0", "n=1", "n=2", "n=3", "n>=4")
    found = [
        [one(results, arm=arm, variable="T", measure="risk", level=level, stat="count").value for level in levels]
        for arm in ("X", "Y", "all")
    ]
    assert found == [[0, 1, 1, 0, 0], [2, 1, 0, 0, 0], [2, 2, 1, 0, 0]]


def test_late_effects_without_events_have_no_ratio(results):
    """New in the late window: P03's dry mouth of grade 1, which is not severe here."""
    assert burden(results, "Y", "A")["estimate"] == 0
    assert math.isnan(one(results, variable="A", measure="burden_ratio", stat="estimate").value)
    assert one(results, variable="A", measure="burden_ratio", stat="estimate").note


def test_deaths_after_treatment(results):
    assert deaths(results, "X", 30) == (0, 2)
    assert deaths(results, "Y", 30) == (0, 3)
    # 200 days: P05 ends 2025-09-23, P02 dead, P01 10-23, P03 12-03, P04 12-17
    assert deaths(results, "Y", 200) == (1, 3)


def test_a_death_after_progression_does_not_count(known):
    """P02 relapses on the day before death, on that day, and never."""
    for day, expected in (("2025-08-31", 0), ("2025-09-01", 0), ("2025-09-02", 1)):
        relapse = known["adevent"].iloc[[0]].assign(USUBJID="P02", KIND="LOCAL", ADT=pd.Timestamp(day))
        frames = {"adevent": pd.concat([known["adevent"], relapse], ignore_index=True)}
        assert deaths(summarize_tame(known.with_frames(frames), SPEC), "Y", 200) == (expected, 3)


@pytest.mark.parametrize(("days", "expected"), [(164, 0), (165, 1)])
def test_the_last_day_counts(known, days, expected):
    """P02 died 165 days after the last fraction."""
    found = summarize_tame(known, replace(SPEC, death_days=(days,)))
    assert deaths(found, "Y", days)[0] == expected


def test_who_is_in_no_denominator_of_deaths_is_told(known):
    """P02 now dies during radiotherapy, so never ends it; P07 never began it; P06 ended it 14 days before."""
    adsl = known["adsl"].copy()
    adsl.loc[adsl["USUBJID"] == "P02", ["RTENDT", "DTHDT"]] = [pd.NaT, pd.Timestamp("2025-03-05")]
    found = summarize_tame(known.with_frames({"adsl": adsl}), SPEC)
    outside = {
        (row.arm, row.level): row.value for row in select(found, variable="M30", measure="not_evaluable") if row.value
    }
    assert outside == {
        ("Y", "died-before"): 1, ("X", "not-started"): 1, ("X", "window-open"): 1,
        ("all", "died-before"): 1, ("all", "not-started"): 1, ("all", "window-open"): 1,
    }  # fmt: skip
    assert [deaths(found, arm, 30)[1] + sum(v for (a, _), v in outside.items() if a == arm) for arm in ("X", "Y")] == [
        4,
        3,
    ]
    assert (
        "Not in the denominator of “M: died within 30 days”: Ex 1 (period not known to have begun); 1 (period not "
        "complete); Wye 1 (died before the period)." in _notes(found)
    )


def test_who_left_the_trial_is_counted_as_the_page_says(known):
    """P03 leaves two days after the last fraction, and stays in the denominator of 200 days."""
    leaving = known["adsl"]["EOSDT"].mask(known["adsl"]["USUBJID"] == "P03", pd.Timestamp("2025-05-19"))
    found = summarize_tame(known.with_frames({"adsl": known["adsl"].assign(EOSDT=leaving)}), SPEC)
    assert deaths(found, "Y", 200) == (1, 3)
    assert (
        "who left the trial before counts with what is known" in found.catalogue.analyses["tame"].sentences["mortality"]
    )


def test_a_fatal_event_is_not_severe_but_told(known):
    events = known["adae"].copy()
    events.loc[(events["USUBJID"] == "P02"), "AETOXGR"] = 5.0
    found = summarize_tame(known.with_frames({"adae": events}), SPEC)
    assert burden(found, "Y")["count"] == 0
    worse = {arm: one(found, arm=arm, variable="T", measure="worse_than_severe").value for arm in ("X", "Y", "all")}
    assert worse == {"X": 0, "Y": 1, "all": 1}
    told = "With an event above these grades, which is not counted in “T: short-term toxicity”: Wye 1."
    assert told in _notes(found)
    assert told not in _notes(summarize_tame(known, SPEC))


def _notes(found):
    table = tabulate(found, TameTable(name="t", title="T", sessions=("only",), analysis="tame", total=True))
    return " ".join(note.text for note in table.notes)


def test_pooled_arms_have_no_ratio(known):
    found = summarize_tame(pool_arms(known), SPEC)
    assert select(found, measure="burden_ratio") == ()
    assert burden(found, "all")["estimate"] == 4 / 5
    assert "ratio" not in found.catalogue.analyses["tame"].sentences


def test_an_empty_arm_is_told(known):
    found = summarize_tame(known.with_frames({"adsl": known["adsl"].assign(_ARM_ACTUAL="Y")}), SPEC)
    row = one(found, arm="X", variable="T", measure="burden", stat="estimate")
    assert math.isnan(row.value)
    assert row.note


def test_the_table_prints_the_rows(results):
    table = tabulate(results, TameTable(name="t", title="T", sessions=("only",), analysis="tame", total=True))
    lines = {
        row.cells[0].text: [cell.text.replace("\u2007", "").strip() for cell in row.cells[1:]] for row in table.rows
    }
    assert lines["T: short-term toxicity, per participant (95%\u00a0CI)"][3].startswith("4.50 (0.85 to 23.80)")
    assert lines["Events / participants"][:3] == ["0 / 2", "0 / 2", "0 / 4"]
    assert lines["M: died within 200 days, n/N (95%\u00a0CI)"][1].startswith("1/3 (33.3%")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"ratio": "wald"}, "ratio is 'wald'"),
        ({"lowest": 4, "highest": 3}, "grades 4 to 3 are no stretch of grades from 1 to 5"),
        ({"death_days": (90, 30)}, "death_days do not rise from 0 or more"),
        ({"acute_categories": ()}, "acute_categories is empty"),
        ({"late_categories": (MOUTH, replace(MOUTH, code="B"))}, "Dry mouth is in two of late_categories"),
        ({"late_categories": (replace(MOUTH, terms=()),)}, "category MOUTH has no terms"),
        ({"late": EARLY}, "acute and late are one window"),
    ],
)
def test_faults(changed, told):
    assert any(told in fault for fault in tame_faults(replace(SPEC, **changed)))


def test_an_unknown_kind_of_event_is_refused(known):
    with pytest.raises(SpecError, match="RELAPSE of no kind of event"):
        summarize_tame(known, replace(SPEC, progression=("RELAPSE",)))
