"""Contrasts for each pair of shifts of imputed values: one grid of numbers for each marker and visit."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from npcstats.analyses.tipping.displays import TippingMap
from npcstats.analyses.tipping.rows import EFFECTS, LOG
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import INK, RULE, SOFT
from npcstats.display.lookup import analysis_of, intervals, name_of, ordered, pairs_of, printed, short_arm
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.formatting import format_unit
from npcstats.results import Results, Row, select

NOTHING = "No arms were compared, or no values were shifted, so there is nothing to draw."
NOT_ESTIMATED = "NE"
COLUMNS = {"full": 3, "column": 1}
LEFT, RIGHT, GAP = 16.0, 1.0, 14.0
CELL = 4.6
HEAD, FOOT = 8.5, 10.5
BELOW, BESIDE = 6.6, 10.5
SHADE = "#d3dae1"
RATIO_STYLE = "decimal2"


def tipping_figure(results: Results, spec: TippingMap, *, fonts: Fonts) -> Figure:
    """Draw the contrast for each pair of shifts.

    Parameters
    ----------
    results : Results
        Rows of kind ``tipping``.
    spec : TippingMap
        Which analysis and markers.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Per marker and visit a grid, the first group's shift to the right and the reference's upwards: rectangles with
        gid ``cell-MARKER-VISIT-FIRST-REFERENCE``, shaded where the limits hold no difference; the numbers in them have
        gid ``value-...``.
    """
    entry = analysis_of(results, spec.analysis, "tipping")
    pairs = pairs_of(results, spec.analysis, set(EFFECTS.values()))
    found = intervals(results, "variable", "window", "block", "level", analysis=spec.analysis,
                      measure=set(EFFECTS.values()))  # fmt: skip
    cells = {place: rows for place, rows in found.items() if place[2]}
    variables = [v for v in spec.variables or entry.labels["variable"] if any(place[0] == v for place in cells)]
    windows = ordered(entry.labels["window"], [str(place[1]) for place in cells])
    if not pairs or not variables or not windows:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    columns = min(COLUMNS[spec.width], len(windows))
    panels = [(variable, window) for variable in variables for window in windows]
    heights = [HEAD + CELL * len(_shifts(results, spec.analysis, variable)) + FOOT for variable, _ in panels]
    lines = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    height = sum(max(heights[i * columns : (i + 1) * columns]) for i in range(len(lines)))
    sheet = Sheet(WIDTHS[spec.width], height, fonts)
    width = (sheet.width - LEFT - RIGHT - (GAP * (columns - 1))) / columns
    top = height
    for i, line in enumerate(lines):
        for j, (variable, window) in enumerate(line):
            here = {place[2:]: rows for place, rows in cells.items() if place[:2] == (variable, window)}
            left = LEFT + j * (width + GAP)
            _draw_panel(sheet, results, spec.analysis, (variable, window), pairs[0], here, (left, left + width, top))
        top -= max(heights[i * columns : (i + 1) * columns])
    return sheet.figure


def _shifts(results: Results, analysis: str, variable: str) -> list[str]:
    rows = select(results, analysis=analysis, variable=variable, measure=set(EFFECTS.values()), stat="estimate")
    return sorted({row.block for row in rows if row.block}, key=float)


def _draw_panel(
    sheet: Sheet,
    results: Results,
    analysis: str,
    named: tuple[str, str],
    pair: tuple[str, str],
    cells: dict[tuple[object, ...], dict[str, Row]],
    frame: tuple[float, float, float],
) -> None:
    entry = analysis_of(results, analysis)
    variable, window = named
    left, right, top = frame
    shifts = _shifts(results, analysis, variable)
    upper = top - HEAD
    axes = sheet.axes(left, upper - CELL * len(shifts), right, upper)
    axes.set(xlim=(0, len(shifts)), ylim=(0, len(shifts)))
    for spine in axes.spines.values():
        spine.set_visible(False)
    log = entry.chosen(f"scale.{variable}", str) == LOG
    style = RATIO_STYLE if log else entry.chosen(f"style.{variable}", str)
    for x, first in enumerate(shifts):
        for y, reference in enumerate(shifts):
            _draw_cell(sheet, axes, results, (x, y), cells[first, reference], style, f"{variable}-{window}")
    none = shifts.index("1" if log else "0")
    axes.add_patch(Rectangle((none, none), 1, 1, fill=False, edgecolor=INK, linewidth=1.1, zorder=4, gid="unshifted",
                             clip_on=False))  # fmt: skip
    places, words = [i + 0.5 for i in range(len(shifts))], [f"×{shift}" if log else shift for shift in shifts]
    sheet.ticks(axes, "x", places, words)
    sheet.ticks(axes, "y", places, words)
    axes.tick_params(length=0)
    title = f"{name_of(entry, 'variable', variable)}, {name_of(entry, 'window', window)}"
    sheet.write(left, upper + 1.4, title, weight="semibold", ha="left", va="bottom")
    unit = "" if log else f", {format_unit(entry.units[variable])}"
    below, beside = (f"{short_arm(results, arm)}, imputed values{unit}" for arm in pair)
    lower = upper - CELL * len(shifts)
    look: dict[str, Any] = {"size": SMALL_SIZE, "color": SOFT, "ha": "center", "va": "center"}
    sheet.write((left + right) / 2, lower - BELOW, below, **look)
    sheet.write(left - BESIDE, (upper + lower) / 2, beside, rotation=90, **look)


def _draw_cell(
    sheet: Sheet, axes: Axes, results: Results, place: tuple[int, int], rows: dict[str, Row], style: str, named: str
) -> None:
    row, low, high = (rows[stat] for stat in ("estimate", "ci_low", "ci_high"))
    known = not any(map(math.isnan, (row.value, low.value, high.value)))
    null = 1.0 if row.measure == EFFECTS[LOG] else 0.0
    holds = known and low.value <= null <= high.value
    code = f"{named}-{row.block}-{row.level}"
    face = SHADE if holds else "white"
    axes.add_patch(Rectangle(place, 1, 1, facecolor=face, edgecolor=RULE, linewidth=0.4, zorder=1, clip_on=False,
                             gid=f"cell-{code}"))  # fmt: skip
    words = printed(results, row.value, style) if known else NOT_ESTIMATED
    sheet.write_on(axes, place[0] + 0.5, place[1] + 0.5, words, size=SMALL_SIZE, ha="center", va="center",
                   gid=f"value-{code}")  # fmt: skip
