"""Standardized differences of characteristics, before weighting and after it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.propensity.displays import LovePlot
from npcstats.analyses.propensity.rows import CATEGORICAL
from npcstats.analyses.propensity.words import pair_of
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, INK, RULE, SOFT
from npcstats.display.lookup import analysis_of, name_of, printed
from npcstats.display.scales import decimals_of, nice_steps, ticks_inside
from npcstats.display.sheet import THIN, Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.errors import SpecError
from npcstats.results import Results, Row, select

ROW, HEADING = 3.9, 3.9
LABEL_ROOM = {"full": 58.0, "column": 34.0}
RIGHT, EDGE, INDENT, AIR = 3.0, 0.8, 2.4, 2.0
KEY_LINE, KEY_TOP, BELOW = 4.2, 3.0, 10.0
MARKERS = (("o", INK), ("^", SOFT), ("s", RULE), ("D", INK), ("v", SOFT))
"""Signs of adjustments in page order; before weighting it is an open circle."""
SIZE = 4.0
TICKS = {"full": 9, "column": 5}
AXIS = {True: "Absolute standardized difference", False: "Standardized difference"}
BEFORE = "Before weighting"
NOTHING = "No two arms were compared, so there is no difference to draw."


@dataclass(frozen=True)
class _Line:
    """A line of the figure: its words, whether they stand below a heading, and its differences, before them first."""

    name: str
    indent: float
    code: str
    values: tuple[float, ...] = ()


def love_figure(results: Results, spec: LovePlot, *, fonts: Fonts) -> Figure:
    """Draw standardized differences.

    Parameters
    ----------
    results : Results
        Rows of kind ``propensity``.
    spec : LovePlot
        Which analysis and adjustments, in which order, with their sign or without.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Differences before weighting as points with gid ``before``, after it as ``after-BLOCK``; lines at the largest
        that counts as balance as ``limit``.

    Raises
    ------
    SpecError
        If there are more adjustments than signs.
    """
    entry = analysis_of(results, spec.analysis, "propensity")
    if len(spec.blocks) > len(MARKERS):
        raise SpecError(f"figures: {len(spec.blocks)} adjustments; at most {len(MARKERS)} can be told apart.")
    if pair_of(results, spec.analysis) is None:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    room = LABEL_ROOM[spec.width]
    lines = [
        _Line(
            draft.wrap(line.name, room - EDGE - AIR - line.indent, size=SMALL_SIZE), line.indent, line.code, line.values
        )
        for line in _lines(results, spec)
    ]
    names = [BEFORE, *(name_of(entry, "block", block) for block in spec.blocks)]
    keys = _key_places(draft, names)
    head = KEY_TOP + KEY_LINE * (keys[-1][1] + 1)
    heights = [ROW + LINE_HEIGHT * line.name.count("\n") for line in lines]
    sheet = Sheet(WIDTHS[spec.width], head + sum(heights) + BELOW, fonts)
    axes = sheet.axes(room, BELOW, sheet.width - RIGHT, BELOW + sum(heights))
    places = _open_axes(sheet, axes, results, spec, lines, heights)
    _draw_points(axes, spec, lines, places)
    _draw_key(sheet, names, keys)
    return sheet.figure


def _lines(results: Results, spec: LovePlot) -> list[_Line]:
    """Lines from the top; levels of a characteristic below its name, which has no difference of its own."""
    entry = analysis_of(results, spec.analysis)
    found = {
        (row.variable, row.level): [row]
        for row in select(results, analysis=spec.analysis, block=spec.blocks[0], measure="smd", stat="estimate")
    }
    for block in spec.blocks:
        for row in select(results, analysis=spec.analysis, block=block, measure="weighted_smd", stat="estimate"):
            found[row.variable, row.level].append(row)
    groups = [
        _group(entry.chosen(f"scale.{name}", str), found, name, spec) for name in dict.fromkeys(v for v, _ in found)
    ]
    if spec.order == "size":
        groups.sort(key=lambda group: -max((abs(rows[0].value) for _, rows in group if _drawn(rows)), default=0.0))
    return [line for group in groups if group for line in _group_lines(results, spec, group)]


Differences = list[tuple[tuple[str, str], list[Row]]]


def _group(scale: str, found: dict[tuple[str, str], list[Row]], name: str, spec: LovePlot) -> Differences:
    """Differences of one characteristic that are drawn."""
    own = [(place, rows) for place, rows in found.items() if place[0] == name]
    if scale == CATEGORICAL and len(own) > 1:
        own = [(place, rows) for place, rows in own if bool(place[1]) != spec.absolute]
    return [(place, rows) for place, rows in own if _drawn(rows)]


def _drawn(rows: Sequence[Row]) -> bool:
    return not math.isnan(rows[0].value)


def _group_lines(results: Results, spec: LovePlot, group: Differences) -> list[_Line]:
    entry = analysis_of(results, spec.analysis)
    variable = group[0][0][0]
    name = name_of(entry, "variable", variable)
    several = len(group) > 1
    lines = [_Line(name, 0.0, variable)] if several else []
    for (_, level), rows in group:
        told = name_of(entry, "level", f"{variable}={level}")
        words = told if several else f"{name}: {told}" if level else name
        values = tuple(abs(row.value) if spec.absolute else row.value for row in rows)
        lines.append(_Line(words, INDENT if several else 0.0, f"{variable}={level}", values))
    return lines


def _open_axes(
    sheet: Sheet, axes: Axes, results: Results, spec: LovePlot, lines: Sequence[_Line], heights: Sequence[float]
) -> list[float]:
    """Scale the axes, write the names, and tell at which height each line stands, in millimetres."""
    limit = analysis_of(results, spec.analysis).chosen("smd_limit", float)
    known = [abs(value) for line in lines for value in line.values if not math.isnan(value)]
    steps = nice_steps(0.0, max([*known, 1.5 * limit]), 4)
    reach = steps[-1]
    ticks = ticks_inside(0.0 if spec.absolute else -reach, reach, TICKS[spec.width])
    axes.set_xlim(-0.03 * reach if spec.absolute else -reach, reach)
    axes.set_ylim(0.0, sum(heights))
    decimals = max(decimals_of(tick) for tick in ticks)
    sheet.ticks(axes, "x", ticks, [printed(results, tick, f"decimal{decimals}") for tick in ticks])
    sheet.ticks(axes, "y", [], [])
    sheet.name(axes, "x", AXIS[spec.absolute])
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=INK, linewidth=THIN, zorder=1)
    for place in (limit,) if spec.absolute else (-limit, limit):
        axes.axvline(place, color=INK, linewidth=0.7, linestyle=(0.0, (3.0, 2.0)), zorder=1, gid="limit")
    places, top = [], sum(heights)
    for line, height in zip(lines, heights, strict=True):
        places.append(top - height / 2)
        top -= height
        sheet.write(EDGE + line.indent, BELOW + places[-1], line.name, size=SMALL_SIZE, ha="left", va="center",
                    linespacing=LINE_SPACING)  # fmt: skip
        if line.values:
            axes.axhline(places[-1], color=HAIR, linewidth=THIN, zorder=0)
    return places


def _draw_points(axes: Axes, spec: LovePlot, lines: Sequence[_Line], places: Sequence[float]) -> None:
    drawn = [(line, y) for line, y in zip(lines, places, strict=True) if line.values]
    for i, gid in enumerate(("before", *(f"after-{block}" for block in spec.blocks))):
        points = [(line.values[i], y) for line, y in drawn if not math.isnan(line.values[i])]
        marker, color = ("o", INK) if i == 0 else MARKERS[i - 1]
        axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            linestyle="none",
            marker=marker,
            markersize=SIZE,
            markerfacecolor="white" if i == 0 else color,
            markeredgecolor=INK,
            markeredgewidth=0.7,
            zorder=3 + i,
            clip_on=False,
            gid=gid,
        )


def _key_places(draft: Sheet, names: Sequence[str]) -> list[tuple[float, int]]:
    """Where each sign of the key stands: millimetres from the left, and its line."""
    places, x, line = [], EDGE + 2.0, 0
    for name in names:
        width = 3.0 + draft.extent(name)
        if x > EDGE + 2.0 and x + width > draft.width - RIGHT:
            x, line = EDGE + 2.0, line + 1
        places.append((x, line))
        x += width + 5.0
    return places


def _draw_key(sheet: Sheet, names: Sequence[str], places: Sequence[tuple[float, int]]) -> None:
    axes = sheet.figure.add_axes(
        (0, 0, 1, 1), frameon=False, xlim=(0, sheet.width), ylim=(0, sheet.height), label="key"
    )
    axes.set_axis_off()
    for i, (name, (x, line)) in enumerate(zip(names, places, strict=True)):
        y = sheet.height - KEY_TOP - KEY_LINE * line
        marker, color = ("o", INK) if i == 0 else MARKERS[i - 1]
        axes.plot([x], [y], linestyle="none", marker=marker, markersize=SIZE, markeredgecolor=INK, markeredgewidth=0.7,
                  markerfacecolor="white" if i == 0 else color)  # fmt: skip
        sheet.write(x + 3.0, y, name, ha="left", va="center_baseline")
