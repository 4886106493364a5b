"""The table of worst grades: participants by class, term and grade band, and the difference between arms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from npcstats.analyses.toxicity.displays import WorstGrades
from npcstats.analyses.toxicity.rows import COMPOSITES, HEADS, grade_level, lowest_grade
from npcstats.analyses.toxicity.words import severe_terms, shown_sentence, uncounted_sentences
from npcstats.display.anatomy import (
    SHORTEST_LABEL,
    Align,
    Cell,
    Piece,
    RowKind,
    Table,
    TableRow,
)
from npcstats.display.cells import Footnotes, group_row, interval_cell, share_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, check_made, columns_of, groups_of, ordered, pairs_of, row_at
from npcstats.display.notes import reason_pieces
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    label,
    level_pieces,
    number,
    sized_pieces,
)
from npcstats.errors import ResultsError
from npcstats.formatting import MINUS
from npcstats.results import EVERYONE, Results, select

MANY_COLUMNS = 6
RISK, DIFFERENCE = ("risk",), ("risk_difference",)


@dataclass(frozen=True)
class _Column:
    """A column of n (%), or of n alone."""

    arm: str
    window: str
    level: str
    bare: bool


@dataclass(frozen=True)
class _Contrast:
    """A column of differences: arm minus reference, in a window and a band."""

    arm: str
    reference: str
    window: str
    level: str


def tabulate(results: Results, table: WorstGrades) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``toxicity``.
    table : WorstGrades
        Of the plan.

    Returns
    -------
    Table
        As `toxicity_table` makes it.
    """
    return toxicity_table(
        results,
        table.analysis,
        levels=table.levels,
        minimum=table.minimum,
        windows=table.windows,
        contrasts=table.contrasts,
        total=table.total,
        counts=table.counts,
    )


def toxicity_table(
    results: Results,
    analysis: str,
    *,
    levels: Sequence[str],
    minimum: float | None = None,
    windows: Sequence[str] = (),
    contrasts: Sequence[str] | None = None,
    total: bool = False,
    counts: Sequence[str] = (),
) -> Table:
    """Participants with each adverse event by worst grade, by arm or pooled.

    Parameters
    ----------
    results : Results
        Rows of kind ``toxicity``.
    analysis : str
        Id of the analysis.
    levels : sequence of str
        Bands such as ``grade>=2``, single grades such as ``grade=4``, ``serious``.
    minimum : float, optional
        Share from 0 to 1 that any group must reach in the first of them for a term to be shown; the plan's if not
        given. The note says so. A term with an event of grade 4 or 5, or a serious one, is shown whatever its share.
    windows : sequence of str
        Windows shown; all of the analysis if empty.
    contrasts : sequence of str, optional
        Bands whose risk difference is shown, for each pair of arms that the analysis compares; the last band of
        `levels` if not given. There is none in pooled results, nor where no two arms are compared.
    total : bool
        Whether everyone has columns beside the arms.
    counts : sequence of str
        Levels that are printed as a count, without its percentage.

    Returns
    -------
    Table
        One line per term, under that of its system organ class.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a band or window was not made, or a row that the table needs is absent.
    """
    entry = analysis_of(results, analysis, "toxicity")
    if not levels:
        raise ResultsError(f"{analysis}: no grade band is given; at least one is required.")
    least = entry.chosen("shown_from", float, 0.0) if minimum is None else minimum
    asked = tuple(level for level in levels if lowest_grade(level))[-1:] if contrasts is None else tuple(contrasts)
    shown = tuple(windows) or ordered(
        entry.labels.get("window", {}), [row.window for row in results.by_analysis[analysis]]
    )
    arms, pairs = columns_of(results, analysis, total=total), pairs_of(results, analysis, DIFFERENCE)
    bands = asked if pairs else ()
    check_made(results, analysis, "window", shown, RISK)
    check_made(results, analysis, "level", levels, RISK)
    check_made(results, analysis, "level", bands, DIFFERENCE)
    columns = tuple(
        _Column(arm, window, level, level in counts) for arm in arms for window in shown for level in levels
    )
    compared = tuple(_Contrast(*pair, window, band) for pair in pairs for window in shown for band in bands)
    notes = Footnotes()
    rows = _body(results, analysis, columns, compared, least, notes)
    spanners = _spanners(results, analysis, columns, arms, compared, tuple(levels))
    header = (
        *(Cell((_head(results, analysis, c.level),), "right", strong=True) for c in columns),
        *(_contrast_head(results, analysis, c.window, c.level, many=len(shown) > 1) for c in compared),
    )
    extra = [
        *_evaluable_sentences(results, analysis, shown, groups_of(results, analysis)),
        *uncounted_sentences(results, analysis, shown),
        *shown_sentence(results, analysis, shown, levels[0], least),
    ]
    return compose_table(
        results,
        [analysis],
        notes,
        name="-".join(["toxicity", analysis, *shown, *levels]).replace(">=", "-from-").replace("=", "-"),
        header=header,
        rows=rows,
        spanners=spanners,
        parts=(*shown, *(row.variable for row in select(results, analysis=analysis, block=COMPOSITES))),
        without=("interval",) if compared else ("interval", "difference"),
        extra=extra,
        shortest=SHORTEST_LABEL - max(0, len(header) - MANY_COLUMNS),
    )


