"""Numbered figures and tables, and the references to them.

First every way to write a float (labelled cell, fenced div, table or picture with an identifier) becomes one shape,
a `Div` of class `npcstats-float` that opens with its caption; then floats and sections are numbered in
document order; then each reference becomes a link. Writers turn the one shape into their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from npcstats.documents.pandoc import Element, elements, identifier, plain_text, raw_inline, walk, words

FLOAT = "npcstats-float"
CAPTION = "npcstats-caption"
FLOAT_ID = re.compile(r"^(fig|tbl)-")
REFERENCE = re.compile(r"^([A-Za-z]+)-.+")
KINDS = ("fig", "tbl", "sec")
TITLES = {"fig": "Figure", "tbl": "Table", "sec": "Section"}


@dataclass(frozen=True)
class Numbers:
    """Number of every identifier that can be referred to, and the words put before it."""

    numbers: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=lambda: dict(TITLES))


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

    def visit(element: Element) -> Element | None:
        kind = element["t"]
        if kind == "Div" and FLOAT_ID.match(identifier(element)):
            return _from_div(element)
        if kind == "Table" and FLOAT_ID.match(identifier(element)):
            return _from_table(element)
        if kind == "Figure" and FLOAT_ID.match(identifier(element)):
            return _from_figure(element)
        if kind == "Para" and len(element["c"]) == 1 and element["c"][0]["t"] == "Image":
            image = element["c"][0]
            return _from_image(image) if FLOAT_ID.match(identifier(image)) else None
        return None

    made: Element = walk(tree, visit)
    return made


def make_float(name: str, attributes: list[Any], caption: list[Element], content: list[Element]) -> Element:
    """One float in the one shape.

    Parameters
    ----------
    name : str
        Identifier, `fig-...` or `tbl-...`.
    attributes : list
        Key and value pairs.
    caption : list of dict
        Inlines, empty without caption.
    content : list of dict
        Blocks.

    Returns
    -------
    dict
        The `Div`.
    """
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


def number_targets(tree: Element, titles: Mapping[str, str], *, number_sections: bool) -> Numbers:
    """Number floats and sections in document order.

    Parameters
    ----------
    tree : dict
        The document with floats in the one shape.
    titles : mapping of str to str
        Words that differ from the default ones, by kind.
    number_sections : bool
        Whether sections carry numbers.

    Returns
    -------
    Numbers
        The numbers.
    """
    numbers: dict[str, str] = {}
    counts = {"fig": 0, "tbl": 0}
    levels: list[int] = []
    for element in elements(tree["blocks"]):
        if is_float(element):
            kind = identifier(element).partition("-")[0]
            counts[kind] += 1
            numbers[identifier(element)] = str(counts[kind])
        elif element["t"] == "Header":
            shown = _section_number(element, levels)
            if identifier(element).startswith("sec-"):
                numbers[identifier(element)] = shown if number_sections else plain_text(element["c"][2])
    return Numbers(numbers, {**TITLES, **titles})


def references(tree: Any) -> list[str]:
    """Identifiers that the document refers to as figure, table or section.

    Parameters
    ----------
    tree : element or list
        The document or a part.

    Returns
    -------
    list of str
        Identifiers in order, with repetitions.
    """
    return [
        name
        for element in elements(tree)
        if element["t"] == "Cite"
        for citation in element["c"][0]
        if (name := reference_target(citation["citationId"]))
    ]


def reference_target(key: str) -> str:
    """Identifier that a citation key refers to, empty if it is a bibliography key.

    Parameters
    ----------
    key : str
        Citation key, such as `fig-os` or `Fig-os`.

    Returns
    -------
    str
        The identifier.
    """
    found = REFERENCE.match(key)
    if not found or found[1].lower() not in KINDS:
        return ""
    return key[0].lower() + key[1:]


def resolve_references(tree: Element, numbers: Numbers, kind: str) -> Element:
    """Replace references by links that hold the number.

    Parameters
    ----------
    tree : dict
        The document.
    numbers : Numbers
        Numbers of the targets.
    kind : str
        `typst`, `html` or `docx`.

    Returns
    -------
    dict
        The document.
    """

    def visit(element: Element) -> list[Element] | None:
        if element["t"] != "Cite":
            return None
        citations = element["c"][0]
        if not all(reference_target(item["citationId"]) for item in citations):
            return None
        out: list[Element] = []
        for i, citation in enumerate(citations):
            if i:
                out += [{"t": "Str", "c": ","}, {"t": "Space"}]
            out += _link(citation, numbers, kind)
        return out

    made: Element = walk(tree, visit)
    return made


def _link(citation: Mapping[str, Any], numbers: Numbers, kind: str) -> list[Element]:
    name = reference_target(citation["citationId"])
    if name not in numbers.numbers:
        return [{"t": "Strong", "c": [{"t": "Str", "c": f"?@{name}"}]}]
    number = numbers.numbers[name]
    suppressed = citation["citationMode"]["t"] == "SuppressAuthor"
    prefix = citation["citationPrefix"]
    title = plain_text(prefix) if prefix else numbers.titles[name.partition("-")[0]]
    text = number if suppressed or not title else f"{title}\u00a0{number}"
    if kind == "typst":
        supplement = "" if suppressed else title
        return [raw_inline("typst", f"#ref(<{name}>, supplement: [{supplement}])")]
    shown: list[Element] = words(text)
    if kind == "html":
        shown = [{"t": "Span", "c": [["", [], []], shown]}]
    return [{"t": "Link", "c": [["", ["quarto-xref"], []], shown, [f"#{name}", ""]]}]


def _section_number(header: Element, levels: list[int]) -> str:
    level, (_, classes, _) = header["c"][0], header["c"][1]
    if "unnumbered" in classes:
        return ""
    del levels[level:]
    while len(levels) < level:
        levels.append(0)
    levels[level - 1] += 1
    return ".".join(str(count) for count in levels)


def _from_div(element: Element) -> Element:
    (name, classes, attributes), content = element["c"]
    kept = [item for item in content if not _is_caption_div(item)]
    caption = [inline for item in content if _is_caption_div(item) for inline in _inlines(item["c"][1])]
    if not caption and FLOAT not in classes and len(kept) > 1 and kept[-1]["t"] == "Para":
        caption, kept = kept[-1]["c"], kept[:-1]
    if not caption:
        kept, caption = _lift_caption(kept)
    return make_float(name, attributes, caption, kept)


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
    if len(blocks) == 1 and blocks[0]["t"] == "Table":
        inner = _from_table(blocks[0])
        return inner["c"][1][1:], inner["c"][1][0]["c"][1][0]["c"]
    if len(blocks) == 1 and blocks[0]["t"] == "Figure":
        inner = _from_figure(blocks[0])
        return inner["c"][1][1:], inner["c"][1][0]["c"][1][0]["c"]
    return blocks, []


def _from_table(element: Element) -> Element:
    (name, classes, attributes), (_, caption), *rest = element["c"]
    table = {"t": "Table", "c": [["", classes, attributes], [None, []], *rest]}
    return make_float(name, [], _inlines(caption), [table])


def _from_figure(element: Element) -> Element:
    (name, _, _), (_, caption), content = element["c"]
    return make_float(name, [], _inlines(caption), [_as_paragraph(block) for block in content])


def _as_paragraph(block: Element) -> Element:
    return {"t": "Para", "c": block["c"]} if block["t"] == "Plain" else block


def _from_image(image: Element) -> Element:
    (name, classes, attributes), inlines, target = image["c"]
    plain = {"t": "Image", "c": [["", classes, attributes], [], target]}
    return make_float(name, [], inlines, [{"t": "Para", "c": [plain]}])
