"""Declarations that could lose a value without a word, or be refused without their cause; values made up by hand."""

from __future__ import annotations

import datetime
import gzip
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from npcstats.errors import DataError, SpecError
from npcstats.readers import Conversion, PartialDate, Source, read_frame, read_frames, source_faults
from npcstats.schema import Column, Schema, conform_frame

ID = Column("USUBJID", "identifier")
TEXT = Column("X", "text", missing=True)
NUMBER, DATE = Column("N", "number", missing=True), Column("D", "date", missing=True)


def take(folder, *columns, source=None):
    """Frame, faults and notices of one frame t."""
    schema = Schema("t", (ID, *columns))
    taken, faults = read_frames(folder, {"t": schema}, columns={}, sources={"t": source} if source else {})
    if "t" not in taken:
        return None, faults, ()
    frame, told = conform_frame(taken["t"].frame, schema, taken["t"].origin)
    return frame, faults + told, taken["t"].notices


def take_text(folder, text, *columns, source=None):
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return take(folder, *columns, source=source)


class TestOneRecord:
    @pytest.mark.parametrize("extra", ["refuse", "ignore"])
    def test_two_values_of_a_column_of_the_contract_are_told_without_a_mapping(self, tmp_path, extra):
        """X keeps its own name in the export, so the source does not name it."""
        source = Source(columns={"id": "USUBJID"}, one_per=("id",), extra=extra)
        _, faults, _ = take_text(tmp_path, "id,X\n1,p\n2,r\n1,q\n", TEXT, source=source)
        assert faults == [
            "t.csv.X: 1 row differs from another row of the same record (row 3 and row 1); one value for each id is "
            "required."
        ]

    def test_column_of_the_contract_that_chooses_rows_is_none_to_be_lost(self, tmp_path):
        source = Source(one_per=("USUBJID",), rows={"X": ("p", "q")})
        assert take_text(tmp_path, "USUBJID,X\n1,p\n1,q\n", TEXT, source=source)[1][0].startswith("t.csv.X: 1 row")

    def test_what_nothing_is_taken_from_may_differ(self, tmp_path):
        source = Source(one_per=("USUBJID",), rows={"event": ("a", "b")}, extra="ignore")
        frame, faults, _ = take_text(tmp_path, "USUBJID,X,event,note\n1,p,a,k\n1,,b,l\n", TEXT, source=source)
        assert faults == []
        assert frame.to_numpy().tolist() == [["1", "p"]]


class TestDecimalComma:
    """The mark is that of every number written as text, also of one that stands for no value, a code or a date."""

    def test_number_for_no_value_is_known_by_its_value(self, tmp_path):
        source = Source(delimiter=";", decimal=",", blank=("99", "-1,5"))
        text = "USUBJID;N\na;99\nb;99,0\nc;-1,50\nd;1,5\ne;99,1\n"
        frame, faults, notices = take_text(tmp_path, text, NUMBER, source=source)
        assert (faults, notices) == ([], ())
        assert frame["N"].fillna(0).tolist() == [0.0, 0.0, 0.0, 1.5, 99.1]

    def test_stored_number_says_a_declared_one(self, tmp_path):
        pd.DataFrame({"USUBJID": ["a", "b"], "N": [99.5, 1.5]}).to_parquet(tmp_path / "t.parquet")
        frame, faults, _ = take(tmp_path, NUMBER, source=Source(delimiter=";", decimal=",", blank=("99,5",)))
        assert faults == []
        assert frame["N"].fillna(0).tolist() == [0.0, 1.5]

    def test_code_list_of_a_number_has_the_texts_of_the_export(self, tmp_path):
        source = Source(delimiter=";", decimal=",", codes={"N": {"1,5": "1.5", "ND": "0"}})
        frame, faults, _ = take_text(tmp_path, "USUBJID;N\na;1,5\nb;ND\n", NUMBER, source=source)
        assert faults == []
        assert frame["N"].tolist() == [1.5, 0.0]

    def test_numbers_of_days_and_seconds(self, tmp_path):
        """Day 24108 is 2 January 2026; a half day is none; 2082965400.5 seconds are 09:30:00.5 of that day."""
        days = Source(delimiter=";", decimal=",", dates={"D": "sas-days"})
        frame, faults, _ = take_text(tmp_path, "USUBJID;D\na;24108,0\nb;24108,5\n", DATE, source=days)
        assert frame["D"].tolist()[0] == pd.Timestamp("2026-01-02")
        assert faults == ["t.D: 1 row not a date (row 2: 99999,9); numbers of days since 1960-01-01 are required."]
        seconds = Source(delimiter=";", decimal=",", dates={"D": "sas-datetime"})
        frame, faults, _ = take_text(tmp_path, "USUBJID;D\na;2082965400,5\n", DATE, source=seconds)
        assert faults == []
        assert frame["D"].tolist() == [pd.Timestamp("2026-01-02")]


