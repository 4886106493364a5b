"""Tables of rates of adverse events, and of mean numbers of events at landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from npcstats.analyses.rates.displays import MeanNumbers, RateContrasts, RatesTable
from npcstats.analyses.rates.rows import ALL, FIRST
from npcstats.analyses.rates.words import outside_sentences, window_of
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, limited_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, check_made, columns_of, pairs_of, row_at
from npcstats.display.origins import TIME
from npcstats.display.pieces import (
    chosen_number,
    column_name,
    contrast_name,
    label,
    level_pieces,
    number,
    part_pieces,
    sized_pieces,
)
from npcstats.errors import ResultsError
from npcstats.formatting import MINUS, noun
from npcstats.results import Results, select

DIFFERENCE, RATIO, MEAN_DIFFERENCE = "rate_difference", "rate_ratio", "mean_events_difference"
OVER = "/"


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    arms: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    notes: Footnotes


def tabulate(results: Results, table: RatesTable) -> Table:
    """The table of rates that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``rates``.
    table : RatesTable
        Of the plan.

    Returns
    -------
    Table
        A block of lines for first events, and one for all; a line for each category of events.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, the period was not made, or a row that the table needs is absent.
    """
    analysis = table.analysis
    analysis_of(results, analysis, "rates")
    check_made(results, analysis, "window", (table.window,), ("rate",))
    page = _Page(results, analysis, columns_of(results, analysis, total=table.total), (), Footnotes())
    rows: list[TableRow] = []
    for level in table.levels:
        named = (label(results, analysis, "level", level), *_per(page))
        rows.append(group_row(named, 1 + 2 * len(page.arms)))
        rows += [_rate_line(page, table.window, variable, level) for variable in _variables(page, table.window)]
    return compose_table(
        results,
        [analysis],
        page.notes,
        name=f"rates-{table.name}",
        spanners=_spanners(page, table.window),
        header=_header(page, table.window),
        rows=rows,
        parts=(table.window,),
        without=("mean", "limit", "difference", *_hidden(table.levels)),
        extra=outside_sentences(results, analysis, table.window),
    )


def _per(page: _Page) -> tuple[Piece, ...]:
    per = analysis_of(page.results, page.analysis).chosen("per", float)
    return (Piece(", per "), chosen_number(page.results, per, "count"), Piece(" person-years"))


def _variables(page: _Page, window: str) -> tuple[str, ...]:
    rows = select(page.results, analysis=page.analysis, window=window, measure="rate", stat="estimate")
    return tuple(dict.fromkeys(row.variable for row in rows))


def _hidden(levels: Sequence[str]) -> list[str]:
    """Topics of levels that are not shown."""
    return [level for level in (FIRST, ALL) if level not in levels]


def _spanners(page: _Page, window: str) -> tuple[Cell, ...]:
    cells = [Cell((Piece("Adverse events"),), strong=True, rowspan=2)]
    for arm in page.arms:
        size = row_at(page.results, analysis=page.analysis, arm=arm, window=window, measure="observed", stat="count")
        pieces = sized_pieces(page.results, (column_name(page.results, arm, page.arms),), size)
        cells.append(Cell(pieces, "center", strong=True, colspan=2, underline=True))
    return tuple(cells)


def _header(page: _Page, window: str) -> tuple[Cell, ...]:
    limits = select(page.results, analysis=page.analysis, window=window, measure="rate", stat="ci_low")
    rate = (Piece("Rate"), *level_pieces(page.results, limits))
    pair = (Cell((Piece("n / years"),), "right", strong=True), Cell(rate, "right", strong=True))
    return tuple(cell for _ in page.arms for cell in pair)


def _rate_line(page: _Page, window: str, variable: str, level: str) -> TableRow:
    at = {"analysis": page.analysis, "window": window, "variable": variable, "level": level}
    cells = [Cell((label(page.results, page.analysis, "variable", variable),), indent=1)]
    for arm in page.arms:
        count = row_at(page.results, **at, arm=arm, measure="rate", stat="count")
        years = row_at(page.results, **at, arm=arm, measure="person_time", stat="estimate")
        pieces = (number(page.results, count, "count"), Piece(" / "), number(page.results, years, "decimal1"))
        cells += [
            Cell(pieces, "right"),
            limited_cell(page.results, page.notes, "decimal1", **at, arm=arm, measure="rate"),
        ]
    return TableRow(tuple(cells))


def tabulate_contrasts(results: Results, table: RateContrasts) -> Table:
    """The table of differences and ratios of rates that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``rates``.
    table : RateContrasts
        Of the plan.

    Returns
    -------
    Table
        Of each period a block of lines for first events, and one for all.

    Raises
    ------
    ResultsError
        If the analysis is of another kind or compares no arms, a period was not made, or a row is absent.
    """
    analysis = table.analysis
    analysis_of(results, analysis, "rates")
    check_made(results, analysis, "window", table.windows, ("rate",))
    pairs = pairs_of(results, analysis, (DIFFERENCE,))
    if not pairs:
        raise ResultsError(f"{analysis}: it compares no arms; a table of differences and ratios requires it.")
    page = _Page(results, analysis, (), pairs, Footnotes())
    rows: list[TableRow] = []
    for window in table.windows:
        for level in table.levels:
            named = (label(results, analysis, "window", window), Piece(": "), label(results, analysis, "level", level))
            rows.append(group_row(named, 1 + 2 * len(pairs)))
            rows += [_contrast_line(page, window, variable, level) for variable in _variables(page, window)]
    limits = select(results, analysis=analysis, measure=DIFFERENCE, stat="ci_low")
    head = [Cell((Piece("Adverse events"),), strong=True)]
    for pair in pairs:
        told = ((MINUS, _per(page)), (OVER, ()))
        head += [
            Cell((*contrast_name(results, *pair, sign), *per, *level_pieces(results, limits)), "right", strong=True)
            for sign, per in told
        ]
    return compose_table(
        results,
        [analysis],
        page.notes,
        name=f"rates-{table.name}",
        header=tuple(head),
        rows=rows,
        parts=table.windows,
        without=("mean", "limit", *_hidden(table.levels)),
    )


def _contrast_line(page: _Page, window: str, variable: str, level: str) -> TableRow:
    at = {"analysis": page.analysis, "window": window, "variable": variable, "level": level}
    cells = [Cell((label(page.results, page.analysis, "variable", variable),), indent=1)]
    for arm, reference in page.pairs:
        for measure, style in ((DIFFERENCE, "decimal1"), (RATIO, "ratio")):
            cells.append(
                limited_cell(
                    page.results, page.notes, style, **{**at, "arm": arm, "reference": reference, "measure": measure}
                )
            )
    return TableRow(tuple(cells))


def tabulate_means(results: Results, table: MeanNumbers) -> Table:
    """The table of mean numbers of events that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``rates``.
    table : MeanNumbers
        Of the plan.

    Returns
    -------
    Table
        Of each course events and participants, then the mean at each landmark.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, has no course, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry = analysis_of(results, analysis, "rates")
    courses = tuple(entry.labels.get("block", {}))
    if not courses:
        raise ResultsError(f"{analysis}: it has no course; a table of mean numbers requires one.")
    arms = columns_of(results, analysis, total=table.total)
    page = _Page(results, analysis, arms, pairs_of(results, analysis, (MEAN_DIFFERENCE,)), Footnotes())
    rows = [row for course in courses for row in _course_lines(page, course)]
    limits = select(results, analysis=analysis, measure=MEAN_DIFFERENCE, stat="ci_low")
    head = [Cell((column_name(results, arm, arms),), "right", strong=True) for arm in arms]
    head += [
        Cell((*contrast_name(results, *pair, MINUS), *level_pieces(results, limits)), "right", strong=True)
        for pair in page.pairs
    ]
    windows = tuple(window_of(results, analysis, course) for course in courses)
    return compose_table(
        results,
        [analysis],
        page.notes,
        name=f"means-{table.name}",
        header=(Cell((Piece("Adverse events"),), strong=True), *head),
        rows=rows,
        parts=windows,
        without=("first", "all", "difference"),
    )


