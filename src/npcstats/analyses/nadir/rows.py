"""Words of the rows of a marker's lowest value and of recovery from it."""

from __future__ import annotations

from collections.abc import Mapping

NADIR, RECOVERY = "nadir", "recovery"
"""Blocks."""
SAMPLES, LOWEST, DAY, RELATIVE = "samples", "lowest", "day", "relative"
"""Levels: samples of a participant in the period, the lowest value, the first day on which it was measured, and, of a
contrast, that value relative to baseline."""

MEASURES: Mapping[str, str] = {
    "nadir_ratio": "geometric mean of the lowest value relative to baseline",
    "nadir_below": "participants whose lowest value is below a limit",
    "nadir_limit": "a limit that lowest values are counted by",
    "at_or_above": "participants whose value at a visit is at a limit or above it",
    "never_below": "participants whose lowest value is at a limit of recovery or above it",
    "recovery_limit": "a limit that recovery is counted by",
}
