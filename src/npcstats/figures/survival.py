"""Kaplan-Meier curves with their limits, censorings and numbers at risk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.figures.rows import entry_of, group_label, groups, intervals, printed
from npcstats.figures.sheet import BAND_ALPHA, LINE, SMALL_SIZE, SOFT, WIDTHS, Fonts, Sheet, empty_figure, look_of
from npcstats.figures.spec import FigureSpec
from npcstats.formatting import NOT_PUBLISHED
from npcstats.results import Results, Row, is_withheld, select

PLOT_HEIGHT = {"full": 62.0, "column": 48.0}
ROW_HEIGHT = 3.6
AXIS_ROOM = 8.8
FOOT = 1.0
EDGE = 4.6
LABEL_GAP = 0.055
TOP = 3.0
NOTHING = "Too few participants are at risk to draw a curve."
AT_TIMES = "at times"
"""How the catalogue says that a curve is known at some times only: between them nothing is known but its direction."""
PERCENTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def kaplan_meier_figure(results: Results, spec: FigureSpec, *, fonts: Fonts) -> Figure:
    """Draw an endpoint's curves by arm, or pooled, to the last row given and no further than the last tick.

    Parameters
    ----------
    results : Results
        Rows of kind ``survival``.
    spec : FigureSpec
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Curves as lines with gid ``curve-ARM``, limits as ``band-ARM``, censorings as ``censored-ARM``. An arm
        without a curve has its numbers at risk only; where no arm has one, an empty frame says so.
    """
    entry = entry_of(results, spec.analysis, "survival")
    arms = groups(results, spec.analysis)
    at_risk = select(results, analysis=spec.analysis, arm=set(arms), measure="at_risk", stat="count")
    lasts = [last for arm in arms if (last := _last_time(results, spec.analysis, arm)) > 0]
    ticks = sorted({row.time for row in at_risk})
    if not lasts or not ticks or ticks[-1] <= 0:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    end = next((tick for tick in ticks if tick >= max(lasts)), ticks[-1])
    ticks = [tick for tick in ticks if tick <= end]
    at_risk = tuple(row for row in at_risk if row.time <= end)
    variable = at_risk[0].variable
    risk_room = ROW_HEIGHT * (len(arms) + 1)
    height = TOP + PLOT_HEIGHT[spec.width] + AXIS_ROOM + risk_room + FOOT
    sheet = Sheet(WIDTHS[spec.width], height, fonts)
    names = [group_label(results, arm) for arm in arms]
    widest = max(sheet.extent(name, weight="semibold") for name in names)
    left = max(14.5, max(sheet.extent(text, size=SMALL_SIZE) for text in [*names, "At risk"]) + 1.0 + EDGE)
    right = widest + 4.0 if len(arms) > 1 else 5.0
    axes = sheet.axes(left, AXIS_ROOM + risk_room + FOOT, sheet.width - right, height - TOP)
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1.02)
    axes.spines["left"].set_bounds(0, 1)
    sheet.ticks(axes, "x", ticks, [printed(results, tick, "decimal0") for tick in ticks])
    sheet.ticks(axes, "y", PERCENTS, [printed(results, share, "percent0") + "%" for share in PERCENTS])
    sheet.name(axes, "x", spec.x_label or entry.units.get(variable, "months").capitalize())
    sheet.name(axes, "y", entry.labels.get("variable", {}).get(variable, entry.label))
    ends = {arm: _draw_curve(axes, results, spec.analysis, arm, end) for arm in arms}
    if len(arms) > 1:
        _name_curves(sheet, axes, results, {arm: place for arm, place in ends.items() if place})
    _write_at_risk(sheet, axes, results, arms, names, at_risk, risk_room)
    return sheet.figure


def _last_time(results: Results, analysis: str, arm: str) -> float:
    """Where an arm's curve ends; NaN where it has none."""
    rows = select(results, analysis=analysis, arm=arm, measure="survival_curve", stat="estimate")
    return max((row.time for row in rows if not math.isnan(row.value)), default=math.nan)


