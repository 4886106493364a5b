"""Dates in the form that a source declares."""

from __future__ import annotations

import calendar
import datetime
import re
from functools import partial

import numpy as np
import pandas as pd

from npcstats.readers.cells import changed_cells, day_of_time
from npcstats.readers.formats.sas import sas_dates
from npcstats.readers.names import named_once
from npcstats.readers.source import Source
from npcstats.readers.telling import Step, column_fault
from npcstats.schema import (
    OUTSIDE,
    PARTIAL,
    REFUSED,
    Origin,
    Schema,
    clock_of,
    day_of,
    distinct_values,
    parse_numbers,
    why_no_date,
)

DATE9 = re.compile("([0-9]{2})([A-Z]{3})([0-9]{4})")
MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
SAS_UNITS = {"sas-days": 86_400, "sas-seconds": 1, "sas-datetime": 1}


def dated(frame: pd.DataFrame, source: Source, schema: Schema, origin: Origin) -> Step:
    """Read dates that have another form than ISO 8601.

    Parameters
    ----------
    frame : DataFrame
        Under the contract's names.
    source : Source
        As planned.
    schema : Schema
        Of the frame.
    origin : Origin
        Where the values stand.

    Returns
    -------
    DataFrame
        Changed where the source says so.
    list of str
        Faults; empty when there is none.
    list of str
        Notices.
    """
    faults, changed = [], {}
    words = {"iso-datetime": "YYYY-MM-DDTHH:MM", "date9": "DDMMMYYYY"}
    for name in named_once(frame, source.dates):
        form = source.dates[name]
        if form in SAS_UNITS:
            changed[name], bad = _of_sas(frame[name], form, source.decimal)
            required = f"numbers of {'days' if form == 'sas-days' else 'seconds'} since 1960-01-01 are required"
        elif form in words:
            changed[name], bad = changed_cells(frame[name], day_of_time if form == "iso-datetime" else _of_date9)
            required = f"dates as {words[form]} are required"
        else:
            continue
        if bad.any():
            faults.append(column_fault(origin, schema, name, frame[name], bad, "not a date", required,
                                       partial(_why_not_in_form, form)))  # fmt: skip
    return (frame.assign(**changed) if changed else frame), faults, []


def _of_sas(values: pd.Series, form: str, decimal: str) -> tuple[pd.Series, np.ndarray]:
    """Days by their numbers since 1960; what is stored as a day is one already."""
    codes, found = distinct_values(values)
    typed = [isinstance(value, datetime.date) for value in found]
    texts = pd.Series(["" if day else value for value, day in zip(found, typed, strict=True)], dtype=object)
    numbers, wrong = parse_numbers(texts, decimal)
    moments = list(sas_dates(pd.Series(numbers), SAS_UNITS[form]).astype(object))
    made = [
        _day_in_form(value if day else moment, form) for value, day, moment in zip(found, typed, moments, strict=True)
    ]
    blank = [value == "" for value in found]
    days = ["" if none else REFUSED if bad or day is None else day
            for day, bad, none in zip(made, wrong, blank, strict=True)]  # fmt: skip
    told = [value is REFUSED for value in found]
    bad = np.array([*(d is REFUSED and not t for d, t in zip(days, told, strict=True)), False], dtype=bool)[codes]
    table = np.empty(len(days) + 1, dtype=object)
    table[:] = [*days, ""]
    return pd.Series(table[codes], index=values.index, dtype=object), bad


def _day_in_form(moment: object, form: str) -> str | None:
    if not isinstance(moment, datetime.date) or moment != moment:  # NaT is a date that is not itself
        return None
    at_midnight = not isinstance(moment, datetime.datetime) or moment.time() == datetime.time()
    return day_of(moment) if at_midnight or form == "sas-datetime" else None


def _of_date9(value: object) -> str | None:
    if isinstance(value, datetime.date):
        return _day_in_form(value, "date9")
    if not isinstance(value, str) or not value:
        return "" if value == "" else None
    named = DATE9.fullmatch(value.upper())
    if not named or named.group(2) not in MONTHS:
        return None
    return day_of(f"{named.group(3)}-{MONTHS[named.group(2)]:02d}-{named.group(1)}")


def _why_not_in_form(form: str, value: object) -> tuple[str, str]:
    """Say why a value is no date of the declared form."""
    text = value if isinstance(value, str) else ""
    named = DATE9.fullmatch(text.upper())
    if form == "date9" and named:
        return ("no such day" if named.group(2) in MONTHS else "no such month"), ""
    if form == "iso-datetime" and text[10:11] in ("T", " ") and text[11:12]:
        if day_of(text[:10]) is None:
            return "no such day", ""
        return ("" if _is_clock(text[11:]) else "no such time"), "times are 00:00 to 23:59, or 23:59:59"
    if form in ("sas-seconds", "sas-datetime") and not text and isinstance(value, int | float):
        return "a date and time", "the form sas-datetime takes its day"
    reason, remedy = why_no_date(value)
    if reason == PARTIAL and form in ("date9", *SAS_UNITS):  # which no rule could ever see
        return reason, "partial dates are read in ISO 8601 only"
    return (reason, remedy) if form not in remedy and reason != OUTSIDE else ("", "")


def _is_clock(text: str) -> bool:
    matched = re.match("[0-9]{2}(:[0-9]{2}){0,2}", text)
    return matched is not None and clock_of(matched.group()) is not None
