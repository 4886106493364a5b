"""Adverse events by term: the share in each arm, and beside it the difference with its limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from npcstats.analyses.toxicity.displays import ToxicityDots
from npcstats.analyses.toxicity.rows import COMPOSITES
from npcstats.analyses.toxicity.words import severe_terms
from npcstats.display.anatomy import NO_BREAK
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.key import Key, arrange_key, write_key
from npcstats.display.looks import HAIR, INK, SOFT, look_of
from npcstats.display.lookup import analysis_of, groups_of, intervals, name_of, percents, short_arm
from npcstats.display.scales import ticks_inside
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.errors import ResultsError
from npcstats.formatting import format_percent_level
from npcstats.results import EVERYONE, Results, Row, select

ROW_HEIGHT = 4.6
LINE_HEIGHT = 3.0
LINE_STEP, ROW_SPARE = 2.95, 1.4
PAGE_ROOM = 200.0
LEAST_HEIGHT = 3.2
KEY_GAP, KEY_TOP = 8.0, 2.4
SIGN_ROOM = 3.2
KEY_APART = 4.0
AXIS_ROOM = 5.4
HEAD_ROOM = {"full": 6.5, "column": 11.0}
SIDES_TOP = {"full": 1.2, "column": 4.6}
BARE_HEAD_ROOM = 1.5
GUTTER = {"full": 11.0, "column": 8.0}
LABEL_SHARE = {"full": 0.30, "column": 0.34}
EDGE = 4.0
OVERHANG = 2.5
MARKER = 4.0
MARGIN = 0.04
TICK_ROOM = {"full": 12.0, "column": 8.0}
NOTHING = "No term reaches the threshold of this figure."


@dataclass(frozen=True)
class _Term:
    """A line of the figure: its words, the risk in each group, the difference if there is one."""

    block: str
    code: str
    name: str
    risks: dict[str, dict[str, Row]]
    difference: dict[str, Row]

    @property
    def largest(self) -> float:
        """Largest share of a group; below any share where none could be estimated."""
        known = [rows["estimate"].value for rows in self.risks.values() if not math.isnan(rows["estimate"].value)]
        return max(known, default=-math.inf)


@dataclass(frozen=True)
class _Layout:
    """Where things stand, in millimetres, and the words broken to fit."""

    names: tuple[str, ...]
    places: tuple[float, ...]
    shares: tuple[float, float]
    differences: tuple[float, float]
    axis_names: tuple[str, ...]
    below: float
    above: float
    key: Key


def toxicity_dot_figure(results: Results, spec: ToxicityDots, *, fonts: Fonts) -> Figure:
    """Draw the share of participants with each term, and the risk difference where two arms are compared.

    Parameters
    ----------
    results : Results
        Rows of kind ``toxicity``.
    spec : ToxicityDots
        Which analysis, window, grade band and terms.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Shares as lines with gid ``risk-ARM``, differences as ``difference`` and ``difference-limits-TERM``; pooled
        limits as ``risk-limits-TERM``. Terms from the top by difference, or by share when pooled. Where none reaches
        the minimum, an empty frame that says so.

    Raises
    ------
    ResultsError
        If the analysis has no such level or window, or a term lacks the risk of an arm.
    """
    entry = analysis_of(results, spec.analysis, "toxicity")
    for column, code in (("level", spec.level), ("window", spec.window)):
        known = entry.labels.get(column, {})
        if code not in known:
            raise ResultsError(f"{spec.analysis}: {column} is {code!r}; one of {', '.join(known)} is required.")
    arms = groups_of(results, spec.analysis)
    pair = _pair(results, spec)
    terms = _terms(results, spec, arms, pair)
    if not terms:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    sheet, layout = _lay_out(results, spec, terms, arms, pair, fonts)
    _draw_shares(sheet, layout, results, spec, terms, arms)
    if pair:
        _draw_differences(sheet, layout, results, spec, terms, pair)
    return sheet.figure


def _pair(results: Results, spec: ToxicityDots) -> tuple[str, ...]:
    """Arm and reference of the differences drawn, the first pair that is compared; empty where no two are."""
    rows = select(results, analysis=spec.analysis, window=spec.window, level=spec.level, measure="risk_difference")
    return (rows[0].arm, rows[0].reference) if rows else ()


def _lay_out(
    results: Results,
    spec: ToxicityDots,
    terms: Sequence[_Term],
    arms: Sequence[str],
    pair: Sequence[str],
    fonts: Fonts,
) -> tuple[Sheet, _Layout]:
    """Give labels the room they need, share the rest between the panels, and let every line of words count."""
    width = WIDTHS[spec.width]
    draft = Sheet(width, 50.0, fonts)
    names = tuple(draft.wrap(term.name, LABEL_SHARE[spec.width] * width, size=SMALL_SIZE) for term in terms)
    left = max(draft.extent(line, size=SMALL_SIZE) for name in names for line in name.split("\n")) + 3.5
    right = width - EDGE
    middle = left + (right - left) * 0.53
    shares = (left, middle - GUTTER[spec.width] / 2) if pair else (left, right)
    differences = (middle + GUTTER[spec.width] / 2, right)
    axis_names = [draft.wrap(_share_name(results, spec), shares[1] - shares[0])]
    if pair:
        room = differences[1] - differences[0] + EDGE
        axis_names.append(draft.wrap(_difference_name(results, terms, pair), room))
    below = AXIS_ROOM + LINE_HEIGHT * max(name.count("\n") + 1 for name in axis_names)
    heights = _row_heights(names)
    end = (differences[0] if pair else right) - KEY_APART if spec.width == "full" else right
    key = arrange_key(draft, results, arms, left=left, room=end - left, free=SIGN_ROOM, gap=KEY_GAP)
    above = BARE_HEAD_ROOM
    if len(arms) > 1:
        more = key.last
        if pair:
            sides = max(words.count("\n") for words in _side_names(draft, differences, results, pair)[0])
            sides = sides if sides > 1 else 0
            more = max(more, sides) if spec.width == "full" else more + sides
        above = HEAD_ROOM[spec.width] + LINE_HEIGHT * more
    layout = _Layout(names, _places(heights), shares, differences, tuple(axis_names), below, above, key)
    return Sheet(width, above + sum(heights) + below, fonts), layout


def _row_heights(names: Sequence[str]) -> list[float]:
    """Millimetres of each row: the same for all where a page has room, else as many as its own words need."""
    lines = [name.count("\n") for name in names]
    more = [max(LINE_HEIGHT * count * 0.75, LINE_STEP * count - ROW_SPARE) for count in lines]
    if (ROW_HEIGHT + max(more)) * len(names) <= PAGE_ROOM:
        return [ROW_HEIGHT + max(more)] * len(names)
    row = max(LEAST_HEIGHT, min(ROW_HEIGHT, (PAGE_ROOM - sum(more)) / len(names)))
    return [row + room for room in more]


def _places(heights: Sequence[float]) -> tuple[float, ...]:
    """The middle of each row, and the end of the last, in rows of the usual height; of like rows 0, 1, 2."""
    if len({*heights}) == 1:
        return tuple(map(float, range(len(heights) + 1)))
    ends = [end / ROW_HEIGHT for end in accumulate(heights)]
    return (*(end - height / ROW_HEIGHT / 2 - 0.5 for end, height in zip(ends, heights, strict=True)), ends[-1])


def _share_name(results: Results, spec: ToxicityDots) -> str:
    band = name_of(analysis_of(results, spec.analysis), "level", spec.level)
    return "Participants with " + f"{band[:1].lower()}{band[1:]}".replace(" ", NO_BREAK)


def _difference_name(results: Results, terms: Sequence[_Term], pair: Sequence[str]) -> str:
    levels = {row.conf_level for term in terms for row in term.difference.values() if not math.isnan(row.conf_level)}
    named = f"{short_arm(results, pair[0])} − {short_arm(results, pair[-1])}"
    if len(levels) != 1:
        return f"Difference {named}, points"
    return f"Difference {named}, points ({format_percent_level(levels.pop())}{NO_BREAK}CI)"


def _terms(results: Results, spec: ToxicityDots, arms: Sequence[str], pair: Sequence[str]) -> list[_Term]:
    entry = analysis_of(results, spec.analysis)
    asked = {"analysis": spec.analysis, "window": spec.window, "level": spec.level}
    risks = intervals(results, "block", "variable", "arm", **asked, measure="risk")
    between = {"arm": pair[0], "reference": pair[-1]} if pair else {}
    contrasts = intervals(results, "block", "variable", **asked, **between, measure="risk_difference")
    places = dict.fromkeys(
        (block, name) for block, name, _ in risks if EVERYONE not in (block, name) and block != COMPOSITES
    )
    counted = [arm for arm in arms if any(place[2] == arm for place in risks)]
    found = []
    for block, name in places:
        missing = [arm for arm in counted if (block, name, arm) not in risks]
        if missing:
            raise ResultsError(
                f"{spec.analysis}: {name} has no risk for {', '.join(missing)}; one per arm is required."
            )
        of_arms = {arm: risks[block, name, arm] for arm in counted}
        words = name_of(entry, "variable", str(name))
        found.append(_Term(str(block), str(name), words, of_arms, contrasts.get((block, name), {})))
    severe = severe_terms(results, spec.analysis, (spec.window,))
    kept = sorted((term for term in found if term.largest >= spec.minimum), key=lambda term: -term.largest)
    always = [term for term in found if (term.block, term.code) in severe and not math.isnan(term.largest)]
    chosen = {id(term): term for term in [*kept[: spec.limit or None], *always]}
    return sorted(chosen.values(), key=_rank)


def _rank(term: _Term) -> tuple[float, str]:
    if term.difference:
        value = term.difference["estimate"].value
        return (math.inf if math.isnan(value) else value, term.name)
    return (-term.largest, term.name)


def _draw_shares(
    sheet: Sheet, layout: _Layout, results: Results, spec: ToxicityDots, terms: Sequence[_Term], arms: Sequence[str]
) -> None:
    axes = _panel(sheet, layout, layout.shares)
    stats = ("estimate", "ci_high") if len(arms) == 1 else ("estimate",)
    tops = [rows[stat].value for term in terms for rows in term.risks.values() for stat in stats]
    high = max([0.05, *(value for value in tops if not math.isnan(value))])
    axes.set_xlim(0.0, min(1.0, high * (1 + MARGIN)))
    steps = ticks_inside(*axes.get_xlim(), _most(layout.shares, spec))
    sheet.ticks(axes, "x", steps, [words + "%" for words in percents(results, steps)])
    sheet.ticks(axes, "y", layout.places[:-1], layout.names)
    axes.tick_params(axis="y", length=0, pad=4)
    sheet.name(axes, "x", layout.axis_names[0])
    for arm in arms:
        look = look_of(results, arm)
        values = [term.risks[arm]["estimate"].value if arm in term.risks else math.nan for term in terms]
        axes.plot(values, layout.places[:-1], linestyle="none", marker=look.marker, markersize=MARKER, color=look.color,
                  markerfacecolor=look.color if look.filled else "none", markeredgewidth=0.9, gid=f"risk-{arm}",
                  clip_on=False, zorder=3)  # fmt: skip
    if len(arms) == 1:
        for i, term in zip(layout.places, terms, strict=False):
            _limits(axes, term.risks[arms[0]], i, look_of(results, arms[0]).color, f"risk-limits-{term.name}")
    else:
        _draw_key(sheet, layout.key)


def _draw_key(sheet: Sheet, key: Key) -> None:
    """Say above the panel which sign is which arm."""
    for x, y, look in write_key(sheet, key, top=KEY_TOP, indent=SIGN_ROOM, step=LINE_HEIGHT):
        sheet.figure.add_artist(
            Line2D([(x + 1.0) / sheet.width], [y / sheet.height], linestyle="none", marker=look.marker,
                   color=look.color, markersize=MARKER, markerfacecolor=look.face, markeredgewidth=0.9)
        )  # fmt: skip


def _draw_differences(
    sheet: Sheet, layout: _Layout, results: Results, spec: ToxicityDots, terms: Sequence[_Term], pair: Sequence[str]
) -> None:
    axes = _panel(sheet, layout, layout.differences)
    values = [row.value for term in terms for row in term.difference.values() if not math.isnan(row.value)]
    low, high = min([-0.05, *values]), max([0.05, *values])
    room = MARGIN * (high - low)
    axes.set_xlim(low - room, high + room)
    steps = ticks_inside(low - room, high + room, _most(layout.differences, spec))
    signs = ["+" if step > 0 else "" for step in steps]
    sheet.ticks(axes, "x", steps, [a + b for a, b in zip(signs, percents(results, steps), strict=True)])
    sheet.ticks(axes, "y", [], [])
    axes.plot([0, 0], [-0.6, layout.places[-1] - 0.4], color=INK, linewidth=0.6, zorder=1, gid="no-difference")
    drawn = [(i, term) for i, term in zip(layout.places, terms, strict=False) if term.difference]
    for i, term in drawn:
        _limits(axes, term.difference, i, INK, f"difference-limits-{term.name}")
    values = [term.difference["estimate"].value for _, term in drawn]
    axes.plot(values, [i for i, _ in drawn], linestyle="none", marker="s", markersize=3.2, color=INK, zorder=3,
              gid="difference")  # fmt: skip
    sheet.name(axes, "x", layout.axis_names[1])
    keyed = 0 if spec.width == "full" else layout.key.last
    _name_sides(sheet, layout.differences, sheet.height - SIDES_TOP[spec.width] - LINE_HEIGHT * keyed, results, pair)


def _side_names(
    sheet: Sheet, span: tuple[float, float], results: Results, pair: Sequence[str]
) -> tuple[tuple[str, str], float]:
    """Which side of the differences favours which arm, in as many lines as need be, and how far they hang out."""
    first, last = (short_arm(results, arm) for arm in (pair[0], pair[-1]))
    signs = (f"← fewer in {first}", f"fewer in {last} →")
    if sum(sheet.extent(words, size=SMALL_SIZE) for words in signs) + 4.0 <= span[1] - span[0]:
        return signs, 0.0
    parts = [f"in {first}", f"in {last}"]
    if sum(sheet.extent(words, size=SMALL_SIZE) for words in parts) > span[1] - span[0] + 2 * OVERHANG - 2.0:
        room = (span[1] - span[0]) / 2 + OVERHANG - 1.0
        parts = [sheet.wrap(words, room, size=SMALL_SIZE) for words in parts]
    return (f"← fewer\n{parts[0]}", f"fewer →\n{parts[1]}"), OVERHANG


def _name_sides(sheet: Sheet, span: tuple[float, float], top: float, results: Results, pair: Sequence[str]) -> None:
    """Say above the differences which side favours which arm."""
    signs, out = _side_names(sheet, span, results, pair)
    for edge, side, words in ((span[0] - out, "left", signs[0]), (span[1] + out, "right", signs[1])):
        sheet.write(edge, top, words, color=SOFT, size=SMALL_SIZE, ha=side, va="top", linespacing=1.1)


def _panel(sheet: Sheet, layout: _Layout, span: tuple[float, float]) -> Axes:
    axes = sheet.axes(span[0], layout.below, span[1], sheet.height - layout.above)
    axes.set_ylim(layout.places[-1] - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    for i in layout.places[:-1]:
        axes.axhline(i, color=HAIR, linewidth=0.5, zorder=0)
    return axes


def _limits(axes: Axes, rows: dict[str, Row], height: float, color: str, gid: str) -> None:
    if "ci_low" in rows and "ci_high" in rows:
        axes.plot([rows["ci_low"].value, rows["ci_high"].value], [height, height], color=color, linewidth=0.8, zorder=2,
                  solid_capstyle="butt", gid=gid)  # fmt: skip


def _most(span: tuple[float, float], spec: ToxicityDots) -> int:
    """Steps that the width of a panel has room for."""
    return max(2, min(6, int((span[1] - span[0]) / TICK_ROOM[spec.width])))
