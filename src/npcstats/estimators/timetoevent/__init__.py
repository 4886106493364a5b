"""Time to event: curves, tests, competing risks and regression.

It knows times, event indicators, causes and groups. Times are on one clock that starts at 0 and have one unit, the
caller's.
"""

from __future__ import annotations

from npcstats.estimators.timetoevent.competing import (
    CumulativeIncidence,
    IncidenceAt,
    compare_incidence,
    estimate_cumulative_incidence,
)
from npcstats.estimators.timetoevent.cox import TIES, BaselineHazard, Cox, fit_cox
from npcstats.estimators.timetoevent.curve_differences import compare_restricted_means, compare_survival
from npcstats.estimators.timetoevent.fine_gray import FineGray, PredictedIncidence, fit_fine_gray
from npcstats.estimators.timetoevent.gray import compare_gray
from npcstats.estimators.timetoevent.kaplan_meier import (
    BETA_PRODUCT,
    CURVE_CONF_TYPES,
    KaplanMeier,
    RestrictedMean,
    SurvivalAt,
    estimate_follow_up,
    estimate_kaplan_meier,
)
from npcstats.estimators.timetoevent.logrank import compare_logrank, compare_trend
from npcstats.estimators.timetoevent.nested import compare_nested
from npcstats.estimators.timetoevent.proportional_hazards import TRANSFORMS, ProportionalHazards
from npcstats.estimators.timetoevent.residual_course import ResidualCourse, estimate_residual_course
from npcstats.estimators.timetoevent.samples import CONF_TYPES

__all__ = [
    "BETA_PRODUCT",
    "CONF_TYPES",
    "CURVE_CONF_TYPES",
    "TIES",
    "TRANSFORMS",
    "BaselineHazard",
    "Cox",
    "CumulativeIncidence",
    "FineGray",
    "IncidenceAt",
    "KaplanMeier",
    "PredictedIncidence",
    "ProportionalHazards",
    "ResidualCourse",
    "RestrictedMean",
    "SurvivalAt",
    "compare_gray",
    "compare_incidence",
    "compare_logrank",
    "compare_nested",
    "compare_restricted_means",
    "compare_survival",
    "compare_trend",
    "estimate_cumulative_incidence",
    "estimate_follow_up",
    "estimate_kaplan_meier",
    "estimate_residual_course",
    "fit_cox",
    "fit_fine_gray",
]
