"""Step curves over time: the axis of time with the numbers at risk under it, the curves, their bands and names."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from npcstats.display.drawn_rows import intervals, printed, time_name
from npcstats.display.grouping import Group
from npcstats.display.sheet import (
    BAND_ALPHA,
    INK,
    LINE,
    LINE_HEIGHT,
    LINE_SPACING,
    SMALL_SIZE,
    SOFT,
    WIDTHS,
    Dash,
    Fonts,
    Sheet,
    decimals_of,
    spread,
)
from npcstats.display.spec import FigureSpec
from npcstats.formatting import NOT_PUBLISHED, format_time
from npcstats.results import AT_TIMES, CURVE, Results, Row, is_withheld, select

PLOT_HEIGHT = {"full": 62.0, "column": 48.0}
ROW_HEIGHT = 3.6
AXIS_ROOM = 8.8
FOOT = 1.0
EDGE = 4.6
TOP = 3.0
SCALE_ROOM = 14.5
NAME_ROOM = {"full": 34.0, "column": 17.0}
PLOT_SHARE = 0.5
NEAR, FAR = 1.2, 4.2
TOUCH = 1.9
EXACT = 1e-9
CLEAR = 0.4
DOTS = (0.0, (0.8, 2.4))
THICK, FINE = LINE, 0.6
SIGN, SIGN_GAP = 7.0, 5.0
AT_RISK = "At risk"
NOTHING = "Too few participants are at risk to draw a curve."
"""How the catalogue says that a curve is known at some times only: between them nothing is known but its direction."""


@dataclass(frozen=True)
class Steps:
    """An estimate over time with its limits, as the rows give it.

    Parameters
    ----------
    group : Group
        Whose.
    times, values, lows, highs : array of shape (n,)
        Times ascending, n at least 1; limits NaN where there are none.
    joined : bool
        Whether the curve is known at its times only, so that straight lines join them instead of steps.
    """

    group: Group
    times: np.ndarray
    values: np.ndarray
    lows: np.ndarray
    highs: np.ndarray
    joined: bool = False

    def until(self, end: float) -> Steps:
        """What is drawn on an axis of time: no further than its end.

        Parameters
        ----------
        end : float
            Where the axis ends, not before the first step.

        Returns
        -------
        Steps
            The same, or cut at `end`.
        """
        if self.times[-1] <= end:
            return self
        shown = self.times <= end
        if self.joined:
            return replace(self, **{name: getattr(self, name)[shown] for name in ("times", "values", "lows", "highs")})
        values, lows, highs = (
            np.append(numbers[shown], numbers[shown][-1]) for numbers in (self.values, self.lows, self.highs)
        )
        return Steps(self.group, np.append(self.times[shown], end), values, lows, highs)

    def at(self, times: np.ndarray) -> np.ndarray:
        """Height of the curve at times from its first step on.

        Parameters
        ----------
        times : array of shape (m,)
            Any order.

        Returns
        -------
        array of shape (m,)
            Values of the last step at or before each.
        """
        found: np.ndarray = self.values[np.searchsorted(self.times, times, side="right") - 1]
        return found


@dataclass(frozen=True)
class Clock:
    """The axis of time: where it ends, its ticks, and the numbers at risk at them."""

    end: float
    ticks: tuple[float, ...]
    counts: tuple[Row, ...]


@dataclass(frozen=True)
class Scale:
    """The other axis: its name, its ticks and their words, and where it ends."""

    name: str
    ticks: tuple[float, ...]
    words: tuple[str, ...]
    top: float


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


def steps_of(results: Results, analysis: str, group: Group, *, measure: str, level: str = "") -> Steps | None:
    """Read a curve.

    Parameters
    ----------
    results : Results
        Rows.
    analysis : str
        Id.
    group : Group
        Whose curve.
    measure, level : str
        Which curve.

    Returns
    -------
    Steps or None
        None where nothing is estimated.
    """
    asked = {"analysis": analysis, "arm": group.arm, "subgroup": group.subgroup, "measure": measure, "level": level}
    found = intervals(results, "time", **asked).values()
    rows = sorted((row for row in found if not math.isnan(row["estimate"].value)), key=lambda row: row["estimate"].time)
    if not rows:
        return None
    times = np.array([row["estimate"].time for row in rows])
    values, lows, highs = (
        np.array([row[stat].value if stat in row else math.nan for row in rows])
        for stat in ("estimate", "ci_low", "ci_high")
    )
    joined = results.catalogue.analyses[analysis].choices.get(CURVE) == AT_TIMES
    return Steps(group, times, values, lows, highs, joined)


def clock_of(results: Results, analysis: str, groups: Sequence[Group], curves: Sequence[Steps]) -> Clock | None:
    """Choose where the axis of time ends: at the first tick that no curve reaches, or else at the last tick.

    Parameters
    ----------
    results : Results
        Rows of numbers at risk.
    analysis : str
        Id.
    groups : sequence of Group
        Who is shown.
    curves : sequence of Steps
        What is drawn.

    Returns
    -------
    Clock or None
        None where no curve goes beyond time 0, or there is no tick to draw it on.
    """
    places = {(group.arm, group.subgroup) for group in groups}
    rows = select(results, analysis=analysis, measure="at_risk", stat="count")
    counts = tuple(row for row in rows if (row.arm, row.subgroup) in places)
    ticks = sorted({row.time for row in counts})
    last = max((float(curve.times[-1]) for curve in curves), default=0.0)
    if last <= 0 or not ticks or ticks[-1] <= 0:
        return None
    end = next((tick for tick in ticks if tick >= last), ticks[-1])
    return Clock(end, tuple(tick for tick in ticks if tick <= end), tuple(row for row in counts if row.time <= end))


def open_page(
    results: Results,
    spec: FigureSpec,
    groups: Sequence[Group],
    clock: Clock,
    scale: Scale,
    *,
    fonts: Fonts,
    signs: Sequence[Sign] = (),
) -> Page:
    """Lay out a figure of curves: axes, numbers at risk, room for the names of the curves.

    Parameters
    ----------
    results : Results
        For words and rounding.
    spec : FigureSpec
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

    Returns
    -------
    Page
        Without curves. Names stand beside the curves unless that leaves them too little room.
    """
    width, room = WIDTHS[spec.width], NAME_ROOM[spec.width]
    draft = Sheet(width, 50.0, fonts)
    names = [draft.wrap(group.label, room, size=SMALL_SIZE) for group in groups]
    counts = [_count(results, row) for row in clock.counts]
    gap = max(EDGE, draft.widest(counts, size=SMALL_SIZE) / 2 + 2.0)
    scale_name = draft.wrap(scale.name, PLOT_HEIGHT[spec.width])
    left = max(
        SCALE_ROOM + LINE_HEIGHT * scale_name.count("\n"),
        draft.widest([*names, AT_RISK], size=SMALL_SIZE) + gap + 1.0,
    )
    right, ends = _room_for_ends(draft, groups, width - left, PLOT_HEIGHT[spec.width], room)
    right = max(right, draft.widest(counts, size=SMALL_SIZE) / 2 + 1.5)
    told = [*signs] if ends or len(groups) == 1 else [*map(sign_of, groups), *signs]
    key = _key_lines(draft, told, width - left - 2.0)
    above = TOP + sum(height for height, _ in key)
    risk = sum(row_heights(names)) + ROW_HEIGHT
    bottom = AXIS_ROOM + risk + FOOT
    sheet = Sheet(width, above + PLOT_HEIGHT[spec.width] + bottom, fonts)
    axes = sheet.axes(left, bottom, width - right, sheet.height - above)
    axes.set_xlim(0, clock.end)
    axes.set_ylim(0, scale.top)
    axes.spines["left"].set_bounds(0, scale.ticks[-1])
    sheet.ticks(axes, "y", scale.ticks, scale.words)
    sheet.name(axes, "y", scale_name)
    shown = draw_ticks(sheet, axes, results, clock)
    sheet.name(axes, "x", spec.x_label or _time_name(results, spec.analysis, clock))
    write_at_risk(sheet, axes, results, groups, names, shown, gap=gap, top=risk + FOOT)
    _draw_key(sheet, key, left)
    return Page(sheet, axes, ends)


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


def _time_name(results: Results, analysis: str, clock: Clock) -> str:
    entry = results.catalogue.analyses[analysis]
    return time_name(entry, entry.units.get(clock.counts[0].variable, "months"))


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


def row_heights(names: Sequence[str]) -> list[float]:
    """Heights of the lines of numbers at risk, whose names may be broken.

    Parameters
    ----------
    names : sequence of str
        One for each line.

    Returns
    -------
    list of float
        Millimetres.
    """
    return [ROW_HEIGHT + LINE_HEIGHT * name.count("\n") for name in names]


def draw_ticks(sheet: Sheet, axes: Axes, results: Results, clock: Clock) -> Clock:
    """Set the ticks of time: all, or as many as leave the numbers apart.

    Parameters
    ----------
    sheet : Sheet
        Page.
    axes : Axes
        Where; its limits are set.
    results : Results
        For rounding.
    clock : Clock
        All ticks.

    Returns
    -------
    Clock
        With the ticks drawn and the numbers at them.
    """
    room = axes.get_position().width * sheet.width / clock.end
    words = dict(zip(clock.ticks, _tick_words(results, clock.ticks), strict=True))
    for row in clock.counts:
        words[row.time] += "\n" + _count(results, row)
    sizes = {tick: sheet.widest([text], size=SMALL_SIZE) / room for tick, text in words.items()}
    ticks = thin_ticks(clock.ticks, sizes, TOUCH / room)
    sheet.ticks(axes, "x", ticks, _tick_words(results, ticks))
    return replace(clock, ticks=ticks, counts=tuple(row for row in clock.counts if row.time in ticks))


def _tick_words(results: Results, ticks: Sequence[float]) -> list[str]:
    """Ticks with as many decimals as all of them need; each as it is where these are many."""
    decimals = max(decimals_of(tick) for tick in ticks)
    if any(round(tick, decimals) != tick for tick in ticks):
        return [format_time(tick) for tick in ticks]
    return [printed(results, tick, f"decimal{decimals}") for tick in ticks]


def _tick_code(results: Results, tick: float) -> str:
    """A tick in an id: with one decimal, or with as many as tell it from others."""
    return printed(results, tick, "decimal1") if round(tick, 1) == tick else format_time(tick)


def thin_ticks(ticks: Sequence[float], sizes: dict[float, float], gap: float) -> tuple[float, ...]:
    """Choose ticks whose words stand apart: all, else evenly spaced multiples of one, else as many as there may be.

    Parameters
    ----------
    ticks : sequence of float
        Ascending times.
    sizes : dict of float to float
        Room that the words at each need, in units of time.
    gap : float
        Room between words.

    Returns
    -------
    tuple of float
        Some of `ticks`.
    """
    steps = (tick for tick in ticks if tick > 0)
    multiples = [tuple(tick for tick in ticks if abs(tick / step - round(tick / step)) < EXACT) for step in steps]
    fitting = [
        chosen
        for chosen in (tuple(ticks), *multiples, (ticks[0], ticks[-1]))
        if all(b - a >= (sizes[a] + sizes[b]) / 2 + gap for a, b in pairwise(chosen))
    ]
    if not fitting or fitting[0] == tuple(ticks):
        return tuple(ticks) if fitting else (ticks[-1],)
    return max(fitting, key=lambda chosen: (len(chosen) > 2 and _is_even(chosen), len(chosen), chosen[-1]))


def _is_even(ticks: Sequence[float]) -> bool:
    gaps = [b - a for a, b in pairwise(ticks)]
    return max(gaps) - min(gaps) < EXACT


def write_at_risk(
    sheet: Sheet,
    axes: Axes,
    results: Results,
    groups: Sequence[Group],
    names: Sequence[str],
    clock: Clock,
    *,
    gap: float,
    top: float,
    heading: bool = True,
) -> None:
    """Write the numbers at risk under their ticks, in the colour of their group.

    Parameters
    ----------
    sheet : Sheet
        Page.
    axes : Axes
        Whose ticks they are.
    results : Results
        For rounding.
    groups : sequence of Group
        Lines.
    names : sequence of str
        Their names, broken to fit.
    clock : Clock
        Ticks and numbers.
    gap : float
        Millimetres from the axis to the end of the names.
    top : float
        Millimetres from the lower edge of the page to the upper edge of these lines.
    heading : bool
        Whether a line above them says what they are.
    """
    box = axes.get_position()
    start, end = box.x0 * sheet.width, box.x1 * sheet.width
    if heading:
        sheet.write(start - gap, top - ROW_HEIGHT / 2, AT_RISK, color=SOFT, size=SMALL_SIZE, ha="right", va="center")
    upper = top - ROW_HEIGHT if heading else top
    for group, name, height in zip(groups, names, row_heights(names), strict=True):
        y = upper - ROW_HEIGHT / 2  # numbers stand beside the first line of a broken name
        middle = y - LINE_HEIGHT * name.count("\n") / 2
        color = group.look.color
        sheet.write(
            start - gap, middle, name, color=color, size=SMALL_SIZE, ha="right", va="center", linespacing=LINE_SPACING
        )
        for row in clock.counts:
            known = is_withheld(row) or not math.isnan(row.value)
            if (row.arm, row.subgroup) == (group.arm, group.subgroup) and known:
                x = start + (end - start) * row.time / clock.end
                count = _count(results, row)
                sheet.write(x, y, count, color=color, size=SMALL_SIZE, ha="center", va="center",
                            gid=f"at-risk-{group.code}-{_tick_code(results, row.time)}")  # fmt: skip
        upper -= height


def _count(results: Results, row: Row) -> str:
    return NOT_PUBLISHED if is_withheld(row) else printed(results, row.value, "count")


def draw_curve(axes: Axes, curve: Steps, *, band: bool = True, width: float = LINE, name: str = "curve") -> None:
    """Draw a curve and, behind it, its band.

    Parameters
    ----------
    axes : Axes
        Where.
    curve : Steps
        Cut at the end of the axis.
    band : bool
        Whether its limits are drawn.
    width : float
        Points.
    name : str
        Begins the gid of the line.
    """
    look, code = curve.group.look, curve.group.code
    if band:
        known = ~np.isnan(curve.lows) & ~np.isnan(curve.highs)
        low, high = np.where(known, curve.lows, curve.values), np.where(known, curve.highs, curve.values)
        axes.fill_between(curve.times, low, high, step=None if curve.joined else "post", color=look.color,
                          alpha=BAND_ALPHA, linewidth=0, gid=f"band-{code}")  # fmt: skip
    axes.plot(curve.times, curve.values, drawstyle="default" if curve.joined else "steps-post", color=look.color,
              linewidth=width, linestyle=look.dash, gid=f"{name}-{code}", solid_capstyle="butt",
              dash_capstyle="butt")  # fmt: skip


def draw_censorings(axes: Axes, results: Results, analysis: str, curve: Steps) -> None:
    """Mark on a curve the times at which participants were censored.

    Parameters
    ----------
    axes : Axes
        Where.
    results : Results
        Rows.
    analysis : str
        Id.
    curve : Steps
        Cut at the end of the axis.
    """
    group = curve.group
    asked = {"analysis": analysis, "arm": group.arm, "subgroup": group.subgroup, "measure": "censored_curve"}
    rows = select(results, **asked, stat="count")
    times = np.array([row.time for row in rows if curve.times[0] <= row.time <= curve.times[-1]])
    heights = curve.at(times) if len(times) else times
    axes.plot(times, heights, linestyle="none", marker="|", markersize=3.4, markeredgewidth=0.4,
              color=group.look.color, gid=f"censored-{group.code}", clip_on=False)  # fmt: skip


@dataclass(frozen=True)
class Label:
    """Words to be written right of the axes, beside what they name."""

    code: str
    words: str
    color: str
    weight: str
    time: float
    height: float


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


def write_beside(sheet: Sheet, axes: Axes, labels: Sequence[Label], curves: Sequence[Steps] = ()) -> None:
    """Write words beside what they name: right of its own end where they lie on no curve, else right of the last end.

    Parameters
    ----------
    sheet : Sheet
        Page.
    axes : Axes
        Whose left end is 0.
    labels : sequence of Label
        Words; their gid is ``name-CODE``.
    curves : sequence of Steps
        What no words may lie on.

    Notes
    -----
    Convention: a dotted grey line, which cannot be taken for a curve, joins words to an end that is away from them.
    """
    if not labels:
        return
    grid = _grid_of(sheet, axes)
    last = max(label.time for label in labels)
    boxes: dict[str, _Box] = {}
    for label in labels:
        box = _free_box(sheet, grid, label, last, curves, tuple(boxes.values()))
        if box is not None:
            boxes[label.code] = box
    while crossed := _crossed(labels, boxes, grid, last):
        boxes = {code: box for code, box in boxes.items() if code not in crossed}
    for label in labels:
        if label.code in boxes:
            box = boxes[label.code]
            _write_label(sheet, axes, label, box.left, (box.low + box.high) / 2)
    outside = [label for label in labels if label.code not in boxes]
    _write_outside(sheet, axes, grid, outside, last)


@dataclass(frozen=True)
class _Grid:
    """How much time and how much value a millimetre is, and the range of values."""

    time: float
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class _Box:
    """Room of words on the axes, in time and in values."""

    left: float
    right: float
    low: float
    high: float

    def meets(self, other: _Box) -> bool:
        """Whether it covers part of another."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.high > other.low and other.high > self.low

    def lies_on(self, curve: Steps) -> bool:
        """Whether a curve passes through it."""
        if curve.times[-1] < self.left or curve.times[0] > self.right:
            return False
        inside = curve.values[(curve.times >= self.left) & (curve.times <= self.right)]
        passed = np.append(inside, curve.at(np.array([max(self.left, curve.times[0])])))
        return bool(passed.max() > self.low and passed.min() < self.high)


