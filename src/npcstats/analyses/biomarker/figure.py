"""Markers over visits: one small panel each, with means, their limits and the lines that join them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.biomarker.rows import DETECTABLE, IDENTITY, LOCATIONS, LOG
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.key import Key, arrange_key, write_key
from npcstats.display.looks import SOFT, Look, look_of
from npcstats.display.lookup import analysis_of, groups_of, intervals, name_of, ordered, printed
from npcstats.display.scales import decimals_of, log_steps, nice_steps, ticks_inside
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.errors import ResultsError
from npcstats.formatting import format_unit
from npcstats.results import Analysis, Results, Row


@dataclass(frozen=True)
class _Size:
    """Panels beside one another by width of the figure, millimetres of one's height, and most ticks of its axis."""

    columns: Mapping[str, int]
    height: float
    ticks: int


LARGE = _Size({"full": 3, "column": 1}, 36.0, 5)
SMALL = _Size({"full": 5, "column": 2}, 16.5, 3)
TITLE_ROOM = 6.0
KEY_ROOM = 6.0
KEY_GAP, KEY_INDENT, KEY_TOP = 14.0, 8.5, 3.0
LINE_GAP = 4.0
TITLE_INDENT = 8.5
TURNED_ROOM = 17.0
TWO_LINES = 5.6
LEFT, RIGHT, GAP = 11.0, 2.0, 12.0
DODGE = 0.09
NOTHING = "No marker has a value by the cut-off."
NO_VALUE = "No value at any visit."
MEASURES = {LOG: (LOCATIONS[LOG], ""), IDENTITY: (LOCATIONS[IDENTITY], ""), DETECTABLE: ("proportion", DETECTABLE)}


def biomarker_figure(results: Results, spec: MarkerCourses, *, fonts: Fonts) -> Figure:
    """Draw each marker's course by arm, or pooled.

    Parameters
    ----------
    results : Results
        Rows of kind ``biomarker``.
    spec : MarkerCourses
        Which analysis and markers.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Per marker, means as lines with gid ``course-MARKER-ARM`` and limits as ``limits-MARKER-ARM``; logarithmic
        markers on a logarithmic scale, shares from zero. A panel without values says so.

    Raises
    ------
    ResultsError
        If a marker has no scale.
    """
    entry = analysis_of(results, spec.analysis, "biomarker")
    variables, windows = _shown(results, spec)
    arms = groups_of(results, spec.analysis)
    if not variables or not windows:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    size = SMALL if spec.small else LARGE
    columns = _columns(len(variables), size.columns[spec.width])
    lines = math.ceil(len(variables) / columns)
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    key = arrange_key(draft, results, arms, left=LEFT, room=draft.width - LEFT - RIGHT, free=KEY_GAP, gap=KEY_GAP)
    head = KEY_ROOM + LINE_HEIGHT * key.last if len(arms) > 1 else 1.0
    width = (WIDTHS[spec.width] - LEFT - RIGHT - GAP * (columns - 1)) / columns
    visits, below, turned = _visit_names(Sheet(WIDTHS[spec.width], 50.0, fonts), entry, windows, width)
    room = width + TITLE_INDENT
    names = [draft.wrap(_title(results, spec.analysis, name), room, weight="semibold") for name in variables]
    above = TITLE_ROOM + LINE_HEIGHT * max(name.count("\n") for name in names)
    height = head + lines * (above + size.height) + (lines - 1) * LINE_GAP + below
    sheet = Sheet(WIDTHS[spec.width], height, fonts)
    for i, variable in enumerate(variables):
        line, column = divmod(i, columns)
        left = LEFT + column * (width + GAP)
        top = height - head - line * (above + size.height + LINE_GAP) - above
        axes = sheet.axes(left, top - size.height, left + width, top)
        _draw_panel(sheet, axes, results, spec.analysis, variable, arms, windows, size.ticks)
        lowest = i + columns >= len(variables)
        sheet.ticks(axes, "x", range(len(windows)), visits if lowest else [""] * len(windows))
        for tick in axes.get_xticklabels():
            tick.set(rotation=90 if turned else 0, ha="center", va="top", linespacing=1.05)
        sheet.write(left - TITLE_INDENT, top + 2.0, names[i], weight="semibold", ha="left", va="bottom",
                    linespacing=LINE_SPACING)  # fmt: skip
    if len(arms) > 1:
        _draw_key(sheet, key)
    return sheet.figure


