"""States of a marker at visits as stacked bars, and beside them the share that has cleared over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from npcstats.analyses.clearance.displays import ClearanceFigure
from npcstats.analyses.clearance.rows import AT_VISITS, COURSE, STATES
from npcstats.display.fonts import LINE_HEIGHT, SMALL_SIZE, Fonts
from npcstats.display.key import Key, arrange_key, write_key
from npcstats.display.looks import INK, RULE, SOFT, TINT, look_of
from npcstats.display.lookup import analysis_of, groups_of, name_of, percents, printed
from npcstats.display.scales import decimals_of, ticks_inside
from npcstats.display.sheet import BAND_ALPHA, Sheet
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, Row, select

SHADES = dict(zip(STATES, (TINT, RULE, SOFT), strict=True))
"""Light to dark: the more was detected."""
LEFT, RIGHT, GAP = 10.0, 3.0, 11.0
PANEL_HEIGHT, TITLE_ROOM, AXIS_ROOM, TICK_ROOM = 38.0, 5.0, 9.0, 3.5
KEY_TOP, KEY_INDENT, KEY_GAP = 3.0, 5.0, 10.0
BAR, EDGE = 0.78, 0.4
CURVE_SHARE = 0.4
NO_SAMPLE = "No sample at any visit."
NO_CURVE = "No time is estimated."
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class _Page:
    """What every panel needs."""

    results: Results
    analysis: str
    variable: str
    arms: tuple[str, ...]
    visits: tuple[str, ...]


def clearance_figure(results: Results, spec: ClearanceFigure, *, fonts: Fonts) -> Figure:
    """Draw states at visits, a panel for each group, and the curves of clearance of all.

    Parameters
    ----------
    results : Results
        Rows of kind ``clearance``.
    spec : ClearanceFigure
        Which analysis.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Bars with gid ``state-STATE-ARM-VISIT``; steps ``least-ARM`` with the band ``between-ARM``, and the curve
        ``weibull-ARM``. A panel without anything says so.
    """
    page = _page(results, spec.analysis)
    width = WIDTHS[spec.width]
    draft = Sheet(width, 50.0, fonts)
    key = arrange_key(draft, results, page.arms, left=LEFT, room=width - LEFT - RIGHT, free=KEY_INDENT, gap=KEY_GAP)
    places = _places(width, len(page.arms), beside=spec.width == "full")
    turned = _turned(draft, page, min(right - left for left, right, _ in places[:-1]))
    below = max(AXIS_ROOM, TICK_ROOM + draft.widest(_names(page), size=SMALL_SIZE)) if turned else AXIS_ROOM
    lines = 1 + max(line for _, _, line in places)
    head = 2 * LINE_HEIGHT + 5.0 + (LINE_HEIGHT * key.last if len(page.arms) > 1 else -LINE_HEIGHT)
    step = TITLE_ROOM + PANEL_HEIGHT + below
    sheet = Sheet(width, head + lines * step, fonts)
    panels = []
    for left, right, line in places:
        top = sheet.height - head - line * step - TITLE_ROOM
        panels.append(sheet.axes(left, top - PANEL_HEIGHT, right, top))
    for axes, arm in zip(panels, page.arms, strict=False):
        _draw_states(sheet, axes, page, arm, turned=turned)
        _write_title(sheet, axes, _arm_title(page, arm), look_of(results, arm).color)
    _draw_curves(sheet, panels[-1], page)
    _write_title(sheet, panels[-1], "Cleared, of those timed", INK)
    _write_keys(sheet, page, key)
    return sheet.figure


def _page(results: Results, analysis: str) -> _Page:
    entry = analysis_of(results, analysis, "clearance")
    (variable,) = entry.labels["variable"]
    found = {row.window for row in select(results, analysis=analysis, block=AT_VISITS, measure="observed")}
    visits = tuple(code for code in entry.labels["window"] if code in found)
    return _Page(results, analysis, variable, groups_of(results, analysis), visits)


def _places(width: float, arms: int, *, beside: bool) -> list[tuple[float, float, int]]:
    """Left and right end of each panel in millimetres, and its line: those of the groups, then that of the curves."""
    if not beside:
        return [(LEFT, width - RIGHT, line) for line in range(arms + 1)]
    room = width - LEFT - RIGHT - GAP * arms
    own = room * (1 - CURVE_SHARE) / arms
    starts = [LEFT + i * (own + GAP) for i in range(arms)]
    return [*((start, start + own, 0) for start in starts), (width - RIGHT - room * CURVE_SHARE, width - RIGHT, 0)]


def _names(page: _Page) -> list[str]:
    entry = analysis_of(page.results, page.analysis)
    return [name_of(entry, "window", visit) for visit in page.visits]


def _turned(draft: Sheet, page: _Page, width: float) -> bool:
    """Whether the names of visits must be turned to fit below a panel."""
    return draft.widest(_names(page), size=SMALL_SIZE) > width / max(1, len(page.visits)) - 1.0


def _arm_title(page: _Page, arm: str) -> str:
    return name_of_arm(page.results, arm) if len(page.arms) > 1 else "All participants"


def name_of_arm(results: Results, arm: str) -> str:
    """What a panel of one group is headed by.

    Parameters
    ----------
    results : Results
        Its arms.
    arm : str
        Code.

    Returns
    -------
    str
        Words.
    """
    return results.catalogue.arms.get(arm, "All participants")


def _write_title(sheet: Sheet, axes: Axes, words: str, color: str) -> None:
    box = axes.get_position()
    sheet.write(box.x0 * sheet.width, box.y1 * sheet.height + 1.5, words, weight="semibold", color=color, ha="left",
                va="bottom")  # fmt: skip


def _draw_states(sheet: Sheet, axes: Axes, page: _Page, arm: str, *, turned: bool) -> None:
    axes.set_xlim(-0.6, max(len(page.visits), 1) - 0.4)
    axes.set_ylim(0.0, 1.0)
    sheet.ticks(axes, "y", SHARES, percents(page.results, SHARES))
    sheet.ticks(axes, "x", range(len(page.visits)), _names(page))
    for tick in axes.get_xticklabels():
        tick.set(rotation=90 if turned else 0, ha="center", va="top")
    sheet.name(axes, "y", "Participants with a sample, %")
    at = {"analysis": page.analysis, "block": AT_VISITS, "arm": arm, "measure": "proportion", "stat": "estimate"}
    known = {(row.window, row.level): row.value for row in select(page.results, **at)}
    drawn = False
    for place, visit in enumerate(page.visits):
        foot = 0.0
        for state in STATES:
            share = known[visit, state]
            if math.isfinite(share):
                bar = Rectangle((place - BAR / 2, foot), BAR, share, facecolor=SHADES[state], edgecolor=INK,
                                linewidth=EDGE, gid=f"state-{state}-{arm}-{visit}")  # fmt: skip
                axes.add_patch(bar)
                foot, drawn = foot + share, True
    if not drawn:
        _write_empty(sheet, axes, NO_SAMPLE, f"empty-{arm}")


def _write_empty(sheet: Sheet, axes: Axes, words: str, gid: str) -> None:
    sheet.write_on(axes, 0.5, 0.5, words, color=SOFT, size=SMALL_SIZE, ha="center", va="center",
                   transform=axes.transAxes, gid=gid)  # fmt: skip


def _draw_curves(sheet: Sheet, axes: Axes, page: _Page) -> None:
    last = analysis_of(page.results, page.analysis).chosen("last", float)
    axes.set_xlim(0.0, last)
    axes.set_ylim(0.0, 1.0)
    sheet.ticks(axes, "y", SHARES, percents(page.results, SHARES))
    steps = ticks_inside(0.0, last, 7)
    sheet.ticks(axes, "x", steps, [printed(page.results, step, f"decimal{decimals_of(step)}") for step in steps])
    sheet.name(axes, "x", "Weeks")
    sheet.name(axes, "y", "Cleared, %")
    drawn = [_draw_curve(axes, page, arm) for arm in page.arms]
    if not any(drawn):
        _write_empty(sheet, axes, NO_CURVE, "empty-curves")


def _draw_curve(axes: Axes, page: _Page, arm: str) -> bool:
    look = look_of(page.results, arm)
    at = {"analysis": page.analysis, "block": COURSE, "arm": arm}
    least, most, model = (
        _course(select(page.results, **at, measure=name))
        for name in ("clearance_least", "clearance_most", "weibull_clearance")
    )
    if least[0]:
        axes.fill_between(*least, most[1], step="post", color=look.color, alpha=2 * BAND_ALPHA, linewidth=0,
                          gid=f"between-{arm}")  # fmt: skip
        axes.step(*least, where="post", color=look.color, linewidth=1.2, linestyle=look.dash, gid=f"least-{arm}")
    if model[0]:
        axes.plot(*model, color=look.color, linewidth=0.6, linestyle=look.dash, gid=f"weibull-{arm}")
    return bool(least[0] or model[0])


def _course(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    return [row.time for row in rows], [row.value for row in rows]


def _write_keys(sheet: Sheet, page: _Page, key: Key) -> None:
    """Say above the panels which shade is which state, and which line is which group."""
    entry = analysis_of(page.results, page.analysis)
    x, y = LEFT, sheet.height - KEY_TOP
    for state in STATES:
        name = name_of(entry, "level", state)
        sheet.figure.add_artist(
            Rectangle((x / sheet.width, (y - 1.1) / sheet.height), 3.2 / sheet.width, 2.2 / sheet.height,
                      facecolor=SHADES[state], edgecolor=INK, linewidth=EDGE)
        )  # fmt: skip
        sheet.write(x + KEY_INDENT, y, name, size=SMALL_SIZE, ha="left", va="center_baseline")
        x += KEY_INDENT + sheet.extent(name, size=SMALL_SIZE) + 6.0
        if x > sheet.width - 25.0:
            x, y = LEFT, y - LINE_HEIGHT
    if len(page.arms) == 1:
        return
    for left, middle, look in write_key(sheet, key, top=KEY_TOP + LINE_HEIGHT, indent=KEY_INDENT + 4, step=LINE_HEIGHT):
        ends = [left / sheet.width, (left + 7.0) / sheet.width]
        sheet.figure.add_artist(
            Line2D(ends, [middle / sheet.height] * 2, color=look.color, linewidth=1.2, linestyle=look.dash)
        )
