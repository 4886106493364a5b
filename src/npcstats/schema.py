"""Declare a table, bring a frame to its declared types, and say everything that is wrong with it at once.

Knows columns, kinds and ranges; knows no trial. Identifiers never appear in a fault; row numbers do (row 1 is
the first record below the header). Distinct values are looked at once each, so a million rows cost what their
distinct values cost.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd

from npcstats.errors import DataError, SpecError
from npcstats.formatting import counted
from npcstats.wording import (
    SHOWN,
    cut,
    escaped,
    hidden_sign,
    listed,
    off_page,
    printable,
    printable_name,
    screen,
    sign_name,
)

Kind = Literal["identifier", "text", "number", "integer", "date", "flag"]

KINDS: tuple[Kind, ...] = ("identifier", "text", "number", "integer", "date", "flag")
TEXTS: tuple[Kind, ...] = ("identifier", "text", "flag")
UNKEYED = re.compile(r'[|"\r\n]|^\s*[=+@\t-]')
KEYED = "without quotes, bars and line breaks, nor a first = + - @, of signs that pages can print,"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NUMERIC_TEXT = re.compile(r"[0-9.,eE+\n-]*")
LONGEST_NAME = 64
MANY_COLUMNS = 60
REPEATED = re.compile(r"\.[0-9]+$")
ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
PARTIAL_DATE = re.compile("[0-9]{4}(-[0-9]{2})?")
DATE_TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9].*")
DATE9 = re.compile("[0-9]{2}[A-Za-z]{3}[0-9]{4}")
DECIMAL_COMMA = re.compile("[+-]?[0-9]+,[0-9]+")
FIRST_DATE, LAST_DATE = np.datetime64("1900-01-01", "s"), np.datetime64("2199-12-31", "s")


class Refused:
    """A cell whose fault has been told where it was read; the contract says no more of it."""

    def __repr__(self) -> str:
        """Say what it is."""
        return "REFUSED"


REFUSED = Refused()


@dataclass(frozen=True)
class Column:
    """One declared column.

    Parameters
    ----------
    name : str
        Variable name, as in CDISC ADaM.
    kind : {"identifier", "text", "number", "integer", "date", "flag"}
        What the values are; ``identifier`` is text that is never quoted in a message; ``flag`` is Y or N.
    missing : bool
        Whether a value may be missing.
    levels : tuple of str
        The closed set of values of a text column; empty for free text.
    minimum, maximum : float, optional
        Inclusive range of a number.
    known_from : str, optional
        Date column of the same frame from which the value is known; before that date it is blank.
    undated : str
        Text that stands for a value whose date the export lacks: it cannot be said whether it was known by a cut-off.
    open_values : tuple of str
        Values that say that nothing has ended: without a date they hold at every cut-off.
    entered_on : str, optional
        Of a date: the column with the day on which it entered the database, where that is later than the record's
        own, as a death is entered later than the participant.
    requirement : str
        What is required, in words, at the end of a message.
    coded : bool
        Whether the text becomes part of a results key, which quotes, bars and line breaks would break, and a first
        sign of ``= + - @`` would make a formula of wherever a spreadsheet opens it.
    terms : tuple of str
        Terms of a text column that may be printed. Another one is read as it is, becomes a query of the data check, and
        is printed as not listed.
    """

    name: str
    kind: Kind
    missing: bool = False
    levels: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    known_from: str | None = None
    undated: str = ""
    open_values: tuple[str, ...] = ()
    entered_on: str | None = None
    requirement: str = ""
    coded: bool = False
    terms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist, terms that cannot be printed, and what a known date alone gives a use."""
        if self.kind not in KINDS:
            raise SpecError(f"column {self.name}: kind is {self.kind!r}; one of {', '.join(KINDS)} is required.")
        if self.terms and (self.kind != "text" or self.levels):
            raise SpecError(f"column {self.name}: terms; they are for a column of text without levels.")
        if self.undated and not self.known_from:
            raise SpecError(f"column {self.name}: undated has no effect; its date in known_from is required.")
        stray = [term for term in self.terms if not term or not _is_keyed(term)]
        if stray:
            raise SpecError(
                f"column {self.name}: {stray[0]!a} cannot be part of a key; terms without quotes, bars and line "
                "breaks, nor a first = + - @, of signs that pages can print, are required."
            )


