"""Words of the rows of effects: what each arm has of its own, which are ratios, which need a time."""

from __future__ import annotations

from collections.abc import Mapping

UNADJUSTED = "unadjusted"
"""Block of the comparison of arms as observed, on the participants of the first adjustment."""


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

STYLES: Mapping[str, str] = {
    "hazard_ratio": "ratio", "risk_ratio": "ratio", "odds_ratio": "ratio", "mean_ratio": "ratio",
    "survival_difference": "percent1", "incidence_difference": "percent1", "risk_difference": "percent1",
    "restricted_mean_difference": "decimal1", "mean_difference": "decimal2",
}  # fmt: skip
POINTS = ("survival_difference", "incidence_difference", "risk_difference")
"""Differences of percentages, in percentage points; above them the style of each measure."""
