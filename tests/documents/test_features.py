"""Features in combinations that the recorded cases do not have; expectations follow Quarto's documentation.

Each document is small and its expected words are those that the page named in the test promises.
"""

from __future__ import annotations

import datetime
import logging
import subprocess
from pathlib import Path

import docx
import pytest
from lxml import html as lxml_html

from npcstats.documents import render_document
from npcstats.documents.cells import cell_options
from npcstats.documents.check import check_source, load_document
from npcstats.documents.html_tables import native_tables
from npcstats.documents.language import LANGUAGES, WORDS, format_date
from npcstats.documents.outputs import cell_markdown
from npcstats.documents.pandoc import elements, read_inlines, read_tree
from npcstats.documents.source import Cell, Line
from npcstats.errors import DocumentError

DATE = datetime.date(2026, 1, 1)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'


def write(folder: Path, text: str, name: str = "doc.qmd") -> Path:
    """Write a document, and a picture beside it."""
    (folder / "p.svg").write_text(PICTURE, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def render(folder: Path, text: str, *formats: str) -> dict[str, Path]:
    """Render a document's text."""
    made = render_document(
        write(folder, text), formats=formats, output_dir=folder / "out", engine="builtin", source_date=DATE
    )
    return dict(zip(formats, made, strict=True))


def page(folder: Path, text: str) -> lxml_html.HtmlElement:
    """The page of a document's text."""
    return lxml_html.fromstring(render(folder, text, "html")["html"].read_text(encoding="utf-8"))


def words(node: lxml_html.HtmlElement) -> str:
    """Text of an element on one line."""
    return " ".join(node.text_content().replace("\u00a0", " ").split())


def texts(root: lxml_html.HtmlElement, path: str) -> list[str]:
    """Texts of the elements that an XPath finds."""
    return [words(node) for node in root.xpath(path)]


def pdf_words(path: Path) -> str:
    """Words of a PDF on one line."""
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.replace("\u00a0", " ").split())


def word_lines(path: Path) -> list[str]:
    """Paragraphs of a Word file's body that say something."""
    lines = (p.text.replace("\u00a0", " ").strip() for p in docx.Document(str(path)).paragraphs)
    return [line for line in lines if line]


# ---------------------------------------------------------------------------------------------- references

CALLOUTS = """\
See @tip-example, @nte-plain and [-@wrn-late].

::: {#tip-example .callout-tip}
## Cross-Referencing a Tip

Add an ID.
:::

::: {#nte-plain .callout-note}
No title.
:::

::: {#wrn-late .callout-warning title="A *late* one"}
Text.
:::

::: {.callout-note icon=false}
Not numbered.
:::
"""


def test_callouts_are_numbered_by_sort(tmp_path: Path) -> None:
    """Callout Blocks: prefixes nte, tip, wrn, imp, cau; a callout without one has no number."""
    made = render(tmp_path, CALLOUTS, "html", "pdf", "docx")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    titles = ["Tip 1: Cross-Referencing a Tip", "Note 1", "Warning 1: A late one", "Note"]
    assert texts(root, '//*[contains(@class, "callout-title-container")]') == titles
    assert texts(root, '//a[@class="quarto-xref"]') == ["Tip 1", "Note 1", "1"]
    assert root.xpath('//*[contains(@class, "callout-title-container")]//em')[0].text == "late"
    assert [line for line in word_lines(made["docx"]) if line in titles] == titles
    found = pdf_words(made["pdf"])
    assert found.startswith("See Tip 1, Note 1 and 1.")
    assert all(title in found for title in titles)


