"""Words of the rows of variations: the block is the variation, whose choices stand in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

E_VALUE: Final = "e_value"
POINT, LIMIT = "estimate", "limit"
"""Levels of an E-value: of the estimate, and of the confidence limit nearest the null."""
CHOICE: Final = "choice"
"""Choices of the catalogue: ``choice.VARIATION.ASPECT`` is what a variation has of an aspect."""

ASPECTS: Mapping[str, str] = {
    "estimand": "Effect in",
    "score": "Score",
    "missing": "Missing covariates",
    "trimming": "Trimming",
    "model": "Outcome regression",
    "variance": "Limits",
    "members": "Participants",
}
"""What variations can differ in, in page order."""

MEASURES: Mapping[str, str] = {
    E_VALUE: "least risk ratio of an unmeasured confounder with arm and outcome that would explain the effect away",
}

STYLES: Mapping[str, str] = {
    "hazard_ratio": "ratio", "risk_ratio": "ratio", "odds_ratio": "ratio", "mean_ratio": "ratio",
    "survival_difference": "percent1", "incidence_difference": "percent1", "risk_difference": "percent1",
    "restricted_mean_difference": "decimal1", "mean_difference": "decimal2",
}  # fmt: skip
POINTS = ("survival_difference", "incidence_difference", "risk_difference")
"""Differences of percentages, in percentage points; above them the style of each measure."""
