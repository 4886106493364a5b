"""Tables and the figure of clearance: each number is the row of its key, each mark the row's value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import assert_nothing_is_cut_off, drawn_points, texts, with_gid
from entries import CLEARED
from matplotlib.patches import Rectangle
from tabled import FIGURE_SPACE, lines_of, parsed, spans_of

from npcstats.analyses.clearance.displays import ClearanceFigure, ClearanceTable, StatesTable
from npcstats.analyses.clearance.summary import summarize_clearance
from npcstats.analyses.clearance.table import tabulate_states, tabulate_times
from npcstats.analyses.clearance.words import alt, caption
from npcstats.display.origins import printed_text
from npcstats.results import one, select
from npcstats.run.draw import draw_figure

COMMON = {"name": "virus", "title": "Virus", "sessions": ("only",), "analysis": "cleared"}
STATES, TIMES = StatesTable(**COMMON, total=True), ClearanceTable(**COMMON, total=True)
FIGURE = ClearanceFigure(**COMMON, width="full")
NAMES = ("not-detected", "below-limit", "quantified")


@pytest.fixture(scope="module", params=["arms", "pooled"])
def found(crowd, request):
    return summarize_clearance(crowd if request.param == "arms" else replace(crowd, arms=()), CLEARED)


@pytest.fixture(scope="module")
def few(crowd):
    """A summary in which no time is estimated."""
    return summarize_clearance(crowd, replace(CLEARED, minimum=61))


@pytest.mark.parametrize(("make", "asked"), [(tabulate_states, STATES), (tabulate_times, TIMES)])
def test_every_number_is_the_row_of_its_key(found, make, asked):
    spans = spans_of(parsed(make(found, asked)))
    keyed = [span for span in spans if span.get("key")]
    assert len(keyed) > 20
    for span in spans:
        if span.get("key"):
            assert span["text"].strip(FIGURE_SPACE) == printed_text(found, span)


def test_a_line_for_each_group_of_each_visit(found):
    lines = lines_of(tabulate_states(found, STATES))
    groups = [*found.catalogue.arms, "all"]
    assert len([line for line in lines if line and " of " in "".join(line)]) >= 2 * len(groups)


def test_times_without_an_estimate_are_told(few):
    table = tabulate_times(few, TIMES)
    text = " ".join([*(" ".join(line) for line in lines_of(table)), *(note.text for note in table.notes)])
    assert "NE" in text
    assert "Fewer than 61 participants have a later sample." in text
    assert "nan" not in text


def test_bars_are_the_shares(found, fonts):
    figure = draw_figure(found, FIGURE, fonts=fonts)
    for arm in [*found.catalogue.arms] or ["all"]:
        for visit in CLEARED.visits:
            foot = 0.0
            for state in NAMES:
                (bar,) = with_gid(figure, f"state-{state}-{arm}-{visit}")
                assert isinstance(bar, Rectangle)
                share = one(found, arm=arm, block="visits", window=visit, level=state, measure="proportion",
                            stat="estimate").value  # fmt: skip
                assert bar.get_height() == share
                assert bar.get_y() == pytest.approx(foot)
                foot += share
            assert foot == pytest.approx(1.0)


def test_curves_are_the_rows(found, fonts):
    figure = draw_figure(found, FIGURE, fonts=fonts)
    for arm in [*found.catalogue.arms] or ["all"]:
        for gid, measure in (("least", "clearance_least"), ("weibull", "weibull_clearance")):
            rows = select(found, arm=arm, block="course", measure=measure)
            if not rows:
                assert not with_gid(figure, f"{gid}-{arm}")
                continue
            np.testing.assert_array_equal(drawn_points(figure, f"{gid}-{arm}"), [[row.time, row.value] for row in rows])


@pytest.mark.parametrize("width", ["full", "column"])
def test_nothing_is_cut_off(found, fonts, width):
    assert_nothing_is_cut_off(draw_figure(found, replace(FIGURE, width=width), fonts=fonts))


def test_a_panel_without_curves_says_so(few, fonts):
    (said,) = with_gid(draw_figure(few, FIGURE, fonts=fonts), "empty-curves")
    assert said.get_text() == "No time is estimated."


def test_a_visit_without_samples_leaves_a_gap(crowd, fonts):
    found = summarize_clearance(crowd, replace(CLEARED, visits=("V0", "V2"), baseline="V0"))
    none = crowd["adlb"].loc[crowd["adlb"]["PARAMCD"] != "VIRUS"]
    lacking = summarize_clearance(crowd.with_frames({"adlb": none}), CLEARED)
    assert with_gid(draw_figure(found, FIGURE, fonts=fonts), "state-not-detected-X-V0")
    figure = draw_figure(lacking, FIGURE, fonts=fonts)
    assert [text.get_text() for text in with_gid(figure, "empty-X")] == ["No sample at any visit."]
    assert not [text for text in texts(figure) if "nan" in text.get_text()]


def test_words_know_who_is_told_apart(crowd):
    arms, pooled = (summarize_clearance(study, CLEARED) for study in (crowd, replace(crowd, arms=())))
    assert "for each arm" in alt(arms, FIGURE)
    assert "arm" not in alt(pooled, FIGURE)
    assert str(caption(arms, FIGURE)).startswith("virus.")
    assert " arm" not in str(caption(pooled, FIGURE))
