"""Facts of a page, a PDF and a Word file: their words and structure, in the shape in which Quarto's were recorded."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from npcstats.documents.pandoc import run_pandoc


def squash(text: str) -> str:
    """One line: white space collapsed, no-break spaces plain, em spaces kept."""
    return re.sub(r"[ \t\r\n]+", " ", text.replace("\u00a0", " ")).strip(" ")


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


def run_command(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def pages_of(text: str) -> list[str]:
    """The pages of a text that has a form feed behind each."""
    pages = text.split("\f")
    return pages[:-1] if pages and not pages[-1].strip() else pages


def strip_furniture(pages: list[str]) -> list[str]:
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


def page_geometry(path: Path) -> list[list[int]]:
    """Per page: width, height and the left edge of the text, in points."""
    out = []
    for node in Tree(run_command("pdftotext", "-bbox", str(path), "-")).root.find("page"):
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