def test_a_callout_may_look_simple(tmp_path: Path) -> None:
    """Callout Blocks: `callout-appearance` is for all, `appearance` for one; simple ones have no made-up title."""
    text = "---\ncallout-appearance: simple\n---\n\n"
    text += "::: callout-note\nOne.\n:::\n\n::: {.callout-tip appearance=default}\nTwo.\n:::\n"
    root = page(tmp_path, text)
    assert [box.get("class").split()[1] for box in root.xpath('//div[contains(@class, "callout ")]')] == [
        "callout-style-simple", "callout-style-default",
    ]  # fmt: skip
    assert texts(root, '//*[contains(@class, "callout-title-container")]') == ["Tip"]


LISTING = """\
```{#lst-customers .sql lst-cap="Customers *Query*"}
SELECT * FROM Customers
```

Then @lst-customers and @lst-div.

::: {#lst-div}

```python
x = 1
```

From a div
:::
"""


def test_listings_are_numbered(tmp_path: Path) -> None:
    """Cross References: `#lst-` with `lst-cap`, and the div syntax; the caption is above."""
    made = render(tmp_path, LISTING, "html", "pdf", "docx")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, "//figcaption") == ["Listing 1: Customers Query", "Listing 2: From a div"]
    assert texts(root, '//a[@class="quarto-xref"]') == ["Listing 1", "Listing 2"]
    assert "quarto-float-lst" in root.xpath("//figure")[0].get("class")
    assert root.xpath("//figure/*")[0].tag == "figcaption"
    assert word_lines(made["docx"])[:3] == [
        "Listing 1: Customers Query", "SELECT * FROM Customers", "Then Listing 1 and Listing 2.",
    ]  # fmt: skip
    assert pdf_words(made["pdf"]).startswith("Listing 1: Customers Query SELECT * FROM Customers Then Listing 1")


def test_words_of_references_are_the_document_s(tmp_path: Path) -> None:
    """Cross Reference Options: titles, prefixes and `title-delim`."""
    text = "---\ncrossref:\n  fig-title: Fig\n  fig-prefix: fig.\n  title-delim: ' —'\n---\n\n"
    text += "![Cap](p.svg){#fig-a}\n\n@fig-a\n"
    made = render(tmp_path, text, "html", "pdf", "docx")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, "//figcaption | //a[@class='quarto-xref']") == ["Fig 1 — Cap", "fig. 1"]
    assert "Fig 1 — Cap" in pdf_words(made["pdf"])
    assert "Fig 1 — Cap" in word_lines(made["docx"])


def test_captions_and_descriptions_as_attributes_of_a_div(tmp_path: Path) -> None:
    """Figures: `fig-cap` and `fig-alt` of a div; a label may hold any letter; without caption only the label shows."""
    text = '::: {#fig-a fig-cap="Said *here*" fig-alt="Described"}\n![](p.svg)\n:::\n\n![](p.svg){#fig-größe}\n'
    made = render(tmp_path, text + "\n@fig-a @fig-größe\n", "html", "pdf")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, "//figcaption") == ["Figure 1: Said here", "Figure 2"]
    assert [image.get("alt") for image in root.xpath("//img")] == ["Described", ""]
    assert pdf_words(made["pdf"]).startswith("Figure 1: Said here Figure 2 Figure 1 Figure 2")


# ---------------------------------------------------------------------------------------------- places and layouts


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


# ------------------------------------------------------------------------------- conditions and shortcodes


def test_code_may_be_meant_for_a_format(tmp_path: Path) -> None:
    """Conditional Content: code blocks, nested divs, both kinds of condition; a label may stand for one of two."""
    text = "```{.python .content-visible when-format=html}\nshown = 1\n```\n\n"
    text += "```{.python .content-hidden when-format=html}\nother = 1\n```\n\n"
    text += "::: {.content-visible when-format=docx}\n![a](p.svg){#fig-a}\n:::\n\n"
    text += "::: {.content-visible unless-format=docx}\n![b](p.svg){#fig-a}\n:::\n\n@fig-a\n\n"
    text += "::: {.content-visible when-profile=advanced}\nNever.\n:::\n"
    made = render(tmp_path, text, "html", "docx")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, "//pre") == ["shown = 1"]
    assert texts(root, "//figcaption") == ["Figure 1: b"]
    assert "Never" not in words(root)
    assert word_lines(made["docx"]) == ["other = 1", "Figure 1: a", "Figure 1"]


