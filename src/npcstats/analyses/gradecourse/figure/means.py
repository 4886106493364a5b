"""Mean grades over time: a panel for each term, lines that tell arms apart by color, marker and dash."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.gradecourse.displays import MeanGrade
from npcstats.analyses.gradecourse.figure.below import axis_name, time_names
from npcstats.analyses.gradecourse.rows import MEAN
from npcstats.display.fonts import LINE_HEIGHT, Fonts
from npcstats.display.key import Key, arrange_key, write_key
from npcstats.display.looks import Look, look_of
from npcstats.display.lookup import analysis_of, check_made, groups_of, intervals, name_of, printed
from npcstats.display.scales import decimals_of, nice_steps
from npcstats.display.sheet import Sheet
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, Row

COLUMNS = {"full": 3, "column": 1}
PANEL_HEIGHT, TITLE_ROOM, LINE_GAP = 30.0, 6.0, 4.0
LEFT, RIGHT, GAP = 11.0, 2.0, 10.0
TITLE_INDENT = 8.5
KEY_ROOM, KEY_GAP, KEY_INDENT, KEY_TOP = 6.0, 14.0, 8.5, 3.0
DODGE = 0.09
LEAST_TOP, MOST_STEPS = 0.5, 5
AXIS_GAP, NAME_ROOM = 2.4, 4.5
NAME = "Mean grade"


def mean_grade_figure(results: Results, spec: MeanGrade, *, fonts: Fonts) -> Figure:
    """Draw the mean grade at each time by arm, or pooled, with its limits.

    Parameters
    ----------
    results : Results
        Rows of kind ``gradecourse``.
    spec : MeanGrade
        Which terms, and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Means as lines with gid ``mean-TERM-ARM``, limits as ``limits-TERM-ARM``; every panel on the same scale from 0.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a term was not made.
    """
    entry = analysis_of(results, spec.analysis, "gradecourse")
    check_made(results, spec.analysis, "variable", spec.variables, (MEAN,))
    arms, windows = groups_of(results, spec.analysis), tuple(entry.labels["window"])
    columns = min(COLUMNS[spec.width], len(spec.variables))
    lines = math.ceil(len(spec.variables) / columns)
    page = WIDTHS[spec.width]
    width = (page - LEFT - RIGHT - GAP * (columns - 1)) / columns
    draft = Sheet(page, 50.0, fonts)
    key = arrange_key(draft, results, arms, left=LEFT, room=page - LEFT - RIGHT, free=KEY_GAP, gap=KEY_GAP)
    head = KEY_ROOM + LINE_HEIGHT * key.last if len(arms) > 1 else 1.0
    names, room, turned = time_names(draft, results, spec.analysis, windows, width)
    below = AXIS_GAP + room + 1.0 + (NAME_ROOM if axis_name(results, spec.analysis) else 0.0)
    sheet = Sheet(page, head + lines * (TITLE_ROOM + PANEL_HEIGHT) + (lines - 1) * LINE_GAP + below, fonts)
    steps = _steps(results, spec)
    for i, variable in enumerate(spec.variables):
        line, column = divmod(i, columns)
        left = LEFT + column * (width + GAP)
        top = sheet.height - head - line * (TITLE_ROOM + PANEL_HEIGHT + LINE_GAP) - TITLE_ROOM
        axes = sheet.axes(left, top - PANEL_HEIGHT, left + width, top)
        _draw_panel(axes, results, spec.analysis, variable, arms, windows)
        _scale(sheet, axes, results, steps, len(windows))
        sheet.write(left - TITLE_INDENT, top + 2.0, name_of(entry, "variable", variable), weight="semibold", ha="left",
                    va="bottom")  # fmt: skip
        if i + columns >= len(spec.variables):
            sheet.ticks(axes, "x", range(len(windows)), names)
            for tick in axes.get_xticklabels():
                tick.set(rotation=90 if turned else 0, ha="center", va="top", linespacing=1.05)
            if axis_name(results, spec.analysis):
                sheet.name(axes, "x", axis_name(results, spec.analysis))
        if column == 0:
            sheet.name(axes, "y", NAME)
    if len(arms) > 1:
        _draw_key(sheet, key)
    return sheet.figure


def _steps(results: Results, spec: MeanGrade) -> list[float]:
    """Ticks that serve all panels, so that they can be compared."""
    found = intervals(results, "variable", "window", "arm", analysis=spec.analysis, measure=MEAN)
    values = [
        row.value
        for place, rows in found.items()
        if place[0] in spec.variables
        for stat, row in rows.items()
        if stat in ("estimate", "ci_high")
    ]
    return nice_steps(0.0, max([LEAST_TOP, *(value for value in values if math.isfinite(value))]), MOST_STEPS)


def _scale(sheet: Sheet, axes: Axes, results: Results, steps: Sequence[float], times: int) -> None:
    decimals = max(decimals_of(step) for step in steps)
    axes.set_ylim(0.0, steps[-1])
    axes.set_xlim(-0.4, times - 0.6)
    sheet.ticks(axes, "y", steps, [printed(results, step, f"decimal{decimals}") for step in steps])
    sheet.ticks(axes, "x", range(times), [""] * times)


def _draw_panel(
    axes: Axes, results: Results, analysis: str, variable: str, arms: Sequence[str], windows: Sequence[str]
) -> None:
    rows = intervals(results, "arm", "window", analysis=analysis, variable=variable, measure=MEAN)
    for i, arm in enumerate(arms):
        shift = (i - (len(arms) - 1) / 2) * 2 * DODGE
        points = [(j + shift, rows[arm, code]) for j, code in enumerate(windows)]
        _draw_course(axes, look_of(results, arm), f"{variable}-{arm}", points)


def _draw_course(axes: Axes, look: Look, gid: str, points: Sequence[tuple[float, dict[str, Row]]]) -> None:
    limits = [(x, rows["ci_low"].value, rows["ci_high"].value) for x, rows in points]
    known = [(x, max(low, 0.0), high) for x, low, high in limits if math.isfinite(low + high)]
    x, low, high = zip(*known, strict=True) if known else ((), (), ())
    axes.vlines(x, low, high, color=look.color, linewidth=0.8, gid=f"limits-{gid}", zorder=2)
    axes.plot([x for x, _ in points], [rows["estimate"].value for _, rows in points], gid=f"mean-{gid}", zorder=3,
              **_line(look))  # fmt: skip


def _line(look: Look) -> dict[str, Any]:
    return {
        "color": look.color,
        "linewidth": 0.9,
        "linestyle": look.dash,
        "marker": look.marker,
        "markersize": 3.2,
        "markerfacecolor": look.face,
        "markeredgewidth": 0.8,
        "clip_on": False,
    }


def _draw_key(sheet: Sheet, key: Key) -> None:
    """Say above the panels which sign is which arm."""
    axes = sheet.figure.add_axes((0, 0, 1, 1), frameon=False, xlim=(0, sheet.width), ylim=(0, sheet.height),
                                 label="key")  # fmt: skip
    axes.set_axis_off()
    for x, y, look in write_key(sheet, key, top=KEY_TOP, indent=KEY_INDENT, step=LINE_HEIGHT):
        axes.plot([x, x + 3.5, x + 7.0], [y, y, y], markevery=[1], **_line(look))
