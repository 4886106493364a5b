"""Means of each arm by visit, a column for each marker, above the contrast by each model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.mmrm.displays import ModelledCourses
from npcstats.analyses.mmrm.figure.panels import (
    COLUMNS,
    LEFT,
    Grid,
    grid_of,
    key_room,
    panels_at,
    scale_values,
    visit_names,
)
from npcstats.analyses.mmrm.rows import AVERAGE, CONTRASTS, LOG, MEANS
from npcstats.display.fonts import LINE_HEIGHT, SMALL_SIZE, Fonts
from npcstats.display.key import Key, arrange_key, write_key
from npcstats.display.looks import INK, RULE, SOFT, Look, look_of
from npcstats.display.lookup import analysis_of, groups_of, intervals, name_of, ordered, pairs_of, short_arm
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.formatting import format_unit
from npcstats.results import Results, Row

KEY_GAP, KEY_INDENT, KEY_TOP = 14.0, 8.5, 3.0
TURNED, BELOW, DODGE = 15.0, 17.0, 0.1
TITLE_INDENT = 9.0
NOTHING = "No marker has a mean by the cut-off."
NO_VALUE = "Not estimated."
SIGNS = (("D", INK, INK, 3.4), ("s", SOFT, "white", 3.4))
"""Marker, colour, fill and size of a contrast, by the place of its model."""


def courses_figure(results: Results, spec: ModelledCourses, *, fonts: Fonts) -> Figure:
    """Draw modelled means over visits, and the contrasts below them where two arms are compared.

    Parameters
    ----------
    results : Results
        Rows of kind ``mmrm``.
    spec : ModelledCourses
        Which analysis, and which models' contrasts.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Means as lines with gid ``mean-MARKER-ARM`` and limits as ``limits-MARKER-ARM``; contrasts as
        ``contrast-MARKER-BLOCK`` and ``limits-MARKER-BLOCK``; ratios on a logarithmic scale.
    """
    entry = analysis_of(results, spec.analysis, "mmrm")
    arms = groups_of(results, spec.analysis)
    pair = next(iter(pairs_of(results, spec.analysis, {*CONTRASTS.values()})), ())
    variables = ordered(entry.labels.get("variable", {}), [
        str(place[0]) for place in intervals(results, "variable", analysis=spec.analysis, measure={*MEANS.values()})
    ])  # fmt: skip
    windows = tuple(code for code in entry.labels.get("window", {}) if code != AVERAGE)
    if not variables or not windows:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    room = draft.width - LEFT
    key = arrange_key(draft, results, arms, left=LEFT, room=room, free=KEY_GAP, gap=KEY_GAP)
    own = key.last + 1 if len(arms) > 1 else 0
    signs = spec.blocks if pair else ()
    head = key_room(own + (1 if signs else 0))
    grid = grid_of(len(variables), draft.width, COLUMNS[spec.width], head=head, below=BELOW, paired=bool(pair))
    sheet = Sheet(draft.width, grid.height, fonts)
    for nth, variable in enumerate(variables):
        _draw_marker(sheet, grid, nth, results, spec, variable, arms, pair, windows)
    if len(arms) > 1:
        _draw_key(sheet, key)
    _write_signs(sheet, results, spec, signs, KEY_TOP + LINE_HEIGHT * own)
    return sheet.figure


def _draw_marker(
    sheet: Sheet,
    grid: Grid,
    nth: int,
    results: Results,
    spec: ModelledCourses,
    variable: str,
    arms: Sequence[str],
    pair: Sequence[str],
    windows: Sequence[str],
) -> None:
    entry = analysis_of(results, spec.analysis)
    scale = entry.chosen(f"scale.{variable}", str, "")
    upper, lower = panels_at(sheet, grid, nth)
    left, top = grid.place(nth)
    title = sheet.wrap(_title(results, spec.analysis, variable), grid.width + TITLE_INDENT, weight="semibold")
    sheet.write(left - TITLE_INDENT, top + 1.6, title, weight="semibold", ha="left", va="bottom")
    _draw_means(sheet, upper, results, spec.analysis, variable, scale, arms, windows)
    if lower is not None:
        _draw_contrasts(sheet, lower, results, spec, variable, scale, pair, windows)
        named = "Ratio" if scale == LOG else "Difference"
        words = f"{named}, {short_arm(results, pair[0])} {'/' if scale == LOG else '−'} {short_arm(results, pair[-1])}"
        y = top - (upper.get_position().height * sheet.height) - 2.2
        sheet.write(left - TITLE_INDENT, y, words, color=SOFT, size=SMALL_SIZE, ha="left", va="top")
    names = visit_names(sheet, results, spec.analysis, windows, TURNED)
    for axes in filter(None, (upper, lower)):
        last = axes is (lower or upper)
        sheet.ticks(axes, "x", range(len(windows)), names if last else [""] * len(windows))
        axes.set_xlim(-0.45, len(windows) - 0.55)
        for tick in axes.get_xticklabels():
            tick.set(rotation=90, ha="center", va="top", linespacing=1.05)


def _title(results: Results, analysis: str, variable: str) -> str:
    entry = analysis_of(results, analysis)
    name = name_of(entry, "variable", variable)
    if entry.chosen(f"scale.{variable}", str, "") == LOG:
        return f"{name}, ratio to baseline"
    return f"{name}, change, {format_unit(entry.units.get(variable, ''))}"


def _draw_means(
    sheet: Sheet,
    axes: Axes,
    results: Results,
    analysis: str,
    variable: str,
    scale: str,
    arms: Sequence[str],
    windows: Sequence[str],
) -> None:
    main = analysis_of(results, analysis).chosen("main", str)
    rows = intervals(results, "arm", "window", analysis=analysis, variable=variable, measure=MEANS[scale], block=main)
    drawn: list[float] = []
    for i, arm in enumerate(arms):
        look, shift = look_of(results, arm), (i - (len(arms) - 1) / 2) * 2 * DODGE
        points = [(j + shift, rows[arm, code]) for j, code in enumerate(windows) if (arm, code) in rows]
        drawn += _draw_points(axes, points, look.color, f"limits-{variable}-{arm}")
        axes.plot([x for x, _ in points], [row["estimate"].value for _, row in points], gid=f"mean-{variable}-{arm}",
                  zorder=3, **_line(look))  # fmt: skip
    _settle(sheet, axes, results, drawn, variable, log=scale == LOG)


def _draw_contrasts(
    sheet: Sheet,
    axes: Axes,
    results: Results,
    spec: ModelledCourses,
    variable: str,
    scale: str,
    pair: Sequence[str],
    windows: Sequence[str],
) -> None:
    rows = intervals(results, "block", "window", analysis=spec.analysis, variable=variable, measure=CONTRASTS[scale],
                     arm=pair[0], reference=pair[-1])  # fmt: skip
    none = 1.0 if scale == LOG else 0.0
    drawn: list[float] = []
    for i, block in enumerate(spec.blocks):
        marker, color, face, size = SIGNS[i]
        shift = (i - (len(spec.blocks) - 1) / 2) * 2 * DODGE
        points = [(j + shift, rows[block, code]) for j, code in enumerate(windows) if (block, code) in rows]
        drawn += _draw_points(axes, points, color, f"limits-{variable}-{block}")
        axes.plot([x for x, _ in points], [row["estimate"].value for _, row in points], linestyle="none",
                  marker=marker, markersize=size, color=color, markerfacecolor=face, markeredgewidth=0.8, zorder=3,
                  gid=f"contrast-{variable}-{block}")  # fmt: skip
    axes.axhline(none, color=RULE, linewidth=0.7, zorder=0, gid=f"none-{variable}")
    _settle(sheet, axes, results, [*drawn, none] if drawn else [], variable, log=scale == LOG)


def _draw_points(axes: Axes, points: Sequence[tuple[float, dict[str, Row]]], color: str, gid: str) -> list[float]:
    """Draw limits, and tell every number that is drawn with its estimate."""
    ends = [(x, row["ci_low"].value, row["ci_high"].value) for x, row in points]
    known = [end for end in ends if math.isfinite(end[1] + end[2])]
    axes.vlines([x for x, _, _ in known], [low for _, low, _ in known], [high for _, _, high in known], color=color,
                linewidth=0.8, zorder=2, gid=gid)  # fmt: skip
    found = [row["estimate"].value for _, row in points] + [value for _, *both in known for value in both]
    return [value for value in found if math.isfinite(value)]


def _settle(sheet: Sheet, axes: Axes, results: Results, drawn: Sequence[float], variable: str, *, log: bool) -> None:
    if drawn:
        scale_values(sheet, axes, results, drawn, log=log)
        return
    sheet.ticks(axes, "y", [], [])
    sheet.write_on(axes, 0.5, 0.5, NO_VALUE, color=SOFT, size=SMALL_SIZE, ha="center", va="center",
                   transform=axes.transAxes, gid=f"empty-{variable}")  # fmt: skip


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


def _page_axes(sheet: Sheet, name: str) -> Axes:
    axes = sheet.figure.add_axes((0, 0, 1, 1), frameon=False, xlim=(0, sheet.width), ylim=(0, sheet.height), label=name)
    axes.set_axis_off()
    return axes


def _draw_key(sheet: Sheet, key: Key) -> None:
    """Say above the panels which sign is which arm."""
    axes = _page_axes(sheet, "key")
    for x, y, look in write_key(sheet, key, top=KEY_TOP, indent=KEY_INDENT, step=LINE_HEIGHT):
        axes.plot([x, x + 3.5, x + 7.0], [y, y, y], markevery=[1], **_line(look))


def _write_signs(sheet: Sheet, results: Results, spec: ModelledCourses, blocks: Sequence[str], top: float) -> None:
    """Say which sign is the contrast by which model."""
    if not blocks:
        return
    axes, x, y = _page_axes(sheet, "signs"), LEFT, sheet.height - top
    entry = analysis_of(results, spec.analysis)
    for i, block in enumerate(blocks):
        marker, color, face, size = SIGNS[i]
        words = f"Contrast: {name_of(entry, 'block', block)}" if not i else name_of(entry, "block", block)
        axes.plot([x + 3.5], [y], linestyle="none", marker=marker, color=color, markersize=size,
                  markerfacecolor=face, markeredgewidth=0.8)  # fmt: skip
        sheet.write(x + KEY_INDENT, y, words, size=SMALL_SIZE, ha="left", va="center_baseline")
        x += KEY_INDENT + sheet.extent(words, size=SMALL_SIZE) + 5.0
