"""The anatomy of a table and the HTML that every output format can read.

A table knows its words, its numbers and where each came from; it does not know how the theme draws a rule, nor what
a number means. Borders belong to the theme; alignment, spans and indents are written here because they must survive
into PDF and Word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

Align = Literal["left", "right", "center"]
RowKind = Literal["row", "group", "total"]

FIGURE_SPACE = "\u2007"
EM_SPACE = "\u2003"
NO_BREAK = "\u00a0"
PAGE_FIGURES = 94.0
CELL_MARGIN = 1.9
LONGEST_LABEL = 46.0
SHORTEST_LABEL = 20.0
LONGEST_NAME = 26.0
NARROWEST = 2.0
LONG_WORD = re.compile(r"(\S{29,})")
"""A word that a column may have no room for: a page on screen may break it; Word does so itself, the theme in PDF."""
MAY_BREAK = "overflow-wrap:anywhere"
SEMIBOLD = 1.06
NARROW_POINT = 0.43
"""Width of a decimal point in figure widths, for tabular Inter."""

SENTENCE_END = re.compile(r"(?<=[.;>]) (?![^<]*>)")
"""A blank of words, not of a tag, at which a long note may begin a new line of text."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text with one origin.

    Parameters
    ----------
    text : str
        What is printed.
    key : str
        Key of the results row it prints; empty for words.
    style : str
        Formatting style, or ``conf_level``, ``time`` or ``note`` for that column of the row.
    catalogue : str
        Path in the catalogue of the words printed, such as ``analyses/ae-acute/sentences/population``.
    column : str
        Key column whose code is printed as it stands, where the catalogue has no label for it.
    value : str
        Number that the caller of the table chose, as data; printed in `style`.
    listing : str
        Place in a listing of the results folder: its id, the record's number from 0, the column.
    """

    text: str
    key: str = ""
    style: str = ""
    catalogue: str = ""
    column: str = ""
    value: str = ""
    listing: str = ""

    def html(self) -> str:
        """Print the text, escaped, inside a span that names its origin where it has one.

        Returns
        -------
        str
            HTML.
        """
        named = {name: data for name, data in self.data().items() if data}
        words = "".join(
            f'<span style="{MAY_BREAK}">{escape(part, quote=False)}</span>' if i % 2 else escape(part, quote=False)
            for i, part in enumerate(LONG_WORD.split(self.text))
        )
        if not named:
            return words
        attributes = " ".join(f'data-{name}="{escape(data)}"' for name, data in named.items())
        return f"<span {attributes}>{words}</span>"

    def data(self) -> dict[str, str]:
        """Tell the piece's origin as data attributes, empty where it has none.

        Returns
        -------
        dict of str to str
            Names without ``data-``, and values.
        """
        return {
            "key": self.key,
            "style": self.style,
            "catalogue": self.catalogue,
            "column": self.column,
            "value": self.value,
            "listing": self.listing,
        }


@dataclass(frozen=True)
class Cell:
    """One cell: pieces in reading order, how it stands, and the letter of its footnote.

    Parameters
    ----------
    pieces : tuple of Piece
        Words and numbers.
    align : {"left", "right", "center"}
        Horizontal alignment.
    indent : int
        Em spaces before the first piece.
    strong : bool
        Whether it is set in semibold.
    colspan, rowspan : int
        Columns and rows it covers.
    mark : str
        Letter of its footnote, raised after the text.
    underline : bool
        Whether a rule is drawn below it, as under a spanner.
    """

    pieces: tuple[Piece, ...] = ()
    align: Align = "left"
    indent: int = 0
    strong: bool = False
    colspan: int = 1
    rowspan: int = 1
    mark: str = ""
    underline: bool = False

    @property
    def text(self) -> str:
        """The cell's words and numbers without its indent and mark.

        Returns
        -------
        str
            Plain text.
        """
        return "".join(piece.text for piece in self.pieces)

    def html(self, tag: str) -> str:
        """Print the cell.

        Parameters
        ----------
        tag : {"td", "th"}
            Its element.

        Returns
        -------
        str
            HTML.
        """
        spans = "".join(
            f' {name}="{count}"' for name, count in (("colspan", self.colspan), ("rowspan", self.rowspan)) if count > 1
        )
        rule = "; vertical-align:bottom" if tag == "th" else ""
        rule += "; border-bottom:0.4pt solid #b9c2cc" if self.underline else ""
        inner = "".join(piece.html() for piece in self.pieces)
        inner = f"<strong>{inner}</strong>" if self.strong and inner else inner
        raised = f"<sup>{escape(self.mark)}</sup>" if self.mark else ""
        return f'<{tag}{spans} style="text-align:{self.align}{rule}">{EM_SPACE * self.indent}{inner}{raised}</{tag}>'


@dataclass(frozen=True)
class TableRow:
    """One line of the body: a group's heading that spans the table or has cells of its own, or a label and its cells.

    Parameters
    ----------
    cells : tuple of Cell
        From the left.
    kind : {"row", "group", "total"}
        ``group`` is a heading in one cell, ``total`` a heading with the group's own numbers.
    scope : str
        Numbers are aligned among rows of the same scope: other scopes measure something else.
    """

    cells: tuple[Cell, ...]
    kind: RowKind = "row"
    scope: str = ""


@dataclass(frozen=True)
class Table:
    """A frozen table: what stands where, and where each number came from.

    Parameters
    ----------
    id : str
        Deterministic identifier in the document.
    title : str
        What the table shows; a document's caption prints it, the table itself does not.
    spanners : tuple of Cell
        First header line, empty where columns have no common heading; stubs of both lines carry a rowspan.
    header : tuple of Cell
        Last header line.
    rows : tuple of TableRow
        Groups and rows in page order.
    notes : tuple of Cell
        Source note and footnotes, one line each.
    align : tuple of str
        Alignment of each column.
    widths : tuple of float
        Relative widths of the columns.
    """

    id: str
    title: str
    spanners: tuple[Cell, ...]
    header: tuple[Cell, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[Cell, ...]
    align: tuple[Align, ...]
    widths: tuple[float, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece of the table, in reading order.

        Returns
        -------
        tuple of Piece
            Header, body, notes.
        """
        cells = (*self.spanners, *self.header, *(c for row in self.rows for c in row.cells), *self.notes)
        return tuple(piece for cell in cells for piece in cell.pieces)

    def html(self) -> str:
        """Print the table as one HTML element.

        Returns
        -------
        str
            HTML, the same for the same table.
        """
        widths = ",".join(f"{width:g}" for width in self.widths)
        head = [_line(cells, "th") for cells in (self.spanners, self.header) if cells]
        body = [_line(row.cells, "td", row.kind) for row in self.rows]
        foot = [_foot(self.notes)] if self.notes else []
        return "\n".join(
            [
                f'<table id="{escape(self.id)}" class="npcstats-table" data-widths="{widths}">',
                "<thead>", *head, "</thead>",
                "<tbody>", *body, "</tbody>",
                *(("<tfoot>", *foot, "</tfoot>") if foot else ()),
                "</table>",
            ]
        )  # fmt: skip

    def _repr_markdown_(self) -> str:
        return f"```{{=html}}\n{self.html()}\n```\n"


