"""The same figure has the same bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib
import pytest
from drawn import (
    FIGURES,
)
from matplotlib.backends.backend_agg import FigureCanvasAgg

from npcstats.display.save import save_figure
from npcstats.display.specs import Figure as DisplayFigure
from npcstats.results import Results
from npcstats.run.draw import draw_figure


@pytest.fixture(params=list(FIGURES))
def spec(request: pytest.FixtureRequest) -> DisplayFigure:
    """A figure of each kind."""
    return FIGURES[request.param]


def test_files_are_the_same_bytes_without_dates(
    spec: DisplayFigure, by_arm: Results, fonts: Path, tmp_path: Path
) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        save_figure(draw_figure(by_arm, spec, fonts=fonts), folder, spec.name)
    for suffix in ("svg", "pdf", "png"):
        first, second = ((folder / f"{spec.name}.{suffix}").read_bytes() for folder in folders)
        assert first == second
        assert not any(mark in first for mark in (b"CreationDate", b"dc:date", b"tEXtSoftware", str(tmp_path).encode()))
    assert b"<text" not in (folders[0] / f"{spec.name}.svg").read_bytes()


def test_raster_has_600_dots_per_inch(by_arm: Results, fonts: Path, tmp_path: Path) -> None:
    save_figure(draw_figure(by_arm, replace(FIGURES["os"], width="column"), fonts=fonts), tmp_path, "os")
    start = (tmp_path / "os.png").read_bytes()[:200]
    assert int.from_bytes(start[16:20]) == int(85 / 25.4 * 600)
    at = start.index(b"pHYs")
    assert int.from_bytes(start[at + 4 : at + 8]) == pytest.approx(600 / 0.0254, abs=1)


def test_drawing_changes_no_global_setting(by_arm: Results, fonts: Path, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    figure = draw_figure(by_arm, FIGURES["os"], fonts=fonts)
    save_figure(figure, tmp_path, "os")
    assert isinstance(figure.canvas, FigureCanvasAgg)
    assert dict(matplotlib.rcParams) == before
