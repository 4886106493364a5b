"""The axis of time of curves, with the numbers at risk under its ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from matplotlib.axes import Axes

from npcstats.analyses.timetoevent.figure.curves import Steps
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE
from npcstats.display.looks import SOFT, Group
from npcstats.display.lookup import analysis_of, printed, time_name
from npcstats.display.scales import decimals_of
from npcstats.display.sheet import Sheet
from npcstats.formatting import NOT_PUBLISHED, format_time
from npcstats.results import Results, Row, is_withheld, select

AT_RISK = "At risk"
ROW_HEIGHT = 3.6
TOUCH = 1.9
EXACT = 1e-9


@dataclass(frozen=True)
class Clock:
    """The axis of time: where it ends, its ticks, and the numbers at risk at them."""

    end: float
    ticks: tuple[float, ...]
    counts: tuple[Row, ...]


def clock_of(
    results: Results, analysis: str, groups: Sequence[Group], curves: Sequence[Steps], *, block: str = ""
) -> Clock | None:
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
    block : str
        Of which numbers at risk.

    Returns
    -------
    Clock or None
        None where no curve goes beyond time 0, or there is no tick to draw it on.
    """
    places = {(group.arm, group.subgroup) for group in groups}
    rows = select(results, analysis=analysis, measure="at_risk", stat="count", block=block)
    counts = tuple(row for row in rows if (row.arm, row.subgroup) in places)
    ticks = sorted({row.time for row in counts})
    last = max((float(curve.times[-1]) for curve in curves), default=0.0)
    if last <= 0 or not ticks or ticks[-1] <= 0:
        return None
    end = next((tick for tick in ticks if tick >= last), ticks[-1])
    return Clock(end, tuple(tick for tick in ticks if tick <= end), tuple(row for row in counts if row.time <= end))


def clock_name(results: Results, analysis: str, clock: Clock) -> str:
    """The name of an axis of time for which the plan has none.

    Parameters
    ----------
    results : Results
        Words and units.
    analysis : str
        Id.
    clock : Clock
        The axis.

    Returns
    -------
    str
        The unit of the rows, and what time zero is called.
    """
    entry = analysis_of(results, analysis)
    return time_name(entry, entry.units.get(clock.counts[0].variable, "months"))


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
        words[row.time] += "\n" + count_text(results, row)
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
    heading: str = AT_RISK,
    style: str = "count",
    gid: str = "at-risk",
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
    heading : str
        Words of a line above them that says what they are; empty for none.
    style : str
        Formatting style of the numbers.
    gid : str
        Begins the gid of each number.
    """
    box = axes.get_position()
    start, end = box.x0 * sheet.width, box.x1 * sheet.width
    if heading:
        sheet.write(start - gap, top - ROW_HEIGHT / 2, heading, color=SOFT, size=SMALL_SIZE, ha="right", va="center")
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
                count = count_text(results, row, style)
                sheet.write(x, y, count, color=color, size=SMALL_SIZE, ha="center", va="center",
                            gid=f"{gid}-{group.code}-{_tick_code(results, row.time)}")  # fmt: skip
        upper -= height


def count_text(results: Results, row: Row, style: str = "count") -> str:
    """A number at risk as text.

    Parameters
    ----------
    results : Results
        For rounding.
    row : Row
        The number.
    style : str
        Its formatting style.

    Returns
    -------
    str
        The sign for what is not published where it is withheld.
    """
    return NOT_PUBLISHED if is_withheld(row) else printed(results, row.value, style)
