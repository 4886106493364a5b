"""Curves over time: where a share of an arm may be told, so that no stretch between two times tells a small count."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from npcstats.disclosure.possible import DECIMALS, Share, Span, all_open, keep_times, possible_counts
from npcstats.disclosure.rule import SmallCounts, keep_boundaries
from npcstats.disclosure.table import PublicTable, rounded, withheld
from npcstats.results import EVERYONE, Row

LIMITS = ("ci_low", "ci_high")
Happened = dict[float, tuple[dict[str, float], float]]
"""By time: how many had each event, and how many were censored."""
Steps = dict[float, float]
"""By time: how far one event more just after it moves a share."""


@dataclass(frozen=True)
class Curve:
    """What the rows of a kind call its curves.

    Parameters
    ----------
    point : str
        Measure at the landmarks.
    curve : str
        Measure at every step.
    difference : str
        Measure of the difference of two arms at a landmark.
    levels : tuple of str
        Events that have a curve each; one empty where there is one event.
    without : bool
        Whether the curve is of those without the event.
    """

    point: str
    curve: str
    difference: str
    levels: tuple[str, ...]
    without: bool


@dataclass(frozen=True)
class Told:
    """What is told of one event in one arm.

    Parameters
    ----------
    times : tuple of float
        Months at which the share is told, 0 among them where nobody had the event then.
    landmarks : tuple of float
        All landmarks with a value, told or not.
    ended : bool
        Whether the number of events is told.
    spans : mapping of float to tuple of (int, int)
        Least and largest count by each time.
    few : frozenset of float
        Times by which too few had the event for limits.
    """

    times: tuple[float, ...]
    landmarks: tuple[float, ...]
    ended: bool
    spans: Mapping[float, Span]
    few: frozenset[float]

    def gaps(self) -> tuple[float, ...]:
        """Landmarks that are not told.

        Returns
        -------
        tuple of float
            In order.
        """
        return tuple(time for time in self.landmarks if time not in self.times)


def happened(table: PublicTable, arm: str, kind: Curve) -> Happened:
    """Events and censorings by time, recovered from an arm's steps: a step is those without an event, times a share.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.
    arm : str
        Its code.
    kind : Curve
        What its rows are called.

    Returns
    -------
    dict
        By time, up to the last row of the curves.
    """
    return follow(table, arm, kind)[0]


def follow(table: PublicTable, arm: str, kind: Curve) -> tuple[Happened, Steps]:
    """Events and censorings by time, and how far one event more then would move a share.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.
    arm : str
        Its code.
    kind : Curve
        What its rows are called.

    Returns
    -------
    dict, dict
        As `happened` gives it; and by time those without an event over those at risk after it.
    """
    steps = {level: _values(table.find(measure=kind.curve, stat="estimate", arm=arm, level=level), kind)
             for level in kind.levels}  # fmt: skip
    censored = {row.time: row.value for row in table.find(measure="censored_curve", arm=arm)}
    at_risk, before = table.count(measure="participants", arm=arm), dict.fromkeys(kind.levels, 0.0)
    found: Happened = {}
    moves: Steps = {0.0: 1 / at_risk if at_risk else math.inf}
    for time in sorted({*censored, *(time for values in steps.values() for time in values)}):
        free = 1 - sum(before.values())
        after = {level: steps[level].get(time, before[level]) for level in kind.levels}
        share = at_risk / free if free > 0 else 0.0
        died = {level: float(round((after[level] - before[level]) * share)) for level in kind.levels}
        left = censored.get(time, 0.0)
        if any(died.values()) or left:
            found[time] = (died, left)
        at_risk, before = at_risk - sum(died.values()) - left, after
        moves[time] = (1 - sum(after.values())) / at_risk if at_risk > 0 else math.inf
    return found, moves


def _values(rows: Sequence[Row], kind: Curve) -> dict[float, float]:
    return {row.time: 1 - row.value if kind.without else row.value for row in rows}


def judge_curves(table: PublicTable, level: str, kind: Curve) -> dict[str, Told]:
    """Judge where the share of one event may be told in each arm.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.
    level : str
        The event.
    kind : Curve
        What its rows are called.

    Returns
    -------
    dict of str to Told
        By arm. Landmarks are kept first: as many as may be told in every arm, of as many the later; then those of one
        arm; then, without limits, those that would be told too well with them; then the number of events; then the
        months between, but none beside a landmark that is not told, since the curve would tell it.
    """
    found = {arm: _Judged.of(table, arm, level, kind) for arm in table.arms}
    shared = [time for time in _landmarks(table, level, kind) if all(time in own.spans for own in found.values())]
    sets = [each for size in range(len(shared), 0, -1) for each in combinations(sorted(shared, reverse=True), size)]
    common = next((each for each in sets if all(own.fits(each) for own in found.values())), ())
    return {arm: own.told(common) for arm, own in found.items()}


def _landmarks(table: PublicTable, level: str, kind: Curve) -> list[float]:
    rows = table.find(measure=kind.point, stat="estimate", level=level)
    return sorted({row.time for row in rows if math.isfinite(row.value)}, reverse=True)


@dataclass(frozen=True)
class _Judged:
    """One arm while it is decided what is told: its spans with and without limits, and its number of events."""

    rule: SmallCounts
    spans: Mapping[float, Span]
    bare: Mapping[float, Span]
    few: frozenset[float]
    landmarks: tuple[float, ...]
    ticks: tuple[float, ...]
    events: int
    countable: bool
    starts: bool

    @classmethod
    def of(cls, table: PublicTable, arm: str, level: str, kind: Curve) -> _Judged:
        """Read an arm's rows."""
        size, rule = table.count(measure="participants", arm=arm), table.rule
        course, moves = follow(table, arm, kind)
        died = {time: by[level] for time, (by, _) in course.items()}
        shares = _shares(table, (arm, level), kind, died, moves)
        few = frozenset(time for time, share in shares.items() if share.count < rule.below)
        bare = {time: possible_counts(_bare(share), size) for time, share in shares.items()}
        spans = {time: bare[time] if time in few else possible_counts(share, size) for time, share in shares.items()}
        own = [row.time for row in table.find(measure=kind.point, stat="estimate", arm=arm, level=level)
               if math.isfinite(row.value) and row.time in spans]  # fmt: skip
        ticks = [row.time for row in table.find(measure="at_risk", stat="count", arm=arm) if row.time in spans]
        events = int(table.count(measure="events", arm=arm, level=level))
        without = size - sum(table.count(measure="events", arm=arm, level=each) for each in kind.levels)
        countable = not any(map(rule.covers, (events, without)))
        return cls(rule, spans, bare, few, tuple(sorted(own, reverse=True)), tuple(ticks), events, countable,
                   not died.get(0.0))  # fmt: skip

    def fits(self, times: Sequence[float]) -> bool:
        """Whether all of these times may be told."""
        return all_open([self.spans[time] for time in sorted(times)], self.rule, None)

    def told(self, common: Sequence[float]) -> Told:
        """What is told, beginning with the landmarks that all arms tell."""
        kept = keep_times(self.spans, [*common, *self.landmarks], self.rule, None)
        spans = {**self.bare, **{time: self.spans[time] for time in kept}}
        kept = keep_times(spans, [*kept, *self.landmarks], self.rule, None)
        bare = {time for time in kept if spans[time] != self.spans[time]}
        ended = self.countable and all_open([spans[time] for time in kept], self.rule, self.events)
        spans = {**self.spans, **{time: spans[time] for time in kept}}
        shut = [(a, b) for a, b in pairwise([0.0, *kept, math.inf]) if any(a < time < b for time in self.landmarks)]
        free = [time for time in dict.fromkeys([*self.ticks, *sorted(spans)])
                if time not in self.landmarks and not any(a < time < b for a, b in shut)]  # fmt: skip
        kept = keep_times(spans, [*kept, *free], self.rule, self.events if ended else None)
        start = (0.0,) if self.starts else ()
        return Told((*start, *kept), tuple(sorted(self.landmarks)), ended, spans, self.few | bare)


