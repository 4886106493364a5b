"""Colours of a drawing: each letter has its own, no arm's colour stands where no arm is shown, and no further one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from npcstats.release.forbidden import Forbidden, is_colored
from npcstats.release.parts import Hit

OTHER_COLOR = "a letter in another colour than its own"
ARM_COLOR = "the colour of an arm where no arm is shown"
FURTHER_COLOR = "a colour that no letter has"
DRAWING = re.compile(r"<svg\b.*?</svg\s*>", re.S | re.I)
VALUE = re.compile(r"(?:fill|stroke|stop-color|color|background(?:-color)?)\s*:\s*([^;\"'}]+)", re.I)
SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])\Z", re.I)
LONG = re.compile(r"(#[0-9a-f]{6})(?:[0-9a-f]{2})?\Z", re.I)
CHANNELS = re.compile(r"rgba?\(\s*([\d.]+%?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)", re.I)
NAMED = {
    "red": "#ff0000", "green": "#008000", "blue": "#0000ff", "orange": "#ffa500", "purple": "#800080",
    "teal": "#008080", "brown": "#a52a2a", "pink": "#ffc0cb", "cyan": "#00ffff", "magenta": "#ff00ff",
    "yellow": "#ffff00", "navy": "#000080", "lime": "#00ff00", "maroon": "#800000", "olive": "#808000",
    "steelblue": "#4682b4", "crimson": "#dc143c", "tomato": "#ff6347", "gold": "#ffd700", "indigo": "#4b0082",
}  # fmt: skip
ATTRIBUTES = ("fill", "stroke", "stop-color", "color")
SUBGROUP = "="
# A scale of colours has more of them than groups could be told apart by.
FEW = 4
NEAR = 4
# A label by itself, in a colour that the element around it, or the run before it, says.
STYLED = re.compile(
    r"<[^<>]*?\b(?:color|fill|stroke)\s*[:=]\s*[\"']?\s*(#[0-9a-f]{3,8}|rgb\([^)]*\))[^<>]*>\s*(?:<[^<>/]*>\s*){0,3}"
    r"(?:arm\s+)?([A-Z])\s*<",
    re.I,
)
RUN = re.compile(
    r"<w:color\b[^<>]*w:val=\"([0-9a-f]{6})\"(?:(?!</w:r>).){0,400}?<w:t\b[^<>]*>\s*(?:arm\s+)?([A-Z])\s*</w:t>",
    re.I | re.S,
)


def find_colors(text: str, forbidden: Forbidden) -> Iterator[Hit]:
    """Find colours that break a convention in the drawings of a text.

    Parameters
    ----------
    text : str
        SVG, or HTML with drawings in it.
    forbidden : Forbidden
        Letters and their colours.

    Yields
    ------
    Hit
        Each kind once for a drawing.
    """
    labelled = [*STYLED.findall(text), *((f"#{color}", letter) for color, letter in RUN.findall(text))]
    if wears_other(((read_color(color), letter) for color, letter in labelled), forbidden):
        yield Hit("", "colours of its labels", OTHER_COLOR)
    for number, found in enumerate(DRAWING.finditer(text), 1):
        try:
            root = ElementTree.fromstring(_alone(found[0]))
        except ElementTree.ParseError:
            continue
        place = "its colours" if number == 1 else f"colours of drawing {number}"
        yield from dict.fromkeys(Hit("", place, what) for what in _faults(root, forbidden))


def wears_other(labelled: Iterable[tuple[str, str]], forbidden: Forbidden) -> bool:
    """Tell whether a letter's label is in the colour of another letter.

    Parameters
    ----------
    labelled : iterable of tuple of str
        Colours, and the letters that are written in them.
    forbidden : Forbidden
        Letters and their colours.

    Returns
    -------
    bool
        False where a label is in a colour that no letter has, as the text around it is.
    """
    own = forbidden.colors
    return any(
        letter in own and color and color != own[letter] and color in own.values() and is_colored(color)
        for color, letter in labelled
    )


def _alone(drawing: str) -> str:
    """A drawing that can be read without the page around it."""
    missing = [name for name in ("xlink", "xml:space") if f"{name}:" in drawing and f"xmlns:{name}" not in drawing]
    added = "".join(f' xmlns:{name}="urn:{name}"' for name in missing if name == "xlink")
    return re.sub(r"&(?!#|amp;|lt;|gt;|quot;|apos;)\w+;", " ", drawing.replace("<svg", f"<svg{added}", 1))


def _faults(root: ElementTree.Element, forbidden: Forbidden) -> Iterator[str]:
    used: set[str] = set()
    subgroups = any(SUBGROUP in (element.get("id") or "") for element in root.iter())
    yield from _in_letters(root, "", used, forbidden)
    if forbidden.state == "pooled" and not subgroups and used & forbidden.arm_colors:
        yield ARM_COLOR
    if forbidden.letters and not subgroups:
        own = [color for color in forbidden.colors.values() if is_colored(color)]
        further = {color for color in used if not any(_is_tint(color, one) for one in own)}
        if further & forbidden.arm_colors or 0 < len(further) <= FEW:
            yield FURTHER_COLOR


def _in_letters(element: ElementTree.Element, letter: str, used: set[str], forbidden: Forbidden) -> Iterator[str]:
    """Colours of an element and of all in it, where a group that is named by a letter keeps to that one's."""
    parts = re.split(r"[-_]", element.get("id") or "")
    named = [part for part in parts if part in forbidden.letters]
    letter = named[-1] if named else letter
    found = {color for color in _colors(element) if is_colored(color)}
    used |= found
    if letter and not all(_is_tint(color, forbidden.colors[letter]) for color in found):
        yield OTHER_COLOR
    for child in element:
        yield from _in_letters(child, letter, used, forbidden)


def _colors(element: ElementTree.Element) -> Iterator[str]:
    texts = [*VALUE.findall(element.get("style") or ""), *(element.get(name, "") for name in ATTRIBUTES)]
    if element.tag.endswith("style"):
        texts += VALUE.findall(element.text or "")
    for text in texts:
        if color := read_color(text.strip()):
            yield color


def read_color(text: str) -> str:
    """Read a colour however it is written.

    Parameters
    ----------
    text : str
        Of a style sheet.

    Returns
    -------
    str
        ``#`` and six hexadecimal digits in small letters; empty where it is none that is known.
    """
    text = text.strip().casefold()
    if found := LONG.match(text):
        return found[1]
    if found := SHORT.match(text):
        return "#" + "".join(2 * part for part in found.groups())
    if found := CHANNELS.match(text):
        channels = [float(p[:-1]) * 2.55 if p.endswith("%") else float(p) for p in found.groups()]
        return "#" + "".join(f"{min(255, round(part)):02x}" for part in channels)
    return NAMED.get(text, "")


def _is_tint(color: str, base: str) -> bool:
    """Whether a colour is another one, or that one laid thinly on white."""
    seen, own = (tuple(int(one[i : i + 2], 16) for i in (1, 3, 5)) for one in (color, base))
    depth = max(255 - part for part in own)
    share = max(255 - part for part in seen) / depth if depth else 0.0
    return all(abs((255 - a) - share * (255 - b)) <= NEAR for a, b in zip(seen, own, strict=True))
