"""Conditional content, shortcodes and callouts: what Quarto adds to Pandoc's Markdown besides cells and floats."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from npcstats.documents.metadata import lookup
from npcstats.documents.numbering import Numbers, callout_sort, is_numbered_callout
from npcstats.documents.pandoc import (
    Element,
    attributes_of,
    identifier,
    plain_text,
    raw_block,
    read_inlines,
    walk,
    words,
)
from npcstats.documents.values import PlainText
from npcstats.errors import DocumentError
from npcstats.formatting import escape_markdown

SHORTCODES = ("include", "meta", "pagebreak")
ALIASES = {
    "typst": {"typst"},
    "html": {"html", "html5"},
    "docx": {"docx", "word"},
}
CONDITIONS = ("when-format", "unless-format", "when-meta", "unless-meta", "when-profile", "unless-profile")
PAGE_BREAKS = {
    "typst": ("typst", "#pagebreak(weak: true)"),
    "html": ("html", '<div style="page-break-after: always;"></div>'),
    "docx": ("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
}
# A shortcode stands between two private signs, byte by byte in private signs, until it is filled: so it is one word to
# Pandoc, in a text, an attribute or an address, and what data and plan say, which is escaped, is never one.
SIGN, END = "\uf8fe", "\uf8ff"
WRITTEN = re.compile(r"\{\{(\{)?<(?:(?!\{\{<|\n\s*\n).)*?>\}\}(?(1)\})", re.S)
MARKED = re.compile(f"{SIGN}([\uf000-\uf0ff]*){END}")
# Attributes that are Markdown.
CAPTIONS = ("title", "fig-cap", "tbl-cap", "lst-cap")


def keep_conditional(tree: Element, kind: str, options: Mapping[str, Any]) -> Element:
    """Drop divs, spans and code blocks that are not meant for a format or for these options.

    Parameters
    ----------
    tree : dict
        The document.
    kind : str
        `typst`, `html` or `docx`.
    options : mapping
        The document's options, for `when-meta`.

    Returns
    -------
    dict
        The document.
    """

    def _visit(element: Element) -> list[Element] | None:
        if element["t"] not in ("Div", "Span", "CodeBlock"):
            return None
        (name, classes, attributes), content = element["c"]
        visible, hidden = "content-visible" in classes, "content-hidden" in classes
        if not (visible or hidden):
            return None
        if _condition(dict(attributes), kind, options) != visible:
            return []
        if element["t"] != "CodeBlock":
            return list(content)
        own = [
            name,
            [c for c in classes if not c.startswith("content-")],
            [p for p in attributes if p[0] not in CONDITIONS],
        ]
        return [{"t": "CodeBlock", "c": [own, content]}]

    made: Element = walk(tree, _visit)
    return made


def _condition(attributes: Mapping[str, str], kind: str, options: Mapping[str, Any]) -> bool:
    holds = True
    for name in CONDITIONS:
        if name not in attributes:
            continue
        value = attributes[name]
        if name.endswith("profile"):
            found = False  # A project with profiles is refused: none is ever active.
        else:
            found = value in ALIASES[kind] if name.endswith("format") else bool(lookup(options, value))
        holds = holds and (found if name.startswith("when") else not found)
    return holds


def fill_shortcodes(tree: Element, kind: str, options: Mapping[str, Any]) -> Element:
    """Replace `{{< meta key >}}` by its value and `{{< pagebreak >}}` by a page break.

    Parameters
    ----------
    tree : dict
        The document.
    kind : str
        `typst`, `html` or `docx`.
    options : mapping
        The document's options.

    Returns
    -------
    dict
        The document.
    """

    made: Element = _filled(tree, kind, options)
    return made


def mark_shortcodes(text: str) -> str:
    """Tell the shortcodes of a text from signs that only look like one once it is parsed.

    Parameters
    ----------
    text : str
        Markdown.

    Returns
    -------
    str
        With each shortcode as one word of private signs; `fill_shortcodes` takes it away.
    """
    return WRITTEN.sub(lambda found: SIGN + "".join(chr(0xF000 + byte) for byte in found[0].encode()) + END, text)


def _filled(node: Any, kind: str, options: Mapping[str, Any]) -> Any:
    """A tree with its shortcodes replaced: in the text by what a value's Markdown says, elsewhere by its words."""
    if isinstance(node, str):
        return MARKED.sub(lambda found: plain_text(_inlines(found[1], options)), node)
    if isinstance(node, list):
        out: list[Any] = []
        for item in node:
            marked = isinstance(item, dict) and item.get("t") == "Str" and SIGN in item["c"]
            out += _words(item["c"], options) if marked else [_filled(item, kind, options)]
        return out
    if not isinstance(node, dict):
        return node
    sort, content = node.get("t", ""), node.get("c", [])
    if sort in ("Para", "Plain") and len(content) == 1 and content[0]["t"] == "Str":
        found = MARKED.fullmatch(content[0]["c"])
        if found and _arguments(_written(found[1])) == ["pagebreak"]:
            return raw_block(*PAGE_BREAKS[kind])
    if sort in ("RawBlock", "RawInline"):
        return {"t": sort, "c": [content[0], _raw(content, options)]}
    if sort in ("Code", "CodeBlock") and dict(content[0][2]).get("shortcodes") == "false":
        return {"t": sort, "c": [content[0], MARKED.sub(lambda found: _written(found[1]), content[1])]}
    if sort and attributes_of(node)[2]:
        pairs = [[key, _captioned(text, options) if key in CAPTIONS else text] for key, text in attributes_of(node)[2]]
        place = 1 if sort == "Header" else 0
        content = [*content[:place], [*content[place][:2], pairs], *content[place + 1 :]]
        node = {**node, "c": content}
    return {key: _filled(value, kind, options) for key, value in node.items()}


