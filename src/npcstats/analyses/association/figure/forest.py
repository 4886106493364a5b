"""Hazard ratios of markers: a line for each marker, a panel for each way in which markers enter."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.association.displays import MarkerForest
from npcstats.analyses.association.rows import ADJUSTED, UNADJUSTED
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, INK, SOFT
from npcstats.display.lookup import INTERVAL, analysis_of, intervals, name_of, printed
from npcstats.display.scales import decimals_of, log_steps
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import EVERYONE, Results, Row

NOTHING = "No hazard ratio could be estimated by the cut-off."
LABEL_SHARE, LABEL_GAP = 0.27, 2.5
EDGE, GAP = 1.0, 5.0
ROW_HEIGHT, TOP, BOTTOM = 6.2, 2.0, 8.5
SHIFT = {UNADJUSTED: -0.17, ADJUSTED: 0.17}
SIGNS = {UNADJUSTED: ("o", SOFT, "white"), ADJUSTED: ("s", INK, INK)}
LEAST_SPAN, MOST_SPAN, AROUND = 2.0, 6.0, 1.06
NOT_ESTIMABLE = "NE"
Ratios = dict[tuple[object, ...], dict[str, Row]]


def marker_forest(results: Results, spec: MarkerForest, *, fonts: Fonts) -> Figure:
    """Draw the ratio of each marker in each model, before and after adjustment.

    Parameters
    ----------
    results : Results
        Rows of kind ``association``.
    spec : MarkerForest
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        A panel for each model, side by side, or at column width one below the other, its axes labelled by it; ratios
        as points with gid ``ratio-BLOCK-VARIABLE-LEVEL`` and limits as ``limits-…``. What could not be estimated is NE;
        limits beyond the axis end in an arrow.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    entry = analysis_of(results, spec.analysis, "association")
    found = intervals(results, "block", "variable", "level", analysis=spec.analysis, measure="hazard_ratio",
                      arm=EVERYONE)  # fmt: skip
    if not any(math.isfinite(rows["estimate"].value) for rows in found.values()):
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    variables, models = list(entry.labels["variable"]), list(entry.labels["level"])
    page, draft = WIDTHS[spec.width], Sheet(WIDTHS[spec.width], 50.0, fonts)
    names = [draft.wrap(name_of(entry, "variable", code), LABEL_SHARE * page, size=SMALL_SIZE) for code in variables]
    left = EDGE + draft.widest(names, size=SMALL_SIZE) + LABEL_GAP
    across = len(models) if spec.width == "full" else 1
    width = (page - left - EDGE - GAP * (across - 1)) / across
    heads = [draft.wrap(name_of(entry, "level", code), width, weight="semibold", size=SMALL_SIZE) for code in models]
    head = TOP + LINE_HEIGHT * (1 + max(text.count("\n") for text in heads))
    stride = head + ROW_HEIGHT * len(variables) + BOTTOM
    sheet = Sheet(page, stride * math.ceil(len(models) / across), fonts)
    span = _span(found)
    for i, model in enumerate(models):
        line, column = divmod(i, across)
        start, top = left + column * (width + GAP), sheet.height - line * stride - head
        axes = sheet.axes(start, top - ROW_HEIGHT * len(variables), start + width, top)
        axes.set_label(model)
        _open(sheet, axes, results, span, len(variables))
        for j, variable in enumerate(variables):
            for block in SHIFT:
                if (block, variable, model) in found:
                    _draw(sheet, axes, found[block, variable, model], j, block, f"{block}-{variable}-{model}", span)
        sheet.ticks(axes, "y", range(len(variables)), names if column == 0 else [""] * len(names))
        axes.tick_params(axis="y", length=0)
        sheet.write(start, top + 1.2, heads[i], weight="semibold", size=SMALL_SIZE, ha="left", va="bottom",
                    linespacing=LINE_SPACING)  # fmt: skip
    return sheet.figure


def _open(sheet: Sheet, axes: Axes, results: Results, span: tuple[float, float], lines: int) -> None:
    axes.set_xscale("log")
    axes.set_xlim(*span)
    axes.set_ylim(lines - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    steps = log_steps(*span)
    sheet.ticks(axes, "x", steps, [printed(results, step, f"decimal{decimals_of(step)}") for step in steps])
    sheet.name(axes, "x", "Hazard ratio, log scale")
    axes.axvline(1.0, color=INK, linewidth=0.6, zorder=1, gid="no-difference")
    for line in range(lines):
        axes.axhline(line, color=HAIR, linewidth=0.5, zorder=0, gid=f"_row-{line}")


def _span(found: Ratios) -> tuple[float, float]:
    """Ends of the axis of all panels: every estimate, and limits as far as that leaves estimates apart."""
    estimates = _known(found, ("estimate",))
    limits = [min(max(value, 1 / MOST_SPAN), MOST_SPAN) for value in _known(found, ("ci_low", "ci_high"))]
    low, high = min([1 / LEAST_SPAN, *estimates, *limits]), max([LEAST_SPAN, *estimates, *limits])
    return low / AROUND, high * AROUND


def _known(found: Ratios, stats: Sequence[str]) -> list[float]:
    values = [rows[stat].value for rows in found.values() for stat in stats]
    return [value for value in values if math.isfinite(value) and value > 0]


def _draw(
    sheet: Sheet, axes: Axes, rows: dict[str, Row], line: int, block: str, place: str, span: tuple[float, float]
) -> None:
    estimate, low, high = (rows[stat].value for stat in INTERVAL)
    marker, color, face = SIGNS[block]
    height = line + SHIFT[block]
    if not math.isfinite(estimate):
        if block == UNADJUSTED:
            sheet.write_on(axes, 0.5, line, NOT_ESTIMABLE, transform=axes.get_yaxis_transform(), size=SMALL_SIZE,
                           color=SOFT, ha="center", va="center", gid=f"ne-{place}")  # fmt: skip
        return
    if not math.isnan(low + high):
        ends = (max(low, span[0]), min(high, span[1]))
        axes.plot(ends, [height, height], color=color, linewidth=0.8, zorder=2, gid=f"limits-{place}")
        for end, beyond, sign in ((ends[0], low < span[0], "<"), (ends[1], high > span[1], ">")):
            if beyond:
                axes.plot([end], [height], marker=sign, color=color, markersize=3.0, clip_on=False, zorder=2,
                          gid=f"arrow-{place}")  # fmt: skip
    axes.plot([estimate], [height], marker=marker, color=color, markerfacecolor=face, markersize=3.6,
              markeredgewidth=0.8, linestyle="none", zorder=3, gid=f"ratio-{place}")  # fmt: skip
