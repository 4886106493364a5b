"""Tables of markers and outcome: hazard ratios before and after adjustment, and in each arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from npcstats.analyses.association.displays import MarkerHazards, MarkerHazardsByArm
from npcstats.analyses.association.rows import ADJUSTED
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, limited_cell, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, find_row, groups_of, row_at, stat_rows
from npcstats.display.pieces import column_name, label, level_pieces, number, part_pieces, unit_pieces
from npcstats.results import EVERYONE, Results, Row, select

STYLE = "ratio"
EVENTS, MISSING = "Events / n", "Missing"
MISSING_WORDS = "Missing: followed, without the marker or a covariate."
SAME = "Same in all, p"
NOT_TOLD_APART = "No arms are told apart, so there are no ratios of arms."
DEVIATIONS = {"std_deviation": "decimal2", "geometric_deviation": "ratio"}


def tabulate(results: Results, table: MarkerHazards) -> Table:
    """The table of ratios that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``association``.
    table : MarkerHazards
        Of the plan.

    Returns
    -------
    Table
        A line for each marker and model.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis, notes = table.analysis, Footnotes()
    entry = analysis_of(results, analysis, "association")
    blocks = entry.chosen("blocks", str).split(",")
    has_q = bool(select(results, analysis=analysis, measure="marker_test_adjusted"))
    level = level_pieces(results, select(results, analysis=analysis, measure="hazard_ratio", stat="ci_low"))
    heads = [Piece(MISSING), Piece(EVENTS), *(label(results, analysis, "block", block) for block in blocks), Piece("p")]
    heads += [Piece("q")] if has_q else []
    header = (
        Cell((Piece("Hazard ratio of"),), strong=True),
        *(Cell((head, *level) if 1 < i <= 1 + len(blocks) else (head,), "right", strong=True)
          for i, head in enumerate(heads)),
    )  # fmt: skip

    return compose_table(
        results,
        [analysis],
        notes,
        name=f"association-{table.name}",
        header=header,
        rows=_lines(results, analysis, len(header), partial(_ratio_cells, results, blocks, has_q, notes)),
        without=("by_arm", "outcome"),
        extra=[(Piece(MISSING_WORDS),), *_deviations(results, analysis), *_outside(results, analysis)],
    )


