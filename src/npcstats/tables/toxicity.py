"""The table of worst grades: participants by class, term and grade band, and the difference between arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from npcstats.errors import ResultsError
from npcstats.formatting import MINUS
from npcstats.results import EVERYONE, Results, Row, select
from npcstats.tables.anatomy import Cell, Piece, Table, TableRow, align_numbers, alignments, column_widths
from npcstats.tables.notes import table_notes
from npcstats.tables.pieces import (
    NO_BREAK,
    Footnotes,
    analysis_of,
    chosen_number,
    contrast_name,
    group_name,
    groups_of,
    interval_cell,
    label,
    level_pieces,
    number,
    ordered,
    row_at,
    share_cell,
)


@dataclass(frozen=True)
class _Column:
    """A column of n (%)."""

    arm: str
    window: str
    level: str


def toxicity_table(
    results: Results,
    analysis: str,
    *,
    levels: Sequence[str],
    minimum: float,
    windows: Sequence[str] = (),
    contrasts: Sequence[str] | None = None,
) -> Table:
    """Participants with each adverse event by worst grade, by arm or pooled.

    Parameters
    ----------
    results : Results
        Rows of kind ``toxicity``.
    analysis : str
        Id of the analysis.
    levels : sequence of str
        Grade bands shown, such as ``grade>=2``.
    minimum : float
        Share from 0 to 1 that any group must reach in the lowest band for a term to be shown; the note says so.
    windows : sequence of str
        Windows shown; all of the analysis if empty.
    contrasts : sequence of str, optional
        Bands whose risk difference is shown; the last of `levels` if not given. There is none in pooled results.

    Returns
    -------
    Table
        One line per term, under its system organ class.

    Raises
    ------
    ResultsError
        If the analysis is of another kind or a row that the table needs is absent.
    """
    entry = analysis_of(results, analysis, "toxicity")
    shown = tuple(windows) or ordered(
        entry.labels.get("window", {}), [row.window for row in results.by_analysis[analysis]]
    )
    arms = groups_of(results, analysis)
    columns = tuple(_Column(arm, window, level) for arm in arms for window in shown for level in levels)
    pair = arms if len(arms) > 1 else ()
    compared = tuple((w, b) for w in shown for b in (levels[-1:] if contrasts is None else contrasts)) if pair else ()
    notes = Footnotes()
    body = align_numbers(_body(results, analysis, columns, compared, pair, minimum, notes))
    spanners = _spanners(results, analysis, columns, compared, pair, tuple(levels))
    header = tuple(Cell((label(results, analysis, "level", c.level),), "right", strong=True) for c in columns)
    extra = [
        *_evaluable_sentences(results, analysis, shown, arms),
        *_minimum_sentence(results, levels, minimum, analysis),
    ]
    return Table(
        id="-".join(["toxicity", analysis, *shown, *levels]).replace(">=", "-from-").replace("=", "-"),
        title=entry.label,
        spanners=spanners,
        header=header,
        rows=body,
        notes=table_notes(results, [analysis], notes, 1 + len(columns) + len(compared), parts=shown, extra=extra),
        align=alignments(1 + len(columns) + len(compared)),
        widths=column_widths(body, header, spanners),
    )


def _spanners(
    results: Results,
    analysis: str,
    columns: tuple[_Column, ...],
    compared: tuple[tuple[str, str], ...],
    pair: tuple[str, ...],
    levels: tuple[str, ...],
) -> tuple[Cell, ...]:
    many = len({column.window for column in columns}) > 1
    cells = [Cell((Piece("Worst grade, n (%)"),), strong=True, rowspan=2)]
    for column in columns[:: len(levels)]:
        denominator = row_at(results, analysis=analysis, arm=column.arm, window=column.window, measure="observed",
                             stat="count")  # fmt: skip
        window = (Piece(", "), label(results, analysis, "window", column.window)) if many else ()
        pieces = (
            group_name(results, column.arm),
            *window,
            Piece(" (N = "),
            number(results, denominator, "count"),
            Piece(")"),
        )
        align = "center" if len(levels) > 1 else "right"
        cells.append(Cell(pieces, align, strong=True, colspan=len(levels), underline=len(levels) > 1))  # type: ignore[arg-type]
    for at, level in compared:
        limits = select(results, analysis=analysis, measure="risk_difference", window=at, level=level)
        named = (label(results, analysis, "window", at), Piece(", ")) if many else ()
        pieces = (
            *named,
            label(results, analysis, "level", level),
            Piece(", "),
            *contrast_name(results, pair[0], pair[-1], MINUS),
            Piece(", points"),
            *level_pieces(results, limits, f"{NO_BREAK}("),
        )
        cells.append(Cell(pieces, "right", strong=True, rowspan=2))
    return tuple(cells)


def _body(
    results: Results,
    analysis: str,
    columns: tuple[_Column, ...],
    compared: tuple[tuple[str, str], ...],
    pair: tuple[str, ...],
    minimum: float,
    notes: Footnotes,
) -> tuple[TableRow, ...]:
    width = 1 + len(columns) + len(compared)

    def line(block: str, variable: str, name: Cell) -> TableRow:
        cells = [
            share_cell(results, notes, analysis=analysis, arm=c.arm, block=block, variable=variable, level=c.level,
                       window=c.window, measure="risk")
            for c in columns
        ]  # fmt: skip
        cells += [
            interval_cell(results, notes, "percent1", analysis=analysis, arm=pair[0], reference=pair[-1], block=block,
                          variable=variable, level=level, window=window, measure="risk_difference")
            for window, level in compared
        ]  # fmt: skip
        return TableRow((name, *cells))

    rows = [line(EVERYONE, EVERYONE, Cell((Piece("Any adverse event"),), strong=True))]
    for block, variables in _shown_terms(results, analysis, columns, minimum).items():
        rows.append(TableRow((Cell((label(results, analysis, "block", block),), strong=True, colspan=width),), "group"))
        rows += [line(block, name, Cell((label(results, analysis, "variable", name),), indent=1)) for name in variables]
    return tuple(rows)


def _shown_terms(
    results: Results, analysis: str, columns: tuple[_Column, ...], minimum: float
) -> dict[str, tuple[str, ...]]:
    """Terms by class in page order, those that reach the minimum in any group at the lowest band."""
    windows = {column.window for column in columns}
    lowest = columns[0].level
    reached: dict[tuple[str, str], bool] = {}
    for row in select(results, analysis=analysis, measure="risk", stat="estimate", level=lowest, window=windows):
        if EVERYONE not in (row.block, row.variable):
            place = (row.block, row.variable)
            reached[place] = reached.get(place, False) or row.value >= minimum
    if not any(place for place in reached):
        raise ResultsError(f"{analysis}: no term has a row of level {lowest!r}; a level of the analysis is required.")
    blocks: dict[str, tuple[str, ...]] = {}
    for (block, variable), shown in reached.items():
        if shown:
            blocks[block] = (*blocks.get(block, ()), variable)
    return blocks


def _minimum_sentence(
    results: Results, levels: Sequence[str], minimum: float, analysis: str
) -> list[tuple[Piece, ...]]:
    if minimum <= 0:
        return []
    share = chosen_number(results, minimum, "percent0")
    band = label(results, analysis, "level", levels[0])
    return [(Piece("Shown: terms with "), band, Piece(" in at least "), share, Piece("% of any group."))]


def _evaluable_sentences(
    results: Results, analysis: str, windows: Sequence[str], arms: Sequence[str]
) -> list[tuple[Piece, ...]]:
    """Who is outside the denominators, by reason, in the groups that have any."""
    sentences = []
    for window in windows:
        told = []
        for arm in arms:
            rows = select(results, analysis=analysis, arm=arm, window=window, measure="not_evaluable", stat="count")
            told += _outside(results, analysis, arm, [row for row in rows if row.value > 0])
        if told:
            named = (Piece(" ("), label(results, analysis, "window", window), Piece(")")) if len(windows) > 1 else ()
            sentences.append((Piece("Not in the denominator"), *named, Piece(": "), *told[:-1], Piece(".")))
    return sentences


def _outside(results: Results, analysis: str, arm: str, rows: Sequence[Row]) -> list[Piece]:
    if not rows:
        return []
    told = [] if arm == EVERYONE else [group_name(results, arm), Piece(" ")]
    for row in rows:
        reason = label(results, analysis, "level", row.level)
        told += [number(results, row, "count"), Piece(" ("), reason, Piece("), ")]
    return [*told[:-1], Piece(")"), Piece("; ")]
