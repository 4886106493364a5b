"""Placed by name: label, caption and alternative text of the plan and its words, the file that the format can take."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from npcstats.analyses.survival.displays import KaplanMeier, SurvivalTimes
from npcstats.display.specs import entry_of_display
from npcstats.errors import ResultsError
from npcstats.results import Results, read_results, write_results
from npcstats.tables import show_figure, show_table, survival_table

REPORTS = Path(__file__).parents[2] / "reports"
CURVES = KaplanMeier(name="os", title="Survival *all*.", number="14.2.1", sessions=(), analysis="os", width="full")
TIMES = SurvivalTimes(name="times", title="Survival", number="14.2.2", sessions=(), members=("os",), total=False)


def planned(results: Results, *, numbered: bool = False) -> Results:
    """Results whose plan has a table and a figure."""
    catalogue = results.catalogue
    study = {**catalogue.study, "numbered": "yes"} if numbered else catalogue.study
    tables, figures = {"times": entry_of_display(TIMES)}, {"os": entry_of_display(CURVES)}
    return replace(results, catalogue=replace(catalogue, study=study, tables=tables, figures=figures))


@pytest.fixture
def folder(by_arm: Results, tmp_path: Path) -> Path:
    """A results folder with one figure as a vector."""
    (tmp_path / "results" / "figures").mkdir(parents=True)
    write_results(planned(by_arm), tmp_path / "results")
    (tmp_path / "results" / "figures" / "os.svg").write_text("<svg/>", encoding="utf-8")
    return tmp_path / "results"


def raster(width: int, height: int, per_metre: int) -> bytes:
    """The start of a PNG: signature, size and resolution, as the format lays them out."""
    size = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + bytes((8, 2, 0, 0, 0))
    scale = b"pHYs" + per_metre.to_bytes(4) * 2 + b"\x01"
    return b"\x89PNG\r\n\x1a\n" + b"".join((len(c) - 4).to_bytes(4) + c + bytes(4) for c in (size, scale))


def lines_of(placed: object) -> list[str]:
    return placed._repr_markdown_().split("\n\n")


def test_a_table_has_its_label_and_title_and_is_the_one_of_its_kind(by_arm: Results) -> None:
    opening, *shown, caption, closing = lines_of(show_table(planned(by_arm), "times"))
    assert (opening, caption, closing) == ("::: {#tbl-times}", "Survival", ":::\n")
    assert "\n\n".join(shown) == survival_table(by_arm, ["os"])._repr_markdown_().rstrip("\n")


def test_numbers_of_a_final_report_stand_in_captions_where_the_session_has_them(by_arm: Results, folder: Path) -> None:
    number = '[14.2.{}]{{data-catalogue="{}/number"}}'.format
    assert (
        lines_of(show_table(planned(by_arm, numbered=True), "times"))[-2]
        == rf"Survival \({number(2, 'tables/times')}\)"
    )
    numbered = replace(planned(by_arm, numbered=True), folder=folder)
    assert lines_of(show_figure(numbered, "os"))[-2].startswith(rf"Survival \*all\* \({number(1, 'figures/os')}\). ")


def test_a_figure_is_its_file_seen_from_the_document(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "reports").mkdir()
    monkeypatch.chdir(folder.parent / "reports")
    opening, picture, caption, closing = lines_of(show_figure(read_results(folder), "os"))
    assert (opening, closing) == ("::: {#fig-os}", ":::\n")
    alt = "Kaplan–Meier curves of overall survival for each arm, with confidence bands, above the numbers at risk."
    assert picture == f'![](../results/figures/os.svg){{fig-alt="{alt}"}}'
    assert caption.startswith("Survival \\*all\\*. ")


def test_a_raster_is_taken_where_there_is_one_at_its_size_in_print(folder: Path, monkeypatch) -> None:
    """1,200 dots at 23,622 in a metre are 50.8 mm, two inches."""
    monkeypatch.chdir(folder)
    (folder / "figures" / "os.png").write_bytes(raster(1200, 600, 23622))
    picture = lines_of(show_figure(read_results(folder), "os"))[1]
    assert picture.startswith("![](figures/os.png){")
    assert picture.endswith('" width=2.0000in}')


def test_what_is_not_of_the_session_is_an_error_that_lists_what_is(folder: Path, by_arm: Results) -> None:
    with pytest.raises(ResultsError, match=r"figure 'pfs' is not one of session .*; of these: os\."):
        show_figure(read_results(folder), "pfs")
    with pytest.raises(ResultsError, match=r"table 'os' is not one of session .*; of these: times\."):
        show_table(planned(by_arm), "os")
    with pytest.raises(ResultsError, match=r"table 'times' is not one of session .*; of these: none\."):
        show_table(by_arm, "times")


def test_a_figure_needs_the_folder_that_it_was_drawn_in(folder: Path, by_arm: Results) -> None:
    with pytest.raises(ResultsError, match="read from a folder"):
        show_figure(planned(by_arm), "os")
    results = read_results(folder)
    (folder / "figures" / "os.svg").unlink()
    with pytest.raises(ResultsError, match=r"no os\.svg; the figures of a run are required"):
        show_figure(results, "os")


def test_reports_place_and_type_nothing_that_the_plan_has() -> None:
    """Captions, labels and alternative texts stand in the plan; an inline expression fits in a line."""
    sources = [path for path in REPORTS.rglob("*.qmd") if path.stem != "provenance"]
    typed = re.compile(r"fig-alt|fig-cap|tbl-cap|#\| label|(?<!show)_table\(|figure_caption|\{#(fig|tbl)-")
    texts = {path.name: path.read_text(encoding="utf-8") for path in sources}
    assert len(texts) > 10
    assert [name for name, text in texts.items() if typed.search(text)] == []
    inline = [found for text in texts.values() for found in re.findall(r"`\{python\} [^`]*`", text, re.S)]
    assert [found for found in inline if len(found) > 120 or "\n" in found] == []
