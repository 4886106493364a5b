"""Means, spreads and quantiles of a continuous variable, and standardized differences between two groups.

It knows arrays of numbers or labels, one value for each participant.
"""

from __future__ import annotations

from npcstats.estimators.continuous.means import MEAN_METHODS, compare_means, estimate_mean
from npcstats.estimators.continuous.standardized import (
    StandardizedDifference,
    standardized_count_difference,
    standardized_mean_difference,
)
from npcstats.estimators.continuous.summary import QUANTILE_TYPES, ContinuousSummary, summarize_continuous

__all__ = [
    "MEAN_METHODS",
    "QUANTILE_TYPES",
    "ContinuousSummary",
    "StandardizedDifference",
    "compare_means",
    "estimate_mean",
    "standardized_count_difference",
    "standardized_mean_difference",
    "summarize_continuous",
]
