"""Tables of endpoints: events, follow-up, medians, landmarks and differences, by arm, by another grouping or pooled."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from npcstats.analyses.survival.displays import SurvivalTimes
from npcstats.analyses.timetoevent.rows import COMPETING, EVENT
from npcstats.display.anatomy import Cell, Piece, Table, TableRow, align_numbers, alignments, column_widths
from npcstats.display.cells import Footnotes, interval_cell, value_cell
from npcstats.display.lookup import analysis_of, columns_of, ordered, row_at, stat_rows
from npcstats.display.notes import table_notes
from npcstats.display.origins import NOTE, TIME
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    unit_pieces,
)
from npcstats.display.specs import TableOfSeveral
from npcstats.errors import ResultsError
from npcstats.formatting import MINUS, noun
from npcstats.results import EVERYONE, Results, Row, is_withheld, select

MONTHS_STYLE = "decimal1"
TESTS = ("logrank", "trend", "gray")


@dataclass(frozen=True)
class _Column:
    """A group of participants: where its rows stand, and its name."""

    place: tuple[tuple[str, str], ...]
    name: Piece


@dataclass(frozen=True)
class _Context:
    """What every line of a table needs: rows, analysis, endpoint, groups, the pair compared, and the footnotes."""

    results: Results
    analysis: str
    variable: str
    columns: tuple[_Column, ...]
    pair: tuple[str, ...]
    notes: Footnotes

    @property
    def place(self) -> dict[str, Any]:
        """Key columns that all rows share."""
        return {"analysis": self.analysis, "variable": self.variable}

    def cells(self, cell: Callable[..., Cell]) -> list[Cell]:
        """Make one cell for each group."""
        return [cell(**self.place, **dict(column.place)) for column in self.columns]

    def intervals(self, style: str, **wanted: Any) -> list[Cell]:
        """Make a cell with an interval for each group."""
        return self.cells(lambda **place: _interval_cell(self, style, {**place, **wanted}))

    def contrast(self, style: str = "", **wanted: Any) -> list[Cell]:
        """Make the cell of the pair's contrast: empty without a style, none without a pair."""
        if not self.pair:
            return []
        if not style:
            return [Cell(align="right")]
        between = {"arm": self.pair[0], "reference": self.pair[-1]}
        return [_interval_cell(self, style, {**self.place, **between, **wanted})]


def _interval_cell(context: _Context, style: str, place: dict[str, Any]) -> Cell:
    """A cell with an interval: the limits that there are, and a mark also where they need a word."""
    results = context.results
    rows = stat_rows(results, ("estimate", "ci_low", "ci_high"), **place)
    noted = next((row for row in rows if row.note), None)
    known = [not math.isnan(row.value) for row in rows]
    if noted is None or is_withheld(noted) or known == [False, False, False]:
        return interval_cell(results, context.notes, style, **place)
    limits = interval_pieces(results, rows[1:], style, " (") if any(known[1:]) else ()
    mark = context.notes.mark(number(results, noted, NOTE))
    return Cell((number(results, rows[0], style), *limits), "right", mark=mark)


def tabulate_survival(results: Results, table: SurvivalTimes) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``survival``.
    table : SurvivalTimes
        Of the plan.

    Returns
    -------
    Table
        As `survival_table` makes it.
    """
    return survival_table(results, table.members, total=table.total)


def survival_table(results: Results, analyses: Sequence[str], *, total: bool = False) -> Table:
    """Events, follow-up, median, landmark estimates and restricted mean of one or more endpoints.

    Parameters
    ----------
    results : Results
        Rows of kind ``survival``.
    analyses : sequence of str
        Ids of the analyses, in page order.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    Table
        One group of lines per endpoint, with differences of two arms; tests, where there are any, in the note.

    Raises
    ------
    ResultsError
        If an analysis is of another kind, the analyses have different groups, or a row is absent.
    """
    return _table(results, analyses, "survival", _survival_lines, total)


def tabulate_incidence(results: Results, table: TableOfSeveral) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``incidence``.
    table : TableOfSeveral
        Of the plan.

    Returns
    -------
    Table
        As `incidence_table` makes it.
    """
    return incidence_table(results, table.members, total=table.total)


def incidence_table(results: Results, analyses: Sequence[str], *, total: bool = False) -> Table:
    """Events, competing events and incidence at landmarks of one or more endpoints.

    Parameters
    ----------
    results : Results
        Rows of kind ``incidence``.
    analyses : sequence of str
        Ids of the analyses, in page order.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    Table
        One group of lines per endpoint, with differences of two arms; Gray's tests, where there are any, in the note.

    Raises
    ------
    ResultsError
        If an analysis is of another kind, the analyses have different groups, or a row is absent.
    """
    return _table(results, analyses, "incidence", _incidence_lines, total)


