"""What is said of files and values that cannot be read: where, why, what to do; and never a person."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from npcstats.errors import DataError
from npcstats.readers import PartialDate, Source, read_frame, read_frames
from npcstats.schema import Column, Schema, conform_frame

ID = Column("USUBJID", "identifier")
DATE, NUMBER, TEXT = (
    Column("D", "date", missing=True),
    Column("N", "number", missing=True),
    Column("X", "text", missing=True),
)
SEX = Column("SEX", "text", missing=True, levels=("M", "F"))
END, FLAG = Column("E", "date", missing=True), Column("DF", "text", missing=True)
IRIS = gzip.decompress((Path(__file__).parent / "iris.sas7bdat.gz").read_bytes())


def take(folder, *columns, source=None, ordered=()):
    """Frame, faults and notices of one frame t."""
    schema = Schema("t", (ID, *columns), ordered=ordered)
    taken, faults = read_frames(folder, {"t": schema}, columns={}, sources={"t": source} if source else {})
    if "t" not in taken:
        return None, faults, ()
    frame, told = conform_frame(taken["t"].frame, schema, taken["t"].origin)
    return frame, faults + told, taken["t"].notices


def faults_of(folder, text, *columns, name="t.csv", source=None, ordered=()):
    (folder / name).write_text(text, encoding="utf-8")
    return take(folder, *columns, source=source, ordered=ordered)[1]


def transport(path, cells, width=12, **formats):
    """A transport file of identifiers and of the bytes of one text each."""
    frame = pd.DataFrame({"USUBJID": [f"a{i}" for i in range(len(cells))], "X": ["y" * width] * len(cells)})
    pyreadstat.write_xport(frame, path, file_format_version=5)
    content = path.read_bytes()
    for cell in cells:
        content = content.replace(b"y" * width, cell.ljust(width), 1)
    path.write_bytes(content)


class TestValues:
    def test_each_step_shows_shapes_and_tells_a_value_once(self, tmp_path):
        source = Source(codes={"SEX": {"1": "M", "2": "F"}}, delimiter=";", decimal=",", dates={"D": "date9"})
        text = "USUBJID;SEX;D;N\n1;A123456789;Sample Person;sample.person@example.org\n"
        assert faults_of(tmp_path, text, SEX, DATE, NUMBER, source=source) == [
            "t.N: 1 row not a number (row 1: text of 25 characters); numbers with the decimal mark , are required.",
            "t.SEX: 1 row not in the plan's code list (row 1: A999999999); one of 1, 2 is required.",
            "t.D: 1 row not a date (row 1: Aaaaaa Aaaaaa); dates as DDMMMYYYY are required.",
        ]

    @pytest.mark.parametrize(
        ("text", "reason", "remedy"),
        [
            ("2026-01-01T00:00:00", "a date and time", "the form iso-datetime takes its day"),
            ("2026-02-30", "no such day", ""),
            ("2026-03", "a partial date", "a rule in partial says what it becomes"),
            ("2026-13", "no such month", ""),
            ("02JAN2026", "a day as DDMMMYYYY", "the form date9 reads it"),
            (" 2026-01-01", "blanks around it", ""),
        ],
    )
    def test_reason_that_a_shape_hides_is_said(self, tmp_path, text, reason, remedy):
        (told,) = faults_of(tmp_path, f"USUBJID,D\na,{text}\n", DATE)
        assert f"; {reason})" in told
        assert told.endswith(f"are required; {remedy}." if remedy else "are required.")

    def test_different_reasons_stand_beside_their_rows(self, tmp_path):
        (told,) = faults_of(tmp_path, "USUBJID,D\na,2026-02-30\nb,2026-03\nc,2025\n", DATE)
        assert (
            "(row 1: 9999-99-99 [no such day], row 2: 9999-99 [a partial date], row 3: 2025 [a partial date])" in told
        )

    def test_level_in_other_capitals_and_decimal_comma(self, tmp_path):
        told = faults_of(tmp_path, 'USUBJID,SEX,N\na,m,"1,5"\n', SEX, NUMBER)
        assert told == [
            "t.SEX: 1 row not in the code list (row 1: m; differs from M only in capitals or blanks); one of M, F is "
            "required.",
            "t.N: 1 row not a number (row 1: 1,5; a decimal comma); numbers are required; "
            'decimal="," in the plan\'s source reads it.',
        ]

    @pytest.mark.parametrize("time", ["25:61", "24:00", "10:60", "10:30:60"])
    def test_time_that_does_not_exist(self, tmp_path, time):
        source = Source(dates={"D": "iso-datetime"})
        (told,) = faults_of(tmp_path, f"USUBJID,D\na,2019-02-24 {time}\n", DATE, source=source)
        assert "; no such time)" in told

    @pytest.mark.parametrize(
        "text",
        ["2019-02-24 11:09", "2019-02-24 11:09:30", "2019-02-24T11:09:30.5Z", "2019-02-24T23:59+02:00", "2019-02-24"],
    )
    def test_times_that_are_read_give_their_day_as_it_is_written(self, tmp_path, text):
        (tmp_path / "t.csv").write_text(f"USUBJID,D\na,{text}\n")
        frame, faults, _ = take(tmp_path, DATE, source=Source(dates={"D": "iso-datetime"}))
        assert faults == []
        assert frame["D"].dt.date.astype(str).tolist() == ["2019-02-24"]


class TestHeaders:
    def test_no_cell_of_a_person_where_a_byte_is_not_utf8(self, tmp_path):
        (tmp_path / "t.csv").write_bytes(b"NPC-0001,Sample Person,2026-01-01\nNPC-0002,\xe9,\n")
        assert take(tmp_path)[1] == ["t.csv: byte 44 (row 1, column 2) is not UTF-8; a UTF-8 file is required."]

    def test_lower_case(self, tmp_path):
        assert faults_of(tmp_path, "usubjid, n\na,1\n", NUMBER) == [
            "t: the header's names are not the contract's, but for capitals or blanks (perhaps USUBJID for usubjid, "
            "perhaps N for  n); map them in the plan's columns."
        ]

    def test_delimiter_at_the_end_of_every_line(self, tmp_path):
        (told,) = faults_of(tmp_path, "USUBJID,N,\na,1,\n", NUMBER)
        assert "(column 3 (blank))" in told
        assert told.endswith("the header ends with a delimiter, and each column needs a name.")

    def test_first_line_of_a_spreadsheet(self, tmp_path):
        assert faults_of(tmp_path, "sep=;\nUSUBJID;N\na;1\n", NUMBER) == [
            "t.csv: the first line is a spreadsheet's sep=;, and the plan's delimiter is ','; "
            "Source(delimiter=';') is required."
        ]
        told = faults_of(tmp_path, "sep=;\nUSUBJID;N\na;1\nb;x\n", NUMBER, source=Source(delimiter=";"))
        assert told == ["t.N: 1 row not a number (row 2: x); numbers are required."]

    def test_quote_after_a_backslash(self, tmp_path):
        assert faults_of(tmp_path, 'USUBJID,X\na,"b \\"c\\" d"\n', TEXT) == [
            "t.csv: cannot be read (line 2: a quote after a backslash; inside a field a quote is doubled); "
            "a csv file is required."
        ]

    def test_a_feature_named_after_a_person(self):
        frame = pd.DataFrame({"USUBJID": ["a"], "Sample Person": ["zzzz"], "f_1": ["y"]})
        _, faults = conform_frame(frame, Schema("t", (Column("USUBJID", "identifier"),), features=True))
        assert faults == [
            "t.column 2 (text of 13 characters): 1 row not a number (row 1: aaaa); numbers are required.",
            "t.f_1: 1 row not a number (row 1: y); numbers are required.",
        ]

    def test_thousands_of_unknown_columns_and_an_endless_line(self, tmp_path):
        wide = ",".join(["USUBJID", "N", *(f"Z_{i}" for i in range(5000))])
        (told,) = faults_of(tmp_path, f"{wide}\na{',' * 5001}\n", NUMBER)
        assert told.startswith("t: 5,000 columns are not in the data contract (Z_0, Z_1, Z_2, ")
        assert " and 4,990 more);" in told
        (told,) = faults_of(tmp_path, "USUBJID," + "N" * 11_000_000 + "\na,1\n", NUMBER)
        assert told == (
            "t.csv: a first line of 11,000,008 bytes and 2 columns; a header line with the names of at most 100,000 "
            "columns is required."
        )


class TestFiles:
    @pytest.mark.parametrize("name", ["T.CSV", "t.CSV", "T.csv", "t.csv"])
    def test_capitals_of_a_name_do_not_matter(self, tmp_path, name):
        assert faults_of(tmp_path, "USUBJID,N\na,1\n", NUMBER, name=name) == []

    def test_two_files_that_differ_in_capitals(self, tmp_path):
        (tmp_path / "T.csv").write_text("USUBJID,N\na,1\n")
        told = faults_of(tmp_path, "USUBJID,N\na,1\n", NUMBER)
        assert told[0].endswith(
            "more than one file given for a frame (t: T.csv and t.csv); one file per frame is required."
        )

    def test_file_of_a_source(self, tmp_path):
        transport(tmp_path / "ADT.XPT", [b"b"])
        assert take(tmp_path, TEXT, source=Source(file="ADT.XPT"))[0]["X"].tolist() == ["b"]
        assert take(tmp_path, TEXT, source=Source(file="adt.xpt"))[0]["X"].tolist() == ["b"]


class TestCharacterSets:
    @pytest.mark.parametrize(
        ("charset", "text"),
        [
            ("WINDOWS-1255", "של"), ("cp1255", "אב"), ("WINDOWS-1258", "AE"), ("CP1258", "Đơ"), ("latin1", "é"),
            ("WINDOWS-1252", "don’t"), ("BIG5-HKSCS", "Ê̄a"), ("EUC-JISX0213", "か゚"),
            ("SHIFT_JISX0213", "か゚"), ("GB18030", "李"),
        ],
    )  # fmt: skip
    def test_each_cell_is_read_for_itself(self, tmp_path, charset, text):
        """The last letter of a cell is not kept back for the next one, as iconv does of sets with combining signs."""
        transport(tmp_path / "t.xpt", [text.encode(charset), b"zz", b"E"])
        frame, faults, _ = take(tmp_path, TEXT, source=Source(encoding=charset))
        assert faults == []
        assert frame["X"].tolist() == [text, "zz", "E"]
        assert frame["USUBJID"].tolist() == ["a0", "a1", "a2"]

    @pytest.mark.parametrize(
        "charset", ["ISO-2022-JP", "iso2022_kr", "UTF-7", "HZ", "hz-gb-2312", "UTF-16", "unicode_escape", "rot13",
                    "cp037", "EUC-TW", "TCVN", "none"]
    )  # fmt: skip
    def test_set_in_which_a_cell_means_nothing_alone_is_refused_by_name(self, tmp_path, charset):
        transport(tmp_path / "t.xpt", [b"b"])
        (told,) = take(tmp_path, TEXT, source=Source(encoding=charset))[1]
        assert f"the character set {charset} is not one in which each cell can be read" in told
        assert "export it in UTF-8" in told

    def test_text_in_another_set_is_told_by_row_and_column(self, tmp_path):
        transport(tmp_path / "t.xpt", [b"a", "don’t".encode("cp1252"), b"E"])
        assert take(tmp_path, TEXT)[1] == [
            't.xpt.X: 1 row with text that is not UTF-8 (row 2); Source(encoding="...") names another, such as '
            "WINDOWS-1252; or export it in UTF-8."
        ]

    def test_letter_that_was_cut_in_two_is_told(self, tmp_path):
        transport(tmp_path / "t.xpt", ["日本".encode("shift_jis")[:-1], b"abc"])
        (told,) = take(tmp_path, TEXT, source=Source(encoding="SHIFT_JIS"))[1]
        assert told.startswith("t.xpt.X: 1 row with text that is not SHIFT_JIS (row 1); ")

    @pytest.mark.parametrize(("number", "charset"), [(65, "WINDOWS-1255"), (68, "WINDOWS-1258")])
    def test_set_that_the_header_of_a_sas_file_declares(self, tmp_path, number, charset):
        """Byte 71 of the header; the names and species of the irises are plain letters in both sets."""
        content = bytearray(IRIS)
        content[70] = number
        (tmp_path / "x.sas7bdat").write_bytes(content)
        frame = read_frame(tmp_path / "x.sas7bdat")
        assert list(frame.columns) == ["Sepal_Length", "Sepal_Width", "Petal_Length", "Petal_Width", "Species"]
        assert set(frame["Species"]) == {"setosa", "versic", "virgin"}

    @pytest.mark.parametrize("number", [167, 168, 169, 172])
    def test_stateful_set_that_the_header_declares_is_refused(self, tmp_path, number):
        content = bytearray(IRIS)
        content[70] = number
        (tmp_path / "x.sas7bdat").write_bytes(content)
        with pytest.raises(DataError, match=r"^x\.sas7bdat: .*character set ISO-2022-.* export it in UTF-8"):
            read_frame(tmp_path / "x.sas7bdat")


DAYS = """DATE9 YYMMDDN8 DDMMYYP10 MMDDYYS8 YYMMDDD10 YYMMDDX10 WEEKDATX29 WORDDATX18 E8601DA10 MONYY7 YYMON7 YYQ6
MMYYS7 YEAR4 NLDATE20 JULIAN7 DAY2 QTR1 DOWNAME9 DEUDFDD10"""
SECONDS = (
    """DATETIME20 DTDATE9 E8601DN10 B8601DN8 E8601DZ20 B8601DT15 DATEAMPM22 NLDATM20 DTMONYY7 MDYAMPM25 E8601LX26"""
)


class TestTransport:
    @pytest.mark.parametrize("form", DAYS.split())
    def test_formats_of_days(self, tmp_path, form):
        """2026-01-02 is 24108 days after 1960-01-01: 66 years, 17 of them leap years, and a day."""
        frame = pd.DataFrame({"USUBJID": ["a"], "D": [24108.0]})
        pyreadstat.write_xport(frame, tmp_path / "t.xpt", file_format_version=5, variable_format={"D": form})
        assert take(tmp_path, DATE)[0]["D"].tolist() == [pd.Timestamp("2026-01-02")]

    @pytest.mark.parametrize("form", SECONDS.split())
    def test_formats_of_date_times(self, tmp_path, form):
        frame = pd.DataFrame({"USUBJID": ["a", "b"], "D": [24108.0 * 86_400, 24108.0 * 86_400 + 37_800.25]})
        pyreadstat.write_xport(frame, tmp_path / "t.xpt", file_format_version=5, variable_format={"D": form})
        (told,) = take(tmp_path, DATE)[1]
        assert "1 row not a date (row 2: " in told
        assert "a date and time" in told
        frame, faults, _ = take(tmp_path, DATE, source=Source(dates={"D": "iso-datetime"}))
        assert faults == []
        assert frame["D"].tolist() == [pd.Timestamp("2026-01-02")] * 2

    @pytest.mark.parametrize("form", ["TIME8", "HHMM5", "TOD8", "BEST12", "COMMA8", "E8601TM8", "DOLLAR8"])
    def test_other_formats_are_no_dates(self, tmp_path, form):
        frame = pd.DataFrame({"USUBJID": ["a"], "N": [24108.0]})
        pyreadstat.write_xport(frame, tmp_path / "t.xpt", file_format_version=5, variable_format={"N": form})
        assert take(tmp_path, NUMBER)[0]["N"].tolist() == [24108.0]

    def test_nul_inside_a_text_would_cut_it(self, tmp_path):
        transport(tmp_path / "t.xpt", [b"a", b"b\0c"])
        assert take(tmp_path, TEXT)[1] == [
            "t.xpt.X: 1 row with a NUL character inside a text (row 2); text without it is required."
        ]

    def test_last_row_that_is_torn(self, tmp_path):
        transport(tmp_path / "t.xpt", [b"a"] * 40)
        (tmp_path / "t.xpt").write_bytes((tmp_path / "t.xpt").read_bytes()[:-80])
        (told,) = take(tmp_path, TEXT)[1]
        assert "what follows its last row is no whole row; it is cut short" in told


class TestRows:
    TEXT = "USUBJID,redcap_event_name,X\na,base_arm_1,1\nb,base_arm_1,2\n"

    def test_value_of_rows_that_never_occurs(self, tmp_path):
        source = Source(rows={"redcap_event_name": ("baseline_arm_1",)})
        assert faults_of(tmp_path, self.TEXT, TEXT, source=source) == [
            "t.csv.redcap_event_name: 1 of the plan's values of rows never in 2 rows (baseline_arm_1; 1 other value: "
            "base_arm_1); values that occur are required."
        ]

    def test_values_that_could_tell_a_person_are_counted_only(self, tmp_path):
        source = Source(rows={"X": ("3",)})
        (told,) = faults_of(tmp_path, "USUBJID,X\na,Sample Person\nb,0900-000-000\n", TEXT, source=source)
        assert "('3'; 2 other values); values that occur" in told

    def test_values_that_never_occur_together(self, tmp_path):
        source = Source(rows={"redcap_event_name": ("base_arm_1",), "X": ("3",)}, extra="ignore")
        (told,) = faults_of(tmp_path, self.TEXT + "c,end_arm_1,3\n", TEXT, source=source)
        assert told.startswith("t.csv: no row has a declared value of each of redcap_event_name, X; ")

    def test_column_of_the_contract_stays(self, tmp_path):
        (tmp_path / "t.csv").write_text("USUBJID,X,event\na,1,e\nb,2,e\n")
        frame, faults, _ = take(tmp_path, TEXT, source=Source(rows={"X": ("2",), "event": ("e",)}))
        assert faults == []
        assert frame.to_numpy().tolist() == [["b", "2"]]

    def test_what_never_occurs_is_a_notice(self, tmp_path):
        (tmp_path / "t.csv").write_text("USUBJID,SEX\na,1\n")
        source = Source(codes={"SEX": {"1": "M", "2": "F"}}, blank=("NA",))
        _, faults, notices = take(tmp_path, SEX, source=source)
        assert faults == []
        assert notices == (
            "t.csv: 1 of the plan's texts for missing values never occurs (NA); look whether the export writes "
            "something else.",
            "t.SEX: 1 of the plan's codes never occurs (2); look whether the export writes something else.",
        )

    def test_frame_that_no_filled_row_makes_is_a_notice(self, tmp_path):
        (tmp_path / "t.csv").write_text("USUBJID,X\na,\n")
        frame, faults, notices = take(tmp_path, TEXT, source=Source(filled=("X",)))
        assert (len(frame), faults) == (0, [])
        assert notices[0].startswith("t.csv: no row has a value in X, so none is taken")

    def test_one_field_feeds_two_columns(self, tmp_path):
        (tmp_path / "t.csv").write_text("USUBJID,start\na,2026-01-02\nb,soon\n")
        frame, faults, _ = take(tmp_path, DATE, END, source=Source(columns={"start": ("D", "E")}))
        assert frame["D"].tolist()[0] == frame["E"].tolist()[0] == pd.Timestamp("2026-01-02")
        assert [fault.split(":")[0] for fault in faults] == ["t.D (start in t.csv)", "t.E (start in t.csv)"]


class TestImputed:
    TEXT = (
        "USUBJID,D,E,TRTSDT\na,2026-02,2026-02-10,2026-02-14\nb,2026,2026-03-01,2026-02-14\n"
        "c,2026-02,,2026-02-14\nd,2026-02,2026-02-20,2026-02-14\n"
    )
    COLUMNS = (DATE, END, FLAG, Column("TRTSDT", "date"))

    def test_start_is_held_by_its_end(self, tmp_path):
        """a: treated on the 14th, ended on the 10th; b and d: from the treatment; c: no end is known."""
        (tmp_path / "t.csv").write_text(self.TEXT)
        source = Source(partial={"D": PartialDate("earliest-not-before", "DF", "TRTSDT", not_after="E")})
        frame, faults, _ = take(tmp_path, *self.COLUMNS, source=source, ordered=(("D", "E"),))
        assert faults == []
        assert frame["D"].dt.date.astype(str).tolist() == ["2026-02-10", "2026-02-14", "2026-02-14", "2026-02-14"]
        assert frame["DF"].tolist() == ["D", "M", "D", "D"]

    @pytest.mark.parametrize(("rule", "day"), [("mid", "2026-02-10"), ("last", "2026-02-10")])
    def test_other_rules_have_the_bound_too(self, tmp_path, rule, day):
        (tmp_path / "t.csv").write_text(self.TEXT)
        source = Source(partial={"D": PartialDate(rule, "DF", not_after="E")})
        frame, faults, _ = take(tmp_path, *self.COLUMNS, source=source, ordered=(("D", "E"),))
        assert faults == []
        assert str(frame["D"].iloc[0].date()) == day

    def test_without_a_bound_the_rule_is_named(self, tmp_path):
        source = Source(partial={"D": PartialDate("earliest-not-before", "DF", "TRTSDT")})
        told = faults_of(tmp_path, self.TEXT, *self.COLUMNS, source=source, ordered=(("D", "E"),))
        assert told == [
            "t.E: 1 row before D (row 1: D was imputed by the plan's rule earliest-not-before); a date on or after D "
            "is required; not_before and not_after are the bounds of a rule."
        ]

    def test_bound_that_does_not_exist(self, tmp_path):
        source = Source(partial={"D": PartialDate("mid", "DF", not_after="NONE")})
        told = faults_of(tmp_path, self.TEXT, *self.COLUMNS, source=source)
        assert told[0] == "t.D: its rule needs NONE, which neither t nor adsl has; a date column is required."

    def test_sources_of_one_frame_with_different_rules(self, tmp_path):
        (tmp_path / "a.csv").write_text(self.TEXT)
        sources = (Source(file="a.csv", partial={"D": PartialDate("mid", "DF")}), Source(file="a.csv"))
        told = take(tmp_path, *self.COLUMNS, source=sources)[1]
        assert told[0].startswith("t: its sources differ in partial; ")
