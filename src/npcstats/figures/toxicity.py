"""Adverse events by term: the share in each arm, and beside it the difference with its limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from npcstats.errors import ResultsError
from npcstats.figures.rows import contrast_label, entry_of, group_label, groups, intervals, printed, short_label
from npcstats.figures.sheet import (
    HAIR,
    INK,
    SMALL_SIZE,
    SOFT,
    WIDTHS,
    Fonts,
    Look,
    Sheet,
    look_of,
    nice_steps,
)
from npcstats.figures.spec import FigureSpec
from npcstats.formatting import format_percent_level
from npcstats.results import EVERYONE, Results, Row

ROW_HEIGHT = {1: 4.6, 2: 6.4, 3: 9.0}
AXIS_ROOM = {"full": 10.0, "column": 13.0}
HEAD_ROOM = {"full": 6.5, "column": 8.5}
GUTTER = {"full": 11.0, "column": 8.0}
LABEL_SHARE = {"full": 0.30, "column": 0.34}
EDGE = {"full": 4.0, "column": 4.0}
MARKER = 4.0
MARGIN = 0.04
TICK_ROOM = {"full": 13.0, "column": 9.0}


@dataclass(frozen=True)
class _Term:
    """A line of the figure: its words, the risk in each group, the difference if there is one."""

    name: str
    risks: dict[str, dict[str, Row]]
    difference: dict[str, Row]

    @property
    def largest(self) -> float:
        return max(rows["estimate"].value for rows in self.risks.values())


def toxicity_dot_figure(results: Results, spec: FigureSpec, *, fonts: Fonts) -> Figure:
    """Draw the share of participants with each term, and the risk difference where there are arms.

    Parameters
    ----------
    results : Results
        Rows of kind ``toxicity``.
    spec : FigureSpec
        Which analysis, window, grade band and terms.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Shares as lines with gid ``risk-ARM``, differences as ``difference`` and ``difference-limits-TERM``; pooled
        limits as ``risk-limits-TERM``. Terms from the top by difference, or by share when pooled.

    Raises
    ------
    ResultsError
        If no term has rows of the level and window, or none reaches the minimum.
    """
    entry_of(results, spec.analysis, "toxicity")
    arms = groups(results, spec.analysis)
    terms = _terms(results, spec, arms)
    room = LABEL_SHARE[spec.width] * WIDTHS[spec.width]
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    names = [draft.wrap(term.name, room, size=SMALL_SIZE) for term in terms]
    step = ROW_HEIGHT[min(3, max(name.count("\n") + 1 for name in names))]
    height = HEAD_ROOM[spec.width] + step * len(terms) + AXIS_ROOM[spec.width]
    sheet = Sheet(WIDTHS[spec.width], height, fonts)
    left = max(sheet.extent(line, size=SMALL_SIZE) for name in names for line in name.split("\n")) + 3.5
    shares = (left, sheet.width - EDGE[spec.width])
    if len(arms) > 1:
        middle = left + (sheet.width - left) * 0.53
        shares, differences = (left, middle - GUTTER[spec.width] / 2), (middle + GUTTER[spec.width] / 2, shares[1])
        _draw_differences(sheet, differences, results, spec, terms, arms)
    _draw_shares(sheet, shares, results, spec, terms, names, arms)
    return sheet.figure


def _terms(results: Results, spec: FigureSpec, arms: Sequence[str]) -> list[_Term]:
    labels = results.catalogue.analyses[spec.analysis].labels.get("variable", {})
    asked = {"analysis": spec.analysis, "window": spec.window, "level": spec.level}
    risks = intervals(results, "block", "variable", "arm", **asked, measure="risk")
    contrasts = intervals(results, "block", "variable", **asked, measure="risk_difference")
    places = dict.fromkeys((block, name) for block, name, _ in risks if EVERYONE not in (block, name))
    found = []
    for block, name in places:
        groups_rows = {arm: risks[block, name, arm] for arm in arms}
        found.append(_Term(labels.get(str(name), str(name)), groups_rows, contrasts.get((block, name), {})))
    kept = [term for term in found if term.largest >= spec.minimum]
    if not kept:
        raise ResultsError(f"{spec.analysis}: no term reaches {spec.minimum:g} at {spec.level!r} in {spec.window!r}; a "
                           "figure needs at least one.")  # fmt: skip
    if spec.limit:
        kept = sorted(kept, key=lambda term: -term.largest)[: spec.limit]
    return sorted(kept, key=_rank)


def _rank(term: _Term) -> tuple[float, str]:
    if term.difference:
        value = term.difference["estimate"].value
        return (math.inf if math.isnan(value) else value, term.name)
    return (-term.largest, term.name)


def _draw_shares(
    sheet: Sheet,
    span: tuple[float, float],
    results: Results,
    spec: FigureSpec,
    terms: Sequence[_Term],
    names: Sequence[str],
    arms: Sequence[str],
) -> None:
    axes = _panel(sheet, span, len(terms), spec.width)
    tops = [rows[stat].value for t in terms for rows in t.risks.values() for stat in ("estimate", "ci_high")
            if len(arms) == 1 or stat == "estimate"]  # fmt: skip
    high = max([0.05, *(v for v in tops if not math.isnan(v))])
    axes.set_xlim(0.0, min(1.0, high * (1 + MARGIN)))
    steps = [step for step in nice_steps(0.0, high, _most(span, spec)) if step <= axes.get_xlim()[1]]
    sheet.ticks(axes, "x", steps, [printed(results, s, "percent0") + "%" for s in steps])
    sheet.ticks(axes, "y", range(len(terms)), names)
    axes.tick_params(axis="y", length=0, pad=4)
    axes.spines["left"].set_visible(False)
    band = results.catalogue.analyses[spec.analysis].labels.get("level", {}).get(spec.level, spec.level)
    sheet.name(axes, "x", sheet.wrap(f"Participants with {band[:1].lower()}{band[1:]}", span[1] - span[0]))
    for arm in arms:
        look = look_of(results, arm)
        values = [term.risks[arm]["estimate"].value for term in terms]
        axes.plot(values, range(len(terms)), linestyle="none", marker=look.marker, markersize=MARKER, color=look.color,
                  markerfacecolor=look.face if look.filled else "none", markeredgewidth=0.9, gid=f"risk-{arm}",
                  clip_on=False, zorder=3)  # fmt: skip
    if len(arms) == 1:
        for i, term in enumerate(terms):
            _limits(axes, term.risks[arms[0]], i, look_of(results, arms[0]).color, f"risk-limits-{term.name}")
        return
    _key(sheet, span, [(group_label(results, arm), look_of(results, arm)) for arm in arms])


def _key(sheet: Sheet, span: tuple[float, float], entries: Sequence[tuple[str, Look]]) -> None:
    """Say above the panel which sign is which arm."""
    x, y = span[0], sheet.height - 2.4
    for name, look in entries:
        sheet.figure.add_artist(
            Line2D([(x + 1.0) / sheet.width], [y / sheet.height], linestyle="none", marker=look.marker,
                   color=look.color, markersize=MARKER, markerfacecolor=look.face, markeredgewidth=0.9)
        )  # fmt: skip
        sheet.write(x + 3.2, y, name, color=look.color, weight="semibold", ha="left", va="center_baseline")
        x += sheet.extent(name, weight="semibold") + 8.0


def _draw_differences(
    sheet: Sheet,
    span: tuple[float, float],
    results: Results,
    spec: FigureSpec,
    terms: Sequence[_Term],
    arms: Sequence[str],
) -> None:
    axes = _panel(sheet, span, len(terms), spec.width)
    values = [row.value for term in terms for row in term.difference.values() if not math.isnan(row.value)]
    low, high = min([-0.05, *values]), max([0.05, *values])
    room = MARGIN * (high - low)
    axes.set_xlim(low - room, high + room)
    steps = [step for step in nice_steps(low, high, _most(span, spec)) if low - room <= step <= high + room]
    sheet.ticks(axes, "x", steps, [("+" if s > 0 else "") + printed(results, s, "percent0") for s in steps])
    sheet.ticks(axes, "y", [], [])
    axes.spines["left"].set_visible(False)
    axes.plot([0, 0], [-0.6, len(terms) - 0.4], color=INK, linewidth=0.6, zorder=1, gid="no-difference")
    for i, term in enumerate(terms):
        _limits(axes, term.difference, i, INK, f"difference-limits-{term.name}")
    axes.plot([t.difference["estimate"].value for t in terms], range(len(terms)), linestyle="none", marker="s",
              markersize=3.4, color=INK, zorder=3, gid="difference")  # fmt: skip
    levels = {row.conf_level for term in terms for row in term.difference.values() if not math.isnan(row.conf_level)}
    ending = f"points ({format_percent_level(levels.pop())} CI)" if len(levels) == 1 else "points"
    name = f"Difference {contrast_label(results, arms[0], arms[-1])}, {ending}"
    sheet.name(axes, "x", sheet.wrap(name, span[1] - span[0] + EDGE[spec.width]))
    _name_sides(sheet, span, results, arms)


def _name_sides(sheet: Sheet, span: tuple[float, float], results: Results, arms: Sequence[str]) -> None:
    """Say above the differences which side favours which arm, in two lines where one has no room."""
    first, last = (short_label(results, arm) for arm in (arms[0], arms[-1]))
    signs = (f"← fewer in {first}", f"fewer in {last} →")
    if sum(sheet.extent(words, size=SMALL_SIZE) for words in signs) + 4.0 > span[1] - span[0]:
        signs = (f"← fewer\nin {first}", f"fewer →\nin {last}")
    for edge, side, words in ((span[0], "left", signs[0]), (span[1], "right", signs[1])):
        sheet.write(edge, sheet.height - 1.2, words, color=SOFT, size=SMALL_SIZE, ha=side, va="top", linespacing=1.1)


def _panel(sheet: Sheet, span: tuple[float, float], lines: int, width: str) -> Axes:
    axes = sheet.axes(span[0], AXIS_ROOM[width], span[1], sheet.height - HEAD_ROOM[width])
    axes.set_ylim(lines - 0.4, -0.6)
    for i in range(lines):
        axes.axhline(i, color=HAIR, linewidth=0.5, zorder=0)
    return axes


def _limits(axes: Axes, rows: dict[str, Row], height: float, color: str, gid: str) -> None:
    if "ci_low" in rows and "ci_high" in rows:
        axes.plot([rows["ci_low"].value, rows["ci_high"].value], [height, height], color=color, linewidth=0.8, zorder=2,
                  solid_capstyle="butt", gid=gid)  # fmt: skip


def _most(span: tuple[float, float], spec: FigureSpec) -> int:
    """Steps that the width of a panel has room for."""
    return max(2, min(6, int((span[1] - span[0]) / TICK_ROOM[spec.width])))
