"""The table of numbers that moved, and by which cause."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.analyses.changes.displays import NumberChanges
from npcstats.analyses.changes.rows import (
    CAUSE_WORDS,
    JOINED_WORDS,
    LEFT_WORDS,
    NO_EVENTS,
    WHOLE,
    amount_choice,
    style_choice,
)
from npcstats.analyses.changes.table.common import is_compared, without_former
from npcstats.analyses.changes.words import NO_NUMBER, WHICH
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, row_at
from npcstats.display.pieces import chosen_number, contrast_name, label, number, part_pieces, words
from npcstats.results import EVERYONE, Results, Row, select

SHORTEST = 34.0
ONLY_NUMBERS = ("records", "sets", "arms", "arms_counts", NO_EVENTS)


def tabulate_numbers(results: Results, table: NumberChanges) -> Table:
    """Numbers that moved, and why: the table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``since``.
    table : NumberChanges
        Of the plan.

    Returns
    -------
    Table
        A line for each number and group: then, now, the change, and the part of each cause.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    analysis = table.analysis
    if not is_compared(results, analysis):
        return without_former(results, analysis, table.name)
    notes, rows = Footnotes(), []
    heads = ["Then", "Now", "Change", *CAUSE_WORDS.values()]
    for row in select(results, analysis=analysis, measure="moved", stat="count"):
        total = row_at(results, analysis=analysis, block=row.block, measure="moved", stat="total")
        told = (label(results, analysis, "block", row.block), Piece(": "), number(results, row, "count"),
                Piece(" of "), number(results, total, "count"), Piece(" moved"), *_beyond(results, row))  # fmt: skip
        rows.append(group_row(told, 1 + len(heads)))
        rows += _numbers_of(results, analysis, row.block, notes)
    header = (
        Cell((Piece("Number"),), strong=True),
        *(Cell((Piece(head),), "right", strong=True) for head in heads),
    )
    extra = [(Piece(WHICH),)] if rows else [(Piece(NO_NUMBER),)]
    return compose_table(
        results, [analysis], notes, name=f"since-{table.name}", header=header, rows=rows, without=ONLY_NUMBERS,
        extra=extra,
        shortest=SHORTEST,
    )  # fmt: skip


def _beyond(results: Results, row: Row) -> tuple[Piece, ...]:
    """By how much a number must differ to be told, where that is not any difference."""
    entry = analysis_of(results, row.analysis)
    amount, style = entry.chosen(amount_choice(row.block), float), entry.chosen(style_choice(row.block), str)
    return (Piece(" by more than "), chosen_number(results, amount, style)) if amount else ()


def _numbers_of(results: Results, analysis: str, watch: str, notes: Footnotes) -> list[TableRow]:
    style = analysis_of(results, analysis).chosen(style_choice(watch), str)
    rows = []
    for then in select(results, analysis=analysis, measure="watched_then", block=watch):
        place = {"analysis": analysis, "population": then.population, "arm": then.arm, "reference": then.reference,
                 "block": watch, "variable": then.variable}  # fmt: skip
        found = [then, row_at(results, **place, measure="watched_now", stat="estimate")]
        found += [
            row_at(results, **place, measure="change_since", level=level, stat="estimate")
            for level in (WHOLE, *CAUSE_WORDS)
        ]
        cells = [value_cell(results, [row], (number(results, row, style),), notes) for row in found]
        rows.append(TableRow((Cell(_named(results, then), indent=1), *cells), scope=watch))
        if reasons := _why(results, then):
            # further in, so that it stays with the line above; not over every column, as a heading of a group is
            rows.append(TableRow((Cell(reasons, indent=2, colspan=len(cells)), Cell()), scope=watch))
    return rows


def _named(results: Results, row: Row) -> tuple[Piece, ...]:
    """A watched number and its group."""
    told = label(results, row.analysis, "variable", row.variable)
    if row.reference:
        return (told, Piece(", "), *contrast_name(results, row.arm, row.reference, "−"))
    if row.arm == EVERYONE and not results.catalogue.arms:
        return (told,)
    return (told, Piece(", "), Piece("all") if row.arm == EVERYONE else words(results, "arms", row.arm))


def _why(results: Results, row: Row) -> tuple[Piece, ...]:
    """Who is counted, joined and left, as ``17 / 117, now 19 / 130: +3 new participants, −1 withdrawn``."""
    place = {"analysis": row.analysis, "arm": row.arm, "block": row.block, "variable": row.variable}
    counts = [select(results, **place, measure=f"counted_{when}") for when in ("then", "now")]
    if not all(counts):
        return ()
    before, after = (part_pieces(results, *found) for found in counts)
    told: list[Piece] = []
    signs: tuple[tuple[str, str, Mapping[str, str]], ...] = (("joined", "+", JOINED_WORDS), ("left", "−", LEFT_WORDS))
    for measure, sign, reasons in signs:
        for found in select(results, **place, measure=measure, stat="count"):
            told += [Piece(f", {sign}" if told else f": {sign}"), number(results, found, "count"),
                     Piece(f" {reasons[found.level]}")]  # fmt: skip
    return (*before, Piece(", now "), *after, *told)
