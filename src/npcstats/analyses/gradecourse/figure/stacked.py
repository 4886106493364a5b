"""Worst grades at each time as stacked bars: a panel for each arm, a line of panels for each term."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from npcstats.analyses.gradecourse.displays import StackedGrades
from npcstats.analyses.gradecourse.figure.below import Below, lay_out_below, name_counts, write_below
from npcstats.analyses.gradecourse.figure.shades import SHADES, on_shade
from npcstats.analyses.gradecourse.rows import SHARE, grade_level
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, INK, SOFT, look_of
from npcstats.display.lookup import analysis_of, arm_name, check_made, groups_of, name_of, percents, row_at
from npcstats.display.sheet import Sheet
from npcstats.display.specs import WIDTHS
from npcstats.results import EVERYONE, Results

PANEL_HEIGHT, TITLE_ROOM, LINE_GAP = 30.0, 6.0, 3.5
LEFT, RIGHT, GAP = 11.0, 2.0, 5.0
KEY_ROOM, ARM_ROOM = 6.0, 4.5
BAR, MARGIN = 0.82, 0.6
DIGIT_ROOM = 2.7
"""Least millimetres of a part of a bar that has its digit in it."""
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
NOBODY = "NE"


@dataclass(frozen=True)
class _Grid:
    """Where panels stand, in millimetres."""

    arms: tuple[str, ...]
    below: Below
    width: float
    head: float

    def left(self, place: int) -> float:
        """Left edge of an arm's panels."""
        return LEFT + place * (self.width + GAP)


def stacked_grades(results: Results, spec: StackedGrades, *, fonts: Fonts) -> Figure:
    """Draw the shares of participants by worst grade at each time.

    Parameters
    ----------
    results : Results
        Rows of kind ``gradecourse``.
    spec : StackedGrades
        Which terms, and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Parts of bars with gid ``TERM-ARM-TIME-GRADE``, the worst grade on the axis; numbers as ``n-ARM-TIME``
        and ``carried-ARM-TIME``.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or a term was not made.
    """
    entry = analysis_of(results, spec.analysis, "gradecourse")
    check_made(results, spec.analysis, "variable", spec.variables, (SHARE,))
    grid = _lay_out(results, spec, fonts)
    lines = len(spec.variables)
    height = grid.head + lines * (TITLE_ROOM + PANEL_HEIGHT) + (lines - 1) * LINE_GAP + grid.below.room
    sheet = Sheet(WIDTHS[spec.width], height, fonts)
    for i, variable in enumerate(spec.variables):
        top = height - grid.head - i * (TITLE_ROOM + PANEL_HEIGHT + LINE_GAP) - TITLE_ROOM
        sheet.write(LEFT - 8.5, top + 2.0, name_of(entry, "variable", variable), weight="semibold", ha="left",
                    va="bottom")  # fmt: skip
        for j, arm in enumerate(grid.arms):
            axes = sheet.axes(grid.left(j), top - PANEL_HEIGHT, grid.left(j) + grid.width, top)
            _draw_bars(sheet, axes, results, spec, variable, arm, grid)
            steps = [f"{words}%" for words in percents(results, STEPS)]
            sheet.ticks(axes, "y", STEPS, steps if j == 0 else [""] * len(steps))
            if i == lines - 1:
                write_below(sheet, results, spec.analysis, arm, grid.below, left=grid.left(j), width=grid.width,
                            margin=MARGIN)  # fmt: skip
    name_counts(sheet, grid.below, right=LEFT - 1.0)
    _write_heads(sheet, results, grid)
    return sheet.figure


def _lay_out(results: Results, spec: StackedGrades, fonts: Fonts) -> _Grid:
    arms = groups_of(results, spec.analysis)
    width = (WIDTHS[spec.width] - LEFT - RIGHT - GAP * (len(arms) - 1)) / len(arms)
    below = lay_out_below(Sheet(WIDTHS[spec.width], 50.0, fonts), results, spec.analysis, width)
    return _Grid(arms, below, width, KEY_ROOM + (0.0 if arms == (EVERYONE,) else ARM_ROOM))


def _draw_bars(
    sheet: Sheet, axes: Axes, results: Results, spec: StackedGrades, variable: str, arm: str, grid: _Grid
) -> None:
    axes.set_xlim(-MARGIN, len(grid.below.windows) - 1 + MARGIN)
    axes.set_ylim(0.0, 1.0)
    sheet.ticks(axes, "x", [], [])
    for step in STEPS[1:]:
        axes.axhline(step, color=HAIR, linewidth=0.4, zorder=0)
    for place, window in enumerate(grid.below.windows):
        bottom = 0.0
        for grade in sorted(SHADES, reverse=True):
            row = row_at(results, analysis=spec.analysis, variable=variable, arm=arm, window=window, measure=SHARE,
                         level=grade_level(grade), stat="estimate")  # fmt: skip
            if math.isnan(row.value):
                sheet.write_on(axes, place, 0.02, NOBODY, color=SOFT, size=SMALL_SIZE, ha="center", va="bottom")
                break
            axes.bar(place, row.value, bottom=bottom, width=BAR, color=SHADES[grade], edgecolor="white", linewidth=0.3,
                     gid=f"{variable}-{arm}-{window}-{grade}", zorder=2)  # fmt: skip
            if row.value * PANEL_HEIGHT >= DIGIT_ROOM:
                sheet.write_on(axes, place, bottom + row.value / 2, str(grade), color=on_shade(grade), size=SMALL_SIZE,
                               ha="center", va="center_baseline", zorder=3)  # fmt: skip
            bottom += row.value


def _write_heads(sheet: Sheet, results: Results, grid: _Grid) -> None:
    """The key of the shades, and the names of arms above their panels."""
    axes = sheet.figure.add_axes((0, 0, 1, 1), frameon=False, xlim=(0, sheet.width), ylim=(0, sheet.height),
                                 label="key")  # fmt: skip
    axes.set_axis_off()
    x, y = LEFT - 8.5, sheet.height - 2.6
    sheet.write(x, y, "Grade", size=SMALL_SIZE, ha="left", va="center_baseline")
    x += sheet.extent("Grade", size=SMALL_SIZE) + 2.0
    for grade, shade in SHADES.items():
        axes.add_patch(Rectangle((x, y - 1.6), 4.6, 3.2, facecolor=shade, edgecolor=INK, linewidth=0.3,
                                 gid=f"key-{grade}"))  # fmt: skip
        sheet.write(x + 2.3, y, str(grade), color=on_shade(grade), size=SMALL_SIZE, ha="center", va="center_baseline")
        x += 5.4
    if grid.arms == (EVERYONE,):
        return
    for j, arm in enumerate(grid.arms):
        sheet.write(grid.left(j), sheet.height - KEY_ROOM - 0.5, arm_name(results, arm), weight="semibold",
                    color=look_of(results, arm).color, ha="left", va="top")  # fmt: skip
