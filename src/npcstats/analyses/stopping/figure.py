"""Figures of stopping rules: events in order of exposure against the limits, and characteristics by the true rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.stopping.displays import StoppingCurves, StoppingPath
from npcstats.analyses.stopping.rows import CURVE, LOOKS, SIMULATED
from npcstats.display.fonts import LINE_HEIGHT, SMALL_SIZE, Fonts
from npcstats.display.key import arrange_key, write_key
from npcstats.display.looks import INK, RULE, SOFT, Look, look_of
from npcstats.display.lookup import analysis_of, groups_of, name_of, percents, printed
from npcstats.display.scales import nice_steps
from npcstats.display.sheet import LINE, THIN, Sheet
from npcstats.display.specs import WIDTHS
from npcstats.results import EVERYONE, Results, Row, select

COLUMNS = {"full": 2, "column": 1}
LEFT, RIGHT, GAP = 11.0, 4.0, 15.0
PANEL, TITLE_ROOM, BELOW = 42.0, 7.0, 10.0
CURVE_PANEL, BETWEEN = 32.0, 5.0
KEY_ROOM, KEY_TOP, KEY_INDENT, KEY_GAP = 6.0, 3.0, 8.5, 14.0
AHEAD = 1.25
"""How much further than the participants the limits are drawn."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
NOBODY = "Nobody is through the period."
MET_FROM = "Rule met from here"


@dataclass(frozen=True)
class _Panels:
    """Where each rule's panel stands, in millimetres from the lower left corner."""

    columns: int
    own: float
    step: float
    head: float
    height: float

    def place(self, i: int) -> tuple[float, float]:
        """Left edge and top of the panel of a rule."""
        line, column = divmod(i, self.columns)
        return LEFT + column * (self.own + GAP), self.height - self.head - line * self.step - TITLE_ROOM


def _panels(rules: int, width: str, head: float, step: float) -> _Panels:
    columns = min(COLUMNS[width], rules)
    own = (WIDTHS[width] - LEFT - RIGHT - GAP * (columns - 1)) / columns
    return _Panels(columns, own, step, head, head + math.ceil(rules / columns) * step)


def path_figure(results: Results, spec: StoppingPath, *, fonts: Fonts) -> Figure:
    """Draw events in order of exposure against the limits of each rule.

    Parameters
    ----------
    results : Results
        Rows of kind ``stopping``.
    spec : StoppingPath
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Limits as lines with gid ``limit-RULE``, events as steps with gid ``path-RULE-ARM``.
    """
    entry, arms = analysis_of(results, spec.analysis, "stopping"), groups_of(results, spec.analysis)
    rules, width = tuple(entry.labels["variable"]), WIDTHS[spec.width]
    draft = Sheet(width, 50.0, fonts)
    several = len(arms) > 1
    key = arrange_key(draft, results, arms, left=LEFT, room=width - LEFT - RIGHT, free=KEY_GAP, gap=KEY_GAP) if (
        several) else None  # fmt: skip
    head = KEY_ROOM + LINE_HEIGHT * key.last if key else 1.0
    panels = _panels(len(rules), spec.width, head, TITLE_ROOM + PANEL + BELOW)
    sheet = Sheet(width, panels.height, fonts)
    for i, rule in enumerate(rules):
        left, top = panels.place(i)
        axes = sheet.axes(left, top - PANEL, left + panels.own, top)
        _draw_path(sheet, axes, results, spec.analysis, rule, arms)
        _title(sheet, name_of(entry, "variable", rule), left, top, panels.own)
    if key:
        axes = sheet.figure.add_axes((0, 0, 1, 1), frameon=False, xlim=(0, width), ylim=(0, sheet.height), label="key")
        axes.set_axis_off()
        for x, y, look in write_key(sheet, key, top=KEY_TOP, indent=KEY_INDENT, step=LINE_HEIGHT):
            _step(axes, [x, x + 7.0], [y, y], look, "", mark_every=[0])
    return sheet.figure


def _title(sheet: Sheet, words: str, left: float, top: float, room: float) -> None:
    sheet.write(left - 8.0, top + 2.0, sheet.wrap(words, room + 8.0, weight="semibold"), weight="semibold", ha="left",
                va="bottom")  # fmt: skip


