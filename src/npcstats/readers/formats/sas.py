"""SAS transport files and data sets: bytes first, then each cell's text for itself."""

from __future__ import annotations

import codecs
import re
import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.schema import distinct_values
from npcstats.wording import SHOWN, listed, printable_name

SAS_EPOCH = np.datetime64("1960-01-01", "s")
SAS_LIMIT = 1e12
UNKNOWN_CHARSET = "unsupported character set"
# What a number with such a format counts from 1960, whatever part of it the format shows. Formats that show the time
# of day of either (TIME, HHMM, HOUR, TOD, TIMEAMPM) say nothing of a date.
SAS_DAYS = re.compile(
    "DATE|JULIAN|JULDAY|PDJUL[GI]|DAY|DOWNAME|WEEKDAY|WEEKDAT[EX]|WORDDAT[EX]|MONTH|MONNAME|MONYY|QTRR?|YEAR"
    "|(?:DDMMYY|MMDDYY|YYMMDD)[BCDNPSX]?|(?:MMYY|YYMM)[CDNPSX]?|YYMON|YYQR?[CDNPSXZ]?|WEEK[UVW]|YYWEEK[UVW]"
    "|(?:E8601|B8601|IS8601)DA|NENGO|MINGUO|HEBDATE|HDATE|XYYMMDD|NLDATE[A-Z]*|[A-Z]{3}DF(?:DD|DE|DN|DWN|MN|MY|WDX|WKX)"
)
SAS_SECONDS = re.compile(
    "DATETIME|DATEAMPM|MDYAMPM|DTDATE|DTMONYY|DTWKDATX|DTYEAR|DTYYQC|(?:E8601|B8601|IS8601)(?:DT|DN|DX|DZ|LX)"
    "|NLDATM[A-Z0-9]*|[A-Z]{3}DFDT"
)
# In a transport file the variables are described in 140 bytes each, which begin with type and length; then come rows.
NAMES = re.compile(rb"HEADER RECORD\*{7}NAM(?:ESTR|STV8) HEADER RECORD!{7}")
ROWS = re.compile(
    rb"HEADER RECORD\*{7}OBS(?:     HEADER RECORD!{7}.{32}|V8   HEADER RECORD!{7}(.{15}).{17})", re.DOTALL
)
NUMERIC, TEXT = 1, 2
MEMBER = re.compile(rb"HEADER RECORD\*{7}MEMB(?:ER|V8) {1,2}HEADER RECORD")
# As SAS names them, where Python's name is another.
CHARSETS = {"WINDOWS-936": "gbk", "WINDOWS-874": "cp874", "BIG-5": "big5", "MACICELAND": "mac_iceland",
            "MACCROATIAN": "mac_croatian", "MACROMANIA": "mac_romanian", "MACCYRILLIC": "mac_cyrillic"}  # fmt: skip
# A cell of these sets means something only beside what stands before it, or they are no sets of characters.
STATEFUL = re.compile(
    "iso2022.*|hz|utf-7|utf-8-sig|utf-(16|32).*|(raw[_-])?unicode[_-]escape|punycode|idna|undefined|mbcs|oem|charmap"
)
PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _"


