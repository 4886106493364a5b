"""Hazard ratios in subgroups: events by arm, the ratio with its limits as text and as a square with a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.regression.displays import Forest
from npcstats.analyses.regression.figure.lines import (
    INDENT,
    Line,
    Words,
    letters_of,
    level_of,
    lines_of,
    parts_of,
    words_of,
)
from npcstats.analyses.regression.rows import UNADJUSTED
from npcstats.analyses.regression.words import RATIOS
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, INK, SOFT, look_of
from npcstats.display.lookup import INTERVAL, analysis_of, groups_of, intervals, printed, short_arm
from npcstats.display.scales import decimals_of
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results

NOTHING = "No arms were compared, so there is no hazard ratio to draw."
ARROW = "Arrow: the limit is beyond the axis."
PARTS = ("estimate", "low", "to", "high")

ROW_HEIGHT = 4.0
AXIS_ROOM = 8.6
EDGE, GAP = 0.8, 3.0
LABEL_ROOM = {"full": 42.0, "column": 22.0}
ARM_ROOM = {"full": 20.0, "column": 9.5}
TITLE_ROOM = 24.0
TEST_TITLE = "Interaction\np"
LEAST_PLOT = {"full": 30.0, "column": 18.0}
PLOT_PAD = {"full": 6.0, "column": 2.8}
CLEAR = 1.2
LETTER_GAP = 0.5
BETWEEN = 1.0
LEAST_SPAN, MOST_SPAN = 2.0, 10.0
AROUND = 1.15
MARGIN = 1.06
FACTORS = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))


@dataclass(frozen=True)
class _Columns:
    """Where columns stand, in millimetres: room of the labels, right edges of numbers, both ends of the plot."""

    labels: float
    counts: tuple[float, ...]
    plot: tuple[float, float]
    parts: tuple[float, ...]
    test: float


@dataclass(frozen=True)
class _Heading:
    """Words above a column."""

    x: float
    side: Literal["left", "right"]
    words: str
    color: str = INK
    weight: str = "semibold"


def forest_figure(results: Results, spec: Forest, *, fonts: Fonts) -> Figure:
    """Draw the ratio of the arms' hazards for all participants and in each subgroup.

    Parameters
    ----------
    results : Results
        Rows of kind ``regression``.
    spec : Forest
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Ratios as points with gid ``ratio-ARM-SUBGROUP``, that of a stratified model as ``ratio-ARM-stratified``,
        limits as ``limits-…``, their words as ``estimate-…``, ``low-…`` and ``high-…``, events as
        ``events-OTHER-ARM-SUBGROUP`` and tests as ``interaction-ARM-VARIABLE``, or, where several contrasts share a
        test, once below them as ``interaction-all-VARIABLE``. A ratio that could not be estimated is
        NE, and its reason stands below. At column width events stand under the labels; they are left out where the plot
        would have too little room. Without a ratio, an empty frame says why.
    """
    entry = analysis_of(results, spec.analysis, "regression")
    asked = {"analysis": spec.analysis, "block": UNADJUSTED, "measure": "hazard_ratio"}
    found = intervals(results, "arm", "reference", "subgroup", **asked)
    contrasts = list(dict.fromkeys((str(arm), str(other)) for arm, other, _ in found if other))
    if not contrasts:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    arms = groups_of(results, spec.analysis)
    lines = lines_of(results, spec.analysis, contrasts, arms)
    letters = letters_of(lines)
    words = [words_of(results, line, letters, beside=spec.width == "full") for line in lines]
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    title = RATIOS.get(entry.chosen("model", str, ""), RATIOS["cox"])
    title = draft.wrap(title, TITLE_ROOM, weight="semibold", size=SMALL_SIZE) + level_of(lines)
    columns = _columns(draft, results, spec, lines, words, arms, title)
    headings = _headings(draft, results, spec, columns, contrasts, arms, title, words)
    labels = [draft.wrap(line.label, columns.labels - line.indent, weight=line.weight, size=SMALL_SIZE)
              for line in lines]  # fmt: skip
    under = LINE_HEIGHT if spec.width == "column" and columns.counts else 0.0
    heights = [line.air + ROW_HEIGHT + LINE_HEIGHT * label.count("\n") + (under if line.ratio else 0.0)
               for line, label in zip(lines, labels, strict=True)]  # fmt: skip
    span, cut = _span(lines)
    told = [f"{letter} {reason}" for reason, letter in letters.items()] + [ARROW] * cut
    below = [line for text in told for line in draft.wrap(text, draft.width - 2 * EDGE, size=SMALL_SIZE).split("\n")]
    foot = 1.0 + (LINE_HEIGHT * len(below) + 1.0 if below else 0.0)
    head = 2.0 + LINE_HEIGHT * (1 + max(heading.words.count("\n") for heading in headings))
    sheet = Sheet(WIDTHS[spec.width], head + sum(heights) + AXIS_ROOM + foot, fonts)
    top = sheet.height - head
    axes = _open_plot(sheet, results, columns.plot, (foot + AXIS_ROOM, top), span)
    for heading in headings:
        sheet.write(heading.x, top + 1.0, heading.words, weight=heading.weight, color=heading.color, ha=heading.side,
                    va="bottom", size=SMALL_SIZE, linespacing=LINE_SPACING)  # fmt: skip
    for line, label, word, height in zip(lines, labels, words, heights, strict=True):
        middle = top - line.air - ROW_HEIGHT / 2
        _write_line(sheet, line, label, word, columns, middle)
        counted = middle - (under + LINE_HEIGHT * label.count("\n") if under else 0.0)
        for arm, x, count in zip(arms, columns.counts, word.counts, strict=False):
            sheet.write(x, counted, count, color=look_of(results, arm).color, size=SMALL_SIZE, ha="right", va="center",
                        gid=f"events-{arm}-{line.place}")  # fmt: skip
        _draw_ratio(axes, line, middle, span)
        top -= height
    for i, text in enumerate(below):
        sheet.write(EDGE, foot - LINE_HEIGHT * (i + 1), text, color=SOFT, size=SMALL_SIZE, ha="left", va="baseline",
                    gid=f"note-{i}")  # fmt: skip
    return sheet.figure


# Lines find their places ---------------------------------------------------------------------------------------------


def _columns(
    draft: Sheet,
    results: Results,
    spec: Forest,
    lines: Sequence[Line],
    words: Sequence[Words],
    arms: Sequence[str],
    title: str,
) -> _Columns:
    """Give each column what it needs and the plot what is left; no counts where that is too little."""
    room, pad = LABEL_ROOM[spec.width], PLOT_PAD[spec.width]
    wrapped = [draft.wrap(line.label, room - line.indent, weight=line.weight, size=SMALL_SIZE) for line in lines]
    labels = max(draft.widest([text], weight=line.weight, size=SMALL_SIZE) + line.indent
                 for line, text in zip(lines, wrapped, strict=True))  # fmt: skip
    test = WIDTHS[spec.width] - EDGE
    parts = _part_edges(draft, spec, words, test)
    widest = max(
        parts[-1] - parts[0] + draft.widest([word.ratio[0] for word in words if word.ratio], size=SMALL_SIZE),
        draft.widest([title], weight="semibold", size=SMALL_SIZE),
    )
    end = parts[-1] - widest - pad
    needed = [
        max(draft.widest([word.counts[i] for word in words if word.counts], size=SMALL_SIZE),
            draft.widest([_arm_name(draft, results, spec, arm)], weight="semibold", size=SMALL_SIZE))
        for i, arm in enumerate(arms)
    ]  # fmt: skip
    under = spec.width == "column"
    start, between = (EDGE + INDENT, CLEAR * 1.5) if under else (EDGE + labels + GAP, GAP)
    edges = tuple(start + sum(needed[: i + 1]) + between * i for i in range(len(arms)))
    first = (max(edges[-1], EDGE + labels) if under else edges[-1]) + pad
    if end - first >= LEAST_PLOT[spec.width] and any(any(word.counts) for word in words):
        return _Columns(max(labels, edges[-1] - EDGE) if under else labels, edges, (first, end), parts, test)
    return _Columns(labels, (), (EDGE + labels + pad, end), parts, test)


def _part_edges(draft: Sheet, spec: Forest, words: Sequence[Words], test: float) -> tuple[float, ...]:
    """Right edges of the parts of the ratios; one edge where no ratio has limits."""
    edge = test - draft.widest([word.letters for word in words if word.ratio], size=SMALL_SIZE) - LETTER_GAP
    edge -= _test_room(draft, words) if spec.width == "full" else 0.0
    edges = [edge]
    whole = [parts for word in words if len(parts := parts_of(word)) > 1]
    for part in list(zip(*whole, strict=True))[:0:-1]:
        edges.append(edges[-1] - draft.widest(part, size=SMALL_SIZE) - BETWEEN)
    return tuple(reversed(edges))


def _test_room(draft: Sheet, words: Sequence[Words]) -> float:
    tests = [word.test for word in words if word.test]
    if not tests:
        return 0.0
    heading = draft.widest([TEST_TITLE], weight="semibold", size=SMALL_SIZE)
    return GAP + max(heading, draft.widest(tests, size=SMALL_SIZE))


def _arm_name(draft: Sheet, results: Results, spec: Forest, arm: str) -> str:
    name = draft.wrap(short_arm(results, arm), ARM_ROOM[spec.width], weight="semibold", size=SMALL_SIZE)
    return f"{name}\nevents / n"


def _headings(
    draft: Sheet,
    results: Results,
    spec: Forest,
    columns: _Columns,
    contrasts: Sequence[tuple[str, str]],
    arms: Sequence[str],
    title: str,
    words: Sequence[Words],
) -> list[_Heading]:
    found = [
        _Heading(x, "right", _arm_name(draft, results, spec, arm), look_of(results, arm).color)
        for arm, x in zip(arms, columns.counts, strict=False)
    ]
    left, right = columns.plot
    lower, higher = _sides(results, contrasts)
    room = (right - left) / 2 - CLEAR / 2
    found.append(_Heading(left, "left", draft.wrap(f"←\u00a0{lower}", room, size=SMALL_SIZE), SOFT, "regular"))
    found.append(_Heading(right, "right", draft.wrap(f"{higher}\u00a0→", room, size=SMALL_SIZE), SOFT, "regular"))
    found.append(_Heading(columns.parts[-1], "right", title))
    if spec.width == "full" and any(word.test for word in words):
        found.append(_Heading(columns.test, "right", TEST_TITLE))
    return found


def _sides(results: Results, contrasts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """What lies on either side of one, without saying which is better."""
    if len(contrasts) == 1:
        name = short_arm(results, contrasts[0][0])
        return f"Lower in {name}", f"Higher in {name}"
    references = {reference for _, reference in contrasts}
    name = short_arm(results, references.pop()) if len(references) == 1 else "the second arm"
    return f"Lower than in {name}", f"Higher than in {name}"


def _span(lines: Sequence[Line]) -> tuple[tuple[float, float], bool]:
    """Ends of the axis, which holds every estimate, and limits as far as that leaves estimates apart; if any is cut."""
    estimates = _known(lines, "estimate")
    limits = _known(lines, "ci_low") + _known(lines, "ci_high")
    low = min([1 / LEAST_SPAN, *(value / AROUND for value in estimates), *(max(v, 1 / MOST_SPAN) for v in limits)])
    high = max([LEAST_SPAN, *(value * AROUND for value in estimates), *(min(v, MOST_SPAN) for v in limits)])
    low, high = low / MARGIN, high * MARGIN
    return (low, high), any(not low <= value <= high for value in limits)


def _known(lines: Sequence[Line], stat: str) -> list[float]:
    values = [line.ratio[stat].value for line in lines if line.ratio]
    return [value for value in values if math.isfinite(value) and (value > 0 or stat != "estimate")]


# Lines are drawn -----------------------------------------------------------------------------------------------------


def _open_plot(
    sheet: Sheet, results: Results, plot: tuple[float, float], heights: tuple[float, float], span: tuple[float, float]
) -> Axes:
    """Axes whose heights are millimetres of the page, so that squares stand beside their words."""
    axes = sheet.axes(plot[0], heights[0], plot[1], heights[1])
    axes.set_xscale("log")
    axes.set_xlim(*span)
    axes.set_ylim(*heights)
    axes.spines["left"].set_visible(False)
    ticks = _ticks(sheet, results, span, plot[1] - plot[0])
    sheet.ticks(axes, "x", ticks, [printed(results, tick, f"decimal{decimals_of(tick)}") for tick in ticks])
    sheet.ticks(axes, "y", [], [])
    sheet.name(axes, "x", "Log scale")
    axes.plot([1.0, 1.0], heights, color=INK, linewidth=0.6, zorder=1, gid="no-difference")
    return axes


def _ticks(sheet: Sheet, results: Results, span: tuple[float, float], width: float) -> list[float]:
    """Round ratios inside the axis, one among them, as many as stand apart."""
    per_decade = width / math.log10(span[1] / span[0])
    powers = range(math.floor(math.log10(span[0])), math.ceil(math.log10(span[1])) + 1)
    for factors in FACTORS:
        steps = [round(factor * 10.0**power, 10) for power in powers for factor in factors]
        inside = [step for step in steps if span[0] <= step <= span[1]]
        sizes = [sheet.extent(printed(results, step, f"decimal{decimals_of(step)}"), size=SMALL_SIZE)
                 for step in inside]  # fmt: skip
        gaps = [math.log10(b / a) * per_decade for a, b in pairwise(inside)]
        if all(gap >= (sizes[i] + sizes[i + 1]) / 2 + CLEAR for i, gap in enumerate(gaps)):
            return inside
    return [1.0]


def _write_line(sheet: Sheet, line: Line, label: str, words: Words, columns: _Columns, middle: float) -> None:
    lowest = middle - LINE_HEIGHT * label.count("\n") / 2
    sheet.write(EDGE + line.indent, lowest, label, weight=line.weight, size=SMALL_SIZE, ha="left", va="center",
                linespacing=LINE_SPACING)  # fmt: skip
    edge = 0.0
    for name, edge, part in zip(PARTS, columns.parts, parts_of(words), strict=False):
        sheet.write(edge, middle, part, size=SMALL_SIZE, ha="right", va="center", gid=f"{name}-{line.place}")
    if words.ratio and words.letters:
        sheet.write(edge + LETTER_GAP, middle, words.letters, size=SMALL_SIZE, ha="left", va="center",
                    gid=f"letters-{line.place}")  # fmt: skip
    if words.test:
        sheet.write(columns.test, middle, words.test, size=SMALL_SIZE, ha="right", va="center",
                    gid=f"interaction-{line.place}")  # fmt: skip


def _draw_ratio(axes: Axes, line: Line, middle: float, span: tuple[float, float]) -> None:
    if not line.ratio:
        return
    axes.plot(span, [middle, middle], color=HAIR, linewidth=0.5, zorder=0, gid=f"_row-{line.place}")
    estimate, low, high = (line.ratio[stat].value for stat in INTERVAL)
    if math.isnan(estimate):
        return
    if not math.isnan(low + high):
        ends = (max(low, span[0]), min(high, span[1]))
        axes.plot(ends, [middle, middle], color=INK, linewidth=0.8, zorder=2, solid_capstyle="butt",
                  gid=f"limits-{line.place}")  # fmt: skip
        for end, marker, beyond in ((span[0], "<", low < span[0]), (span[1], ">", high > span[1])):
            if beyond:
                axes.plot([end], [middle], linestyle="none", marker=marker, markersize=2.6, color=INK, zorder=2,
                          clip_on=False, gid=f"beyond-{line.place}")  # fmt: skip
    axes.plot([estimate], [middle], linestyle="none", marker="s", markersize=3.6, color=INK, zorder=3,
              gid=f"ratio-{line.place}")  # fmt: skip
