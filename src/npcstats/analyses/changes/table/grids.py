"""Tables of counts: records of each frame, adverse events, analysis sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from npcstats.analyses.changes.displays import EventChanges, RecordChanges, SetChanges
from npcstats.analyses.changes.rows import (
    EVENT_LEVELS,
    EVENTS,
    NO_EVENTS,
    OTHER_ARM,
    OTHER_RULE,
    RECORD_LEVELS,
    RECORDS,
    SET_LEVELS,
    SETS,
)
from npcstats.analyses.changes.table.common import is_compared, without_former
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, row_at
from npcstats.display.pieces import column_name, label, number
from npcstats.results import EVERYONE, Results, Row, select

ONLY_RECORDS = ("former", "sets", "causes", "graded", "arms", "arms_counts", NO_EVENTS)
ONLY_SETS = ("former", "records", "causes", "graded", "arms", "arms_counts", NO_EVENTS)
ONLY_EVENTS = ("former", "records", "sets", "causes", "arms", "arms_counts", NO_EVENTS)


def tabulate_records(results: Results, table: RecordChanges) -> Table:
    """Records of each frame: the table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``since``.
    table : RecordChanges
        Of the plan.

    Returns
    -------
    Table
        One line per frame, everyone together.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    if not is_compared(results, table.analysis):
        return without_former(results, table.analysis, table.name)
    return _grid(results, table.analysis, table.name, ("Records", RECORDS, "records", RECORD_LEVELS), ONLY_RECORDS)


def tabulate_sets(results: Results, table: SetChanges) -> Table:
    """Who left and joined each analysis set: the table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``since``.
    table : SetChanges
        Of the plan.

    Returns
    -------
    Table
        One line per set and group.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    if not is_compared(results, table.analysis):
        return without_former(results, table.analysis, table.name)
    return _grid(results, table.analysis, table.name, ("Participants", SETS, "participants", SET_LEVELS), ONLY_SETS,
                 _reassigned(results, table.analysis))  # fmt: skip


def tabulate_events(results: Results, table: EventChanges) -> Table:
    """What became of adverse events: the table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``since``.
    table : EventChanges
        Of the plan.

    Returns
    -------
    Table
        One line for each thing that can become of an event, a column for each group.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    analysis = table.analysis
    if not is_compared(results, analysis):
        return without_former(results, analysis, table.name)
    if NO_EVENTS in analysis_of(results, analysis).sentences:
        return without_former(results, analysis, table.name, NO_EVENTS)
    arms = columns_of(results, analysis, total=True)
    header = (
        Cell((Piece("Adverse events"),), strong=True),
        *(Cell((column_name(results, arm, arms),), "right", strong=True) for arm in arms),
    )
    place = {"analysis": analysis, "block": EVENTS, "measure": "records", "stat": "count"}
    rows = [
        TableRow((Cell((Piece(text),)), *(_count(results, row_at(results, **place, level=level, arm=arm))
                                         for arm in arms)))
        for level, text in EVENT_LEVELS.items()
    ]  # fmt: skip
    return compose_table(
        results, [analysis], Footnotes(), name=f"since-{table.name}", header=header, rows=rows,
        without=ONLY_EVENTS,
    )  # fmt: skip


def _grid(
    results: Results,
    analysis: str,
    name: str,
    what: tuple[str, str, str, Mapping[str, str]],
    without: Sequence[str],
    extra: Sequence[tuple[Piece, ...]] = (),
) -> Table:
    """A line for each variable, or, under it, for each group, and a column for each level."""
    heading, block, measure, levels = what
    arms = columns_of(results, analysis, total=True) if block == SETS else (EVERYONE,)
    found = select(results, analysis=analysis, block=block, measure=measure, stat="count", level=tuple(levels))
    by_place = {(row.variable, row.arm, row.level): row for row in found}
    rows = []
    for variable in dict.fromkeys(row.variable for row in found):
        told = label(results, analysis, "variable", variable)
        if len(arms) > 1:
            rows.append(group_row((told,), 1 + len(levels)))
        for arm in arms:
            first = Cell((column_name(results, arm, arms),), indent=1) if len(arms) > 1 else Cell((told,))
            rows.append(TableRow((first, *(_count(results, by_place[variable, arm, level]) for level in levels))))
    header = (
        Cell((Piece(heading),), strong=True),
        *(Cell((Piece(text),), "right", strong=True) for text in levels.values()),
    )
    return compose_table(
        results, [analysis], Footnotes(), name=f"since-{name}", header=header, rows=rows, without=without, extra=extra
    )


def _reassigned(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Who was counted in another arm, or in the same by another rule."""
    found = {row.level: row for row in select(results, analysis=analysis, measure="reassigned", stat="count")}
    if not found:
        return []
    other, ruled = (number(results, found[level], "count") for level in (OTHER_ARM, OTHER_RULE))
    return [(Piece("By corrected records "), other, Piece(" of both meetings are in another group, and "), ruled,
             Piece(" in theirs by another rule."))]  # fmt: skip


def _count(results: Results, row: Row) -> Cell:
    return Cell((number(results, row, "count"),), "right")
