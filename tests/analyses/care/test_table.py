"""Tables of care and weight: every cell is its row, by its key; words, notes and columns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cares import CARED, RECORDS, TUBE, WEIGHED, of_item, with_care, with_weights

from npcstats.analyses.care.displays import CareTable, WeightTable
from npcstats.analyses.care.summary import summarize_care
from npcstats.analyses.care.table import care as care_table
from npcstats.analyses.care.table import weight as weight_table
from npcstats.analyses.care.weight import summarize_weight
from npcstats.derive import pool_arms
from npcstats.display.anatomy import FIGURE_SPACE
from npcstats.display.origins import format_row

ASKED = {"name": "t", "title": "T", "sessions": ("only",), "limits": True, "total": True}
CARE, WEIGHT = CareTable(**ASKED, analysis="care"), WeightTable(**ASKED, analysis="weight")


def lines(table):
    """Each line as its words and cells, headings with the lines below them."""
    found, heading = {}, ""
    for row in table.rows:
        words, *cells = (cell.text.replace(FIGURE_SPACE, "").replace("\u00a0", " ") for cell in row.cells)
        heading = words if row.kind == "group" else heading
        found[heading, words] = cells
    return found


def notes(table):
    return " ".join(note.text for note in table.notes).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def results(known):
    return summarize_care(with_care(known), CARED)


@pytest.fixture(scope="module")
def table(results):
    return care_table.tabulate(results, CARE)


@pytest.fixture(scope="module")
def weighed(known):
    return summarize_weight(with_weights(known), WEIGHED)


class TestCare:
    def test_header(self, table):
        words = [cell.text.replace("\u00a0", " ") for cell in table.header]
        assert words == ["Participants, n / N (%; 95% CI)", "Ex (N = 4)", "Wye (N = 3)", "All (N = 7)",
                         "Ex − Wye, points (95% CI)"]  # fmt: skip

    def test_cells(self, table):
        """Limits of 2 of 2 and of 0 of 2: 0.025 ** (1/2) is 15.8 %."""
        found = lines(table)
        assert found["Feeding tube", "Early"][0] == "2 / 2 (100.0; 15.8 to 100.0)"
        before = found["Feeding tube", "first begun before the start of radiotherapy"]
        assert [cell.split(" (")[0] for cell in before] == ["1 / 2", "0 / 3", "1 / 5", ""]
        assert found["Feeding tube", "First course: ended / in place at death / still in place, n"] == [
            "2 / 0 / 1", "1 / 1 / 0", "3 / 1 / 1", ""]  # fmt: skip
        assert found["Feeding tube", "In place 3 months after the end of radiotherapy"][0] == "0 / 2 (0.0; 0.0 to 84.2)"
        assert found["Hospital", "Admissions, n"] == ["0", "3", "3", ""]
        assert found["Hospital", "Days altogether"] == ["0", "6", "6", ""]
        assert found["Hospital", "Days each, median (quartiles)"] == ["NE", "3 (2 to 4)", "3 (2 to 4)", ""]

    def test_what_cannot_be_told_has_its_reason(self, table):
        """Six months after radiotherapy nobody of Wye is alive and followed."""
        cells = lines(table)["Feeding tube", "In place 6 months after the end of radiotherapy"]
        assert [cells[1], cells[3]] == ["NE", "NE"]
        assert "There are no participants." in notes(table)
        assert "nan" not in notes(table)

    def test_who_is_in_no_denominator_is_told(self, table):
        told = notes(table)
        assert (
            "Not in the denominator (Early): Ex 1 (period not complete), 1 (period not known to have begun); all 1"
            in told
        )
        assert (
            "Not in the denominator (3 months): Ex 2 (not so long after that date at the cut-off); Wye 1 (not known"
            in told
        )

    def test_conventions_are_told(self, table):
        told = notes(table)
        assert "Records that overlap, or of which one begins on the last day of another, are counted as one." in told
        assert "The last day of a record is no longer a day with it: feeding tube, hospital." in told
        assert "Pause: 3 days or more." in told
        assert "3 months is day 91, 6 months is day 183" in told
        assert "it ends when it is over or at death" in told
        assert "Not adjusted for baseline differences or for multiplicity." in told

    def test_numbers_are_their_rows(self, results, table):
        pieces = [piece for piece in table.pieces if piece.key]
        assert len(pieces) > 100
        for piece in pieces:
            assert piece.text == format_row(results.by_key[piece.key], piece.style, rounding="half-away"), piece.key

    def test_only_some_items(self, results):
        """Words of others are not there."""
        shown = care_table.tabulate(results, replace(CARE, items=("pause",), limits=False))
        assert {heading for heading, _ in lines(shown)} == {"Pause"}
        assert lines(shown)["Pause", "Early"][0] == "1 / 2 (50.0)"
        assert "Kaplan–Meier" not in notes(shown)
        assert "3 months" not in notes(shown)
        assert "Clopper" not in notes(shown)
        assert shown.header[0].text.replace("\u00a0", " ") == "Participants, n / N (%)"

    def test_pooled(self, known):
        pooled = care_table.tabulate(summarize_care(pool_arms(with_care(known)), CARED), CARE)
        assert [cell.text.replace("\u00a0", " ") for cell in pooled.header[1:]] == ["All participants (N = 7)"]
        assert "Not in the denominator (Early): 1 (period not complete), 1 (period not known" in notes(pooled)

    def test_death_censors_where_the_plan_says_so(self, known):
        spec = replace(of_item(TUBE), at_death="censors")
        shown = care_table.tabulate(summarize_care(with_care(known, RECORDS), spec), CARE)
        assert "who died with it in place is censored at death" in notes(shown)


class TestWeight:
    def test_cells(self, weighed):
        """By hand as in the summary: 5 and 10 % lost of Ex, 2 % gained of the one of Wye who is known."""
        found = lines(weight_table.tabulate(weighed, WEIGHT))
        assert found["", "Weight before treatment, kg, n; mean (SD)"][:2] == ["2; 75.0 (7.1)", "2; 70.0 (28.3)"]
        assert found["Early", "Lowest, change in %, n; mean (SD)"][:2] == ["2; −7.5 (3.5)", "1; 2.0 (NE)"]
        assert found["Early", "Lowest, change in %, median (greatest loss)"][0] == "−7.5 (−10.0)"
        assert found["Early", "Lost 5% or more"][0] == "2 / 2 (100.0; 15.8 to 100.0)"
        assert found["Change at visits", "During, %, n / due; mean (SD)"][0] == "2 / 3; −7.5 (3.5)"

    def test_notes(self, weighed):
        told = notes(weight_table.tabulate(weighed, WEIGHT))
        assert "the last on or before the day of the first dose" in told
        assert "Wye 1 (no weight before treatment), 1 (not weighed)" in told
        assert "There is one value only, so there is no standard deviation." in told

    def test_numbers_are_their_rows(self, weighed):
        table = weight_table.tabulate(weighed, replace(WEIGHT, total=False))
        for piece in table.pieces:
            if piece.key:
                assert piece.text == format_row(weighed.by_key[piece.key], piece.style, rounding="half-away"), piece.key
