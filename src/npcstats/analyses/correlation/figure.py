"""Correlations of markers as a map, ordered by a tree."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from npcstats.analyses.correlation.displays import CorrelationMap
from npcstats.analyses.correlation.rows import BEYOND_VISITS, TREE, WITHIN
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import INK, RULE, SOFT
from npcstats.display.lookup import analysis_of, name_of, printed
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import EVERYONE, Results, Row, select

RAMP = LinearSegmentedColormap.from_list("ink", ("white", INK))
LABEL_ROOM, LABEL_GAP = 34.0, 2.0
TREE_SHARE, TREE_GAP = 0.12, 2.0
TOP, EDGE = 1.5, 1.5
MOST_CELL = 10.0
DARK_FROM = 0.45
"""Size of a correlation from which its number is white."""
CORNER = 0.22
"""Share of a cell's side that the sign of a correlation below zero takes."""
STYLE = "decimal2"
NOTHING = "No correlation could be estimated by the cut-off."


def correlation_map(results: Results, spec: CorrelationMap, *, fonts: Fonts) -> Figure:
    """Draw the correlation of each pair of markers, and the tree that orders them.

    Parameters
    ----------
    results : Results
        Rows of kind ``correlation``.
    spec : CorrelationMap
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Axes ``map``, its cells' numbers with gid ``r-VARIABLE-LEVEL`` by row and column, corners of those below
        zero as ``below-VARIABLE-LEVEL``; the tree in axes ``tree``, each join as ``join-VARIABLE-LEVEL``.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    entry = analysis_of(results, spec.analysis, "correlation")
    codes, page = tuple(entry.labels["variable"]), WIDTHS[spec.width]
    values = _matrix(results, spec.analysis, codes)
    if np.isnan(values).all():
        return empty_figure(page, fonts, NOTHING)
    joins = select(results, analysis=spec.analysis, block=TREE, measure="merge_distance")
    draft = Sheet(page, 50.0, fonts)
    room = LABEL_ROOM if spec.width == "full" else LABEL_ROOM / 2
    names = [draft.wrap(name_of(entry, "variable", code), room, size=SMALL_SIZE) for code in codes]
    left = draft.widest(names, size=SMALL_SIZE) + LABEL_GAP + EDGE
    branches = TREE_SHARE * page if joins else 0.0
    cell = min(MOST_CELL, (page - left - branches - TREE_GAP - EDGE) / len(codes))
    across = [draft.wrap(name_of(entry, "variable", code), room, size=SMALL_SIZE) for code in codes]
    below = draft.widest(across, size=SMALL_SIZE) + LABEL_GAP + EDGE
    side = cell * len(codes)
    sheet = Sheet(page, TOP + side + below, fonts)
    axes = sheet.axes(left, below, left + side, below + side)
    axes.set_label("map")
    _draw_map(sheet, axes, results, codes, values)
    _name(sheet, axes, names, across)
    if joins:
        tree = sheet.axes(left + side + TREE_GAP, below, left + side + TREE_GAP + branches, below + side)
        tree.set_label("tree")
        _draw_tree(sheet, tree, joins, codes)
    return sheet.figure


def _matrix(results: Results, analysis: str, codes: Sequence[str]) -> np.ndarray:
    """Correlations by row and column: below the diagonal within participants, above it beyond visits."""
    values = np.full((len(codes), len(codes)), math.nan)
    places = {code: i for i, code in enumerate(codes)}
    rows = select(results, analysis=analysis, arm=EVERYONE, measure="repeated_correlation", stat="estimate")
    for row in rows:
        one, other = sorted((places[row.variable], places[row.level]))
        if row.block == WITHIN:
            values[other, one] = row.value
        elif row.block == BEYOND_VISITS:
            values[one, other] = row.value
    return values


def _draw_map(sheet: Sheet, axes: Axes, results: Results, codes: Sequence[str], values: np.ndarray) -> None:
    sns.heatmap(
        np.abs(values), ax=axes, cmap=RAMP, vmin=0.0, vmax=1.0, cbar=False, linewidths=0.4, linecolor=RULE,
        xticklabels=False, yticklabels=False, rasterized=False,
    )  # fmt: skip
    for (row, column), value in np.ndenumerate(values):
        if row == column:
            continue
        place = f"{codes[row]}-{codes[column]}"
        dark = not math.isnan(value) and abs(value) >= DARK_FROM
        if value < 0:
            corner = [(column, row + 1.0), (column, row + 1.0 - CORNER), (column + CORNER, row + 1.0)]
            axes.add_patch(Polygon(corner, facecolor="white" if dark else INK, linewidth=0.0, gid=f"below-{place}"))
        sheet.write_on(axes, column + 0.5, row + 0.5, printed(results, float(value), STYLE), size=SMALL_SIZE,
                       color="white" if dark else INK, ha="center", va="center_baseline", gid=f"r-{place}")  # fmt: skip
    for spine in axes.spines.values():
        spine.set_visible(False)


def _name(sheet: Sheet, axes: Axes, names: Sequence[str], across: Sequence[str]) -> None:
    places = [i + 0.5 for i in range(len(names))]
    sheet.ticks(axes, "y", places, names)
    sheet.ticks(axes, "x", places, across)
    for tick in axes.get_yticklabels():
        tick.set(rotation=0, va="center")
    for tick in axes.get_xticklabels():
        tick.set(rotation=90, ha="center", va="top")
    axes.tick_params(length=0, pad=3)


def _draw_tree(sheet: Sheet, axes: Axes, joins: Sequence[Row], codes: Sequence[str]) -> None:
    """Join parts at their distance: each part is known by its first marker."""
    heights = {code: i + 0.5 for i, code in enumerate(codes)}
    reached = dict.fromkeys(codes, 0.0)
    for row in joins:
        ends, starts = (heights[row.variable], heights[row.level]), (reached[row.variable], reached[row.level])
        x = [starts[0], row.value, row.value, starts[1]]
        axes.plot(x, [ends[0], ends[0], ends[1], ends[1]], color=SOFT, linewidth=0.8, solid_joinstyle="miter",
                  gid=f"join-{row.variable}-{row.level}")  # fmt: skip
        heights[row.variable], reached[row.variable] = sum(ends) / len(ends), row.value
    axes.set_ylim(len(codes), 0.0)
    axes.set_xlim(0.0, max(row.value for row in joins) * 1.02)
    sheet.ticks(axes, "x", [], [])
    sheet.ticks(axes, "y", [], [])
    for spine in axes.spines.values():
        spine.set_visible(False)