Lines = list[tuple[tuple[Piece, ...], list[Cell]]]


def _table(
    results: Results, analyses: Sequence[str], kind: str, lines: Callable[[_Context], Lines], total: bool
) -> Table:
    for name in analyses:
        analysis_of(results, name, kind)
    columns, pair = _common_columns(results, analyses, total), _compared(results, analyses, kind)
    notes = Footnotes()
    rows: list[TableRow] = []
    for name in analyses:
        variable = _variable(results, name)
        context = _Context(results, name, variable, columns, pair, notes)
        heading = Cell((label(results, name, "variable", variable),), strong=True,
                       colspan=1 + len(columns) + bool(pair))  # fmt: skip
        rows.append(TableRow((heading,), "group"))
        rows += [TableRow((Cell(words, indent=1), *cells)) for words, cells in lines(context)]
    body = align_numbers(tuple(rows))
    header = (Cell((Piece("Endpoint"),), strong=True),
              *(Cell((column.name,), "right", strong=True) for column in columns),
              *_contrast_head(results, analyses, kind, pair))  # fmt: skip
    extra = [sentence for name in analyses for sentence in (*_excluded(results, name), *_tests(results, name))]
    return Table(
        id="-".join([kind, *analyses]),
        title="; ".join(analysis_of(results, name).label for name in analyses),
        spanners=(),
        header=header,
        rows=body,
        notes=table_notes(results, analyses, notes, len(header), without=() if pair else ("difference",), extra=extra),
        align=alignments(len(header)),
        widths=column_widths(body, header, ()),
    )


def _columns(results: Results, analysis: str, total: bool) -> tuple[_Column, ...]:
    rows = results.by_analysis.get(analysis, ())
    groups = ordered(analysis_of(results, analysis).labels.get("subgroup", {}), [row.subgroup for row in rows])
    split = tuple(code for code in groups if code != EVERYONE)
    if split:
        return tuple(
            _Column((("arm", EVERYONE), ("subgroup", code)), label(results, analysis, "subgroup", code))
            for code in split
        )
    arms = columns_of(results, analysis, total=total)
    return tuple(_Column((("arm", arm),), column_name(results, arm, arms)) for arm in arms)


def _common_columns(results: Results, analyses: Sequence[str], total: bool) -> tuple[_Column, ...]:
    found = [_columns(results, name, total) for name in analyses]
    if len({tuple(column.place for column in columns) for columns in found}) != 1:
        raise ResultsError(
            f"{', '.join(analyses)}: not all by the same groups; analyses with the same groups are required."
        )
    return found[0]


CONTRASTS = {"survival": "survival_difference", "incidence": "incidence_difference"}


def _compared(results: Results, analyses: Sequence[str], kind: str) -> tuple[str, ...]:
    """The two arms whose differences there are; empty where an analysis has none."""
    for name in analyses:
        rows = select(results, analysis=name, measure=CONTRASTS[kind], stat="estimate")
        if not rows:
            return ()
    return (rows[0].arm, rows[0].reference) if analyses else ()


def _contrast_head(results: Results, analyses: Sequence[str], kind: str, pair: tuple[str, ...]) -> tuple[Cell, ...]:
    if not pair:
        return ()
    limits = select(results, analysis=set(analyses), measure=CONTRASTS[kind])
    return (
        Cell((*contrast_name(results, pair[0], pair[1], MINUS), *level_pieces(results, limits)), "right", strong=True),
    )


def _survival_lines(context: _Context) -> Lines:
    results, place = context.results, context.place
    unit = unit_pieces(results, context.analysis, context.variable)
    half, level = (_level(results, place, measure) for measure in ("median_survival", "survival"))
    lines: Lines = [
        (
            (Piece("Events / participants"),),
            [*context.cells(lambda **at: _events_cell(results, at)), *context.contrast()],
        ),
        (
            (Piece("Median follow-up"), *unit, Piece(" (quartiles)")),
            [*context.cells(lambda **at: _follow_up_cell(results, at, context.notes)), *context.contrast()],
        ),
        (
            (Piece("Median survival time"), *unit, *half),
            [*context.intervals(MONTHS_STYLE, measure="median_survival"), *context.contrast()],
        ),
    ]
    for row in _landmarks(context, "survival"):
        at = {"time": row.time}
        name = (Piece("At "), number(results, row, TIME), Piece(f" {noun(row.time, 'month')}, %"), *level)
        lines.append(
            (
                name,
                [
                    *context.intervals("percent1", measure="survival", **at),
                    *context.contrast("percent1", measure="survival_difference", **at),
                ],
            )
        )
    for row in _landmarks(context, "restricted_mean"):
        at = {"time": row.time}
        name = (Piece("Restricted mean to "), number(results, row, TIME), Piece(f" {noun(row.time, 'month')}"), *level)
        lines.append(
            (
                name,
                [
                    *context.intervals(MONTHS_STYLE, measure="restricted_mean", **at),
                    *context.contrast(MONTHS_STYLE, measure="restricted_mean_difference", **at),
                ],
            )
        )
    return lines


