"""Tables of comparisons: effects unadjusted and adjusted side by side, and the sheet of estimands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.adjustment.rows import ARM_MEASURES, POINTS, STYLES
from npcstats.analyses.comparison.displays import EffectsTable, EstimandSheet
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, find_row, row_at, stat_rows
from npcstats.display.origins import TIME
from npcstats.display.pieces import interval_pieces, label, level_pieces, number, part_pieces, percent_style, words
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, Results, Row, is_withheld, select

OWN_STYLES = {
    "survival": "percent1", "restricted_mean": "decimal1", "incidence": "percent1", "risk": "percent1",
    "mean": "decimal2", "geometric_mean": "decimal2",
}  # fmt: skip
ATTRIBUTES = {
    "role": "Role", "treatment": "Treatments", "population": "Population", "target": "Effect in",
    "definition": "Endpoint", "period": "Period", "intercurrent": "Intercurrent events", "summary": "Summary measures",
}  # fmt: skip
"""Attributes of an estimand by ICH E9(R1), each a sentence of the catalogue."""
ONLY_SHEET = ("role", "treatment", "target", "intercurrent", "summary")
"""Sentences that stand in the sheet of estimands alone."""
UNTOLD = ("limit", "minimum", "score")
"""Sentences of what is not in the table, or told where it matters."""
SHEET = "Endpoints are defined in the sheet of estimands."
ELSEWHERE = ("denominator", "baseline", "adjustment", "same", "wording", "ties", "arms_counts")
"""Sentences that stand below the tables of effects."""
DEFINED = ("definition", "period", "baseline", "denominator")
"""Sentences that define outcomes: they stand where each arm's own numbers do."""


def tabulate_effects(results: Results, table: EffectsTable) -> Table:
    """The table of effects that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``comparison``.
    table : EffectsTable
        Of the plan.

    Returns
    -------
    Table
        One group of lines per outcome.

    Raises
    ------
    ResultsError
        If an analysis is of another kind, compares no arms, or a row is absent.
    """
    blocks = table.blocks
    pair = _pair(results, table.members)
    notes, rows = Footnotes(), []
    for name in table.members:
        comparison = _Comparison(results, name, pair, table.arms, table.p_values, notes)
        rows.append(group_row((words(results, "analyses", name, "label"),), 1 + len(blocks) * comparison.width))
        rows += _lines(comparison, blocks)
    first = Cell((Piece("Measure"),), strong=True, rowspan=2)
    spanners = [
        Cell((_block_name(results, table.members, block),), "center", strong=True, colspan=comparison.width,
             underline=True)
        for block in blocks
    ]  # fmt: skip
    header = [cell for block in blocks for cell in _head(comparison, table.members, block)]
    return compose_table(
        results,
        table.members,
        notes,
        name="-".join(["effects", *table.members]),
        header=tuple(header),
        rows=rows,
        spanners=(first, *spanners),
        parts=blocks,
        without=(*ONLY_SHEET, *DEFINED, *UNTOLD, "arms_counts"),
        extra=[*_left_out(results, table.members, blocks), (Piece(SHEET),)],
    )


@dataclass(frozen=True)
class _Comparison:
    """What every line of a comparison needs."""

    results: Results
    analysis: str
    pair: tuple[str, str]
    arms: bool
    p_values: bool
    notes: Footnotes

    @property
    def width(self) -> int:
        """Columns of a block."""
        return 2 + 2 * self.arms + self.p_values

    def place(self, block: str) -> dict[str, Any]:
        """Key columns that rows of a block share."""
        some = select(self.results, analysis=self.analysis, measure="observed", stat="count")[0]
        return {"analysis": self.analysis, "block": block, "variable": some.variable, "window": some.window}


def _left_out(results: Results, analyses: Sequence[str], blocks: Sequence[str]) -> list[tuple[Piece, ...]]:
    """Who of the sets is not compared, by reason; outcomes of which the same is true together."""
    told: dict[tuple[str, ...], tuple[list[str], list[Piece]]] = {}
    for name in analyses:
        rows = select(results, analysis=name, arm=EVERYONE, measure="not_evaluable", stat="count")
        pieces: list[Piece] = []
        for row in (row for row in rows if row.value > 0 and row.block in ("", *blocks[-1:])):
            named = label(results, name, "level", row.level)
            pieces += [Piece(", " if pieces else ""), number(results, row, "count"), Piece(" ("), named, Piece(")")]
        if pieces:
            told.setdefault(tuple(piece.text for piece in pieces), ([], pieces))[0].append(name)
    if not told:
        return []
    sentence: list[Piece] = [Piece("Not compared: ")]
    for i, (names, pieces) in enumerate(told.values()):
        sentence.append(Piece("; " if i else ""))
        if len(names) < len(analyses):
            for k, name in enumerate(names):
                sentence += [Piece(", " if k else ""), words(results, "analyses", name, "label")]
            sentence.append(Piece(": "))
        sentence += pieces
    return [(*sentence, Piece("."))]


