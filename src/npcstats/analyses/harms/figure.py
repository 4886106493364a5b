"""A declared family of adverse events: shares of the arms, and the difference as observed and adjusted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from npcstats.analyses.harms.displays import HarmsPlot
from npcstats.analyses.harms.rows import UNADJUSTED
from npcstats.analyses.harms.words import ordered_events
from npcstats.display.anatomy import NO_BREAK
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.key import Key, arrange_key, write_key
from npcstats.display.looks import HAIR, INK, SOFT, look_of
from npcstats.display.lookup import analysis_of, groups_of, intervals, name_of, pairs_of, percents, short_arm
from npcstats.display.scales import ticks_inside
from npcstats.display.sheet import Sheet
from npcstats.display.specs import WIDTHS
from npcstats.errors import ResultsError
from npcstats.formatting import format_percent_level
from npcstats.results import Results, Row

ROW_HEIGHT = {1: 4.8, 2: 6.4}
LINE_HEIGHT, WORD_HEIGHT = 3.4, 3.0
LABEL_SHARE = {"full": 0.32, "column": 0.34}
LABEL_GAP, EDGE, OUT = 3.5, 4.0, 2.5
GUTTER = {"full": 11.0, "column": 8.0}
SHARE_OF_ROOM = {1: 0.53, 2: 0.46}
TICK_ROOM = {"full": 12.0, "column": 8.0}
MOST_TICKS = 6
AXIS_ROOM, TOP = 5.4, 2.4
SIGN_ROOM, KEY_GAP = 3.2, 8.0
MARGIN, LEAST_SPAN = 0.04, 0.05
MARKER, APART = 4.0, 0.18
NOT_ESTIMATED = "NE"
SIGNS = {False: ("s", SOFT, 3.4), True: ("D", INK, 3.4)}
"""Marker, colour and size of a difference, by whether it is adjusted; the first is open, the second filled."""

_Rows = Mapping[str, Row]


@dataclass(frozen=True)
class _Event:
    """A line of the figure: its words, the risk in each group, the differences by block."""

    code: str
    name: str
    risks: Mapping[str, _Rows]
    differences: Mapping[str, _Rows]


@dataclass(frozen=True)
class _Layout:
    """Where things stand, in millimetres from the left or the foot of the page."""

    names: tuple[str, ...]
    row: float
    shares: tuple[float, float]
    differences: tuple[float, float]
    axis_names: tuple[str, str]
    below: float
    above: float
    key: Key
    signs: tuple[str, ...]


def harms_figure(results: Results, spec: HarmsPlot, *, fonts: Fonts) -> Figure:
    """Draw the share of participants with each event of a family, and the difference where two arms are compared.

    Parameters
    ----------
    results : Results
        Rows of kind ``harms``.
    spec : HarmsPlot
        Which analysis, in which order, and whether adjusted differences are drawn.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Shares as lines with gid ``risk-ARM``, pooled limits as ``risk-limits-EVENT``; differences as
        ``difference-BLOCK`` and ``limits-BLOCK-EVENT``; one that could not be estimated is NE.

    Raises
    ------
    ResultsError
        If the analysis is of another kind, or its adjusted differences are asked for and were not made.
    """
    analysis_of(results, spec.analysis, "harms")
    arms = groups_of(results, spec.analysis)
    pair = next(iter(pairs_of(results, spec.analysis, ("risk_difference",))), ())
    events = _events(results, spec)
    blocks = tuple(dict.fromkeys(block for event in events for block in event.differences))
    if pair and spec.adjusted and len(blocks) < len(SIGNS):
        raise ResultsError(f"{spec.analysis}: no adjusted differences were made; a figure draws only rows that exist.")
    sheet, layout = _lay_out(results, spec, events, arms, pair, blocks, fonts)
    _draw_shares(sheet, layout, results, spec, events, arms)
    if pair:
        _draw_differences(sheet, layout, results, spec, events, pair, blocks)
    return sheet.figure


def _events(results: Results, spec: HarmsPlot) -> list[_Event]:
    entry, asked = analysis_of(results, spec.analysis), {"analysis": spec.analysis}
    risks = intervals(results, "variable", "arm", **asked, measure="risk", block="")
    between = intervals(results, "variable", "block", **asked, measure="risk_difference")
    arms = groups_of(results, spec.analysis)
    blocks = [block for block in dict.fromkeys(block for _, block in between) if spec.adjusted or block == UNADJUSTED]
    return [
        _Event(
            code,
            name_of(entry, "variable", code).replace(" ≥ ", f"{NO_BREAK}≥{NO_BREAK}"),
            {arm: risks[code, arm] for arm in arms},
            {str(block): between[code, block] for block in blocks},
        )
        for code in ordered_events(results, spec.analysis, spec.order)
    ]


def _lay_out(
    results: Results,
    spec: HarmsPlot,
    events: Sequence[_Event],
    arms: Sequence[str],
    pair: Sequence[str],
    blocks: Sequence[str],
    fonts: Fonts,
) -> tuple[Sheet, _Layout]:
    """Give labels the room they need, share the rest between the panels, and let every line of words count."""
    width, marks = WIDTHS[spec.width], max(1, len(blocks))
    draft = Sheet(width, 50.0, fonts)
    names = tuple(draft.wrap(event.name, LABEL_SHARE[spec.width] * width, size=SMALL_SIZE) for event in events)
    left, right = draft.widest(names, size=SMALL_SIZE) + LABEL_GAP, width - EDGE
    middle = left + (right - left) * SHARE_OF_ROOM[marks] if pair else right + GUTTER[spec.width] / 2
    shares = (left, middle - GUTTER[spec.width] / 2)
    differences = (middle + GUTTER[spec.width] / 2, right)
    axis_names = (
        draft.wrap("Participants with the event", shares[1] - shares[0]),
        draft.wrap(_difference_name(results, events, pair), differences[1] - differences[0] + EDGE) if pair else "",
    )
    room = shares[1] - left if spec.width == "full" else right - left
    key = arrange_key(draft, results, arms, left=left, room=room, free=SIGN_ROOM, gap=KEY_GAP)
    entry = analysis_of(results, spec.analysis)
    room = right - _signs_left(spec, left, differences) - SIGN_ROOM
    signs = tuple(draft.wrap(name_of(entry, "block", block), room, size=SMALL_SIZE) for block in blocks)
    above = TOP + LINE_HEIGHT * _lines_above(spec, key, signs, len(arms))
    if pair:
        above += WORD_HEIGHT * (1 + max(words.count("\n") for words in _sides(draft, results, pair, differences)))
    below = AXIS_ROOM + WORD_HEIGHT * (1 + max(name.count("\n") for name in axis_names))
    row = max(ROW_HEIGHT[marks], *(WORD_HEIGHT * (1 + name.count("\n")) + 1.0 for name in names))
    layout = _Layout(names, row, shares, differences, axis_names, below, above, key, signs)
    return Sheet(width, above + row * len(events) + below, fonts), layout


def _signs_left(spec: HarmsPlot, left: float, differences: tuple[float, float]) -> float:
    return differences[0] if spec.width == "full" else left


def _lines_above(spec: HarmsPlot, key: Key, signs: Sequence[str], arms: int) -> int:
    """Lines of both keys: beside one another where a page is wide, else one below the other."""
    own = key.last + 1 if arms > 1 else 0
    of_signs = sum(words.count("\n") + 1 for words in signs)
    return max(own, of_signs) if spec.width == "full" else own + of_signs


def _difference_name(results: Results, events: Sequence[_Event], pair: Sequence[str]) -> str:
    rows = [row for event in events for block in event.differences.values() for row in block.values()]
    levels = {row.conf_level for row in rows if not math.isnan(row.conf_level)}
    named = f"Difference {short_arm(results, pair[0])} − {short_arm(results, pair[-1])}, points"
    return f"{named} ({format_percent_level(levels.pop())}{NO_BREAK}CI)" if len(levels) == 1 else named


def _sides(sheet: Sheet, results: Results, pair: Sequence[str], span: tuple[float, float]) -> tuple[str, str]:
    """On which side of no difference fewer of which arm had the event, in as many lines as need be."""
    first, last = (short_arm(results, arm) for arm in pair)
    room = (span[1] - span[0]) / 2 + OUT - 1.0
    words = (f"← fewer in {first}", f"fewer in {last} →")
    if max(sheet.extent(side, size=SMALL_SIZE) for side in words) <= room:
        return words
    named = [sheet.wrap(f"in {arm}", room, size=SMALL_SIZE) for arm in (first, last)]
    return f"← fewer\n{named[0]}", f"fewer →\n{named[1]}"


def _panel(sheet: Sheet, layout: _Layout, span: tuple[float, float]) -> Axes:
    axes = sheet.axes(span[0], layout.below, span[1], sheet.height - layout.above)
    axes.set_ylim(len(layout.names) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    for place in range(len(layout.names)):
        axes.axhline(place, color=HAIR, linewidth=0.5, zorder=0)
    return axes


def _draw_shares(
    sheet: Sheet, layout: _Layout, results: Results, spec: HarmsPlot, events: Sequence[_Event], arms: Sequence[str]
) -> None:
    axes, alone = _panel(sheet, layout, layout.shares), len(arms) == 1
    stats = ("estimate", "ci_high") if alone else ("estimate",)
    tops = [rows[stat].value for event in events for rows in event.risks.values() for stat in stats]
    axes.set_xlim(0.0, min(1.0, max([LEAST_SPAN, *filter(math.isfinite, tops)]) * (1 + MARGIN)))
    steps = ticks_inside(*axes.get_xlim(), _most(layout.shares, spec))
    sheet.ticks(axes, "x", steps, [words + "%" for words in percents(results, steps)])
    sheet.ticks(axes, "y", range(len(events)), layout.names)
    axes.tick_params(axis="y", length=0, pad=4)
    sheet.name(axes, "x", layout.axis_names[0])
    for arm in arms:
        look = look_of(results, arm)
        values = [event.risks[arm]["estimate"].value for event in events]
        axes.plot(values, range(len(events)), linestyle="none", marker=look.marker, markersize=MARKER,
                  color=look.color, markerfacecolor=look.color if look.filled else "none", markeredgewidth=0.9,
                  gid=f"risk-{arm}", clip_on=False, zorder=3)  # fmt: skip
    for place, event in enumerate(events):
        if alone:
            _limits(axes, event.risks[arms[0]], place, look_of(results, arms[0]).color, f"risk-limits-{event.code}")
        if all(math.isnan(rows["estimate"].value) for rows in event.risks.values()):
            _write_unknown(sheet, axes, place, f"unknown-risk-{event.code}")
    if not alone:
        for x, y, look in write_key(sheet, layout.key, top=TOP, indent=SIGN_ROOM, step=LINE_HEIGHT):
            _sign(sheet, x + 1.0, y, look.marker, look.color, look.face, MARKER)


def _draw_differences(
    sheet: Sheet,
    layout: _Layout,
    results: Results,
    spec: HarmsPlot,
    events: Sequence[_Event],
    pair: Sequence[str],
    blocks: Sequence[str],
) -> None:
    axes = _panel(sheet, layout, layout.differences)
    drawn = [row.value for event in events for rows in event.differences.values() for row in rows.values()]
    known = [value for value in drawn if math.isfinite(value)]
    low, high = min([-LEAST_SPAN, *known]), max([LEAST_SPAN, *known])
    room = MARGIN * (high - low)
    axes.set_xlim(low - room, high + room)
    steps = ticks_inside(low - room, high + room, _most(layout.differences, spec))
    signs = ["+" if step > 0 else "" for step in steps]
    sheet.ticks(axes, "x", steps, [sign + words for sign, words in zip(signs, percents(results, steps), strict=True)])
    sheet.ticks(axes, "y", [], [])
    sheet.name(axes, "x", layout.axis_names[1])
    axes.plot([0, 0], [-0.5, len(events) - 0.5], color=INK, linewidth=0.6, zorder=1, gid="no-difference")
    for nth, block in enumerate(blocks):
        _draw_block(sheet, axes, events, block, APART * (2 * nth - len(blocks) + 1))
    _write_signs(sheet, layout, spec, blocks)
    for words, x, side in zip(_sides(sheet, results, pair, layout.differences),
                              (layout.differences[0] - OUT, layout.differences[1] + OUT), ("left", "right"),
                              strict=True):  # fmt: skip
        lines = 1 + words.count("\n")
        top = sheet.height - layout.above + WORD_HEIGHT * lines
        sheet.write(x, top, words, color=SOFT, size=SMALL_SIZE, ha=side, va="top", linespacing=1.1)


def _draw_block(sheet: Sheet, axes: Axes, events: Sequence[_Event], block: str, offset: float) -> None:
    marker, color, size = SIGNS[block != UNADJUSTED]
    values = [event.differences[block]["estimate"].value for event in events]
    places = [place + offset for place in range(len(events))]
    face = "white" if block == UNADJUSTED else color
    axes.plot(values, places, linestyle="none", marker=marker, markersize=size, color=color, markerfacecolor=face,
              markeredgewidth=0.9, zorder=3, gid=f"difference-{block}")  # fmt: skip
    for place, event, value in zip(places, events, values, strict=True):
        if math.isnan(value):
            _write_unknown(sheet, axes, place, f"unknown-{block}-{event.code}")
        else:
            _limits(axes, event.differences[block], place, color, f"limits-{block}-{event.code}")


def _write_signs(sheet: Sheet, layout: _Layout, spec: HarmsPlot, blocks: Sequence[str]) -> None:
    """Say above the differences which sign is the one as observed, and which is adjusted."""
    left = _signs_left(spec, layout.shares[0], layout.differences)
    line = layout.key.last + 1 if spec.width == "column" else 0
    for block, words in zip(blocks, layout.signs, strict=True):
        y = sheet.height - TOP - LINE_HEIGHT * line
        marker, color, size = SIGNS[block != UNADJUSTED]
        _sign(sheet, left + 1.0, y, marker, color, "white" if block == UNADJUSTED else color, size)
        for nth, part in enumerate(words.split("\n")):
            sheet.write(left + SIGN_ROOM, y - LINE_HEIGHT * nth, part, size=SMALL_SIZE, ha="left",
                        va="center_baseline")  # fmt: skip
        line += 1 + words.count("\n")


def _sign(sheet: Sheet, x: float, y: float, marker: str, color: str, face: str, size: float) -> None:
    sheet.figure.add_artist(
        Line2D([x / sheet.width], [y / sheet.height], linestyle="none", marker=marker, color=color, markersize=size,
               markerfacecolor=face, markeredgewidth=0.9)
    )  # fmt: skip


def _limits(axes: Axes, rows: _Rows, place: float, color: str, gid: str) -> None:
    ends = [rows[stat].value for stat in ("ci_low", "ci_high")]
    if all(map(math.isfinite, ends)):
        axes.plot(ends, [place, place], color=color, linewidth=0.9, zorder=2, solid_capstyle="butt", gid=gid)


def _write_unknown(sheet: Sheet, axes: Axes, place: float, gid: str) -> None:
    low, _ = axes.get_xlim()
    sheet.write_on(axes, low, place, NOT_ESTIMATED, color=SOFT, size=SMALL_SIZE, ha="left", va="center", gid=gid)


def _most(span: tuple[float, float], spec: HarmsPlot) -> int:
    """Steps that the width of a panel has room for."""
    return max(2, min(MOST_TICKS, int((span[1] - span[0]) / TICK_ROOM[spec.width])))
