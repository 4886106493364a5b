"""Markers over visits by what happened later: a small panel each, two lines, and below them who has a value."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.association.displays import CoursesByOutcome
from npcstats.analyses.association.rows import DRAWN, EVENT, FREE, LOCATIONS, OUTCOME
from npcstats.display.fonts import LINE_HEIGHT, SMALL_SIZE, Fonts
from npcstats.display.looks import INK, SOFT, Look
from npcstats.display.lookup import analysis_of, intervals, name_of, printed, row_at
from npcstats.display.scales import decimals_of, log_steps, nice_steps, ticks_inside
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.formatting import format_unit
from npcstats.results import Results, Row, select

LOOKS = {EVENT: Look(INK, "s", True, "-"), FREE: Look(SOFT, "D", False, (0.0, (3.2, 1.4)))}
NOTHING = "No marker has a value by the cut-off."
NO_VALUE = "No value at any visit."
COLUMNS = {"full": 3, "column": 1}
PANEL_HEIGHT, TITLE_ROOM, KEY_ROOM = 30.0, 6.0, 6.0
LEFT, RIGHT, GAP, LINE_GAP = 12.0, 2.0, 13.0, 3.0
NUMBER_GAP, TURNED_ROOM = 1.5, 18.0
KEY_LINE, KEY_GAP = 7.0, 6.0
DODGE = 0.08
LEAST_SHARE = 0.05


def courses_by_outcome(results: Results, spec: CoursesByOutcome, *, fonts: Fonts) -> Figure:
    """Draw each marker's course of those with the event and of those followed without it.

    Parameters
    ----------
    results : Results
        Rows of kind ``association``.
    spec : CoursesByOutcome
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Per marker, means as lines with gid ``course-MARKER-GROUP``, limits as ``limits-MARKER-GROUP``, and who has a
        value as ``n-MARKER-GROUP-VISIT``.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    entry = analysis_of(results, spec.analysis, "association")
    windows = list(entry.labels["window"])
    rows = select(results, analysis=spec.analysis, block=OUTCOME, measure=set(LOCATIONS.values()), stat="estimate")
    variables = list(dict.fromkeys(row.variable for row in rows))
    page = WIDTHS[spec.width]
    if not windows or not any(math.isfinite(row.value) for row in rows):
        return empty_figure(page, fonts, NOTHING)
    columns = min(COLUMNS[spec.width], len(variables))
    lines = math.ceil(len(variables) / columns)
    width = (page - LEFT - RIGHT - GAP * (columns - 1)) / columns
    draft = Sheet(page, 50.0, fonts)
    names = [draft.wrap(name_of(entry, "window", code), TURNED_ROOM, size=SMALL_SIZE) for code in windows]
    counts = LINE_HEIGHT * len(DRAWN) + NUMBER_GAP
    below = 3.0 + draft.widest(names, size=SMALL_SIZE)
    block = TITLE_ROOM + PANEL_HEIGHT + counts + LINE_GAP
    height = KEY_ROOM + lines * block - LINE_GAP + below
    sheet = Sheet(page, height, fonts)
    for i, variable in enumerate(variables):
        line, column = divmod(i, columns)
        left, top = LEFT + column * (width + GAP), height - KEY_ROOM - line * block - TITLE_ROOM
        axes = sheet.axes(left, top - PANEL_HEIGHT, left + width, top)
        _draw_panel(sheet, axes, results, spec.analysis, variable, windows)
        _write_counts(sheet, results, spec.analysis, variable, windows, (left, width, top - PANEL_HEIGHT))
        sheet.ticks(axes, "x", range(len(windows)), [""] * len(windows))
        if i + columns >= len(variables):
            _name_visits(sheet, names, (left, width, top - PANEL_HEIGHT - counts - 2.0))
        sheet.write(left - LEFT + 1.0, top + 1.8, _title(results, spec.analysis, variable), weight="semibold",
                    ha="left", va="bottom")  # fmt: skip
    _draw_key(sheet, results, spec.analysis)
    return sheet.figure


def _title(results: Results, analysis: str, variable: str) -> str:
    entry = analysis_of(results, analysis)
    unit, name = entry.units.get(variable, ""), name_of(entry, "marker", variable)
    if entry.chosen(f"scale.{variable}", str) == "detectable":
        return f"{name}, % detected"
    return f"{name}, {format_unit(unit)}" if unit else name


def _place(i: int, slots: int, left: float, width: float) -> float:
    """Where a visit stands on the page: half a slot is free at both ends."""
    return left + (i + 0.5) / slots * width


