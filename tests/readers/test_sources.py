"""What a plan declares of an export, step by step, against values worked out by hand."""

from __future__ import annotations

import datetime
import gzip
import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from npcstats.errors import DataError, SpecError
from npcstats.readers import Conversion, PartialDate, Source, read_frame
from npcstats.schema import Column, Schema
from npcstats.study import Arm, Design, read_study

ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"),
        Column("ENRLDT", "date"),
        Column("TRT01P", "text"),
        Column("TRT01A", "text", missing=True),
        Column("TRTSDT", "date", missing=True),
        Column("WEIGHT", "number", missing=True),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
)
ADAE = Schema(
    "adae",
    (
        Column("USUBJID", "identifier"),
        Column("AETOXGR", "integer", minimum=1, maximum=5),
        Column("ASTDT", "date"),
        Column("ASTDTF", "text", missing=True, levels=("D", "M")),
    ),
    dated="ASTDT",
)
ADLB = Schema(
    "adlb",
    (
        Column("USUBJID", "identifier"),
        Column("PARAMCD", "text", coded=True),
        Column("ADT", "date"),
        Column("AVAL", "number", missing=True),
        Column("AVALU", "text", missing=True, levels=("g/L", "10^9/L")),
        Column("LLOQ", "number", missing=True),
    ),
    dated="ADT",
)

BASE = Design(
    registry="T",
    title="T",
    short_title="T",
    allocation="non-randomized",
    arms=(Arm("X", "Ex"), Arm("Y", "Wye")),
    arm_rule={},
    visits=(),
    populations=(),
    periods=(),
    endpoints=(),
    primary="",
    planned_size=3,
    accrual_start=datetime.date(2025, 1, 1),
    accrual_plan=((0.0, 0.0), (1.0, 1.0)),
    treatment_columns={"adsl": ("TRT01P", "TRT01A")},
    frames=(ADSL,),
)
PEOPLE = "USUBJID,ENRLDT,TRT01P,TRT01A,TRTSDT,WEIGHT\nP1,2026-01-01,X,X,2026-03-10,60.5\nP2,2026-01-02,Y,,2026-05-01,\n"


def export(tmp_path, **texts):
    for name, text in {"adsl": PEOPLE, **texts}.items():
        (tmp_path / f"{name.replace('__', '.')}{'' if '__' in name else '.csv'}").write_text(text, encoding="utf-8")
    return tmp_path


def read(folder, *frames, **sources):
    return read_study(folder, replace(BASE, frames=(ADSL, *frames), sources=sources))


def refused(folder, *frames, **sources):
    with pytest.raises(DataError) as caught:
        read(folder, *frames, **sources)
    return str(caught.value).split("\n")


def days(values):
    return [str(value)[:10] for value in values]


class TestText:
    def test_semicolons_and_decimal_commas(self, tmp_path):
        text = PEOPLE.replace(",", ";").replace("60.5", "60,5")
        study = read(export(tmp_path, adsl=text), adsl=Source(delimiter=";", decimal=","))
        assert study["adsl"]["WEIGHT"].tolist()[0] == 60.5

    @pytest.mark.parametrize("value", ["60.5", "1.060,5", "60,5,0"])
    def test_point_is_not_a_number_where_the_comma_is_declared(self, tmp_path, value):
        text = PEOPLE.replace(",", ";").replace("60.5", value)
        assert refused(export(tmp_path, adsl=text), adsl=Source(delimiter=";", decimal=",")) == [
            f"adsl.WEIGHT: 1 row not a number (row 1: {value}); numbers with the decimal mark , are required.",
        ]

    def test_words_for_missing_are_declared(self, tmp_path):
        text = PEOPLE.replace("2026-05-01,\n", "NA,.\n")
        assert refused(export(tmp_path, adsl=text)) == [
            "adsl.TRTSDT: 1 row not a date (row 2: NA); ISO 8601 dates (YYYY-MM-DD) are required.",
            "adsl.WEIGHT: 1 row not a number (row 2: .); numbers are required.",
        ]
        study = read(tmp_path, adsl=Source(blank=("NA", ".")))
        assert study["adsl"].iloc[1].isna().tolist() == [False, False, False, False, True, True]

    def test_extra_columns_are_refused_or_ignored_as_declared(self, tmp_path):
        text = (
            PEOPLE.replace("WEIGHT\n", "WEIGHT,MORE\n")
            .replace("60.5\n", "60.5,a\n")
            .replace("2026-05-01,\n", "2026-05-01,,b\n")
        )
        assert "1 column is not in the data contract (MORE)" in refused(export(tmp_path, adsl=text))[0]
        assert list(read(tmp_path, adsl=Source(extra="ignore"))["adsl"]) == [c.name for c in ADSL.columns]


