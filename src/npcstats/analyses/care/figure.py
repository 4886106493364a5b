"""The share with care in place over weeks, with limits and the numbers followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.care.displays import CareCourse
from npcstats.analyses.timetoevent.figure.beside import FAR, Label, write_beside
from npcstats.analyses.timetoevent.figure.clock import (
    ROW_HEIGHT,
    Clock,
    count_text,
    draw_ticks,
    row_heights,
    write_at_risk,
)
from npcstats.analyses.timetoevent.figure.curves import Steps, draw_curve, steps_of
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import Group, curve_groups
from npcstats.display.lookup import analysis_of, name_of, percents, time_name
from npcstats.display.scales import nice_steps
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, select

MEASURE = "in_use_course"
NOBODY = "Too few are followed to give a share at any of these weeks."
FOLLOWED = "Followed"
PLOT_HEIGHT = {"full": 52.0, "column": 42.0}
NAME_ROOM = {"full": 34.0, "column": 17.0}
AXIS_ROOM, FOOT, TOP, SCALE_ROOM, GAP = 8.8, 1.0, 3.0, 14.5, 2.0
LEAST_TOP, MOST_STEPS, HEADROOM = 0.1, 5, 1.02


def care_figure(results: Results, spec: CareCourse, *, fonts: Fonts) -> Figure:
    """Draw the share with care in place at each week, by arm or pooled, and below it how many are followed.

    Parameters
    ----------
    results : Results
        Rows of kind ``care``.
    spec : CareCourse
        Which care, how wide, and where ticks are.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Lines with gid ``curve-GROUP``, limits as ``band-GROUP``, numbers as ``followed-GROUP-WEEK``. Where nobody is
        followed, an empty frame says so.
    """
    analysis_of(results, spec.analysis, "care")
    groups = curve_groups(results, spec.analysis)
    found = [steps_of(results, spec.analysis, group, measure=MEASURE, block=spec.item) for group in groups]
    curves = [curve for curve in found if curve is not None]
    if not curves:
        return empty_figure(WIDTHS[spec.width], fonts, NOBODY)
    return _drawn(results, spec, groups, [curve.until(spec.ticks[-1]) for curve in curves], fonts)


def _clock(results: Results, spec: CareCourse, groups: Sequence[Group]) -> Clock:
    asked = {"analysis": spec.analysis, "block": spec.item, "measure": "followed_then", "stat": "count"}
    arms = {group.arm for group in groups}
    counts = tuple(row for row in select(results, **asked) if row.arm in arms and row.time in spec.ticks)
    return Clock(spec.ticks[-1], spec.ticks, counts)


def _drawn(
    results: Results, spec: CareCourse, groups: Sequence[Group], curves: Sequence[Steps], fonts: Fonts
) -> Figure:
    width, clock = WIDTHS[spec.width], _clock(results, spec, groups)
    draft = Sheet(width, 50.0, fonts)
    names = [draft.wrap(group.label, NAME_ROOM[spec.width], size=SMALL_SIZE) for group in groups]
    gap = draft.widest([count_text(results, row) for row in clock.counts], size=SMALL_SIZE) / 2 + GAP
    left = max(SCALE_ROOM, draft.widest([*names, FOLLOWED], size=SMALL_SIZE) + gap + 1.0)
    ends = [draft.wrap(group.label, NAME_ROOM[spec.width], weight="semibold") for group in groups]
    right = 5.0 if len(groups) == 1 else draft.widest(ends, weight="semibold") + FAR + 1.0
    bottom = AXIS_ROOM + sum(row_heights(names)) + ROW_HEIGHT + FOOT
    sheet = Sheet(width, TOP + PLOT_HEIGHT[spec.width] + bottom, fonts)
    axes = sheet.axes(left, bottom, width - right, sheet.height - TOP)
    axes.set_xlim(0, clock.end)
    high = max(float(number) for curve in curves for number in curve.highs)
    steps = tuple(step for step in nice_steps(0.0, min(1.0, max(LEAST_TOP, high)), MOST_STEPS) if step <= 1.0)
    axes.set_ylim(0, max(steps[-1], high) * HEADROOM)
    sheet.ticks(axes, "y", steps, [f"{share}%" for share in percents(results, steps)])
    entry = analysis_of(results, spec.analysis)
    sheet.name(axes, "y", draft.wrap(f"{name_of(entry, 'block', spec.item)} in place", PLOT_HEIGHT[spec.width]))
    shown = draw_ticks(sheet, axes, results, clock)
    sheet.name(axes, "x", spec.x_label or time_name(entry, "weeks"))
    write_at_risk(sheet, axes, results, groups, names, shown, gap=gap, top=bottom - AXIS_ROOM, heading=FOLLOWED,
                  gid="followed")  # fmt: skip
    for curve in curves:
        draw_curve(axes, curve)
    if len(groups) > 1:
        _name_ends(sheet, axes, dict(zip((group.code for group in groups), ends, strict=True)), curves)
    return sheet.figure


def _name_ends(sheet: Sheet, axes: Axes, words: Mapping[str, str], curves: Sequence[Steps]) -> None:
    """Name each line beside its end."""
    labels = [
        Label(curve.group.code, words[curve.group.code], curve.group.look.color, "semibold", float(curve.times[-1]),
              float(curve.values[-1]))
        for curve in curves
    ]  # fmt: skip
    write_beside(sheet, axes, labels, curves)
