"""What is tabulated, in page order."""

from __future__ import annotations

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.biomarker.displays import MarkersByVisit
from npcstats.analyses.conduct.displays import Counts
from npcstats.analyses.endpoints.displays import EndpointCounts
from npcstats.analyses.incidence.displays import Incidences
from npcstats.analyses.regression.displays import HazardRatios
from npcstats.analyses.response.displays import Responses
from npcstats.analyses.survival.displays import SurvivalTimes
from npcstats.analyses.toxicity.displays import WorstGrades

TABLES = (
    Characteristics(
        name="baseline",
        title="Characteristics at randomisation",
        sessions=("final",),
        analysis="baseline",
        total=True,
    ),
    Characteristics(
        name="baseline-treated",
        title="Characteristics of those treated",
        sessions=("final",),
        analysis="baseline-treated",
        total=True,
    ),
    Characteristics(
        name="exposure",
        title="Treatment given",
        sessions=("final",),
        analysis="exposure",
        total=False,
    ),
    Counts(
        name="disposition",
        title="Disposition",
        sessions=("final",),
        analysis="disposition",
        total=True,
    ),
    Counts(
        name="deviations",
        title="Participants with protocol deviations",
        sessions=("final",),
        analysis="deviations",
        total=True,
    ),
    SurvivalTimes(
        name="survival",
        title="Survival, and survival without progression",
        sessions=("final",),
        members=("os", "pfs"),
        total=False,
    ),
    SurvivalTimes(
        name="survival-treated",
        title="Progression-free survival, as treated",
        sessions=("final",),
        members=("pfs-treated",),
        total=False,
    ),
    HazardRatios(
        name="hazards",
        title="Hazard ratios against placebo",
        sessions=("final",),
        members=("os-hr", "pfs-hr", "pfs-hr-treated", "pfs-hr-adjusted"),
        covariates=False,
    ),
    Incidences(
        name="progression",
        title="Cumulative incidence of progression",
        sessions=("final",),
        members=("progression",),
        total=False,
    ),
    Responses(
        name="response",
        title="Best overall response",
        sessions=("final",),
        analysis="response",
        total=False,
    ),
    EndpointCounts(
        name="endpoints",
        title="Events and censoring",
        sessions=("final",),
        analysis="endpoints",
        total=True,
    ),
    WorstGrades(
        name="ae",
        title="Treatment-emergent adverse events by worst grade",
        sessions=("final",),
        analysis="ae",
        levels=("grade>=1", "grade>=3"),
        windows=("emergent",),
        total=True,
    ),
    MarkersByVisit(
        name="laboratory",
        title="Laboratory values",
        sessions=("final",),
        analysis="laboratory",
        total=False,
    ),
)
