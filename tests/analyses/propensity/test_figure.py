"""Mirrored histograms and love plots: what is drawn is what stands in the rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import MILLIMETRES, assert_readable, by_gid, points, with_gid
from entries import ASKED, BALANCE

from npcstats.analyses.propensity.displays import LovePlot, OverlapPlot
from npcstats.analyses.propensity.summary import summarize_propensity
from npcstats.errors import SpecError
from npcstats.results import select
from npcstats.run.draw import draw_figure

OVERLAPS = OverlapPlot(**ASKED, analysis="balance", blocks=("overlap", "inverse"))
LOVE = LovePlot(**ASKED, analysis="balance", blocks=("overlap", "inverse"), order="plan", absolute=False)


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_propensity(crowd, BALANCE)


@pytest.fixture(scope="module")
def separated(crowd):
    adsl = crowd["adsl"].assign(SEX=np.where(crowd["adsl"]["TRT01A"] == "X", "F", "M"))
    return summarize_propensity(crowd.with_frames({"adsl": adsl}), BALANCE)


class TestOverlap:
    @pytest.mark.parametrize("block", OVERLAPS.blocks)
    @pytest.mark.parametrize(("arm", "sign"), [("X", 1), ("Y", -1)])
    def test_steps_are_the_rows(self, results, fonts, block, arm, sign):
        figure = draw_figure(results, OVERLAPS, fonts=fonts)
        for gid, measure in (("raw", "score_share"), ("weighted", "weighted_score_share")):
            drawn, edges, _ = by_gid(figure, f"{gid}-{block}-{arm}").get_data()
            rows = select(results, block=block, arm=arm, measure=measure)
            np.testing.assert_array_equal(drawn, [sign * row.value for row in rows])
            np.testing.assert_allclose(edges[:-1], [float(row.level) for row in rows])

    @pytest.mark.parametrize("width", ["full", "column"])
    def test_readable(self, results, separated, fonts, width):
        for found in (results, separated):
            figure = draw_figure(found, replace(OVERLAPS, width=width), fonts=fonts)
            assert_readable(figure)
            assert figure.get_size_inches()[0] * 25.4 == pytest.approx(MILLIMETRES[width])

    def test_arms_have_names_on_their_side(self, results, fonts):
        figure = draw_figure(results, OVERLAPS, fonts=fonts)
        assert by_gid(figure, "name-overlap-X").get_text() == "Ex"
        assert (
            by_gid(figure, "name-overlap-X").get_position()[1]
            > 0.5
            > by_gid(figure, "name-overlap-Y").get_position()[1]
        )

    def test_a_panel_without_scores_says_why(self, separated, fonts):
        figure = draw_figure(separated, OVERLAPS, fonts=fonts)
        told = by_gid(figure, "empty-overlap").get_text().replace("\n", " ")
        assert "sex Men separates the arms" in told
        assert not with_gid(figure, "raw-overlap-X")

    def test_what_is_wrong_stands_in_the_panel_and_first_in_the_caption(self, crowd, fonts):
        poor = summarize_propensity(crowd, replace(BALANCE, least_overlap=0.999))
        figure = draw_figure(poor, OVERLAPS, fonts=fonts)
        assert "the arms hardly overlap" in by_gid(figure, "verdict-inverse").get_text().replace("\n", " ")
        caption = "".join(piece.text for piece in OVERLAPS.caption(poor, OVERLAPS).pieces)
        assert caption.startswith("Overlap weights: the arms hardly overlap")

    def test_without_two_arms_it_is_empty(self, crowd, fonts):
        alone = summarize_propensity(replace(crowd, arms=()), BALANCE)
        for shown in (OVERLAPS, LOVE):
            assert by_gid(draw_figure(alone, shown, fonts=fonts), "empty")
            assert shown.caption(alone, shown).pieces


class TestLove:
    def drawn(self, results, spec, fonts):
        figure = draw_figure(results, spec, fonts=fonts)
        return figure, {gid: points(figure, gid) for gid in ("before", "after-overlap", "after-inverse")}

    def rows(self, results, measure, block):
        return select(results, block=block, measure=measure, stat="estimate")

    def test_signed_points_are_the_rows_from_the_top(self, results, fonts):
        _, drawn = self.drawn(results, LOVE, fonts)
        for gid, measure, block in (("before", "smd", "overlap"), ("after-overlap", "weighted_smd", "overlap"),
                                    ("after-inverse", "weighted_smd", "inverse")):  # fmt: skip
            rows = [r for r in self.rows(results, measure, block) if r.variable != "STAGE9" or r.level]
            assert [x for x, _ in drawn[gid]] == [row.value for row in rows]
            heights = [y for _, y in drawn[gid]]
            assert heights == sorted(heights, reverse=True)

    def test_absolute_points_have_one_of_each_characteristic(self, results, fonts):
        figure, drawn = self.drawn(results, replace(LOVE, absolute=True), fonts)
        rows = [r for r in self.rows(results, "smd", "overlap") if r.variable != "STAGE9" or not r.level]
        assert [x for x, _ in drawn["before"]] == [abs(row.value) for row in rows]
        assert len(rows) == 4
        assert [line.get_xdata()[0] for line in with_gid(figure, "limit")] == [0.1]

    def test_limits_in_both_directions(self, results, fonts):
        figure, _ = self.drawn(results, LOVE, fonts)
        assert [line.get_xdata()[0] for line in with_gid(figure, "limit")] == [-0.1, 0.1]

    def test_largest_first(self, results, fonts):
        _, drawn = self.drawn(results, replace(LOVE, absolute=True, order="size"), fonts)
        sizes = [x for x, _ in drawn["before"]]
        assert sizes == sorted(sizes, reverse=True)

    @pytest.mark.parametrize("width", ["full", "column"])
    @pytest.mark.parametrize("absolute", [True, False])
    def test_readable(self, results, fonts, width, absolute):
        assert_readable(draw_figure(results, replace(LOVE, width=width, absolute=absolute), fonts=fonts))

    def test_what_has_no_difference_is_named_in_the_caption(self, crowd, fonts):
        found = summarize_propensity(crowd.with_frames({"adsl": crowd["adsl"].assign(SEX="F")}), BALANCE)
        _, drawn = self.drawn(found, LOVE, fonts)
        assert len(drawn["before"]) == 5
        caption = "".join(piece.text for piece in LOVE.caption(found, LOVE).pieces)
        assert "Not drawn, since nobody or everybody has it: Sex Men." in caption

    def test_without_weights_only_what_was_before_is_drawn(self, separated, fonts):
        _, drawn = self.drawn(separated, LOVE, fonts)
        assert drawn["before"]
        assert drawn["after-overlap"] == []

    def test_the_estimand_is_in_the_caption(self, results):
        for shown in (OVERLAPS, LOVE):
            caption = "".join(piece.text for piece in shown.caption(results, shown).pieces)
            assert "ATO" in caption
            assert "ATE" in caption
            assert shown.alt(results, shown).endswith(".")
            assert not any(sign.isdigit() for sign in shown.alt(results, shown))

    def test_too_many_adjustments(self, results, fonts):
        many = replace(LOVE, blocks=tuple("abcdef"))
        with pytest.raises(SpecError, match="6 adjustments"):
            draw_figure(results, many, fonts=fonts)
