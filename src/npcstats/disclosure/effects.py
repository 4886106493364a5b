"""Effects between arms: rounded, and published where each arm has enough participants with the event and without it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from npcstats.disclosure.table import PublicTable, rounded
from npcstats.results import Row

EFFECTS: Mapping[str, int] = {
    "hazard_ratio": 2,
    "risk_ratio": 2,
    "odds_ratio": 2,
    "mean_ratio": 2,
    "risk_difference": 2,
    "survival_difference": 2,
    "incidence_difference": 2,
    "restricted_mean_difference": 1,
}
"""Decimals of an effect that is published, by measure."""
OWN: Mapping[str, int] = {"survival": 2, "incidence": 2, "risk": 2, "restricted_mean": 1}
"""Decimals of what an arm has of its own."""
TOLD = ("estimate", "ci_low", "ci_high")


def are_enough(table: PublicTable, counts: Iterable[tuple[float, float]]) -> bool:
    """Whether arms have enough participants for an effect to be published.

    Parameters
    ----------
    table : PublicTable
        Whose rule is in force.
    counts : iterable of (float, float)
        Of each arm, those with the event and all.

    Returns
    -------
    bool
        False without arms.
    """
    found = list(counts)
    enough = [table.rule.allows(events) and table.rule.allows(size - events) for events, size in found]
    return bool(enough) and all(enough)


def short(row: Row, decimals: Mapping[str, int]) -> Row:
    """An effect as it is published; any other number with two significant digits.

    Parameters
    ----------
    row : Row
        Of a measure.
    decimals : mapping of str to int
        By measure.

    Returns
    -------
    Row
        Rounded.
    """
    if row.measure in decimals:
        return rounded(row, decimals[row.measure])
    size = math.floor(math.log10(abs(row.value))) if math.isfinite(row.value) and row.value else 0
    return rounded(row, max(0, 1 - size))
