"""Tables of variations: the effect by each, and E-values."""

from __future__ import annotations

import math

from npcstats.analyses.adjustment.rows import POINTS, STYLES
from npcstats.analyses.robustness.displays import EValues, VariationsTable
from npcstats.analyses.robustness.rows import E_VALUE, LIMIT, POINT
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, find_row, stat_rows
from npcstats.display.pieces import interval_pieces, label, level_pieces, number, words
from npcstats.errors import ResultsError
from npcstats.results import Results, Row, select

ELSEWHERE = ("definition", "period", "baseline", "score", "arms_counts")
"""Sentences that stand in the figure above, or where the comparison is."""
UNWEIGHTED = "Not weighted, or weighted inside a regression of the outcome."


def effects_of(results: Results, analysis: str) -> list[Row]:
    """The estimates of an analysis' variations, in page order.

    Parameters
    ----------
    results : Results
        Rows of kind ``robustness``.
    analysis : str
        Its id.

    Returns
    -------
    list of Row
        One for each variation.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or has none.
    """
    analysis_of(results, analysis, "robustness")
    rows = select(results, analysis=analysis, stat="estimate")
    found = [row for row in rows if row.reference and row.measure != E_VALUE]
    if not found:
        raise ResultsError(f"{analysis}: no variation of an effect is there; one or more are required.")
    return found


def tabulate_variations(results: Results, table: VariationsTable) -> Table:
    """The table of variations that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``robustness``.
    table : VariationsTable
        Of the plan.

    Returns
    -------
    Table
        A line for each variation.

    Raises
    ------
    ResultsError
        If the analysis is of another kind or a row is absent.
    """
    effects, notes = effects_of(results, table.analysis), Footnotes()
    untold = ELSEWHERE if _e_rows(results, table) else (*ELSEWHERE, "e_value")
    rows = [_line(results, row, notes) for row in effects]
    pair = (effects[0].arm, effects[0].reference)
    sized = [Cell((words(results, "arms", arm),), "right", strong=True) for arm in pair]
    limits = select(results, analysis=table.analysis, stat="ci_low")
    level = level_pieces(results, limits, "")
    told = (*level[:-1], Piece(f"{NO_BREAK}CI")) if level else (Piece("Limits"),)
    first = effects[0]
    unit = ", points" if first.measure in POINTS else ", months" if first.measure.startswith("restricted") else ""
    effect = Cell((label(results, table.analysis, "measure", first.measure), Piece(unit)), "right", strong=True)
    spanners = (
        Cell((Piece("Variation"),), strong=True, rowspan=2),
        Cell((Piece("Participants"),), "center", strong=True, colspan=2, underline=True),
        Cell((Piece("Effective size"),), "center", strong=True, colspan=2, underline=True),
        Cell((Piece("Effect"),), "center", strong=True, colspan=2, underline=True),
    )
    return compose_table(
        results, [table.analysis], notes, name=f"variations-{table.analysis}",
        header=(*sized, *sized, effect, Cell(told, "right", strong=True)), rows=rows, spanners=spanners,
        extra=_e_value_sentence(results, table.analysis), without=untold,
    )  # fmt: skip


def _e_rows(results: Results, table: VariationsTable) -> tuple[Row, ...]:
    return tuple(select(results, analysis=table.analysis, measure=E_VALUE))


def _line(results: Results, row: Row, notes: Footnotes) -> TableRow:
    place = {
        "analysis": row.analysis, "population": row.population, "block": row.block, "variable": row.variable
    }  # fmt: skip
    named: tuple[Piece, ...] = (label(results, row.analysis, "block", row.block),)
    sizes, effective = [], []
    for arm in (row.arm, row.reference):
        size = find_row(results, **place, arm=arm, measure="participants", stat="count")
        sizes.append(Cell((number(results, size, "count"),), "right") if size else Cell(align="right"))
        worth = find_row(results, **place, arm=arm, measure="effective_size", stat="estimate")
        effective.append(
            value_cell(results, [worth], (number(results, worth, "decimal1"),), notes)
            if worth
            else dash_cell(UNWEIGHTED, notes)
        )
    style = STYLES[row.measure]
    between = {**place, "arm": row.arm, "reference": row.reference, "measure": row.measure}
    limits = stat_rows(results, ("ci_low", "ci_high"), **between, time=row.time)
    return TableRow((
        Cell(named),
        *sizes,
        *effective,
        value_cell(results, [row], (number(results, row, style),), notes),
        value_cell(results, limits, interval_pieces(results, limits, style, "", ""), notes),
    ))  # fmt: skip


def _e_value_sentence(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    rows = {row.level: row for row in select(results, analysis=analysis, measure=E_VALUE)}
    if not rows or any(math.isnan(row.value) for row in rows.values()):
        return []
    point, limit = rows[POINT], rows[LIMIT]
    return [(
        Piece("E-value: "), number(results, point, "decimal2"), Piece(", of the limit "),
        number(results, limit, "decimal2"), Piece("."),
    )]  # fmt: skip


def tabulate_e_values(results: Results, table: EValues) -> Table:
    """The table of E-values that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``robustness``.
    table : EValues
        Of the plan.

    Returns
    -------
    Table
        A line for each effect.

    Raises
    ------
    ResultsError
        If an analysis is of another kind, or has no E-value.
    """
    rows, notes = [], Footnotes()
    for name in table.members:
        analysis_of(results, name, "robustness")
        cells = []
        for level in (POINT, LIMIT):
            found = select(results, analysis=name, measure=E_VALUE, level=level, stat="estimate")
            if not found:
                raise ResultsError(f"{name}: it has no E-value; an entry with one is required.")
            row = found[0]
            cells.append(value_cell(results, [row], (number(results, row, "decimal2"),), notes))
        rows.append(TableRow((Cell((words(results, "analyses", name, "label"),)), *cells)))
    header = (
        Cell((Piece("Effect"),), strong=True),
        Cell((Piece("E-value of the estimate"),), "right", strong=True),
        Cell((Piece("E-value of the limit"),), "right", strong=True),
    )
    return compose_table(
        results, table.members, notes, name="-".join(["e-values", *table.members]), header=header, rows=rows,
        without=(*ELSEWHERE, "variations", "main", "control", "denominator"),
    )  # fmt: skip
