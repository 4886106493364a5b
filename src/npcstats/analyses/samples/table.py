"""The tables of samples: steps from a visit that is expected to an evaluable value, and reasons of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from npcstats.analyses.samples.displays import SampleReasons, SampleSteps
from npcstats.analyses.samples.rows import EVALUABLE, EXPECTED, STEPS, UNEVALUABLE, UNEXPECTED
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, share_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, check_made, columns_of, ordered, row_at
from npcstats.display.pieces import column_name, label, number, sized_pieces
from npcstats.results import Results, select

SIDE_BY_SIDE = 2
"""Groups that a page has room for beside one another."""
SHORTEST_VISIT = 22.0
NOT_SHOWN = "Reasons under which nobody stands are not shown."

Cells = Callable[[dict[str, Any]], list[Cell]]


def tabulate_steps(results: Results, table: SampleSteps) -> Table:
    """How many of those expected took each step: the table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``samples``.
    table : SampleSteps
        Of the plan.

    Returns
    -------
    Table
        One line per visit, under its marker, the groups side by side; of more than two groups, a line for each.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a marker was not made, or a row that the table needs is absent.
    """
    notes = Footnotes()

    def _cells(place: dict[str, Any]) -> list[Cell]:
        found = [row_at(results, **place, measure="proportion", level=step, stat="count") for step in STEPS]
        counts = [Cell((number(results, row, "count"),), "right") for row in found[:-1]]
        return [*counts, share_cell(results, notes, **place, measure="proportion", level=EVALUABLE)]

    heads = [(step, ", n (%)" if step == EVALUABLE else "") for step in STEPS]
    return _table(results, table, notes, heads, _cells, without=("reasons",))


def tabulate_reasons(results: Results, table: SampleReasons) -> Table:
    """Why participants have no evaluable value: the table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``samples``.
    table : SampleReasons
        Of the plan.

    Returns
    -------
    Table
        As `tabulate_steps` has it, a column for each reason.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a marker was not made, or a row that the table needs is absent.
    """

    def _cells(place: dict[str, Any]) -> list[Cell]:
        found = [row_at(results, **place, measure="not_evaluable", level=why, stat="count") for why in reasons]
        return [Cell((number(results, row, "count"),), "right") for row in found]

    check_made(results, table.analysis, "variable", table.variables, ("proportion",))
    rows = select(results, analysis=table.analysis, measure="not_evaluable", stat="count")
    held = {row.level for row in rows if row.value > 0 and (not table.variables or row.variable in table.variables)}
    reasons = [why for why in (*UNEXPECTED, *UNEVALUABLE) if why in held] or [*UNEVALUABLE]
    extra = [(Piece(NOT_SHOWN),)] if len(reasons) < len(UNEXPECTED) + len(UNEVALUABLE) else []
    heads = [(why, "") for why in reasons]
    return _table(results, table, Footnotes(), heads, _cells, without=("expected", "steps"), extra=extra)


def _table(
    results: Results,
    table: SampleSteps | SampleReasons,
    notes: Footnotes,
    heads: Sequence[tuple[str, str]],
    cells: Cells,
    *,
    without: Sequence[str],
    extra: Sequence[tuple[Piece, ...]] = (),
) -> Table:
    analysis = table.analysis
    labels = analysis_of(results, analysis, "samples").labels
    check_made(results, analysis, "variable", table.variables, ("proportion",))
    arms = columns_of(results, analysis, total=table.total)
    tall = len(arms) > SIDE_BY_SIDE
    named = tuple(
        Cell((label(results, analysis, "level", code), *((Piece(after),) if after else ())), "right", strong=True)
        for code, after in heads
    )
    rows: list[TableRow] = []
    for variable in table.variables or tuple(labels["variable"]):
        place = {"analysis": analysis, "variable": variable}
        found = select(results, **place, measure="proportion", level=EXPECTED, stat="count")
        width = 2 + len(named) if tall else 1 + len(named) * len(arms)
        rows.append(group_row((label(results, analysis, "variable", variable),), width))
        for window in ordered(labels["window"], [row.window for row in found]):
            of_arms = [cells({**place, "window": window, "arm": arm}) for arm in arms]
            visit = Cell((label(results, analysis, "window", window),), indent=1)
            rows += _visit_lines(results, variable, visit, arms, of_arms)
    spanners, header = _header(results, analysis, arms, named)
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"samples-{table.name}",
        header=header,
        rows=rows,
        spanners=spanners,
        without=without,
        extra=extra,
        named=2 if tall else 1,
        shortest=SHORTEST_VISIT,
    )


def _visit_lines(
    results: Results, variable: str, visit: Cell, arms: tuple[str, ...], of_arms: Sequence[list[Cell]]
) -> list[TableRow]:
    """The line of a visit, or a line for each group."""
    if len(arms) <= SIDE_BY_SIDE:
        return [TableRow((visit, *(cell for own in of_arms for cell in own)), scope=variable)]
    # further in than the visit's name: a row and those below it that stand further in are on one page
    return [
        TableRow((Cell(indent=2) if i else visit, Cell((column_name(results, arm, arms),)), *own), scope=variable)
        for i, (arm, own) in enumerate(zip(arms, of_arms, strict=True))
    ]


def _header(
    results: Results, analysis: str, arms: tuple[str, ...], named: tuple[Cell, ...]
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    if len(arms) > SIDE_BY_SIDE:
        return (), (*(Cell((Piece(name),), strong=True) for name in ("Visit", "Group")), *named)
    spanners = [Cell((Piece("Visit"),), strong=True, rowspan=2)]
    for arm in arms:
        size = row_at(results, analysis=analysis, arm=arm, measure="participants", stat="count")
        told = sized_pieces(results, (column_name(results, arm, arms),), size)
        spanners.append(Cell(told, "center", strong=True, colspan=len(named), underline=True))
    return tuple(spanners), named * len(arms)
