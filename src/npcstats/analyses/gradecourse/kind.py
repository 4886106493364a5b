"""What grades over time are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.gradecourse.displays import (
    GradeAreaTable,
    GradeCourseTable,
    GradeHeat,
    MeanGrade,
    PrevalenceTable,
    StackedGrades,
)
from npcstats.analyses.gradecourse.rows import CONVENTIONS, MEASURES
from npcstats.analyses.gradecourse.spec import GradeCourseSpec, gradecourse_faults, gradecourse_idle
from npcstats.analyses.gradecourse.summary import summarize_gradecourse
from npcstats.analyses.kind import Choices, Kind, of_difference
from npcstats.disclosure.withhold import WHOLE

GRADECOURSE = Kind(
    spec=GradeCourseSpec,
    codes=("gradecourse",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_gradecourse,
    displays=(GradeAreaTable, GradeCourseTable, GradeHeat, MeanGrade, PrevalenceTable, StackedGrades),
    choices=Choices(
        faults=gradecourse_faults,
        idle=gradecourse_idle,
        of_pairs=("difference",),
        of_two=("difference",),
        estimand=of_difference,
    ),
    measures=MEASURES,
    conventions=CONVENTIONS,
)
