"""Cumulative incidence where events compete: as curves, or stacked until every participant is accounted for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from npcstats.analyses.incidence.displays import CumulativeIncidence, StackedIncidence
from npcstats.analyses.timetoevent.figure.beside import FAR, Label, write_beside
from npcstats.analyses.timetoevent.figure.clock import AT_RISK, ROW_HEIGHT, Clock, clock_of, draw_ticks, write_at_risk
from npcstats.analyses.timetoevent.figure.curves import NOTHING, Steps, draw_censorings, draw_curve, steps_of
from npcstats.analyses.timetoevent.figure.page import (
    AXIS_ROOM,
    EDGE,
    FINE,
    FOOT,
    incidence_scale,
    name_curves,
    open_page,
    width_signs,
)
from npcstats.analyses.timetoevent.rows import COMPETING, EVENT
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import SOFT, TINT, Group, curve_groups
from npcstats.display.lookup import analysis_of, name_of, percents, printed, time_name
from npcstats.display.sheet import THIN, Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import EVERYONE, Analysis, Results

MEASURE = "incidence_curve"
PALE = 0.42
NEITHER = "neither"
PERCENTS = (0.0, 0.25, 0.5, 0.75, 1.0)
COLUMNS = {"full": 2, "column": 1}
PANEL_HEIGHT = {"full": 46.0, "column": 38.0}
TITLE_ROOM = 6.0
LEFT, GAP = 15.5, 3.0
WORD_ROOM = {"full": 24.0, "column": 22.0}


def incidence_figure(results: Results, spec: CumulativeIncidence, *, fonts: Fonts) -> Figure:
    """Draw the cumulative incidence of the event by group, from zero to a round share above its largest limit.

    Parameters
    ----------
    results : Results
        Rows of kind ``incidence``.
    spec : CumulativeIncidence
        Which analysis, how wide, and whether competing events are drawn too.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Curves as lines with gid ``curve-GROUP``, limits as ``band-GROUP``, competing events as ``competing-GROUP``
        without limits, censorings as ``censored-GROUP``, numbers as ``at-risk-GROUP-TIME``. Where no group has a
        curve, an empty frame says so.
    """
    entry = analysis_of(results, spec.analysis, "incidence")
    groups = curve_groups(results, spec.analysis)
    events = _curves(results, spec.analysis, groups, EVENT)
    clock = clock_of(results, spec.analysis, groups, events)
    if clock is None:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    others = _curves(results, spec.analysis, groups, COMPETING) if spec.competing else []
    events, others = ([c.until(clock.end) for c in curves if c.times[0] <= clock.end] for curves in (events, others))
    signs = width_signs(*(_level_name(entry, level) for level in (EVENT, COMPETING))) if others else ()
    variable = clock.counts[0].variable
    name = entry.labels.get("variable", {}).get(variable, entry.label)
    scale = incidence_scale(results, name, events, others)
    page = open_page(results, spec, groups, clock, scale, fonts=fonts, signs=signs)
    for curve in others:
        draw_curve(page.axes, curve, band=False, width=FINE, name=COMPETING)
    for curve in events:
        draw_curve(page.axes, curve)
        draw_censorings(page.axes, results, spec.analysis, curve)
    name_curves(page, groups, events, others)
    return page.sheet.figure


def _curves(results: Results, analysis: str, groups: Sequence[Group], level: str) -> list[Steps]:
    found = (steps_of(results, analysis, group, measure=MEASURE, level=level) for group in groups)
    return [curve for curve in found if curve is not None]


def _level_name(entry: Analysis, level: str) -> str:
    words = name_of(entry, "level", level)
    return words[:1].upper() + words[1:]


# Stacked -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where a panel stands: its axes in millimetres, whether it opens a line, and the room of its title."""

    left: float
    right: float
    bottom: float
    top: float
    first: bool
    room: float


def stacked_figure(results: Results, spec: StackedIncidence, *, fonts: Fonts) -> Figure:
    """Draw, in a panel for each group, the event, the competing event and neither, stacked to one.

    Parameters
    ----------
    results : Results
        Rows of kind ``incidence``.
    spec : StackedIncidence
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Areas with gid ``event-GROUP``, ``competing-GROUP`` and ``neither-GROUP``, their words with ``name-`` before
        it. A group without a curve has a panel that says so; where none has one, an empty frame says so.
    """
    entry = analysis_of(results, spec.analysis, "incidence")
    groups = curve_groups(results, spec.analysis)
    both = {level: _curves(results, spec.analysis, groups, level) for level in (EVENT, COMPETING)}
    clock = clock_of(results, spec.analysis, groups, [*both[EVENT], *both[COMPETING]])
    if clock is None:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    sheet, places = _lay_out(spec, groups, fonts)
    for group, place in zip(groups, places, strict=True):
        axes = _open_panel(sheet, results, group, place, clock)
        own = [curve.until(clock.end) for level in (EVENT, COMPETING) for curve in both[level] if curve.group == group]
        _draw_stack(sheet, axes, entry, group, own, WORD_ROOM[spec.width])
        if place.first:
            sheet.name(axes, "y", "Participants")
        sheet.name(axes, "x", spec.x_label or time_name(entry, entry.units.get(clock.counts[0].variable, "months")))
    return sheet.figure


