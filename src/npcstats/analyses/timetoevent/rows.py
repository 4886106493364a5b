"""Words of the rows that survival, incidence and regression share."""

from __future__ import annotations

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "censored_curve": "participants censored at a time",
    "at_risk": "participants under observation just before a time",
    "events": "participants with the event",
}

EVENT, COMPETING = "event", "competing"
"""Levels of an endpoint with competing events: the event itself, and those that compete, together."""
