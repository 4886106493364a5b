"""What a course of markers is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.biomarker.displays import MarkerCourses, MarkerLevels, MarkersByVisit
from npcstats.analyses.biomarker.public import biomarker_rows
from npcstats.analyses.biomarker.rows import CONVENTIONS, MEASURES
from npcstats.analyses.biomarker.spec import BiomarkerSpec, biomarker_estimand, biomarker_faults, biomarker_idle
from npcstats.analyses.biomarker.summary import summarize_biomarkers
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure import Withholding

BIOMARKER = Kind(
    spec=BiomarkerSpec,
    codes=("biomarker",),
    efficacy=False,
    withhold=Withholding(rows=biomarker_rows),
    summarize=summarize_biomarkers,
    choices=Choices(
        faults=biomarker_faults,
        idle=biomarker_idle,
        of_pairs=("difference", "share_difference"),
        of_two=("difference", "share_difference"),
        estimand=biomarker_estimand,
    ),
    measures=MEASURES,
    conventions=CONVENTIONS,
    displays=(MarkerCourses, MarkerLevels, MarkersByVisit),
)
