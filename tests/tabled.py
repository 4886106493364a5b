"""Every kind of table, made from results, and ways to read what it prints: as a tree, as lines, as a layout."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import html

from npcstats.results import Results
from npcstats.tables import (
    Cell,
    Table,
    baseline_table,
    biomarker_table,
    counts_table,
    response_table,
    sensitivity_table,
    survival_table,
    toxicity_table,
)

FIGURE_SPACE = "\u2007"
EM_SPACE = "\u2003"

TABLES: dict[str, Callable[[Results], Table]] = {
    "baseline": lambda r: baseline_table(r, "baseline"),
    "ae-acute": lambda r: toxicity_table(r, "ae-acute", levels=("grade>=2", "grade>=3"), minimum=0.05),
    "ae-late": lambda r: toxicity_table(r, "ae-late", levels=("grade>=3",), minimum=0.0),
    "ae-late-incident": lambda r: toxicity_table(
        r, "ae-late", levels=("grade>=2",), minimum=0.0, windows=("late-incident",), contrasts=()
    ),
    "biomarkers": lambda r: biomarker_table(r, "biomarkers"),
    "survival": lambda r: survival_table(r, ["os", "pfs"]),
    "sensitivity": lambda r: sensitivity_table(r, ["os", "pfs"], {}),
    "response": lambda r: response_table(r, "response"),
    "status": lambda r: counts_table(r, "status"),
    "screening": lambda r: counts_table(r, "screening"),
    "completeness": lambda r: counts_table(r, "completeness"),
}


def parsed(table: Table) -> html.HtmlElement:
    """The table's HTML as a tree."""
    text = table._repr_markdown_()
    assert text.startswith("```{=html}\n<table ")
    assert text.endswith("</table>\n```\n")
    return html.fromstring(text.removeprefix("```{=html}\n").removesuffix("```\n"))


def spans_of(tree: html.HtmlElement) -> list[dict[str, str]]:
    """Data attributes and text of every span."""
    return [
        {name.removeprefix("data-"): value for name, value in span.attrib.items()} | {"text": span.text_content()}
        for span in tree.iter("span")
    ]


def lines_of(table: Table) -> list[list[str]]:
    """The body as words and numbers, without padding."""
    return [[cell.text.replace(FIGURE_SPACE, "") for cell in row.cells] for row in table.rows]


def layout(table: Table) -> str:
    """A table as text, one line per row, digits hidden."""
    parts = [("spanner", table.spanners), ("header", table.header), *((row.kind, row.cells) for row in table.rows)]
    parts += [("note", (note,)) for note in table.notes]
    return "".join(f"{kind:8}{' | '.join(map(cell_layout, cells))}\n" for kind, cells in parts if cells)


def cell_layout(cell: Cell) -> str:
    """Alignment, spans, indent, words and mark of a cell."""
    words = re.sub(r"\d", "#", cell.text).replace(FIGURE_SPACE, "_").replace("\u00a0", "~")
    strong = "*" if cell.strong else ""
    mark = f"^{cell.mark}" if cell.mark else ""
    return f"{cell.align[0]}{cell.colspan}x{cell.rowspan} {'·' * cell.indent}{strong}{words}{mark}"
