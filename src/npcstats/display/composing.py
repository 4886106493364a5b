"""A table from its lines: numbers one under the other, columns as wide as they need, the note below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from npcstats.display.anatomy import (
    SHORTEST_LABEL,
    Cell,
    Piece,
    Table,
    TableRow,
    align_numbers,
    alignments,
    column_widths,
)
from npcstats.display.cells import Footnotes
from npcstats.display.lookup import analysis_of
from npcstats.display.notes import table_notes
from npcstats.results import Results


def compose_table(
    results: Results,
    analyses: Sequence[str],
    footnotes: Footnotes,
    *,
    name: str,
    header: tuple[Cell, ...],
    rows: Sequence[TableRow],
    spanners: tuple[Cell, ...] = (),
    parts: Collection[str] = (),
    without: Collection[str] = (),
    extra: Iterable[tuple[Piece, ...]] = (),
    named: int = 1,
    shortest: float = SHORTEST_LABEL,
) -> Table:
    """Compose a table of one analysis or more.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analyses : sequence of str
        Ids of the analyses shown, whose labels are its title.
    footnotes : Footnotes
        Letters used by the cells.
    name : str
        Its id in a document.
    header : tuple of Cell
        As in `Table`.
    rows : sequence of TableRow
        The body, its numbers as they are.
    spanners : tuple of Cell
        As in `Table`.
    parts, without, extra
        What the note says, as `table_notes` takes it.
    named : int
        Columns of words before those of numbers.
    shortest : float
        Room that row labels keep, as `column_widths` takes it.

    Returns
    -------
    Table
        Its anatomy.
    """
    body = align_numbers(tuple(rows))
    columns = len(header) + sum(cell.rowspan > 1 for cell in spanners)
    return Table(
        id=name,
        title="; ".join(analysis_of(results, one).label for one in analyses),
        spanners=spanners,
        header=header,
        rows=body,
        notes=table_notes(results, analyses, footnotes, columns, parts=parts, without=without, extra=extra),
        align=alignments(columns, named),
        widths=column_widths(body, header, spanners, shortest=shortest),
    )
