"""What is drawn, in page order."""

from __future__ import annotations

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.courses.displays import Spider, Swimmer, Waterfall
from npcstats.analyses.incidence.displays import CumulativeIncidence, StackedIncidence
from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.toxicity.displays import ToxicityDots
from plan.sessions import EVERY_SESSION

FIGURES = (
    AccrualCourse(
        name="accrual",
        title="Participants enrolled, against the plan.",
        analysis="accrual",
        sessions=EVERY_SESSION,
        width="full",
        x_label="Months since the first day of planned accrual",
    ),
    ToxicityDots(
        name="ae-acute",
        title="Acute adverse events of the higher grades.",
        analysis="ae-acute",
        sessions=EVERY_SESSION,
        width="full",
        level="grade>=3",
        window="acute",
        minimum=0.02,
        limit=15,
    ),
    MarkerCourses(
        name="biomarkers",
        title="Blood biomarkers by visit.",
        analysis="biomarkers",
        sessions=("final", "public"),
        width="full",
    ),
    KaplanMeier(
        name="os",
        title="Overall survival.",
        analysis="os",
        sessions=("final", "public"),
        width="full",
    ),
    KaplanMeier(
        name="pfs",
        title="Progression-free survival.",
        analysis="pfs",
        sessions=("final", "public"),
        width="full",
    ),
    KaplanMeier(
        name="pfs-stage",
        title="Progression-free survival by stage.",
        analysis="pfs-stage",
        sessions=("final",),
        width="full",
    ),
    KaplanMeier(
        name="pfs-ebv",
        title="Progression-free survival from the landmark, by EBV DNA after radiotherapy.",
        analysis="pfs-ebv",
        sessions=("final",),
        width="full",
        x_label="Months since the landmark",
    ),
    CumulativeIncidence(
        name="lrc",
        title="Locoregional recurrence; thin lines: death without it.",
        analysis="lrc",
        sessions=("final",),
        width="full",
        competing=True,
    ),
    CumulativeIncidence(
        name="dm",
        title="Distant metastasis; thin lines: death without it.",
        analysis="dm",
        sessions=("final",),
        width="full",
        competing=True,
    ),
    StackedIncidence(
        name="dm-stacked",
        title="Distant metastasis and death without it, stacked.",
        analysis="dm",
        sessions=("final",),
        width="full",
    ),
    Forest(
        name="pfs-forest",
        title="Progression-free survival in subgroups.",
        analysis="pfs-hr",
        sessions=("final",),
        width="full",
    ),
    ScaledResiduals(
        name="pfs-hazards",
        title="Log hazard ratio of progression or death over time, unadjusted: scaled Schoenfeld residuals.",
        analysis="pfs-hr",
        sessions=("final",),
        width="full",
    ),
    Waterfall(
        name="waterfall",
        title="Best change of the sum of diameters.",
        analysis="best-change",
        sessions=("final",),
        width="full",
    ),
    Spider(
        name="spider",
        title="Change of the sum of diameters over time.",
        analysis="changes",
        sessions=("final",),
        width="full",
        x_label="Months since start of radiotherapy",
    ),
    Swimmer(
        name="swimmer",
        title="Courses of participants with an event.",
        analysis="courses",
        sessions=("final",),
        width="full",
        x_label="Months since start of radiotherapy",
    ),
)
