"""The table of supportive care: in each period, how long it lasted, who still had it."""

from __future__ import annotations

from typing import Any

from npcstats.analyses.care.displays import CareTable
from npcstats.analyses.care.rows import (
    ANY,
    BEFORE,
    DIED,
    ENDED,
    OPEN,
    SINCE,
    amounts_line,
    before_line,
    months_line,
    since_line,
)
from npcstats.analyses.care.table.lines import Page, open_page, outside_sentence
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import interval_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, ordered, row_at
from npcstats.display.origins import TIME
from npcstats.display.pieces import interval_pieces, label, level_pieces, number
from npcstats.formatting import noun
from npcstats.results import Results, Row, select

MIDDLE = ("median", "first_quartile", "third_quartile")


def tabulate(results: Results, table: CareTable) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``care``.
    table : CareTable
        Of the plan.

    Returns
    -------
    Table
        Of each kind of care a heading, then its lines; who is in no denominator stands in the note.

    Raises
    ------
    ResultsError
        If the analysis is of another kind or a row that the table needs is absent.
    """
    page = open_page(results, table.analysis, "care", limits=table.limits, total=table.total)
    blocks = analysis_of(results, table.analysis).labels["block"]
    items = table.items or tuple(blocks)
    rows = [row for item in items for row in _item_rows(page, item)]
    windows = _windows(page, items)
    outside = [sentence for code in windows for sentence in _window_outside(page, items, code)]
    return compose_table(
        results,
        [table.analysis],
        page.notes,
        name=f"care-{table.name}",
        header=page.header(),
        rows=rows,
        parts=(*windows, *items),
        without=_without(page, items),
        extra=[*outside, *_months_outside(page, items)],
    )


def _windows(page: Page, items: tuple[str, ...]) -> tuple[str, ...]:
    known = analysis_of(page.results, page.analysis).labels["window"]
    found = select(page.results, analysis=page.analysis, block=set(items), measure="observed", stat="count")
    return ordered(known, [row.window for row in found])


def _without(page: Page, items: tuple[str, ...]) -> tuple[str, ...]:
    """Topics of what no line of the table is about."""
    own = {"analysis": page.analysis, "block": set(items)}
    idle = {"duration": "care_duration", "months": "in_use"}
    gone = [topic for topic, measure in idle.items() if not select(page.results, **own, measure=measure)]
    return (*gone, "weekly", *(() if page.limits else ("interval",)))


def _item_rows(page: Page, item: str) -> list[TableRow]:
    place = {"analysis": page.analysis, "block": item}
    rows = [page.heading(label(page.results, page.analysis, "block", item))]
    for window in _windows(page, (item,)):
        rows += _window_rows(page, item, window)
    if select(page.results, **place, measure="care_duration"):
        rows += _duration_rows(page, place)
    times = dict.fromkeys(row.time for row in select(page.results, **place, measure="in_use"))
    return rows + [_month_line(page, item, time) for time in times]


def _window_rows(page: Page, item: str, window: str) -> list[TableRow]:
    at: dict[str, Any] = {"block": item, "window": window}
    named = label(page.results, page.analysis, "window", window)
    rows = [page.share_line((named,), **at, level=ANY, measure="risk")]
    for level, code in ((BEFORE, before_line(item)), (SINCE, since_line(item))):
        if select(page.results, analysis=page.analysis, **at, level=level, measure="risk"):
            words = label(page.results, page.analysis, "variable", code)
            rows.append(page.share_line((words,), 2, **at, level=level, measure="risk"))
    if select(page.results, analysis=page.analysis, **at, measure="records"):
        rows += _amount_rows(page, item, {"analysis": page.analysis, **at})
    return rows


def _amount_rows(page: Page, item: str, at: dict[str, Any]) -> list[TableRow]:
    words = label(page.results, page.analysis, "variable", amounts_line(item))
    counts = [_count(page, {**at, "measure": "records"}, arm) for arm in page.arms]
    days = [_count(page, {**at, "measure": "care_days"}, arm) for arm in page.arms]
    middles = [_middle(page, at, arm) for arm in page.arms]
    each = Piece("Days each, median (quartiles)")
    return [
        page.line((words, Piece(", n")), counts, indent=2),
        page.line((Piece("Days altogether"),), days, indent=2),
        page.line((each,), middles, indent=2),
    ]


def _count(page: Page, at: dict[str, Any], arm: str) -> Cell:
    row = row_at(page.results, **at, arm=arm, stat="count")
    return Cell((number(page.results, row, "count"),), "right")


def _middle(page: Page, at: dict[str, Any], arm: str) -> Cell:
    rows = [row_at(page.results, **at, arm=arm, variable="days", measure=name, stat="estimate") for name in MIDDLE]
    pieces = (number(page.results, rows[0], "decimal0"), *interval_pieces(page.results, rows[1:], "decimal0", " ("))
    return value_cell(page.results, rows, pieces, page.notes)


def _duration_rows(page: Page, place: dict[str, Any]) -> list[TableRow]:
    at = {**place, "measure": "care_duration"}
    limits = select(page.results, **at, stat="ci_low")
    words = (Piece("First course: days, median"), *level_pieces(page.results, limits))
    cells = [interval_cell(page.results, page.notes, "decimal0", **at, arm=arm) for arm in page.arms]
    states = (ENDED, DIED, OPEN)
    names = [label(page.results, page.analysis, "level", state) for state in states]
    told = (Piece("First course: "), names[0], Piece(" / "), names[1], Piece(" / "), names[2], Piece(", n"))
    return [page.line(words, cells), page.line(told, [_states(page, place, states, arm) for arm in page.arms])]


def _states(page: Page, place: dict[str, Any], states: tuple[str, ...], arm: str) -> Cell:
    rows = [
        row_at(page.results, **place, measure="first_courses", level=state, arm=arm, stat="count") for state in states
    ]
    ended, died, lasting = (number(page.results, row, "count") for row in rows)
    return Cell((ended, Piece(" / "), died, Piece(" / "), lasting), "right")


def _month_line(page: Page, item: str, time: float) -> TableRow:
    first = row_at(page.results, analysis=page.analysis, block=item, time=time, measure="in_use", arm=page.arms[0],
                   stat="count")  # fmt: skip
    words = (Piece("In place "), *_months(page, item, first))
    return page.share_line(words, block=item, time=time, measure="in_use")


def _months(page: Page, item: str, row: Row) -> tuple[Piece, ...]:
    after = label(page.results, page.analysis, "variable", months_line(item))
    return (number(page.results, row, TIME), Piece(f" {noun(row.time, 'month')} "), after)


# Who is in no denominator --------------------------------------------------------------------------------------------


def _window_outside(page: Page, items: tuple[str, ...], window: str) -> list[tuple[Piece, ...]]:
    """One sentence of a window whose denominator is that of all its items, or one for each of them."""
    named = label(page.results, page.analysis, "window", window)
    told: dict[tuple[str, ...], list[tuple[Piece, ...]]] = {}
    for item in items:
        for sentence in outside_sentence(page, (named,), block=item, window=window):
            told.setdefault(tuple(piece.text for piece in sentence), []).append((Piece(item), *sentence))
    if len(told) == 1:
        return [found[0][1:] for found in told.values()]
    return [
        (label(page.results, page.analysis, "block", code.text), Piece(". "), *sentence)
        for found in told.values()
        for code, *sentence in found
    ]


def _months_outside(page: Page, items: tuple[str, ...]) -> list[tuple[Piece, ...]]:
    """A sentence for each month: its denominator does not depend on the kind of care."""
    told: dict[float, list[tuple[Piece, ...]]] = {}
    for item in items:
        for row in select(page.results, analysis=page.analysis, block=item, measure="in_use", arm=page.arms[0],
                          stat="count"):  # fmt: skip
            if row.time not in told:
                named = (number(page.results, row, TIME), Piece(f" {noun(row.time, 'month')}"))
                told[row.time] = outside_sentence(page, named, block=item, time=row.time)
    return [sentence for sentences in told.values() for sentence in sentences]
