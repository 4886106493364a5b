"""Documents with what Quarto 1.9.38 made of them: the built-in renderer makes the same facts.

`cases/NAME` holds a document and, under `expected`, facts recorded from Quarto's output by an independent script: text
of the PDF, of the page and of the Word file, and structure (headings, figures, tables, notes ...) of the page.
Text is compared as words. Where this renderer does otherwise on purpose, `DEVIATIONS` says so and why.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pytest

from npcstats.documents import output_folder, read_value_file, read_values, render_document
from npcstats.documents.pandoc import run_pandoc
from npcstats.errors import DocumentError, SpecError

CASES = Path(__file__).parent / "cases"
DATE = datetime.date(2026, 1, 1)
SUFFIX = {"typst": ".pdf", "html": ".html", "docx": ".docx"}
OWN = {"expected", "case.json"}
# Slow because their cells import pandas or matplotlib, or because each of many documents starts a kernel.
SLOW = {"errors", "figure-matplotlib", "figure-subcaptions", "long-table", "table-great-tables", "table-pandas"}


@dataclass(frozen=True)
class Deviation:
    """Where this renderer does otherwise on purpose: in which runs, what it does, and Quarto's own words on it."""

    runs: tuple[str, ...]
    does: str
    page: str
    words: str


DEVIATIONS = (
    Deviation(
        ("crossref-styles",),
        "a reference to nothing is an error, where Quarto warns and prints `?@fig-nowhere`; the line is taken out here",
        "Cross References",
        "requires a label",
    ),
    Deviation(
        ("errors/unknown-cell-option",),
        "an unknown cell option is an error, where Quarto passes over it: a misspelt one changes a report unnoticed",
        "Execution Options",
        "options available for customizing output",
    ),
    Deviation(
        ("citations/unknown-key",),
        "a citation that is in no bibliography is an error in every format, as in Quarto's PDF; its page goes on",
        "Citations",
        "bibliographic data source",
    ),
    Deviation(
        ("callouts", "crossref-custom-lang"),
        "callouts have no icon, whose glyphs are private characters of a font that is not shipped",
        "Callout Blocks",
        "suppress the icon",
    ),
)
UNKNOWN = re.compile(r"Unknown \S+ and \S+\. ")


def runs_of(case: Path) -> list[dict[str, Any]]:
    """The runs that a case file lists."""
    listed: list[dict[str, Any]] = json.loads(case.read_text(encoding="utf-8")).get("runs", [{}])
    return listed


def runs() -> list[Any]:
    """Every run of every case, the slow ones marked."""
    out = []
    for case in sorted(CASES.glob("*/case.json")):
        for run in runs_of(case):
            name = "/".join(filter(None, (case.parent.name, run.get("id"))))
            marks = [pytest.mark.slow] if case.parent.name in SLOW else []
            if name not in ("errors/unknown-cell-option", "citations/unknown-key"):
                out.append(pytest.param(case.parent, run, id=name, marks=marks))
    return out


