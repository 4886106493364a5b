"""Boundaries against the information, as planned and as observed, and the path of the statistic."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.sequential.displays import BoundaryFigure
from npcstats.analyses.sequential.rows import NOW, OBSERVED, PLANNED, STATISTIC
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, INK, SOFT
from npcstats.display.lookup import analysis_of, percents, printed
from npcstats.display.scales import nice_steps
from npcstats.display.sheet import LINE, THIN, Sheet
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, select

HEIGHT = {"full": 66.0, "column": 58.0}
LEFT, RIGHT, BOTTOM, TOP = 12.0, 18.0, 10.0, 4.0
FOOT, MIDDLE = 0.02, 0.52
DASH = (0.0, (3.2, 1.4))
DOTS = (0.0, (1.0, 1.4))
HIGHEST = 6.0
"""Boundaries farther out run out of the picture: no statistic comes near them."""

Points = list[tuple[float, float]]


def boundary_figure(results: Results, spec: BoundaryFigure, *, fonts: Fonts) -> Figure:
    """Draw boundaries against the information.

    Parameters
    ----------
    results : Results
        Rows of kind ``information`` or ``sequential``.
    spec : BoundaryFigure
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Lines with gid ``upper-planned``, ``upper-observed``, of two sides ``lower-...``, of futility ``futility-...``;
        the statistic's path with gid ``path``; the present information as a line with gid ``now``.
    """
    entry = analysis_of(results, spec.analysis)
    two = entry.chosen("sides", int) == 2
    lines = _lines(results, spec.analysis, two=two)
    path = _points(results, spec.analysis, OBSERVED, STATISTIC, "statistic")
    sheet = Sheet(WIDTHS[spec.width], HEIGHT[spec.width], fonts)
    axes = sheet.axes(LEFT, BOTTOM, sheet.width - RIGHT, sheet.height - TOP)
    _scale(sheet, axes, results, [*(point for line in lines.values() for point in line), *path])
    _draw_now(
        sheet, axes, results, spec.analysis, [y for gid in lines if gid.startswith("lower") for _, y in lines[gid]]
    )
    for gid, points in lines.items():
        _draw_line(axes, gid, points)
    if path:
        axes.plot([x for x, _ in path], [y for _, y in path], color=INK, linewidth=LINE, marker="o", markersize=4.0,
                  gid="path", zorder=4, clip_on=False)  # fmt: skip
    _name_lines(sheet, axes, lines, path)
    return sheet.figure


def _lines(results: Results, analysis: str, *, two: bool) -> dict[str, Points]:
    found: dict[str, Points] = {}
    for block in (PLANNED, OBSERVED):
        upper = _points(results, analysis, block, "boundary_upper")
        found[f"upper-{block}"] = upper
        if two:
            found[f"lower-{block}"] = [(x, -y) for x, y in upper]
        found[f"futility-{block}"] = _points(results, analysis, block, "boundary_futility")
    return {gid: points for gid, points in found.items() if points}


def _points(results: Results, analysis: str, block: str, measure: str, stat: str = "estimate") -> Points:
    """Values of a measure at the information of their looks, those that there are."""
    place = {"analysis": analysis, "block": block}
    at = {row.level: row.value for row in select(results, **place, measure="information_fraction", stat="estimate")}
    rows = select(results, **place, measure=measure, stat=stat)
    return sorted((at[row.level], row.value) for row in rows if math.isfinite(row.value))


def _scale(sheet: Sheet, axes: Axes, results: Results, points: Sequence[tuple[float, float]]) -> None:
    high = min(HIGHEST, max([3.0, *(y for _, y in points)]))
    low = max(-HIGHEST, min([0.0, *(y for _, y in points)]))
    steps = nice_steps(low, high, 7)
    last = max([1.0, *(x for x, _ in points)])
    axes.set_xlim(0.0, last)
    axes.set_ylim(min(steps[0], low), max(steps[-1], high))
    shares = nice_steps(0.0, last, 6)
    sheet.ticks(axes, "x", shares, percents(results, shares))
    sheet.ticks(axes, "y", steps, [printed(results, step, "decimal0") for step in steps])
    sheet.name(axes, "x", "Information, % of the planned")
    sheet.name(axes, "y", "Z")
    axes.axhline(0.0, color=HAIR, linewidth=THIN, zorder=0)


def _draw_now(sheet: Sheet, axes: Axes, results: Results, analysis: str, below: Sequence[float]) -> None:
    """Draw the present information, named at the foot, or in the middle where a boundary runs out of the foot."""
    height = MIDDLE if min(below, default=0.0) < -HIGHEST else FOOT
    at = {"analysis": analysis, "block": OBSERVED, "level": NOW}
    for row in select(results, **at, measure="information_fraction", stat="estimate"):
        axes.axvline(row.value, color=SOFT, linewidth=THIN, linestyle=DOTS, zorder=1, gid="now")
        sheet.write_on(axes, row.value, height, " now", color=SOFT, size=SMALL_SIZE, ha="left", va="bottom",
                       transform=axes.get_xaxis_transform())  # fmt: skip


def _draw_line(axes: Axes, gid: str, points: Points) -> None:
    observed = gid.endswith(OBSERVED)
    dash = DOTS if gid.startswith("futility") else "-" if observed else DASH
    axes.plot([x for x, _ in points], [y for _, y in points], color=INK if observed else SOFT, linewidth=0.9,
              linestyle=dash, marker="_" if observed else "s", markersize=5.0 if observed else 2.6,
              markerfacecolor="white", gid=gid, zorder=3 if observed else 2)  # fmt: skip


def _name_lines(sheet: Sheet, axes: Axes, lines: dict[str, Points], path: Points) -> None:
    """Name each boundary at its end, futility where it begins: at the end both meet."""
    right = axes.get_xlim()[1]
    for gid, points in lines.items():
        if gid == f"futility-{OBSERVED}":
            x, y = points[0]
            sheet.write_on(axes, x, y, "Futility  ", size=SMALL_SIZE, ha="right", va="center")
        elif gid.endswith(OBSERVED):
            sheet.write_on(axes, right, points[-1][1], "  Boundary", size=SMALL_SIZE, ha="left", va="center")
    if path:
        x, y = path[-1]
        sheet.write_on(axes, x, y, "  Z", weight="semibold", ha="left", va="bottom")
