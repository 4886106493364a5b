"""The table of a TAME summary."""

from __future__ import annotations

from typing import Any

from npcstats.analyses.tame.displays import TameTable
from npcstats.analyses.tame.rows import EVENTFUL, LATE, SHORT_TERM, number_level
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, limited_cell, share_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import INTERVAL, analysis_of, columns_of, groups_of, pairs_of, stat_rows
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    group_name,
    interval_pieces,
    label,
    level_pieces,
    number,
)
from npcstats.results import EVERYONE, Results, select

OVER = "/"
OPENINGS = {
    "not_evaluable": "Not in the denominator of “",
    "worse_than_severe": "With an event above these grades, which is not counted in “",
}


def tabulate(results: Results, table: TameTable) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``tame``.
    table : TameTable
        Of the plan.

    Returns
    -------
    Table
        A block for each of T and A, a line for each span of days of M.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry = analysis_of(results, analysis, "tame")
    arms = columns_of(results, analysis, total=table.total)
    pairs, notes = pairs_of(results, analysis, ("burden_ratio",)), Footnotes()
    rows: list[TableRow] = []
    for variable in (SHORT_TERM, LATE):
        (window,) = {row.window for row in select(results, analysis=analysis, variable=variable, measure="burden")}
        at = {"analysis": analysis, "variable": variable, "window": window}
        rows += _burden_lines(results, at, arms, pairs, notes)
    for variable in entry.labels["variable"]:
        if variable not in (SHORT_TERM, LATE):
            rows.append(_death_line(results, {"analysis": analysis, "variable": variable}, arms, pairs, notes))
    limits = select(results, analysis=analysis, measure="burden", stat="ci_low")
    level = level_pieces(results, limits)
    head = [Cell((column_name(results, arm, arms),), "right", strong=True) for arm in arms]
    head += [Cell((*contrast_name(results, *pair, OVER), *level), "right", strong=True) for pair in pairs]
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"tame-{table.name}",
        header=(Cell((Piece("Severe toxicity and death"),), strong=True), *head),
        rows=rows,
        without=() if pairs else ("ratio",),
        extra=_outside(results, analysis),
    )


def _burden_lines(
    results: Results, at: dict[str, Any], arms: tuple[str, ...], pairs: tuple[tuple[str, str], ...], notes: Footnotes
) -> list[TableRow]:
    name = label(results, at["analysis"], "variable", at["variable"])
    limits = level_pieces(results, select(results, **at, measure="burden", stat="ci_low"))
    cells = [limited_cell(results, notes, "decimal2", **at, arm=arm, measure="burden") for arm in arms]
    cells += [
        limited_cell(results, notes, "ratio", **at, arm=arm, reference=other, measure="burden_ratio")
        for arm, other in pairs
    ]
    rows = [TableRow((Cell((name, Piece(", per participant"), *limits), strong=True), *cells), "total")]
    counted = []
    for arm in arms:
        count, total = stat_rows(results, ("count", "total"), **at, arm=arm, measure="burden")
        counted.append(
            Cell((number(results, count, "count"), Piece(" / "), number(results, total, "count")), align="right")
        )
    blank = [Cell(align="right") for _ in pairs]
    rows.append(TableRow((Cell((Piece("Events / participants"),), indent=1), *counted, *blank)))
    for events in range(EVENTFUL + 1):
        level = number_level(events)
        words = Cell((label(results, at["analysis"], "level", level), Piece(", n (%)")), indent=1)
        shares = [share_cell(results, notes, **at, arm=arm, level=level, measure="risk") for arm in arms]
        rows.append(TableRow((words, *shares, *blank)))
    return rows


def _death_line(
    results: Results, at: dict[str, Any], arms: tuple[str, ...], pairs: tuple[tuple[str, str], ...], notes: Footnotes
) -> TableRow:
    cells = []
    for arm in arms:
        count, total = stat_rows(results, ("count", "total"), **at, arm=arm, measure="risk")
        rows = stat_rows(results, INTERVAL, **at, arm=arm, measure="risk")
        share = (
            number(results, rows[0], "percent1"),
            Piece("%"),
            *interval_pieces(results, rows[1:], "percent1", ", "),
        )
        pieces = (number(results, count, "count"), Piece("/"), number(results, total, "count"), Piece(" ("), *share)
        cells.append(value_cell(results, rows, pieces, notes))
    cells += [
        limited_cell(results, notes, "ratio", **at, arm=arm, reference=other, measure="risk_ratio")
        for arm, other in pairs
    ]
    name = label(results, at["analysis"], "variable", at["variable"])
    limits = level_pieces(results, select(results, **at, measure="risk", stat="ci_low"))
    return TableRow((Cell((name, Piece(", n/N"), *limits), strong=True), *cells), "total")


def _outside(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Who is not in the denominators of T, of A and of each M, by reason, and who had worse than is counted."""
    told = []
    for measure, opening in OPENINGS.items():
        for variable in analysis_of(results, analysis).labels["variable"]:
            parts: list[Piece] = []
            for arm in groups_of(results, analysis):
                rows = select(results, analysis=analysis, variable=variable, arm=arm, measure=measure, stat="count")
                for i, row in enumerate(row for row in rows if row.value > 0):
                    named = [] if arm == EVERYONE or i else [group_name(results, arm), Piece(" ")]
                    reason = (
                        (Piece(" ("), label(results, analysis, "level", row.level), Piece(")")) if row.level else ()
                    )
                    parts += [*named, number(results, row, "count"), *reason, Piece("; ")]
            if parts:
                of = (label(results, analysis, "variable", variable), Piece("”: "))
                told.append((Piece(opening), *of, *parts[:-1], Piece(".")))
    return told
