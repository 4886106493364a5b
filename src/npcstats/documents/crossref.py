"""Numbered figures, tables, equations and sections, and the references to them.

First every way to write a float (labelled cell, fenced div, table or picture with an identifier) becomes one shape,
a `Div` of class `npcstats-float` that opens with its caption; then everything that can be referred to is numbered in
document order; then each reference becomes a link. Writers turn the one shape into their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from npcstats.documents.pandoc import (
    Element,
    attributes_of,
    elements,
    identifier,
    plain_text,
    raw_block,
    raw_inline,
    read_inlines,
    walk,
    words,
)

FLOAT = "npcstats-float"
CAPTION = "npcstats-caption"
CAPTIONED = "npcstats-captioned"
TABLE_TAG = re.compile(r"(<table\b[^>]*>)(?:\s*<caption\b.*?</caption\s*>)?", re.I | re.S)
TABLE_ID = re.compile(
    r"""(<table\b[^>]*?)\s+id=["'](tbl-[^"']+)["']([^>]*>)(?:\s*<caption\b[^>]*>(.*?)</caption\s*>)?""", re.I | re.S
)
FLOAT_ID = re.compile(r"^(fig|tbl|lst)-")
REFERENCE = re.compile(r"^([A-Za-z]+)-.+")
EQUATION_LABEL = re.compile(r"^\{#(eq-[^\s}]+)\}(.*)$")
FLOATS = ("fig", "tbl", "lst")
CALLOUTS = {"nte": "note", "tip": "tip", "wrn": "warning", "imp": "important", "cau": "caution"}
KINDS = (*FLOATS, "sec", "eq", *CALLOUTS)


@dataclass(frozen=True)
class Numbers:
    """What can be referred to: `numbers` by identifier, `letters` of the parts of a float, words put before them.

    `wholes` are the floats that parts belong to, by the part's identifier; `titles` stand in captions, `prefixes` in
    references, `delimiter` between a title's number and its caption.
    """

    numbers: Mapping[str, str]
    letters: Mapping[str, str]
    wholes: Mapping[str, str]
    titles: Mapping[str, str]
    prefixes: Mapping[str, str]
    delimiter: str = ":"

    def caption_label(self, name: str) -> str:
        """What opens a caption: `Figure 1`, or `(a)` for a part of a float.

        Parameters
        ----------
        name : str
            Identifier of the float.

        Returns
        -------
        str
            The label.
        """
        if name in self.letters:
            return f"({self.letters[name]})"
        return f"{self.titles[kind_of(name)]}\u00a0{self.numbers[name]}"

    def captioned(self, name: str, caption: list[Element]) -> list[Element]:
        """Label and caption.

        Parameters
        ----------
        name : str
            Identifier of the float or callout.
        caption : list of dict
            Inlines, empty without caption.

        Returns
        -------
        list of dict
            The inlines.
        """
        label = self.caption_label(name)
        if not caption:
            return [{"t": "Str", "c": label}]
        return [{"t": "Str", "c": label + ("" if name in self.letters else self.delimiter)}, {"t": "Space"}, *caption]


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


def callout_sort(element: Element) -> str:
    """Sort of callout that a div is, empty for any other element.

    Parameters
    ----------
    element : dict
        Any element.

    Returns
    -------
    str
        `note`, `tip`, `warning`, `important` or `caution`.
    """
    classes = element["c"][0][1] if element["t"] == "Div" else []
    return next((sort for sort in CALLOUTS.values() if f"callout-{sort}" in classes), "")


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


def number_targets(tree: Element, options: Mapping[str, Any], added: Mapping[str, str]) -> Numbers:
    """Number floats, equations and sections in document order.

    Parameters
    ----------
    tree : dict
        The document with floats in the one shape.
    options : mapping
        The document's options; `crossref` may change words.
    added : mapping of str to str
        Words of the language by kind.

    Returns
    -------
    Numbers
        The numbers.
    """
    numbers: dict[str, str] = {}
    letters: dict[str, str] = {}
    wholes: dict[str, str] = {}
    counts = dict.fromkeys(KINDS, 0)
    levels: list[int] = []
    # What opens a callout is its title, no section.
    titles_of_callouts = [id(element["c"][1][0]) for element in elements(tree["blocks"]) if _is_titled(element)]
    for element in elements(tree["blocks"]):
        name = identifier(element)
        if is_float(element) and name not in letters:
            counts[kind_of(name)] += 1
            numbers[name] = str(counts[kind_of(name)])
            for i, inner in enumerate(item for item in elements(element["c"][1]) if is_float(item)):
                letters[identifier(inner)] = _letter(i)
                numbers[identifier(inner)] = numbers[name]
                wholes[identifier(inner)] = name
        elif element["t"] == "Header" and id(element) not in titles_of_callouts:
            shown = section_number(element, levels)
            if name.startswith("sec-"):
                numbers[name] = shown
        elif (element["t"] == "Span" and name.startswith("eq-")) or is_numbered_callout(element):
            counts[kind_of(name)] += 1
            numbers[name] = str(counts[kind_of(name)])
    given = options.get("crossref") or {}
    usual = {kind: added[CALLOUTS.get(kind, kind)] for kind in KINDS}
    titles = {kind: str(given.get(f"{kind}-title", usual[kind])) for kind in KINDS}
    prefixes = {kind: str(given.get(f"{kind}-prefix", usual[kind])) for kind in KINDS}
    return Numbers(numbers, letters, wholes, titles, prefixes, str(given.get("title-delim", ":")))


def _is_titled(element: Element) -> bool:
    """Whether an element is a callout whose first heading is its title."""
    return element["t"] == "Div" and bool(
        {"callout", *(f"callout-{sort}" for sort in CALLOUTS.values())} & {*element["c"][0][1]}
        and not dict(element["c"][0][2]).get("title")
        and element["c"][1]
        and element["c"][1][0]["t"] == "Header"
    )


def _letter(index: int) -> str:
    """`a` of 0, `z` of 25, `aa` of 26."""
    more, last = divmod(index, 26)
    return (_letter(more - 1) if more else "") + chr(ord("a") + last)


def is_numbered_callout(element: Element) -> bool:
    """Whether an element is a callout whose identifier has the prefix of its sort, which numbers it.

    Parameters
    ----------
    element : dict
        Any element.

    Returns
    -------
    bool
        True for a callout that can be referred to.
    """
    sort = callout_sort(element)
    return bool(sort) and CALLOUTS.get(kind_of(identifier(element))) == sort and "-" in identifier(element)


def section_number(header: Element, levels: list[int]) -> str:
    """Number of the next section, empty for one of class `unnumbered`.

    Parameters
    ----------
    header : dict
        The heading.
    levels : list of int
        Counts by level so far; changed.

    Returns
    -------
    str
        Such as `2.1`.
    """
    level, (_, classes, _) = header["c"][0], header["c"][1]
    if "unnumbered" in classes:
        return ""
    del levels[level:]
    while len(levels) < level:
        levels.append(0)
    levels[level - 1] += 1
    return ".".join(str(count) for count in levels)


def label_equations(tree: Element) -> Element:
    """Put display mathematics followed by `{#eq-...}` into a span of that identifier.

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
        if element["t"] not in ("Para", "Plain"):
            return None
        out: list[Element] = []
        for inline in element["c"]:
            found = EQUATION_LABEL.match(inline["c"]) if inline["t"] == "Str" else None
            if found and out and out[-1]["t"] in SPACES:
                out.pop()
            if found and out and out[-1]["t"] == "Math":
                out[-1] = {"t": "Span", "c": [[found[1], [], []], [out[-1]]]}
                out += words(found[2]) if found[2] else []
            else:
                out.append(inline)
        return {"t": element["t"], "c": out}

    made: Element = walk(tree, _visit)
    return made


