"""The page of a figure of curves: its axes, the key above them, the numbers at risk below, the names beside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from npcstats.analyses.timetoevent.displays import OverTime
from npcstats.analyses.timetoevent.figure.beside import FAR, Label, write_beside
from npcstats.analyses.timetoevent.figure.clock import (
    AT_RISK,
    ROW_HEIGHT,
    Clock,
    clock_name,
    count_text,
    draw_ticks,
    row_heights,
    write_at_risk,
)
from npcstats.analyses.timetoevent.figure.curves import Steps
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import INK, Dash, Group
from npcstats.display.lookup import percents
from npcstats.display.scales import nice_steps
from npcstats.display.sheet import LINE, Sheet
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, Row

PLOT_HEIGHT = {"full": 62.0, "column": 48.0}
EFFECTIVE_ROOM = 9.0
"""What the axes give up for effective sizes, so that two such figures still share a page."""
AXIS_ROOM = 8.8
FOOT = 1.0
EDGE = 4.6
TOP = 3.0
SCALE_ROOM = 14.5
NAME_ROOM = {"full": 34.0, "column": 17.0}
PLOT_SHARE = 0.5
THICK, FINE = LINE, 0.6
SIGN, SIGN_GAP = 7.0, 5.0
EFFECTIVE = "Effective"
PERCENTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
ABOVE_ONE = 1.02
LEAST_TOP, MOST_STEPS, HEADROOM = 0.05, 5, 1.02


@dataclass(frozen=True)
class Scale:
    """The other axis: its name, its ticks and their words, and where it ends."""

    name: str
    ticks: tuple[float, ...]
    words: tuple[str, ...]
    top: float


def survival_scale(results: Results, name: str) -> Scale:
    """The axis of survival: from 0 to all.

    Parameters
    ----------
    results : Results
        For rounding.
    name : str
        Of the axis.

    Returns
    -------
    Scale
        In percent.
    """
    return Scale(name, PERCENTS, tuple(f"{share}%" for share in percents(results, PERCENTS)), ABOVE_ONE)


def incidence_scale(results: Results, name: str, curves: Sequence[Steps], others: Sequence[Steps] = ()) -> Scale:
    """The axis of cumulative incidence: from 0 to a round share above the largest limit.

    Parameters
    ----------
    results : Results
        For rounding.
    name : str
        What is cumulated.
    curves, others : sequence of Steps
        What is drawn, with limits and without.

    Returns
    -------
    Scale
        In percent.
    """
    heights = [numbers for curve in curves for numbers in (curve.values, curve.highs)]
    heights += [curve.values for curve in others]
    known = (float(number) for numbers in heights for number in numbers if not math.isnan(number))
    high = max([LEAST_TOP, *known])
    ticks = tuple(step for step in nice_steps(0.0, min(1.0, high), MOST_STEPS) if step <= 1.0)
    words = tuple(f"{share}%" for share in percents(results, ticks))
    top = max(ticks[-1], min(1.0, high))
    return Scale(f"{name}: cumulative incidence", ticks, words, top * HEADROOM)


@dataclass(frozen=True)
class Sign:
    """A line of a certain look, and what it stands for."""

    words: str
    color: str
    dash: Dash
    width: float


@dataclass(frozen=True)
class Page:
    """A sheet with its axes and the words still to be written beside the curves; none where a key stands above."""

    sheet: Sheet
    axes: Axes
    ends: tuple[str, ...]


def open_page(
    results: Results,
    spec: OverTime,
    groups: Sequence[Group],
    clock: Clock,
    scale: Scale,
    *,
    fonts: Fonts,
    signs: Sequence[Sign] = (),
    effective: Sequence[Row] = (),
) -> Page:
    """Lay out a figure of curves: axes, numbers at risk, room for the names of the curves.

    Parameters
    ----------
    results : Results
        For words and rounding.
    spec : OverTime
        Width and name of the axis of time.
    groups : sequence of Group
        Who is shown, in order.
    clock : Clock
        Axis of time.
    scale : Scale
        The other axis.
    fonts : Fonts
        Inter.
    signs : sequence of Sign
        What else is told above the axes.
    effective : sequence of Row
        What those at risk are worth by their weights, at the same ticks, told below their numbers; none without.

    Returns
    -------
    Page
        Without curves. Names stand beside the curves unless that leaves them too little room.
    """
    width, room = WIDTHS[spec.width], NAME_ROOM[spec.width]
    height = PLOT_HEIGHT[spec.width] - (EFFECTIVE_ROOM if effective else 0.0)
    draft = Sheet(width, 50.0, fonts)
    names = [draft.wrap(group.label, room, size=SMALL_SIZE) for group in groups]
    counts = [count_text(results, row) for row in clock.counts]
    gap = max(EDGE, draft.widest(counts, size=SMALL_SIZE) / 2 + 2.0)
    scale_name = draft.wrap(scale.name, height)
    left = max(
        SCALE_ROOM + LINE_HEIGHT * scale_name.count("\n"),
        draft.widest([*names, AT_RISK, *[EFFECTIVE] * bool(effective)], size=SMALL_SIZE) + gap + 1.0,
    )
    right, ends = _room_for_ends(draft, groups, width - left, height, room)
    right = max(right, draft.widest(counts, size=SMALL_SIZE) / 2 + 1.5)
    told = [*signs] if ends or len(groups) == 1 else [*map(sign_of, groups), *signs]
    key = _key_lines(draft, told, width - left - 2.0)
    above = TOP + sum(height for height, _ in key)
    risk = sum(row_heights(names)) + ROW_HEIGHT
    bottom = AXIS_ROOM + risk * (2 if effective else 1) + FOOT
    sheet = Sheet(width, above + height + bottom, fonts)
    axes = sheet.axes(left, bottom, width - right, sheet.height - above)
    axes.set_xlim(0, clock.end)
    axes.set_ylim(0, scale.top)
    axes.spines["left"].set_bounds(0, scale.ticks[-1])
    sheet.ticks(axes, "y", scale.ticks, scale.words)
    sheet.name(axes, "y", scale_name)
    shown = draw_ticks(sheet, axes, results, clock)
    sheet.name(axes, "x", spec.x_label or clock_name(results, spec.analysis, clock))
    write_at_risk(sheet, axes, results, groups, names, shown, gap=gap, top=bottom - AXIS_ROOM)
    if effective:
        worth = replace(shown, counts=tuple(row for row in effective if row.time in shown.ticks))
        write_at_risk(sheet, axes, results, groups, names, worth, gap=gap, top=risk + FOOT, heading=EFFECTIVE,
                      style="decimal0", gid="effective")  # fmt: skip
    _draw_key(sheet, key, left)
    return Page(sheet, axes, ends)


def _room_for_ends(
    draft: Sheet, groups: Sequence[Group], width: float, height: float, room: float
) -> tuple[float, tuple[str, ...]]:
    """Room right of the axes and the names written there; no names where they need more than there is."""
    bare = 5.0
    if len(groups) == 1:
        return bare, ()
    ends = tuple(draft.wrap(group.label, room, weight="semibold") for group in groups)
    right = draft.widest(ends, weight="semibold") + FAR + 1.0
    lines = sum(end.count("\n") + 1 for end in ends)
    if width - right < PLOT_SHARE * draft.width or lines * LINE_HEIGHT > height:
        return bare, ()
    return right, ends


def name_curves(page: Page, groups: Sequence[Group], curves: Sequence[Steps], others: Sequence[Steps] = ()) -> None:
    """Name each curve beside its end.

    Parameters
    ----------
    page : Page
        With its curves.
    groups : sequence of Group
        As the page was laid out for.
    curves : sequence of Steps
        Cut at the end of the axis.
    others : sequence of Steps
        Further curves, which have no name.
    """
    if not page.ends:
        return
    words = dict(zip((group.code for group in groups), page.ends, strict=True))
    labels = [
        Label(curve.group.code, words[curve.group.code], curve.group.look.color, "semibold", float(curve.times[-1]),
              float(curve.values[-1]))
        for curve in curves
    ]  # fmt: skip
    write_beside(page.sheet, page.axes, labels, [*curves, *others])


def sign_of(group: Group) -> Sign:
    """What a group's curve looks like.

    Parameters
    ----------
    group : Group
        One of several.

    Returns
    -------
    Sign
        Its line and name.
    """
    return Sign(group.label, group.look.color, group.look.dash, LINE)


def width_signs(thick: str, fine: str) -> tuple[Sign, Sign]:
    """What thick and thin lines stand for.

    Parameters
    ----------
    thick, fine : str
        Words.

    Returns
    -------
    tuple of Sign
        In ink.
    """
    return Sign(thick, INK, "-", THICK), Sign(fine, INK, "-", FINE)


def _key_lines(draft: Sheet, signs: Sequence[Sign], room: float) -> list[tuple[float, list[tuple[float, Sign]]]]:
    """Signs set in lines: the height of each, and where its signs begin."""
    lines: list[tuple[float, list[tuple[float, Sign]]]] = []
    x = 0.0
    for sign in signs:
        words = draft.wrap(sign.words, room - SIGN - 1.5, weight="semibold")
        need = SIGN + 1.5 + draft.widest([words], weight="semibold")
        height = 1.3 + LINE_HEIGHT * (words.count("\n") + 1)
        placed = replace(sign, words=words)
        if lines and x + need <= room:
            former, there = lines[-1]
            lines[-1] = (max(former, height), [*there, (x, placed)])
        else:
            x = 0.0
            lines.append((height, [(x, placed)]))
        x += need + SIGN_GAP
    return lines


def _draw_key(sheet: Sheet, lines: Sequence[tuple[float, list[tuple[float, Sign]]]], left: float) -> None:
    y = sheet.height - 1.0
    for height, signs in lines:
        for x, sign in signs:
            middle = y - LINE_HEIGHT / 2
            ends = [(left + x) / sheet.width, (left + x + SIGN) / sheet.width]
            sheet.figure.add_artist(
                Line2D(ends, [middle / sheet.height] * 2, color=sign.color, linestyle=sign.dash, linewidth=sign.width)
            )
            sheet.write(left + x + SIGN + 1.5, y, sign.words, weight="semibold", color=sign.color, ha="left",
                        va="top", linespacing=LINE_SPACING)  # fmt: skip
        y -= height
