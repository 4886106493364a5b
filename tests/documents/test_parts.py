"""The parts of the renderer on their own: reading a source, merging options, escaping text, writing tables."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rendered import write

from npcstats.documents.crossref import reference_target
from npcstats.documents.floats import float_parts, is_float, normalize_floats
from npcstats.documents.html_tables import native_tables
from npcstats.documents.language import WORDS, format_date, words_of
from npcstats.documents.metadata import author_options, layers, lookup, merge, options_for
from npcstats.documents.numbering import label_equations, number_targets
from npcstats.documents.pandoc import elements, plain_text, read_tree, run_pandoc, walk
from npcstats.documents.source import Cell, Text, fence_html_tables, read_source
from npcstats.documents.write_docx import finish_docx
from npcstats.errors import DocumentError
from npcstats.formatting import escape_markdown

# ---------------------------------------------------------------------------------------------- source


def test_cells_have_options_code_and_line(tmp_path: Path) -> None:
    """Options are YAML; blank lines around the code go; the line is the fence's."""
    cell = "```{python}\n#| label: tbl-a\n#| echo: false\n\nx = 1\n\n```\n"
    text = f"One\n\n{cell}\n- item\n\n  ```{{python}}\n  y = 2\n  ```\n"
    source = read_source(write(tmp_path, text), root=tmp_path)
    first, second = source.cells
    assert (first.index, first.code, first.options, first.fence.number) == (
        0, "x = 1", {"label": "tbl-a", "echo": False}, 3,
    )  # fmt: skip
    assert (second.code, second.indent, second.fence.number) == ("y = 2", "  ", 13)
    assert [type(part) for part in source.parts] == [Text, Cell, Text, Cell, Text]


def test_included_lines_know_their_file(tmp_path: Path) -> None:
    """A nested path starts at the main document's folder; one with a slash at the project's."""
    (tmp_path / "parts").mkdir()
    write(tmp_path, "deep\n", "root.qmd")
    write(tmp_path / "parts", "first\n\n{{< include parts/b.qmd >}}\n", "a.qmd")
    write(tmp_path / "parts", "second\n\n{{< include /root.qmd >}}\n", "b.qmd")
    source = read_source(write(tmp_path, "{{< include parts/a.qmd >}}\n"), root=tmp_path)
    words = [(line.text, line.path.name, line.number) for line in source.prose if line.text]
    assert words == [("first", "a.qmd", 1), ("second", "b.qmd", 1), ("deep", "root.qmd", 1)]


def test_yaml_dates_stay_as_written(tmp_path: Path) -> None:
    """A date in front matter is text."""
    source = read_source(write(tmp_path, "---\ndate: 2026-03-05\n---\n"), root=tmp_path)
    assert source.front_matter == {"date": "2026-03-05"}


def test_html_tables_in_text_become_one_raw_block() -> None:
    """Outside fences only."""
    text = "A\n<table>\n<tr><td>1</td></tr>\n</table>\nB\n```\n<table>\n```"
    assert fence_html_tables(text) == (
        "A\n\n```{=html}\n<table>\n<tr><td>1</td></tr>\n</table>\n```\n\nB\n```\n<table>\n```"
    )


# ---------------------------------------------------------------------------------------------- options


def test_later_sources_win(tmp_path: Path) -> None:
    """_quarto.yml < _metadata.yml < front matter < command line; a source's format wins over its general part."""
    folder = tmp_path / "reports"
    folder.mkdir()
    write(tmp_path, "a: project\nb: project\nc: project\nd: project\nformat:\n  html:\n    e: project\n", "_quarto.yml")
    write(folder, "b: folder\nc: folder\nd: folder\n", "_metadata.yml")
    given = layers(folder / "doc.qmd", {"c": "document", "d": "document", "e": "document"}, {"d": "line", "f": "true"})
    found = options_for(given, "html")
    assert found == {"a": "project", "b": "folder", "c": "document", "d": "line", "e": "document", "f": True}
    assert "e" not in options_for(given[:2], "docx")


