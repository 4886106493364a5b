"""The table of characteristics: distributions by arm or pooled, missing values, standardized differences."""

from __future__ import annotations

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, group_row, share_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, find_row, ordered, pairs_of, row_at
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    interval_pieces,
    label,
    number,
    sized_pieces,
    unit_pieces,
)
from npcstats.formatting import MINUS
from npcstats.results import Results, select

DIFFERENCE_STYLE = "decimal2"


def tabulate(results: Results, table: Characteristics) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``baseline``.
    table : Characteristics
        Of the plan.

    Returns
    -------
    Table
        As `baseline_table` makes it.
    """
    return baseline_table(results, table.analysis, total=table.total)


def baseline_table(results: Results, analysis: str, *, total: bool = False) -> Table:
    """Characteristics by arm with standardized differences, or pooled.

    Parameters
    ----------
    results : Results
        Rows of kind ``baseline``.
    analysis : str
        Id of the analysis.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    Table
        Continuous characteristics in one line, categorical ones with a line per declared level.

    Raises
    ------
    ResultsError
        If the analysis is of another kind or a row that the table needs is absent.
    """
    analysis_of(results, analysis, "baseline")
    arms, notes = columns_of(results, analysis, total=total), Footnotes()
    compared = pairs_of(results, analysis, ("smd",))
    header = _header(results, analysis, arms, compared)
    rows = _body(results, analysis, arms, compared, notes)
    return compose_table(results, [analysis], notes, name=f"baseline-{analysis}", header=header, rows=rows)


Pairs = tuple[tuple[str, str], ...]


def _header(results: Results, analysis: str, arms: tuple[str, ...], compared: Pairs) -> tuple[Cell, ...]:
    cells = [Cell((Piece("Characteristic"),), strong=True)]
    for arm in arms:
        size = row_at(results, analysis=analysis, arm=arm, measure="participants", stat="count")
        named = sized_pieces(results, (column_name(results, arm, arms),), size)
        cells.append(Cell(named, "right", strong=True))
    for arm, reference in compared:
        pair = (Piece(", "), *contrast_name(results, arm, reference, MINUS)) if len(compared) > 1 else ()
        cells.append(Cell((Piece("SMD"), *pair), "right", strong=True))
    return tuple(cells)


def _body(
    results: Results, analysis: str, arms: tuple[str, ...], compared: Pairs, notes: Footnotes
) -> tuple[TableRow, ...]:
    labels = analysis_of(results, analysis).labels
    found = select(results, analysis=analysis, measure="observed", stat="count", arm=arms[0])
    blocks = ordered(labels.get("block", {}), [row.block for row in found])
    rows: list[TableRow] = []
    for block in blocks:
        variables = ordered(labels.get("variable", {}), [row.variable for row in found if row.block == block])
        if len(blocks) > 1:
            width = 1 + len(arms) + len(compared)
            rows.append(group_row((label(results, analysis, "block", block),), width))
        for variable in variables:
            rows += _variable_rows(results, analysis, arms, compared, block, variable, int(len(blocks) > 1), notes)
    return tuple(rows)


def _variable_rows(
    results: Results,
    analysis: str,
    arms: tuple[str, ...],
    compared: Pairs,
    block: str,
    variable: str,
    indent: int,
    notes: Footnotes,
) -> list[TableRow]:
    place = {"analysis": analysis, "block": block, "variable": variable}
    levels = _levels(results, arms[0], place)
    if levels:
        name = Cell((label(results, analysis, "variable", variable), Piece(", n (%)")), indent=indent)
        difference = _difference_cells(results, place, compared, notes)
        rows = [TableRow((name, *[Cell(align="right") for _ in arms], *difference))]
        for level in levels:
            named = Cell((label(results, analysis, "level", level, lookup=f"{variable}={level}"),), indent=indent + 1)
            shares = [share_cell(results, notes, **place, arm=arm, level=level, measure="proportion") for arm in arms]
            rows.append(TableRow((named, *shares, *_blank(compared))))
    else:
        cells = [_location_cell(results, place, arm, notes) for arm in arms]
        difference = _difference_cells(results, place, compared, notes)
        named = Cell(_continuous_name(results, analysis, variable), indent=indent)
        rows = [TableRow((named, *cells, *difference), scope=variable)]
    missing = [row_at(results, **place, arm=arm, measure="missing", stat="count") for arm in arms]
    if any(row.value != 0 for row in missing):  # also where it is withheld
        counts = [Cell((number(results, row, "count"),), "right") for row in missing]
        rows.append(TableRow((Cell((Piece("Missing, n"),), indent=indent + 1), *counts, *_blank(compared))))
    return rows


def _levels(results: Results, arm: str, place: dict[str, str]) -> tuple[str, ...]:
    rows = select(results, **place, arm=arm, measure="proportion", stat="count")
    return tuple(row.level for row in rows)


def _blank(compared: Pairs) -> tuple[Cell, ...]:
    return tuple(Cell(align="right") for _ in compared)


def _difference_cells(results: Results, place: dict[str, str], compared: Pairs, notes: Footnotes) -> tuple[Cell, ...]:
    return tuple(_difference_cell(results, place, arm, reference, notes) for arm, reference in compared)


def _difference_cell(results: Results, place: dict[str, str], arm: str, reference: str, notes: Footnotes) -> Cell:
    row = find_row(results, **place, arm=arm, reference=reference, measure="smd", stat="estimate")
    if row is None:
        return dash_cell("No standardized difference is defined for this characteristic.", notes)
    return value_cell(results, [row], (number(results, row, DIFFERENCE_STYLE),), notes)


def _continuous_name(results: Results, analysis: str, variable: str) -> tuple[Piece, ...]:
    shown = ", mean (SD)" if _shows_mean(results, analysis, variable) else ", median (quartiles)"
    name = label(results, analysis, "variable", variable)
    return (name, *unit_pieces(results, analysis, variable), Piece(shown))


def _shows_mean(results: Results, analysis: str, variable: str) -> bool:
    return analysis_of(results, analysis).chosen(f"show.{variable}", str, "") == "mean"


def _location_cell(results: Results, place: dict[str, str], arm: str, notes: Footnotes) -> Cell:
    style = analysis_of(results, place["analysis"]).chosen(f"style.{place['variable']}", str, "decimal1")
    measures = (
        ("mean", "std_deviation")
        if _shows_mean(results, place["analysis"], place["variable"])
        else ("median", "first_quartile", "third_quartile")
    )
    rows = [row_at(results, **place, arm=arm, measure=measure, stat="estimate") for measure in measures]
    first = number(results, rows[0], style)
    if len(rows) == 2:
        return value_cell(results, rows, (first, Piece(" ("), number(results, rows[1], style), Piece(")")), notes)
    return value_cell(results, rows, (first, *interval_pieces(results, rows[1:], style, " (")), notes)
