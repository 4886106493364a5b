"""Figures of grades over time: what is drawn is what stands in the rows."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from drawn import assert_nothing_is_cut_off, assert_readable, by_gid, line, points, texts, with_gid
from entries import ASKED
from grade_courses import SPEC, seen_more

from npcstats.analyses.gradecourse.displays import GradeHeat, MeanGrade, StackedGrades
from npcstats.analyses.gradecourse.figure.shades import SHADES
from npcstats.analyses.gradecourse.summary import summarize_gradecourse
from npcstats.analyses.gradecourse.words import (
    heat_alt,
    heat_caption,
    mean_alt,
    mean_caption,
    stacked_alt,
    stacked_caption,
)
from npcstats.derive import pool_arms
from npcstats.results import one
from npcstats.run.draw import draw_figure

PLACE = {**ASKED, "analysis": "course"}
STACKED = StackedGrades(**PLACE, variables=("MOUTH", "STOMACH"))
MEANS = MeanGrade(**PLACE, variables=("MOUTH", "STOMACH"))
HEAT = GradeHeat(**PLACE, level="grade>=2")
WEEKS = ("W0", "W4", "W8", "W12")
DRAWN = 1e-9  # shares pass through sums of bars


@pytest.fixture(scope="module")
def study(known):
    return seen_more(known)


@pytest.fixture(scope="module")
def results(study):
    return summarize_gradecourse(study, SPEC)


@pytest.fixture(scope="module")
def pooled(study):
    return summarize_gradecourse(pool_arms(study), SPEC)


def luminance(color):
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_bars_are_the_shares_with_the_worst_at_the_bottom(results, fonts):
    figure = draw_figure(results, STACKED, fonts=fonts)
    for term in ("MOUTH", "STOMACH"):
        for arm in ("X", "Y"):
            for window in WEEKS:
                below = 0.0
                for grade in (5, 4, 3, 2, 1):
                    bar = by_gid(figure, f"{term}-{arm}-{window}-{grade}")
                    share = one(results, variable=term, arm=arm, window=window, measure="grade_share",
                                level=f"grade={grade}", stat="estimate").value  # fmt: skip
                    assert bar.get_height() == pytest.approx(share, abs=DRAWN)
                    assert bar.get_y() == pytest.approx(below, abs=DRAWN)
                    below += share
    assert_readable(figure)


def test_an_upper_edge_is_a_prevalence(results, fonts):
    figure = draw_figure(results, STACKED, fonts=fonts)
    bar = by_gid(figure, "MOUTH-X-W8-2")
    band = one(results, variable="MOUTH", arm="X", window="W8", measure="prevalence", level="grade>=2", stat="estimate")
    assert bar.get_y() + bar.get_height() == pytest.approx(band.value, abs=DRAWN)


@pytest.mark.parametrize("figure", [STACKED, HEAT], ids=["stacked", "heat"])
def test_numbers_below_the_times(results, fonts, figure):
    figure = draw_figure(results, figure, fonts=fonts)
    found = {word: [by_gid(figure, f"{word}-X-{window}").get_text() for window in WEEKS] for word in ("n", "carried")}
    assert found == {"n": ["2", "2", "3", "2"], "carried": ["0", "0", "2", "0"]}


def test_numbers_stand_below_their_bars(results, fonts):
    figure = draw_figure(results, STACKED, fonts=fonts)
    figure.canvas.draw()
    for window in WEEKS:
        bar = by_gid(figure, f"MOUTH-Y-{window}-1").get_window_extent()
        words = by_gid(figure, f"n-Y-{window}").get_window_extent()
        assert (words.x0 + words.x1) / 2 == pytest.approx((bar.x0 + bar.x1) / 2, abs=1.5)  # pixels


def test_grades_go_from_light_to_dark():
    shades = [luminance(SHADES[grade]) for grade in (1, 2, 3, 4, 5)]
    assert all(low - high > 25 for low, high in pairwise(shades))


def test_means_and_limits_are_the_rows(results, fonts):
    figure = draw_figure(results, MEANS, fonts=fonts)
    for arm in ("X", "Y"):
        at = {"variable": "MOUTH", "arm": arm, "measure": "mean_grade"}
        means = [one(results, **at, window=window, stat="estimate").value for window in WEEKS]
        assert [y for _, y in points(figure, f"mean-MOUTH-{arm}")] == means
        drawn = [tuple(segment[:, 1]) for segment in by_gid(figure, f"limits-MOUTH-{arm}").get_segments()]
        rows = [[one(results, **at, window=window, stat=stat).value for stat in ("ci_low", "ci_high")]
                for window in WEEKS]  # fmt: skip
        assert drawn == [(max(low, 0.0), high) for low, high in rows if not math.isnan(low)]
    assert_nothing_is_cut_off(figure)


def test_arms_differ_by_more_than_colour(results, fonts):
    figure = draw_figure(results, MEANS, fonts=fonts)
    first, second = line(figure, "mean-MOUTH-X"), line(figure, "mean-MOUTH-Y")
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_marker() != second.get_marker()


def test_panels_share_a_scale(results, fonts):
    figure = draw_figure(results, MEANS, fonts=fonts)
    limits = {line(figure, f"mean-{term}-X").axes.get_ylim() for term in ("MOUTH", "STOMACH")}
    assert len(limits) == 1


def test_cells_of_the_map_are_the_shares(results, fonts):
    figure = draw_figure(results, HEAT, fonts=fonts)
    for arm in ("X", "Y"):
        (axes,) = (axes for axes in figure.axes if axes.get_label() == f"heat-{arm}")
        rows = [[one(results, variable=term, arm=arm, window=window, measure="prevalence", level="grade>=2",
                     stat="estimate").value for window in WEEKS] for term in ("MOUTH", "STOMACH")]  # fmt: skip
        (mesh,) = axes.collections
        np.testing.assert_allclose(mesh.get_array().reshape(2, 4), rows)
        assert mesh.get_clim() == (0.0, 1.0)
        words = [text.get_text() for text in axes.texts]
        # 0, 1/2, 2/3 and 1/2 of the mouth in X, rounded half away
        assert words == [f"{math.floor(100 * share + 0.5)}" for row in rows for share in row]
    assert_readable(figure)


def test_a_darker_cell_is_a_larger_share(results, fonts):
    figure = draw_figure(results, HEAT, fonts=fonts)
    (axes,) = (axes for axes in figure.axes if axes.get_label() == "heat-X")
    (mesh,) = axes.collections
    shades = [luminance("#" + "".join(f"{round(255 * part):02x}" for part in mesh.to_rgba(share)[:3]))
              for share in (0.0, 0.25, 0.5, 0.75, 1.0)]  # fmt: skip
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == len(shades)


@pytest.mark.parametrize("figure", [STACKED, MEANS, HEAT], ids=["stacked", "means", "heat"])
@pytest.mark.parametrize("width", ["full", "column"])
def test_pooled_is_one_panel(pooled, fonts, figure, width):
    drawn = draw_figure(pooled, replace(figure, width=width), fonts=fonts)
    words = {text.get_text() for text in texts(drawn)}
    assert not {"Ex", "Wye"} & words
    assert_readable(drawn)


@pytest.mark.parametrize("figure", [STACKED, MEANS, HEAT], ids=["stacked", "means", "heat"])
def test_nobody_with_a_grade_is_not_zero(known, fonts, figure):
    frames = {"adae": known["adae"].iloc[:0], "adassess": known["adassess"].iloc[:0]}
    nobody = summarize_gradecourse(known.with_frames(frames), SPEC)
    drawn = draw_figure(nobody, figure, fonts=fonts)
    words = [text.get_text() for text in texts(drawn)]
    assert not any("nan" in word for word in words)
    if figure is not MEANS:
        assert words.count("NE") == 2 * 2 * 4
        caption = stacked_caption if figure is STACKED else heat_caption
        assert "NE: nobody has a grade at that time." in told(caption(nobody, figure))
    assert not with_gid(drawn, "MOUTH-X-W0-1")


def test_visits_have_names_under_the_axis(study, fonts):
    spec = replace(SPEC, visits=("V0", "V1"), weeks=(0, 3), width=0)
    drawn = draw_figure(summarize_gradecourse(study, spec), STACKED, fonts=fonts)
    words = [text.get_text() for text in texts(drawn)]
    assert words.count("Before") == words.count("During") == 2
    assert not any("Week from" in word for word in words)


def told(caption):
    return "".join(piece.text for piece in caption.pieces)


def test_captions_say_what_is_drawn(results):
    stacked, means, heat = (
        told(caption) for caption in (stacked_caption(results, STACKED), mean_caption(results, MEANS),
                                      heat_caption(results, HEAT))
    )  # fmt: skip
    assert "Bars stand on the worst grade" in stacked
    assert "95% CI by Student's t" in means
    assert "percentage of participants with grade ≥ 2" in heat
    for words in (stacked, means, heat):
        assert "Not adjusted" in words
        assert "at most one missed time" in words
        assert "NE" not in words


def test_alternative_texts_tell_whom_and_no_number(results, pooled):
    for alt, figure in ((stacked_alt, STACKED), (mean_alt, MEANS), (heat_alt, HEAT)):
        assert "each arm" in alt(results, figure)
        assert "of all participants together" in alt(pooled, figure)
        assert not any(sign.isdigit() for sign in alt(results, figure))
