"""An export read to a checked study: every fault in its exact words, one meaning in every format."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from npcstats.errors import DataError
from npcstats.study import SYNTHETIC_MARKER, input_schemas, read_study


def faults_of(folder, design):
    """Lines of the one error that reading the export raises."""
    with pytest.raises(DataError) as caught:
        read_study(folder, design)
    return str(caught.value).split("\n")


def edited(text, row, column, value):
    """The CSV text with one field replaced; row 1 is the first record."""
    lines = text.splitlines()
    names, fields = lines[0].split(","), lines[row].split(",")
    fields[names.index(column)] = value
    lines[row] = ",".join(fields)
    return "\n".join(lines) + "\n"


def renamed(text, old, new):
    header, _, rest = text.partition("\n")
    return ",".join(new if name == old else name for name in header.split(",")) + "\n" + rest


def test_export_that_meets_the_contract_is_read_whole(whole):
    assert {name: len(frame) for name, frame in whole.frames.items()} == {
        "adsl": 8, "adscr": 6, "adae": 11, "adlb": 23, "adrad": 1, "adevent": 5, "adassess": 15, "adrs": 1,
        "adex": 9, "adcare": 1, "addv": 6, "adform": 6,
    }  # fmt: skip
    assert not whole.synthetic
    assert whole.cutoff is None
    assert whole.arms == ()


def test_marker_file_makes_a_study_synthetic(write_export, design):
    folder = write_export()
    (folder / SYNTHETIC_MARKER).write_text("made")
    assert read_study(folder, design).synthetic


@pytest.mark.parametrize(
    ("frame", "row", "column", "value", "message"),
    [
        ("adae", 1, "AETOXGR", "6",
         "adae.AETOXGR: 1 row outside 1..5 (row 1: 6); grades are CTCAE integers 1 to 5."),
        ("adae", 1, "AETOXGR", "2.5",
         "adae.AETOXGR: 1 row not a whole number (row 1: 2.5); grades are CTCAE integers 1 to 5."),
        ("adae", 3, "AETOXGR", "",
         "adae.AETOXGR: 1 row without a value (row 3); a value is required in every row."),
        ("adae", 2, "AESER", "Yes",
         "adae.AESER: 1 row not in the code list (row 2: Yes); one of Y, N is required."),
        ("adae", 2, "ASTDT", "15/02/2025",
         "adae.ASTDT: 1 row not a date (row 2: 99/99/9999); ISO 8601 dates (YYYY-MM-DD) are required."),
        ("adae", 2, "ASTDT", "2025-02",
         "adae.ASTDT: 1 row not a date (row 2: 9999-99; a partial date); ISO 8601 dates (YYYY-MM-DD) are required; "
         "a rule in partial says what it becomes."),
        ("adae", 2, "ASTDT", "2025-02-30",
         "adae.ASTDT: 1 row not a date (row 2: 9999-99-99; no such day); ISO 8601 dates (YYYY-MM-DD) are required."),
        ("adae", 5, "AESEQ", "0",
         "adae.AESEQ: 1 row below 1 (row 5: 0); whole numbers of at least 1 are required."),
        ("adsl", 1, "TRT01P", "Z",
         "adsl.TRT01P: 1 row not in the code list (row 1: Z); one of X, Y is required."),
        ("adsl", 8, "AGE", "old",
         "adsl.AGE: 1 row not a number (row 8: old); numbers 0 to 120 are required."),
        ("adsl", 8, "AGE", "1_0",
         "adsl.AGE: 1 row not a number (row 8: 1_0); numbers 0 to 120 are required."),
        ("adsl", 2, "ECOGBL", "inf",
         "adsl.ECOGBL: 1 row outside 0..5 (row 2: inf); whole numbers 0 to 5 are required."),
        ("adae", 5, "AESEQ", "1e400",
         "adae.AESEQ: 1 row not a number (row 5: 1e400); whole numbers of at least 1 are required."),
        ("adsl", 2, "SES", "n/a", "adsl.SES: 1 row not a number (row 2: n/a); numbers are required."),
        ("adsl", 2, "STAGE9", "ii",
         "adsl.STAGE9: 1 row not in the code list (row 2: ii; differs from II only in capitals or blanks); "
         "one of 0, IA, IB, II, III, IV, IVA, IVB is required."),
    ],
)  # fmt: skip
def test_fault_is_told_in_these_words(write_export, design, texts, frame, row, column, value, message):
    folder = write_export({frame: edited(texts[frame], row, column, value)})
    assert faults_of(folder, design) == [message]


@pytest.mark.parametrize(
    ("frame", "row", "column", "value", "message"),
    [
        ("adae", 1, "AENDT", "2025-02-28",
         "adae.AENDT: 1 row before ASTDT (row 1); a date on or after ASTDT is required."),
        ("adsl", 1, "RTENDT", "2025-01-19",
         "adsl.RTENDT: 1 row before RTSTDT (row 1); a date on or after RTSTDT is required."),
        ("adsl", 2, "DTHDT", "2025-03-19",
         "adsl.DTHDT: 1 row before RTENDT (row 2); a date on or after RTENDT is required."),
        ("adex", 1, "EXENDT", "2025-02-10",
         "adex.EXENDT: 1 row before EXSTDT (row 1); a date on or after EXSTDT is required."),
        ("adcare", 1, "CAENDT", "2025-03-04",
         "adcare.CAENDT: 1 row before CASTDT (row 1); a date on or after CASTDT is required."),
    ],
)  # fmt: skip
def test_end_before_its_start_is_a_fault(write_export, design, texts, frame, row, column, value, message):
    assert faults_of(write_export({frame: edited(texts[frame], row, column, value)}), design) == [message]


def test_first_three_rows_of_a_fault_are_shown(write_export, design, texts):
    text = texts["adae"]
    for row, value in ((14 - 11, "6"), (6, "0"), (9, "0"), (10, "7")):
        text = edited(text, row, "AETOXGR", value)
    assert faults_of(write_export({"adae": text}), design) == [
        "adae.AETOXGR: 4 rows outside 1..5 (row 3: 6, row 6: 0, row 9: 0); grades are CTCAE integers 1 to 5."
    ]


def test_missing_column_hints_at_the_nearest_name(write_export, design, texts):
    folder = write_export({"adform": renamed(texts["adform"], "DUEDT", "DUE_DT")})
    assert faults_of(folder, design) == [
        "adform: 1 column is missing (DUEDT, perhaps DUE_DT); all of USUBJID, KIND, AVISIT, DUEDT, RECDT are required.",
        "adform: 1 column is not in the data contract (DUE_DT); map them in the plan's columns or leave them out of "
        "the export.",
    ]


def test_unknown_column_is_refused_except_as_a_feature(write_export, design, texts):
    folder = write_export({"adform": texts["adform"].replace("RECDT", "RECDT,EXTRA").replace(",\n", ",,\n")})
    assert any("not in the data contract (EXTRA)" in fault or "fields" in fault for fault in faults_of(folder, design))
    study = read_study(write_export(name="second"), design)
    assert study["adrad"]["original_firstorder_Mean"].tolist() == [0.1]


def test_column_map_of_the_plan_renames(write_export, design, texts):
    folder = write_export({"adsl": renamed(texts["adsl"], "USUBJID", "patient_id")})
    from_map = read_study(folder, type(design)(**{**vars(design), "columns": {"patient_id": "USUBJID"}}))
    assert from_map["adsl"]["USUBJID"].tolist() == ["P05", "P02", "P08", "P01", "P07", "P03", "P06", "P04"]


def test_participant_who_stands_twice_is_told_by_row(write_export, design, texts):
    lines = texts["adsl"].splitlines()
    folder = write_export({"adsl": "\n".join([*lines, lines[2]]) + "\n"})
    assert faults_of(folder, design) == [
        "adsl.USUBJID: 1 row repeated (row 9 repeats row 2); one row for each participant is required."
    ]


def test_two_rows_without_an_identifier_do_not_repeat_each_other(write_export, design, texts):
    text = edited(edited(texts["adsl"], 1, "USUBJID", ""), 2, "USUBJID", "")
    told = [fault for fault in faults_of(write_export({"adsl": text}), design) if fault.startswith("adsl")]
    assert told == ["adsl.USUBJID: 2 rows without a value (row 1, row 2); a value is required in every row."]


def test_repeated_key_is_told_beside_other_faults_of_the_frame(write_export, design, texts):
    text = edited(edited(texts["adae"], 3, "AESEQ", "2"), 1, "AETOXGR", "6")
    assert faults_of(write_export({"adae": text}), design) == [
        "adae.AETOXGR: 1 row outside 1..5 (row 1: 6); grades are CTCAE integers 1 to 5.",
        "adae.AESEQ: 1 row repeated (row 3 repeats row 2); one row for each combination of USUBJID and AESEQ "
        "is required.",
    ]


def test_record_of_an_unknown_participant(write_export, design, texts):
    folder = write_export({"adcare": texts["adcare"].replace("P02", "P99")})
    assert faults_of(folder, design) == [
        "adcare.USUBJID: 1 row of a participant who is not in adsl (row 1); every record needs its participant in adsl."
    ]


def test_all_faults_of_all_frames_come_at_once(write_export, design, texts):
    folder = write_export(
        {
            "adsl": edited(texts["adsl"], 1, "SEX", "X"),
            "adae": edited(texts["adae"], 1, "AETOXGR", "6"),
            "adlb": edited(texts["adlb"], 1, "ADT", "yesterday"),
            "adrs": None,
        }
    )
    (folder / "adcare.csv").write_bytes(b"USUBJID,KIND\n\xff\xfe,x\n")
    starts = [fault.split(":")[0] for fault in faults_of(folder, design)]
    assert starts == [str(folder), "adcare.csv", "adsl.SEX", "adae.AETOXGR", "adlb.ADT"]


def test_identifiers_never_stand_in_a_message(write_export, design, texts):
    changed = {name: text.replace("P0", "SECRET-") for name, text in texts.items()}
    lines = changed["adsl"].splitlines()
    changed["adsl"] = edited("\n".join([*lines, lines[1]]), 3, "AGE", "-1")
    changed["adcare"] = changed["adcare"].replace("SECRET-2", "SECRET-99")
    changed["adae"] = edited(changed["adae"], 1, "USUBJID", "")
    told = "\n".join(faults_of(write_export(changed), design))
    assert "SECRET" not in told
    assert "adsl.USUBJID" in told
    assert "adae.USUBJID: 1 row without a value (row 1)" in told


def test_missing_frame_and_folder(write_export, design, tmp_path):
    folder = write_export({"adae": None, "adlb": None})
    assert faults_of(folder, design) == [
        f"{folder}: 2 of the required frames missing (adae, adlb); a file NAME.csv (or .parquet, .xpt, .sas7bdat) is "
        "required for each."
    ]
    nowhere = tmp_path / "nowhere"
    assert faults_of(nowhere, design) == [
        f"{nowhere}: there is no such folder; a folder with one file per frame is required."
    ]


def test_missing_adsl_does_not_make_every_participant_a_stray(write_export, design):
    folder = write_export({"adsl": None})
    assert len(faults_of(folder, design)) == 1


def test_frame_in_both_formats_is_refused(write_export, design, whole):
    folder = write_export()
    whole["adrs"].to_parquet(folder / "adrs.parquet")
    assert faults_of(folder, design) == [
        f"{folder}: more than one file given for a frame (adrs: adrs.csv and adrs.parquet); one file per frame is "
        "required."
    ]


def test_column_that_is_named_twice_is_refused(write_export, design, texts):
    """Pandas would rename the second, and a frame of features would take it for another feature."""
    header = "USUBJID,AVISIT,ADT,MODALITY,ROI,REPLICATE,SCANNER,ENTRYDT,feature,feature\n"
    folder = write_export({"adrad": header + "P05,V0,2025-01-15,CT,GTV,1,S1,,0.1,0.2\n"})
    assert faults_of(folder, design) == ["adrad: columns named more than once (feature); each name once is required."]


def test_comma_inside_a_field_does_not_shift_the_row(write_export, design, texts):
    """Pandas cuts a long first row with no more than a warning."""
    folder = write_export({"adcare": "USUBJID,KIND,CASTDT,CAENDT,ENTRYDT\nP02,FEEDING-TUBE,2025-03-05,,,\n"})
    assert faults_of(folder, design) == [
        "adcare.csv: 1 row with another number of fields than the header's 5 (row 1: 6); one field for each column "
        "is required."
    ]
    quoted = texts["adae"].replace("Mucositis oral", '"Mucositis, oral"')
    study = read_study(write_export({"adae": quoted}, name="second"), design)
    assert (study["adae"]["AEDECOD"] == "Mucositis, oral").sum() == 3


def same_study(first, second):
    assert list(first.frames) == list(second.frames)
    for name, frame in first.frames.items():
        pd.testing.assert_frame_equal(frame, second[name], check_exact=True)


def test_parquet_gives_the_same_study_as_csv(whole, design, tmp_path):
    folder = tmp_path / "parquet"
    folder.mkdir()
    for name, frame in whole.frames.items():
        frame.to_parquet(folder / f"{name}.parquet")
    same_study(whole, read_study(folder, design))


def test_parquet_as_other_tools_write_it(whole, design, tmp_path):
    """Text columns with nulls, whole numbers as integers, dates with a time zone: the same study."""
    folder = tmp_path / "parquet"
    folder.mkdir()
    for name, frame in whole.frames.items():
        changed = frame.copy()
        for column in input_schemas(design)[name].columns:
            if column.kind == "text":
                changed[column.name] = changed[column.name].where(changed[column.name] != "", None)
            if column.kind == "integer":
                changed[column.name] = changed[column.name].astype("Int64")
            if column.kind == "date":
                changed[column.name] = changed[column.name].astype("datetime64[us]").dt.tz_localize("UTC")
        changed.to_parquet(folder / f"{name}.parquet")
    same_study(whole, read_study(folder, design))


def test_byte_order_mark_and_carriage_returns_change_nothing(whole, write_export, design, texts):
    changed = {name: "\ufeff" + text.replace("\n", "\r\n") + "\r\n" for name, text in texts.items()}
    same_study(whole, read_study(write_export(changed), design))


def test_column_order_changes_nothing(whole, write_export, design, texts):
    def reversed_columns(text):
        return "".join(",".join(reversed(line.split(","))) + "\n" for line in text.splitlines())

    same_study(whole, read_study(write_export({n: reversed_columns(t) for n, t in texts.items()}), design))


def test_strings_of_pandas_3_change_nothing(whole, write_export, design):
    with pd.option_context("future.infer_string", True):
        study = read_study(write_export(), design)
        text = study["adsl"]["SMOKE"].tolist()
    assert text == whole["adsl"]["SMOKE"].tolist()


def test_missing_value_is_told_under_strings_of_pandas_3(write_export, design, texts):
    folder = write_export({"adsl": edited(texts["adsl"], 1, "SEX", "")})
    with pd.option_context("future.infer_string", True):
        assert faults_of(folder, design) == [
            "adsl.SEX: 1 row without a value (row 1); a value is required in every row."
        ]


def test_empty_frame_with_a_header_is_a_frame(write_export, design, texts):
    header = texts["adae"].splitlines()[0] + "\n"
    study = read_study(write_export({"adae": header}), design)
    assert len(study["adae"]) == 0
    assert str(study["adae"]["ASTDT"].dtype) == "datetime64[s]"
    assert str(study["adae"]["AETOXGR"].dtype) == "float64"


def test_frame_that_is_not_in_the_export_is_asked_for(whole):
    with pytest.raises(DataError, match=r"frame adqs is not in the export; this analysis requires it\.$"):
        whole["adqs"]


def test_path_is_only_read(write_export, design):
    folder = write_export()
    before = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    read_study(folder, design)
    assert {path.name: path.read_bytes() for path in Path(folder).iterdir()} == before


def test_nobody_enrolled_is_a_fault(write_export, design, texts):
    folder = write_export({"adsl": texts["adsl"].splitlines()[0] + "\n"})
    with pytest.raises(DataError, match=r"^export: adsl has no record; at least one participant is required"):
        read_study(folder, design)


def test_a_file_of_almost_the_name_is_not_passed_over(write_export, design, texts):
    """An optional frame under another name would be left out without a word."""
    folder = write_export()
    (folder / "adqss.csv").write_text("USUBJID,PARAMCD,AVAL,ADT\n")
    with pytest.raises(DataError, match=r"files that no frame is read from \(adqss\.csv, perhaps adqs\)"):
        read_study(folder, design)


def test_a_missing_header_line_shows_nobody(write_export, design, texts):
    folder = write_export({"adsl": "\n".join(texts["adsl"].splitlines()[1:])})
    with pytest.raises(DataError) as caught:
        read_study(folder, design)
    assert "adsl: the first line names none of its columns; a header line is required" in str(caught.value)
    assert "P05" not in str(caught.value)


def test_what_may_be_an_identifier_is_shown_by_its_shape(write_export, design, texts):
    """The names of two columns exchanged: identifiers stand where a code is asked for."""
    head, *rest = texts["adsl"].replace("P0", "NPC-00").splitlines()
    swapped = head.replace("USUBJID", "?").replace("SEX", "USUBJID").replace("?", "SEX")
    with pytest.raises(DataError) as caught:
        read_study(write_export({"adsl": "\n".join([swapped, *rest])}), design)
    assert "adsl.SEX" in str(caught.value)
    assert "AAA-999" in str(caught.value)
    assert "NPC" not in str(caught.value)
