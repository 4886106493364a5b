"""Volcano plots and ranked features: what is drawn is what stands in the rows, on axes that panels share."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import assert_readable, names_of, points, texts, with_gid
from entries import IMAGES

from npcstats.analyses.features.displays import RankedFeatures, Volcanoes
from npcstats.analyses.features.rows import DIFFERENCE, FAMILY, HAZARD
from npcstats.analyses.features.summary import summarize_features
from npcstats.analyses.features.words import ranked_alt, ranked_caption, volcano_alt, volcano_caption
from npcstats.errors import ResultsError
from npcstats.results import one, select
from npcstats.run.draw import draw_figure

ASKED = {"name": "f", "title": "F.", "sessions": ("only",), "analysis": "images", "width": "full"}
VOLCANO = Volcanoes(**ASKED)
RANKED = RankedFeatures(**ASKED, window="V0", most=3)
WIDE = replace(IMAGES, visits=("V0", "V1", "V2"), discovery=0.2)
QUESTIONS = [(DIFFERENCE, "V1"), (DIFFERENCE, "V2"), (HAZARD, "V0")]


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_features(crowd, WIDE)


def told(results, block, measure, window):
    """Estimate and p-value of each feature, and whether its adjusted p-value is below the plan's level."""
    rows = select(results, block=block, measure=measure, window=window, stat="estimate")
    at = [{"block": block, "window": window, "variable": row.variable, "stat": "p_value"} for row in rows]
    return [
        (
            row.value,
            one(results, **place, measure=measure).value,
            one(results, **place, measure=FAMILY[measure]).value < 0.2,
        )
        for row, place in zip(rows, at, strict=True)
    ]


def test_dots_of_a_volcano_are_the_rows(results, fonts: Path):
    figure = draw_figure(results, VOLCANO, fonts=fonts)
    seen = set()
    for block in ("ONE", "TWO"):
        for measure, window in QUESTIONS:
            rows = told(results, block, measure, window)
            for gid, found in (("features", False), ("discoveries", True)):
                expected = [[value, -math.log10(p)] for value, p, below in rows if below == found]
                drawn = points(figure, f"{gid}-{block}-{measure}-{window}")
                assert drawn == [pytest.approx(point, rel=1e-12) for point in expected]
                seen |= {gid} if drawn else set()
    assert seen == {"features", "discoveries"}
    assert_readable(figure)


def test_filled_dots_are_told_apart_without_colour(results, fonts: Path):
    figure = draw_figure(results, VOLCANO, fonts=fonts)
    for line in figure.findobj(lambda a: str(a.get_gid()).startswith("features-")):
        assert line.get_markerfacecolor() == "none"
    for line in figure.findobj(lambda a: str(a.get_gid()).startswith("discoveries-")):
        assert line.get_markerfacecolor() == line.get_color()


def test_panels_share_their_axes(results, fonts: Path):
    """One scale of p-values for all, one of estimates for each measure; nothing lies outside."""
    figure = draw_figure(results, VOLCANO, fonts=fonts)
    assert len(figure.axes) == 2 * len(QUESTIONS)
    assert len({axes.get_ylim() for axes in figure.axes}) == 1
    by_measure = [figure.axes[i].get_xlim() for i in range(6)]
    assert by_measure[0] == by_measure[1] == by_measure[3] == by_measure[4]
    assert by_measure[2] == by_measure[5]
    assert figure.axes[2].get_xscale() == "log"
    for place, (block, (measure, window)) in enumerate((b, q) for b in ("ONE", "TWO") for q in QUESTIONS):
        low, high = figure.axes[place].get_xlim()
        assert all(low < value < high for value, _, _ in told(results, block, measure, window))
        assert (
            max(-math.log10(p) for _, p, _ in told(results, block, measure, window)) < figure.axes[place].get_ylim()[1]
        )


