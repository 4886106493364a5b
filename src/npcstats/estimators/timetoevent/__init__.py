"""Time to event: curves, tests, competing risks and regression.

It knows times, event indicators, causes and groups. Times are on one clock that starts at 0 and have one unit, the
caller's.
"""

from __future__ import annotations

from npcstats.estimators.timetoevent.kaplan_meier import (
    KaplanMeier,
    RestrictedMean,
    SurvivalAt,
    estimate_follow_up,
    estimate_kaplan_meier,
)
from npcstats.estimators.timetoevent.logrank import compare_logrank
from npcstats.estimators.timetoevent.samples import CONF_TYPES

__all__ = [
    "CONF_TYPES",
    "KaplanMeier",
    "RestrictedMean",
    "SurvivalAt",
    "compare_logrank",
    "estimate_follow_up",
    "estimate_kaplan_meier",
]
