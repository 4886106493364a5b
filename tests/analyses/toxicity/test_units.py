"""Composites, terms that are measured, serious events, and what no filter hides: by hand on the trial of eight.

Early window: evaluable X P05, P01; Y P02, P03, P04. Onset in it, beyond baseline: P05 mucositis 2; P01 nausea 2, dry
mouth 2; P02 mucositis 3, serious; P04 headache 1.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import with_gid
from matplotlib.colors import to_rgb

from npcstats.analyses.toxicity.displays import ToxicityButterfly, WorstGrades
from npcstats.analyses.toxicity.spec import Composite, ToxicitySpec, toxicity_faults
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.derive import GradeWindow, pool_arms
from npcstats.errors import ResultsError, SpecError
from npcstats.results import one, select
from npcstats.run.draw import draw_figure
from npcstats.schema import with_terms
from npcstats.tables import toxicity_table

EARLY = GradeWindow("early", "Early", period="early", counting="onset", evaluable="window-complete")
SPEC = ToxicitySpec(
    id="tox",
    label="Harm",
    population="DOSED",
    sessions=("only",),
    windows=(EARLY,),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="newcombe",
    estimand="unadjusted",
    baseline_adjusted=True,
    scale="CTCAE version 5.0",
    status="planned",
    composites=(Composite("MOUTH", "Mouth", ("Mucositis oral", "Dry mouth")),),
)
BUTTERFLY = ToxicityButterfly(name="b", title="B.", analysis="tox", sessions=("only",), width="full", low="grade>=1",
                              high="grade>=3", window="early", minimum=0.0)  # fmt: skip


@pytest.fixture(scope="module")
def results(known):
    return summarize_toxicity(known, SPEC)


def counts(results, level, block, variable):
    """X and Y: participants and denominators."""
    at = {"level": level, "block": block, "variable": variable, "measure": "risk"}
    return [tuple(one(results, **at, arm=arm, stat=stat).value for stat in ("count", "total")) for arm in ("X", "Y")]


def printed(cell):
    """A cell without the blanks that align it."""
    return cell.text.replace("\u2007", "").strip()


def test_composite_is_the_worst_of_its_terms(results):
    assert counts(results, "grade>=2", "composites", "MOUTH") == [(2, 2), (1, 3)]
    assert counts(results, "grade=3", "composites", "MOUTH") == [(0, 2), (1, 3)]
    assert counts(results, "grade=0", "composites", "MOUTH") == [(0, 2), (2, 3)]
    sentence = results.catalogue.analyses["tox"].sentences["composite.MOUTH"]
    assert sentence == "Mouth: the worst grade of Mucositis oral, Dry mouth."


def test_a_participant_counts_once_in_a_composite(known):
    """P05's mucositis given to P01, as grade 1: P01, with dry mouth 2, is one participant of grade 2; P05 has none."""
    frame = known["adae"].copy()
    of = (frame["USUBJID"] == "P05") & (frame["AEDECOD"] == "Mucositis oral")
    frame.loc[of, ["USUBJID", "AESEQ", "AETOXGR"]] = ["P01", 9.0, 1.0]
    frame.loc[of, "ASTDT"] = pd.Timestamp("2025-04-01")
    both = summarize_toxicity(known.with_frames({"adae": frame}), SPEC)
    assert counts(both, "grade>=1", "composites", "MOUTH") == [(1, 2), (1, 3)]
    assert counts(both, "grade=2", "composites", "MOUTH") == [(1, 2), (0, 3)]


def test_a_composite_of_a_term_that_is_not_listed_is_refused(known):
    listed = ("Mucositis oral", "Dry mouth", "Nausea", "Headache")
    frames = tuple(
        with_terms(schema, {"AEDECOD": listed}) if schema.name == "adae" else schema for schema in known.design.frames
    )
    study = replace(known, design=replace(known.design, frames=frames))
    assert counts(summarize_toxicity(study, SPEC), "grade>=2", "composites", "MOUTH") == [(2, 2), (1, 3)]
    wrong = replace(SPEC, composites=(Composite("MOUTH", "Mouth", ("Mucositis orale",)),))
    with pytest.raises(SpecError, match="Mucositis orale"):
        summarize_toxicity(study, wrong)