@pytest.mark.parametrize(("window", "measure"), [("V0", HAZARD), ("V1", DIFFERENCE), ("V2", DIFFERENCE)])
def test_ranked_features_are_the_rows(results, fonts: Path, window, measure):
    figure = draw_figure(results, replace(RANKED, window=window), fonts=fonts)
    for axes, block in zip(figure.axes, ("ONE", "TWO"), strict=True):
        rows = sorted(select(results, block=block, measure=measure, window=window, stat="p_value"),
                      key=lambda row: row.value)[:3]  # fmt: skip
        at = [{"block": block, "measure": measure, "window": window, "variable": row.variable} for row in rows]
        assert names_of(axes) == [f"Shape: {row.variable.rsplit('_')[-1].lower()}" for row in rows]
        drawn = sorted(
            [*points(figure, f"estimate-{block}"), *points(figure, f"discovered-{block}")], key=lambda p: p[1]
        )
        assert drawn == [[one(results, **place, stat="estimate").value, float(i)] for i, place in enumerate(at)]
        for i, place in enumerate(at):
            ends = [one(results, **place, stat=stat).value for stat in ("ci_low", "ci_high")]
            gid = f"limits-{block}-{place['variable']}"
            assert points(figure, gid) == [[end, float(i)] for end in ends]
            low, high = axes.get_xlim()
            assert low < ends[0] < ends[1] < high
        below = [one(results, **place | {"measure": FAMILY[measure]}).value < 0.2 for place in at]
        assert [y for _, y in points(figure, f"discovered-{block}")] == [float(i) for i, b in enumerate(below) if b]
    assert_readable(figure)


def test_units_stand_on_the_axes(results, fonts: Path):
    words = [text.get_text().replace("\n", " ") for text in texts(draw_figure(results, VOLCANO, fonts=fonts))]
    assert words.count("Change, Ex − Wye, SD") == 4
    assert words.count("Hazard ratio per SD") == 2
    words = [text.get_text().replace("\n", " ") for text in texts(draw_figure(results, RANKED, fonts=fonts))]
    assert words.count("Hazard ratio per SD (95% CI)") == 2


def test_nothing_to_rank_is_said(crowd, fonts: Path):
    results = summarize_features(crowd, replace(IMAGES, minimum_events=99))
    figure = draw_figure(results, RANKED, fonts=fonts)
    assert [text.get_text() for text in texts(figure)] == ["No feature has a model."]
    assert not with_gid(figure, "estimate-ONE")
    volcano = draw_figure(results, VOLCANO, fonts=fonts)
    assert points(volcano, f"features-ONE-{HAZARD}-V0") == []
    assert_readable(volcano)


def words_of(caption):
    return "".join(piece.text for piece in caption.pieces)


def test_captions(results):
    volcano, ranked = words_of(volcano_caption(results, VOLCANO)), words_of(ranked_caption(results, RANKED))
    changes = words_of(ranked_caption(results, replace(RANKED, window="V1")))
    for text in (volcano, ranked, changes):
        assert "Filled dots: q < 0.20; open dots: all others." in text
        assert "Everyone who started radiotherapy." in text
        assert "not a finding" in text
        assert "cut-off" in text
    assert "With an image, of Ex, Wye:" in volcano
    assert "With an image, of Ex, Wye:" in changes
    assert "a Cox model of each feature alone" in ranked
    assert "random intercept" not in ranked
    assert "random intercept" in changes
    assert "whichever way they point" in ranked


def test_alternative_texts_have_no_numbers(results):
    for text in (volcano_alt(results, VOLCANO), ranked_alt(results, RANKED)):
        assert not any(character.isdigit() for character in text)


@pytest.mark.parametrize("spec", [VOLCANO, RANKED], ids=lambda spec: type(spec).__name__)
def test_another_kind_is_refused(by_arm, fonts: Path, spec):
    with pytest.raises(ResultsError, match="features"):
        draw_figure(by_arm, replace(spec, analysis="os"), fonts=fonts)
