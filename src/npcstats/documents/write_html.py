"""Writes a document as one HTML file that holds its styles, fonts and pictures, with Quarto's roles and classes."""

from __future__ import annotations

import base64
import html
import json
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from npcstats.documents.floats import caption_place, float_parts, is_float, kind_of
from npcstats.documents.includes import include_arguments
from npcstats.documents.layout import as_panel, lay_out, write_layouts
from npcstats.documents.metadata import as_list
from npcstats.documents.numbering import Numbers
from npcstats.documents.pandoc import Element, raw_block, raw_inline, run_pandoc, walk
from npcstats.documents.pictures import find_picture
from npcstats.documents.request import Ready
from npcstats.documents.sections import move_to_end, number_headings
from npcstats.errors import DocumentError

TEMPLATE = Path(__file__).parent / "templates" / "document.html"
DEFAULT_STYLE = Path(__file__).parent / "templates" / "document.css"
URL = re.compile(r"url\((['\"]?)(?!data:)([^)'\"]+)\1\)")
ELSEWHERE = ("http:", "https:", "data:", "//")
PICTURE_TAG = re.compile(r"""(<img\b[^>]*?\bsrc=["'])([^"']+)""", re.I)
# The heading of the reference list: in the contents at its own level, at the end of the page at the second.
MOVED = re.compile(r"<h(\d)([^<>]* class=\"[^\"]*quarto-appendix-heading\".*?)</h\1>", re.S)
MIME = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


def write_html(ready: Ready) -> None:
    """Write one HTML file.

    Parameters
    ----------
    ready : Ready
        The document.
    """
    numbers, options = ready.numbers, ready.options
    numbered = number_headings(ready.tree, "html") if options.get("number-sections") else ready.tree
    moved = move_to_end(numbered, ready.added)
    floated = walk(write_layouts(moved, "html"), lambda element: _float(element, numbers, options))
    asked = options.get("html-math-method") or ("mathml" if options.get("embed-resources") else "mathjax")
    method = asked["method"] if isinstance(asked, Mapping) else asked
    # MathML has no tags.
    tag = "\\qquad(%s)" if method == "mathml" else "\\tag{%s}"
    labelled = walk(floated, lambda element: _figure(element) or _equation(element, numbers, tag))
    placed = walk(labelled, lambda element: _image(element, ready.folder))
    placed["meta"] = {**placed["meta"], **_page_metadata(options, ready.added)}
    command = [*ready.arguments, "-t", "html5", "--standalone", f"--template={TEMPLATE}", "--wrap=none"]
    command += [f"--{method}"]
    command += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"] if options.get("toc") else []
    command += include_arguments(options, ready.folder, ready.work)
    made = MOVED.sub(r"<h2\2</h2>", run_pandoc(command, json.dumps(placed), folder=ready.folder))
    ready.target.write_text(made, encoding="utf-8")


def _page_metadata(options: Mapping[str, Any], added: Mapping[str, str]) -> dict[str, Element]:
    """Style sheets, and the labels of the title block."""
    style = "\n".join(_style(Path(name)) for name in as_list(options.get("css"))) or _style(DEFAULT_STYLE)
    people = as_list(options.get("by-author"))
    places = {str(place) for person in people for place in person["affiliations"]}
    labels = {
        "author": added["authors" if len(people) > 1 else "author"],
        "affiliation": added["affiliations" if len(places) > 1 else "affiliation"],
        **{name: added[name] for name in ("date", "abstract", "keywords", "toc-title")},
    }
    made: dict[str, Element] = {
        f"npcstats-label-{name}": {"t": "MetaString", "c": text} for name, text in labels.items()
    }
    if places:
        made["npcstats-affiliated"] = {"t": "MetaBool", "c": True}
    return {**made, "npcstats-style": {"t": "MetaBlocks", "c": [raw_block("html", style)]}}


