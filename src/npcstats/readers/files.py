"""One file to one frame, value for value. Knows formats; knows no schema and repairs nothing."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pyreadstat

from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.schema import distinct_values
from npcstats.wording import SHOWN, cut, escaped, is_variable, listed, printable_name

DELIMITERS = (",", ";", "\t", "|")
CHUNK = 20_000
BLOCK = 1 << 22
OFTEN = 4  # rows for each distinct text, on average, from which the texts are kept apart from the rows
LONGEST_HEADER, MOST_COLUMNS = 10_000_000, 100_000
SEPARATOR = re.compile(r'"?sep=(.)"?[,;\t|]*\r?\n', re.IGNORECASE)
WIDE = (b"\xff\xfe", b"\xfe\xff")
QUOTED = re.compile(r'"[^"]*"')
BACKSLASHED = re.compile(r'\\"')
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
PLAIN_CELLS = {"string", "empty", "integer", "decimal", "date", "datetime", "boolean", "floating", "time", "bytes"}
INDEX = re.compile("__index_level_[0-9]+__")
WHOLE = {getattr(pyarrow, kind.lower())(): getattr(pd, f"{kind}Dtype")()
         for kind in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")}  # fmt: skip
# As SAS names them, where Python's name is another.
CHARSETS = {"WINDOWS-936": "gbk", "WINDOWS-874": "cp874", "BIG-5": "big5", "MACICELAND": "mac_iceland",
            "MACCROATIAN": "mac_croatian", "MACROMANIA": "mac_romanian", "MACCYRILLIC": "mac_cyrillic"}  # fmt: skip
# A cell of these sets means something only beside what stands before it, or they are no sets of characters.
STATEFUL = re.compile(
    "iso2022.*|hz|utf-7|utf-8-sig|utf-(16|32).*|(raw[_-])?unicode[_-]escape|punycode|idna|undefined|mbcs|oem|charmap"
)
PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _"


def read_frame(path: Path, *, delimiter: str = ",", encoding: str = "", content: bytes | None = None) -> pd.DataFrame:
    """Read one file.

    Parameters
    ----------
    path : Path
        ``.csv`` in UTF-8 with a header, ``.parquet``, ``.xpt`` or ``.sas7bdat``.
    delimiter : str
        Between the fields of a CSV file.
    encoding : str
        Of the text in a SAS file, where the file does not say.
    content : bytes, optional
        The file's bytes from `read_content`, where they were read before, to be hashed.

    Returns
    -------
    DataFrame
        CSV values as text with ``""`` for an empty field, as categories where they repeat; others as stored, SAS
        dates as ``datetime64[s]``.

    Raises
    ------
    DataError
        If the file is not UTF-8, has no header or a row of another width, or is not of its format.

    Notes
    -----
    Convention: pandas' own number parser changes the last bit of many doubles, so numbers stay text here and become
    numbers in one place, through ``float``. Arrow's CSV parser takes a quote inside a field as a sign of it; it reads
    only files in which quotes begin, end or double and no field spans lines, and the standard library's the others.
    Lines without any character are not records. SAS's special missing values (``.A``) are missing values.
    """
    kind = path.suffix[1:].lower()
    content = read_content(path) if content is None else content
    try:
        if kind == "csv":
            return _read_csv(content, path, delimiter, encoding)
        return _read_parquet(content, path) if kind == "parquet" else _read_sas(content, path, encoding)
    except (
        ValueError,
        OSError,
        TypeError,
        LookupError,
        ArithmeticError,
        MemoryError,
        RuntimeError,
        csv.Error,
    ) as error:
        raise DataError(f"{path.name}: cannot be read ({_reason(error)}); a {kind} file is required.") from error
    except (pyarrow.ArrowException, pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise DataError(f"{path.name}: cannot be read ({_reason(error)}); a {kind} file is required.") from error


def read_content(path: Path) -> bytes:
    """Read a file's bytes, once: what is hashed is what is taken apart.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        All of it.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except (OSError, MemoryError) as error:
        kind = path.suffix[1:].lower()
        raise DataError(f"{path.name}: cannot be read ({_reason(error)}); a {kind} file is required.") from error


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return cut((str(error).splitlines() or [type(error).__name__])[0].rstrip("."), 200)


