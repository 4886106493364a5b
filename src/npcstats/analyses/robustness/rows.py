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
