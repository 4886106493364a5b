"""Ratios of the arms at each visit: a small panel for each marker, the main model and its sensitivity analysis."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.detection.displays import LimitContrasts
from npcstats.analyses.detection.rows import CONTRASTS, contrast_words
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import INK, RULE, SOFT
from npcstats.display.lookup import analysis_of, intervals, name_of, ordered, pairs_of, printed, short_arm
from npcstats.display.scales import decimals_of, log_steps
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, Row, select

COLUMNS = {"full": 3, "column": 1}
PANEL_HEIGHT, BELOW, ABOVE = 32.0, 16.0, 9.0
LEFT, RIGHT, GAP = 11.0, 2.0, 13.0
TITLE_INDENT, DODGE = 9.5, 0.12
LEAST_SPAN = 1.5
"""Factor that an axis reaches from no difference at least, so that hardly any difference looks like it."""
NOTHING = "No arms are compared."
NO_VALUE = "Not estimated at any visit."
SIGNS = {True: (INK, INK), False: (SOFT, "white")}
"""Colour and fill of the main model, and of the sensitivity analysis."""


def detection_figure(results: Results, spec: LimitContrasts, *, fonts: Fonts) -> Figure:
    """Draw how arms compare at each visit after baseline.

    Parameters
    ----------
    results : Results
        Rows of kind ``detection``.
    spec : LimitContrasts
        Which analysis.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Ratios as signs with gid ``contrast-MARKER-BLOCK`` and limits as ``limits-MARKER-BLOCK``, on logarithmic scales
        with a line at 1.
    """
    entry = analysis_of(results, spec.analysis, "detection")
    pairs = pairs_of(results, spec.analysis, set(CONTRASTS.values()))
    if not pairs:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    variables = tuple(entry.labels["variable"])
    columns = min(COLUMNS[spec.width], len(variables))
    lines = math.ceil(len(variables) / columns)
    each = ABOVE + PANEL_HEIGHT + BELOW
    sheet = Sheet(WIDTHS[spec.width], lines * each, fonts)
    width = (sheet.width - LEFT - RIGHT - GAP * (columns - 1)) / columns
    for nth, variable in enumerate(variables):
        line, column = divmod(nth, columns)
        left, top = LEFT + column * (width + GAP), sheet.height - line * each - ABOVE
        title = sheet.wrap(name_of(entry, "variable", variable), width + TITLE_INDENT, weight="semibold")
        y = top + 2.0 + LINE_HEIGHT
        sheet.write(left - TITLE_INDENT, y, title, weight="semibold", ha="left", va="bottom", linespacing=LINE_SPACING)
        measured = contrast_words(entry.chosen(f"main.{variable}", str), entry.chosen(f"yes.{variable}", str))
        words = f"{measured.capitalize()}, {' / '.join(short_arm(results, arm) for arm in pairs[0])}"
        sheet.write(left - TITLE_INDENT, top + 2.0, words, color=SOFT, size=SMALL_SIZE, ha="left", va="bottom")
        _draw_panel(sheet, sheet.axes(left, top - PANEL_HEIGHT, left + width, top), results, spec.analysis, variable)
    return sheet.figure


def _draw_panel(sheet: Sheet, axes: Axes, results: Results, analysis: str, variable: str) -> None:
    entry = analysis_of(results, analysis)
    asked = {"analysis": analysis, "variable": variable, "measure": set(CONTRASTS.values())}
    windows = ordered(entry.labels["window"], [row.window for row in select(results, **asked)])
    rows, main = intervals(results, "block", "window", **asked), entry.chosen(f"main.{variable}", str)
    blocks = sorted({str(block) for block, _ in rows}, key=lambda block: block != main)
    drawn: list[float] = []
    for i, block in enumerate(blocks):
        shift = (i - (len(blocks) - 1) / 2) * 2 * DODGE
        points = [(j + shift, rows[block, code]) for j, code in enumerate(windows) if (block, code) in rows]
        drawn += _draw_points(axes, points, f"{variable}-{block}", filled=block == main)
    axes.set_xlim(-0.5, len(windows) - 0.5)
    _name_visits(sheet, axes, [name_of(entry, "window", code) for code in windows])
    if not drawn:
        sheet.ticks(axes, "y", [], [])
        sheet.write_on(axes, 0.5, 0.5, NO_VALUE, color=SOFT, size=SMALL_SIZE, ha="center", va="center",
                       transform=axes.transAxes, gid=f"empty-{variable}")  # fmt: skip
        return
    axes.axhline(1.0, color=RULE, linewidth=0.7, zorder=0, gid=f"none-{variable}")
    low, high = min(*drawn, 1 / LEAST_SPAN), max(*drawn, LEAST_SPAN)
    room = (high / low) ** 0.05
    axes.set_yscale("log")
    axes.set_ylim(low / room, high * room)
    steps = log_steps(low / room, high * room)
    sheet.ticks(axes, "y", steps, [printed(results, step, f"decimal{decimals_of(step)}") for step in steps])


def _draw_points(axes: Axes, points: Sequence[tuple[float, dict[str, Row]]], gid: str, *, filled: bool) -> list[float]:
    """Draw estimates and limits, and tell every number that is drawn."""
    color, face = SIGNS[filled]
    known = [(x, row) for x, row in points if math.isfinite(row["ci_low"].value + row["ci_high"].value)]
    lows, highs = ([row[stat].value for _, row in known] for stat in ("ci_low", "ci_high"))
    axes.vlines([x for x, _ in known], lows, highs, color=color, linewidth=0.8, zorder=2, gid=f"limits-{gid}")
    estimates = [row["estimate"].value for _, row in points]
    axes.plot([x for x, _ in points], estimates, linestyle="none", marker="o" if filled else "s", markersize=3.4,
              color=color, markerfacecolor=face, markeredgewidth=0.8, zorder=3, gid=f"contrast-{gid}")  # fmt: skip
    return [value for value in (*estimates, *lows, *highs) if math.isfinite(value)]


def _name_visits(sheet: Sheet, axes: Axes, names: Sequence[str]) -> None:
    """Name the visits below a panel, turned."""
    sheet.ticks(axes, "x", range(len(names)), [sheet.wrap(name, BELOW - 3.0, size=SMALL_SIZE) for name in names])
    for tick in axes.get_xticklabels():
        tick.set(rotation=90, ha="center", va="top", linespacing=1.05)
