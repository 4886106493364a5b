"""Everything planted in a made trial, and its variants."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.synthetic.truth.disease import Disease, Lesions, Response
from npcstats.synthetic.truth.imaging import Imaging
from npcstats.synthetic.truth.markers import Biomarkers, Sampling
from npcstats.synthetic.truth.participants import Assignment, Calendar, Conduct, Covariates, Screening
from npcstats.synthetic.truth.toxicity import Toxicity, Weighing
from npcstats.synthetic.truth.treatment import Chemotherapy, Radiotherapy


@dataclass(frozen=True)
class Truth:
    """Everything planted in a made trial."""

    id_prefix: str
    calendar: Calendar
    screening: Screening
    covariates: Covariates
    assignment: Assignment
    radiotherapy: Radiotherapy
    chemotherapy: Chemotherapy
    disease: Disease
    toxicity: Toxicity
    sampling: Sampling
    biomarkers: Biomarkers
    response: Response
    lesions: Lesions
    imaging: Imaging
    conduct: Conduct
    weighing: Weighing


@dataclass(frozen=True)
class Scenario:
    """A variant of a made trial: what is planted, and how many are enrolled (0: as the design plans)."""

    truth: Truth
    size: int = 0
