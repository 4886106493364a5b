"""What tests ask of numbers that may be missing: whether two are the same, and whether each gap says why."""

from __future__ import annotations

import math

from npcstats.results import Results


def same(a: float, b: float) -> bool:
    """Whether two numbers are equal to the last bit, or both missing."""
    return a == b or (math.isnan(a) and math.isnan(b))


def every_gap_has_its_reason(results: Results) -> bool:
    """Whether each row without a number has a note."""
    return all(row.note for row in results.rows if math.isnan(row.value))
