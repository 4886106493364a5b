"""Cells: their options, parts, captions and values.

These are combinations that the recorded cases do not have: each document is small, and its expected words are those
that the page of Quarto's documentation named in the test promises.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html as lxml_html
from rendered import PICTURE, page, pdf_words, render, texts, word_lines, words, write

from npcstats.documents.cells import cell_options
from npcstats.documents.check import check_source, load_document
from npcstats.documents.outputs import cell_markdown
from npcstats.documents.source import Cell, Line
from npcstats.errors import DocumentError


def test_options_of_cells_beside_execute(tmp_path: Path) -> None:
    """Execution Options: `echo` may stand in a format, `fig-width` under `execute`."""
    text = "---\nformat:\n  html:\n    echo: false\nexecute:\n  fig-width: 4\n---\n\nText\n"
    _, options = load_document(write(tmp_path, text), {})
    assert (options["html"]["execute"], options["html"]["fig-width"]) == ({"echo": False}, 4)
    assert "execute" not in options["docx"]


CELLS = """\
---
code-fold: true
---

```{python}
#| label: fig-two
#| fig-cap: "Two"
#| fig-subcap: ["First", "Second"]
#| layout-ncol: 2
from IPython.display import HTML, SVG, Markdown, display
picture = SVG(%r)
display(picture)
display(picture)
```

```{python}
#| label: fig-letters
#| fig-cap: "Letters"
#| fig-subcap: true
#| echo: false
display(picture)
display(picture)
```

```{python}
#| label: tbl-two
#| tbl-cap: "Tables"
#| tbl-subcap: ["A", "B"]
#| code-summary: "Show it"
#| code-fold: show
display(Markdown("| a |\\n|---|\\n| 1 |"))
display(HTML("<table><tr><td>2</td></tr></table>"))
```

@fig-two-2 @fig-letters-1 @tbl-two-2 `{python} Markdown("**b**")`

## Heading `{python} 1 + 1`
"""


def test_parts_of_cells_and_folded_code(tmp_path: Path) -> None:
    """Cross References, Computations: captions of parts, letters alone, tables; HTML Code: folding and its summary."""
    root = page(tmp_path, CELLS % PICTURE)
    assert texts(root, "//figcaption") == [
        "(a) First", "(b) Second", "Figure 1: Two", "(a)", "(b)", "Figure 2: Letters", "Table 1: Tables", "(a) A",
        "(b) B",
    ]  # fmt: skip
    assert texts(root, '//a[@class="quarto-xref"]') == ["Figure 1 (b)", "Figure 2 (a)", "Table 1 (b)"]
    assert texts(root, "//summary") == ["Code", "Show it"]
    assert [details.get("open") is not None for details in root.xpath("//details")] == [False, True]
    assert texts(root, "//h2 | //main/p/strong") == ["b", "Heading 2"]


@pytest.mark.parametrize(
    ("value", "pictured", "shown"),
    [
        ("<Axes: title>", True, False),
        ("(0.0, 1.0)", True, False),
        ("[<matplotlib.lines.Line2D>]", False, False),
        ("(0.0, 1.0)", False, True),
        ("Text(0.5, 1.0, 'x')", True, True),
    ],
)
def test_names_of_drawn_objects_are_left_out(tmp_path: Path, value: str, pictured: bool, shown: bool) -> None:
    """What stands for a picture in Python is no result; any other value is."""
    cell = Cell(0, "x", {}, Line("", tmp_path / "doc.qmd", 1), "")
    picture = {"output_type": "display_data", "data": {"image/svg+xml": PICTURE}}
    result = {"output_type": "execute_result", "data": {"text/plain": value}}
    outputs = [*([picture] if pictured else []), result]
    made = cell_markdown(cell, cell_options(cell, {}), outputs, kind="html", files=tmp_path)
    assert (value in made) is shown


def test_drawn_figures_have_the_same_bytes_in_any_folder(tmp_path: Path) -> None:
    """Drawn twice, in folders of different depth."""
    text = "```{python}\nimport matplotlib.pyplot as plt\nplt.plot([1, 2], label='a')\nplt.legend()\nplt.show()\n```\n"
    folders = [tmp_path / "a", tmp_path / "b" / "c"]
    for folder in folders:
        folder.mkdir(parents=True)
    first, second = [render(folder, text, "html", "docx", "pdf") for folder in folders]
    assert {kind: path.read_bytes() for kind, path in first.items()} == {
        kind: path.read_bytes() for kind, path in second.items()
    }


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("fig-subcap: 3", "fig-subcap is 3; captions or true"),
        ("layout: wide", "layout is 'wide'; rows of numbers"),
        ("layout-ncol: two", "layout-ncol is 'two'; a whole number"),
        ("code-fold: maybe", "code-fold is 'maybe'; true, false or show"),
        ("tbl-cap-location: left", "tbl-cap-location is 'left'; top or bottom"),
        ("fig-widht: 4", "cell option fig-widht is not supported"),
        ("fig-cap: [1, 2]", r"fig-cap is \[1, 2\]; a text or a list of texts"),
    ],
)
def test_values_of_cell_options_are_checked(tmp_path: Path, option: str, message: str) -> None:
    """With the line of the cell and what is allowed."""
    document, options = load_document(write(tmp_path, f"A\n\n```{{python}}\n#| {option}\n1\n```\n"), {})
    with pytest.raises(DocumentError, match=rf"doc\.qmd:3: .*{message}"):
        check_source(document, options, ("html",))


def test_a_value_stands_wherever_it_is_asked_for(tmp_path: Path) -> None:
    """A value is Markdown: in a term, a title in an attribute and an address, too; what is no text says so."""
    head = "---\ncode: LUM-*7*\nsite: https://example.org/a\nnames: [a, b]\n---\n\n"
    text = (
        "Term {{<meta 'code'>}}\n:   Said\n\n[link]({{< meta site >}}) {{< meta names >}} `{{{< meta x >}}}`\n\n"
        '::: {.callout-note title="On {{< meta code >}}"}\nA\n:::\n\n# Part {{< meta code >}}\n'
    )
    made = render(tmp_path, head + text, "html", "docx", "pdf")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert [words(node) for node in root.xpath("//dt | //h1 | //div[@class='callout-header']")] == [
        "Term LUM-7",
        "On LUM-7",
        "Part LUM-7",
    ]
    assert len(root.xpath("//dt/em | //h1/em")) == 2
    assert root.xpath("//a/@href") == ["https://example.org/a"]
    shown = words(root)
    assert "?invalid meta type:names {{< meta x >}}" in shown
    for words_of_it in (pdf_words(made["pdf"]), " ".join(word_lines(made["docx"]))):
        assert "Term LUM-7" in words_of_it
        assert "On LUM-7" in words_of_it


def test_captions_of_cells_take_values(tmp_path: Path) -> None:
    """A listing's caption and a picture's description are filled as its text is."""
    text = (
        "---\ncode: LUM-7\n---\n\n```{python}\n#| lst-label: lst-a\n#| lst-cap: Code of {{< meta code >}}\n"
        '#| fig-alt: Drawn for {{< meta code >}}\nfrom IPython.display import SVG\nSVG("p.svg")\n```\n\n@lst-a\n'
    )
    root = page(tmp_path, text)
    assert texts(root, "//figcaption") == ["Listing 1: Code of LUM-7"]
    assert root.xpath("//img/@alt") == ["Drawn for LUM-7"]