def _read_csv(content: bytes, path: Path, delimiter: str, encoding: str) -> pd.DataFrame:
    content = content.removeprefix(b"\xef\xbb\xbf")
    _check_header(content, path, delimiter)
    text = _decoded(content, path, delimiter, encoding)
    separator = SEPARATOR.match(text)
    if separator:
        _check_separator(separator.group(1), path, delimiter)
        text = text[separator.end() :]
        content = text.encode()
    _check_delimiter(text, path, delimiter)
    longest = _longest_of_grid(content, delimiter)
    if not longest:
        return _read_quoted(text, path, delimiter)
    del text  # of the size of the file
    return _read_grid(content, delimiter, longest)


def _read_grid(content: bytes, delimiter: str, longest: int) -> pd.DataFrame:
    """Read lines that all have the fields of the first, column by column and each distinct text once."""
    end = content.find(b"\n") + 1 or len(content)
    names = next(csv.reader([content[:end].decode()], delimiter=delimiter))
    places = [str(place) for place in range(len(names))]
    columns: dict[int, Any] = dict.fromkeys(range(len(names)), np.empty(0, dtype=object))
    if end < len(content):
        table = pyarrow.csv.read_csv(
            pyarrow.py_buffer(content)[end:],
            # in one thread: what follows may start processes
            read_options=pyarrow.csv.ReadOptions(
                column_names=places, use_threads=False, block_size=max(BLOCK, 2 * longest)
            ),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(places, pyarrow.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
        for place in range(len(names)):
            columns[place] = _distinct_texts(table.column(0))
            table = table.remove_column(0)  # so that what is done is freed
    return _text_frame(names, columns)


def _distinct_texts(texts: pyarrow.ChunkedArray) -> Any:
    if len(texts.chunk(0).unique()) == len(texts.chunk(0)):  # a number of the record, most likely
        return np.asarray(texts.to_numpy(), dtype=object)
    encoded = texts.dictionary_encode()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks])
    return _text_column(encoded.chunk(0).dictionary.to_pylist(), codes)


def _text_column(texts: Sequence[str], codes: np.ndarray) -> Any:
    """Distinct texts with the place of each row's; plain texts where most of them are distinct."""
    table = np.empty(len(texts), dtype=object)
    table[:] = texts
    if len(table) * OFTEN > len(codes):
        return table[codes]
    kind = pd.CategoricalDtype(pd.Index(table, dtype=object))
    return pd.Categorical.from_codes(codes, dtype=kind)  # type: ignore[arg-type]


def _text_frame(names: Sequence[str], columns: dict[int, Any]) -> pd.DataFrame:
    built = pd.DataFrame(columns, copy=False)
    built.columns = pd.Index(names, dtype=object)
    return built


def _check_header(content: bytes, path: Path, delimiter: str) -> None:
    """Refuse a first line that is too long for names, before it is taken apart."""
    end = content.find(b"\n")
    length = len(content) if end < 0 else end
    columns = content.count(delimiter.encode(), 0, length) + 1
    if length > LONGEST_HEADER or columns > MOST_COLUMNS:
        raise DataError(f"{path.name}: a first line of {length:,} bytes and {counted(columns, 'column')}; a header "
                        f"line with the names of at most {MOST_COLUMNS:,} columns is required.")  # fmt: skip


def _check_separator(found: str, path: Path, delimiter: str) -> None:
    if found == delimiter:
        return
    known = f"Source(delimiter={found!r})" if found in DELIMITERS else f"one of {', '.join(map(repr, DELIMITERS))}"
    raise DataError(f"{path.name}: the first line is a spreadsheet's sep={escaped(found)}, and the plan's delimiter is "
                    f"{delimiter!r}; {known} is required.")  # fmt: skip


def _check_delimiter(text: str, path: Path, delimiter: str) -> None:
    """Refuse a header that is one name by the plan's delimiter and several by another."""
    header = QUOTED.sub("", text[: text.find("\n") if "\n" in text else None])
    other = max(DELIMITERS, key=header.count)
    if delimiter not in header and other in header and '"' not in header:
        raise DataError(f"{path.name}: the header has no {delimiter!r}, which is the plan's delimiter, but "
                        f"{header.count(other)} of {other!r}; Source(delimiter={other!r}) is required.")  # fmt: skip


