"""The features with the smallest p-values."""

from __future__ import annotations

from npcstats.analyses.features.displays import FeaturesTable
from npcstats.analyses.features.rows import HAZARD
from npcstats.analyses.features.words import (
    RANKED,
    discovery_sentences,
    estimates,
    event_sentences,
    image_sentences,
    questions,
    ranked,
)
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, group_row, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, pairs_of
from npcstats.display.pieces import contrast_name, interval_pieces, label, level_pieces, number
from npcstats.formatting import MINUS
from npcstats.results import Results, Row

COLUMNS = 4
NO_MODEL = "No feature has a model"


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
        Of each set and question the features with the smallest p-values.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a row that the table needs is absent.
    """
    analysis = table.analysis
    entry, notes = analysis_of(results, analysis, "features"), Footnotes()
    rows: list[TableRow] = []
    limits: list[Row] = []
    for block in entry.labels["block"]:
        for question in questions(results, analysis):
            found = estimates(results, analysis, block, *question)
            limits += [own["ci_low"] for own in found.values()]
            rows.append(group_row(_heading(results, analysis, block, *question), COLUMNS))
            names = ranked(found, table.most)
            for name in names:
                words = label(results, analysis, "variable", name)
                rows.append(_row(results, words, question[0], found[name], notes))
            if found and not names:
                rows.append(_row(results, Piece(NO_MODEL), question[0], next(iter(found.values())), notes))
    return compose_table(
        results,
        [analysis],
        notes,
        name=f"features-{table.name}",
        header=(
            Cell((Piece("Feature"),), strong=True),
            Cell((Piece("Estimate"), *level_pieces(results, limits)), "right", strong=True),
            Cell((Piece("P"),), "right", strong=True),
            Cell((Piece("q"),), "right", strong=True),
        ),
        rows=rows,
        extra=[
            (Piece(RANKED),),
            *image_sentences(results, analysis),
            *event_sentences(results, analysis),
            *discovery_sentences(results, analysis),
        ],
    )


def _heading(results: Results, analysis: str, block: str, measure: str, window: str) -> tuple[Piece, ...]:
    """The set, and what is asked of it in which unit."""
    name = (label(results, analysis, "block", block), Piece(". "), label(results, analysis, "level", measure))
    visit = label(results, analysis, "window", window)
    if measure == HAZARD:
        return (*name, Piece(" by the feature at "), visit, Piece(": hazard ratio per SD"))
    pair = next(iter(pairs_of(results, analysis, (measure,))), None)
    arms = (Piece(", "), *contrast_name(results, *pair, MINUS)) if pair else ()
    return (*name, Piece(" at "), visit, *arms, Piece(", SD"))


def _row(results: Results, words: Piece, measure: str, rows: dict[str, Row], notes: Footnotes) -> TableRow:
    style = "ratio" if measure == HAZARD else "decimal2"
    estimate, low, high = (rows[stat] for stat in ("estimate", "ci_low", "ci_high"))
    shown = (number(results, estimate, style), Piece(" "), *interval_pieces(results, (low, high), style))
    tested = [
        value_cell(results, (row,), (number(results, row, "p_value"),), notes)
        for row in (rows["p_value"], rows["family"])
    ]
    name = Cell((words,), indent=1)
    return TableRow((name, value_cell(results, (estimate, low, high), shown, notes), *tested), scope=measure)
