"""Conditions, shortcodes, includes, and what the reader takes for markup.

These are combinations that the recorded cases do not have: each document is small, and its expected words are those
that the page of Quarto's documentation named in the test promises.
"""

from __future__ import annotations

from pathlib import Path

import docx
from lxml import html as lxml_html
from rendered import page, render, texts, word_lines, words

from npcstats.documents.pandoc import read_inlines


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


def test_extensions_of_the_reader(tmp_path: Path) -> None:
    """Markdown: `from` adds and takes extensions of Pandoc."""
    text = "---\nfrom: markdown+emoji+lists_without_preceding_blankline-smart\n---\n\nDone :tada: ...\n- one\n- two\n"
    root = page(tmp_path, text)
    assert texts(root, "//main/p | //li") == ["Done \U0001f389 ...", "one", "two"]


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


def test_texts_with_and_without_markup_become_inlines() -> None:
    """Plain words are not parsed; what holds markup is."""
    assert [item["t"] for item in read_inlines("Two words, (2)")] == ["Str", "Space", "Str", "Space", "Str"]
    assert [item["t"] for item in read_inlines("a *b*")] == ["Str", "Space", "Emph"]
    assert [item["t"] for item in read_inlines("# no heading")] == ["Str", "Space", "Str", "Space", "Str"]
