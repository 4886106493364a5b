"""Citations, section numbers where the writer has none of its own, and what HTML moves to the end of a document."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from npcstats.documents.metadata import as_list
from npcstats.documents.numbering import section_number
from npcstats.documents.pandoc import Element, elements, identifier, raw_block, read_tree, walk
from npcstats.errors import DocumentError

MOVED = "quarto-appendix-heading"
PLACED = "npcstats-placed"
UNCITED = re.compile(r"citation (\S+) not found")


def cite(tree: Element, options: Mapping[str, Any]) -> Element:
    """Process citations.

    Parameters
    ----------
    tree : dict
        The document.
    options : mapping
        The document's options; without `bibliography` and `references` nothing is done.

    Returns
    -------
    dict
        The document with citations and reference list.

    Raises
    ------
    DocumentError
        If a citation is in no bibliography.
    """
    names = as_list(options.get("bibliography"))
    if not names and not options.get("references"):
        return tree
    placed = walk(tree, _placed)
    arguments = [f"--bibliography={name}" for name in names]
    arguments += [f"--csl={name}" for name in as_list(options.get("csl"))]
    try:
        made = read_tree(json.dumps(placed), "json", [*arguments, "--citeproc", "--fail-if-warnings"])
    except DocumentError as error:
        missing = ", ".join(dict.fromkeys(UNCITED.findall(str(error))))
        if not missing:
            raise
        raise DocumentError(f"citation {missing} is in no bibliography; an entry for each is required.") from None
    # Citeproc takes the number from a heading before its list; Quarto leaves it.
    for old, new in zip(tree["blocks"][-1:], made["blocks"][-2:-1], strict=False):
        if old["t"] == new["t"] == "Header":
            new["c"][1] = old["c"][1]
    return made


def _placed(element: Element) -> Element | None:
    if element["t"] != "Div" or identifier(element) != "refs":
        return None
    (name, classes, attributes), content = element["c"]
    return {"t": "Div", "c": [[name, [*classes, PLACED], attributes], content]}


def number_headings(tree: Element, kind: str) -> Element:
    """Write section numbers into headings.

    Parameters
    ----------
    tree : dict
        The document.
    kind : str
        `html` or `docx`; Word gets a point after the number of the first level.

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
        if not shown:
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
    opening = f'<h2 class="{MOVED}" id="{html.escape(name)}">'
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
    if not blocks or not _is_reference_list(blocks[-1]):
        return blocks, []
    *before, listed = blocks
    if before and before[-1]["t"] == "Header":
        level, (name, classes, attributes), inlines = before[-1]["c"]
        return before[:-1], [{"t": "Header", "c": [level, [name, [*classes, MOVED], attributes], inlines]}, listed]
    return before, [_heading([{"t": "Str", "c": added["references"]}], "bibliography-heading"), listed]


def _is_reference_list(block: Element) -> bool:
    """Whether a block is the list that was added at the end; one in a div that the author wrote stays there."""
    return bool(block["t"] == "Div" and block["c"][0][0] == "refs" and PLACED not in block["c"][0][1])
