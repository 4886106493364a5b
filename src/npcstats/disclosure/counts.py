"""States that are counted: a small one takes the block of its arm with it."""

from __future__ import annotations

from npcstats.disclosure.table import PublicTable, withhold_all
from npcstats.results import EVERYONE, Row


def counts_rows(table: PublicTable) -> list[Row]:
    """Items of a block may be parts of one another: a small one takes the block of its arm with it.

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
    table.withhold(row for row in table.rows if row.measure not in ("participants", "proportion", "records", "median"))
    for arm in table.arms:
        items = table.find(measure="proportion", stat="count", arm=arm)
        totals = {row.key: _total(table, row) for row in items}
        small = {row.block for row in items if any(map(table.rule.covers, (row.value, totals[row.key] - row.value)))}
        few = {row.block for row in items if table.rule.covers(totals[row.key])}
        for row in table.rows:
            told = row.block in small and row.measure != "participants" and row.stat != "total"
            if row.arm in (arm, EVERYONE) and (told or (row.block in few and row.stat == "total")):
                table.gone.add(row.key)
    blocks = list(dict.fromkeys(row.block for row in table.rows))
    gone = {row.block for row in table.rows if row.key in table.gone}
    # In a block with something withheld, an order by frequency would tell what stands between two neighbours.
    return sorted(table.done(), key=lambda row: (blocks.index(row.block), row.variable if row.block in gone else ""))


def _total(table: PublicTable, row: Row) -> float:
    place = {"block": row.block, "variable": row.variable, "arm": row.arm, "level": row.level, "window": row.window}
    return next((found.value for found in table.find(**place, measure="proportion", stat="total")), row.value)
