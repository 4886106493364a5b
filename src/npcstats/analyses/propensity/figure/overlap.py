"""Distributions of the score, one arm upwards and the other downwards: participants as outlines, weights filled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from npcstats.analyses.propensity.displays import OverlapPlot
from npcstats.analyses.propensity.words import pair_of, verdict_of
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import INK, SOFT, look_of
from npcstats.display.lookup import analysis_of, arm_name, name_of, percents, printed
from npcstats.display.scales import nice_steps
from npcstats.display.sheet import THIN, Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, select

COLUMNS = {"full": 2, "column": 1}
PANEL = {"full": 50.0, "column": 46.0}
LEFT, RIGHT, GAP = 12.0, 4.5, 13.0
KEY_ROOM, TITLE_ROOM, BELOW = 6.0, 2.4, 9.5
SWATCH, SWATCH_GAP = 5.0, 8.0
FILLED = {True: 0.75, False: 0.35}
"""How dark the weights of the first arm and of the reference are."""
HEADROOM = 1.22
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
AXIS = "Propensity score: probability of "
SHARE = "Share of the arm, %"
NOTHING = "No two arms were compared, so there is no score to draw."


@dataclass(frozen=True)
class _Panel:
    """An adjustment: its words, its shares by arm as observed and weighted, and where there are none the reason."""

    block: str
    title: str
    verdict: str
    shares: dict[str, tuple[list[float], list[float]]]
    note: str

    @property
    def lines(self) -> int:
        """Lines of words above the panel."""
        return self.title.count("\n") + 1 + (self.verdict.count("\n") + 1 if self.verdict else 0)


def overlap_figure(results: Results, spec: OverlapPlot, *, fonts: Fonts) -> Figure:
    """Draw the scores of two arms against each other.

    Parameters
    ----------
    results : Results
        Rows of kind ``propensity``.
    spec : OverlapPlot
        Which analysis and adjustments.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Shares of participants with gid ``raw-BLOCK-ARM``, of their weight ``weighted-BLOCK-ARM``; what is wrong with an
        adjustment as ``verdict-BLOCK``. A panel without scores says why, as ``empty-BLOCK``.
    """
    analysis_of(results, spec.analysis, "propensity")
    pair = pair_of(results, spec.analysis)
    if pair is None:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    columns = min(COLUMNS[spec.width], len(spec.blocks))
    width = (WIDTHS[spec.width] - LEFT - RIGHT - GAP * (columns - 1)) / columns
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    panels = [_panel(draft, results, spec.analysis, block, pair, width) for block in spec.blocks]
    top = max((max(part) for panel in panels for shares in panel.shares.values() for part in shares), default=0.1)
    lines = math.ceil(len(panels) / columns)
    above = [
        TITLE_ROOM + LINE_HEIGHT * max(panel.lines for panel in panels[i * columns : (i + 1) * columns])
        for i in range(lines)
    ]
    height = KEY_ROOM + sum(above) + lines * (PANEL[spec.width] + BELOW)
    sheet = Sheet(WIDTHS[spec.width], height, fonts)
    _draw_key(sheet)
    for i, panel in enumerate(panels):
        line, column = divmod(i, columns)
        left = LEFT + column * (width + GAP)
        upper = height - KEY_ROOM - sum(above[: line + 1]) - line * (PANEL[spec.width] + BELOW)
        axes = sheet.axes(left, upper - PANEL[spec.width], left + width, upper)
        _draw_panel(sheet, axes, results, panel, pair, top)
        _head(sheet, panel, left, upper)
    return sheet.figure


def _panel(draft: Sheet, results: Results, analysis: str, block: str, pair: tuple[str, str], width: float) -> _Panel:
    shares, note = {}, ""
    for arm in pair:
        raw, weighted = (
            select(results, analysis=analysis, block=block, arm=arm, measure=measure, stat="estimate")
            for measure in ("score_share", "weighted_score_share")
        )
        note = next((row.note for row in (*raw, *weighted) if math.isnan(row.value)), note)
        shares[arm] = [row.value for row in raw], [row.value for row in weighted]
    title = draft.wrap(name_of(analysis_of(results, analysis), "block", block), width, weight="semibold")
    verdict = verdict_of(results, analysis, block)
    wrapped = draft.wrap(verdict, width, size=SMALL_SIZE) if verdict and not note else ""
    return _Panel(block, title, wrapped, {} if note else shares, note)


def _head(sheet: Sheet, panel: _Panel, left: float, upper: float) -> None:
    """The words above a panel: the adjustment, and what is wrong with it."""
    y = upper + 1.4
    if panel.verdict:
        sheet.write(left, y, panel.verdict, size=SMALL_SIZE, ha="left", va="bottom", linespacing=LINE_SPACING,
                    gid=f"verdict-{panel.block}")  # fmt: skip
        y += LINE_HEIGHT * (panel.verdict.count("\n") + 1)
    sheet.write(left, y, panel.title, weight="semibold", ha="left", va="bottom", linespacing=LINE_SPACING)


def _draw_panel(sheet: Sheet, axes: Axes, results: Results, panel: _Panel, pair: tuple[str, str], top: float) -> None:
    axes.set_xlim(0.0, 1.0)
    steps = [step for step in nice_steps(0.0, top, 4) if step]
    reach = max(top * HEADROOM, steps[-1])
    axes.set_ylim(-reach, reach)
    sheet.ticks(axes, "x", TICKS, [printed(results, tick, "decimal2") for tick in TICKS])
    sheet.name(axes, "x", f"{AXIS}{arm_name(results, pair[0])}")
    if panel.note:
        sheet.ticks(axes, "y", [], [])
        sheet.write_on(axes, 0.5, 0.0, sheet.wrap(panel.note, 60.0, size=SMALL_SIZE), size=SMALL_SIZE, color=SOFT,
                       ha="center", va="center", gid=f"empty-{panel.block}")  # fmt: skip
        return
    words = percents(results, steps)
    sheet.ticks(axes, "y", [*(-step for step in reversed(steps)), 0.0, *steps],
                [*reversed(words), percents(results, [0.0])[0], *words])  # fmt: skip
    sheet.name(axes, "y", SHARE)
    for arm, sign in zip(pair, (1.0, -1.0), strict=True):
        _draw_arm(sheet, axes, results, panel, arm, sign)
    axes.axhline(0.0, color=INK, linewidth=THIN, zorder=4)


def _draw_arm(sheet: Sheet, axes: Axes, results: Results, panel: _Panel, arm: str, sign: float) -> None:
    raw, weighted = panel.shares[arm]
    edges = [place / len(raw) for place in range(len(raw) + 1)]
    look, first = look_of(results, arm), sign > 0
    axes.stairs([sign * value for value in weighted], edges, fill=True, color=look.color, alpha=FILLED[first],
                linewidth=0, zorder=2, gid=f"weighted-{panel.block}-{arm}")  # fmt: skip
    axes.stairs([sign * value for value in raw], edges, baseline=0.0, color=INK, linewidth=0.9, zorder=3,
                gid=f"raw-{panel.block}-{arm}")  # fmt: skip
    place = {"x": 0.015 if first else 0.985, "y": 0.985 if first else 0.015}
    sheet.write_on(axes, place["x"], place["y"], arm_name(results, arm), weight="semibold", color=look.color,
                   transform=axes.transAxes, ha="left" if first else "right", va="top" if first else "bottom",
                   gid=f"name-{panel.block}-{arm}")  # fmt: skip


def _draw_key(sheet: Sheet) -> None:
    """Say above the panels what an outline is, and what a filled area."""
    axes = sheet.figure.add_axes(
        (0, 0, 1, 1), frameon=False, xlim=(0, sheet.width), ylim=(0, sheet.height), label="key"
    )
    axes.set_axis_off()
    x, y = LEFT, sheet.height - 4.2
    looks: Sequence[tuple[str, dict[str, Any]]] = (
        ("As observed", {"fill": False, "edgecolor": INK, "linewidth": 0.9}),
        ("Weighted", {"facecolor": SOFT, "edgecolor": "none", "alpha": 0.6}),
    )
    for words, look in looks:
        axes.add_patch(Rectangle((x, y), SWATCH, 2.4, **look))
        sheet.write(x + SWATCH + 1.6, y + 1.2, words, ha="left", va="center_baseline")
        x += SWATCH + 1.6 + sheet.extent(words) + SWATCH_GAP
