"""Panels side by side: blocks of a div with `layout-ncol` or `layout-nrow`, in each format's own grid."""

from __future__ import annotations

import math
from typing import Any

from npcstats.documents.pandoc import Element, raw_block, walk

WRAPPERS = ("cell", "cell-output", "cell-output-display", "npcstats-picture")
UNSUPPORTED = ("layout", "layout-align", "layout-valign")


def columns_of(attributes: list[Any], count: int) -> int:
    """Number of columns that attributes ask for, 0 if they ask for none.

    Parameters
    ----------
    attributes : list
        Key and value pairs.
    count : int
        Number of panels.

    Returns
    -------
    int
        The number.
    """
    given = dict(attributes)
    if "layout-ncol" in given:
        return int(given["layout-ncol"])
    if "layout-nrow" in given:
        return math.ceil(count / int(given["layout-nrow"]))
    return 0


def panels(content: list[Element]) -> list[Element]:
    """Blocks without the divs that cells wrap around their outputs.

    Parameters
    ----------
    content : list of dict
        Blocks.

    Returns
    -------
    list of dict
        One block per panel.
    """
    out: list[Element] = []
    for block in content:
        if block["t"] == "Div" and any(name in block["c"][0][1] for name in WRAPPERS):
            out += panels(block["c"][1])
        else:
            out.append(block)
    return out


def as_panel(blocks: list[Element], part: bool) -> list[Element]:
    """Blocks of a written float, held together by one div if the float is part of another.

    Parameters
    ----------
    blocks : list of dict
        The blocks.
    part : bool
        Whether they are one panel of a float.

    Returns
    -------
    list of dict
        The blocks, or one div.
    """
    return [{"t": "Div", "c": [["", ["npcstats-panel"], []], blocks]}] if part else blocks


def lay_out(attributes: list[Any], content: list[Element], kind: str) -> list[Element]:
    """Blocks, side by side if attributes ask for columns.

    Parameters
    ----------
    attributes : list
        Key and value pairs.
    content : list of dict
        Blocks.
    kind : str
        `typst`, `html` or `docx`.

    Returns
    -------
    list of dict
        Blocks of the format.
    """
    cells = panels(content)
    columns = columns_of(attributes, len(cells))
    if not columns:
        return content
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    if kind == "html":
        return _html(rows, columns)
    return _typst(cells, columns) if kind == "typst" else [_docx(rows, columns)]


def write_layouts(tree: Element, kind: str) -> Element:
    """Lay out divs that are not floats.

    Parameters
    ----------
    tree : dict
        The document.
    kind : str
        `typst`, `html` or `docx`.

    Returns
    -------
    dict
        The document.
    """

    def _visit(element: Element) -> list[Element] | None:
        if element["t"] != "Div" or "npcstats-float" in element["c"][0][1]:
            return None
        made = lay_out(element["c"][0][2], element["c"][1], kind)
        return None if made is element["c"][1] else made

    made: Element = walk(tree, _visit)
    return made


def _html(rows: list[list[Element]], columns: int) -> list[Element]:
    out = [raw_block("html", f'<div class="quarto-layout-panel" data-layout-ncol="{columns}">')]
    for row in rows:
        out.append(raw_block("html", '<div class="quarto-layout-row">'))
        for block in row:
            style = f"flex-basis: {100 / columns:.1f}%;"
            out.append(raw_block("html", f'<div class="quarto-layout-cell" style="{style}">'))
            out += [block, raw_block("html", "</div>")]
        out.append(raw_block("html", "</div>"))
    return [*out, raw_block("html", "</div>")]


def _typst(cells: list[Element], columns: int) -> list[Element]:
    out = [raw_block("typst", f"#grid(columns: (1fr,) * {columns}, gutter: 1.5em,")]
    for block in cells:
        out += [raw_block("typst", "["), block, raw_block("typst", "],")]
    return [*out, raw_block("typst", ")")]


def _docx(rows: list[list[Element]], columns: int) -> Element:
    width = {"t": "ColWidth", "c": 1 / columns}
    specs = [[{"t": "AlignCenter"}, width] for _ in range(columns)]
    body = []
    for row in rows:
        filled: list[list[Element]] = [[block] for block in row] + [[] for _ in range(columns - len(row))]
        body.append([["", [], []], [[["", [], []], {"t": "AlignDefault"}, 1, 1, blocks] for blocks in filled]])
    return {
        "t": "Table",
        "c": [
            ["", [], [["custom-style", "Figure Table"]]],
            [None, []],
            specs,
            [["", [], []], []],
            [[["", [], []], 0, [], body]],
            [["", [], []], []],
        ],
    }
