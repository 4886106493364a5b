"""What could tell masked arms apart, as a table: each difference beside the plan's limit."""

from __future__ import annotations

from npcstats.analyses.masking.displays import TellingApart
from npcstats.analyses.masking.rows import CHARACTERISTICS
from npcstats.analyses.masking.words import MASKING, STYLES, largest, limit_style
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, ordered, row_at
from npcstats.display.pieces import label, number
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, Results, Row, select

COLUMNS = ("Difference", "Limit")
LEFT = "Characteristics beyond the limit: "
BEYOND = "▲"
MARKED = "▲ beyond the limit."


def tabulate(results: Results, table: TellingApart) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``masking``.
    table : TellingApart
        Of the plan.

    Returns
    -------
    Table
        A block for each kind of difference, a line for each difference; of characteristics those beyond the limit,
        else the largest.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or there are no two arms.
    """
    analysis, notes = table.analysis, Footnotes()
    entry = analysis_of(results, analysis, MASKING)
    found = select(results, analysis=analysis, measure="arm_distance", stat="estimate")
    if not found:
        raise ResultsError(f"{analysis}: no row; a table of what tells arms apart requires two arms.")
    rows: list[TableRow] = []
    for block in ordered(entry.labels.get("block", {}), [row.block for row in found]):
        rows.append(group_row((label(results, analysis, "block", block),), 1 + len(COLUMNS)))
        rows += [_line(results, row, notes) for row in _shown(results, analysis, block)]
    return compose_table(
        results, [analysis], notes, name=f"masking-{table.name}",
        header=(Cell((Piece("What"),), strong=True),
                *(Cell((Piece(name),), "right", strong=True) for name in COLUMNS)),
        rows=rows, extra=[*_left(results, analysis), (Piece(MARKED),)],
    )  # fmt: skip


def _shown(results: Results, analysis: str, block: str) -> list[Row]:
    rows = select(results, analysis=analysis, block=block, measure="arm_distance", stat="estimate")
    if block != CHARACTERISTICS:
        return list(rows)
    beyond = [row for row in rows if _telling(results, row).value == 1]
    most = largest(results, analysis, block)
    return sorted(beyond, key=lambda row: -row.value) or ([most] if most else list(rows))


def _telling(results: Results, row: Row) -> Row:
    return row_at(results, analysis=row.analysis, block=row.block, variable=row.variable, measure="telling",
                  stat="count")  # fmt: skip


def _line(results: Results, row: Row, notes: Footnotes) -> TableRow:
    style, unit = STYLES[row.block]
    limit = row_at(results, analysis=row.analysis, block=row.block, variable=EVERYONE, measure="arm_distance_limit",
                   stat="estimate")  # fmt: skip
    sign = f"{BEYOND} " if _telling(results, row).value == 1 else ""
    told = (*([Piece(sign)] if sign else []), number(results, row, style), Piece(unit))
    return TableRow((
        Cell((label(results, row.analysis, "variable", row.variable),), indent=1),
        value_cell(results, [row], told, notes),
        Cell((number(results, limit, limit_style(limit)), Piece(unit)), "right"),
    ))  # fmt: skip


def _left(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """How many characteristics are beyond the limit, of how many."""
    place = {"analysis": analysis, "block": CHARACTERISTICS, "variable": EVERYONE, "measure": "telling"}
    if not select(results, analysis=analysis, block=CHARACTERISTICS):
        return []
    count, total = (row_at(results, **place, stat=stat) for stat in ("count", "total"))
    return [(Piece(LEFT), number(results, count, "count"), Piece(" of "), number(results, total, "count"), Piece("."))]