class TestNames:
    def test_names_and_codes_of_one_frame(self, tmp_path):
        text = "id,arm,day\n7,1,2026-01-01\n8,2,2026-01-02\n"
        schema = replace(ADSL, columns=ADSL.columns[:4])
        source = Source(
            file="people.csv",
            columns={"id": "USUBJID", "arm": "TRT01P", "day": "ENRLDT"},
            constants={"TRT01A": ""},
            codes={"TRT01P": {"1": "X", "2": "Y"}},
        )
        design = replace(BASE, frames=(schema,), sources={"adsl": source})
        study = read_study(export(tmp_path, people=text), design)
        assert study["adsl"]["TRT01P"].tolist() == ["X", "Y"]
        assert study.files == ("people.csv",)
        export(tmp_path, people=text.replace("8,2", "8,3"))
        with pytest.raises(DataError) as caught:
            read_study(tmp_path, design)
        assert str(caught.value).split("\n")[0] == (
            "adsl.TRT01P (arm in people.csv): 1 row not in the plan's code list (row 2: 3); one of 1, 2 is required."
        )

    def test_column_that_the_plan_names_is_required(self, tmp_path):
        assert refused(export(tmp_path), adsl=Source(columns={"KG": "WEIGHT"})) == [
            "adsl.csv: 1 of the columns that the plan names missing (KG); each of them is required."
        ]

    def test_file_that_the_plan_names_is_required(self, tmp_path):
        assert refused(export(tmp_path), adsl=Source(file="people.xpt")) == [
            f"{tmp_path}: 1 of the plan's files missing (people.xpt); the files that the plan's sources name are "
            "required."
        ]

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            ({"delimiter": ":"}, "delimiter is ':'"),
            ({"decimal": ","}, "delimiter and decimal mark are both"),
            ({"extra": "drop"}, "extra is 'drop'"),
            ({"dates": {"A": "us"}}, "form of date is 'us'"),
            ({"file": "../x.csv"}, r"file is '\.\./x\.csv'"),
            ({"file": "x.xls"}, r"file is 'x\.xls'"),
            ({"partial": {"A": PartialDate("guess", "F")}}, "rule for partial dates is 'guess'"),
        ],
    )
    def test_choices_are_closed_sets(self, source, message):
        with pytest.raises(SpecError, match=rf"^source: {message}"):
            Source(**source)

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            (Source(codes={"NONE": {}}), "code list of adsl.NONE, which does not exist"),
            (Source(dates={"WEIGHT": "date9"}), "form of date of adsl.WEIGHT, which is no date"),
            (Source(partial={"TRTSDT": PartialDate("earliest-not-before", "TRT01A")}), "needs not_before"),
            (Source(conversions=(Conversion(("TRT01P",), 2.0),)), "conversion of adsl.TRT01P, which is no number"),
        ],
    )
    def test_design_refuses_a_source_that_does_not_fit(self, source, message):
        with pytest.raises(SpecError, match=message):
            replace(BASE, sources={"adsl": source})


