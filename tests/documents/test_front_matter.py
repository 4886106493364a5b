"""The front matter: titles, authors, languages, unknown keys, and what a project asks for.

These are combinations that the recorded cases do not have: each document is small, and its expected words are those
that the page of Quarto's documentation named in the test promises.
"""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from lxml import html as lxml_html
from rendered import page, pdf_words, render, texts, word_lines, words, write

from npcstats.documents.check import check_source, load_document
from npcstats.documents.language import LANGUAGES, WORDS, format_date
from npcstats.errors import DocumentError


def test_unknown_metadata_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As Quarto does, once, with file and line."""
    with caplog.at_level(logging.WARNING):
        page(tmp_path, "One\n\n{{< meta no.such >}}\n")
    assert caplog.messages == [
        f"WARNING: {tmp_path / 'doc.qmd'}:3: unknown meta key no.such; `?meta:no.such` is printed in its place."
    ]


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


def test_description_categories_and_doi(tmp_path: Path) -> None:
    """Title Blocks: what a page says under its title."""
    root = page(tmp_path, "---\ntitle: A\ndescription: Short.\ncategories: [x, y]\ndoi: 10.1/2\n---\n\nText\n")
    assert texts(root, "//*[@class='description'] | //*[@class='quarto-category']") == ["x", "y", "Short."]
    assert root.xpath("//p[@class='doi']/a/@href") == ["https://doi.org/10.1/2"]


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


def test_a_page_of_a_website_is_rendered_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its navigation is left out, which is said."""
    write(tmp_path, "project:\n  type: website\nwebsite:\n  title: Site\n", "_quarto.yml")
    assert "Alone." in words(page(tmp_path, "Alone.\n"))
    assert "_quarto.yml:2: the document alone is rendered" in caplog.text
