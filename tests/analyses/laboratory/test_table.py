"""The tables of laboratory toxicity: every line by hand as in ``test_summary``, keys of numbers, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from laboratories import CELLS, NEUTROPHILS, examined, values_frame

from npcstats.analyses.laboratory.displays import AgreementTable, LaboratoryWorst, NadirTable, ShiftTable
from npcstats.analyses.laboratory.summary import summarize_laboratory
from npcstats.derive import pool_arms
from npcstats.errors import ResultsError
from npcstats.run.displays import display_faults

COMMON = {"title": "Cells", "sessions": ("only",), "analysis": "cells", "window": "early", "total": True}
SHIFT = ShiftTable(name="shift", **COMMON)
WORST = LaboratoryWorst(name="worst", bands=(1, 3, 4), **COMMON)
NADIR = NadirTable(name="nadir", **COMMON)
AGREES = AgreementTable(name="agrees", **COMMON)
TABLES = (SHIFT, WORST, NADIR, AGREES)


@pytest.fixture(scope="module")
def study(known):
    return examined(known)


@pytest.fixture(scope="module")
def results(study):
    return summarize_laboratory(study, CELLS)


def plain(text):
    return " ".join(text.replace("\u2007", "").replace("\u00a0", " ").split())


def lines(results, table):
    return [[plain(cell.text) for cell in row.cells] for row in table.make(results, table).rows]


def notes(results, table):
    return " ".join("".join(piece.text for piece in note.pieces) for note in table.make(results, table).notes)


def test_shifts(results):
    """Grades 0 to 4 but 2, which nobody reached; nobody's is unknown."""
    made = SHIFT.make(results, SHIFT)
    assert [cell.text for cell in made.header] == ["0", "1", "3", "4", "Not measured"] * 3
    found = lines(results, SHIFT)
    assert found[0] == ["Neutrophils"]
    assert found[1] == ["Grade 0", *"00000", *"01001", *"01001"]
    assert found[2] == ["Grade 1", *"00100", *"00000", *"00100"]
    assert found[3] == ["Grade 3", *"00000", *"00010", *"00010"]
    assert found[4] == ["Not measured", *"00100", *"00000", *"00100"]
    assert "worst grades that nobody reached, are not shown" in notes(results, SHIFT)


def test_a_grade_that_one_parameter_cannot_have_is_a_dash_with_its_reason(study):
    """Hemoglobin has no grade 4: beside neutrophils, of which P02 had it."""
    hemoglobin = replace(NEUTROPHILS, code="HGB", label="Hemoglobin", term="Anemia", unit="g/dL")
    spec = replace(CELLS, parameters=(NEUTROPHILS, hemoglobin), agreement=None)
    found = summarize_laboratory(study, spec)
    (row,) = [line for line in lines(found, SHIFT)[5:] if line[0] == "Not measured"]
    assert row == ["Not measured", "0", "0", "0", "–", "2", "0", "0", "0", "–", "3", "0", "0", "0", "–", "5"]
    assert "a. Values of this parameter are not graded so high." in notes(found, SHIFT)


def test_worst_grades(results):
    """0 of 2 has the exact upper limit 1 - 0.025^(1/2), 2 of 2 its complement."""
    found = {line[0]: line[1:] for line in lines(results, WORST)}
    assert found["Neutrophils"][:3] == [
        "0 not measured, 1 without baseline", "1 not measured, 0 without baseline",
        "1 not measured, 1 without baseline",
    ]  # fmt: skip
    assert found["Grade ≥ 1"][0] == "2 / 2 (100.0; 15.8 to 100.0)"
    assert found["Grade ≥ 4"][0] == "0 / 2 (0.0; 0.0 to 84.2)"
    assert found["Grade ≥ 4"][3].startswith("−50.0 (")
    assert "Grade ≥ 2" not in found
    assert "not adjusted" in notes(results, WORST).lower()


