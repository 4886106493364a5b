"""What of cumulative incidence is withheld: times at which a share in whole percentages would tell a small count."""

from __future__ import annotations

from npcstats.analyses.timetoevent.rows import COMPETING, EVENT
from npcstats.disclosure.curves import Curve, judge_curves, publish_points, risk_times
from npcstats.disclosure.table import PublicTable, withhold_all
from npcstats.results import Row

CURVE = Curve("incidence", "incidence_curve", "incidence_difference", (EVENT, COMPETING), without=False)


def incidence_rows(table: PublicTable) -> list[Row]:
    """Each event has a curve, told at months at which its share leaves the count of every stretch open.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.

    Returns
    -------
    list of Row
        The rows to publish, in order; a test of curves that nobody randomised is not among those with a value.
    """
    if table.too_few() or table.hidden:
        return withhold_all(table)
    told = {(arm, level): own for level in CURVE.levels for arm, own in judge_curves(table, level, CURVE).items()}
    risks = {arm: risk_times(table, arm, CURVE, [told[arm, level] for level in CURVE.levels]) for arm in table.arms}
    for row in table.rows:
        arms = [arm for arm in table.arms if arm == row.arm] or table.arms
        known = row.measure in ("participants", "events", CURVE.point, CURVE.difference, CURVE.curve)
        if row.measure == "at_risk":
            known = all(row.time in risks[arm] for arm in arms)
        if not known:
            table.gone.add(row.key)
    return publish_points(table, told, CURVE)
