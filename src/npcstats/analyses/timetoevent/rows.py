"""Words of the rows that survival, incidence, regression and comparisons share."""

from __future__ import annotations

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "censored_curve": "participants censored at a time",
    "at_risk": "participants under observation just before a time",
    "events": "participants with the event",
    "survival": "probability of no event by a landmark time",
    "survival_curve": "probability of no event, at each step of the curve",
    "restricted_mean": "mean time without the event up to a horizon",
    "survival_difference": "difference of two survival probabilities at a landmark time",
    "restricted_mean_difference": "difference of two restricted means",
    "incidence": "probability of an event by a landmark time, others competing",
    "incidence_curve": "probability of an event, at each step of the curve",
    "incidence_difference": "difference of two incidences at a landmark time",
    "hazard_ratio": "ratio of two hazards, or for one unit of a covariate",
}

EVENT, COMPETING = "event", "competing"
"""Levels of an endpoint with competing events: the event itself, and those that compete, together."""
