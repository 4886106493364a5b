"""Other trials that would print the same page: survival of two arms computed anew, and a search among made trials.

Nothing here uses how the package chooses what to withhold, nor its estimators: curves, limits, means, quantiles, risk
sets and the hazard ratio are written out once more for participants given as days and whether they had the event.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from npcstats.results import is_withheld

MONTH = 30.4375
Z = NormalDist().inv_cdf(0.975)
UNITS = {"survival": 0.01, "survival_curve": 0.01, "survival_difference": 0.01, "restricted_mean": 0.1,
         "restricted_mean_difference": 0.1, "hazard_ratio": 0.01, "median_survival": 0.1, "follow_up": 0.1,
         "participants": 1, "events": 1, "at_risk": 1}  # fmt: skip
STATS = ("estimate", "ci_low", "ci_high")


@dataclass
class Arm:
    """Days of follow-up, and whether they end in the event."""

    days: np.ndarray
    event: np.ndarray

    def tabulate(self, event):
        """Times in months, with events and with how many are at risk."""
        order = np.argsort(self.days, kind="stable")
        days, flags = self.days[order], event[order]
        times, first = np.unique(days, return_index=True)
        died = np.add.reduceat(flags.astype(float), first)
        return times / MONTH, died, len(days) - first.astype(float)

    def course(self, event):
        """Survival and Greenwood's sum at each time."""
        times, died, risk = self.tabulate(event)
        with np.errstate(divide="ignore", invalid="ignore"):
            survival = np.cumprod(1 - died / risk)
            greenwood = np.cumsum(np.where(died > 0, died / (risk * (risk - died)), 0.0))
        return times, died, risk, survival, greenwood

    def summary(self, tau):
        """What the page may ask of the arm."""
        times, died, risk, survival, greenwood = self.course(self.event)
        _, _, _, reverse, _ = self.course(~self.event)
        grid = np.concatenate([[0.0], times[times < tau], [tau]])
        steps = np.concatenate([[1.0], survival[times < tau]])
        areas = np.diff(grid) * steps
        mean = areas.sum()
        after = np.cumsum(areas[::-1])[::-1][1:]
        some = times < tau
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(died[some] > 0, died[some] / (risk[some] * (risk[some] - died[some])), 0.0)
        return times, survival, greenwood, reverse, mean, float((after**2 * terms).sum())


def shares(summary, time):
    """Survival at a time with log-log limits, and its standard error."""
    times, survival, greenwood = summary[:3]
    place = np.searchsorted(times, time, side="right") - 1
    value, spread = (survival[place], greenwood[place]) if place >= 0 else (1.0, 0.0)
    if not 0 < value < 1:
        return value, math.nan, math.nan, 0.0
    factor = math.exp(Z * math.sqrt(spread) / abs(math.log(value)))
    return value, value**factor, value ** (1 / factor), value * math.sqrt(spread)


def quantile(times, curve, share):
    """First time at which a curve is at or below what is left, in the middle of a plateau at it."""
    found = np.flatnonzero(curve <= share + 1e-12)
    if not len(found):
        return math.nan
    first = found[0]
    beyond = np.flatnonzero(curve < share - 1e-12)
    if abs(curve[first] - share) < 1e-12 and len(beyond):
        return (times[first] + times[beyond[0]]) / 2
    return times[first]


def ratio(first, other):
    """Hazard ratio of the first arm over the other with Wald limits, ties by Efron."""
    days = np.concatenate([first.days, other.days])
    event = np.concatenate([first.event, other.event])
    own = np.concatenate([np.ones(len(first.days)), np.zeros(len(other.days))])
    order = np.argsort(-days, kind="stable")
    days, event, own = days[order], event[order], own[order]
    with_it, without = np.cumsum(own), np.cumsum(1 - own)
    moments = np.unique(days[event])
    last = np.searchsorted(-days, -moments, side="right") - 1
    ones, zeros = with_it[last], without[last]
    pairs = []
    for moment, a, b in zip(moments, ones, zeros, strict=True):
        dead = event & (days == moment)
        d1, d = own[dead].sum(), dead.sum()
        pairs += [(a - k / d * d1, b - k / d * (d - d1), d1 / d) for k in range(int(d))]
    a, b, who = np.array(pairs).T
    beta = 0.0
    for _ in range(50):
        weight = a * math.exp(beta)
        share = weight / (weight + b)
        information = (share * (1 - share)).sum()
        if not information > 1e-9:
            return math.nan, math.nan, math.nan
        step = (who.sum() - share.sum()) / information
        beta += max(-1.0, min(1.0, step))
        if abs(step) < 1e-9:
            break
    if abs(beta) > 20:
        return math.nan, math.nan, math.nan
    half = Z / math.sqrt(information)
    return math.exp(beta), math.exp(beta - half), math.exp(beta + half)


