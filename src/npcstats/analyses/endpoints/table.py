"""The table of counts that a plan asks for of the account of events and censoring."""

from __future__ import annotations

from npcstats.analyses.endpoints.displays import EndpointCounts
from npcstats.display.anatomy import Table
from npcstats.display.counts import counts_table
from npcstats.results import Results


def tabulate(results: Results, table: EndpointCounts) -> Table:
    """The table that a plan asks for.

    Parameters
    ----------
    results : Results
        Rows of kind ``counts``.
    table : EndpointCounts
        Of the plan.

    Returns
    -------
    Table
        As `counts_table` makes it.
    """
    return counts_table(results, table.analysis, total=table.total)
