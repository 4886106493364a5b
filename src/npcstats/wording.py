"""How a message shows what it found: a value only where it cannot tell a person, a name only where it is a variable's.

Knows texts and counts; knows no frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

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
