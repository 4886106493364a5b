"""Words of the rows of a TAME summary."""

from __future__ import annotations

from collections.abc import Mapping

SHORT_TERM, LATE, MORTALITY = "T", "A", "M"
"""Variables: short-term toxicity, adverse late effects, and, with the days, deaths after treatment such as ``M30``."""

MEASURES: Mapping[str, str] = {
    "burden": "severe events per participant, one for each category that the participant had",
    "burden_ratio": "ratio of two burdens",
    "worse_than_severe": "participants with an event of a category above the grades that are severe",
}
EVENTFUL = 4
"""Severe categories from which participants are counted together."""


def number_level(events: int) -> str:
    """The level of participants with so many severe categories.

    Parameters
    ----------
    events : int
        From 0; the largest counts all above it too.

    Returns
    -------
    str
        Such as ``n=2`` or ``n>=4``.
    """
    return f"n>={EVENTFUL}" if events >= EVENTFUL else f"n={events}"
