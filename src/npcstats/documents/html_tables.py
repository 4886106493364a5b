"""HTML tables in raw blocks become native Pandoc tables, for the formats that cannot show HTML.

Pandoc's HTML reader does the reading; this module finds the blocks, has them read in one call, and translates
the few CSS properties that carry meaning (alignment, rules, fills) into the attributes that writers honour.
"""

from __future__ import annotations

import re
from typing import Any

from npcstats.documents.pandoc import Element, elements, read_tree, walk

TABLE = re.compile(r"<table\b", re.I)
STYLE = re.compile(r"<style\b.*?</style\s*>", re.I | re.S)
WIDTHS = ("widths", "data-widths")


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

    def visit(element: Element) -> list[Element] | None:
        return read[element["c"][1]] if _holds_table(element) else None

    made: Element = walk(tree, visit)
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
            found[block["c"][0][0]] = [styled_table(table) for table in tables]
    return [found.get(f"npcstats-{i}", []) for i in range(len(sources))]


def styled_table(table: Element) -> Element:
    """A native table whose column widths come from `data-widths`, and cell rules from CSS.

    Parameters
    ----------
    table : dict
        A `Table` as Pandoc's HTML reader made it.

    Returns
    -------
    dict
        The table.
    """
    attributes, caption, columns, *rest = table["c"]
    given = next((value for key, value in attributes[2] if key in WIDTHS), "")
    return {"t": "Table", "c": [attributes, caption, _with_widths(columns, given), *rest]}


def _with_widths(columns: list[Any], given: str) -> list[Any]:
    parts = [float(part) for part in given.split(",") if part.strip()]
    if len(parts) != len(columns) or not parts:
        return columns
    return [[align, {"t": "ColWidth", "c": part / sum(parts)}] for (align, _), part in zip(columns, parts, strict=True)]
