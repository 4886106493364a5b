"""The tables of states at visits, and of the time to clearance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.clearance.displays import ClearanceTable, StatesTable
from npcstats.analyses.clearance.rows import AT_VISITS, STATES, UNTIL
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, interval_cell, limited_cell, share_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, row_at, stat_rows
from npcstats.display.origins import TIME
from npcstats.display.pieces import column_name, label, level_pieces, number, sized_pieces
from npcstats.results import Results, Row, select

NUMBERS = (
    ("cleared", "Not detected in a later sample, n (%)"),
    ("detected_again", "Of these, detected again later, n (%)"),
    ("died_uncleared", "Died without a sample in which it was not detected, n (%)"),
)
STATE_TOPICS = ("clearance", "censoring", "method", "minimum", "side_by_side")
TIME_TOPICS = ("visits", "denominator", "interval")


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    variable: str
    arms: tuple[str, ...]
    notes: Footnotes

    def at(self, block: str, arm: str, **more: Any) -> dict[str, Any]:
        """Key columns of a row."""
        return {"analysis": self.analysis, "variable": self.variable, "block": block, "arm": arm, **more}

    def level(self, measure: str) -> tuple[Piece, ...]:
        """The level of confidence of a measure."""
        return level_pieces(self.results, select(self.results, analysis=self.analysis, measure=measure, stat="ci_low"))


def _page(results: Results, analysis: str, *, total: bool) -> _Page:
    (variable,) = analysis_of(results, analysis, "clearance").labels["variable"]
    return _Page(results, analysis, variable, columns_of(results, analysis, total=total), Footnotes())


def tabulate_states(results: Results, table: StatesTable) -> Table:
    """The table of states at visits that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``clearance``.
    table : StatesTable
        Of the plan.

    Returns
    -------
    Table
        Under each visit a line for each group.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _page(results, table.analysis, total=table.total)
    entry = analysis_of(results, table.analysis)
    found = select(results, analysis=table.analysis, block=AT_VISITS, measure="observed", stat="count")
    visits = tuple(code for code in entry.labels["window"] if code in {row.window for row in found})
    rows: list[TableRow] = []
    for visit in visits:
        rows.append(group_row((label(results, table.analysis, "window", visit),), 2 + 2 * len(STATES)))
        for arm in page.arms:
            at = page.at(AT_VISITS, arm, window=visit)
            named = Cell((column_name(results, arm, page.arms),), indent=1)
            rows.append(TableRow((named, _of_due(page, at), *_states(page, at))))
    return compose_table(
        results,
        [table.analysis],
        page.notes,
        name=f"states-{table.name}",
        header=_states_header(page),
        spanners=_states_spanners(page),
        rows=rows,
        without=STATE_TOPICS,
    )


def _states_spanners(page: _Page) -> tuple[Cell, ...]:
    names = [
        Cell((label(page.results, page.analysis, "level", state),), "center", strong=True, colspan=2, underline=True)
        for state in STATES
    ]
    first = (
        Cell((Piece("Visit"),), strong=True, rowspan=2),
        Cell((Piece("n of due"),), "right", strong=True, rowspan=2),
    )
    return (*first, *names)


def _states_header(page: _Page) -> tuple[Cell, ...]:
    level = page.level("proportion")
    limits = level if not level else (Piece("%"), *level)
    pair = (Cell((Piece("n"),), "right", strong=True), Cell(limits, "right", strong=True))
    return pair * len(STATES)


def _of_due(page: _Page, at: dict[str, Any]) -> Cell:
    count, total = stat_rows(page.results, ("count", "total"), **at, measure="observed")
    return Cell((number(page.results, count, "count"), Piece(" of "), number(page.results, total, "count")), "right")


def _states(page: _Page, at: dict[str, Any]) -> list[Cell]:
    cells = []
    for state in STATES:
        of = {**at, "measure": "proportion", "level": state}
        count = row_at(page.results, **of, stat="count")
        cells.append(Cell((number(page.results, count, "count"),), "right"))
        cells.append(interval_cell(page.results, page.notes, "percent1", **of))
    return cells