def _written(signs: str) -> str:
    return bytes(ord(sign) - 0xF000 for sign in signs).decode()


def _arguments(written: str) -> list[str]:
    return [word.strip("\\\"'") for word in written[3:-3].split()]


def _words(text: str, options: Mapping[str, Any]) -> list[Element]:
    """A word that holds shortcodes, as inlines; it stays one where no value brings markup."""
    made: list[Element] = []
    for position, part in enumerate(MARKED.split(text)):
        inlines = _inlines(part, options) if position % 2 else words(part)
        if made and inlines and made[-1]["t"] == inlines[0]["t"] == "Str":
            inlines = [{"t": "Str", "c": made.pop()["c"] + inlines[0]["c"]}, *inlines[1:]]
        made += inlines
    return made


def _inlines(signs: str, options: Mapping[str, Any]) -> list[Element]:
    """What stands in the place of a shortcode."""
    written = _written(signs)
    if written.startswith("{{{"):
        return words(written[1:-1])
    value = _value(written, options)
    return words(value) if isinstance(value, PlainText) else read_inlines(value)


def _captioned(text: str, options: Mapping[str, Any]) -> str:
    """A text that is read as Markdown later on, with values as Markdown, too."""

    def _replace(found: re.Match[str]) -> str:
        written = _written(found[1])
        value = PlainText(written[1:-1]) if written.startswith("{{{") else _value(written, options)
        return escape_markdown(value) if isinstance(value, PlainText) else value

    return MARKED.sub(_replace, text)


def _raw(content: list[str], options: Mapping[str, Any]) -> str:
    if SIGN in content[1] and content[0] not in ("html", "openxml"):
        raise DocumentError(f"shortcode in raw {content[0]} is not supported; one in the text is required.")
    return MARKED.sub(lambda found: html.escape(plain_text(_inlines(found[1], options))), content[1])


def _value(written: str, options: Mapping[str, Any]) -> str:
    """The value that a shortcode asks for."""
    arguments = _arguments(written)
    if len(arguments) != 2 or arguments[0] != "meta":
        raise DocumentError(f"shortcode {written} is not supported; one of {', '.join(SHORTCODES)} is required.")
    value = lookup(options, arguments[1])
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, list | Mapping):
        return f"?invalid meta type:{arguments[1]}"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return f"?meta:{arguments[1]}"
    return value if isinstance(value, PlainText) else str(value)


def write_callouts(
    tree: Element, kind: str, options: Mapping[str, Any], numbers: Numbers, added: Mapping[str, str]
) -> Element:
    """Turn callout divs into the boxes of a format.

    Parameters
    ----------
    tree : dict
        The document.
    kind : str
        `typst`, `html` or `docx`.
    options : mapping
        The document's options; `callout-appearance` is read.
    numbers : Numbers
        Numbers of those that are referred to.
    added : mapping of str to str
        Words of the language, for callouts without a title.

    Returns
    -------
    dict
        The document.
    """
    usual = str(options.get("callout-appearance", "default"))

    def _visit(element: Element) -> Element | list[Element] | None:
        sort = callout_sort(element) or ("none" if element["t"] == "Div" and "callout" in element["c"][0][1] else "")
        return _callout(element, sort, kind, usual, numbers, added) if sort else None

    made: Element = walk(tree, _visit)
    return made


def _callout(
    element: Element, sort: str, kind: str, usual: str, numbers: Numbers, added: Mapping[str, str]
) -> Element | list[Element]:
    (name, _, attributes), content = element["c"]
    given = dict(attributes)
    title: list[Element] = read_inlines(given["title"]) if "title" in given else []
    if not title and content and content[0]["t"] == "Header":
        title, content = content[0]["c"][2], content[1:]
    appearance = given.get("appearance", "simple" if sort == "none" else usual)
    plain = appearance in ("simple", "minimal")
    if is_numbered_callout(element):
        title = numbers.captioned(name, title)
    elif not title and sort != "none" and (kind == "typst" or not plain):
        title = words(added[sort])
    if kind == "html":
        return _callout_html(name, sort, "simple" if plain else "default", title, content)
    if kind == "typst":
        return _callout_typst(identifier(element), sort, title, content)
    head = [{"t": "Para", "c": [{"t": "Strong", "c": title}]}] if title else []
    return {"t": "Div", "c": [[name, ["callout", f"callout-{sort}"], []], [*head, *content]]}


def _callout_html(name: str, sort: str, appearance: str, title: list[Element], content: list[Element]) -> list[Element]:
    known = f' id="{html.escape(name)}"' if name else ""
    classes = f"callout callout-style-{appearance} callout-{sort}{' callout-titled' if title else ''}"
    body = '<div class="callout-body-container callout-body">'
    head = '<div class="callout-header"><div class="callout-title-container flex-fill">'
    titled = [raw_block("html", head), {"t": "Plain", "c": title}, raw_block("html", "</div></div>")] if title else []
    opening, closing = raw_block("html", f'<div{known} class="{classes}">'), raw_block("html", "</div></div>")
    return [opening, *titled, raw_block("html", body), *content, closing]


def _callout_typst(name: str, sort: str, title: list[Element], content: list[Element]) -> list[Element]:
    opening = raw_block("typst", f'#callout(kind: "{sort}", title: [')
    closing = raw_block("typst", f"]){f' <{name}>' if name else ''}")
    return [opening, {"t": "Plain", "c": title}, raw_block("typst", "], body: ["), *content, closing]