def _float(element: Element, numbers: Numbers, options: Mapping[str, Any]) -> list[Element] | None:
    if not is_float(element):
        return None
    name, caption, content = float_parts(element)
    kind = kind_of(name)
    part = name in numbers.letters
    sort = f"subfloat-{kind}" if part else f"float-{kind}"
    place = caption_place(name, element["c"][0][2], options)
    known = html.escape(name)
    words = [
        raw_block(
            "html",
            f'<figcaption class="quarto-float-caption-{place} quarto-{"subfloat" if part else "float"}-caption '
            f'quarto-{sort}" id="{known}-caption">',
        ),
        {"t": "Plain", "c": numbers.captioned(name, caption)},
        raw_block("html", "</figcaption>"),
    ]
    inside = walk(content, _unwrapped)
    body = [
        raw_block("html", f'<div aria-describedby="{known}-caption">'),
        *lay_out(element["c"][0][2], inside, "html"),
        raw_block("html", "</div>"),
    ]
    opening = (
        f'<div id="{known}" class="quarto-float quarto-figure quarto-figure-center anchored">'
        f'<figure class="quarto-float quarto-{sort} figure">'
    )
    inner = [*words, *body] if place == "top" else [*body, *words]
    return as_panel([raw_block("html", opening), *inner, raw_block("html", "</figure></div>")], part)


def _figure(element: Element) -> list[Element] | None:
    """A captioned picture without number, whose caption says what it is, or a picture that a cell displayed."""
    if _is_picture(element):
        opening = raw_block("html", '<div class="quarto-figure"><figure class="figure">')
        return [opening, *element["c"][1], raw_block("html", "</figure></div>")]
    if element["t"] != "Figure":
        return None
    (name, _, _), (_, caption), content = element["c"]
    known = f' id="{html.escape(name)}"' if name else ""
    return [
        raw_block("html", f'<div{known} class="quarto-figure quarto-figure-center"><figure class="figure">'),
        *walk(content, _undescribed),
        raw_block("html", "<figcaption>"),
        *caption,
        raw_block("html", "</figcaption></figure></div>"),
    ]


def _is_picture(element: Element) -> bool:
    return element["t"] == "Div" and "npcstats-picture" in element["c"][0][1]


def _unwrapped(element: Element) -> list[Element] | None:
    """A displayed picture inside a float is no figure of its own."""
    return list(element["c"][1]) if _is_picture(element) else None


def _undescribed(element: Element) -> Element | None:
    if element["t"] != "Image":
        return None
    return {"t": "Image", "c": [element["c"][0], [], element["c"][2]]}


def _equation(element: Element, numbers: Numbers, tag: str) -> Element | None:
    if element["t"] != "Span" or element["c"][0][0] not in numbers.numbers:
        return None
    attributes, (math, *rest) = element["c"]
    tagged = {"t": "Math", "c": [math["c"][0], f"{math['c'][1].rstrip()} {tag % numbers.numbers[attributes[0]]}"]}
    return {"t": "Span", "c": [attributes, [tagged, *rest]]}


def _image(element: Element, folder: Path) -> Element | None:
    if element["t"] in ("RawBlock", "RawInline") and element["c"][0] == "html" and "<script" not in element["c"][1]:
        return {
            "t": element["t"],
            "c": ["html", PICTURE_TAG.sub(lambda found: _embedded(found, folder), element["c"][1])],
        }
    if element["t"] != "Image":
        return None
    (name, classes, attributes), inlines, (source, title) = element["c"]
    given = dict(attributes)
    alt = given.pop("fig-alt", "" if not inlines else None)
    if not source.startswith(ELSEWHERE):
        source = _data_url(find_picture(folder, source, "html"))
    if alt is None:
        kept = [name, classes, [[k, v] for k, v in given.items()]]
        return {"t": "Image", "c": [kept, inlines, [source, title]]}
    style = "".join(f' {key}="{html.escape(value)}"' for key, value in given.items() if key != "width")
    width = f' style="width:{html.escape(given["width"])}"' if "width" in given else ""
    return raw_inline("html", f'<img src="{source}" alt="{html.escape(alt)}" class="img-fluid"{style}{width}>')


def _embedded(found: re.Match[str], folder: Path) -> str:
    """The tag of a picture in raw HTML, with what the file holds in the place of its name."""
    if found[2].startswith(ELSEWHERE):
        return found[0]
    return found[1] + _data_url(find_picture(folder, found[2], "html"))


def _style(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return URL.sub(lambda found: f'url("{_data_url(path.parent / found[2])}")', text)


def _data_url(path: Path) -> str:
    if not path.is_file():
        raise DocumentError(f"{path}: no such file; a readable picture or font is required.")
    mime = MIME.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{mime};base64,{base64.b64encode(path.read_bytes()).decode()}"
