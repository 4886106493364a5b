"""The table of hazard ratios: arms and covariates, before and after adjustment."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.analyses.regression.displays import HazardRatios
from npcstats.analyses.regression.rows import ADJUSTED, GLOBAL, MODELS
from npcstats.display.anatomy import NO_BREAK, Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, find_row, stat_rows
from npcstats.display.origins import NOTE
from npcstats.display.pieces import (
    contrast_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    p_value_pieces,
    part_pieces,
    words,
)
from npcstats.results import Results, Row, select

RATIO_STYLE = "ratio"
OVER = "/"
NO_P_VALUE = "Covariates have no p-value: in a model made for the arms, their ratios estimate no effect of their own."


def tabulate(results: Results, table: HazardRatios) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``regression``.
    table : HazardRatios
        Of the plan.

    Returns
    -------
    Table
        As `regression_table` makes it.
    """
    return regression_table(results, table.members, covariates=table.covariates)


def regression_table(results: Results, analyses: Sequence[str], *, covariates: bool) -> Table:
    """Hazard ratios of the arms and of what they are adjusted for, one or more endpoints.

    Parameters
    ----------
    results : Results
        Rows of kind ``regression``.
    analyses : sequence of str
        Ids of the analyses, in page order.
    covariates : bool
        Whether the ratios of covariates stand below those of the arms; they do where there are no arms.

    Returns
    -------
    Table
        One group of lines per analysis, two columns per model; tests of proportional hazards in the note.

    Raises
    ------
    ResultsError
        If an analysis is of another kind or a row is absent.
    """
    for name in analyses:
        analysis_of(results, name, "regression")
    models = _models(results, analyses)
    notes = Footnotes()
    rows: list[TableRow] = []
    for name in analyses:
        rows += _analysis_rows(results, name, models, notes, covariates)
    first = Cell((Piece("Term"),), strong=True, rowspan=2)
    spanners = (
        first,
        *(
            Cell((_model_name(results, analyses, model),), "center", strong=True, colspan=2, underline=True)
            for model in models
        ),
    )
    header = tuple(cell for model in models for cell in _model_head(results, analyses, model))
    extra = [sentence for name in analyses for sentence in _left_out(results, name)]
    extra += [sentence for name in analyses for sentence in _proportional(results, name, models)]
    if any(not place.reference for name in analyses for place in _terms(results, name, covariates)):
        extra.append((Piece(NO_P_VALUE),))
    return compose_table(
        results,
        analyses,
        notes,
        name="-".join(["regression", *analyses]),
        header=header,
        rows=rows,
        spanners=spanners,
        without=("subgroups",),
        extra=extra,
    )


def _models(results: Results, analyses: Sequence[str]) -> tuple[str, ...]:
    present = {row.block for name in analyses for row in results.by_analysis.get(name, ())}
    return tuple(model for model in MODELS if model in present)


def _model_name(results: Results, analyses: Sequence[str], model: str) -> Piece:
    """The heading of a model: what all analyses that have it call it, else the word that is true of each."""
    named = [name for name in analyses if select(results, analysis=name, block=model)]
    labels = {piece.text: piece for piece in (label(results, name, "block", model) for name in named)}
    return next(iter(labels.values())) if len(labels) == 1 else Piece(model.capitalize())


def _model_head(results: Results, analyses: Sequence[str], model: str) -> tuple[Cell, Cell]:
    limits = select(results, analysis=set(analyses), block=model, measure="hazard_ratio", stat="ci_low")
    ratio = Cell((Piece("Hazard ratio"), *level_pieces(results, limits)), "right", strong=True)
    return (ratio, Cell((Piece("p"),), "right", strong=True))


def _analysis_rows(
    results: Results, analysis: str, models: tuple[str, ...], notes: Footnotes, covariates: bool
) -> list[TableRow]:
    width = 1 + 2 * len(models)
    rows = [group_row((words(results, "analyses", analysis, "label"),), width)]
    counted = [cell for model in models for cell in (_events_cell(results, analysis, model), Cell(align="right"))]
    rows.append(TableRow((Cell((Piece("Events / participants"),), indent=1), *counted)))
    previous = ""
    for place in _terms(results, analysis, covariates):
        if place.level and place.variable != previous:
            name = Cell((label(results, analysis, "variable", place.variable), *_reference(results, place)), indent=1)
            rows.append(TableRow((name, *(Cell(align="right") for _ in range(width - 1)))))
        previous = place.variable
        cells = [cell for model in models for cell in _effect_cells(results, place, model, notes)]
        rows.append(TableRow((_term_cell(results, place), *cells)))
    return rows