def _draw_panel(
    sheet: Sheet, axes: Axes, results: Results, analysis: str, variable: str, windows: Sequence[str]
) -> None:
    scale = analysis_of(results, analysis).chosen(f"scale.{variable}", str)
    found = intervals(results, "subgroup", "window", analysis=analysis, block=OUTCOME, variable=variable,
                      measure=LOCATIONS[scale])  # fmt: skip
    drawn: list[float] = []
    for shift, group in zip((-DODGE, DODGE), DRAWN, strict=True):
        points = [(i + shift, found[f"{OUTCOME}={group}", code]) for i, code in enumerate(windows)]
        drawn += _draw_course(axes, variable, group, points)
    axes.set_xlim(-0.5, len(windows) - 0.5)
    if not drawn:
        sheet.ticks(axes, "y", [], [])
        sheet.write_on(axes, 0.5, 0.5, NO_VALUE, color=SOFT, size=SMALL_SIZE, ha="center", va="center",
                       transform=axes.transAxes, gid=f"empty-{variable}")  # fmt: skip
        return
    low, high = min(drawn), max(drawn)
    if scale == "detectable":
        steps = [step for step in nice_steps(0.0, max(high, LEAST_SHARE), 4) if step <= 1.0]
        axes.set_ylim(0.0, max(high, steps[-1]))
        sheet.ticks(axes, "y", steps, [printed(results, step, "percent0") for step in steps])
        return
    if scale == "log":
        room = max((high / low) ** 0.06, 1.02)
        low, high = low / room, high * room
        axes.set_yscale("log")
        steps = log_steps(low, high)
    else:
        room = 0.06 * (high - low) or 0.5
        low, high = low - room, high + room
        steps = ticks_inside(low, high, 4)
    axes.set_ylim(low, high)
    sheet.ticks(axes, "y", steps, [printed(results, step, f"decimal{decimals_of(step)}") for step in steps])


def _draw_course(axes: Axes, variable: str, group: str, points: Sequence[tuple[float, dict[str, Row]]]) -> list[float]:
    look = LOOKS[group]
    estimate, low, high = ([rows[stat].value for _, rows in points] for stat in ("estimate", "ci_low", "ci_high"))
    limited = [i for i in range(len(points)) if math.isfinite(low[i] + high[i])]
    axes.vlines([points[i][0] for i in limited], [low[i] for i in limited], [high[i] for i in limited],
                color=look.color, linewidth=0.8, gid=f"limits-{variable}-{group}", zorder=2)  # fmt: skip
    axes.plot([x for x, _ in points], estimate, color=look.color, linewidth=0.9, linestyle=look.dash,
              marker=look.marker, markersize=3.0, markerfacecolor=look.face, markeredgewidth=0.8,
              gid=f"course-{variable}-{group}", zorder=3)  # fmt: skip
    values = [*estimate, *(low[i] for i in limited), *(high[i] for i in limited)]
    return [value for value in values if math.isfinite(value)]


def _write_counts(
    sheet: Sheet, results: Results, analysis: str, variable: str, windows: Sequence[str],
    place: tuple[float, float, float],
) -> None:  # fmt: skip
    left, width, bottom = place
    for line, group in enumerate(DRAWN):
        y = bottom - NUMBER_GAP - LINE_HEIGHT * (line + 0.5)
        for i, code in enumerate(windows):
            row = row_at(results, analysis=analysis, block=OUTCOME, variable=variable, window=code,
                         subgroup=f"{OUTCOME}={group}", measure="observed", stat="count")  # fmt: skip
            sheet.write(_place(i, len(windows), left, width), y, printed(results, row.value, "count"),
                        color=LOOKS[group].color, size=SMALL_SIZE, ha="center", va="center",
                        gid=f"n-{variable}-{group}-{code}")  # fmt: skip


def _name_visits(sheet: Sheet, names: Sequence[str], place: tuple[float, float, float]) -> None:
    left, width, top = place
    for i, name in enumerate(names):
        sheet.write(_place(i, len(names), left, width), top, name, size=SMALL_SIZE, rotation=90, ha="center", va="top",
                    linespacing=1.05)  # fmt: skip


def _draw_key(sheet: Sheet, results: Results, analysis: str) -> None:
    """Say above the panels which sign is which group."""
    axes = sheet.figure.add_axes(
        (0, 0, 1, 1), frameon=False, xlim=(0, sheet.width), ylim=(0, sheet.height), label="key"
    )
    axes.set_axis_off()
    x, y = LEFT, sheet.height - KEY_ROOM / 2
    entry = analysis_of(results, analysis)
    for group in DRAWN:
        look, words = LOOKS[group], name_of(entry, "subgroup", f"{OUTCOME}={group}")
        axes.plot([x, x + KEY_LINE / 2, x + KEY_LINE], [y, y, y], color=look.color, linewidth=0.9, linestyle=look.dash,
                  marker=look.marker, markevery=[1], markersize=3.4, markerfacecolor=look.face,
                  markeredgewidth=0.8)  # fmt: skip
        sheet.write(x + KEY_LINE + 1.5, y, words, color=look.color, ha="left", va="center_baseline")
        x += KEY_LINE + 1.5 + sheet.extent(words) + KEY_GAP
