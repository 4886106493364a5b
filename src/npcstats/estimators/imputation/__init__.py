"""Multiple imputation: missing covariates drawn from what is known, and estimates pooled over the draws.

It knows incomplete columns of numbers or category codes, and complete ones.
"""

from __future__ import annotations

from npcstats.estimators.imputation.chained import (
    CONTINUOUS_METHODS,
    Imputed,
    IncompleteVariable,
    cumulative_hazard,
    impute_covariates,
)
from npcstats.estimators.imputation.pooling import Pooled, pool_imputations

__all__ = [
    "CONTINUOUS_METHODS",
    "Imputed",
    "IncompleteVariable",
    "Pooled",
    "cumulative_hazard",
    "impute_covariates",
    "pool_imputations",
]
