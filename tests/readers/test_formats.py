"""One meaning in four formats: what a plan declares is read alike from CSV, Parquet, XPT and SAS7BDAT, or refused.

No free software writes SAS7BDAT: there the bytes of a transport file stand for it, and the reader of SAS7BDAT is
replaced by that of transport files.
"""

from __future__ import annotations

import csv
import datetime
import tempfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npcstats.readers import Source, files, read_frames
from npcstats.schema import Column, Schema, conform_frame

FORMATS = ("csv", "parquet", "xpt", "sas7bdat")
EPOCH = datetime.datetime(1960, 1, 1)
TRANSPORT = pyreadstat.read_xport


def stand_in(path, *, metadataonly=False, **options):
    """The reader of SAS7BDAT, on the bytes of a transport file."""
    frame, meta = TRANSPORT(path, metadataonly=metadataonly, **{"encoding": "ISO-8859-1", **options})
    meta.file_encoding = "UTF-8"
    meta.number_rows = None if metadataonly else len(frame)
    return frame, meta


@pytest.fixture
def sas(monkeypatch):
    monkeypatch.setattr(files.pyreadstat, "read_sas7bdat", stand_in)


def written(folder, suffix, columns, form=""):
    """One file of columns: cells of CSV as text, of Parquet typed, of SAS as texts and numbers with a format."""
    path = folder / f"t.{suffix}"
    if suffix == "csv":
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([[*columns], *zip(*columns.values(), strict=True)])
    elif suffix == "parquet":
        pa.parquet.write_table(pa.table(columns), path)
    else:
        frame = pd.DataFrame({name: pd.Series(values, dtype=sas_type(values)) for name, values in columns.items()})
        formats = {"V": form} if form else {}
        pyreadstat.write_xport(frame, folder / "t.xpt", file_format_version=5, variable_format=formats)
        if suffix == "sas7bdat":
            (folder / "t.xpt").rename(path)
    return path


def sas_type(values):
    return object if any(isinstance(value, str) for value in values) else float


def read(folder, source, column):
    """Values of column V and faults."""
    schema = Schema("t", (Column("USUBJID", "identifier"), column))
    taken, faults = read_frames(folder, {"t": schema}, columns={}, sources={"t": source})
    if "t" not in taken:
        return None, faults
    frame, told = conform_frame(taken["t"].frame, schema, taken["t"].origin)
    return [plain(value) for value in frame["V"]], faults + told


def plain(value):
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return "" if value != value else value


def since(day, hours=0):
    """SAS numbers of a day and of a time on it, by the calendar of the standard library."""
    moment = datetime.datetime.combine(day, datetime.time(hours))
    return float((moment - EPOCH).days), (moment - EPOCH).total_seconds()


DAY, LATE = datetime.date(2026, 1, 2), datetime.date(2028, 2, 29)
DAYS, SECONDS = zip(since(DAY, 10), since(LATE, 23), strict=True)
MOMENTS = [datetime.datetime(2026, 1, 2, 10), datetime.datetime(2028, 2, 29, 23), None]
DATE, FLAG = Column("V", "date", missing=True), Column("V", "flag", missing=True)
NUMBER, TEXT = Column("V", "number", missing=True), Column("V", "text", missing=True)
ISO = ["2026-01-02", "2028-02-29", ""]
TYPED = pa.array([DAY, LATE, None])
NAN = float("nan")

