"""Declare a table, bring a frame to its declared types, and say everything that is wrong with it at once.

Knows columns, kinds and ranges; knows no trial. Identifiers never appear in a fault; row numbers do (row 1 is
the first record below the header).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from npcstats.errors import DataError, SpecError

Kind = Literal["identifier", "text", "number", "integer", "date", "flag"]

KINDS: tuple[Kind, ...] = ("identifier", "text", "number", "integer", "date", "flag")
TEXTS: tuple[Kind, ...] = ("identifier", "text", "flag")
SHOWN = 3
UNKEYED = r'[|"\r\n]'
ISO_DATE = r"\d{4}-\d{2}-\d{2}"


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
    requirement : str
        What is required, in words, at the end of a message.
    coded : bool
        Whether the text becomes part of a results key, which quotes, bars and line breaks would break.
    """

    name: str
    kind: Kind
    missing: bool = False
    levels: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    known_from: str | None = None
    requirement: str = ""
    coded: bool = False

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in KINDS:
            raise SpecError(f"column {self.name}: kind is {self.kind!r}; one of {', '.join(KINDS)} is required.")


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
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    dated: str | None = None
    optional: bool = False
    features: bool = False
    ordered: tuple[tuple[str, str], ...] = ()
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the columns by name."""
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


def conform_frame(frame: pd.DataFrame, schema: Schema) -> tuple[pd.DataFrame, list[str]]:
    """Bring a frame to its declared types and list every fault found on the way.

    Parameters
    ----------
    frame : DataFrame
        Columns as read: text from CSV, typed values from Parquet.
    schema : Schema
        The declaration.

    Returns
    -------
    DataFrame
        Declared columns in declared order (text as str with ``""`` for missing, numbers as float64, dates as
        ``datetime64[s]``); features after them.
    list of str
        Faults, each *where: what is wrong; what is required.* Empty when the frame conforms.
    """
    faults = _column_faults(frame, schema)
    typed: dict[str, pd.Series] = {}
    for column in _present_columns(frame, schema):
        typed[column.name], found = _conform_column(frame[column.name], column, schema.name)
        faults += found
    built = pd.DataFrame(typed, index=pd.RangeIndex(len(frame)))
    return built, faults + _order_faults(built, schema) + _key_faults(built, schema)


def raise_faults(faults: Iterable[str]) -> None:
    """Raise one `DataError` that carries every fault, or nothing when there is none.

    Parameters
    ----------
    faults : iterable of str
        Messages from `conform_frame`.

    Raises
    ------
    DataError
        When there is at least one fault.
    """
    listed = list(faults)
    if listed:
        raise DataError("\n".join(listed))


def _present_columns(frame: pd.DataFrame, schema: Schema) -> list[Column]:
    declared = [column for column in schema.columns if column.name in frame.columns]
    if not schema.features:
        return declared
    extra = sorted(str(name) for name in frame.columns if name not in schema.by_name)
    return declared + [Column(name, "number", missing=True) for name in extra]


def _column_faults(frame: pd.DataFrame, schema: Schema) -> list[str]:
    names = [str(name) for name in frame.columns]
    absent = [column.name for column in schema.columns if column.name not in names]
    unknown = [] if schema.features else [name for name in names if name not in schema.by_name]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults = []
    if absent:
        hints = [f"{name}{_nearest(name, unknown)}" for name in absent]
        plural = "columns are" if len(absent) > 1 else "column is"
        faults.append(f"{schema.name}: {len(absent)} {plural} missing ({', '.join(hints)}); all of "
                      f"{', '.join(schema.by_name)} are required.")  # fmt: skip
    if unknown:
        plural = "columns are" if len(unknown) > 1 else "column is"
        faults.append(f"{schema.name}: {len(unknown)} {plural} not in the data contract ({', '.join(unknown)}); "
                      "map them in the plan's columns or leave them out of the export.")  # fmt: skip
    if twice:
        faults.append(f"{schema.name}: columns named more than once ({', '.join(twice)}); each name once is required.")
    return faults


def _nearest(name: str, candidates: list[str]) -> str:
    near = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    return f", perhaps {near[0]}" if near else ""


def _conform_column(values: pd.Series | pd.DataFrame, column: Column, frame_name: str) -> tuple[pd.Series, list[str]]:
    if isinstance(values, pd.DataFrame):
        values = values.iloc[:, 0]
    values = values.reset_index(drop=True)
    where = f"{frame_name}.{column.name}"
    if column.kind == "date":
        typed, bad, required = _to_dates(values)
    elif column.kind in ("number", "integer"):
        typed, bad, required = _to_numbers(values, column)
    else:
        typed, bad, required = _to_text(values, column)
    faults = []
    if bad.any():
        shown = "" if column.kind == "identifier" else _shown(values, bad)
        faults.append(f"{where}: {_rows(bad)} {_wrong(column)}{shown}; {column.requirement or required}.")
    lacking = (typed == "" if column.kind in TEXTS else typed.isna()) & ~bad
    if not column.missing and lacking.any():
        rows = ", ".join(f"row {i + 1}" for i in np.flatnonzero(lacking)[:SHOWN])
        faults.append(f"{where}: {_rows(lacking)} without a value ({rows}); a value is required in every row.")
    return typed, faults


def _to_text(values: pd.Series, column: Column) -> tuple[pd.Series, pd.Series, str]:
    typed = _as_text(values)
    levels = ("Y", "N") if column.kind == "flag" else column.levels
    if levels:
        return typed, (typed != "") & ~typed.isin(levels), f"one of {', '.join(levels)} is required"
    bad = typed.str.contains(UNKEYED) if column.coded else pd.Series(False, index=typed.index)
    return typed, bad.astype(bool), "text without quotes, bars and line breaks is required"


def _as_text(values: pd.Series) -> pd.Series:
    return values.astype(object).where(values.notna(), "").map(str)


def _to_numbers(values: pd.Series, column: Column) -> tuple[pd.Series, pd.Series, str]:
    typed, bad = _parse_numbers(values)
    outside = pd.Series(False, index=typed.index)
    if column.kind == "integer":
        outside |= typed.notna() & (typed != np.floor(typed))
    if column.minimum is not None:
        outside |= typed < column.minimum
    if column.maximum is not None:
        outside |= typed > column.maximum
    kind = "whole numbers" if column.kind == "integer" else "numbers"
    return typed, bad | outside, f"{kind}{_range_words(column)} are required"


def _parse_numbers(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return pd.Series(np.nan, index=values.index), pd.Series(True, index=values.index)
    if pd.api.types.is_numeric_dtype(values):
        typed = values.astype("float64")
        return typed, typed.isin([np.inf, -np.inf])
    text = _as_text(values)
    parsed = np.array([_float_or_nan(item) for item in text], dtype=float)
    typed = pd.Series(parsed, index=values.index)
    return typed, (text != "") & ~np.isfinite(typed)


def _float_or_nan(text: str) -> float:
    # float() accepts underscores and surrounding blanks, which no export means as a number.
    try:
        return float(text) if text and "_" not in text and text == text.strip() else np.nan
    except ValueError:
        return np.nan


def _to_dates(values: pd.Series) -> tuple[pd.Series, pd.Series, str]:
    required = "ISO 8601 dates (YYYY-MM-DD) are required"
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_localize(None)
    if pd.api.types.is_datetime64_any_dtype(values):
        whole = values.dt.normalize()
        return whole.astype("datetime64[s]"), values.notna() & (values != whole), required
    text = _as_text(values)
    typed: pd.Series = pd.to_datetime(text.where(text.str.fullmatch(ISO_DATE), ""), format="%Y-%m-%d", errors="coerce")
    return typed.astype("datetime64[s]"), (text != "") & typed.isna(), required


def _wrong(column: Column) -> str:
    if column.kind == "date":
        return "not a date"
    if column.kind in ("number", "integer"):
        span = _span(column)
        return f"outside {span}" if span else f"not a{'n integer' if column.kind == 'integer' else ' number'}"
    return "that cannot be part of a key" if column.coded else "not in the code list"


def _span(column: Column) -> str:
    if column.minimum is None and column.maximum is None:
        return ""
    low = "" if column.minimum is None else f"{column.minimum:g}"
    high = "" if column.maximum is None else f"{column.maximum:g}"
    return f"{low}..{high}"


def _range_words(column: Column) -> str:
    if column.minimum is not None and column.maximum is not None:
        return f" {column.minimum:g} to {column.maximum:g}"
    if column.minimum is not None:
        return f" of at least {column.minimum:g}"
    return f" of at most {column.maximum:g}" if column.maximum is not None else ""


def _rows(mask: pd.Series) -> str:
    count = int(mask.sum())
    return f"{count} row{'' if count == 1 else 's'}"


def _shown(values: pd.Series, bad: pd.Series) -> str:
    first = [f"row {i + 1}: {str(values.iloc[i])[:24]}" for i in np.flatnonzero(bad)[:SHOWN]]
    return f" ({', '.join(first)})"


def _order_faults(frame: pd.DataFrame, schema: Schema) -> list[str]:
    faults = []
    for first, second in schema.ordered:
        if not {first, second} <= set(frame.columns):
            continue
        early = frame[second] < frame[first]
        if early.any():
            rows = ", ".join(f"row {i + 1}" for i in np.flatnonzero(early)[:SHOWN])
            faults.append(f"{schema.name}.{second}: {_rows(early)} before {first} ({rows}); a date on or after {first} "
                          "is required.")  # fmt: skip
    return faults


def _key_faults(frame: pd.DataFrame, schema: Schema) -> list[str]:
    if not schema.key or frame.empty or not set(schema.key) <= set(frame.columns):
        return []
    keys = frame[list(schema.key)]
    whole = ((keys != "") & keys.notna()).all(axis=1)
    again = keys.duplicated(keep="first") & whole
    if not again.any():
        return []
    first = {key: row for row, key in reversed(list(enumerate(keys.itertuples(index=False, name=None))))}
    pairs = []
    for i in np.flatnonzero(again)[:SHOWN]:
        original = first[tuple(keys.loc[i])]
        pairs.append(f"row {i + 1} repeats row {original + 1}")
    what = "participant" if schema.key == ("USUBJID",) else "combination of " + " and ".join(schema.key)
    return [f"{schema.name}.{schema.key[-1]}: {_rows(again)} repeated ({', '.join(pairs)}); one row for each {what} "
            "is required."]  # fmt: skip