class Page:
    """What is published of survival and of a hazard ratio, and how far another trial is from printing it."""

    def __init__(self, rows, names, tau):
        self.names, self.tau = names, tau
        told = [row for row in rows if row.measure in UNITS and row.stat in (*STATS, "count") and row.arm in names]
        self.rows = [row for row in told if math.isfinite(row.value)]
        self.ended = {name for name in names if any(row.measure == "events" and row.arm == name for row in self.rows)}
        self.timed = [row for row in self.rows if row.measure.startswith("survival")]
        self.unread = [row for row in rows if row not in told and math.isfinite(row.value) and row.arm != "all"]
        self.missing = [row for row in told if math.isnan(row.value) and not is_withheld(row)]

    def times(self, name):
        """Months at which a share of an arm is told, in order."""
        found = [row for row in self.rows if row.arm == name and row.measure in ("survival", "survival_curve")]
        return sorted({row.time for row in found if row.stat == "estimate" and not row.reference})

    def values(self, arms):
        """The published rows as another trial has them."""
        made = {name: arm.summary(self.tau) for name, arm in arms.items()}
        first, other = (arms[name] for name in self.names)
        asked = any(row.measure == "hazard_ratio" for row in self.rows)
        ratios = dict(zip(STATS, ratio(first, other) if asked else (math.nan,) * 3, strict=True))
        self.known = {
            (name, time): shares(made[name], time) for name in self.names for time in {row.time for row in self.timed}
        }
        return [self._value(row, arms, made, ratios) for row in self.rows]

    def _value(self, row, arms, made, ratios):
        arm, summary = arms[row.arm], made[row.arm]
        if row.measure in ("survival", "survival_curve"):
            if row.time == 0:
                return float(row.value)
            return self.known[row.arm, row.time][STATS.index(row.stat)]
        if row.measure == "hazard_ratio":
            return ratios[row.stat]
        if row.measure in ("survival_difference", "restricted_mean_difference", "restricted_mean"):
            return self._mean_or_difference(row, made)[STATS.index(row.stat)]
        if row.measure == "median_survival":
            return self._median(summary, row.stat)
        if row.measure == "follow_up":
            return quantile(summary[0], summary[3], 1 - float(row.level))
        if row.measure == "at_risk":
            return float((arm.days / MONTH >= row.time).sum())
        return float(arm.event.sum() if row.measure == "events" and row.stat == "count" else len(arm.days))

    def _mean_or_difference(self, row, made):
        own = []
        for name in filter(None, (row.arm, row.reference)):
            if row.measure == "survival_difference":
                value, _, _, error = self.known[name, row.time]
                own.append((value, error**2))
            else:
                own.append(made[name][4:])
        value = own[0][0] - (own[1][0] if len(own) > 1 else 0.0)
        half = Z * math.sqrt(sum(variance for _, variance in own))
        return value, value - half, value + half

    @staticmethod
    def _median(summary, stat):
        times, survival, greenwood = summary[:3]
        if stat == "estimate":
            return quantile(times, survival, 0.5)
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.exp((Z if stat == "ci_low" else -Z) * np.sqrt(greenwood) / np.abs(np.log(survival)))
            band = np.where((survival > 0) & (survival < 1), survival**power, np.nan)
        return quantile(times, np.where(np.isnan(band), 1.0, band), 0.5)

    def distance(self, arms):
        """Zero where every published row would be printed as it is; else by how many last digits it would not."""
        far = 0.0
        for row, value in zip(self.rows, self.values(arms), strict=True):
            off = abs(value - row.value) / UNITS[row.measure] if math.isfinite(value) else 3.0
            far += min(3.0, off if UNITS[row.measure] == 1 else max(0.0, off - 0.5))
        return far


