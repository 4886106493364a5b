"""The overview as a table: a block of lines for each period, and of each group a count, its limits and the events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from npcstats.analyses.overview.displays import OverviewDifferences, SafetyOverview
from npcstats.analyses.overview.rows import DEATHS, EVENTS, SHARED
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import LIMITS, Footnotes, dash_cell, interval_cell, share_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import (
    analysis_of,
    check_made,
    columns_of,
    find_row,
    groups_of,
    ordered,
    pairs_of,
    row_at,
    stat_rows,
)
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    dash,
    group_name,
    interval_pieces,
    label,
    level_pieces,
    number,
)
from npcstats.errors import ResultsError
from npcstats.formatting import MINUS
from npcstats.results import EVERYONE, Results, Row, select

RISK, DIFFERENCE = ("risk",), ("risk_difference",)
DASH = "A dash: deaths are participants, and have no number of events."
NO_LINE = "Not counted in this period."
SHORTEST = 22.0
BESIDE = 2
"""Columns beside that of n (%) of a group that has limits."""


def tabulate(results: Results, table: SafetyOverview) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``overview``.
    table : SafetyOverview
        Of the plan.

    Returns
    -------
    Table
        Of each period a heading with its denominators, then its lines.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a period was not made, or a row that the table needs is absent.
    """
    analysis = table.analysis
    windows, groups = _windows(results, analysis, table.windows), columns_of(results, analysis, total=table.total)
    limited = groups_of(results, analysis)
    notes = Footnotes()
    rows = [row for window in windows for row in _block(results, analysis, window, groups, limited, notes)]
    dashes = [(Piece(DASH),)] if select(results, analysis=analysis, block=DEATHS) else []
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"overview-{table.name}",
        header=tuple(cell for group in groups for cell in _heads(results, analysis, group, limited)),
        spanners=_spanners(results, groups, limited),
        rows=rows,
        parts=windows,
        without=("difference", "adjustment"),
        extra=[*_told_outside(results, analysis, windows), *dashes],
        shortest=SHORTEST,
    )


def tabulate_differences(results: Results, table: OverviewDifferences) -> Table:
    """The differences that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``overview``.
    table : OverviewDifferences
        Of the plan.

    Returns
    -------
    Table
        A line for each of the overview's, a column for each period.

    Raises
    ------
    ResultsError
        If no two arms are compared, a period was not made, or a row that the table needs is absent.
    """
    analysis = table.analysis
    windows, pairs = _windows(results, analysis, table.windows), pairs_of(results, analysis, DIFFERENCE)
    if not pairs:
        raise ResultsError(f"{analysis}: no two arms are compared; a table of differences requires them.")
    (arm, reference), notes = pairs[0], Footnotes()
    made = select(results, analysis=analysis, measure="risk_difference", window=set(windows), stat="estimate")
    lines = dict.fromkeys((row.block, row.variable) for row in made)
    place = {"analysis": analysis, "arm": arm, "reference": reference, "measure": "risk_difference"}
    rows = [
        TableRow(
            (
                Cell((label(results, analysis, "variable", code),)),
                *(_difference(results, {**place, "block": block, "variable": code, "window": w}, notes)
                  for w in windows),
            )
        )
        for block, code in lines
    ]  # fmt: skip
    named = (*contrast_name(results, arm, reference, MINUS), Piece(", points"), *level_pieces(results, made))
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"overview-{table.name}",
        header=tuple(Cell((label(results, analysis, "window", w),), "right", strong=True) for w in windows),
        spanners=(
            Cell((Piece("Participants with"),), strong=True, rowspan=2),
            Cell(named, "center", strong=True, colspan=len(windows), underline=True),
        ),
        rows=rows,
        parts=windows,
        without=("interval", "shared", "definitions"),
        extra=_told_outside(results, analysis, windows),
    )


def _windows(results: Results, analysis: str, asked: Sequence[str]) -> tuple[str, ...]:
    entry = analysis_of(results, analysis, "overview")
    check_made(results, analysis, "window", asked, RISK)
    made = [row.window for row in select(results, analysis=analysis, measure="risk")]
    return tuple(asked) or ordered(entry.labels.get("window", {}), made)


def _heads(results: Results, analysis: str, group: str, limited: Sequence[str]) -> list[Cell]:
    limits = select(results, analysis=analysis, measure="risk", arm=group, stat="ci_low")
    heads: list[tuple[Piece, ...]] = [(Piece("n (%)"),)]
    heads += [level_pieces(results, limits, opening="("), (Piece("Events"),)] if group in limited else []
    return [Cell(pieces, "right", strong=True) for pieces in heads]


