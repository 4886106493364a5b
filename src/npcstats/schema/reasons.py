"""Why a value is refused, in words, and what a plan can declare."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from npcstats.schema.columns import Column
from npcstats.schema.signs import CONTROL, UNKEYED
from npcstats.schema.values import ISO_DATE, date_of, has_time
from npcstats.wording import hidden_sign, off_page, sign_name

PARTIAL, OUTSIDE = "a partial date", "outside 1900 to 2199"
"""Reasons that a reader acts on, as they are printed."""

PARTIAL_DATE = re.compile("[0-9]{4}(-[0-9]{2})?")
DATE_TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9].*")
DATE9 = re.compile("[0-9]{2}[A-Za-z]{3}[0-9]{4}")
DECIMAL_COMMA = re.compile("[+-]?[0-9]+,[0-9]+")


def what_is_wrong(column: Column, found: pd.Series) -> str:
    """Say what is wrong with some values, by a number's own reason where all have the same.

    Parameters
    ----------
    column : Column
        Their declaration.
    found : Series
        The values, typed.

    Returns
    -------
    str
        Such as ``not a date`` or ``outside 1..5``.
    """
    if column.kind == "date":
        return "not a date"
    if column.kind not in ("number", "integer"):
        return _wrong_text(column)
    numbers = found.to_numpy(dtype=float)
    broken = column.kind == "integer" and bool((numbers != np.floor(numbers)).all())  # so is NaN
    span = _span(column)
    one_sided = column.minimum is None or column.maximum is None
    if not (np.isfinite(numbers).any() if one_sided else (~np.isnan(numbers)).any()) or not (span or broken):
        return "not a number"
    return "not a whole number" if broken else span


def _wrong_text(column: Column) -> str:
    if column.kind == "flag" or column.levels:
        return "not in the code list"
    return "that cannot be part of a key" if column.coded else "not plain text"


def _span(column: Column) -> str:
    if column.minimum is not None and column.maximum is not None:
        return f"outside {column.minimum:g}..{column.maximum:g}"
    if column.minimum is not None:
        return f"below {column.minimum:g}"
    return f"above {column.maximum:g}" if column.maximum is not None else ""


def why_refused(column: Column, value: object) -> tuple[str, str]:
    """Say why a value is refused where its shape hides it, and what a plan can declare.

    Parameters
    ----------
    column : Column
        Its declaration.
    value : object
        As read.

    Returns
    -------
    tuple of (str, str)
        Both may be empty.
    """
    if isinstance(value, str) and value != value.strip():
        return "blanks around it", ""
    if column.kind == "date":
        return why_no_date(value)
    if column.kind in ("number", "integer"):
        return _why_no_number(value)
    if isinstance(value, bool | np.bool_):
        return "a truth value", "a code list has to say what it means"
    if isinstance(value, float | np.floating):
        whom = column.kind == "identifier"
        return (
            "a number",
            f"{'the export' if whom else 'a code list'} has to say {'its text' if whom else 'what it means'}",
        )
    levels = {level.casefold(): level for level in (("Y", "N") if column.kind == "flag" else column.levels)}
    if levels:
        return near_level(value, levels.values()), ""
    if isinstance(value, str):
        return _why_no_text(value), ""
    return _kind_of(value), ""


def _why_no_text(text: str) -> str:
    if CONTROL.search(text):
        return "a control character"
    if UNKEYED.search(text) or not off_page(text):
        return "a quote, bar, line break or first sign"
    sign = hidden_sign(text)
    return sign_name(sign or off_page(text)) + (", which cannot be seen" if sign else ", which no page can print")


def near_level(value: object, levels: Iterable[str]) -> str:
    """Say that a value is a level but for capitals or blanks.

    Parameters
    ----------
    value : object
        As read.
    levels : iterable of str
        That are allowed.

    Returns
    -------
    str
        The reason, naming the level; empty where there is none.
    """
    folded = {" ".join(level.split()).casefold(): level for level in levels}
    near = folded.get(" ".join(value.split()).casefold()) if isinstance(value, str) else None
    return f"differs from {near} only in capitals or blanks" if near else ""


def why_no_date(value: object) -> tuple[str, str]:
    """Say why a value is no date, and what a plan can declare.

    Parameters
    ----------
    value : object
        As read.

    Returns
    -------
    tuple of (str, str)
        Both may be empty.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, str):
        return _why_no_typed_date(value)
    if ISO_DATE.fullmatch(value):
        return ("no such day" if date_of(value) is None else OUTSIDE), ""
    if DATE_TIME.fullmatch(value):
        return "a date and time", "the form iso-datetime takes its day"
    if PARTIAL_DATE.fullmatch(value):
        possible = 1 <= int(value[5:] or 1) <= 12
        return (PARTIAL, "a rule in partial says what it becomes") if possible else ("no such month", "")
    if DATE9.fullmatch(value):
        return "a day as DDMMMYYYY", "the form date9 reads it"
    return "", ""


def _why_no_typed_date(value: object) -> tuple[str, str]:
    if isinstance(value, datetime.datetime) and has_time(value):
        return "a date and time", "the form iso-datetime takes its day"
    if isinstance(value, datetime.date):
        return OUTSIDE, ""
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        return "a number", "the forms sas-days and sas-seconds read numbers since 1960-01-01"
    return _kind_of(value), ""


def _why_no_number(value: object) -> tuple[str, str]:
    if isinstance(value, str):
        if DECIMAL_COMMA.fullmatch(value):
            return "a decimal comma", 'decimal="," in the plan\'s source reads it'
        return "", ""
    return _kind_of(value), ""


def _kind_of(value: object) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        ((bool, np.bool_), "a truth value"),
        (datetime.datetime, "a date and time"),
        (datetime.date, "a date"),
        (datetime.time, "a time of day"),
        (datetime.timedelta, "a duration"),
        (bytes, "bytes"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "")
