"""The table of one reporting checklist: what each item asks for, whether the report fills it, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from npcstats.analyses.checklist.displays import Checklist
from npcstats.analyses.checklist.rows import ASKS, PARTLY, REMARKS, STATES, evidence_choice
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, row_at
from npcstats.display.pieces import label, number, words
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, Results, Row, select

HEADER = ("Item", "Asks for", "State", "Where")
WIDTHS = (17.0, 31.0, 13.0, 59.0)
"""Relative widths of these columns: what fills an item are titles, several in a cell."""
SHELVES = {"tbl": "tables", "fig": "figures"}
NUMBERED = "yes"
LEFT = "Left to the authors: "
Pieces = tuple[Piece, ...]


def tabulate(results: Results, table: Checklist) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``checklist``, and a catalogue that names the session's displays.
    table : Checklist
        Of the plan.

    Returns
    -------
    Table
        A line for each item; below it how many are in each state.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or what fills an item is not in the session.
    """
    analysis = table.analysis
    analysis_of(results, analysis, "checklist")
    found = select(results, analysis=analysis, block=table.guideline, measure="checklist_item")
    made = compose_table(
        results, [analysis], Footnotes(), name=f"checklist-{table.guideline.lower()}",
        header=tuple(Cell((Piece(name),), strong=True) for name in HEADER),
        rows=[_line(results, row) for row in found],
        parts=(table.guideline,), extra=[_counts(results, table)], named=len(HEADER),
    )  # fmt: skip
    return replace(made, widths=WIDTHS)


def _line(results: Results, row: Row) -> TableRow:
    named = label(results, row.analysis, "variable", row.variable)
    asks = words(results, "analyses", row.analysis, "labels", ASKS, row.variable)
    state = label(results, row.analysis, "level", row.level)
    return TableRow((Cell((named,)), Cell((asks,)), Cell((state,)), Cell(_where(results, row))))


def _where(results: Results, row: Row) -> Pieces:
    """Numbers and titles of what fills an item, then what is left, or why it does not apply."""
    entry = analysis_of(results, row.analysis)
    evidence = entry.choices.get(evidence_choice(row.variable), ())
    if not isinstance(evidence, tuple):
        raise ResultsError(f"catalogue: what fills {row.variable} is {evidence!r}; names are required.")
    told = [_named(results, str(name)) for name in evidence]
    if row.variable in entry.labels.get(REMARKS, {}):
        before = (Piece(LEFT),) if row.level == PARTLY else ()
        told.append((*before, words(results, "analyses", row.analysis, "labels", REMARKS, row.variable)))
    return _joined(told)


def _joined(told: Sequence[Pieces]) -> Pieces:
    """One after the other, with a semicolon where a title does not end with a full stop of its own."""
    pieces: list[Piece] = []
    for one in told:
        if pieces:
            pieces.append(Piece(" " if pieces[-1].text.endswith(".") else "; "))
        pieces += one
    return tuple(pieces)


def _named(results: Results, name: str) -> Pieces:
    shelf, _, code = name.partition("-")
    if shelf not in SHELVES:
        return (words(results, "analyses", code, "label"),)
    displays = results.catalogue.tables if shelf == "tbl" else results.catalogue.figures
    if code not in displays:
        raise ResultsError(f"catalogue: {name}, which fills an item, is not in this session.")
    title = words(results, SHELVES[shelf], code, "title")
    if results.catalogue.study.get("numbered") != NUMBERED or not displays[code].get("number"):
        return (title,)
    return (words(results, SHELVES[shelf], code, "number"), Piece(NO_BREAK), title)


def _counts(results: Results, table: Checklist) -> Pieces:
    place = {"analysis": table.analysis, "block": table.guideline, "variable": EVERYONE, "measure": "checklist_items"}
    total = row_at(results, **place, level=next(iter(STATES)), stat="total")
    pieces: list[Piece] = [Piece("Of "), number(results, total, "count"), Piece(" items: ")]
    for i, state in enumerate(STATES):
        count = row_at(results, **place, level=state, stat="count")
        named = words(results, "analyses", table.analysis, "labels", "level", state)
        pieces += [Piece(", ")] if i else []
        pieces += [number(results, count, "count"), Piece(NO_BREAK), named]
    return (*pieces, Piece("."))