class TestDates:
    @pytest.mark.parametrize(
        ("form", "text"),
        [
            ("date9", "10MAR2026"), ("date9", "10mar2026"), ("iso-datetime", "2026-03-10T23:59"),
            ("iso-datetime", "2026-03-10"), ("sas-days", "24175"), ("sas-seconds", "2088720000"),
        ],
    )  # fmt: skip
    def test_form_of_a_date_is_declared(self, tmp_path, form, text):
        """2026-03-10 is 66 years with 17 leap days and 68 days after 1960-01-01: 24090 + 17 + 68 = 24175."""
        folder = export(tmp_path, adsl=PEOPLE.replace("2026-03-10", text).replace(",2026-05-01,", ",,"))
        assert days(read(folder, adsl=Source(dates={"TRTSDT": form}))["adsl"]["TRTSDT"]) == ["2026-03-10", "NaT"]

    @pytest.mark.parametrize(
        ("form", "text"),
        [("date9", "10MRZ2026"), ("date9", "2026-03-10"), ("date9", "31FEB2026"), ("iso-datetime", "2026-03-10 24:00"),
         ("sas-days", "24175.5"), ("sas-days", "2026-03-10"), ("sas-seconds", "2088720001"), ("sas-days", "1e300")],
    )  # fmt: skip
    def test_other_form_is_refused_with_its_row(self, tmp_path, form, text):
        folder = export(tmp_path, adsl=PEOPLE.replace("2026-03-10", text).replace(",2026-05-01,", ",,"))
        told = refused(folder, adsl=Source(dates={"TRTSDT": form}))
        assert told[0].startswith("adsl.TRTSDT: 1 row not a date (row 1: ")

    @pytest.mark.parametrize(
        ("text", "shown"),
        [("9999-12-31", "9999-99-99; outside 1900 to 2199"), ("1066-10-14", "9999-99-99; outside 1900 to 2199"),
         ("-001-01-01", "-999-99-99"), ("0000-01-01", "9999-99-99; no such day")],
    )  # fmt: skip
    def test_date_outside_two_centuries_is_no_date(self, tmp_path, text, shown):
        told = refused(export(tmp_path, adsl=PEOPLE.replace("2026-03-10", text)))
        assert told[0].startswith(f"adsl.TRTSDT: 1 row not a date (row 1: {shown}); ISO 8601 dates (YYYY-MM-DD)")

    EVENTS = "USUBJID,AETOXGR,ASTDT\nP1,1,2026-03\nP1,2,2026\nP2,1,2026-03-20\nP2,2,2026-02\nP2,3,2024-02\nP1,1,2025\n"

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ("first", ["2026-03-01", "2026-01-01", "2026-03-20", "2026-02-01", "2024-02-01", "2025-01-01"]),
            ("mid", ["2026-03-15", "2026-07-01", "2026-03-20", "2026-02-15", "2024-02-15", "2025-07-01"]),
            ("last", ["2026-03-31", "2026-12-31", "2026-03-20", "2026-02-28", "2024-02-29", "2025-12-31"]),
            ("earliest-not-before",
             ["2026-03-10", "2026-03-10", "2026-03-20", "2026-02-01", "2024-02-01", "2025-01-01"]),
        ],
    )  # fmt: skip
    def test_partial_date_by_its_rule(self, tmp_path, rule, expected):
        """First doses: P1 2026-03-10, P2 2026-05-01, which lies after all of 2026-02."""
        partial = PartialDate(rule, "ASTDTF", "TRTSDT" if rule == "earliest-not-before" else "")
        study = read(export(tmp_path, adae=self.EVENTS), ADAE, adae=Source(partial={"ASTDT": partial}))
        assert days(study["adae"]["ASTDT"]) == expected
        assert study["adae"]["ASTDTF"].tolist() == ["D", "M", "", "D", "D", "M"]

    def test_partial_date_without_a_rule_is_an_error(self, tmp_path):
        schema = replace(ADAE, columns=ADAE.columns[:3])
        assert refused(export(tmp_path, adae=self.EVENTS), schema) == [
            "adae.ASTDT: 5 rows not a date (row 1: 9999-99, row 2: 2026, row 4: 9999-99; a partial date); ISO 8601 "
            "dates (YYYY-MM-DD) are required; a rule in partial says what it becomes."
        ]

    def test_month_that_does_not_exist_is_not_partial(self, tmp_path):
        source = Source(partial={"ASTDT": PartialDate("first", "ASTDTF")})
        told = refused(export(tmp_path, adae="USUBJID,AETOXGR,ASTDT\nP1,1,2026-13\n"), ADAE, adae=source)
        assert told == [
            "adae.ASTDT: 1 row not a date (row 1: 9999-99; no such month); ISO 8601 dates (YYYY-MM-DD) are required."
        ]


