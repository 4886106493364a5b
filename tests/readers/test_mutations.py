"""Exports that went wrong on the way: each is read the same or refused in words, never changed in silence.

The export of eight participants is mutated as spreadsheets, mail programs and careless hands do it. What is asked of
the reader: a `DataError` that names frame (which is the file), column and row; or the same study; or, where one cell
was given another value that the contract allows, the study with exactly that value in exactly that cell.

The same of Parquet, transport and SAS7BDAT files, and of files of which some bytes were changed or cut off: what such
a file says is told by another decoder, written here for transport files from their published layout, pandas' own for
SAS7BDAT. No free software writes SAS7BDAT, so that there frames stand in transport files under its name, and bytes are
changed in a file that SAS wrote.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import functools
import gzip
import io
import random
import re
import runpy
import struct
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npcstats.errors import DataError
from npcstats.readers import files, read_frames
from npcstats.readers.files import _longest_of_grid, _read_quoted, read_frame
from npcstats.schema import conform_frame, raise_faults
from npcstats.study import input_schemas, read_study

TRIAL = runpy.run_path(str(Path(__file__).parents[1] / "eight.py"))
DESIGN, TEXTS = TRIAL["DESIGN"], TRIAL["CSV"]
SCHEMAS = input_schemas(DESIGN)
TABLES = {name: list(csv.reader(io.StringIO(text))) for name, text in TEXTS.items()}
FAST, MANY = 150, 10_000

WORDS = [
    "=cmd|'/c calc'!A0", "@SUM(1)", "+1", "-1", "-5", "1,5", "1.5", "1 000", "1e999", "nan", "NaN", "NA", "inf",
    "0x10", "1_0", "１２", " 3", "3 ", "3.0", "6", "", " ", "N/A", "NULL", "#REF!", "TRUE", "y", "9999-12-31",
    "-0001-01-01", "0000-00-00", "1582-10-04", "2026-02-30", "2026-03", "2026", "03/04/2026", "2026-3-4", "45000",
    "2026-03-04T10:00", "2026-03-04 00:00:00", "2025-06-01", "２０２５-06-01", "a\x00b", "a\x1bb", "tab\there",
    "line\nbreak", 'quo"te', "semi;colon", "com,ma", "bar|bar", "café", "é" * 300, "x" * 140_000, "\ufeffP05",
    "P05", "P99", "2147483648", "1e308", "4.9e-324", "-0", "\u200bP05", "\u202eabc", "CR", "X", "MIXED",
]  # fmt: skip


def written(table, delimiter=",", newline="\n"):
    """The CSV text of a table."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(table)
    return out.getvalue()


def shuffle(table, draw):
    return [table[0], *draw.sample(table[1:], len(table) - 1)]


def reorder(table, draw):
    order = draw.sample(range(len(table[0])), len(table[0]))
    return [[row[i] for i in order] for row in table]


def mutated(name, kind, draw):
    """Bytes of a frame after one mutation, and what became of it: "same", "refused" or (row, column, text)."""
    table = [list(row) for row in TABLES[name]]
    column, row = draw.randrange(len(table[0])), draw.randrange(1, len(table))
    if kind in ("drop", "rename") and table[0][column] not in SCHEMAS[name].by_name:
        column = 0  # another feature is a feature, too
    if kind == "drop":
        return written([r[:column] + r[column + 1 :] for r in table]).encode(), "refused"
    if kind == "rename":
        table[0][column] = draw.choice([table[0][column].lower(), table[0][column] + " ", "\u00a0", "X1", ""])
        return written(table).encode(), "refused"
    if kind == "double":
        other = draw.choice([table[0][column], table[0][column] + ".1"])
        return written([[*r, other if i == 0 else r[column]] for i, r in enumerate(table)]).encode(), "refused"
    if kind == "shuffle":
        return written(reorder(shuffle(table, draw), draw)).encode(), "same"
    if kind == "dress":
        text = written(table, newline=draw.choice(["\n", "\r\n"])) + draw.choice(["", "\n", "\r\n\n"])
        return draw.choice([b"", b"\xef\xbb\xbf"]) + text.encode(), "same"
    if kind == "delimiter":
        return written(table, delimiter=draw.choice(";\t|")).encode(), "refused"
    if kind == "tear":
        table[row] = draw.choice([table[row][:-1], [*table[row], ""], [*table[row], "x"]])
        return written(table).encode(), "refused"
    if kind == "nul":
        content = written(table).encode()
        place = draw.randrange(len(content))
        return content[:place] + b"\0" + content[place:], "refused"
    if kind == "encoding":
        table[row][column] = "café"
        return written(table).encode(draw.choice(["latin-1", "cp1252", "utf-16", "utf-16-le", "cp037"])), "refused"
    if kind == "quote":
        content = written(table)
        place = draw.randrange(content.index("\n") + 1, len(content))
        return (content[:place] + '"' + content[place:]).encode(), "either"
    text = draw.choice(WORDS)
    table[row][column] = text
    return written(table).encode(), (row - 1, TABLES[name][0][column], text)


