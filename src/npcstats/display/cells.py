"""Cells made from rows: an estimate with its limits, a count with its share, and the letters of their notes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from npcstats.display.anatomy import Cell, Piece, TableRow
from npcstats.display.lookup import INTERVAL, stat_rows
from npcstats.display.origins import NOTE
from npcstats.display.pieces import dash, interval_pieces, number, share_pieces
from npcstats.formatting import STYLES
from npcstats.results import Results, Row, is_withheld

LIMITS = ("ci_low", "ci_high")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Footnotes:
    """Letters for the notes of one table, each distinct note once, in order of first use."""

    def __init__(self) -> None:
        """Start without notes."""
        self._notes: dict[str, Piece] = {}

    def mark(self, note: Piece) -> str:
        """Return the letter of a note, a new one where it has none yet.

        Parameters
        ----------
        note : Piece
            A sentence and its origin.

        Returns
        -------
        str
            One small letter.
        """
        self._notes.setdefault(note.text, note)
        return LETTERS[list(self._notes).index(note.text)]

    def pieces(self) -> tuple[tuple[str, Piece], ...]:
        """Letters and notes, in order of first use.

        Returns
        -------
        tuple of tuple
            Letter and sentence of each.
        """
        return tuple(zip(LETTERS, self._notes.values(), strict=False))


def value_cell(results: Results, rows: Sequence[Row], pieces: tuple[Piece, ...], notes: Footnotes) -> Cell:
    """A right-aligned cell, marked where one of its rows could not be estimated, or a limit needs a word.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    rows : sequence of Row
        Rows that `pieces` print, the leading one first.
    pieces : tuple of Piece
        What is printed if the leading row has a value.
    notes : Footnotes
        Takes the note of a row without a value, else that of a limit, such as that it is cut.

    Returns
    -------
    Cell
        ``NE`` and the letter of its note where the leading row has no value; ``s`` where it is not published, which a
        sentence of the catalogue explains.
    """
    failed = next((row for row in rows if math.isnan(row.value)), None)
    if failed is None:
        noted = next((row for row in rows if row.note and row.stat in LIMITS), None)
        return Cell(pieces, align="right", mark=notes.mark(number(results, noted, NOTE)) if noted else "")
    if is_withheld(rows[0]):
        return Cell((number(results, rows[0], _style_of(rows[0], pieces)),), align="right")
    if is_withheld(failed):
        return Cell(pieces, align="right")
    mark = notes.mark(number(results, failed, NOTE))
    if not math.isnan(rows[0].value):
        return Cell(pieces, align="right", mark=mark)
    return Cell((number(results, rows[0], _style_of(rows[0], pieces)),), align="right", mark=mark)


def _style_of(row: Row, pieces: Sequence[Piece]) -> str:
    return next((piece.style for piece in pieces if piece.key == row.key and piece.style in STYLES), "decimal1")


def dash_cell(reason: str, notes: Footnotes) -> Cell:
    """A dash with a footnote that says why nothing applies.

    Parameters
    ----------
    reason : str
        A sentence without numbers.
    notes : Footnotes
        Takes the sentence.

    Returns
    -------
    Cell
        Right-aligned.
    """
    return Cell((dash(),), align="right", mark=notes.mark(Piece(reason)))


def share_cell(results: Results, notes: Footnotes, **wanted: Any) -> Cell:
    """A cell n (%) from the rows of one proportion or risk.

    Parameters
    ----------
    results : Results
        The table.
    notes : Footnotes
        Takes the note where the percentage cannot be estimated.
    **wanted : str or float
        Key columns of the measure, without `stat`.

    Returns
    -------
    Cell
        Right-aligned.
    """
    count, share = stat_rows(results, ("count", "estimate"), **wanted)
    if is_withheld(count):
        return Cell((number(results, count, "count"),), align="right")
    if is_withheld(share):
        return Cell(share_pieces(results, count, share), align="right")
    if math.isnan(share.value):
        return Cell(share_pieces(results, count, share), align="right", mark=notes.mark(number(results, share, NOTE)))
    return Cell(share_pieces(results, count, share), align="right")


def interval_cell(results: Results, notes: Footnotes, style: str, **wanted: Any) -> Cell:
    """A cell with an estimate and its limits, as ``−16.9 (−28.0 to −5.1)``.

    Parameters
    ----------
    results : Results
        The table.
    notes : Footnotes
        Takes the note where something cannot be estimated.
    style : str
        Style of all three numbers.
    **wanted : str or float
        Key columns of the measure, without `stat`.

    Returns
    -------
    Cell
        Right-aligned.
    """
    rows = stat_rows(results, ("estimate", "ci_low", "ci_high"), **wanted)
    pieces = (number(results, rows[0], style), *interval_pieces(results, rows[1:], style, " ("))
    return value_cell(results, rows, pieces, notes)


def limited_cell(results: Results, notes: Footnotes, style: str, **wanted: Any) -> Cell:
    """A cell with an estimate and its limits, or with the estimate alone where it has none and a letter says why.

    Parameters
    ----------
    results : Results
        The table.
    notes : Footnotes
        Takes the note where something cannot be estimated.
    style : str
        Style of all three numbers.
    **wanted : str or float
        Key columns of the measure, without `stat`.

    Returns
    -------
    Cell
        Right-aligned.
    """
    rows = stat_rows(results, INTERVAL, **wanted)
    if math.isnan(rows[0].value) or not all(math.isnan(row.value) for row in rows[1:]):
        return interval_cell(results, notes, style, **wanted)
    mark = notes.mark(number(results, rows[0], NOTE)) if rows[0].note else ""
    return Cell((number(results, rows[0], style),), align="right", mark=mark)


def group_row(pieces: tuple[Piece, ...], columns: int) -> TableRow:
    """A line that names those below it.

    Parameters
    ----------
    pieces : tuple of Piece
        The name.
    columns : int
        Columns of the table, which it spans.

    Returns
    -------
    TableRow
        Of kind ``group``.
    """
    return TableRow((Cell(pieces, strong=True, colspan=columns),), "group")
