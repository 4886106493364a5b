"""The table of shifts: participants by grade at baseline and worst grade in a period."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.analyses.laboratory.displays import ShiftTable
from npcstats.analyses.laboratory.rows import GRADES, SHIFT, STATES, shift_level
from npcstats.analyses.laboratory.words import TOPICS, outside_sentences, window_heads
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, group_row
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, check_made, columns_of, find_row, ordered
from npcstats.display.pieces import label, number
from npcstats.results import Results, select

NO_HIGHER = "Values of this parameter are not graded so high."
SHOWN_SENTENCE = "Grades at baseline that nobody had, and worst grades that nobody reached, are not shown."


def tabulate(results: Results, table: ShiftTable) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``laboratory``.
    table : ShiftTable
        Of the plan.

    Returns
    -------
    Table
        Of each parameter a line for each grade at baseline, of each arm a column for each worst grade.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or the period or a row that the table needs is absent.
    """
    analysis, window = table.analysis, table.window
    entry = analysis_of(results, analysis, "laboratory")
    check_made(results, analysis, "window", [window], ("shift",))
    check_made(results, analysis, "variable", table.parameters, ("shift",))
    arms, notes = columns_of(results, analysis, total=table.total), Footnotes()
    found = select(results, analysis=analysis, window=window, block=SHIFT, measure="shift", arm=set(arms))
    parameters = table.parameters or ordered(entry.labels.get("variable", {}), [row.variable for row in found])
    happened = {(row.variable, *row.level.split(">")) for row in found if row.value != 0}
    happened = {place for place in happened if place[0] in parameters}
    columns = [worst for worst in STATES if worst in {place[2] for place in happened} | set(map(str, GRADES[:1]))]
    rows: list[TableRow] = []
    for code in parameters:
        rows.append(group_row((label(results, analysis, "variable", code),), 1 + len(arms) * len(columns)))
        for before in STATES:
            if any(place[:2] == (code, before) for place in happened):
                cells = [
                    _count(results, notes, analysis=analysis, window=window, block=SHIFT, variable=code, arm=arm,
                           measure="shift", level=shift_level(before, worst))
                    for arm in arms for worst in columns
                ]  # fmt: skip
                rows.append(TableRow((Cell(_state(results, analysis, before), indent=1), *cells)))
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"laboratory-{analysis}-shift-{window}",
        header=tuple(
            Cell((label(results, analysis, "level", worst),), "right", strong=True) for _ in arms for worst in columns
        ),
        rows=rows,
        spanners=(Cell((Piece("Grade at baseline"),), strong=True, rowspan=2),
                  *window_heads(results, analysis, window, arms, len(columns), Piece(": worst grade, n"))),
        parts=(window,),
        without=TOPICS - {"unknown"},
        extra=[*outside_sentences(results, analysis, window), (Piece(SHOWN_SENTENCE),)],
    )  # fmt: skip


def _state(results: Results, analysis: str, state: str) -> Sequence[Piece]:
    named = label(results, analysis, "level", state)
    return (Piece("Grade "), named) if state.isdigit() else (named,)


def _count(results: Results, notes: Footnotes, **place: str) -> Cell:
    row = find_row(results, **place, stat="count")
    return Cell((number(results, row, "count"),), "right") if row else dash_cell(NO_HIGHER, notes)
