"""The table of endpoints: events, follow-up, the median and the landmarks, by arm or pooled."""

from __future__ import annotations

import math
from collections.abc import Sequence

from npcstats.errors import ResultsError
from npcstats.results import Results, Row, select
from npcstats.tables.anatomy import Cell, Piece, Table, TableRow, align_numbers, alignments, column_widths
from npcstats.tables.notes import table_notes
from npcstats.tables.pieces import (
    NOTE,
    TIME,
    Footnotes,
    analysis_of,
    group_name,
    groups_of,
    interval_cell,
    interval_pieces,
    label,
    level_pieces,
    number,
    row_at,
    stat_rows,
    unit_pieces,
    value_cell,
)

MONTHS_STYLE = "decimal1"


def survival_table(results: Results, analyses: Sequence[str]) -> Table:
    """Events, follow-up, median and landmark estimates of one or more endpoints.

    Parameters
    ----------
    results : Results
        Rows of kind ``survival``.
    analyses : sequence of str
        Ids of the analyses, in page order.

    Returns
    -------
    Table
        One group of lines per endpoint; log-rank tests, where there are any, in the note.

    Raises
    ------
    ResultsError
        If an analysis is of another kind, the analyses have different arms, or a row is absent.
    """
    for name in analyses:
        analysis_of(results, name, "survival")
    arms = _common_arms(results, analyses)
    notes = Footnotes()
    rows: list[TableRow] = []
    for name in analyses:
        rows += _endpoint_rows(results, name, arms, notes)
    body = align_numbers(tuple(rows))
    header = (Cell((Piece("Endpoint"),), strong=True),
              *(Cell((group_name(results, arm),), "right", strong=True) for arm in arms))  # fmt: skip
    tests = [sentence for name in analyses for sentence in _logrank_sentence(results, name)]
    return Table(
        id="-".join(["survival", *analyses]),
        title="; ".join(analysis_of(results, name).label for name in analyses),
        spanners=(),
        header=header,
        rows=body,
        notes=table_notes(results, analyses, notes, len(header), extra=tests),
        align=alignments(1 + len(arms)),
        widths=column_widths(body, header, ()),
    )


def _common_arms(results: Results, analyses: Sequence[str]) -> tuple[str, ...]:
    found = {groups_of(results, name) for name in analyses}
    if len(found) != 1:
        raise ResultsError(
            f"{', '.join(analyses)}: not all by the same arms; analyses with the same arms are required."
        )
    return found.pop()


def _endpoint_rows(results: Results, analysis: str, arms: tuple[str, ...], notes: Footnotes) -> list[TableRow]:
    variable = _variable(results, analysis)
    place = {"analysis": analysis, "variable": variable}
    heading = Cell((label(results, analysis, "variable", variable),), strong=True, colspan=1 + len(arms))
    unit = unit_pieces(results, analysis, variable)
    half = _level(results, place, "median_survival")
    lines = [
        ((Piece("Events / participants"),), [_events_cell(results, {**place, "arm": arm}) for arm in arms]),
        (
            (Piece("Median follow-up"), *unit, Piece(" (quartiles)")),
            [_follow_up_cell(results, {**place, "arm": arm}, notes) for arm in arms],
        ),
        (
            (Piece("Median survival time"), *unit, *half),
            [interval_cell(results, notes, MONTHS_STYLE, **place, arm=arm, measure="median_survival") for arm in arms],
        ),
    ]
    level = _level(results, place, "survival")
    for row in _landmarks(results, analysis, arms[0]):
        name = (Piece("At "), number(results, row, TIME), Piece(" months, %"), *level)
        at = {**place, "time": row.time, "measure": "survival"}
        cells = [interval_cell(results, notes, "percent1", **at, arm=arm) for arm in arms]
        lines.append((name, cells))
    return [TableRow((heading,), "group"), *[TableRow((Cell(name, indent=1), *cells)) for name, cells in lines]]


def _variable(results: Results, analysis: str) -> str:
    found = {row.variable for row in results.by_analysis.get(analysis, ())}
    if len(found) != 1:
        raise ResultsError(f"{analysis}: {len(found)} endpoints; a survival analysis has exactly one.")
    return found.pop()


def _level(results: Results, place: dict[str, str], measure: str) -> tuple[Piece, ...]:
    return level_pieces(results, select(results, **place, measure=measure, stat="ci_low"))


def _landmarks(results: Results, analysis: str, arm: str) -> tuple[Row, ...]:
    rows = select(results, analysis=analysis, arm=arm, measure="survival", stat="estimate")
    return tuple(row for row in rows if not math.isnan(row.time))


def _events_cell(results: Results, place: dict[str, str]) -> Cell:
    count, total = stat_rows(results, ("count", "total"), **place, measure="events")
    return Cell((number(results, count, "count"), Piece(" / "), number(results, total, "count")), "right")


def _follow_up_cell(results: Results, place: dict[str, str], notes: Footnotes) -> Cell:
    rows = [
        row_at(results, **place, level=level, measure="follow_up", stat="estimate") for level in ("0.5", "0.25", "0.75")
    ]
    pieces = (number(results, rows[0], MONTHS_STYLE), *interval_pieces(results, rows[1:], MONTHS_STYLE, " ("))
    return value_cell(results, rows, pieces, notes)


def _logrank_sentence(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    variable = _variable(results, analysis)
    found = select(results, analysis=analysis, variable=variable, measure="logrank", stat="p_value")
    if not found:
        return []
    test = number(results, found[0], "p_value")
    reason = (Piece(" ("), number(results, found[0], NOTE), Piece(")")) if math.isnan(found[0].value) else ()
    sign = "" if test.text.startswith("<") else "= "
    return [
        (
            Piece("Log-rank test, "),
            label(results, analysis, "variable", variable),
            Piece(f": p {sign}"),
            test,
            *reason,
            Piece("."),
        )
    ]
