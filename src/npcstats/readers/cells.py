"""What a cell says, whatever the format it was stored in, and how a declared text is found in it.

A plan declares texts; a file holds texts, doubles, whole numbers, decimals, truth values, days and date-times. Here
is the one place that says when a stored value is what a text declares.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from functools import partial

import numpy as np
import pandas as pd

from npcstats.schema import ISO_DATE, REFUSED, clock_of, day_of, distinct_values

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
TRUTH = {True: ("True", "true", "TRUE"), False: ("False", "false", "FALSE")}
DIGIT = {True: "1", False: "0"}
ISO_TIME = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)?)"
                      "(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?")  # fmt: skip

Find = Callable[[object], str | None]
Key = tuple[str, Hashable]


def finder(texts: Iterable[str], *, digits: bool = True, numeric: bool = False, decimal: str = ".") -> Find:
    """Say which of the declared texts a cell says.

    Parameters
    ----------
    texts : iterable of str
        As declared.
    digits : bool
        Whether a truth value may be declared as ``1`` and ``0``; it always may as ``True`` ``true`` ``TRUE`` and the
        same of false.
    numeric : bool
        Whether text in the file is a number's, so that ``99.0`` says ``99``.
    decimal : str
        Decimal mark of such numbers, declared or in the file.

    Returns
    -------
    callable
        From a value to the declared text, None where it says none or more than one of them.

    Notes
    -----
    Convention: text says itself, sign by sign. A number says every text that is written as a number and has its value
    (99.0 says ``99`` and ``99.0``, not ``099``). A day says its ISO date, and so does a date-time at midnight; another
    date-time says its ISO date-time, in the zone in which it is written.
    """
    texts = tuple(texts)
    index: dict[Key, set[str]] = {}
    for text in texts:
        for key in _declared_keys(text, decimal if numeric else "."):
            index.setdefault(key, set()).add(text)
    some = numeric and any(kind == "number" for kind, _ in index)
    return partial(_found, index, digits, decimal if some else "")


def _found(index: Mapping[Key, set[str]], digits: bool, decimal: str, value: object) -> str | None:
    if isinstance(value, str) and not decimal:  # most cells, and the shortest way
        return value if ("text", value) in index else None
    found = {text for key in _keys(value, digits, decimal) for text in index.get(key, ())}
    return found.pop() if len(found) == 1 else None


def _with_point(text: str, decimal: str) -> str:
    """The text of a number with a point for its decimal mark; empty where a point is none."""
    return text if decimal == "." else "" if "." in text else text.replace(decimal, ".")


def _declared_keys(text: str, decimal: str) -> list[Key]:
    keys: list[Key] = [("text", text)]
    number = _with_point(text, decimal)
    if NUMBER.fullmatch(number):
        keys += [("number", float(number)), ("number", Decimal(number))]
    if ISO_DATE.fullmatch(text):
        keys.append(("moment", f"{text}T00:00:00"))
    timed = ISO_TIME.fullmatch(text)
    if timed and not timed.group(3):
        keys.append(("moment", f"{timed.group(1)}T{(timed.group(2) + ':00:00')[:8]}"))
    return keys


def _keys(value: object, digits: bool, decimal: str) -> list[Key]:
    if isinstance(value, str):
        number = _with_point(value, decimal)
        return [("text", value), *([("number", float(number))] if NUMBER.fullmatch(number) else [])]
    if isinstance(value, bool | np.bool_):
        truth = bool(value)
        return [("text", text) for text in (*TRUTH[truth], *((DIGIT[truth],) if digits else ()))]
    if isinstance(value, int | float | np.integer | np.floating | Decimal):
        return [("number", value)]
    if isinstance(value, datetime.datetime):
        return [("moment", value.replace(tzinfo=None).isoformat())]
    if isinstance(value, datetime.date):
        return [("moment", f"{value.isoformat()}T00:00:00")]
    return [("text", value.isoformat())] if isinstance(value, datetime.time) else []


def is_blank(values: pd.Series) -> np.ndarray:
    """Tell where a cell is empty.

    Parameters
    ----------
    values : Series, shape (n,)
        As read.

    Returns
    -------
    ndarray of bool, shape (n,)
        True without a value and for empty text.
    """
    blank: np.ndarray = (values.isna() | (values.astype(object) == "").fillna(value=True).astype(bool)).to_numpy()
    return blank


def day_of_time(value: object) -> str | None:
    """Take the day of a date-time.

    Parameters
    ----------
    value : object
        Text, a day or a date-time.

    Returns
    -------
    str or None
        The day as it is written, in the zone that the value itself names; text without a time of day as it is, so
        that a partial date stays one. None for a number, and where there is no such day or time.
    """
    if isinstance(value, datetime.date):
        return day_of(value)
    if not isinstance(value, str):
        return None
    timed = ISO_TIME.fullmatch(value)
    if timed is None:
        known = len(value) <= 7 or (ISO_DATE.fullmatch(value) and day_of(value) is not None)
        return value if known else None
    return day_of(timed.group(1)) if clock_of(timed.group(2)) else None


def changed_cells(values: pd.Series, change: Callable[[object], str | None]) -> tuple[pd.Series, np.ndarray]:
    """Change each distinct value.

    Parameters
    ----------
    values : Series, shape (n,)
        As read.
    change : callable
        From a value, ``""`` for none, to its text; None for a value that cannot be changed.

    Returns
    -------
    Series, shape (n,)
        Changed; what cannot be changed is `REFUSED`.
    ndarray of bool, shape (n,)
        Where it cannot.
    """
    codes, found = distinct_values(values)
    made = [REFUSED if value is REFUSED else change(value) for value in [*found, ""]]
    bad = np.array([text is None for text in made], dtype=bool)[codes]
    table = np.empty(len(made), dtype=object)
    table[:] = [REFUSED if text is None else text for text in made]
    return pd.Series(table[codes], index=values.index, dtype=object), bad


def said_texts(values: pd.Series, find: Find) -> tuple[np.ndarray, list[object]]:
    """Find the declared text that each cell says.

    Parameters
    ----------
    values : Series, shape (n,)
        As read.
    find : callable
        From `finder`.

    Returns
    -------
    ndarray, shape (n,)
        The declared texts, None for none of them.
    list
        The distinct values that say none; no blank is among them.
    """
    codes, found = distinct_values(values)
    said = [find(value) for value in found]
    table = np.empty(len(said) + 1, dtype=object)
    table[:] = [*said, find("")]
    return table[codes], [value for value, text in zip(found, said, strict=True) if text is None and value != ""]
