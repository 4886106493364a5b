"""One value as it was read: its text, its day, its time of day; and the distinct values of a column."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Refused:
    """A cell whose fault has been told where it was read; the contract says no more of it."""

    def __repr__(self) -> str:
        """Say what it is."""
        return "REFUSED"


REFUSED = Refused()


def distinct_values(values: pd.Series) -> tuple[np.ndarray, list[Any]]:
    """Split a column into its distinct values and where each stands.

    Parameters
    ----------
    values : Series, shape (n,)
        As read.

    Returns
    -------
    ndarray of int, shape (n,)
        Position in the list, -1 where there is no value.
    list
        The distinct values, in order of appearance.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        numbers = pd.Series(values.cat.codes.to_numpy())  # of categories, some of which may not occur
        codes, places = pd.factorize(numbers.where(numbers >= 0) if values.hasnans else numbers)
        return codes, list(values.cat.categories[places.astype(int)])
    codes, found = pd.factorize(values.to_numpy(dtype=object))
    return codes, list(found)


def text_of(value: object) -> str | None:
    """Write one value as read as text, where that is exact.

    Parameters
    ----------
    value : object
        Text, a whole number, a decimal, a day, or a double.

    Returns
    -------
    str or None
        A double by its shortest exact digits; None for what is not text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_ | bytes):
        return None
    if isinstance(value, datetime.datetime):
        return None if has_time(value) else value.date().isoformat()
    if isinstance(value, int | np.integer | Decimal | datetime.date):
        return str(value)
    return repr(float(value)) if isinstance(value, float | np.floating) else None


def has_time(value: datetime.datetime) -> bool:
    """Tell whether a date-time is another than a day's midnight.

    Parameters
    ----------
    value : datetime
        As read.

    Returns
    -------
    bool
        True with a time of day, down to nanoseconds.
    """
    return value.time() != datetime.time() or bool(getattr(value, "nanosecond", 0))


def day_of(value: object) -> str | None:
    """Take the day of a date or of its text.

    Parameters
    ----------
    value : object
        Text, a day or a date-time, whose time of day is left out.

    Returns
    -------
    str or None
        ISO 8601, in the zone of the value itself; None where there is no such day.
    """
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    day = date_of(value) if isinstance(value, str) else None
    return None if day is None else day.isoformat()


def clock_of(text: str) -> str | None:
    """Check a time of day.

    Parameters
    ----------
    text : str
        ``HH``, ``HH:MM`` or ``HH:MM:SS`` with or without a fraction.

    Returns
    -------
    str or None
        The text; None where there is no such time (00 to 23, 00 to 59).
    """
    parts = re.split("[:.,]", text)[:3]
    limits = (23, 59, 59)
    possible = all(int(part) <= limit for part, limit in zip(parts, limits, strict=False))
    return text if possible else None


def date_of(text: str | None) -> datetime.date | None:
    """Read a day in ISO 8601.

    Parameters
    ----------
    text : str or None
        ``YYYY-MM-DD``, or anything.

    Returns
    -------
    date or None
        None where there is no such day.
    """
    if not text or not ISO_DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
