"""Curves: times are merged until each stretch holds nobody or enough."""

from __future__ import annotations

from dataclasses import replace

from npcstats.disclosure.rule import keep_boundaries
from npcstats.disclosure.table import PublicTable, rounded, withhold_all
from npcstats.results import EVERYONE, Row


def survival_rows(table: PublicTable) -> list[Row]:
    """A curve is known at times between which nobody or enough had the event; numbers at risk likewise.

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
    ends = {arm for arm in table.arms if _is_end_known(table, arm)}
    curves = {arm: _curve_times(table, arm, arm in ends) for arm in table.arms}
    risks = {arm: _risk_times(table, arm, arm in ends, curves[arm]) for arm in table.arms}
    for row in table.rows:
        arms = table.arms if row.arm == EVERYONE or row.measure == "logrank" else (row.arm, row.reference or row.arm)
        known = row.measure in ("participants", "median_survival", "follow_up", "survival_curve", "censored_curve")
        if row.measure in ("at_risk", *_ROUNDED) and row.measure != "survival_curve":
            of_arms = risks if row.measure == "at_risk" else curves
            known = all(row.time in of_arms[arm] for arm in arms)
        elif row.measure in ("events", "logrank"):
            known = row.stat == "total" or ends >= {*arms}
        if not known:
            table.gone.add(row.key)
    rows = [row for row in table.done() if row.measure not in ("survival_curve", "censored_curve")]
    for arm in dict.fromkeys(row.arm for row in table.rows if row.measure == "survival_curve"):
        times = frozenset.intersection(*curves.values()) if arm == EVERYONE else curves[arm]
        rows += _curve_at(table, arm, times)
    return [rounded(row, _ROUNDED[row.measure]) if row.measure in _ROUNDED else row for row in rows]


def _curve_at(table: PublicTable, arm: str, times: frozenset[float]) -> list[Row]:
    """The curve at the times that may be known, up to its last row."""
    steps: dict[float, list[Row]] = {}
    for row in table.find(measure="survival_curve", arm=arm):
        steps.setdefault(row.time, []).append(row)
    return [
        replace(row, time=time)
        for time in sorted(times)
        if time <= max(steps)
        for row in steps[max(step for step in steps if step <= time)]
    ]


def _is_end_known(table: PublicTable, arm: str) -> bool:
    """Whether an arm's number of events may be known."""
    size, events = table.count(measure="participants", arm=arm), table.count(measure="events", arm=arm)
    return not any(map(table.rule.covers, (events, size - events)))


def _curve_times(table: PublicTable, arm: str, ended: bool) -> frozenset[float]:
    """Times at which an arm's curve may be known: the landmarks first, then the ticks, then every whole month."""
    happened = {time: died for time, (died, _) in _events_and_censorings(table, arm).items() if died}
    last = max((row.time for row in table.find(measure="survival_curve", arm=arm)), default=0.0)
    named = [row.time for m in ("survival", "at_risk") for row in table.find(measure=m, arm=arm) if row.stat in _POINT]
    months = [float(month) for month in range(1, int(last) + 1)]
    wanted = [time for time in dict.fromkeys([*named, *months]) if 0 < time <= last and time not in happened]
    times = sorted({*wanted, *happened})
    died = [(happened.get(time, 0.0),) for time in times]
    after = table.count(measure="events", arm=arm) - sum(cell[0] for cell in died) if ended else 0.0
    start = {0.0} - set(happened)
    if not ended and any(map(table.rule.covers, (sum(cell[0] for cell in died),))):
        # With few events in all, the curve is known only before the first of them.
        return frozenset(start | {time for time in wanted if time < min(happened)})
    cuts = keep_boundaries([*died, (after,)], [times.index(time) + 1 for time in wanted], table.rule)
    return frozenset(start | {times[cut - 1] for cut in cuts})


def _risk_times(table: PublicTable, arm: str, ended: bool, curve: frozenset[float]) -> frozenset[float]:
    """Times at which an arm's number at risk may be known: where the curve is, and whom it leaves are not few."""
    size = table.count(measure="participants", arm=arm)
    events = table.count(measure="events", arm=arm)
    happened = _events_and_censorings(table, arm)
    last = max((row.time for row in table.find(measure="survival_curve", arm=arm)), default=0.0)
    at_risk = {row.time: row.value for row in table.find(measure="at_risk", stat="count", arm=arm)}
    wanted = [time for time in at_risk if 0 < time <= last and time in curve and time not in happened]
    times = sorted({*wanted, *happened})
    cells = [happened.get(time, (0.0, 0.0)) for time in times]
    died, left = (sum(cell[i] for cell in cells) for i in (0, 1))
    order = [times.index(time) + 1 for time in wanted]
    tail = (events - died, size - events - left)
    cuts = keep_boundaries([*cells, tail], order, table.rule, end=ended)
    kept = {times[cut - 1] for cut in cuts} | {0.0}
    # Beyond the curve's last row only the number at risk is given, and only whom it leaves is judged.
    before = size - sum(sum(cell) for cell in cells[: max(cuts, default=0)])
    for time in sorted(time for time in at_risk if time > last):
        if not any(map(table.rule.covers, (before - at_risk[time], at_risk[time]))):
            kept.add(time)
            before = at_risk[time]
    return frozenset(kept)


# Decimals that are published of what is read from a curve at a time.
_ROUNDED = {
    "survival": 3,
    "survival_curve": 3,
    "survival_difference": 3,
    "restricted_mean": 1,
    "restricted_mean_difference": 1,
}
_POINT = ("estimate", "count")


def _events_and_censorings(table: PublicTable, arm: str) -> dict[float, tuple[float, float]]:
    """Events and censorings by time, recovered from a curve's steps: a step is events over those at risk."""
    curve = {row.time: row.value for row in table.find(measure="survival_curve", stat="estimate", arm=arm)}
    censored = {row.time: row.value for row in table.find(measure="censored_curve", arm=arm)}
    at_risk, before = table.count(measure="participants", arm=arm), 1.0
    found = {}
    for time in sorted({*curve, *censored}):
        after = curve.get(time, before)
        died = float(round(at_risk * (1.0 - after / before))) if before > 0 else 0.0
        left = censored.get(time, 0.0)
        if died or left:
            found[time] = (died, left)
        at_risk, before = at_risk - died - left, after
    return found


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
    return table.done()
