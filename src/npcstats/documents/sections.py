"""Section numbers where the writer has none of its own, and what HTML moves to the end of a document."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from npcstats.documents.crossref import section_number
from npcstats.documents.pandoc import Element, elements, raw_block, walk


def number_headings(tree: Element, kind: str, depth: int) -> Element:
    """Write section numbers into headings.

    Parameters
    ----------
    tree : dict
        The document.
    kind : str
        `html` or `docx`; Word gets a point after the number of the first level.
    depth : int
        Levels that are numbered.

    Returns
    -------
    dict
        The document.
    """
    levels: list[int] = []

    def _visit(element: Element) -> Element | None:
        if element["t"] != "Header":
            return None
        shown = section_number(element, levels)
        if not shown or element["c"][0] > depth:
            return None
        point = "." if kind == "docx" and "." not in shown else ""
        number = {"t": "Span", "c": [["", ["header-section-number"], []], [{"t": "Str", "c": shown + point}]]}
        level, attributes, inlines = element["c"]
        return {"t": "Header", "c": [level, attributes, [number, {"t": "Space"}, *inlines]]}

    made: Element = walk(tree, _visit)
    return made


def move_to_end(tree: Element, added: Mapping[str, str]) -> Element:
    """Move appendix sections and the reference list to the end, where footnotes follow.

    Parameters
    ----------
    tree : dict
        The document, citations processed.
    added : mapping of str to str
        Words of the language.

    Returns
    -------
    dict
        The document; what is moved stands in a `div` that the page template closes.
    """
    body, sections = _appendices(tree["blocks"])
    body, listed = _references(body, added)
    notes = any(element["t"] == "Note" for element in elements(tree["blocks"]))
    if not (sections or listed or notes):
        return tree
    moved = [raw_block("html", '<div id="quarto-appendix" class="default">'), *sections, *listed]
    if notes:
        moved.append(_heading([{"t": "Str", "c": added["footnotes"]}], "footnotes-heading"))
    meta = {**tree["meta"], "npcstats-appendix": {"t": "MetaBool", "c": True}}
    return {**tree, "meta": meta, "blocks": [*body, *moved]}


def _heading(inlines: list[Element], name: str) -> Element:
    """A heading that Pandoc's table of contents does not see."""
    opening = f'<h2 class="quarto-appendix-heading" id="{html.escape(name)}">'
    content = [{"t": "RawInline", "c": ["html", opening]}, *inlines, {"t": "RawInline", "c": ["html", "</h2>"]}]
    return {"t": "Plain", "c": content}


def _appendices(blocks: list[Element]) -> tuple[list[Element], list[Element]]:
    kept: list[Element] = []
    moved: list[Element] = []
    level = 0
    for block in blocks:
        if block["t"] == "Header" and (not level or block["c"][0] <= level):
            level = block["c"][0] if "appendix" in block["c"][1][1] else 0
            if level:
                moved.append(_heading(block["c"][2], block["c"][1][0]))
                continue
        (moved if level else kept).append(block)
    return kept, moved


def _references(blocks: list[Element], added: Mapping[str, str]) -> tuple[list[Element], list[Element]]:
    index = next((i for i, block in enumerate(blocks) if _is_reference_list(block)), None)
    if index is None:
        return blocks, []
    before, after = blocks[:index], blocks[index + 1 :]
    title: list[Any] = [{"t": "Str", "c": added["references"]}]
    if not after and before and before[-1]["t"] == "Header":
        title, before = before[-1]["c"][2], before[:-1]
    return [*before, *after], [_heading(title, "bibliography-heading"), blocks[index]]


def _is_reference_list(block: Element) -> bool:
    return bool(block["t"] == "Div" and block["c"][0][0] == "refs")
