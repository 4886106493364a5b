"""Curves of mean numbers of events: what is drawn is what stands in the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import assert_readable, by_gid, line, points, texts
from entries import ASKED, RATED

from npcstats.analyses.rates.displays import MeanCumulative
from npcstats.analyses.rates.summary import summarize_rates
from npcstats.analyses.rates.words import alt, caption
from npcstats.results import select
from npcstats.run.draw import draw_figure

FIGURE = MeanCumulative(**ASKED, analysis="rated", course="course")


@pytest.fixture(scope="module")
def results(known):
    return summarize_rates(known, RATED)


def test_curves_and_numbers_at_risk_are_the_rows(results, fonts):
    figure = draw_figure(results, FIGURE, fonts=fonts)
    for arm in ("X", "Y"):
        rows = select(results, arm=arm, measure="mean_events_curve", stat="estimate")
        assert points(figure, f"curve-{arm}") == [[row.time, row.value] for row in rows]
        for row in select(results, arm=arm, measure="at_risk"):
            shown = by_gid(figure, f"at-risk-{arm}-{row.time:.1f}")
            assert shown.get_text() == f"{row.value:.0f}"
    assert_readable(figure)


def test_bands_are_the_limits(results, fonts):
    figure = draw_figure(results, FIGURE, fonts=fonts)
    drawn = {round(float(y), 9) for path in by_gid(figure, "band-X").get_paths() for y in path.vertices[:, 1]}
    rows = select(results, arm="X", measure="mean_events_curve", stat={"ci_low", "ci_high"})
    assert {round(row.value, 9) for row in rows if row.value == row.value} <= drawn


def test_arms_differ_by_more_than_colour(results, fonts):
    figure = draw_figure(results, FIGURE, fonts=fonts)
    assert line(figure, "curve-X").get_linestyle() != line(figure, "curve-Y").get_linestyle()


def test_axes_say_what_they_count(results, fonts):
    words = {text.get_text() for text in texts(draw_figure(results, FIGURE, fonts=fonts))}
    assert {"Mean number of events per participant", "Months since start of radiotherapy"} <= words
    own = {text.get_text() for text in texts(draw_figure(results, replace(FIGURE, x_label="Weeks"), fonts=fonts))}
    assert "Weeks" in own


def test_pooled_is_one_curve(known, fonts):
    pooled = summarize_rates(replace(known, arms=()), replace(RATED, difference="", ratio="", estimand=""))
    figure = draw_figure(pooled, replace(FIGURE, width="column"), fonts=fonts)
    assert points(figure, "curve-all")[0] == [0.0, 0.0]
    assert_readable(figure)
    assert "of all participants together" in alt(pooled, FIGURE)


def test_too_few_at_risk_leave_an_empty_frame(known, fonts):
    figure = draw_figure(summarize_rates(known, replace(RATED, minimum_at_risk=9)), FIGURE, fonts=fonts)
    assert "Too few participants are at risk to draw a curve." in " ".join(
        text.get_text().replace("\n", " ") for text in texts(figure)
    )


def test_caption_and_alternative_text(results):
    told = str(caption(results, FIGURE))
    for words in (
        "CTCAE",
        "Ghosh and Lin",
        "Time at risk is counted in days",
        "Bands: 95% CI.",
        "1 participant at risk",
    ):
        assert words in told
    assert "Rates of first events" not in told
    assert not any(sign.isdigit() for sign in alt(results, FIGURE))
