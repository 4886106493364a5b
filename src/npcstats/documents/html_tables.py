"""HTML tables in raw blocks become native Pandoc tables, for the formats that cannot show HTML.

Pandoc's HTML reader does the reading (alignment, spans, head and foot, classes and data attributes survive it); this
module finds the blocks and has them read in one call.
"""

from __future__ import annotations

import re
from typing import Any

from npcstats.documents.pandoc import Element, elements, read_tree, walk

TABLE = re.compile(r"<table\b", re.I)
SIDES = ("top", "right", "bottom", "left")
VERTICAL = {"top": "top", "middle": "horizon", "bottom": "bottom"}
LENGTH = re.compile(r"^([\d.]+)(px|pt|em|cm|mm|in)$")
COLOR = re.compile(r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")
STYLE = re.compile(r"<style\b.*?</style\s*>", re.I | re.S)


def native_tables(tree: Element) -> Element:
    """Replace raw HTML blocks that hold tables by native tables.

    Parameters
    ----------
    tree : dict
        The document.

    Returns
    -------
    dict
        The document with `Table` blocks.
    """
    sources: list[str] = []
    for element in elements(tree["blocks"]):
        if _holds_table(element) and element["c"][1] not in sources:
            sources.append(element["c"][1])
    if not sources:
        return tree
    read = dict(zip(sources, _read_tables(sources), strict=True))

    def _visit(element: Element) -> list[Element] | None:
        return read[element["c"][1]] if _holds_table(element) else None

    made: Element = walk(tree, _visit)
    return made


def _holds_table(element: Element) -> bool:
    return bool(element["t"] == "RawBlock" and element["c"][0] == "html" and TABLE.search(element["c"][1]))


def _read_tables(sources: list[str]) -> list[list[Element]]:
    """Tables of each source; one call for all, told apart by numbered divs."""
    text = "\n".join(f'<div id="npcstats-{i}">{STYLE.sub("", s)}</div>' for i, s in enumerate(sources))
    tree = read_tree(text, "html-native_divs+native_divs")
    found: dict[str, list[Element]] = {}
    for block in tree["blocks"]:
        if block["t"] == "Div":
            tables = [item for item in elements(block["c"][1]) if item["t"] == "Table"]
            found[block["c"][0][0]] = [_styled(table) for table in tables]
    return [found.get(f"npcstats-{i}", []) for i in range(len(sources))]


def _styled(table: Element) -> Element:
    """A table whose cells carry fills, borders and vertical alignment as attributes that the Typst writer prints."""
    attributes, caption, columns, head, bodies, foot = table["c"]
    new_bodies = [[a, n, _rows(heads), _rows(rows)] for a, n, heads, rows in bodies]
    made = [attributes, caption, columns, [head[0], _rows(head[1])], new_bodies, [foot[0], _rows(foot[1])]]
    return {"t": "Table", "c": made}


def _rows(rows: list[Any]) -> list[Any]:
    return [[attributes, [_cell(cell) for cell in cells]] for attributes, cells in rows]


def _cell(cell: list[Any]) -> list[Any]:
    (name, classes, pairs), *rest = cell
    given = dict(pairs)
    made = _typst_properties(given.get("style", ""))
    return [[name, classes, [*pairs, *([f"typst:{key}", value] for key, value in made.items())]], *rest]


def _typst_properties(style: str) -> dict[str, str]:
    """The CSS of a cell that has a meaning on paper, in Typst's words; the rest is left out."""
    css: dict[str, str] = {}
    for part in style.split(";"):
        name, _, value = part.partition(":")
        css[name.strip().lower()] = value.strip()
    out: dict[str, str] = {}
    if css.get("vertical-align") in VERTICAL:
        out["align"] = VERTICAL[css["vertical-align"]]
    fill = css.get("background-color") or css.get("background", "")
    if COLOR.match(fill):
        out["fill"] = f'rgb("{fill}")'
    strokes = {side: _stroke(css.get(f"border-{side}") or css.get("border", "")) for side in SIDES}
    drawn = ", ".join(f"{side}: {stroke}" for side, stroke in strokes.items() if stroke)
    return {**out, "stroke": f"({drawn})"} if drawn else out


def _stroke(border: str) -> str:
    """`0.4pt solid #b9c2cc` as a Typst stroke, empty where nothing is drawn."""
    width, color = "", "#000000"
    for word in border.split():
        found = LENGTH.match(word)
        if found:
            width = f"{float(found[1]) * 0.75:g}pt" if found[2] == "px" else word
        elif COLOR.match(word):
            color = word
        elif word in ("none", "hidden"):
            return ""
    return f'{width} + rgb("{color}")' if width and float(LENGTH.sub(r"\1", width)) > 0 else ""
