"""Texts with their disguises taken off: look-alike letters, signs that do not show, splits, and encodings."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote

# Stands where a text is cut without a blank: between two runs of one word, or between two pieces of a page.
SEAM = "\x1f"
DEPTH = 3
# A text that is longer is decoded no further: encodings of a word are short, and files are searched as files.
LONGEST_DECODED = 2_000_000

# Letters of other alphabets that look like Latin ones, small letters; what Unicode itself folds is not here.
LOOKALIKES = {
    "а": "a", "α": "a", "ɑ": "a", "в": "b", "β": "b", "ь": "b", "с": "c", "ϲ": "c", "ԁ": "d", "ɗ": "d", "е": "e",
    "ε": "e", "є": "e", "ҽ": "e", "ɡ": "g", "ց": "g", "н": "h", "һ": "h", "η": "n", "і": "i", "ι": "i", "ı": "i",
    "ɩ": "i", "ј": "j", "κ": "k", "к": "k", "ⅼ": "l", "ӏ": "l", "м": "m", "μ": "m", "ո": "n", "п": "n", "ν": "v",
    "о": "o", "ο": "o", "σ": "o", "օ": "o", "ø": "o", "ө": "o", "р": "p", "ρ": "p", "ԛ": "q", "г": "r", "ѕ": "s",
    "т": "t", "τ": "t", "υ": "u", "ս": "u", "ѵ": "v", "ԝ": "w", "ω": "w", "х": "x", "χ": "x", "у": "y", "γ": "y",
    "ү": "y", "ζ": "z", "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ɪ": "i",
    "ᴊ": "j", "ᴋ": "k", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r", "ꜱ": "s", "ᴛ": "t", "ᴜ": "u",
    "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z", "đ": "d", "ħ": "h", "ł": "l", "ŧ": "t",
}  # fmt: skip
DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "|": "l"})

HIDDEN = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
                    "\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]")  # fmt: skip
BROKEN = re.compile(r"[-\u2010-\u2015\u2212]\s*\n\s*")
LINES = re.compile(r"[ \t]*\n\s*")
# What a drawing calls its parts: a hash, in which three digits are some word sooner or later.
NAME_OF_PART = re.compile(r"[a-z]?[0-9a-f]{8,}")
INSIDE = re.compile(r"(?<=[a-z])[-\u2010-\u2015\u2212_.\u00b7*+~/\\:,;'\"`^](?=[a-z])")
SPACED = re.compile(r"(?<![a-z])(?:[a-z][^a-z0-9\n]{1,3}){2,}[a-z](?![a-z])")
NOT_LETTERS = re.compile(r"[^a-z]+")
MIXED = re.compile(r"\b(?=[\w@$|]*[a-z])[\w@$|]*[01345@$|7][\w@$|]*")

PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
ENTITY = re.compile(r"&(?:#\w{1,8}|\w{2,12});")
ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3})"
                    r"|([0-9a-fA-F]{1,6})\s?)")  # fmt: skip
QUOTED = re.compile(r"=[0-9A-F]{2}")
# A word of four letters is eight signs of base64, one of a hexadecimal number eight digits.
BASE64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{7,}={0,2}(?![A-Za-z0-9+/_=-])")
# Words and numbers of a page, which are no encoding of anything.
WORD = re.compile(r"(?:[A-Z]?[a-z]+(?:[-_/+][A-Za-z]?[a-z]*)*|[A-Z]+(?:[-_/][A-Z]+)*|[\d.,/+-]+)\Z")
HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])(?:(?:[0-9a-fA-F]{2}){4,}|(?:[0-9a-fA-F]{2}[ :,]?){4,600})(?![0-9A-Za-z])")
# How compressed bytes begin, and how zlib is told which of its ways it is.
INFLATES = {b"\x1f\x8b": 31, b"\x78\x01": 15, b"\x78\x5e": 15, b"\x78\x9c": 15, b"\x78\xda": 15}
PRINTABLE = re.compile(rb"[\t\n\r\x20-\x7e]+\Z")


def plain(text: str) -> str:
    """Small Latin letters in place of all that look like them, and nothing that does not show.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        In small letters; seams and line breaks stay.
    """
    if text.isascii():
        return text.lower()
    folded = HIDDEN.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return folded.translate(_folding(frozenset(folded)))


@cache
def _folding(signs: frozenset[str]) -> dict[int, str | None]:
    """What becomes of each sign of a text; marks above and below letters, and signs of format, become nothing."""
    table: dict[int, str | None] = {}
    for sign in signs:
        if sign.isascii():
            continue
        category = unicodedata.category(sign)
        if category in ("Mn", "Cf", "Me"):
            table[ord(sign)] = None
        elif sign in LOOKALIKES:
            table[ord(sign)] = LOOKALIKES[sign]
        elif category in ("Zs", "Zl", "Zp"):
            table[ord(sign)] = "\n" if category != "Zs" else " "
    return table


def whole_words(text: str) -> Iterator[str]:
    """Forms of a plain text in which words end where they end on the page.

    Parameters
    ----------
    text : str
        From `plain`.

    Yields
    ------
    str
        As it is, with seams as blanks, and with seams as nothing.
    """
    if SEAM in text:
        yield text.replace(SEAM, " ")
        text = text.replace(SEAM, "")
    yield text
    yield from _unspaced(text)
    mended = BROKEN.sub("", text)
    if mended != text:
        yield mended


def mended_words(text: str) -> Iterator[str]:
    """Forms of a plain text in which what is cut in two is whole again, and words may run together.

    Parameters
    ----------
    text : str
        From `plain`.

    Yields
    ------
    str
        Without breaks of lines, without signs between letters, and with letters for digits that look like them.
    """
    text = text.replace(SEAM, "")
    joined = LINES.sub("", BROKEN.sub("", text)) if "\n" in text else text
    yield joined
    yield INSIDE.sub("", joined)
    if any(sign in text for sign in "01345@$|7"):
        mixed = [found for found in MIXED.findall(text) if not found.isdigit() and not NAME_OF_PART.fullmatch(found)]
        yield "\n".join(dict.fromkeys(found.translate(DIGITS) for found in mixed))


def _unspaced(text: str) -> Iterator[str]:
    found = [NOT_LETTERS.sub("", run) for run in SPACED.findall(text)]
    if found:
        yield "\n".join(dict.fromkeys(found))


def decoded(text: str, depth: int = DEPTH) -> Iterator[str]:
    """Texts that stand in a text in some encoding.

    Parameters
    ----------
    text : str
        As read.
    depth : int
        How many encodings may lie in each other.

    Yields
    ------
    str
        Each once; percent signs, entities, escapes, base64 and hexadecimal numbers.
    """
    if depth == 0 or len(text) > LONGEST_DECODED:
        return
    for found in dict.fromkeys(_decoded_once(text)):
        if found and found != text:
            yield found
            yield from decoded(found, depth - 1)


def _decoded_once(text: str) -> Iterator[str]:
    if "%" in text and PERCENT.search(text):
        yield unquote(text, errors="replace")
    if "&" in text and ENTITY.search(text):
        yield html.unescape(text)
    if "\\" in text:
        yield ESCAPE.sub(_sign, text)
    if QUOTED.search(text):
        yield QUOTED.sub(lambda found: chr(int(found[0][1:], 16)), text)
    runs = dict.fromkeys(run for run in BASE64.findall(text) if not WORD.match(run))
    tokens = [token for run in runs for token in _base64(run)]
    tokens += [token for run in dict.fromkeys(HEXADECIMAL.findall(text)) for token in _hexadecimal(run)]
    if tokens:
        yield "\n".join(dict.fromkeys(tokens))


def _sign(found: re.Match[str]) -> str:
    octal = found[4]
    number = int(octal, 8) if octal else int(next(part for part in found.groups() if part), 16)
    return chr(number) if number <= 0x10FFFF else found[0]


def _base64(token: str) -> Iterator[str]:
    """What a token says, where it says something printable."""
    bare = token.rstrip("=").replace("-", "+").replace("_", "/")
    if len(bare) % 4 == 1:
        return
    try:
        content = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return
    if told := as_text(content):
        yield told


def _hexadecimal(token: str) -> Iterator[str]:
    digits = re.sub(r"[ :,]", "", token)
    if len(digits) % 2 == 0 and (told := as_text(bytes.fromhex(digits))):
        yield told


def as_text(content: bytes) -> str:
    """Read bytes as text where they are one, or are one compressed.

    Parameters
    ----------
    content : bytes
        Decoded.

    Returns
    -------
    str
        The text; empty where the bytes are none.
    """
    if PRINTABLE.match(content):
        return content.decode("ascii")
    if bits := INFLATES.get(content[:2]):
        try:
            return as_text(zlib.decompressobj(wbits=bits).decompress(content, LONGEST_DECODED))
        except zlib.error:
            return ""
    for coding in ("utf-16-le", "utf-16-be") if len(content) > 7 and b"\0" in content[:4] else ():
        told = content.decode(coding, errors="replace")
        if told.isprintable() and told.isascii():
            return told
    try:
        told = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return told if "".join(told.split()).isprintable() else ""