def test_shortcodes_in_code_and_escaped(tmp_path: Path) -> None:
    """Shortcodes: filled in code too, shown with three braces, left alone where `shortcodes=false`."""
    text = "---\nx: {y: [one, two]}\n---\n\n{{{< meta x.y.2 >}}} is {{< meta x.y.2 >}}, `{{< meta x.y.1 >}}`.\n\n"
    text += "```\n{{< meta x.y.1 >}} {{{< meta x.y.1 >}}}\n```\n\n```{shortcodes=false}\n{{< meta x.y.1 >}}\n```\n"
    root = page(tmp_path, text)
    assert texts(root, "//main/p") == ["{{< meta x.y.2 >}} is two, one."]
    assert texts(root, "//pre") == ["one {{< meta x.y.1 >}}", "{{< meta x.y.1 >}}"]


def test_unknown_metadata_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As Quarto does, once, with file and line."""
    with caplog.at_level(logging.WARNING):
        page(tmp_path, "One\n\n{{< meta no.such >}}\n")
    assert caplog.messages == [
        f"WARNING: {tmp_path / 'doc.qmd'}:3: unknown meta key no.such; `?meta:no.such` is printed in its place."
    ]


# ---------------------------------------------------------------------------------------------- front matter


def test_affiliations_are_found_by_reference(tmp_path: Path) -> None:
    """Authors & Affiliations: names in parts, `id` and `ref`, names of places as text."""
    text = "---\ntitle: T\nauthor:\n  - name: Ann\n    affiliations:\n      - id: x\n        name: Uni X\n"
    text += "  - name: {given: Bob, family: Lee}\n    affiliations:\n      - ref: x\n      - Clinic Y\n---\n\nText\n"
    made = render(tmp_path, text, "html", "pdf")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, '//p[@class="author"]') == ["Ann", "Bob Lee"]
    assert texts(root, '//p[@class="affiliation"]') == ["Uni X", "Uni X", "Clinic Y"]
    assert "Uni X, Clinic Y" in pdf_words(made["pdf"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    """And a date that holds day, month and year."""
    march = {"en": "March", "de": "März", "es": "marzo", "fr": "mars", "it": "marzo", "nl": "maart"}
    assert set(WORDS[language]) == set(WORDS["en"])
    written = format_date({"date": "2026-03-05", "lang": language}, "long")
    assert set(written.replace(",", " ").replace(".", " ").split()) >= {"5", "2026", march[language]}


def test_words_may_be_given_by_language_option(tmp_path: Path) -> None:
    """Document Language: `language` replaces single words."""
    text = "---\nlang: fr\nlanguage:\n  crossref-fig-title: Schéma\n---\n\n![c](p.svg){#fig-a}\n\n@fig-a\n\n"
    root = page(tmp_path, text + "::: callout-tip\nx\n:::\n")
    assert texts(root, "//figcaption | //a[@class='quarto-xref']") == ["Schéma 1: c", "Schéma 1"]
    assert texts(root, '//*[contains(@class, "callout-title-container")]') == ["Astuce"]


def test_numbers_of_sections_to_a_depth(tmp_path: Path) -> None:
    """Document Numbering: `number-depth` leaves deeper headings without number; references have theirs."""
    text = "---\nnumber-sections: true\nnumber-depth: 1\n---\n\n# A\n\n## B {#sec-b}\n\n@sec-b\n"
    made = render(tmp_path, text, "html", "docx")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, "//h1 | //h2 | //a[@class='quarto-xref']") == ["1 A", "B", "Section 1.1"]
    assert word_lines(made["docx"]) == ["1. A", "B", "Section 1.1"]


def test_metadata_in_the_title(tmp_path: Path) -> None:
    """Variables: `meta` is replaced in title, subtitle and abstract, in every format."""
    text = "---\ntitle: Report {{< meta study.code >}}\nsubtitle: At {{< meta locked >}}\nstudy: {code: L-7}\n"
    text += "locked: 2026-03-05\nabstract: Of {{< meta study.code >}}.\n---\n\nText\n"
    made = render(tmp_path, text, "html", "docx", "typst")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, "//title | //header//h1 | //p[@class='subtitle lead']") == ["Report L-7"] * 2 + ["At 2026-03-05"]
    assert word_lines(made["docx"])[:4] == ["Report L-7", "At 2026-03-05", "Abstract", "Of L-7."]
    assert "Report L-7 At 2026-03-05 Abstract Of L-7." in pdf_words(made["typst"])


def test_what_is_said_of_authors(tmp_path: Path) -> None:
    """Authors and Affiliations: degrees, addresses and note in the page; names in Word, the first lines in PDF."""
    text = "---\ntitle: A\nauthor:\n  - name: Ann Lee\n    degrees: [MD, PhD]\n    orcid: 0000-0001-2345-6789\n"
    text += "    url: https://example.org/ann\n    email: ann@example.org\n    affiliations:\n      - name: Uni\n"
    text += "        department: Biostatistics\n        city: Town\n        url: https://example.org\n"
    text += "  - name: Bob Ray\n    note: equal contribution\n---\n\nText\n"
    made = render(tmp_path, text, "html", "docx")
    root = lxml_html.fromstring(made["html"].read_text(encoding="utf-8"))
    assert texts(root, "//p[@class='author'] | //p[@class='affiliation']") == [
        "Ann Lee, MD, PhD",
        "Uni, Biostatistics, Town",
        "Bob Ray (equal contribution)",
    ]
    assert texts(root, "//*[@class='quarto-title-meta-heading']") == ["Authors", "Affiliation"]
    assert root.xpath("//header//a/@href") == [
        "https://example.org/ann",
        "mailto:ann@example.org",
        "https://orcid.org/0000-0001-2345-6789",
        "https://example.org",
    ]
    assert word_lines(made["docx"]) == ["A", "Ann Lee", "Bob Ray", "Text"]


def test_words_that_look_like_values(tmp_path: Path) -> None:
    """YAML 1.2, as in Quarto: only true and false are truth values, and a time is no number."""
    text = (
        "---\nsubtitle: NO\ntitle: A\nland: NO\nset: {a: y, b: off, c: true, d: 12:30, e: 007, f: 1.5, g: -3}\n---\n\n"
    )
    root = page(
        tmp_path, text + "{{< meta land >}} " + " ".join(f"{{{{< meta set.{key} >}}}}" for key in "abcdefg") + "\n"
    )
    assert texts(root, "//p[@class='subtitle lead'] | //main/p") == ["NO", "NO y off true 12:30 007 1.5 -3"]


def test_extensions_of_the_reader(tmp_path: Path) -> None:
    """Markdown: `from` adds and takes extensions of Pandoc."""
    text = "---\nfrom: markdown+emoji+lists_without_preceding_blankline-smart\n---\n\nDone :tada: ...\n- one\n- two\n"
    root = page(tmp_path, text)
    assert texts(root, "//main/p | //li") == ["Done \U0001f389 ...", "one", "two"]


@pytest.mark.parametrize(
    ("body", "contents", "end"),
    [
        ("# A\n\n@k1\n\n# Refs\n\n::: {#refs}\n:::\n\n# B\n\nText\n", ["1 A", "2 Refs", "3 B"], []),
        ("# A\n\n@k1\n\n# Refs\n", ["1 A", "2 Refs"], ["2 Refs"]),
        ("# A\n\n@k1\n", ["1 A"], ["References"]),
    ],
)
def test_the_place_of_the_references(tmp_path: Path, body: str, contents: list[str], end: list[str]) -> None:
    """Citations: the list stands in its own div, else at the end under the last heading, which the contents name."""
    (tmp_path / "b.bib").write_text(
        "@book{k1, author={Aa, B}, title={T}, year={2020}, publisher={P}}\n", encoding="utf-8"
    )
    root = page(tmp_path, "---\nbibliography: b.bib\ntoc: true\nnumber-sections: true\n---\n\n" + body)
    assert texts(root, "//nav//a") == contents
    assert texts(root, "//*[@id='quarto-appendix']/h2") == end
    assert len(root.xpath("//div[@id='refs']")) == 1
    assert root.xpath("//a[@role='doc-biblioref']/@href") == ["#ref-k1"]


def test_options_of_cells_beside_execute(tmp_path: Path) -> None:
    """Execution Options: `echo` may stand in a format, `fig-width` under `execute`."""
    text = "---\nformat:\n  html:\n    echo: false\nexecute:\n  fig-width: 4\n---\n\nText\n"
    _, options = load_document(write(tmp_path, text), {})
    assert (options["html"]["execute"], options["html"]["fig-width"]) == ({"echo": False}, 4)
    assert "execute" not in options["docx"]


def test_description_categories_and_doi(tmp_path: Path) -> None:
    """Title Blocks: what a page says under its title."""
    root = page(tmp_path, "---\ntitle: A\ndescription: Short.\ncategories: [x, y]\ndoi: 10.1/2\n---\n\nText\n")
    assert texts(root, "//*[@class='description'] | //*[@class='quarto-category']") == ["x", "y", "Short."]
    assert root.xpath("//p[@class='doi']/a/@href") == ["https://doi.org/10.1/2"]


def test_marks_of_a_report_are_words_elsewhere(tmp_path: Path) -> None:
    """Without a theme `version` and its like are the author's own; confidentiality and mark stand on every page."""
    marks = "version: '1.0'\ntrial: T\ncutoff: '0.5'\nresults-hash: abc\n"
    plain = render(tmp_path, f"---\ntitle: A\n{marks}---\n\nText\n", "docx")["docx"]
    assert [part.text for part in docx.Document(str(plain)).sections[0].header.paragraphs] in ([], [""])
    marked = render(tmp_path, f"---\ntitle: A\n{marks}data-mark: MADE\n---\n\nText\n", "docx")["docx"]
    assert "MADE" in docx.Document(str(marked)).sections[0].header.paragraphs[0].text


