"""Exports that went wrong on the way: each is read the same or refused in words, never changed in silence.

The export of eight participants is mutated as spreadsheets, mail programs and careless hands do it. What is asked of
the reader: a `DataError` that names frame (which is the file), column and row; or the same study; or, where one cell
was given another value that the contract allows, the study with exactly that value in exactly that cell.
"""

from __future__ import annotations

import csv
import datetime
import functools
import io
import random
import runpy
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npcstats.errors import DataError
from npcstats.readers.files import _is_grid, _read_quoted, read_frame
from npcstats.study import input_schemas, read_study

TRIAL = runpy.run_path(str(Path(__file__).parents[1] / "core" / "conftest.py"))
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


FIELDS = st.sampled_from(["", "a", '"a"', '"a,b"', '""', '"a""b"', '"""a"', "é", "a b", 'a"b', '"a\nb"', "\t"])
LINES = st.lists(st.lists(FIELDS, min_size=2, max_size=2), max_size=5)
ENDS = st.sampled_from(["\n", "\r\n"])


@settings(max_examples=400, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(lines=LINES, end=ENDS, last=st.booleans(), noise=st.text(alphabet='a,"\n\r;', max_size=4))
def test_both_parsers_of_csv_agree(lines, end, last, noise):
    """Wherever the fast one is allowed, the standard library's reads the same."""
    text = end.join(["A,B", *(",".join(line) for line in lines)]) + (end if last else "") + noise
    if not _is_grid(text.encode(), ","):
        return
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "x.csv"
        path.write_bytes(text.encode())
        fast, slow = read_frame(path), _read_quoted(text, path, ",")
    assert list(fast.columns) == list(slow.columns)
    assert fast.to_numpy().tolist() == slow.to_numpy().tolist()
