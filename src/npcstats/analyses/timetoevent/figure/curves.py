"""Curves over time: what the rows give of each, drawn with its band and its censorings."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes

from npcstats.display.looks import Group
from npcstats.display.lookup import intervals
from npcstats.display.sheet import BAND_ALPHA, LINE
from npcstats.results import AT_TIMES, CURVE, Results, is_withheld, select

NOTHING = "Too few participants are at risk to draw a curve."


@dataclass(frozen=True)
class Steps:
    """An estimate over time with its limits, as the rows give it.

    Parameters
    ----------
    group : Group
        Whose.
    times, values, lows, highs : array of shape (n,)
        Times ascending, n at least 1; limits NaN where there are none.
    joined : bool
        Whether the curve is known at its times only, so that straight lines join them instead of steps.
    parted : tuple of int
        Places of times before which a withheld one stands.
    """

    group: Group
    times: np.ndarray
    values: np.ndarray
    lows: np.ndarray
    highs: np.ndarray
    joined: bool = False
    parted: tuple[int, ...] = ()

    def until(self, end: float) -> Steps:
        """What is drawn on an axis of time: no further than its end.

        Parameters
        ----------
        end : float
            Where the axis ends, not before the first step.

        Returns
        -------
        Steps
            The same, or cut at `end`.
        """
        if self.times[-1] <= end:
            return self
        shown = self.times <= end
        if self.joined:
            return replace(self, **{name: getattr(self, name)[shown] for name in ("times", "values", "lows", "highs")})
        values, lows, highs = (
            np.append(numbers[shown], numbers[shown][-1]) for numbers in (self.values, self.lows, self.highs)
        )
        return Steps(self.group, np.append(self.times[shown], end), values, lows, highs)

    def at(self, times: np.ndarray) -> np.ndarray:
        """Height of the curve at times from its first step on.

        Parameters
        ----------
        times : array of shape (m,)
            Any order.

        Returns
        -------
        array of shape (m,)
            Values of the last step at or before each.
        """
        found: np.ndarray = self.values[np.searchsorted(self.times, times, side="right") - 1]
        return found


def steps_of(
    results: Results, analysis: str, group: Group, *, measure: str, level: str = "", block: str = ""
) -> Steps | None:
    """Read a curve.

    Parameters
    ----------
    results : Results
        Rows.
    analysis : str
        Id.
    group : Group
        Whose curve.
    measure, level, block : str
        Which curve.

    Returns
    -------
    Steps or None
        None where nothing is estimated.
    """
    asked = {"analysis": analysis, "arm": group.arm, "subgroup": group.subgroup, "measure": measure, "level": level,
             "block": block}  # fmt: skip
    found = intervals(results, "time", **asked).values()
    rows = sorted((row for row in found if not math.isnan(row["estimate"].value)), key=lambda row: row["estimate"].time)
    if not rows:
        return None
    gone = np.array(sorted(row["estimate"].time for row in found if is_withheld(row["estimate"])))
    times = np.array([row["estimate"].time for row in rows])
    values, lows, highs = (
        np.array([row[stat].value if stat in row else math.nan for row in rows])
        for stat in ("estimate", "ci_low", "ci_high")
    )
    joined = results.catalogue.analyses[analysis].choices.get(CURVE) == AT_TIMES
    # between two times a withheld one parts the curve
    places = np.searchsorted(times, gone)
    return Steps(group, times, values, lows, highs, joined, tuple(int(place) for place in np.unique(places)))


def draw_curve(axes: Axes, curve: Steps, *, band: bool = True, width: float = LINE, name: str = "curve") -> None:
    """Draw a curve and, behind it, its band.

    Parameters
    ----------
    axes : Axes
        Where.
    curve : Steps
        Cut at the end of the axis.
    band : bool
        Whether its limits are drawn.
    width : float
        Points.
    name : str
        Begins the gid of the line.
    """
    look, code = curve.group.look, curve.group.code
    if band:
        known = ~np.isnan(curve.lows) & ~np.isnan(curve.highs)
        low, high = np.where(known, curve.lows, curve.values), np.where(known, curve.highs, curve.values)
        told = known if curve.joined else np.ones(len(known), bool)  # limits not published leave no waist in a band
        axes.fill_between(curve.times[told], low[told], high[told], step=None if curve.joined else "post",
                          color=look.color, alpha=BAND_ALPHA, linewidth=0, gid=f"band-{code}")  # fmt: skip
    parts = [place for place in curve.parted if 0 < place < len(curve.times)]
    times, values = (np.insert(numbers, parts, np.nan) for numbers in (curve.times, curve.values))
    axes.plot(times, values, drawstyle="default" if curve.joined else "steps-post", color=look.color,
              linewidth=width, linestyle=look.dash, gid=f"{name}-{code}", solid_capstyle="butt",
              dash_capstyle="butt")  # fmt: skip
    for place in parts:
        axes.plot(curve.times[place - 1 : place + 1], curve.values[place - 1 : place + 1], color=look.color,
                  linewidth=width, linestyle=":", gid=f"withheld-{name}-{code}-{place}")  # fmt: skip


def draw_censorings(axes: Axes, results: Results, analysis: str, curve: Steps) -> None:
    """Mark on a curve the times at which participants were censored.

    Parameters
    ----------
    axes : Axes
        Where.
    results : Results
        Rows.
    analysis : str
        Id.
    curve : Steps
        Cut at the end of the axis.
    """
    group = curve.group
    asked = {"analysis": analysis, "arm": group.arm, "subgroup": group.subgroup, "measure": "censored_curve"}
    rows = select(results, **asked, stat="count")
    times = np.array([row.time for row in rows if curve.times[0] <= row.time <= curve.times[-1]])
    heights = curve.at(times) if len(times) else times
    axes.plot(times, heights, linestyle="none", marker="|", markersize=3.4, markeredgewidth=0.4,
              color=group.look.color, gid=f"censored-{group.code}", clip_on=False)  # fmt: skip