# What is meant by one declaration: cells of CSV, of Parquet, of SAS with their format, and what has to come out.
MEANT = {
    "iso-datetime": (["2026-01-02T10:00", "2028-02-29 23:00:00", ""], pa.array(MOMENTS), [*SECONDS, NAN], "DATETIME20",
                     Source(dates={"V": "iso-datetime"}), DATE, ISO),
    "iso-datetime on days": (ISO, TYPED, [*DAYS, NAN], "E8601DA", Source(dates={"V": "iso-datetime"}), DATE, ISO),
    "date9": (["02JAN2026", "29feb2028", ""], TYPED, [*DAYS, NAN], "DATE9", Source(dates={"V": "date9"}), DATE, ISO),
    "sas-days": ([*(f"{d:.0f}" for d in DAYS), ""], pa.array([int(d) for d in DAYS] + [None]), [*DAYS, NAN], "",
                 Source(dates={"V": "sas-days"}), DATE, ISO),
    "sas-days on days": ([*(f"{d:.0f}" for d in DAYS), ""], TYPED, [*DAYS, NAN], "DATE9",
                         Source(dates={"V": "sas-days"}), DATE, ISO),
    "sas-datetime": ([*(f"{s:.0f}" for s in SECONDS), ""], pa.array([*SECONDS, None]), [*SECONDS, NAN], "",
                     Source(dates={"V": "sas-datetime"}), DATE, ISO),
    "no form": (ISO, TYPED, [*DAYS, NAN], "YYMMDDN8", Source(), DATE, ISO),
    "blank number": (["99", "-9", "5.5"], pa.array([99.0, -9.0, 5.5]), [99.0, -9.0, 5.5], "",
                     Source(blank=("99", "-9", "NA")), NUMBER, ["", "", 5.5]),
    "blank decimal": (["99.00", "-9.00", "5.50"], pa.array([Decimal("99.00"), Decimal("-9.00"), Decimal("5.50")]),
                      [99.0, -9.0, 5.5], "", Source(blank=("99", "-9")), NUMBER, ["", "", 5.5]),
    "blank text": (["NA", "-9", "b"], pa.array(["NA", "-9", "b"]).dictionary_encode(), ["NA", "-9", "b"], "",
                   Source(blank=("NA", "-9")), TEXT, ["", "", "b"]),
    "blank day": (["1900-01-01", "2026-01-02", ""], pa.array([datetime.date(1900, 1, 1), DAY, None]),
                  [since(datetime.date(1900, 1, 1))[0], DAYS[0], NAN], "DATE9", Source(blank=("1900-01-01",)), DATE,
                  ["", "2026-01-02", ""]),
    "codes of numbers": (["1", "2", ""], pa.array([1, 2, None]), [1.0, 2.0, NAN], "",
                         Source(codes={"V": {"1": "Y", "2": "N"}}), FLAG, ["Y", "N", ""]),
    "codes of doubles": (["1", "2.5", ""], pa.array([1.0, 2.5, None]), [1.0, 2.5, NAN], "",
                         Source(codes={"V": {"1": "Y", "2.5": "N"}}), FLAG, ["Y", "N", ""]),
    "code of blank": (["1", "", ""], pa.array([1, None, None]), [1.0, NAN, NAN], "",
                      Source(codes={"V": {"1": "Y", "": "N"}}), FLAG, ["Y", "N", "N"]),
    "truth by digits": (["1", "0", ""], pa.array([True, False, None]), [1.0, 0.0, NAN], "",
                        Source(codes={"V": {"1": "Y", "0": "N"}}), FLAG, ["Y", "N", ""]),
    "truth by words": (["True", "False", ""], pa.array([True, False, None]), ["True", "False", ""], "",
                       Source(codes={"V": {"True": "Y", "False": "N"}}), FLAG, ["Y", "N", ""]),
    "rows by numbers": (["1", "2", "1"], pa.array([1, 2, 1], pa.int8()), [1.0, 2.0, 1.0], "",
                        Source(rows={"V": ("1",)}), NUMBER, [1.0, 1.0]),
    "rows by days": (ISO, TYPED, [*DAYS, NAN], "DATE9", Source(rows={"V": ("2028-02-29",)}), DATE, ["2028-02-29"]),
    "rows by blank": (ISO, TYPED, [*DAYS, NAN], "DATE9", Source(rows={"V": ("",)}), DATE, [""]),
    "filled": (ISO, TYPED, [*DAYS, NAN], "DATE9", Source(filled=("V",)), DATE, ISO[:2]),
    "one per": (["5", "", "5"], pa.array([5.0, None, 5.0]), [5.0, NAN, 5.0], "", Source(one_per=("V",)), NUMBER,
                [5.0, ""]),
    "decimal mark": (["5,5", "1", ""], pa.array([5.5, 1.0, None]), [5.5, 1.0, NAN], "",
                     Source(delimiter=";", decimal=","), NUMBER, [5.5, 1.0, ""]),
}  # fmt: skip


@pytest.mark.usefixtures("sas")
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", MEANT)
def test_declaration_means_the_same_in_every_format(tmp_path, name, suffix):
    text, typed, numbers, form, source, column, expected = MEANT[name]
    names = ["p1", "p2", "p3"] if not source.one_per else ["p1", "p2", "p1"]
    cells = {"csv": text, "parquet": typed}.get(suffix, numbers)
    path = written(tmp_path, suffix, {"USUBJID": names, "V": cells}, form)
    if source.delimiter == ";" and suffix == "csv":
        path.write_text(path.read_text().replace(",", ";").replace('"5;5"', "5,5"))
    values, faults = read(tmp_path, source, column)
    assert faults == []
    assert values == expected


