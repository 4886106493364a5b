"""The table of worst grades: classes, bands, contrasts, and whom it leaves out."""

from __future__ import annotations

from tabled import TABLES

from npcstats.results import Results
from npcstats.tables import (
    toxicity_table,
)


def test_a_class_prints_its_own_counts(by_arm: Results) -> None:
    """The row of the class, worst grade over its terms, not a sum of them."""
    lines = {row.cells[0].text: row for row in TABLES["ae-acute"](by_arm).rows}
    found = lines["Gastrointestinal disorders"]
    assert found.kind == "total"
    keys = [next(piece.key for piece in cell.pieces if piece.key) for cell in found.cells[1:]]
    assert {(by_arm.by_key[key].block, by_arm.by_key[key].variable) for key in keys} == {
        ("Gastrointestinal disorders", "all")
    }
    assert [cell.indent for cell in (found.cells[0], lines["Dysphagia"].cells[0])] == [0, 1]


def test_a_table_without_a_term_keeps_its_first_row(results: Results) -> None:
    table = toxicity_table(results, "ae-acute", levels=("grade>=3",), minimum=0.999)
    assert [row.cells[0].text for row in table.rows] == ["Any adverse event"]


def test_header_gives_the_denominator(by_arm: Results) -> None:
    table = TABLES["ae-late-incident"](by_arm)
    heads = [cell.text.replace("\u00a0", " ") for cell in table.spanners]
    assert heads == ["Worst grade, n (%)", "Arm A (N = 108)", "Arm B (N = 111)"]
    assert "Not in the denominator: Arm A 12 (window-open); Arm B 20 (window-open)." in table.notes[0].text


def test_contrast_column_names_arms_band_and_level(by_arm: Results) -> None:
    table = TABLES["ae-acute"](by_arm)
    heads = [cells[-1].text.replace("\u00a0", " ") for cells in (table.spanners, table.header)]
    assert heads == ["A − B, points", "Grade ≥ 3 (95% CI)"]


def test_rare_terms_are_left_out_and_the_note_says_so(by_arm: Results) -> None:
    terms = [row.cells[0].text for row in TABLES["ae-acute"](by_arm).rows]
    assert "Weight loss" not in terms
    assert "Shown: terms with Grade ≥ 2 in at least 5% of any arm." in TABLES["ae-acute"](by_arm).notes[0].text
    everything = [row.cells[0].text for row in TABLES["ae-late"](by_arm).rows]
    assert "Weight loss" in everything
