"""One file to one frame: every double to its last bit, or refused in words."""

from __future__ import annotations

import random
import struct

import pandas as pd
import pytest

from npcstats.errors import DataError
from npcstats.readers import read_frame
from npcstats.schema import Column, Schema, conform_frame


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"USUBJID,KIND\nP01,caf\xe9\n",
         "x.csv: byte 21 (row 1, column KIND) is not UTF-8; a UTF-8 file is required."),
        (b"USUBJID,KIND\nP01,caf\0\n",
         "x.csv: a NUL character (row 1, column KIND); a text file is required."),
        (b"", "x.csv: cannot be read (no header); a csv file is required."),
        (b"A,B\n1,2\n3\n4,5,6\n",
         "x.csv: 2 rows with another number of fields than the header's 2 (row 2: 1, row 3: 3); one field for each "
         "column is required."),
        (b'A,B\n1,"2\n', "x.csv: cannot be read (unexpected end of data); a csv file is required."),
    ],
)  # fmt: skip
def test_file_that_is_not_csv(tmp_path, content, message):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_frame(tmp_path / "x.csv")
    assert str(caught.value) == message


def test_file_that_is_not_parquet(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"A,B\n")
    with pytest.raises(DataError, match=r"^x\.parquet: cannot be read \(.*; a parquet file is required\.$"):
        read_frame(tmp_path / "x.parquet")


def test_csv_doubles_are_exact_to_the_last_bit(tmp_path):
    """Random bit patterns, printed by repr: pandas' own parser changes the last bit of about a third of them."""
    draw = random.Random(7)
    values = [struct.unpack("<d", struct.pack("<Q", draw.getrandbits(64)))[0] for _ in range(3000)]
    values = [value for value in values if abs(value) < float("inf")] + [5e-324, 1.7976931348623157e308, -0.0, 0.1]
    (tmp_path / "x.csv").write_text("V\n" + "".join(f"{value!r}\n" for value in values))
    typed, faults = conform_frame(read_frame(tmp_path / "x.csv"), Schema("x", (Column("V", "number"),)))
    assert faults == []
    assert [struct.pack("<d", v) for v in typed["V"]] == [struct.pack("<d", v) for v in values]


def test_na_words_are_not_missing_values(tmp_path):
    (tmp_path / "x.csv").write_text("V,N\nNA,1\nNone,nan\n")
    schema = Schema("x", (Column("V", "text"), Column("N", "number", missing=True)))
    typed, faults = conform_frame(read_frame(tmp_path / "x.csv"), schema)
    assert typed["V"].tolist() == ["NA", "None"]
    assert faults == ["x.N: 1 row not a number (row 2: nan); numbers are required."]


def test_parquet_time_of_day_is_not_a_date(tmp_path):
    pd.DataFrame({"D": pd.to_datetime(["2025-01-01 10:30", None])}).to_parquet(tmp_path / "x.parquet")
    schema = Schema("x", (Column("D", "date", missing=True),))
    _, faults = conform_frame(read_frame(tmp_path / "x.parquet"), schema)
    assert faults == [
        "x.D: 1 row not a date (row 1: 9999-99-99 99:99:99; a date and time); ISO 8601 dates (YYYY-MM-DD) are "
        "required; the form iso-datetime takes its day."
    ]
