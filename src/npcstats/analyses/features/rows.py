"""Words of the rows of many features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from npcstats.results.conventions import Conventions

CHANGE: Final = "feature_change"
DIFFERENCE: Final = "feature_difference"
HAZARD: Final = "feature_hazard_ratio"
FAMILY: Mapping[str, str] = {CHANGE: "feature_change_adjusted", DIFFERENCE: "feature_difference_adjusted",
                             HAZARD: "feature_hazard_ratio_adjusted"}  # fmt: skip
"""Measure of the p-value that is adjusted for the number of tests, by measure."""

MEASURES: Mapping[str, str] = {
    CHANGE: "change of a feature since the first visit, in standard deviations",
    DIFFERENCE: "difference of two arms in that change",
    HAZARD: "hazard ratio for one standard deviation of a feature at the first visit",
    FAMILY[CHANGE]: "the p-value of that change, adjusted for the number of tests",
    FAMILY[DIFFERENCE]: "the p-value of that difference, adjusted for the number of tests",
    FAMILY[HAZARD]: "the p-value of that hazard ratio, adjusted for the number of tests",
    "features": "features of a set that were computed, and of these those with a model",
    "discoveries": "features with a model whose adjusted p-value is below the level of the plan",
    "feature_events": "participants with an image at the first visit, and of these those with the event",
}

NO_COVARIATE: Final = "NO-COVARIATE"

CONVENTIONS: Conventions = {
    ("screen", "random-intercept"): {
        "topic": "Change of a feature",
        "convention": "Random intercept, restricted likelihood, Satterthwaite degrees of freedom",
        "r": "lmerTest::lmer(y ~ visit * arm + (1 | id))",
        "sas": "PROC MIXED, RANDOM INTERCEPT, DDFM=SATTERTHWAITE",
    },
}