def test_who_is_not_known_to_reach_a_band_has_a_line(study):
    frame = values_frame([("P03", "2025-03-20", 2.0), ("P03", "2025-05-01", 1.79)]).assign(
        ANRLO=float("nan"), ANRHI=9.0
    )
    spec = replace(CELLS, parameters=(replace(NEUTROPHILS, recorded_limits=True, limits=()),))
    found = lines(summarize_laboratory(study.with_frames({"adlb": frame}), spec), WORST)
    assert [line[0] for line in found] == ["Neutrophils", "Grade ≥ 1", "Not known", "Grade ≥ 3", "Grade ≥ 4"]
    assert found[2][1:4] == ["0", "1", "1"]


def test_worst_values(results):
    """As in the summary: medians 0.70 and 1.10 (of 1.095), days 16 and 45 (of 44.5), recovery 82 (of 81.5) and 7."""
    found = {line[0]: line[1:] for line in lines(results, NADIR)}
    assert found["Neutrophils, 10⁹/L"] == ["2 measured", "2 measured", "4 measured"]
    assert found["Worst value, median (quartiles)"][:2] == ["0.70 (0.50 to 0.90)", "1.10 (0.40 to 1.79)"]
    assert found["Day of it, median (quartiles)"][:2] == ["16 (1 to 31)", "45 (30 to 59)"]
    assert found["Recovered, n / N"] == ["1 / 2", "1 / 1", "2 / 3"]
    told = found["Days to recovery, median (95% CI)"]
    assert [text.split(" (")[0] for text in told] == ["82", "7", "28"]


def test_agreement(results):
    (_, row) = lines(results, AGREES)
    assert row == ["Grade ≥ 3", *"1100", *"0111", *"1211"]
    assert "up to 7 days before the event began" in notes(results, AGREES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_number_names_its_row(results, table):
    made = table.make(results, table)
    pieces = [piece for row in made.rows for cell in row.cells[1:] for piece in cell.pieces]
    printed = [piece for piece in pieces if any(map(str.isdigit, piece.text))]
    assert printed
    assert all(piece.key in results.by_key for piece in printed)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_pooled_has_one_group_and_no_difference(study, table):
    found = summarize_laboratory(pool_arms(study), replace(CELLS, difference="", estimand=""))
    made = table.make(found, table)
    heads = "".join(cell.text for cell in (*made.spanners, *made.header))
    assert "All participants" in heads
    assert "points" not in heads
    assert "nan" not in "".join(piece.text for piece in made.pieces)
    assert "adjusted" not in notes(found, table)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_nothing_measured_prints_reasons(study, table):
    found = summarize_laboratory(study.with_frames({"adlb": values_frame([("P05", None, 1.0)])}), CELLS)
    made = table.make(found, table)
    assert "nan" not in "".join(piece.text for piece in made.pieces)
    marked = {cell.mark for row in made.rows for cell in row.cells if "NE" in cell.text}
    assert "" not in marked


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        (SHIFT, {"window": "late"}, "window is 'late'"),
        (SHIFT, {"parameters": ("HGB",)}, "parameter 'HGB' is not in cells"),
        (SHIFT, {"parameters": ("ANC", "ANC")}, "parameter 'ANC' stands twice"),
        (WORST, {"bands": ()}, "it shows no band"),
        (WORST, {"bands": (5,)}, "band 5 is none of 1, 2, 3, 4"),
        (NADIR, {"window": "late"}, "window is 'late'"),
        (AGREES, {"window": "late"}, "window is 'late'"),
    ],
)
def test_faults(table, change, message):
    (found,) = display_faults({"table": (replace(table, **change),)}, (CELLS,), ())
    assert message in found


def test_agreement_that_is_not_asked_for():
    (found,) = display_faults({"table": (AGREES,)}, (replace(CELLS, agreement=None),), ())
    assert "cells does not ask whether values and events agree" in found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_an_analysis_of_another_kind(by_arm, table):
    with pytest.raises(ResultsError, match="laboratory"):
        table.make(by_arm, replace(table, analysis="os"))
