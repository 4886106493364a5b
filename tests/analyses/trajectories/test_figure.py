"""Courses of participants are drawn as they are listed, and the means of their groups as their rows say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from npcstats.analyses.trajectories.displays import Spaghetti
from npcstats.analyses.trajectories.rows import COLUMNS
from npcstats.analyses.trajectories.words import alt, caption
from npcstats.errors import ResultsError
from npcstats.results import Analysis, Listing, Results, one, write_listing
from npcstats.run.draw import draw_figure
from npcstats.run.drawings import plan_drawing

RECORDS = (
    ("1", "A", "ALC", "BL", "1.7"), ("1", "A", "ALC", "EORT", "0.4"), ("2", "A", "ALC", "MID", "0.9"),
    ("3", "B", "ALC", "BL", "2.1"), ("3", "B", "ALC", "MID", "0.8"), ("3", "B", "ALC", "EORT", "0.5"),
    ("1", "A", "HGB", "BL", "13.5"), ("1", "A", "HGB", "MID", "12"), ("3", "B", "HGB", "BL", "14.1"),
    ("3", "B", "EBVDNA", "BL", "9000"), ("3", "B", "EBVDNA", "MID", "30"),
)  # fmt: skip
ASKED: dict[str, Any] = {"name": "lines", "title": "Lines.", "sessions": ("final",), "analysis": "lines"}
SPEC = Spaghetti(**ASKED, width="full", means="biomarkers")


def listed(results: Results, folder: Path, records: tuple[tuple[str, ...], ...] = RECORDS) -> Results:
    """The results with a listing beside them, as a run leaves them."""
    (folder / "listings").mkdir(exist_ok=True)
    write_listing(Listing(tuple(COLUMNS), records), folder / "listings" / "lines.csv")
    entry = Analysis(
        "Lines",
        "trajectories",
        "planned",
        "SAF",
        {"method": "Each thin line is a participant.", "drawn.ALC": "Lymphocyte count: 3 of 240 drawn."},
        {"scale.ALC": "log", "scale.HGB": "identity", "scale.EBVDNA": "log"},
        {
            "variable": {"ALC": "Lymphocyte count", "HGB": "Hemoglobin", "EBVDNA": "EBV DNA"},
            "window": {"BL": "Baseline", "MID": "Mid-RT", "EORT": "End of RT"},
        },
        {"ALC": "10^9/L", "HGB": "g/dL", "EBVDNA": "copies/mL"},
    )
    known = {**results.catalogue.analyses, "lines": entry}
    return replace(results, catalogue=replace(results.catalogue, analyses=known), folder=folder)


@pytest.fixture
def drawn(by_arm: Results, tmp_path: Path, fonts: Path) -> Figure:
    """The figure of all markers."""
    return draw_figure(listed(by_arm, tmp_path), SPEC, fonts=fonts)


def found(figure: Figure, gid: str) -> list[Any]:
    return list(figure.findobj(lambda artist: artist.get_gid() == gid))


def segments(figure: Figure, gid: str) -> list[list[list[float]]]:
    (lines,) = found(figure, gid)
    assert isinstance(lines, LineCollection)
    return [np.asarray(segment).tolist() for segment in lines.get_segments()]


def test_each_participant_is_a_line_over_its_visits(drawn: Figure) -> None:
    assert segments(drawn, "courses-ALC-A") == [[[0.0, 1.7], [2.0, 0.4]], [[1.0, 0.9]]]
    assert segments(drawn, "courses-ALC-B") == [[[0.0, 2.1], [1.0, 0.8], [2.0, 0.5]]]
    assert segments(drawn, "courses-HGB-B") == [[[0.0, 14.1]]]
    assert segments(drawn, "courses-EBVDNA-A") == []


def test_means_are_those_of_the_rows(drawn: Figure, by_arm: Results) -> None:
    for variable, measure in (("ALC", "geometric_mean"), ("HGB", "mean")):
        for arm in ("A", "B"):
            (line,) = found(drawn, f"means-{variable}-{arm}")
            assert isinstance(line, Line2D)
            at = {"analysis": "biomarkers", "variable": variable, "arm": arm, "measure": measure, "stat": "estimate"}
            rows = [one(by_arm, **at, window=visit).value for visit in ("BL", "MID", "EORT")]
            assert np.asarray(line.get_ydata()).tolist() == rows
            assert np.asarray(line.get_xdata()).tolist() == [0, 1, 2]


def test_a_marker_of_another_scale_has_no_mean(drawn: Figure, by_arm: Results, tmp_path: Path) -> None:
    assert found(drawn, "means-EBVDNA-B") == []
    text = str(caption(listed(by_arm, tmp_path), SPEC))
    assert "Lymphocyte count: thick lines are the geometric mean of a group with 95% CI." in text
    assert "Hemoglobin: thick lines are the mean of a group with 95% CI." in text
    assert "EBV DNA: no mean is drawn." in text


def test_panels_of_a_marker_share_a_scale(drawn: Figure) -> None:
    for variable, scale in (("ALC", "log"), ("HGB", "linear"), ("EBVDNA", "log")):
        panels = [found(drawn, f"courses-{variable}-{arm}")[0].axes for arm in ("A", "B")]
        assert panels[0].get_ylim() == panels[1].get_ylim()
        assert {panel.get_yscale() for panel in panels} == {scale}


def test_markers_that_are_asked_for(by_arm: Results, tmp_path: Path, fonts: Path) -> None:
    spec = replace(SPEC, variables=("HGB",), width="column")
    figure = draw_figure(listed(by_arm, tmp_path), spec, fonts=fonts)
    assert found(figure, "courses-ALC-A") == []
    assert len(found(figure, "courses-HGB-A")) == 1
    text = str(caption(listed(by_arm, tmp_path), spec))
    assert "Lymphocyte" not in text


@pytest.mark.parametrize("width", ["full", "column"])
def test_nothing_is_cut_off(by_arm: Results, tmp_path: Path, fonts: Path, width: str) -> None:
    figure = draw_figure(listed(by_arm, tmp_path), replace(SPEC, width=width), fonts=fonts)
    figure.canvas.draw()
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip():
            box = text.get_window_extent()
            assert figure.bbox.x0 - 0.5 <= box.x0 <= box.x1 <= figure.bbox.x1 + 0.5, text.get_text()
            assert figure.bbox.y0 - 0.5 <= box.y0 <= box.y1 <= figure.bbox.y1 + 0.5, text.get_text()


def test_one_group_has_one_panel_and_no_name(pooled: Results, tmp_path: Path, fonts: Path) -> None:
    records = tuple((number, "", *others) for number, _, *others in RECORDS)
    results = listed(pooled, tmp_path, records)
    figure = draw_figure(results, SPEC, fonts=fonts)
    assert len(segments(figure, "courses-ALC-all")) == 3
    assert len(found(figure, "means-ALC-all")) == 1
    words = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]
    assert not any("Arm" in word for word in words)
    assert "arm" not in alt(results, SPEC)


def test_nobody_to_draw_is_told(by_arm: Results, tmp_path: Path, fonts: Path) -> None:
    figure = draw_figure(listed(by_arm, tmp_path, ()), SPEC, fonts=fonts)
    assert "No participant has a value." in [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]


def test_results_that_were_not_read_have_no_listing(by_arm: Results, tmp_path: Path, fonts: Path) -> None:
    results = replace(listed(by_arm, tmp_path), folder=None)
    with pytest.raises(ResultsError, match="read from a folder are required"):
        draw_figure(results, SPEC, fonts=fonts)


def test_a_figure_is_drawn_anew_where_its_means_change(by_arm: Results, tmp_path: Path) -> None:
    """It is given the rows of both analyses and of no other, and the hash of what it draws covers both."""
    results = listed(by_arm, tmp_path)
    planned = plan_drawing(results, SPEC, ("png",), decided_by="")
    assert {row.analysis for row in planned.results.rows} == {"biomarkers"}
    assert set(planned.results.catalogue.analyses) == {"lines", "biomarkers"}
    changed = tuple(
        replace(row, value=row.value + 1.0) if row.analysis == "biomarkers" and row.measure == "mean" else row
        for row in results.rows
    )
    again = plan_drawing(replace(Results(changed, results.catalogue), folder=tmp_path), SPEC, ("png",), decided_by="")
    assert again.drawn_from != planned.drawn_from
