"""Tables of grades over time: what each cell prints is what stands in its row."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from grade_courses import SPEC, seen_more
from tabled import lines_of

from npcstats.analyses.gradecourse.displays import GradeAreaTable, GradeCourseTable, PrevalenceTable
from npcstats.analyses.gradecourse.summary import summarize_gradecourse
from npcstats.analyses.gradecourse.table import tabulate_areas, tabulate_means, tabulate_prevalence
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import ResultsError

PLACE = {"name": "grades", "title": "Grades", "sessions": ("only",), "analysis": "course"}
MEANS = GradeCourseTable(**PLACE, total=False)
AREAS = GradeAreaTable(**PLACE, total=False)
PREVALENCE = PrevalenceTable(**PLACE, level="grade>=2", variables=("MOUTH",), total=True)


@pytest.fixture(scope="module")
def results(known):
    return summarize_gradecourse(seen_more(known), SPEC)


def notes(table):
    return " ".join(note.text for note in table.notes)


def printed(table):
    """Lines with breaking blanks."""
    return [[cell.replace("\u00a0", " ") for cell in line] for line in lines_of(table)]


def test_means_stand_beside_their_denominators(results):
    """By hand in `test_summary`: X in week 8 has the mean 5/3, SE the root of 7/9."""
    table = tabulate_means(results, MEANS)
    assert [cell.text for cell in table.header] == ["Time", "Week 0", "Week 4", "Week 8", "Week 12"]
    found = printed(table)
    assert found[:5] == [
        ["Ex (N = 3), participants"],
        ["With a grade", "2", "2", "3", "2"],
        ["carried", "0", "0", "2", "0"],
        ["not assessed", "1", "1", "0", "0"],
        ["not over yet", "0", "0", "0", "1"],
    ]
    place = found.index(["Mouth, mean grade (SE)"])
    assert found[place + 1] == ["Ex", "0.00 (0.00)", "1.00 (1.00)", "1.67 (0.88)", "1.00 (1.00)"]
    assert found[place + 2] == ["Wye", "0.00 (0.00)", "0.00 (0.00)", "1.50 (1.50)", "1.00 (1.00)"]


def test_every_number_has_its_row(results):
    for table in (tabulate_means(results, MEANS), tabulate_areas(results, AREAS)):
        keyed = [piece for piece in table.pieces if piece.key]
        assert len(keyed) > 20
        assert all(piece.key in results.by_key for piece in keyed)


def test_areas_and_who_has_none(results):
    found = printed(tabulate_areas(results, AREAS))
    assert found[0][:5] == ["Mouth", "2", "10.0 (14.1)", "2", "9.0 (12.7)"]
    assert found[0][5].startswith("1.0 (")
    assert found[1][:5] == ["Stomach", "2", "14.0 (2.8)", "2", "0.0 (0.0)"]
    assert found[2:] == [
        ["Without an area"], ["not assessed", "0", "", "1", "", ""], ["not over yet", "1", "", "0", "", ""],
    ]  # fmt: skip
    assert "Not adjusted" in notes(tabulate_areas(results, AREAS))
    assert "at most one missed time" in notes(tabulate_areas(results, AREAS))


def test_prevalence_has_limits_and_everyone(results):
    """Week 0: none of 2, up to 1 - 0.025^(1/2) = 84.2 %; of all 4, up to 1 - 0.025^(1/4) = 60.2 %."""
    found = printed(tabulate_prevalence(results, PREVALENCE))
    assert found[0] == ["Mouth, grade ≥ 2"]
    assert found[1] == [
        "Week 0",
        "0 / 2",
        "0.0 (0.0 to 84.2)",
        "0 / 2",
        "0.0 (0.0 to 84.2)",
        "0 / 4",
        "0.0 (0.0 to 60.2)",
    ]
    assert found[3][1:3] == ["2 / 3", "66.7 (9.4 to 99.2)"]


def test_what_cannot_be_estimated_is_ne_with_its_reason(known):
    frames = {"adae": known["adae"].iloc[:0], "adassess": known["adassess"].iloc[:0]}
    nobody = summarize_gradecourse(known.with_frames(frames), SPEC)
    for table in (
        tabulate_means(nobody, MEANS),
        tabulate_areas(nobody, AREAS),
        tabulate_prevalence(nobody, PREVALENCE),
    ):
        cells = [cell for row in table.rows for cell in row.cells if cell.text.startswith("NE")]
        assert cells
        assert all(cell.mark for cell in cells)
        assert "nan" not in " ".join(cell.text for row in table.rows for cell in row.cells)


def test_pooled_has_one_column_and_no_difference(known):
    pooled = summarize_gradecourse(pool_arms(seen_more(known)), SPEC)
    table = tabulate_areas(pooled, AREAS)
    assert [cell.text.replace("\u00a0", " ") for cell in table.spanners] == [
        "Area, grade-weeks",
        "All participants (N = 6)",
    ]
    assert "Not adjusted" not in notes(table)


def test_masked_arms_are_letters(known):
    masked = summarize_gradecourse(mask_arms(seen_more(known), {"X": "B", "Y": "A"}), SPEC)
    words = " ".join(cell.text for row in tabulate_means(masked, MEANS).rows for cell in row.cells)
    assert "Ex" not in words
    assert "Wye" not in words


def test_undated_events_are_told(known):
    study = seen_more(known)
    adae = study["adae"].copy()
    adae.loc[(adae["USUBJID"] == "P05") & (adae["AEDECOD"] == "Mucositis oral"), "ASTDT"] = pd.NaT
    found = summarize_gradecourse(study.with_frames({"adae": adae}), SPEC)
    assert "Events without a date of onset, counted at no time: Ex 1 (Mouth)." in notes(tabulate_means(found, MEANS))


def test_a_term_that_was_not_made_is_refused(results):
    with pytest.raises(ResultsError, match="variable 'SKIN' was not made; one of MOUTH, STOMACH is required"):
        tabulate_means(results, replace(MEANS, variables=("SKIN",)))
