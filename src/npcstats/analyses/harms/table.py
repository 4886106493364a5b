"""The table of a declared family of adverse events."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from npcstats.analyses.harms.displays import HarmsTable
from npcstats.analyses.harms.rows import CONTRASTS, UNADJUSTED
from npcstats.analyses.harms.words import order_sentence, ordered_events, outside_sentences
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, limited_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, pairs_of, row_at, stat_rows
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    label,
    level_pieces,
    number,
)
from npcstats.formatting import MINUS
from npcstats.results import Results, select

UNITS = {"risk_difference": ", points", "risk_ratio": ", risk ratio", "odds_ratio": ", odds ratio"}
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
    analysis_of(results, analysis, "harms")
    pairs = pairs_of(results, analysis, ("risk_difference",))
    columns = tuple(_column(name) for name in table.contrasts) if pairs else ()
    tests = tuple(name for name in TESTS if pairs and select(results, analysis=analysis, measure=name))
    arms = columns_of(results, analysis, total=False)
    page = _Page(results, analysis, arms, pairs[0] if pairs else None, columns, tests, Footnotes())
    rows = [_line(page, variable) for variable in ordered_events(results, analysis, table.order)]
    return compose_table(
        results,
        [analysis],
        page.notes,
        name=f"harms-{table.name}",
        spanners=_spanners(page),
        header=_header(page),
        rows=rows,
        without=_unsaid(page),
        extra=[order_sentence(results, analysis, table.order), *outside_sentences(results, analysis)],
    )


def _column(name: str) -> _Column:
    measure, _, block = name.partition(".")
    style, sign = ("percent1", MINUS) if measure == "risk_difference" else ("ratio", "/")
    return _Column(block, measure, style, sign)


def _unsaid(page: _Page) -> tuple[str, ...]:
    """Topics of what has no column; limits of a risk are not printed, nor those of weighted contrasts by a method."""
    shown = {CONTRASTS[column.measure] for column in page.columns if column.block == UNADJUSTED}
    weighted = any(column.block != UNADJUSTED for column in page.columns)
    return (*(name for name in CONTRASTS.values() if name not in shown), "interval", *([] if weighted else ["score"]))


def _spanners(page: _Page) -> tuple[Cell, ...]:
    if not page.pair:
        return ()
    cells = [Cell((Piece("Adverse event"),), strong=True, rowspan=2)]
    cells += [Cell((column_name(page.results, arm, page.arms),), "right", strong=True) for arm in page.arms]
    for (measure, sign), group in groupby(page.columns, key=lambda column: (column.measure, column.sign)):
        name = (*contrast_name(page.results, *page.pair, sign), Piece(UNITS[measure]))
        cells.append(Cell(name, "right", strong=True, colspan=len([*group])))
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
        named = label(page.results, page.analysis, "block", column.block)
        cells.append(Cell((named, *level_pieces(page.results, rows)), "right", strong=True))
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
            limited_cell(
                page.results, page.notes, column.style, **{**between, "block": column.block, "measure": column.measure}
            )
            for column in page.columns
        ]
        cells += [_p_value(page, {**between, "block": UNADJUSTED, "measure": name}) for name in page.tests]
    return TableRow(tuple(cells))


def _p_value(page: _Page, place: dict[str, Any]) -> Cell:
    row = row_at(page.results, **place, stat="p_value")
    return value_cell(page.results, (row,), (number(page.results, row, "p_value"),), page.notes)