def _grid_of(sheet: Sheet, axes: Axes) -> _Grid:
    box, (low, high) = axes.get_position(), axes.get_ylim()
    return _Grid(axes.get_xlim()[1] / (box.width * sheet.width), (high - low) / (box.height * sheet.height), low, high)


def _free_box(
    sheet: Sheet, grid: _Grid, label: Label, last: float, curves: Sequence[Steps], taken: Sequence[_Box]
) -> _Box | None:
    """Room beside, above or below the end of a curve that ends before others; None where there is none."""
    left = label.time + NEAR * grid.time
    right = left + sheet.widest([label.words], weight=label.weight) * grid.time
    height = _label_height(label, grid) + CLEAR * grid.value
    if not curves or right > last:
        return None
    for shift in (0.0, 1.0, -1.0):
        low = label.height + (shift - 1) * height / 2
        box = _Box(left, right, low, low + height)
        inside = box.low > grid.low and box.high < grid.high
        if inside and not any(box.lies_on(curve) for curve in curves) and not any(box.meets(room) for room in taken):
            return box
    return None


def _crossed(labels: Sequence[Label], boxes: Mapping[str, _Box], grid: _Grid, last: float) -> set[str]:
    """Words that lie on the line that joins other words to an end away from them."""
    half = CLEAR * grid.value
    lines = [
        _Box(label.time, last, label.height - half, label.height + half) for label in labels if label.code not in boxes
    ]
    return {code for code, box in boxes.items() if any(box.meets(line) for line in lines)}


