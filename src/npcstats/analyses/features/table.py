"""The features with the smallest p-values."""

from __future__ import annotations

from npcstats.analyses.features.displays import FeaturesTable
from npcstats.analyses.features.rows import HAZARD
from npcstats.analyses.features.words import RANKED, discovery_sentences, estimates, questions, ranked
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, pairs_of
from npcstats.display.pieces import contrast_name, interval_pieces, label, level_pieces, number
from npcstats.formatting import MINUS
from npcstats.results import Results, Row


def tabulate(results: Results, table: FeaturesTable) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``features``.
    table : FeaturesTable
        Of the plan.

    Returns
    -------
    Table
        Of each set the features with the smallest p-value to any question.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry, notes = analysis_of(results, analysis, "features"), Footnotes()
    asked = questions(results, analysis)
    rows: list[TableRow] = []
    levels: list[Row] = []
    for block in entry.labels["block"]:
        found = [estimates(results, analysis, block, *question) for question in asked]
        best: dict[str, dict[str, Row]] = {}
        for of_question in found:
            for name, own in of_question.items():
                if name not in best or own["p_value"].value < best[name]["p_value"].value:
                    best[name] = own
        rows.append(group_row((label(results, analysis, "block", block),), 1 + 2 * len(asked)))
        for name in ranked(best, table.most):
            cells = [Cell((label(results, analysis, "variable", name),), indent=1)]
            for (measure, _), of_question in zip(asked, found, strict=True):
                cells += _cells(results, measure, of_question[name], notes)
            rows.append(TableRow(tuple(cells)))
        levels += [row for of_question in found for own in of_question.values() for row in own.values()]
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"features-{table.name}",
        spanners=_spanners(results, analysis, asked),
        header=_header(results, analysis, asked, [row for row in levels if row.stat == "ci_low"]),
        rows=rows,
        extra=[(Piece(RANKED),), *discovery_sentences(results, analysis)],
    )


def _spanners(results: Results, analysis: str, asked: tuple[tuple[str, str], ...]) -> tuple[Cell, ...]:
    cells = [Cell((Piece("Feature"),), strong=True, rowspan=2)]
    for measure, window in asked:
        name: tuple[Piece, ...] = (label(results, analysis, "window", window),)
        if measure == HAZARD:
            name = (label(results, analysis, "level", measure), Piece(", "), *name)
        cells.append(Cell(name, "right", strong=True, colspan=2))
    return tuple(cells)


def _header(results: Results, analysis: str, asked: tuple[tuple[str, str], ...], limits: list[Row]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for measure, _ in asked:
        if measure == HAZARD:
            name: tuple[Piece, ...] = (Piece("HR per SD"),)
        else:
            pair = next(iter(pairs_of(results, analysis, (measure,))), None)
            name = (*contrast_name(results, *pair, MINUS), Piece(", SD")) if pair else (Piece("Change, SD"),)
        cells.append(Cell((*name, *level_pieces(results, limits)), "right", strong=True))
        cells.append(Cell((Piece("P (q)"),), "right", strong=True))
    return tuple(cells)


def _cells(results: Results, measure: str, rows: dict[str, Row], notes: Footnotes) -> list[Cell]:
    style = "ratio" if measure == HAZARD else "decimal2"
    estimate, low, high = (rows[stat] for stat in ("estimate", "ci_low", "ci_high"))
    shown = (number(results, estimate, style), Piece(" "), *interval_pieces(results, (low, high), style))
    p_value, family = rows["p_value"], rows["family"]
    tested = (number(results, p_value, "p_value"), Piece(" ("), number(results, family, "p_value"), Piece(")"))
    return [
        value_cell(results, (estimate, low, high), shown, notes),
        value_cell(results, (p_value, family), tested, notes),
    ]
