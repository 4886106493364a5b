"""Words of courses of markers: the columns of their listing, and the scales that they are drawn on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

KIND: Final = "trajectories"
LOG: Final = "log"
IDENTITY: Final = "identity"
"""Scales of a marker."""
COLUMNS: Mapping[str, str] = {
    "PARTICIPANT": "No.",
    "ARM": "Arm",
    "MARKER": "Marker",
    "VISIT": "Visit",
    "VALUE": "Value",
}
LOCATIONS: Mapping[str, str] = {LOG: "geometric_mean", IDENTITY: "mean"}
"""Measure of the means that are drawn, by scale: of rows of another analysis."""