def _foot(notes: tuple[Cell, ...]) -> str:
    """All notes in one cell, a line each: rows of their own would have rules between them in Word."""
    lines = "<br>".join("".join(piece.html() for piece in note.pieces) for note in notes)
    return f'<tr><td colspan="{notes[0].colspan}" style="text-align:left">{SENTENCE_END.sub(chr(10), lines)}</td></tr>'


def _line(cells: tuple[Cell, ...], tag: str, kind: RowKind = "row") -> str:
    """One line of the table, a line of text for each cell: of longer ones Quarto loses the end in PDF."""
    opening = "<tr>" if kind == "row" else '<tr class="group">'
    return "\n".join([opening, *(cell.html(tag) for cell in cells), "</tr>"])


def align_numbers(rows: tuple[TableRow, ...]) -> tuple[TableRow, ...]:
    """Pad like cells of each column so that their numbers stand under each other.

    Parameters
    ----------
    rows : tuple of TableRow
        Body of a table; only right-aligned cells are touched.

    Returns
    -------
    tuple of TableRow
        The same pieces, with figure spaces before the shorter ones, outside the spans that name their origin.

    Notes
    -----
    Convention: cells are alike when their rows have the same scope, and the words between their numbers and the styles
    of the numbers are the same. In tabular Inter a minus sign is 1.02 figures wide, so one figure space stands for it.
    """
    numbers = [row for row in rows if row.kind != "group"]
    tails = _count_tails(numbers)
    widest: dict[tuple[str, int, object], list[float]] = {}
    for row in numbers:
        for column, cell in enumerate(row.cells):
            if cell.align == "right":
                found = [_width(piece) for piece in cell.pieces]
                known = widest.setdefault((row.scope, column, _shape(cell)), found)
                known[:] = map(max, known, found)
    return tuple(
        row
        if row.kind == "group"
        else replace(
            row,
            cells=tuple(
                _padded(cell, widest[row.scope, column, _shape(cell)], tails[column]) if cell.align == "right" else cell
                for column, cell in enumerate(row.cells)
            ),
        )
        for row in rows
    )


def _shape(cell: Cell) -> tuple[str, ...]:
    return tuple(piece.style if piece.key else piece.text for piece in cell.pieces)


