"""Tables of grades over time: means at each time, prevalence with limits, and areas under the courses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.gradecourse.displays import GradeAreaTable, GradeCourseTable, PrevalenceTable
from npcstats.analyses.gradecourse.rows import AREA, AREA_DIFFERENCE, MEAN, OUTSIDE, PREVALENCE
from npcstats.analyses.gradecourse.words import undated_sentences
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, interval_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, check_made, columns_of, pairs_of, row_at, stat_rows
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    part_pieces,
    sized_pieces,
)
from npcstats.formatting import MINUS
from npcstats.results import Results, select

INTERVAL = ("estimate", "ci_low", "ci_high")
SHORT_LABEL = 12.0
"""Room that names of arms keep beside a column for each time."""


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    variables: tuple[str, ...]
    arms: tuple[str, ...]
    notes: Footnotes

    @property
    def windows(self) -> tuple[str, ...]:
        """Times in page order."""
        return tuple(analysis_of(self.results, self.analysis).labels["window"])

    def named(self, column: str, code: str) -> Piece:
        """A code's label."""
        return label(self.results, self.analysis, column, code)


def _open(results: Results, table: Any, measure: str, variables: tuple[str, ...] = ()) -> _Page:
    entry = analysis_of(results, table.analysis, "gradecourse")
    check_made(results, table.analysis, "variable", variables, (measure,))
    arms = columns_of(results, table.analysis, total=table.total)
    return _Page(results, table.analysis, variables or tuple(entry.labels["variable"]), arms, Footnotes())


def tabulate_means(results: Results, table: GradeCourseTable) -> Table:
    """The table of mean grades that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``gradecourse``.
    table : GradeCourseTable
        Of the plan.

    Returns
    -------
    Table
        A column for each time; of each arm who has a grade, then of each term a line for each arm.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a term was not made, or a row is absent.
    """
    page = _open(results, table, MEAN, table.variables)
    rows = [row for arm in page.arms for row in _denominators(page, arm)]
    for variable in page.variables:
        rows.append(group_row((page.named("variable", variable), Piece(", mean grade (SE)")), 1 + len(page.windows)))
        rows += [_mean_line(page, variable, arm) for arm in page.arms]
    head = [Cell((page.named("window", code),), "right", strong=True) for code in page.windows]
    return compose_table(
        results,
        [page.analysis],
        page.notes,
        name=f"grades-{table.name}",
        header=(Cell((Piece("Time"),), strong=True), *head),
        rows=rows,
        without=("prevalence", "area", "difference"),
        shortest=SHORT_LABEL,
        extra=undated_sentences(results, page.analysis, page.variables),
    )


def _denominators(page: _Page, arm: str) -> list[TableRow]:
    """Who has a grade at each time, and who has none, by each reason that there is."""
    results, at = page.results, {"analysis": page.analysis, "arm": arm, "stat": "count"}
    size = row_at(results, **at, measure="participants")
    title = sized_pieces(results, (column_name(results, arm, page.arms),), size)
    rows = [group_row((*title, Piece(", participants")), 1 + len(page.windows))]
    rows.append(_count_line(page, Piece("With a grade"), {**at, "measure": "observed"}))
    rows.append(_count_line(page, Piece("carried"), {**at, "measure": "grade_carried"}, indent=2))
    for why in OUTSIDE:
        wanted = {**at, "measure": "not_evaluable", "level": why}
        if any(row_at(results, **wanted, window=code).value > 0 for code in page.windows):
            rows.append(_count_line(page, page.named("level", why), wanted))
    return rows


def _count_line(page: _Page, words: Piece, wanted: dict[str, str], indent: int = 1) -> TableRow:
    rows = [row_at(page.results, **wanted, window=code) for code in page.windows]
    cells = (Cell((number(page.results, row, "count"),), "right") for row in rows)
    return TableRow((Cell((words,), indent=indent), *cells), scope="count")


def _mean_line(page: _Page, variable: str, arm: str) -> TableRow:
    cells = []
    for code in page.windows:
        wanted = {"analysis": page.analysis, "variable": variable, "window": code, "arm": arm, "measure": MEAN}
        mean, error = stat_rows(page.results, ("estimate", "std_error"), **wanted)
        pieces = (
            number(page.results, mean, "decimal2"),
            Piece(f"{NO_BREAK}("),
            number(page.results, error, "decimal2"),
            Piece(")"),
        )
        cells.append(value_cell(page.results, (mean, error), pieces, page.notes))
    return TableRow((Cell((column_name(page.results, arm, page.arms),), indent=1), *cells), scope="mean")


