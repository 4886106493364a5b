"""The table of a score's coefficients, without p-values: a score is judged by the balance that it brings."""

from __future__ import annotations

from npcstats.analyses.propensity.displays import ScoreModel
from npcstats.analyses.propensity.rows import DATE, REMAINING
from npcstats.display.anatomy import Cell, Piece, Table, TableRow
from npcstats.display.cells import Footnotes, value_cell
from npcstats.display.composing import compose_table
from npcstats.display.lookup import analysis_of, find_row
from npcstats.display.pieces import label, number, unit_pieces
from npcstats.results import Results, Row, select

STYLE = "decimal3"
KNOT_STYLE = "decimal1"


def tabulate_model(results: Results, table: ScoreModel) -> Table:
    """The table of coefficients that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``propensity``.
    table : ScoreModel
        Of the plan.

    Returns
    -------
    Table
        A line per column of the design; knots of splines in the note.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    analysis_of(results, table.analysis, "propensity")
    notes = Footnotes()
    place = {"analysis": table.analysis, "block": table.block, "measure": "score_coefficient"}
    rows, last = [], ""
    for row in select(results, **place, stat="estimate"):
        if row.level and row.variable != last:
            rows.append(TableRow((Cell((label(results, table.analysis, "variable", row.variable),)), Cell(), Cell())))
        rows.append(_line(results, row, notes))
        last = row.variable
    header = (
        Cell((Piece("Term"),), strong=True),
        Cell((Piece("Log odds"),), "right", strong=True),
        Cell((Piece("SE"),), "right", strong=True),
    )
    return compose_table(
        results,
        [table.analysis],
        notes,
        name=table.name,
        header=header,
        rows=rows,
        parts=(table.block,),
        without=(REMAINING, "smd", "logarithm", "beside", "arms", "arms_counts"),
        extra=[(Piece("Log odds of the first arm, for one unit of the term."),), *_knots(results, table)],
    )


def _line(results: Results, row: Row, notes: Footnotes) -> TableRow:
    error = find_row(results, analysis=row.analysis, block=row.block, variable=row.variable, level=row.level,
                     measure=row.measure, stat="std_error")  # fmt: skip
    cells = [value_cell(results, [row], (number(results, row, STYLE),), notes)]
    if error is None:
        cells.append(Cell(align="right"))
    else:
        cells.append(value_cell(results, [error], (number(results, error, STYLE),), notes))
    if row.level:
        named = Cell(
            (label(results, row.analysis, "level", row.level, lookup=f"{row.variable}={row.level}"),), indent=1
        )
    else:
        named = Cell((label(results, row.analysis, "variable", row.variable),))
    return TableRow((named, *cells))


def _knots(results: Results, table: ScoreModel) -> list[tuple[Piece, ...]]:
    """Where the splines of the score have their knots, a sentence for each."""
    rows = select(results, analysis=table.analysis, block=table.block, measure="spline_knot", stat="estimate")
    told = []
    for variable in dict.fromkeys(row.variable for row in rows):
        knots = [number(results, row, KNOT_STYLE) for row in rows if row.variable == variable]
        listed = [piece for knot in knots for piece in (Piece(", "), knot)][1:]
        name = label(results, table.analysis, "variable", variable)
        dated = analysis_of(results, table.analysis).chosen(f"scale.{variable}", str) == DATE
        unit = (Piece(", years since the first"),) if dated else unit_pieces(results, table.analysis, variable)
        told.append((Piece("Knots of the natural spline of "), name, *unit, Piece(": "), *listed, Piece(".")))
    return told
