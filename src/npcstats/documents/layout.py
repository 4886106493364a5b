"""Panels side by side: blocks of a div with `layout`, `layout-ncol` or `layout-nrow`, in each format's own grid.

And pages that lie down, which a div of class `landscape` asks for.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from npcstats.documents.pandoc import Element, attributes_of, elements, plain_text, raw_block, walk
from npcstats.errors import DocumentError

COLUMN = "npcstats-column"
WIDTH = re.compile(r"(\d+(?:\.\d+)?)%")
NO_HEIGHT = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
SECTION_END = f"<w:p><w:pPr>{NO_HEIGHT}<w:sectPr>%s</w:sectPr></w:pPr></w:p>"
# What opens and closes pages that lie down; the writer of Word files completes the sections.
TURNED = {
    "typst": ("typst", "#[\n#set page(flipped: true)", "]"),
    "docx": ("openxml", SECTION_END % "", SECTION_END % '<w:pgSz w:orient="landscape"/>'),
}
# Divs that are more than a group: callouts, floats, columns.
STAYS = re.compile(r"callout|npcstats|column|content-|(^| )(fig|tbl|lst)-")
WRAPPERS = ("cell", "cell-output", "cell-output-display", "npcstats-picture")


@dataclass(frozen=True)
class Panel:
    """A place in a row: its share of the row's width, and its block, None where the place stays empty."""

    share: float
    block: Element | None


def shares_of(attributes: list[Any], count: int) -> list[list[float]]:
    """Shares of the width, row by row, that attributes ask for; empty if they ask for none.

    Parameters
    ----------
    attributes : list
        Key and value pairs.
    count : int
        Number of panels.

    Returns
    -------
    list of list of float
        Rows of shares, each row's sum being 1; a negative share is a place that stays empty.

    Raises
    ------
    ValueError
        If `layout` is not a list of numbers or of such lists.
    """
    given = dict(attributes)
    if "layout" in given:
        asked = json.loads(given["layout"])
        rows = asked if asked and isinstance(asked[0], list) else [asked]
    elif "layout-ncol" in given:
        columns = int(given["layout-ncol"])
        rows = [[1.0] * columns] * math.ceil(count / columns)
    elif "layout-nrow" in given:
        columns = math.ceil(count / int(given["layout-nrow"]))
        rows = [[1.0] * columns] * math.ceil(count / columns)
    else:
        return []
    return [[float(share) / sum(abs(float(item)) for item in row) for share in row] for row in rows]


def lay_columns(tree: Element) -> Element:
    """Write divs of class `columns`, which hold columns and nothing else, as rows of a layout.

    Parameters
    ----------
    tree : dict
        The document.

    Returns
    -------
    dict
        The document.
    """

    def _visit(element: Element) -> Element | None:
        if "columns" not in attributes_of(element)[1]:
            return None
        (name, classes, pairs), content = element["c"]
        inner = [attributes_of(block) for block in content]
        widths = [WIDTH.fullmatch(dict(own[2]).get("width", "")) for own in inner]
        if not content or not all("column" in own[1] for own in inner) or (any(widths) and not all(widths)):
            return None
        shares = [float(width[1]) if width else 1.0 for width in widths]
        shares += [sum(shares) - 100] if 1 < sum(shares) < 100 and any(widths) else []
        columns = [_column(block) for block in content]
        row = [["layout", json.dumps([shares])]]
        return {"t": "Div", "c": [[name, [own for own in classes if own != "columns"], [*pairs, *row]], columns]}

    made: Element = walk(tree, _visit)
    return made


def _column(block: Element) -> Element:
    (name, classes, pairs), content = block["c"]
    kept = [pair for pair in pairs if pair[0] != "width"]
    return {"t": "Div", "c": [[name, [*(own for own in classes if own != "column"), COLUMN], kept], content]}


def _rows_of(shares: list[list[float]], blocks: list[Element]) -> list[list[Panel]]:
    """Put blocks into rows; the last row of shares repeats for what is left."""
    left = list(blocks)
    out = []
    for number in range(len(blocks) + len(shares)):
        row = shares[min(number, len(shares) - 1)]
        if not left:
            break
        out.append([Panel(abs(share), left.pop(0) if share > 0 and left else None) for share in row])
    return out


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
    shares = shares_of(attributes, len(cells))
    if not shares:
        return content
    rows = _rows_of(shares, cells)
    if kind == "html":
        return _html(rows)
    return _typst(rows) if kind == "typst" else [_docx(row) for row in rows]