class TestUnits:
    LAB = (
        "USUBJID,PARAMCD,ADT,AVAL,AVALU,LLOQ\nP1,ALB,2026-01-05,3.9,g/dL,0.1\nP1,ALB,2026-01-06,41,g/L,1\n"
        "P1,ALC,2026-01-05,1.4,10^9/L,\nP2,ALB,2026-01-05,,g/dL,0.1\n"
    )

    def test_converted_once_and_only_where_declared(self, tmp_path):
        item = Conversion(("AVAL", "LLOQ"), 10.0, {"PARAMCD": "ALB", "AVALU": "g/dL"}, "AVALU", "g/L")
        lab = read(export(tmp_path, adlb=self.LAB), ADLB, adlb=Source(conversions=(item,)))["adlb"]
        assert lab["AVAL"].tolist()[:3] == [39.0, 41.0, 1.4]
        assert np.isnan(lab["AVAL"].iloc[3])
        assert lab["AVALU"].tolist() == ["g/L", "g/L", "10^9/L", "g/L"]
        assert lab["LLOQ"].tolist()[:2] == [1.0, 1.0]

    def test_unit_that_nobody_declared_is_refused(self, tmp_path):
        assert refused(export(tmp_path, adlb=self.LAB), ADLB) == [
            "adlb.AVALU: 2 rows not in the code list (row 1: a/aA, row 4: a/aA); one of g/L, 10^9/L is required."
        ]

    def test_row_is_not_converted_twice(self, tmp_path):
        items = (Conversion(("AVAL",), 10.0, {"AVALU": "g/dL"}), Conversion(("AVAL",), 2.0, {"PARAMCD": "ALB"}))
        told = refused(export(tmp_path, adlb=self.LAB), ADLB, adlb=Source(conversions=items))
        assert told[0].startswith("adlb.AVAL: 2 rows converted twice (row 1: 3.9, row 4: )")