def _course_lines(page: _Page, course: str) -> list[TableRow]:
    results, analysis = page.results, page.analysis
    first = select(results, analysis=analysis, block=course)[0]
    at = {"analysis": analysis, "block": course, "window": first.window, "variable": first.variable}
    rows = [group_row((label(results, analysis, "block", course),), 1 + len(page.arms) + len(page.pairs))]
    rows.append(TableRow((Cell((Piece("Events / participants at risk"),), indent=1), *_counts(page, at))))
    means = select(results, **at, arm=page.arms[0], measure="mean_events", stat="estimate")
    level = level_pieces(results, select(results, **at, measure="mean_events", stat="ci_low"))
    for row in means:
        words = (Piece("Mean per participant at "), number(results, row, TIME), Piece(f" {noun(row.time, 'month')}"))
        here = {**at, "time": row.time}
        cells = [
            limited_cell(page.results, page.notes, "decimal2", **here, arm=arm, measure="mean_events")
            for arm in page.arms
        ]
        cells += [
            limited_cell(
                page.results,
                page.notes,
                "decimal2",
                **{**here, "arm": arm, "reference": other, "measure": MEAN_DIFFERENCE},
            )
            for arm, other in page.pairs
        ]
        rows.append(TableRow((Cell((*words, *level), indent=1), *cells)))
    return rows


def _counts(page: _Page, at: dict[str, str]) -> Sequence[Cell]:
    cells = []
    for arm in page.arms:
        pair = (row_at(page.results, **at, arm=arm, measure=name, stat="count") for name in ("records", "observed"))
        cells.append(Cell(part_pieces(page.results, *pair), "right"))
    return [*cells, *(Cell(align="right") for _ in page.pairs)]
