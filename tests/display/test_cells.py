"""What cannot be printed has a letter and a note, and what is absent is an error."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from tabled import FIGURE_SPACE, TABLES, lines_of

from npcstats.errors import ResultsError
from npcstats.results import Results, Row
from npcstats.tables import (
    Table,
    baseline_table,
    response_table,
    survival_table,
)


def marks_and_notes(table: Table) -> tuple[set[str], list[str]]:
    cells = [cell for row in table.rows for cell in row.cells]
    lettered = table.notes[1].text if len(table.notes) > 1 else ""
    return {cell.mark for cell in cells if cell.mark}, re.findall(r"(?:^| )([a-z])\. ", lettered)


def test_every_mark_has_one_note_in_order(table: Table) -> None:
    marks, letters = marks_and_notes(table)
    assert sorted(marks) == letters
    assert letters == sorted(letters)


def test_ne_and_dash_always_have_a_mark(table: Table) -> None:
    for row in table.rows:
        for cell in row.cells[1:]:
            if re.search(r"NE|^–$", cell.text):
                assert cell.mark


def test_marks_come_in_reading_order(table: Table) -> None:
    marks = [cell.mark for row in table.rows for cell in row.cells if cell.mark]
    assert list(dict.fromkeys(marks)) == sorted(set(marks))


def test_note_of_a_missing_value_is_printed_with_its_key(by_arm: Results) -> None:
    table = TABLES["survival"](by_arm)
    notes = [piece for piece in table.notes[1].pieces if piece.style == "note"]
    assert [note.text for note in notes] == [
        "The curve or its limit does not reach one half.",
        "Fewer than 10 participants are at risk at that time.",
    ]
    assert all(by_arm.by_key[note.key].note == note.text for note in notes)


def test_half_an_interval_is_still_printed(by_arm: Results) -> None:
    cells = [row.cells[1] for row in TABLES["survival"](by_arm).rows if "Median survival" in row.cells[0].text]
    assert cells[0].text.replace(FIGURE_SPACE, "") == "34.2 (30.5 to NE)"
    assert cells[0].mark == "a"


def test_a_share_of_nobody_is_not_estimable(by_arm: Results) -> None:
    lines = lines_of(TABLES["completeness"](by_arm))
    assert lines[4][1] == "0 / 0 (NE)"


def test_a_limit_that_is_cut_has_a_letter_and_a_note(by_arm: Results) -> None:
    note = "The upper limit is cut at the largest possible value."

    def cut(row: Row) -> Row:
        limited = row.measure in ("survival", "risk_difference") and row.stat in ("estimate", "ci_low", "ci_high")
        return replace(row, note=note) if limited and not math.isnan(row.value) else row

    for table in (
        survival_table(Results(tuple(map(cut, by_arm.rows)), by_arm.catalogue), ["os"]),
        response_table(Results(tuple(map(cut, by_arm.rows)), by_arm.catalogue), "response"),
    ):
        assert note in table.notes[1].text
        assert any(cell.mark for row in table.rows for cell in row.cells)


def test_an_absent_row_is_an_error(by_arm: Results) -> None:
    gone = "ae-acute|SAF|all|A|B|Gastrointestinal disorders|Dysphagia|grade>=3|acute||risk_difference|ci_low"
    assert gone in by_arm.by_key
    short = Results(tuple(row for row in by_arm.rows if row.key != gone), by_arm.catalogue)
    with pytest.raises(ResultsError, match="no row for analysis='ae-acute'"):
        TABLES["ae-acute"](short)


def test_a_table_of_another_kind_is_refused(by_arm: Results) -> None:
    with pytest.raises(ResultsError, match="of kind 'survival'; kind 'baseline' is required"):
        baseline_table(by_arm, "os")
    with pytest.raises(ResultsError, match="not in the catalogue"):
        baseline_table(by_arm, "nothing")


def test_confidence_levels_may_not_be_mixed(by_arm: Results) -> None:
    def mixed(row: Row) -> Row:
        wanted = row.analysis == "os" and row.measure == "survival" and row.arm == "B" and row.time == 12.0
        return replace(row, conf_level=0.9) if wanted else row

    with pytest.raises(ResultsError, match="several confidence levels"):
        survival_table(Results(tuple(map(mixed, by_arm.rows)), by_arm.catalogue), ["os"])