def test_files_and_texts_are_included(tmp_path: Path) -> None:
    """Includes: in the head, before and after the body, as a file or as a text."""
    (tmp_path / "after.html").write_text("<p>After</p>", encoding="utf-8")
    text = "---\nformat:\n  html:\n    include-in-header: {text: '<meta name=\"x\">'}\n"
    text += "    include-before-body: [{text: '<p>Before</p>'}]\n    include-after-body: after.html\n---\n\nText\n"
    root = page(tmp_path, text)
    assert len(root.xpath('//head/meta[@name="x"]')) == 1
    assert texts(root, "//body//p") == ["Before", "Text", "After"]


def test_equations_have_numbers_in_mathml(tmp_path: Path) -> None:
    """MathML knows no tags: the number stands beside the equation."""
    text = "---\nformat:\n  html:\n    html-math-method: mathml\n---\n\n$$ a = b $$ {#eq-a}\n\n@eq-a\n"
    root = page(tmp_path, text)
    assert words(root.xpath('//*[local-name()="math"]')[0]).replace(" ", "").startswith("a=b(1)")
    assert texts(root, '//a[@class="quarto-xref"]') == ["Equation 1"]


# ---------------------------------------------------------------------------------------------- cells

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


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("project:\n  type: book\n", r"_quarto\.yml:2: project type book is not supported; default or website is"),
        ("project:\n  execute-dir: project\n", r"_quarto\.yml:2: execute-dir is not supported"),
        ("project:\n  pre-render: a.py\n", r"_quarto\.yml:2: project option pre-render is not supported"),
        ("profile:\n  default: a\n", r"_quarto\.yml:1: project option profile is not supported"),
        ("format:\n  html:\n    citation-location: margin\n", r"_quarto\.yml:3: option citation-location is not"),
    ],
)
def test_what_a_project_asks_for_is_checked(tmp_path: Path, setting: str, message: str) -> None:
    """With the line of the project's file."""
    (tmp_path / "_quarto.yml").write_text(setting, encoding="utf-8")
    document, options = load_document(write(tmp_path, "A\n"), {})
    with pytest.raises(DocumentError, match=message):
        check_source(document, options, ("html",))


