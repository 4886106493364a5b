"""The table of characteristics: its columns, blocks and subgroups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.baseline.table.lines import Place, place_rows
from npcstats.analyses.baseline.words import GROUP, LARGEST, P_VALUE, PAIR, Column, columns_for
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, ordered, subgroups_of
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
from npcstats.results import EVERYONE, Results, Row, is_withheld, select

_ADJUSTED = {"holm": "Holm", "benjamini-hochberg": "Benjamini–Hochberg"}


def tabulate(results: Results, table: Characteristics) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``baseline``.
    table : Characteristics
        Of the plan.

    Returns
    -------
    Table
        As `baseline_table` makes it.
    """
    return baseline_table(
        results,
        table.analysis,
        total=table.total,
        missing=table.missing,
        subgroups=table.subgroups,
        p_style=table.p_style,
    )


def baseline_table(
    results: Results,
    analysis: str,
    *,
    total: bool = False,
    missing: str = "any",
    subgroups: str = "",
    p_style: str = "p_value",
) -> Table:
    """Characteristics by arm with standardized differences, or pooled.

    Parameters
    ----------
    results : Results
        Rows of kind ``baseline``.
    analysis : str
        Id of the analysis.
    total : bool
        Whether everyone has a column beside the arms.
    missing : {"any", "always"}
        Which characteristics have a line of how many have no value.
    subgroups : {"", "columns", "blocks"}
        Whether subgroups stand side by side, one below the other, or not at all.
    p_style : {"p_value", "p_value4"}
        How p-values are printed.

    Returns
    -------
    Table
        A characteristic of one statistic in one line; of several, of levels, or with another denominator than its
        column's in lines of its own.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, a row that the table needs is absent, or it has no subgroups.
    """
    analysis_of(results, analysis, "baseline")
    levels = subgroups_of(results, analysis)
    if subgroups and not levels:
        raise ResultsError(f"{analysis}: it has no subgroups; a table by them requires their rows.")
    panels = levels if subgroups else (EVERYONE,)
    of = {panel: columns_for(results, analysis, panel, total=total) for panel in panels}
    side_by_side = subgroups == "columns"
    columns = tuple(column for panel in panels for column in of[panel]) if side_by_side else of[panels[0]]
    form = _Form(results, analysis, Footnotes(), missing == "always", p_style)
    rows: list[TableRow] = []
    for panel in panels[:1] if side_by_side else panels:
        if subgroups == "blocks":
            rows.append(_panel_row(results, analysis, panel, of[panel]))
        rows += _body(form, columns if side_by_side else of[panel], int(subgroups == "blocks"))
    header = _header(results, analysis, columns, sized=subgroups != "blocks", spanned=side_by_side)
    told = ("unstarted", "unplaced") if subgroups else ("unstarted",)
    extra = [_outside(results, analysis, measure) for measure in told]
    tested = any(column.kind == P_VALUE for column in columns)
    return compose_table(
        results, [analysis], form.notes, name=f"baseline-{analysis}", header=header, rows=rows,
        spanners=_spanners(results, analysis, of) if side_by_side else (),
        without=() if tested else ("tests",), extra=filter(None, extra),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Form:
    """What all lines of a table are made with."""

    results: Results
    analysis: str
    notes: Footnotes
    always: bool
    p_style: str


def _spanners(results: Results, analysis: str, of: dict[str, tuple[Column, ...]]) -> tuple[Cell, ...]:
    stub = Cell((Piece("Characteristic"),), strong=True, rowspan=2)
    named = (
        Cell(
            (label(results, analysis, "subgroup", panel),), "center", strong=True, colspan=len(columns), underline=True
        )
        for panel, columns in of.items()
    )
    return (stub, *named)


def _header(
    results: Results, analysis: str, columns: Sequence[Column], *, sized: bool, spanned: bool
) -> tuple[Cell, ...]:
    """Names of the columns; the first of them stands above where there are spanners."""
    arms = list(dict.fromkeys(column.arm for column in columns if column.kind == GROUP))
    several = len({(column.arm, column.reference) for column in columns if column.kind == PAIR}) > 1
    cells = [] if spanned else [Cell((Piece("Characteristic"),), strong=True)]
    for column in columns:
        if column.kind == GROUP:
            named: tuple[Piece, ...] = (column_name(results, column.arm, arms),)
            named = sized_pieces(results, named, _size(results, analysis, column)) if sized else named
        elif column.kind == PAIR:
            pair = (Piece(", "), *contrast_name(results, column.arm, column.reference, MINUS)) if several else ()
            limits = select(results, analysis=analysis, measure="smd", stat="ci_low")
            named = (Piece("SMD"), *level_pieces(results, limits[:1]), *pair)
        else:
            named = (Piece("Largest SMD"),) if column.kind == LARGEST else _p_name(results, analysis)
        cells.append(Cell(named, "right", strong=True))
    return tuple(cells)


def _p_name(results: Results, analysis: str) -> tuple[Piece, ...]:
    adjusted = _ADJUSTED.get(analysis_of(results, analysis).chosen("multiplicity", str, ""), "")
    return (Piece(f"p ({adjusted})" if adjusted else "p"),)


def _size(results: Results, analysis: str, column: Column) -> Row:
    found = select(results, analysis=analysis, subgroup=column.subgroup, arm=column.arm, measure="participants")
    if not found:
        raise ResultsError(f"results: no row of how many participants {analysis} has; a table prints only rows that "
                           "exist.")  # fmt: skip
    return found[0]


def _panel_row(results: Results, analysis: str, panel: str, columns: Sequence[Column]) -> TableRow:
    """The name of a subgroup and how many of each group are in it."""
    cells = [Cell((label(results, analysis, "subgroup", panel),), strong=True)]
    for column in columns:
        sized = (Piece("N = "), number(results, _size(results, analysis, column), "count"))
        cells.append(Cell(sized if column.kind == GROUP else (), "right", strong=True))
    return TableRow(tuple(cells), "total")


def _body(form: _Form, columns: Sequence[Column], indent: int) -> list[TableRow]:
    results, analysis = form.results, form.analysis
    labels = analysis_of(results, analysis).labels
    group = next(column for column in columns if column.kind == GROUP)
    found = select(results, analysis=analysis, subgroup=group.subgroup, measure="observed", stat="count", arm=group.arm)
    blocks = ordered(labels.get("block", {}), [row.block for row in found])
    inner, rows = indent + int(len(blocks) > 1), list[TableRow]()
    for block in blocks:
        variables = ordered(labels.get("variable", {}), [row.variable for row in found if row.block == block])
        if len(blocks) > 1:
            rows.append(_block_row(results, analysis, block, 1 + len(columns), indent))
        for variable in variables:
            place = Place(results, analysis, block, variable, tuple(columns), form.notes, inner, form.p_style)
            rows += place_rows(place, always=form.always)
    return rows


def _block_row(results: Results, analysis: str, block: str, width: int, indent: int) -> TableRow:
    named = (label(results, analysis, "block", block),)
    if not indent:
        return group_row(named, width)
    return TableRow((Cell(named, indent=indent), *[Cell(align="right") for _ in range(width - 1)]))


def _outside(results: Results, analysis: str, measure: str) -> tuple[Piece, ...]:
    """How many have not been treated, or have no value of what subgroups are by; nothing where that is nobody."""
    rows = [row for row in select(results, analysis=analysis, measure=measure) if row.arm == EVERYONE]
    if not rows or rows[0].value == 0 or is_withheld(rows[0]):
        return ()
    counted = (Piece(": "), number(results, rows[0], "count"), Piece("."))
    if measure == "unstarted":
        return (label(results, analysis, "measure", measure), *counted)
    return (
        Piece("In no subgroup, without a value of "),
        label(results, analysis, "variable", rows[0].variable),
        *counted,
    )
