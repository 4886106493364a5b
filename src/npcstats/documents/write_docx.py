"""Writes a document as a Word file and finishes it: running header and footer, repeated table heads, fixed dates.

The finishing step works on any Word file, so that Quarto's get the same header and footer.
"""

from __future__ import annotations

import datetime
import json
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENTATION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Emu, Inches, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from npcstats.documents.fitting import SMALLEST, Column, columns_of, fitted_widths, longest_words
from npcstats.documents.floats import caption_place, float_parts, is_float, kind_of
from npcstats.documents.layout import TURNED, as_panel, lay_out, write_layouts
from npcstats.documents.metadata import MARKS, as_list
from npcstats.documents.numbering import Numbers
from npcstats.documents.pandoc import Element, attributes_of, plain_text, raw_inline, run_pandoc, walk
from npcstats.documents.pictures import Pictures
from npcstats.documents.request import Ready, epoch
from npcstats.documents.sections import number_headings
from npcstats.documents.word_floats import settle_floats
from npcstats.errors import DocumentError

ALERT = RGBColor(0x9C, 0x2F, 0x1E)
US_LETTER = Inches(8.5), Inches(11)
INK, RULE = "1D2733", "B9C2CC"
AFTER_SHADE = ("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign")
FIT, TINT = "npcstats-fit-", "npcstats-tint-"
SHORT, LONGEST_RUN = 22, 8
UNBROKEN = 40  # Letters; Word may break what is longer, which is no number.
LETTER = 0.64  # Of the size of letters: what a digit takes in a wide font.


def write_docx(ready: Ready) -> None:
    """Write one Word file.

    Parameters
    ----------
    ready : Ready
        The document.
    """
    numbers, options = ready.numbers, ready.options
    numbered = number_headings(ready.tree, "docx") if options.get("number-sections") else ready.tree
    floated = walk(write_layouts(numbered, "docx"), lambda element: _float(element, numbers, options))
    floated = walk(floated, lambda element: _figure(element) or _equation(element, numbers))
    fonts = [str(name) for name in as_list(options.get("font-paths"))]
    pictures = Pictures(ready.folder, ready.work, "docx", fonts)
    tables: list[list[Column]] = []
    placed = walk(floated, lambda element: _image(element, pictures) or _marked(element, tables))
    command = [*ready.arguments, "-t", "docx", "-o", str(ready.target.resolve())]
    if options.get("reference-doc"):
        command.append(f"--reference-doc={options['reference-doc']}")
    if options.get("toc"):
        command += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"]
        command.append(f"--metadata=toc-title:{ready.added['toc-title']}")
    run_pandoc(command, json.dumps(placed), folder=ready.work, environment=epoch(ready.source_date))
    finish_docx(ready.target, options, source_date=ready.source_date, tables=tables)


def finish_docx(
    path: Path, options: Mapping[str, Any], *, source_date: datetime.date, tables: Sequence[Sequence[Column]] = ()
) -> None:
    """Write running header and footer into a Word file, and make its bytes depend on its content only.

    Parameters
    ----------
    path : Path
        The file, changed in place.
    options : mapping
        Theme metadata; the header is left as it is if none of its keys is present. In a file without the theme's
        styles they are the author's own words, but for what a page must not be without: confidentiality and mark.
    source_date : datetime.date
        Date of creation and of every member of the archive.
    tables : sequence
        Texts by column of the tables that are marked to be fitted.
    """
    document = docx.Document(str(path))
    settle_floats(document, [str(name) for name in as_list(options.get("font-paths"))])
    _fit_tables(document, path, tables)
    themed = "Header" in document.styles
    marked = any(options.get(name) for name in (MARKS if themed else MARKS[1:3]))
    _complete_sections(document, marked)
    if marked:
        _running_lines(document, options, themed)
    _rule_tables(document)
    _tint_cells(document)
    moment = datetime.datetime(source_date.year, source_date.month, source_date.day)
    properties = document.core_properties
    properties.created = properties.modified = moment
    held = BytesIO()
    document.save(held)
    _fixed_archive(held, path, moment)


def _float(element: Element, numbers: Numbers, options: Mapping[str, Any]) -> list[Element] | None:
    if not is_float(element):
        return None
    name, caption, content = float_parts(element)
    figure = kind_of(name) == "fig"
    target = {"t": "Span", "c": [[name, [], []], []]}
    words = [target, *numbers.captioned(name, caption)]
    said = _styled("Image Caption" if figure else "Table Caption", [{"t": "Para", "c": words}])
    inner = lay_out(element["c"][0][2], content, "docx")
    body = [_styled("Captioned Figure", inner)] if figure else inner
    top = caption_place(name, element["c"][0][2], options) == "top"
    return as_panel([said, *body] if top else [*body, said], name in numbers.letters)


def _styled(style: str, content: list[Element]) -> Element:
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], content]}