def _terms(results: Results, analysis: str, covariates: bool) -> list[Row]:
    """One row for each term of any model, in page order: arms first, then covariates."""
    rows = select(results, analysis=analysis, measure="hazard_ratio", stat="estimate", subgroup="all")
    terms: dict[tuple[str, str, str, str], Row] = {}
    for row in rows:
        terms.setdefault((row.arm, row.reference, row.variable, row.level), row)
    of_arms = [row for row in terms.values() if row.reference]
    return [*terms.values()] if covariates or not of_arms else of_arms


def _reference(results: Results, place: Row) -> tuple[Piece, ...]:
    """The level that the others of a variable are compared with."""
    code = analysis_of(results, place.analysis).chosen(f"reference.{place.variable}", str)
    named = label(results, place.analysis, "level", code, lookup=f"{place.variable}={code}")
    return (Piece(" (reference: "), named, Piece(")"))


def _term_cell(results: Results, place: Row) -> Cell:
    if place.reference:
        return Cell(contrast_name(results, place.arm, place.reference, OVER), indent=1)
    if place.level:
        named = label(results, place.analysis, "level", place.level, lookup=f"{place.variable}={place.level}")
        return Cell((named,), indent=2)
    return Cell((label(results, place.analysis, "variable", place.variable),), indent=1)


def _effect_cells(results: Results, place: Row, model: str, notes: Footnotes) -> tuple[Cell, Cell]:
    wanted = {
        "analysis": place.analysis,
        "block": model,
        "arm": place.arm,
        "reference": place.reference,
        "variable": place.variable,
        "level": place.level,
        "measure": "hazard_ratio",
    }
    if find_row(results, **wanted, stat="estimate") is None:
        return Cell(align="right"), Cell(align="right")
    ratio, low, high, p_value = stat_rows(results, ("estimate", "ci_low", "ci_high", "p_value"), **wanted)
    pieces = (number(results, ratio, RATIO_STYLE), *interval_pieces(results, (low, high), RATIO_STYLE, " ("))
    cell = value_cell(results, (ratio, low, high), pieces, notes)
    if ratio.note and not cell.mark:
        cell = Cell(cell.pieces, cell.align, mark=notes.mark(number(results, ratio, NOTE)))
    if not place.reference:
        return cell, Cell(align="right")
    return cell, value_cell(results, (p_value,), (number(results, p_value, "p_value"),), notes)


def _events_cell(results: Results, analysis: str, model: str) -> Cell:
    wanted = {"analysis": analysis, "block": model, "measure": "events"}
    if find_row(results, **wanted, stat="count") is None:
        return Cell(align="right")
    count, total = stat_rows(results, ("count", "total"), **wanted)
    return Cell(part_pieces(results, count, total), "right")


def _left_out(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Who is in no model because of a covariate, and of which."""
    rows = [row for row in select(results, analysis=analysis, block=ADJUSTED, measure="missing") if row.value > 0]
    if not rows:
        return []
    told: list[Piece] = []
    for row in (row for row in rows if row.variable):
        named = label(results, analysis, "variable", row.variable)
        told += [Piece("; " if told else ""), named, Piece(NO_BREAK), number(results, row, "count")]
    name = words(results, "analyses", analysis, "label")
    whole = (name, Piece(": left out for lack of a covariate "), number(results, rows[0], "count"))
    return [(*whole, Piece(" ("), *told, Piece(")."))]


def _proportional(results: Results, analysis: str, models: tuple[str, ...]) -> list[tuple[Piece, ...]]:
    told: list[Piece] = []
    for model in models:
        rows = select(
            results, analysis=analysis, block=model, measure="proportional_hazards", variable=GLOBAL, stat="p_value"
        )
        for row in rows:
            told += [label(results, analysis, "block", model), *p_value_pieces(results, row, " "), Piece("; ")]
    if not told:
        return []
    name = words(results, "analyses", analysis, "label")
    return [(Piece("Test of proportional hazards, "), name, Piece(": "), *told[:-1], Piece("."))]