def _bare(share: Share) -> Share:
    return replace(share, low=math.nan, high=math.nan)


def _shares(
    table: PublicTable, of: tuple[str, str], kind: Curve, died: Mapping[float, float], moves: Steps
) -> dict[float, Share]:
    """Shares at whole months, landmarks and ticks after time 0, up to the last row of the curve, as computed."""
    arm, level = of
    place = {"arm": arm, "level": level}
    steps = _steps(table.find(**place, measure=kind.curve))
    last = max(steps, default=0.0)
    at_points = _steps(table.find(**place, measure=kind.point))
    ticks = [row.time for row in table.find(measure="at_risk", stat="count", arm=arm)]
    wanted = sorted({*map(float, range(1, int(last) + 1)), *ticks, *at_points})
    shares = {}
    for time in wanted:
        if not 0 < time <= last:
            continue
        rows = at_points.get(time) or steps[max(step for step in steps if step <= time)]
        count = int(sum(number for at, number in died.items() if at <= time))
        value, low, high = (rows[stat].value if stat in rows else math.nan for stat in ("estimate", *LIMITS))
        if math.isfinite(value):
            some = rows["estimate"]
            method = next((rows[stat].method for stat in LIMITS if stat in rows), some.method)
            step = moves[max(at for at in moves if at <= time)]
            shares[time] = Share(count, step, value, low, high, kind.without, some.conf_level, method)
    return shares


