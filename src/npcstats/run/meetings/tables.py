"""Tables of a session as files: CSV for who computes with them, HTML for who reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from html import escape
from itertools import chain
from pathlib import Path

from npcstats.display.anatomy import FIGURE_SPACE, Cell, Table
from npcstats.display.placing import PlacedAbsence, PlacedTable, show_table
from npcstats.results import Results

STYLE = """\
body { margin: 2rem; color: #1d2733; font: 15px/1.5 "Inter", sans-serif; font-variant-numeric: tabular-nums; }
.running { color: #5b6775; font-size: 12px; }
.running strong { color: #9c2f1e; }
table { border-collapse: collapse; border-top: 0.8pt solid #1d2733; border-bottom: 0.8pt solid #1d2733;
  font-size: 13px; }
caption { padding: 0.8rem 0 0.4rem; text-align: left; font-size: 15px; }
th, td { padding: 0.15rem 0.6rem; vertical-align: top; font-weight: 400; }
thead th { font-weight: 600; }
tbody { border-top: 0.5pt solid #b9c2cc; border-bottom: 0.5pt solid #b9c2cc; }
tr.group td { padding-top: 0.5rem; font-weight: 600; }
tfoot td { color: #5b6775; font-size: 12px; }
"""


def write_tables(results: Results, names: Sequence[str], folder: Path, marks: Sequence[str]) -> None:
    """Write tables of a session, each as ``NAME.csv`` and ``NAME.html``.

    Parameters
    ----------
    results : Results
        Read from the session's folder.
    names : sequence of str
        Tables of the plan; one that could not be made for want of a frame has no file.
    folder : Path
        Made, and filled.
    marks : sequence of str
        What stands on every page: the trial, who may read it, the cut-off.
    """
    folder.mkdir()
    for name in names:
        placed = show_table(results, name)
        if isinstance(placed, PlacedAbsence):
            continue
        (folder / f"{name}.csv").write_bytes(table_text(placed.table).encode())
        (folder / f"{name}.html").write_bytes(table_page(placed, marks).encode())


def table_text(table: Table) -> str:
    """Write a table as CSV.

    Parameters
    ----------
    table : Table
        Its anatomy.

    Returns
    -------
    str
        One line of headings, or two, that of a spanner above the first of its columns; then a line for each row. What
        is raised beside a number, and the notes below the table, stand in its page only.
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    columns = len(table.align)
    above = _line(table.spanners, columns)
    own = iter(_line(table.header, columns))
    below = ["" if whole else next(own) for whole in _taken(table.spanners, columns)]
    writer.writerows([above, below] if table.spanners else [below])
    writer.writerows(_line(row.cells, columns) for row in table.rows)
    return sink.getvalue()


def _line(cells: Sequence[Cell], columns: int) -> list[str]:
    """Texts of a line, each in the first of the columns that it spans."""
    texts = list(chain.from_iterable([_plain(cell), *[""] * (cell.colspan - 1)] for cell in cells))
    return [*texts, *[""] * (columns - len(texts))]


def _taken(spanners: Sequence[Cell], columns: int) -> list[bool]:
    """Whether the heading of a column stands in the line of spanners and reaches down."""
    taken = list(chain.from_iterable([cell.rowspan > 1] * cell.colspan for cell in spanners))
    return [*taken, *[False] * (columns - len(taken))]


def _plain(cell: Cell) -> str:
    return " ".join(cell.text.replace(FIGURE_SPACE, " ").split())


def table_page(placed: PlacedTable, marks: Sequence[str]) -> str:
    """Write a table as a page of its own.

    Parameters
    ----------
    placed : PlacedTable
        Table and caption.
    marks : sequence of str
        What stands above it.

    Returns
    -------
    str
        HTML, in which each number carries the key of its row.
    """
    caption = "".join(piece.html() for piece in placed.caption.pieces)
    opening, rest = placed.table.html().split("\n", 1)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f"<title>{escape(str(placed.caption))}</title>",
            f"<style>\n{STYLE}</style>",
            "</head>",
            "<body>",
            f'<p class="running">{" · ".join(map(escape, marks))}</p>',
            opening,
            f"<caption>{caption}</caption>",
            rest,
            "</body>",
            "</html>",
            "",
        ]
    )