def tabulate_prevalence(results: Results, table: PrevalenceTable) -> Table:
    """The table of prevalence over time that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``gradecourse``.
    table : PrevalenceTable
        Of the plan.

    Returns
    -------
    Table
        Of each term a line for each time; of each arm how many of how many, and the share with limits.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a term or band was not made, or a row is absent.
    """
    page = _open(results, table, PREVALENCE, table.variables)
    check_made(results, page.analysis, "level", (table.level,), (PREVALENCE,))
    rows: list[TableRow] = []
    for variable in page.variables:
        words = (page.named("variable", variable), Piece(", "), page.named("level", table.level))
        rows.append(group_row(words, 1 + 2 * len(page.arms)))
        rows += [_prevalence_line(page, table.level, variable, code) for code in page.windows]
    limits = select(results, analysis=page.analysis, measure=PREVALENCE, stat="ci_low")
    share = (Piece("%"), *level_pieces(results, limits))
    pair = (Cell((Piece("n / N"),), "right", strong=True), Cell(share, "right", strong=True))
    spanners = [Cell((Piece("Time"),), strong=True, rowspan=2)]
    spanners += [
        Cell((column_name(results, arm, page.arms),), "center", strong=True, colspan=2, underline=True)
        for arm in page.arms
    ]
    return compose_table(
        results,
        [page.analysis],
        page.notes,
        name=f"prevalence-{table.name}",
        spanners=tuple(spanners),
        header=tuple(cell for _ in page.arms for cell in pair),
        rows=rows,
        without=("mean", "area", "difference"),
        extra=undated_sentences(results, page.analysis, page.variables),
    )


def _prevalence_line(page: _Page, level: str, variable: str, window: str) -> TableRow:
    at = {"analysis": page.analysis, "variable": variable, "window": window, "level": level, "measure": PREVALENCE}
    cells = []
    for arm in page.arms:
        pair = stat_rows(page.results, ("count", "total"), **at, arm=arm)
        cells.append(Cell(part_pieces(page.results, *pair), "right"))
        cells.append(interval_cell(page.results, page.notes, "percent1", **at, arm=arm))
    return TableRow((Cell((page.named("window", window),), indent=1), *cells))


def tabulate_areas(results: Results, table: GradeAreaTable) -> Table:
    """The table of areas under courses of grades that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``gradecourse``.
    table : GradeAreaTable
        Of the plan.

    Returns
    -------
    Table
        A line for each term with means, spreads and the difference of two arms; below who has no area, by reason.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row is absent.
    """
    page = _open(results, table, AREA)
    pairs = pairs_of(results, page.analysis, (AREA_DIFFERENCE,))
    columns = 1 + 2 * len(page.arms) + len(pairs)
    rows = [_area_line(page, variable, pairs) for variable in page.variables]
    lacking = _lacking_lines(page, pairs)
    if lacking:
        rows += [group_row((Piece("Without an area"),), columns), *lacking]
    limits = select(results, analysis=page.analysis, measure=AREA_DIFFERENCE, stat="ci_low")
    head = [Cell((Piece(words),), "right", strong=True) for _ in page.arms for words in ("n", "Mean (SD)")]
    spanners = [Cell((Piece("Area, grade-weeks"),), strong=True, rowspan=2)]
    for arm in page.arms:
        size = row_at(results, analysis=page.analysis, arm=arm, measure="participants", stat="count")
        pieces = sized_pieces(results, (column_name(results, arm, page.arms),), size)
        spanners.append(Cell(pieces, "center", strong=True, colspan=2, underline=True))
    for pair in pairs:
        words = (*contrast_name(results, *pair, MINUS), *level_pieces(results, limits))
        spanners.append(Cell(words, "right", strong=True, rowspan=2))
    return compose_table(
        results,
        [page.analysis],
        page.notes,
        name=f"areas-{table.name}",
        spanners=tuple(spanners),
        header=tuple(head),
        rows=rows,
        without=("prevalence", "mean"),
        extra=undated_sentences(results, page.analysis, page.variables),
    )


def _area_line(page: _Page, variable: str, pairs: Sequence[tuple[str, str]]) -> TableRow:
    results, at = page.results, {"analysis": page.analysis, "variable": variable}
    cells = [Cell((page.named("variable", variable),))]
    for arm in page.arms:
        count = row_at(results, **at, arm=arm, measure=AREA, stat="count")
        mean = row_at(results, **at, arm=arm, measure=AREA, stat="estimate")
        spread = row_at(results, **at, arm=arm, measure="std_deviation", stat="estimate")
        pieces = (number(results, mean, "decimal1"), Piece(" ("), number(results, spread, "decimal1"), Piece(")"))
        cells += [
            Cell((number(results, count, "count"),), "right"),
            value_cell(results, (mean, spread), pieces, page.notes),
        ]
    for arm, reference in pairs:
        rows = stat_rows(results, INTERVAL, **at, arm=arm, reference=reference, measure=AREA_DIFFERENCE)
        told = (number(results, rows[0], "decimal1"), *interval_pieces(results, rows[1:], "decimal1", " ("))
        cells.append(value_cell(results, rows, told, page.notes))
    return TableRow(tuple(cells))


def _lacking_lines(page: _Page, pairs: Sequence[tuple[str, str]]) -> list[TableRow]:
    """Who has no area, by reason: the same of every term."""
    at = {"analysis": page.analysis, "variable": page.variables[0], "measure": "not_evaluable", "stat": "count"}
    lines = []
    for why in OUTSIDE:
        rows = [row_at(page.results, **at, arm=arm, level=why) for arm in page.arms]
        if any(row.value > 0 for row in rows):
            cells = [cell for row in rows for cell in (Cell((number(page.results, row, "count"),), "right"), Cell())]
            lines.append(TableRow((Cell((page.named("level", why),), indent=1), *cells, *(Cell() for _ in pairs))))
    return lines