def _steps(rows: Sequence[Row]) -> dict[float, dict[str, Row]]:
    found: dict[float, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row.time, {})[row.stat] = row
    return found


def risk_times(table: PublicTable, arm: str, kind: Curve, told: Sequence[Told]) -> frozenset[float]:
    """Times at which an arm's number at risk may be told: where its curves are, and whom it leaves are not few.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.
    arm : str
        Its code.
    kind : Curve
        What its rows are called.
    told : sequence of Told
        One for each event.

    Returns
    -------
    frozenset of float
        Times.
    """
    size, course = table.count(measure="participants", arm=arm), happened(table, arm, kind)
    at_risk = {row.time: row.value for row in table.find(measure="at_risk", stat="count", arm=arm)}
    last = max((row.time for row in table.find(measure=kind.curve, arm=arm)), default=0.0)
    known = set.intersection(*(set(item.times) for item in told))
    wanted = [time for time in at_risk if 0 < time <= last and time in known and time not in course]
    times = sorted({*wanted, *course})
    nobody = (dict.fromkeys(kind.levels, 0.0), 0.0)
    cells = [(*course.get(time, nobody)[0].values(), course.get(time, nobody)[1]) for time in times]
    events = [table.count(measure="events", arm=arm, level=level) for level in kind.levels]
    spent = [sum(cell[i] for cell in cells) for i in range(len(events) + 1)]
    tail = (*(whole - gone for whole, gone in zip(events, spent, strict=False)), size - sum(events) - spent[-1])
    ended = all(item.ended for item in told)
    cuts = keep_boundaries([*cells, tail], [times.index(time) + 1 for time in wanted], table.rule, end=ended)
    kept = {times[cut - 1] for cut in cuts} | {0.0}
    # Beyond the curves' last row only the number at risk is given, and only whom it leaves is judged.
    before = size - sum(sum(cell) for cell in cells[: max(cuts, default=0)])
    for time in sorted(time for time in at_risk if time > last):
        if not any(map(table.rule.covers, (before - at_risk[time], at_risk[time]))):
            kept.add(time)
            before = at_risk[time]
    return frozenset(kept)