def _spanners(
    results: Results,
    analysis: str,
    columns: tuple[_Column, ...],
    arms: tuple[str, ...],
    compared: tuple[_Contrast, ...],
    levels: tuple[str, ...],
) -> tuple[Cell, ...]:
    many = len({column.window for column in columns}) > 1
    cells = [Cell((Piece("Worst grade, n (%)"),), strong=True, rowspan=2)]
    for column in columns[:: len(levels)]:
        denominator = row_at(results, analysis=analysis, arm=column.arm, window=column.window, measure="observed",
                             stat="count")  # fmt: skip
        window = (Piece(", "), label(results, analysis, "window", column.window)) if many else ()
        pieces = sized_pieces(results, (column_name(results, column.arm, arms), *window), denominator)
        align: Align = "center" if len(levels) > 1 else "right"
        cells.append(Cell(pieces, align, strong=True, colspan=len(levels), underline=len(levels) > 1))
    pairs = dict.fromkeys((item.arm, item.reference) for item in compared)
    for arm, reference in pairs:
        width = len(compared) // len(pairs)
        pieces = (*contrast_name(results, arm, reference, MINUS), Piece(", points"))
        side: Align = "center" if width > 1 else "right"
        cells.append(Cell(pieces, side, strong=True, colspan=width, underline=width > 1))
    return tuple(cells)


def _head(results: Results, analysis: str, level: str) -> Piece:
    """A level under the heading that says of what it is; in full where the catalogue has no shorter word."""
    short = analysis_of(results, analysis).labels.get(HEADS, {})
    return label(results, analysis, HEADS if level in short else "level", level)


def _contrast_head(results: Results, analysis: str, window: str, level: str, *, many: bool) -> Cell:
    limits = select(results, analysis=analysis, measure="risk_difference", window=window, level=level)
    named = (label(results, analysis, "window", window), Piece(", ")) if many else ()
    pieces = (*named, _head(results, analysis, level), *level_pieces(results, limits))
    return Cell(pieces, "right", strong=True)


