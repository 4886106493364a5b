"""Proportions, how two of them differ, and exact tests of it: one at a time, or as many as a table has.

It knows counts and totals; whom they count is the caller's business. Each distinct pair of counts is computed once.
"""

from __future__ import annotations

from npcstats.estimators.proportions.comparing import (
    COMPARISONS,
    DIFFERENCES,
    compare_all_proportions,
    compare_proportions,
)
from npcstats.estimators.proportions.paired import PAIRED_DIFFERENCES, compare_paired_proportions
from npcstats.estimators.proportions.single import PROPORTIONS, estimate_proportion, estimate_proportions
from npcstats.estimators.proportions.testing import EXACT_TESTS, exact_tests

__all__ = [
    "COMPARISONS",
    "DIFFERENCES",
    "EXACT_TESTS",
    "PAIRED_DIFFERENCES",
    "PROPORTIONS",
    "compare_all_proportions",
    "compare_paired_proportions",
    "compare_proportions",
    "estimate_proportion",
    "estimate_proportions",
    "exact_tests",
]
