"""What of characteristics is withheld: categories are merged with the least frequent others."""

from __future__ import annotations

import math

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
    for block, variable in dict.fromkeys((row.block, row.variable) for row in table.rows if row.variable):
        place = {"block": block, "variable": variable}
        told = [_withhold_in_arm(table, place, arm) for arm in table.arms]
        for row in table.find(**place):
            if (row.reference and any(told)) or row.measure not in _BASELINE_MEASURES:
                table.gone.add(row.key)
    return [
        withheld(row, "it is the value of one participant")
        if row.measure in EXTREMES and not math.isnan(row.value)
        else row
        for row in table.done()
    ]


_BASELINE_MEASURES = ("participants", "observed", "missing", "proportion", "mean", "std_deviation", "minimum",
                      "first_quartile", "median", "third_quartile", "maximum", "smd")  # fmt: skip


def _withhold_in_arm(table: PublicTable, place: dict[str, str], arm: str) -> bool:
    """Withhold what one arm asks for, for itself and for everyone; tell whether that was anything."""
    counts = {f"={row.level}": row.value for row in table.find(**place, measure="proportion", stat="count", arm=arm)}
    observed = table.count(**place, measure="observed", arm=arm)
    missing = table.count(**place, measure="missing", arm=arm)
    merged = merge_small({**(counts or {"observed": observed}), "missing": missing}, table.rule)
    few = table.rule.covers(observed)
    unknown = few or "missing" in merged
    for row in table.find(**place):
        if row.reference or row.arm not in (arm, EVERYONE):
            continue
        if row.measure == "missing":
            gone = "missing" in merged
        elif row.measure == "proportion":
            gone = few or (f"={row.level}" in merged and row.stat != "total") or (unknown and row.stat != "count")
        else:
            # A mean of recorded values tells by its last digits of how many it is, a quantile does not.
            gone = few or (unknown and row.measure in ("observed", "mean", "std_deviation"))
        if gone:
            table.gone.add(row.key)
    return bool(merged)