def turn_pages(tree: Element, kind: str, where: Callable[[str], str]) -> Element:
    """Lay pages down for divs of class `landscape`; a screen has no pages.

    Parameters
    ----------
    tree : dict
        The document.
    kind : str
        `typst`, `html` or `docx`.
    where : callable
        File and line that a text stands in.

    Returns
    -------
    dict
        The document.

    Raises
    ------
    DocumentError
        If a page would turn within a list, a quotation, a callout, a float or panels.
    """

    def _visit(element: Element) -> list[Element] | None:
        if not _is_landscape(element):
            return None
        (name, classes, attributes), content = element["c"]
        own = [name, [item for item in classes if item != "landscape"], attributes]
        language, opening, closing = TURNED[kind]
        inner = [{"t": "Div", "c": [own, content]}] if any(own) else content
        return [raw_block(language, opening), *inner, raw_block(language, closing)]

    if kind not in TURNED or not any(map(_is_landscape, elements(tree["blocks"]))):
        return tree
    tree = {**tree, "blocks": _alone(tree["blocks"])}
    for block in tree["blocks"]:
        inner = block["c"][1] if _is_landscape(block) else block
        if held := next((item for item in elements(inner) if item is not block and _is_landscape(item)), None):
            longest = max(plain_text(held).split(), key=len, default="landscape")
            raise DocumentError(
                f"{where(longest)}: a div of class landscape within another, a list, a quotation, a callout, a float "
                "or panels; one that stands alone is required."
            )
    made: Element = walk(tree, _visit)
    return made


def _is_landscape(element: Element) -> bool:
    return element["t"] == "Div" and "landscape" in element["c"][0][1]


def _alone(blocks: list[Element]) -> list[Element]:
    """Blocks without the divs around pages that lie down, where those only group; identifiers stay as spans."""
    out: list[Element] = []
    for block in blocks:
        name, classes, pairs = attributes_of(block)
        groups = block["t"] == "Div" and not (pairs or _is_landscape(block) or STAYS.search(" ".join([name, *classes])))
        if groups and any(map(_is_landscape, elements(block["c"][1]))):
            target = {"t": "Plain", "c": [{"t": "Span", "c": [[name, [], []], []]}]}
            out += [*([target] if name else []), *_alone(block["c"][1])]
        else:
            out.append(block)
    return out


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
        (_, _, pairs), content = element["c"]
        made = lay_out(pairs, content, kind)
        return None if made is content else made

    made: Element = walk(tree, _visit)
    return made


def _html(rows: list[list[Panel]]) -> list[Element]:
    out = [raw_block("html", '<div class="quarto-layout-panel">')]
    for row in rows:
        out.append(raw_block("html", '<div class="quarto-layout-row">'))
        for panel in row:
            style = f"flex-basis: {100 * panel.share:.1f}%;"
            out.append(raw_block("html", f'<div class="quarto-layout-cell" style="{style}">'))
            out += [*([panel.block] if panel.block else []), raw_block("html", "</div>")]
        out.append(raw_block("html", "</div>"))
    return [*out, raw_block("html", "</div>")]


def _typst(rows: list[list[Panel]]) -> list[Element]:
    out = []
    for row in rows:
        widths = ", ".join(f"{100 * panel.share:.4g}fr" for panel in row)
        out.append(raw_block("typst", f"#grid(columns: ({widths},), gutter: 1.5em,"))
        for panel in row:
            out += [raw_block("typst", "["), *([panel.block] if panel.block else []), raw_block("typst", "],")]
        out.append(raw_block("typst", ")"))
    return out


def _docx(row: list[Panel]) -> Element:
    columns = [bool(panel.block and COLUMN in attributes_of(panel.block)[1]) for panel in row]
    sides = ["AlignDefault" if column else "AlignCenter" for column in columns]
    specs = [[{"t": side}, {"t": "ColWidth", "c": panel.share}] for side, panel in zip(sides, row, strict=True)]
    cells = [[["", [], []], {"t": "AlignDefault"}, 1, 1, [panel.block] if panel.block else []] for panel in row]
    return {
        "t": "Table",
        "c": [
            ["", [], [["custom-style", "Figure Table"]]],
            [None, []],
            specs,
            [["", [], []], []],
            [[["", [], []], 0, [], [[["", [], []], cells]]]],
            [["", [], []], []],
        ],
    }


def set_column_widths(tree: Element, options: Mapping[str, Any]) -> Element:
    """Give tables the widths of their columns that `tbl-colwidths` asks for, with the table or for all.

    Parameters
    ----------
    tree : dict
        The document.
    options : mapping
        The document's options.

    Returns
    -------
    dict
        The document.
    """
    usual = options.get("tbl-colwidths")

    def _visit(element: Element) -> Element | list[Element] | None:
        asked = dict(attributes_of(element)[2]).get("tbl-colwidths") if element["t"] in ("Div", "Table") else None
        if element["t"] == "Table":
            widths = json.loads(asked) if asked and asked.startswith("[") else usual
            return _with_widths(element, widths if isinstance(widths, list) else [])
        if asked is None:
            return None
        widths = json.loads(asked)
        return [walk(block, lambda inner: _with_widths(inner, widths)) for block in element["c"][1]]

    made: Element = walk(tree, _visit)
    return made


def _with_widths(element: Element, widths: list[float]) -> Element | None:
    if element["t"] != "Table":
        return None
    (name, classes, pairs), caption, columns, *rest = element["c"]
    kept = [name, classes, [pair for pair in pairs if pair[0] != "tbl-colwidths"]]
    if widths and len(widths) == len(columns):
        total = max(sum(widths), 100.0)
        columns = [
            [align, {"t": "ColWidth", "c": width / total}] for (align, _), width in zip(columns, widths, strict=True)
        ]
    return {"t": "Table", "c": [kept, caption, columns, *rest]}
