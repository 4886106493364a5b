"""The randomised example as a reader sees it: every word and number of its report, and nothing of another trial's."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path

import matplotlib.text
import pytest
from lxml import html
from pypdf import PdfReader

from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.documents import render_document
from npcstats.results import Results, read_results
from npcstats.run.draw import draw_figure
from npcstats.run.make import Run, make_results
from npcstats.run.project import Project
from npcstats.tables import printed_text

HERE = Path(__file__).parent
PROJECT = Project(HERE.parents[1])
FOREIGN = re.compile(
    r"radiotherap|fraction|cisplatin|nasophar|proton|photon|\bRT\b|\bEBV|\blocal\b|\bregional\b|"
    r"locoregional|\bdistant\b|metasta|not randomi[sz]ed",
    re.IGNORECASE,
)
ORIGINS = ("key", "catalogue", "column", "value", "listing")
RANDOMIZED, TREATED = (
    ("baseline", "disposition", "deviations", "survival"),
    ("baseline-treated", "survival-treated", "ae"),
)
ENDPOINTS = ("hazards", "progression", "endpoints", "laboratory", "exposure")


@dataclass(frozen=True)
class Made:
    """The final session's results, and its report as a page and as a PDF."""

    folder: Path
    results: Results
    page: html.HtmlElement
    pdf: PdfReader


@pytest.fixture(scope="module")
def made(folder, plan, tmp_path_factory) -> Made:
    place, output = tmp_path_factory.mktemp("results"), tmp_path_factory.mktemp("output")
    make_results(Run(folder, plan, ("final",)), place, fonts=PROJECT["fonts"])
    render_document(
        HERE / "report.qmd",
        formats=("html", "pdf"),
        output_dir=output,
        engine="builtin",
        metadata={"renderer": "the built-in renderer", "version": "npcstats", "data-mark": "SYNTHETIC DATA"},
        environment={"NPCSTATS_RESULTS": str(place)},
        source_date=datetime.date(2025, 3, 31),
    )
    page = html.fromstring((output / "report.html").read_bytes()).find(".//main")
    return Made(place / "final", read_results(place / "final"), page, PdfReader(output / "report.pdf"))


def words_of(element) -> str:
    return re.sub(r"\s+", " ", element.text_content())


def drawn(made, spec):
    return draw_figure(made.results, spec, fonts=PROJECT["fonts"])


def table(made, name):
    found = made.page.xpath(f'.//*[@id="tbl-{name}"]')
    assert len(found) == 1
    return words_of(found[0])


class TestWords:
    def test_page_has_no_word_of_another_trial(self, made):
        assert FOREIGN.findall(words_of(made.page)) == []

    def test_pdf_has_none(self, made):
        text = " ".join(page.extract_text() for page in made.pdf.pages)
        assert len(text) > 10_000
        assert FOREIGN.findall(re.sub(r"\s+", " ", text)) == []

    def test_catalogue_and_rows_have_none(self, made):
        catalogue = json.loads((made.folder / "catalogue.json").read_text())
        assert FOREIGN.findall(json.dumps(catalogue["analyses"])) == []
        assert FOREIGN.findall(json.dumps(catalogue["populations"])) == []
        assert FOREIGN.findall((made.folder / "results.csv").read_text()) == []

    def test_figures_have_none(self, made, plan):
        for spec in plan.figures:
            texts = [item.get_text() for item in drawn(made, spec).findobj(matplotlib.text.Text)]
            assert FOREIGN.findall(" ".join(texts)) == []
            assert sum(bool(text) for text in texts) > 5

    def test_board_reads_none_either(self, masked):
        told = {name: (entry.label, dict(entry.sentences)) for name, entry in masked.catalogue.analyses.items()}
        assert FOREIGN.findall(str(told)) == []


