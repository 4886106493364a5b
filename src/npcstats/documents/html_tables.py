"""HTML tables in raw blocks become native Pandoc tables, for the formats that cannot show HTML.

Pandoc's HTML reader does the reading (alignment, spans, head and foot, classes and data attributes survive it); this
module finds the blocks and has them read in one call.
"""

from __future__ import annotations

import re

from npcstats.documents.pandoc import Element, elements, read_tree, walk

TABLE = re.compile(r"<table\b", re.I)
COLUMN = re.compile(r"<col\b[^>]*width", re.I)
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
            found[block["c"][0][0]] = [item for item in elements(block["c"][1]) if item["t"] == "Table"]
    for i, source in enumerate(sources):
        if not COLUMN.search(source):
            found[f"npcstats-{i}"] = [_without_widths(table) for table in found.get(f"npcstats-{i}", [])]
    return [found.get(f"npcstats-{i}", []) for i in range(len(sources))]


def _without_widths(table: Element) -> Element:
    """A table as wide as its text: Pandoc makes up widths for cells with more than one line."""
    attributes, caption, columns, *rest = table["c"]
    plain = [[align, {"t": "ColWidthDefault"}] for align, _ in columns]
    return {"t": "Table", "c": [attributes, caption, plain, *rest]}
