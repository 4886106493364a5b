"""A table of endpoints one below the other: events, estimates at landmarks and differences, by arm or group."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, interval_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, stat_rows, subgroups_of
from npcstats.display.origins import NOTE, TIME
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    group_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    p_value_pieces,
    part_pieces,
    percent_style,
)
from npcstats.errors import ResultsError
from npcstats.formatting import MINUS, noun
from npcstats.results import EVERYONE, Results, Row, is_withheld, select

TESTS = ("logrank", "trend", "gray")


@dataclass(frozen=True)
class Group:
    """A group of participants: where its rows stand, and its name."""

    place: tuple[tuple[str, str], ...]
    name: Piece


@dataclass(frozen=True)
class Endpoint:
    """What every line of a table needs: rows, analysis, endpoint, groups, the pair compared, and the footnotes."""

    results: Results
    analysis: str
    variable: str
    columns: tuple[Group, ...]
    pair: tuple[str, ...]
    notes: Footnotes

    @property
    def place(self) -> dict[str, Any]:
        """Tell the key columns that all rows share.

        Returns
        -------
        dict
            Analysis and endpoint.
        """
        return {"analysis": self.analysis, "variable": self.variable}

    def cells(self, cell: Callable[..., Cell]) -> list[Cell]:
        """Make one cell for each group.

        Parameters
        ----------
        cell : callable
            Makes it from the key columns of the group.

        Returns
        -------
        list of Cell
            In page order.
        """
        return [cell(**self.place, **dict(column.place)) for column in self.columns]

    def intervals(self, style: str, **wanted: Any) -> list[Cell]:
        """Make a cell with an interval for each group.

        Parameters
        ----------
        style : str
            Formatting style.
        **wanted : str or float
            Further key columns.

        Returns
        -------
        list of Cell
            In page order.
        """
        return self.cells(lambda **place: _interval_cell(self, style, {**place, **wanted}))

    def contrast(self, style: str = "", **wanted: Any) -> list[Cell]:
        """Make the cell of the pair's contrast.

        Parameters
        ----------
        style : str
            Formatting style; the cell is empty without one.
        **wanted : str or float
            Further key columns.

        Returns
        -------
        list of Cell
            None where no pair is compared.
        """
        if not self.pair:
            return []
        if not style:
            return [Cell(align="right")]
        between = {"arm": self.pair[0], "reference": self.pair[-1]}
        return [_interval_cell(self, style, {**self.place, **between, **wanted})]


def _interval_cell(endpoint: Endpoint, style: str, place: dict[str, Any]) -> Cell:
    """A cell with an interval: the limits that there are, and a mark also where they need a word."""
    results = endpoint.results
    rows = stat_rows(results, ("estimate", "ci_low", "ci_high"), **place)
    noted = next((row for row in rows if row.note), None)
    known = [not math.isnan(row.value) for row in rows]
    if known[0] and all(map(is_withheld, rows[1:])):  # one sign for both limits
        sign = (Piece(" ("), number(results, rows[1], style), Piece(")"))
        return Cell((number(results, rows[0], style), *sign), "right")
    if noted is None or is_withheld(noted) or known == [False, False, False]:
        return interval_cell(results, endpoint.notes, style, **place)
    limits = interval_pieces(results, rows[1:], style, " (") if any(known[1:]) else ()
    mark = endpoint.notes.mark(number(results, noted, NOTE))
    return Cell((number(results, rows[0], style), *limits), "right", mark=mark)


Line = tuple[tuple[Piece, ...], list[Cell]]
"""The words of a line, and its cells."""


def compose_endpoints(
    results: Results,
    analyses: Sequence[str],
    lines: Callable[[Endpoint], list[Line]],
    *,
    kind: str,
    difference: str,
    total: bool,
) -> Table:
    """Compose a table of endpoints.

    Parameters
    ----------
    results : Results
        Rows of one kind.
    analyses : sequence of str
        Ids of the analyses, in page order.
    lines : callable
        Lines of one endpoint.
    kind : str
        Kind of the analyses.
    difference : str
        Measure of a difference between two arms.
    total : bool
        Whether everyone has a column beside the arms.

    Returns
    -------
    Table
        One group of lines per endpoint; tests, and who is excluded, in the note.

    Raises
    ------
    ResultsError
        If an analysis is of another kind, the analyses have different groups, or a row is absent.
    """
    for name in analyses:
        analysis_of(results, name, kind)
    columns, pair = _common_columns(results, analyses, total), _compared(results, analyses, difference)
    notes = Footnotes()
    rows: list[TableRow] = []
    for name in analyses:
        endpoint = Endpoint(results, name, _variable(results, name), columns, pair, notes)
        named = (label(results, name, "variable", endpoint.variable),)
        rows.append(group_row(named, 1 + len(columns) + bool(pair)))
        rows += [TableRow((Cell(words, indent=1), *cells)) for words, cells in lines(endpoint)]
    header = (Cell((Piece("Endpoint"),), strong=True),
              *(Cell((column.name,), "right", strong=True) for column in columns),
              *_contrast_head(results, analyses, difference, pair))  # fmt: skip
    extra = [*_left_out(results, analyses), *(sentence for name in analyses for sentence in _tests(results, name))]
    return compose_table(
        results,
        analyses,
        notes,
        name="-".join([kind, *analyses]),
        header=header,
        rows=rows,
        without=() if pair else ("difference",),
        extra=extra,
    )


def events_line(endpoint: Endpoint, words: tuple[Piece, ...], **wanted: str) -> Line:
    """A line of how many of how many had an event.

    Parameters
    ----------
    endpoint : Endpoint
        Of the table.
    words : tuple of Piece
        What is counted.
    **wanted : str
        Further key columns.

    Returns
    -------
    tuple
        Words and cells.
    """
    cells = endpoint.cells(lambda **place: _events_cell(endpoint.results, {**place, **wanted}))
    return words, [*cells, *endpoint.contrast()]


def time_lines(
    endpoint: Endpoint,
    measure: str,
    *,
    words: tuple[str, str],
    style: str,
    difference: str,
    contrast_style: str,
    **wanted: str,
) -> list[Line]:
    """A line for each time at which something is estimated.

    Parameters
    ----------
    endpoint : Endpoint
        Of the table.
    measure : str
        What is estimated.
    words : tuple of (str, str)
        What stands before and after the time.
    style : str
        Formatting style of the estimates.
    difference : str
        Measure of the difference between two arms.
    contrast_style : str
        Formatting style of the difference; empty where none is shown.
    **wanted : str
        Further key columns.

    Returns
    -------
    list of tuple
        Words and cells of each.
    """
    results, before, after = endpoint.results, *words
    style, contrast_style = (percent_style(results, endpoint.analysis, each) for each in (style, contrast_style))
    limits = limits_level(endpoint, measure, **wanted)
    first = {**endpoint.place, **dict(endpoint.columns[0].place), **wanted}
    lines: list[Line] = []
    for row in select(results, **first, measure=measure, stat="estimate"):
        if not math.isnan(row.time):
            at = {**wanted, "time": row.time}
            named = (Piece(before), number(results, row, TIME), Piece(f" {noun(row.time, 'month')}{after}"), *limits)
            between = endpoint.contrast(contrast_style, measure=difference, **at)
            lines.append((named, [*endpoint.intervals(style, measure=measure, **at), *between]))
    return lines


def limits_level(endpoint: Endpoint, measure: str, **wanted: str) -> tuple[Piece, ...]:
    """The level of confidence of what a line shows.

    Parameters
    ----------
    endpoint : Endpoint
        Of the table.
    measure : str
        What is estimated.
    **wanted : str
        Further key columns.

    Returns
    -------
    tuple of Piece
        As `level_pieces` gives it.
    """
    rows = select(endpoint.results, **endpoint.place, **wanted, measure=measure, stat="ci_low")
    return level_pieces(endpoint.results, rows)


def _columns(results: Results, analysis: str, total: bool) -> tuple[Group, ...]:
    if split := subgroups_of(results, analysis):
        return tuple(
            Group((("arm", EVERYONE), ("subgroup", code)), label(results, analysis, "subgroup", code)) for code in split
        )
    arms = columns_of(results, analysis, total=total)
    return tuple(Group((("arm", arm),), column_name(results, arm, arms)) for arm in arms)


def _common_columns(results: Results, analyses: Sequence[str], total: bool) -> tuple[Group, ...]:
    found = [_columns(results, name, total) for name in analyses]
    if len({tuple(column.place for column in columns) for columns in found}) != 1:
        raise ResultsError(
            f"{', '.join(analyses)}: not all by the same groups; analyses with the same groups are required."
        )
    return found[0]


def _compared(results: Results, analyses: Sequence[str], difference: str) -> tuple[str, ...]:
    """The two arms whose differences there are; empty where an analysis has none."""
    for name in analyses:
        rows = select(results, analysis=name, measure=difference, stat="estimate")
        if not rows:
            return ()
    return (rows[0].arm, rows[0].reference) if analyses else ()


def _contrast_head(
    results: Results, analyses: Sequence[str], difference: str, pair: tuple[str, ...]
) -> tuple[Cell, ...]:
    if not pair:
        return ()
    limits = select(results, analysis=set(analyses), measure=difference)
    return (
        Cell((*contrast_name(results, pair[0], pair[1], MINUS), *level_pieces(results, limits)), "right", strong=True),
    )


def _variable(results: Results, analysis: str) -> str:
    found = {row.variable for row in results.by_analysis.get(analysis, ())}
    if len(found) != 1:
        raise ResultsError(f"{analysis}: {len(found)} endpoints; an analysis of survival has exactly one.")
    return found.pop()


def _events_cell(results: Results, place: dict[str, Any]) -> Cell:
    count, total = stat_rows(results, ("count", "total"), **place, measure="events")
    return Cell(part_pieces(results, count, total), "right")


def _left_out(results: Results, analyses: Sequence[str]) -> list[tuple[Piece, ...]]:
    """Who of the population is not in an analysis, by reason; once where the same is true of several."""
    told: dict[tuple[str, ...], tuple[list[Piece], list[Piece]]] = {}
    for name in analyses:
        pieces = _excluded(results, name)
        if pieces:
            named = label(results, name, "variable", _variable(results, name))
            names, _ = told.setdefault(tuple(piece.text for piece in pieces), ([], pieces))
            names += [Piece("; "), named] if names else [named]
    of_which = {reason: (Piece(" of "), *names) if len(told) > 1 else () for reason, (names, _) in told.items()}
    return [(Piece("Not in the analysis"), *of_which[reason], Piece(": "), *pieces, Piece("."))
            for reason, (_, pieces) in told.items()]  # fmt: skip


def _excluded(results: Results, analysis: str) -> list[Piece]:
    """Reasons for which somebody is not in an analysis, and how many, of each arm where that is told."""
    rows = select(results, analysis=analysis, arm=EVERYONE, measure="not_evaluable", stat="count")
    told: list[Piece] = []
    for row in (row for row in rows if row.value > 0):
        reason = label(results, analysis, "level", row.level)
        told += [Piece("; " if told else ""), reason, Piece(" "), number(results, row, "count"), *_by_arm(results, row)]
    return told


def _by_arm(results: Results, row: Row) -> list[Piece]:
    """How many of each arm a number of everyone is made of."""
    same = {"analysis": row.analysis, "measure": row.measure, "level": row.level, "stat": row.stat}
    told: list[Piece] = []
    for part in (part for part in select(results, **same) if part.arm != EVERYONE):
        told += [Piece(", " if told else " ("), group_name(results, part.arm), Piece(" ")]
        told.append(number(results, part, "count"))
    return [*told, Piece(")")] if told else []


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
        if is_withheld(row):
            continue
        what = ("level", row.level) if row.level else ("variable", row.variable)
        named = (label(results, analysis, "measure", row.measure), Piece(", "), label(results, analysis, *what))
        told = (*p_value_pieces(results, row, ": "), *_together(results, row), Piece("."))
        sentences.append((*named, *told))
    return sentences