def _spanners(results: Results, groups: Sequence[str], limited: Sequence[str]) -> tuple[Cell, ...]:
    named = [
        Cell((column_name(results, group, groups),), "center", strong=True, colspan=BESIDE + 1, underline=True)
        if group in limited
        else Cell((column_name(results, group, groups),), "right", strong=True)
        for group in groups
    ]
    return (Cell((Piece("Participants with"),), strong=True, rowspan=2), *named)


def _block(
    results: Results, analysis: str, window: str, groups: Sequence[str], limited: Sequence[str], notes: Footnotes
) -> list[TableRow]:
    heading = [Cell((label(results, analysis, "window", window),), strong=True)]
    for group in groups:
        size = row_at(results, analysis=analysis, arm=group, window=window, measure="observed", stat="count")
        pieces = (Piece(f"N{NO_BREAK}={NO_BREAK}"), number(results, size, "count"))
        heading += [Cell(pieces, "right", strong=True), *[Cell(align="right")] * BESIDE * (group in limited)]
    rows = [TableRow(tuple(heading), "total", scope=window)]
    made = select(results, analysis=analysis, window=window, measure={"risk", "proportion"}, stat="count")
    for block, code in dict.fromkeys((row.block, row.variable) for row in made):
        place = {"analysis": analysis, "window": window, "block": block, "variable": code}
        cells = [Cell((label(results, analysis, "variable", code),), indent=2 if block == SHARED else 1)]
        for group in groups:
            cells += _group_cells(results, {**place, "arm": group}, notes, limited=group in limited)
        rows.append(TableRow(tuple(cells)))
    return rows


def _group_cells(results: Results, place: dict[str, Any], notes: Footnotes, *, limited: bool) -> list[Cell]:
    if place["block"] == SHARED:
        count = row_at(results, **place, measure="proportion", stat="count")
        return [Cell((number(results, count, "count"),), "right"), *[Cell(align="right")] * BESIDE * limited]
    cells = [_share(results, place, notes)]
    if not limited:
        return cells
    low, high = stat_rows(results, LIMITS, **place, measure="risk")
    pieces = interval_pieces(results, (low, high), "percent1", "", "")
    cells.append(value_cell(results, (low, high), pieces, notes))
    if place["block"] == EVENTS:
        events = row_at(results, **place, measure="records", stat="count")
        return [*cells, Cell((number(results, events, "count"),), "right")]
    return [*cells, Cell((dash(),), "right")]


def _share(results: Results, place: dict[str, Any], notes: Footnotes) -> Cell:
    """A cell n (%), or n/N (%) where the denominator is not that of the period's heading."""
    cell = share_cell(results, notes, **place, measure="risk")
    total = row_at(results, **place, measure="risk", stat="total")
    whole = row_at(
        results, analysis=place["analysis"], arm=place["arm"], window=place["window"], measure="observed", stat="count"
    )
    if total.value == whole.value or len(cell.pieces) == 1:
        return cell
    return replace(cell, pieces=(cell.pieces[0], Piece("/"), number(results, total, "count"), *cell.pieces[1:]))


def _difference(results: Results, place: dict[str, Any], notes: Footnotes) -> Cell:
    if find_row(results, **place, stat="estimate") is None:
        return dash_cell(NO_LINE, notes)
    return interval_cell(results, notes, "percent1", **place)


def _told_outside(results: Results, analysis: str, windows: Sequence[str]) -> list[tuple[Piece, ...]]:
    """Who is outside the denominators, and which events are counted nowhere or began after a death; if any."""
    groups = groups_of(results, analysis)
    sentences = []
    for window in windows:
        rows = [
            row
            for arm in groups
            for row in select(results, analysis=analysis, arm=arm, window=window, measure="not_evaluable")
        ]
        named = (Piece("Not in the denominator ("), label(results, analysis, "window", window), Piece("): "))
        sentences += _by_group(results, analysis, named, rows)
    for measure, opening in (
        ("records_outside", "Events counted in no period: "),
        ("records_after_death", "Events counted although they began after the participant's death: "),
    ):
        rows = [row for arm in groups for row in select(results, analysis=analysis, arm=arm, measure=measure)]
        sentences += _by_group(results, analysis, (Piece(opening),), rows)
    return sentences


def _by_group(
    results: Results, analysis: str, opening: tuple[Piece, ...], rows: Sequence[Row]
) -> list[tuple[Piece, ...]]:
    told: list[Piece] = []
    for arm in dict.fromkeys(row.arm for row in rows):
        own = [row for row in rows if row.arm == arm and row.value != 0]
        parts: list[Piece] = []
        for row in own:
            reason = (Piece(" ("), label(results, analysis, "level", row.level), Piece(")")) if row.level else ()
            parts += [*([Piece(", ")] if parts else []), number(results, row, "count"), *reason]
        named = [] if arm == EVERYONE else [group_name(results, arm), Piece(" ")]
        told += [*([Piece("; ")] if told and own else []), *(named if own else []), *parts]
    return [(*opening, *told, Piece("."))] if told else []