REFUSED = {
    "truth without a code": (pa.array([True, None]), Source(), FLAG, "a truth value"),
    "truth outside the codes": (pa.array([True, False]), Source(codes={"V": {"1": "Y"}}), FLAG, "a truth value"),
    "double where text is declared": (pa.array([1.5, 2.0]), Source(), TEXT, "a number"),
    "number under iso-datetime": (pa.array([20260102, None]), Source(dates={"V": "iso-datetime"}), DATE, "a number"),
    "date-time under date9": (pa.array(MOMENTS[1:]), Source(dates={"V": "date9"}), DATE, "a date and time"),
    "date-time without a form": (pa.array(MOMENTS[1:]), Source(), DATE, "a date and time"),
    "date-time under sas-seconds": (pa.array(MOMENTS[1:]), Source(dates={"V": "sas-seconds"}), DATE, "a date and time"),
    "seconds with a time": (pa.array([SECONDS[0], None]), Source(dates={"V": "sas-seconds"}), DATE, "a date and time"),
    "day where a number is declared": (TYPED, Source(), NUMBER, "a date"),
    "truth where a number is declared": (pa.array([True, None]), Source(), NUMBER, "a truth value"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_value_that_a_declaration_cannot_express_is_refused_with_its_row(tmp_path, name):
    typed, source, column, reason = REFUSED[name]
    written(tmp_path, "parquet", {"USUBJID": [f"p{i}" for i in range(len(typed))], "V": typed})
    _, faults = read(tmp_path, source, column)
    assert len(faults) == 1
    assert faults[0].startswith("t.V: ")
    assert "(row " in faults[0]
    assert reason in faults[0]


NUMERIC = st.one_of(st.integers(-99, 99), st.sampled_from([0.5, 99.0, -9.0, 1e6, 2.5]))
FIRST, LAST = datetime.datetime(1899, 1, 1), datetime.datetime(2201, 1, 1)
WORDS = ["", "NA", "Y", "N", "1", "-9", "a b", "2026-01-02", "2026", "2026-01-02 25:00"]
CELLS = st.one_of(
    st.lists(st.one_of(st.none(), NUMERIC), min_size=1, max_size=5),
    st.lists(st.one_of(st.none(), st.dates(FIRST.date(), LAST.date())), min_size=1, max_size=5),
    st.lists(st.one_of(st.none(), st.datetimes(FIRST, LAST)), min_size=1, max_size=5),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
)
FORMS = st.sampled_from(["iso", "iso-datetime", "date9", "sas-days", "sas-seconds", "sas-datetime"])
SOURCES = st.one_of(
    st.builds(
        lambda blank: Source(blank=tuple(blank)), st.lists(st.sampled_from(["NA", "-9", "99", "0.5"]), max_size=3)
    ),
    st.builds(lambda form: Source(dates={"V": form}), FORMS),
    st.just(Source(codes={"V": {"1": "Y", "0": "N", "Y": "Y", "N": "N"}})),
    st.just(Source(decimal=",", delimiter=";")),
)
COLUMNS = st.sampled_from([DATE, FLAG, NUMBER, TEXT])


def said(value):
    """What a cell says in CSV, as other tools write it."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.replace(microsecond=0).isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def in_format(cells, suffix):
    """Cells as a format stores them, with the format of SAS."""
    if suffix == "csv":
        return [said(cell) for cell in cells], ""
    cells = [cell.replace(microsecond=0) if isinstance(cell, datetime.datetime) else cell for cell in cells]
    known = next((cell for cell in cells if cell is not None), None)
    if suffix == "parquet":
        doubles = any(isinstance(cell, float) for cell in cells)
        return pa.array([float(c) if doubles and c is not None else c for c in cells]), ""
    if isinstance(known, datetime.datetime):
        return [np.nan if c is None else (c - EPOCH).total_seconds() for c in cells], "E8601DT"
    if isinstance(known, datetime.date):
        return [np.nan if c is None else float((c - EPOCH.date()).days) for c in cells], "DDMMYYP10"
    return [c if isinstance(known, str) else np.nan if c is None else float(c) for c in cells], ""


@settings(max_examples=250, deadline=None, derandomize=True)
@given(cells=CELLS, source=SOURCES, column=COLUMNS)
def test_nothing_becomes_missing_that_was_not_blank(cells, source, column):
    """And the formats that read a column at all read the same from it."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.pyreadstat, "read_sas7bdat", stand_in)
        for suffix in FORMATS:
            with tempfile.TemporaryDirectory() as place:
                stored, form = in_format(cells, suffix)
                names = [f"p{i}" for i in range(len(cells))]
                path = written(Path(place), suffix, {"USUBJID": names, "V": stored}, form)
                if source.delimiter == ";" and suffix == "csv":
                    path.write_text(path.read_text().replace(",", ";"))
                values, faults = read(Path(place), source, column)
            if faults:
                assert all("row " in fault for fault in faults), faults
                continue
            found[suffix] = values
            missing = {i for i, value in enumerate(values) if value == ""}
            empty = {i for i, cell in enumerate(cells) if cell is None or said(cell) in ("", *source.blank)}
            whole = {i for i, cell in enumerate(cells) if isinstance(cell, float) and f"{cell:.0f}" in source.blank}
            assert missing <= empty | whole, (suffix, values)
    assert len({repr([str(value) for value in values]) for values in found.values()}) <= 1, found
