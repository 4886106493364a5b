"""Means, spreads and quantiles of a continuous variable, and differences between groups: standardized, and tested.

It knows arrays of numbers or labels, one value for each participant, or counts by category.
"""

from __future__ import annotations

from npcstats.estimators.continuous.comparing import (
    COUNT_TESTS,
    MULTIPLICITY,
    TWO_GROUPS,
    VALUE_TESTS,
    adjust_p_values,
    compare_counts,
    compare_values,
)
from npcstats.estimators.continuous.means import MEAN_METHODS, compare_means, estimate_mean
from npcstats.estimators.continuous.standardized import (
    StandardizedDifference,
    standardized_count_difference,
    standardized_mean_difference,
)
from npcstats.estimators.continuous.summary import (
    QUANTILE_TYPES,
    ContinuousSummary,
    GeometricSummary,
    summarize_continuous,
    summarize_geometric,
)

__all__ = [
    "COUNT_TESTS",
    "MEAN_METHODS",
    "MULTIPLICITY",
    "QUANTILE_TYPES",
    "TWO_GROUPS",
    "VALUE_TESTS",
    "ContinuousSummary",
    "GeometricSummary",
    "StandardizedDifference",
    "adjust_p_values",
    "compare_counts",
    "compare_means",
    "compare_values",
    "estimate_mean",
    "standardized_count_difference",
    "standardized_mean_difference",
    "summarize_continuous",
    "summarize_geometric",
]
