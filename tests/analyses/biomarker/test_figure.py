"""Panels of markers: what is drawn is what stands in the rows."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn import (
    FIGURES,
    drawn_points,
    line,
    values,
    with_gid,
)
from matplotlib.collections import LineCollection
from matplotlib.text import Text

from npcstats.errors import ResultsError
from npcstats.results import Results, select
from npcstats.run.draw import draw_figure

MEASURES = {"ALC": "geometric_mean", "HGB": "mean", "EBVDNA": "proportion"}


@pytest.mark.parametrize("variable", list(MEASURES))
def test_course_and_limits_are_the_rows(results: Results, fonts: Path, variable: str) -> None:
    figure = draw_figure(results, FIGURES["markers"], fonts=fonts)
    for arm in list(results.catalogue.arms) or ["all"]:
        asked = {"analysis": "biomarkers", "variable": variable, "arm": arm, "measure": MEASURES[variable]}
        drawn = drawn_points(figure, f"course-{variable}-{arm}")
        expected = np.array(values(select(results, **asked, stat="estimate")))
        np.testing.assert_array_equal(drawn[:, 1], expected)
        (limits,) = with_gid(figure, f"limits-{variable}-{arm}")
        assert isinstance(limits, LineCollection)
        ends = np.array([segment[:, 1] for segment in limits.get_segments()], dtype=float)
        for column, stat in enumerate(("ci_low", "ci_high")):
            known = [value for value in values(select(results, **asked, stat=stat)) if not math.isnan(value)]
            np.testing.assert_array_equal(ends[:, column], known)


def test_arms_stand_apart_around_the_visit(by_arm: Results, fonts: Path) -> None:
    figure = draw_figure(by_arm, FIGURES["markers"], fonts=fonts)
    first, second = (drawn_points(figure, f"course-HGB-{arm}")[:, 0] for arm in ("A", "B"))
    np.testing.assert_allclose((first + second) / 2, range(5), atol=1e-12)
    assert (second - first > 0.1).all()


def test_scales_follow_the_marker(results: Results, fonts: Path) -> None:
    figure = draw_figure(results, FIGURES["markers"], fonts=fonts)
    arm = next(iter(results.catalogue.arms), "all")
    assert line(figure, f"course-ALC-{arm}").axes.get_yscale() == "log"
    assert line(figure, f"course-HGB-{arm}").axes.get_yscale() == "linear"
    assert line(figure, f"course-EBVDNA-{arm}").axes.get_ylim()[0] == 0.0


def test_markers_can_be_chosen(by_arm: Results, fonts: Path) -> None:
    figure = draw_figure(by_arm, replace(FIGURES["markers"], variables=("HGB",)), fonts=fonts)
    assert len([axes for axes in figure.axes if axes.axison]) == 1


def test_a_marker_without_values_says_so_in_its_panel(by_arm: Results, fonts: Path) -> None:
    rows = tuple(row for row in by_arm.rows if row.measure != "mean")
    asked = replace(FIGURES["markers"], variables=("ALC", "HGB"))
    figure = draw_figure(Results(rows, by_arm.catalogue), asked, fonts=fonts)
    (said,) = with_gid(figure, "empty-HGB")
    assert isinstance(said, Text)
    assert said.get_text() == "No value at any visit."
    assert len(drawn_points(figure, "course-ALC-A")) == 5


def test_a_marker_without_a_scale_is_an_error(by_arm: Results, fonts: Path) -> None:
    with pytest.raises(ResultsError, match="scale is ''; one of log, identity, detectable is required"):
        draw_figure(by_arm, replace(FIGURES["markers"], variables=("NONE",)), fonts=fonts)
