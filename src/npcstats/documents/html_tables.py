"""HTML tables in raw blocks become native Pandoc tables, for the formats that cannot show HTML.

Pandoc's HTML reader does the reading (alignment, spans, head and foot, classes and data attributes survive it); this
module finds the blocks and has them read in one call.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from colorsys import hls_to_rgb
from functools import cache
from pathlib import Path
from typing import Any

from npcstats.documents.floats import CAPTIONED
from npcstats.documents.pandoc import Element, elements, read_tree, walk

TABLE = re.compile(r"<table\b", re.I)
SIDES = ("top", "right", "bottom", "left")
VERTICAL = {"top": "top", "middle": "horizon", "bottom": "bottom"}
LENGTH = re.compile(r"^([\d.]+)(px|pt|em|cm|mm|in)$")
COLORS = Path(__file__).parent / "colors.txt"  # Names of CSS.
NAMED = dict(pair.split(":") for pair in COLORS.read_text(encoding="utf-8").split())
HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$")
HSL = re.compile(r"hsla?\(\s*([\d.]+)(?:deg)?[\s,]+([\d.]+)%[\s,]+([\d.]+)%(?:[\s,/]+([\d.]+)(%?))?\s*\)$")
CHANNELS = re.compile(r"rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+)(%?))?\s*\)$")
BORDER_WORD = re.compile(r"[^\s(]+(?:\([^)]*\))?")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
ONE_NAME = re.compile(r"[.#][\w-]+")
SHARE = re.compile(r"^[\d.]+%$")
BOLD = ("bold", "bolder", "600", "700", "800", "900")
ALIGNMENTS = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
STYLE = re.compile(r"<style\b.*?</style\s*>", re.I | re.S)


def native_tables(tree: Element) -> Element:
    """Replace raw HTML blocks that hold tables by native tables.

    Parameters
    ----------
    tree : dict
        The document.

    Returns
    -------
    dict
        The document with `Table` blocks.
    """
    sources: list[str] = []
    for element in elements(tree["blocks"]):
        if _holds_table(element) and element["c"][1] not in sources:
            sources.append(element["c"][1])
    if not sources:
        return tree
    read = dict(zip(sources, _read_tables(sources), strict=True))

    def _visit(element: Element) -> list[Element] | None:
        return read[element["c"][1]] if _holds_table(element) else None

    made: Element = walk(tree, _visit)
    return made


def _holds_table(element: Element) -> bool:
    return bool(element["t"] == "RawBlock" and element["c"][0] == "html" and TABLE.search(element["c"][1]))


def _read_tables(sources: list[str]) -> list[list[Element]]:
    """Tables of each source; one call for all, told apart by numbered divs."""
    rules = [_rules("".join(STYLE.findall(source))) for source in sources]
    text = "\n".join(f'<div id="npcstats-{i}">{STYLE.sub("", s)}</div>' for i, s in enumerate(sources))
    tree = read_tree(text, "html-native_divs+native_divs")
    found: dict[str, list[Element]] = {}
    for block in tree["blocks"]:
        if block["t"] == "Div":
            tables = [item for item in elements(block["c"][1]) if item["t"] == "Table"]
            known = rules[int(block["c"][0][0].removeprefix("npcstats-"))] if tables else {}
            found[block["c"][0][0]] = [_styled(table, known) for table in tables]
    return [found.get(f"npcstats-{i}", []) for i in range(len(sources))]


def _rules(sheet: str) -> dict[str, str]:
    """Declarations of a style sheet by class or identifier, `.gt_heading` or `#T_1_row0_col0`, in order.

    Only rules whose last step is one class or identifier are read; states, tags and media have no place on paper.
    """
    found: dict[str, str] = {}
    for selectors, declarations in RULE.findall(COMMENT.sub("", sheet)):
        for selector in selectors.split(","):
            steps = selector.split()
            if steps and ONE_NAME.fullmatch(steps[-1]):
                found[steps[-1]] = f"{found.get(steps[-1], '')}{declarations};"
    return found


def _styled(table: Element, rules: Mapping[str, str]) -> Element:
    """A table whose cells carry fills, borders and vertical alignment as attributes that the Typst writer prints."""
    (name, classes, pairs), caption, columns, head, bodies, foot = table["c"]
    attributes = [name, [*classes, *([CAPTIONED] if caption[1] else [])], pairs]
    new_bodies = [[a, n, _rows(heads, rules), _rows(rows, rules)] for a, n, heads, rows in bodies]
    new_head, new_foot = [head[0], _rows(head[1], rules)], [foot[0], _rows(foot[1], rules)]
    return {"t": "Table", "c": [attributes, caption, columns, new_head, new_bodies, new_foot]}


def _rows(rows: list[Any], rules: Mapping[str, str]) -> list[Any]:
    return [[attributes, [_cell(cell, rules) for cell in cells]] for attributes, cells in rows]


def _cell(cell: list[Any], rules: Mapping[str, str]) -> list[Any]:
    (name, classes, pairs), align, *rest = cell
    given = dict(pairs)
    inherited = "".join(rules.get(key, "") for key in (*(f".{item}" for item in classes), f"#{name}"))
    css = _declarations(inherited + given.get("style", ""))
    made = _typst_properties(css)
    if align["t"] == "AlignDefault":
        align = {"t": ALIGNMENTS.get(css.get("text-align", ""), "AlignDefault")}
    down, across, blocks = rest
    if css.get("font-weight") in BOLD:
        blocks = [_within("Strong", block) for block in blocks]
    if css.get("font-style") in ("italic", "oblique"):
        blocks = [_within("Emph", block) for block in blocks]
    own = [name, classes, [*pairs, *([f"typst:{key}", value] for key, value in made.items())]]
    return [own, align, down, across, blocks]


def _within(kind: str, block: Element) -> Element:
    if block["t"] not in ("Plain", "Para") or not block["c"]:
        return block
    return {"t": block["t"], "c": [{"t": kind, "c": block["c"]}]}


def _declarations(style: str) -> dict[str, str]:
    css: dict[str, str] = {}
    for part in style.split(";"):
        name, _, value = part.partition(":")
        css[name.strip().lower()] = value.replace("!important", "").strip()
    return css


def _typst_properties(css: Mapping[str, str]) -> dict[str, str]:
    """The CSS of a cell that has a meaning on paper, in Typst's words; the rest is left out."""
    out: dict[str, str] = {}
    if css.get("vertical-align") in VERTICAL:
        out["align"] = VERTICAL[css["vertical-align"]]
    if fill := _color(css.get("background-color") or css.get("background", "")):
        out["fill"] = f'rgb("{fill}")'
    if ink := _color(css.get("color", "")):
        out["text:fill"] = f'rgb("{ink}")'
    if SHARE.match(css.get("font-size", "")):
        out["text:size"] = f"{float(css['font-size'].removesuffix('%')) / 100:g}em"
    strokes = {side: _stroke(_border(css, side)) for side in SIDES}
    drawn = ", ".join(f"{side}: {stroke}" for side, stroke in strokes.items() if stroke)
    return {**out, "stroke": f"({drawn})"} if drawn else out


