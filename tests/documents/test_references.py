"""References to callouts, listings and equations, and to the bibliography.

These are combinations that the recorded cases do not have: each document is small, and its expected words are those
that the page of Quarto's documentation named in the test promises.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html as lxml_html
from rendered import page, pdf_words, render, texts, word_lines, words

from npcstats.errors import DocumentError

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


def test_equations_have_numbers_in_mathml(tmp_path: Path) -> None:
    """MathML knows no tags: the number stands beside the equation."""
    text = "---\nformat:\n  html:\n    html-math-method: mathml\n---\n\n$$ a = b $$ {#eq-a}\n\n@eq-a\n"
    root = page(tmp_path, text)
    assert words(root.xpath('//*[local-name()="math"]')[0]).replace(" ", "").startswith("a=b(1)")
    assert texts(root, '//a[@class="quarto-xref"]') == ["Equation 1"]


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
