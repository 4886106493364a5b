"""The table of counts that a plan asks for of the conduct of a trial."""

from __future__ import annotations

from npcstats.analyses.conduct.displays import Counts
from npcstats.display.anatomy import Table
from npcstats.display.counts import counts_table
from npcstats.results import Results


def tabulate(results: Results, table: Counts) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``counts``.
    table : Counts
        Of the plan.

    Returns
    -------
    Table
        As `counts_table` makes it.
    """
    return counts_table(results, table.analysis, total=table.total)
