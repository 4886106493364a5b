"""The lines of one characteristic: its statistics or levels, who has no value, and how arms differ in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from npcstats.analyses.baseline.rows import DATED, DATES, SHOWN
from npcstats.analyses.baseline.words import (
    DATE_LINES,
    GROUP,
    LARGEST,
    PAIR,
    STATISTICS,
    Column,
    capitalized,
    name_pieces,
    statistics_of,
)
from npcstats.display.anatomy import Cell, Piece, TableRow
from npcstats.display.cells import Footnotes, dash_cell, share_cell, value_cell
from npcstats.display.lookup import analysis_of, find_row, row_at
from npcstats.display.origins import NOTE
from npcstats.display.pieces import interval_pieces, label, number
from npcstats.results import EVERYONE, Results, Row, is_withheld, select

DIFFERENCE_STYLE = "decimal2"
SHARES = "n (%)"
DATE_STYLE = "date"


@dataclass(frozen=True, eq=False)
class Place:
    """One characteristic in one table, and what its lines are made with."""

    results: Results
    analysis: str
    block: str
    variable: str
    columns: tuple[Column, ...]
    notes: Footnotes
    indent: int
    p_style: str

    def key(self, column: Column) -> dict[str, str]:
        """Key columns of a group's rows.

        Parameters
        ----------
        column : Column
            Of a group.

        Returns
        -------
        dict of str to str
            As `row_at` takes them.
        """
        return {"analysis": self.analysis, "block": self.block, "variable": self.variable,
                "subgroup": column.subgroup, "arm": column.arm}  # fmt: skip

    def chosen(self, name: str) -> str:
        """A choice of the characteristic.

        Parameters
        ----------
        name : str
            Such as ``style``.

        Returns
        -------
        str
            Its value, empty where nothing was chosen.
        """
        return analysis_of(self.results, self.analysis).chosen(f"{name}.{self.variable}", str, "")

    @property
    def groups(self) -> tuple[Column, ...]:
        """Columns of groups.

        Returns
        -------
        tuple of Column
            In page order.
        """
        return tuple(column for column in self.columns if column.kind == GROUP)


def place_rows(place: Place, *, always: bool) -> list[TableRow]:
    """Lines of one characteristic.

    Parameters
    ----------
    place : Place
        Where it stands.
    always : bool
        Whether those without a value are counted also where there are none.

    Returns
    -------
    list of TableRow
        One line where one is enough; else its name, with the denominators that are not the column's N, and lines
        below it.
    """
    missing = [row_at(place.results, **place.key(column), measure="missing", stat="count") for column in place.groups]
    lacking = any(row.value != 0 for row in missing)  # also where it is withheld
    shown = _shown(place)
    single = len(shown) == 1 and (place.chosen("scale") == "binary" or not _is_counted(place))
    if single and not lacking and not always:
        line = _line(place, shown[0])
        return [replace(_row(place, line.alone, place.indent, line.cells, differing=True), scope=_scope(place))]
    head = name_pieces(place.results, place.analysis, place.variable, SHARES if _is_counted(place) else "")
    # marks of footnotes are given in reading order, so a line is made when its turn comes
    rows = [_row(place, head, place.indent, _denominators(place, missing), differing=True)]
    for wanted in shown:
        line = _line(place, wanted)
        rows.append(replace(_row(place, line.name, place.indent + 1, line.cells), scope=_scope(place)))
    if lacking or always:
        counts = [Cell((number(place.results, row, "count"),), "right") for row in missing]
        rows.append(_row(place, (Piece("Missing, n"),), place.indent + 1, counts))
    return rows


@dataclass(frozen=True)
class _Line:
    """A line's name below a heading, its name where it stands alone, and its cells of groups."""

    name: tuple[Piece, ...]
    alone: tuple[Piece, ...]
    cells: list[Cell]


def _shown(place: Place) -> tuple[str | tuple[str, ...], ...]:
    """What has a line: levels, dates, or statistics, several of which may stand together."""
    scale = place.chosen("scale")
    if scale == "binary":
        return (place.chosen("named"),)
    if scale == "date":
        return DATES
    if _is_counted(place):
        rows = select(place.results, **place.key(place.groups[0]), measure="proportion", stat="count")
        return tuple(row.level for row in rows)
    shown = statistics_of(place.results, place.analysis, place.variable)
    together = analysis_of(place.results, place.analysis).chosen(f"together.{place.variable}", bool, False)
    return (shown,) if together else tuple((name,) for name in shown)


def _is_counted(place: Place) -> bool:
    return bool(select(place.results, **place.key(place.groups[0]), measure="proportion", stat="count"))


def _line(place: Place, shown: str | tuple[str, ...]) -> _Line:
    results, analysis, variable = place.results, place.analysis, place.variable
    if isinstance(shown, tuple):
        words = "; ".join(STATISTICS[name] for name in shown)
        cells = [_statistics_cell(place, place.key(column), shown) for column in place.groups]
        return _Line((Piece(capitalized(words)),), name_pieces(results, analysis, variable, words), cells)
    if place.chosen("scale") == "date":
        return _Line((Piece(DATE_LINES[shown]),), (), [_date_cell(place, column, shown) for column in place.groups])
    named = label(results, analysis, "level", shown, lookup=f"{variable}={shown}")
    share = {"level": shown, "measure": "proportion"}
    cells = [share_cell(results, place.notes, **place.key(column), **share) for column in place.groups]
    alone = (*name_pieces(results, analysis, variable), Piece(": "), named, Piece(f", {SHARES}"))
    return _Line((named,), alone, cells)