def test_partial_date_in_a_form_that_has_none_does_not_ask_for_a_rule(tmp_path):
    source = Source(dates={"D": "date9"})
    assert take_text(tmp_path, "USUBJID,D\na,2026-01\n", DATE, source=source)[1] == [
        "t.D: 1 row not a date (row 1: 9999-99; a partial date); dates as DDMMMYYYY are required; partial dates are "
        "read in ISO 8601 only."
    ]


def test_values_of_a_column_are_not_covered_by_a_constant(tmp_path):
    source = Source(columns={"x": "X"}, constants={"X": "q"})
    assert take_text(tmp_path, "USUBJID,x\na,p\n", TEXT, source=source)[1] == [
        "t.csv: 1 column for which the plan has a constant (X); the values of the export or the constant are required, "
        "not both."
    ]


@pytest.mark.parametrize(
    ("source", "clause"),
    [
        (Source(columns={"x": ()}), "columns of t: x feeds no column"),
        (
            Source(partial={"D": PartialDate("last", "X", not_after="E"), "E": PartialDate("last", "X", "D")}),
            "partial dates t.D, t.E are bounds of each other",
        ),
    ],
)
def test_declaration_that_leads_nowhere(source, clause):
    schema = Schema("t", (ID, TEXT, DATE, Column("E", "date", missing=True)))
    assert clause in source_faults("t", source, schema)


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_factor_that_leaves_nothing_of_a_value(factor):
    with pytest.raises(SpecError, match=r"conversion of N: factor is .*; a positive number is required"):
        Conversion(("N",), factor)


@pytest.mark.parametrize("order", [("D", "E"), ("E", "D")])
def test_bound_that_is_partial_itself_is_imputed_first(tmp_path, order):
    """E becomes 10 February by its own bound, and D the last day of February that is not after it, in either order."""
    rules = {
        "D": PartialDate("last", "DF", not_after="E"),
        "E": PartialDate("earliest-not-before", "EF", not_before="S"),
    }
    columns = [Column(name, "date", missing=True) for name in ("E", "S")]
    flags = [Column(name, "text", missing=True) for name in ("DF", "EF")]
    source = Source(partial={name: rules[name] for name in order})
    text = "USUBJID,D,E,S\na,2026-02,2026-02,2026-02-10\n"
    frame, faults, _ = take_text(tmp_path, text, DATE, *columns, *flags, source=source)
    assert faults == []
    assert frame[["D", "E"]].iloc[0].tolist() == [pd.Timestamp("2026-02-10")] * 2


class TestWords:
    def test_texts_that_the_plan_itself_declares_are_shown(self, tmp_path):
        """They tell no person, and a reader has to find them in the plan; those of an identifier could."""
        source = Source(rows={"event": ("Visit One",), "USUBJID": ("NPC-0001",)}, extra="ignore")
        faults = take_text(tmp_path, "USUBJID,event\nNPC-0002,base\n", source=source)[1]
        assert "('Visit One'; 1 other value)" in faults[0]
        assert "('AAA-9999'; 1 other value)" in faults[1]
        source = Source(codes={"X": {"Female": "F", "Male": "M"}}, blank=("not done",))
        notices = take_text(tmp_path, "USUBJID,X\na,Male\n", TEXT, source=source)[2]
        assert "never occurs (not done);" in notices[0]
        assert "never occurs (Female);" in notices[1]

    def test_truth_value_is_shown(self, tmp_path):
        pd.DataFrame({"USUBJID": ["a"], "N": [True]}).to_parquet(tmp_path / "t.parquet")
        assert take(tmp_path, NUMBER)[1] == ["t.N: 1 row not a number (row 1: True; a truth value); numbers are "
                                            "required."]  # fmt: skip


def test_field_that_would_be_ignored_under_its_new_name(tmp_path):
    source = Source(columns={"x": ("X", "Y")}, extra="ignore")
    assert take_text(tmp_path, "USUBJID,x\na,p\n", TEXT, source=source)[1] == [
        "t.csv: 1 name of the plan's columns not in the data contract of t (Y for x); columns of the contract are "
        "required."
    ]


