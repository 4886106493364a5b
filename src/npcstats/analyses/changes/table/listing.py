"""The listing of adverse events that changed, as a table: text as it stands, each cell with its place in it."""

from __future__ import annotations

from npcstats.analyses.changes.displays import ChangedEvents
from npcstats.analyses.changes.rows import LATE_TEXT, NO_FORMER
from npcstats.display.anatomy import Align, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes
from npcstats.display.lookup import analysis_of
from npcstats.display.notes import table_notes
from npcstats.display.pieces import chosen_number, words
from npcstats.errors import ResultsError
from npcstats.results import Results, read_listing

NUMBERS = ("THEN", "NOW", "ASTDY")
WIDEST, MARGIN = 22, 3.3


def tabulate_listing(results: Results, table: ChangedEvents) -> Table:
    """Adverse events that changed, one per line: the table that a plan asks for.

    Parameters
    ----------
    results : Results
        Read from a folder.
    table : ChangedEvents
        Of the plan.

    Returns
    -------
    Table
        Participants as numbered in this report; late entries of lower grades are counted below it.

    Raises
    ------
    ResultsError
        If the results have no folder, or it has no such listing.
    """
    listing = table.analysis
    entry = analysis_of(results, listing, "changed-events")
    if results.folder is None:
        raise ResultsError(f"listing {listing}: results that were read from a folder are required.")
    found = read_listing(results.folder / "listings" / f"{listing}.csv")
    align: tuple[Align, ...] = tuple("right" if name in NUMBERS else "left" for name in found.columns)
    header = tuple(
        Cell((words(results, "analyses", listing, "labels", "column", name),), side, strong=True)
        for name, side in zip(found.columns, align, strict=True)
    )
    shown = [at for at, record in enumerate(found.rows) if _is_shown(found.columns, record, table.late_from)]
    rows = tuple(
        TableRow(
            tuple(
                Cell((Piece(text, listing=f"{listing}/{at}/{name}"),), side)
                for name, text, side in zip(found.columns, found.rows[at], align, strict=True)
            )
        )
        for at in shown
    )
    none = (
        words(results, "analyses", listing, "sentences", NO_FORMER) if NO_FORMER in entry.sentences else Piece("None.")
    )
    sizes = [
        max(3, *map(len, head.text.split(" ")), *(min(len(row.cells[i].text), WIDEST) for row in rows))
        for i, head in enumerate(header)
    ]
    notes = table_notes(
        results,
        [listing],
        Footnotes(),
        len(header),
        without=(NO_FORMER, "arms_counts"),
        extra=_hidden(results, table, len(found.rows) - len(shown)),
    )
    return Table(
        id=f"listing-{listing}",
        title=entry.label,
        spanners=(),
        header=header,
        rows=rows or (TableRow((Cell((none,), colspan=len(header)),)),),
        notes=notes,
        align=align,
        widths=tuple(size + MARGIN for size in sizes),
    )


def _is_shown(columns: tuple[str, ...], record: tuple[str, ...], late_from: int) -> bool:
    told = dict(zip(columns, record, strict=True))
    return told["WHAT"] != LATE_TEXT or int(told["NOW"]) >= late_from


def _hidden(results: Results, table: ChangedEvents, many: int) -> list[tuple[Piece, ...]]:
    """How many late entries of lower grades are not shown."""
    if not many:
        return []
    told = (
        Piece("Not shown: "),
        chosen_number(results, many, "count"),
        Piece(" entered later, of a grade below "),
        chosen_number(results, table.late_from, "count"),
        Piece("; the file of the listing has them."),
    )
    return [told]
