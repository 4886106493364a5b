"""Tables of counts: records of each frame, adverse events, analysis sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from npcstats.analyses.changes.displays import EventChanges, RecordChanges, SetChanges
from npcstats.analyses.changes.rows import EVENT_LEVELS, EVENTS, RECORD_LEVELS, RECORDS, SET_LEVELS, SETS
from npcstats.analyses.changes.table.common import is_compared, without_former
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes
from npcstats.display.composing import compose_table
from npcstats.display.lookup import columns_of, row_at
from npcstats.display.pieces import column_name, label, number
from npcstats.results import EVERYONE, Results, Row, select

ONLY_RECORDS = ("sets", "causes", "graded", "arms", "arms_counts")
ONLY_SETS = ("records", "causes", "graded", "arms_counts")
ONLY_EVENTS = ("sets", "causes", "arms_counts")


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
    return _grid(results, table.analysis, table.name, ("Participants", SETS, "participants", SET_LEVELS), ONLY_SETS)


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
    results: Results, analysis: str, name: str, what: tuple[str, str, str, Mapping[str, str]], without: Sequence[str]
) -> Table:
    """A line for each variable, of sets also for each group, and a column for each level."""
    heading, block, measure, levels = what
    arms = columns_of(results, analysis, total=True) if block == SETS else (EVERYONE,)
    found = select(results, analysis=analysis, block=block, measure=measure, stat="count", level=tuple(levels))
    by_place = {(row.variable, row.arm, row.level): row for row in found}
    rows = []
    for variable in dict.fromkeys(row.variable for row in found):
        for arm in arms:
            told = [label(results, analysis, "variable", variable)]
            told += [Piece(", "), column_name(results, arm, arms)] if len(arms) > 1 else []
            cells = [_count(results, by_place[variable, arm, level]) for level in levels]
            rows.append(TableRow((Cell(tuple(told)), *cells)))
    header = (
        Cell((Piece(heading),), strong=True),
        *(Cell((Piece(text),), "right", strong=True) for text in levels.values()),
    )
    return compose_table(
        results, [analysis], Footnotes(), name=f"since-{name}", header=header, rows=rows, without=without
    )


def _count(results: Results, row: Row) -> Cell:
    return Cell((number(results, row, "count"),), "right")
