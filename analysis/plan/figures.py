"""What is drawn, in page order; numbers by ICH E3, section 14, together with those of the tables."""

from __future__ import annotations

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.comparison.displays import WeightedCurves
from npcstats.analyses.courses.displays import Spider, Swimmer, Waterfall
from npcstats.analyses.flow.displays import FlowDiagram
from npcstats.analyses.incidence.displays import CumulativeIncidence, StackedIncidence
from npcstats.analyses.propensity.displays import LovePlot, OverlapPlot
from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.analyses.robustness.displays import SpecificationCurve
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.toxicity.displays import ToxicityButterfly, ToxicityDots
from plan.association import ASSOCIATION_FIGURES
from plan.care import CARE_FIGURES
from plan.clearance import CLEARANCE_FIGURES
from plan.features import FEATURES_FIGURES
from plan.gradecourse import GRADECOURSE_FIGURES
from plan.harms import HARMS_FIGURES
from plan.late import LATE_FIGURES
from plan.limits import LIMITS_FIGURES
from plan.mixed import MIXED_FIGURES
from plan.nadir import NADIR_FIGURES
from plan.rates import RATES_FIGURES
from plan.sequential import SEQUENTIAL_FIGURES
from plan.sessions import EVERY_SESSION
from plan.stopping import STOPPING_FIGURES
from plan.tipping import TIPPING_FIGURES
from plan.trends import TRENDS_FIGURES

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
    FlowDiagram(
        name="flow",
        title="Participant flow.",
        number="14.1.1.6",
        analysis="flow",
        sessions=EVERY_SESSION,
        width="full",
    ),
    OverlapPlot(
        name="overlap",
        title="Propensity scores of the arms, as observed and weighted.",
        number="14.1.3.2",
        analysis="balance",
        sessions=("final",),
        width="full",
        blocks=("overlap", "inverse"),
    ),
    LovePlot(
        name="love",
        title="Standardized differences between the arms before and after weighting.",
        number="14.1.3.3",
        analysis="balance",
        sessions=("final",),
        width="full",
        blocks=("overlap", "inverse"),
        order="plan",
        absolute=False,
    ),
    ToxicityDots(
        name="ae-acute",
        title="Acute adverse events of the higher grades.",
        number="14.3.1.4",
        analysis="ae-acute",
        sessions=EVERY_SESSION,
        width="full",
        level="grade>=3",
        window="acute",
        minimum=0.02,
        limit=15,
    ),
    ToxicityButterfly(
        name="ae-butterfly",
        title="Acute adverse events: any grade, and the higher grades.",
        number="14.3.1.5",
        analysis="ae-acute",
        sessions=("final",),
        width="full",
        low="grade>=1",
        high="grade>=3",
        window="acute",
        minimum=0.05,
    ),
    *LATE_FIGURES,
    *HARMS_FIGURES,
    *STOPPING_FIGURES,
    *FEATURES_FIGURES,
    *RATES_FIGURES,
    *GRADECOURSE_FIGURES,
    MarkerCourses(
        name="biomarkers",
        title="Blood biomarkers by visit.",
        number="14.2.7.1",
        analysis="biomarkers",
        sessions=("final", "public"),
        width="full",
    ),
    *TIPPING_FIGURES,
    WeightedCurves(
        name="os-weighted",
        title="Overall survival, weighted; thin lines: as observed.",
        number="14.2.9.5",
        analysis="compare-os",
        sessions=("final",),
        width="full",
        raw=True,
    ),
    WeightedCurves(
        name="pfs-weighted",
        title="Progression-free survival, weighted; thin lines: as observed.",
        number="14.2.9.6",
        analysis="compare-pfs",
        sessions=("final",),
        width="full",
        raw=True,
    ),
    WeightedCurves(
        name="lrc-weighted",
        title="Locoregional recurrence, weighted; thin lines: as observed.",
        number="14.2.9.7",
        analysis="compare-lrc",
        sessions=("final",),
        width="full",
        raw=True,
    ),
    WeightedCurves(
        name="dm-weighted",
        title="Distant metastasis, weighted; thin lines: as observed.",
        number="14.2.9.8",
        analysis="compare-dm",
        sessions=("final",),
        width="full",
        raw=True,
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
    CumulativeIncidence(
        name="lrc-main",
        title="Locoregional recurrence.",
        analysis="lrc",
        sessions=("public",),
        width="full",
    ),
    CumulativeIncidence(
        name="dm-main",
        title="Distant metastasis.",
        analysis="dm",
        sessions=("public",),
        width="full",
    ),
    StackedIncidence(
        name="dm-stacked",
        title="Distant metastasis and death without it, stacked.",
        number="14.2.2.4",
        analysis="dm",
        sessions=("final",),
        width="full",
    ),
    SpecificationCurve(
        name="robust-mucositis-curve",
        title="Acute mucositis: the effect by other choices.",
        number="14.2.10.1",
        analysis="robust-mucositis",
        sessions=("final",),
        width="full",
    ),
    SpecificationCurve(
        name="robust-dermatitis-curve",
        title="Acute radiation dermatitis: the effect by other choices.",
        number="14.2.10.3",
        analysis="robust-dermatitis",
        sessions=("final",),
        width="full",
    ),
    SpecificationCurve(
        name="robust-pfs-curve",
        title="Progression or death: the effect by other choices.",
        number="14.2.10.5",
        analysis="robust-pfs",
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
    *CARE_FIGURES,
    *LIMITS_FIGURES,
    *CLEARANCE_FIGURES,
    *NADIR_FIGURES,
    *ASSOCIATION_FIGURES,
    *MIXED_FIGURES,
    *TRENDS_FIGURES,
    *SEQUENTIAL_FIGURES,
)
