"""Time-to-event endpoints: curves, cumulative incidence and regression, by arm or by another grouping."""

from __future__ import annotations

from npcstats.survival.curves import FollowUpSpec, SurvivalSpec, summarize_follow_up, summarize_survival
from npcstats.survival.groups import ByCharacteristic, ByDetection, Landmark
from npcstats.survival.incidence import IncidenceSpec, summarize_incidence
from npcstats.survival.regression import Covariate, RegressionSpec, Subgroup, summarize_regression

__all__ = [
    "ByCharacteristic",
    "ByDetection",
    "Covariate",
    "FollowUpSpec",
    "IncidenceSpec",
    "Landmark",
    "RegressionSpec",
    "Subgroup",
    "SurvivalSpec",
    "summarize_follow_up",
    "summarize_incidence",
    "summarize_regression",
    "summarize_survival",
]
