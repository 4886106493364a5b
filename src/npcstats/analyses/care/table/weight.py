"""The table of body weight: before treatment, the lowest of each period, losses, and the change at visits."""

from __future__ import annotations

from typing import Any

from npcstats.analyses.care.displays import WeightTable
from npcstats.analyses.care.rows import BASELINE, VISIT
from npcstats.analyses.care.table.lines import Page, open_page, outside_sentence
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import interval_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, ordered, row_at, stat_rows
from npcstats.display.pieces import label, number, part_pieces, words
from npcstats.results import Results, select

MEAN, EXTREME = ("mean", "std_deviation"), ("median", "lowest_value")
CHANGED = "percent1"


def tabulate(results: Results, table: WeightTable) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``weight``.
    table : WeightTable
        Of the plan.

    Returns
    -------
    Table
        A heading for each period, and one for the visits; who is in no denominator stands in the note.

    Raises
    ------
    ResultsError
        If the analysis is of another kind or a row that the table needs is absent.
    """
    page = open_page(results, table.analysis, "weight", limits=table.limits, total=table.total)
    entry = analysis_of(results, table.analysis)
    found = select(results, analysis=table.analysis, measure="observed", block="", stat="count")
    windows = ordered(entry.labels["window"], [row.window for row in found])
    rows = [_baseline_line(page), *(row for window in windows for row in _window_rows(page, window))]
    rows += _visit_rows(page)
    outside = [
        sentence
        for window in windows
        for sentence in outside_sentence(page, (label(results, table.analysis, "window", window),), window=window)
    ]
    return compose_table(
        results,
        [table.analysis],
        page.notes,
        name=f"weight-{table.name}",
        header=page.header(),
        rows=rows,
        without=() if table.limits else ("interval",),
        extra=outside,
    )


def _baseline_line(page: Page) -> TableRow:
    named = label(page.results, page.analysis, "block", BASELINE)
    unit = words(page.results, "analyses", page.analysis, "choices", "unit")
    cells = [_numbers(page, {"block": BASELINE}, arm, "decimal1") for arm in page.arms]
    return page.line((named, Piece(", "), unit, Piece(", n; mean (SD)")), cells, indent=0)


def _window_rows(page: Page, window: str) -> list[TableRow]:
    at: dict[str, Any] = {"window": window}
    rows = [page.heading(label(page.results, page.analysis, "window", window))]
    means = [_numbers(page, at, arm, CHANGED) for arm in page.arms]
    rows.append(page.line((Piece("Lowest, change in %, n; mean (SD)"),), means, _contrasts(page, at)))
    extremes = [_pair(page, at, arm, EXTREME, CHANGED) for arm in page.arms]
    rows.append(page.line((Piece("Lowest, change in %, median (greatest loss)"),), extremes))
    found = select(page.results, analysis=page.analysis, window=window, measure="risk", stat="count")
    for level in dict.fromkeys(row.level for row in found):
        named = (Piece("Lost "), label(page.results, page.analysis, "level", level))
        rows.append(page.share_line(named, **at, level=level, measure="risk"))
    return rows


def _visit_rows(page: Page) -> list[TableRow]:
    found = select(page.results, analysis=page.analysis, block=VISIT, measure="observed", stat="count")
    visits = dict.fromkeys(row.variable for row in found)
    if not visits:
        return []
    named = label(page.results, page.analysis, "block", VISIT)
    rows = [page.heading(named)]
    for code in visits:
        at = {"block": VISIT, "variable": code}
        told = (
            label(page.results, page.analysis, "variable", code),
            Piece(f", %, n{NO_BREAK}/{NO_BREAK}due; mean{NO_BREAK}(SD)"),
        )
        cells = [_numbers(page, at, arm, CHANGED, due=True) for arm in page.arms]
        rows.append(page.line(told, cells, _contrasts(page, at)))
    return rows


def _contrasts(page: Page, at: dict[str, Any]) -> list[Cell]:
    asked = {"analysis": page.analysis, **at, "measure": "mean_difference"}
    return [
        interval_cell(page.results, page.notes, CHANGED, **asked, arm=arm, reference=reference)
        for arm, reference in page.pairs
        if select(page.results, **asked)
    ]


def _numbers(page: Page, at: dict[str, Any], arm: str, style: str, *, due: bool = False) -> Cell:
    place = {"analysis": page.analysis, **at, "arm": arm, "measure": "observed"}
    count = row_at(page.results, **place, stat="count")
    seen: tuple[Piece, ...] = (number(page.results, count, "count"),)
    if due:
        seen = part_pieces(page.results, count, row_at(page.results, **place, stat="total"))
    own = _pair(page, at, arm, MEAN, style)
    return Cell((*seen, Piece("; "), *own.pieces), "right", mark=own.mark)


def _pair(page: Page, at: dict[str, Any], arm: str, names: tuple[str, ...], style: str) -> Cell:
    rows = [
        stat_rows(page.results, ("estimate",), analysis=page.analysis, **at, arm=arm, measure=name)[0] for name in names
    ]
    first, second = (number(page.results, row, style) for row in rows)
    return value_cell(page.results, rows, (first, Piece(" ("), second, Piece(")")), page.notes)
