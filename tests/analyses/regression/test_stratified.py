"""A stratified ratio in the table and in the forest: printed, drawn, and said by what it is stratified."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from entries import ASKED, RATIOS, SEXES
from matplotlib.text import Text

from npcstats.analyses.regression.displays import Forest
from npcstats.analyses.regression.spec import Subgroup
from npcstats.analyses.regression.summary import summarize_regression
from npcstats.formatting import format_number
from npcstats.provenance import canonical_text
from npcstats.results import concat, one, results_text
from npcstats.run.draw import draw_figure
from npcstats.tables import regression_table

FONTS = Path(__file__).parents[3] / "reports" / "_theme" / "fonts"
FOREST = Forest(**ASKED, analysis="ratios")


class TestStratifiedDisplay:
    """The stratified ratio of the arms is printed in the table and drawn in the forest, and says by what."""

    @pytest.fixture
    def results(self, crowd):
        return summarize_regression(crowd, replace(RATIOS, strata={"SEX": "sex", "STAGE9": "stage"},
                                                        subgroups=(Subgroup("SEX", "Sex", SEXES),)))  # fmt: skip

    def test_table(self, results):
        table = regression_table(results, ["ratios"], covariates=True)
        assert [cell.text for cell in table.spanners[1:]] == ["Unadjusted", "Stratified by sex and stage", "Adjusted"]
        (line,) = (row for row in table.rows if row.cells[0].text.startswith("Ex"))
        row = one(results, block="stratified", measure="hazard_ratio", stat="estimate", subgroup="all")
        assert format_number(row.value, "ratio", rounding="half-away") in line.cells[3].text
        assert (
            "Stratified: Cox regression of the arms, with a baseline hazard for each combination of"
            in table.notes[0].text
        )
        assert "Stratified by sex and stage p" in table.notes[0].text  # the test of proportional hazards

    def test_heading_over_several_analyses_is_true_of_each(self, crowd, results):
        """Strata of one analysis are not printed above another's numbers, nor lost where the first has none."""
        by_sex = summarize_regression(crowd, replace(RATIOS, id="by-sex", strata={"SEX": "sex"}))
        plain = summarize_regression(crowd, replace(RATIOS, id="plain"))
        table = regression_table(concat([results, by_sex]), ["ratios", "by-sex"], covariates=True)
        assert [cell.text for cell in table.spanners[1:]] == ["Unadjusted", "Stratified", "Adjusted"]
        assert "for each combination of sex and stage." in table.notes[0].text
        assert "for each value of sex." in table.notes[0].text
        table = regression_table(concat([plain, by_sex]), ["plain", "by-sex"], covariates=True)
        assert [cell.text for cell in table.spanners[1:]] == ["Unadjusted", "Stratified by sex", "Adjusted"]

    def test_subgroups_are_said_not_to_be(self, crowd, results):
        plain = summarize_regression(crowd, replace(RATIOS, subgroups=(Subgroup("SEX", "Sex", SEXES),)))
        told, before = (found.catalogue.analyses["ratios"].sentences["subgroups"] for found in (results, plain))
        assert told.startswith("Subgroups are neither adjusted nor stratified; interaction:")
        assert before.startswith("Subgroups are not adjusted; interaction:")
        at = {"measure": "hazard_ratio", "stat": "estimate", "subgroup": "SEX=F"}
        assert one(results, **at).value == one(plain, **at).value

    def test_forest(self, results):
        figure = draw_figure(results, FOREST, fonts=FONTS)
        found = {artist.get_gid(): artist for artist in figure.findobj() if artist.get_gid()}
        row = one(results, block="stratified", measure="hazard_ratio", stat="estimate", subgroup="all")
        assert found["ratio-X-stratified"].get_xdata()[0] == row.value
        assert found["estimate-X-stratified"].get_text() == format_number(row.value, "ratio", rounding="half-away")
        assert found["events-X-X-stratified"].get_text() == found["events-X-X-all"].get_text()
        written = " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")
        assert "Stratified by sex and stage" in written
        caption = str(FOREST.caption(results, FOREST))
        assert "Unadjusted estimates; of all participants also stratified." in caption

    def test_without_strata_nothing_is_said_of_them(self, crowd):
        results = summarize_regression(crowd, RATIOS)
        assert "tratified" not in results_text(results) + canonical_text(results.catalogue.analyses["ratios"])
        caption = str(FOREST.caption(results, FOREST))
        assert "Unadjusted estimates. " in caption
