"""Terms by times as a map: a panel for each arm, in each cell the share with a grade or a worse one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.gradecourse.displays import GradeHeat
from npcstats.analyses.gradecourse.figure.below import COUNTS_ROOM, lay_out_below, name_counts, write_below
from npcstats.analyses.gradecourse.figure.shades import RAMP
from npcstats.analyses.gradecourse.rows import PREVALENCE
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import INK, RULE, look_of
from npcstats.display.lookup import analysis_of, arm_name, check_made, groups_of, name_of, printed, row_at
from npcstats.display.sheet import Sheet
from npcstats.display.specs import WIDTHS
from npcstats.results import EVERYONE, Results

ROW_HEIGHT = 5.0
LABEL_SHARE, LABEL_GAP, RIGHT, GAP = 0.24, 3.0, 1.5, 4.0
ARM_ROOM, EDGE = 5.0, 1.5
DARK_FROM = 0.45
"""Share from which the number in a cell is white."""


def grade_heat(results: Results, spec: GradeHeat, *, fonts: Fonts) -> Figure:
    """Draw the prevalence of a band of grades by term and time.

    Parameters
    ----------
    results : Results
        Rows of kind ``gradecourse``.
    spec : GradeHeat
        Which band, and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        A map for each arm, its axes labelled ``heat-ARM``, all on the scale from 0 to 1; terms without an estimate
        have NE.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or the band was not made.
    """
    entry = analysis_of(results, spec.analysis, "gradecourse")
    check_made(results, spec.analysis, "level", (spec.level,), (PREVALENCE,))
    arms, windows, page = groups_of(results, spec.analysis), tuple(entry.labels["window"]), WIDTHS[spec.width]
    draft = Sheet(page, 50.0, fonts)
    variables = tuple(entry.labels["variable"])
    names = [draft.wrap(name_of(entry, "variable", code), LABEL_SHARE * page, size=SMALL_SIZE) for code in variables]
    left = max(draft.widest(names, size=SMALL_SIZE), COUNTS_ROOM) + LABEL_GAP
    width = (page - left - RIGHT - GAP * (len(arms) - 1)) / len(arms)
    below = lay_out_below(draft, results, spec.analysis, width)
    above = EDGE if arms == (EVERYONE,) else ARM_ROOM
    sheet = Sheet(page, above + ROW_HEIGHT * len(variables) + below.room, fonts)
    for i, arm in enumerate(arms):
        start = left + i * (width + GAP)
        axes = sheet.axes(start, below.room, start + width, sheet.height - above)
        axes.set_label(f"heat-{arm}")
        _draw_map(sheet, axes, _shares(results, spec, arm, variables, windows), results)
        _name_terms(sheet, axes, names if i == 0 else [""] * len(names))
        write_below(sheet, results, spec.analysis, arm, below, left=start, width=width, margin=0.5)
        if arm != EVERYONE:
            sheet.write(start, sheet.height - 1.0, arm_name(results, arm), weight="semibold",
                        color=look_of(results, arm).color, ha="left", va="top")  # fmt: skip
    name_counts(sheet, below, right=left - 1.0)
    return sheet.figure


def _name_terms(sheet: Sheet, axes: Axes, names: Sequence[str]) -> None:
    sheet.ticks(axes, "x", [], [])
    sheet.ticks(axes, "y", [place + 0.5 for place in range(len(names))], names)
    for tick in axes.get_yticklabels():
        tick.set(rotation=0, va="center")
    axes.tick_params(length=0, pad=3)


def _shares(
    results: Results, spec: GradeHeat, arm: str, variables: Sequence[str], windows: Sequence[str]
) -> np.ndarray:
    at = {"analysis": spec.analysis, "arm": arm, "level": spec.level, "measure": PREVALENCE, "stat": "estimate"}
    return np.array([
        [row_at(results, **at, variable=variable, window=window).value for window in windows] for variable in variables
    ])  # fmt: skip


def _draw_map(sheet: Sheet, axes: Axes, shares: np.ndarray, results: Results) -> None:
    """The map by seaborn, and in each cell its number, set as every text of a figure is."""
    sns.heatmap(
        shares, ax=axes, cmap=RAMP, vmin=0.0, vmax=1.0, cbar=False, linewidths=0.4, linecolor=RULE,
        xticklabels=False, yticklabels=False, rasterized=False,
    )  # fmt: skip
    for (row, column), share in np.ndenumerate(shares):
        dark = not math.isnan(share) and share >= DARK_FROM
        words = printed(results, float(share), "percent0")
        sheet.write_on(axes, column + 0.5, row + 0.5, words, color="white" if dark else INK, size=SMALL_SIZE,
                       ha="center", va="center_baseline")  # fmt: skip
    for spine in axes.spines.values():
        spine.set_visible(False)
