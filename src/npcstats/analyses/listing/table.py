"""A listing of the results folder as a table: text as it stands, each cell with its place in the listing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from npcstats.analyses.listing.displays import Records
from npcstats.display.anatomy import Align, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes
from npcstats.display.lookup import analysis_of
from npcstats.display.notes import table_notes
from npcstats.display.pieces import words
from npcstats.errors import ResultsError
from npcstats.results import Results, read_listing

NUMBERS = ("AETOXGR", "ASTDY", "AENDY", "ENTRYLAG", "DTHDY", "AFTERDY")
LETTER, HEADING, BAND = 0.84, 0.92, 1.15
"""Width of a letter in figures, of one of a heading, which is semibold, and of a sign of a band of ages."""
MARGIN, PAGE = 1.4, 104.0
"""Figures beside a column's text, and across the page."""
WORD_END = re.compile("[ -]")


def tabulate(results: Results, table: Records) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``listing``.
    table : Records
        Of the plan.

    Returns
    -------
    Table
        As `listing_table` makes it.
    """
    return listing_table(results, table.analysis)


def listing_table(results: Results, listing: str) -> Table:
    """Records of a listing, one per line.

    Parameters
    ----------
    results : Results
        Read from a folder.
    listing : str
        Id of the listing.

    Returns
    -------
    Table
        Participants as numbered in this report.

    Raises
    ------
    ResultsError
        If the results have no folder, or it has no such listing.
    """
    entry = analysis_of(results, listing, "listing")
    if results.folder is None:
        raise ResultsError(f"listing {listing}: results that were read from a folder are required.")
    found = read_listing(results.folder / "listings" / f"{listing}.csv")
    align: tuple[Align, ...] = tuple("right" if name in NUMBERS else "left" for name in found.columns)
    header = tuple(
        Cell((words(results, "analyses", listing, "labels", "column", name),), side, strong=True)
        for name, side in zip(found.columns, align, strict=True)
    )
    rows = tuple(
        TableRow(
            tuple(
                Cell((Piece(text, listing=f"{listing}/{number}/{name}"),), side)
                for name, text, side in zip(found.columns, record, align, strict=True)
            )
        )
        for number, record in enumerate(found.rows)
    )
    none = TableRow((Cell((Piece("None."),), colspan=len(header)),))
    sizes = _widths([head.text for head in header], [[cell.text for cell in row.cells] for row in rows])
    return Table(
        id=f"listing-{listing}",
        title=entry.label,
        spanners=(),
        header=header,
        rows=rows or (none,),
        notes=table_notes(results, [listing], Footnotes(), len(header)),
        align=align,
        widths=tuple(size + MARGIN for size in sizes),
    )


def _widths(headings: Sequence[str], records: Sequence[Sequence[str]]) -> list[float]:
    """Widths of columns in figures: each has room for its longest word, and what is left goes to the longer texts."""
    columns = [[record[i] for record in records] for i in range(len(headings))]
    needed = [
        max(2.0, HEADING * _longest(heading), *(_width(text) * _longest(text) for text in texts))
        for heading, texts in zip(headings, columns, strict=True)
    ]
    whole = [max((_width(text) * len(text) for text in texts), default=0.0) for texts in columns]
    wanted = [max(0.0, width - least) for width, least in zip(whole, needed, strict=True)]
    left = PAGE - sum(needed) - MARGIN * len(needed)
    share = min(1.0, max(0.0, left) / sum(wanted)) if sum(wanted) else 0.0
    return [least + share * more for least, more in zip(needed, wanted, strict=True)]


def _longest(text: str) -> int:
    """Letters of the longest word."""
    return max(map(len, WORD_END.split(text)))


def _width(text: str) -> float:
    """Width of a sign of a text: one that begins with a digit is of figures and a dash."""
    return BAND if text[:1].isdigit() else LETTER
