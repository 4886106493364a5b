"""What of survival is withheld: times at which a share in whole percentages would tell a small count."""

from __future__ import annotations

from npcstats.disclosure.curves import Curve, judge_curves, publish_points, risk_times
from npcstats.disclosure.table import PublicTable, rounded, withhold_all
from npcstats.results import Row

CURVE = Curve("survival", "survival_curve", "survival_difference", ("",), without=True)
MONTHS = {"restricted_mean": 1, "restricted_mean_difference": 1, "follow_up": 1, "median_survival": 1}
"""Decimals of what is told in months."""
TOLD = ("estimate", "ci_low", "ci_high")


def survival_rows(table: PublicTable) -> list[Row]:
    """A curve is told at months at which its share, in whole percentages, leaves every stretch's count open.

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
    told = {(arm, ""): own for arm, own in judge_curves(table, "", CURVE).items()}
    risks = {arm: risk_times(table, arm, CURVE, [told[arm, ""]]) for arm in table.arms}
    for row in table.rows:
        arms = [arm for arm in table.arms if arm in (row.arm, row.reference)] or table.arms
        if row.measure == "at_risk":
            known = all(row.time in risks[arm] for arm in arms)
        elif row.measure in ("restricted_mean", "restricted_mean_difference"):
            known = row.stat in TOLD and all(row.time in told[arm, ""].times for arm in arms)
        elif row.measure == "follow_up":
            known = row.stat == "estimate"
        else:
            known = row.measure in (
                "participants",
                "events",
                "median_survival",
                CURVE.point,
                CURVE.difference,
                CURVE.curve,
            )
        if not known:
            table.gone.add(row.key)
    return [_short(row) for row in publish_points(table, told, CURVE)]


def _short(row: Row) -> Row:
    return rounded(row, MONTHS[row.measure]) if row.measure in MONTHS else row


def follow_up_rows(table: PublicTable) -> list[Row]:
    """Quantiles only.

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
    table.withhold(row for row in table.rows if row.measure not in ("participants", "follow_up"))
    return [_short(row) for row in table.done()]