KINDS = ("drop", "rename", "double", "shuffle", "dress", "delimiter", "tear", "nul", "encoding", "quote",
         "cell", "cell", "cell", "cell", "cell")  # fmt: skip


def records(frame):
    """Rows as tuples that compare, whatever their order."""
    return sorted(frame.sort_index(axis=1).map(lambda v: "" if v != v else str(v)).itertuples(index=False, name=None))


def meaning(value):
    """What a typed value says, as text, number or day."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return value
    return "" if value is None or value != value else value.date()


def holds(value, text, kind):
    """Whether a typed value is exactly what the text says."""
    if kind == "date":
        return value == datetime.date.fromisoformat(text) if text else value == ""
    if kind in ("number", "integer"):
        return np.isnan(value) if text == "" else value == float(text)
    return value == text


def read_or_refusal(folder):
    try:
        return read_study(folder, DESIGN), ""
    except DataError as error:
        return None, str(error)


def check(whole, name, kind, seed):
    draw = random.Random(seed)
    content, expected = mutated(name, kind, draw)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for frame, text in TEXTS.items():
            (folder / f"{frame}.csv").write_bytes(content if frame == name else text.encode())
        study, refusal = read_or_refusal(folder)
    if study is None:
        assert expected != "same", refusal[:300]
        named(refusal, name, expected)
        return
    others = [frame for frame in whole.frames if frame != name]
    assert all(records(study[frame]) == records(whole[frame]) for frame in others)
    if expected in ("same", "either"):
        if expected == "same":
            assert records(study[name]) == records(whole[name])
        return
    assert expected != "refused", "read although it was damaged"
    row, column, text = expected
    before, after = whole[name], study[name]
    declared = SCHEMAS[name].by_name.get(column)
    assert holds(meaning(after[column].iloc[row]), text, declared.kind if declared else "number")
    changed = after.copy()
    changed[column] = before[column]
    assert records(changed) == records(before)


def named(message, name, expected):
    """A refusal names the file or frame; for one cell also the column (or what depends on it) and the row."""
    assert "Traceback" not in message
    lines = message.split("\n")
    assert all(len(line) < 1000 for line in lines)
    if isinstance(expected, tuple):
        row, column, _ = expected
        if column == "USUBJID" and name == "adsl":
            assert all("USUBJID" in line for line in lines)
            return
        assert any(line.startswith(name) and (f"row {row + 1}" in line or "line " in line) for line in lines), message
    else:
        assert any(name in line for line in lines), message


@functools.cache
def whole_export():
    """The export as it should be, read once; not a fixture, whose text would be part of every failing example."""
    with tempfile.TemporaryDirectory() as place:
        for frame, text in TEXTS.items():
            (Path(place) / f"{frame}.csv").write_bytes(text.encode())
        return read_study(Path(place), DESIGN)


CASES = {"name": st.sampled_from(sorted(TEXTS)), "kind": st.sampled_from(KINDS), "seed": st.integers(0, 2**32 - 1)}
QUIET = [HealthCheck.too_slow]


@settings(max_examples=FAST, deadline=5000, suppress_health_check=QUIET, derandomize=True)
@given(**CASES)
def test_mutated_export_is_the_same_or_refused(name, kind, seed):
    check(whole_export(), name, kind, seed)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=10_000, suppress_health_check=QUIET)
@given(**CASES)
def test_ten_thousand_mutated_exports(name, kind, seed):
    check(whole_export(), name, kind, seed)


STORED = ("parquet", "typed", "xpt", "sas7bdat")
STORED_KINDS = ("drop", "rename", "double", "shuffle", "cell", "cell", "cell", "bytes", "bytes", "cut")
TRANSPORT = pyreadstat.read_xport
IRIS = gzip.decompress((Path(__file__).parent / "iris.sas7bdat.gz").read_bytes())
BUSY = [place for place, sign in enumerate(IRIS) if sign]
ODD = {
    "date": [datetime.datetime(2025, 3, 4, 10), datetime.datetime(1066, 10, 14), datetime.datetime(9999, 12, 31), None],
    "number": [float("inf"), -1.0, 0.5, 1e308, -9.0, None],
    "text": ["M", "x" * 150, "a\nb", "P01", "", None],
}


def stand_in(path, *, metadataonly=False, **options):
    """The reader of SAS7BDAT, on the bytes of a transport file."""
    frame, meta = TRANSPORT(path, metadataonly=metadataonly, **{"encoding": "ISO-8859-1", **options})
    announced = re.search(rb"OBSV8   HEADER RECORD!{7}([0-9 ]{15})", path.read_bytes())
    meta.file_encoding, meta.number_rows = "UTF-8", int(announced.group(1)) if announced else -1
    return frame, meta


def stored(table, form, folder, typed):
    """Bytes of a table in a format, as text or, of Parquet, as the types of a whole export."""
    path = Path(folder) / "made"
    if form in ("parquet", "typed"):
        columns = [[row[i] for row in table[1:]] for i in range(len(table[0]))]
        arrays = [pa.array(column, type=typed.get(name)) for name, column in zip(table[0], columns, strict=True)]
        pa.parquet.write_table(pa.Table.from_arrays(arrays, names=table[0]), path)
    else:
        frame = pd.DataFrame(table[1:], columns=table[0], dtype=object)
        pyreadstat.write_xport(frame, path, file_format_version=8)
    return path.read_bytes()


def typed_table(name, whole):
    """The table of a frame with values as a program holds them, and the types of its columns."""
    frame, header = whole[name], TABLES[name][0]
    types, columns = {}, []
    for column in header:
        values = frame[column].tolist()
        if frame[column].dtype.kind == "M":
            types[column] = pa.timestamp("us")
            values = [None if value is pd.NaT else value.to_pydatetime() for value in values]
        elif frame[column].dtype.kind == "f":
            types[column], values = pa.float64(), [None if value != value else value for value in values]
        else:
            types[column], values = pa.string(), [value or None for value in values]
        columns.append(values)
    return [[*header], *map(list, zip(*columns, strict=True))], types


def damaged(name, form, kind, draw, whole, folder):
    """Bytes of a frame in a format after one mutation, and what has to become of it."""
    kind = "cell" if form == "sas7bdat" and kind in ("bytes", "cut") else kind  # its bytes are those of `check_iris`
    table, types = typed_table(name, whole) if form == "typed" else ([list(r) for r in TABLES[name]], {})
    column, row = draw.randrange(len(table[0])), draw.randrange(1, len(table))
    expected = "said"
    if kind in ("drop", "rename") and table[0][column] not in SCHEMAS[name].by_name:
        column = 0
    if kind == "drop":
        table, expected = [r[:column] + r[column + 1 :] for r in table], "refused"
    elif kind == "rename":
        table[0][column], expected = draw.choice(["X1", "lower_case"]), "refused"
    elif kind == "double":
        other = table[0][column] + ("_1" if form in ("xpt", "sas7bdat") else draw.choice(["", ".1"]))
        table = [[*r, other if i == 0 else r[column]] for i, r in enumerate(table)]
        expected = "either" if SCHEMAS[name].features else "refused"
        types = types | {other: types.get(table[0][column])}
    elif kind == "shuffle":
        table, expected = reorder(shuffle(table, draw), draw), "same"
    elif kind == "cell" and form == "typed":
        sort = {"timestamp[us]": "date", "double": "number"}.get(str(types[table[0][column]]), "text")
        table[row][column] = draw.choice(ODD[sort])
    elif kind == "cell":
        table[row][column] = draw.choice([word for word in WORDS if "\0" not in word and len(word.encode()) < 200])
    content = bytearray(stored(table, form, folder, types))
    if kind == "bytes":
        for _ in range(draw.choice([1, 1, 2, 5])):
            place = draw.randrange(len(content))
            content[place] = draw.choice([content[place] ^ 1 << draw.randrange(8), draw.randrange(1, 256), 32])
    if kind == "cut":
        content, expected = content[: draw.randrange(len(content))], "refused"
    return bytes(content), expected


def transport_table(content):
    """Header and rows of a transport file of the eighth version, by its published layout; numbers as doubles."""
    names = re.search(rb"HEADER RECORD\*{7}NAMSTV8 HEADER RECORD!{7}.{6}(.{4})", content)
    count = int(names.group(1)[:4])
    start = names.start() + 80
    header, layout = [], []
    for i in range(count):
        piece = content[start + 140 * i : start + 140 * (i + 1)]
        kind, _, length = struct.unpack(">hhh", piece[:6])
        header.append(piece[88:120].decode("latin-1").rstrip(" \0"))
        layout.append((kind, length))
    found = re.search(rb"HEADER RECORD\*{7}OBSV8   HEADER RECORD!{7}(.{15}).{17}", content, re.DOTALL)
    width = sum(length for _, length in layout)
    data = content[found.end() :]
    table = []
    for k in range(int(found.group(1))):
        record, cells, place = data[k * width : (k + 1) * width], [], 0
        for kind, length in layout:
            cell = record[place : place + length]
            cells.append(cell.rstrip(b" \0").decode("utf-8") if kind == 2 else ibm(cell))
            place += length
        table.append(cells)
    return [header, *table]


def ibm(cell):
    """A double of the IBM mainframes: sign, exponent of 16 less 64, fraction; a first byte alone is a missing value."""
    padded = cell.ljust(8, b"\0")
    if padded[1:] == bytes(7) and padded[0]:
        return None
    fraction = int.from_bytes(padded[1:], "big") / 2**56
    return (-1 if padded[0] & 128 else 1) * fraction * 16.0 ** ((padded[0] & 127) - 64)


def parquet_table(content):
    table = pa.parquet.read_table(io.BytesIO(content))
    return [table.column_names, *map(list, zip(*(column.to_pylist() for column in table.columns), strict=True))]


def says(value):
    """A stored value as text; what is no text of the contract's as itself."""
    if value is None or value != value:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value if isinstance(value, str) else repr(value)


