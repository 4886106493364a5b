"""Writes a document as Typst with Quarto's figure kinds, and compiles it to PDF with the fonts it is given only."""

from __future__ import annotations

import datetime
import json
import logging
import re
import shutil
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import typst

from npcstats.documents.fitting import columns_of, fitted_widths, longest_words
from npcstats.documents.floats import CAPTIONED, caption_place, float_parts, is_float, kind_of
from npcstats.documents.includes import include_arguments
from npcstats.documents.layout import TURNED, WRAPPERS, as_panel, lay_out, panels, write_layouts
from npcstats.documents.metadata import as_list
from npcstats.documents.numbering import Numbers
from npcstats.documents.pandoc import Element, plain_text, raw_block, raw_inline, run_pandoc, walk
from npcstats.documents.pictures import Pictures
from npcstats.documents.request import Ready
from npcstats.errors import DocumentError

STR = re.compile(r'\{"t": "Str", "c": ("(?:[^"\\]|\\.)*")\}')
SHORTHAND = re.compile(r"(\.(?=\.\.)|-(?=\?))")
TEMPLATES = Path(__file__).parent / "templates"
LOG = logging.getLogger(__name__)
COMMON = 0x24F  # The Latin letters end here; every font that is shipped has them.
NO_GLYPH = re.compile(r'text `"([^"`]+)"` could not be displayed')
BLOCK = "npcstats-block"
TOO_WIDE = re.compile(r"\[(\d+)\] (?=.*columns have no room on the page)")
LENGTH = re.compile(r"^([\d.]+)(px|pt|in|cm|mm|em|%)?$")


def write_pdf(ready: Ready) -> None:
    """Write one PDF.

    Parameters
    ----------
    ready : Ready
        The document.

    Raises
    ------
    DocumentError
        If Typst refuses it; the message is Typst's.
    """
    source = ready.work / "document.typ"
    turned: set[int] = set()
    while (wide := _write_once(ready, source, turned)) is not None:
        turned.add(wide)


def _write_once(ready: Ready, source: Path, turned: set[int]) -> int | None:
    """Write the PDF; or the number of the block that holds a table for which the page has to lie down."""
    source.write_text(_typst_text(ready, turned), encoding="utf-8")
    day = ready.source_date
    standards: Any = [str(name) for name in as_list(ready.options.get("pdf-standard"))]
    try:
        made, warnings = _compiled(
            source,
            system=_asks_for_system_fonts(ready, source),
            fonts=[str(name) for name in as_list(ready.options.get("font-paths"))],
            timestamp=int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp()),
            standards=standards,
        )
    except DocumentError as error:
        wide = TOO_WIDE.search(str(error))
        if wide and int(wide[1]) not in turned:
            return int(wide[1])
        raise DocumentError(TOO_WIDE.sub("", str(error))) from None
    for warning in warnings:
        if "unknown font family" in str(warning):
            LOG.warning("WARNING: %s: %s; another font is used", ready.where("mainfont"), warning)
    ready.target.write_bytes(made)
    return None


def _compiled(
    source: Path, *, system: bool, fonts: list[str], standards: Any, timestamp: int
) -> tuple[bytes, list[Any]]:
    """The PDF and Typst's warnings; a family that is not among the given fonts is looked for among the system's."""
    try:
        made, warnings = typst.compile_with_warnings(
            str(source), root=str(source.parent), font_paths=fonts, ignore_system_fonts=not system,
            timestamp=timestamp, pdf_standards=standards,
        )  # fmt: skip
    except RuntimeError as error:
        said = " ".join(str(error).split())
        raise DocumentError(f"typst: {said.removeprefix('assertion failed: ')}") from None
    if not system and not standards and any("unknown font family" in str(warning) for warning in warnings):
        return _compiled(source, system=True, fonts=fonts, standards=standards, timestamp=timestamp)
    return made, warnings


def _asks_for_system_fonts(ready: Ready, source: Path) -> bool:
    """Whether a character of the document is in none of the given fonts; of one in no font at all, that it is so.

    A PDF that follows a standard takes no font but those given, so that its bytes are the same everywhere.
    """
    text, standards = source.read_text(encoding="utf-8"), as_list(ready.options.get("pdf-standard"))
    fonts = [str(name) for name in as_list(ready.options.get("font-paths"))]
    missing = _without_glyph(text, ready.work, fonts, system=False)
    left = missing if standards else _without_glyph(missing, ready.work, fonts, system=True)
    if missing:
        shown = ", ".join(f"{item} (U+{ord(item):04X}, {ready.where(item)})" for item in (left or missing)[:5])
        said = f"no font has a glyph for {shown}; a font that has it, in a folder of font-paths, is required"
        if standards:
            raise DocumentError(f"{ready.where(left[0])}: {said}.")
        LOG.warning("WARNING: %s", said if left else f"only fonts of this machine have {shown}")
    return bool(missing)