def pooled_end(table: PublicTable, told: Mapping[str, Told], level: str) -> bool:
    """Whether the number of events of all arms together may be told: with those of each, or with none of them.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.
    told : mapping of str to Told
        Of one event, by arm.
    level : str
        The event.

    Returns
    -------
    bool
        Also of a trial whose only column is everyone.
    """
    ended = [item.ended for item in told.values()]
    if all(ended) or any(ended):
        return all(ended)
    counts = [int(table.count(measure="events", arm=arm, level=level)) for arm in told]
    size = sum(table.count(measure="participants", arm=arm) for arm in told)
    last = [item.spans[max(item.times)] if max(item.times, default=0.0) else (0, 0) for item in told.values()]
    span = (sum(low for low, _ in last), sum(high for _, high in last))
    return not any(map(table.rule.covers, (sum(counts), size - sum(counts)))) and all_open(
        [span], table.rule, sum(counts)
    )


def publish_points(table: PublicTable, told: Mapping[tuple[str, str], Told], kind: Curve) -> list[Row]:
    """Rows of landmarks, differences, events and curves, those that are told rounded, the others withheld.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis; what else is withheld of them is marked in it. Shares of everyone are not told beside
        those of arms.
    told : mapping of (str, str) to Told
        By arm and event.
    kind : Curve
        What its rows are called.

    Returns
    -------
    list of Row
        In order, a curve at its times behind the others.
    """
    for row in table.rows:
        arms = table.arms if row.arm == EVERYONE else tuple(filter(None, (row.arm, row.reference)))
        pooled = row.arm == EVERYONE and EVERYONE not in table.arms
        of_arms = [told[arm, row.level] for arm in arms if (arm, row.level) in told]
        if row.measure == "events" and row.stat == "count":
            own = {arm: told[arm, row.level] for arm in arms}
            known = pooled_end(table, own, row.level) if row.arm == EVERYONE else own[row.arm].ended
        elif row.measure in (kind.point, kind.difference):
            few = any(row.time in item.few for item in of_arms)
            limit = row.stat in LIMITS or row.measure == kind.difference
            known = row.stat in ("estimate", *LIMITS) and not (few and limit)
            known = known and not pooled and all(row.time in item.times for item in of_arms)
        else:
            continue
        if not known:
            table.gone.add(row.key)
    rows = [row for row in table.done() if row.measure not in (kind.curve, "censored_curve")]
    published = {row.key: row for row in rows}
    for (arm, level), one in told.items():
        rows += _curve_at(table, published, (arm, level), one, kind)
    return [_plain(row) if row.measure in (kind.point, kind.curve, kind.difference) else row for row in rows]


def _plain(row: Row) -> Row:
    """A share in whole percentages; no note, since one that there are no limits tells that there is no event."""
    shown = rounded(row, DECIMALS)
    return shown if math.isnan(row.value) or row.stat != "estimate" else replace(shown, note="")


def _curve_at(table: PublicTable, published: Mapping[str, Row], place: tuple[str, str],
              told: Told, kind: Curve) -> list[Row]:  # fmt: skip
    """The curve at the times that are told, as at the landmarks, and without a value at a landmark that is not."""
    arm, level = place
    steps = _steps(table.find(measure=kind.curve, arm=arm, level=level))
    gaps, rows = told.gaps(), []
    for time in sorted(time for time in {*told.times, *gaps} if time <= max(steps, default=-1.0)):
        for stat, row in steps[max(step for step in steps if step <= time)].items():
            at = replace(row, time=time)
            same = published.get(replace(at, measure=kind.point).key)
            if same is not None:
                at = replace(at, value=same.value, note=same.note, reason=same.reason)
            if same is None and (time in gaps or (stat in LIMITS and time in told.few)):
                at = withheld(at, table.why)
            rows.append(at)
    return rows