@cache
def _color(text: str) -> str:
    """A color of CSS as six hexadecimal digits, mixed with white where it is transparent; empty for any other text."""
    word = text.strip().lower()
    named = NAMED.get(word.replace("grey", "gray"))
    if found := HEX.match(f"#{named}" if named else word):
        digits = found[1] if len(found[1]) > 4 else "".join(2 * digit for digit in found[1])
        *channels, share = [int(f"{digits}ff"[i : i + 2], 16) for i in (0, 2, 4, 6)]
        return _mixed(channels, share / 255)
    if found := CHANNELS.match(word):
        return _mixed([float(found[i]) for i in (1, 2, 3)], _share(found))
    if found := HSL.match(word):
        hue, full, light = float(found[1]) / 360, float(found[2]) / 100, float(found[3]) / 100
        return _mixed([255 * channel for channel in hls_to_rgb(hue, light, full)], _share(found))
    return ""


def _share(found: re.Match[str]) -> float:
    return float(found[4] or 1) / (100 if found[5] else 1)


def _mixed(channels: Sequence[float], share: float) -> str:
    mixed = [round(255 + (min(channel, 255) - 255) * min(share, 1)) for channel in channels]
    return "#" + "".join(f"{channel:02x}" for channel in mixed) if share else ""


def _border(css: Mapping[str, str], side: str) -> str:
    """A border's width, style and color, written in one or apart."""
    whole = css.get(f"border-{side}") or css.get("border", "")
    apart = [css.get(f"border-{side}-{part}", "") for part in ("width", "style", "color")]
    return " ".join(apart) if apart[1] and not whole else whole


def _stroke(border: str) -> str:
    """`0.4pt solid #b9c2cc` as a Typst stroke, empty where nothing is drawn."""
    width, color = "", "#000000"
    for word in BORDER_WORD.findall(border):
        found = LENGTH.match(word)
        if found:
            width = f"{float(found[1]) * 0.75:g}pt" if found[2] == "px" else word
        elif _color(word):
            color = _color(word)
        elif word in ("none", "hidden"):
            return ""
    return f'{width} + rgb("{color}")' if width and float(LENGTH.sub(r"\1", width)) > 0 else ""