def _date_cell(place: Place, column: Column, measure: str) -> Cell:
    row = row_at(place.results, **place.key(column), measure=measure, stat="estimate")
    return _noted(place, value_cell(place.results, [row], (number(place.results, row, DATE_STYLE),), place.notes), row)


def _statistics_cell(place: Place, key: dict[str, str], names: Sequence[str]) -> Cell:
    style = place.chosen("style") or "decimal1"
    spread = place.chosen("spread") or style
    pieces: list[Piece] = []
    shown: list[Row] = []
    for name in names:
        rows = [row_at(place.results, **key, measure=measure, stat="estimate") for measure in SHOWN[name]]
        pieces += [*([Piece("; ")] if pieces else []), *_statistic(place.results, name, rows, (style, spread))]
        shown += rows
    return _noted(place, value_cell(place.results, shown, tuple(pieces), place.notes), shown[0])


def _statistic(results: Results, name: str, rows: Sequence[Row], styles: tuple[str, str]) -> tuple[Piece, ...]:
    style, spread = styles
    first = number(results, rows[0], style)
    if name == "median":
        return (first, *interval_pieces(results, rows[1:], style, " ("))
    if name == "range":
        return (first, Piece(" to "), number(results, rows[1], style))
    spread = {"geometric-sd": "decimal2", "geometric-cv": "percent1"}.get(name, spread)
    closing = "%)" if name == "geometric-cv" else ")"
    return (first, Piece(" ("), number(results, rows[1], spread), Piece(closing))


def _noted(place: Place, cell: Cell, row: Row) -> Cell:
    """A cell of which no sentence of the catalogue says why it is not published, with a note that does."""
    explained = "dates" in analysis_of(place.results, place.analysis).sentences
    if is_withheld(row) and not explained and (row.measure in ("minimum", "maximum") or row.unit == DATED):
        return replace(cell, mark=place.notes.mark(number(place.results, row, NOTE)))
    return cell


def _denominators(place: Place, missing: Sequence[Row]) -> list[Cell]:
    """How many have a value, where it is not the column's N."""
    observed = [row_at(place.results, **place.key(column), measure="observed", stat="count") for column in place.groups]
    return [
        Cell(() if lost.value == 0 else (Piece("n = "), number(place.results, row, "count")), "right")
        for row, lost in zip(observed, missing, strict=True)
    ]


def _row(
    place: Place, name: tuple[Piece, ...], indent: int, cells: Sequence[Cell], *, differing: bool = False
) -> TableRow:
    """A line, with differences between arms where it is the first of its characteristic."""
    given = iter(cells)
    made = [
        next(given) if column.kind == GROUP else _compared(place, column) if differing else Cell(align="right")
        for column in place.columns
    ]
    return TableRow((Cell(name, indent=indent), *made))


def _scope(place: Place) -> str:
    """Numbers of one characteristic stand under each other, shares under those of all."""
    return "" if _is_counted(place) else place.variable


def _compared(place: Place, column: Column) -> Cell:
    if column.kind == PAIR:
        return _difference_cell(place, column)
    return _largest_cell(place, column) if column.kind == LARGEST else _p_cell(place)


def _difference_cell(place: Place, column: Column) -> Cell:
    wanted = {**place.key(column), "reference": column.reference, "measure": "smd"}
    found = [find_row(place.results, **wanted, stat=stat) for stat in ("estimate", "ci_low", "ci_high")]
    rows = [row for row in found if row is not None]
    if not rows:
        return dash_cell("No standardized difference is defined for this characteristic.", place.notes)
    estimate = number(place.results, rows[0], DIFFERENCE_STYLE)
    limits = interval_pieces(place.results, rows[1:], DIFFERENCE_STYLE, " (") if len(rows) > 1 else ()
    return value_cell(place.results, rows, (estimate, *limits), place.notes)


def _largest_cell(place: Place, column: Column) -> Cell:
    """The difference of the pair that differs most, marked with the names of the two."""
    wanted = {"analysis": place.analysis, "block": place.block, "variable": place.variable, "subgroup": column.subgroup}
    row = select(place.results, **wanted, measure="smd_largest")[0]
    cell = value_cell(place.results, [row], (number(place.results, row, DIFFERENCE_STYLE),), place.notes)
    pair = label(place.results, place.analysis, "pair", f"{row.arm} {row.reference}")
    return cell if math.isnan(row.value) else replace(cell, mark=place.notes.mark(pair))


def _p_cell(place: Place) -> Cell:
    """A p-value, adjusted where the plan adjusts, marked with the name of its test; empty where none was asked for."""
    wanted = {"analysis": place.analysis, "block": place.block, "variable": place.variable, "stat": "p_value"}
    tests = {row.measure: row for row in select(place.results, **wanted, subgroup=EVERYONE)}
    if not tests:
        return Cell(align="right")
    row = tests.get("test_adjusted", tests["test"])
    cell = value_cell(place.results, [row], (number(place.results, row, place.p_style),), place.notes)
    named = label(place.results, place.analysis, "method", tests["test"].method)
    return cell if cell.mark or is_withheld(row) else replace(cell, mark=place.notes.mark(named))
