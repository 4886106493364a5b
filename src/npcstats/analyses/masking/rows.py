"""Words of the rows on what tells masked arms apart: its blocks, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping

SIZES, CALENDAR, CHARACTERISTICS, KNOWN = "sizes", "calendar", "characteristics", "known"
"""Blocks: sizes of the arms, enrolment over time, characteristics, and what is known of the treatments beforehand."""
BLOCKS = (SIZES, CALENDAR, CHARACTERISTICS, KNOWN)

MEASURES: Mapping[str, str] = {
    "arm_distance": "largest difference between two arms in something that could tell which is which, without a sign",
    "arm_distance_limit": "the plan's limit, beyond which such a difference is said to tell the arms apart",
    "telling": "1 where the difference is beyond its limit, else 0; of a block, how many of those known are",
}
