"""Floats: figures, tables and listings that have an identifier and a caption.

Every way to write one (labelled cell, fenced div, table or picture with an identifier) becomes one shape, a `Div` of
class `npcstats-float` that opens with its caption. Writers turn the one shape into their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from npcstats.documents.pandoc import (
    Element,
    attributes_of,
    elements,
    identifier,
    raw_block,
    raw_inline,
    read_inlines,
    walk,
)

FLOAT = "npcstats-float"
CAPTION = "npcstats-caption"
CAPTIONED = "npcstats-captioned"
TABLE_TAG = re.compile(r"(<table\b[^>]*>)(?:\s*<caption\b.*?</caption\s*>)?", re.I | re.S)
TABLE_ID = re.compile(
    r"""(<table\b[^>]*?)\s+id=["'](tbl-[^"']+)["']([^>]*>)(?:\s*<caption\b[^>]*>(.*?)</caption\s*>)?""", re.I | re.S
)
FLOATS = ("fig", "tbl", "lst")
FLOAT_ID = re.compile(rf"^({'|'.join(FLOATS)})-")


def kind_of(name: str) -> str:
    """Kind that an identifier names, such as `fig` of `fig-os`.

    Parameters
    ----------
    name : str
        Identifier.

    Returns
    -------
    str
        What stands before the first hyphen.
    """
    return name.partition("-")[0]


def normalize_floats(tree: Element) -> Element:
    """Give every float the one shape.

    Parameters
    ----------
    tree : dict
        The document.

    Returns
    -------
    dict
        The document, in which floats are `Div`s of class `npcstats-float`.
    """

    def _visit(element: Element) -> Element | None:
        kind = element["t"]
        if kind == "Div" and FLOAT_ID.match(identifier(element)):
            return _from_div(element)
        if kind == "Table" and FLOAT_ID.match(identifier(element)):
            return _from_table(element)
        if kind == "Figure" and FLOAT_ID.match(identifier(element)):
            return _from_figure(element)
        if kind == "CodeBlock" and identifier(element).startswith("lst-"):
            return _from_code(element)
        if kind == "RawBlock" and element["c"][0] == "html" and (found := TABLE_ID.search(element["c"][1])):
            return _from_html(found, element["c"][1])
        if kind == "Para" and len(element["c"]) == 1 and element["c"][0]["t"] == "Image":
            image = element["c"][0]
            return _from_image(image) if FLOAT_ID.match(identifier(image)) else None
        return None

    made: Element = walk(_caption_tables(tree), _visit)
    return made


def _caption_tables(tree: Element) -> Element:
    """Give the tables of a cell without label their captions, in order; what is left over stands below them."""

    def _visit(element: Element) -> list[Element] | None:
        if element["t"] != "Div" or CAPTIONED not in element["c"][0][1]:
            return None
        content = [block for block in element["c"][1] if not _is_caption_div(block)]
        said = [_inlines(block["c"][1]) for block in element["c"][1] if _is_caption_div(block)]
        # One caption of several tables is that of all of them.
        ofall = len(said) == 1 < sum(map(_is_table, elements(content)))
        made: list[Element] = content if ofall else walk(content, lambda inner: _with_caption(inner, said))
        return [*made, *({"t": "Para", "c": caption} for caption in said)]

    made: Element = walk(tree, _visit)
    return made


def _is_table(element: Element) -> bool:
    return element["t"] == "Table" or bool(
        element["t"] == "RawBlock" and element["c"][0] == "html" and TABLE_TAG.search(element["c"][1])
    )


def _with_caption(element: Element, captions: list[list[Element]]) -> list[Element] | None:
    """A table with the first of the captions, which is taken from them."""
    if not captions or not _is_table(element):
        return None
    plain = {"t": "Plain", "c": captions.pop(0)}
    if element["t"] == "RawBlock":
        before, opened, after = TABLE_TAG.split(element["c"][1], maxsplit=1)
        return [raw_block("html", f"{before}{opened}<caption>"), plain, raw_block("html", f"</caption>{after}")]
    (name, classes, attributes), _, *rest = element["c"]
    return [{"t": "Table", "c": [[name, [*classes, CAPTIONED], attributes], [None, [plain]], *rest]}]


def _make_float(name: str, attributes: list[Any], caption: list[Element], content: list[Element]) -> Element:
    """One float in the one shape: a div that opens with its caption, empty without one."""
    head = {"t": "Div", "c": [["", [CAPTION], []], [{"t": "Plain", "c": caption}]]}
    return {"t": "Div", "c": [[name, [FLOAT], attributes], [head, *content]]}


def is_float(element: Element) -> bool:
    """Whether an element is a float in the one shape.

    Parameters
    ----------
    element : dict
        Any element.

    Returns
    -------
    bool
        True for a float.
    """
    return element["t"] == "Div" and FLOAT in element["c"][0][1]


def caption_place(name: str, attributes: list[Any], options: Mapping[str, Any]) -> str:
    """Where a float's caption stands.

    Parameters
    ----------
    name : str
        Identifier of the float.
    attributes : list
        Key and value pairs of the float.
    options : mapping
        The document's options.

    Returns
    -------
    str
        `top` or `bottom`; tables and listings have theirs above, figures below, where nothing else is said.
    """
    kind, own = kind_of(name), dict(attributes)
    asked = [where.get(key) for where in (own, options) for key in (f"{kind}-cap-location", "cap-location")]
    return next((str(place) for place in asked if place), "bottom" if kind == "fig" else "top")


def float_parts(element: Element) -> tuple[str, list[Element], list[Element]]:
    """Identifier, caption and content of a float.

    Parameters
    ----------
    element : dict
        A float.

    Returns
    -------
    str
        Identifier.
    list of dict
        Caption inlines.
    list of dict
        Content blocks.
    """
    head, *content = element["c"][1]
    return identifier(element), head["c"][1][0]["c"], content


def _from_div(element: Element) -> Element:
    (name, classes, attributes), content = element["c"]
    described = dict(attributes).get("fig-alt")
    if described:
        content = walk(content, lambda inner: _described(inner, described))
    kept = [item for item in content if not _is_caption_div(item)]
    said = dict(attributes).get(f"{kind_of(name)}-cap", "")
    if said:
        return _make_float(name, attributes, read_inlines(said), kept)
    caption = [inline for item in content if _is_caption_div(item) for inline in _inlines(item["c"][1])]
    if not caption and FLOAT not in classes and len(kept) > 1 and kept[-1]["t"] == "Para":
        caption, kept = kept[-1]["c"], kept[:-1]
    if not caption:
        kept, caption = _lift_caption(kept)
    return _make_float(name, attributes, caption, kept)


def _described(element: Element, text: str) -> Element | None:
    if element["t"] != "Image" or "fig-alt" in dict(element["c"][0][2]):
        return None
    (name, classes, attributes), inlines, target = element["c"]
    return {"t": "Image", "c": [[name, classes, [*attributes, ["fig-alt", text]]], inlines, target]}


def _is_caption_div(element: Element) -> bool:
    return element["t"] == "Div" and CAPTION in element["c"][0][1]


def _inlines(blocks: list[Element]) -> list[Element]:
    out: list[Element] = []
    for block in blocks:
        if block["t"] in ("Para", "Plain"):
            out += ([{"t": "Space"}] if out else []) + block["c"]
    return out


def _lift_caption(blocks: list[Element]) -> tuple[list[Element], list[Element]]:
    """Caption of a single table or figure inside a div that has no caption of its own."""
    if len(blocks) == 1 and blocks[0]["t"] in ("Table", "Figure"):
        inner = _from_table(blocks[0]) if blocks[0]["t"] == "Table" else _from_figure(blocks[0])
        _, caption, content = float_parts(inner)
        return content, caption
    return blocks, []


def _from_table(element: Element) -> Element:
    (name, classes, attributes), (_, caption), *rest = element["c"]
    table = {"t": "Table", "c": [["", classes, attributes], [None, []], *rest]}
    return _make_float(name, [], _inlines(caption), [table])


def _from_html(found: re.Match[str], text: str) -> Element:
    """The float of a table in HTML that has a label of its own, as of one that was read."""
    caption = [raw_inline("html", found[4].strip())] if found[4] else []
    plain = f"{text[: found.start()]}{found[1]}{found[3]}{text[found.end() :]}"
    return _make_float(found[2], [], caption, [raw_block("html", plain)])


def _from_code(element: Element) -> Element:
    (name, classes, attributes), text = element["c"]
    own = [[key, value] for key, value in attributes if key != "lst-cap"]
    caption = read_inlines(dict(attributes).get("lst-cap", ""))
    return _make_float(name, [], caption, [{"t": "CodeBlock", "c": [["", classes, own], text]}])


def _from_figure(element: Element) -> Element:
    (name, _, _), (_, caption), content = element["c"]
    pairs = [pair for image in elements(content) if image["t"] == "Image" for pair in attributes_of(image)[2]]
    placed = [pair for pair in pairs if pair[0].endswith("cap-location")]
    return _make_float(name, placed, _inlines(caption), [_without_alternative(block) for block in content])


def _without_alternative(block: Element) -> Element:
    """The picture of a captioned figure; its description is the caption unless `fig-alt` gives one."""
    if block["t"] not in ("Plain", "Para"):
        return block
    kept = [
        {"t": "Image", "c": [item["c"][0], [], item["c"][2]]} if item["t"] == "Image" else item for item in block["c"]
    ]
    return {"t": "Para", "c": kept}


def _from_image(image: Element) -> Element:
    (name, classes, attributes), inlines, target = image["c"]
    plain = {"t": "Image", "c": [["", classes, attributes], [], target]}
    return _make_float(name, [], inlines, [{"t": "Para", "c": [plain]}])