@dataclass(frozen=True)
class Schema:
    """One declared frame.

    Parameters
    ----------
    name : str
        Frame name, the file's stem.
    columns : tuple of Column
        The declared columns, in order.
    key : tuple of str
        Columns that together name a record once; empty where records may repeat.
    dated : str, optional
        Date column that decides whether a record exists at a cut-off.
    optional : bool
        Whether a study may be without the frame.
    features : bool
        Whether undeclared columns are allowed, all of them numbers.
    ordered : tuple of (str, str)
        Pairs of date columns; where both are known the second is not before the first.
    undated : {"", "keep", "drop"}
        What becomes of a record without its date at a cut-off; empty where the date may not be missing.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    dated: str | None = None
    optional: bool = False
    features: bool = False
    ordered: tuple[tuple[str, str], ...] = ()
    undated: Literal["", "keep", "drop"] = ""
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the columns by name."""
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


def with_levels(schema: Schema, levels: Mapping[str, tuple[str, ...]]) -> Schema:
    """Declare the closed sets of values of a frame's texts.

    Parameters
    ----------
    schema : Schema
        The frame.
    levels : mapping of str to tuple of str
        Values by column.

    Returns
    -------
    Schema
        The same frame with these levels.

    Raises
    ------
    SpecError
        If the frame declares no such column.
    """
    _require_declared(schema, "levels", levels)
    columns = tuple(replace(c, levels=levels.get(c.name, c.levels)) for c in schema.columns)
    return replace(schema, columns=columns)


def with_terms(schema: Schema, terms: Mapping[str, tuple[str, ...]]) -> Schema:
    """Declare which terms of a frame may be printed.

    Parameters
    ----------
    schema : Schema
        The frame.
    terms : mapping of str to tuple of str
        Terms by column.

    Returns
    -------
    Schema
        The same frame with these terms.

    Raises
    ------
    SpecError
        If the frame declares no such column, or it cannot have terms.
    """
    _require_declared(schema, "terms", terms)
    columns = tuple(replace(c, terms=terms.get(c.name, c.terms)) for c in schema.columns)
    return replace(schema, columns=columns)


