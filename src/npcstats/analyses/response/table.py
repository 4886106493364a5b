"""The table of tumor response: classes at the visit, the indeterminate read again, best overall, and rates."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.response.displays import Responses
from npcstats.analyses.response.rows import CLASS, PENDING
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, interval_cell, share_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, row_at, stat_rows
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    label,
    level_pieces,
    number,
    part_pieces,
    sized_pieces,
)
from npcstats.formatting import MINUS
from npcstats.results import Results, Row, select


def tabulate(results: Results, table: Responses) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``response``.
    table : Responses
        Of the plan.

    Returns
    -------
    Table
        As `response_table` makes it.
    """
    return response_table(results, table.analysis, total=table.total)


def response_table(results: Results, analysis: str, *, total: bool = False) -> Table:
    """Classes of response with their shares, and rates with their limits, by arm or pooled.

    Parameters
    ----------
    results : Results
        Rows of kind ``response``.
    analysis : str
        Id of the analysis.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    Table
        One group of lines per block; where two arms are compared, a column of differences.

    Raises
    ------
    ResultsError
        If the analysis is of another kind or a row is absent.
    """
    entry = analysis_of(results, analysis, "response")
    arms, notes = columns_of(results, analysis, total=total), Footnotes()
    differences = select(results, analysis=analysis, measure="risk_difference", stat="estimate")
    columns = 1 + len(arms) + bool(differences)
    rows: list[TableRow] = []
    for block in entry.labels["block"]:
        rows.append(group_row((label(results, analysis, "block", block),), columns))
        rows += _block_rows(results, {"analysis": analysis, "block": block}, arms, differences, notes)
    header = _header(results, analysis, arms, differences)
    return compose_table(results, [analysis], notes, name=f"response-{analysis}", header=header, rows=rows)


def _header(results: Results, analysis: str, arms: tuple[str, ...], differences: tuple[Row, ...]) -> tuple[Cell, ...]:
    cells = [Cell((Piece("Participants, n (%)"),), strong=True)]
    for arm in arms:
        size = row_at(results, analysis=analysis, arm=arm, measure="participants", stat="count")
        named = sized_pieces(results, (column_name(results, arm, arms),), size)
        cells.append(Cell(named, "right", strong=True))
    if differences:
        first = differences[0]
        cells.append(Cell(contrast_name(results, first.arm, first.reference, MINUS), "right", strong=True))
    return tuple(cells)


def _block_rows(
    results: Results, place: dict[str, str], arms: tuple[str, ...], differences: tuple[Row, ...], notes: Footnotes
) -> list[TableRow]:
    analysis, empty = place["analysis"], (Cell((), "right"),) if differences else ()
    classes = select(results, **place, variable=CLASS, measure="proportion", stat="count", arm=arms[0])
    whole = {"variable": CLASS, "level": classes[0].level, "measure": "proportion", "stat": "total"}
    sized = [row_at(results, **place, **whole, arm=arm) for arm in arms]
    of_whom = "Due" if _has_rates(results, place) and not _of_everyone(results, place) else "All of these"
    lines = [TableRow((Cell((Piece(of_whom),), indent=1),
                       *(Cell((number(results, row, "count"),), "right") for row in sized), *empty))]  # fmt: skip
    for row in classes:
        at = {**place, "variable": CLASS, "level": row.level, "measure": "proportion"}
        cells = [share_cell(results, notes, **at, arm=arm) for arm in arms]
        lines.append(TableRow((Cell((label(results, analysis, "level", row.level),), indent=1), *cells, *empty)))
    waiting = select(results, **place, variable=CLASS, measure="not_evaluable", arm=set(arms))
    if waiting:
        cells = [Cell((number(results, row, "count"),), "right") for row in waiting]
        lines.append(TableRow((Cell((label(results, analysis, "level", PENDING),), indent=1), *cells, *empty)))
    return lines + _rate_lines(results, place, arms, differences, notes)


def _has_rates(results: Results, place: dict[str, str]) -> bool:
    return bool(select(results, **place, measure="proportion", stat="ci_low"))


def _of_everyone(results: Results, place: dict[str, str]) -> bool:
    return not select(results, **place, variable=CLASS, measure="not_evaluable")


def _rate_lines(
    results: Results, place: dict[str, str], arms: tuple[str, ...], differences: tuple[Row, ...], notes: Footnotes
) -> list[TableRow]:
    lines = []
    for row in select(results, **place, measure="proportion", stat="ci_low", arm=arms[0]):
        at = {**place, "variable": row.variable, "level": row.level}
        cells = [_rate_cell(results, {**at, "measure": "proportion", "arm": arm}, notes) for arm in arms]
        if differences:
            pair = {"arm": differences[0].arm, "reference": differences[0].reference}
            cells.append(interval_cell(results, notes, "percent1", **at, **pair, measure="risk_difference"))
        named = (label(results, place["analysis"], "variable", row.variable), Piece(", "),
                 label(results, place["analysis"], "level", row.level), Piece(", %"),
                 *level_pieces(results, [row]))  # fmt: skip
        lines.append(TableRow((Cell(named, indent=1), *cells)))
    return lines


def _rate_cell(results: Results, place: dict[str, str], notes: Footnotes) -> Cell:
    count, total = stat_rows(results, ("count", "total"), **place)
    rate = interval_cell(results, notes, "percent1", **place)
    return replace(rate, pieces=(*part_pieces(results, count, total), Piece("; "), *rate.pieces))