def _figure(element: Element) -> list[Element] | None:
    """A captioned picture without number."""
    if element["t"] != "Figure":
        return None
    _, (_, caption), content = element["c"]
    paragraphs = [{"t": "Para", "c": block["c"]} if block["t"] == "Plain" else block for block in content]
    said = [{"t": "Para", "c": block["c"]} for block in caption]
    return [_styled("Captioned Figure", paragraphs), _styled("Image Caption", said)]


def _equation(element: Element, numbers: Numbers) -> Element | None:
    if element["t"] != "Span" or not element["c"][0][0].startswith("eq-"):
        return None
    attributes, (math, *rest) = element["c"]
    numbered = f"{math['c'][1]} \\qquad({numbers.numbers[attributes[0]]})"
    return {"t": "Span", "c": [attributes, [{"t": "Math", "c": [math["c"][0], numbered]}, *rest]]}


def _image(element: Element, pictures: Pictures) -> Element | None:
    if element["t"] != "Image":
        return None
    (name, classes, attributes), inlines, (source, title) = element["c"]
    given = dict(attributes)
    alt = given.pop("fig-alt", plain_text(inlines))
    kept = [name, classes, [[k, v] for k, v in given.items()]]
    text = [{"t": "Str", "c": alt}] if alt else []
    return {"t": "Image", "c": [kept, text, [pictures.place(source), title]]}


def _marked(element: Element, tables: list[list[Column]]) -> Element | None:
    """A table with bookmarks for the finishing step: that it may be fitted, and the colors of its cells.

    A theme's own table has its looks from there, and panels are no table.
    """
    _, classes, pairs = attributes_of(element)
    if element["t"] != "Table" or "npcstats-table" in classes or "custom-style" in dict(pairs):
        return None
    made, whole = deepcopy(element), [f"{FIT}{len(tables)}"]
    tables.append(columns_of(element))
    for row in (*made["c"][3][1], *(row for body in made["c"][4] for rows in body[2:4] for row in rows)):
        for cell in row[1]:
            colors = [dict(cell[0][2]).get(key, "") for key in ("typst:fill", "typst:text:fill")]
            said = [*whole, *([TINT + "-".join(color[6:12] for color in colors)] if any(colors) else [])]
            first, *rest = cell[4] or [{"t": "Plain", "c": []}]
            if said and first["t"] in ("Plain", "Para"):
                marks = "".join(f'<w:bookmarkStart w:id="0" w:name="{name}"/>' for name in said)
                cell[4] = [{"t": first["t"], "c": [raw_inline("openxml", marks), *first["c"]]}, *rest]
                whole = []
    return made


def _taken(document: Document, name: str) -> list[tuple[Any, str]]:
    """The cells that marks of a name stand in, with what each says; the marks are taken away."""
    marks = [
        item for item in document.element.body.iter(qn("w:bookmarkStart")) if item.get(qn("w:name")).startswith(name)
    ]
    found = [(next(mark.iterancestors(qn("w:tc"))), mark.get(qn("w:name")).removeprefix(name)) for mark in marks]
    for mark in marks:
        mark.getparent().remove(mark)
    return found


def _tint_cells(document: Document) -> None:
    for cell, said in _taken(document, TINT):
        fill, ink = said.split("-")
        if fill:
            shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')
            _insert(cell.get_or_add_tcPr(), shade, AFTER_SHADE)
        for run in cell.iter(qn("w:r")) if ink else ():
            Run(run, document).font.color.rgb = RGBColor.from_string(ink.upper())


