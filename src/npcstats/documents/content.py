"""Conditional content, shortcodes and callouts: what Quarto adds to Pandoc's Markdown besides cells and floats."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from npcstats.documents.crossref import Numbers, callout_sort, captioned, is_numbered_callout
from npcstats.documents.metadata import lookup
from npcstats.documents.pandoc import Element, identifier, plain_text, raw_block, read_inlines, walk, words
from npcstats.errors import DocumentError

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
# Stands for `{{<` where it was written, until shortcodes are filled: what data and plan say is escaped, and is none.
SIGN = "\uf8fe"
OPEN = re.compile(rf"^(.*?)(?<!\{{){SIGN}$")
CLOSE = re.compile(r"^>\}\}(.*)$", re.S)
ESCAPED = (f"{{{SIGN}", ">}}}")
IN_CODE = re.compile(rf"(\{{?){SIGN}\s*(.*?)\s*>\}}\}}(\}}?)")


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

    def _visit(element: Element) -> Element | None:
        content: Any = element.get("c")
        if element["t"] in ("Code", "CodeBlock"):
            return _fill_code(element, options)
        if element["t"] in ("Para", "Plain", "MetaInlines"):
            if plain_text(content).split() == [SIGN, "pagebreak", ">}}"]:
                return raw_block(*PAGE_BREAKS[kind])
            return {"t": element["t"], "c": _fill(content, options)}
        if element["t"] in ("Strong", "Emph", "Superscript", "Subscript", "Underline", "Strikeout", "SmallCaps"):
            return {"t": element["t"], "c": _fill(content, options)}
        if element["t"] == "Header":
            return {"t": "Header", "c": [*content[:2], _fill(content[2], options)]}
        if element["t"] in ("Span", "Link", "Quoted"):
            return {"t": element["t"], "c": [content[0], _fill(content[1], options), *content[2:]]}
        return None

    made: Element = json.loads(json.dumps(walk(tree, _visit), ensure_ascii=False).replace(SIGN, "{{<"))
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
        With one private sign for what opens a shortcode; `fill_shortcodes` takes it away.
    """
    return text.replace("{{<", SIGN)


def _fill_code(element: Element, options: Mapping[str, Any]) -> Element | None:
    """Code with its shortcodes replaced, as Quarto does unless an attribute `shortcodes` says false."""
    own, text = element["c"]
    if SIGN not in text or dict(own[2]).get("shortcodes") == "false":
        return None

    def _replace(found: re.Match[str]) -> str:
        if found[1] and found[3]:
            return f"{{{{< {found[2]} >}}}}"
        return _value(found[2].split(), options)

    return {"t": element["t"], "c": [own, IN_CODE.sub(_replace, text)]}


def _fill(inlines: list[Element], options: Mapping[str, Any]) -> list[Element]:
    out: list[Element] = []
    i, shown = 0, False
    while i < len(inlines):
        if inlines[i]["t"] == "Str" and (ESCAPED[0] in inlines[i]["c"] or (shown and ESCAPED[1] in inlines[i]["c"])):
            text, shown = inlines[i]["c"].replace(ESCAPED[0], "{{<"), True
            if ESCAPED[1] in text:
                text, shown = text.replace(ESCAPED[1], ">}}"), False
            out.append({"t": "Str", "c": text})
            i += 1
            continue
        opening = OPEN.match(inlines[i]["c"]) if inlines[i]["t"] == "Str" else None
        end = _closing(inlines, i) if opening else None
        if opening is None or end is None:
            out.append(inlines[i])
            i += 1
            continue
        arguments = plain_text(inlines[i + 1 : end]).split()
        after = CLOSE.match(inlines[end]["c"])
        text = opening[1] + _value(arguments, options) + (after[1] if after else "")
        out += words(text)
        i = end + 1
    return out


def _closing(inlines: list[Element], start: int) -> int | None:
    for i in range(start + 1, len(inlines)):
        if inlines[i]["t"] == "Str" and CLOSE.match(inlines[i]["c"]):
            return i
    return None


def _value(arguments: list[str], options: Mapping[str, Any]) -> str:
    name = arguments[0] if arguments else ""
    if name != "meta" or len(arguments) != 2:
        shown = " ".join(arguments)
        raise DocumentError(
            f"shortcode {{{{< {shown} >}}}} is not supported; one of {', '.join(SHORTCODES)} is required."
        )
    value = lookup(options, arguments[1])
    if isinstance(value, bool):
        return str(value).lower()
    return f"?meta:{arguments[1]}" if value is None else str(value)


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
        title = captioned(numbers.caption_label(name), title, numbers.delimiter)
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
    titled = " callout-titled" if title else ""
    head = [
        raw_block("html", '<div class="callout-header"><div class="callout-title-container flex-fill">'),
        {"t": "Plain", "c": title},
        raw_block("html", "</div></div>"),
    ]
    return [
        raw_block("html", f'<div{known} class="callout callout-style-{appearance} callout-{sort}{titled}">'),
        *(head if title else []),
        raw_block("html", '<div class="callout-body-container callout-body">'),
        *content,
        raw_block("html", "</div></div>"),
    ]


def _callout_typst(name: str, sort: str, title: list[Element], content: list[Element]) -> list[Element]:
    return [
        raw_block("typst", f'#callout(kind: "{sort}", title: ['),
        {"t": "Plain", "c": title},
        raw_block("typst", "], body: ["),
        *content,
        raw_block("typst", f"]){f' <{name}>' if name else ''}"),
    ]
