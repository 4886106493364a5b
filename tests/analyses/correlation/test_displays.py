"""Cells by their keys, and what is drawn of correlations: numbers read back from the page."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import assert_nothing_is_cut_off, by_gid, points
from entries import ALIKE, ASKED

from npcstats.analyses.correlation.displays import CorrelationMap, CorrelationsWith
from npcstats.analyses.correlation.summary import summarize_correlation
from npcstats.analyses.correlation.table import tabulate
from npcstats.analyses.correlation.words import alt, caption
from npcstats.display.lookup import printed
from npcstats.results import one, select
from npcstats.run.draw import draw_figure

FONTS = Path(__file__).parents[3] / "reports" / "_theme" / "fonts"
MAP = CorrelationMap(**ASKED, analysis="alike")
WITH = CorrelationsWith(name="t", title="T", sessions=("only",), analysis="alike", marker="LEVEL", total=True)


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_correlation(crowd, ALIKE)


def keyed(table):
    return {piece.key: piece.text for row in table.rows for cell in row.cells for piece in cell.pieces if piece.key}


def test_every_number_of_the_table_is_its_row(results):
    table = tabulate(results, WITH)
    found = keyed(table)
    rows = {row.key: row for row in results.rows}
    assert {rows[key].measure for key in found} == {"participants", "repeated_correlation"}
    for key, text in found.items():
        style = "count" if rows[key].measure == "participants" else "decimal2"
        assert text.strip() == printed(results, rows[key].value, style)
    others = [row.cells[0].pieces[0].text for row in table.rows]
    assert sorted(others) == ["Log marker"] * 3 + ["Virus"] * 3
    whose = [row.cells[1].pieces[0].text for row in table.rows]
    assert whose[:3] == whose[3:]
    assert len(set(whose)) == 3
    assert len(found) == 2 * 3 * (1 + 2 * 3)


def test_a_correlation_that_is_not_there_is_told_why(crowd):
    """With more participants required than there are, NE and the reason."""
    table = tabulate(summarize_correlation(crowd, replace(ALIKE, minimum_participants=500)), WITH)
    texts = {piece.text.strip() for row in table.rows for cell in row.cells[3:4] for piece in cell.pieces}
    assert texts == {"NE"}
    notes = "".join(piece.text for cell in table.notes for piece in cell.pieces)
    assert "Fewer than 500 participants have both markers on two visits." in notes


def test_a_marker_that_is_not_there_is_a_fault():
    assert WITH.faults(ALIKE) == []
    assert replace(WITH, marker="NONE").faults(ALIKE) == ["it shows NONE, which is no marker of alike"]


def test_numbers_of_the_map(results):
    figure = draw_figure(results, MAP, fonts=FONTS)
    order = list(results.catalogue.analyses["alike"].labels["variable"])
    for block in ("within", "beyond-visits"):
        for row in select(results, arm="all", block=block, measure="repeated_correlation", stat="estimate"):
            first, second = sorted((row.variable, row.level), key=order.index)
            place = (second, first) if block == "within" else (first, second)  # by row and column
            text = by_gid(figure, f"r-{place[0]}-{place[1]}")
            assert text.get_text() == printed(results, row.value, "decimal2")
            assert text.get_position() == (order.index(place[1]) + 0.5, order.index(place[0]) + 0.5)
            below = figure.findobj(lambda artist, gid=f"below-{place[0]}-{place[1]}": artist.get_gid() == gid)
            assert bool(below) == (row.value < 0)
    assert_nothing_is_cut_off(figure)


def test_joins_of_the_tree(results):
    figure = draw_figure(results, MAP, fonts=FONTS)
    for row in select(results, block="tree", measure="merge_distance"):
        (_, top), (at, _), (again, _), (_, bottom) = points(figure, f"join-{row.variable}-{row.level}")
        assert at == again == pytest.approx(row.value)
        assert top < bottom


def test_without_a_tree_there_is_none_drawn(crowd):
    labs = crowd["adlb"]
    lacking = summarize_correlation(crowd.with_frames({"adlb": labs.loc[labs["PARAMCD"] != "VIRUS"]}), ALIKE)
    figure = draw_figure(lacking, MAP, fonts=FONTS)
    assert [axes.get_label() for axes in figure.axes] == ["map"]
    assert by_gid(figure, "r-VIRUS-LOGM").get_text() == "NE"
    assert "the tree:" not in str(caption(lacking, MAP))
    assert "Markers are in the order of the plan" in str(caption(lacking, MAP))


def test_with_nothing_to_draw_the_figure_says_so(crowd):
    nothing = summarize_correlation(crowd.with_frames({"adlb": crowd["adlb"].iloc[:0]}), ALIKE)
    assert all(math.isnan(row.value) for row in select(nothing, measure="repeated_correlation", stat="estimate"))
    figure = draw_figure(nothing, MAP, fonts=FONTS)
    assert by_gid(figure, "empty").get_text().startswith("No correlation could be estimated")


def test_pooled_words_have_no_arm(crowd):
    pooled = summarize_correlation(replace(crowd, arms=()), ALIKE)
    told = str(caption(pooled, MAP)) + alt(pooled, MAP)
    assert " arm" not in told
    table = tabulate(pooled, replace(WITH, total=False))
    assert one(pooled, arm="all", measure="participants", variable="", stat="count").key in {
        piece.key for cell in table.notes for piece in cell.pieces
    }
    assert len(table.header) == 4
