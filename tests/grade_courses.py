"""A course of grades on the trial of eight, with enough assessments for areas.

Weeks 0, 4, 8 and 12 from the start of radiotherapy, each of 28 days that end with the week; one missed time is
carried. Assessments are added: P05 2025-04-01; P01 02-01 and 05-01; P02 01-15 and 02-15; P03 03-20, 04-10 and 05-10.

=== ========== =========================================================================== ============ ============
who start      what is seen in weeks 0, 4, 8, 12                                           mouth        stomach
=== ========== =========================================================================== ============ ============
P05 2025-01-20 nausea 1 from 01-15 open, mucositis 2 from 02-15 to 04-20; nothing in 8     0 2 (2) 2    1 1 (1) 1
P01 2025-02-20 assessed; nausea 2 from 03-02 to 03-10; nothing in 8; assessed              0 0 (0) 0    0 2 (2) 0
P06 2025-11-01 nothing; nothing; mucositis 3 from 12-01; ends 2026-01-23, after the cut-off - - 3 open  - - 0 open
P02 2025-02-01 assessed; assessed; mucositis 3 from 03-01 to 05-10; nothing                0 0 3 (3)    0 0 0 (0)
P03 2025-04-01 assessed; assessed; assessed; nothing                                       0 0 0 (0)    0 0 0 (0)
P04 2025-04-15 nothing until 2025-06-30, in week 12 (06-10 to 07-07)                       - - - 0      - - - 0
=== ========== =========================================================================== ============ ============

P05, P01 and P06 are in X, the others in Y; carried grades stand in brackets.
"""

from __future__ import annotations

import pandas as pd

from npcstats.analyses.gradecourse.spec import CourseTerm, GradeCourseSpec

MOUTH = CourseTerm("MOUTH", "Mouth", ("Mucositis oral", "Dry mouth"))
STOMACH = CourseTerm("STOMACH", "Stomach", ("Nausea",))
SPEC = GradeCourseSpec(
    id="course",
    label="Grades over time",
    population="BEAM",
    sessions=("only",),
    terms=(MOUTH, STOMACH),
    visits=(),
    weeks=(0, 4, 8, 12),
    origin="RTSTDT",
    width=28,
    assessments=("VITAL", "LOCOREGIONAL", "SYSTEMIC"),
    carried=1,
    bands=(1, 2),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="welch",
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
)
ADDED = {
    "P05": ("2025-04-01",),
    "P01": ("2025-02-01", "2025-05-01"),
    "P02": ("2025-01-15", "2025-02-15"),
    "P03": ("2025-03-20", "2025-04-10", "2025-05-10"),
}


def seen_more(study):
    """The trial of eight with the assessments above."""
    rows = [
        study["adassess"].iloc[[0]].assign(USUBJID=who, KIND="VITAL", ADT=pd.Timestamp(day))
        for who, days in ADDED.items()
        for day in days
    ]
    return study.with_frames({"adassess": pd.concat([study["adassess"], *rows], ignore_index=True)})
