"""What the tables of the field are asked with: codes, numbers and days, brought to arrays or refused.

It knows closed sets, missing values and calendar days. It must not know what any of them means.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError
from npcstats.formatting import SIGNIFICANT_DIGITS, counted

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
Days = npt.NDArray[np.datetime64]
Bools = npt.NDArray[np.bool_]

FLAGS = ("Y", "N", "")
SHOWN = 3
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_column(values: object) -> npt.NDArray[Any]:
    """Bring values to an array without changing any of them.

    Parameters
    ----------
    values : array_like, shape (n,) or ()
        A list keeps its items as they are: beside ``""`` a number would become text.

    Returns
    -------
    numpy.ndarray
        Of the type of `values` where they have one, else of objects.
    """
    return np.asarray(values) if hasattr(values, "dtype") else np.asarray(values, dtype=object)


def as_texts(values: object, name: str, *, levels: Iterable[str] | None) -> Texts:
    """Bring codes to text, ``""`` where nothing is recorded.

    Parameters
    ----------
    values : array_like of str, shape (n,) or ()
        Codes; None and NaN are missing; a whole number is its digits, so that 1.0 is the code 1.
    name : str
        The argument's name, for the message.
    levels : iterable of str or None
        The closed set, ``""`` with it where a value may be missing; None accepts any text.

    Returns
    -------
    numpy.ndarray of str, shape of `values`

    Raises
    ------
    DataError
        If a value is not in the closed set.
    """
    raw = as_column(values).astype(object)
    texts = np.array([_code(item) for item in raw.ravel()], dtype=object).reshape(raw.shape)
    if levels is not None:
        known = list(levels)
        required = f"one of {', '.join(level for level in known if level)} is required"
        refuse(~np.isin(texts.astype(str), known), texts, name, "not in the code list", required)
    return texts


def as_floats(values: object, name: str, *, minimum: float | None = None) -> Floats:
    """Bring numbers to float64, NaN where nothing is recorded.

    Parameters
    ----------
    values : array_like of numbers, shape (n,) or ()
        None, ``""`` and NaN are missing; text and truth values are refused.
    name : str
        The argument's name, for the message.
    minimum : float, optional
        Smallest number allowed.

    Returns
    -------
    numpy.ndarray of float64, shape of `values`

    Raises
    ------
    DataError
        If a value is not a finite number or below `minimum`.
    """
    raw = as_column(values)
    if raw.dtype.kind in "iuf":
        floats = raw.astype(np.float64)
        not_number = np.isinf(floats)
    else:
        items = raw.astype(object).ravel()
        numeric = [isinstance(item, int | float | np.number) and not isinstance(item, bool) for item in items]
        missing = [_is_missing(item) for item in items]
        floats = np.array([float(item) if ok else np.nan for item, ok in zip(items, numeric, strict=True)], dtype=float)
        not_number = (~np.array(numeric, dtype=bool) & ~np.array(missing, dtype=bool)) | np.isinf(floats)
        floats, not_number = floats.reshape(raw.shape), not_number.reshape(raw.shape)
    refuse(not_number, raw, name, "not a finite number", "numbers are required")
    if minimum is not None:
        refuse(floats < minimum, raw, name, f"below {minimum:g}", f"numbers of at least {minimum:g} are required")
    return floats


def as_days(values: object, name: str) -> Days:
    """Bring dates to calendar days, NaT where nothing is recorded.

    Parameters
    ----------
    values : array_like of date, datetime64 or ISO 8601 text, shape (n,) or ()
        None, ``""`` and NaT are missing; a partial date is refused.
    name : str
        The argument's name, for the message.

    Returns
    -------
    numpy.ndarray of datetime64[D], shape of `values`

    Raises
    ------
    DataError
        If a value is not a whole date.
    """
    raw = as_column(values)
    if raw.dtype.kind == "M":
        return raw.astype("datetime64[D]")
    items = raw.astype(object)
    days = [_day(item) for item in items.ravel()]
    bad = np.array([day is None for day in days], dtype=bool).reshape(raw.shape)
    refuse(bad, items, name, "not a date", "ISO 8601 dates (YYYY-MM-DD) are required")
    return np.array(days, dtype="datetime64[D]").reshape(raw.shape)


def is_recorded(values: object) -> Bools:
    """Find where something is recorded.

    Parameters
    ----------
    values : array_like, shape (n,) or ()
        Anything; None, NaN, NaT and ``""`` are missing.

    Returns
    -------
    numpy.ndarray of bool, shape of `values`
    """
    raw = as_column(values)
    if raw.dtype.kind == "M":
        return np.asarray(~np.isnat(raw), dtype=np.bool_)
    items = raw.astype(object)
    return np.array([not _is_missing(item) for item in items.ravel()], dtype=bool).reshape(raw.shape)


def significant(values: Floats) -> Floats:
    """Reduce numbers to 15 significant digits, so that float noise decides no comparison.

    Parameters
    ----------
    values : array of float, any shape
        NaN stays.

    Returns
    -------
    numpy.ndarray of float64, same shape
        The nearest double to the number with 15 significant digits: 0.1 + 0.2 becomes 0.3.
    """
    rounded = [float(f"{value:.{SIGNIFICANT_DIGITS}g}") for value in np.ravel(values).tolist()]
    return np.array(rounded, dtype=np.float64).reshape(np.shape(values))


def days_between(start: object, end: object) -> Floats:
    """Count days from one date to another.

    Parameters
    ----------
    start, end : array of datetime64, shape (n,) or ()
        NaT where missing.

    Returns
    -------
    float array, shape (n,)
        NaN where one is missing.
    """
    first, last = (np.asarray(item, dtype="datetime64[D]") for item in (start, end))
    # NaT minus a day divides to NaN
    return np.asarray((last - first) / np.timedelta64(1, "D"), dtype=np.float64)


def completed_years(start: object, end: object) -> Floats:
    """Count whole years from one day to another, as an age is counted.

    Parameters
    ----------
    start, end : array_like of date, shape (n,) or ()
        Calendar days; missing where not recorded.

    Returns
    -------
    numpy.ndarray of float64
        Completed years, negative where `end` is before `start`; NaN where a day is missing.

    Notes
    -----
    *Convention.* A year is completed on the anniversary itself; that of 29 February is 1 March in a common year.
    """
    first, last = align("years", as_days(start, "start"), as_days(end, "end"))
    years = _years(last) - _years(first)
    before = _day_of_year(last) < _day_of_year(first)
    return np.where(np.isnat(first) | np.isnat(last), np.nan, years - before)


def align(name: str, *arrays: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], ...]:
    """Bring arrays to one shape; a scalar stands for every record.

    Parameters
    ----------
    name : str
        What the arrays describe, for the message.
    *arrays : array
        Each of shape (n,) or ().

    Returns
    -------
    tuple of arrays
        All of the common shape.

    Raises
    ------
    DataError
        If the lengths differ.
    """
    try:
        return np.broadcast_arrays(*arrays)
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise DataError(f"{name}: columns have shapes {shapes}; one value for each record is required.") from None


def refuse(bad: object, values: object, name: str, wrong: str, required: str) -> None:
    """Raise one message about all values that break a rule, or nothing when none does.

    Parameters
    ----------
    bad : array_like of bool, shape (n,) or ()
        Where the rule is broken.
    values : array_like, same shape
        What stands there.
    name : str
        The argument's name.
    wrong, required : str
        What is wrong and what is required.

    Raises
    ------
    DataError
        If any value is bad.
    """
    mask = np.atleast_1d(np.asarray(bad))
    if not mask.any():
        return
    shown = np.atleast_1d(np.asarray(values, dtype=object))
    first = ", ".join(f"row {place + 1}: {str(shown[place])[:24]}" for place in np.flatnonzero(mask)[:SHOWN])
    count = int(mask.sum())
    raise DataError(f"{name}: {counted(count, 'value')} {wrong} ({first}); {required}.")


def _is_missing(item: object) -> bool:
    if item is None or (isinstance(item, str) and not item):
        return True
    # NaN and NaT are the values that differ from themselves
    return isinstance(item, float | np.floating | datetime.date | np.datetime64) and bool(item != item)


def _code(item: object) -> str:
    if _is_missing(item):
        return ""
    return str(int(item)) if isinstance(item, float | np.floating) and float(item).is_integer() else str(item)


def _day(item: object) -> np.datetime64 | None:
    if _is_missing(item):
        return np.datetime64("NaT", "D")
    text = str(item)[:10] if not isinstance(item, str) else item
    if not ISO_DATE.fullmatch(text):
        return None
    try:
        return np.datetime64(text, "D")
    except ValueError:
        return None


def _years(days: Days) -> Floats:
    return days.astype("datetime64[Y]").astype(np.float64)


def _day_of_year(days: Days) -> Floats:
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")) / np.timedelta64(1, "D")
    return np.asarray((months.astype(np.float64) % 12) * 31 + day, dtype=np.float64)
