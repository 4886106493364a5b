"""What of accrual is withheld: months are merged."""

from __future__ import annotations

import math
from itertools import pairwise

from npcstats.disclosure.rule import keep_boundaries
from npcstats.disclosure.table import PublicTable, withhold_all
from npcstats.results import Row


def accrual_rows(table: PublicTable) -> list[Row]:
    """Months are merged until each stretch holds nobody or enough; a projected date tells the last stretch.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.

    Returns
    -------
    list of Row
        The rows to publish, in order.
    """
    by_time = sorted((row for row in table.find(measure="enrolled", stat="count") if not math.isnan(row.time)),
                     key=lambda row: row.time)  # fmt: skip
    counts = [0.0, *(row.value for row in by_time)]
    size = max(counts)
    if table.rule.covers(size):
        return withhold_all(table)
    cells = [(after - before,) for before, after in pairwise(counts)]
    kept = keep_boundaries([*cells, (0.0,)], range(1, len(cells) + 1), table.rule)
    table.withhold(row for i, row in enumerate(by_time, start=1) if i not in kept)
    table.withhold(row for row in table.rows if row.measure not in ("enrolled", "expected_enrolled"))
    return table.done()
