"""Brings Quarto's Word file to the form of the built-in renderer's, which passes through unchanged.

Quarto lays a float into a table of one cell, in which no head would repeat on a page, and gives paragraphs a second
alignment or a second set of properties, which Word's format does not allow.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from npcstats.documents.pictures import rasterize

CAPTIONS = {"TableCaption", "ImageCaption"}
ALIGNED, STYLED = f"{qn('w:pPr')}/{qn('w:jc')}", f"{qn('w:pPr')}/{qn('w:pStyle')}"
SVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
PNG, NEARLY = b"\x89PNG\r\n\x1a\n", 0.01
QUARTOS_OWN = ("biblio-config", "jupyter", "toc-title")


def settle_floats(document: Document, fonts: Sequence[str]) -> None:
    """Take floats out of their tables, and leave one set of properties, one picture and one alignment of each thing.

    Parameters
    ----------
    document : Document
        A Word file by either engine; changed in place.
    fonts : sequence of str
        Folders of fonts for the words of SVG pictures.
    """
    body = document.element.body
    for table in list(body.iterchildren(qn("w:tbl"))):
        cells = list(table.iterfind(f"{qn('w:tr')}/{qn('w:tc')}"))
        content = [item for cell in cells for item in cell if item.tag != qn("w:tcPr")]
        captions = [item for item in content if CAPTIONS & {style.get(qn("w:val")) for style in item.findall(STYLED)}]
        if len(cells) == 1 and captions:
            _unwrap(table, content, captions[0])
    for paragraph in body.iter(qn("w:p")):
        for extra in (*paragraph.findall(qn("w:pPr"))[:-1], *paragraph.findall(ALIGNED)[1:]):
            extra.getparent().remove(extra)
    numbers = {"0": "0"}  # of marks for later steps, which take them away
    for mark in body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd")):
        mark.set(qn("w:id"), numbers.setdefault(mark.get(qn("w:id")), str(len(numbers))))
    for inline in body.iter(qn("wp:inline")):
        for drawn in inline.iter(qn("pic:cNvPr")):
            drawn.set("descr", inline.find(qn("wp:docPr")).get("descr", ""))
        for blip in inline.iter(qn("a:blip")):
            _settle_picture(document, inline, blip, fonts)
    _settle_properties(document)


def _unwrap(table: Any, content: list[Any], caption: Any) -> None:
    """Put the content of a float's table in its place, with the label in the caption and the styles of the theme."""
    label = next((item for item in content if item.tag == qn("w:bookmarkStart")), None)
    style = caption.findall(STYLED)[-1].get(qn("w:val"))
    for paragraph in (item for part in content for item in part.iter(qn("w:p"))):
        for centered in paragraph.findall(ALIGNED)[-1:]:
            centered.getparent().remove(centered)
    for item in content:
        if item.tag == qn("w:p") and item.find(f".//{qn('w:drawing')}") is not None:
            _set_style(item, "CaptionedFigure")
        ends_label = label is not None and item.get(qn("w:id")) == label.get(qn("w:id"))
        if not ends_label and not _is_blank(item):
            table.addprevious(item)
    if label is not None:
        style = "TableCaption" if label.get(qn("w:name")).startswith("tbl-") else "ImageCaption"
    _set_style(caption, style)
    if label is not None:
        end = OxmlElement("w:bookmarkEnd")
        end.set(qn("w:id"), label.get(qn("w:id")))
        caption[0].addnext(end)
        caption[0].addnext(label)
    after = table.getnext()
    for gone in (table, after) if after is not None and _is_blank(after) else (table,):
        gone.getparent().remove(gone)


def _is_blank(item: Any) -> bool:
    kept = any(item.find(f".//{qn(name)}") is not None for name in ("w:drawing", "w:sectPr", "w:br", "m:oMath"))
    return item.tag == qn("w:p") and not kept and not "".join(item.itertext()).strip()


def _set_style(paragraph: Any, style: str) -> None:
    for properties in paragraph.findall(qn("w:pPr")):
        paragraph.remove(properties)
    paragraph.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), style)


def _settle_picture(document: Document, inline: Any, blip: Any, fonts: Sequence[str]) -> None:
    """An SVG becomes a PNG, which every reader of Word files shows; a height that whole pixels rounded is the PNG's."""
    vector = next(blip.iter(SVG), None)
    name = blip.get(qn("r:embed")) or (vector.get(qn("r:embed")) if vector is not None else "")
    part: Any = document.part.related_parts.get(name)
    if part is not None and part.partname.endswith(".svg"):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "picture.svg"
            source.write_bytes(part.blob)
            part._blob = rasterize(source, fonts)
        part.partname, part._content_type = PackURI(part.partname.removesuffix("svg") + "png"), "image/png"
    if part is None or not part.blob.startswith(PNG):
        return
    for extra in list(blip):
        blip.remove(extra)
    blip.set(qn("r:embed"), name)
    width, height = struct.unpack(">II", part.blob[16:24])
    for size in (inline.find(qn("wp:extent")), *inline.iter(qn("a:ext"))):
        own = int(int(size.get("cx")) * height / width)
        if abs(own - int(size.get("cy"))) < NEARLY * own:
            size.set("cy", str(own))


def _settle_properties(document: Document) -> None:
    """Leave out of the file's own properties what Quarto put there, and lists, of which nothing is left."""
    parts: list[Any] = [part for part in document.part.package.iter_parts() if part.partname == "/docProps/custom.xml"]
    for part in parts:
        properties = parse_xml(part.blob)
        for item in list(properties):
            if item.get("name") in QUARTOS_OWN or not "".join(item.itertext()):
                properties.remove(item)
        for number, item in enumerate(properties, start=2):
            item.set("pid", str(number))
        part._blob = serialize_part_xml(properties)
