"""The table of delivered treatment: numbers by their quartiles, or by how many have the same one, and shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from npcstats.analyses.exposure.displays import DeliveredTreatment
from npcstats.analyses.exposure.rows import QUARTILES
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, row_at, stat_rows
from npcstats.display.pieces import (
    group_name,
    interval_pieces,
    label,
    number,
    part_pieces,
    share_pieces,
    sized_pieces,
    unit_pieces,
)
from npcstats.results import EVERYONE, Results, Row, select

SHARE = f", n{NO_BREAK}/{NO_BREAK}N{NO_BREAK}(%)"
MIDDLE = ", median (quartiles)"
STATS = ("count", "total", "estimate")


def tabulate(results: Results, table: DeliveredTreatment) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``exposure``.
    table : DeliveredTreatment
        Of the plan.

    Returns
    -------
    Table
        Of each part a heading with whom it is about, then a line for each number, state, or threshold of a regimen.

    Raises
    ------
    ResultsError
        If the analysis is of another kind or a row that the table needs is absent.
    """
    analysis = table.analysis
    analysis_of(results, analysis, "exposure")
    columns, notes = columns_of(results, analysis, total=table.total), Footnotes()
    sizes = [row_at(results, analysis=analysis, arm=arm, measure="participants", stat="count") for arm in columns]
    names = [Piece("All") if arm == EVERYONE else group_name(results, arm) for arm in columns]
    header = [
        Cell(sized_pieces(results, (name,), size), "right", strong=True)
        for name, size in zip(names, sizes, strict=True)
    ]
    rows = [row for part in table.parts for row in _part_rows(results, analysis, part, columns, notes)]
    levels = any(row.level for part in table.parts for row in select(results, analysis=analysis, block=part))
    return compose_table(
        results, [analysis], notes, name=f"exposure-{table.name}", rows=rows,
        header=(Cell((Piece("Participants"),), strong=True), *header),
        without=() if levels else ("reach",),
    )  # fmt: skip


def _column_head(results: Results, size: Row) -> Cell:
    name = Piece("All") if size.arm == EVERYONE else group_name(results, size.arm)
    return Cell(sized_pieces(results, (name,), size), "right", strong=True)


def _part_rows(results: Results, analysis: str, part: str, columns: Sequence[str], notes: Footnotes) -> list[TableRow]:
    place = {"analysis": analysis, "block": part}
    rows = [_heading(results, place, columns, notes)]
    found = select(results, **place)
    variables = [{**place, "variable": name} for name in dict.fromkeys(row.variable for row in found if row.variable)]
    missing = {_missing_counts(results, at, columns) for at in variables}
    once = len(missing) == 1 and len(variables) > 1
    rows += _missing(results, variables[0], columns, 1) if once else []
    for at in variables:
        levels = [level for level in dict.fromkeys(row.level for row in select(results, **at)) if level]
        rows += _crossed(results, at, levels, columns, notes) if levels else _lines(results, at, columns, notes)
        rows += [] if once else _missing(results, at, columns, 2)
    return rows


def _heading(results: Results, place: dict[str, str], columns: Sequence[str], notes: Footnotes) -> TableRow:
    """Whom the part is about, and how many they are unless it is everyone."""
    named = label(results, place["analysis"], "block", place["block"])
    counts = [stat_rows(results, STATS, **place, arm=arm, measure="among") for arm in columns]
    if all(count.value == total.value for count, total, _ in counts):
        return group_row((named,), 1 + len(columns))
    about = [_share(results, {**place, "arm": arm, "measure": "among"}, notes) for arm in columns]
    return TableRow((Cell((named, Piece(SHARE)), strong=True), *about), "total")


def _crossed(
    results: Results, at: dict[str, str], levels: Sequence[str], columns: Sequence[str], notes: Footnotes
) -> list[TableRow]:
    """A regimen, and of its participants those who reached each threshold."""
    named = Cell((label(results, at["analysis"], "variable", at["variable"]),), indent=1)
    rows = [TableRow((named, *(Cell(align="right") for _ in columns)))]
    for level in levels:
        words = (label(results, at["analysis"], "level", level), Piece(SHARE))
        cells = [_share(results, {**at, "arm": arm, "level": level, "measure": "proportion"}, notes) for arm in columns]
        rows.append(TableRow((Cell(words, indent=2), *cells)))
    return rows


def _lines(results: Results, at: dict[str, str], columns: Sequence[str], notes: Footnotes) -> list[TableRow]:
    named = label(results, at["analysis"], "variable", at["variable"])
    if not select(results, **at, measure="median"):
        cells = [_share(results, {**at, "arm": arm, "measure": "proportion"}, notes) for arm in columns]
        return [TableRow((Cell((named, Piece(SHARE)), indent=1), *cells))]
    spread = [_has_spread(results, at, arm) for arm in columns]
    rows = []
    if any(spread):
        words = (named, *unit_pieces(results, at["analysis"], at["variable"]), Piece(MIDDLE))
        rows.append(TableRow((Cell(words, indent=1), *(_middle(results, at, arm, notes) for arm in columns))))
    if not all(spread):
        common = row_at(results, **at, arm=EVERYONE, measure="commonest", stat="estimate")
        value = number(results, common, _style(results, at))
        unit = unit_pieces(results, at["analysis"], at["variable"])
        words = (named, *unit, Piece(": "), value, Piece(SHARE))
        cells = [_share(results, {**at, "arm": arm, "measure": "at_commonest"}, notes) for arm in columns]
        rows.append(TableRow((Cell(words, indent=1), *cells)))
    return rows


def _has_spread(results: Results, at: dict[str, str], arm: str) -> bool:
    low, high = (
        row_at(results, **at, arm=arm, measure=name, stat="estimate").value
        for name in ("first_quartile", "third_quartile")
    )
    return low != high  # without a value there is none to be the same


def _style(results: Results, at: dict[str, str]) -> str:
    return analysis_of(results, at["analysis"]).chosen(f"style.{at['variable']}", str)


def _middle(results: Results, at: dict[str, str], arm: str, notes: Footnotes) -> Cell:
    median, *limits = (row_at(results, **at, arm=arm, measure=name, stat="estimate") for name in QUARTILES)
    style = _style(results, at)
    pieces = (number(results, median, style), *interval_pieces(results, limits, style, " ("))
    return value_cell(results, [median, *limits], pieces, notes)


def _share(results: Results, place: dict[str, Any], notes: Footnotes) -> Cell:
    count, total, share = stat_rows(results, STATS, **place)
    pieces = (*part_pieces(results, count, total), *share_pieces(results, count, share)[1:])
    return value_cell(results, [count, share], pieces, notes)


def _missing_counts(results: Results, at: dict[str, str], columns: Sequence[str]) -> tuple[float, ...]:
    return tuple(row_at(results, **at, arm=arm, measure="missing", stat="count").value for arm in columns)


def _missing(results: Results, at: dict[str, str], columns: Sequence[str], indent: int) -> list[TableRow]:
    """A line of those without a value, where there are any."""
    if not any(_missing_counts(results, at, columns)):
        return []
    words = label(results, at["analysis"], "measure", "missing")
    rows = [row_at(results, **at, arm=arm, measure="missing", stat="count") for arm in columns]
    return [
        TableRow((Cell((words,), indent=indent), *(Cell((number(results, row, "count"),), "right") for row in rows)))
    ]
