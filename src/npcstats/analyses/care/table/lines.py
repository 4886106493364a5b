"""Lines, columns and sentences that the tables of care and of weight share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from npcstats.display.anatomy import NO_BREAK, Cell, Piece, TableRow
from npcstats.display.cells import Footnotes, group_row, interval_cell, value_cell
from npcstats.display.lookup import analysis_of, columns_of, pairs_of, row_at, stat_rows
from npcstats.display.pieces import (
    column_name,
    contrast_name,
    group_name,
    interval_pieces,
    label,
    level_pieces,
    number,
    part_pieces,
    sized_pieces,
)
from npcstats.formatting import MINUS
from npcstats.results import EVERYONE, Results, Row, select

DIFFERENCE = "risk_difference"
CONTRASTS = (DIFFERENCE, "mean_difference")
LIMITS = ("ci_low", "ci_high")
SHARE = f", n{NO_BREAK}/{NO_BREAK}N{NO_BREAK}(%"


@dataclass(frozen=True)
class Page:
    """What a table is made of: results, its analysis, its columns, and how shares are printed."""

    results: Results
    analysis: str
    arms: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    notes: Footnotes
    limits: bool

    @property
    def width(self) -> int:
        """How many columns there are.

        Returns
        -------
        int
            The words of a line among them.
        """
        return 1 + len(self.arms) + len(self.pairs)

    def header(self) -> tuple[Cell, ...]:
        """The header: each group with its size, then the contrasts.

        Returns
        -------
        tuple of Cell
            One line.
        """
        cells = [Cell((Piece("Participants"), *self._manner()), strong=True)]
        for arm in self.arms:
            size = row_at(self.results, analysis=self.analysis, arm=arm, measure="participants", stat="count")
            named = (column_name(self.results, arm, self.arms),)
            cells.append(Cell(sized_pieces(self.results, named, size), "right", strong=True))
        limits = select(self.results, analysis=self.analysis, measure=set(CONTRASTS), stat="ci_low")
        for arm, reference in self.pairs:
            pair = (*contrast_name(self.results, arm, reference, MINUS), Piece(", points"))
            cells.append(Cell((*pair, *level_pieces(self.results, limits)), "right", strong=True))
        return tuple(cells)

    def heading(self, words: Piece) -> TableRow:
        """A line that names those below it.

        Parameters
        ----------
        words : Piece
            The name.

        Returns
        -------
        TableRow
            Over all columns.
        """
        return group_row((words,), self.width)

    def line(
        self, words: Sequence[Piece], cells: Sequence[Cell], contrasts: Sequence[Cell] = (), indent: int = 1
    ) -> TableRow:
        """A line of cells.

        Parameters
        ----------
        words : sequence of Piece
            Its name.
        cells : sequence of Cell
            One for each group.
        contrasts : sequence of Cell
            One for each pair of arms; empty ones where none is given.
        indent : int
            Of its name.

        Returns
        -------
        TableRow
            The line.
        """
        rest = contrasts or [Cell(align="right") for _ in self.pairs]
        return TableRow((Cell(tuple(words), indent=indent), *cells, *rest))

    def share_line(self, words: Sequence[Piece], indent: int = 1, **place: Any) -> TableRow:
        """A line of shares, and of their difference where there is one.

        Parameters
        ----------
        words : sequence of Piece
            Its name.
        indent : int
            Of its name.
        **place : str or float
            Key columns of the rows without group and stat.

        Returns
        -------
        TableRow
            The line.
        """
        at = {"analysis": self.analysis, **place}
        cells = [self._share(at | {"arm": arm}) for arm in self.arms]
        compared = {**at, "measure": DIFFERENCE}
        contrasts = [
            interval_cell(self.results, self.notes, "percent1", **compared, arm=arm, reference=reference)
            for arm, reference in self.pairs
            if select(self.results, **compared, arm=arm, reference=reference)
        ]
        return self.line(words, cells, contrasts, indent)

    def _manner(self) -> tuple[Piece, ...]:
        """How shares are printed, where there is no other word of it."""
        shares = select(self.results, analysis=self.analysis, measure={"risk", "in_use"}, stat="ci_low")
        level = level_pieces(self.results, shares, "; ") if self.limits else ()
        return (Piece(SHARE), *(level or (Piece(")"),)))

    def _share(self, at: dict[str, Any]) -> Cell:
        count, total, share, *limits = stat_rows(self.results, ("count", "total", "estimate", *LIMITS), **at)
        told = [Piece(" ("), number(self.results, share, "percent1")]
        told += interval_pieces(self.results, limits, "percent1", "; ", "") if self.limits else ()
        pieces = (*part_pieces(self.results, count, total), *told, Piece(")"))
        return value_cell(self.results, [share, *limits], pieces, self.notes)


def open_page(results: Results, analysis: str, kind: str, *, limits: bool, total: bool) -> Page:
    """Begin a table.

    Parameters
    ----------
    results : Results
        Rows.
    analysis : str
        Id.
    kind : str
        Kind that is required.
    limits, total : bool
        As the plan's table says.

    Returns
    -------
    Page
        Without lines.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    analysis_of(results, analysis, kind)
    arms, pairs = columns_of(results, analysis, total=total), pairs_of(results, analysis, CONTRASTS)
    return Page(results, analysis, arms, pairs, Footnotes(), limits)


def outside_sentence(page: Page, named: Sequence[Piece], **place: Any) -> list[tuple[Piece, ...]]:
    """Say who is not in a denominator, by reason, in the groups that have any.

    Parameters
    ----------
    page : Page
        Of the table.
    named : sequence of Piece
        What the denominator is of.
    **place : str or float
        Key columns of the rows.

    Returns
    -------
    list of tuple of Piece
        One sentence; none where everyone is in it.
    """
    told: list[Piece] = []
    for arm in page.arms:
        found = select(page.results, analysis=page.analysis, arm=arm, measure="not_evaluable", stat="count", **place)
        told += _reasons(page, arm, [row for row in found if row.value != 0])
    return [(Piece("Not in the denominator ("), *named, Piece("): "), *told[:-1], Piece("."))] if told else []


def _reasons(page: Page, arm: str, rows: Sequence[Row]) -> list[Piece]:
    if not rows:
        return []
    named = Piece("all") if arm == EVERYONE else group_name(page.results, arm)
    told = [] if page.arms == (EVERYONE,) else [named, Piece(" ")]
    for row in rows:
        reason = label(page.results, page.analysis, "level", row.level)
        told += [number(page.results, row, "count"), Piece(" ("), reason, Piece("), ")]
    return [*told[:-1], Piece(")"), Piece("; ")]