def tabulate_by_arm(results: Results, table: MarkerHazardsByArm) -> Table:
    """The table of ratios in each arm that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``association``.
    table : MarkerHazardsByArm
        Of the plan.

    Returns
    -------
    Table
        A line for each marker and model; of results without arms a line that says so.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis, notes = table.analysis, Footnotes()
    analysis_of(results, analysis, "association")
    arms = [arm for arm in groups_of(results, analysis) if arm != EVERYONE]
    level = level_pieces(results, select(results, analysis=analysis, measure="hazard_ratio", stat="ci_low"))
    first = Cell((Piece("Hazard ratio of"),), strong=True, rowspan=2)
    if not select(results, analysis=analysis, measure="effect_modification", stat="p_value"):
        told = (TableRow((Cell((Piece(NOT_TOLD_APART),)),)),)
        return compose_table(results, [analysis], notes, name=f"association-{table.name}",
                             header=(Cell((Piece("Hazard ratio of"),), strong=True),), rows=told)  # fmt: skip
    spanners = (
        first,
        *(Cell((column_name(results, arm, arms),), "center", strong=True, colspan=2, underline=True) for arm in arms),
        Cell((Piece(SAME),), "right", strong=True, rowspan=2),
    )
    header = tuple(cell for _ in arms for cell in (Cell((Piece(EVENTS),), "right", strong=True),
                                                   Cell((Piece("Ratio"), *level), "right", strong=True)))  # fmt: skip

    return compose_table(
        results,
        [analysis],
        notes,
        name=f"association-{table.name}",
        header=header,
        spanners=spanners,
        rows=_lines(results, analysis, 2 + 2 * len(arms), partial(_arm_cells, results, arms, notes)),
        without=("multiplicity", "outcome", "visits", "landmark", "limit", "minimum"),
    )


def _lines(
    results: Results, analysis: str, columns: int, cells: Callable[[dict[str, str]], list[Cell]]
) -> list[TableRow]:
    """Each marker as a group, and its models below it."""
    entry, rows = analysis_of(results, analysis), []
    for variable in entry.labels["variable"]:
        rows.append(group_row((label(results, analysis, "variable", variable),), columns))
        for model in entry.labels["level"]:
            place = {"analysis": analysis, "variable": variable, "level": model}
            if find_row(results, **place, measure="events", stat="count") is None:
                continue
            rows.append(TableRow((Cell((label(results, analysis, "level", model),), indent=1), *cells(place))))
    return rows


def _ratio_cells(
    results: Results, blocks: Sequence[str], has_q: bool, notes: Footnotes, place: dict[str, str]
) -> list[Cell]:
    """Who is not in a model, who is, its ratios and what tests them."""
    lacking = row_at(results, **place, measure="missing", stat="count")
    found = [Cell((number(results, lacking, "count"),), "right"), _events(results, place, EVERYONE)]
    found += [limited_cell(results, notes, STYLE, **{**place, "block": block}, measure="hazard_ratio")
              for block in blocks]  # fmt: skip
    tests = ("hazard_ratio", "marker_test_adjusted") if has_q else ("hazard_ratio",)
    return found + [_p_value(results, {**place, "block": blocks[-1], "measure": name}, notes) for name in tests]


def _arm_cells(results: Results, arms: Sequence[str], notes: Footnotes, place: dict[str, str]) -> list[Cell]:
    """The ratio of each arm, and whether it is the same in all."""
    at = {**place, "block": ADJUSTED}
    found = [cell for arm in arms for cell in (
        _events(results, place, arm), limited_cell(results, notes, STYLE, **at, arm=arm, measure="hazard_ratio")
    )]  # fmt: skip
    return [*found, _p_value(results, {**at, "measure": "effect_modification"}, notes)]


def _events(results: Results, place: dict[str, str], arm: str) -> Cell:
    count, total = stat_rows(results, ("count", "total"), **place, arm=arm, measure="events")
    return Cell(part_pieces(results, count, total), "right")


def _p_value(results: Results, place: dict[str, str], notes: Footnotes) -> Cell:
    row = row_at(results, **place, stat="p_value")
    return value_cell(results, (row,), (number(results, row, "p_value"),), notes)


def _deviations(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """How large a standard deviation is, of each marker whose ratio is for one."""
    told: list[Piece] = []
    for measure, style in DEVIATIONS.items():
        for row in select(results, analysis=analysis, measure=measure, stat="estimate"):
            unit = unit_pieces(results, analysis, row.variable) if measure == "std_deviation" else ()
            words = (Piece(", a factor"),) if measure == "geometric_deviation" else unit
            told += [label(results, analysis, "marker", row.variable), *words, Piece(NO_BREAK),
                     number(results, row, style), Piece("; ")]  # fmt: skip
    return [(Piece("Standard deviation at baseline: "), *told[:-1], Piece("."))] if told else []


def _outside(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Who is not followed from a landmark, by reason."""
    sentences = []
    for model in analysis_of(results, analysis).labels["level"]:
        rows = [row for row in select(results, analysis=analysis, measure="not_evaluable", level=model)
                if row.value > 0]  # fmt: skip
        if rows:
            sentences.append((label(results, analysis, "level", model), Piece(": not followed from it "),
                              *_reasons(results, analysis, rows), Piece(".")))  # fmt: skip
    return sentences


def _reasons(results: Results, analysis: str, rows: Sequence[Row]) -> list[Piece]:
    told: list[Piece] = []
    for row in rows:
        reason = label(results, analysis, "block", row.block)
        told += [Piece("; ")] if told else []
        told += [number(results, row, "count"), Piece(" ("), reason, Piece(")")]
    return told