def count_between(arm, low, high):
    """Events after one month and until another."""
    months = arm.days / MONTH
    return int((arm.event & (months > low) & (months <= high)).sum())


def find_world(page, arms, target, *, below, steps, stream):
    """Another trial that prints the page, in which the target count is none or not small; None if none is found.

    Parameters: the page, the true arms by name, the target (arm, after, until), from which count on nothing is small,
    how many steps, a generator.
    """
    name = target[0]
    for goal in ("none", "more") * 6:
        trial = {each: Arm(arm.days.copy(), arm.event.copy()) for each, arm in arms.items()}
        if _start(trial[name], target, 0 if goal == "none" else below, stream) and _settle(
            page, trial, target, below, steps, stream
        ):
            return trial
    return None


def _start(arm, target, goal, stream):
    """Move events into the stretch, or out of it, until the goal is met; those nearest to its ends first."""
    _, low, high = target
    for _ in range(20):
        months = arm.days / MONTH
        inside = (months > low) & (months <= high)
        count = int((arm.event & inside).sum())
        if count == goal:
            return True
        movable = np.flatnonzero(arm.event & (inside if count > goal else ~inside))
        if not len(movable):
            return False
        one = _near(movable, months, low, high, stream)
        others = np.flatnonzero(~arm.event & (inside if count < goal else ~inside))
        if (
            len(others) and stream.random() < 0.5
        ):  # who had the event and who was censored change places: as many stay at risk
            other = _near(others, months, low, high, stream)
            arm.event[one], arm.event[other] = False, True
            continue
        if count < goal:
            edge = min(high, months.max())
            day = math.floor((edge - min(1.0, edge - max(low, 0.0)) * stream.random()) * MONTH)
        else:
            before = low > 0 and months[one] - low < high - months[one]
            day = (
                math.floor((low - 0.5 * stream.random()) * MONTH)
                if before
                else math.ceil((high + stream.random()) * MONTH)
            )
        arm.days[one] = max(1, day)
    return False


def _near(places, months, low, high, stream):
    """One of several participants, most likely one nearest to an end of the stretch."""
    gap = np.minimum(np.abs(months[places] - low), np.abs(months[places] - high))
    return places[np.argsort(gap)[min(len(gap) - 1, stream.geometric(0.6) - 1)]]


def _move(arm, ended, stream):
    """Change one day a little, or let one who had the event and one censored near by change places."""
    kind, events = stream.random(), np.flatnonzero(arm.event)
    one = stream.choice(events) if kind < 0.85 and len(events) else stream.integers(len(arm.days))
    if 0.45 < kind < 0.85 or (kind > 0.95 and not ended):
        censored = np.flatnonzero(~arm.event)
        if not len(censored):
            return
        arm.event[one] = not arm.event[one]
        if kind < 0.85:
            gap = np.abs(arm.days[censored] - arm.days[one])
            arm.event[censored[np.argsort(gap)[min(len(gap) - 1, stream.geometric(0.25) - 1)]]] = True
        return
    scale = 10.0 ** stream.uniform(-0.3, 2.3)
    arm.days[one] = int(np.clip(round(arm.days[one] + stream.normal(0, scale)), 1, 3000))


def _settle(page, trial, target, below, steps, stream):
    """Anneal the days, and whether they end in the event, until the page is printed; the goal stays met."""
    name, low, high = target
    far = page.distance(trial)
    for step in range(steps):
        if far == 0:
            return True
        each = name if stream.random() < 0.8 else next(other for other in trial if other != name)
        arm, before = trial[each], (trial[each].days.copy(), trial[each].event.copy())
        _move(arm, each in page.ended, stream)
        small = 0 < count_between(trial[name], low, high) < below
        moved = math.inf if small else page.distance(trial)
        heat = 0.15 * (1 - step / steps) ** 2
        if moved <= far or stream.random() < math.exp((far - moved) / max(heat, 1e-3)):
            far = moved
        else:
            arm.days, arm.event = before
    return far == 0
