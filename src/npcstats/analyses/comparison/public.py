"""What of comparisons is withheld: effects are rounded, of enough participants, and nobody left out can be counted."""

from __future__ import annotations

import math

from npcstats.analyses.adjustment.rows import ARM_MEASURES, UNADJUSTED
from npcstats.analyses.comparison.rows import BESIDE
from npcstats.disclosure.effects import EFFECTS, OWN, TOLD, are_enough, short
from npcstats.disclosure.table import PublicTable, withhold_all
from npcstats.results import EVERYONE, Row

SETS = ("participants", "observed", "not_evaluable", "events")
OF_ARMS = ("survival", "incidence", "risk", "restricted_mean")
"""Shares of an arm, and months; a mean as observed beside that of a set with one more would tell that one's value."""


def comparison_rows(table: PublicTable) -> list[Row]:
    """Effects and what they are made of, rounded, in blocks whose arms have enough with the event and without it.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis, and what others do not tell.

    Returns
    -------
    list of Row
        The rows to publish, in order. Curves and standard errors are not among those with a value.
    """
    if table.too_few():
        return withhold_all(table)
    enough = {block: _is_enough(table, block) for block in dict.fromkeys(row.block for row in table.rows if row.block)}
    for row in table.rows:
        if row.measure in SETS:
            known = not table.hidden and _is_size_known(table, row)
        elif row.measure == "effective_size":
            known = enough[row.block]
        elif row.reference:
            known = row.stat in TOLD and enough[row.block] and _is_share_known(table, row)
        else:
            weighted = row.measure in ARM_MEASURES.values() and not _is_observed(row)
            known = row.stat in TOLD and (row.measure in OF_ARMS or weighted)
            known = known and enough.get(row.block, False) and _is_share_known(table, row)
        if not known:
            table.gone.add(row.key)
    decimals = {**EFFECTS, **OWN, "effective_size": 1}
    return [row if row.measure in SETS else short(row, decimals) for row in table.done()]


def _is_observed(row: Row) -> bool:
    return row.block == UNADJUSTED or row.block.startswith(BESIDE)


def _is_enough(table: PublicTable, block: str) -> bool:
    """Whether each arm has enough with the event and without it; of a quantity, enough participants."""
    sizes = table.find(block=block, measure="participants", stat="count")
    arms = [row for row in sizes if row.arm != EVERYONE]
    counts = {row.arm: row.value for row in table.find(block=block, measure="events", stat="count")}
    if not counts:
        return bool(arms) and all(table.rule.allows(row.value) for row in arms)
    return are_enough(table, ((counts[row.arm], row.value) for row in arms))


def _is_share_known(table: PublicTable, row: Row) -> bool:
    """Whether a number at a time is of enough events by then, and, as observed, not one that other rows withhold."""
    if math.isnan(row.time):
        return True
    arms = tuple(filter(None, (row.arm, row.reference)))
    if _is_observed(row) and any((row.variable, arm, row.time) in table.refused for arm in arms):
        return False
    return all(_enough_by(table, row.block, arm, row.time) for arm in arms)


def _enough_by(table: PublicTable, block: str, arm: str, time: float) -> bool:
    """Whether enough of an arm had the event by a time, by the share of its participants as observed."""
    (size,) = [row.value for row in table.find(block=block, measure="participants", stat="count", arm=arm)]
    for observed in (block if block.startswith(BESIDE) else f"{BESIDE}{block}", UNADJUSTED):
        for row in table.find(block=observed, stat="estimate", arm=arm):
            if row.measure in ("survival", "incidence") and row.time == time and math.isfinite(row.value):
                share = 1 - row.value if row.measure == "survival" else row.value
                return table.rule.allows(size * share) and table.rule.allows(size * (1 - share))
    return False


def _is_size_known(table: PublicTable, row: Row) -> bool:
    """Whether a number of participants may be told beside the set's own: of each arm, or of none but of all together.

    An arm whose number is told while another's is not would be known from the sum.
    """
    arms = (EVERYONE,) if row.arm == EVERYONE else table.arms
    if row.measure == "participants" and not row.block:
        return True
    if row.measure == "not_evaluable":
        reasons = [item for arm in arms for item in table.find(measure="not_evaluable", block=row.block, arm=arm)]
        return not any(table.rule.covers(item.value) for item in reasons)
    left = [count for arm in arms for count in _left_out(table, row.block, arm)]
    if row.measure == "events" and row.stat == "count":
        # of an endpoint, whose events other rows may withhold; of those left out there may be few with the event
        timed = any(item.measure in ("survival", "incidence", "hazard_ratio") for item in table.rows)
        told = not timed or not any((row.variable, arm, -1.0) in table.refused for arm in (EVERYONE, *table.arms))
        counts = [item.value for arm in table.arms for item in table.find(measure="events", block=row.block, arm=arm)]
        return told and not any(left) and not any(map(table.rule.covers, counts))
    return not any(map(table.rule.covers, left))


def _left_out(table: PublicTable, block: str, arm: str) -> tuple[float, float]:
    """Participants of the set, and of those whose outcome is known, who are not among those compared."""
    size = table.count(block="", measure="participants", arm=arm)
    observed = table.count(block="", measure="observed", arm=arm)
    inside = table.count(block=block, measure="participants", arm=arm) if block else observed
    return size - inside, observed - inside
