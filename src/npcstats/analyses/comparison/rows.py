"""Words of the rows of comparisons: the block is how the arms were made alike, or that they were not."""

from __future__ import annotations

from collections.abc import Mapping

UNADJUSTED = "unadjusted"
"""Block of the comparison of arms as observed, on the participants of the first adjustment."""
BESIDE = f"{UNADJUSTED}."
"""Begins the block of the comparison as observed on the participants of another adjustment, whose name follows."""

ARM_MEASURES: Mapping[str, str] = {
    "hazard_ratio": "",
    "survival_difference": "survival",
    "restricted_mean_difference": "restricted_mean",
    "incidence_difference": "incidence",
    "risk_difference": "risk",
    "risk_ratio": "risk",
    "odds_ratio": "risk",
    "mean_difference": "mean",
    "mean_ratio": "geometric_mean",
}
"""What each arm has of its own, by measure of the contrast; empty where it has nothing."""
RATIOS = ("hazard_ratio", "risk_ratio", "odds_ratio", "mean_ratio")
TIMED = ("survival_difference", "restricted_mean_difference", "incidence_difference")
"""Measures that need a time."""

MEASURES: Mapping[str, str] = {
    "risk_ratio": "ratio of two risks",
    "odds_ratio": "ratio of two odds",
    "mean_ratio": "ratio of two geometric means",
    "effective_size": "participants of equal weight that are worth as much as those weighted",
    "effective_at_risk": "effective size of those under observation just before a time",
}
