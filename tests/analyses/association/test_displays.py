"""Cells by their keys, and what is drawn of markers and outcome: numbers read back from the page."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import assert_nothing_is_cut_off, by_gid, points
from entries import ASKED, FORETELLING

from npcstats.analyses.association.displays import CoursesByOutcome, MarkerForest, MarkerHazards, MarkerHazardsByArm
from npcstats.analyses.association.summary import summarize_association
from npcstats.analyses.association.table import tabulate, tabulate_by_arm
from npcstats.analyses.association.words import courses_alt, courses_caption, forest_alt, forest_caption
from npcstats.display.lookup import printed
from npcstats.results import one, select
from npcstats.run.draw import draw_figure
from npcstats.study import ARM_COLUMNS, Arm

FONTS = Path(__file__).parents[3] / "reports" / "_theme" / "fonts"
PLACE = {"name": "t", "title": "T", "sessions": ("only",), "analysis": "foretelling"}
TABLE, BY_ARM = MarkerHazards(**PLACE), MarkerHazardsByArm(**PLACE)
FOREST, COURSES = MarkerForest(**ASKED, analysis="foretelling"), CoursesByOutcome(**ASKED, analysis="foretelling")
STYLES = {"hazard_ratio": "ratio", "events": "count", "missing": "count"}


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_association(crowd, FORETELLING)


@pytest.fixture(scope="module")
def pooled(crowd):
    return summarize_association(replace(crowd, arms=()), replace(FORETELLING, by_arm=False))


def keyed(table):
    return {piece.key: piece.text.strip() for row in table.rows for cell in row.cells for piece in cell.pieces
            if piece.key}  # fmt: skip


def told(table):
    return "".join(piece.text for cell in table.notes for piece in cell.pieces)


@pytest.mark.parametrize(("make", "display"), [(tabulate, TABLE), (tabulate_by_arm, BY_ARM)])
def test_every_number_of_a_table_is_its_row(results, make, display):
    rows = {row.key: row for row in results.rows}
    found = keyed(make(results, display))
    for key, text in found.items():
        row = rows[key]
        style = "p_value" if row.stat == "p_value" else STYLES[row.measure]
        assert text == printed(results, row.value, style).strip()
    arms = {rows[key].arm for key in found}
    assert arms == ({"all"} if make is tabulate else {"X", "Y", "all"})


def test_the_table_has_every_model_before_and_after_adjustment(results):
    rows = {row.key: row for row in results.rows}
    found = [rows[key] for key in keyed(tabulate(results, TABLE))]
    places = {(row.variable, row.level, row.block) for row in found if row.measure == "hazard_ratio"}
    models = ("baseline", "landmark-V1", "readings")
    assert places == {(marker, model, block) for marker in ("LOGM", "LEVEL", "VIRUS") for model in models
                      for block in ("unadjusted", "adjusted")}  # fmt: skip


def test_notes_of_the_table(results):
    notes = told(tabulate(results, TABLE))
    deviation = one(results, variable="LEVEL", measure="std_deviation")
    assert f"Level, g\u00a0{printed(results, deviation.value, 'decimal2')}" in notes
    assert "Groups by what happened" not in notes
    left = [row for row in select(results, measure="not_evaluable") if row.value > 0]
    for row in left:
        assert f"{int(row.value)} (" in notes
    assert "for 300 days at most" in notes


def test_without_arms_the_table_of_arms_says_so(pooled):
    table = tabulate_by_arm(pooled, BY_ARM)
    assert [row.cells[0].pieces[0].text for row in table.rows] == [
        "No arms are told apart, so there are no ratios of arms."
    ]
    assert BY_ARM.faults(replace(FORETELLING, by_arm=False)) == [
        "it shows ratios of arms, which foretelling has not; by_arm is required"
    ]


def test_a_table_of_one_block_without_q(crowd):
    plain = replace(FORETELLING, by_arm=False, covariates=(), multiplicity="none")
    table = tabulate(summarize_association(replace(crowd, arms=()), plain), TABLE)
    heads = ["".join(piece.text for piece in cell.pieces) for cell in table.header]
    assert heads == ["Hazard ratio of", "Missing", "Events / n", "Unadjusted (95%\u00a0CI)", "p"]


def test_what_is_not_estimated_has_its_reason(crowd):
    table = tabulate(summarize_association(crowd, replace(FORETELLING, minimum_events=99)), TABLE)
    shown = {text for key, text in keyed(table).items() if "hazard_ratio" in key}
    assert shown == {"NE"}
    assert "There are fewer than 99 events, so no model is fitted." in told(table)


@pytest.mark.parametrize("width", ["full", "column"])
def test_ratios_are_where_they_belong(results, width):
    figure = draw_figure(results, replace(FOREST, width=width), fonts=FONTS)
    order = list(results.catalogue.analyses["foretelling"].labels["variable"])
    for row in select(results, measure="hazard_ratio", arm="all", stat="estimate"):
        ((x, y),) = points(figure, f"ratio-{row.block}-{row.variable}-{row.level}")
        assert x == pytest.approx(row.value)
        assert round(y) == order.index(row.variable)
        assert (y < order.index(row.variable)) == (row.block == "unadjusted")
    assert {axes.get_label() for axes in figure.axes} == {"baseline", "landmark-V1", "readings"}
    assert_nothing_is_cut_off(figure)


def test_limits_within_the_axis_are_the_rows(results):
    figure = draw_figure(results, FOREST, fonts=FONTS)
    for row in select(results, measure="hazard_ratio", arm="all", stat="estimate"):
        place = {name: getattr(row, name) for name in ("block", "variable", "level")}
        low, high = (one(results, **place, arm="all", measure="hazard_ratio", stat=stat).value
                     for stat in ("ci_low", "ci_high"))  # fmt: skip
        (left, _), (right, _) = points(figure, f"limits-{row.block}-{row.variable}-{row.level}")
        axes = by_gid(figure, f"limits-{row.block}-{row.variable}-{row.level}").axes
        span = axes.get_xlim()
        assert (left, right) == pytest.approx((max(low, span[0]), min(high, span[1])))
        arrows = figure.findobj(
            lambda artist, row=row: artist.get_gid() == f"arrow-{row.block}-{row.variable}-{row.level}"
        )
        assert len(arrows) == (low < span[0]) + (high > span[1])


def test_a_ratio_that_is_not_there_is_ne(crowd):
    """No record of one marker: its line says NE in every panel."""
    labs = crowd["adlb"]
    lacking = summarize_association(crowd.with_frames({"adlb": labs.loc[labs["PARAMCD"] != "VIRUS"]}), FORETELLING)
    figure = draw_figure(lacking, FOREST, fonts=FONTS)
    for model in ("baseline", "landmark-V1", "readings"):
        assert by_gid(figure, f"ne-unadjusted-VIRUS-{model}").get_text() == "NE"
    nothing = summarize_association(crowd.with_frames({"adlb": labs.iloc[:0]}), FORETELLING)
    assert by_gid(draw_figure(nothing, FOREST, fonts=FONTS), "empty").get_text().startswith("No hazard ratio")
    assert by_gid(draw_figure(nothing, COURSES, fonts=FONTS), "empty").get_text().startswith("No marker has a value")


def test_courses_are_the_rows(results):
    figure = draw_figure(results, COURSES, fonts=FONTS)
    measures = {"LOGM": "geometric_mean", "LEVEL": "mean", "VIRUS": "proportion"}
    for variable, measure in measures.items():
        for group, shift in (("event", -0.08), ("free", 0.08)):
            drawn = points(figure, f"course-{variable}-{group}")
            at = {"block": "outcome", "variable": variable, "subgroup": f"outcome={group}"}
            for i, (visit, (x, y)) in enumerate(zip(("V0", "V1", "V2"), drawn, strict=True)):
                value = one(results, **at, window=visit, measure=measure, stat="estimate").value
                assert x == pytest.approx(i + shift)
                assert y == pytest.approx(value) or (math.isnan(y) and math.isnan(value))
                count = one(results, **at, window=visit, measure="observed", stat="count").value
                assert by_gid(figure, f"n-{variable}-{group}-{visit}").get_text() == f"{count:.0f}"
    assert_nothing_is_cut_off(figure)


def test_captions_say_how_many_are_in_each_group(results):
    words = str(courses_caption(results, COURSES))
    for code, label in (("event", "With the event"), ("free", "Followed without it")):
        row = one(results, block="outcome", measure="participants", variable="", subgroup=f"outcome={code}")
        assert f"{label}\u00a0{row.value:.0f}" in words
    assert "Groups by what happened within 9 months of the start of radiotherapy" in words
    assert str(forest_caption(results, FOREST)).startswith("Squares: adjusted; open circles: unadjusted")
    assert COURSES.faults(replace(FORETELLING, courses=None))


def test_pooled_words_and_looks_have_no_arm(pooled):
    words = [str(forest_caption(pooled, FOREST)), str(courses_caption(pooled, COURSES)), forest_alt(pooled, FOREST),
             courses_alt(pooled, COURSES), told(tabulate(pooled, TABLE))]  # fmt: skip
    assert not any(" arm" in text for text in words)


def test_three_arms_have_columns_each(crowd):
    adsl = crowd["adsl"].copy()
    adsl.loc[adsl.index % 3 == 0, ARM_COLUMNS["actual"]] = "Z"
    three = replace(crowd.with_frames({"adsl": adsl}), arms=(*crowd.arms, Arm("Z", "Zed")))
    table = tabulate_by_arm(summarize_association(three, FORETELLING), BY_ARM)
    assert [len(row.cells) for row in table.rows if len(row.cells) > 1] == [8] * 9
    assert len(table.header) == 6