def frame_or_refusal(folder, name):
    """One frame as `read_study` reads each."""
    try:
        taken, faults = read_frames(folder, {name: SCHEMAS[name]}, columns=DESIGN.columns, sources={})
        frame = pd.DataFrame()
        if name in taken:
            frame, told = conform_frame(taken[name].frame, SCHEMAS[name], taken[name].origin)
            faults += told
        raise_faults(faults)
    except DataError as error:
        return None, str(error)
    return frame, ""


def check_stored(whole, name, form, kind, seed):
    """Read one damaged frame; say what became of it."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.pyreadstat, "read_sas7bdat", stand_in)
        content, expected = damaged(name, form, kind, draw, whole, place)
        suffix = "parquet" if form == "typed" else form
        (Path(place) / f"{name}.{suffix}").write_bytes(content)
        read, refusal = frame_or_refusal(Path(place), name)
    if read is None:
        assert expected != "same", refusal[:300]
        assert_told(refusal, name, kind)
        return "refused"
    assert expected != "refused", "read although it was damaged"
    if expected == "same":
        assert records(read) == records(whole[name])
        return "read, the same"
    header, *rows = parquet_table(content) if suffix == "parquet" else transport_table(content)
    assert set(header) >= set(read) & set(TABLES[name][0])
    assert len(rows) == len(read)
    for column in set(header) & set(read):
        declared = SCHEMAS[name].by_name.get(column)
        for value, row in zip(read[column], rows, strict=True):
            text = says(row[header.index(column)])
            assert holds(meaning(value), text, declared.kind if declared else "number"), (column, value, text)
    return "read, as the file says"


def assert_told(refusal, name, kind):
    """One message that names the frame, is no longer than a screen, and shows nobody."""
    lines = refusal.split("\n")
    assert "Traceback" not in refusal
    assert len(lines) <= 41
    assert all(len(line) < 700 for line in lines)
    assert any(name in line for line in lines), refusal
    assert kind == "rename" or not re.search(r"\bP0[1-8]\b", refusal), refusal


STORED_CASES = {"name": st.sampled_from(sorted(TEXTS)), "form": st.sampled_from(STORED),
                "kind": st.sampled_from(STORED_KINDS), "seed": st.integers(0, 2**32 - 1)}  # fmt: skip
TALLY = Counter()


@settings(max_examples=FAST, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(**STORED_CASES)
def test_mutated_file_of_another_format_says_what_is_read_or_is_refused(name, form, kind, seed):
    check_stored(whole_export(), name, form, kind, seed)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=None, suppress_health_check=QUIET)
@given(**STORED_CASES)
def test_ten_thousand_mutated_files_of_other_formats(name, form, kind, seed):
    TALLY[form, check_stored(whole_export(), name, form, kind, seed)] += 1


def check_iris(seed):
    """Change or cut bytes of a file that SAS wrote; say what became of it."""
    draw = random.Random(seed)
    content = bytearray(IRIS)
    busy = BUSY
    for _ in range(draw.choice([1, 1, 2, 5])):
        place = draw.choice(busy)
        content[place] = draw.choice([content[place] ^ 1 << draw.randrange(8), draw.randrange(1, 256), 32])
    if draw.random() < 0.1:
        content = content[: draw.randrange(len(content))]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "iris.sas7bdat"
        path.write_bytes(content)
        frame, refusal = pd.DataFrame(), ""
        try:
            frame = read_frame(path)
        except DataError as error:
            refusal = str(error)
        other = other_reading(path)
    if refusal:
        assert refusal.startswith("iris.sas7bdat")
        assert len(refusal) < 700
        return "refused"
    if other is None:
        return "read, no other reading"
    assert frame.shape == other.shape
    for i in range(frame.shape[1]):
        for value, said in zip(frame.iloc[:, i], other.iloc[:, i], strict=True):
            assert agrees(value, said), (i, value, said)
    # the one value that is known to be lost: what stands behind a NUL character inside a text
    cut = any(b"\0" in said for name in other for said in other[name] if isinstance(said, bytes))
    return "read, text cut at a NUL character" if cut else "read, as the file says"


def other_reading(path):
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        return pd.read_sas(path, format="sas7bdat")
    return None


def agrees(value, said):
    """Whether a value is what pandas reads, which leaves text as bytes and, of other formats, dates as numbers."""
    if isinstance(said, bytes):
        return value == said.decode("cp1252", "replace").partition("\0")[0].rstrip(" ")
    if isinstance(value, pd.Timestamp) and isinstance(said, float):
        return said in ((value - pd.Timestamp("1960-01-01")).days, (value - pd.Timestamp("1960-01-01")).total_seconds())
    return value == said or (pd.isna(said) and (value == "" or pd.isna(value)))


@settings(max_examples=FAST, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_changed_bytes_of_a_file_that_sas_wrote(seed):
    check_iris(seed)


@pytest.mark.slow
@settings(max_examples=MANY // 4, deadline=None, suppress_health_check=QUIET)
@given(seed=st.integers(0, 2**32 - 1))
def test_thousands_of_changed_files_that_sas_wrote(seed):
    TALLY["sas7bdat that SAS wrote", check_iris(seed)] += 1


FIELDS = st.sampled_from(["", "a", '"a"', '"a,b"', '""', '"a""b"', '"""a"', "é", "a b", 'a"b', '"a\nb"', "\t"])
LINES = st.lists(st.lists(FIELDS, min_size=2, max_size=2), max_size=5)
ENDS = st.sampled_from(["\n", "\r\n"])


@settings(max_examples=400, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(
    lines=LINES,
    end=ENDS,
    last=st.booleans(),
    noise=st.text(alphabet='a,"\n\r;', max_size=4),
    block=st.sampled_from([1, 8, 30, files.BLOCK]),
)
def test_both_parsers_of_csv_agree(lines, end, last, noise, block):
    """Wherever the fast one is allowed, the standard library's reads the same, whatever it takes at a time."""
    text = end.join(["A,B", *(",".join(line) for line in lines)]) + (end if last else "") + noise
    whole = _longest_of_grid(text.encode(), ",")
    with mock.patch.object(files, "BLOCK", block):
        assert _longest_of_grid(text.encode(), ",") == whole
    if not whole:
        return
    with tempfile.TemporaryDirectory() as place, mock.patch.object(files, "BLOCK", block):
        path = Path(place) / "x.csv"
        path.write_bytes(text.encode())
        fast, slow = read_frame(path), _read_quoted(text, path, ",")
    assert list(fast.columns) == list(slow.columns)
    assert fast.to_numpy().tolist() == slow.to_numpy().tolist()
