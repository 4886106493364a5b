"""Shares with care over weeks: what is drawn is what stands in the rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cares import CARED, TUBE, of_item, with_care
from drawn import assert_readable, by_gid, points, texts, with_gid

from npcstats.analyses.care.displays import CareCourse
from npcstats.analyses.care.summary import summarize_care
from npcstats.analyses.care.words import alt, caption
from npcstats.derive import pool_arms
from npcstats.results import select
from npcstats.run.draw import draw_figure

COURSE = CareCourse(name="course", title="Tube.", sessions=("only",), analysis="care", width="full", item="tube",
                    ticks=(0.0, 4.0, 12.0))  # fmt: skip


@pytest.fixture(scope="module")
def results(known):
    return summarize_care(with_care(known), CARED)


@pytest.mark.parametrize("width", ["full", "column"])
def test_lines_are_the_rows(results, fonts: Path, width):
    figure = draw_figure(results, replace(COURSE, width=width), fonts=fonts)
    for arm in ("X", "Y"):
        rows = select(results, block="tube", measure="in_use_course", arm=arm, stat="estimate")
        assert points(figure, f"curve-{arm}") == [[row.time, row.value] for row in rows]
        counts = select(results, block="tube", measure="followed_then", arm=arm, stat="count")
        for row in counts:
            assert by_gid(figure, f"followed-{arm}-{row.time:.1f}").get_text() == f"{row.value:.0f}"
    assert_readable(figure)


def test_the_axis_of_shares_begins_at_zero_and_holds_the_limits(results, fonts: Path):
    axes = draw_figure(results, COURSE, fonts=fonts).axes[0]
    highs = [row.value for row in select(results, measure="in_use_course", stat="ci_high") if row.arm != "all"]
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] >= max(highs)
    assert axes.get_xlim() == (0, 12)


def test_few_followed_end_a_line(known, fonts: Path):
    """At week 12 two of X are followed: with a floor of three its line ends at week 4, that of Y does not."""
    few = summarize_care(with_care(known), replace(of_item(TUBE), minimum_followed=3))
    figure = draw_figure(few, COURSE, fonts=fonts)
    assert [time for time, _ in points(figure, "curve-X")] == [0, 4]
    assert [time for time, _ in points(figure, "curve-Y")] == [0, 4, 12]


def test_nobody_is_followed(known, fonts: Path):
    nobody = summarize_care(with_care(known), replace(of_item(TUBE), minimum_followed=9))
    figure = draw_figure(nobody, COURSE, fonts=fonts)
    assert not with_gid(figure, "curve-X")
    assert any("too few" in text.get_text().lower().replace("\n", " ") for text in figure.texts)


def test_pooled_has_one_line(known, fonts: Path):
    pooled = summarize_care(pool_arms(with_care(known)), CARED)
    figure = draw_figure(pooled, COURSE, fonts=fonts)
    assert len(points(figure, "curve-all")) == 3
    assert_readable(figure)
    assert "all participants together" in alt(pooled, COURSE)


def test_words(results):
    told = "".join(piece.text for piece in caption(results, COURSE).pieces)
    assert "the last day of a record is no longer a day with it" in told
    assert "No share is given where fewer than 2 participants are followed." in told
    assert "Bands: 95% CI, at each week by itself." in told
    assert "Not adjusted" in told
    assert "hospital" not in told.lower()
    assert not any(sign.isdigit() for sign in alt(results, COURSE))


def test_the_plan_names_the_axis_and_its_ticks(results, fonts: Path):
    figure = draw_figure(results, replace(COURSE, x_label="Weeks of it", ticks=(0.0, 4.0)), fonts=fonts)
    words = [text.get_text() for text in texts(figure)]
    assert "Weeks of it" in words
    plain = [text.get_text() for text in texts(draw_figure(results, COURSE, fonts=fonts))]
    assert "Weeks since start of radiotherapy" in plain
    assert [time for time, _ in points(figure, "curve-X")] == [0, 4]