def _draw_path(sheet: Sheet, axes: Axes, results: Results, analysis: str, rule: str, arms: Sequence[str]) -> None:
    at = {"analysis": analysis, "variable": rule, "block": LOOKS, "stat": "count"}
    courses = {arm: _in_time(select(results, **at, arm=arm, measure="ordered_events")) for arm in arms}
    limits = [row for row in _in_time(select(results, **at, arm=EVERYONE, measure="stopping_limit"))
              if math.isfinite(row.value)]  # fmt: skip
    reach = max((row.time for course in courses.values() for row in course), default=0.0)
    shown = [row for row in limits if row.time <= AHEAD * reach] or limits[:3]
    most = max((row.value for row in (*shown, *(r for course in courses.values() for r in course))), default=1.0)
    people = nice_steps(0.0, max(10.0, reach, *(row.time for row in shown)), 6)
    events = nice_steps(0.0, max(4.0, most), 5)
    axes.set_xlim(0.0, people[-1])
    axes.set_ylim(0.0, events[-1])
    sheet.ticks(axes, "x", people, [printed(results, value, "count") for value in people])
    sheet.ticks(axes, "y", events, [printed(results, value, "count") for value in events])
    sheet.name(axes, "x", "Participants in order of exposure")
    sheet.name(axes, "y", "With the event")
    if shown:
        axes.plot([row.time for row in shown], [row.value for row in shown], color=INK, linewidth=0.8, marker="_",
                  markersize=4.5, markeredgewidth=1.0, zorder=2, gid=f"limit-{rule}")  # fmt: skip
        middle = shown[len(shown) // 2]
        sheet.write_on(axes, middle.time, middle.value, f"{MET_FROM}  ", size=SMALL_SIZE, color=INK, ha="right",
                       va="bottom")  # fmt: skip
    for arm, course in courses.items():
        if course:
            x, y = [0.0, *(row.time for row in course)], [0.0, *(row.value for row in course)]
            _step(axes, x, y, look_of(results, arm), f"path-{rule}-{arm}", mark_every=[len(x) - 1])
    if not any(courses.values()):
        sheet.write_on(axes, 0.5, 0.5, NOBODY, color=SOFT, size=SMALL_SIZE, ha="center", va="center",
                       transform=axes.transAxes, gid=f"empty-{rule}")  # fmt: skip


def _in_time(rows: Sequence[Row]) -> list[Row]:
    return sorted((row for row in rows if not math.isnan(row.time)), key=lambda row: row.time)


def _step(axes: Axes, x: Sequence[float], y: Sequence[float], look: Look, gid: str, *, mark_every: list[int]) -> None:
    axes.plot(x, y, color=look.color, linewidth=LINE, linestyle=look.dash, marker=look.marker, markersize=3.8,
              markerfacecolor=look.face, markeredgewidth=0.8, drawstyle="steps-post", clip_on=False, zorder=3,
              gid=gid or None, markevery=mark_every)  # fmt: skip


def curves_figure(results: Results, spec: StoppingCurves, *, fonts: Fonts) -> Figure:
    """Draw the probability of stopping and the expected size of each rule by the true rate.

    Parameters
    ----------
    results : Results
        Rows of kind ``stopping``.
    spec : StoppingCurves
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Lines with gid ``stop_probability-RULE`` and ``expected_size-RULE``, simulated shares and sizes as rings with
        gid ``simulated-stop_probability-RULE`` and ``simulated-expected_size-RULE``.
    """
    entry = analysis_of(results, spec.analysis, "stopping")
    rules = tuple(entry.labels["variable"])
    panels = _panels(len(rules), spec.width, 1.0, TITLE_ROOM + 2 * CURVE_PANEL + BETWEEN + BELOW)
    sheet = Sheet(WIDTHS[spec.width], panels.height, fonts)
    for i, rule in enumerate(rules):
        left, top = panels.place(i)
        middle = top - CURVE_PANEL
        upper = sheet.axes(left, middle, left + panels.own, top)
        lower = sheet.axes(left, middle - BETWEEN - CURVE_PANEL, left + panels.own, middle - BETWEEN)
        _draw_curve(sheet, upper, results, spec.analysis, rule, "stop_probability")
        _draw_curve(sheet, lower, results, spec.analysis, rule, "expected_size")
        sheet.name(lower, "x", "True rate, %")
        _title(sheet, name_of(entry, "variable", rule), left, top, panels.own)
    return sheet.figure


def _draw_curve(sheet: Sheet, axes: Axes, results: Results, analysis: str, rule: str, measure: str) -> None:
    at = {"analysis": analysis, "variable": rule}
    curve = _by_rate(results, at, CURVE, measure)
    (acceptable,) = select(results, **at, measure="acceptable_rate")
    rates = nice_steps(0.0, max(rate for rate, _ in curve), 6)
    axes.set_xlim(0.0, rates[-1])
    sheet.ticks(axes, "x", rates, percents(results, rates) if measure == "expected_size" else ["" for _ in rates])
    if measure == "stop_probability":
        axes.set_ylim(0.0, 1.0)
        sheet.ticks(axes, "y", SHARES, percents(results, SHARES))
        sheet.name(axes, "y", "Rule ever met, %")
    else:
        sizes = nice_steps(0.0, max(value for _, value in curve), 5)
        axes.set_ylim(0.0, sizes[-1])
        sheet.ticks(axes, "y", sizes, [printed(results, size, "count") for size in sizes])
        sheet.name(axes, "y", "Mean size")
    axes.axvline(acceptable.value, color=RULE, linewidth=THIN, zorder=1, gid=f"acceptable-{measure}-{rule}")
    if measure == "stop_probability":
        sheet.write_on(axes, acceptable.value, 1.0, "Acceptable ", size=SMALL_SIZE, color=SOFT, ha="right", va="top")
    axes.plot(*zip(*curve, strict=True), color=INK, linewidth=LINE, zorder=2, gid=f"{measure}-{rule}")
    rings = _by_rate(results, at, SIMULATED, measure)
    if rings:
        axes.plot(*zip(*rings, strict=True), color=INK, linestyle="none", marker="o", markersize=3.2,
                  markerfacecolor="white", markeredgewidth=0.7, clip_on=False, zorder=3,
                  gid=f"simulated-{measure}-{rule}")  # fmt: skip


def _by_rate(results: Results, at: dict[str, str], block: str, measure: str) -> list[tuple[float, float]]:
    """True rates and what a rule does under them, in order."""
    rates = {
        row.level: row.value
        for row in select(results, **at, measure="true_rate")
        if (row.block == CURVE) == (block == CURVE)
    }
    rows = select(results, **at, block=block, measure=measure, stat="estimate")
    return sorted((rates[row.level], row.value) for row in rows if math.isnan(row.time))