def test_serious_events_are_counted_by_participant(results):
    assert counts(results, "serious", "Gut", "Mucositis oral") == [(0, 2), (1, 3)]
    assert counts(results, "serious", "Gut", "all") == [(0, 2), (1, 3)]
    assert counts(results, "serious", "Nerves", "Headache") == [(0, 2), (0, 3)]


@pytest.mark.parametrize(
    ("parameter", "nausea", "unassessed"),
    [
        # values in the windows: P05 02-10, P01 03-13, P02 02-22, P03 04-22; none of P04
        ("LEVEL", [(1, 2), (0, 2)], [0, 1]),
        # P05 not detected on its first day; P01's value is of two days before, but it had nausea; no other value
        ("VIRUS", [(1, 2), (0, 0)], [0, 3]),
    ],
)
def test_a_measured_term_is_of_those_with_a_value_or_the_event(known, parameter, nausea, unassessed):
    found = summarize_toxicity(known, replace(SPEC, measured={"Nausea": (parameter,)}))
    assert counts(found, "grade>=2", "Gut", "Nausea") == nausea
    assert counts(found, "grade>=1", "Gut", "all") == [(2, 2), (1, 3)]
    rows = select(found, measure="not_assessed", variable="Nausea")
    assert [row.value for row in rows if row.arm != "all"] == unassessed
    assert sum(unassessed) == one(found, measure="not_assessed", arm="all").value


def test_a_composite_of_measured_terms_has_their_denominator(known):
    """Nausea by level: all but P04. Headache by the virus: P05 alone, and P04 who had it; both together everyone."""
    parts = {"S": ("Nausea",), "B": ("Nausea", "Headache"), "P": ("Nausea", "Mucositis oral")}
    asked = replace(
        SPEC,
        measured={"Nausea": ("LEVEL",), "Headache": ("VIRUS",)},
        composites=tuple(Composite(code, f"Any {code}", terms) for code, terms in parts.items()),
    )
    found = summarize_toxicity(known, asked)
    assert (
        counts(found, "grade>=1", "composites", "S") == counts(found, "grade>=1", "Gut", "Nausea") == [(1, 2), (0, 2)]
    )
    assert counts(found, "grade>=1", "composites", "B") == [(1, 2), (1, 3)]
    assert counts(found, "grade>=1", "composites", "P") == [(2, 2), (1, 3)]
    assert {row.variable for row in select(found, block="composites", measure="not_assessed")} == {"S", "B"}
    told = found.catalogue.analyses["tox"].sentences["measured"]
    assert told.startswith("Assessed for Nausea, Headache, Any S, Any B is who")


def test_the_denominator_of_a_measured_term_is_printed(known):
    found = summarize_toxicity(known, replace(SPEC, measured={"Nausea": ("LEVEL",)}))
    table = toxicity_table(found, "tox", levels=("grade>=1",), contrasts=())
    (nausea,) = (row for row in table.rows if row.cells[0].text == "Nausea")
    assert [printed(cell) for cell in nausea.cells[1:]] == ["1 (50.0)", "0/2 (0.0)"]


def test_a_serious_term_is_shown_whatever_its_share(results):
    """Of any arm 9 in 10 have no term; mucositis was serious once."""
    table = toxicity_table(results, "tox", levels=("grade>=1", "grade=3"), counts=("grade=3",), minimum=0.9)
    assert [row.cells[0].text for row in table.rows] == [
        "Any adverse event", "Gut", "Mucositis oral", "Composite endpoints", "Mouth",
    ]  # fmt: skip
    assert "; and every term with an event of Grade 4 or Grade 5, or a serious one." in table.notes[0].text
    mucositis = [printed(cell) for cell in table.rows[2].cells[1:5]]
    assert mucositis == ["1 (50.0)", "0", "1 (33.3)", "1"]


@pytest.mark.parametrize("grade", [4.0, 5.0])
def test_a_term_of_grade_4_or_5_is_shown_whatever_its_share(known, grade):
    events = known["adae"].copy()
    events.loc[events["AEDECOD"] == "Headache", ["AETOXGR", "AESER"]] = [grade, "N"]
    found = summarize_toxicity(known.with_frames({"adae": events}), SPEC)
    table = toxicity_table(found, "tox", levels=("grade>=1",), minimum=0.99)
    assert "Headache" in [row.cells[0].text for row in table.rows]
    assert "Nausea" not in [row.cells[0].text for row in table.rows]


