"""Weighting: propensity scores, weights made from them, trimming, effective sizes and balance.

It knows two arms, the first and the second, and columns of numbers.
"""

from __future__ import annotations

from npcstats.estimators.weighting.balance import BALANCE_KINDS, Balance, BalanceColumn, compare_balance
from npcstats.estimators.weighting.propensity import INTERCEPT, Propensity, fit_propensity
from npcstats.estimators.weighting.trimming import TRIM_RULES, Trimming, trim_scores
from npcstats.estimators.weighting.weights import WEIGHT_ESTIMANDS, Weights, effective_size, weigh

__all__ = [
    "BALANCE_KINDS",
    "INTERCEPT",
    "TRIM_RULES",
    "WEIGHT_ESTIMANDS",
    "Balance",
    "BalanceColumn",
    "Propensity",
    "Trimming",
    "Weights",
    "compare_balance",
    "effective_size",
    "fit_propensity",
    "trim_scores",
    "weigh",
]