def test_paths_start_at_the_file_that_names_them(tmp_path: Path) -> None:
    """Root-relative and relative names become absolute where the file exists; other names stay."""
    folder = tmp_path / "reports"
    folder.mkdir()
    style = write(tmp_path, "", "style.css")
    write(tmp_path, "css: style.css\n", "_quarto.yml")
    assert options_for(layers(folder / "doc.qmd", {}, {}), "html")["css"] == str(style)
    assert options_for(layers(folder / "doc.qmd", {"css": "/style.css"}, {}), "html")["css"] == str(style)
    assert options_for(layers(folder / "doc.qmd", {"css": "gone.css"}, {}), "html")["css"] == "gone.css"


def test_merging_keeps_both_sides() -> None:
    """Mappings merge, lists join without repetition, the rest is replaced."""
    base = {"a": {"x": 1, "y": 2}, "b": [1, 2], "c": 3}
    assert merge(base, {"a": {"y": 5}, "b": [2, 4], "c": 6}) == {"a": {"x": 1, "y": 5}, "b": [1, 2, 4], "c": 6}
    assert lookup(base, "a.x") == 1
    assert lookup(base, "a.x.z") is None


@pytest.mark.parametrize(
    "written",
    [
        "Ann Lee",
        ["Ann Lee"],
        {"name": "Ann Lee"},
        {"name": {"given": "Ann", "family": "Lee"}},
        [{"name": {"literal": "Ann Lee"}}],
    ],
)
def test_authors_have_one_shape(written: object) -> None:
    """However written, a name and its affiliations."""
    assert author_options({"author": written}) == {
        "author": ["Ann Lee"],
        "by-author": [{"name": {"literal": "Ann Lee"}, "affiliations": [], "degrees": ""}],
    }


def test_dates_are_written_out_in_the_language() -> None:
    """The order of day and month is the region's."""
    assert format_date({"date": "2026-03-05"}, "long") == "March 5, 2026"
    assert format_date({"date": "2026-03-05", "lang": "en-GB"}, "long") == "5 March 2026"
    assert format_date({"date": "2026-03-05", "lang": "de"}, "long") == "5. März 2026"
    assert format_date({"date": "spring"}, "long") == "spring"
    assert format_date({}, "long") == ""


@pytest.mark.parametrize(
    ("style", "lang", "written"),
    [
        ("iso", "en", "2026-09-01"),
        ("full", "en", "Tuesday, September 1, 2026"),
        ("full", "en-GB", "Tuesday 1 September 2026"),
        ("medium", "en-GB", "1 Sept 2026"),
        ("short", "en", "9/1/26"),
        ("short", "en-GB", "01/09/2026"),
        ("long", "es", "1 de septiembre de 2026"),
        ("YYYY-MM-DD", "de", "2026-09-01"),
        ("D MMMM YYYY", "en", "1 September 2026"),
        ("D MMMM YYYY", "fr", "1 septembre 2026"),
        ("MMM D, YYYY", "en-GB", "Sep 1, 2026"),
        ("dddd, [the] Do", "en", "Tuesday, the 1st"),
        ("DD/MM/YY", "nl", "01/09/26"),
    ],
)
def test_dates_are_written_as_asked(style: str, lang: str, written: str) -> None:
    """Quarto's names of styles, and the tokens of Day.js; a date may be written in several ways."""
    for date in ("2026-09-01", "09/01/2026", "2026-09-01T12:30:00"):
        assert format_date({"date": date, "date-format": style, "lang": lang}) == written
        assert format_date({"date": {"value": date, "format": style}, "lang": lang}) == written


def test_words_follow_language_and_options() -> None:
    """Every language has every word; an option replaces one."""
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}
    assert words_of({"lang": "de-AT"})["tbl"] == "Tabelle"
    assert words_of({"lang": "xx", "toc-title": "Here"})["toc-title"] == "Here"


# ---------------------------------------------------------------------------------------------- text and trees


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1), min_size=1))
def test_escaped_text_is_read_back(texts: list[str]) -> None:
    """Whatever an inline expression gives is printed as it is, many texts at a time."""
    source = "\n\n".join(f"x{escape_markdown(text)}x" for text in texts)
    blocks = read_tree(source, "markdown")["blocks"]
    assert [plain_text(block) for block in blocks] == [f"x{text}x" for text in texts]