class TestSas:
    def write(self, folder, values, **formats):
        pyreadstat.write_xport(
            pd.DataFrame(values), folder / "adsl.xpt", file_format_version=5, variable_format=formats
        )

    def values(self):
        return {"USUBJID": ["P1", "P2"], "ENRLDT": [24107.0, 24108.0], "TRT01P": ["X", "Y"], "TRT01A": ["X", ""],
                "TRTSDT": [24175.0, np.nan], "WEIGHT": [60.5, np.nan]}  # fmt: skip

    def test_transport_file_with_dates_by_format(self, tmp_path):
        self.write(tmp_path, self.values(), ENRLDT="DATE9", TRTSDT="YYMMDD10")
        adsl = read(tmp_path)["adsl"]
        assert days(adsl["ENRLDT"]) == ["2026-01-01", "2026-01-02"]
        assert days(adsl["TRTSDT"]) == ["2026-03-10", "NaT"]
        assert adsl["TRT01A"].tolist() == ["X", ""]
        assert adsl["WEIGHT"].tolist()[0] == 60.5

    def test_number_without_a_format_is_not_taken_for_a_date(self, tmp_path):
        self.write(tmp_path, self.values(), ENRLDT="DATE9")
        assert refused(tmp_path) == [
            "adsl.TRTSDT (adsl.xpt): 1 row not a date (row 1: 24175.0; a number); ISO 8601 dates (YYYY-MM-DD) are "
            "required; the forms sas-days and sas-seconds read numbers since 1960-01-01."
        ]
        assert days(read(tmp_path, adsl=Source(dates={"TRTSDT": "sas-days"}))["adsl"]["TRTSDT"])[0] == "2026-03-10"

    def test_number_where_text_is_declared_needs_a_code_list(self, tmp_path):
        self.write(tmp_path, {**self.values(), "TRT01P": [1.0, 2.0]}, ENRLDT="DATE9", TRTSDT="DATE9")
        assert refused(tmp_path)[0].startswith("adsl.TRT01P (adsl.xpt): 2 rows not in the code list (row 1: 1.0")
        study = read(tmp_path, adsl=Source(codes={"TRT01P": {"1": "X", "2": "Y"}}))
        assert study["adsl"]["TRT01P"].tolist() == ["X", "Y"]

    def test_file_cut_short_is_refused(self, tmp_path):
        self.write(tmp_path, self.values(), ENRLDT="DATE9", TRTSDT="DATE9")
        path = tmp_path / "adsl.xpt"
        path.write_bytes(path.read_bytes()[:-7])
        assert "are not whole records of 80; it is cut short" in refused(tmp_path)[0]

    @pytest.mark.parametrize("suffix", ["xpt", "sas7bdat"])
    @pytest.mark.parametrize("content", [b"", b"no SAS file" + b" " * 69, bytes(range(256)) * 5])
    def test_file_that_is_no_sas_file(self, tmp_path, suffix, content):
        (tmp_path / f"x.{suffix}").write_bytes(content)
        with pytest.raises(DataError, match=rf"^x\.{suffix}: cannot be read \(.*\); a {suffix} file is required\.$"):
            read_frame(tmp_path / f"x.{suffix}")

    def test_a_file_that_sas_wrote(self, tmp_path):
        """From the examples of haven (MIT, copyright of its authors): Fisher's irises, species cut to six letters."""
        path, here = tmp_path / "iris.sas7bdat", Path(__file__).parent
        path.write_bytes(gzip.decompress((here / "iris.sas7bdat.gz").read_bytes()))
        expected = json.loads((here.parent / "reference" / "iris.json").read_text())["columns"]
        frame = read_frame(path)
        assert list(frame.columns) == list(expected)
        for name in list(expected)[:4]:
            assert frame[name].tolist() == expected[name]
        assert frame["Species"].tolist() == [name[:6] for name in expected["Species"]]

    @pytest.mark.parametrize("length", [1024, 65_535, 65_536, 80_000, 131_071])
    def test_a_file_that_sas_wrote_cut_short_is_refused(self, tmp_path, length):
        path = tmp_path / "iris.sas7bdat"
        content = gzip.decompress((Path(__file__).parent / "iris.sas7bdat.gz").read_bytes())
        path.write_bytes(content[:length])
        with pytest.raises(DataError, match=r"^iris\.sas7bdat: .* is required\.$"):
            read_frame(path)

    def test_doubles_survive_the_transport_format(self, tmp_path):
        """IBM doubles hold 56 bits of fraction, less 3 for the first digit: 53 are left."""
        numbers = [0.1, 1 / 3, 123456.789, -7.25e-9]
        pyreadstat.write_xport(pd.DataFrame({"V": numbers}), tmp_path / "x.xpt", file_format_version=5)
        assert [struct.pack("<d", v) for v in read_frame(tmp_path / "x.xpt")["V"]] == [
            struct.pack("<d", v) for v in numbers
        ]