SPACES = ("Space", "SoftBreak")


def references(tree: Any) -> list[str]:
    """Identifiers that the document refers to as figure, table, equation or section.

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

    def _visit(element: Element) -> list[Element] | None:
        if element["t"] != "Cite":
            return None
        citations = element["c"][0]
        if not all(reference_target(item["citationId"]) for item in citations):
            return None
        out: list[Element] = []
        for i, citation in enumerate(citations):
            if i:
                out += [{"t": "Str", "c": ","}, {"t": "Space"}]
            out += [*_link(citation, numbers, kind), *citation["citationSuffix"]]
        return out

    made: Element = walk(tree, _visit)
    return made


def _link(citation: Mapping[str, Any], numbers: Numbers, kind: str) -> list[Element]:
    name = reference_target(citation["citationId"])
    suppressed = citation["citationMode"]["t"] == "SuppressAuthor"
    usual = "" if suppressed else numbers.prefixes[kind_of(name)]
    if citation["citationId"][0].isupper():
        usual = usual[:1].upper() + usual[1:]
    title = plain_text(citation["citationPrefix"]) or usual
    letter = numbers.letters.get(name, "")
    if kind == "typst" and not letter and kind_of(name) not in CALLOUTS:
        return [raw_inline("typst", f"#ref(<{name}>, supplement: ["), *words(title), raw_inline("typst", "])")]
    if kind == "typst":
        # Typst counts pictures without label, too: the number of what the part belongs to is the one it has there.
        whole = numbers.wholes.get(name, "")
        counted = f'#context counter(figure.where(kind: "quarto-float-{kind_of(whole)}")).at(<{whole}>).first()'
        number = [raw_inline("typst", counted)] if letter else words(numbers.numbers[name])
        opened = [*words(title), *words("\u00a0")] if title else []
        return [raw_inline("typst", f"#link(<{name}>)["), *opened, *number, *words(letter), raw_inline("typst", "]")]
    text = "\u00a0".join(filter(None, (title, numbers.numbers[name] + (f" ({letter})" if letter else ""))))
    shown: list[Element] = words(text)
    if kind == "html":
        shown = [{"t": "Span", "c": [["", [], []], shown]}]
    return [{"t": "Link", "c": [["", ["quarto-xref"], []], shown, [f"#{name}", ""]]}]


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
