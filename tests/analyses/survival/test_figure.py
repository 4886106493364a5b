"""Curves of survival: what is drawn is what stands in the rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drawn import (
    FIGURES,
    drawn_points,
    line,
    with_gid,
)
from matplotlib.text import Text

from npcstats.display.looks import FIRST, INK, SECOND
from npcstats.errors import ResultsError
from npcstats.results import Results, select
from npcstats.run.draw import draw_figure

LAST_TICK = 24.0


@pytest.mark.parametrize("arm", ["A", "B"])
def test_curve_is_drawn_through_its_rows_and_not_beyond(by_arm: Results, fonts: Path, arm: str) -> None:
    figure = draw_figure(by_arm, FIGURES["os"], fonts=fonts)
    rows = select(by_arm, analysis="os", arm=arm, measure="survival_curve", stat="estimate")
    shown = [[row.time, row.value] for row in rows if row.time <= LAST_TICK]
    beyond = [[LAST_TICK, shown[-1][1]]] if rows[-1].time > LAST_TICK else []
    assert drawn_points(figure, f"curve-{arm}").tolist() == shown + beyond
    assert line(figure, f"curve-{arm}").get_drawstyle() == "steps-post"
    assert line(figure, f"curve-{arm}").axes.get_xlim()[1] == LAST_TICK


@pytest.mark.parametrize("arm", ["A", "B"])
def test_band_is_drawn_through_the_limits(by_arm: Results, fonts: Path, arm: str) -> None:
    (band,) = with_gid(draw_figure(by_arm, FIGURES["os"], fonts=fonts), f"band-{arm}")
    corners = {(round(float(x), 9), round(float(y), 9)) for x, y in band.get_paths()[0].vertices}
    for stat in ("ci_low", "ci_high"):
        for row in select(by_arm, analysis="os", arm=arm, measure="survival_curve", stat=stat):
            assert row.time > LAST_TICK or (round(row.time, 9), round(row.value, 9)) in corners


@pytest.mark.parametrize("arm", ["A", "B"])
def test_censorings_stand_on_the_curve(by_arm: Results, fonts: Path, arm: str) -> None:
    figure = draw_figure(by_arm, FIGURES["os"], fonts=fonts)
    rows = select(by_arm, analysis="os", arm=arm, measure="censored_curve")
    points = drawn_points(figure, f"censored-{arm}")
    assert points[:, 0].tolist() == [row.time for row in rows]
    curve = select(by_arm, analysis="os", arm=arm, measure="survival_curve", stat="estimate")
    for time, height in points:
        assert height == [row.value for row in curve if row.time <= time][-1]


def test_numbers_at_risk_stand_under_their_ticks_in_the_color_of_the_arm(results: Results, fonts: Path) -> None:
    figure = draw_figure(results, FIGURES["os"], fonts=fonts)
    (axes,) = figure.axes
    figure.canvas.draw()
    arms = list(results.catalogue.arms) or ["all"]
    colors = dict(zip(arms, (FIRST, SECOND), strict=False)) if results.catalogue.arms else {"all": INK}
    for arm in arms:
        for row in select(results, analysis="os", arm=arm, measure="at_risk"):
            (text,) = with_gid(figure, f"at-risk-{arm}-{row.time:.1f}")
            assert isinstance(text, Text)
            assert text.get_text() == f"{row.value:.0f}"
            assert text.get_color() == colors[arm]
            tick = axes.transData.transform((row.time, 0))[0] / figure.bbox.width
            assert text.get_position()[0] == pytest.approx(tick, abs=1e-9)


def test_axis_of_a_probability_starts_at_zero(results: Results, fonts: Path) -> None:
    (axes,) = draw_figure(results, FIGURES["os"], fonts=fonts).axes
    assert axes.get_ylim()[0] == 0.0
    assert [text.get_text() for text in axes.get_yticklabels()][0::5] == ["0%", "100%"]


def test_an_arm_without_a_curve_has_its_numbers_at_risk(by_arm: Results, fonts: Path) -> None:
    rows = tuple(row for row in by_arm.rows if not (row.arm == "B" and row.measure == "survival_curve"))
    figure = draw_figure(Results(rows, by_arm.catalogue), FIGURES["os"], fonts=fonts)
    assert with_gid(figure, "curve-A")
    assert not with_gid(figure, "curve-B")
    assert len([gid for gid in map(str, (a.get_gid() for a in figure.findobj(Text))) if "at-risk-B" in gid]) == 5


def test_the_axis_of_time_ends_where_the_numbers_at_risk_end(by_arm: Results, fonts: Path) -> None:
    """At the last tick, or at the first tick that no curve reaches."""
    rows = tuple(row for row in by_arm.rows if not (row.measure.endswith("_curve") and row.time > 10))
    (axes,) = draw_figure(Results(rows, by_arm.catalogue), FIGURES["os"], fonts=fonts).axes
    assert axes.get_xlim() == (0.0, 12.0)
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0", "6", "12"]


def test_a_figure_of_another_kind_is_refused(by_arm: Results, fonts: Path) -> None:
    with pytest.raises(ResultsError, match="of kind 'baseline'; kind 'survival' is required"):
        draw_figure(by_arm, replace(FIGURES["os"], analysis="baseline"), fonts=fonts)
