"""The diagram: what its boxes say, where they stand, which way its lines go, and what does not fit."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from drawn import assert_no_words_collide, assert_nothing_is_cut_off, by_gid
from flows import WAY
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from npcstats.analyses.flow.displays import FlowDiagram
from npcstats.analyses.flow.rows import BOXES
from npcstats.analyses.flow.summary import summarize_flow
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, Results, select
from npcstats.run.draw import draw_figure

FIGURE = FlowDiagram(name="way", title="Way.", analysis="way", sessions=("only",), width="full")


def more_arms(results, count):
    """The same results with so many arms: each a copy of the first."""
    arms = {f"ARM{i}": f"Arm number {i}" for i in range(count)}
    first = next(iter(results.catalogue.arms))
    pooled = [row for row in results.rows if row.arm == EVERYONE]
    own = [replace(row, arm=arm) for arm in arms for row in results.rows if row.arm == first]
    return Results((*pooled, *own), replace(results.catalogue, arms=arms))


@pytest.fixture(scope="module", params=["named", "masked", "pooled", "one", "three", "four"])
def made(request, known):
    study = known
    if request.param == "masked":
        study = mask_arms(known, {"X": "B", "Y": "A"})
    elif request.param == "pooled":
        study = pool_arms(known)
    results = summarize_flow(study, WAY)
    copies = {"one": 1, "three": 3, "four": 4}
    return more_arms(results, copies[request.param]) if request.param in copies else results


@pytest.fixture(scope="module")
def figure(made, fonts):
    return draw_figure(made, FIGURE, fonts=fonts)


def rectangles(figure):
    found = figure.findobj(lambda artist: isinstance(artist, Rectangle) and str(artist.get_gid()).startswith("box-"))
    return {str(box.get_gid()).removeprefix("box-"): box for box in found}


def spans(box):
    y = sorted((box.get_y(), box.get_y() + box.get_height()))
    return box.get_x(), box.get_x() + box.get_width(), *y


def test_every_count_is_its_row_s(figure, made):
    arms = tuple(made.catalogue.arms) or (EVERYONE,)
    for row in select(made, measure="flow", variable=EVERYONE):
        wanted = row.arm in (arms if row.block in BOXES[3:] else (EVERYONE,))
        if not wanted or (row.block == "ALLOCATED" and not made.catalogue.arms):
            continue
        text = by_gid(figure, f"count-{row.arm}-{row.block}")
        assert isinstance(text, Text)
        assert text.get_text() == ("NE" if math.isnan(row.value) else f"{row.value:.0f}")


def test_parts_of_a_box(known, fonts):
    """P05 and P06 of X as planned, P01 of both; nobody was treated otherwise, so that this part is left out."""
    figure = draw_figure(summarize_flow(known, WAY), FIGURE, fonts=fonts)
    found = [by_gid(figure, f"{what}-X-STARTED-{i}").get_text() for i in (0, 1) for what in ("words", "count")]
    assert found == ["As planned", "2", "Both", "1"]
    assert not figure.findobj(lambda artist: artist.get_gid() == "words-X-STARTED-2")


def test_boxes_hold_their_words_and_do_not_overlap(figure):
    figure.canvas.draw()
    found = rectangles(figure)
    for (one, box), (other, room) in combinations(found.items(), 2):
        left, right, top, bottom = spans(box)
        x0, x1, y0, y1 = spans(room)
        assert right <= x0 or x1 <= left or bottom <= y0 or y1 <= top, (one, other)
    for text in figure.findobj(Text):
        kind, _, name = str(text.get_gid()).partition("-")
        if kind in ("words", "count"):
            owner = max((box for box in found if name.startswith(box)), key=len)
            outer, inner = found[owner].get_window_extent(), text.get_window_extent()
            assert outer.x0 <= inner.x0 < inner.x1 <= outer.x1, name
            assert outer.y0 <= inner.y0 < inner.y1 <= outer.y1, name


def test_nothing_is_cut_off_and_no_words_touch(figure):
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


def arrows(figure):
    found = figure.findobj(lambda artist: isinstance(artist, Line2D) and str(artist.get_gid()).startswith("arrow-"))
    return {str(line.get_gid()): np.asarray(line.get_xydata(), dtype=float) for line in found}


def test_lines_are_straight_and_leave_the_words_alone(figure):
    """Each stretch is horizontal or vertical and runs through no box."""
    boxes = [spans(box) for box in rectangles(figure).values()]
    for gid, points in arrows(figure).items():
        for (x0, y0), (x1, y1) in pairwise(points):
            assert math.isclose(x0, x1) or math.isclose(y0, y1), gid
            for left, right, top, bottom in boxes:
                through = max(left, min(x0, x1)) < min(right, max(x0, x1)) or left < x0 == x1 < right
                down = max(top, min(y0, y1)) < min(bottom, max(y0, y1)) or top < y0 == y1 < bottom
                assert not (through and down), gid


def test_every_box_but_the_first_is_led_to(figure, made):
    ends = [tuple(points[-1]) for points in arrows(figure).values()]
    for name, box in rectangles(figure).items():
        left, right, top, bottom = spans(box)
        reached = any(left - 1.1 <= x <= right and top - 1.1 <= y <= bottom for x, y in ends)
        assert reached == (name != "all-SCREENED"), name


def test_boxes_of_one_code_stand_side_by_side(figure, made):
    found = rectangles(figure)
    for code in {name.partition("-")[2] for name in found}:
        tops = {round(spans(box)[2], 6) for name, box in found.items() if name.partition("-")[2] == code}
        assert len(tops) == 1, code


def test_a_column_is_enough_for_two_arms(known, fonts):
    figure = draw_figure(summarize_flow(known, WAY), replace(FIGURE, width="column"), fonts=fonts)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)
    assert math.isclose(figure.get_size_inches()[0] * 25.4, 85.0)


def test_what_does_not_fit_is_refused(known, fonts):
    results = more_arms(summarize_flow(known, WAY), 4)
    with pytest.raises(ResultsError, match=r"^figure way: 4 arms on 85 mm leave no room for '\w+,?'; a wider figure"):
        draw_figure(results, replace(FIGURE, width="column"), fonts=fonts)


def test_more_parts_than_a_page_is_high(known, fonts):
    spec = replace(WAY, criteria={f"C{i}": f"Criterion {i}" for i in range(60)})
    codes = [*spec.criteria, *[""] * 8]
    log = known["adscr"].iloc[[0] * len(codes)].assign(CRITERION=codes).reset_index(drop=True)
    with pytest.raises(ResultsError, match=r"mm high; at most 232 mm, the height of a page"):
        draw_figure(summarize_flow(known.with_frames({"adscr": log}), spec), FIGURE, fonts=fonts)


def test_alternative_text_tells_every_number_in_order(known):
    """The screening log of the eight is too short, so that the first two boxes cannot be told."""
    results = summarize_flow(known, WAY)
    assert FIGURE.alt(results, FIGURE) == (
        "Participant flow. Screened NE. Not enrolled NE (ECOG 2; Spread 1; Waiting NE). Enrolled 7. Treatment chosen "
        "by participants and physicians, not randomised. Ex: Ex 4. Not started 1 (Withdrew, treated 1). Started 3 "
        "(As planned 2; Both 1). Course 3 (Completed 1; Fewer 2). Follow up 3 (Followed 3; Died 0). Analysed (Dosed 4; "
        "Radiotherapy 3). Wye: Wye 3. Not started 0 (Withdrew, treated 0). Started 3 (As planned 3; Both 0). Course 3 "
        "(Completed 3; Fewer 0). Follow up 3 (Followed 2; Died 1). Analysed (Dosed 3; Radiotherapy 3)."
    )


def test_caption_tells_the_rule_and_its_numbers(known):
    told = "".join(piece.text for piece in FIGURE.caption(summarize_flow(known, WAY), FIGURE).pieces)
    assert "MIXED counts in arm Ex; who has none recorded counts as planned." in told
    assert "Of 7 participants, 1 had MIXED and 1 had no actual treatment recorded." in told
    assert told.endswith("Data cut-off 31 December 2025. Planned analysis.")
