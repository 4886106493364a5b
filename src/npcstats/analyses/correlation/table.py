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
from npcstats.results import Results, select

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
        A line for each other marker and group: participants and both correlations.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry = analysis_of(results, analysis, "correlation")
    groups = columns_of(results, analysis, total=table.total)
    notes, others = Footnotes(), [code for code in entry.labels["variable"] if code != table.marker]
    rows = [_line(results, table, groups, group, other, notes) for other in others for group in groups]
    limits = level_pieces(results, select(results, analysis=analysis, measure="repeated_correlation", stat="ci_low"))
    first = Cell((label(results, analysis, "variable", table.marker), Piece(" with")), strong=True)
    several = (Cell((Piece("Group"),), strong=True),) if len(groups) > 1 else ()
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"correlation-{table.name}",
        header=(first, *several, Cell((Piece("n"),), "right", strong=True),
                *(Cell((Piece(HEADS[block]), *limits), "right", strong=True) for block in BLOCKS)),
        rows=rows,
        extra=[_sizes(results, analysis, groups)],
        named=1 + len(several),
    )  # fmt: skip


def _line(
    results: Results, table: CorrelationsWith, groups: Sequence[str], group: str, other: str, notes: Footnotes
) -> TableRow:
    """One other marker in one group; it is named in each of its lines, as a page may end between them."""
    named = Cell((label(results, table.analysis, "variable", other),))
    whose = (Cell((column_name(results, group, groups),)),) if len(groups) > 1 else ()
    return TableRow((named, *whose, *_cells(results, table, group, other, notes)))


def _sizes(results: Results, analysis: str, groups: Sequence[str]) -> tuple[Piece, ...]:
    """How many are in the set, of each group."""
    told: list[Piece] = []
    for group in groups:
        size = row_at(results, analysis=analysis, arm=group, measure="participants", stat="count")
        told += [Piece("; ")] if told else []
        told += sized_pieces(results, (column_name(results, group, groups),), size)
    return (Piece("In the set: "), *told, Piece("."))


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
