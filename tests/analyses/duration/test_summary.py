"""Onset, duration and resolution by hand on the trial of eight.

Early window from the start of radiotherapy; evaluable X P05 (from 2025-01-20), P01 (02-20); Y P02 (02-01), P03, P04
(04-15). Events of any term in it, beyond baseline: P05 mucositis 2, 02-15 to 04-20: day 27, lasted 65 days; P01 nausea
2, 03-02 to 03-10: day 11, lasted 9, and dry mouth 2 from 06-01; P02 mucositis 3, 03-01 to 05-10: day 29, lasted 71; P04
headache 1 on 08-29: day 137, lasted 1. P03 none.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.duration.displays import DurationTable
from npcstats.analyses.duration.spec import DurationSpec, TimedEvents, duration_faults
from npcstats.analyses.duration.summary import summarize_duration
from npcstats.analyses.duration.table import tabulate
from npcstats.derive import GradeWindow, pool_arms
from npcstats.errors import DataError
from npcstats.results import one, select

EARLY = GradeWindow("early", "Early", period="early", counting="onset", evaluable="window-complete")
SPEC = DurationSpec(
    id="long",
    label="Durations",
    population="DOSED",
    sessions=("only",),
    window=EARLY,
    events=(TimedEvents("ANY", "Any", (), 1), TimedEvents("DRY", "Dry mouth", ("Dry mouth",), 1)),
    baseline_adjusted=True,
    followed_by=("VITAL", "LOCOREGIONAL"),
    days=(5, 65, 70),
    quantile_type=2,
    conf_level=0.95,
    conf_type="plain",
    minimum_at_risk=1,
    scale="CTCAE version 5.0",
    status="planned",
)


@pytest.fixture(scope="module")
def results(known):
    return summarize_duration(known, SPEC)


def value(results, arm, measure, stat="estimate", variable="ANY", **at):
    return one(results, arm=arm, variable=variable, measure=measure, stat=stat, **at).value


def test_nothing_is_said_of_arms_where_there_are_none(known, results):
    assert "side_by_side" in results.catalogue.analyses["long"].sentences
    pooled = summarize_duration(pool_arms(known), SPEC).catalogue.analyses["long"].sentences
    assert "side_by_side" not in pooled
    assert not any(" arm" in sentence for sentence in pooled.values())


def test_a_column_that_is_not_there_is_named_once(known):
    lacking = known.with_frames({"adae": known["adae"].drop(columns="AENDT")})
    with pytest.raises(DataError, match=r"^adae: AENDT not in the data of this study"):
        summarize_duration(lacking, SPEC)


def test_who_had_one(results):
    assert [value(results, arm, "risk", stat) for arm in ("X", "Y") for stat in ("count", "total")] == [2, 2, 2, 3]
    assert value(results, "Y", "resolved", "count") == 2
    assert value(results, "all", "unresolved_death", "count") == 0


@pytest.mark.parametrize(("arm", "median", "low", "high"), [("X", 19, 11, 27), ("Y", 83, 29, 137), ("all", 28, 19, 83)])
def test_day_of_onset(results, arm, median, low, high):
    """X days 27 and 11; Y 29 and 137; type 2 averages where a rank is whole."""
    numbers = [value(results, arm, name, level="onset") for name in ("median", "first_quartile", "third_quartile")]
    assert numbers == [median, low, high]
    assert value(results, arm, "minimum", level="onset") == min(11 if arm != "Y" else 29, low)


def test_day_of_the_worst_grade_is_of_its_first_record(known):
    """P05's nausea raised to grade 3, on 2025-02-10: day 22, before mucositis; it is first and worst then."""
    events = known["adae"].copy()
    events.loc[(events["USUBJID"] == "P05") & (events["AESEQ"] == 3), "AETOXGR"] = 3.0
    found = summarize_duration(known.with_frames({"adae": events}), SPEC)
    assert value(found, "X", "maximum", level="worst") == 22
    assert value(found, "X", "maximum", level="onset") == 22
    # P02's mucositis of grade 3 with a nausea of grade 1 three days before it: onset day 26, worst day 29
    events = known["adae"].copy()
    of = (events["USUBJID"] == "P03") & (events["AESEQ"] == 1)
    events.loc[of, ["USUBJID", "AEDECOD", "AESEQ"]] = ["P02", "Nausea", 7.0]
    events.loc[of, "ASTDT"] = pd.Timestamp("2025-02-26")
    found = summarize_duration(known.with_frames({"adae": events}), SPEC)
    assert value(found, "Y", "minimum", level="onset") == 26
    assert value(found, "Y", "minimum", level="worst") == 29


