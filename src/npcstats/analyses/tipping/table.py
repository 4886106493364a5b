"""Tables of missing marker values: who is seen and imputed, tipping points, contrasts by what is assumed."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.analyses.tipping.displays import StrategiesTable, TippingTable
from npcstats.analyses.tipping.rows import (
    AFTER,
    AT_RANDOM,
    DIED,
    EFFECTS,
    FIRST,
    LOG,
    METHODS,
    NOT_DUE,
    REFERENCE,
    SEEN,
)
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, interval_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, groups_of, ordered, pairs_of, row_at
from npcstats.display.notes import reason_pieces
from npcstats.display.pieces import (
    column_name,
    group_name,
    label,
    level_pieces,
    number,
    sized_pieces,
    unit_pieces,
)
from npcstats.results import EVERYONE, Analysis, Results, select

RATIO_STYLE = "decimal2"
SHORTEST_VISIT = 16.0
ELSEWHERE = ("assumptions", "model", "apart", "redrawn", "survivors")
"""Sentences that stand below the contrasts by what is assumed."""
_NAMED = ("variable", "window")


@dataclass(frozen=True)
class _Page:
    """What every line needs."""

    results: Results
    analysis: str
    entry: Analysis
    arms: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    notes: Footnotes

    def style(self, variable: str) -> str:
        """Of an effect of a marker."""
        return RATIO_STYLE if self.is_ratio(variable) else self.entry.chosen(f"style.{variable}", str)

    def is_ratio(self, variable: str) -> bool:
        """Whether the arms are compared by a ratio."""
        return self.entry.chosen(f"scale.{variable}", str) == LOG

    def effect(self, variable: str, window: str, pair: tuple[str, str], level: str) -> Cell:
        """A contrast with its limits."""
        return interval_cell(
            self.results, self.notes, self.style(variable), analysis=self.analysis, variable=variable, window=window,
            arm=pair[0], reference=pair[1], level=level, measure=EFFECTS[self.entry.chosen(f"scale.{variable}", str)],
        )  # fmt: skip

    def level_words(self) -> tuple[Piece, ...]:
        """The level of confidence of the contrasts."""
        return level_pieces(
            self.results,
            select(self.results, analysis=self.analysis, measure=set(EFFECTS.values()), stat="ci_low"),
        )


def _open(results: Results, analysis: str) -> _Page:
    entry = analysis_of(results, analysis, "tipping")
    pairs = pairs_of(results, analysis, set(EFFECTS.values()))
    return _Page(results, analysis, entry, groups_of(results, analysis), pairs, Footnotes())


def tabulate_strategies(results: Results, table: StrategiesTable) -> Table:
    """The contrast of the arms at each visit by what is assumed of missing values.

    Parameters
    ----------
    results : Results
        Rows of kind ``tipping``.
    table : StrategiesTable
        Of the plan.

    Returns
    -------
    Table
        A line for each visit under its marker; who was seen and who was not where no two arms are compared.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    page = _open(results, table.analysis)
    if not page.pairs:
        return _tabulate(page, f"strategies-{table.analysis}")
    made = {row.level for row in select(results, analysis=table.analysis, measure="missing_information")}
    methods = [code for code in METHODS if code in {SEEN, *made}]
    rows: list[TableRow] = []
    for variable in page.entry.labels["variable"]:
        rows.append(group_row(_heading(page, variable), 1 + len(methods) * len(page.pairs)))
        for window in _windows(page):
            cells = [page.effect(variable, window, pair, code) for pair in page.pairs for code in methods]
            rows.append(TableRow((_visit(page, window), *cells), scope=variable))
    header = [Cell((label(results, table.analysis, "level", code),), "right", strong=True) for code in methods]
    spanners = [Cell((Piece("Visit"),), strong=True, rowspan=2)]
    for _ in page.pairs:
        named = (Piece("Contrast by what is assumed of missing values"), *page.level_words())
        spanners.append(Cell(named, "center", strong=True, colspan=len(methods), underline=True))
    return compose_table(
        results, [table.analysis], page.notes, name=f"strategies-{table.analysis}", header=tuple(header), rows=rows,
        spanners=tuple(spanners), extra=_outside(page), without=("shift", "tipping", "last"), shortest=SHORTEST_VISIT,
    )  # fmt: skip