def _shown(results: Results, spec: MarkerCourses) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Markers and visits that have panels and places, in page order."""
    found = intervals(results, "variable", analysis=spec.analysis, measure={m for m, _ in MEASURES.values()})
    variables = spec.variables or tuple(str(place[0]) for place in found)
    for variable in variables:
        _scale_of(results, spec.analysis, variable)
    present = [row.window for row in results.by_analysis.get(spec.analysis, ()) if row.variable in variables]
    return variables, ordered(analysis_of(results, spec.analysis).labels.get("window", {}), present)


def _visit_names(sheet: Sheet, entry: Analysis, windows: Sequence[str], width: float) -> tuple[list[str], float, bool]:
    """Names of visits, the room they need below a panel, and whether they must be turned to fit."""
    named = [name_of(entry, "window", code) for code in windows]
    slot = width / len(windows) - 1.2
    level = [sheet.wrap(name, slot, size=SMALL_SIZE) for name in named]
    if max(sheet.extent(line, size=SMALL_SIZE) for name in level for line in name.split("\n")) <= slot:
        return level, 3.2 + 2.8 * max(name.count("\n") + 1 for name in level), False
    lined = slot < TWO_LINES  # where two lines of a turned name would reach those of the next
    turned = named if lined else [sheet.wrap(name, TURNED_ROOM, size=SMALL_SIZE) for name in named]
    return turned, 4.0 + max(sheet.extent(line, size=SMALL_SIZE) for name in turned for line in name.split("\n")), True


def _columns(panels: int, most: int) -> int:
    """Columns that leave the last line fullest, the widest grid among equals."""
    return max(range(1, min(most, panels) + 1), key=lambda n: (-math.ceil(panels / n), panels % n == 0, n))


def _title(results: Results, analysis: str, variable: str) -> str:
    entry = results.catalogue.analyses[analysis]
    scale = entry.chosen(f"scale.{variable}", str, "")
    unit = entry.units.get(variable, "")
    name = name_of(entry, "variable", variable)
    if scale == DETECTABLE:
        return f"{name}, % detectable"
    return name if not unit or name.endswith(unit) else f"{name}, {format_unit(unit)}"


def _scale_of(results: Results, analysis: str, variable: str) -> str:
    scale = results.catalogue.analyses[analysis].chosen(f"scale.{variable}", str, "")
    if scale not in MEASURES:
        raise ResultsError(f"{analysis}.{variable}: scale is {scale!r}; one of {', '.join(MEASURES)} is required.")
    return scale


def _draw_panel(
    sheet: Sheet,
    axes: Axes,
    results: Results,
    analysis: str,
    variable: str,
    arms: Sequence[str],
    windows: Sequence[str],
    ticks: int,
) -> None:
    scale = _scale_of(results, analysis, variable)
    measure, level = MEASURES[scale]
    rows = intervals(results, "arm", "window", analysis=analysis, variable=variable, measure=measure, level=level)
    drawn = []
    for i, arm in enumerate(arms):
        shift = (i - (len(arms) - 1) / 2) * 2 * DODGE
        points = [(j + shift, rows[arm, code]) for j, code in enumerate(windows) if (arm, code) in rows]
        drawn += _draw_course(axes, results, variable, arm, points)
    axes.set_xlim(-0.4, len(windows) - 0.6)
    if not drawn:
        sheet.ticks(axes, "y", [], [])
        sheet.write_on(axes, 0.5, 0.5, NO_VALUE, color=SOFT, size=SMALL_SIZE, ha="center", va="center",
                       transform=axes.transAxes, gid=f"empty-{variable}")  # fmt: skip
        return
    _scale(sheet, axes, results, scale, drawn, ticks)


def _draw_course(
    axes: Axes, results: Results, variable: str, arm: str, points: Sequence[tuple[float, dict[str, Row]]]
) -> list[float]:
    look = look_of(results, arm)
    places = [place for place, _ in points]
    estimate, low, high = ([rows[stat].value for _, rows in points] for stat in ("estimate", "ci_low", "ci_high"))
    known = [i for i in range(len(places)) if math.isfinite(low[i] + high[i])]
    x, bottom, top = ([numbers[i] for i in known] for numbers in (places, low, high))
    axes.vlines(x, bottom, top, color=look.color, linewidth=0.8, gid=f"limits-{variable}-{arm}", zorder=2)
    axes.plot(places, estimate, gid=f"course-{variable}-{arm}", zorder=3, **_line(look))
    return [value for value in (*estimate, *(low[i] for i in known), *(high[i] for i in known)) if math.isfinite(value)]


def _line(look: Look) -> dict[str, Any]:
    return {
        "color": look.color,
        "linewidth": 0.9,
        "linestyle": look.dash,
        "marker": look.marker,
        "markersize": 3.4,
        "markerfacecolor": look.face,
        "markeredgewidth": 0.8,
    }


def _scale(sheet: Sheet, axes: Axes, results: Results, scale: str, values: Sequence[float], ticks: int) -> None:
    low, high = min(values), max(values)
    if scale == DETECTABLE:
        steps = [step for step in nice_steps(0.0, max(high, 0.05), ticks) if step <= 1.0]
        axes.set_ylim(0.0, steps[-1])
        sheet.ticks(axes, "y", steps, [printed(results, step, "percent0") for step in steps])
    elif scale == LOG:
        room = max((high / low) ** 0.05, 1.02)
        axes.set_yscale("log")
        axes.set_ylim(low / room, high * room)
        steps = log_steps(low / room, high * room)
        steps = steps[:: math.ceil(len(steps) / max(ticks, 3))] if ticks < LARGE.ticks else steps
        sheet.ticks(axes, "y", steps, [printed(results, step, f"decimal{decimals_of(step)}") for step in steps])
    else:
        room = 0.05 * (high - low) or 0.5
        axes.set_ylim(low - room, high + room)
        steps = ticks_inside(low - room, high + room, ticks)
        decimals = max(decimals_of(step) for step in steps)
        sheet.ticks(axes, "y", steps, [printed(results, step, f"decimal{decimals}") for step in steps])


def _draw_key(sheet: Sheet, key: Key) -> None:
    """Say above the panels which sign is which arm."""
    axes = sheet.figure.add_axes(
        (0, 0, 1, 1), frameon=False, xlim=(0, sheet.width), ylim=(0, sheet.height), label="key"
    )
    axes.set_axis_off()
    for x, y, look in write_key(sheet, key, top=KEY_TOP, indent=KEY_INDENT, step=LINE_HEIGHT):
        axes.plot([x, x + 3.5, x + 7.0], [y, y, y], markevery=[1], **_line(look))
