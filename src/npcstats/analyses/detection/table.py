"""The table of values below the limit: how many at each visit, and how arms compare by the models they call for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from npcstats.analyses.detection.displays import ValuesBelowLimit
from npcstats.analyses.detection.rows import CONTRASTS, DETECTED, MODELLED, contrast_words
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, dash_cell, group_row, interval_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, columns_of, groups_of, ordered, pairs_of, row_at, stat_rows
from npcstats.display.notes import reason_pieces
from npcstats.display.origins import NOTE
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    label,
    level_pieces,
    number,
    part_pieces,
    unit_pieces,
)
from npcstats.results import EVERYONE, Results, select

RATIO_STYLE = "ratio"
SHORTEST = 26.0
AT_BASELINE = "Arms are compared after baseline."
NO_OTHER = "The plan has no other model for this share."


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    arms: tuple[str, ...]
    pair: tuple[str, str] | None
    family: bool
    sensitivity: bool
    notes: Footnotes

    @property
    def of_pair(self) -> int:
        """Columns of the contrast."""
        return 2 + self.family + self.sensitivity if self.pair else 0

    @property
    def width(self) -> int:
        """Columns of the table."""
        return 1 + len(self.arms) + self.of_pair

    def chosen(self, name: str) -> str:
        """A choice of the entry."""
        return analysis_of(self.results, self.analysis).chosen(name, str, "")


def tabulate(results: Results, table: ValuesBelowLimit) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``detection``.
    table : ValuesBelowLimit
        Of the plan.

    Returns
    -------
    Table
        A line for each visit under its marker, and one of who is in the models where arms are compared; of a marker
        whose detection is told apart, lines of how many are below the limit before those of how many are detected.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _open(results, table)
    rows: list[TableRow] = []
    for variable in analysis_of(results, table.analysis).labels["variable"]:
        rows += _marker_rows(page, variable)
    spanners, header = _header(page)
    return compose_table(
        results,
        [table.analysis],
        page.notes,
        name=f"detection-{table.name}",
        spanners=spanners,
        header=header,
        rows=rows,
        extra=_outside(page),
        shortest=SHORTEST,
    )


def _open(results: Results, table: ValuesBelowLimit) -> _Page:
    analysis = table.analysis
    entry = analysis_of(results, analysis, "detection")
    pairs = pairs_of(results, analysis, set(CONTRASTS.values()))
    asked = {"analysis": analysis, "measure": set(CONTRASTS.values()), "stat": "estimate"}
    blocks = {(row.variable, row.block) for row in select(results, **asked)} if pairs else set()
    return _Page(
        results,
        analysis,
        columns_of(results, analysis, total=table.total),
        pairs[0] if pairs else None,
        bool(pairs and select(results, analysis=analysis, measure="limit_contrast_adjusted")),
        any(block != entry.chosen(f"main.{variable}", str, "") for variable, block in blocks),
        Footnotes(),
    )


def _header(page: _Page) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    results = page.results
    names = [Cell((column_name(results, arm, page.arms),), "right", strong=True) for arm in page.arms]
    first = Cell((Piece("n / N (%) by visit"),), strong=True)
    if page.pair is None:
        return (), (first, *names)
    named = contrast_name(results, *page.pair, "vs")
    spanners = [replace(cell, rowspan=2) for cell in (first, *names)]
    spanners.append(Cell(named, "center", strong=True, colspan=page.of_pair, underline=True))
    limits = select(results, analysis=page.analysis, measure=set(CONTRASTS.values()), stat="ci_low")
    level = level_pieces(results, limits)
    header = [Cell((Piece("Main model"), *level), "right", strong=True), Cell((Piece("p"),), "right", strong=True)]
    header += [Cell((Piece("q"),), "right", strong=True)] * page.family
    header += [Cell((Piece("Sensitivity"), *level), "right", strong=True)] * page.sensitivity
    return tuple(spanners), tuple(header)


def _marker_rows(page: _Page, variable: str) -> list[TableRow]:
    at = {"analysis": page.analysis, "variable": variable}
    apart = page.chosen(f"yes.{variable}") == DETECTED
    rows = [_heading(page, variable)]
    rows += [_visit_row(page, {**at, "measure": "below_limit"}, window, compared=not apart)
             for window in _windows(page, variable)]  # fmt: skip
    if apart:
        rows.append(group_row((label(page.results, page.analysis, "variable", variable), Piece(": detected")),
                              page.width))  # fmt: skip
        rows += [_visit_row(page, {**at, "measure": "proportion", "level": DETECTED}, window, compared=True)
                 for window in _windows(page, variable)]  # fmt: skip
    if page.pair:
        rows.append(_modelled_row(page, variable))
    return rows


def _windows(page: _Page, variable: str) -> tuple[str, ...]:
    rows = select(page.results, analysis=page.analysis, variable=variable, measure="below_limit", stat="count")
    return ordered(
        analysis_of(page.results, page.analysis).labels["window"], [row.window for row in rows if row.window]
    )


def _heading(page: _Page, variable: str) -> TableRow:
    """The marker, its share now and in the plan, and which model that calls for."""
    results, analysis = page.results, page.analysis
    at = {"analysis": analysis, "variable": variable, "arm": EVERYONE, "stat": "estimate"}
    now, plan = row_at(results, **at, measure="below_limit"), row_at(results, **at, measure="frozen_share")
    pieces = [label(results, analysis, "variable", variable), *unit_pieces(results, analysis, variable),
              Piece(": below the limit "), number(results, now, "percent1"), Piece("%, in the plan "),
              number(results, plan, "percent1"), Piece("%. ")]  # fmt: skip
    main = page.chosen(f"main.{variable}")
    if page.pair:
        pieces += [label(results, analysis, "block", main),
                   Piece(f", {contrast_words(main, page.chosen(f'yes.{variable}'))}")]  # fmt: skip
    mark = page.notes.mark(number(results, now, NOTE)) if now.note else ""
    return TableRow((Cell(tuple(pieces), strong=True, colspan=page.width, mark=mark),), "group")


def _visit_row(page: _Page, at: dict[str, Any], window: str, *, compared: bool) -> TableRow:
    cells = [_share_cell(page, {**at, "window": window, "arm": arm}) for arm in page.arms]
    of_pair = _contrast_cells(page, str(at["variable"]), window) if compared else [Cell(align="right")] * page.of_pair
    named = Cell((label(page.results, page.analysis, "window", window),), indent=1)
    return TableRow((named, *cells, *of_pair), scope=str(at["variable"]))


def _share_cell(page: _Page, at: dict[str, Any]) -> Cell:
    count, total, share = stat_rows(page.results, ("count", "total", "estimate"), **at)
    parts = part_pieces(page.results, count, total)
    pieces = (*parts, Piece(" ("), number(page.results, share, "percent1"), Piece(")"))
    return value_cell(page.results, (share,), pieces, page.notes)


def _contrast_cells(page: _Page, variable: str, window: str) -> list[Cell]:
    if page.pair is None:
        return []
    if window == page.chosen(f"baseline.{variable}"):
        return [dash_cell(AT_BASELINE, page.notes)] * page.of_pair
    main = page.chosen(f"main.{variable}")
    named = {"analysis": page.analysis, "variable": variable, "window": window, "arm": page.pair[0],
             "reference": page.pair[1]}  # fmt: skip
    of_main = {**named, "block": main, "measure": CONTRASTS[main]}
    cells = [interval_cell(page.results, page.notes, RATIO_STYLE, **of_main), _p_cell(page, of_main)]
    if page.family:
        cells.append(_p_cell(page, {**of_main, "measure": "limit_contrast_adjusted"}))
    return cells + [_sensitivity_cell(page, named, main)] * page.sensitivity


def _sensitivity_cell(page: _Page, named: dict[str, Any], main: str) -> Cell:
    found = select(page.results, **named, measure=set(CONTRASTS.values()), stat="estimate")
    other = next((row for row in found if row.block != main), None)
    if other is None:
        return dash_cell(NO_OTHER, page.notes)
    at = {**named, "block": other.block, "measure": other.measure}
    return interval_cell(page.results, page.notes, RATIO_STYLE, **at)


def _p_cell(page: _Page, place: dict[str, Any]) -> Cell:
    row = row_at(page.results, **place, stat="p_value")
    return value_cell(page.results, (row,), (number(page.results, row, "p_value"),), page.notes)


def _modelled_row(page: _Page, variable: str) -> TableRow:
    at = {"analysis": page.analysis, "variable": variable, "measure": "observed", "level": MODELLED}
    found = [stat_rows(page.results, ("count", "total"), **at, arm=arm) for arm in page.arms]
    cells = [Cell(part_pieces(page.results, *rows), "right") for rows in found]
    words = Cell((label(page.results, page.analysis, "level", MODELLED),), indent=1)
    return TableRow((words, *cells, *[Cell(align="right")] * page.of_pair), scope=variable)


def _outside(page: _Page) -> list[tuple[Piece, ...]]:
    """Who is in no model, by marker, group and reason."""
    told: list[Piece] = []
    for arm in groups_of(page.results, page.analysis):
        asked = {"analysis": page.analysis, "arm": arm, "measure": "not_evaluable", "stat": "count"}
        rows = [row for row in select(page.results, **asked) if row.value > 0]
        told += reason_pieces(page.results, page.analysis, arm, rows, variables=True)
    return [(Piece("Not in the models: "), *told[:-1], Piece("."))] if told else []
