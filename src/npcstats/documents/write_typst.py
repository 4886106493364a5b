"""Writes a document as Typst with Quarto's figure kinds, and compiles it to PDF with the fonts it is given only."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

from npcstats.documents.crossref import Numbers, float_parts, is_float
from npcstats.documents.metadata import as_list
from npcstats.documents.pandoc import Element, plain_text, raw_block, raw_inline, run_pandoc, walk
from npcstats.documents.pictures import Pictures
from npcstats.errors import DocumentError

TEMPLATES = Path(__file__).parent / "templates"
PARTIALS = ("typst-template.typ", "typst-show.typ")
LENGTH = re.compile(r"^([\d.]+)(px|pt|in|cm|mm|em|%)?$")


def write_pdf(
    tree: Element,
    options: Mapping[str, Any],
    numbers: Numbers,
    *,
    folder: Path,
    work: Path,
    target: Path,
    arguments: Sequence[str],
    source_date: datetime.date,
) -> None:
    """Write one PDF.

    Parameters
    ----------
    tree : dict
        The document with floats in the one shape and references resolved.
    options : mapping
        The document's options for `typst`.
    numbers : Numbers
        Numbers and titles of the floats.
    folder : Path
        Folder that relative picture names begin at.
    work : Path
        Empty folder for the Typst file and what it reads.
    target : Path
        File to write.
    arguments : sequence of str
        More arguments for Pandoc, such as filters.
    source_date : datetime.date
        Date of creation that the file states.
    """
    text = typst_text(tree, options, numbers, folder=folder, work=work, arguments=arguments)
    source = work / "document.typ"
    source.write_text(text, encoding="utf-8")
    moment = datetime.datetime(source_date.year, source_date.month, source_date.day, tzinfo=datetime.UTC)
    fonts = [str(name) for name in as_list(options.get("font-paths"))]
    standards: Any = [str(name) for name in as_list(options.get("pdf-standard"))]
    try:
        made = typst.compile(
            str(source),
            root=str(work),
            font_paths=fonts,
            ignore_system_fonts=True,
            timestamp=int(moment.timestamp()),
            pdf_standards=standards,
        )
    except RuntimeError as error:
        raise DocumentError(f"typst: {' '.join(str(error).split())}") from None
    target.write_bytes(made)


def typst_text(
    tree: Element,
    options: Mapping[str, Any],
    numbers: Numbers,
    *,
    folder: Path,
    work: Path,
    arguments: Sequence[str] = (),
) -> str:
    """The Typst source of a document; pictures are copied beside it.

    Parameters
    ----------
    tree : dict
        The document.
    options : mapping
        The document's options for `typst`.
    numbers : Numbers
        Numbers and titles of the floats.
    folder : Path
        Folder that relative picture names begin at.
    work : Path
        Folder the Typst file will be in.
    arguments : sequence of str
        More arguments for Pandoc.

    Returns
    -------
    str
        Typst markup.
    """
    floated = walk(tree, lambda element: _float(element, numbers))
    pictures = Pictures(folder, work)
    ready = walk(floated, lambda element: _image(element, pictures))
    template = _template(options, work)
    command = ["-f", "json", "-t", "typst", "--standalone", f"--template={template}", "--wrap=none", *arguments]
    command += ["--syntax-highlighting=idiomatic"]
    command += ["--number-sections"] if options.get("number-sections") else []
    command += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"] if options.get("toc") else []
    return run_pandoc(command, json.dumps(ready), folder=folder)


def typst_string(text: str) -> str:
    """A text as a Typst string literal.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The literal with its quotes.
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _template(options: Mapping[str, Any], work: Path) -> Path:
    """Template folder: the package's own files, then the document's partials over them."""
    made = work / "template"
    shutil.copytree(TEMPLATES, made)
    for name in as_list(options.get("template-partials")):
        partial = Path(name)
        if not partial.is_file():
            raise DocumentError(f"template-partials: {name}: no such file; a readable Typst partial is required.")
        shutil.copy(partial, made / partial.name)
    return made / "document.typ"


def _float(element: Element, numbers: Numbers) -> list[Element] | None:
    if not is_float(element):
        return None
    name, caption, content = float_parts(element)
    kind = name.partition("-")[0]
    place = "top" if kind == "tbl" else "bottom"
    ending = f'kind: "quarto-float-{kind}", supplement: {typst_string(numbers.titles[kind])})\n<{name}>'
    body = [raw_block("typst", "#figure(["), *(_bare(block) for block in content)]
    if not caption:
        return [*body, raw_block("typst", f"], {ending}")]
    return [
        *body,
        raw_block("typst", f"], caption: figure.caption(position: {place}, ["),
        {"t": "Plain", "c": caption},
        raw_block("typst", f"]), {ending}"),
    ]


def _bare(block: Element) -> Element:
    """A table inside a float must not be a figure of its own."""

    def visit(element: Element) -> Element | None:
        if element["t"] != "Table":
            return None
        name, classes, attributes = element["c"][0]
        return {"t": "Table", "c": [[name, [*classes, "typst:no-figure"], attributes], *element["c"][1:]]}

    made: Element = walk(block, visit)
    return made


def _image(element: Element, pictures: Pictures) -> Element | None:
    if element["t"] != "Image":
        return None
    (_, _, attributes), inlines, (source, _) = element["c"]
    given = dict(attributes)
    alt = given.get("fig-alt", plain_text(inlines))
    parts = [typst_string(pictures.place(source))]
    parts += [f"alt: {typst_string(alt)}"] if alt else []
    parts += [f"{key}: {_length(given[key])}" for key in ("width", "height") if key in given]
    return raw_inline("typst", f"#box(image({', '.join(parts)}))")


def _length(value: str) -> str:
    found = LENGTH.match(value)
    if not found:
        raise DocumentError(f"picture size {value!r}; a number with px, pt, in, cm, mm, em or % is required.")
    if found[2] in (None, "px"):
        return f"{float(found[1]) * 0.75:g}pt"
    return value