def tabulate_tipping(results: Results, table: TippingTable) -> Table:
    """At each visit who was seen, imputed and not imputed, and how far imputed values would have to be shifted.

    Parameters
    ----------
    results : Results
        Rows of kind ``tipping``.
    table : TippingTable
        Of the plan.

    Returns
    -------
    Table
        A line for each visit under its marker.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    return _tabulate(_open(results, table.analysis), f"tipping-{table.analysis}")


def _tabulate(page: _Page, name: str) -> Table:
    counted = ["Seen", "Imputed" if page.pairs else "Missing", "Died"]
    rows: list[TableRow] = []
    for variable in page.entry.labels["variable"]:
        rows.append(group_row(_heading(page, variable), 1 + len(counted) * len(page.arms) + 3 * len(page.pairs)))
        for window in _windows(page):
            cells = [cell for arm in page.arms for cell in _count_cells(page, variable, window, arm)]
            for pair in page.pairs:
                cells.append(page.effect(variable, window, pair, AT_RANDOM))
                cells += [_tipping_cell(page, variable, window, pair, level) for level in (FIRST, REFERENCE)]
            rows.append(TableRow((_visit(page, window), *cells), scope=variable))
    spanners, header = _counted_header(page, counted)
    return compose_table(
        page.results, [page.analysis], page.notes, name=name, header=header, rows=rows, spanners=spanners,
        extra=[*_not_due(page), *_outside(page)], without=ELSEWHERE, shortest=SHORTEST_VISIT,
    )  # fmt: skip


def _counted_header(page: _Page, counted: list[str]) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    spanners = [Cell((Piece("Visit"),), strong=True, rowspan=2)]
    header: list[Cell] = []
    for arm in page.arms:
        named = (column_name(page.results, arm, page.arms),)
        spanners.append(Cell(named, "center", strong=True, colspan=len(counted), underline=True))
        header += [Cell((Piece(words),), "right", strong=True) for words in counted]
    for pair in page.pairs:
        at_random = (label(page.results, page.analysis, "level", AT_RANDOM), *page.level_words())
        spanners.append(Cell(at_random, "right", strong=True, rowspan=2))
        spanners.append(Cell((Piece("Tipping point"),), "center", strong=True, colspan=2, underline=True))
        header += [Cell((column_name(page.results, arm, page.arms),), "right", strong=True) for arm in pair]
    return tuple(spanners), tuple(header)


def _windows(page: _Page) -> tuple[str, ...]:
    present = [row.window for row in select(page.results, analysis=page.analysis, measure="observed", stat="count")]
    return ordered(page.entry.labels["window"], present)


def _visit(page: _Page, window: str) -> Cell:
    return Cell((label(page.results, page.analysis, "window", window),), indent=1)


def _heading(page: _Page, variable: str) -> tuple[Piece, ...]:
    """The marker, what the contrasts of its lines are, and how many are in its model."""
    ratio = page.is_ratio(variable)
    named: tuple[Piece, ...] = (label(page.results, page.analysis, "variable", variable),)
    if page.pairs:
        unit = () if ratio else unit_pieces(page.results, page.analysis, variable)
        named = (*named, *unit, Piece(": ratio of geometric means, " if ratio else ": difference of means, "))
    else:
        named = (*named, Piece(": "))
    sign = Piece(f" {'/' if ratio else '−'} " if page.pairs else ", ")
    for i, arm in enumerate(page.arms):
        size = row_at(page.results, analysis=page.analysis, variable=variable, arm=arm, measure="participants",
                      stat="count")  # fmt: skip
        sized = sized_pieces(page.results, (group_name(page.results, arm),), size)
        named = (*named, *((sign,) if i else ()), *sized)
    return named


def _count_cells(page: _Page, variable: str, window: str, arm: str) -> list[Cell]:
    place = {"analysis": page.analysis, "variable": variable, "window": window, "arm": arm, "stat": "count"}
    seen, missing = (row_at(page.results, **place, measure=name) for name in ("observed", "missing"))
    after = row_at(page.results, **place, measure="missing", level=AFTER)
    died = row_at(page.results, **place, measure="not_evaluable", level=DIED)
    first, second, third, last = (number(page.results, row, "count") for row in (seen, missing, after, died))
    return [Cell(pieces, "right") for pieces in ((first,), (second, Piece(" ("), third, Piece(")")), (last,))]


def _tipping_cell(page: _Page, variable: str, window: str, pair: tuple[str, str], level: str) -> Cell:
    row = row_at(
        page.results, analysis=page.analysis, variable=variable, window=window, arm=pair[0], reference=pair[1],
        level=level, measure="tipping_shift", stat="estimate",
    )  # fmt: skip
    sign = (Piece(f"×{NO_BREAK}"),) if page.is_ratio(variable) else ()
    return value_cell(page.results, [row], (*sign, number(page.results, row, page.style(variable))), page.notes)


def _not_due(page: _Page) -> list[tuple[Piece, ...]]:
    """Who was not yet due at a visit, and has no value imputed there."""
    told: list[Piece] = []
    for arm in page.arms:
        rows = select(page.results, analysis=page.analysis, arm=arm, measure="not_evaluable", level=NOT_DUE)
        for row in rows:
            if row.value > 0:
                words = [label(page.results, page.analysis, column, getattr(row, column)) for column in _NAMED]
                who = [] if arm == EVERYONE else [group_name(page.results, arm), Piece(" ")]
                told += [*who, number(page.results, row, "count"), Piece(" ("), words[0], Piece(", "), words[1],
                         Piece("); ")]  # fmt: skip
    return [(Piece("Not yet due: "), *told[:-1], Piece(")."))] if told else []


def _outside(page: _Page) -> list[tuple[Piece, ...]]:
    """Who is not in the model of each marker, by reason."""
    told: list[Piece] = []
    for arm in page.arms:
        rows = select(page.results, analysis=page.analysis, arm=arm, measure="not_evaluable", stat="count", window="")
        found = [row for row in rows if row.value > 0]
        told += reason_pieces(page.results, page.analysis, arm, found, variables=True)
    return [(Piece("Not in the model: "), *told[:-1], Piece("."))] if told else []
