"""Small counts withheld from results that are made public: the rule, and what several kinds of analysis share."""

from __future__ import annotations

from npcstats.disclosure.rule import SmallCounts, keep_boundaries, merge_small
from npcstats.disclosure.withhold import Withholding, withhold_small_counts

__all__ = ["SmallCounts", "Withholding", "keep_boundaries", "merge_small", "withhold_small_counts"]
