"""Recovery after the lowest value: a small panel for each limit, shares by visit with their confidence limits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.nadir.displays import RecoveryFigure
from npcstats.analyses.nadir.rows import RECOVERY
from npcstats.analyses.nadir.words import limit_style
from npcstats.display.fonts import LINE_HEIGHT, SMALL_SIZE, Fonts
from npcstats.display.key import arrange_key, write_key
from npcstats.display.looks import SOFT, Look, look_of
from npcstats.display.lookup import analysis_of, groups_of, intervals, name_of, ordered, percents, printed
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.formatting import format_unit
from npcstats.results import Results, Row, select

COLUMNS = {"full": 3, "column": 1}
LEFT, RIGHT, GAP = 10.0, 3.0, 12.0
PANEL_HEIGHT, TITLE_ROOM, BELOW = 34.0, 9.0, 9.0
KEY_ROOM, KEY_TOP, KEY_INDENT, KEY_GAP = 6.0, 3.0, 8.5, 14.0
DODGE = 0.09
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
NOTHING = "No limit of recovery is asked for."
NOBODY = "Nobody is asked."


def recovery_figure(results: Results, spec: RecoveryFigure, *, fonts: Fonts) -> Figure:
    """Draw who has recovered, by visit.

    Parameters
    ----------
    results : Results
        Rows of kind ``nadir``.
    spec : RecoveryFigure
        Which analysis.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Shares as lines with gid ``recovered-LIMIT-ARM``, limits as ``limits-LIMIT-ARM``; a panel without anybody says
        so.
    """
    entry, arms = analysis_of(results, spec.analysis, "nadir"), groups_of(results, spec.analysis)
    limits = select(results, analysis=spec.analysis, block=RECOVERY, arm=arms[0], measure="recovery_limit")
    width = WIDTHS[spec.width]
    if not limits:
        return empty_figure(width, fonts, NOTHING)
    columns = min(COLUMNS[spec.width], len(limits))
    lines = math.ceil(len(limits) / columns)
    draft = Sheet(width, 50.0, fonts)
    key = arrange_key(draft, results, arms, left=LEFT, room=width - LEFT - RIGHT, free=KEY_GAP, gap=KEY_GAP)
    head = KEY_ROOM + LINE_HEIGHT * key.last if len(arms) > 1 else 1.0
    own = (width - LEFT - RIGHT - GAP * (columns - 1)) / columns
    step = TITLE_ROOM + PANEL_HEIGHT + BELOW
    sheet = Sheet(width, head + lines * step, fonts)
    windows = ordered(entry.labels["window"], [row.window for row in select(
        results, analysis=spec.analysis, block=RECOVERY, measure="at_or_above")])  # fmt: skip
    for i, row in enumerate(limits):
        line, column = divmod(i, columns)
        left, top = LEFT + column * (own + GAP), sheet.height - head - line * step - TITLE_ROOM
        axes = sheet.axes(left, top - PANEL_HEIGHT, left + own, top)
        _draw_panel(sheet, axes, results, spec.analysis, row.level, arms, windows)
        title = sheet.wrap(_title(results, spec.analysis, row), own + 6.0, weight="semibold")
        sheet.write(left - 6.0, top + 2.0, title, weight="semibold", ha="left", va="bottom")
    if len(arms) > 1:
        axes = sheet.figure.add_axes((0, 0, 1, 1), frameon=False, xlim=(0, width), ylim=(0, sheet.height), label="key")
        axes.set_axis_off()
        for x, y, look in write_key(sheet, key, top=KEY_TOP, indent=KEY_INDENT, step=LINE_HEIGHT):
            _plot(axes, [x, x + 3.5, x + 7.0], [y, y, y], look, "", markevery=[1])
    return sheet.figure


def _title(results: Results, analysis: str, row: Row) -> str:
    entry = analysis_of(results, analysis)
    if entry.chosen(f"of_baseline.{row.level}", bool):
        words = f"≥ {printed(results, row.value, 'percent0')}% of own baseline"
    else:
        style = limit_style(row.value, entry.chosen("style", str))
        words = f"≥ {printed(results, row.value, style)} {format_unit(row.unit)}"
    why = entry.labels["level"].get(row.level, "")
    return f"{words}, {why}" if why else words


def _draw_panel(
    sheet: Sheet,
    axes: Axes,
    results: Results,
    analysis: str,
    level: str,
    arms: Sequence[str],
    windows: Sequence[str],
) -> None:
    at = {"analysis": analysis, "block": RECOVERY, "level": level, "measure": "at_or_above"}
    rows = intervals(results, "arm", "window", **at)
    axes.set_xlim(-0.4, len(windows) - 0.6)
    axes.set_ylim(0.0, 1.0)
    sheet.ticks(axes, "y", SHARES, percents(results, SHARES))
    entry = analysis_of(results, analysis)
    sheet.ticks(axes, "x", range(len(windows)), [name_of(entry, "window", code) for code in windows])
    sheet.name(axes, "y", "At the limit or above, %")
    drawn = False
    for i, arm in enumerate(arms):
        look, shift = look_of(results, arm), (i - (len(arms) - 1) / 2) * 2 * DODGE
        known = [(j + shift, rows[arm, code]) for j, code in enumerate(windows)
                 if math.isfinite(rows[arm, code]["estimate"].value)]  # fmt: skip
        if not known:
            continue
        drawn, places = True, [place for place, _ in known]
        low, middle, high = ([of[stat].value for _, of in known] for stat in ("ci_low", "estimate", "ci_high"))
        axes.vlines(places, low, high, color=look.color, linewidth=0.8, gid=f"limits-{level}-{arm}", zorder=2)
        _plot(axes, places, middle, look, f"recovered-{level}-{arm}")
    if not drawn:
        sheet.write_on(axes, 0.5, 0.5, NOBODY, color=SOFT, size=SMALL_SIZE, ha="center", va="center",
                       transform=axes.transAxes, gid=f"empty-{level}")  # fmt: skip


def _plot(
    axes: Axes, x: Sequence[float], y: Sequence[float], look: Look, gid: str, markevery: list[int] | None = None
) -> None:
    axes.plot(x, y, color=look.color, linewidth=0.9, linestyle=look.dash, marker=look.marker, markersize=3.4,
              markerfacecolor=look.face, markeredgewidth=0.8, clip_on=False, zorder=3, gid=gid or None,
              markevery=markevery)  # fmt: skip
