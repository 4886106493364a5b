"""A column as it was read, brought to its declared type, and where a value does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from npcstats.schema.columns import Column
from npcstats.schema.signs import is_keyed, is_plain, is_visible
from npcstats.schema.values import date_of, distinct_values, text_of

KEYED = "without quotes, bars and line breaks, nor a first = + - @, of signs that pages can print,"
NUMERIC_TEXT = re.compile(r"[0-9.,eE+\n-]*")
FIRST_DATE, LAST_DATE = np.datetime64("1900-01-01", "s"), np.datetime64("2199-12-31", "s")


def to_texts(values: pd.Series, column: Column) -> tuple[pd.Series, np.ndarray, str]:
    """Bring a column to text.

    Parameters
    ----------
    values : Series, shape (n,)
        As read.
    column : Column
        Its declaration.

    Returns
    -------
    Series, shape (n,)
        Of str, ``""`` without a value.
    ndarray of bool, shape (n,)
        Where a value does not fit.
    str
        What is required, without the full stop.
    """
    codes, found = distinct_values(values)
    # A double has no one text ("1", "1.0"), so where text is declared a code list has to say what is meant.
    texts = [None if isinstance(value, float | np.floating) else text_of(value) for value in found]
    levels = ("Y", "N") if column.kind == "flag" else column.levels
    if levels:
        fits: Callable[[str], bool] = {*levels, ""}.__contains__
        required = f"one of {', '.join(levels)} is required"
    elif column.coded and not column.terms:  # outside its terms nothing becomes part of a key
        fits, required = is_keyed, f"text {KEYED} is required"
    elif column.kind == "identifier":
        fits, required = is_visible, "text without signs that cannot be seen is required"
    else:
        fits, required = is_plain, "text without control characters is required"
    bad = _spread(codes, [text is None or not fits(text) for text in texts], False, bool)
    typed = _spread(codes, ["" if text is None else text for text in texts], "", object)
    return pd.Series(typed, dtype=object), bad, required


def to_numbers(values: pd.Series, column: Column) -> tuple[pd.Series, np.ndarray, str]:
    """Bring a column to numbers.

    Parameters
    ----------
    values : Series, shape (n,)
        As read.
    column : Column
        Its declaration.

    Returns
    -------
    Series, shape (n,)
        Of float64, NaN without a value.
    ndarray of bool, shape (n,)
        Where a value does not fit.
    str
        What is required, without the full stop.
    """
    typed, bad = parse_numbers(values)
    outside = np.zeros(len(typed), dtype=bool)
    if column.kind == "integer":
        outside |= ~np.isnan(typed) & (typed != np.floor(typed))
    if column.minimum is not None:
        outside |= typed < column.minimum
    if column.maximum is not None:
        outside |= typed > column.maximum
    kind = "whole numbers" if column.kind == "integer" else "numbers"
    return pd.Series(typed), bad | outside, f"{kind}{_range_words(column)} are required"


def parse_numbers(values: pd.Series, decimal: str = ".") -> tuple[np.ndarray, np.ndarray]:
    """Turn a column into doubles, each by ``float`` and so to its last bit.

    Parameters
    ----------
    values : Series, shape (n,)
        Text or numbers as read.
    decimal : str
        Decimal mark of text.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN where there is no value or none that is a number.
    ndarray of bool, shape (n,)
        Where there is a value that is not a number.
    """
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return np.full(len(values), np.nan), values.notna().to_numpy()
    if pd.api.types.is_numeric_dtype(values):
        typed = values.to_numpy(dtype="float64", na_value=np.nan)
        return typed, np.isinf(typed)
    codes, found = distinct_values(values)
    numbers = _plain_numbers(found, decimal)
    if numbers is None:
        numbers = [_float_or_nan(text_of(value), decimal if isinstance(value, str) else ".") for value in found]
    typed = np.array([*numbers, np.nan], dtype=float)
    wrong = np.zeros(len(typed), dtype=bool)
    for place in np.flatnonzero(~np.isfinite(typed[:-1])):
        wrong[place] = found[place] != ""
    return typed[codes], wrong[codes]


def _plain_numbers(found: list[Any], decimal: str) -> list[float] | None:
    """All the distinct values by ``float`` at once; None where one of them needs a closer look."""
    if set(map(type, found)) != {str}:
        return None
    joined = "\n".join(found)
    plain = NUMERIC_TEXT.fullmatch(joined) and joined.count("\n") == len(found) - 1
    if not plain or (decimal != "." and "." in joined):
        return None
    try:
        return [float(text) if text else np.nan for text in joined.replace(decimal, ".").split("\n")]
    except ValueError:
        return None


def _float_or_nan(text: str | None, decimal: str) -> float:
    # float() accepts underscores, blanks and other scripts' digits, which no export means as a number.
    if not text or "_" in text or not text.isascii() or text != text.strip():
        return np.nan
    if decimal != ".":
        text = "" if "." in text else text.replace(decimal, ".")
    try:
        return float(text)
    except ValueError:
        return np.nan


def to_dates(values: pd.Series) -> tuple[pd.Series, np.ndarray, str]:
    """Bring a column to days.

    Parameters
    ----------
    values : Series, shape (n,)
        As read.

    Returns
    -------
    Series, shape (n,)
        ``datetime64[s]``, NaT without a value.
    ndarray of bool, shape (n,)
        Where a value does not fit.
    str
        What is required, without the full stop.
    """
    required = "ISO 8601 dates (YYYY-MM-DD) are required"
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_localize(None)
    if pd.api.types.is_datetime64_any_dtype(values):
        known = values.notna().to_numpy()
        whole = values.to_numpy().astype("datetime64[D]").astype("datetime64[s]")
        bad = known & (values.to_numpy() != whole)
    else:
        codes, found = distinct_values(values)
        texts = [text_of(value) for value in found]
        days = [date_of(text) for text in texts]
        bad = _spread(codes, [t != "" and d is None for t, d in zip(texts, days, strict=True)], False, bool)
        whole = _spread(codes, days, None, "datetime64[D]").astype("datetime64[s]")
    outside = (whole < FIRST_DATE) | (whole > LAST_DATE)
    if outside.any():
        required += ", 1900 to 2199"
    return pd.Series(whole), bad | outside, required


def _spread(codes: np.ndarray, values: Iterable[Any], blank: Any, dtype: Any) -> np.ndarray:
    """Values of the distinct ones, back in every row; the last one stands for no value."""
    table = np.array([*values, blank], dtype=dtype)
    spread: np.ndarray = table[codes]
    return spread


def _range_words(column: Column) -> str:
    if column.minimum is not None and column.maximum is not None:
        return f" {column.minimum:g} to {column.maximum:g}"
    if column.minimum is not None:
        return f" of at least {column.minimum:g}"
    return f" of at most {column.maximum:g}" if column.maximum is not None else ""