def _pair(results: Results, analyses: Sequence[str]) -> tuple[str, str]:
    for name in analyses:
        analysis_of(results, name, "comparison")
    pairs = {(r.arm, r.reference) for name in analyses for r in results.by_analysis.get(name, ()) if r.reference}
    if len(pairs) != 1:
        raise ResultsError(f"{', '.join(analyses)}: {len(pairs)} pairs of arms are compared; one is required.")
    return next(iter(pairs))


def _block_name(results: Results, analyses: Sequence[str], block: str) -> Piece:
    return label(results, analyses[0], "block", block)


def _head(comparison: _Comparison, analyses: Sequence[str], block: str) -> list[Cell]:
    results = comparison.results
    own = [Cell((words(results, "arms", arm),), "right", strong=True) for arm in comparison.pair if comparison.arms]
    limits = [row for row in select(results, analysis=set(analyses), block=block, stat="ci_low") if row.reference]
    level = level_pieces(results, limits, "")
    told = (*level[:-1], Piece(f"{NO_BREAK}CI")) if level else (Piece("Limits"),)
    cells = [*own, Cell((Piece("Effect"),), "right", strong=True), Cell(told, "right", strong=True)]
    return [*cells, Cell((Piece("p"),), "right", strong=True)] if comparison.p_values else cells


def _lines(comparison: _Comparison, blocks: Sequence[str]) -> list[TableRow]:
    rows = _size_line(comparison, blocks)
    if len(blocks) > 1 and comparison.arms:
        rows.append(_effective_line(comparison, blocks))
    results = comparison.results
    told: set[tuple[str, float]] = set()
    for row in select(results, analysis=comparison.analysis, block=blocks[0], arm=comparison.pair[0], stat="estimate"):
        if row.reference:
            own = (ARM_MEASURES[row.measure], row.time)
            cells = [cell for block in blocks for cell in _effect_cells(comparison, block, row, own=own not in told)]
            told.add(own)
            rows.append(TableRow((Cell(_measure_name(results, row), indent=1), *cells), scope=row.measure))
    return rows


def _measure_name(results: Results, row: Row) -> tuple[Piece, ...]:
    named: tuple[Piece, ...] = (label(results, row.analysis, "measure", row.measure),)
    if not math.isnan(row.time):
        unit = analysis_of(results, row.analysis).units.get(row.variable, "months")
        at = " to" if row.measure == "restricted_mean_difference" else " at"
        named = (*named, Piece(f"{at} "), number(results, row, TIME), Piece(f"{NO_BREAK}{unit}"))
    if row.measure in POINTS:
        return (*named, Piece(", points"))
    if row.measure == "restricted_mean_difference":
        return (*named, Piece(", months"))
    return named


def _size_line(comparison: _Comparison, blocks: Sequence[str]) -> list[TableRow]:
    """How many had the event and how many were compared: by arm, or together where no arm's number is published."""
    sizes = {arm: _sizes(comparison, blocks, arm) for arm in (*comparison.pair, EVERYONE)}
    arms = [arm for arm in comparison.pair if comparison.arms]
    if not any(not is_withheld(row) for arm in arms for row in sizes[arm]):
        arms = [EVERYONE]
    rows = [row for arm in arms for row in sizes[arm]]
    if all(map(is_withheld, rows)):
        return []
    counted = any(row.measure == "events" and row.stat == "count" and not is_withheld(row) for row in rows)
    name = Piece("Events / participants" if counted else "Participants")
    cells = [cell for block in blocks for cell in _size_cells(comparison, block, arms, counted)]
    return [TableRow((Cell((name,), indent=1), *cells), scope="size")]


def _sizes(comparison: _Comparison, blocks: Sequence[str], arm: str) -> list[Row]:
    places = [{**comparison.place(block), "arm": arm, "stat": "count"} for block in blocks]
    found = [find_row(comparison.results, **place, measure=measure)
             for place in places for measure in ("events", "participants")]  # fmt: skip
    return [row for row in found if row is not None]


def _size_cells(comparison: _Comparison, block: str, arms: Sequence[str], counted: bool) -> list[Cell]:
    results, cells = comparison.results, []
    for arm in arms:
        if counted:
            rows = stat_rows(results, ("count", "total"), **comparison.place(block), arm=arm, measure="events")
            cells.append(Cell(part_pieces(results, *rows), "right"))
        else:
            row = row_at(results, **comparison.place(block), arm=arm, measure="participants", stat="count")
            cells.append(Cell((number(results, row, "count"),), "right"))
    if comparison.arms and len(arms) < len(comparison.pair):
        return [*[Cell(align="right")] * 2, *cells, *[Cell(align="right")] * (comparison.width - 2 - len(cells))]
    return _spread(comparison, cells)


