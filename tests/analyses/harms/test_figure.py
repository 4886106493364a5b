"""Shares and differences of a family: what is drawn is what stands in the rows."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import assert_readable, names_of, points, texts, with_gid
from entries import FAMILY
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from npcstats.analyses.harms.displays import HarmsPlot
from npcstats.analyses.harms.summary import summarize_harms
from npcstats.analyses.harms.words import alt, caption, ordered_events
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import ResultsError
from npcstats.results import one, select
from npcstats.run.draw import draw_figure

PLOT = HarmsPlot(name="p", title="P.", sessions=("only",), analysis="family", width="full", order="size",
                 adjusted=True)  # fmt: skip
NAMES = {item.code: item.label for item in FAMILY.outcomes}
LEAST_CONTRAST = 0.25


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_harms(crowd, FAMILY)


def value(results, code, measure, stat="estimate", **at):
    return one(results, variable=code, measure=measure, stat=stat, **at).value


@pytest.mark.parametrize("width", ["full", "column"])
@pytest.mark.parametrize("order", ["plan", "frequency", "size"])
def test_points_are_the_rows(results, fonts: Path, width, order):
    figure = draw_figure(results, replace(PLOT, width=width, order=order), fonts=fonts)
    codes = ordered_events(results, "family", order)
    assert [words.replace("\u00a0", " ") for words in names_of(figure.axes[0])] == [NAMES[code] for code in codes]
    for arm in ("X", "Y"):
        shares = [value(results, code, "risk", arm=arm, block="") for code in codes]
        assert points(figure, f"risk-{arm}") == [[share, float(i)] for i, share in enumerate(shares)]
    for block in ("unadjusted", "overlap"):
        drawn = points(figure, f"difference-{block}")
        assert [x for x, _ in drawn] == [value(results, code, "risk_difference", block=block) for code in codes]
        for (_, height), code in zip(drawn, codes, strict=True):
            ends = [value(results, code, "risk_difference", stat, block=block) for stat in ("ci_low", "ci_high")]
            assert points(figure, f"limits-{block}-{code}") == [[end, height] for end in ends]
    assert_readable(figure)


def test_limits_lie_inside_the_panel(results, fonts: Path):
    figure = draw_figure(results, PLOT, fonts=fonts)
    low, high = figure.axes[1].get_xlim()
    rows = [row for row in select(results, measure="risk_difference") if row.stat in ("ci_low", "ci_high")]
    assert low < min(row.value for row in rows) < 0 < max(row.value for row in rows) < high


def test_observed_and_adjusted_differ_in_shape_and_in_grey(results, fonts: Path):
    figure = draw_figure(results, PLOT, fonts=fonts)
    found = {}
    for gid in ("difference-unadjusted", "difference-overlap", "risk-X", "risk-Y"):
        (line,) = with_gid(figure, gid)
        assert isinstance(line, Line2D)
        found[gid] = (line.get_marker(), to_hex(line.get_markerfacecolor(), keep_alpha=True))
    assert len({marker for marker, _ in found.values()}) == 4
    greys = [int(found[gid][1][1:3], 16) / 255 for gid in ("difference-unadjusted", "difference-overlap")]
    assert abs(greys[0] - greys[1]) > LEAST_CONTRAST


def test_as_observed_alone(results, fonts: Path):
    figure = draw_figure(results, replace(PLOT, adjusted=False), fonts=fonts)
    assert with_gid(figure, "difference-unadjusted")
    assert not with_gid(figure, "difference-overlap")
    assert "Overlap weights, ATO" not in [text.get_text() for text in texts(figure)]


def test_adjusted_differences_that_were_not_made_are_refused(crowd, fonts: Path):
    bare = summarize_harms(crowd, replace(FAMILY, adjustment=None, estimand="unadjusted"))
    with pytest.raises(ResultsError, match="no adjusted differences were made"):
        draw_figure(bare, PLOT, fonts=fonts)


def test_sides_are_named_fairly_and_by_the_sign(results, fonts: Path):
    """A difference of the first arm minus the last below zero means fewer of the first: its name stands at the left."""
    figure = draw_figure(results, PLOT, fonts=fonts)
    placed = {text.get_text(): text.get_window_extent().x0 for text in texts(figure)}
    assert placed["← fewer in Ex"] < placed["fewer in Wye →"]
    assert not [words for words in placed if "favo" in words.lower() or "better" in words.lower()]


def test_what_has_no_estimate_is_ne_and_said(crowd, fonts: Path):
    fatal = replace(FAMILY.outcomes[0], code="FATAL", label="Fatal", grade=5)
    found = summarize_harms(crowd, replace(FAMILY, outcomes=(fatal, *FAMILY.outcomes)))
    figure = draw_figure(found, PLOT, fonts=fonts)
    (mark,) = with_gid(figure, "unknown-overlap-FATAL")
    assert mark.get_text() == "NE"
    assert not with_gid(figure, "unknown-unadjusted-FATAL")
    assert not with_gid(figure, "limits-overlap-FATAL")
    drawn = [x for x, _ in points(figure, "difference-overlap")]
    assert sum(map(math.isnan, drawn)) == 1
    told = "".join(piece.text for piece in caption(found, PLOT).pieces)
    assert told.count("There are no events, so no effect is estimated.") == 1
    assert "There are no events" not in "".join(
        piece.text for piece in caption(found, replace(PLOT, adjusted=False)).pieces
    )


def test_masked_arms_are_letters_and_nothing_more(crowd, fonts: Path):
    hidden = replace(crowd, design=replace(crowd.design, treatment_columns={"adsl": ("TRT01P", "TRT01A")}))
    found = summarize_harms(mask_arms(hidden, {"X": "B", "Y": "A"}), FAMILY)
    figure = draw_figure(found, PLOT, fonts=fonts)
    words = " ".join(text.get_text() for text in texts(figure))
    assert "fewer in A" in words
    assert "Ex" not in words.split()
    assert with_gid(figure, "risk-A")
    assert points(figure, "risk-A")[0][0] == value(found, ordered_events(found, "family", "size")[0], "risk", arm="A",
                                                   block="")  # fmt: skip


def test_pooled_has_limits_and_no_differences(crowd, fonts: Path):
    hidden = replace(crowd, design=replace(crowd.design, treatment_columns={"adsl": ("TRT01P", "TRT01A")}))
    found = summarize_harms(pool_arms(hidden), FAMILY)
    figure = draw_figure(found, PLOT, fonts=fonts)
    assert len(figure.axes) == 1
    for place, code in enumerate(NAMES):
        ends = [value(found, code, "risk", stat, arm="all") for stat in ("ci_low", "ci_high")]
        assert points(figure, f"risk-limits-{code}") == [[end, float(place)] for end in ends]
    assert "Events are in the order of the plan." in "".join(piece.text for piece in caption(found, PLOT).pieces)
    assert "difference" not in alt(found, PLOT)
    assert_readable(figure)


@pytest.mark.parametrize("width", ["full", "column"])
def test_long_names_of_arms_are_read(results, fonts: Path, width):
    arms = {"X": "Intensity-modulated proton therapy with chemotherapy", "Y": "Volumetric arc photon chemoradiotherapy"}
    long = replace(results, catalogue=replace(results.catalogue, arms=arms))
    assert_readable(draw_figure(long, replace(PLOT, width=width), fonts=fonts))


def test_the_caption_counts_who_is_drawn(results):
    told = "".join(piece.text for piece in caption(results, PLOT).pieces)
    totals = [f"{value(results, 'ANY', 'risk', 'total', arm=arm, block=''):.0f}" for arm in ("X", "Y")]
    assert f"In the denominator: Early: Ex {totals[0]}, Wye {totals[1]}." in told
    assert "whichever arm had fewer" in told
    assert "ATO" in told
    assert alt(results, PLOT) == (
        "Dots at the share of participants with each adverse event for each arm; beside them the difference between "
        "the arms as observed and adjusted, each with its confidence limits."
    )