def _body(
    results: Results,
    analysis: str,
    columns: tuple[_Column, ...],
    compared: tuple[_Contrast, ...],
    minimum: float,
    notes: Footnotes,
) -> tuple[TableRow, ...]:
    def line(block: str, variable: str, name: Cell) -> TableRow:
        cells = [_share_cell(results, notes, analysis, column, block, variable) for column in columns]
        cells += [
            interval_cell(results, notes, "percent1", analysis=analysis, arm=c.arm, reference=c.reference, block=block,
                          variable=variable, level=c.level, window=c.window, measure="risk_difference")
            for c in compared
        ]  # fmt: skip
        return TableRow((name, *cells))

    def members(block: str, variables: Sequence[str]) -> list[TableRow]:
        return [line(block, name, Cell((label(results, analysis, "variable", name),), indent=1)) for name in variables]

    rows = [_heading(line(EVERYONE, EVERYONE, Cell((Piece("Any adverse event"),))), "row")]
    for block, variables in _shown_terms(results, analysis, columns, minimum).items():
        rows.append(_heading(line(block, EVERYONE, Cell((label(results, analysis, "block", block),))), "total"))
        rows += members(block, variables)
    composites = dict.fromkeys(row.variable for row in select(results, analysis=analysis, block=COMPOSITES))
    if composites:
        width = 1 + len(columns) + len(compared)
        rows.append(group_row((label(results, analysis, "block", COMPOSITES),), width))
        rows += members(COMPOSITES, tuple(composites))
    return tuple(rows)


def _share_cell(results: Results, notes: Footnotes, analysis: str, column: _Column, block: str, variable: str) -> Cell:
    """A cell n (%), or n/N (%) where the denominator is not the one of the header, or n alone."""
    place = {"analysis": analysis, "arm": column.arm, "window": column.window}
    wanted = {**place, "block": block, "variable": variable, "level": column.level, "measure": "risk"}
    if column.bare:
        return Cell((number(results, row_at(results, **wanted, stat="count"), "count"),), align="right")
    cell = share_cell(results, notes, **wanted)
    total = row_at(results, **wanted, stat="total")
    whole = row_at(results, **place, measure="observed", stat="count")
    if len(cell.pieces) == 1 or math.isnan(total.value) or total.value == whole.value:
        return cell
    return replace(cell, pieces=(cell.pieces[0], Piece("/"), number(results, total, "count"), *cell.pieces[1:]))


def _heading(row: TableRow, kind: RowKind) -> TableRow:
    return replace(row, cells=tuple(replace(cell, strong=True) for cell in row.cells), kind=kind)


def _shown_terms(
    results: Results, analysis: str, columns: tuple[_Column, ...], minimum: float
) -> dict[str, tuple[str, ...]]:
    """Terms by class in page order: those that reach the minimum in any group at the first level, and severe ones."""
    windows = {column.window for column in columns}
    first = columns[0].level
    shown = severe_terms(results, analysis, windows)
    risks = {"analysis": analysis, "measure": "risk", "window": windows}
    counts = select(results, **risks, stat="count")
    happened = {(row.block, row.variable) for row in counts if row.value != 0 and row.level != grade_level(0)}
    reached = {
        (row.block, row.variable)
        for row in select(results, **risks, stat="estimate", level=first)
        if row.value >= minimum
    }
    blocks: dict[str, tuple[str, ...]] = {}
    for block, variable in dict.fromkeys((row.block, row.variable) for row in counts):
        is_term = EVERYONE not in (block, variable) and block != COMPOSITES
        if is_term and (block, variable) in shown | (happened & reached):
            blocks[block] = (*blocks.get(block, ()), variable)
    return blocks


def _evaluable_sentences(
    results: Results, analysis: str, windows: Sequence[str], arms: Sequence[str]
) -> list[tuple[Piece, ...]]:
    """Who is outside the denominators, by reason, in the groups that have any."""
    sentences = []
    for window in windows:
        told = []
        for arm in arms:
            rows = select(results, analysis=analysis, arm=arm, window=window, measure="not_evaluable", stat="count")
            told += reason_pieces(results, analysis, arm, [row for row in rows if row.value != 0])
        if told:
            named = (Piece(" ("), label(results, analysis, "window", window), Piece(")")) if len(windows) > 1 else ()
            sentences.append((Piece("Not in the denominator"), *named, Piece(": "), *told[:-1], Piece(".")))
    return sentences