def test_the_word_quarto_among_filters_is_their_place(tmp_path: Path) -> None:
    """Filters: those after `quarto` come after its own; one before it would come too late here."""
    (tmp_path / "f.lua").write_text('function Str(s) return pandoc.Str("x") end', encoding="utf-8")
    root = page(tmp_path, "---\nfilters: [quarto, f.lua]\n---\n\nText\n")
    assert texts(root, "//main/p") == ["x"]
    document, options = load_document(write(tmp_path, "---\nfilters: [f.lua, quarto]\n---\n\nText\n"), {})
    with pytest.raises(DocumentError, match=r"doc\.qmd:2: filter quarto is not supported"):
        check_source(document, options, ("html",))


def test_texts_with_and_without_markup_become_inlines() -> None:
    """Plain words are not parsed; what holds markup is."""
    assert [item["t"] for item in read_inlines("Two words, (2)")] == ["Str", "Space", "Str", "Space", "Str"]
    assert [item["t"] for item in read_inlines("a *b*")] == ["Str", "Space", "Emph"]
    assert [item["t"] for item in read_inlines("# no heading")] == ["Str", "Space", "Str", "Space", "Str"]


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


def test_mathematics_is_drawn_by_the_page_or_held_in_it(tmp_path: Path) -> None:
    """MathJax is loaded where Quarto loads it; a page that is to hold all it needs has MathML."""
    loaded = page(tmp_path, "$x^2$\n")
    assert any("mathjax" in source for source in loaded.xpath("//script/@src"))
    held = page(tmp_path, "---\nembed-resources: true\n---\n\n$x^2$\n")
    assert held.xpath("//script") == []
    assert held.xpath('//*[local-name()="math"]')


