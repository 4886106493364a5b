"""What the tables of laboratory toxicity have in common: heads of columns, and who is not in them."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.display.anatomy import Cell, Piece
from npcstats.display.lookup import groups_of, row_at
from npcstats.display.notes import reason_pieces
from npcstats.display.pieces import column_name, sized_pieces
from npcstats.results import Results, select

TOPICS = frozenset(
    {"unknown", "emergent", "nadir", "recovery", "agreement", "interval", "difference", "adjustment", "limits"}
)
"""Topics of sentences that only some of the tables need."""


def window_heads(
    results: Results, analysis: str, window: str, arms: Sequence[str], width: int, after: Piece
) -> tuple[Cell, ...]:
    """Heads of the arms' columns, each with its denominator.

    Parameters
    ----------
    results : Results
        Rows of kind ``laboratory``.
    analysis, window : str
        Its id, and the period shown.
    arms : sequence of str
        Groups that have columns.
    width : int
        Columns of each.
    after : Piece
        What is said after the denominator.

    Returns
    -------
    tuple of Cell
        One for each group.
    """
    cells = []
    for arm in arms:
        size = row_at(results, analysis=analysis, window=window, arm=arm, measure="observed", stat="count")
        pieces = (*sized_pieces(results, (column_name(results, arm, arms),), size), *((after,) if after.text else ()))
        many = width > 1
        cells.append(Cell(pieces, "center" if many else "right", strong=True, colspan=width, underline=many))
    return tuple(cells)


def outside_sentences(results: Results, analysis: str, window: str) -> list[tuple[Piece, ...]]:
    """Who is outside the denominator, by reason, in the groups that have any.

    Parameters
    ----------
    results : Results
        Rows of kind ``laboratory``.
    analysis, window : str
        Its id, and the period shown.

    Returns
    -------
    list of tuple of Piece
        One sentence, or none.
    """
    told: list[Piece] = []
    for arm in groups_of(results, analysis):
        rows = select(results, analysis=analysis, arm=arm, window=window, measure="not_evaluable", stat="count")
        told += reason_pieces(results, analysis, arm, [row for row in rows if row.value != 0])
    return [(Piece("Not in the denominator: "), *told[:-1], Piece("."))] if told else []