def _draw_curve(axes: Axes, results: Results, analysis: str, arm: str, end: float) -> tuple[float, float] | None:
    """Draw one arm up to the end of the axis; return where its curve ends."""
    steps = intervals(results, "time", analysis=analysis, arm=arm, measure="survival_curve")
    rows = sorted((row for row in steps.values() if _is_known(row)), key=lambda row: row["estimate"].time)
    shown = [row for row in rows if row["estimate"].time <= end]
    if not shown:
        return None
    look = look_of(results, arm)
    beyond = [shown[-1]] if len(shown) < len(rows) else []
    time = np.array([row["estimate"].time for row in shown] + [end for _ in beyond])
    value, low, high = (
        np.array([row[stat].value for row in [*shown, *beyond]]) for stat in ("estimate", "ci_low", "ci_high")
    )
    known = ~np.isnan(low) & ~np.isnan(high)
    given_at_times = results.catalogue.analyses[analysis].choices.get("curve") == AT_TIMES
    axes.fill_between(time, np.where(known, low, value), np.where(known, high, value), color=look.color,
                      step=None if given_at_times else "post", alpha=BAND_ALPHA, linewidth=0,
                      gid=f"band-{arm}")  # fmt: skip
    axes.plot(time, value, drawstyle="default" if given_at_times else "steps-post", color=look.color, linewidth=LINE,
              linestyle=look.dash, gid=f"curve-{arm}", solid_capstyle="butt", dash_capstyle="butt")  # fmt: skip
    censored = [row.time for row in select(results, analysis=analysis, arm=arm, measure="censored_curve", stat="count")]
    inside = np.array([t for t in censored if t <= time[-1]])
    heights = value[np.searchsorted(time, inside, side="right") - 1] if len(inside) else inside
    axes.plot(inside, heights, linestyle="none", marker="|", markersize=3.4, markeredgewidth=0.4, color=look.color,
              gid=f"censored-{arm}", clip_on=False)  # fmt: skip
    return float(time[-1]), float(value[-1])


def _is_known(row: dict[str, Row]) -> bool:
    return not math.isnan(row["estimate"].value)


def _name_curves(sheet: Sheet, axes: Axes, results: Results, ends: dict[str, tuple[float, float]]) -> None:
    """Name each curve at its end, moved apart where ends are close."""
    gap = LABEL_GAP * PLOT_HEIGHT["full"] / _height(sheet, axes)
    heights = _apart([height for _, height in ends.values()], gap)
    last = max(time for time, _ in ends.values())  # one place for all names, so that none lies on a longer curve
    for arm, height in zip(ends, heights, strict=True):
        sheet.write_on(axes, last, height, f" {group_label(results, arm)}", weight="semibold",
                       color=look_of(results, arm).color, va="center", ha="left")  # fmt: skip


def _height(sheet: Sheet, axes: Axes) -> float:
    return float(axes.get_position().height) * sheet.height


def _apart(heights: Sequence[float], gap: float) -> list[float]:
    """Heights at least a gap apart, around where they were, in the same order."""
    order = sorted(range(len(heights)), key=lambda i: (heights[i], -i))
    moved = list(heights)
    for below, above in pairwise(order):
        short = gap - (moved[above] - moved[below])
        if short > 0:
            moved[above] += short / 2
            moved[below] -= short / 2
    return moved


def _write_at_risk(
    sheet: Sheet,
    axes: Axes,
    results: Results,
    arms: Sequence[str],
    names: Sequence[str],
    rows: Sequence[Row],
    room: float,
) -> None:
    box = axes.get_position()
    start, end = box.x0 * sheet.width, box.x1 * sheet.width
    last = axes.get_xlim()[1]
    edge = start - EDGE
    sheet.write(edge, room - ROW_HEIGHT / 2 + FOOT, "At risk", color=SOFT, size=SMALL_SIZE, ha="right", va="center")
    for i, (arm, name) in enumerate(zip(arms, names, strict=True)):
        y = room - ROW_HEIGHT * (i + 1.5) + FOOT
        color = look_of(results, arm).color
        sheet.write(edge, y, name, color=color, size=SMALL_SIZE, ha="right", va="center")
        for row in rows:
            if row.arm == arm and (is_withheld(row) or not math.isnan(row.value)):
                x = start + (end - start) * row.time / last
                count = NOT_PUBLISHED if is_withheld(row) else printed(results, row.value, "count")
                sheet.write(x, y, count, color=color, size=SMALL_SIZE, ha="center", va="center",
                            gid=f"at-risk-{arm}-{printed(results, row.time, 'decimal1')}")  # fmt: skip
