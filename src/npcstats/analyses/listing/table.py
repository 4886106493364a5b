"""A listing of the results folder as a table: text as it stands, each cell with its place in the listing."""

from __future__ import annotations

from npcstats.analyses.listing.displays import Records
from npcstats.display.anatomy import Align, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes
from npcstats.display.lookup import analysis_of
from npcstats.display.notes import table_notes
from npcstats.display.pieces import words
from npcstats.errors import ResultsError
from npcstats.results import Results, read_listing

NUMBERS = ("AETOXGR", "ASTDY", "AENDY", "ENTRYLAG", "DTHDY", "AFTERDY")
WIDEST = 14
"""Characters after which a text is set on several lines; headings are, at every blank."""
PROSE, PROSE_WIDTH = 80, 76.0
"""Characters from which a text is prose, and the width of its column in figures."""
LETTER = 0.95
"""Width of a letter in figures; of a heading, which is semibold, a little more."""
HEADING = 1.04
MARGIN = 1.7


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
    sizes = [_width(head.text, [row.cells[i].text for row in rows]) for i, head in enumerate(header)]
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


def _width(heading: str, texts: list[str]) -> float:
    """Width of a column in figures: that of its longest word, or text if that is short."""
    if any(len(text) > PROSE for text in texts):
        return PROSE_WIDTH
    word = max(map(len, heading.split(" ")))
    longest = max((len(part) for text in texts for part in text.split(" ")), default=0)
    inside = max((min(len(text), WIDEST) for text in texts), default=0)
    return max(2.0, HEADING * word, LETTER * max(longest, inside))