class TestArms:
    @pytest.mark.parametrize("name", RANDOMIZED)
    def test_as_randomised_is_said(self, made, name):
        text = table(made, name)
        assert "Arms are as randomised, by planned treatment." in text
        assert "Of 180 participants, 5 had no actual treatment recorded and 14 had another arm's treatment" in text

    @pytest.mark.parametrize("name", TREATED)
    def test_as_treated_is_said(self, made, name):
        text = table(made, name)
        assert "Arms are by actual treatment" in text
        assert "as randomised, by planned" not in text
        assert "Of 175 participants, 14 had another arm's treatment than planned." in text

    def test_characteristics_say_that_arms_were_randomised(self, made):
        """Three arms have no standardized difference, but the sentence that goes with one."""
        told = "Arms were randomised: differences at enrolment are due to chance. No test of them is made."
        assert told in table(made, "baseline")
        treated = table(made, "baseline-treated")
        assert told not in treated
        assert "Groups are by actual treatment, not as randomised" in treated

    def test_comparison_is_of_arms_as_randomised(self, made):
        assert "Unadjusted comparison of the arms as randomised." in table(made, "survival")
        treated = table(made, "survival-treated")
        assert "not as randomised: groups are not protected by randomisation." in treated

    def test_note_names_every_analysis_that_it_is_of(self, made):
        """Four models in one table, one of them as treated: what the other three say is told of all three."""
        told = "Overall survival; Progression-free survival; Progression-free survival, adjusted: "
        assert f"{told}Hazard ratios compare the arms as randomised." in table(made, "hazards")

    def test_stratified_test_is_named_and_is_one_of_all_arms(self, made):
        for name, test in (("survival", "Stratified log-rank test, Overall survival"),
                           ("progression", "Stratified Gray's test, Progression")):  # fmt: skip
            assert re.search(
                rf"{test}: p = 0\.\d{{3}} \(all arms together, 2 degrees of freedom\)\.", table(made, name)
            )

    def test_only_those_without_a_treatment_count_as_planned(self, made):
        """Every member of the safety set was treated."""
        assert "none recorded" not in words_of(made.page)


class TestLabels:
    """What a column is called in the plan is printed, never the column."""

    def test_page_names_no_column(self, made):
        assert re.findall(r"PRIORTRT|REGION|TRTEMFL|AEREL|AESER", words_of(made.page)) == []

    def test_figures_name_none(self, made, plan):
        for spec in plan.figures:
            texts = " ".join(text.get_text() for text in drawn(made, spec).findobj(matplotlib.text.Text))
            assert re.findall(r"PRIORTRT|REGION|TRTEMFL|AEREL|AESER", texts) == []

    def test_strata_are_named(self, made):
        assert "The test is stratified by region and prior treatment." in table(made, "survival")
        assert "Stratified by region and prior treatment" in table(made, "hazards")

    def test_counted_events_are_named(self, made):
        assert "Counted: all treatment-emergent events." in table(made, "ae")

    def test_interaction_is_printed_once(self, made, plan):
        spec = next(spec for spec in plan.figures if isinstance(spec, Forest))
        gids = [str(text.get_gid()) for text in drawn(made, spec).findobj(matplotlib.text.Text)]
        tests = [gid for gid in gids if gid.startswith("interaction-")]
        assert tests == ["interaction-all-REGION", "interaction-all-PRIORTRT"]

    def test_axis_says_since_when(self, made, plan):
        spec = next(spec for spec in plan.figures if isinstance(spec, ScaledResiduals))
        assert spec.x_label == ""
        assert {axes.get_xlabel() for axes in drawn(made, spec).axes} == {"Months since randomisation"}

    def test_heads_do_not_break_inside_brackets(self, made):
        heads = [cell.text_content() for cell in made.page.iter("th") if "(N" in cell.text_content()]
        assert len(heads) > 20
        assert [text for text in heads if " " in text.partition("(N")[2]] == []


class TestNumbers:
    def test_every_key_prints_its_row(self, made):
        spans = [e for e in made.page.iter("span") if any(e.get(f"data-{name}") for name in ORIGINS)]
        origins = [{name: span.get(f"data-{name}", "") for name in (*ORIGINS, "style")} for span in spans]
        texts = [span.text_content().replace("\n", " ") for span in spans]  # a long note is lines of HTML
        wrong = [
            (text, origin)
            for text, origin in zip(texts, origins, strict=True)
            if printed_text(made.results, origin, code=text) != text
        ]
        assert wrong == []
        assert sum(bool(origin["key"]) for origin in origins) > 500

    @pytest.mark.parametrize("name", [*RANDOMIZED, *TREATED, *ENDPOINTS])
    def test_three_arms_stand_in_every_table(self, made, name):
        text = table(made, name)
        assert all(arm in text for arm in ("Placebo", "EX-1 50 mg", "EX-1 100 mg"))

    def test_every_page_says_synthetic(self, made):
        assert [i for i, page in enumerate(made.pdf.pages) if "SYNTHETIC DATA" not in page.extract_text()] == []
