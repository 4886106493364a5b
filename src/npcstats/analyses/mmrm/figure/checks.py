"""Quantiles of residuals beside those of a normal distribution, and what the contrast is without each participant."""

from __future__ import annotations

import math
from statistics import NormalDist

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.mmrm.displays import ModelChecks
from npcstats.analyses.mmrm.figure.panels import BETWEEN, COLUMNS, HEIGHTS, grid_of, panels_at
from npcstats.analyses.mmrm.rows import SHIFT_WIDTH
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import INK, RULE, SOFT
from npcstats.display.lookup import analysis_of, name_of, ordered, printed
from npcstats.display.scales import decimals_of, ticks_inside
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, select

NOTHING = "No model could be fitted by the cut-off."
BELOW, HEAD = 9.5, 1.0
TITLE_INDENT = 9.0
BAR = "#8f9aa6"


def checks_figure(results: Results, spec: ModelChecks, *, fonts: Fonts) -> Figure:
    """Draw quantiles of residuals, and below them how far participants shift the contrast.

    Parameters
    ----------
    results : Results
        Rows of kind ``mmrm``.
    spec : ModelChecks
        Which analysis.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Quantiles as lines with gid ``residuals-MARKER``, bars of participants as ``shift-MARKER-BIN``.
    """
    entry = analysis_of(results, spec.analysis, "mmrm")
    found = select(results, analysis=spec.analysis, measure="residual_quantile", stat="estimate")
    variables = ordered(entry.labels.get("variable", {}), [row.variable for row in found])
    if not variables:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    shifted = bool(select(results, analysis=spec.analysis, measure="left_out"))
    grid = grid_of(len(variables), WIDTHS[spec.width], COLUMNS[spec.width], head=HEAD, below=BELOW, paired=shifted)
    sheet = Sheet(WIDTHS[spec.width], grid.height, fonts)
    for nth, variable in enumerate(variables):
        upper, lower = panels_at(sheet, grid, nth)
        left, top = grid.place(nth)
        named = sheet.wrap(name_of(entry, "variable", variable), grid.width, weight="semibold")
        sheet.write(left - TITLE_INDENT, top + 1.6, named, weight="semibold", ha="left", va="bottom")
        _draw_residuals(sheet, upper, results, spec.analysis, variable)
        sheet.write(left + 1.5, top - 1.0, "Residual by normal quantile", color=SOFT, size=SMALL_SIZE, ha="left",
                    va="top")  # fmt: skip
        if lower is not None:
            _draw_shifts(sheet, lower, results, spec.analysis, variable)
            sheet.name(lower, "x", "Shift of the contrast, standard errors")
            y = top - HEIGHTS[0] - BETWEEN + 1.0
            sheet.write(left - TITLE_INDENT, y, "Participants", color=SOFT, size=SMALL_SIZE, ha="left", va="bottom")
    return sheet.figure


def _draw_residuals(sheet: Sheet, axes: Axes, results: Results, analysis: str, variable: str) -> None:
    rows = select(results, analysis=analysis, variable=variable, measure="residual_quantile", stat="estimate")
    expected = [NormalDist().inv_cdf(float(row.level)) for row in rows]
    values = [row.value for row in rows]
    most = 1.1 * max(map(abs, (*expected, *values)))
    axes.plot([-most, most], [-most, most], color=RULE, linewidth=0.7, zorder=0)
    axes.plot(expected, values, linestyle="none", marker="o", markersize=2.6, color=INK, markerfacecolor="white",
              markeredgewidth=0.7, gid=f"residuals-{variable}", zorder=2)  # fmt: skip
    axes.set_xlim(-most, most)
    axes.set_ylim(-most, most)
    steps = ticks_inside(-most, most, 7)
    for which in ("x", "y"):
        sheet.ticks(axes, which, steps, [printed(results, step, f"decimal{decimals_of(step)}") for step in steps])


def _draw_shifts(sheet: Sheet, axes: Axes, results: Results, analysis: str, variable: str) -> None:
    rows = select(results, analysis=analysis, variable=variable, measure="left_out", stat="count")
    for row in rows:
        (bar,) = axes.bar([float(row.level)], [row.value], width=SHIFT_WIDTH, align="edge", color=BAR, linewidth=0)
        bar.set_gid(f"shift-{variable}-{row.level}")
    known = [float(row.level) for row in rows]
    low, high = (min(known), max(known) + SHIFT_WIDTH) if known else (-SHIFT_WIDTH, SHIFT_WIDTH)
    most = max(abs(low), abs(high)) * 1.08
    axes.set_xlim(-most, most)
    top = max([1.0, *(row.value for row in rows)])
    axes.set_ylim(0, top * 1.05)
    steps = ticks_inside(-most, most, 5)
    decimals = max(decimals_of(step) for step in steps)
    sheet.ticks(axes, "x", steps, [printed(results, step, f"decimal{decimals}") for step in steps])
    counts = [step for step in ticks_inside(0, top, 4) if math.isclose(step, round(step))]
    sheet.ticks(axes, "y", counts, [printed(results, step, "count") for step in counts])
