"""The table of cumulative incidence: events, competing events, incidence at landmarks and differences."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.analyses.incidence.displays import Incidences
from npcstats.analyses.timetoevent.rows import COMPETING, EVENT
from npcstats.analyses.timetoevent.table.endpoints import (
    Endpoint,
    Line,
    compose_endpoints,
    events_line,
    time_lines,
)
from npcstats.display.anatomy import Piece, Table
from npcstats.display.pieces import label
from npcstats.results import Results

DIFFERENCE = "incidence_difference"


def tabulate(results: Results, table: Incidences) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``incidence``.
    table : Incidences
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
    return compose_endpoints(results, analyses, _lines, kind="incidence", difference=DIFFERENCE, total=total)


def _lines(endpoint: Endpoint) -> list[Line]:
    """The event with its differences, then the competing events."""
    lines: list[Line] = []
    for level in (EVENT, COMPETING):
        name = label(endpoint.results, endpoint.analysis, "level", level)
        lines.append(events_line(endpoint, (name, Piece(", events / participants")), level=level))
        lines += time_lines(
            endpoint,
            "incidence",
            words=("At ", ", %"),
            style="percent1",
            difference=DIFFERENCE,
            contrast_style="percent1" if level == EVENT else "",
            level=level,
        )
    return lines