def test_a_term_without_an_event_in_the_window_is_not_shown(known):
    """Headaches moved to 2025-12-30 are in nobody's early window."""
    late = known["adae"].assign(ASTDT=known["adae"]["ASTDT"].where(known["adae"]["AEDECOD"] != "Headache",
                                                                    pd.Timestamp("2025-12-30")))  # fmt: skip
    found = summarize_toxicity(known.with_frames({"adae": late}), SPEC)
    table = toxicity_table(found, "tox", levels=("grade>=1",))
    assert "Headache" not in [row.cells[0].text for row in table.rows]


def test_event_on_the_first_day_of_the_window_counts(known):
    """P02's mucositis moved to the day radiotherapy started, and to the day before."""
    events = known["adae"].copy()
    of = (events["USUBJID"] == "P02") & (events["AESEQ"] == 1)
    for day, expected in (("2025-02-01", (1, 3)), ("2025-01-31", (0, 3))):
        events.loc[of, "ASTDT"] = pd.Timestamp(day)
        found = summarize_toxicity(known.with_frames({"adae": events}), SPEC)
        assert counts(found, "grade=3", "Gut", "Mucositis oral")[1] == expected


def test_who_had_no_such_period_is_told_apart(known):
    """The time before radiotherapy is empty where treatment began with it: P05, P02, P01, P03, P04."""
    before = replace(known.design.periods[0], code="before", start="TRTSDT", start_day=0, end="RTSTDT", end_day=-1)
    design = replace(known.design, periods=(*known.design.periods, before))
    window = replace(EARLY, code="before", period="before")
    found = summarize_toxicity(replace(known, design=design), replace(SPEC, windows=(window,)))
    outside = {row.level: row.value for row in select(found, arm="all", measure="not_evaluable")}
    # P06 had it; P07 never reached radiotherapy, its longest duration is over at the cut-off
    assert outside == {"window-open": 0, "not-started": 0, "no-period": 5}
    assert one(found, arm="all", measure="observed", stat="count").value == 2


def test_without_a_column_of_seriousness_nothing_is_said_of_it(known):
    found = summarize_toxicity(known.with_frames({"adae": known["adae"].drop(columns="AESER")}), SPEC)
    assert select(found, level="serious") == ()
    assert counts(found, "grade=3", "Gut", "Mucositis oral") == [(0, 2), (1, 3)]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"composites": (SPEC.composites[0], SPEC.composites[0])}, "composite"),
        ({"composites": (Composite("C", "C", ()),)}, "composite C has no terms; one is required"),
        ({"measured": {"Nausea": ()}}, "Nausea is measured by nothing; a parameter is required"),
        ({"measured": {"Nausea": ("LOGM",)}, "windows": (replace(EARLY, period="", counting="every",
          evaluable="everyone"),)}, "measured asks for values in a period, and early has none; one is required"),
    ],
)  # fmt: skip
def test_faults_of_a_plan(changed, told):
    assert any(told in fault for fault in toxicity_faults(replace(SPEC, **changed)))


def test_faults_of_a_table():
    table = WorstGrades(name="t", title="T", sessions=("only",), analysis="tox", total=False,
                        levels=("grade>=2", "grade=6"), counts=("grade=4",))  # fmt: skip
    found = table.faults(SPEC)
    assert any("level 'grade=6' was not made; one of grade>=1, grade>=2, grade>=3, grade>=4, gr" in f for f in found)
    assert any("count 'grade=4' was not made; one of grade>=2, grade=6 is required" in f for f in found)


def test_bars_back_to_back_are_the_rows(results, fonts: Path):
    figure = draw_figure(results, BUTTERFLY, fonts=fonts)
    left, right = figure.axes
    names = [text.get_text() for text in left.get_yticklabels()]
    # by the sum of both arms' shares: mucositis 1/2 + 1/3, dry mouth and nausea 1/2, headache 1/3
    assert names == ["Mucositis oral", "Dry mouth", "Nausea", "Headache"]
    assert left.get_xlim()[::-1] == right.get_xlim() == (0.0, 0.5)
    for i, (block, name) in enumerate(zip(["Gut", "Gut", "Gut", "Nerves"], names, strict=True)):
        for arm in ("X", "Y"):
            for level in ("grade>=1", "grade>=3"):
                (bar,) = with_gid(figure, f"{arm}-{level}-{name}")
                share = one(results, block=block, variable=name, arm=arm, level=level, measure="risk", stat="estimate")
                assert bar.get_width() == share.value
                assert bar.get_y() + bar.get_height() / 2 == pytest.approx(i)


