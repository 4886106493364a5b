"""One file to one frame, value for value. Knows formats; knows no schema and repairs nothing."""

from __future__ import annotations

import csv
import io
import itertools
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from npcstats.errors import DataError
from npcstats.schema import text_of

SHOWN = 3
CHUNK = 20_000
SAS_EPOCH = np.datetime64("1960-01-01", "s")
SAS_LIMIT = 1e12
SAS_DAYS = ("DATE", "DDMMYY", "MMDDYY", "YYMMDD", "E8601DA", "B8601DA", "IS8601DA", "WEEKDATE", "WORDDATE", "JULIAN")
SAS_SECONDS = ("DATETIME", "E8601DT", "B8601DT", "IS8601DT", "DATEAMPM", "MDYAMPM")
MEMBER = re.compile(rb"HEADER RECORD\*{7}MEMB(?:ER|V8) {1,2}HEADER RECORD")
PLAIN_CELLS = {"string", "empty", "integer", "decimal", "date", "datetime", "boolean", "floating"}


def read_frame(path: Path, *, delimiter: str = ",", encoding: str = "") -> pd.DataFrame:
    """Read one file.

    Parameters
    ----------
    path : Path
        ``.csv`` in UTF-8 with a header, ``.parquet``, ``.xpt`` or ``.sas7bdat``.
    delimiter : str
        Between the fields of a CSV file.
    encoding : str
        Of the text in a SAS file, where the file does not say.

    Returns
    -------
    DataFrame
        CSV values as text with ``""`` for an empty field; others as stored, SAS dates as ``datetime64[s]``.

    Raises
    ------
    DataError
        If the file is not UTF-8, has no header or a row of another width, or is not of its format.

    Notes
    -----
    Convention: pandas' own number parser changes the last bit of many doubles, so numbers stay text here and become
    numbers in one place, through ``float``. Its CSV parser fills short rows, cuts long ones and renames a column that
    is named twice; it reads only files in which neither can happen, and the standard library's the others. Lines
    without any character are not records. SAS's special missing values (``.A``) are missing values.
    """
    kind = path.suffix[1:]
    try:
        if kind == "csv":
            return _read_csv(path, delimiter)
        return _read_parquet(path) if kind == "parquet" else _read_sas(path, encoding)
    except (ValueError, OSError, TypeError, KeyError, NotImplementedError, csv.Error) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise DataError(f"{path.name}: cannot be read ({reason}); a {kind} file is required.") from error
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise DataError(f"{path.name}: cannot be read ({error}); a {kind} file is required.") from error


def _read_csv(path: Path, delimiter: str) -> pd.DataFrame:
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    text = _decoded(content, path, delimiter)
    if _is_grid(content, delimiter):
        grid: pd.DataFrame = pd.read_csv(
            io.BytesIO(content),
            sep=delimiter,
            header=None,
            dtype=str,
            na_filter=False,
            quoting=csv.QUOTE_MINIMAL,
            skip_blank_lines=False,
            encoding="utf-8",
        )
        built = grid.iloc[1:].reset_index(drop=True).astype(object)
        built.columns = pd.Index([str(name) for name in grid.iloc[0]], dtype=object)
        return built
    return _read_quoted(text, path, delimiter)


def _decoded(content: bytes, path: Path, delimiter: str) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place(content.decode("latin-1"), error.start, delimiter)
        raise DataError(f"{path.name}: byte {error.start + 1}{place} is not UTF-8; a UTF-8 file is required.") from None
    if "\0" in text:
        start = text.index("\0")
        raise DataError(f"{path.name}: a NUL character{_place(text, start, delimiter)}; a text file is required.")
    return text


def _place(text: str, start: int, delimiter: str) -> str:
    """Row and column of a character, as far as the lines before it tell."""
    lines = text[:start].splitlines() or [""]
    if text[:start].endswith(("\n", "\r")):
        lines.append("")
    header = text.splitlines()[0].split(delimiter)
    row, column = len(lines) - 1, lines[-1].count(delimiter)
    named = f", column {header[column]}" if column < len(header) and header[column].isprintable() else ""
    return f" (row {row}{named})" if row else " (header)"


