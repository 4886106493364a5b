"""Weighting: propensity scores, weights made from them, trimming, effective sizes and balance.

It knows two arms, the first and the second, and columns of numbers.
"""

from __future__ import annotations

from npcstats.estimators.weighting.propensity import INTERCEPT, Propensity, fit_propensity
from npcstats.estimators.weighting.trimming import TRIM_RULES, Trimming, trim_scores
from npcstats.estimators.weighting.weights import WEIGHT_ESTIMANDS, Weights, effective_size, weigh

__all__ = [
    "INTERCEPT",
    "TRIM_RULES",
    "WEIGHT_ESTIMANDS",
    "Propensity",
    "Trimming",
    "Weights",
    "effective_size",
    "fit_propensity",
    "trim_scores",
    "weigh",
]
