"""How a message shows what it found: a value only where it cannot tell a person, a name only where it is a variable's.

Knows texts and counts; knows no frame.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from npcstats.formatting import counted

SHOWN = 3
LISTED = 10
CODE = 3
FIGURES = 5
SHAPE = 24
WORDS = 2
MESSAGE = 600
SCREEN = 40
NUMBER = re.compile(r"[+-]?(?=[.,]?[0-9])[0-9.,]*(?:[eE][+-]?[0-9]+)?")
PERSONAL = re.compile(r"[^0-9][0-9]{2}")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
PERSON = re.compile(r"[A-Z][a-z]+(?:[_.-]?[A-Z][a-z]+)*\.?")
NUMBERED = re.compile("[0-9]{3}|-[0-9]+$|^[^_]*[0-9]{2}$")

# What pages can print: each sign that every face of the reports has, and that can be seen; no blank of no width, no
# control of direction, nothing of private use.
PAGE_SIGNS = (
    "\u0020-\u007e\u00a0-\u00ac\u00ae-\u0148\u014a-\u01c3\u01c5-\u031e\u0321-\u0377\u037a-\u037f\u0384-\u038a\u038c"
    "\u038e-\u03a1\u03a3-\u03e1\u03f0-\u049d\u04a0-\u04ff\u052f\u0e3f\u1d43\u1d47-\u1d49\u1d4d\u1d4f\u1d50\u1d52"
    "\u1d56-\u1d58\u1d5b\u1d62-\u1d65\u1d9c\u1da0\u1dbb\u1dbf-\u1df5\u1dfc-\u1f15\u1f18-\u1f1d\u1f20-\u1f45"
    "\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fc4\u1fc6-\u1fd3\u1fd6-\u1fdb"
    "\u1fdd-\u1fef\u1ff2-\u1ff4\u1ff6-\u1ffe\u2000-\u200a\u2010-\u2027\u202f-\u205f\u2070\u2071\u2074-\u208e"
    "\u2090-\u209c\u20a0-\u20bf\u20db-\u20de\u20e8\u20f0\u2100\u2101\u2103\u2105\u2106\u2109\u2113\u2116\u2117"
    "\u211e-\u2123\u2126\u212a\u212b\u212e\u2132\u213b\u214d\u214f\u2153\u215a-\u2188\u2190-\u2199\u21a9\u21aa\u21b0"
    "\u21b1\u21b3-\u21b5\u21ba\u21bb\u21d0\u21d2\u21d4\u21de\u21df\u21e4\u21e5\u21e7\u21ea\u2202\u2205\u2206\u220f"
    "\u2211\u2212\u221a\u221e\u222b\u2248\u2260\u2264\u2265\u2303\u2305\u2318\u2325-\u2327\u232b\u2380\u2387\u238b"
    "\u23ce\u23cf\u2423\u2460-\u2468\u24b6-\u24cf\u24ea\u25a0-\u25a2\u25aa\u25b2\u25b3\u25b6\u25b7\u25ba-\u25bd\u25c0"
    "\u25c1\u25c4-\u25c7\u25ca\u25cb\u25cf\u25e6\u25ef\u2600\u2605\u2606\u263c\u2661\u2665\u26a0\u2713\u2717\u2756"
    "\u2764\u2780-\u2788\u27ef\u27f5-\u27fa\u2b06\u2b12\u2b13\u2b1c\u2c7c\u2c7f\u2dff\u2e18\ua69f\ua7ff\ua92e"
    "\ufe20-\ufe2d"
)
OFF_PAGE = re.compile(f"[^{PAGE_SIGNS}]")
FILE_NAME = re.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
DEVICES = re.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])([.].*)?", re.I)
BREAKS_KEY = re.compile(r'[|"\r\n]')
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def off_page(text: str) -> str:
    """Find the first sign of a text that pages cannot print.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        The sign; empty where there is none.
    """
    found = OFF_PAGE.search(text)
    return found[0] if found else ""


def hidden_sign(text: str) -> str:
    """Find the first sign of a text that nobody can see: of control, direction or no width, or of no meaning.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        The sign; empty where there is none.
    """
    if text.isascii() and text.isprintable():
        return ""
    return next((sign for sign in text if unicodedata.category(sign) in HIDDEN), "")


def sign_name(sign: str) -> str:
    """Name a sign without printing it.

    Parameters
    ----------
    sign : str
        One sign.

    Returns
    -------
    str
        Its number and its name in Unicode, such as ``U+200B ZERO WIDTH SPACE``.
    """
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()


def is_file_name(name: str) -> bool:
    """Tell whether a file or folder of this name can be made on every system, inside the folder it is meant for.

    Parameters
    ----------
    name : str
        Without suffix.

    Returns
    -------
    bool
        True for 1 to 64 letters, digits, points, hyphens and underscores, but a name that Windows keeps for devices.
    """
    return bool(FILE_NAME.fullmatch(name)) and not DEVICES.fullmatch(name)


def code_faults(what: str, code: str) -> list[str]:
    """Faults of a code that becomes part of the keys of results.

    Parameters
    ----------
    what : str
        What it is a code of.
    code : str
        The code.

    Returns
    -------
    list of str
        One fault at most.
    """
    if not code:
        return [f"a code of {what} is empty; one is required"]
    return [f"{code!r} of {what} has a quote or bar, which would break a key"] if BREAKS_KEY.search(code) else []


def text_faults(value: object, path: str, *, unread: Collection[str] = ()) -> Iterator[str]:
    """Find texts within values that pages cannot print.

    Parameters
    ----------
    value : object
        Dataclasses, mappings, sequences, texts, and what holds no text.
    path : str
        Of the value, for the message.
    unread : collection of str
        Fields, as ``Class.field``, whose texts are compared with data and never printed.

    Yields
    ------
    str
        Path of each such text, and its first sign that cannot be printed.
    """
    if isinstance(value, str):
        sign = off_page(value)
        if sign:
            yield f"{path} has {sign_name(sign)}, which pages cannot print"
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for item in dataclasses.fields(value):
            if f"{type(value).__name__}.{item.name}" not in unread:
                yield from text_faults(getattr(value, item.name), f"{path}.{item.name}".lstrip("."), unread=unread)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from text_faults(key, f"{path}: a key", unread=unread)
            yield from text_faults(item, f"{path}[{escaped(str(key))}]", unread=unread)
    elif isinstance(value, tuple | list | set | frozenset):
        for number, item in enumerate(value):
            yield from text_faults(item, f"{path}[{number}]", unread=unread)


def printable(value: object) -> str:
    """Show a value as far as it cannot tell a person.

    Parameters
    ----------
    value : object
        As read.

    Returns
    -------
    str
        A number of at most 5 figures or a code of at most 3 signs as it is, unless it ends in two digits as an
        identifier does (``P05``); other text of at most 24 signs and two words by its shape (letters ``A`` and ``a``,
        digits ``9``); of longer text only its length.
    """
    text = str(value)
    if text in ("True", "False") and not isinstance(value, str):
        return text
    if (len(text) <= CODE and not PERSONAL.fullmatch(text)) or _is_short_number(text):
        return escaped(text)
    if len(text) > SHAPE or len(text.split()) > WORDS:
        return f"text of {len(text):,} characters"
    return escaped("".join(map(_sign, text)))


def _is_short_number(text: str) -> bool:
    if not NUMBER.fullmatch(text):
        return False
    whole, point, rest = text.lower().partition(".")
    figures = re.sub("[^0-9e]", "", whole + (rest.rstrip("0") if point else "")).lstrip("0")
    return len(figures) <= FIGURES


def _sign(sign: str) -> str:
    if sign.isalpha():
        return "A" if sign.isupper() else "a"
    return "9" if sign.isdigit() else sign if sign.isascii() or not sign.isprintable() else "?"


def escaped(text: str) -> str:
    """Show signs that cannot be printed by their numbers.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        Printable.
    """
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


def is_variable(name: str) -> bool:
    """Tell whether a name is a variable's, and neither a person's nor an identifier.

    Parameters
    ----------
    name : str
        From a header, or a code.

    Returns
    -------
    bool
        True for letters, digits and underscores; False for a capitalised word (``Sample``), for three digits on end
        (``A123``) and for two at the end (``P05``) or one behind a hyphen, unless an underscore makes a name of it.
    """
    return bool(VARIABLE.fullmatch(name)) and not PERSON.fullmatch(name) and not NUMBERED.search(name)


def printable_name(name: str, place: int) -> str:
    """Show a name of a header.

    Parameters
    ----------
    name : str
        As it stands there.
    place : int
        Of the column, from 1.

    Returns
    -------
    str
        The name where it is a variable's, else the column's number and what stands there.
    """
    if is_variable(name):
        return name
    told = "blank" if not name.strip() else f"text of {len(name):,} characters"
    return f"column {place} ({told})"


def listed(items: Sequence[str], limit: int = LISTED) -> str:
    """Write a list, cut where it is long.

    Parameters
    ----------
    items : sequence of str
        What is listed.
    limit : int
        Items shown at most.

    Returns
    -------
    str
        With the number of those that are left out.
    """
    more = len(items) - limit
    return ", ".join(items[:limit]) + (f" and {more:,} more" if more > 0 else "")


def cut(text: str, limit: int = MESSAGE) -> str:
    """Cut a message that is over its length.

    Parameters
    ----------
    text : str
        One message.
    limit : int
        Signs at most, about.

    Returns
    -------
    str
        In one line; its beginning and its end, which says what is required, where it is too long.
    """
    line = " ".join(text.split("\n"))
    if len(line) <= limit:
        return line
    head, tail = line[: limit * 2 // 3], line[-limit // 4 :]
    return f"{head} [... {len(line) - len(head) - len(tail):,} characters ...] {tail}"


def screen(faults: Iterable[str]) -> str:
    """Write faults as one message of a screen at most.

    Parameters
    ----------
    faults : iterable of str
        Each a line.

    Returns
    -------
    str
        The first of them, and how many more there are.
    """
    lines = list(faults)
    more = len(lines) - SCREEN
    if more <= 0:
        return "\n".join(lines)
    told = f"and {counted(more, 'more fault')}; mend the first {SCREEN}, or let `check` list them all."
    return "\n".join([*lines[:SCREEN], told])
