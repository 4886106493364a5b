"""Figures of single participants draw what their listing holds, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from npcstats.analyses.courses.displays import Spider, Swimmer, Waterfall
from npcstats.display.specs import Figure as DisplayFigure
from npcstats.errors import ResultsError
from npcstats.results import Analysis, Listing, Results, write_listing
from npcstats.run.draw import draw_figure

COLUMNS = {
    "best-change": ("PARTICIPANT", "ARM", "PCHG"),
    "changes": ("PARTICIPANT", "ARM", "PROGRESSED", "MONTH", "PCHG"),
    "courses": ("PARTICIPANT", "ARM", "END", "RESPONSE", "PROGRESSION", "DIED", "ONGOING"),
}
RECORDS = {
    "best-change": [
        ("1", "A", "−30.5"), ("2", "B", "12.0"), ("3", "A", "−100.0"), ("4", "A", "25.0"), ("5", "B", "0.0"),
    ],
    "changes": [
        ("1", "A", "no", "0.0", "0.0"), ("1", "A", "no", "4.4", "−30.5"), ("1", "A", "no", "13.0", "−62.0"),
        ("2", "B", "yes", "0.0", "0.0"), ("2", "B", "yes", "3.1", "40.0"),
    ],
    "courses": [
        ("1", "A", "30.2", "4.4", "–", "no", "yes"), ("2", "B", "12.0", "–", "3.1", "yes", "no"),
        ("3", "A", "50.0", "5.0", "20.5", "no", "no"),
    ],
}  # fmt: skip
KINDS = {"waterfall": "best-change", "spider": "changes", "swimmer": "courses"}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of figure."""
    name: str = request.param
    return name


def spec_of(kind: str, width: str = "full") -> DisplayFigure:
    asked: dict[str, Any] = {"name": kind, "title": "Courses.", "analysis": KINDS[kind], "sessions": ("final",)}
    if kind == "waterfall":
        return Waterfall(**asked, width=width)
    return {"spider": Spider, "swimmer": Swimmer}[kind](
        **asked, width=width, x_label="Months since start of radiotherapy"
    )


def listed(results: Results, folder: Path, kind: str, records: Sequence[tuple[str, ...]] | None = None) -> Results:
    """The results with a listing beside them, as a run leaves them."""
    name = KINDS[kind]
    (folder / "listings").mkdir(exist_ok=True)
    rows = tuple(RECORDS[name] if records is None else records)
    write_listing(Listing(COLUMNS[name], rows), folder / "listings" / f"{name}.csv")
    entry = Analysis("Courses", name, "planned", "RT", units={"MONTH": "months"})
    known = {**results.catalogue.analyses, name: entry}
    return replace(results, catalogue=replace(results.catalogue, analyses=known), folder=folder)


def found(figure: Figure, gid: str) -> list[object]:
    return list(figure.findobj(lambda artist: artist.get_gid() == gid))


def test_waterfall_draws_each_value_once_largest_first(by_arm: Results, tmp_path: Path, fonts: Path) -> None:
    figure = draw_figure(listed(by_arm, tmp_path, "waterfall"), spec_of("waterfall"), fonts=fonts)
    heights = {arm: [bar.get_height() for bar in found(figure, f"bar-{arm}") if isinstance(bar, Rectangle)]
               for arm in ("A", "B")}  # fmt: skip
    assert heights == {"A": [25.0, -30.5, -100.0], "B": [12.0, 0.0]}
    lines = {float(np.asarray(line.get_ydata())[0]) for line in found(figure, "threshold") if isinstance(line, Line2D)}
    assert lines == {-30.0, 20.0}


def test_spider_draws_each_course(by_arm: Results, tmp_path: Path, fonts: Path) -> None:
    figure = draw_figure(listed(by_arm, tmp_path, "spider"), spec_of("spider"), fonts=fonts)
    (first,), (second,) = found(figure, "line-A-1"), found(figure, "line-B-2")
    assert isinstance(first, Line2D)
    assert isinstance(second, Line2D)
    assert np.asarray(first.get_xydata()).tolist() == [[0.0, 0.0], [4.4, -30.5], [13.0, -62.0]]
    assert np.asarray(second.get_xydata()).tolist() == [[0.0, 0.0], [3.1, 40.0]]
    assert second.get_linewidth() > first.get_linewidth()