def _without_glyph(text: str, work: Path, fonts: list[str], *, system: bool) -> str:
    """Characters of a text that no font has: Typst names them where a PDF/A is asked for."""
    asked = sorted(
        {
            item
            for item in text
            if ord(item) > COMMON
            and unicodedata.category(item)[0] not in "MZ"
            and unicodedata.category(item) not in ("Cc", "Cf")
        }
    )
    if not asked:
        return ""
    probe = work / "probe.typ"
    probe.write_text("\n\n".join(f"#text({_typst_string(item)})" for item in asked), encoding="utf-8")
    try:
        typst.compile(str(probe), font_paths=fonts, ignore_system_fonts=not system, pdf_standards="a-2b")
    except typst.TypstError as error:
        found = NO_GLYPH.findall(error.diagnostic)
        return "".join(item for item in asked if item in found or f"\\u{{{ord(item):x}}}" in found)
    return ""


def _typst_text(ready: Ready, turned: set[int]) -> str:
    """The Typst source of a document, some of its blocks on pages that lie down; pictures are copied beside it."""
    numbers, options = ready.numbers, ready.options
    language, opening, closing = TURNED["typst"]
    blocks: list[Element] = []
    for number, block in enumerate(ready.tree["blocks"]):
        held = walk([block], partial(_numbered, number=number))
        lying = [raw_block(language, opening), *held, raw_block(language, closing)]
        blocks += lying if number in turned else held
    floated = walk(
        write_layouts({**ready.tree, "blocks": blocks}, "typst"), lambda element: _float(element, numbers, options)
    )
    floated = walk(floated, lambda element: _figure(element, numbers) or _equation(element, numbers))
    floated = walk(floated, lambda element: _unwrapped(element) or _uncaptioned(element))
    pictures = Pictures(ready.folder, ready.work, "typst")
    fitted = walk(floated, lambda element: _fitted(element, ready.where))
    placed = walk(fitted, lambda element: _image(element, pictures))
    command = [*ready.arguments, "-t", "typst", "--standalone", f"--template={_template(options, ready.work)}"]
    command += ["--wrap=none", "--syntax-highlighting=idiomatic"]
    command += _variables(options, ready.added, ready.folder, ready.work)
    return run_pandoc(command, STR.sub(_literal, json.dumps(placed)), folder=ready.folder)


def _literal(found: re.Match[str]) -> str:
    """A word whose signs Typst would read as an ellipsis or a soft hyphen, which Pandoc lets pass."""
    text = json.loads(found[1])
    if not SHORTHAND.search(text):
        return found[0]
    parts: list[Element] = []
    for i, part in enumerate(SHORTHAND.split(text)):
        parts += [raw_inline("typst", f"\\{part}") if i % 2 else {"t": "Str", "c": part}] if part else []
    return ", ".join(map(json.dumps, parts))


def _variables(options: Mapping[str, Any], added: Mapping[str, str], folder: Path, work: Path) -> list[str]:
    """Arguments that set what the template asks for."""
    out = []
    if options.get("number-sections") or options.get("section-numbering"):
        out.append(f"--variable=section-numbering:{options.get('section-numbering', '1.1.a')}")
    if options.get("toc"):
        out += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}", f"--variable=toc-title:{added['toc-title']}"]
    out.append(f"--variable=abstract-title:{added['abstract']}")
    out += include_arguments(options, folder, work)
    for name in as_list(options.get("bibliography")):
        copy = work / Path(name).name
        shutil.copy(folder / name, copy)
        out.append(f"--variable=npcstats-bibliography:{copy.name}")
    if options.get("csl"):
        shutil.copy(folder / options["csl"], work / Path(options["csl"]).name)
        out.append(f"--variable=npcstats-csl:{Path(options['csl']).name}")
    return out


