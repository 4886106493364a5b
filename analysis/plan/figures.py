"""What is drawn, in page order; numbers by ICH E3, section 14, together with those of the tables."""

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
        number="14.1.1.1",
        analysis="accrual",
        sessions=EVERY_SESSION,
        width="full",
        x_label="Months since the first day of planned accrual",
    ),
    ToxicityDots(
        name="ae-acute",
        title="Acute adverse events of the higher grades.",
        number="14.3.1.2",
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
        number="14.2.7.1",
        analysis="biomarkers",
        sessions=("final", "public"),
        width="full",
    ),
    KaplanMeier(
        name="os",
        title="Overall survival.",
        number="14.2.1.2",
        analysis="os",
        sessions=("final", "public"),
        width="full",
    ),
    KaplanMeier(
        name="pfs",
        title="Progression-free survival.",
        number="14.2.1.3",
        analysis="pfs",
        sessions=("final", "public"),
        width="full",
    ),
    KaplanMeier(
        name="pfs-stage",
        title="Progression-free survival by stage.",
        number="14.2.1.5",
        analysis="pfs-stage",
        sessions=("final",),
        width="full",
    ),
    KaplanMeier(
        name="pfs-ebv",
        title="Progression-free survival from the landmark, by EBV DNA after radiotherapy.",
        number="14.2.1.7",
        analysis="pfs-ebv",
        sessions=("final",),
        width="full",
        x_label="Months since the landmark",
    ),
    CumulativeIncidence(
        name="lrc",
        title="Locoregional recurrence; thin lines: death without it.",
        number="14.2.2.2",
        analysis="lrc",
        sessions=("final",),
        width="full",
        competing=True,
    ),
    CumulativeIncidence(
        name="dm",
        title="Distant metastasis; thin lines: death without it.",
        number="14.2.2.3",
        analysis="dm",
        sessions=("final",),
        width="full",
        competing=True,
    ),
    StackedIncidence(
        name="dm-stacked",
        title="Distant metastasis and death without it, stacked.",
        number="14.2.2.4",
        analysis="dm",
        sessions=("final",),
        width="full",
    ),
    Forest(
        name="pfs-forest",
        title="Progression-free survival in subgroups.",
        number="14.2.3.3",
        analysis="pfs-hr",
        sessions=("final",),
        width="full",
    ),
    ScaledResiduals(
        name="pfs-hazards",
        title="Log hazard ratio of progression or death over time, unadjusted: scaled Schoenfeld residuals.",
        number="14.2.3.4",
        analysis="pfs-hr",
        sessions=("final",),
        width="full",
    ),
    Waterfall(
        name="waterfall",
        title="Best change of the sum of diameters.",
        number="14.2.5.2",
        analysis="best-change",
        sessions=("final",),
        width="full",
    ),
    Spider(
        name="spider",
        title="Change of the sum of diameters over time.",
        number="14.2.5.3",
        analysis="changes",
        sessions=("final",),
        width="full",
        x_label="Months since start of radiotherapy",
    ),
    Swimmer(
        name="swimmer",
        title="Courses of participants with an event.",
        number="14.2.5.4",
        analysis="courses",
        sessions=("final",),
        width="full",
        x_label="Months since start of radiotherapy",
    ),
)