class TestFiles:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("USUBJID;N\na;1,5\n", "the header has no ',', which is the plan's delimiter, but 1 of ';'; "
                                   "Source(delimiter=';') is required."),
            ("USUBJID\tN\na\t1\n", "the header has no ',', which is the plan's delimiter, but 1 of '\\t'; "
                                   "Source(delimiter='\\t') is required."),
            ("sep=:\nUSUBJID:N\n", "the first line is a spreadsheet's sep=:, and the plan's delimiter is ','; one of "
                                   "',', ';', '\\t', '|' is required."),
        ],
    )  # fmt: skip
    def test_other_delimiter_is_named(self, tmp_path, text, told):
        assert take_text(tmp_path, text, NUMBER)[1] == [f"t.csv: {told}"]

    @pytest.mark.parametrize("first", ["sep=,", "sep=,,", '"sep=,",'])
    def test_first_line_of_a_spreadsheet_that_was_stored_again(self, tmp_path, first):
        frame, faults, _ = take_text(tmp_path, f"{first}\r\nUSUBJID,N\r\na,1\r\n", NUMBER)
        assert faults == []
        assert frame["N"].tolist() == [1.0]

    @pytest.mark.parametrize("header", ['"USUBJID"', "USUBJID"])
    def test_one_column_is_no_other_delimiter(self, tmp_path, header):
        assert take_text(tmp_path, f"{header}\na;b\n")[1] == []

    def test_quoted_name_with_another_delimiter_is_a_name(self, tmp_path):
        frame, faults, _ = take_text(tmp_path, '"a;b"\nx\n', source=Source(columns={"a;b": "USUBJID"}))
        assert faults == []
        assert frame["USUBJID"].tolist() == ["x"]

    def test_quote_in_a_header_is_told_by_its_line(self, tmp_path):
        assert take_text(tmp_path, '"USUBJID"x,N\na,1\n', NUMBER)[1] == [
            "t.csv: cannot be read (line 1: text after a closing quote); a csv file is required."
        ]

    def test_what_is_not_utf8_is_named(self, tmp_path):
        (tmp_path / "t.csv").write_bytes("USUBJID,N\na,1\n".encode("utf-16"))
        assert take(tmp_path, NUMBER)[1] == ["t.csv: a file in UTF-16; a UTF-8 file is required."]
        (tmp_path / "t.csv").write_bytes(b"USUBJID,X\na,\xe9\n")
        assert take(tmp_path, TEXT, source=Source(encoding="cp1252"))[1] == [
            "t.csv: byte 13 (row 1, column X) is not UTF-8; a UTF-8 file is required, whatever encoding='cp1252' in "
            "the plan says."
        ]

    @pytest.mark.parametrize("number", [70, 128, 245])
    def test_character_set_without_a_known_number_has_a_remedy(self, tmp_path, number):
        content = bytearray(gzip.decompress((Path(__file__).parent / "iris.sas7bdat.gz").read_bytes()))
        content[70] = number
        path = tmp_path / "x.sas7bdat"
        path.write_bytes(content)
        with pytest.raises(DataError) as caught:
            read_frame(path)
        assert str(caught.value) == (
            "x.sas7bdat: its character set is not one of those that are known by number; "
            'Source(encoding="...") names another, such as WINDOWS-1252; or export it in UTF-8.'
        )
        assert set(read_frame(path, encoding="mac_roman")["Species"]) == {"setosa", "versic", "virgin"}

    def test_parquet_column_of_times_is_told_or_ignored(self, tmp_path):
        frame = pd.DataFrame({"USUBJID": ["a"], "X": [datetime.time(9, 5)], "extra": [datetime.time(9, 6)]})
        frame.to_parquet(tmp_path / "t.parquet")
        assert take(tmp_path, source=Source(extra="ignore"))[1] == []
        (told,) = take(tmp_path, TEXT, source=Source(extra="ignore"))[1]
        assert told.startswith("t.X: 1 row not plain text (row 1: 99:99:99; a time of day); ")

    def test_parquet_column_of_lists_is_named(self, tmp_path):
        pd.DataFrame({"USUBJID": ["a"], "X": [["p", "q"]]}).to_parquet(tmp_path / "t.parquet")
        assert take(tmp_path, TEXT)[1] == [
            "t.parquet.X: lists, records or other nested values; a column of single values, or a file without it, is "
            "required."
        ]

    def test_identifier_that_is_a_number_asks_for_its_text(self, tmp_path):
        pyreadstat.write_xport(pd.DataFrame({"USUBJID": [1.0]}), tmp_path / "t.xpt")
        (told,) = take(tmp_path)[1]
        assert told.endswith("the export has to say its text.")
