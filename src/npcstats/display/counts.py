"""The table of counts: states, deviations, forms received; each line says of how many."""

from __future__ import annotations

from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, share_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, find_row, ordered, row_at, stat_rows
from npcstats.display.pieces import (
    group_name,
    label,
    number,
    part_pieces,
    share_pieces,
    sized_pieces,
    words,
)
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, Results, Row, select

PARTS = ("overdue", "recently_due")
MEASURES = ("proportion", *PARTS, "records", "median")
SHARE = f", n{NO_BREAK}/{NO_BREAK}N{NO_BREAK}(%)"


def counts_table(results: Results, analysis: str, *, total: bool = True) -> Table:
    """Counts and shares by arm and for everyone, or pooled.

    Parameters
    ----------
    results : Results
        Rows of kind ``counts``.
    analysis : str
        Id of the analysis.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    Table
        One line per item; ``n / N (%)`` where items have denominators of their own.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, has no items, or a row that the table needs is absent.
    """
    analysis_of(results, analysis, "counts")
    arms, notes = _columns(results, analysis, total), Footnotes()
    items = _items(results, analysis, arms[-1])
    if not items:
        raise ResultsError(f"{analysis}: no row of {', '.join(MEASURES)}; a table of counts needs at least one.")
    sizes = _sizes(results, analysis, arms)
    header = _header(results, analysis, arms, sizes)
    rows = _body(results, analysis, arms, items, bool(sizes), notes)
    return compose_table(results, [analysis], notes, name=f"counts-{analysis}", header=header, rows=rows)


def _columns(results: Results, analysis: str, total: bool) -> tuple[str, ...]:
    counted = any(row.arm == EVERYONE for row in results.by_analysis.get(analysis, ()))
    return columns_of(results, analysis, total=total and counted)


def _items(results: Results, analysis: str, arm: str) -> dict[str, list[tuple[str, str]]]:
    """Per block, variables and measures in page order."""
    labels = analysis_of(results, analysis).labels
    found = [row for row in select(results, analysis=analysis, arm=arm) if row.measure in MEASURES]
    blocks = ordered(labels.get("block", {}), [row.block for row in found])
    items: dict[str, list[tuple[str, str]]] = {}
    for block in blocks:
        inside = [row for row in found if row.block == block]
        variables = ordered(labels.get("variable", {}), [row.variable for row in inside])
        pairs = [(v, m) for v in variables for m in MEASURES if any((r.variable, r.measure) == (v, m) for r in inside)]
        items[block] = pairs
    return items


def _sizes(results: Results, analysis: str, arms: tuple[str, ...]) -> tuple[Row, ...]:
    """The group sizes, where they are the denominators of every share; else none."""
    sizes = [find_row(results, analysis=analysis, arm=arm, measure="participants", stat="count") for arm in arms]
    known = tuple(row for row in sizes if row is not None)
    if len(known) < len(arms):
        return ()
    totals = select(results, analysis=analysis, measure="proportion", stat="total")
    of_arm = {row.arm: row.value for row in known}
    return known if all(row.value == of_arm.get(row.arm) for row in totals) else ()


def _header(results: Results, analysis: str, arms: tuple[str, ...], sizes: tuple[Row, ...]) -> tuple[Cell, ...]:
    first = Piece("Participants, n (%)") if sizes else words(results, "analyses", analysis, "label")
    cells = [Cell((first,), strong=True)]
    for i, arm in enumerate(arms):
        name = Piece("All") if arm == EVERYONE else group_name(results, arm)
        named = sized_pieces(results, (name,), sizes[i]) if sizes else (name, Piece(SHARE))
        cells.append(Cell(named, "right", strong=True))
    return tuple(cells)


def _body(
    results: Results,
    analysis: str,
    arms: tuple[str, ...],
    items: dict[str, list[tuple[str, str]]],
    sized: bool,
    notes: Footnotes,
) -> tuple[TableRow, ...]:
    rows: list[TableRow] = []
    grouped = len(items) > 1
    for block, pairs in items.items():
        if grouped:
            rows.append(group_row((label(results, analysis, "block", block),), 1 + len(arms)))
        led = {variable for variable, measure in pairs if measure not in ("median", *PARTS)}
        for variable, measure in pairs:
            place = {"analysis": analysis, "block": block, "variable": variable}
            cells = [_cell(results, {**place, "arm": arm}, measure, sized, notes) for arm in arms]
            rows.append(TableRow((_name(results, place, measure, variable in led, int(grouped)), *cells)))
    return tuple(rows)


def _name(results: Results, place: dict[str, str], measure: str, led: bool, indent: int) -> Cell:
    """An item's label; below its own count a part or a median says only what it is, in the catalogue's words for it."""
    named = label(results, place["analysis"], "variable", place["variable"])
    if measure in PARTS:
        return Cell((label(results, place["analysis"], "measure", measure),), indent=indent + 1)
    if measure != "median":
        return Cell((named,), indent=indent)
    unit = select(results, **place, measure="median", stat="estimate")[0].unit
    middle = f"median {unit}" if unit else "median"
    if not led:
        return Cell((named, Piece(f", {middle}")), indent=indent)
    if measure not in analysis_of(results, place["analysis"]).labels.get("measure", {}):
        return Cell((Piece(middle.capitalize()),), indent=indent + 1)
    what = label(results, place["analysis"], "measure", measure)
    return Cell((what, Piece(f", {middle}")), indent=indent + 1)


def _cell(results: Results, place: dict[str, str], measure: str, sized: bool, notes: Footnotes) -> Cell:
    if measure == "records":
        return Cell((number(results, row_at(results, **place, measure="records", stat="count"), "count"),), "right")
    if measure == "median":
        row = row_at(results, **place, measure="median", stat="estimate")
        style = analysis_of(results, place["analysis"]).chosen(f"style.{place['variable']}", str, "decimal1")
        return value_cell(results, [row], (number(results, row, style),), notes)
    if sized or measure in PARTS:
        return share_cell(results, notes, **place, measure=measure)
    count, total, share = stat_rows(results, ("count", "total", "estimate"), **place, measure=measure)
    pieces = (*part_pieces(results, count, total), *share_pieces(results, count, share)[1:])
    return value_cell(results, [count, share], pieces, notes)
