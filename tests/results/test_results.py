"""The results table: one row, one scalar, read back bit for bit; keys, vocabulary, and the questions asked of it."""

from __future__ import annotations

import math
import random
import struct
from dataclasses import replace

import numpy as np
import pytest

from npcstats.errors import ResultsError
from npcstats.estimators.types import Interval
from npcstats.provenance import write_provenance
from npcstats.results import (
    COLUMNS,
    KEY_COLUMNS,
    WITHHELD,
    Analysis,
    Catalogue,
    Results,
    Row,
    concat,
    count_rows,
    diff,
    interval_rows,
    is_withheld,
    one,
    open_results,
    read_results,
    results_text,
    select,
    share_rows,
    write_results,
)
from npcstats.results.rows import SETTLED, vocabulary_faults

ENTRY = Analysis("Label, with “quotes” and ≥", "counts", "planned", "ENRL", {"population": "All."}, {}, {}, {"A": "µg"})
CATALOGUE = Catalogue({"cutoff": "2025-12-31"}, {"X": "Ex"}, {"ENRL": "All."}, {"a": ENTRY})


def row(**changed):
    return replace(Row("a", "ENRL", "mean", "estimate", 1.0), **changed)


def table(*rows):
    return Results(tuple(rows), CATALOGUE)


def bits(value):
    return struct.pack("<d", value)


def written_and_read(results, folder):
    write_results(results, folder)
    return read_results(folder)


class TestRoundTrip:
    def test_every_double_comes_back_bit_for_bit(self, tmp_path):
        draw = random.Random(5)
        values = [struct.unpack("<d", struct.pack("<Q", draw.getrandbits(64)))[0] for _ in range(3000)]
        values = [v for v in values if not math.isnan(v)]
        values += [5e-324, 2.2250738585072009e-308, 1.7976931348623157e308, -0.0, 0.0, math.inf, -math.inf, 0.1 + 0.2]
        results = table(*(row(value=value, variable=f"V{i}") for i, value in enumerate(values)))
        found = written_and_read(results, tmp_path)
        assert [bits(r.value) for r in found.rows] == [bits(v) for v in values]

    def test_times_in_keys_come_back(self, tmp_path):
        times = [0.0, 12.0, 1 / 3, 182.625 / 30.4375, 1e-9, 1e22]
        results = table(*(row(time=t) for t in times))
        found = written_and_read(results, tmp_path)
        assert [bits(r.time) for r in found.rows] == [bits(t) for t in times]
        assert list(found.by_key) == list(results.by_key)

    def test_missing_value_comes_back_with_its_note(self, tmp_path):
        note = 'No event, "none", in 5; so: not estimable.'
        found = written_and_read(table(row(value=math.nan, note=note, conf_level=0.95, method="t, exact")), tmp_path)
        assert math.isnan(found.rows[0].value)
        assert (found.rows[0].note, found.rows[0].conf_level, found.rows[0].method) == (note, 0.95, "t, exact")
        assert math.isnan(found.rows[0].time)

    def test_reason_comes_back_and_alone_tells_what_is_withheld(self, tmp_path):
        gone = row(value=math.nan, note="Four or fewer.", reason=WITHHELD)
        worded = row(value=math.nan, note="Withheld: by its words only.", variable="b")
        found = written_and_read(table(gone, worded), tmp_path).rows
        assert [(r.reason, is_withheld(r)) for r in found] == [(WITHHELD, True), ("", False)]

    def test_folder_from_before_there_were_reasons_is_read_without_them(self, tmp_path):
        results = table(row(value=math.nan, note="Withheld: few.", reason=WITHHELD), row(variable="b"))
        write_results(results, tmp_path)
        header, *lines = (tmp_path / "results.csv").read_text().splitlines()
        before = [header.removesuffix(",reason"), *(line.rpartition(",")[0] for line in lines)]
        (tmp_path / "results.csv").write_text("\n".join(before) + "\n")
        found = read_results(tmp_path)
        assert [(r.key, r.note, r.reason) for r in found.rows] == [(r.key, r.note, "") for r in results.rows]
        assert diff(found, results, 0.0) == diff(results, found, 0.0) == ()

    def test_row_that_is_read_is_the_row_that_was_made(self, tmp_path):
        made = row(arm="X", reference="Y", level="b", window="w", time=6.0, unit="mg", method="t", conf_level=0.9)
        found = written_and_read(table(made, row(value=math.nan, note="None.")), tmp_path).rows
        assert found[0] == made
        assert (vars(found[0]).keys() - {"key"}) == (vars(made).keys() - {"key"})
        assert (found[0].key, hash(found[0])) == (made.key, hash(made))
        assert replace(found[0], arm="Z") == replace(made, arm="Z")

    def test_missing_number_by_its_name_is_a_missing_number(self, tmp_path):
        write_results(table(row(value=math.nan, note="None.")), tmp_path)
        file = tmp_path / "results.csv"
        file.write_text(file.read_text().replace("estimate,,", "estimate,nan,"))
        assert read_results(tmp_path).rows == (row(value=math.nan, note="None."),)

    def test_text_comes_back_character_for_character(self, tmp_path):
        text = "Größe ≥ 3, “x” µL; −1"
        found = written_and_read(table(row(variable=text, unit="10^9/L", level="grade>=3")), tmp_path)
        assert found.rows[0].variable == text
        assert found.catalogue == CATALOGUE

    def test_numpy_numbers_are_written_as_numbers(self, tmp_path):
        found = written_and_read(table(row(value=np.float64(0.1), time=np.float64(6.0))), tmp_path)
        assert (found.rows[0].value, found.rows[0].time) == (0.1, 6.0)

    def test_written_again_it_is_the_same_bytes(self, tmp_path):
        results = table(row(), row(variable="b", value=math.nan, note="None."))
        found = written_and_read(results, tmp_path)
        before = (tmp_path / "results.csv").read_bytes(), (tmp_path / "catalogue.json").read_bytes()
        write_results(found, tmp_path)
        assert ((tmp_path / "results.csv").read_bytes(), (tmp_path / "catalogue.json").read_bytes()) == before

    def test_file_is_plain(self):
        text = results_text(table(row(arm="X", time=12.0, value=0.5)))
        assert text == ",".join(COLUMNS) + "\na,ENRL,all,X,,,,,,12,mean,estimate,0.5,,,,,\n"

    def test_folder_is_kept_but_does_not_make_results_another(self, tmp_path):
        results = table(row())
        found = written_and_read(results, tmp_path)
        assert found.folder == tmp_path
        assert found == results