def test_share_resolved_and_median(results):
    """X lasted 65 and 9, Y 71 and 1, together 1, 9, 65, 71: half by day 9."""
    assert [value(results, "all", "resolution", time=day) for day in (5.0, 65.0, 70.0)] == [0.25, 0.75, 0.75]
    assert value(results, "all", "median_duration") == 9
    assert value(results, "X", "median_duration") == 9


def test_exactly_half_is_half(known):
    """Ten alike, whose mucositis lasted 1, 2, …, 10 days: five of ten by day 5, however the tenths are added up."""
    people = [f"Q{number:02}" for number in range(1, 11)]
    copies = {name: pd.concat([known[name][known[name]["USUBJID"] == "P05"]] * 10) for name in ("adsl", "adassess")}
    for frame in copies.values():
        frame["USUBJID"] = [person for person in people for _ in range(len(frame) // 10)]
    events = known["adae"]
    one_each = pd.concat([events[(events["USUBJID"] == "P05") & (events["AEDECOD"] == "Mucositis oral")].iloc[:1]] * 10)
    started = one_each["ASTDT"].iloc[0]
    ends = [started + pd.Timedelta(days=lasted - 1) for lasted in range(1, 11)]
    copies["adae"] = one_each.assign(USUBJID=people, AENDT=ends)
    alike = known.with_frames({name: frame.reset_index(drop=True) for name, frame in copies.items()})
    found = summarize_duration(alike, SPEC)
    assert value(found, "X", "resolution", time=5.0) == pytest.approx(0.5)
    assert value(found, "X", "median_duration") == 5


def test_an_open_event_lasts_until_the_last_assessment(results):
    """P01's dry mouth from 2025-06-01 ends after the cut-off: open on 11-15, when P01 was last seen, 168 days."""
    assert value(results, "X", "risk", "count", variable="DRY") == 1
    assert value(results, "X", "resolved", "count", variable="DRY") == 0
    row = one(results, arm="X", variable="DRY", measure="median_duration", stat="estimate")
    assert math.isnan(row.value)
    assert row.note == "Fewer than half have resolved within the days that are estimated."
    assert value(results, "X", "resolution", variable="DRY", time=70.0) == 0


def test_death_with_it_is_no_resolution(known):
    """P02 dead on the last day of mucositis, and, of an event that has no last day, whenever."""
    adsl, events = known["adsl"].copy(), known["adae"].copy()
    adsl.loc[adsl["USUBJID"] == "P02", "DTHDT"] = pd.Timestamp("2025-05-10")
    for end in (pd.Timestamp("2025-05-10"), pd.NaT):
        events.loc[(events["USUBJID"] == "P02") & (events["AESEQ"] == 1), "AENDT"] = end
        found = summarize_duration(known.with_frames({"adsl": adsl, "adae": events}), SPEC)
        assert value(found, "Y", "resolved", "count") == 1
        assert value(found, "Y", "unresolved_death", "count") == 1
        # of P04's one day and P02's death after 71: half have resolved, and never more
        assert value(found, "Y", "resolution", time=70.0) == 0.5


def test_nobody_with_an_event(known):
    found = summarize_duration(known.with_frames({"adae": known["adae"].iloc[:0]}), SPEC)
    for measure in ("median", "median_duration"):
        rows = select(found, measure=measure, stat="estimate")
        assert rows
        assert all(math.isnan(row.value) and row.note == "Nobody had such an event." for row in rows)


def test_few_open_events_end_the_curve(known):
    found = summarize_duration(known, replace(SPEC, minimum_at_risk=3))
    row = one(found, arm="all", variable="ANY", measure="resolution", time=70.0, stat="estimate")
    assert math.isnan(row.value)
    assert "3" in row.note


def test_the_table_has_no_missing_number(known):
    for study in (known, pool_arms(known)):
        made = tabulate(
            summarize_duration(study, SPEC),
            DurationTable(name="d", title="D", sessions=("only",), analysis="long", total=False),
        )
        texts = [cell.text for row in made.rows for cell in row.cells]
        assert not any("nan" in text for text in texts)
        assert any(text.startswith("Resolved by day 65") for text in texts)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"conf_type": "logit"}, "conf_type is 'logit'"),
        ({"events": ()}, "it has no events"),
        ({"events": (TimedEvents("A", "A", (), 6),)}, "A: lowest is 6; a grade from 1 to 5 is required"),
        ({"followed_by": ()}, "followed_by is empty"),
        ({"days": (60, 30)}, "days do not rise from 1 or more"),
        ({"window": replace(EARLY, period="", counting="every", evaluable="everyone")}, "has no period"),
    ],
)
def test_faults(changed, told):
    assert any(told in fault for fault in duration_faults(replace(SPEC, **changed)))
