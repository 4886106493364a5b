"""What the tests share in which an export goes wrong: the trial of eight as tables, and what its values say."""

from __future__ import annotations

import csv
import datetime
import functools
import io
import tempfile
from pathlib import Path

import numpy as np
from eight import CSV, DESIGN
from hypothesis import HealthCheck

from npcstats.study import input_schemas, read_study

TEXTS = CSV
SCHEMAS = input_schemas(DESIGN)
TABLES = {name: list(csv.reader(io.StringIO(text))) for name, text in TEXTS.items()}
FAST, MANY = 150, 10_000
QUIET = [HealthCheck.too_slow]

WORDS = [
    "=cmd|'/c calc'!A0", "@SUM(1)", "+1", "-1", "-5", "1,5", "1.5", "1 000", "1e999", "nan", "NaN", "NA", "inf",
    "0x10", "1_0", "１２", " 3", "3 ", "3.0", "6", "", " ", "N/A", "NULL", "#REF!", "TRUE", "y", "9999-12-31",
    "-0001-01-01", "0000-00-00", "1582-10-04", "2026-02-30", "2026-03", "2026", "03/04/2026", "2026-3-4", "45000",
    "2026-03-04T10:00", "2026-03-04 00:00:00", "2025-06-01", "２０２５-06-01", "a\x00b", "a\x1bb", "tab\there",
    "line\nbreak", 'quo"te', "semi;colon", "com,ma", "bar|bar", "café", "é" * 300, "x" * 140_000, "\ufeffP05",
    "P05", "P99", "2147483648", "1e308", "4.9e-324", "-0", "\u200bP05", "\u202eabc", "CR", "X", "MIXED",
]  # fmt: skip


def shuffle(table, draw):
    return [table[0], *draw.sample(table[1:], len(table) - 1)]


def reorder(table, draw):
    order = draw.sample(range(len(table[0])), len(table[0]))
    return [[row[i] for i in order] for row in table]


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


@functools.cache
def whole_export():
    """The export as it should be, read once; not a fixture, whose text would be part of every failing example."""
    with tempfile.TemporaryDirectory() as place:
        for frame, text in TEXTS.items():
            (Path(place) / f"{frame}.csv").write_bytes(text.encode())
        return read_study(Path(place), DESIGN)