@pytest.mark.parametrize(("case", "run"), runs())
def test_same_facts_as_quarto(
    case: Path, run: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each format fails where Quarto's failed; else its text and structure are the same."""
    expected = case / "expected" / run.get("id", "")
    facts = json.loads((expected / "facts.json").read_text(encoding="utf-8"))
    source = copy_case(case, run, tmp_path)
    good = tuple(kind for kind, code in facts["exit_code"].items() if code == 0)
    for kind in set(facts["exit_code"]) - set(good):
        with pytest.raises((DocumentError, SpecError)):
            render(source, (run.get("to", kind),), run)
    if not good:
        return
    made = render(source, good, run)
    assert {kind: str(path.relative_to(tmp_path)) for kind, path in made.items()} == {
        kind: facts["output"][kind] for kind in good
    }
    if "typst" in made:
        compare_pdf(made["typst"], expected, facts)
    if "html" in made:
        compare_html(made["html"], expected, facts)
    if "docx" in made:
        compare_docx(made["docx"], expected, facts)
    compare_warnings(caplog.messages, facts)


def test_few_deviations_each_of_a_run() -> None:
    """At most five, and each names runs that exist and quotes a page of Quarto's documentation."""
    names = {
        "/".join(filter(None, (c.parent.name, r.get("id")))) for c in CASES.glob("*/case.json") for r in runs_of(c)
    }
    assert len(DEVIATIONS) <= 5
    for deviation in DEVIATIONS:
        assert set(deviation.runs) <= names
        assert deviation.page
        assert deviation.words


@pytest.mark.slow
def test_an_unknown_cell_option_is_refused(tmp_path: Path) -> None:
    """Quarto accepts it silently; a misspelt option must not change a report unnoticed."""
    source = copy_case(CASES / "errors", {"input": "unknown-cell-option.qmd"}, tmp_path)
    with pytest.raises(DocumentError, match="cell option ecoh, my-note is not supported"):
        render(source, ("html",), {})


@pytest.mark.parametrize("kind", ["typst", "html", "docx"])
def test_a_citation_in_no_bibliography_is_refused(kind: str, tmp_path: Path) -> None:
    """Its line is named before anything runs."""
    source = copy_case(CASES / "citations", {"input": "unknown-key.qmd"}, tmp_path)
    with pytest.raises(DocumentError, match=r"unknown-key\.qmd:6: citation nobody1999 is in no bibliography"):
        render(source, (kind,), {})


# ---------------------------------------------------------------------------------------------- rendering


def copy_case(case: Path, run: dict[str, Any], folder: Path) -> Path:
    """A fresh copy of a case; returns its document."""
    for item in case.iterdir():
        if item.name not in OWN:
            (shutil.copytree if item.is_dir() else shutil.copy2)(item, folder / item.name)
    source = folder / run.get("input", "doc.qmd")
    if case.name == "crossref-styles":
        text = source.read_text(encoding="utf-8")
        assert UNKNOWN.search(text)
        source.write_text(UNKNOWN.sub("", text), encoding="utf-8")
    return source


def render(source: Path, formats: tuple[str, ...], run: dict[str, Any]) -> dict[str, Path]:
    """Render a case where Quarto would put it."""
    parameters: dict[str, object] = {}
    arguments = iter(run.get("args", ()))
    for argument in arguments:
        value = next(arguments)
        given = read_values([value], "-P") if argument == "-P" else read_value_file(source.parent / value)
        parameters.update(given)
    made = render_document(
        source,
        formats=formats,
        output_dir=output_folder(source),
        engine="builtin",
        parameters=parameters,
        source_date=DATE,
    )
    return dict(zip(formats, made, strict=True))


# ---------------------------------------------------------------------------------------------- comparing


def squash(text: str) -> str:
    """One line: white space collapsed, no-break spaces plain, em spaces kept."""
    return re.sub(r"[ \t\r\n]+", " ", text.replace("\u00a0", " ")).strip(" ")


def letters(text: str) -> str:
    """All printed characters in order, without space, hyphenation, page furniture and icons."""
    text = re.sub(r"[\ue000-\uf8ff]|(?<=\s)!(?=\s)", "", text)
    text = re.sub(r"(?: ?\.){3,}[ \u2060]*", "", text)
    return re.sub(r"\s+", "", text.replace("\u00ad", ""))


def as_words(text: str) -> list[str]:
    """Words without the characters that draw tables and pictures."""
    found = (word for word in squash(text).split(" ") if not re.fullmatch(r"[-=+|:_\[\]~]*", word))
    return [UNKNOWN.sub("", word) for word in found]


def compare_pdf(path: Path, expected: Path, facts: dict[str, Any]) -> None:
    """Words in order and the size of the pages."""
    wanted = (expected / "typst.txt").read_text(encoding="utf-8")
    wanted = UNKNOWN.sub("", squash(wanted).replace("?@tbl- missing", "?@tbl-missing"))
    pages = _pages(_run("pdftotext", "-layout", str(path), "-"))
    text = "\n\n".join(_strip_furniture(pages))
    assert letters(text) == letters(wanted)
    boxes = _page_geometry(path)
    assert abs(len(boxes) - len(facts["pdf_pages"])) <= 1
    assert {tuple(box[:2]) for box in boxes} == {tuple(box[:2]) for box in facts["pdf_pages"]}
    assert abs(boxes[0][2] - facts["pdf_pages"][0][2]) <= 1


def compare_html(path: Path, expected: Path, facts: dict[str, Any]) -> None:
    """Structure by structure, then the words."""
    found, main = facts_from_html(path.read_text(encoding="utf-8"))
    wanted = {**facts, "unresolved": []}
    assert {key: found[key] for key in found} == {key: wanted[key] for key in found}
    text = run_pandoc(["-f", "html", "-t", "plain", "--columns=200"], to_html(main))
    known = UNKNOWN.sub("", squash((expected / "html.txt").read_text(encoding="utf-8")))
    assert as_words(text) == as_words(known)


def compare_docx(path: Path, expected: Path, facts: dict[str, Any]) -> None:
    """Paragraph by paragraph, the title block, and the words as Pandoc reads them.

    Quarto lays a float into a table of one cell, in which Word repeats no head; Pandoc loses some of what lies in such
    tables (callouts, captions). So each word that it reads of Quarto's file comes in its order in ours, and what ours
    has beyond them is in Quarto's paragraphs too.
    """
    wanted = (expected / "docx-paragraphs.txt").read_text(encoding="utf-8")
    assert docx_paragraphs(path) == [UNKNOWN.sub("", line) for line in wanted.splitlines()]
    assert docx_title(path) == facts["docx_title"]
    known = docx_words(UNKNOWN.sub("", squash((expected / "docx.txt").read_text(encoding="utf-8"))))
    found = iter(docx_words(docx_text(path)))
    beyond = []
    for word in known:
        while (ours := next(found, None)) != word:
            assert ours is not None, f"{word} of Quarto's file does not come in its place"
            beyond.append(ours)
    assert {*beyond, *found} <= {*docx_words(wanted), "-"}


def docx_text(path: Path) -> str:
    """Plain text of a Word file as Pandoc reads it, with captions where they stand: it would move or drop them."""
    document = docx.Document(str(path))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for style in document.element.body.iter(f"{space}pStyle"):
        if style.get(f"{space}val") in ("TableCaption", "ImageCaption", "CaptionedFigure"):
            style.set(f"{space}val", "BodyText")
    plain = path.with_suffix(".plain.docx")
    document.save(str(plain))
    return run_pandoc(["-f", "docx", "-t", "plain", "--columns=200", str(plain)], "")


def docx_words(text: str) -> list[str]:
    """Words without boxes of tasks, descriptions of pictures and the characters that draw tables."""
    kept = re.sub(r"\[(?!\d+\])[^\[\]]*\]|[\u2610\u2612]", " ", text)
    return [word for word in squash(kept).split(" ") if not re.fullmatch(r"[-=+|:_~]*", word)]


def compare_warnings(messages: list[str], facts: dict[str, Any]) -> None:
    """What Quarto warned of, references to nothing apart, is warned of: metadata that are not there."""
    told = {line for lines in facts["stderr_pattern"].values() for line in lines if line.startswith("WARNING")}
    keys = {found[1] for line in told if (found := re.search(r"meta key (\S+)", line))}
    warned = [re.search(r"unknown meta key ([^;]+);", text) for text in messages]
    assert {found[1] for found in warned if found} == keys
    assert len(messages) == len(keys)


# ---------------------------------------------------------------------------------------------- the page as a tree

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DROP = {"script", "style", "nav", "button", "template", "noscript"}


class Node:
    """An element of the page."""

    def __init__(self, tag: str, attrs: Any = (), parent: Node | None = None) -> None:
        self.tag, self.parent = tag, parent
        self.attrs: dict[str, str] = {key: value or "" for key, value in attrs}
        self.kids: list[Node | str] = []

    def has(self, name: str) -> bool:
        """Whether it has a class."""
        return name in self.attrs.get("class", "").split()

    def walk(self) -> Iterator[Node]:
        """Every element below it."""
        for kid in self.kids:
            if isinstance(kid, Node):
                yield kid
                yield from kid.walk()

    def find(self, *tags: str, cls: str = "") -> list[Node]:
        """Elements below it by tag and class."""
        return [node for node in self.walk() if (not tags or node.tag in tags) and (not cls or node.has(cls))]

    def up(self, test: Callable[[Node], bool]) -> Node | None:
        """Nearest element above it that passes a test."""
        node = self.parent
        while node is not None and not test(node):
            node = node.parent
        return node

    def raw(self, skip: Callable[[Node], bool] = lambda node: False) -> str:
        """Its text as written."""
        out = []
        for kid in self.kids:
            if isinstance(kid, str):
                out.append(kid)
            elif kid.tag == "br":
                out.append("\n")
            elif kid.tag not in ("script", "style") and not skip(kid):
                out.append(kid.raw(skip))
        return "".join(out)

    def text(self, skip: Callable[[Node], bool] = lambda node: False) -> str:
        """Its text on one line."""
        return squash(self.raw(skip))


class Tree(HTMLParser):
    """Builds the tree."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.at = Node("root")
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        node = Node(tag, attrs, self.at)
        self.at.kids.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.at.kids.append(Node(tag, attrs, self.at))

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self.at
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self.at = node.parent

    def handle_data(self, data: str) -> None:
        self.at.kids.append(data)


def to_html(node: Node | str) -> str:
    """The element again as HTML without scripts, navigation and pictures."""
    if isinstance(node, str):
        return node.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if node.tag in DROP or node.has("footnote-back") or node.has("screen-reader-only"):
        return ""
    tag = {"figure": "div", "figcaption": "div"}.get(node.tag, node.tag)
    attrs = {key: value for key, value in node.attrs.items() if key != "src"}
    if node.tag == "img":
        attrs["src"] = "image"
    if node.tag in ("table", "caption"):
        attrs = {}
    quoted = "".join(
        f' {key}="{value.replace("&", "&amp;").replace(chr(34), "&quot;")}"' for key, value in attrs.items()
    )
    if node.tag in VOID:
        return f"<{tag}{quoted}>"
    return f"<{tag}{quoted}>" + "".join(map(to_html, node.kids)) + f"</{tag}>"


# ---------------------------------------------------------------------------------------------- facts


def table_facts(table: Node) -> dict[str, Any]:
    """Cells of one table: all rows in order, header rows counted, spans listed."""
    rows = [row for row in table.find("tr") if row.up(lambda node: node.tag == "table") is table]
    parts = [row.parent.tag if row.parent else "" for row in rows]
    cells: list[list[str]] = []
    spans: list[list[int]] = []
    taken: set[tuple[int, int]] = set()
    width = 0
    for i, row in enumerate(rows):
        texts: list[str] = []
        column = 0
        for cell in (kid for kid in row.kids if isinstance(kid, Node) and kid.tag in ("td", "th")):
            while (i, column) in taken:
                column += 1
            down, across = (int(cell.attrs.get(key) or 1) for key in ("rowspan", "colspan"))
            if (down, across) != (1, 1):
                spans.append([i, column, down, across])
            taken |= {(r, c) for r in range(i, i + down) for c in range(column, column + across)}
            texts.append(cell.text())
            column += across
        width = max(width, column)
        cells.append(texts)

    def inside(*tags: str) -> list[str]:
        return [node.text() for node in table.find(*tags) if node.text()]

    return {
        "header_rows": parts.count("thead"), "footer_rows": parts.count("tfoot"), "n_rows": len(rows), "n_cols": width,
        "cells": cells, "spans": spans, "bold": inside("strong", "b"), "italic": inside("em", "i"),
        "superscript": inside("sup"),
    }  # fmt: skip


def numbered(caption: str) -> tuple[str | None, str]:
    """`Table 2: Words` is 2 and Words."""
    hit = re.match(r"^\S.*?\s([A-Z]?[\d.]+)\s*[:.–-]\s*(.*)$", caption)
    return (hit[1], hit[2]) if hit else (None, caption)


def own_caption(figure: Node) -> str | None:
    """Caption of a figure, not of one inside it."""
    captions = [c for c in figure.find("figcaption") if c.up(lambda node: node.tag == "figure") is figure]
    return captions[0].text() if captions else None


def figure_facts(main: Node) -> list[dict[str, Any]]:
    """Number, caption, pictures and their descriptions of every figure."""
    out = []
    for figure in main.find("figure"):
        sub = figure.has("quarto-subfloat-fig")
        inner = figure.up(lambda node: node.has("quarto-float-fig") or node.has("quarto-float-tbl"))
        images = figure.find("img")
        if not sub and (figure.has("quarto-float-tbl") or inner is not None or not images):
            continue
        caption = own_caption(figure)
        number, words = numbered(caption or "") if figure.has("quarto-float-fig") else (None, caption)
        out.append(
            {
                "number": number, "caption": words, "shown": caption, "subfigure": sub, "images": len(images),
                "alt": [image.attrs.get("alt", "") for image in images],
            }
        )  # fmt: skip
    return out


def tables_facts(main: Node) -> list[dict[str, Any]]:
    """Number, caption and cells of every table."""
    out = []
    for table in main.find("table"):
        if table.up(lambda node: node.tag == "table"):
            continue
        float_ = table.up(lambda node: node.has("quarto-float-tbl"))
        caption = own_caption(float_) if float_ else next((c.text() for c in table.find("caption")), None)
        number, words = numbered(caption) if caption else (None, None)
        out.append({"number": number, "caption": words, "shown": caption, **table_facts(table)})
    return out


def callout_facts(main: Node) -> list[dict[str, Any]]:
    """Kind, title and text of every callout."""
    out = []
    for box in main.find("div", cls="callout"):
        found = [re.fullmatch("callout-(note|tip|warning|important|caution)", c) for c in box.attrs["class"].split()]
        title = next((t.text() for t in box.find(cls="callout-title-container")), None)
        text = next((t.text() for t in box.find(cls="callout-body-container")), "")
        out.append({"type": next((hit[1] for hit in found if hit), None), "title": title, "text": text})
    return out


def facts_from_html(source: str) -> tuple[dict[str, Any], Node]:
    """Everything that is compared of a page, and its main element."""
    root = Tree(source).root
    main = next(iter(root.find("main")), root)
    head = next((node for node in main.walk() if node.attrs.get("id") == "title-block-header"), None)
    title = {
        key: [node.text() for node in head.find(cls=key)] if head else []
        for key in ("title", "subtitle", "author", "date", "abstract")
    }
    toc = next((node for node in root.walk() if node.attrs.get("id") == "TOC"), None)
    heads = [node for node in main.find("h1", "h2", "h3", "h4", "h5", "h6") if not node.up(lambda above: above is head)]
    ends = [node.up(lambda above: above.attrs.get("id") == "quarto-appendix") is not None for node in heads]
    notes = [node for node in main.walk() if node.has("footnotes")]
    links = [node for node in main.find("a") if re.match(r"[a-z]+:", node.attrs.get("href", ""))]
    outside = [
        pre for pre in main.find("pre") if not pre.has("sourceCode") and pre.up(lambda node: node.has("cell-output"))
    ]
    facts: dict[str, Any] = {
        "title": {key: value for key, value in title.items() if value},
        "toc": [a.text() for a in toc.find("a") if a.attrs.get("href", "").startswith("#")] if toc else [],
        "headings": [[int(n.tag[1]), n.text()] for n, end in zip(heads, ends, strict=True) if not end],
        "end_headings": [[int(n.tag[1]), n.text()] for n, end in zip(heads, ends, strict=True) if end],
        "figures": figure_facts(main),
        "tables": tables_facts(main),
        "crossrefs": [a.text() for a in main.find("a", cls="quarto-xref")],
        "unresolved": [s.text() for s in main.find("strong") if s.text().startswith("?@")],
        "callouts": callout_facts(main),
        "footnotes": [n.text(lambda k: k.has("footnote-back")) for n in (notes[0].find("li") if notes else [])],
        "citations": [s.text() for s in main.find("span", cls="citation")],
        "references": [d.text() for d in main.find("div", cls="csl-entry")],
        "links": [[a.text(), a.attrs.get("href", "")] for a in links],
        "code": [p.raw().strip("\n") for p in main.find("pre") if p.has("sourceCode")],
        "cell_output": [p.raw().strip("\n") for p in outside],
        "math": [squash(s.raw()) for s in main.find("span", cls="math")],
        "definitions": [[n.tag, n.text()] for n in main.find("dt", "dd")],
        "tasks": ["checked" in i.attrs for i in main.find("input") if i.attrs.get("type") == "checkbox"],
    }
    return facts, main


# ---------------------------------------------------------------------------------------------- PDF and Word


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _pages(text: str) -> list[str]:
    pages = text.split("\f")
    return pages[:-1] if pages and not pages[-1].strip() else pages


def _strip_furniture(pages: list[str]) -> list[str]:
    """Drop the page number that ends a page, and a first or last line that all pages share."""
    lines = [re.sub(r"(?: ?\.){4,}[ \u2060]*", " ... ", page).split("\n") for page in pages]
    for last in (True, False):
        at = []
        for page in lines:
            order = range(len(page) - 1, -1, -1) if last else range(len(page))
            at.append(next((i for i in order if page[i].strip()), None))
        keys = {
            re.sub(r"\d+", "#", squash(page[i])) if i is not None else None for page, i in zip(lines, at, strict=True)
        }
        shared = len(lines) > 1 and len(keys) == 1
        for page, i in zip(lines, at, strict=True):
            if i is not None and (shared or (last and re.fullmatch(r"\s*\d{1,3}\s*", page[i]))):
                page[i] = ""
    return ["\n".join(page) for page in lines]


def _page_geometry(path: Path) -> list[list[int]]:
    """Per page: width, height and the left edge of the text, in points."""
    out = []
    for node in Tree(_run("pdftotext", "-bbox", str(path), "-")).root.find("page"):
        left = [float(word.attrs["xmin"]) for word in node.find("word")]
        out.append([round(float(node.attrs["width"])), round(float(node.attrs["height"])), round(min(left, default=0))])
    return out


def docx_paragraphs(path: Path) -> list[str]:
    """Every non-empty paragraph of the Word body, in file order."""
    with zipfile.ZipFile(path) as archive:
        body = ET.fromstring(archive.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    lines = []
    for paragraph in body.iter(f"{space}p"):
        parts = []
        for item in paragraph.iter():
            name = item.tag.rsplit("}", 1)[-1]
            parts.append(item.text or "" if name == "t" else " " * (name in ("tab", "br")))
        lines.append(squash("".join(parts)))
    return [line for line in lines if line]


def docx_title(path: Path) -> dict[str, str]:
    """Title block of a Word file: Pandoc reads its styled paragraphs as metadata."""
    meta = json.loads(run_pandoc(["-f", "docx", "-t", "json", str(path)], ""))["meta"]
    return {key: squash(_flat(value)) for key, value in sorted(meta.items())}


def _flat(node: Any) -> str:
    if isinstance(node, list):
        return "".join(map(_flat, node))
    if not isinstance(node, dict):
        return ""
    if node.get("t") == "Str":
        return str(node["c"])
    spaces = {"Space": " ", "SoftBreak": " ", "LineBreak": " "}
    return spaces.get(node.get("t", "")) or _flat(node.get("c", []))
