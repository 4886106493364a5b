"""Words of the rows of comparisons: the block is how the arms were made alike, or that they were not."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.analyses.adjustment.rows import UNADJUSTED

BESIDE = f"{UNADJUSTED}."
"""Begins the block of the comparison as observed on the participants of another adjustment, whose name follows."""


MEASURES: Mapping[str, str] = {
    "effective_at_risk": "effective size of those under observation just before a time",
}