def test_references_may_stand_in_the_front_matter(tmp_path: Path) -> None:
    """They are a bibliography; one cited that is not among them is named with its line."""
    head = "---\nreferences:\n- {id: own, type: book, title: Inner, issued: 2019, author: [{family: Eee}]}\n---\n\n"
    assert texts(page(tmp_path, head + "As @own says.\n"), '//div[@id="refs"]') == ["Eee. 2019. Inner."]
    with pytest.raises(DocumentError, match=r"doc\.qmd:6: citation other is in no bibliography"):
        page(tmp_path, head + "As @other says.\n")


def test_citations_without_a_bibliography_are_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The page prints them as they were written, as Quarto's does; Typst cannot."""
    assert "@somebody" in words(page(tmp_path, "As @somebody says.\n"))
    assert [text.partition("doc.qmd")[2] for text in caplog.messages] == [
        ":1: citation somebody is printed as it is, without a bibliography."
    ]
    with pytest.raises(DocumentError, match=r"doc\.qmd:1: citation somebody: a bibliography is required"):
        render(tmp_path, "As @somebody says.\n", "pdf")


def test_a_page_of_a_website_is_rendered_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its navigation is left out, which is said."""
    write(tmp_path, "project:\n  type: website\nwebsite:\n  title: Site\n", "_quarto.yml")
    assert "Alone." in words(page(tmp_path, "Alone.\n"))
    assert "_quarto.yml:2: the document alone is rendered" in caplog.text
