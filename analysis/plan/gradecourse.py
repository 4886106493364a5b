"""Grades over time: through radiotherapy by week, and to two years by visit."""

from __future__ import annotations

from npcstats.analyses.gradecourse.displays import (
    GradeAreaTable,
    GradeCourseTable,
    GradeHeat,
    MeanGrade,
    PrevalenceTable,
    StackedGrades,
)
from npcstats.analyses.gradecourse.spec import CourseTerm, GradeCourseSpec
from plan.sessions import CONF_LEVEL, EVERY_SESSION
from plan.toxicity import OTOTOXICITY

CLOSED_AND_FINAL = ("closed", "final")
MUCOSITIS = CourseTerm("MUCOSITIS", "Mucositis oral", ("Mucositis oral",))
DERMATITIS = CourseTerm("DERMATITIS", "Dermatitis radiation", ("Dermatitis radiation",))
DYSPHAGIA = CourseTerm("DYSPHAGIA", "Dysphagia", ("Dysphagia",))
DRYNESS = CourseTerm("DRYNESS", "Dry mouth", ("Dry mouth",))
DYSGEUSIA = CourseTerm("DYSGEUSIA", "Dysgeusia", ("Dysgeusia",))
PAIN = CourseTerm("PAIN", "Oral pain", ("Oral pain",))
FATIGUE = CourseTerm("FATIGUE", "Fatigue", ("Fatigue",))
NUTRITION = CourseTerm("NUTRITION", "Anorexia or weight loss", ("Anorexia", "Weight loss"))
EMESIS = CourseTerm("EMESIS", "Nausea or vomiting", ("Nausea", "Vomiting"))
EAR = CourseTerm("EAR", "Hearing impaired or tinnitus", OTOTOXICITY.terms)
THYROID = CourseTerm("THYROID", "Hypothyroidism", ("Hypothyroidism",))
FIBROSIS = CourseTerm("FIBROSIS", "Fibrosis or trismus", ("Fibrosis deep connective tissue", "Trismus"))

BY_WEEK = GradeCourseSpec(
    id="grades-week",
    label="Grades of adverse events in the weeks of radiotherapy",
    population="RT",
    sessions=CLOSED_AND_FINAL,
    terms=(MUCOSITIS, DERMATITIS, DYSPHAGIA, DRYNESS, DYSGEUSIA, PAIN, FATIGUE, NUTRITION, EMESIS),
    visits=(),
    weeks=(2, 3, 4, 5, 6, 7),
    origin="RTSTDT",
    width=7,
    assessments=("VITAL",),
    carried=1,
    bands=(2, 3),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="welch",
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
)

BY_VISIT = GradeCourseSpec(
    id="grades-visit",
    label="Grades of adverse events from radiotherapy to two years after it",
    population="RT",
    sessions=EVERY_SESSION,
    terms=(MUCOSITIS, DERMATITIS, DYSPHAGIA, DRYNESS, DYSGEUSIA, PAIN, FATIGUE, NUTRITION, EAR, THYROID, FIBROSIS),
    visits=("BL", "MID", "EORT", "W8", "M3", "M6", "M12", "M24"),
    weeks=(0, 3, 7, 14, 20, 33, 59, 111),
    origin="RTSTDT",
    width=0,
    assessments=("VITAL",),
    carried=1,
    bands=(2, 3),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="welch",
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
)

GRADECOURSE_TABLES = (
    GradeAreaTable(
        name="grade-areas-week",
        title="Area under the course of grades in the weeks of radiotherapy (ToxT)",
        number="14.3.8.1",
        sessions=("final",),
        analysis="grades-week",
        total=False,
    ),
    GradeAreaTable(
        name="grade-areas-visit",
        title="Area under the course of grades from radiotherapy to two years after it (ToxT)",
        number="14.3.8.2",
        sessions=("final",),
        analysis="grades-visit",
        total=False,
    ),
    GradeCourseTable(
        name="grade-means-week",
        title="Mean grade in the weeks of radiotherapy",
        number="14.3.8.3",
        sessions=("final",),
        analysis="grades-week",
        total=False,
    ),
    GradeCourseTable(
        name="grade-means-visit",
        title="Mean grade by visit",
        number="14.3.8.4",
        sessions=("final",),
        analysis="grades-visit",
        total=False,
    ),
    PrevalenceTable(
        name="prevalence-week",
        title="Prevalence of severe events in the weeks of radiotherapy",
        number="14.3.8.5",
        sessions=("final",),
        analysis="grades-week",
        level="grade>=3",
        variables=("MUCOSITIS", "DERMATITIS", "DYSPHAGIA", "NUTRITION"),
        total=False,
    ),
    PrevalenceTable(
        name="prevalence-visit",
        title="Prevalence of moderate and severe events by visit",
        number="14.3.8.6",
        sessions=("final",),
        analysis="grades-visit",
        level="grade>=2",
        variables=("DRYNESS", "DYSPHAGIA", "EAR", "THYROID", "FIBROSIS"),
        total=False,
    ),
)

GRADECOURSE_FIGURES = (
    StackedGrades(
        name="grades-stacked-week",
        title="Worst grades in the weeks of radiotherapy.",
        number="14.3.8.7",
        sessions=CLOSED_AND_FINAL,
        analysis="grades-week",
        width="full",
        variables=("MUCOSITIS", "DERMATITIS", "DYSPHAGIA", "NUTRITION"),
    ),
    StackedGrades(
        name="grades-stacked-visit",
        title="Worst grades from radiotherapy to two years after it.",
        number="14.3.8.8",
        sessions=("final",),
        analysis="grades-visit",
        width="full",
        variables=("DRYNESS", "DYSPHAGIA", "EAR"),
    ),
    MeanGrade(
        name="grades-mean-week",
        title="Mean grade in the weeks of radiotherapy.",
        number="14.3.8.9",
        sessions=("final",),
        analysis="grades-week",
        width="full",
        variables=("MUCOSITIS", "DERMATITIS", "DYSPHAGIA", "DRYNESS", "DYSGEUSIA", "PAIN", "FATIGUE", "NUTRITION",
                   "EMESIS"),
    ),
    MeanGrade(
        name="grades-mean-visit",
        title="Mean grade by visit.",
        number="14.3.8.10",
        sessions=("final",),
        analysis="grades-visit",
        width="full",
        variables=("DRYNESS", "DYSPHAGIA", "DYSGEUSIA", "EAR", "THYROID", "FIBROSIS"),
    ),
    GradeHeat(
        name="grades-heat-week",
        title="Prevalence of moderate and severe events in the weeks of radiotherapy.",
        number="14.3.8.11",
        sessions=("final",),
        analysis="grades-week",
        width="full",
        level="grade>=2",
    ),
    GradeHeat(
        name="grades-heat-visit",
        title="Prevalence of moderate and severe events by visit.",
        number="14.3.8.12",
        sessions=EVERY_SESSION,
        analysis="grades-visit",
        width="full",
        level="grade>=2",
    ),
)  # fmt: skip
