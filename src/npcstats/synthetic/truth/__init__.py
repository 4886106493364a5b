"""What has to be stated before a trial can be made: the planted values, as types without values.

Every number that a test may want to recover is a field here and a value in the trial's own truth file. Covariates are
named as in `npcstats.synthetic.cohort`; arm differences are the design's first arm minus its last.
"""

from __future__ import annotations

from npcstats.synthetic.truth.disease import Detection, Disease, Lesions, Response
from npcstats.synthetic.truth.effects import Linear, Share, Weights
from npcstats.synthetic.truth.history import HistoryTruth
from npcstats.synthetic.truth.imaging import Feature, Imaging
from npcstats.synthetic.truth.markers import Biomarkers, Composite, Marker, Sampling
from npcstats.synthetic.truth.participants import Assignment, Calendar, Conduct, Covariates, Screening
from npcstats.synthetic.truth.toxicity import LabTerm, LateTerm, Seriousness, Term, Toxicity, Weighing
from npcstats.synthetic.truth.treatment import Chemotherapy, Drug, Radiotherapy, Regimen
from npcstats.synthetic.truth.whole import Scenario, Truth

__all__ = [
    "Assignment",
    "Biomarkers",
    "Calendar",
    "Chemotherapy",
    "Composite",
    "Conduct",
    "Covariates",
    "Detection",
    "Disease",
    "Drug",
    "Feature",
    "HistoryTruth",
    "Imaging",
    "LabTerm",
    "LateTerm",
    "Lesions",
    "Linear",
    "Marker",
    "Radiotherapy",
    "Regimen",
    "Response",
    "Sampling",
    "Scenario",
    "Screening",
    "Seriousness",
    "Share",
    "Term",
    "Toxicity",
    "Truth",
    "Weighing",
    "Weights",
]