def test_swimmer_draws_lanes_and_marks(by_arm: Results, tmp_path: Path, fonts: Path) -> None:
    """Within an arm the longest lane stands first; a mark is where the listing says, those of the end at the end."""
    figure = draw_figure(listed(by_arm, tmp_path, "swimmer"), spec_of("swimmer"), fonts=fonts)
    lanes = {
        number: lane for number in "123" for lane in found(figure, f"lane-{number}") if isinstance(lane, Rectangle)
    }
    assert {number: lane.get_width() for number, lane in lanes.items()} == {"1": 30.2, "2": 12.0, "3": 50.0}
    assert lanes["3"].get_y() < lanes["1"].get_y() < lanes["2"].get_y()
    marks = {
        f"{name}-{number}": float(np.asarray(mark.get_xdata())[0])
        for name in ("response", "progression", "died", "ongoing")
        for number in "123"
        for mark in found(figure, f"{name}-{number}")
        if isinstance(mark, Line2D)
    }
    assert marks == {
        "response-1": 4.4, "ongoing-1": 30.2, "progression-2": 3.1, "died-2": 12.0, "response-3": 5.0,
        "progression-3": 20.5,
    }  # fmt: skip


@pytest.mark.parametrize("width", ["full", "column"])
def test_nothing_is_cut_off(by_arm: Results, tmp_path: Path, fonts: Path, kind: str, width: str) -> None:
    figure = draw_figure(listed(by_arm, tmp_path, kind), spec_of(kind, width), fonts=fonts)
    figure.canvas.draw()
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip():
            box = text.get_window_extent()
            hidden = text.axes is not None and not text.axes.axison
            assert hidden or (box.x0 > -0.5 and box.x1 < figure.bbox.width + 0.5), text.get_text()
            assert hidden or (box.y0 > -0.5 and box.y1 < figure.bbox.height + 0.5), text.get_text()
    assert round(figure.get_figwidth() * 25.4, 6) == {"full": 180.0, "column": 85.0}[width]


def test_one_arm_has_one_panel(by_arm: Results, tmp_path: Path, fonts: Path) -> None:
    records = [record for record in RECORDS["best-change"] if record[1] == "B"]
    figure = draw_figure(listed(by_arm, tmp_path, "waterfall", records), spec_of("waterfall"), fonts=fonts)
    assert len(figure.axes) == 1


def test_nobody_is_said(by_arm: Results, tmp_path: Path, fonts: Path, kind: str) -> None:
    figure = draw_figure(listed(by_arm, tmp_path, kind, []), spec_of(kind), fonts=fonts)
    (words,) = found(figure, "empty")
    assert isinstance(words, Text)
    assert words.get_text() == "No participant can be drawn."


def test_results_without_a_folder_are_refused(by_arm: Results, tmp_path: Path, fonts: Path, kind: str) -> None:
    without = replace(listed(by_arm, tmp_path, kind), folder=None)
    with pytest.raises(ResultsError, match="results that were read from a folder are required"):
        draw_figure(without, spec_of(kind), fonts=fonts)


def test_alt_text_has_no_number(by_arm: Results, tmp_path: Path, kind: str) -> None:
    figure = spec_of(kind)
    told = figure.alt(listed(by_arm, tmp_path, kind), figure)
    assert "arm" in told
    assert told.endswith(".")
    assert not any(sign.isdigit() for sign in told)


@pytest.mark.parametrize("width", ["full", "column"])
@pytest.mark.parametrize("kind", ["waterfall", "spider"])
def test_long_names_of_arms_stand_in_lines_above_their_panel(
    by_arm: Results, tmp_path: Path, fonts: Path, kind: str, width: str
) -> None:
    names = {"A": "Intensity-modulated protons with cisplatin and capecitabine", "B": "Intensitymodulatedphotons" * 4}
    named = replace(by_arm, catalogue=replace(by_arm.catalogue, arms=names))
    figure = draw_figure(listed(named, tmp_path, kind), spec_of(kind, width), fonts=fonts)
    figure.canvas.draw()
    boxes = []
    for name in names.values():
        (text,) = [item for item in figure.texts if "".join(item.get_text().split()) == "".join(name.split())]
        boxes.append(text.get_window_extent())
    for box in boxes:
        assert -0.5 <= box.x0 < box.x1 <= figure.bbox.width + 0.5
        assert box.y1 <= figure.bbox.height + 0.5
    assert not boxes[0].overlaps(boxes[1])
