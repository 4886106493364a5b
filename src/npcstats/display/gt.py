"""A table as a great_tables object, for those who want to restyle it; imported only by them."""

from __future__ import annotations

import pandas as pd
from great_tables import GT, html

from npcstats.display.anatomy import EM_SPACE, Cell, Table


def to_gt(table: Table) -> GT:
    """Hand a table over to great_tables.

    Parameters
    ----------
    table : Table
        From any ``*_table`` function.

    Returns
    -------
    great_tables.GT
        Same words and numbers, with the table's own id; numbers keep their keys.
    """
    columns = [f"column{i}" for i in range(len(table.align))]
    frame = pd.DataFrame([_line(row.cells, len(columns)) for row in table.rows], columns=columns)
    made = GT(frame, id=table.id).fmt_passthrough(escape=False).cols_align("left", columns[:1])
    made = made.cols_align("right", columns[1:]).cols_label(**dict(zip(columns, _headings(table), strict=True)))
    for spanner, first, last in _spanned(table):
        made = made.tab_spanner(label=html(_inner(spanner)), columns=columns[first:last], id=f"{table.id}-{first}")
    for note in table.notes:
        made = made.tab_source_note(html(_inner(note)))
    return made


def _inner(cell: Cell) -> str:
    raised = f"<sup>{cell.mark}</sup>" if cell.mark else ""
    words = "".join(piece.html() for piece in cell.pieces)
    return EM_SPACE * cell.indent + (f"<strong>{words}</strong>" if cell.strong else words) + raised


def _line(cells: tuple[Cell, ...], width: int) -> list[str]:
    inner = [_inner(cell) for cell in cells]
    return inner + [""] * (width - len(inner))


def _headings(table: Table) -> list[object]:
    if not table.spanners:
        return [html(_inner(cell)) for cell in table.header]
    below = iter(table.header)
    headings: list[object] = []
    for cell in table.spanners:
        headings += [
            html(_inner(c)) for c in ([cell] if cell.rowspan > 1 else [next(below) for _ in range(cell.colspan)])
        ]
    return headings


def _spanned(table: Table) -> list[tuple[Cell, int, int]]:
    found, at = [], 0
    for cell in table.spanners:
        if cell.rowspan == 1:
            found.append((cell, at, at + cell.colspan))
        at += cell.colspan
    return found