def _is_grid(content: bytes, delimiter: str) -> bool:
    """Tell whether every line has as many fields as the header, and every quote begins, ends or doubles."""
    if b"\r" in content.replace(b"\r\n", b"") or not content.strip():
        return False
    signs = np.frombuffer(content if content.endswith(b"\n") else content + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    ends, marks = np.flatnonzero(signs == ord("\n")), np.flatnonzero(signs == ord(delimiter))
    if len(quotes):
        edges = [ord(sign) for sign in (delimiter, "\r", "\n", '"')]
        opens, closes = quotes[0::2], quotes[1::2]
        before = signs[opens[opens > 0] - 1]
        regular = len(opens) == len(closes) and np.isin(before, edges).all() and np.isin(signs[closes + 1], edges).all()
        if not regular or (np.searchsorted(quotes, ends) % 2).any():
            return False
        marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
    width = np.diff(np.searchsorted(marks, ends), prepend=0)
    length = np.diff(ends, prepend=-1) - 1
    return bool((width == width[0]).all() and width[0] > 0 and (length > 1).all())


def _read_quoted(text: str, path: Path, delimiter: str) -> pd.DataFrame:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = (record for record in reader if record)
    header = next(records, [])
    if not header:
        raise ValueError("no header")
    # By chunks and distinct values: a list of a million rows costs the collector more than the reading.
    seen = [_Seen() for _ in header]
    parts: list[list[np.ndarray]] = [[] for _ in header]
    torn: list[tuple[int, int]] = []
    done = 0
    try:
        while chunk := list(itertools.islice(records, CHUNK)):
            torn += [(done + i + 1, len(record)) for i, record in enumerate(chunk) if len(record) != len(header)]
            done += len(chunk)
            if not torn:
                for part, known, values in zip(parts, seen, zip(*chunk, strict=True), strict=True):
                    part.append(np.fromiter(map(known.__getitem__, values), dtype=np.int64, count=len(values)))
    except csv.Error as error:
        raise ValueError(f"{error}, line {reader.line_num}" if reader.line_num > 2 else str(error)) from error
    if torn:
        rows = f"{len(torn)} row{'s' if len(torn) > 1 else ''}"
        shown = ", ".join(f"row {row}: {width}" for row, width in torn[:SHOWN])
        raise DataError(f"{path.name}: {rows} with another number of fields than the header's {len(header)} ({shown}); "
                        "one field for each column is required.")  # fmt: skip
    columns = [_spread(known, part) for known, part in zip(seen, parts, strict=True)]
    built = pd.DataFrame(dict(enumerate(columns)), dtype=object)
    built.columns = pd.Index(header, dtype=object)
    return built


class _Seen(dict[str, int]):
    """Distinct texts of a column, each with its number."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


def _spread(known: _Seen, parts: list[np.ndarray]) -> np.ndarray:
    table = np.array(list(known), dtype=object)
    spread: np.ndarray = table[np.concatenate(parts)] if parts else table
    return spread


def _read_parquet(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    for i, name in enumerate(frame.columns):
        values = frame.iloc[:, i]
        if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) not in PLAIN_CELLS:
            raise ValueError(f"column {name} holds neither text nor numbers nor dates alone")
    return frame


def _read_sas(path: Path, encoding: str) -> pd.DataFrame:
    content = path.read_bytes()
    if path.suffix == ".xpt":
        if len(content) % 80:
            raise ValueError(f"its {len(content)} bytes are not whole records of 80; it is cut short")
        if len(MEMBER.findall(content)) > 1:
            raise ValueError("it holds more than one data set")
        frame, meta = pyreadstat.read_xport(path, disable_datetime_conversion=True, encoding=encoding or None)
    else:
        frame, meta = pyreadstat.read_sas7bdat(path, disable_datetime_conversion=True, encoding=encoding or None)
        if meta.number_rows is not None and meta.number_rows != len(frame):
            raise ValueError(f"it holds {len(frame)} of the {meta.number_rows} rows that it announces")
    columns = [_sas_column(frame.iloc[:, i], meta.original_variable_types[n]) for i, n in enumerate(frame.columns)]
    built = pd.DataFrame(dict(enumerate(columns)))
    built.columns = frame.columns
    return built


def _sas_column(values: pd.Series, form: str | None) -> pd.Series:
    name = re.sub(r"[0-9.]+$", "", form or "")
    if values.dtype == object or name not in (*SAS_DAYS, *SAS_SECONDS):
        return values
    return sas_dates(values, 86_400 if name in SAS_DAYS else 1)


def sas_dates(values: pd.Series, seconds: int) -> pd.Series:
    """Turn numbers since 1960-01-01 into dates.

    Parameters
    ----------
    values : Series of float, shape (n,)
        Days or seconds.
    seconds : int
        In one unit: 86400 for days.

    Returns
    -------
    Series, shape (n,)
        ``datetime64[s]``; where a number is no whole one, everything as text, so that it is seen as a fault.
    """
    numbers = values.to_numpy(dtype=float)
    known = ~np.isnan(numbers)
    whole = known & (np.abs(numbers) < SAS_LIMIT) & (numbers == np.floor(numbers))
    since = np.where(whole, numbers, 0.0).astype("int64") * seconds
    dates = np.where(whole, SAS_EPOCH + since.astype("timedelta64[s]"), np.datetime64("NaT", "s"))
    if (known == whole).all():
        return pd.Series(dates, index=values.index)
    texts = [str(d.astype("datetime64[D]")) if w else text_of(v) for d, w, v in zip(dates, whole, numbers, strict=True)]
    return pd.Series(texts, index=values.index, dtype=object).where(known, "")
