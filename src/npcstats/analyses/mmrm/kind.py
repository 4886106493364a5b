"""What a mixed model of markers is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.mmrm.displays import MarginalMeans, ModelChecks, ModelledCourse, ModelledCourses, ModelTerms
from npcstats.analyses.mmrm.rows import CONVENTIONS, MEASURES
from npcstats.analyses.mmrm.spec import MmrmSpec, mmrm_estimand, mmrm_faults, mmrm_idle
from npcstats.analyses.mmrm.summary import summarize_mmrm
from npcstats.disclosure.withhold import WHOLE

MMRM = Kind(
    spec=MmrmSpec,
    codes=("mmrm",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_mmrm,
    displays=(ModelledCourse, ModelTerms, MarginalMeans, ModelledCourses, ModelChecks),
    choices=Choices(
        faults=mmrm_faults,
        idle=mmrm_idle,
        of_pairs=("multiplicity", "adjustment", "robust", "robust_df"),
        estimand=mmrm_estimand,
    ),
    measures=MEASURES,
    conventions=CONVENTIONS,
)
