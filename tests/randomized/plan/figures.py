"""What is drawn, in page order."""

from __future__ import annotations

from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.incidence.displays import CumulativeIncidence
from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.toxicity.displays import ToxicityDots

FIGURES = (
    KaplanMeier(
        name="os",
        title="Overall survival.",
        analysis="os",
        sessions=("final",),
        width="full",
        x_label="Months since randomisation",
    ),
    KaplanMeier(
        name="pfs",
        title="Progression-free survival.",
        analysis="pfs",
        sessions=("final",),
        width="full",
        x_label="Months since randomisation",
    ),
    KaplanMeier(
        name="pfs-treated",
        title="Progression-free survival, as treated.",
        analysis="pfs-treated",
        sessions=("final",),
        width="full",
        x_label="Months since randomisation",
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
        title="Log hazard ratio of progression or death over time: scaled Schoenfeld residuals.",
        analysis="pfs-hr",
        sessions=("final",),
        width="full",
    ),
    CumulativeIncidence(
        name="progression",
        title="Progression.",
        analysis="progression",
        sessions=("final",),
        width="full",
        x_label="Months since randomisation",
    ),
    ToxicityDots(
        name="ae",
        title="Treatment-emergent adverse events.",
        analysis="ae",
        sessions=("final",),
        width="full",
        level="grade>=1",
        window="emergent",
        minimum=0.1,
        limit=12,
    ),
    MarkerCourses(
        name="laboratory",
        title="Laboratory values.",
        analysis="laboratory",
        sessions=("final",),
        width="full",
    ),
)
