"""Words of the rows of markers: the scales they are measured on, and who of a visit is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from npcstats.results.conventions import Conventions

LOG: Final = "log"
IDENTITY: Final = "identity"
DETECTABLE: Final = "detectable"
"""Scales of a marker."""
VALUE, DUE, EARLY, CHANGE = "value", "due", "early", "change"
"""Levels of those counted at a visit; a share of those with a detectable quantity has the level `DETECTABLE`."""

MEASURES: Mapping[str, str] = {
    "change": "mean of the change from baseline",
    "change_ratio": "geometric mean of the ratio to baseline",
    "geometric_mean_ratio": "ratio of two geometric means of ratios to baseline",
}

LOCATIONS: Mapping[str, str] = {LOG: "geometric_mean", IDENTITY: "mean"}
"""Measure of where the values at a visit are, by scale."""
CHANGES: Mapping[str, str] = {LOG: "change_ratio", IDENTITY: "change"}
"""Measure of the change from baseline, by scale."""
CONTRASTS: Mapping[str, str] = {LOG: "geometric_mean_ratio", IDENTITY: "mean_difference"}
"""Measure of a contrast of two arms' changes, by scale."""

CONVENTIONS: Conventions = {
    ("mean_difference", "welch"): {
        "topic": "Difference of mean changes",
        "convention": "Welch, unequal variances",
        "r": "t.test() (default)",
        "sas": "PROC TTEST, Satterthwaite row",
    },
    ("mean_difference", "pooled"): {
        "topic": "Difference of mean changes",
        "convention": "Common variance",
        "r": "t.test(var.equal = TRUE)",
        "sas": "PROC TTEST, pooled row",
    },
}