def read_sas(content: bytes, path: Path, encoding: str) -> pd.DataFrame:
    """Read a SAS file: its bytes one by one, then each cell's text for itself, so that no cell moves into the next.

    Parameters
    ----------
    content : bytes
        Of the file.
    path : Path
        The file.
    encoding : str
        Of its text, where the file does not say; else empty.

    Returns
    -------
    DataFrame
        Text decoded, numbers with a format of dates as dates.

    Raises
    ------
    DataError
        If a text is not in the character set.
    ValueError
        If the file is cut short, damaged, or changed while it was read.
    """
    if path.suffix.lower() == ".xpt":
        if len(content) % 80:
            raise ValueError(f"its {len(content)} bytes are not whole records of 80; it is cut short")
        if len(MEMBER.findall(content)) > 1:
            raise ValueError("it holds more than one data set")
        frame, meta = _quietly(pyreadstat.read_xport, path)
        charset = encoding or "UTF-8"
        _check_rows(content, path, [str(name) for name in frame.columns], len(frame))
    else:
        charset = encoding or _declared_charset(path)
        frame, meta = _quietly(pyreadstat.read_sas7bdat, path)
        if meta.number_rows is not None and meta.number_rows != len(frame):
            raise ValueError(f"it holds {len(frame)} of the {meta.number_rows} rows that it announces")
    if path.read_bytes() != content:
        raise ValueError("it changed while it was read")
    codec = _codec(charset)
    decoded = [_decoded_text(str(name), codec) for name in frame.columns]
    names = [name for name in decoded if name is not None]
    if len(names) < len(decoded):
        raise DataError(f"{path.name}: a name of its columns is not in {charset}; {_charset_remedy(encoding)}.")
    formats = list(meta.original_variable_types.values())
    if len(formats) != len(names):
        raise ValueError("two of its columns have one name")
    columns = [_sas_column(frame.iloc[:, i], formats[i], codec) for i in range(len(names))]
    _check_charset(path, columns, names, charset, encoding)
    built = pd.DataFrame({i: column for i, (column, _) in enumerate(columns)})
    built.columns = pd.Index(names, dtype=object)
    return built


def _declared_charset(path: Path) -> str:
    """The character set that a SAS data set says it is in."""
    try:
        meta = _quietly(pyreadstat.read_sas7bdat, path, metadataonly=True, encoding=None)[1]
    except pyreadstat.ReadstatError as error:
        if UNKNOWN_CHARSET not in str(error):
            raise
        raise DataError(f"{path.name}: its character set is not one of those that are known by number; "
                        f"{_charset_remedy('')}.") from error  # fmt: skip
    return str(meta.file_encoding)


def _check_rows(content: bytes, path: Path, names: Sequence[str], read: int) -> None:
    """Refuse rows of a transport file that the reader would shorten: a torn last one, and text behind a NUL."""
    described, rows = NAMES.search(content), ROWS.search(content)
    if not described or not rows:
        raise ValueError("the records that head its variables and rows are damaged")
    start = content.index(b"HEADER", described.start()) + 80
    kinds = [struct.unpack_from(">hhh", content, start + 140 * i)[::2] for i in range(len(names))]
    if any(length < 1 or not (kind == TEXT or (kind == NUMERIC and 2 <= length <= 8)) for kind, length in kinds):
        raise ValueError("a description of its variables is neither of a text nor of a number")
    width = sum(length for _, length in kinds)
    data = np.frombuffer(content, dtype=np.uint8, offset=rows.end())
    count = len(data) // width if kinds else 0
    announced = (rows.group(1) or b"").strip()
    if announced:  # as the eighth version does
        count = int(announced) if announced.isdigit() else -1
        if count != read or count * width > len(data):
            raise ValueError("it holds another number of rows than it announces")
    if not np.isin(data[count * width :], (0, ord(" "))).all():
        raise ValueError("what follows its last row is no whole row; it is cut short")
    grid, place = data[: count * width].reshape(count, width), 0
    for number, (name, (kind, length)) in enumerate(zip(names, kinds, strict=True), start=1):
        cell = grid[:, place : place + length]
        place += length
        torn = ((cell[:, :-1] == 0) & ~np.isin(cell[:, 1:], (0, ord(" ")))).any(axis=1) if kind == TEXT else []
        if np.any(torn):
            shown = listed([f"row {i + 1}" for i in np.flatnonzero(torn)[:SHOWN]])
            raise DataError(f"{path.name}.{printable_name(name, number)}: {counted(int(np.sum(torn)), 'row')} with a "
                            f"NUL character inside a text ({shown}); text without it is required.")  # fmt: skip


