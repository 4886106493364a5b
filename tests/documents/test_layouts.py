"""Places and layouts: captions, panels, columns, style sheets and mathematics.

These are combinations that the recorded cases do not have: each document is small, and its expected words are those
that the page of Quarto's documentation named in the test promises.
"""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from lxml import html as lxml_html
from rendered import page, pdf_words, render, texts, word_lines, words

from npcstats.documents.html_tables import native_tables
from npcstats.documents.pandoc import elements, read_tree


def test_captions_stand_where_they_are_asked_to(tmp_path: Path) -> None:
    """Figures and Tables: `fig-cap-location`, `tbl-cap-location`, for a document and for one of its figures."""
    text = "---\nfig-cap-location: top\ntbl-cap-location: bottom\n---\n\n![F](p.svg){#fig-a}\n\n"
    text += "![G](p.svg){#fig-b fig-cap-location=bottom}\n\n| a |\n|---|\n| 1 |\n\n: T {#tbl-a}\n"
    made = render(tmp_path, text, "html", "pdf", "docx")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert [figure.index(figure.xpath("figcaption")[0]) for figure in root.xpath("//figure")] == [0, 1, 1]
    assert pdf_words(made["pdf"]).startswith("Figure 1: F Figure 2: G a 1 Table 1: T")
    assert word_lines(made["docx"])[-1] == "Table 1: T"


@pytest.mark.parametrize(
    ("attribute", "shares"),
    [
        ('layout="[[1, 1], [1]]"', [50.0, 50.0, 100.0]),
        ('layout="[[70, 30], [100]]"', [70.0, 30.0, 100.0]),
        ('layout="[[40, -20, 40], [100]]"', [40.0, 20.0, 40.0, 100.0]),
        ("layout-ncol=2", [50.0, 50.0, 50.0, 50.0]),
        ("layout-nrow=3", [100.0, 100.0, 100.0]),
    ],
)
def test_panels_have_their_shares(tmp_path: Path, attribute: str, shares: list[float]) -> None:
    """Figures, complex layouts: rows of relative widths, a negative one for a gap."""
    figure = "\n\n".join(f"![{name}](p.svg){{#fig-{name}}}" for name in "abc")
    text = f"::: {{#fig-all {attribute}}}\n{figure}\n\nAll\n:::\n\n@fig-all @fig-b\n"
    root = page(tmp_path, text)
    styles = [cell.get("style") for cell in root.xpath('//div[@class="quarto-layout-cell"]')]
    assert [float(style.split(":")[1].rstrip("%; ")) for style in styles] == shares
    assert texts(root, "//figcaption") == ["(a) a", "(b) b", "(c) c", "Figure 1: All"]
    assert texts(root, '//a[@class="quarto-xref"]') == ["Figure 1", "Figure 1 (b)"]


def test_columns_have_the_widths_they_ask_for(tmp_path: Path) -> None:
    """Tables: `tbl-colwidths` with a table or for all; less than a hundred leaves room."""
    text = "---\ntbl-colwidths: [30, 30]\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    text += '| a | b |\n|---|---|\n| 1 | 2 |\n\n: Cap {#tbl-x tbl-colwidths="[75,25]"}\n'
    root = page(tmp_path, text)
    assert [column.get("style") for column in root.xpath("//col")] == [
        "width: 30%", "width: 30%", "width: 75%", "width: 25%",
    ]  # fmt: skip


def test_numbers_of_sections_to_a_depth(tmp_path: Path) -> None:
    """Document Numbering: `number-depth` leaves deeper headings without number; references have theirs."""
    text = "---\nnumber-sections: true\nnumber-depth: 1\n---\n\n# A\n\n## B {#sec-b}\n\n@sec-b\n"
    made = render(tmp_path, text, "html", "docx")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, "//h1 | //h2 | //a[@class='quarto-xref']") == ["1 A", "B", "Section 1.1"]
    assert word_lines(made["docx"]) == ["1. A", "B", "Section 1.1"]


def test_classes_of_a_style_sheet_have_a_meaning_on_paper() -> None:
    """Tables: CSS of a table's own sheet is turned into the cells' properties, as an inline style is."""
    sheet = "#t .head { background-color: #eeeeee; text-align: center; font-size: 125%; } /* .x { } */"
    sheet += (
        ".head:hover { color: red } .head { border-top-style: solid; border-top-width: 2px; border-top-color: red }"
    )
    cell = '<td class="head" style="color: #112233; font-weight: bold">A</td>'
    source = f"<div><style>{sheet}</style><table><tr>{cell}</tr></table></div>"
    tree = read_tree(f"```{{=html}}\n{source}\n```\n", "markdown")
    table = next(item for item in elements(native_tables(tree)["blocks"]) if item["t"] == "Table")
    attributes, align, _, _, blocks = table["c"][4][0][3][0][1][0]
    assert align == {"t": "AlignCenter"}
    assert blocks[0]["c"] == [{"t": "Strong", "c": [{"t": "Str", "c": "A"}]}]
    found = {key: value for key, value in attributes[2] if key.startswith("typst:")}
    assert found == {
        "typst:fill": 'rgb("#eeeeee")', "typst:text:fill": 'rgb("#112233")', "typst:text:size": "1.25em",
        "typst:stroke": '(top: 1.5pt + rgb("#ff0000"))',
    }  # fmt: skip


def test_columns_stand_side_by_side(tmp_path: Path) -> None:
    """Columns are a row of their widths; in Word their text begins at the left, as text does."""
    text = '::: {.columns}\n::: {.column width="25%"}\nLeft\n:::\n\n::: {.column width="75%"}\nRight\n:::\n:::\n'
    made = render(tmp_path, text, "html", "docx", "pdf")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    cells = root.xpath('//div[@class="quarto-layout-cell"]')
    assert [(words(cell), cell.get("style")) for cell in cells] == [
        ("Left", "flex-basis: 25.0%;"),
        ("Right", "flex-basis: 75.0%;"),
    ]
    row = docx.Document(str(made["docx"])).tables[0].rows[0]
    assert [(cell.text, cell.paragraphs[0].alignment) for cell in row.cells] == [("Left", None), ("Right", None)]
    assert "Left Right" in pdf_words(made["pdf"])


def test_mathematics_is_drawn_by_the_page_or_held_in_it(tmp_path: Path) -> None:
    """MathJax is loaded where Quarto loads it; a page that is to hold all it needs has MathML."""
    loaded = page(tmp_path, "$x^2$\n")
    assert any("mathjax" in source for source in loaded.xpath("//script/@src"))
    held = page(tmp_path, "---\nembed-resources: true\n---\n\n$x^2$\n")
    assert held.xpath("//script") == []
    assert held.xpath('//*[local-name()="math"]')
