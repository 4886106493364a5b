"""What of hazard ratios is withheld: those of arms are rounded and of enough events; of covariates none is told."""

from __future__ import annotations

from npcstats.analyses.regression.rows import ADJUSTED, UNADJUSTED
from npcstats.disclosure.effects import EFFECTS, TOLD, are_enough, short
from npcstats.disclosure.table import PublicTable, withhold_all
from npcstats.results import EVERYONE, Row


def regression_rows(table: PublicTable) -> list[Row]:
    """Hazard ratios of the arms, where each has enough participants with the event and without it.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.

    Returns
    -------
    list of Row
        The rows to publish, in order. Arms are counted in the model of the arms alone, whose participants the others
        share.
    """
    whole = {"block": UNADJUSTED, "subgroup": EVERYONE}
    sizes = {row.arm: row.value for row in table.find(**whole, measure="participants", stat="count")}
    counts = {row.arm: row.value for row in table.find(**whole, measure="events", stat="count")}
    arms = [arm for arm in sizes if arm != EVERYONE]
    if table.too_few() or table.hidden or not are_enough(table, ((counts[arm], sizes[arm]) for arm in arms)):
        return withhold_all(table)
    lacking = table.count(block=ADJUSTED, measure="missing", variable="")
    for row in table.rows:
        known = row.measure == "hazard_ratio" and bool(row.reference) and row.stat in TOLD
        if row.measure in ("participants", "missing") and row.arm == EVERYONE and not row.variable:
            known = not table.rule.covers(lacking)
        if not known:
            table.gone.add(row.key)
    return [short(row, EFFECTS) if row.measure in EFFECTS else row for row in table.done()]