def _effective_line(comparison: _Comparison, blocks: Sequence[str]) -> TableRow:
    cells = []
    for block in blocks:
        own = []
        for arm in comparison.pair:
            wanted = {**comparison.place(block), "arm": arm, "measure": "effective_size", "stat": "estimate"}
            row = find_row(comparison.results, **wanted)
            pieces = (number(comparison.results, row, "decimal1"),) if row else ()
            own.append(value_cell(comparison.results, [row], pieces, comparison.notes) if row else Cell(align="right"))
        cells += _spread(comparison, own)
    return TableRow((Cell((Piece("Effective size"),), indent=1), *cells), scope="effective")


def _spread(comparison: _Comparison, own: list[Cell]) -> list[Cell]:
    """Cells of groups among the columns of a block: in those of the arms, or in the last."""
    blank = [Cell(align="right")] * (comparison.width - len(own))
    return [*own, *blank] if comparison.arms else [*blank, *own]


def _effect_cells(comparison: _Comparison, block: str, row: Row, *, own: bool) -> list[Cell]:
    results, notes = comparison.results, comparison.notes
    style = percent_style(results, comparison.analysis, STYLES[row.measure])
    place = {**comparison.place(block), "time": row.time}
    measure = ARM_MEASURES[row.measure] if own else ""
    arms = [_own_cell(comparison, place, arm, measure) for arm in comparison.pair if comparison.arms]
    between = {**place, "arm": row.arm, "reference": row.reference, "measure": row.measure}
    estimate, *limits = stat_rows(results, ("estimate", "ci_low", "ci_high"), **between)
    cells = [*arms, value_cell(results, [estimate], (number(results, estimate, style),), notes)]
    cells.append(value_cell(results, limits, interval_pieces(results, limits, style, "", ""), notes))
    if comparison.p_values:
        (p_value,) = stat_rows(results, ("p_value",), **between)
        cells.append(value_cell(results, [p_value], (number(results, p_value, "p_value"),), notes))
    return cells


def _own_cell(comparison: _Comparison, place: dict[str, Any], arm: str, measure: str) -> Cell:
    row = find_row(comparison.results, **place, arm=arm, measure=measure, stat="estimate") if measure else None
    if row is None:
        return Cell(align="right")
    style = percent_style(comparison.results, comparison.analysis, OWN_STYLES[measure])
    return value_cell(comparison.results, [row], (number(comparison.results, row, style),), comparison.notes)


def tabulate_estimands(results: Results, table: EstimandSheet) -> Table:
    """The sheet of estimands that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``comparison``.
    table : EstimandSheet
        Of the plan.

    Returns
    -------
    Table
        What all comparisons share, then a group of lines per comparison; a line per attribute.

    Raises
    ------
    ResultsError
        If an analysis is of another kind.
    """
    own = {name: _attributes(results, name) for name in table.members}
    shared = {
        attribute: [told for told in sentences if all(_has(other, attribute, told) for other in own.values())]
        for attribute, sentences in own[table.members[0]].items()
    }
    rows: list[TableRow] = []
    if len(own) > 1:
        rows += _sheet_lines((Piece("All comparisons"),), shared)
        own = {name: _without(attributes, shared) for name, attributes in own.items()}
    for name, attributes in own.items():
        rows += _sheet_lines((words(results, "analyses", name, "label"),), attributes)
    header = (Cell((Piece("Attribute"),), strong=True), Cell((Piece("Estimand"),), strong=True))
    return compose_table(
        results,
        table.members,
        Footnotes(),
        name="-".join(["estimands", *table.members]),
        header=header,
        rows=rows,
        without=(
            *ATTRIBUTES,
            *UNTOLD,
            "denominator",
            "baseline",
            "adjustment",
            "same",
            "wording",
            "ties",
            "arms_counts",
        ),
        named=2,
    )


Attributes = dict[str, list[Piece]]
"""Sentences of the catalogue by attribute of an estimand."""


def _attributes(results: Results, analysis: str) -> Attributes:
    entry = analysis_of(results, analysis, "comparison")
    found: Attributes = {}
    for stem, attribute in ATTRIBUTES.items():
        topics = [topic for topic in entry.sentences if topic.partition(".")[0] == stem]
        if topics:
            found[attribute] = [words(results, "analyses", analysis, "sentences", topic) for topic in topics]
    return found


def _has(attributes: Attributes, attribute: str, told: Piece) -> bool:
    return any(other.text == told.text for other in attributes.get(attribute, ()))


def _without(attributes: Attributes, shared: Attributes) -> Attributes:
    return {
        attribute: [told for told in sentences if not _has(shared, attribute, told)]
        for attribute, sentences in attributes.items()
    }


def _sheet_lines(name: tuple[Piece, ...], attributes: Attributes) -> list[TableRow]:
    lines = [
        TableRow((Cell((Piece(attribute),), indent=1), Cell(_joined(sentences))))
        for attribute, sentences in attributes.items()
        if sentences
    ]
    return [group_row(name, 2), *lines] if lines else []


def _joined(sentences: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for told in sentences for piece in (Piece(" "), told))[1:]