def _quietly(read: Any, path: Path, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read(path, **{"disable_datetime_conversion": True, "encoding": "ISO-8859-1", **options})


def _codec(charset: str) -> codecs.CodecInfo:
    """Find the character set by its name; one that is no superset of letters, digits and blanks is refused."""
    try:
        codec = codecs.lookup(CHARSETS.get(charset.upper(), charset))
        plain = not STATEFUL.fullmatch(codec.name) and codec.decode(PLAIN)[0] == PLAIN.decode()
    except (LookupError, ValueError, TypeError):
        plain = False
    if not plain:
        raise ValueError(f"the character set {charset} is not one in which each cell can be read for itself; export it "
                         "in UTF-8")  # fmt: skip
    return codec


def _decoded_text(text: str, codec: codecs.CodecInfo) -> str | None:
    if text.isascii():
        return text
    try:
        decoded: str = codec.decode(text.encode("latin-1"))[0]
    except UnicodeDecodeError:
        return None
    return decoded


def _check_charset(
    path: Path, columns: Sequence[tuple[pd.Series, np.ndarray]], names: Sequence[str], charset: str, declared: str
) -> None:
    faults = []
    for place, (name, (_, bad)) in enumerate(zip(names, columns, strict=True), start=1):
        if bad.any():
            rows = listed([f"row {i + 1}" for i in np.flatnonzero(bad)[:SHOWN]])
            faults.append(f"{path.name}.{printable_name(name, place)}: {counted(int(bad.sum()), 'row')} with text that "
                          f"is not {charset} ({rows}); {_charset_remedy(declared)}.")  # fmt: skip
    if faults:
        raise DataError("\n".join(faults), tuple(faults))


def _charset_remedy(declared: str) -> str:
    if declared:
        return "text in the encoding that the plan names is required"
    return 'Source(encoding="...") names another, such as WINDOWS-1252; or export it in UTF-8'


def _sas_column(values: pd.Series, form: str | None, codec: codecs.CodecInfo) -> tuple[pd.Series, np.ndarray]:
    """Text decoded, numbers with a format of dates as dates; and where a text cannot be decoded."""
    sound = np.zeros(len(values), dtype=bool)
    if not pd.api.types.is_numeric_dtype(values):
        codes, found = distinct_values(values)
        texts = [_decoded_text(text, codec) if isinstance(text, str) else text for text in found]
        table = np.empty(len(texts) + 1, dtype=object)
        table[:] = [*texts, ""]
        bad = np.array([*(text is None for text in texts), False], dtype=bool)[codes]
        return pd.Series(table[codes], index=values.index, dtype=object), bad
    name = re.sub(r"[0-9.]+$", "", form or "").upper()
    if SAS_DAYS.fullmatch(name):
        return sas_dates(values, 86_400), sound
    return (sas_dates(values, 1) if SAS_SECONDS.fullmatch(name) else values), sound


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
        ``datetime64``, of seconds or, where a date-time has a fraction of one, of microseconds. Where a number is none
        of a day or date-time, as a day and a half is not, it stays as it is among the others, to be seen as a fault.
    """
    numbers = values.to_numpy(dtype=float)
    known = ~np.isnan(numbers)
    possible = known & (np.abs(numbers) < SAS_LIMIT / (seconds if seconds > 1 else 1))
    whole = possible & (numbers == np.floor(numbers))
    ready = whole if seconds > 1 else possible
    scale = 1 if (whole == ready).all() else 1_000_000
    since = np.round(np.where(ready, numbers, 0.0) * scale).astype("int64") * seconds
    moments = SAS_EPOCH + since.astype("timedelta64[s]" if scale == 1 else "timedelta64[us]")
    dates: pd.Series = pd.Series(moments, index=values.index).where(ready)
    return dates if (known == ready).all() else dates.astype(object).where(ready, values.astype(object))
