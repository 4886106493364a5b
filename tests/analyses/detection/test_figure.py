"""Ratios by visit: what is drawn is what stands in the rows; the caption is true of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drawn import assert_readable, points, texts, with_gid
from entries import BELOW
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from npcstats.analyses.detection.displays import LimitContrasts
from npcstats.analyses.detection.figure import NO_VALUE, NOTHING
from npcstats.analyses.detection.summary import summarize_detection
from npcstats.analyses.detection.words import alt, caption
from npcstats.derive import pool_arms
from npcstats.results import one
from npcstats.run.draw import draw_figure

PLOT = LimitContrasts(name="p", title="P.", sessions=("only",), analysis="below", width="full")
DRAWN = [("LOGM", "half-limit"), ("LOGM", "cut-off"), ("LEVEL", "cut-off"), ("VIRUS", "yes-no")]


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_detection(crowd, BELOW)


@pytest.mark.parametrize("width", ["full", "column"])
@pytest.mark.parametrize(("variable", "block"), DRAWN)
def test_points_and_limits_are_the_rows(results, fonts: Path, width, variable, block):
    figure = draw_figure(results, replace(PLOT, width=width), fonts=fonts)
    measure = "odds_ratio" if block == "yes-no" else "mean_ratio"
    at = {"variable": variable, "block": block, "measure": measure}
    rows = [{stat: one(results, **at, window=code, stat=stat).value for stat in ("estimate", "ci_low", "ci_high")}
            for code in ("V1", "V2")]  # fmt: skip
    drawn = points(figure, f"contrast-{variable}-{block}")
    assert [y for _, y in drawn] == [row["estimate"] for row in rows]
    (limits,) = with_gid(figure, f"limits-{variable}-{block}")
    assert isinstance(limits, LineCollection)
    assert [segment[:, 1].tolist() for segment in limits.get_segments()] == [
        [row["ci_low"], row["ci_high"]] for row in rows
    ]
    assert limits.axes.get_yscale() == "log"
    assert_readable(figure)


def test_main_model_and_sensitivity_are_told_apart_by_shape_and_fill(results, fonts: Path):
    figure = draw_figure(results, PLOT, fonts=fonts)
    (main,), (other,) = (with_gid(figure, f"contrast-LOGM-{block}") for block in ("half-limit", "cut-off"))
    assert main.get_marker() != other.get_marker()
    assert to_hex(main.get_markerfacecolor()) != to_hex(other.get_markerfacecolor()) == "#ffffff"
    apart = [a[0] - b[0] for a, b in zip(points(figure, "contrast-LOGM-cut-off"),
                                         points(figure, "contrast-LOGM-half-limit"), strict=True)]  # fmt: skip
    assert all(x > 0.1 for x in apart)


def test_hardly_any_difference_looks_like_it(results, fonts: Path):
    figure = draw_figure(results, PLOT, fonts=fonts)
    for variable, block in DRAWN:
        (drawn,) = with_gid(figure, f"contrast-{variable}-{block}")
        low, high = drawn.axes.get_ylim()
        assert low < 1 / 1.5
        assert high > 1.5


def test_words_name_what_is_drawn(results, fonts: Path):
    words = [text.get_text().replace("\n", " ") for text in texts(draw_figure(results, PLOT, fonts=fonts))]
    assert {
        "Log marker",
        "Level",
        "Virus",
        "Ratio of geometric means, Ex / Wye",
        "Odds ratio of detection, Ex / Wye",
    } <= {*words}
    told = str(caption(results, PLOT)).replace("\u00a0", " ")
    assert "Ratio Ex to Wye with 95% CI" in told
    assert "Half the limit: " in told
    assert not any(sign.isdigit() for sign in alt(results, PLOT))


def test_a_marker_without_estimates_says_so(detected, fonts: Path):
    figure = draw_figure(summarize_detection(detected, BELOW), PLOT, fonts=fonts)
    (said,) = with_gid(figure, "empty-VIRUS")
    assert said.get_text() == NO_VALUE


def test_without_arms_nothing_is_compared(hidden, fonts: Path):
    pooled = summarize_detection(pool_arms(hidden), BELOW)
    assert NOTHING in [text.get_text() for text in texts(draw_figure(pooled, PLOT, fonts=fonts))]
    assert alt(pooled, PLOT) == NOTHING
