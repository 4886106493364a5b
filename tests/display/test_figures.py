"""Figures of every kind: nothing is cut off, nothing collides, and what is early or empty is drawn too."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import (
    FIGURES,
    MILLIMETRES,
    assert_no_words_collide,
    assert_nothing_is_cut_off,
    boxes,
    is_hidden,
    renamed,
    with_gid,
)
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text

import npcstats.figures
from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.courses.displays import Swimmer, Waterfall
from npcstats.analyses.regression.displays import Forest
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.display.looks import FIRST, SECOND
from npcstats.display.specs import Figure as DisplayFigure
from npcstats.display.specs import display_of_entry, entry_of_display
from npcstats.errors import SpecError
from npcstats.results import Results, Row
from npcstats.run.draw import draw_figure

PLAN = Path(__file__).parents[2] / "analysis" / "plan"


@pytest.fixture(params=list(FIGURES))
def spec(request: pytest.FixtureRequest) -> DisplayFigure:
    """A figure of each kind."""
    return FIGURES[request.param]


@pytest.fixture(params=["full", "column"])
def sized(request: pytest.FixtureRequest, spec: DisplayFigure) -> DisplayFigure:
    """Each kind in both widths."""
    return replace(spec, width=request.param)


def test_nothing_is_cut_off(sized: DisplayFigure, results: Results, fonts: Path) -> None:
    figure = draw_figure(results, sized, fonts=fonts)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Proton", "Photon"),
        ("Intensity-modulated protons with cisplatin and capecitabine", "Photons"),
        ("Intensity-modulated protons with cisplatin and capecitabine", "Intensitymodulatedphotonswithcisplatin" * 2),
    ],
)
def test_long_names_are_not_cut_off(
    sized: DisplayFigure, by_arm: Results, fonts: Path, first: str, second: str
) -> None:
    figure = draw_figure(renamed(by_arm, first, second), sized, fonts=fonts)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


def test_figures_have_their_width(sized: DisplayFigure, results: Results, fonts: Path) -> None:
    width = draw_figure(results, sized, fonts=fonts).get_figwidth() * 25.4
    assert width == pytest.approx(MILLIMETRES[sized.width], abs=1e-9)


def test_all_words_are_inter_with_tabular_digits_in_readable_size(
    spec: DisplayFigure, results: Results, fonts: Path
) -> None:
    figure = draw_figure(results, spec, fonts=fonts)
    figure.canvas.draw()
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip() and not is_hidden(text):
            font = text.get_fontproperties()
            assert isinstance(font, FontProperties)
            assert str(font.get_file()).startswith(str(fonts / "Inter-"))
            assert 6.5 <= font.get_size_in_points() <= 7.0
            assert tuple(text.get_fontfeatures()) == ("tnum",)


def test_everything_drawn_is_inside_its_axes(spec: DisplayFigure, results: Results, fonts: Path) -> None:
    for axes in draw_figure(results, spec, fonts=fonts).axes:
        if not axes.axison:
            continue
        (x0, x1), (y0, y1) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
        for drawn in axes.lines:
            if drawn.get_gid() and not str(drawn.get_gid()).startswith("_"):
                points = np.asarray(drawn.get_xydata(), dtype=float)
                known = points[~np.isnan(points).any(axis=1)]
                assert known[:, 0].min() >= x0
                assert known[:, 0].max() <= x1
                assert known[:, 1].min() >= y0
                assert known[:, 1].max() <= y1


def unestimated(row: Row) -> Row:
    """The row with a reason instead of its value."""
    return replace(row, value=math.nan, note="Too few participants.")


def nobody(row: Row) -> Row | None:
    """No participants: counts are zero, curves start and end at time zero, nothing else is estimated."""
    if row.stat in ("count", "total"):
        return replace(row, value=0.0)
    return None if row.measure.endswith("_curve") and row.time > 0 else unestimated(row)


def unknown(row: Row) -> Row:
    """Counts as they are, and no estimate."""
    return row if row.stat in ("count", "total") else unestimated(row)


def without_b(row: Row) -> Row | None:
    """Arm B is empty; its contrasts cannot be estimated."""
    contrast = row.arm == "A" and row.reference == "B"
    return nobody(row) if row.arm == "B" else unestimated(row) if contrast else row


def no_events(row: Row) -> Row | None:
    """Curves stay at one, nobody has an adverse event, every interval is a point."""
    if row.measure == "survival_curve":
        return replace(row, value=1.0)
    return replace(row, value=0.0) if row.measure.startswith("risk") and row.stat != "total" else row


def no_rows(row: Row) -> Row | None:
    """Nothing but who there is."""
    return row if row.measure in ("participants", "threshold") else None


def equal(row: Row) -> Row:
    """Every estimate and limit is the same number."""
    return row if row.stat in ("count", "total") else replace(row, value=1.0)


@pytest.mark.parametrize("change", [nobody, unknown, without_b, no_events, no_rows, equal])
def test_figures_survive_what_is_early(
    change: Callable[[Row], Row | None], sized: DisplayFigure, results: Results, fonts: Path
) -> None:
    rows = tuple(changed for row in results.rows if (changed := change(row)) is not None)
    figure = draw_figure(Results(rows, results.catalogue), sized, fonts=fonts)
    assert figure.get_figwidth() * 25.4 == pytest.approx(MILLIMETRES[sized.width], abs=1e-9)
    assert_nothing_is_cut_off(figure)
    assert_no_words_collide(figure)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("ae", no_rows, "No term reaches the threshold of this figure."),
        ("os", nobody, "Too few participants are at risk to draw a curve."),
        ("os", unknown, "Too few participants are at risk to draw a curve."),
        ("markers", no_rows, "No marker has a value by the cut-off."),
        ("accrual", no_rows, "Nobody is enrolled and no course is planned."),
    ],
)
def test_an_empty_frame_says_why(
    name: str, change: Callable[[Row], Row | None], words: str, results: Results, fonts: Path
) -> None:
    rows = tuple(changed for row in results.rows if (changed := change(row)) is not None)
    figure = draw_figure(Results(rows, results.catalogue), FIGURES[name], fonts=fonts)
    (said,) = with_gid(figure, "empty")
    assert isinstance(said, Text)
    assert said.get_text() == words
    assert [text for text, _ in boxes(figure)] == [words]


def test_missing_fonts_are_an_error(by_arm: Results, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="Inter is required"):
        draw_figure(by_arm, FIGURES["os"], fonts=tmp_path)


def test_pooled_figures_name_no_arm(spec: DisplayFigure, pooled: Results, fonts: Path) -> None:
    figure = draw_figure(pooled, spec, fonts=fonts)
    assert not [words for words, _ in boxes(figure) if "Arm" in words or "fewer" in words]
    colors = {drawn.get_color() for drawn in figure.findobj(Line2D) if isinstance(drawn, Line2D)}
    assert not {FIRST, SECOND} & colors


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"width": "wide"}, "width is 'wide'; one of full, column is required"),
        ({"name": "Figure 1"}, "small letters, digits and hyphens"),
        ({"minimum": 1.5}, "minimum is 1.5; a share from 0 to 1 is required"),
        ({"limit": -1}, "limit is -1; a number of terms, or 0, is required"),
    ],
)
def test_what_a_plan_asks_is_checked(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        replace(FIGURES["ae"], **fields)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (KaplanMeier, "level"),
        (MarkerCourses, "x_label"),
        (Forest, "x_label"),
        (Waterfall, "x_label"),
        (Swimmer, "limit"),
    ],
)
def test_a_figure_has_no_field_of_another_kind(asked: type[DisplayFigure], field: str) -> None:
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{field}'"):
        asked(name="f", title="F.", analysis="a", sessions=("final",), width="full", **{field: "x"})


def test_a_figure_travels_in_the_catalogue(spec: DisplayFigure) -> None:
    """As plain values, from which an equal one is made; which sessions it is for stays in the plan."""
    entry = json.loads(json.dumps(entry_of_display(spec)))
    assert display_of_entry(entry, spec.name) == replace(spec, sessions=())


def test_every_figure_of_the_face_knows_how_it_is_made_and_told() -> None:
    asked = [
        kind for kind in vars(npcstats.figures).values() if isinstance(kind, type) and issubclass(kind, DisplayFigure)
    ]
    assert len(asked) == 11
    for kind in asked:
        assert kind.shows
        for named in (kind.make, kind.caption, kind.alt):
            assert callable(getattr(importlib.import_module(named.module), named.name))
            assert named.module.split(".")[:3] == kind.__module__.split(".")[:3]


def test_a_plan_is_read_without_the_drawing_library() -> None:
    """Nor is it needed for captions and for words that stand for a picture."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom npcstats.run.plan import load_plan\n"
        f"plan = load_plan(Path({str(PLAN)!r}))\n"
        "import importlib\n"
        "for figure in plan.figures:\n    importlib.import_module(figure.caption.module)\n"
        "print(len(plan.figures), [m for m in ('matplotlib', 'PIL') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    count, heavy = told.stdout.split(maxsplit=1)
    assert int(count) > 0
    assert heavy.strip() == "[]"
