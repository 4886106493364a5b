"""HTML, SVG and other markup taken apart: text as read, attributes, comments, scripts, styles and embedded files."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from npcstats.release.disguises import SEAM
from npcstats.release.parts import Inner, Part, Sort, Taken

PIECE = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<[!?](?P<note>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"|<(?P<raw>script|style)\b(?P<rawset>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>(?P<code>.*?)</(?P=raw)\s*>"
    r"|</?(?P<tag>[A-Za-z][^\s<>/]*)(?P<set>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.S | re.I,
)
ATTRIBUTE = re.compile(r"([^\s=<>\"'/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s<>\"']+))|([^\s=<>\"'/]+)", re.S)
DATA_ADDRESS = re.compile(r"data:([\w.+-]*/?[\w.+-]*)((?:;[\w=.+\"-]+)*),([A-Za-z0-9+/=_%\s.!~*()'-]{16,})")
SAID = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
# Elements that stand within a line: a word may begin in one and end in another.
INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins",
        "kbd", "label", "mark", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tspan", "tt", "u", "var", "wbr", "textpath", "w:r", "w:t", "w:rpr",
        "a:r", "a:t", "w:prooferr", "w:bookmarkstart", "w:bookmarkend", "w:lang", "w:b", "w:i", "w:rfonts", "w:color",
        "w:sz", "w:szcs", "w:rstyle", "w:hyperlink", "w:ins", "w:nobreakhyphen", "w:softhyphen", "m:r", "m:t", "r", "t",
    }
)  # fmt: skip
CUT = re.compile(r"\s+")
# What an attribute of these names says is a list of numbers, of which there are many and which hide nothing.
DRAWING = frozenset({"d", "points", "transform", "viewbox"})


def take_markup(text: str) -> Taken:
    """Take markup apart.

    Parameters
    ----------
    text : str
        HTML, SVG or XML.

    Returns
    -------
    Taken
        Its text, attributes by name, comments, code, and files in addresses.
    """
    files = tuple(_embedded(text))
    text = DATA_ADDRESS.sub(lambda found: f"data:{found[1]}," if len(found[3]) > 200 else found[0], text)
    said: list[str] = []
    beside: dict[str, list[str]] = {}
    at = 0
    for found in PIECE.finditer(text):
        said.append(text[at : found.start()])
        at = found.end()
        name = (found["tag"] or "").lower()
        said.append(found["cdata"] or "")
        said.append((SEAM if name in INLINE else "\n") if name or found["raw"] else SEAM)
        _beside(found, beside)
    said.append(text[at:])
    parts = [Part("its text", _as_read("".join(said)))]
    parts += [Part(place, "\n".join(dict.fromkeys(told)), _sort(place)) for place, told in beside.items()]
    return Taken(tuple(parts), files)


def _as_read(text: str) -> str:
    """Text as a page shows it: blanks fold, and what ends a line stays."""
    lines = (CUT.sub(" ", line.replace(SEAM, "\0")).replace("\0", SEAM) for line in html.unescape(text).split("\n"))
    return "\n".join(line for line in lines if line.strip(" " + SEAM))


def _sort(place: str) -> Sort:
    return "code" if place in ("scripts", "styles") else "values"


def _beside(found: re.Match[str], beside: dict[str, list[str]]) -> None:
    """What stands in markup and not on its page."""
    if found["comment"]:
        beside.setdefault("comments", []).append(found["comment"].strip())
    if found["note"]:
        beside.setdefault("declarations", []).append(found["note"].strip())
    if found["code"]:
        code = found["code"]
        beside.setdefault("scripts" if found["raw"].lower() == "script" else "styles", []).append(code)
        beside.setdefault("texts in scripts and styles", []).extend(
            part for parts in SAID.findall(code) for part in parts if part
        )
    if found["tag"]:
        beside.setdefault("names of elements", []).append(found["tag"])
    for name, *values, alone in ATTRIBUTE.findall(found["set"] or found["rawset"] or ""):
        own = (name or alone).lower()
        value = html.unescape("".join(values))
        if own not in DRAWING and value:
            beside.setdefault(f"attribute {own[:40]}", []).append(value)
        beside.setdefault("names of attributes", []).append(own)


def _embedded(text: str) -> Iterator[Inner]:
    for place, found in enumerate(DATA_ADDRESS.finditer(text), 1):
        content = re.sub(r"\s", "", found[3]) if "base64" in found[2] else found[3]
        try:
            data = base64.b64decode(unquote_to_bytes(content)) if "base64" in found[2] else unquote_to_bytes(content)
        except (binascii.Error, ValueError):
            data = content.encode()
        yield Inner(f"embedded file {place}", data)
