"""Writes a document as one HTML file that holds its styles, fonts and pictures, with Quarto's roles and classes."""

from __future__ import annotations

import base64
import html
import json
import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from npcstats.documents.crossref import Numbers, float_parts, is_float
from npcstats.documents.metadata import as_list
from npcstats.documents.pandoc import Element, raw_block, raw_inline, run_pandoc, walk
from npcstats.errors import DocumentError

TEMPLATE = Path(__file__).parent / "templates" / "document.html"
DEFAULT_STYLE = Path(__file__).parent / "templates" / "document.css"
URL = re.compile(r"url\((['\"]?)(?!data:)([^)'\"]+)\1\)")
MIME = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


def write_html(
    tree: Element, options: Mapping[str, Any], numbers: Numbers, *, folder: Path, target: Path, arguments: Sequence[str]
) -> None:
    """Write one HTML file.

    Parameters
    ----------
    tree : dict
        The document with floats in the one shape and references resolved.
    options : mapping
        The document's options for `html`.
    numbers : Numbers
        Numbers of the floats.
    folder : Path
        Folder that relative picture names begin at.
    target : Path
        File to write.
    arguments : sequence of str
        More arguments for Pandoc, such as filters.
    """
    floated = walk(tree, lambda element: _float(element, numbers))
    ready = walk(floated, lambda element: _image(element, folder))
    style = "\n".join(_style(Path(name)) for name in as_list(options.get("css"))) or _style(DEFAULT_STYLE)
    command = ["-f", "json", "-t", "html5", "--standalone", f"--template={TEMPLATE}", *arguments]
    command += ["--mathml"] if options.get("html-math-method") == "mathml" else ["--mathjax"]
    command += ["--wrap=none", *_contents(options)]
    ready["meta"] = {**ready["meta"], "npcstats-style": {"t": "MetaBlocks", "c": [raw_block("html", style)]}}
    made = run_pandoc(command, json.dumps(ready), folder=folder)
    target.write_text(made, encoding="utf-8")


def _contents(options: Mapping[str, Any]) -> list[str]:
    out = []
    if options.get("toc"):
        out += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"]
    if options.get("number-sections"):
        out.append("--number-sections")
    return out


def _float(element: Element, numbers: Numbers) -> list[Element] | None:
    if not is_float(element):
        return None
    name, caption, content = float_parts(element)
    kind = name.partition("-")[0]
    place = "top" if kind == "tbl" else "bottom"
    label = f"{numbers.titles[kind]}\u00a0{numbers.numbers[name]}"
    shown = [{"t": "Str", "c": label + (":" if caption else "")}, *([{"t": "Space"}] if caption else []), *caption]
    words = [
        raw_block(
            "html",
            f'<figcaption class="quarto-float-caption-{place} quarto-float-caption quarto-float-{kind}" '
            f'id="{html.escape(name)}-caption">',
        ),
        {"t": "Plain", "c": shown},
        raw_block("html", "</figcaption>"),
    ]
    body = [
        raw_block("html", f'<div aria-describedby="{html.escape(name)}-caption">'),
        *content,
        raw_block("html", "</div>"),
    ]
    opening = (
        f'<div id="{html.escape(name)}" class="quarto-float quarto-figure quarto-figure-center anchored">'
        f'<figure class="quarto-float quarto-float-{kind} figure">'
    )
    inner = [*words, *body] if kind == "tbl" else [*body, *words]
    return [raw_block("html", opening), *inner, raw_block("html", "</figure></div>")]


def _image(element: Element, folder: Path) -> Element | None:
    if element["t"] != "Image":
        return None
    (name, classes, attributes), inlines, (source, title) = element["c"]
    given = dict(attributes)
    alt = given.pop("fig-alt", None)
    if not source.startswith(("http:", "https:", "data:")):
        source = _data_url(folder / source)
    if alt is None:
        kept = [name, classes, [[k, v] for k, v in given.items()]]
        return {"t": "Image", "c": [kept, inlines, [source, title]]}
    style = "".join(f' {key}="{html.escape(value)}"' for key, value in given.items() if key != "width")
    width = f' style="width:{html.escape(given["width"])}"' if "width" in given else ""
    return raw_inline("html", f'<img src="{source}" alt="{html.escape(alt)}" class="img-fluid"{style}{width}>')


def _style(path: Path) -> str:
    if not path.is_file():
        raise DocumentError(f"css: {path}: no such file; a readable style sheet is required.")
    text = path.read_text(encoding="utf-8")
    return URL.sub(lambda found: f'url("{_data_url(path.parent / found[2])}")', text)


def _data_url(path: Path) -> str:
    if not path.is_file():
        raise DocumentError(f"{path}: no such file; a readable picture or font is required.")
    mime = MIME.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{mime};base64,{base64.b64encode(path.read_bytes()).decode()}"
