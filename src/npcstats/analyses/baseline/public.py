"""What of characteristics is withheld: categories are merged with the least frequent others.

Guarantee: of every arm, no level, nobody without a value and nobody with one is told, nor can be worked out, where they
are 1 to one less than the rule's number. Whatever compares arms is a function of their counts, so it goes with the
first count that is withheld in either; p-values adjusted for one another go with the first p-value. Dates and extremes
are of one participant. Who has not been treated is a set less another, and told where no arm's is small. Subgroups, and
who is in none, are not judged, and none of them is told.
"""

from __future__ import annotations

import math
from dataclasses import replace

from npcstats.analyses.baseline.rows import COMPARED, DATED
from npcstats.disclosure.rule import EXTREMES, merge_small
from npcstats.disclosure.table import PublicTable, withheld, withhold_all
from npcstats.results import EVERYONE, Row


def baseline_rows(table: PublicTable) -> list[Row]:
    """Levels are merged with the least frequent others; missing values are a level.

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
    whole = replace(table, rows=[row for row in table.rows if row.subgroup == EVERYONE])
    for block, variable in dict.fromkeys((row.block, row.variable) for row in whole.rows if row.variable):
        place = {"block": block, "variable": variable}
        told = [_withhold_in_arm(whole, place, arm) for arm in whole.arms]
        for row in whole.find(**place):
            if row.measure not in _BASELINE_MEASURES or (row.measure in COMPARED and any(told)):
                table.gone.add(row.key)
    waiting = [row for row in whole.rows if row.measure == "unstarted"]
    sizes = {row.arm: row.value for row in whole.find(measure="participants")}
    if not any(table.rule.covers(count) for row in waiting for count in (row.value, sizes[row.arm] - row.value)):
        table.gone -= {row.key for row in waiting}
    tests = [row for row in whole.rows if row.measure in ("test", "test_adjusted")]
    if any(row.key in table.gone for row in tests):
        table.withhold(row for row in tests if row.measure == "test_adjusted")
    return [_without_one(row) for row in table.done()]


_BASELINE_MEASURES = ("participants", "observed", "missing", "proportion", "mean", "std_deviation", "minimum",
                      "first_quartile", "median", "third_quartile", "maximum", "geometric_mean", "geometric_deviation",
                      "geometric_variation", *COMPARED)  # fmt: skip
_EXACT = ("observed", "mean", "std_deviation", "geometric_mean", "geometric_deviation", "geometric_variation")
"""What tells by its last digits of how many it is; a quantile does not."""


def _without_one(row: Row) -> Row:
    """A row that is no value of one participant."""
    if math.isnan(row.value):
        return row
    if row.unit == DATED:
        return withheld(row, "it is the date of one participant")
    return withheld(row, "it is the value of one participant") if row.measure in EXTREMES else row


def _withhold_in_arm(table: PublicTable, place: dict[str, str], arm: str) -> bool:
    """Withhold what one arm asks for, for itself and for everyone; tell whether that was anything."""
    counts = {f"={row.level}": row.value for row in table.find(**place, measure="proportion", stat="count", arm=arm)}
    observed = table.count(**place, measure="observed", arm=arm)
    missing = table.count(**place, measure="missing", arm=arm)
    merged = merge_small({**(counts or {"observed": observed}), "missing": missing}, table.rule)
    few = table.rule.covers(observed)
    unknown = few or "missing" in merged
    for row in table.find(**place):
        if row.measure in COMPARED or row.arm not in (arm, EVERYONE):
            continue
        if row.measure == "missing":
            gone = "missing" in merged
        elif row.measure == "proportion":
            gone = few or (f"={row.level}" in merged and row.stat != "total") or (unknown and row.stat != "count")
        else:
            gone = few or (unknown and row.measure in _EXACT)
        if gone:
            table.gone.add(row.key)
    return bool(merged)
