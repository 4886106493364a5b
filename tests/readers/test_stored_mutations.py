"""Files of other formats that went wrong on the way: what such a file says is what is read, or it is refused in words.

Parquet, transport and SAS7BDAT files, and files of which some bytes were changed or cut off: what such a file says is
told by another decoder, written here for transport files from their published layout. No free software writes SAS7BDAT,
so that frames stand in transport files under its name.
"""

from __future__ import annotations

import datetime
import io
import random
import re
import struct
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyreadstat
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from mutations import (
    DESIGN,
    FAST,
    MANY,
    QUIET,
    SCHEMAS,
    TABLES,
    TEXTS,
    WORDS,
    holds,
    meaning,
    records,
    reorder,
    shuffle,
    whole_export,
)

from npcstats.errors import DataError
from npcstats.readers import read_frames
from npcstats.schema import conform_frame, raise_faults

STORED = ("parquet", "typed", "xpt", "sas7bdat")
STORED_KINDS = ("drop", "rename", "double", "shuffle", "cell", "cell", "cell", "bytes", "bytes", "cut")
TRANSPORT = pyreadstat.read_xport
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
    kind = "cell" if form == "sas7bdat" and kind in ("bytes", "cut") else kind  # see test_sas_bytes
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
        patch.setattr(pyreadstat, "read_sas7bdat", stand_in)
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


@settings(max_examples=FAST, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(**STORED_CASES)
def test_mutated_file_of_another_format_says_what_is_read_or_is_refused(name, form, kind, seed):
    check_stored(whole_export(), name, form, kind, seed)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=None, suppress_health_check=QUIET)
@given(**STORED_CASES)
def test_ten_thousand_mutated_files_of_other_formats(name, form, kind, seed):
    event(f"{form}: {check_stored(whole_export(), name, form, kind, seed)}")