def _typst_string(text: str) -> str:
    """A text as a Typst string literal with its quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _template(options: Mapping[str, Any], work: Path) -> Path:
    """Template folder: the package's own files, then the document's partials over them."""
    made = work / "template"
    shutil.copytree(TEMPLATES, made, dirs_exist_ok=True)
    for name in as_list(options.get("template-partials")):
        partial = Path(name)
        if not partial.is_file():
            raise DocumentError(f"template-partials: {name}: no such file; a readable Typst partial is required.")
        shutil.copy(partial, made / partial.name)
    return made / "document.typ"


def _float(element: Element, numbers: Numbers, options: Mapping[str, Any]) -> list[Element] | None:
    if not is_float(element):
        return None
    name, caption, content = float_parts(element)
    kind = kind_of(name)
    place = caption_place(name, element["c"][0][2], options)
    ending = f'kind: "quarto-float-{kind}", supplement: {_typst_string(numbers.titles[kind])})\n<{name}>'
    separator = f"separator: [{numbers.delimiter} ], " if numbers.delimiter != ":" else ""
    if name in numbers.letters:
        ending = f"{_part_ending(kind, f'({numbers.letters[name]})')}\n<{name}>"
        separator = "separator: [ ], "
    content = walk(content, lambda inner: _figure(inner, numbers, part=True))
    inner = panels(lay_out(element["c"][0][2], content, "typst"))
    made = _figure_call(inner, caption, ending, place, separator if caption else "separator: [], ")
    return as_panel(made, name in numbers.letters)


def _figure_call(
    content: list[Element], caption: list[Element], ending: str, place: str, separator: str = ""
) -> list[Element]:
    return [
        raw_block("typst", "#figure(["),
        *content,
        raw_block("typst", f"], caption: figure.caption({separator}position: {place}, ["),
        {"t": "Plain", "c": caption},
        raw_block("typst", f"]), {ending}"),
    ]


def _part_ending(kind: str, label: str) -> str:
    return f'kind: "quarto-subfloat-{kind}", supplement: [], numbering: n => "{label}")'


def _figure(element: Element, numbers: Numbers, *, part: bool = False) -> list[Element] | None:
    """A captioned picture without label is numbered with the labelled ones, as in Quarto, unless one holds it."""
    if element["t"] != "Figure":
        return None
    _, (_, caption), content = element["c"]
    inlines = [inline for block in caption for inline in block["c"]]
    if part:
        return as_panel(_figure_call(content, inlines, _part_ending("fig", ""), "bottom", "separator: [], "), part)
    ending = f'kind: "quarto-float-fig", supplement: {_typst_string(numbers.titles["fig"])})'
    return _figure_call(content, inlines, ending, "bottom")


def _equation(element: Element, numbers: Numbers) -> list[Element] | None:
    name = element["c"][0][0] if element["t"] == "Span" else ""
    if not name.startswith("eq-") or name not in numbers.numbers:
        return None
    opening = raw_inline("typst", '#math.equation(block: true, numbering: "(1)", [')
    return [opening, *element["c"][1], raw_inline("typst", f"])<{name}>")]


def _unwrapped(element: Element) -> list[Element] | None:
    """Content of a cell's divs: as Typst blocks they would not let a figure be centred or broken over pages."""
    if element["t"] != "Div" or element["c"][0][0] or not set(element["c"][0][1]) & set(WRAPPERS):
        return None
    return list(element["c"][1])


def _uncaptioned(element: Element) -> list[Element] | None:
    """A table without label is no figure and shows no caption, as in Quarto, but for that of a cell or of HTML."""
    if element["t"] != "Table":
        return None
    name, classes, attributes = element["c"][0]
    said = element["c"][1][1] if CAPTIONED in classes else []
    opened, closed = "#block(above: 1.2em, below: 0.65em, sticky: true)[", "]"
    kept = [name, [*(item for item in classes if item != CAPTIONED), "typst:no-figure"], attributes]
    table = {"t": "Table", "c": [kept, [None, []], *element["c"][2:]]}
    return [*([raw_block("typst", opened), *said, raw_block("typst", closed)] if said else []), table]


def _numbered(element: Element, number: int) -> Element | None:
    """A table that knows in which block of the document it stands."""
    if element["t"] != "Table":
        return None
    (name, classes, pairs), *rest = element["c"]
    return {"t": "Table", "c": [[name, classes, [*pairs, [BLOCK, str(number)]]], *rest]}


def _fitted(element: Element, where: Callable[[str], str]) -> list[Element] | None:
    """A table in letters so small that no word runs into the next column; a theme's own table has its widths."""
    if element["t"] != "Table" or "npcstats-table" in element["c"][0][1]:
        return None
    (own, classes, pairs), caption, specs, *rest = element["c"]
    attributes = [own, classes, [pair for pair in pairs if pair[0] != BLOCK]]
    columns = columns_of(element)
    given = [width.get("c", 0.0) for _, width in specs]
    widths = given if all(given) else fitted_widths(columns, always=True)
    longest = "".join(
        f"({''.join(_typst_string(word) + ', ' for word in longest_words(column))})," for column in columns
    )
    shares = "".join(f"{100 * width:.2f}%," for width in widths)
    heads = [column[0] for column in columns if column and column[0]]
    name = (
        f"[{dict(pairs)[BLOCK]}] {where(max(heads, key=len, default=' '))}: table of columns {', '.join(heads[:4])} ..."
    )
    told = f"name: {_typst_string(name)}, words: ({longest}), widths: ({shares}), given: {str(all(given)).lower()}"
    opening = raw_block("typst", f"#fitted({told})[")
    return [opening, {"t": "Table", "c": [attributes, caption, specs, *rest]}, raw_block("typst", "]")]


def _image(element: Element, pictures: Pictures) -> Element | None:
    if element["t"] != "Image":
        return None
    (_, _, attributes), inlines, (source, _) = element["c"]
    given = dict(attributes)
    alt = given.get("fig-alt", plain_text(inlines))
    parts = [_typst_string(pictures.place(source))]
    parts += [f"alt: {_typst_string(alt)}"] if alt else []
    parts += [f"{key}: {_length(given[key])}" for key in ("width", "height") if key in given]
    return raw_inline("typst", f"#box(image({', '.join(parts)}))")


def _length(value: str) -> str:
    found = LENGTH.match(value)
    if not found:
        raise DocumentError(f"picture size {value!r}; a number with px, pt, in, cm, mm, em or % is required.")
    if found[2] in (None, "px"):
        return f"{float(found[1]) * 0.75:g}pt"
    return value
