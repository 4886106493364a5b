"""Every kind of analysis there is, one line each."""

from __future__ import annotations

from npcstats.analyses.accrual.kind import ACCRUAL
from npcstats.analyses.association.kind import ASSOCIATION
from npcstats.analyses.baseline.kind import BASELINE
from npcstats.analyses.biomarker.kind import BIOMARKER
from npcstats.analyses.care.kind import CARE, WEIGHT
from npcstats.analyses.changes.kind import CHANGED_EVENTS, CHANGES
from npcstats.analyses.checklist.kind import CHECKLIST
from npcstats.analyses.clearance.kind import CLEARANCE
from npcstats.analyses.comparison.kind import COMPARISON
from npcstats.analyses.conduct.kind import COMPLETENESS, DEVIATIONS, SCREENING, STATUS
from npcstats.analyses.correlation.kind import CORRELATION
from npcstats.analyses.courses.kind import COURSES
from npcstats.analyses.detection.kind import DETECTION
from npcstats.analyses.duration.kind import DURATION
from npcstats.analyses.endpoints.kind import ENDPOINTS
from npcstats.analyses.exposure.kind import EXPOSURE
from npcstats.analyses.features.kind import FEATURES
from npcstats.analyses.flow.kind import FLOW
from npcstats.analyses.gradecourse.kind import GRADECOURSE
from npcstats.analyses.harms.kind import HARMS
from npcstats.analyses.incidence.kind import INCIDENCE
from npcstats.analyses.kind import Kind
from npcstats.analyses.laboratory.kind import LABORATORY
from npcstats.analyses.lag.kind import LAG
from npcstats.analyses.listing.kind import LISTING
from npcstats.analyses.masking.kind import MASKING
from npcstats.analyses.mmrm.kind import MMRM
from npcstats.analyses.nadir.kind import NADIR
from npcstats.analyses.overview.kind import OVERVIEW
from npcstats.analyses.propensity.kind import PROPENSITY
from npcstats.analyses.rates.kind import RATES
from npcstats.analyses.regression.kind import REGRESSION
from npcstats.analyses.response.kind import BEST_RESPONSE, RESPONSE
from npcstats.analyses.robustness.kind import ROBUSTNESS
from npcstats.analyses.samples.kind import SAMPLES
from npcstats.analyses.sequential.kind import INFORMATION, SEQUENTIAL
from npcstats.analyses.stopping.kind import STOPPING
from npcstats.analyses.survival.kind import FOLLOW_UP, SURVIVAL
from npcstats.analyses.tame.kind import TAME
from npcstats.analyses.thresholds.kind import THRESHOLDS
from npcstats.analyses.tipping.kind import TIPPING
from npcstats.analyses.toxicity.kind import TOXICITY
from npcstats.analyses.trajectories.kind import TRAJECTORIES

KINDS: tuple[Kind, ...] = (
    ACCRUAL,
    ASSOCIATION,
    BASELINE,
    BEST_RESPONSE,
    BIOMARKER,
    CARE,
    CHANGED_EVENTS,
    CHANGES,
    CLEARANCE,
    COMPARISON,
    CHECKLIST,
    COMPLETENESS,
    CORRELATION,
    COURSES,
    DETECTION,
    DEVIATIONS,
    DURATION,
    ENDPOINTS,
    EXPOSURE,
    FEATURES,
    FLOW,
    FOLLOW_UP,
    HARMS,
    GRADECOURSE,
    INCIDENCE,
    INFORMATION,
    LABORATORY,
    LAG,
    LISTING,
    MASKING,
    NADIR,
    MMRM,
    OVERVIEW,
    PROPENSITY,
    RATES,
    REGRESSION,
    RESPONSE,
    ROBUSTNESS,
    SAMPLES,
    SCREENING,
    SEQUENTIAL,
    STATUS,
    STOPPING,
    SURVIVAL,
    TAME,
    THRESHOLDS,
    TIPPING,
    TOXICITY,
    TRAJECTORIES,
    WEIGHT,
)