def _label_height(label: Label, grid: _Grid) -> float:
    return grid.value * (LINE_HEIGHT * (label.words.count("\n") + 1) + 0.3)


def _write_outside(sheet: Sheet, axes: Axes, grid: _Grid, labels: Sequence[Label], last: float) -> None:
    sizes = [_label_height(label, grid) for label in labels]
    heights = spread(
        [label.height for label in labels], sizes, grid.low + CLEAR * grid.value, grid.high + 2 * grid.value
    )
    away = [
        last - label.time > NEAR * grid.time or abs(height - label.height) > 1.2 * grid.value
        for label, height in zip(labels, heights, strict=True)
    ]
    text = last + (FAR if any(away) else NEAR) * grid.time
    for label, height, far in zip(labels, heights, away, strict=True):
        _write_label(sheet, axes, label, text, height)
        if far:
            stops = [label.time + 0.6 * grid.time, last + 0.8 * grid.time, text - 0.6 * grid.time]
            axes.plot(stops, [label.height, label.height, height], color=SOFT, linewidth=0.5, linestyle=DOTS,
                      clip_on=False, zorder=1, gid=f"_leader-{label.code}")  # fmt: skip


def _write_label(sheet: Sheet, axes: Axes, label: Label, x: float, y: float) -> None:
    sheet.write_on(axes, x, y, label.words, weight=label.weight, color=label.color, va="center", ha="left",
                   linespacing=LINE_SPACING, gid=f"name-{label.code}")  # fmt: skip


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