def _require_declared(schema: Schema, what: str, texts: Mapping[str, tuple[str, ...]]) -> None:
    stray = ", ".join(name for name in texts if name not in schema.by_name)
    if stray:
        raise SpecError(f"{schema.name}: {what} of {stray}, which it does not declare; a column is required.")


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a frame's values stand in the export, for messages.

    Parameters
    ----------
    places : mapping of str to str
        Where a column comes from (``AESEV in ae.xpt``), for columns that another file or name supplies.
    rows : ndarray, shape (n,), optional
        Number, or words, of each row in its file; the rows as they stand when absent.
    made : mapping of str to mapping of int to str
        By column and position, what the plan made a value by (``the plan's rule mid``).
    """

    places: Mapping[str, str] = field(default_factory=dict)
    rows: np.ndarray | None = None
    made: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def where(self, frame: str, column: str, shown: str = "") -> str:
        """Name a column.

        Parameters
        ----------
        frame, column : str
            Names of the contract.
        shown : str
            What to call the column, where its name may not be printed.

        Returns
        -------
        str
            Both, and where the values come from.
        """
        return f"{frame}.{shown or column}" + (f" ({self.places[column]})" if column in self.places else "")

    def row(self, position: int) -> str:
        """Name a row.

        Parameters
        ----------
        position : int
            From 0.

        Returns
        -------
        str
            As a person counts it, from 1.
        """
        return f"row {position + 1 if self.rows is None else self.rows[position]}"


def conform_frame(frame: pd.DataFrame, schema: Schema, origin: Origin | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Bring a frame to its declared types and list every fault found on the way.

    Parameters
    ----------
    frame : DataFrame
        Columns as read: text from CSV, typed values from Parquet and SAS.
    schema : Schema
        The declaration.
    origin : Origin, optional
        Where the values stand in the export, if not in a file of the frame's name.

    Returns
    -------
    DataFrame
        Declared columns in declared order (text as str with ``""`` for missing, numbers as float64, dates as
        ``datetime64[s]``); features after them.
    list of str
        Faults, each *where: what is wrong; what is required.* Empty when the frame conforms.
    """
    told = origin or Origin()
    faults = _column_faults(frame, schema)
    typed: dict[str, pd.Series] = {}
    for column in _present_columns(frame, schema):
        shown = _shown_name(frame, column.name, schema)
        typed[column.name], found = _conform_column(frame[column.name], column, shown, schema.name, told)
        faults += found
    # a large frame is not copied into one block; one of many columns has to be
    built = pd.DataFrame(typed, index=pd.RangeIndex(len(frame)), copy=len(typed) > MANY_COLUMNS)
    return built, faults + _order_faults(built, schema, told) + _key_faults(built, frame, schema, told)


def raise_faults(faults: Iterable[str]) -> None:
    """Raise one `DataError` that carries every fault in `faults`, or nothing when there is none.

    Parameters
    ----------
    faults : iterable of str
        Messages from `conform_frame`.

    Raises
    ------
    DataError
        When there is at least one fault.
    """
    told = tuple(cut(fault) for fault in faults)
    if told:
        raise DataError(screen(told), told)


def _present_columns(frame: pd.DataFrame, schema: Schema) -> list[Column]:
    declared = [column for column in schema.columns if column.name in frame.columns]
    if not schema.features:
        return declared
    extra = sorted(str(name) for name in frame.columns if name not in schema.by_name)
    return declared + [Column(name, "number", missing=True) for name in extra]


def _column_faults(frame: pd.DataFrame, schema: Schema) -> list[str]:
    names = [str(name) for name in frame.columns]
    count = Counter(names)
    shown = {name: printable_name(name, place) for place, name in reversed([*enumerate(names, start=1)])}
    absent = [column.name for column in schema.columns if column.name not in count]
    unknown = [] if schema.features else [name for name in count if name not in schema.by_name]
    # NAME.1 beside NAME is what other tools make of a column that stands twice; a feature of that name is none.
    again = {name for name in names if schema.features and REPEATED.sub("", name) in {*count} - {name}}
    twice = sorted({name for name in names if count[name] > 1} | again)
    if len(absent) == len(schema.columns):
        return [_no_header(schema, names)]
    faults = []
    if absent:
        hints = [f"{name}{_nearest(name, unknown, shown)}" for name in absent]
        plural = "columns are" if len(absent) > 1 else "column is"
        faults.append(f"{schema.name}: {len(absent)} {plural} missing ({listed(hints)}); all of "
                      f"{listed([*schema.by_name], 40)} are required.")  # fmt: skip
    if unknown:
        plural = "columns are" if len(unknown) > 1 else "column is"
        told = listed([shown[name] for name in unknown])
        faults.append(f"{schema.name}: {len(unknown):,} {plural} not in the data contract ({told}); map them in the "
                      f"plan's columns or leave them out of the export{_blank_header(names)}.")  # fmt: skip
    if twice:
        told = listed([shown[name] for name in twice])
        faults.append(f"{schema.name}: columns named more than once ({told}); each name once is required"
                      f"{_blank_header(names)}.")  # fmt: skip
    return faults


def _no_header(schema: Schema, names: list[str]) -> str:
    found = {name.strip().casefold(): name for name in names}
    near = [f"perhaps {name} for {escaped(found[name.casefold()])}" for name in schema.by_name
            if name.casefold() in found]  # fmt: skip
    if near:
        return (f"{schema.name}: the header's names are not the contract's, but for capitals or blanks ({listed(near)}"
                "); map them in the plan's columns.")  # fmt: skip
    required = listed([*schema.by_name], 40)
    return f"{schema.name}: the first line names none of its columns; a header line is required ({required})."


def _blank_header(names: list[str]) -> str:
    if all(name.strip() for name in names):
        return ""
    place = "the header ends with a delimiter" if not names[-1].strip() else "a name of the header is blank"
    return f"; {place}, and each column needs a name"


def _nearest(name: str, candidates: list[str], shown: Mapping[str, str]) -> str:
    folded = {candidate.strip().casefold(): candidate for candidate in candidates if len(candidate) <= LONGEST_NAME}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    # what differs only in capitals or blanks is the contract's own name, and can be shown
    own = near and near[0] == name.casefold()
    return f", perhaps {escaped(folded[near[0]]) if own else shown[folded[near[0]]]}" if near else ""


def _shown_name(frame: pd.DataFrame, name: str, schema: Schema) -> str:
    """A declared name, or a feature's as far as it cannot tell a person."""
    return name if name in schema.by_name else printable_name(name, list(map(str, frame.columns)).index(name) + 1)


def _conform_column(
    values: pd.Series | pd.DataFrame, column: Column, shown: str, frame_name: str, origin: Origin
) -> tuple[pd.Series, list[str]]:
    if isinstance(values, pd.DataFrame):
        values = values.iloc[:, 0]
    values = values.reset_index(drop=True)
    where = origin.where(frame_name, column.name, shown)
    if column.kind == "date":
        typed, bad, required = _to_dates(values)
    elif column.kind in ("number", "integer"):
        typed, bad, required = _to_numbers(values, column)
    else:
        typed, bad, required = _to_text(values, column)
    told = _refused(values) if bad.any() else np.zeros(len(values), dtype=bool)
    bad &= ~told
    faults = []
    if bad.any():
        faults.append(
            value_fault(
                where,
                _wrong(column, typed[bad]),
                values,
                bad,
                column.requirement or required,
                origin=origin,
                hidden=column.kind == "identifier",
                why=partial(_why, column),
            )
        )
    if column.missing:
        return typed, faults
    lacking = _is_lacking(values, typed, column) & ~bad & ~told
    if lacking.any():
        faults.append(
            f"{where}: {_rows(lacking)} without a value{_first_rows(lacking, origin)}; a value is required in every "
            "row."
        )
    return typed, faults


def _is_lacking(values: pd.Series, typed: pd.Series, column: Column) -> np.ndarray:
    if column.kind not in TEXTS:
        return typed.isna().to_numpy()
    if isinstance(values.dtype, pd.CategoricalDtype) and not values.hasnans and "" not in values.cat.categories:
        return np.zeros(len(values), dtype=bool)
    return (typed == "").to_numpy()


def _refused(values: pd.Series) -> np.ndarray:
    return np.fromiter((value is REFUSED for value in values), dtype=bool, count=len(values))


Why = Callable[[object], tuple[str, str]]


def value_fault(
    where: str,
    wrong: str,
    values: pd.Series,
    bad: np.ndarray,
    required: str,
    *,
    origin: Origin,
    hidden: bool = False,
    why: Why | None = None,
) -> str:
    """Write the fault of some values of a column.

    Parameters
    ----------
    where, wrong : str
        Column; what is wrong.
    values : Series, shape (n,)
        As read.
    bad : ndarray of bool, shape (n,)
        Which of them.
    required : str
        What is required, without the full stop.
    origin : Origin
        Where they stand.
    hidden : bool
        Whether not even the shape of a value is shown.
    why : callable, optional
        From a value to the reason, in words, and to what can be done; both may be empty.

    Returns
    -------
    str
        With the number of rows, and of the first of them row, value as far as it may be shown, and reason.
    """
    rows = np.flatnonzero(bad)[:SHOWN]
    found = [_as_written(values.iloc[i]) for i in rows]
    said = [why(value) if why else ("", "") for value in found]
    reasons = {reason for reason, _ in said}
    told = [origin.row(i) + ("" if hidden else f": {printable(value)}") for i, value in zip(rows, found, strict=True)]
    if len(reasons) > 1:
        told = [f"{text} [{reason}]" if reason else text for text, (reason, _) in zip(told, said, strict=True)]
    shown = ", ".join(told) + (f"; {reasons.pop()}" if len(reasons) == 1 and "" not in reasons else "")
    remedy = "; ".join(dict.fromkeys(remedy for _, remedy in said if remedy))
    return f"{where}: {_rows(bad)} {wrong} ({shown}); {required}{'; ' if remedy else ''}{remedy}."


def _as_written(value: object) -> object:
    return "" if value is None or value is pd.NA or value is pd.NaT or value != value else value


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
        return None if _has_time(value) else value.date().isoformat()
    if isinstance(value, int | np.integer | Decimal | datetime.date):
        return str(value)
    return repr(float(value)) if isinstance(value, float | np.floating) else None


def _has_time(value: datetime.datetime) -> bool:
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
    day = _day_or_none(value) if isinstance(value, str) else None
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


def _spread(codes: np.ndarray, values: Iterable[Any], blank: Any, dtype: Any) -> np.ndarray:
    """Values of the distinct ones, back in every row; the last one stands for no value."""
    table = np.array([*values, blank], dtype=dtype)
    spread: np.ndarray = table[codes]
    return spread


def _to_text(values: pd.Series, column: Column) -> tuple[pd.Series, np.ndarray, str]:
    codes, found = distinct_values(values)
    # A double has no one text ("1", "1.0"), so where text is declared a code list has to say what is meant.
    texts = [None if isinstance(value, float | np.floating) else text_of(value) for value in found]
    levels = ("Y", "N") if column.kind == "flag" else column.levels
    if levels:
        fits: Callable[[str], bool] = {*levels, ""}.__contains__
        required = f"one of {', '.join(levels)} is required"
    elif column.coded and not column.terms:  # outside its terms nothing becomes part of a key
        fits, required = _is_keyed, f"text {KEYED} is required"
    elif column.kind == "identifier":
        fits, required = _is_visible, "text without signs that cannot be seen is required"
    else:
        fits, required = _is_plain, "text without control characters is required"
    bad = _spread(codes, [text is None or not fits(text) for text in texts], False, bool)
    typed = _spread(codes, ["" if text is None else text for text in texts], "", object)
    return pd.Series(typed, dtype=object), bad, required


def _is_keyed(text: str) -> bool:
    return UNKEYED.search(text) is None and _is_plain(text) and not off_page(text)


def _is_visible(text: str) -> bool:
    return not hidden_sign(text)


def _is_plain(text: str) -> bool:
    return CONTROL.search(text) is None


def _to_numbers(values: pd.Series, column: Column) -> tuple[pd.Series, np.ndarray, str]:
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


def _to_dates(values: pd.Series) -> tuple[pd.Series, np.ndarray, str]:
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
        days = [_day_or_none(text) for text in texts]
        bad = _spread(codes, [t != "" and d is None for t, d in zip(texts, days, strict=True)], False, bool)
        whole = _spread(codes, days, None, "datetime64[D]").astype("datetime64[s]")
    outside = (whole < FIRST_DATE) | (whole > LAST_DATE)
    if outside.any():
        required += ", 1900 to 2199"
    return pd.Series(whole), bad | outside, required


def _day_or_none(text: str | None) -> datetime.date | None:
    if not text or not ISO_DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _wrong_text(column: Column) -> str:
    if column.kind == "flag" or column.levels:
        return "not in the code list"
    return "that cannot be part of a key" if column.coded else "not plain text"


def _wrong(column: Column, found: pd.Series) -> str:
    """What is wrong with the values found, typed: a number's own reason where all have the same."""
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


def _span(column: Column) -> str:
    if column.minimum is not None and column.maximum is not None:
        return f"outside {column.minimum:g}..{column.maximum:g}"
    if column.minimum is not None:
        return f"below {column.minimum:g}"
    return f"above {column.maximum:g}" if column.maximum is not None else ""


def _range_words(column: Column) -> str:
    if column.minimum is not None and column.maximum is not None:
        return f" {column.minimum:g} to {column.maximum:g}"
    if column.minimum is not None:
        return f" of at least {column.minimum:g}"
    return f" of at most {column.maximum:g}" if column.maximum is not None else ""


def _rows(mask: np.ndarray) -> str:
    return counted(int(mask.sum()), "row")


def _first_rows(mask: np.ndarray, origin: Origin) -> str:
    return f" ({', '.join(origin.row(i) for i in np.flatnonzero(mask)[:SHOWN])})"


def _why(column: Column, value: object) -> tuple[str, str]:
    """Say why a value is refused where its shape hides it, and what a plan can declare."""
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
        return ("no such day" if _day_or_none(value) is None else "outside 1900 to 2199"), ""
    if DATE_TIME.fullmatch(value):
        return "a date and time", "the form iso-datetime takes its day"
    if PARTIAL_DATE.fullmatch(value):
        possible = 1 <= int(value[5:] or 1) <= 12
        return ("a partial date", "a rule in partial says what it becomes") if possible else ("no such month", "")
    if DATE9.fullmatch(value):
        return "a day as DDMMMYYYY", "the form date9 reads it"
    return "", ""


def _why_no_typed_date(value: object) -> tuple[str, str]:
    if isinstance(value, datetime.datetime) and _has_time(value):
        return "a date and time", "the form iso-datetime takes its day"
    if isinstance(value, datetime.date):
        return "outside 1900 to 2199", ""
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


def _order_faults(frame: pd.DataFrame, schema: Schema, origin: Origin) -> list[str]:
    faults = []
    for first, second in schema.ordered:
        if not {first, second} <= set(frame.columns):
            continue
        early = (frame[second] < frame[first]).to_numpy()
        if early.any():
            shown = [f"{origin.row(i)}{_made(origin, (first, second), i)}" for i in np.flatnonzero(early)[:SHOWN]]
            remedy = "; not_before and not_after are the bounds of a rule" if ":" in "".join(shown) else ""
            faults.append(f"{origin.where(schema.name, second)}: {_rows(early)} before {first} ({', '.join(shown)}); "
                          f"a date on or after {first} is required{remedy}.")  # fmt: skip
    return faults


def _made(origin: Origin, columns: Iterable[str], position: int) -> str:
    by = [f"{name} was imputed by {origin.made[name][position]}" for name in columns
          if position in origin.made.get(name, {})]  # fmt: skip
    return f": {' and '.join(by)}" if by else ""


def _key_part(typed: pd.Series, values: pd.Series | pd.DataFrame) -> np.ndarray:
    """What tells the values of a key's column apart: of repeated texts their numbers, which are found at once."""
    if typed.dtype == object and isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        texts = values.cat.categories.inferred_type == "string"  # each of which is one text of the key
        return np.asarray(values.cat.codes if texts else typed)
    return typed.to_numpy()


def _key_faults(frame: pd.DataFrame, raw: pd.DataFrame, schema: Schema, origin: Origin) -> list[str]:
    if not schema.key or frame.empty or not set(schema.key) <= set(frame.columns):
        return []
    again = pd.DataFrame({name: _key_part(frame[name], raw[name]) for name in schema.key}).duplicated().to_numpy()
    if not again.any():
        return []
    keys = frame[list(schema.key)]
    for name in schema.key:
        again &= ((keys[name] != "") & keys[name].notna()).to_numpy()
    if not again.any():
        return []
    pairs = []
    for i in np.flatnonzero(again)[:SHOWN]:
        original = int((keys == keys.loc[i]).all(axis=1).to_numpy().argmax())
        pairs.append(f"{origin.row(i)} repeats {origin.row(original)}")
    what = "participant" if schema.key == ("USUBJID",) else "combination of " + " and ".join(schema.key)
    return [f"{origin.where(schema.name, schema.key[-1])}: {_rows(again)} repeated ({', '.join(pairs)}); one row for "
            f"each {what} is required."]  # fmt: skip
