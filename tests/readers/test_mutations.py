"""Exports that went wrong on the way: each is read the same or refused in words, never changed in silence.

The export of eight participants is mutated as spreadsheets, mail programs and careless hands do it. What is asked of
the reader: a `DataError` that names frame (which is the file), column and row; or the same study; or, where one cell
was given another value that the contract allows, the study with exactly that value in exactly that cell.
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
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
from npcstats.study import read_study


def written(table, delimiter=",", newline="\n"):
    """The CSV text of a table."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(table)
    return out.getvalue()


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


CASES = {"name": st.sampled_from(sorted(TEXTS)), "kind": st.sampled_from(KINDS), "seed": st.integers(0, 2**32 - 1)}


@settings(max_examples=FAST, deadline=5000, suppress_health_check=QUIET, derandomize=True)
@given(**CASES)
def test_mutated_export_is_the_same_or_refused(name, kind, seed):
    check(whole_export(), name, kind, seed)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=10_000, suppress_health_check=QUIET)
@given(**CASES)
def test_ten_thousand_mutated_exports(name, kind, seed):
    check(whole_export(), name, kind, seed)
