"""Numbers of figures, tables, equations, callouts and sections, in document order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from npcstats.documents.floats import FLOATS, is_float, kind_of
from npcstats.documents.pandoc import Element, elements, identifier, walk, words

EQUATION_LABEL = re.compile(r"^\{#(eq-[^\s}]+)\}(.*)$")
CALLOUTS = {"nte": "note", "tip": "tip", "wrn": "warning", "imp": "important", "cau": "caution"}
KINDS = (*FLOATS, "sec", "eq", *CALLOUTS)
SPACES = ("Space", "SoftBreak")


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