def _width(piece: Piece) -> float:
    return sum(NARROW_POINT if mark == "." else 1.0 for mark in piece.text)


def _count_tails(rows: list[TableRow]) -> list[int]:
    """Figure spaces that stand for `` (98.3)`` after a lone count in a column of n (%)."""
    columns = max((len(row.cells) for row in rows), default=0)
    tails = [0] * columns
    for row in rows:
        for column, cell in enumerate(row.cells):
            if [piece.style for piece in cell.pieces] == ["count", "", "percent1", ""]:
                tails[column] = max(tails[column], len(cell.pieces[2].text) + 1)
    return tails


def _padded(cell: Cell, widths: list[float], tail: int) -> Cell:
    pieces: list[Piece] = []
    for piece, width in zip(cell.pieces, widths, strict=True):
        gap = round(width - _width(piece)) if piece.key else 0
        if gap:
            # before an opening bracket, so that brackets embrace their number
            opened = pieces and not pieces[-1].key and pieces[-1].text.endswith("(")
            pieces.insert(len(pieces) - bool(opened), Piece(FIGURE_SPACE * gap))
        pieces.append(piece)
    if tail and [piece.style for piece in cell.pieces] == ["count"]:
        pieces.append(Piece(FIGURE_SPACE * tail))
    return replace(cell, pieces=tuple(pieces))


def column_widths(
    rows: tuple[TableRow, ...],
    header: tuple[Cell, ...],
    spanners: tuple[Cell, ...],
    *,
    shortest: float = SHORTEST_LABEL,
) -> tuple[float, ...]:
    """Relative column widths, from the longest line that each column must hold.

    Parameters
    ----------
    rows : tuple of TableRow
        The body.
    header, spanners : tuple of Cell
        The header lines, as in `Table`.
    shortest : float
        Room that row labels keep however wide the numbers are.

    Returns
    -------
    tuple of float
        One width per column, in figure widths. Numbers never wrap where the page has room; row labels give way first.
    """
    names = _column_names(header, spanners)
    widths = [max(NARROWEST, _name_extent(name)) for name in names]
    longest = 0.0
    for row in rows:
        if row.kind != "group":
            longest = max(longest, _extent(row.cells[0].text) + 2.2 * row.cells[0].indent)
            for column, cell in enumerate(row.cells[1:], 1):
                extent = _extent(cell.text) * (SEMIBOLD if cell.strong else 1.0) + bool(cell.mark)
                widths[column] = max(widths[column], extent if cell.align == "right" else min(extent, LONGEST_LABEL))
    _widen_under_spanners(widths, spanners)
    widths = [width + CELL_MARGIN for width in widths]
    room = PAGE_FIGURES - sum(widths[1:])
    widths[0] = max(widths[0], min(longest + CELL_MARGIN, LONGEST_LABEL, max(room, shortest)))
    return tuple(round(width, 1) for width in widths)


def _column_names(header: tuple[Cell, ...], spanners: tuple[Cell, ...]) -> list[str]:
    """The heading nearest to each column."""
    if not spanners:
        return [cell.text for cell in header]
    below = iter(header)
    names: list[str] = []
    for cell in spanners:
        names += [cell.text] if cell.rowspan > 1 else [next(below).text for _ in range(cell.colspan)]
    return names


def _widen_under_spanners(widths: list[float], spanners: tuple[Cell, ...]) -> None:
    """Give columns under a spanner room for its words."""
    at = 0
    for cell in spanners:
        if cell.rowspan == 1:
            short = _name_extent(cell.text) - sum(widths[at : at + cell.colspan])
            for column in range(at, at + cell.colspan):
                widths[column] += max(0.0, short) / cell.colspan
        at += cell.colspan


def _name_extent(name: str) -> float:
    """Room for a heading: on one line if short, else on two or three, broken at blanks."""
    whole = _extent(name) * SEMIBOLD
    if whole <= 11.0:
        return whole
    longest = max(_extent(word) for word in name.split(" ")) * SEMIBOLD
    return min(max(whole / 2.4, longest, 11.0), LONGEST_NAME)


def _extent(text: str) -> float:
    """Width in figure widths, near enough to share a page's width among columns."""
    return sum(0.45 if mark in f"{NO_BREAK} .,()il|:;'" else 1.0 for mark in text) * 0.96


def alignments(columns: int, named: int = 1) -> tuple[Align, ...]:
    """Row labels left, everything else right.

    Parameters
    ----------
    columns : int
        Number of columns, row labels included.
    named : int
        Columns of row labels.

    Returns
    -------
    tuple of str
        One alignment per column.
    """
    names: list[Align] = ["left"] * named
    rest: list[Align] = ["right"] * (columns - named)
    return (*names, *rest)
