"""Participants one by one: waterfall, spider and swimmer figures, drawn from listings of the results folder.

A listing holds re-keyed numbers and texts; here they become marks, and nothing is computed but their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.courses.displays import Spider, Swimmer, Waterfall
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, INK, RULE, look_of
from npcstats.display.lookup import analysis_of, arm_name, printed
from npcstats.display.scales import nice_steps, ticks_inside
from npcstats.display.sheet import THIN, Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.errors import ResultsError
from npcstats.formatting import NOT_APPLICABLE
from npcstats.results import EVERYONE, Results, read_listing

PANEL_HEIGHT = 46.0
MOST_APART = 60
LONG_AXIS = 30.0
PANEL_GAP = 9.0
LEFT = 15.0
RIGHT = 3.0
TOP = 6.0
LANE = 2.75
FOOT = 9.5
KEY_HEIGHT = 4.0
THRESHOLDS = (-30.0, 20.0)
NOTHING = "No participant can be drawn."
YES = "yes"

Record = Mapping[str, str]


def waterfall_figure(results: Results, spec: Waterfall, *, fonts: Fonts) -> Figure:
    """Draw each participant's best change as a bar, largest first, one panel for each arm.

    Parameters
    ----------
    results : Results
        Read from a folder with a listing of kind ``best-change``.
    spec : Waterfall
        Which listing and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Bars with gid ``bar-ARM``; hairlines at the thresholds of response and progression.
    """
    arms = _by_arm(results, spec)
    if not arms:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    values = {arm: sorted((_number(record["PCHG"]) for record in records), reverse=True)
              for arm, records in arms.items()}  # fmt: skip
    sheet, panels = _panels(results, spec, fonts, arms, FOOT - 4.0)
    low, high = _range(value for own in values.values() for value in own)
    for (arm, own), axes in zip(values.items(), panels, strict=True):
        look = look_of(results, arm)
        axes.set_xlim(-1.0, len(own))
        _scale(sheet, axes, results, low, high)
        apart = len(own) <= MOST_APART
        bars = axes.bar(range(len(own)), own, width=0.8 if apart else 1.0, color=look.color, edgecolor=look.color,
                        linewidth=0.0 if apart else 0.15, zorder=2)  # fmt: skip
        for bar in bars:
            bar.set_gid(f"bar-{arm}")
        sheet.ticks(axes, "x", [], [])
        axes.spines["bottom"].set_visible(False)
        axes.axhline(0.0, color=INK, linewidth=THIN, zorder=3)
        _title(sheet, axes, results, arm)
    sheet.name(panels[0], "y", "Best change, %")
    return sheet.figure


def spider_figure(results: Results, spec: Spider, *, fonts: Fonts) -> Figure:
    """Draw each participant's changes over time as a line, one panel for each arm.

    Parameters
    ----------
    results : Results
        Read from a folder with a listing of kind ``changes``.
    spec : Spider
        Which listing and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Lines with gid ``line-ARM-NUMBER``, dark for those who progressed.
    """
    arms = _by_arm(results, spec)
    if not arms:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    entry = analysis_of(results, spec.analysis, spec.shows[0])
    sheet, panels = _panels(results, spec, fonts, arms, FOOT)
    every = [record for records in arms.values() for record in records]
    low, high = _range(_number(record["PCHG"]) for record in every)
    end = max(1.0, *(_number(record["MONTH"]) for record in every))
    for (arm, records), axes in zip(arms.items(), panels, strict=True):
        axes.set_xlim(0.0, end * 1.02)
        _scale(sheet, axes, results, low, high)
        ticks = _month_ticks(end)
        sheet.ticks(axes, "x", ticks, [printed(results, tick, "decimal0") for tick in ticks])
        for number, own in _by_participant(records).items():
            progressed = own[0]["PROGRESSED"] == YES
            axes.plot(
                [_number(record["MONTH"]) for record in own],
                [_number(record["PCHG"]) for record in own],
                color=look_of(results, arm).color if progressed else RULE,
                linewidth=0.7 if progressed else 0.35,
                zorder=3 if progressed else 2,
                gid=f"line-{arm}-{number}",
            )
        _title(sheet, axes, results, arm)
    sheet.name(panels[0], "y", "Change, %")
    for axes in panels if spec.width == "full" else panels[-1:]:
        sheet.name(axes, "x", spec.x_label or entry.units["MONTH"].capitalize())
    return sheet.figure


@dataclass(frozen=True)
class _Mark:
    column: str
    words: str
    marker: str
    face: str


MARKS = (
    _Mark("RESPONSE", "First response", "o", "white"),
    _Mark("PROGRESSION", "Progression", "^", INK),
    _Mark("DIED", "Death", "s", INK),
    _Mark("ONGOING", "Followed on", ">", INK),
)


def swimmer_figure(results: Results, spec: Swimmer, *, fonts: Fonts) -> Figure:
    """Draw each participant's time under observation as a lane, the longest of each arm first.

    Parameters
    ----------
    results : Results
        Read from a folder with a listing of kind ``courses``.
    spec : Swimmer
        Which listing and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Lanes with gid ``lane-NUMBER``; marks with gid ``COLUMN-NUMBER`` in small letters.
    """
    arms = _by_arm(results, spec)
    if not arms:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    lanes: list[tuple[str, Record | None]] = []
    for arm, records in arms.items():
        lanes += [
            (arm, None),
            *((arm, r) for r in sorted(records, key=lambda r: (-_number(r["END"]), r["PARTICIPANT"]))),
        ]
    key_lines = 1 if spec.width == "full" else 2
    height = KEY_HEIGHT * key_lines + 1.0 + LANE * len(lanes) + FOOT
    sheet = Sheet(WIDTHS[spec.width], height, fonts)
    axes = sheet.axes(LEFT, FOOT, sheet.width - RIGHT - 2.0, height - KEY_HEIGHT * key_lines - 1.0)
    end = max(1.0, *(_number(r["END"]) for _, r in lanes if r))
    axes.set_xlim(0.0, end)
    axes.set_ylim(len(lanes) - 0.5, -0.5)
    ticks = _month_ticks(end)
    sheet.ticks(axes, "x", ticks, [printed(results, tick, "decimal0") for tick in ticks])
    numbered = [(i, r["PARTICIPANT"]) for i, (_, r) in enumerate(lanes) if r]
    sheet.ticks(axes, "y", [i for i, _ in numbered], [number for _, number in numbered])
    axes.tick_params(axis="y", length=0, pad=3.5)
    axes.spines["left"].set_visible(False)
    for i, (arm, record) in enumerate(lanes):
        if record is None:
            named = "Everyone" if arm == EVERYONE else arm_name(results, arm)
            sheet.write_on(axes, 0.0, i, named, weight="semibold", color=look_of(results, arm).color, va="center")
        else:
            _lane(axes, results, arm, i, record)
    sheet.name(axes, "x", spec.x_label or "Months")
    _key(sheet, key_lines)
    return sheet.figure


def _lane(axes: Axes, results: Results, arm: str, i: int, record: Record) -> None:
    look, end, number = look_of(results, arm), _number(record["END"]), record["PARTICIPANT"]
    face = look.color if look.filled else "white"
    axes.barh([i], [end], height=0.5, color=face, alpha=0.45 if look.filled else 1.0, edgecolor=look.color,
              linewidth=THIN, gid=f"lane-{number}", zorder=2)  # fmt: skip
    for mark in MARKS:
        text = record[mark.column]
        at = end if text == YES else _number(text) if text not in ("no", NOT_APPLICABLE) else None
        if at is not None:
            axes.plot([at], [i], linestyle="none", marker=mark.marker, markersize=3.2, markerfacecolor=mark.face,
                      markeredgecolor=INK, markeredgewidth=0.5, clip_on=False, zorder=4,
                      gid=f"{mark.column.lower()}-{number}")  # fmt: skip


def _key(sheet: Sheet, lines: int) -> None:
    """Name the marks above the lanes."""
    top = sheet.height - KEY_HEIGHT / 2
    per_line = -(-len(MARKS) // lines)
    room = (sheet.width - LEFT) / max(per_line, 3)
    strip = sheet.axes(0.0, sheet.height - KEY_HEIGHT * lines, sheet.width, sheet.height)
    strip.set_xlim(0.0, sheet.width)
    strip.set_ylim(sheet.height - KEY_HEIGHT * lines, sheet.height)
    strip.set_axis_off()
    for i, mark in enumerate(MARKS):
        x, y = LEFT + room * (i % per_line), top - KEY_HEIGHT * (i // per_line)
        strip.plot([x + 1.0], [y], linestyle="none", marker=mark.marker, markersize=3.2, markerfacecolor=mark.face,
                   markeredgecolor=INK, markeredgewidth=0.5)  # fmt: skip
        sheet.write(x + 3.0, y, mark.words, size=SMALL_SIZE, va="center")


def _by_arm(results: Results, spec: Waterfall | Spider | Swimmer) -> dict[str, list[Record]]:
    """Records of the figure's listing by arm, in page order; arms without a record are left out."""
    analysis_of(results, spec.analysis, spec.shows[0])
    if results.folder is None:
        raise ResultsError(f"figure {spec.name}: results that were read from a folder are required.")
    listing = read_listing(results.folder / "listings" / f"{spec.analysis}.csv")
    records: list[Record] = [dict(zip(listing.columns, row, strict=True)) for row in listing.rows]
    known = (*results.catalogue.arms, "")
    found = {arm: [record for record in records if record["ARM"] == arm] for arm in known}
    return {arm or EVERYONE: own for arm, own in found.items() if own}


