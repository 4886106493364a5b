"""The table of survival: events, follow-up, medians, landmarks, restricted means and differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from npcstats.analyses.survival.displays import SurvivalTimes
from npcstats.analyses.timetoevent.table.endpoints import (
    Endpoint,
    Line,
    compose_endpoints,
    events_line,
    limits_level,
    time_lines,
)
from npcstats.display.anatomy import Cell, Piece, Table
from npcstats.display.cells import Footnotes, value_cell
from npcstats.display.lookup import row_at
from npcstats.display.pieces import interval_pieces, number, unit_pieces
from npcstats.results import Results

MONTHS_STYLE = "decimal1"


def tabulate(results: Results, table: SurvivalTimes) -> Table:
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
    return compose_endpoints(results, analyses, _lines, kind="survival", difference="survival_difference", total=total)


def _lines(endpoint: Endpoint) -> list[Line]:
    return [
        events_line(endpoint, (Piece("Events / participants"),)),
        _follow_up_line(endpoint),
        _median_line(endpoint),
        *time_lines(
            endpoint,
            "survival",
            words=("At ", ", %"),
            style="percent1",
            difference="survival_difference",
            contrast_style="percent1",
        ),
        *time_lines(
            endpoint,
            "restricted_mean",
            words=("Restricted mean to ", ""),
            style=MONTHS_STYLE,
            difference="restricted_mean_difference",
            contrast_style=MONTHS_STYLE,
        ),
    ]


def _follow_up_line(endpoint: Endpoint) -> Line:
    unit = unit_pieces(endpoint.results, endpoint.analysis, endpoint.variable)
    cells = endpoint.cells(lambda **at: _follow_up_cell(endpoint.results, at, endpoint.notes))
    return (Piece("Median follow-up"), *unit, Piece(" (quartiles)")), [*cells, *endpoint.contrast()]


def _median_line(endpoint: Endpoint) -> Line:
    unit = unit_pieces(endpoint.results, endpoint.analysis, endpoint.variable)
    words = (Piece("Median survival time"), *unit, *limits_level(endpoint, "median_survival"))
    return words, [*endpoint.intervals(MONTHS_STYLE, measure="median_survival"), *endpoint.contrast()]


def _follow_up_cell(results: Results, place: dict[str, Any], notes: Footnotes) -> Cell:
    rows = [
        row_at(results, **place, level=level, measure="follow_up", stat="estimate") for level in ("0.5", "0.25", "0.75")
    ]
    pieces = (number(results, rows[0], MONTHS_STYLE), *interval_pieces(results, rows[1:], MONTHS_STYLE, " ("))
    return value_cell(results, rows, pieces, notes)
