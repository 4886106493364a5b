"""Tables of monitoring: looks with their boundaries, and what the plan and the trial may show."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.analyses.sequential.displays import BoundaryTable, OutlookTable
from npcstats.analyses.sequential.rows import (
    FUTILITY,
    NONE,
    NOW,
    OBSERVED,
    ONWARD,
    PLANNED,
    STATISTIC,
    TREND,
    UPPER,
)
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, group_row, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import label, number
from npcstats.results import Analysis, Results, Row, select

LATER = "The look is still to come."
CROSSED: dict[float, str] = {0.0: "no", 1.0: "yes"}


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    entry: Analysis
    notes: Footnotes

    def rows(self, block: str, measure: str, stat: str = "estimate", **place: str) -> tuple[Row, ...]:
        """Rows of a measure of a block."""
        return select(self.results, analysis=self.analysis, block=block, measure=measure, stat=stat, **place)

    def has(self, measure: str) -> bool:
        """Whether there are rows of a measure."""
        return any(row.measure == measure for row in self.results.by_analysis[self.analysis])

    def cell(self, row: Row, style: str, before: str = "") -> Cell:
        """A number, or why there is none."""
        opening = (Piece(before),) if before else ()
        return value_cell(self.results, [row], (*opening, number(self.results, row, style)), self.notes)


def _open(results: Results, analysis: str) -> _Page:
    entry = analysis_of(results, analysis)
    return _Page(results, analysis, entry, Footnotes())


def tabulate_boundaries(results: Results, table: BoundaryTable) -> Table:
    """Looks as planned and at the information observed.

    Parameters
    ----------
    results : Results
        Rows of kind ``information`` or ``sequential``.
    table : BoundaryTable
        Of the plan.

    Returns
    -------
    Table
        A line for each look.

    Raises
    ------
    ResultsError
        If there is no such analysis, or a row that the table needs is absent.
    """
    page = _open(results, table.analysis)
    heads = _heads(page)
    rows: list[TableRow] = []
    for block in (PLANNED, OBSERVED):
        rows.append(group_row((label(results, table.analysis, "block", block),), len(heads)))
        rows += [_line(page, row) for row in page.rows(block, "information", "count")]
    return compose_table(
        results, [table.analysis], page.notes, name=f"boundaries-{table.name}",
        header=tuple(Cell((Piece(words),), "right" if i else "left", strong=True) for i, words in enumerate(heads)),
        rows=rows, without=("onward", "planned"),
    )  # fmt: skip


def _heads(page: _Page) -> list[str]:
    unit = page.entry.chosen("information", str)
    spent = "Error spent" if page.entry.chosen("sides", int) == 1 else "Error spent, each side"
    heads = ["Look", unit.capitalize(), "% of planned", spent, "Boundary, Z"]
    heads += ["Futility, Z"] if page.has("boundary_futility") else []
    heads += ["One-sided p"]
    return heads + (["Z", "Crossed"] if page.has(STATISTIC) else [])


def _line(page: _Page, size: Row) -> TableRow:
    """A look: information, error spent, boundaries, and the statistic where one is shown."""
    block, level = size.block, size.level

    def of(measure: str) -> Row:
        (row,) = page.rows(block, measure, level=level)
        return row

    sign = "±" if page.entry.chosen("sides", int) == 2 else ""
    cells = [
        Cell((label(page.results, page.analysis, "level", level),), indent=1),
        page.cell(size, "count"),
        page.cell(of("information_fraction"), "percent1"),
        page.cell(of("alpha_spent"), "p_value4"),
        page.cell(of("boundary_upper"), "decimal3", sign),
    ]
    cells += [page.cell(of("boundary_futility"), "decimal3")] if page.has("boundary_futility") else []
    cells.append(page.cell(of("boundary_p"), "p_value4"))
    return TableRow((*cells, *(_seen(page, block, level) if page.has(STATISTIC) else ())), scope=block)


def _seen(page: _Page, block: str, level: str) -> list[Cell]:
    """The statistic of a look, and whether it is at a boundary."""
    found = page.rows(block, STATISTIC, "statistic", level=level)
    if not found:
        if level == NOW:
            (row,) = page.rows(block, "boundary_upper", level=level)
            return [page.cell(row, "decimal3")] * 2
        return [dash_cell(LATER, page.notes)] * 2
    crossed = {row.window: row for row in page.rows(block, "boundary_crossed", "count", level=level)}
    return [page.cell(found[0], "decimal3"), _verdict(page, crossed)]


def _verdict(page: _Page, crossed: dict[str, Row]) -> Cell:
    """Which boundary is crossed, in words; each word stands for the value of its row."""
    upper, futility = crossed[UPPER], crossed.get(FUTILITY)
    if upper.value != upper.value:
        return page.cell(upper, "count")
    if upper.value == 1:
        return Cell((label(page.results, page.analysis, "window", UPPER),), "right")
    if futility is not None and futility.value == 1:
        return Cell((label(page.results, page.analysis, "window", FUTILITY),), "right")
    return Cell((Piece(CROSSED[0.0]),), "right")


def tabulate_outlook(results: Results, table: OutlookTable) -> Table:
    """Power and expected information of the plan, and what the trial may still show.

    Parameters
    ----------
    results : Results
        Rows of kind ``information`` or ``sequential``.
    table : OutlookTable
        Of the plan.

    Returns
    -------
    Table
        A line for each effect that is assumed.

    Raises
    ------
    ResultsError
        If there is no such analysis, or a row that the table needs is absent.
    """
    page = _open(results, table.analysis)
    unit = page.entry.chosen("information", str)
    heads = ["Effect assumed", "Power of the plan, %", f"Expected {unit}"]
    onward = page.has("conditional_power")
    heads += ["Conditional power, %"] if onward else []
    rows = [
        TableRow(_outlook(page, window, onward=onward)) for window in ((TREND,) if onward else ()) + (PLANNED, NONE)
    ]
    if onward:
        (row,) = page.rows(ONWARD, "predictive_power")
        blanks = [dash_cell(ELSEWHERE, page.notes)] * 2
        rows.append(TableRow((Cell((Piece("Any that the data leave possible"),)), *blanks, page.cell(row, "percent1"))))
    return compose_table(
        results, [table.analysis], page.notes, name=f"outlook-{table.name}",
        header=tuple(Cell((Piece(words),), "right" if i else "left", strong=True) for i, words in enumerate(heads)),
        rows=rows, without=("definition", "updating", "statistic", "monitoring", "guideline"),
    )  # fmt: skip


ELSEWHERE = "The plan assumes no such effect."
OF_NONE = "Without an effect it is the error of the first kind."


def _outlook(page: _Page, window: str, *, onward: bool) -> tuple[Cell, ...]:
    cells = [Cell((label(page.results, page.analysis, "window", window),))]
    power = page.rows(PLANNED, "monitoring_power", window=window)
    expected = page.rows(PLANNED, "expected_information", window=window)
    missing = OF_NONE if window == NONE else ELSEWHERE
    cells.append(page.cell(power[0], "percent1") if power else dash_cell(missing, page.notes))
    cells.append(page.cell(expected[0], "decimal1") if expected else dash_cell(ELSEWHERE, page.notes))
    if onward:
        (row,) = page.rows(ONWARD, "conditional_power", window=window)
        cells.append(page.cell(row, "percent1"))
    return tuple(cells)
