"""Words of the rows of markers and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from npcstats.results.conventions import Conventions

BASELINE, LANDMARK, READINGS = "baseline", "landmark", "readings"
MODELS = (BASELINE, LANDMARK, READINGS)
"""How a marker enters: its value before time zero; at a visit, from a day after it; its latest reading at each time."""
UNADJUSTED, ADJUSTED = "unadjusted", "adjusted"
BLOCKS = (UNADJUSTED, ADJUSTED)
OUTCOME = "outcome"
"""Block of courses by what happened later, and the variable that its subgroups are of."""
EVENT, FREE, COMPETED, UNKNOWN = "event", "free", "competed", "unknown"
"""What happened by the month of the courses; the last two have no course and are counted."""
DRAWN = (EVENT, FREE)
LOCATIONS: Mapping[str, str] = {"log": "geometric_mean", "identity": "mean", "detectable": "proportion"}
"""Measure of where values are, by scale."""

DOUBLING: Final = "doubling"
DEVIATION: Final = "sd"
PRESENCE: Final = "presence"
"""Units of a hazard ratio."""

MEASURES: Mapping[str, str] = {
    "marker_test_adjusted": "test of a marker's hazard ratio, its p-value adjusted for all models of the entry",
    "effect_modification": "test that the hazard ratio of a marker is the same in all arms",
}

CONVENTIONS: Conventions = {
    ("marker_ties", "efron"): {
        "topic": "Hazard ratio of a marker",
        "convention": "Cox, ties by Efron, a baseline hazard for each arm; latest reading by intervals",
        "r": "coxph(Surv(start, stop, event) ~ marker + strata(arm))",
        "sas": "PROC PHREG, TIES=EFRON, STRATA; (start, stop)",
    },
    ("marker_ties", "breslow"): {
        "topic": "Hazard ratio of a marker",
        "convention": "Cox, ties by Breslow, a baseline hazard for each arm; latest reading by intervals",
        "r": 'coxph(ties = "breslow")',
        "sas": "PROC PHREG, TIES=BRESLOW, STRATA; (start, stop)",
    },
}


def landmark_code(visit: str) -> str:
    """What rows call the model of a marker at a visit.

    Parameters
    ----------
    visit : str
        Code of a visit.

    Returns
    -------
    str
        Such as ``landmark-M3``.
    """
    return f"{LANDMARK}-{visit}"