def test_the_lower_band_is_paler_in_grey_too(results, fonts: Path):
    figure = draw_figure(results, BUTTERFLY, fonts=fonts)
    for arm in ("X", "Y"):
        pale, dark = (
            np.dot(to_rgb(with_gid(figure, f"{arm}-{level}-Mucositis oral")[0].get_facecolor()), (0.299, 0.587, 0.114))
            for level in ("grade>=1", "grade>=3")
        )
        assert pale - dark > 0.25


def test_pooled_arms_have_one_side(known, fonts: Path):
    found = summarize_toxicity(pool_arms(known), SPEC)
    figure = draw_figure(found, BUTTERFLY, fonts=fonts)
    assert len(figure.axes) == 1
    assert with_gid(figure, "all-grade>=1-Nausea")[0].get_width() == 1 / 5


def test_a_third_arm_has_no_side(results, fonts: Path):
    rows = [replace(row, arm="Z") for row in results.rows if row.arm == "Y" and not row.reference]
    three = replace(results, rows=(*results.rows, *rows),
                    catalogue=replace(results.catalogue, arms={"X": "Ex", "Y": "Wye", "Z": "Zed"}))  # fmt: skip
    with pytest.raises(ResultsError, match="of two arms, not of 3; two are required"):
        draw_figure(three, BUTTERFLY, fonts=fonts)


def test_faults_of_a_butterfly():
    assert BUTTERFLY.faults(SPEC) == []
    assert replace(BUTTERFLY, high="grade>=1").faults(SPEC) == ["high is not above low"]
    assert "window" in replace(BUTTERFLY, window="late").faults(SPEC)[0]
    with pytest.raises(SpecError, match="minimum is 2; a share from 0 to 1 is required"):
        replace(BUTTERFLY, minimum=2)


def test_an_event_without_a_start_is_in_no_dated_window_and_in_every_undated_one(known):
    """P02's mucositis loses its start: no window by dates has it; one that asks for no dates does."""
    events = known["adae"].copy()
    events.loc[events["USUBJID"] == "P02", "ASTDT"] = pd.NaT
    study = known.with_frames({"adae": events})
    every = GradeWindow("every", "Every", period="", counting="every", evaluable="everyone")
    late = replace(EARLY, code="late", period="after", counting="onset-or-persistence")
    found = summarize_toxicity(study, replace(SPEC, windows=(EARLY, late, every), composites=()))
    at = {"block": "Gut", "variable": "Mucositis oral", "level": "grade=3", "measure": "risk", "arm": "Y"}
    counted = [one(found, **at, window=code, stat="count").value for code in ("early", "late", "every")]
    assert counted == [0, 0, 1]


def test_an_event_that_spans_periods_is_new_in_one_and_persists_in_the_next(known):
    """P01's dry mouth from 2025-06-01 is new in the early window and only persists from 07-06 on."""
    late = replace(EARLY, code="late", period="after", evaluable="assessed-in-window")
    persisting = replace(late, code="persisting", counting="onset-or-persistence")
    found = summarize_toxicity(known, replace(SPEC, windows=(EARLY, late, persisting), composites=()))
    at = {"block": "Gut", "variable": "Dry mouth", "level": "grade=2", "measure": "risk", "arm": "X", "stat": "count"}
    assert [one(found, **at, window=code).value for code in ("early", "late", "persisting")] == [1, 0, 1]


def test_an_event_after_death_counts_where_its_date_lies(known):
    """P02 died 2025-09-01; a record of 2025-09-15 is in the late window as dated: the check asks about it."""
    events = known["adae"].copy()
    of = (events["USUBJID"] == "P02") & (events["AESEQ"] == 1)
    events.loc[of, ["ASTDT", "AENDT"]] = [pd.Timestamp("2025-09-15"), pd.NaT]
    late = replace(EARLY, code="late", period="after", evaluable="assessed-in-window")
    found = summarize_toxicity(known.with_frames({"adae": events}), replace(SPEC, windows=(late,), composites=()))
    at = {"block": "Gut", "variable": "Mucositis oral", "level": "grade=3", "measure": "risk", "arm": "Y"}
    assert one(found, **at, stat="count").value == 1