def _incidence_lines(context: _Context) -> Lines:
    results = context.results
    lines: Lines = []
    for level in (EVENT, COMPETING):
        name = label(results, context.analysis, "level", level)
        counted = context.cells(lambda level=level, **at: _events_cell(results, {**at, "level": level}))
        lines.append(((name, Piece(", events / participants")), [*counted, *context.contrast()]))
        limits = _level(results, {**context.place, "level": level}, "incidence")
        style = "percent1" if level == EVENT else ""
        for row in _landmarks(context, "incidence", level=level):
            at = {"time": row.time, "level": level}
            words = (Piece("At "), number(results, row, TIME), Piece(f" {noun(row.time, 'month')}, %"), *limits)
            lines.append(
                (
                    words,
                    [
                        *context.intervals("percent1", measure="incidence", **at),
                        *context.contrast(style, measure="incidence_difference", **at),
                    ],
                )
            )
    return lines


def _variable(results: Results, analysis: str) -> str:
    found = {row.variable for row in results.by_analysis.get(analysis, ())}
    if len(found) != 1:
        raise ResultsError(f"{analysis}: {len(found)} endpoints; an analysis of survival has exactly one.")
    return found.pop()


def _level(results: Results, place: dict[str, Any], measure: str) -> tuple[Piece, ...]:
    return level_pieces(results, select(results, **place, measure=measure, stat="ci_low"))


def _landmarks(context: _Context, measure: str, **wanted: str) -> tuple[Row, ...]:
    place = {**context.place, **dict(context.columns[0].place), **wanted}
    rows = select(context.results, **place, measure=measure, stat="estimate")
    return tuple(row for row in rows if not math.isnan(row.time))


def _events_cell(results: Results, place: dict[str, Any]) -> Cell:
    count, total = stat_rows(results, ("count", "total"), **place, measure="events")
    return Cell((number(results, count, "count"), Piece(" / "), number(results, total, "count")), "right")


def _follow_up_cell(results: Results, place: dict[str, Any], notes: Footnotes) -> Cell:
    rows = [
        row_at(results, **place, level=level, measure="follow_up", stat="estimate") for level in ("0.5", "0.25", "0.75")
    ]
    pieces = (number(results, rows[0], MONTHS_STYLE), *interval_pieces(results, rows[1:], MONTHS_STYLE, " ("))
    return value_cell(results, rows, pieces, notes)


def _excluded(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Who of the population is not in the analysis, by reason."""
    rows = [row for row in select(results, analysis=analysis, measure="not_evaluable", stat="count") if row.value > 0]
    told: list[Piece] = []
    for row in rows:
        reason = label(results, analysis, "level", row.level)
        told += [reason, Piece(" "), number(results, row, "count"), Piece("; ")]
    return [(Piece("Not in the analysis: "), *told[:-1], Piece("."))] if told else []


def _together(results: Results, test: Row) -> tuple[Piece, ...]:
    """That a test is one of all groups, where it is of three or more: its degrees of freedom say so."""
    df = results.by_key.get(replace(test, stat="df").key)
    if df is None or not df.value > 1:
        return ()
    compared = "groups" if analysis_of(results, test.analysis).labels.get("subgroup") else "arms"
    return (Piece(f" (all {compared} together, "), number(results, df, "count"), Piece(" degrees of freedom)"))


def _tests(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    sentences = []
    for row in select(results, analysis=analysis, measure=set(TESTS), stat="p_value"):
        test = number(results, row, "p_value")
        reason = (Piece(" ("), number(results, row, NOTE), Piece(")")) if math.isnan(row.value) else ()
        what = ("level", row.level) if row.level else ("variable", row.variable)
        sign = "" if test.text.startswith("<") else "= "
        sentences.append(
            (
                label(results, analysis, "measure", row.measure),
                Piece(", "),
                label(results, analysis, *what),
                Piece(f": p {sign}"),
                test,
                *reason,
                *_together(results, row),
                Piece("."),
            )
        )
    return sentences
