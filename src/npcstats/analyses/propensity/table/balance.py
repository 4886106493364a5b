"""Tables of characteristics: the arms as observed, weighted, and how far they are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.propensity.displays import BalanceTable, WeightedCharacteristics
from npcstats.analyses.propensity.rows import CATEGORICAL, DATE, LOCATIONS, LOGARITHMIC, WEIGHTED
from npcstats.analyses.propensity.words import pair_of
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, row_at, stat_rows
from npcstats.display.pieces import contrast_name, interval_pieces, label, level_pieces, number, unit_pieces, words
from npcstats.errors import ResultsError
from npcstats.results import Results, Row, select

SMD_STYLE, SHARE_STYLE, FACTOR_STYLE = "decimal2", "percent1", "decimal2"
SHOWN = {LOGARITHMIC: ", geometric mean (geometric SD)", DATE: ", mean", CATEGORICAL: "", "": ", mean (SD)"}
NO_PAIR = "no two arms are compared; a session with two named arms is required."


@dataclass(frozen=True)
class _Column:
    """A column: of an arm, or of their difference, as observed or weighted; a difference with its limits or without."""

    block: str
    weighted: bool
    arm: str = ""
    limits: bool = False


@dataclass(frozen=True)
class _Page:
    """What the cells of a table are made from."""

    results: Results
    analysis: str
    pair: tuple[str, str]
    columns: tuple[_Column, ...]
    notes: Footnotes

    def scale(self, variable: str) -> str:
        """Tell the scale of a characteristic."""
        return analysis_of(self.results, self.analysis).chosen(f"scale.{variable}", str)


def tabulate_balance(results: Results, table: BalanceTable) -> Table:
    """The table of balance that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``propensity``.
    table : BalanceTable
        Of the plan.

    Returns
    -------
    Table
        A line per characteristic and level: each arm as observed, the difference with its limits, and the difference
        after each adjustment.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or compares no two arms.
    """
    pair = _pair(results, table.analysis)
    first = table.blocks[0]
    observed = (*(_Column(first, False, arm) for arm in pair), _Column(first, False, limits=True))
    weighted = tuple(_Column(block, True) for block in table.blocks)
    page = _Page(results, table.analysis, pair, (*observed, *weighted), Footnotes())
    heads = [_smd_head(page, first, limits=True), *(_block_head(page, block) for block in table.blocks)]
    return _compose(page, table.name, table.blocks, len(weighted), [*_arm_heads(page), *heads], "SMD, weighted")


def tabulate_weighted(results: Results, table: WeightedCharacteristics) -> Table:
    """The table of weighted characteristics that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``propensity``.
    table : WeightedCharacteristics
        Of the plan.

    Returns
    -------
    Table
        A line per characteristic and level: each arm and the difference, as observed and weighted.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or compares no two arms.
    """
    pair, block = _pair(results, table.analysis), table.block
    columns = tuple(
        column
        for weighted in (False, True)
        for column in (*(_Column(block, weighted, arm) for arm in pair), _Column(block, weighted))
    )
    page = _Page(results, table.analysis, pair, columns, Footnotes())
    heads = [*_arm_heads(page), _smd_head(page, block, limits=False)]
    named = label(results, table.analysis, "block", block)
    return _compose(page, table.name, (block,), 3, [*heads, *heads], named)


def _pair(results: Results, analysis: str) -> tuple[str, str]:
    analysis_of(results, analysis, "propensity")
    pair = pair_of(results, analysis)
    if pair is None:
        raise ResultsError(f"{analysis}: {NO_PAIR}")
    return pair


def _arm_heads(page: _Page) -> list[Cell]:
    return [Cell((words(page.results, "arms", arm),), "right", strong=True) for arm in page.pair]


def _smd_head(page: _Page, block: str, *, limits: bool) -> Cell:
    rows = select(page.results, analysis=page.analysis, block=block, measure="smd", stat="ci_low") if limits else []
    return Cell((Piece("SMD"), *level_pieces(page.results, rows)), "right", strong=True)


def _block_head(page: _Page, block: str) -> Cell:
    return Cell((label(page.results, page.analysis, "block", block),), "right", strong=True)


def _compose(
    page: _Page, name: str, blocks: Sequence[str], last: int, heads: Sequence[Cell], over: str | Piece
) -> Table:
    """A table whose last columns stand under words of their own, and the others under those of what was observed."""
    before = len(page.columns) - last
    above = over if isinstance(over, Piece) else Piece(over)
    spanners = (
        Cell((Piece("Characteristic"),), strong=True, rowspan=2),
        Cell((Piece("As observed"),), "center", strong=True, colspan=before, underline=True),
        Cell((above,), "center", strong=True, colspan=last, underline=True),
    )
    named = (Piece("Differences: "), *contrast_name(page.results, *page.pair, "−"), Piece("."))
    return compose_table(
        page.results,
        [page.analysis],
        page.notes,
        name=name,
        header=tuple(heads),
        rows=_body(page),
        spanners=spanners,
        parts=tuple(blocks),
        without=("score", "outcome", "arms", "arms_counts"),
        extra=[named],
    )


def _body(page: _Page) -> list[TableRow]:
    rows = [_sizes(page)]
    block = page.columns[0].block
    found = select(page.results, analysis=page.analysis, block=block, measure="weighted_smd", stat="estimate")
    for variable in dict.fromkeys(row.variable for row in found):
        if page.scale(variable) == CATEGORICAL:
            rows += _category_rows(page, variable)
        else:
            rows.append(_quantity_row(page, variable))
    return rows


def _sizes(page: _Page) -> TableRow:
    effective = any(column.weighted and column.arm for column in page.columns)
    named = Piece("Participants; weighted: effective size" if effective else "Participants")
    return TableRow((Cell((named,)), *(_size(page, column) for column in page.columns)), scope="size")


def _size(page: _Page, column: _Column) -> Cell:
    if not column.arm:
        return Cell(align="right")
    measure, stat = ("effective_size", "estimate") if column.weighted else ("participants", "count")
    place = {"analysis": page.analysis, "block": column.block, "arm": column.arm, "variable": ""}
    row = row_at(page.results, **place, measure=measure, stat=stat)
    return value_cell(page.results, [row], (number(page.results, row, "decimal1" if column.weighted else "count"),),
                      page.notes)  # fmt: skip


def _quantity_row(page: _Page, variable: str) -> TableRow:
    scale = page.scale(variable)
    name = label(page.results, page.analysis, "variable", variable)
    unit = unit_pieces(page.results, page.analysis, variable)
    told = (name, *unit, Piece(SHOWN.get(scale, SHOWN[""])))
    cells = [
        _location(page, column, variable, scale) if column.arm else _difference(page, column, variable, "")
        for column in page.columns
    ]
    return TableRow((Cell(told), *cells), scope=variable)


def _location(page: _Page, column: _Column, variable: str, scale: str) -> Cell:
    results, before = page.results, WEIGHTED if column.weighted else ""
    place = _place(column, variable, page.analysis)
    middle, spread = (row_at(results, **place, measure=f"{before}{name}", stat="estimate") for name in LOCATIONS[scale])
    if scale == DATE:
        return value_cell(results, [middle], (number(results, middle, "date"),), page.notes)
    style = analysis_of(results, page.analysis).chosen(f"style.{variable}", str)
    of_spread = number(results, spread, FACTOR_STYLE if scale == LOGARITHMIC else style)
    pieces = (number(results, middle, style), Piece(" ("), of_spread, Piece(")"))
    return value_cell(results, [middle, spread], pieces, page.notes)


def _place(column: _Column, variable: str, analysis: str) -> dict[str, Any]:
    return {"analysis": analysis, "block": column.block, "arm": column.arm, "variable": variable}


def _category_rows(page: _Page, variable: str) -> list[TableRow]:
    """Of two levels one line; of more a line for the distance and one for each level."""
    results = page.results
    name = label(results, page.analysis, "variable", variable)
    found = select(results, analysis=page.analysis, block=page.columns[0].block, variable=variable,
                   measure="weighted_smd", stat="estimate")  # fmt: skip
    levels = [row.level for row in found]
    if len(levels) == 1:
        named = (name, Piece(": "), _level(page, variable, levels[0]), Piece(f",{NO_BREAK}%"))
        return [_level_row(page, variable, levels[0], Cell(named))]
    blank = Cell(align="right")
    cells = [blank if column.arm else _difference(page, column, variable, "") for column in page.columns]
    rows = [TableRow((Cell((name, Piece(f",{NO_BREAK}%"))), *cells), scope=variable)]
    return rows + [
        _level_row(page, variable, level, Cell((_level(page, variable, level),), indent=1)) for level in levels if level
    ]


def _level(page: _Page, variable: str, level: str) -> Piece:
    return label(page.results, page.analysis, "level", level, lookup=f"{variable}={level}")


def _level_row(page: _Page, variable: str, level: str, named: Cell) -> TableRow:
    cells = [
        _share(page, column, variable, level) if column.arm else _difference(page, column, variable, level)
        for column in page.columns
    ]
    return TableRow((named, *cells), scope=variable)


def _share(page: _Page, column: _Column, variable: str, level: str) -> Cell:
    measure = "weighted_proportion" if column.weighted else "proportion"
    place = _place(column, variable, page.analysis)
    row = row_at(page.results, **place, level=level, measure=measure, stat="estimate")
    return value_cell(page.results, [row], (number(page.results, row, SHARE_STYLE),), page.notes)


def _difference(page: _Page, column: _Column, variable: str, level: str) -> Cell:
    results, measure = page.results, "weighted_smd" if column.weighted else "smd"
    place = {"analysis": page.analysis, "block": column.block, "arm": page.pair[0], "reference": page.pair[1],
             "variable": variable, "level": level, "measure": measure}  # fmt: skip
    limited = column.limits and bool(select(results, **place, stat="ci_low"))
    rows: tuple[Row, ...] = stat_rows(results, ("estimate", *(("ci_low", "ci_high") if limited else ())), **place)
    pieces: tuple[Piece, ...] = (number(results, rows[0], SMD_STYLE),)
    pieces += interval_pieces(results, rows[1:], SMD_STYLE, " (") if limited else ()
    return value_cell(results, rows, pieces, page.notes)