def _running_lines(document: Document, options: Mapping[str, Any], themed: bool) -> None:
    text = {name: str(options.get(name) or "") for name in MARKS}
    for section in document.sections:
        width = Emu((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))
        section.header.is_linked_to_previous = False
        section.footer.is_linked_to_previous = False
        head = _only_paragraph(section.header, "Header" if themed else None)
        head.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
        head.add_run(text["trial"] + "\t")
        marked = head.add_run(" · ".join(filter(None, (text["data-mark"], text["confidentiality"]))))
        marked.bold = True
        marked.font.color.rgb = ALERT
        foot = _only_paragraph(section.footer, "Footer" if themed else None)
        foot.paragraph_format.tab_stops.add_tab_stop(Emu(width // 2), WD_TAB_ALIGNMENT.CENTER)
        foot.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
        foot.add_run(f"{text['cutoff']}\t{' · '.join(filter(None, (text['results-hash'], text['version'])))}\tPage ")
        _field(foot, "PAGE")
        foot.add_run(" of ")
        _field(foot, "NUMPAGES")


def _only_paragraph(part: Any, style: str | None) -> Paragraph:
    """The one paragraph of a header or footer, without the tab stops of its style."""
    for extra in list(part._element):
        part._element.remove(extra)
    paragraph: Paragraph = part.add_paragraph(style=style)
    base: Any = paragraph.style
    for tabs in list(base.element.iter(qn("w:tabs"))):
        tabs.getparent().remove(tabs)
    return paragraph


def _field(paragraph: Paragraph, name: str) -> None:
    for part in ("begin", "", "separate", "text", "end"):
        run = paragraph.add_run("1" if part == "text" else None)
        if part in ("begin", "separate", "end"):
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{part}"/>'))
        elif not part:
            run._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {name} </w:instrText>'))


def _complete_sections(document: Document, marked: bool) -> None:
    """Give sections that only say how their pages lie the rest from the document's last one; an empty one goes."""
    last = document.sections[-1]
    sides = last.page_width or US_LETTER[0], last.page_height or US_LETTER[1]
    empty, turned_end = True, None
    for item in list(document.element.body):
        section = item.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if item is last._sectPr and empty and turned_end is not None:
            _turn(last, sides)
            # Its paragraph stays: Word wants one after a table.
            turned_end.pPr.remove(turned_end.pPr.find(qn("w:sectPr")))
        elif section is None:
            empty = empty and item.tag in (qn("w:bookmarkStart"), qn("w:bookmarkEnd"))
        elif empty:
            item.getparent().remove(item)
        elif section.find(f"{qn('w:pgSz')}[@{qn('w:w')}]") is None:
            turned_end = item if section.find(qn("w:pgSz")) is not None else None
            section[:] = [
                deepcopy(part)
                for part in last._sectPr
                if not (marked and part.tag.endswith(("headerReference", "footerReference")))
            ]
            if turned_end is not None:
                _turn(Section(section, document.part), sides)
            empty = True


def _turn(section: Section, sides: tuple[int, int]) -> None:
    section.orientation = WD_ORIENTATION.LANDSCAPE
    section.page_width, section.page_height = Emu(max(sides)), Emu(min(sides))


def _rule_tables(document: Document) -> None:
    """Rows never split over pages; rules between heads and around notes are thinner than the outer ones."""
    for table in document.element.body.iter(qn("w:tbl")):
        if (above := table.getprevious()) is not None and above.tag == table.tag:
            table.addprevious(OxmlElement("w:p"))  # Word makes one table of two that touch.
        rows = table.findall(qn("w:tr"))
        for row in rows:
            _keep_whole(row)
        heads = [row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
        for row in heads[:-1]:
            for cell in row.findall(qn("w:tc")):
                if cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is None:
                    _border(cell, "bottom", 4 if _is_spanner(cell) else 0, RULE)
        for cell in heads[-1].findall(qn("w:tc")) if heads else ():
            _border(cell, "bottom", 4, INK)
        for row in rows:
            for cell in row.findall(qn("w:tc")) if _is_note(row) else ():
                _border(cell, "top", 6, INK)
                _border(cell, "bottom", 0, INK)
        # A short table stays whole; of a long one the heads, the last rows with their notes, and rows with their parts.
        kept = rows[:-1] if len(rows) <= SHORT else [*heads, *rows[-3:-1], *_with_parts(rows)]
        for paragraph in (item for row in kept for item in row.iter(qn("w:p"))):
            paragraph.get_or_add_pPr().get_or_add_keepNext()


def _fit_tables(document: Document, path: Path, tables: Sequence[Sequence[Column]]) -> None:
    """Small letters for tables in whose cells Word would break numbers; pages are turned where those are too small."""
    body, last = document.styles["Normal"].font.size or Pt(12), document.sections[-1]
    sides = last.page_width or US_LETTER[0], last.page_height or US_LETTER[1]
    margins = (last.left_margin or Inches(1)) + (last.right_margin or Inches(1))
    marked = {next(cell.iterancestors(qn("w:tbl"))): tables[int(said)] for cell, said in _taken(document, FIT)}
    turned = False
    for item in reversed(list(document.element.body)):
        if (section := item.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")) is not None:
            turned = section.find(qn("w:pgSz")) is not None
        for table in [table for table in item.iter(qn("w:tbl")) if table in marked]:
            columns, part = marked[table], _part_of_page(table)
            given = [column.w or 0 for column in table.tblGrid.gridCol_lst]
            fixed = table.find(f"{qn('w:tblPr')}/{qn('w:tblLayout')}") is not None and all(given)
            shares = [width / sum(given) for width in given] if fixed else fitted_widths(columns, always=part < 1)
            edges = Pt(11) if part < 1 else 0
            rooms = [int(part * (side - margins)) - edges for side in (min(sides), max(sides))]
            upright, lying = (_letters(room, shares, columns) for room in rooms)
            turn = table is item and not turned and upright < Pt(SMALLEST) <= lying
            size = lying if turn or turned else upright
            if size < Pt(SMALLEST):
                name = ", ".join([column[0] for column in columns if column and column[0]][:4])
                raise DocumentError(
                    f"{path.name}: table of columns {name} ...: {len(columns)} columns have no room on the page in "
                    f"letters of {SMALLEST:g} points or more; fewer columns are required."
                )
            if turn:
                _turn_page(table)
            if size < body:
                room = rooms[turn or turned]
                _fit(table, [int(room * share / Pt(1) * 20) for share in shares], int(size / Pt(0.5)))


def _part_of_page(table: Any) -> float:
    """The part of the page's width that a table has: less than all of it in a panel."""
    cell = next(table.iterancestors(qn("w:tc")), None)
    if cell is None:
        return 1.0
    around = next(cell.iterancestors(qn("w:tbl")))
    widths = [column.w or 1 for column in around.tblGrid.gridCol_lst]
    own = widths[cell.getparent().findall(qn("w:tc")).index(cell)]
    return float(own) / sum(widths) * _part_of_page(around)


def _turn_page(table: Any) -> None:
    above = table.getprevious()
    styles = () if above is None else above.iter(qn("w:pStyle"))
    first = above if "TableCaption" in [style.get(qn("w:val")) for style in styles] else table
    opened, closed = (text.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1) for text in TURNED["docx"][1:])
    first.addprevious(parse_xml(opened))
    table.addnext(parse_xml(closed))


def _letters(room: int, shares: Sequence[float], columns: Sequence[Column]) -> int:
    """The largest letters in which the words of each column stay in it."""
    return min(
        (
            int((room * share - Pt(4)) / (LETTER * len(word)))
            for share, column in zip(shares, columns, strict=False)
            for word in longest_words(column)
            if len(word) <= UNBROKEN
        ),
        default=Pt(100),
    )


def _fit(table: Any, twips: list[int], half_points: int) -> None:
    properties = table.find(qn("w:tblPr"))
    for name in ("w:tblLayout", "w:tblCellMar"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    look = properties.find(qn("w:tblLook"))
    made = parse_xml(
        f'<w:tblPr {nsdecls("w")}><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="30" w:type="dxa"/>'
        '<w:right w:w="30" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    for part in list(made):
        look.addprevious(part) if look is not None else properties.append(part)
    for column, width in zip(table.find(qn("w:tblGrid")), twips, strict=True):
        column.set(qn("w:w"), str(width))
    for run in table.iter(qn("w:r")):
        run.get_or_add_rPr().sz_val = Pt(half_points / 2)


def _with_parts(rows: list[Any]) -> list[Any]:
    """Rows that stay with the next: one and those below it that stand further in, such as a characteristic's levels."""
    depths = [_depth(row) for row in rows]
    kept = []
    for i, depth in enumerate(depths):
        end = next((j for j in range(i + 1, len(rows)) if depths[j] <= depth), len(rows))
        if depth and 1 < end - i <= LONGEST_RUN:
            kept += rows[i : end - 1]
    return kept


def _depth(row: Any) -> int:
    text = "".join(item.text or "" for item in row.find(qn("w:tc")).iter(qn("w:t")))
    return len(text) - len(text.lstrip("\u2003"))


def _keep_whole(row: Any) -> None:
    properties = row.find(qn("w:trPr"))
    if properties is None:
        properties = OxmlElement("w:trPr")
        row.insert(0, properties)
    if properties.find(qn("w:cantSplit")) is None:
        properties.insert(0, OxmlElement("w:cantSplit"))


def _is_spanner(cell: Any) -> bool:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return span is not None and bool("".join(text.text or "" for text in cell.iter(qn("w:t"))).strip())


def _is_note(row: Any) -> bool:
    styles = [style.get(qn("w:val")) for style in row.iter(qn("w:pStyle"))]
    return bool(styles) and set(styles) == {"Note"}


def _border(cell: Any, side: str, eighths: int, color: str) -> None:
    """Set one border of a cell; zero eighths of a point is no border."""
    properties = cell.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        _insert(properties, borders, ("shd", *AFTER_SHADE))
    drawn = f'w:val="single" w:sz="{eighths}" w:space="0" w:color="{color}"' if eighths else 'w:val="nil"'
    borders.append(parse_xml(f"<w:{side} {nsdecls('w')} {drawn}/>"))


def _insert(properties: Any, made: Any, followers: tuple[str, ...]) -> None:
    """Put an element before those that must follow it."""
    follower = next((item for item in properties if item.tag in [qn(f"w:{name}") for name in followers]), None)
    if follower is None:
        properties.append(made)
    else:
        follower.addprevious(made)


def _fixed_archive(source: BytesIO, target: Path, moment: datetime.datetime) -> None:
    stamp = (max(moment.year, 1980), moment.month, moment.day, 0, 0, 0)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda item: (item != "[Content_Types].xml", item)):
            member = zipfile.ZipInfo(name, stamp)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
