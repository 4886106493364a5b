"""The table of onset, duration and resolution."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.duration.displays import DurationTable
from npcstats.analyses.duration.rows import ONSET, WORST
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, share_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import INTERVAL, analysis_of, columns_of, groups_of, row_at, stat_rows
from npcstats.display.notes import reason_pieces
from npcstats.display.origins import NOTE, TIME
from npcstats.display.pieces import (
    column_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    sized_pieces,
)
from npcstats.results import Results, select

DAYS = {ONSET: "Day of onset, median (quartiles)", WORST: "Day of worst grade, median (quartiles)"}


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    arms: tuple[str, ...]
    notes: Footnotes

    def line(self, words: tuple[Piece, ...], cells: Iterable[Cell]) -> TableRow:
        """A line of words and a cell for each arm."""
        return TableRow((Cell(words, indent=1), *cells))


def tabulate(results: Results, table: DurationTable) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``duration``.
    table : DurationTable
        Of the plan.

    Returns
    -------
    Table
        A block of lines for each kind of event.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry = analysis_of(results, analysis, "duration")
    page = _Page(results, analysis, columns_of(results, analysis, total=table.total), Footnotes())
    (window,) = entry.labels["window"]
    rows: list[TableRow] = []
    for variable in entry.labels["variable"]:
        rows.append(group_row((label(results, analysis, "variable", variable),), 1 + len(page.arms)))
        rows += _lines(page, {"analysis": analysis, "window": window, "variable": variable})
    sizes = [
        row_at(results, analysis=analysis, arm=arm, window=window, measure="observed", stat="count")
        for arm in page.arms
    ]
    head = [
        Cell(sized_pieces(results, (column_name(results, arm, page.arms),), size), "right", strong=True)
        for arm, size in zip(page.arms, sizes, strict=True)
    ]
    return compose_table(
        results,
        [analysis],
        page.notes,
        name=f"duration-{table.name}",
        header=(Cell((Piece("Adverse events"),), strong=True), *head),
        rows=rows,
        extra=_outside(results, analysis),
    )


def _lines(page: _Page, at: dict[str, Any]) -> list[TableRow]:
    places = [{**at, "arm": arm} for arm in page.arms]
    rows = [page.line((Piece("Participants, n (%)"),), [_share(page, {**of, "measure": "risk"}) for of in places])]
    rows += [
        page.line((Piece(words),), [_quartiles(page, {**of, "level": level}) for of in places])
        for level, words in DAYS.items()
    ]
    rows += [
        page.line((Piece(words),), [_share(page, {**of, "measure": measure}) for of in places])
        for measure, words in (("resolved", "Resolved, n (%)"), ("unresolved_death", "Died with it, n (%)"))
    ]
    level = level_pieces(page.results, select(page.results, **at, measure="median_duration", stat="ci_low"))
    medians = [_interval(page, "count", {**of, "measure": "median_duration"}) for of in places]
    rows.append(page.line((Piece("Median duration, days"), *level), medians))
    for row in select(page.results, **at, measure="resolution", arm=page.arms[0], stat="estimate"):
        named = (Piece("Resolved by day "), number(page.results, row, TIME), Piece(", %"), *level)
        at_day = {"measure": "resolution", "time": row.time}
        rows.append(page.line(named, [_interval(page, "percent1", {**of, **at_day}) for of in places]))
    return rows


def _share(page: _Page, place: dict[str, Any]) -> Cell:
    return share_cell(page.results, page.notes, **place)


def _quartiles(page: _Page, place: dict[str, Any]) -> Cell:
    median, low, high = (
        row_at(page.results, **place, measure=name, stat="estimate")
        for name in ("median", "first_quartile", "third_quartile")
    )
    limits = interval_pieces(page.results, (low, high), "count", " (")
    pieces = (number(page.results, median, "count"), *limits)
    return value_cell(page.results, (median, low, high), pieces, page.notes)


def _interval(page: _Page, style: str, place: dict[str, Any]) -> Cell:
    """A cell with an interval: with the estimate alone where it has no limits; where one is not there, a letter."""
    rows = stat_rows(page.results, INTERVAL, **place)
    lacking = [math.isnan(row.value) for row in rows]
    limits = () if all(lacking[1:]) else interval_pieces(page.results, rows[1:], style, " (")
    pieces = (number(page.results, rows[0], style), *limits)
    if lacking[0] or not any(lacking):
        return value_cell(page.results, rows, pieces, page.notes)
    return Cell(pieces, "right", mark=page.notes.mark(number(page.results, rows[0], NOTE)) if rows[0].note else "")


def _outside(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Who is not in the denominator, by reason."""
    told: list[Piece] = []
    for arm in groups_of(results, analysis):
        rows = select(results, analysis=analysis, arm=arm, measure="not_evaluable", stat="count")
        told += reason_pieces(results, analysis, arm, [row for row in rows if row.value > 0])
    return [(Piece("Not in the denominator: "), *told[:-1], Piece("."))] if told else []
