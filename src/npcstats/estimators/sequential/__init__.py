"""Group-sequential monitoring: error that is spent at looks, boundaries, crossing probabilities, power from here on."""

from npcstats.estimators.sequential.boundaries import Boundaries, Futility, find_boundaries, find_shaped_boundaries
from npcstats.estimators.sequential.conditional import (
    conditional_crossing,
    conditional_power,
    predictive_power,
    trend_drift,
)
from npcstats.estimators.sequential.crossing import Crossing, cross, find_drift, fixed_drift, inflation
from npcstats.estimators.sequential.spending import SPENDINGS, Spending, spend

__all__ = [
    "SPENDINGS",
    "Boundaries",
    "Crossing",
    "Futility",
    "Spending",
    "conditional_crossing",
    "conditional_power",
    "cross",
    "find_boundaries",
    "find_drift",
    "find_shaped_boundaries",
    "fixed_drift",
    "inflation",
    "predictive_power",
    "spend",
    "trend_drift",
]
