"""The table of a declared family of adverse events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.harms.displays import HarmsTable
from npcstats.analyses.harms.rows import UNADJUSTED
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import INTERVAL, analysis_of, columns_of, groups_of, pairs_of, row_at, stat_rows
from npcstats.display.origins import NOTE
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    group_name,
    interval_pieces,
    label,
    level_pieces,
    number,
)
from npcstats.formatting import MINUS
from npcstats.results import EVERYONE, Results, Row, select

TESTS = {"exact_test": "P", "exact_test_adjusted": "P, family"}


@dataclass(frozen=True)
class _Column:
    """A column of a contrast: its block, measure, statistic and style."""

    block: str
    measure: str
    style: str
    sign: str


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    arms: tuple[str, ...]
    pair: tuple[str, str] | None
    columns: tuple[_Column, ...]
    tests: tuple[str, ...]
    notes: Footnotes


def tabulate(results: Results, table: HarmsTable) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``harms``.
    table : HarmsTable
        Of the plan.

    Returns
    -------
    Table
        A line for each event of the family.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry = analysis_of(results, analysis, "harms")
    pairs = pairs_of(results, analysis, ("risk_difference",))
    columns = _columns(results, analysis, table.ratio) if pairs else ()
    tests = tuple(name for name in TESTS if pairs and select(results, analysis=analysis, measure=name))
    arms = columns_of(results, analysis, total=False)
    page = _Page(results, analysis, arms, pairs[0] if pairs else None, columns, tests, Footnotes())
    rows = [
        _line(page, variable) for variable in _ordered(results, analysis, table.order, list(entry.labels["variable"]))
    ]
    return compose_table(
        results,
        [analysis],
        page.notes,
        name=f"harms-{table.name}",
        spanners=_spanners(page),
        header=_header(page),
        rows=rows,
        without=_unsaid(page, table.ratio),
        extra=_outside(results, analysis),
    )


def _columns(results: Results, analysis: str, ratio: str) -> tuple[_Column, ...]:
    blocks = [
        row.block for row in select(results, analysis=analysis, measure="risk_difference", stat="estimate") if row.block
    ]
    found = [_Column(block, "risk_difference", "percent1", MINUS) for block in dict.fromkeys(blocks)]
    return (*found, *([_Column(UNADJUSTED, ratio, "ratio", "/")] if ratio else []))


def _unsaid(page: _Page, ratio: str) -> tuple[str, ...]:
    hidden = [name for name in ("risk_ratio", "odds_ratio") if name != ratio]
    return (*hidden, *(("interval",) if page.pair else ("difference", "interval")))


def _ordered(results: Results, analysis: str, order: str, variables: list[str]) -> list[str]:
    if order == "plan":
        return variables
    if order == "frequency":
        counts = select(results, analysis=analysis, arm=EVERYONE, measure="risk", stat="estimate", block="")
        ranks = {row.variable: -row.value for row in counts}
    else:
        found = select(results, analysis=analysis, block=UNADJUSTED, measure="risk_difference", stat="estimate")
        ranks = {row.variable: row.value for row in found}
    return sorted(variables, key=lambda name: (math.isnan(ranks.get(name, math.nan)), ranks.get(name, 0.0)))


def _spanners(page: _Page) -> tuple[Cell, ...]:
    if not page.pair:
        return ()
    cells = [Cell((Piece("Adverse event"),), strong=True, rowspan=2)]
    cells += [Cell((column_name(page.results, arm, page.arms),), "right", strong=True) for arm in page.arms]
    for column in page.columns:
        name = contrast_name(page.results, *page.pair, column.sign)
        points = (Piece(", points"),) if column.measure == "risk_difference" else ()
        cells.append(Cell((*name, *points), "right", strong=True))
    return (*cells, *(Cell(align="right") for _ in page.tests))


def _header(page: _Page) -> tuple[Cell, ...]:
    counted = Cell((Piece("n/N (%)"),), "right", strong=True)
    if not page.pair:
        heads = [Cell((column_name(page.results, arm, page.arms), Piece(", n/N (%)")), "right", strong=True)
                 for arm in page.arms]  # fmt: skip
        return (Cell((Piece("Adverse event"),), strong=True), *heads)
    cells = [counted for _ in page.arms]
    for column in page.columns:
        rows = select(page.results, analysis=page.analysis, block=column.block, measure=column.measure, stat="ci_low")
        words = {"risk_ratio": Piece("Risk ratio"), "odds_ratio": Piece("Odds ratio")}.get(
            column.measure, label(page.results, page.analysis, "block", column.block)
        )
        cells.append(Cell((words, *level_pieces(page.results, rows)), "right", strong=True))
    return (*cells, *(Cell((Piece(TESTS[name]),), "right", strong=True) for name in page.tests))


def _line(page: _Page, variable: str) -> TableRow:
    results = page.results
    first = select(results, analysis=page.analysis, variable=variable, measure="risk", stat="count", block="")[0]
    at = {"analysis": page.analysis, "variable": variable, "window": first.window}
    cells = [Cell((label(results, page.analysis, "variable", variable),))]
    for arm in page.arms:
        count, total, share = stat_rows(results, ("count", "total", "estimate"), **at, arm=arm, measure="risk")
        pieces = (number(results, count, "count"), Piece("/"), number(results, total, "count"))
        whole = (*pieces, Piece(" ("), number(results, share, "percent1"), Piece(")"))
        cells.append(value_cell(results, (count, share), whole, page.notes))
    if page.pair:
        between = {**at, "arm": page.pair[0], "reference": page.pair[1]}
        cells += [
            _interval(page, column.style, {**between, "block": column.block, "measure": column.measure})
            for column in page.columns
        ]
        cells += [_p_value(page, {**between, "block": UNADJUSTED, "measure": name}) for name in page.tests]
    return TableRow(tuple(cells))


def _p_value(page: _Page, place: dict[str, Any]) -> Cell:
    row = row_at(page.results, **place, stat="p_value")
    return value_cell(page.results, (row,), (number(page.results, row, "p_value"),), page.notes)


def _interval(page: _Page, style: str, place: dict[str, Any]) -> Cell:
    """A cell with an interval; with the estimate alone where it has no limits."""
    rows = stat_rows(page.results, INTERVAL, **place)
    if not math.isnan(rows[0].value) and all(math.isnan(row.value) for row in rows[1:]):
        mark = page.notes.mark(number(page.results, rows[0], NOTE)) if rows[0].note else ""
        return Cell((number(page.results, rows[0], style),), "right", mark=mark)
    pieces = (number(page.results, rows[0], style), *interval_pieces(page.results, rows[1:], style, " ("))
    return value_cell(page.results, rows, pieces, page.notes)


def _outside(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Who is compared by no member of a period, by reason; the largest set of it where members differ."""
    parts: list[Piece] = []
    rows = select(results, analysis=analysis, measure="not_evaluable", stat="count")
    found: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        place = (row.window, row.arm, row.level)
        if row.value > 0 and (place not in found or row.value > found[place].value):
            found[place] = row
    for window in dict.fromkeys(window for window, _, _ in found):
        told: list[Piece] = []
        for arm in groups_of(results, analysis):
            own = [row for (at, of, _), row in found.items() if (at, of) == (window, arm)]
            for i, row in enumerate(own):
                named = [] if arm == EVERYONE or i else [group_name(results, arm), Piece(" ")]
                reason = label(results, analysis, "level", row.level)
                told += [*named, number(results, row, "count"), Piece(" ("), reason, Piece(")"), Piece("; ")]
        parts += [label(results, analysis, "window", window), Piece(": "), *told[:-1], Piece(". ")] if told else []
    return [(Piece("Not compared, at most. "), *parts[:-1], Piece("."))] if parts else []