class TestContract:
    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"measure": "Mean"}, "a: measure 'Mean' is not of small letters joined by _"),
            ({"measure": ""}, "a: measure '' is not of small letters joined by _"),
            ({"measure": "mean_"}, "a: measure 'mean_' is not of small letters joined by _"),
            ({"stat": "sd"}, "a: stat 'sd' is not in the vocabulary"),
            ({"value": math.nan}, "no value and no note"),
            ({"variable": "a|b"}, "a key part holds a quote, a line break or '|'"),
            ({"level": 'say "x"'}, "a key part holds a quote, a line break or '|'"),
            ({"block": "a\nb"}, "a key part holds a quote, a line break or '|'"),
            ({"note": "a\r\nb"}, "a unit, method or note holds a line break"),
            ({"value": math.nan, "note": "None.", "reason": "lost"}, "reason 'lost' is not in the vocabulary"),
            ({"reason": WITHHELD}, "reason 'withheld' is not in the vocabulary, or stands beside a value"),
        ],
    )
    def test_row_outside_it_is_refused(self, changed, message):
        with pytest.raises(ResultsError) as caught:
            table(row(**changed))
        assert message in str(caught.value)
        assert str(caught.value).endswith("; unique keys of known terms are required.")

    def test_key_stands_once(self):
        with pytest.raises(ResultsError, match=r"key a\|ENRL\|all\|all\|\|\|\|\|\|\|mean\|estimate stands 2 times"):
            table(row(), row(value=2.0))

    def test_payload_is_not_part_of_the_key(self):
        assert row(unit="mg", method="x", note="n", conf_level=0.9).key == row().key
        assert row().key.split("|") == ["a", "ENRL", "all", "all", "", "", "", "", "", "", "mean", "estimate"]
        assert len(KEY_COLUMNS) == 12

    def test_many_faults_are_counted(self):
        with pytest.raises(ResultsError, match="and 2 more"):
            table(*(row(measure="NO", variable=str(i)) for i in range(5)))


class TestVocabulary:
    def test_measures_that_nobody_declared_are_told_once_for_each_analysis(self):
        rows = [row(), row(measure="average"), row(measure="average", arm="X"), row(analysis="b", measure="average")]
        assert vocabulary_faults(rows, {"mean"}) == [
            "a: measure 'average' is not in the vocabulary",
            "b: measure 'average' is not in the vocabulary",
        ]
        assert vocabulary_faults(rows, {"mean", "average"}) == []


class TestQuestions:
    @pytest.fixture
    def results(self):
        rows = [row(arm=a, variable=v, value=i) for i, (a, v) in enumerate([("X", "p"), ("Y", "p"), ("X", "q")])]
        return table(*rows, row(arm="X", variable="p", time=6.0, value=9.0))

    def test_select_keeps_order_and_takes_several(self, results):
        assert [r.value for r in select(results, arm="X")] == [0, 2, 9]
        assert [r.value for r in select(results, variable=("p", "q"), time=math.nan)] == [0, 1, 2]
        assert [r.value for r in select(results, time=6.0)] == [9]
        assert select(results, analysis="none") == ()
        assert len(select(results, analysis="a")) == 4

    def test_one(self, results):
        assert one(results, arm="Y").value == 1
        with pytest.raises(ResultsError, match=r"^results: 0 rows for arm='Z'; exactly one is required\.$"):
            one(results, arm="Z")
        with pytest.raises(ResultsError, match=r"^results: 3 rows for arm='X' \(first: .*\); exactly one is required"):
            one(results, arm="X")

    def test_column_that_does_not_exist(self, results):
        with pytest.raises(ResultsError, match=r"^results: arms is not a column; one of analysis, population"):
            select(results, arms="X")