def _lay_out(spec: StackedIncidence, groups: Sequence[Group], fonts: Fonts) -> tuple[Sheet, list[_Place]]:
    columns = min(COLUMNS[spec.width], len(groups))
    lines = math.ceil(len(groups) / columns)
    words, title = WORD_ROOM[spec.width], TITLE_ROOM if len(groups) > 1 else 2.0
    slot = (WIDTHS[spec.width] - GAP * (columns - 1)) / columns
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    named = [draft.wrap(group.label, slot - LEFT, weight="semibold") for group in groups if group.code != EVERYONE]
    title += LINE_HEIGHT * max((name.count("\n") for name in named), default=0)
    height = PANEL_HEIGHT[spec.width]
    below = AXIS_ROOM + ROW_HEIGHT + FOOT
    total = lines * (title + height + below)
    places = []
    for i in range(len(groups)):
        line, column = divmod(i, columns)
        left = column * (slot + GAP) + LEFT
        top = total - line * (title + height + below) - title
        right = column * (slot + GAP) + slot
        places.append(_Place(left, right - words - FAR, top - height, top, column == 0, right - left))
    return Sheet(WIDTHS[spec.width], total, fonts), places


def _open_panel(sheet: Sheet, results: Results, group: Group, place: _Place, clock: Clock) -> Axes:
    axes = sheet.axes(place.left, place.bottom, place.right, place.top)
    axes.set_xlim(0, clock.end)
    axes.set_ylim(0, 1)
    sheet.ticks(axes, "y", PERCENTS, [f"{share}%" for share in percents(results, PERCENTS)])
    own = tuple(row for row in clock.counts if (row.arm, row.subgroup) == (group.arm, group.subgroup))
    shown = draw_ticks(sheet, axes, results, Clock(clock.end, clock.ticks, own))
    counts = [printed(results, row.value, "count") for row in own]
    gap = max(EDGE, sheet.widest(counts, size=SMALL_SIZE) / 2 + 1.5)
    write_at_risk(sheet, axes, results, [group], [AT_RISK], shown, gap=gap, top=place.bottom - AXIS_ROOM, heading="")
    if group.code != EVERYONE:
        name = sheet.wrap(group.label, place.room, weight="semibold")
        sheet.write(place.left, place.top + 2.0, name, weight="semibold", color=group.look.color, ha="left",
                    va="bottom", linespacing=LINE_SPACING, gid=f"title-{group.code}")  # fmt: skip
    return axes


def _draw_stack(sheet: Sheet, axes: Axes, entry: Analysis, group: Group, curves: Sequence[Steps], room: float) -> None:
    """Fill the areas of one group from below, and name each beside its end."""
    if len(curves) < len((EVENT, COMPETING)):
        sheet.write_on(axes, 0.5, 0.5, sheet.wrap(NOTHING, 40.0), color=SOFT, size=SMALL_SIZE, ha="center",
                       va="center", transform=axes.transAxes, gid=f"empty-{group.code}")  # fmt: skip
        return
    times = np.unique(np.concatenate([curve.times for curve in curves]))
    event, competing = (curve.at(times) for curve in curves)
    edges = [np.zeros_like(event), event, event + competing, np.ones_like(event)]
    color = group.look.color
    parts = ((EVENT, color, color, "semibold"), (COMPETING, _pale(color), color, "regular"),
             (NEITHER, TINT, SOFT, "regular"))  # fmt: skip
    labels = []
    for (level, face, ink, weight), low, high in zip(parts, edges, edges[1:], strict=False):
        axes.fill_between(times, low, high, step="post", facecolor=face, linewidth=0, gid=f"{level}-{group.code}")
        words = sheet.wrap(_level_name(entry, level), room, weight=weight)
        middle = float(low[-1] + high[-1]) / 2
        labels.append(Label(f"{level}-{group.code}", words, ink, weight, float(times[-1]), middle))
    for edge in edges[1:3]:
        axes.step(times, edge, where="post", color=color, linewidth=THIN, solid_capstyle="butt")
    write_beside(sheet, axes, labels[::-1])  # from the top, which is how words at one place stand


def _pale(color: str) -> str:
    """The colour with much white in it."""
    red, green, blue = (PALE * part + 1 - PALE for part in to_rgb(color))
    return str(to_hex((red, green, blue)))
