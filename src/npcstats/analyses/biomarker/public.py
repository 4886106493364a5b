"""What of markers is withheld: what is part of what."""

from __future__ import annotations

import math

from npcstats.analyses.biomarker.rows import (
    CHANGE,
    CHANGES,
    CONTRASTS,
    DETECTABLE,
    DUE,
    EARLY,
    LOCATIONS,
    PAIRED,
    VALUE,
)
from npcstats.disclosure.rule import keep_boundaries
from npcstats.disclosure.table import PublicTable, rounded, withhold_all
from npcstats.results import EVERYONE, Row

NUMBERED = ("participants", "observed", "proportion")
"""Measures that count participants, or are a share of them."""
KNOWN = {*NUMBERED, *LOCATIONS.values(), *CHANGES.values(), *CONTRASTS.values()} - {CHANGES[DETECTABLE]}
"""What may be published. A quartile is somebody's value; those who gained or lost a quantity may be few."""


def biomarker_rows(table: PublicTable) -> list[Row]:
    """With a change, with a value, due, in the set: each a part of the next, and no difference between two small.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.

    Returns
    -------
    list of Row
        The rows to publish, in order.
    """
    if table.too_few() or table.hidden:
        return withhold_all(table)
    table.withhold(row for row in table.rows if row.measure not in KNOWN or row.level == PAIRED)
    for arm in table.arms:
        due: set[str] = set()
        for window, block, variable in dict.fromkeys((r.window, r.block, r.variable) for r in table.rows if r.variable):
            place = {"window": window, "block": block, "variable": variable}
            if _withhold_visit(table, place, arm):
                due.add(window)
        for window in due:
            for who in (arm, EVERYONE):
                table.withhold(table.find(measure="observed", stat="total", window=window, arm=who))
    return [row if row.measure in NUMBERED else _short(row) for row in table.done()]


def _short(row: Row) -> Row:
    """A mean or a limit with four significant digits."""
    size = math.floor(math.log10(abs(row.value))) if math.isfinite(row.value) and row.value else 0
    return rounded(row, max(0, 3 - size))


def _withhold_visit(table: PublicTable, place: dict[str, str], arm: str) -> bool:
    """Withhold what one arm asks for at a visit; tell whether the number due is among it."""
    size = table.count(measure="participants", arm=arm)
    at_visit = {**place, "arm": arm}
    value = table.count(**at_visit, measure="observed", level=VALUE)
    due = next((row.value for row in table.find(**at_visit, measure="observed", level=VALUE, stat="total")), value)
    part = CHANGE if table.find(**at_visit, measure="observed", level=CHANGE) else DETECTABLE
    early = table.count(**at_visit, measure="observed", level=EARLY)
    change = table.count(**at_visit, measure="observed" if part == CHANGE else "proportion", level=part)
    cells = [(change,), (value - change,), (due - value,), (size - due,)]
    kept = keep_boundaries(cells, (2, 1, 3), table.rule)
    for row in table.find(**place):
        if arm in (row.arm, row.reference) or row.arm == EVERYONE:
            of_change = row.measure in CHANGES.values() or bool(row.reference) or row.level == part
            few = table.rule.covers(change if of_change and row.level != DETECTABLE else value)
            apart = row.level in (DUE, EARLY) and early > 0  # beside those with a value they would tell the early
            if few or apart or not _cuts_told(row) <= kept:
                table.gone.add(row.key)
    return 3 not in kept


def _cuts_told(row: Row) -> set[int]:
    """Numbers that a row of a biomarker is, or would tell: 1 with a change (or detectable), 2 with a value.

    A mean of everyone beside those of the arms tells how many there are of each.
    """
    if row.measure == "observed":
        return set() if row.stat == "total" or row.level == EARLY else {1} if row.level == CHANGE else {2}
    if row.measure == "proportion":
        return {"count": {1}, "total": {2}}.get(row.stat, {1, 2})
    if row.measure == CONTRASTS[DETECTABLE]:
        return {1, 2}
    if row.measure in LOCATIONS.values():
        return {2} if row.arm == EVERYONE else set()
    return {1} if row.arm == EVERYONE else set()
