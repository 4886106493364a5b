"""One marker with each other: correlations within participants, by arm."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.analyses.correlation.displays import CorrelationsWith
from npcstats.analyses.correlation.rows import BEYOND_VISITS, BLOCKS
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, limited_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, find_row, row_at
from npcstats.display.pieces import column_name, label, level_pieces, number, sized_pieces
from npcstats.results import Results, Row, select

STYLE = "decimal2"
HEADS = {BLOCKS[0]: "r", BEYOND_VISITS: "r beyond visits"}


def tabulate(results: Results, table: CorrelationsWith) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``correlation``.
    table : CorrelationsWith
        Of the plan.

    Returns
    -------
    Table
        A line for each other marker; of each group participants and both correlations.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry = analysis_of(results, analysis, "correlation")
    groups = columns_of(results, analysis, total=table.total)
    notes = Footnotes()
    rows = [
        TableRow((Cell((label(results, analysis, "variable", other),)),
                  *(cell for group in groups for cell in _cells(results, table, group, other, notes))))
        for other in entry.labels["variable"] if other != table.marker
    ]  # fmt: skip
    sizes = [row_at(results, analysis=analysis, arm=group, measure="participants", stat="count") for group in groups]
    limits = select(results, analysis=analysis, measure="repeated_correlation", stat="ci_low")
    first = Cell((label(results, analysis, "variable", table.marker), Piece(" with")), strong=True, rowspan=2)
    spanners = (
        first,
        *(Cell(sized_pieces(results, (column_name(results, group, groups),), size), "center", strong=True, colspan=3,
               underline=True) for group, size in zip(groups, sizes, strict=True)),
    )  # fmt: skip
    header = tuple(cell for _ in groups for cell in _heads(results, limits))
    return compose_table(
        results, [analysis], notes, name=f"correlation-{table.name}", header=header, rows=rows, spanners=spanners
    )


def _heads(results: Results, limits: Sequence[Row]) -> tuple[Cell, ...]:
    told = level_pieces(results, limits)
    count = Cell((Piece("n"),), "right", strong=True)
    return (count, *(Cell((Piece(HEADS[block]), *told), "right", strong=True) for block in BLOCKS))


def _cells(results: Results, table: CorrelationsWith, group: str, other: str, notes: Footnotes) -> tuple[Cell, ...]:
    at = {"analysis": table.analysis, "arm": group, "block": BLOCKS[0]}
    pairs = ((table.marker, other), (other, table.marker))
    found = [{**at, "variable": one, "level": two} for one, two in pairs
             if find_row(results, **at, variable=one, level=two, measure="participants", stat="count")]  # fmt: skip
    place = found[0] if found else {**at, "variable": table.marker, "level": other}
    count = row_at(results, **place, measure="participants", stat="count")
    cells = (
        limited_cell(results, notes, STYLE, **{**place, "block": block}, measure="repeated_correlation")
        for block in BLOCKS
    )
    return (Cell((number(results, count, "count"),), "right"), *cells)