def _by_participant(records: Sequence[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record["PARTICIPANT"], []).append(record)
    return found


def _number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-"))


def _month_ticks(end: float) -> list[float]:
    """Half years on a short axis, years on a long one."""
    step = 6.0 if end <= LONG_AXIS else 12.0
    return [step * i for i in range(int(end // step) + 1)]


def _range(values: object) -> tuple[float, float]:
    """From the smallest to the largest value and both thresholds, in round numbers."""
    known = np.array([*values, *THRESHOLDS, 0.0])  # type: ignore[misc]
    steps = nice_steps(float(known.min()), float(known.max()), 8)
    return steps[0], steps[-1]


def _panels(
    results: Results, spec: Waterfall | Spider | Swimmer, fonts: Fonts, arms: Iterable[str], foot: float
) -> tuple[Sheet, list[Axes]]:
    """One panel for each arm: side by side on a full width, one below the other in a column."""
    names = [arm_name(results, arm) for arm in arms]
    width, count = WIDTHS[spec.width], len(names)
    columns = count if spec.width == "full" else 1
    each = (width - LEFT - RIGHT - PANEL_GAP * (columns - 1)) / columns
    draft = Sheet(width, 50.0, fonts)
    above = TOP + LINE_HEIGHT * max(draft.wrap(name, each, weight="semibold").count("\n") for name in names)
    if spec.width == "full":
        sheet = Sheet(width, above + PANEL_HEIGHT + foot, fonts)
        places = [LEFT + i * (each + PANEL_GAP) for i in range(count)]
        return sheet, [sheet.axes(x, foot, x + each, foot + PANEL_HEIGHT) for x in places]
    sheet = Sheet(width, count * (above + PANEL_HEIGHT + 4.0) - 4.0 + foot, fonts)
    bottoms = [foot + (count - 1 - i) * (above + PANEL_HEIGHT + 4.0) for i in range(count)]
    return sheet, [sheet.axes(LEFT, y, width - RIGHT, y + PANEL_HEIGHT) for y in bottoms]


def _scale(sheet: Sheet, axes: Axes, results: Results, low: float, high: float) -> None:
    axes.set_ylim(low, high)
    ticks = ticks_inside(low, high, 7)
    sheet.ticks(axes, "y", ticks, [printed(results, tick, "decimal0") for tick in ticks])
    for threshold in THRESHOLDS:
        axes.axhline(threshold, color=INK, linewidth=THIN, linestyle=(0, (1.5, 1.5)), zorder=4, gid="threshold")
    axes.axhline(0.0, color=HAIR, linewidth=THIN, zorder=1)


def _title(sheet: Sheet, axes: Axes, results: Results, arm: str) -> None:
    box = axes.get_position()
    name = sheet.wrap(arm_name(results, arm), box.width * sheet.width, weight="semibold")
    sheet.write(box.x0 * sheet.width, box.y1 * sheet.height + 1.5, name, weight="semibold",
                color=look_of(results, arm).color, va="bottom", linespacing=LINE_SPACING)  # fmt: skip
