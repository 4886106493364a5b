"""The statistical analysis plan of NCT07232680, as values: a file for each subject."""

from __future__ import annotations

from npcstats.run.plan import Plan
from plan import comparison, hazards, listings, monitoring, robustness, survival, toxicity
from plan.adjustment import BALANCE
from plan.association import ASSOCIATION_ENTRIES
from plan.baseline import BASELINE, PUBLIC_BASELINE
from plan.biomarkers import BIOMARKERS
from plan.care import CARE, WEIGHT
from plan.changes import CHANGED_EVENTS, SINCE
from plan.checklists import CHECKLISTS
from plan.clearance import EBV_CLEARANCE
from plan.design import DESIGN
from plan.duration import DURATION
from plan.exposure import EXPOSURE
from plan.features import RADIOMICS
from plan.figures import FIGURES
from plan.flow import FLOW
from plan.gradecourse import BY_VISIT, BY_WEEK
from plan.harms import HARMS_ENTRIES
from plan.laboratory import LABORATORY
from plan.late import LATE
from plan.limits import LIMITS
from plan.masking import MASKING
from plan.mixed import MIXED_ENTRIES
from plan.nadir import LYMPHOPENIA
from plan.overview import OVERVIEW
from plan.quotes import QUOTES
from plan.rates import RATES
from plan.response import RESPONSE
from plan.sequential import INFORMATION
from plan.sessions import REPORTS, SESSIONS
from plan.stopping import STOPPING_ENTRIES
from plan.tables import TABLES
from plan.tame import TAME
from plan.tipping import TIPPING
from plan.trends import PANEL, SAMPLES, TRAJECTORIES

PLAN = Plan(
    design=DESIGN,
    sessions=SESSIONS,
    reports=REPORTS,
    specs=(
        monitoring.ACCRUAL,
        monitoring.SCREENING,
        FLOW,
        monitoring.STATUS,
        monitoring.DEVIATIONS,
        monitoring.COMPLETENESS,
        monitoring.LAG,
        survival.FOLLOW_UP,
        BASELINE,
        PUBLIC_BASELINE,
        EXPOSURE,
        BALANCE,
        OVERVIEW,
        toxicity.INDUCTION,
        toxicity.ACUTE,
        toxicity.ACUTE_ONE,
        toxicity.LATE,
        toxicity.ATTRIBUTED,
        *HARMS_ENTRIES,
        *STOPPING_ENTRIES,
        TAME,
        DURATION,
        RATES,
        BY_WEEK,
        BY_VISIT,
        LABORATORY,
        CARE,
        WEIGHT,
        BIOMARKERS,
        LIMITS,
        EBV_CLEARANCE,
        LYMPHOPENIA,
        *ASSOCIATION_ENTRIES,
        *MIXED_ENTRIES,
        TIPPING,
        PANEL,
        SAMPLES,
        RADIOMICS,
        survival.OS,
        survival.PFS,
        survival.LRRFS,
        survival.DMFS,
        survival.PFS_BY_STAGE,
        survival.PFS_BY_EBV,
        survival.LRC,
        survival.DM,
        *LATE,
        survival.PFS_THERAPY_EVENT,
        survival.PFS_THERAPY_IGNORED,
        survival.PFS_MISSED,
        survival.LRC_DISTANT,
        comparison.OS,
        comparison.PFS,
        comparison.LRC,
        comparison.DM,
        comparison.LATE,
        comparison.MUCOSITIS,
        comparison.DERMATITIS,
        comparison.DYSPHAGIA,
        comparison.NAUSEA,
        comparison.LYMPHOCYTES,
        robustness.MUCOSITIS,
        robustness.DERMATITIS,
        robustness.PFS,
        hazards.PFS_THERAPY_EVENT_RATIO,
        hazards.PFS_THERAPY_IGNORED_RATIO,
        hazards.PFS_MISSED_RATIO,
        hazards.LRC_DISTANT_RATIO,
        hazards.OS_RATIO,
        hazards.PFS_RATIO,
        hazards.LRC_RATIO,
        hazards.LRC_SUBDISTRIBUTION,
        survival.EVENTS,
        survival.EVENTS_SENSITIVITY,
        RESPONSE,
        survival.OS_ONE,
        survival.PFS_ONE,
        INFORMATION,
        monitoring.THRESHOLDS,
        monitoring.THRESHOLDS_BY_ARM,
        MASKING,
        CHECKLISTS,
        SINCE,
    ),
    tables=TABLES,
    figures=FIGURES,
    rounding="half-away",
    snapshot="event-date",
    interim_efficacy_by_arm=False,
    seed=7232680,
    listings=(
        listings.SERIOUS,
        listings.DEATHS,
        listings.NARRATIVES,
        listings.BEST_CHANGE,
        listings.CHANGES,
        listings.COURSES,
        TRAJECTORIES,
        CHANGED_EVENTS,
    ),
    quotes=QUOTES,
)
