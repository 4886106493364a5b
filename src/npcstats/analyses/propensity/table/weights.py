"""The table of weights: who is scored and weighed, what the weights are worth, how far the arms overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from npcstats.analyses.propensity.displays import WeightsTable
from npcstats.analyses.propensity.rows import LEAST, LOWER, MIDDLE, MOST, REMAINING, UPPER
from npcstats.analyses.propensity.words import pair_of
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, find_row, stat_rows
from npcstats.display.pieces import chosen_number, interval_pieces, label, number, part_pieces, words
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, Results, Row, select

NO_PAIR = "no two arms are compared; a session with two named arms is required."
OF_ARMS = (
    ("Effective size", "effective_size", "", "decimal1"),
    ("Largest weight", "largest_weight", "", "decimal2"),
    ("Largest weight over the arm's mean", "relative_weight", "", "decimal1"),
    ("Score: least", "score_quantile", LEAST, "decimal2"),
    ("Score: median", "score_quantile", MIDDLE, "decimal2"),
    ("Score: largest", "score_quantile", MOST, "decimal2"),
)
"""Lines of each arm: words, measure, level and style."""
OF_PAIRS = (
    ("Overlap of the scores, %", "overlap", "percent1"),
    ("Overlap of the weighted scores, %", "weighted_overlap", "percent1"),
    ("c-statistic of the score", "c_statistic", "decimal2"),
)
"""Lines of both arms together."""


@dataclass(frozen=True)
class _Page:
    """What the cells of a table are made from."""

    results: Results
    analysis: str
    blocks: tuple[str, ...]
    pair: tuple[str, str]
    notes: Footnotes

    def rows(self, **wanted: Any) -> list[Row | None]:
        """Find the row of each arm of each adjustment."""
        return [
            find_row(self.results, **{"analysis": self.analysis, "block": block, "arm": arm, "variable": "", **wanted})
            for block in self.blocks
            for arm in self.pair
        ]

    def confounders(self, block: str) -> tuple[object, ...]:
        """Tell the columns of the score of an adjustment."""
        found = analysis_of(self.results, self.analysis).choices.get(f"confounders.{block}", ())
        return found if isinstance(found, tuple) else ()


def tabulate_weights(results: Results, table: WeightsTable) -> Table:
    """The table of weights that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``propensity``.
    table : WeightsTable
        Of the plan.

    Returns
    -------
    Table
        Columns of the arms under each adjustment; what is of both arms stands between theirs.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or compares no two arms.
    """
    analysis_of(results, table.analysis, "propensity")
    pair = pair_of(results, table.analysis)
    if pair is None:
        raise ResultsError(f"{table.analysis}: {NO_PAIR}")
    page = _Page(results, table.analysis, table.blocks, pair, Footnotes())
    set_rows = page.rows(block="", measure="participants", stat="count")
    rows = [
        _line(page, (Piece("Participants of the set"),), set_rows, "count"),
        *_missing_rows(page),
        *_lost_rows(page),
    ]
    rows.append(_line(page, (Piece("Weighted"),), page.rows(measure="observed", stat="count"), "count"))
    for name, measure, level, style in OF_ARMS:
        found = page.rows(measure=measure, level=level, stat="estimate")
        rows.append(_line(page, (Piece(name),), found, style, scope=f"{measure}{level}"))
    rows += [_outside_row(page), *_between_rows(page)]
    named = [label(results, table.analysis, "block", block) for block in table.blocks]
    spanners = (
        Cell((Piece("Scores and weights"),), strong=True, rowspan=2),
        *(Cell((name,), "center", strong=True, colspan=2, underline=True) for name in named),
    )
    heads = [Cell((words(results, "arms", arm),), "right", strong=True) for _ in table.blocks for arm in pair]
    return compose_table(results, [table.analysis], page.notes, name=table.name, header=tuple(heads), rows=rows,
                         spanners=spanners, parts=table.blocks,
                         without=(REMAINING, "smd", "logarithm", "beside"))  # fmt: skip


def _line(
    page: _Page,
    name: tuple[Piece, ...],
    rows: Sequence[Row | None],
    style: str,
    *,
    scope: str = "counts",
) -> TableRow:
    """A line of one number for each arm of each adjustment, blank where there is none."""
    cells = [
        value_cell(page.results, [row], (number(page.results, row, style),), page.notes) if row else Cell(align="right")
        for row in rows
    ]
    return TableRow((Cell(name), *cells), scope=scope)


def _lost_rows(page: _Page) -> list[TableRow]:
    """Who is not weighted, by reason; a reason that nobody can have stands nowhere."""
    found = select(page.results, analysis=page.analysis, block=set(page.blocks), measure="not_evaluable", arm=EVERYONE)
    rows = []
    for reason in dict.fromkeys(row.level for row in found):
        named = (Piece("Not weighted: "), label(page.results, page.analysis, "level", reason))
        rows.append(_line(page, named, page.rows(measure="not_evaluable", level=reason, stat="count"), "count"))
    return rows


def _missing_rows(page: _Page) -> list[TableRow]:
    """Confounders that somebody lacks, of each adjustment that has them."""
    found = select(page.results, analysis=page.analysis, measure="missing", arm=EVERYONE, stat="count")
    rows = []
    for row in found:
        has = [row.variable in page.confounders(block) for block in page.blocks for _ in page.pair]
        if not row.value or not any(has):
            continue
        named = (label(page.results, page.analysis, "variable", row.variable), Piece(" missing"))
        counted = page.rows(block="", variable=row.variable, measure="missing", stat="count")
        shown = [count if known else None for count, known in zip(counted, has, strict=True)]
        rows.append(_line(page, named, shown, "count"))
    return rows


def _outside_row(page: _Page) -> TableRow:
    counts, totals = (page.rows(measure="outside_range", stat=stat) for stat in ("count", "total"))
    cells = [
        value_cell(page.results, [count, total], part_pieces(page.results, count, total), page.notes)
        for count, total in zip(counts, totals, strict=True)
        if count and total
    ]
    return TableRow((Cell((Piece("Score outside the other arm's range"),)), *cells), scope="outside")


def _between_rows(page: _Page) -> list[TableRow]:
    """What is of both arms together."""
    results, between = page.results, {"arm": page.pair[0], "reference": page.pair[1], "variable": ""}
    limit = chosen_number(results, analysis_of(results, page.analysis).chosen("smd_limit", float), "decimal2")
    lines: list[tuple[tuple[Piece, ...], str, str]]
    lines = [((Piece(name),), measure, style) for name, measure, style in OF_PAIRS]
    lines += [((Piece("SMDs beyond "), limit, Piece(ending)), measure, "") for measure, ending in
              (("unbalanced", ""), ("weighted_unbalanced", ", weighted"))]  # fmt: skip
    rows = []
    for name, measure, style in lines:
        cells = []
        for block in page.blocks:
            place = {"analysis": page.analysis, "block": block, "measure": measure, **between}
            found = stat_rows(results, ("estimate",) if style else ("count", "total"), **place)
            pieces = (number(results, found[0], style),) if style else part_pieces(results, *found)
            cells.append(replace(value_cell(results, found, pieces, page.notes), align="center", colspan=2))
        rows.append(TableRow((Cell(name), *cells), scope=measure))
    return [*_kept_rows(page), *rows]


def _kept_rows(page: _Page) -> list[TableRow]:
    """Limits of the scores that are kept, where some are not to be."""
    cells, some = [], False
    for block in page.blocks:
        wanted = {"analysis": page.analysis, "block": block, "measure": "trim_limit", "stat": "estimate"}
        lower, upper = (find_row(page.results, **wanted, level=level) for level in (LOWER, UPPER))
        if lower is None or upper is None:
            cells.append(Cell(align="center", colspan=2))
            continue
        some = True
        pieces = interval_pieces(page.results, (lower, upper), "decimal2", "", "")
        cells.append(replace(value_cell(page.results, [lower, upper], pieces, page.notes), align="center", colspan=2))
    return [TableRow((Cell((Piece("Scores kept"),)), *cells), scope="kept")] if some else []