def _decoded(content: bytes, path: Path, delimiter: str, encoding: str) -> str:
    if content.startswith(WIDE):
        raise DataError(f"{path.name}: a file in UTF-16; a UTF-8 file is required.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place(content.decode("latin-1"), error.start, delimiter)
        remedy = f", whatever encoding={encoding!r} in the plan says" if encoding else ""
        told = f"{path.name}: byte {error.start + 1}{place} is not UTF-8; a UTF-8 file is required{remedy}."
        raise DataError(told) from None
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
    name = header[column].strip('"') if column < len(header) else ""
    named = f", column {name if is_variable(name) else column + 1}"
    return f" (row {row}{named})" if row else " (header)"


def _longest_of_grid(content: bytes, delimiter: str) -> int:
    """Length of the longest line where every line has as many fields as the header and every quote begins, ends or
    doubles; else 0."""
    if content.count(b"\r") != content.count(b"\r\n") or not content or content.isspace():
        return 0
    longest = width = start = 0
    while start < len(content):
        end = content.find(b"\n", start + BLOCK) + 1 or len(content)
        shape = _shape_of_grid(content[start:end], delimiter)
        if shape is None or (start and shape[0] != width):
            return 0
        width, longest, start = shape[0], max(longest, shape[1]), end
    return longest


def _shape_of_grid(lines: bytes, delimiter: str) -> tuple[int, int] | None:
    """Number of delimiters of each line, if they all have one, and length of the longest."""
    signs = np.frombuffer(lines if lines.endswith(b"\n") else lines + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    ends, marks = np.flatnonzero(signs == ord("\n")), np.flatnonzero(signs == ord(delimiter))
    if len(quotes):
        edges = [ord(sign) for sign in (delimiter, "\r", "\n", '"')]
        opens, closes = quotes[0::2], quotes[1::2]
        before = signs[opens[opens > 0] - 1]
        regular = len(opens) == len(closes) and np.isin(before, edges).all() and np.isin(signs[closes + 1], edges).all()
        if not regular or (np.searchsorted(quotes, ends) % 2).any():
            return None
        marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
    width = np.diff(np.searchsorted(marks, ends), prepend=0)
    length = np.diff(ends, prepend=-1) - 1
    if not ((width == width[0]).all() and width[0] > 0 and (length > 1).all()):
        return None
    return int(width[0]), int(length.max()) + 1


def _read_quoted(text: str, path: Path, delimiter: str) -> pd.DataFrame:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = (record for record in reader if record)
    try:
        header = next(records, [])
    except csv.Error as error:
        raise ValueError(_torn_quote(error, text, reader.line_num)) from error
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
        raise ValueError(_torn_quote(error, text, reader.line_num)) from error
    if torn:
        shown = ", ".join(f"row {row}: {width}" for row, width in torn[:SHOWN])
        raise DataError(f"{path.name}: {counted(len(torn), 'row')} with another number of fields than the header's "
                        f"{len(header)} ({shown}); one field for each column is required.")  # fmt: skip
    columns = {
        place: _text_column([*known], np.concatenate(part) if part else np.empty(0, dtype=np.int64))
        for place, (known, part) in enumerate(zip(seen, parts, strict=True))
    }
    return _text_frame(header, columns)


def _torn_quote(error: csv.Error, text: str, line: int) -> str:
    """Name the line of a quote that does not close, and a backslash before it."""
    if "expected after" not in str(error):
        return f"{error}, line {line}" if line > 2 else str(error)
    lines = text.splitlines()
    slashed = line <= len(lines) and BACKSLASHED.search(lines[line - 1])
    told = "a quote after a backslash; inside a field a quote is doubled" if slashed else "text after a closing quote"
    return f"line {line}: {told}"


class _Seen(dict[str, int]):
    """Distinct texts of a column, each with its number."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


def _read_parquet(content: bytes, path: Path) -> pd.DataFrame:
    # ParquetFile, because a folder's name (cutoff=2026) is no column; whole numbers keep their type beside nulls.
    table = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(content)).read()
    table = table.drop_columns([name for name in dict.fromkeys(table.column_names) if INDEX.fullmatch(name)])
    names = [str(name) for name in table.column_names]
    table = table.rename_columns([str(i) for i in range(len(names))])
    frame: pd.DataFrame = table.to_pandas(types_mapper=WHOLE.get, ignore_metadata=True)
    frame.columns = pd.Index(names, dtype=object)
    for i, name in enumerate(names):
        values = frame.iloc[:, i]
        if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) not in PLAIN_CELLS:
            raise DataError(f"{path.name}.{printable_name(name, i + 1)}: lists, records or other nested values; a "
                            "column of single values, or a file without it, is required.")  # fmt: skip
    return frame


def _read_sas(content: bytes, path: Path, encoding: str) -> pd.DataFrame:
    """Read a SAS file: its bytes one by one, then each cell's text for itself, so that no cell moves into the next."""
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