def tabulate_times(results: Results, table: ClearanceTable) -> Table:
    """The table of the time to clearance that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``clearance``.
    table : ClearanceTable
        Of the plan.

    Returns
    -------
    Table
        Who was followed, who cleared, and by when by either estimate; groups side by side.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _page(results, table.analysis, total=table.total)
    sizes = [
        row_at(results, analysis=table.analysis, arm=arm, measure="participants", stat="count") for arm in page.arms
    ]
    head = [
        Cell(sized_pieces(results, (column_name(results, arm, page.arms),), size), "right", strong=True)
        for arm, size in zip(page.arms, sizes, strict=True)
    ]
    return compose_table(
        results,
        [table.analysis],
        page.notes,
        name=f"clearance-{table.name}",
        header=(Cell((label(results, table.analysis, "variable", page.variable),), strong=True), *head),
        rows=[*_followed(page), *_cleared(page), *_estimated(page)],
        without=TIME_TOPICS,
    )


def _line(words: tuple[Piece, ...], cells: Iterable[Cell]) -> TableRow:
    return TableRow((Cell(words, indent=1), *cells))


def _followed(page: _Page) -> list[TableRow]:
    columns = 1 + len(page.arms)
    samples = [_of_due(page, page.at(UNTIL, arm)) for arm in page.arms]
    before = [
        share_cell(page.results, page.notes, **page.at(UNTIL, arm), measure="detected_before") for arm in page.arms
    ]
    later = [share_cell(page.results, page.notes, **page.at(UNTIL, arm), measure="followed") for arm in page.arms]
    return [
        group_row((Piece("Before"),), columns),
        _line((Piece("With a sample at baseline"),), samples),
        _line((Piece("Detected in it, n (%)"),), before),
        _line((Piece("Of these, with a later sample, n (%)"),), later),
    ]


def _cleared(page: _Page) -> list[TableRow]:
    rows = [group_row((Piece("Of those with a later sample"),), 1 + len(page.arms))]
    for measure, words in NUMBERS:
        cells = [share_cell(page.results, page.notes, **page.at(UNTIL, arm), measure=measure) for arm in page.arms]
        rows.append(_line((Piece(words),), cells))
    return rows


def _estimated(page: _Page) -> list[TableRow]:
    results, columns = page.results, 1 + len(page.arms)
    weeks = select(results, **page.at(UNTIL, page.arms[0]), measure="clearance_least")
    rows = [group_row((Piece("Non-parametric"),), columns)]
    medians = [_between(page, arm, ("median_after", "median_by"), "decimal1") for arm in page.arms]
    rows.append(_line((Piece("Half have cleared, weeks"),), medians))
    for row in weeks:
        of = [
            _between(page, arm, ("clearance_least", "clearance_most"), "percent1", time=row.time) for arm in page.arms
        ]
        rows.append(_line(_by_week(page, row), of))
    level = page.level("weibull_median")
    rows.append(group_row((Piece("Weibull model"), *level), columns))
    medians = [
        limited_cell(results, page.notes, "decimal1", **page.at(UNTIL, arm), measure="weibull_median")
        for arm in page.arms
    ]
    rows.append(_line((Piece("Median, weeks"),), medians))
    for row in weeks:
        of = [
            limited_cell(results, page.notes, "percent1", **page.at(UNTIL, arm, time=row.time),
                         measure="weibull_clearance")
            for arm in page.arms
        ]  # fmt: skip
        rows.append(_line(_by_week(page, row), of))
    return rows


def _by_week(page: _Page, row: Row) -> tuple[Piece, ...]:
    return (Piece("Cleared by week "), number(page.results, row, TIME), Piece(", %"))


def _between(page: _Page, arm: str, measures: Sequence[str], style: str, **more: Any) -> Cell:
    """One number where both ends print the same, else both."""
    low, high = (
        row_at(page.results, **page.at(UNTIL, arm, **more), measure=name, stat="estimate") for name in measures
    )
    first, last = number(page.results, low, style), number(page.results, high, style)
    pieces = (first,) if first.text == last.text else (first, Piece(" to "), last)
    return value_cell(page.results, (low, high), pieces, page.notes)
