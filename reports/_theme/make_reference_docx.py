"""Makes reference.docx, the Word side of the theme, from Pandoc's own reference document.

Run `python reports/_theme/make_reference_docx.py` after changing it; the same versions give the same bytes.
Sizes, colours and rules are those of typst-template.typ.
"""

from __future__ import annotations

import datetime
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pypandoc
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

HERE = Path(__file__).parent
FONT, STAND_IN = "Inter", "Arial"
INK, SOFT, RULE, TINT, ALERT = "1D2733", "5B6775", "B9C2CC", "F3F6F8", "9C2F1E"
OK, LOOK = "2A7D4F", "B07900"
STAMP = (2026, 1, 1, 0, 0, 0)

# name: size in points, bold, colour, space before and after in points, keep with the next paragraph
PARAGRAPHS = {
    "Normal": (9, False, INK, 0, 6, False),
    "Body Text": (9, False, INK, 0, 6, False),
    "First Paragraph": (9, False, INK, 0, 6, False),
    "Compact": (8, False, INK, 0, 0, False),
    "Title": (20, True, INK, 0, 2, True),
    "Subtitle": (10, False, SOFT, 0, 8, True),
    "Author": (9, False, INK, 0, 2, True),
    "Date": (9, False, SOFT, 0, 6, True),
    "Heading 1": (12, True, INK, 16, 5, True),
    "Heading 2": (10, True, INK, 12, 4, True),
    "Heading 3": (9, True, INK, 10, 3, True),
    "Heading 4": (9, True, SOFT, 8, 3, True),
    "Table Caption": (8, False, INK, 10, 3, True),
    "Image Caption": (8, False, SOFT, 3, 10, False),
    "Captioned Figure": (9, False, INK, 8, 0, True),
    "Figure": (9, False, INK, 8, 0, True),
    "Footnote Text": (7, False, SOFT, 0, 2, False),
    "Block Text": (9, False, SOFT, 0, 6, False),
    "Bibliography": (8, False, INK, 0, 3, False),
    "TOC Heading": (10, True, SOFT, 10, 4, True),
    "Header": (7, False, SOFT, 0, 0, False),
    "Footer": (7, False, SOFT, 0, 0, False),
    "Note": (7, False, SOFT, 2, 4, False),
    "Group": (8, True, INK, 4, 0, True),
    "First Row": (8, False, INK, 2.5, 0, False),
    "Facts": (8, False, SOFT, 0, 8, False),
    "Signal": (9, False, INK, 0, 4, False),
    "KPI Figure": (16, True, INK, 4, 0, True),
    "KPI Label": (8, False, INK, 0, 0, True),
    "KPI Detail": (7, False, SOFT, 0, 4, False),
}
TIGHT = ("Compact", "Group", "First Row", "Note", "KPI Label", "KPI Detail", "Header", "Footer")
CHARACTERS = {"Mark OK": OK, "Mark Look": LOOK, "Mark Act": ALERT}


def main() -> None:
    """Write reference.docx beside this file."""
    document = docx.Document(BytesIO(_pandoc_reference()))
    _set_page(document)
    _set_defaults(document)
    for name, values in PARAGRAPHS.items():
        _paragraph_style(document, name, *values)
    for name, colour in CHARACTERS.items():
        _style(document, name, WD_STYLE_TYPE.CHARACTER).font.color.rgb = RGBColor.from_string(colour)
    for name in ("Hyperlink", "Footnote Reference"):
        document.styles[name].font.color.rgb = RGBColor.from_string(INK)
    signal = document.styles["Signal"].paragraph_format
    signal.left_indent, signal.first_line_indent = Mm(4.5), Mm(-4.5)
    signal.tab_stops.add_tab_stop(Mm(4.5))
    _table_style(document, "Table", _booktabs(), margins=(28, 60))
    _table_style(document, "KPI", _tinted(), margins=(60, 120))
    _table_style(document, "Approval", _signed(), margins=(160, 60))
    _write(document)


def _pandoc_reference() -> bytes:
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _set_page(document: Document) -> None:
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(15)
        section.top_margin, section.bottom_margin = Mm(23), Mm(19)
        section.header_distance, section.footer_distance = Mm(10), Mm(9)


def _set_defaults(document: Document) -> None:
    """One font everywhere: theme fonts give way to Inter."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        for key in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{key}"), FONT)


def _style(document: Document, name: str, kind: WD_STYLE_TYPE):
    known = {style.name: style for style in document.styles}
    if name in known:
        return known[name]
    made = document.styles.add_style(name, kind)
    if kind == WD_STYLE_TYPE.PARAGRAPH:
        made.base_style = document.styles["Normal"]
    return made


def _paragraph_style(
    document: Document, name: str, size: float, bold: bool, colour: str, before: float, after: float, keep: bool
) -> None:
    style = _style(document, name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.bold, style.font.italic = (bold or None) if name != "Subtitle" else False, False
    style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.keep_with_next = keep
    style.paragraph_format.line_spacing = 1.0 if name in TIGHT or size > 11 else 1.15
    style.paragraph_format.alignment = 0
    for element in [*style.element.iter(qn("w:tabs")), *style.element.findall(f"{qn('w:rPr')}/{qn('w:spacing')}")]:
        element.getparent().remove(element)


def _table_style(document: Document, name: str, body: str, *, margins: tuple[int, int]) -> None:
    for style in list(document.styles.element):
        if style.get(qn("w:styleId")) == name:
            document.styles.element.remove(style)
    top, side = margins
    sides = (("top", top), ("left", side), ("bottom", top), ("right", side))
    cells = "".join(f'<w:{at} w:w="{width}" w:type="dxa"/>' for at, width in sides)
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
            '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>'
            f'<w:tblPr><w:tblInd w:w="{side}" w:type="dxa"/><w:tblCellMar>{cells}</w:tblCellMar>{body}</w:style>'
        )
    )


def _rule(side: str, eighths: int, colour: str) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{colour}"/>'


def _booktabs() -> str:
    outer = _rule("top", 6, INK) + _rule("bottom", 6, INK)
    return (
        f"<w:tblBorders>{outer}</w:tblBorders></w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
        f'<w:tcBorders>{_rule("bottom", 4, INK)}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )


def _tinted() -> str:
    white = _rule("insideV", 48, "FFFFFF")
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>'
    return f"<w:tblBorders>{white}</w:tblBorders></w:tblPr><w:tcPr>{shade}</w:tcPr>"


def _signed() -> str:
    lines = _rule("top", 4, RULE) + _rule("bottom", 4, RULE) + _rule("insideH", 4, RULE)
    return f"<w:tblBorders>{lines}</w:tblBorders></w:tblPr>"


def _write(document: Document) -> None:
    moment = datetime.datetime(*STAMP)
    document.core_properties.created = document.core_properties.modified = moment
    document.core_properties.author = "npcstats"
    held = BytesIO()
    document.save(held)
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(HERE / "reference.docx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda item: (item != "[Content_Types].xml", item)):
            member = zipfile.ZipInfo(name, STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            new.writestr(member, _with_stand_in(content) if name == "word/fontTable.xml" else content)


def _with_stand_in(table: bytes) -> bytes:
    """A font table that names what to take where Inter is not installed: the nearest in width, so that numbers fit."""
    entry = f'<w:font w:name="{FONT}"><w:altName w:val="{STAND_IN}"/><w:family w:val="swiss"/></w:font>'
    return table.replace(b"</w:fonts>", entry.encode() + b"</w:fonts>")


if __name__ == "__main__":
    main()
