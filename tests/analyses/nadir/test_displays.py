"""The table and the figure of lowest values: each number is the row of its key, each mark the row's value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import assert_nothing_is_cut_off, drawn_points, texts, with_gid
from entries import LOWEST
from tabled import FIGURE_SPACE, lines_of, parsed, spans_of

from npcstats.analyses.nadir.displays import NadirCourse, RecoveryFigure
from npcstats.analyses.nadir.spec import RecoveryLimit
from npcstats.analyses.nadir.summary import summarize_nadir
from npcstats.analyses.nadir.table import tabulate
from npcstats.analyses.nadir.words import alt, caption, limit_style
from npcstats.display.origins import printed_text
from npcstats.results import select
from npcstats.run.draw import draw_figure

COMMON = {"name": "low", "title": "Low", "sessions": ("only",), "analysis": "lowest"}
TABLE, FIGURE = NadirCourse(**COMMON, total=True), RecoveryFigure(**COMMON, width="full")


@pytest.fixture(scope="module", params=["arms", "pooled"])
def found(crowd, request):
    pooled = request.param == "pooled"
    spec = replace(LOWEST, difference="", mean_difference="", estimand="") if pooled else LOWEST
    return summarize_nadir(replace(crowd, arms=()) if pooled else crowd, spec)


def test_every_number_is_the_row_of_its_key(found):
    spans = spans_of(parsed(tabulate(found, TABLE)))
    assert len([span for span in spans if span.get("key")]) > 30
    for span in spans:
        if span.get("key"):
            assert span["text"].strip(FIGURE_SPACE) == printed_text(found, span)


def test_contrasts_stand_where_arms_are_compared(crowd):
    compared = tabulate(summarize_nadir(crowd, LOWEST), TABLE)
    alone = tabulate(summarize_nadir(replace(crowd, arms=()), LOWEST), TABLE)
    assert len(compared.header) == 5
    assert len(alone.header) == 2
    told = " ".join(" ".join(line) for line in lines_of(alone))
    assert "contrast" not in told
    assert " arm" not in told


@pytest.mark.parametrize(
    ("value", "style", "wanted"),
    [
        (0.705, "decimal2", "decimal3"),
        (1.0, "decimal2", "decimal2"),
        (0.5, "decimal1", "decimal1"),
        (2, "count", "count"),
    ],
)
def test_no_limit_is_rounded_to_another(value, style, wanted):
    assert limit_style(value, style) == wanted


def test_a_limit_is_printed_as_it_is(crowd):
    spec = replace(LOWEST, recoveries=(RecoveryLimit("BACK", "why", 3.125, of_baseline=False),))
    results = summarize_nadir(crowd, spec)
    told = " ".join(" ".join(line) for line in lines_of(tabulate(results, TABLE)))
    assert "≥ 3.125, why" in told


def test_shares_and_limits_are_the_rows(found, fonts):
    figure = draw_figure(found, FIGURE, fonts=fonts)
    for arm in [*found.catalogue.arms] or ["all"]:
        for limit in LOWEST.recoveries:
            rows = select(found, arm=arm, reference="", measure="at_or_above", level=limit.code, stat="estimate")
            drawn = drawn_points(figure, f"recovered-{limit.code}-{arm}")
            np.testing.assert_array_equal(drawn[:, 1], [row.value for row in rows if row.value == row.value])
            (lines,) = with_gid(figure, f"limits-{limit.code}-{arm}")
            ends = np.array([segment[:, 1] for segment in lines.get_segments()])
            for column, stat in enumerate(("ci_low", "ci_high")):
                limits = select(found, arm=arm, reference="", measure="at_or_above", level=limit.code, stat=stat)
                np.testing.assert_array_equal(ends[:, column], [row.value for row in limits if row.value == row.value])


@pytest.mark.parametrize("width", ["full", "column"])
def test_nothing_is_cut_off(found, fonts, width):
    assert_nothing_is_cut_off(draw_figure(found, replace(FIGURE, width=width), fonts=fonts))


def test_nobody_at_any_visit(crowd, fonts):
    none = crowd["adlb"].loc[crowd["adlb"]["PARAMCD"] != "LOGM"]
    results = summarize_nadir(crowd.with_frames({"adlb": none}), LOWEST)
    figure = draw_figure(results, FIGURE, fonts=fonts)
    assert [text.get_text() for text in with_gid(figure, "empty-BACK")] == ["Nobody is asked."]
    assert not [text for text in texts(figure) if "nan" in text.get_text()]
    told = " ".join(" ".join(line) for line in lines_of(tabulate(results, TABLE)))
    assert "NE" in told
    assert "nan" not in told


def test_no_limit_of_recovery(crowd, fonts):
    results = summarize_nadir(crowd, replace(LOWEST, recoveries=(), visits=()))
    assert with_gid(draw_figure(results, FIGURE, fonts=fonts), "empty")
    assert "At a visit" not in " ".join(" ".join(line) for line in lines_of(tabulate(results, TABLE)))


def test_words_know_who_is_told_apart(crowd):
    arms, pooled = (summarize_nadir(study, LOWEST) for study in (crowd, replace(crowd, arms=())))
    assert "for each arm" in alt(arms, FIGURE)
    assert "arm" not in alt(pooled, FIGURE)
    assert str(caption(arms, FIGURE)).startswith("Log marker: share at the limit or above it")
