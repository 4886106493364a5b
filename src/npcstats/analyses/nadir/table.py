"""The table of a marker's lowest value and of recovery from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from npcstats.analyses.nadir.displays import NadirCourse
from npcstats.analyses.nadir.rows import DAY, LOWEST, NADIR, RECOVERY, RELATIVE, SAMPLES
from npcstats.analyses.nadir.words import limit_style
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, interval_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, pairs_of, row_at, stat_rows
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    share_pieces,
    sized_pieces,
    unit_pieces,
)
from npcstats.results import Results, Row, select

CONTRASTS = ("mean_ratio", "risk_difference")
RATIO = "decimal2"


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    variable: str
    style: str
    arms: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    notes: Footnotes

    @property
    def width(self) -> int:
        """Columns."""
        return 1 + len(self.arms) + len(self.pairs)

    def at(self, block: str, arm: str = "", **more: Any) -> dict[str, Any]:
        """Key columns of a row."""
        place = {"analysis": self.analysis, "variable": self.variable, "block": block, **more}
        return {**place, "arm": arm} if arm else place


def tabulate(results: Results, table: NadirCourse) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``nadir``.
    table : NadirCourse
        Of the plan.

    Returns
    -------
    Table
        The lowest value, limits, and recovery by visit; groups side by side, and the contrast where two are compared.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry = analysis_of(results, analysis, "nadir")
    (variable,) = entry.labels["variable"]
    arms, pairs = columns_of(results, analysis, total=table.total), pairs_of(results, analysis, CONTRASTS)
    page = _Page(results, analysis, variable, entry.chosen("style", str), arms, pairs, Footnotes())
    rows = [*_lowest(page), *_below(page)]
    for row in _limits(page, RECOVERY, "recovery_limit"):
        rows += _recovery(page, row)
    return compose_table(
        results,
        [analysis],
        page.notes,
        name=f"nadir-{table.name}",
        header=_header(page),
        rows=rows,
    )


def _header(page: _Page) -> tuple[Cell, ...]:
    named = (label(page.results, page.analysis, "variable", page.variable),)
    unit = unit_pieces(page.results, page.analysis, page.variable)
    cells = [Cell((*named, *unit), strong=True)]
    for arm in page.arms:
        size = row_at(page.results, **page.at(NADIR, arm), measure="observed", stat="count")
        words = sized_pieces(page.results, (column_name(page.results, arm, page.arms),), size)
        cells.append(Cell(words, "right", strong=True))
    for arm, reference in page.pairs:
        rows = select(page.results, analysis=page.analysis, measure="risk_difference", stat="ci_low")
        words = (*contrast_name(page.results, arm, reference, "vs"), *level_pieces(page.results, rows))
        cells.append(Cell(words, "right", strong=True))
    return tuple(cells)


def _line(page: _Page, words: tuple[Piece, ...], cells: list[Cell], contrast: dict[str, Any] | None = None) -> TableRow:
    compared = [_contrast(page, arm, reference, contrast) for arm, reference in page.pairs]
    return TableRow((Cell(words, indent=1), *cells, *compared))


def _contrast(page: _Page, arm: str, reference: str, place: dict[str, Any] | None) -> Cell:
    if place is None:
        return Cell(align="right")
    style = RATIO if place["measure"] == "mean_ratio" else "percent1"
    return interval_cell(page.results, page.notes, style, **{**place, "arm": arm, "reference": reference})


def _lowest(page: _Page) -> list[TableRow]:
    level = level_pieces(page.results, select(page.results, **page.at(NADIR), measure="geometric_mean", stat="ci_low"))
    ratio = [Piece("Relative to baseline, geometric mean"), *level]
    means = [_mean(page, arm, "geometric_mean", page.style) for arm in page.arms]
    ratios = [_mean(page, arm, "nadir_ratio", RATIO) for arm in page.arms]
    between = {level: {**page.at(NADIR), "measure": "mean_ratio", "level": level} for level in (LOWEST, RELATIVE)}
    return [
        group_row((Piece("Lowest value; contrast: ratio"),) if page.pairs else (Piece("Lowest value"),), page.width),
        _line(page, (Piece("Samples per participant, median (quartiles)"),), _quartiles(page, SAMPLES, "count")),
        _line(page, (Piece("Geometric mean"), *level), means, between[LOWEST]),
        _line(page, (Piece("Median (quartiles)"),), _quartiles(page, LOWEST, page.style)),
        _line(page, tuple(ratio), ratios, between[RELATIVE]),
        _line(page, (Piece("Day of the lowest value, median (quartiles)"),), _quartiles(page, DAY, "count")),
    ]


def _mean(page: _Page, arm: str, measure: str, style: str) -> Cell:
    return interval_cell(page.results, page.notes, style, **page.at(NADIR, arm), measure=measure)


def _quartiles(page: _Page, level: str, style: str) -> list[Cell]:
    cells = []
    for arm in page.arms:
        rows = [
            row_at(page.results, **page.at(NADIR, arm), level=level, measure=name, stat="estimate")
            for name in ("median", "first_quartile", "third_quartile")
        ]
        limits = interval_pieces(page.results, rows[1:], style, " (")
        cells.append(value_cell(page.results, rows, (number(page.results, rows[0], style), *limits), page.notes))
    return cells


def _limits(page: _Page, block: str, measure: str) -> tuple[Row, ...]:
    """The limits of a block in page order, each once."""
    return tuple(select(page.results, **page.at(block, page.arms[0]), measure=measure, stat="estimate"))


def _below(page: _Page) -> list[TableRow]:
    found = _limits(page, NADIR, "nadir_limit")
    heading = "Lowest value below a limit, n (%)" + ("; contrast: percentage points" if page.pairs else "")
    rows = [group_row((Piece(heading),), page.width)] if found else []
    for row in found:
        at = {**page.at(NADIR), "level": row.level}
        cells = [_share(page, {**at, "arm": arm, "measure": "nadir_below"}) for arm in page.arms]
        words = (Piece("< "), number(page.results, row, limit_style(row.value, page.style)), *_why(page, row))
        rows.append(_line(page, words, cells, {**at, "measure": "risk_difference"}))
    return rows


def _why(page: _Page, row: Row) -> tuple[Piece, ...]:
    known = analysis_of(page.results, page.analysis).labels["level"]
    return (Piece(", "), label(page.results, page.analysis, "level", row.level)) if row.level in known else ()


def limit_pieces(results: Results, analysis: str, row: Row, style: str) -> tuple[Piece, ...]:
    """A limit of recovery: so much, or so much of the participant's own baseline.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id.
    row : Row
        Of the limit.
    style : str
        Of the marker's values.

    Returns
    -------
    tuple of Piece
        Such as ≥ 1.00 or ≥ 80% of baseline.
    """
    if analysis_of(results, analysis).chosen(f"of_baseline.{row.level}", bool):
        return (Piece("≥ "), number(results, row, "percent0"), Piece("% of own baseline"))
    return (Piece("≥ "), number(results, row, limit_style(row.value, style)))


def _recovery(page: _Page, row: Row) -> list[TableRow]:
    named = limit_pieces(page.results, page.analysis, row, page.style)
    heading = (Piece("At a visit "), *named, *_why(page, row), Piece(", n of N (%)"))
    never = [_share(page, {**page.at(RECOVERY, arm), "level": row.level, "measure": "never_below"}, of=True)
             for arm in page.arms]  # fmt: skip
    rows = [group_row(heading, page.width), _line(page, (Piece("Never below it in the period"),), never)]
    found = select(
        page.results, **page.at(RECOVERY, page.arms[0]), level=row.level, measure="at_or_above", stat="count"
    )
    for visit in (one.window for one in found):
        at = {**page.at(RECOVERY), "level": row.level, "window": visit}
        cells = [_share(page, {**at, "arm": arm, "measure": "at_or_above"}, of=True) for arm in page.arms]
        words = (label(page.results, page.analysis, "window", visit),)
        rows.append(_line(page, words, cells, {**at, "measure": "risk_difference"}))
    return rows


def _share(page: _Page, place: dict[str, Any], *, of: bool = False) -> Cell:
    """A count and its percentage, with its denominator where that is not the column's."""
    count, total, share = stat_rows(page.results, ("count", "total", "estimate"), **place)
    pieces = share_pieces(page.results, count, share)
    if of:
        pieces = (pieces[0], Piece(" of "), number(page.results, total, "count"), *pieces[1:])
    return value_cell(page.results, (share,), pieces, page.notes)