class TestRedcap:
    DICTIONARY = (
        'Variable / Field Name,Form Name,Field Type,"Choices, Calculations, OR Slider Labels"\n'
        'record_id,enrolment,text,\nconsent,enrolment,text,\narm,enrolment,radio,"1, Proton | 2, Photon"\n'
        "first_dose,treatment,text,\nweight,treatment,text,\n"
        'ae_grade,adverse_event,dropdown,"1, Mild | 2, Moderate | 3, Severe"\nae_start,adverse_event,text,\n'
    )
    EXPORT = (
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,consent,arm,first_dose,weight,"
        "ae_grade,ae_start\n"
        "1,baseline_arm_1,,,2026-01-01,1,,,,\n"
        "1,treatment_arm_1,,,,,2026-03-10,60.5,,\n"
        "1,follow_arm_1,adverse_event,1,,,,,2,2026-04-01\n"
        "2,baseline_arm_1,,,2026-01-02,2,,,,\n"
        "1,follow_arm_1,adverse_event,2,,,,,3,2026-04-09\n"
        "2,follow_arm_1,adverse_event,1,,,,,1,2026-04-02\n"
    )
    PEOPLE = Source(
        file="export.csv",
        dictionary="dictionary.csv",
        rows={"redcap_repeat_instrument": ("",)},
        one_per=("record_id",),
        columns={
            "record_id": "USUBJID",
            "consent": "ENRLDT",
            "arm": "TRT01P",
            "first_dose": "TRTSDT",
            "weight": "WEIGHT",
        },
        constants={"TRT01A": ""},
        codes={"TRT01P": {"1": "X", "2": "Y"}},
        extra="ignore",
    )
    EVENTS = Source(
        file="export.csv",
        dictionary="dictionary.csv",
        rows={"redcap_repeat_instrument": ("adverse_event",)},
        columns={"record_id": "USUBJID", "ae_grade": "AETOXGR", "ae_start": "ASTDT"},
        constants={"ASTDTF": ""},
        extra="ignore",
    )

    def folder(self, tmp_path, old="", new=""):
        return export(
            tmp_path, export=self.EXPORT.replace(old, new) if old else self.EXPORT, dictionary=self.DICTIONARY
        )

    def test_one_file_gives_participants_and_events(self, tmp_path):
        study = read(self.folder(tmp_path), ADAE, adsl=self.PEOPLE, adae=self.EVENTS)
        adsl, adae = study["adsl"], study["adae"]
        assert adsl["USUBJID"].tolist() == ["1", "2"]
        assert adsl["TRT01P"].tolist() == ["X", "Y"]
        assert days(adsl["TRTSDT"]) == ["2026-03-10", "NaT"]
        assert adsl["WEIGHT"].tolist()[0] == 60.5
        assert list(zip(adae["USUBJID"], adae["AETOXGR"], days(adae["ASTDT"]), strict=True)) == [
            ("1", 2.0, "2026-04-01"), ("1", 3.0, "2026-04-09"), ("2", 1.0, "2026-04-02"),
        ]  # fmt: skip
        assert study.files == ("export.csv", "dictionary.csv")

    def test_rows_are_told_as_they_stand_in_the_file(self, tmp_path):
        folder = self.folder(tmp_path, "3,2026-04-09", "3,soon")
        assert refused(folder, ADAE, adsl=self.PEOPLE, adae=self.EVENTS) == [
            "adae.ASTDT (ae_start in export.csv): 1 row not a date (row 5: aaaa); ISO 8601 dates (YYYY-MM-DD) are "
            "required."
        ]

    def test_value_that_is_no_choice(self, tmp_path):
        folder = self.folder(tmp_path, "3,2026-04-09", "Severe,2026-04-09")
        told = refused(folder, ADAE, adsl=self.PEOPLE, adae=self.EVENTS)
        assert (
            "export.csv.ae_grade: 1 row not among the field's choices (row 5: Aaaaaa); one of 1, 2, 3 is required."
            in told
        )

    def test_code_list_that_differs_from_the_choices(self, tmp_path):
        people = replace(self.PEOPLE, codes={"TRT01P": {"1": "X", "2": "Y", "3": "Y"}})
        told = refused(self.folder(tmp_path), adsl=people)
        assert told == [
            "export.csv.arm: the plan's code list has 1, 2, 3; the field's choices 1, 2 are required, each once."
        ]

    def test_field_of_another_form(self, tmp_path):
        events = replace(self.EVENTS, columns={**self.EVENTS.columns, "weight": "WEIGHT"})
        told = refused(self.folder(tmp_path), ADAE, adsl=self.PEOPLE, adae=events)
        assert told[0].startswith("export.csv: 1 of the plan's fields not on the form adverse_event (weight)")

    def test_field_and_form_that_do_not_exist(self, tmp_path):
        (self.folder(tmp_path) / "dictionary.csv").write_text(self.DICTIONARY.replace("adverse_event", "harm"))
        told = refused(tmp_path, ADAE, adsl=self.PEOPLE, adae=self.EVENTS)
        assert "export.csv: instrument adverse_event is not in the data dictionary" in told[0]

    def test_two_values_of_one_record(self, tmp_path):
        folder = self.folder(tmp_path, "1,treatment_arm_1,,,,,", "1,treatment_arm_1,,,2026-01-09,,")
        assert refused(folder, adsl=self.PEOPLE) == [
            "export.csv.consent: 1 row differs from another row of the same record (row 2 and row 1); one value for "
            "each record_id is required."
        ]

    def test_several_sources_of_one_frame(self, tmp_path):
        """A form with a column for each marker becomes a record for each."""
        text = "id,day,alc,alb\nP1,2026-01-05,1.4,39\nP2,2026-01-06,,41\n"
        common = {"USUBJID": "id", "ADT": "day"}
        sources = tuple(
            Source(
                file="blood.csv",
                filled=(field,),
                columns={**{old: new for new, old in common.items()}, field: "AVAL"},
                constants={"PARAMCD": code, "AVALU": unit, "LLOQ": ""},
                extra="ignore",
            )
            for field, code, unit in (("alc", "ALC", "10^9/L"), ("alb", "ALB", "g/L"))
        )
        folder = export(tmp_path, blood=text)
        lab = read(folder, ADLB, adlb=sources)["adlb"]
        assert list(zip(lab["USUBJID"], lab["PARAMCD"], lab["AVAL"], strict=True)) == [
            ("P1", "ALC", 1.4), ("P1", "ALB", 39.0), ("P2", "ALB", 41.0),
        ]  # fmt: skip
        export(tmp_path, blood=text.replace(",41", ",much"))
        assert refused(folder, ADLB, adlb=sources) == [
            "adlb.AVAL: 1 row not a number (row 2 of blood.csv: aaaa); numbers are required."
        ]


class TestDesign:
    def test_core_of_adsl_is_required(self):
        with pytest.raises(SpecError, match="adsl has no TRT01A"):
            replace(BASE, frames=(replace(ADSL, columns=ADSL.columns[:3]),), treatment_columns={})

    def test_frame_adsl_is_required(self):
        with pytest.raises(SpecError, match="frame adsl is not declared"):
            replace(BASE, frames=())

    def test_date_that_may_be_missing_needs_a_word_on_the_cut_off(self):
        undated = Schema(
            "adae", (Column("USUBJID", "identifier"), Column("ASTDT", "date", missing=True)), dated="ASTDT"
        )
        with pytest.raises(SpecError, match=r"adae\.ASTDT may be missing, or undated says what then"):
            replace(BASE, frames=(ADSL, undated))

    def test_file_of_a_frame_that_is_not_declared_is_not_read(self, tmp_path):
        study = read(export(tmp_path, adae="nonsense\n"))
        assert list(study.frames) == ["adsl"]