class TestConcat:
    def part(self, name, **changed):
        return Results((row(analysis=name),), replace(CATALOGUE, analyses={name: ENTRY}, **changed))

    def test_in_order(self):
        joined = concat([self.part("b"), self.part("a")])
        assert [r.analysis for r in joined.rows] == list(joined.catalogue.analyses) == ["b", "a"]

    def test_refusals(self):
        with pytest.raises(ResultsError, match="nothing to join"):
            concat([])
        with pytest.raises(ResultsError, match="analysis a stands twice"):
            concat([self.part("a"), self.part("a")])
        with pytest.raises(ResultsError, match="different studies or cut-offs"):
            concat([self.part("a"), self.part("b", study={"cutoff": "2026-12-31"})])


class TestDiff:
    def test_equal_tables_have_none(self):
        results = table(row(), row(variable="n", value=math.nan, note="None."))
        assert diff(results, results, 0.0) == ()

    def test_changed_added_and_gone(self):
        old = table(row(variable="same"), row(variable="changed"), row(variable="gone"))
        new = table(row(variable="new"), row(variable="changed", value=2.0), row(variable="same"))
        found = diff(old, new, 0.0)
        assert [(d.old and d.old.variable, d.new and d.new.variable) for d in found] == [
            ("changed", "changed"), ("gone", None), (None, "new"),
        ]  # fmt: skip

    def test_tolerance_is_relative_and_of_values_only(self):
        old, near = table(row(value=1000.0)), table(row(value=1000.0001))
        assert len(diff(old, near, 0.0)) == 1
        assert diff(old, near, 1e-6) == ()
        assert len(diff(old, table(row(value=1000.0, note="New.")), 1.0)) == 1
        settled, withheld = (table(row(value=math.nan, note="None.", reason=reason)) for reason in (SETTLED, WITHHELD))
        assert len(diff(settled, withheld, 1.0)) == 1
        assert len(diff(table(row(value=0.0)), table(row(value=1e-300)), 1e-6)) == 1

    def test_number_that_became_inestimable_differs(self):
        note = "None."
        assert len(diff(table(row(note=note)), table(row(value=math.nan, note=note)), 1.0)) == 1


class TestHelpers:
    def test_interval(self):
        found = interval_rows(row(arm="X"), Interval(0.5, 0.1, math.nan, 0.9, "wilson", "Why."))
        assert [(r.stat, r.conf_level, r.method, r.note, r.arm) for r in found] == [
            (stat, 0.9, "wilson", "Why.", "X") for stat in ("estimate", "ci_low", "ci_high")
        ]
        assert [r.value for r in found[:2]] == [0.5, 0.1]

    def test_counts_and_shares(self):
        assert [(r.stat, r.value) for r in count_rows(row(), 2, 8)] == [("count", 2), ("total", 8)]
        assert [r.value for r in share_rows(row(), 2, 8)] == [2, 8, 0.25]
        empty = share_rows(row(), 0, 0)[2]
        assert math.isnan(empty.value)
        assert empty.note == "Nobody is in the denominator."


class TestFolder:
    def test_missing_or_other_files(self, tmp_path):
        with pytest.raises(ResultsError, match=r"No such file or directory \(results\.csv\)"):
            read_results(tmp_path)
        write_results(table(row()), tmp_path)
        (tmp_path / "results.csv").write_text("a,b\n1,2\n")
        with pytest.raises(ResultsError, match="not a results folder"):
            read_results(tmp_path)
        write_results(table(row()), tmp_path)
        (tmp_path / "catalogue.json").write_text("{}")
        with pytest.raises(ResultsError, match="not a results folder"):
            read_results(tmp_path)

    def test_session_of_the_run_that_is_reported(self, tmp_path, monkeypatch):
        (tmp_path / "shut").mkdir()
        write_results(table(row()), tmp_path / "shut")
        write_provenance(tmp_path / "shut", {})
        monkeypatch.setenv("NPCSTATS_RESULTS", str(tmp_path))
        assert open_results("shut").rows == (row(),)
        with pytest.raises(ResultsError, match=r"no results of session 'front'; `npcstats results` makes them\.$"):
            open_results("front")

    def test_results_beside_the_nearest_project(self, tmp_path, monkeypatch):
        monkeypatch.delenv("NPCSTATS_RESULTS", raising=False)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ResultsError, match=r"no _quarto\.yml here or above"):
            open_results("shut")
        (tmp_path / "_quarto.yml").write_text("")
        folder = tmp_path / "analysis" / "results" / "shut"
        folder.mkdir(parents=True)
        (tmp_path / "reports").mkdir()
        write_results(table(row()), folder)
        write_provenance(folder, {})
        monkeypatch.chdir(tmp_path / "reports")
        assert open_results("shut").folder == folder
