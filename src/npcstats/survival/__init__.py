"""Time-to-event endpoints: curves, cumulative incidence and regression, by arm or by another grouping."""

from __future__ import annotations

from npcstats.survival.curves import (
    FollowUpSpec,
    SurvivalSpec,
    follow_up_faults,
    summarize_follow_up,
    summarize_survival,
    survival_faults,
    survival_idle,
)
from npcstats.survival.groups import ByCharacteristic, ByDetection, Landmark
from npcstats.survival.incidence import IncidenceSpec, incidence_faults, summarize_incidence
from npcstats.survival.regression import (
    Covariate,
    RegressionSpec,
    Subgroup,
    covariate_idle,
    regression_faults,
    regression_idle,
    summarize_regression,
)

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
    "covariate_idle",
    "follow_up_faults",
    "incidence_faults",
    "regression_faults",
    "regression_idle",
    "summarize_follow_up",
    "summarize_incidence",
    "summarize_regression",
    "summarize_survival",
    "survival_faults",
    "survival_idle",
]
