"""The table of onset, duration and resolution."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.duration.displays import DurationTable
from npcstats.analyses.duration.rows import ONSET, WORST
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, share_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import INTERVAL, analysis_of, columns_of, groups_of, row_at, stat_rows
from npcstats.display.origins import NOTE, TIME
from npcstats.display.pieces import (
    column_name,
    group_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    sized_pieces,
)
from npcstats.results import EVERYONE, Results, select

DAYS = {ONSET: "Day of onset, median (quartiles)", WORST: "Day of worst grade, median (quartiles)"}


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    arms: tuple[str, ...]
    notes: Footnotes

    def line(self, words: tuple[Piece, ...], cell: Callable[[str], Cell]) -> TableRow:
        """A line with a cell for each arm."""
        return TableRow((Cell(words, indent=1), *(cell(arm) for arm in self.arms)))


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
    results, notes = page.results, page.notes
    rows = [
        page.line(
            (Piece("Participants, n (%)"),), lambda arm: share_cell(results, notes, **at, arm=arm, measure="risk")
        )
    ]
    rows += [
        page.line((Piece(words),), lambda arm, level=level: _quartiles(page, {**at, "arm": arm, "level": level}))
        for level, words in DAYS.items()
    ]
    for measure, words in (("resolved", "Resolved, n (%)"), ("unresolved_death", "Died with it, n (%)")):
        rows.append(
            page.line(
                (Piece(words),),
                lambda arm, measure=measure: share_cell(results, notes, **at, arm=arm, measure=measure),
            )
        )
    median = {**at, "measure": "median_duration"}
    level = level_pieces(results, select(results, **median, stat="ci_low"))
    rows.append(
        page.line(
            (Piece("Median duration, days"), *level), lambda arm: _interval(page, "count", {**median, "arm": arm})
        )
    )
    resolution = {**at, "measure": "resolution"}
    for row in select(results, **resolution, arm=page.arms[0], stat="estimate"):
        words = (Piece("Resolved by day "), number(results, row, TIME), Piece(", %"), *level)
        rows.append(
            page.line(
                words, lambda arm, row=row: _interval(page, "percent1", {**resolution, "arm": arm, "time": row.time})
            )
        )
    return rows


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
    parts: list[Piece] = []
    for arm in groups_of(results, analysis):
        rows = select(results, analysis=analysis, arm=arm, measure="not_evaluable", stat="count")
        for i, row in enumerate(row for row in rows if row.value > 0):
            named = [] if arm == EVERYONE or i else [group_name(results, arm), Piece(" ")]
            reason = label(results, analysis, "level", row.level)
            parts += [*named, number(results, row, "count"), Piece(" ("), reason, Piece(")"), Piece("; ")]
    return [(Piece("Not in the denominator: "), *parts[:-1], Piece("."))] if parts else []
