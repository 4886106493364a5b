"""An analysis of an endpoint above those of its variants: what other rules would have shown, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from npcstats.analyses.timetoevent.displays import PROBABILITIES, Sensitivity
from npcstats.analyses.timetoevent.rows import EVENT
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, interval_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, groups_of, stat_rows
from npcstats.display.notes import caption_sentences
from npcstats.display.origins import TIME
from npcstats.display.pieces import contrast_name, group_name, label, level_pieces, number, part_pieces, words
from npcstats.errors import ResultsError
from npcstats.formatting import MINUS
from npcstats.results import Results, Row, select

OF_EVENT = {"survival": {}, "incidence": {"level": EVENT}}
UNSHOWN = ("follow_up",)
OF_RATIOS = ("method", "adjustment", "wording")


@dataclass(frozen=True)
class _Context:
    """What every line needs: rows, the analyses, their kind, the arms, the pair compared, and the footnotes."""

    results: Results
    analyses: Sequence[str]
    kind: str
    arms: tuple[str, ...]
    pair: tuple[str, ...]
    notes: Footnotes

    def place(self, analysis: str, measure: str) -> dict[str, Any]:
        """Key columns of a measure of one analysis."""
        return {"analysis": analysis, "variable": self.endpoint(analysis), "measure": measure, **OF_EVENT[self.kind]}

    def endpoint(self, analysis: str) -> str:
        """Code of the endpoint of an analysis."""
        return self.results.by_analysis[analysis][0].variable


def tabulate(results: Results, table: Sensitivity) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``survival`` or ``incidence``, and of ``regression``.
    table : Sensitivity
        Of the plan.

    Returns
    -------
    Table
        As `sensitivity_table` makes it.
    """
    return sensitivity_table(results, table.members, table.ratios)


def sensitivity_table(results: Results, analyses: Sequence[str], ratios: Mapping[str, str]) -> Table:
    """Events, estimates at landmarks and hazard ratios by arm: an analysis, and below it those under other rules.

    Parameters
    ----------
    results : Results
        Rows of kind ``survival`` or ``incidence``, and of ``regression``.
    analyses : sequence of str
        Ids of analyses of one kind, the main one first.
    ratios : mapping of str to str
        Id of the regression that belongs to each of the analyses; those without one have no line of it.

    Returns
    -------
    Table
        One group of lines per measure, in it one line per analysis.

    Raises
    ------
    ResultsError
        If the analyses are not all of one kind that has a probability at landmarks, or a row is absent.
    """
    kind = _common_kind(results, analyses)
    arms = tuple(groups_of(results, analyses[0]))
    pair = _compared(results, analyses[0], f"{kind}_difference")
    context = _Context(results, analyses, kind, arms, pair, Footnotes())
    rows = [*_events(context), *_landmarks(context), *_ratios(context, ratios)]
    of_ratios = caption_sentences(results, list(ratios.values()), topics=OF_RATIOS) if pair else []
    head = (
        Cell((Piece("Endpoint"),), strong=True),
        *(Cell((group_name(results, arm),), "right", strong=True) for arm in arms),
        *((Cell(contrast_name(results, pair[0], pair[1], MINUS), "right", strong=True),) if pair else ()),
    )
    name = "-".join(["sensitivity", *analyses])
    return compose_table(
        results, analyses, context.notes, name=name, header=head, rows=rows, without=UNSHOWN, extra=of_ratios
    )


def _common_kind(results: Results, analyses: Sequence[str]) -> str:
    kinds = {analysis_of(results, name).kind for name in analyses}
    if len(kinds) != 1 or not kinds <= set(PROBABILITIES):
        raise ResultsError(
            f"{', '.join(analyses)}: of kind {', '.join(sorted(kinds)) or 'none'}; analyses of one kind, "
            f"{' or '.join(PROBABILITIES)}, are required."
        )
    return kinds.pop()


def _compared(results: Results, analysis: str, measure: str) -> tuple[str, ...]:
    rows = select(results, analysis=analysis, measure=measure, stat="estimate")
    return (rows[0].arm, rows[0].reference) if rows else ()


def _group(context: _Context, heading: tuple[Piece, ...]) -> TableRow:
    return group_row(heading, 1 + len(context.arms) + bool(context.pair))


def _name(context: _Context, analysis: str) -> Cell:
    return Cell((words(context.results, "analyses", analysis, "label"),), indent=1)


def _blank(context: _Context) -> tuple[Cell, ...]:
    return (Cell(align="right"),) if context.pair else ()


def _events(context: _Context) -> list[TableRow]:
    results, rows = context.results, [_group(context, (Piece("Events / participants"),))]
    for name in context.analyses:
        cells = []
        for arm in context.arms:
            count, total = stat_rows(results, ("count", "total"), **context.place(name, "events"), arm=arm)
            cells.append(Cell(part_pieces(results, count, total), "right"))
        rows.append(TableRow((_name(context, name), *cells, *_blank(context))))
    return rows


def _landmarks(context: _Context) -> list[TableRow]:
    results, measure = context.results, context.kind  # a probability is called as its kind
    main = context.place(context.analyses[0], measure)
    rows: list[TableRow] = []
    for first in select(results, **main, arm=context.arms[0], stat="estimate"):
        limits = level_pieces(results, select(results, **main, time=first.time, stat="ci_low"))
        rows.append(_group(context, (Piece("At "), number(results, first, TIME), Piece(" months, %"), *limits)))
        rows += [_landmark_row(context, name, first) for name in context.analyses]
    return rows


def _landmark_row(context: _Context, analysis: str, at: Row) -> TableRow:
    cells = [
        interval_cell(
            context.results, context.notes, "percent1", **context.place(analysis, at.measure), arm=arm, time=at.time
        )
        for arm in context.arms
    ]
    between = []
    if context.pair:
        place = context.place(analysis, f"{context.kind}_difference")
        pair = {"arm": context.pair[0], "reference": context.pair[-1], "time": at.time}
        between = [interval_cell(context.results, context.notes, "percent1", **place, **pair)]
    return TableRow((_name(context, analysis), *cells, *between))


def _ratios(context: _Context, ratios: Mapping[str, str]) -> list[TableRow]:
    """Hazard ratios of the pair, in the column of its contrast, before and after adjustment."""
    if not context.pair or not ratios:
        return []
    results, rows = context.results, []
    for model in analysis_of(results, next(iter(ratios.values())), "regression").labels["block"]:
        named = {"block": model, "measure": "hazard_ratio", "arm": context.pair[0], "reference": context.pair[-1]}
        lines = []
        for name, regression in ratios.items():
            for row in select(results, analysis=regression, subgroup="all", stat="estimate", **named):
                place = {"analysis": regression, "subgroup": "all", "variable": row.variable, **named}
                cell = interval_cell(results, context.notes, "ratio", **place)
                empty = (Cell(align="right") for _ in context.arms)
                lines.append(TableRow((_name(context, name), *empty, cell)))
        if lines:
            of_model = select(results, analysis=set(ratios.values()), subgroup="all", stat="ci_low", **named)
            title = (Piece("Hazard ratio, "), label(results, next(iter(ratios.values())), "block", model))
            rows += [_group(context, (*title, *level_pieces(results, of_model))), *lines]
    return rows
