"""What a page of a PDF says: its signs decoded by their fonts, in the order in which they are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from npcstats.release.disguises import SEAM

TOKEN = re.compile(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\([^()]*\))*\))*\)"  # a string, with two levels of brackets
    rb"|<<|>>|<[0-9A-Fa-f\s]*>|%[^\r\n]*|/[^\s()<>\[\]{}/%]*|[\[\]]|[^\s()<>\[\]{}/%]+",
    re.S,
)
ESCAPED = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\r|\n)|(.))", re.S)
CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\s]*)>")
CHAR_BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.S)
RANGE_BLOCK = re.compile(rb"beginbfrange(.*?)endbfrange", re.S)
RANGE = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>\s*(?:<([0-9A-Fa-f\s]*)>|\[([^\]]*)\])", re.S)
# What begins anything that is no operator.
OPERANDS = b"(<>/[]0123456789+-."
# A move of the pen between two signs of a line, in thousandths of their size, from which on the page has a blank.
GAP = 180.0
WIDEST_RANGE = 65_536
MOVES = {b"Td", b"TD", b"Tm", b"BT", b"ET", b"cm"}
NEW_LINES = {b"T*"}
FILLS = {b"rg", b"sc", b"scn"}
CHANNELS = 3
# A label has few pieces; a line of a page has more.
SHORT_LABEL = 12
SHOWS = {b"Tj", b"TJ", b"'", b'"'}
# Names of signs of which the ending is no letter, of fonts that say themselves which sign each code is.
SIGN_NAMES = {
    "space": " ",
    "hyphen": "-",
    "parenleft": "(",
    "parenright": ")",
    "period": ".",
    "comma": ",",
    "colon": ":",
}
DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class FontMap:
    """Codes of a font and the signs that they stand for.

    Parameters
    ----------
    font : mapping
        The font's dictionary; what it refers to is read when it is needed.
    """

    def __init__(self, font: Mapping[str, Any]) -> None:
        """Keep the dictionary."""
        self.font = font

    @cached_property
    def signs(self) -> dict[int, str]:
        """Signs by code, as the font's own table has them, else by its names of signs.

        Returns
        -------
        dict of int to str
            Empty where the font says nothing.
        """
        table = self.font.get("/ToUnicode")
        return {**self._named, **(read_cmap(_data(table)) if table is not None else {})}

    @cached_property
    def width(self) -> int:
        """How many bytes a code has.

        Returns
        -------
        int
            2 of a composite font.
        """
        return 2 if self.font.get("/Subtype") == "/Type0" else 1

    @cached_property
    def _named(self) -> dict[int, str]:
        encoding = _object(self.font.get("/Encoding"))
        differences = _object(encoding.get("/Differences")) if isinstance(encoding, Mapping) else None
        found: dict[int, str] = {}
        code = 0
        for item in differences or ():
            if isinstance(item, str):
                found[code] = _sign_named(item.lstrip("/"))
                code += 1
            else:
                code = int(item)
        return found

    def read(self, string: bytes) -> str:
        """Decode a string of a page.

        Parameters
        ----------
        string : bytes
            Its codes.

        Returns
        -------
        str
            Its signs.
        """
        if self.width == 1:
            return "".join(self.signs.get(code, chr(code)) for code in string)
        codes = (string[place] << 8 | string[place + 1] for place in range(0, len(string) - 1, 2))
        return "".join(self.signs.get(code) or chr(code) for code in codes)


def _object(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _data(value: Any) -> bytes:
    stream = _object(value)
    return bytes(stream.get_data()) if hasattr(stream, "get_data") else b""


def _sign_named(name: str) -> str:
    base = name.split(".")[0]
    if base in DIGIT_NAMES:
        return str(DIGIT_NAMES.index(base))
    if found := re.fullmatch(r"(?:uni|u)([0-9A-Fa-f]{4,6})", base):
        return chr(int(found[1], 16) % 0x110000)
    return SIGN_NAMES.get(base, base if len(base) == 1 else SEAM)


def read_cmap(table: bytes) -> dict[int, str]:
    """Read which signs the codes of a font stand for.

    Parameters
    ----------
    table : bytes
        A ToUnicode CMap.

    Returns
    -------
    dict of int to str
        Signs by code.
    """
    found: dict[int, str] = {}
    for block in CHAR_BLOCK.findall(table):
        parts = HEXADECIMAL.findall(block)
        found.update((int(code or b"0", 16), _utf16(sign)) for code, sign in zip(parts[::2], parts[1::2], strict=False))
    for block in RANGE_BLOCK.findall(table):
        for low, high, first, each in RANGE.findall(block):
            codes = range(int(low or b"0", 16), min(int(high or b"0", 16), int(low or b"0", 16) + WIDEST_RANGE) + 1)
            if each:
                found.update(zip(codes, map(_utf16, HEXADECIMAL.findall(each)), strict=False))
            elif start := _utf16(first):
                found.update((code, start[:-1] + chr(ord(start[-1]) + code - codes[0])) for code in codes)
    return found


def _utf16(digits: bytes) -> str:
    compact = re.sub(rb"\s", b"", digits)
    return bytes.fromhex((compact + b"0" * (len(compact) % 2)).decode()).decode("utf-16-be", errors="replace")


def read_string(token: bytes) -> bytes:
    """The bytes that a string of a PDF stands for.

    Parameters
    ----------
    token : bytes
        In round or pointed brackets.

    Returns
    -------
    bytes
        Without escapes.
    """
    if token[:1] == b"<":
        digits = re.sub(rb"\s", b"", token[1:-1])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return ESCAPED.sub(_unescaped, token[1:-1]) if b"\\" in token else token[1:-1]


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 255])
    return b"" if found[2] else CONTROL.get(found[3], found[3])


def read_text(string: bytes) -> str:
    """Read a string of a PDF that is text.

    Parameters
    ----------
    string : bytes
        Of a dictionary.

    Returns
    -------
    str
        From UTF-16 or UTF-8 where it says so, else from Latin-1.
    """
    if string[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return string.decode("utf-16", errors="replace")
    if string[:3] == b"\xef\xbb\xbf":
        return string[3:].decode("utf-8", errors="replace")
    return string.decode("latin-1")


@dataclass(frozen=True)
class Drawn:
    """What a content stream says.

    Parameters
    ----------
    text : str
        As drawn, with a seam where the pen moves and a break where a line ends.
    beside : str
        Strings of properties of what is marked, names and comments.
    labels : tuple of (str, str)
        Of each short text the colour that it is drawn in, and the text.
    """

    text: str
    beside: str
    labels: tuple[tuple[str, str], ...]


def page_text(content: bytes, fonts: Mapping[str, FontMap]) -> Drawn:
    """Read what a content stream says, and what it says beside the page.

    Parameters
    ----------
    content : bytes
        Decoded.
    fonts : mapping of str to FontMap
        By the names that the stream has for them.

    Returns
    -------
    Drawn
        Its texts.
    """
    drawn: list[str] = []
    beside: list[str] = []
    operands: list[bytes] = []
    labels: list[tuple[str, str]] = []
    font, color = FontMap({}), ""
    for token in TOKEN.findall(content):
        first = token[:1]
        if first == b"%":
            beside.append(token[1:].decode("latin-1"))
        elif first in OPERANDS:
            operands.append(token)
        else:
            if token == b"Tf":
                name = next((one for one in operands if one[:1] == b"/"), b"/").decode("latin-1")
                font = fonts.get(name, FontMap({}))
            elif token in SHOWS:
                drawn += ["\n"] if token in (b"'", b'"') else []
                said = [*_shown(operands, font)]
                drawn += said
                labels.append((color, "".join(said).strip())) if len(said) < SHORT_LABEL else None
            elif token in MOVES:
                drawn.append("\n" if _is_new_line(token, operands) else SEAM)
            elif token in NEW_LINES:
                drawn.append("\n")
            elif token in FILLS:
                color = _color(operands)
            elif token in (b"BDC", b"DP", b"BMC", b"MP"):
                beside += _properties(operands)
            operands = []
    text = re.sub(f"[{SEAM}\n]*\n[{SEAM}\n]*", "\n", re.sub(f"{SEAM}+", SEAM, "".join(drawn)))
    return Drawn(text, "\n".join(beside), tuple(labels))


def _color(operands: list[bytes]) -> str:
    """The colour that three shares say, in hexadecimal digits; empty for a grey or one of another kind."""
    shares = [float(one) for one in operands if one[:1] in b"0123456789.-+"]
    return "#" + "".join(f"{round(255 * share):02x}" for share in shares) if len(shares) == CHANNELS else ""


def _shown(operands: list[bytes], font: FontMap) -> Iterator[str]:
    for token in operands:
        if token[:1] == b"(" or (token[:1] == b"<" and token not in (b"<<", b">>")):
            yield font.read(read_string(token))
        elif token[:1] not in b"/[]<" and abs(float(token)) > GAP:
            yield " " if float(token) < 0 else SEAM


def _is_new_line(token: bytes, operands: list[bytes]) -> bool:
    """Whether the pen goes to another line: a move down that is none along the line."""
    if token not in (b"Td", b"TD") or len(operands) < 2:
        return False
    return float(operands[-1]) != 0.0


def _properties(operands: list[bytes]) -> Iterator[str]:
    for token in operands:
        if token[:1] == b"(" or (token[:1] == b"<" and token not in (b"<<", b">>")):
            yield read_text(read_string(token))
        elif token[:1] == b"/":
            yield token[1:].decode("latin-1")
