"""Words of the rows of markers: the scales they are measured on, and who of a visit is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from npcstats.results.conventions import Conventions

LOG: Final = "log"
IDENTITY: Final = "identity"
DETECTABLE: Final = "detectable"
"""Scales of a marker."""
SHARES: Final = "share"
"""Part of the sentences on shares."""
VALUE, DUE, EARLY, CHANGE, PAIRED = "value", "due", "early", "change", "paired"
"""Levels of those counted at a visit; a share of those with a detectable quantity has the level `DETECTABLE`.

Of a share, those with a value at baseline too have the level `PAIRED`: they are those whose share is compared with
theirs at baseline.
"""
QUARTILES = ("median", "first_quartile", "third_quartile")

MEASURES: Mapping[str, str] = {
    "change": "mean of the change from baseline",
    "change_ratio": "geometric mean of the ratio to baseline",
    "share_change": "share at the visit less that at baseline, of the same participants",
    "geometric_mean_ratio": "ratio of two geometric means of ratios to baseline",
}

LOCATIONS: Mapping[str, str] = {LOG: "geometric_mean", IDENTITY: "mean"}
"""Measure of where the values at a visit are, by scale."""
CHANGES: Mapping[str, str] = {LOG: "change_ratio", IDENTITY: "change", DETECTABLE: "share_change"}
"""Measure of the change from baseline, by scale."""
CONTRASTS: Mapping[str, str] = {LOG: "geometric_mean_ratio", IDENTITY: "mean_difference", DETECTABLE: "risk_difference"}
"""Measure of a contrast of two arms, by scale: of their changes; of shares, of those at the visit."""

CONVENTIONS: Conventions = {
    ("mean_difference", "welch"): {
        "topic": "Difference of mean changes",
        "convention": "Welch, unequal variances",
        "r": "t.test() (default)",
        "sas": "PROC TTEST, Satterthwaite row",
    },
    ("share_change", "newcombe"): {
        "topic": "Change of a share from baseline",
        "convention": "Newcombe, paired (method 10)",
        "r": "PropCIs::scoreci.mp() is another; by its formula",
        "sas": "by its formula",
    },
    ("share_change", "wald"): {
        "topic": "Change of a share from baseline",
        "convention": "Wald, paired",
        "r": "PropCIs::diffpropci.Wald.mp()",
        "sas": "PROC FREQ, AGREE RISKDIFF",
    },
    ("mean_difference", "pooled"): {
        "topic": "Difference of mean changes",
        "convention": "Common variance",
        "r": "t.test(var.equal = TRUE)",
        "sas": "PROC TTEST, pooled row",
    },
}
