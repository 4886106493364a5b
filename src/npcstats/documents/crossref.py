"""References to what is numbered: which there are, and the links that take their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from npcstats.documents.floats import kind_of
from npcstats.documents.numbering import CALLOUTS, KINDS, Numbers
from npcstats.documents.pandoc import Element, elements, plain_text, raw_inline, walk, words

REFERENCE = re.compile(r"^([A-Za-z]+)-.+")


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
