"""What a plan of grades over time is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import refused
from grade_courses import MOUTH, SPEC

from npcstats.analyses.gradecourse.displays import (
    GradeAreaTable,
    GradeCourseTable,
    GradeHeat,
    MeanGrade,
    PrevalenceTable,
    StackedGrades,
)
from npcstats.analyses.gradecourse.summary import summarize_gradecourse
from npcstats.errors import SpecError

PLACE = {"name": "grades", "title": "Grades", "sessions": ("only",), "analysis": "course"}
STACKED = StackedGrades(**PLACE, width="full", variables=("MOUTH",))
VISITS = {"visits": ("V0", "V1"), "weeks": (0, 3), "width": 0}


@pytest.mark.parametrize("change", [{}, VISITS, {"carried": 0}, {**VISITS, "weeks": (-1.5, 3)}])
def test_entries_without_fault(design, change):
    assert not refused(design, replace(SPEC, **change))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"terms": ()}, "it has no term"),
        ({"terms": (MOUTH, MOUTH)}, "term 'MOUTH' stands twice"),
        ({"terms": (replace(MOUTH, terms=()),)}, "MOUTH has no terms"),
        ({"assessments": ()}, "nothing says who was assessed"),
        ({"carried": -1}, "carried is -1; a whole number of at least 0"),
        ({"carried": 1.5}, "carried is 1.5; a whole number"),
        ({"bands": ()}, r"bands are (); grades from 1 to 5"),
        ({"bands": (0,)}, "bands are (0,); grades from 1 to 5"),
        ({"bands": (2, 2)}, "band '2' stands twice"),
        ({"interval": "normal"}, "interval is 'normal'"),
        ({"difference": "t"}, "difference is 't'"),
        ({"difference": ""}, "difference is empty, but arms are compared"),
        ({"estimand": ""}, "estimand is ''"),
        ({"weeks": (4,)}, "two or more, each above the one before it"),
        ({"weeks": (4, 4)}, "two or more, each above the one before it"),
        ({"weeks": (0.5, 8)}, "whole numbers are required where there are no visits"),
        ({"width": 0}, "width is 0; a whole number of at least 1"),
        ({"width": 29}, "weeks of 29 days overlap"),
        ({**VISITS, "width": 7}, "width is 7, but has no effect: each visit has its window"),
        ({**VISITS, "visits": ("V0", "V0")}, "visit 'V0' stands twice"),
        ({**VISITS, "weeks": (0, 3, 9)}, "2 visits have 3 weeks; one for each is required"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_faults(design, change, told):
    assert any(told in fault for fault in refused(design, replace(SPEC, **change)))


@pytest.mark.parametrize(
    ("display", "told"),
    [
        (replace(STACKED, variables=("SKIN",)), "variable 'SKIN' was not made; one of MOUTH, STOMACH is required"),
        (replace(STACKED, variables=()), "variables are none"),
        (replace(STACKED, variables=("MOUTH", "MOUTH")), "variable 'MOUTH' stands twice"),
        (MeanGrade(**PLACE, width="full", variables=()), "variables are none"),
        (MeanGrade(**PLACE, width="full", variables=("SKIN",)), "variable 'SKIN' was not made"),
        (GradeCourseTable(**PLACE, variables=("SKIN",), total=False), "variable 'SKIN' was not made"),
        (GradeHeat(**PLACE, width="full", level="grade>=3"), "level is 'grade>=3'; one of grade>=1, grade>=2"),
        (PrevalenceTable(**PLACE, level="grade>=3", total=False), "level is 'grade>=3'"),
        (PrevalenceTable(**PLACE, level="grade>=2", variables=("SKIN",), total=False), "variable 'SKIN' was not made"),
    ],
)
def test_displays_that_ask_for_what_was_not_made(display, told):
    assert any(told in fault for fault in display.faults(SPEC))


def test_displays_without_fault():
    shown = (
        STACKED,
        MeanGrade(**PLACE, width="column", variables=("STOMACH", "MOUTH")),
        GradeHeat(**PLACE, width="full", level="grade>=2"),
        GradeCourseTable(**PLACE, total=True),
        GradeAreaTable(**PLACE, total=False),
        PrevalenceTable(**PLACE, level="grade>=1", total=False),
    )
    assert [display.faults(SPEC) for display in shown] == [[]] * len(shown)


def test_faults_are_refused_when_it_is_made(known):
    with pytest.raises(SpecError, match="plan: course: nothing says who was assessed"):
        summarize_gradecourse(known, replace(SPEC, assessments=()))