def test_walk_shares_what_it_does_not_change() -> None:
    """Only the way down to a change is new; a list is spliced."""
    tree = read_tree("a *b* c\n\nd\n\n> *e*\n", "markdown")
    assert walk(tree, lambda element: None) is tree
    made = walk(tree, lambda element: element["c"] if element["t"] == "Emph" else None)
    assert plain_text(made["blocks"]) == plain_text(tree["blocks"])
    assert made["blocks"][1] is tree["blocks"][1]
    assert not [element for element in elements(made) if element["t"] == "Emph"]


def test_every_way_to_write_a_float_becomes_one_shape() -> None:
    """Div with last paragraph, table with identifier, picture with identifier and caption."""
    text = (
        "::: {#fig-a}\n![](a.svg)\n\nCaption *one*\n:::\n\n![Caption two](b.svg){#fig-b}\n\n"
        "| k |\n|---|\n| 1 |\n\n: Caption three {#tbl-c}\n\n$$x$$ {#eq-d}\n\n# Head {#sec-e}\n"
    )
    tree = normalize_floats(label_equations(read_tree(text, "markdown")))
    found = {name: plain_text(caption) for name, caption, _ in map(float_parts, filter(is_float, elements(tree)))}
    assert found == {"fig-a": "Caption one", "fig-b": "Caption two", "tbl-c": "Caption three"}
    numbers = number_targets(tree, {}, WORDS["en"])
    assert numbers.numbers == {"fig-a": "1", "fig-b": "2", "tbl-c": "1", "eq-d": "1", "sec-e": "1"}
    assert numbers.caption_label("tbl-c") == "Table\u00a01"


def test_reference_targets_are_told_from_bibliography_keys() -> None:
    """A capital is the same target; other keys are citations."""
    assert reference_target("Fig-os") == "fig-os"
    assert reference_target("sec-known") == "sec-known"
    assert reference_target("smith-2020") == ""


def test_html_tables_keep_alignment_spans_rules_and_fills_on_paper() -> None:
    """The Typst writer prints what the HTML said."""
    html = (
        '<table><thead><tr><th colspan="2" style="text-align:center; border-bottom:0.4pt solid #b9c2cc">A</th></tr>'
        '</thead><tbody><tr><td style="background-color:#f3f6f8">x</td><td style="vertical-align:bottom">'
        '<span data-key="k">1</span></td></tr></tbody></table>'
    )
    tree = native_tables(read_tree(f"```{{=html}}\n{html}\n```\n", "markdown"))
    text = run_pandoc(["-f", "json", "-t", "typst"], json.dumps(tree))
    assert 'table.cell(align: center, colspan: 2, stroke: (bottom: 0.4pt + rgb("#b9c2cc")))[A]' in text
    assert 'table.cell(fill: rgb("#f3f6f8"))[x]' in text
    assert "table.cell(align: bottom)[1]" in text


def test_a_failing_pandoc_is_an_error_with_its_words() -> None:
    """The message is Pandoc's."""
    with pytest.raises(DocumentError, match=r"pandoc: .*nosuchformat"):
        run_pandoc(["-f", "nosuchformat"], "")


def test_a_row_stays_with_the_rows_that_stand_further_in(tmp_path: Path) -> None:
    """In a long Word table, a characteristic and its levels stay on one page: all but the last keep the next."""
    rows = [
        "Group",
        *(f"\u2003Row {i}" for i in range(20)),
        "\u2003Sex",
        "\u2003\u2003Female",
        "\u2003\u2003Male",
        "\u2003Age",
    ]
    document = docx.Document()
    table = document.add_table(rows=len(rows) + 4, cols=1)
    for row, text in zip(table.rows, rows, strict=False):
        row.cells[0].text = text
    path = tmp_path / "a.docx"
    document.save(str(path))
    finish_docx(path, {}, source_date=datetime.date(2026, 1, 1))
    made = docx.Document(str(path)).tables[0]
    kept = [row.cells[0].text for row in made.rows if row.cells[0].paragraphs[0].paragraph_format.keep_with_next]
    assert [text.strip("\u2003") for text in kept if text] == ["Sex", "Female"]
