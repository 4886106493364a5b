"""Adverse events of two arms back to back: a pale bar for the lower band of grades, a dark one in it for the higher."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from npcstats.analyses.toxicity.displays import ToxicityButterfly
from npcstats.analyses.toxicity.rows import COMPOSITES
from npcstats.analyses.toxicity.words import severe_terms
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, SOFT, Look, look_of
from npcstats.display.lookup import analysis_of, arm_name, check_made, groups_of, intervals, name_of, percents
from npcstats.display.scales import ticks_inside
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, Results

ROW_HEIGHT, LEAST_HEIGHT, PAGE_ROOM = 4.6, 3.0, 200.0
HEAD_ROOM, BARE_HEAD_ROOM, AXIS_ROOM = 7.5, 1.5, 9.5
LABEL_SHARE, GUTTER, EDGE = 0.30, 7.0, 4.0
BAR = 0.72
LEAST_TOP = 0.05
PALE = 0.38
TICKS_EACH = 14.0
NOTHING = "No term reaches the threshold of this figure."


@dataclass(frozen=True)
class _Term:
    """A line of the figure: its words, and the shares at both bands by arm."""

    name: str
    shares: dict[str, tuple[float, float]]

    @property
    def rank(self) -> tuple[float, str]:
        """The most frequent first, by the sum of the arms' shares, which favours none."""
        return (-sum(low for low, _ in self.shares.values() if not math.isnan(low)), self.name)


def toxicity_butterfly(results: Results, spec: ToxicityButterfly, *, fonts: Fonts) -> Figure:
    """Draw the share of participants with each term at two bands of grades, the arms back to back.

    Parameters
    ----------
    results : Results
        Rows of kind ``toxicity``.
    spec : ToxicityButterfly
        Which analysis, window, bands and terms.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Bars with gid ``ARM-LEVEL-TERM``; one side where arms are not told apart. Where no term reaches the minimum, an
        empty frame that says so.

    Raises
    ------
    ResultsError
        If the analysis has no such level or window, or more than two arms.
    """
    check_made(results, spec.analysis, "window", (spec.window,), ("risk",))
    check_made(results, spec.analysis, "level", (spec.low, spec.high), ("risk",))
    arms = tuple(arm for arm in groups_of(results, spec.analysis) if arm != EVERYONE) or (EVERYONE,)
    if len(arms) > 2:
        raise ResultsError(f"{spec.analysis}: bars back to back are of two arms, not of {len(arms)}; two are required.")
    terms = _terms(results, spec, arms)
    if not terms:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    width = WIDTHS[spec.width]
    draft = Sheet(width, 50.0, fonts)
    names = [draft.wrap(term.name, LABEL_SHARE * width, size=SMALL_SIZE) for term in terms]
    left = max(draft.extent(line, size=SMALL_SIZE) for name in names for line in name.split("\n")) + 3.5
    row = max(LEAST_HEIGHT, min(ROW_HEIGHT, PAGE_ROOM / len(terms)))
    above = BARE_HEAD_ROOM if arms == (EVERYONE,) else HEAD_ROOM
    sheet = Sheet(width, above + row * len(terms) + AXIS_ROOM, fonts)
    spans = _spans(left, width - EDGE, len(arms))
    top = max(LEAST_TOP, *(low for term in terms for low, _ in term.shares.values() if not math.isnan(low)))
    for i, (arm, span) in enumerate(zip(arms, spans, strict=True)):
        _draw_side(
            sheet, results, spec, terms, names if i == 0 else [], arm, span, (top, above), mirrored=i < len(arms) - 1
        )
    _name_axis(sheet, results, spec, spans)
    return sheet.figure


def _spans(left: float, right: float, sides: int) -> list[tuple[float, float]]:
    if sides == 1:
        return [(left, right)]
    middle = (left + right) / 2
    return [(left, middle - GUTTER / 2), (middle + GUTTER / 2, right)]


def _terms(results: Results, spec: ToxicityButterfly, arms: Sequence[str]) -> list[_Term]:
    entry = analysis_of(results, spec.analysis)
    asked = {"analysis": spec.analysis, "window": spec.window, "measure": "risk"}
    low, high = (
        intervals(results, "block", "variable", "arm", **asked, level=level) for level in (spec.low, spec.high)
    )
    severe = severe_terms(results, spec.analysis, (spec.window,))
    found = []
    for block, variable in dict.fromkeys((block, name) for block, name, _ in low):
        if {EVERYONE, COMPOSITES} & {block, variable}:
            continue
        shares = {
            arm: (low[block, variable, arm]["estimate"].value, high[block, variable, arm]["estimate"].value)
            for arm in arms
        }
        known = [share for share, _ in shares.values() if not math.isnan(share)]
        if known and (max(known) >= spec.minimum > 0 or max(known) > spec.minimum or (block, variable) in severe):
            found.append(_Term(name_of(entry, "variable", str(variable)), shares))
    return sorted(found, key=lambda term: term.rank)


def _draw_side(
    sheet: Sheet,
    results: Results,
    spec: ToxicityButterfly,
    terms: Sequence[_Term],
    names: Sequence[str],
    arm: str,
    span: tuple[float, float],
    room: tuple[float, float],
    *,
    mirrored: bool,
) -> None:
    top, above = room
    axes = sheet.axes(span[0], AXIS_ROOM, span[1], sheet.height - above)
    axes.set_ylim(len(terms) - 0.4, -0.6)
    axes.set_xlim((top, 0.0) if mirrored else (0.0, top))
    axes.spines["left"].set_visible(False)
    look = look_of(results, arm)
    for i, term in enumerate(terms):
        axes.axhline(i, color=HAIR, linewidth=0.5, zorder=0)
        _bars(axes, look, i, term, arm, spec)
    steps = ticks_inside(0.0, top, max(2, int((span[1] - span[0]) / TICKS_EACH)))
    sheet.ticks(axes, "x", steps, [words + "%" for words in percents(results, steps)])
    sheet.ticks(axes, "y", list(range(len(names))), list(names))
    axes.tick_params(axis="y", length=0, pad=4)
    if arm != EVERYONE:
        edge, side = (span[1], "right") if mirrored else (span[0], "left")
        sheet.write(
            edge, sheet.height - 1.2, arm_name(results, arm), weight="semibold", color=look.color, ha=side, va="top"
        )


def _bars(axes: Axes, look: Look, place: int, term: _Term, arm: str, spec: ToxicityButterfly) -> None:
    low, high = term.shares[arm]
    axes.barh(
        place, low, height=BAR, color=_paler(look.color), linewidth=0, zorder=2, gid=f"{arm}-{spec.low}-{term.name}"
    )
    axes.barh(place, high, height=BAR, color=look.color, linewidth=0, zorder=3, gid=f"{arm}-{spec.high}-{term.name}")


def _paler(color: str) -> tuple[float, float, float]:
    """A colour mixed with white, opaque so that no line shows through."""
    red, green, blue = (1 - PALE * (1 - part) for part in to_rgb(color))
    return red, green, blue


def _name_axis(sheet: Sheet, results: Results, spec: ToxicityButterfly, spans: Sequence[tuple[float, float]]) -> None:
    entry = analysis_of(results, spec.analysis)
    low, high = (name_of(entry, "level", level) for level in (spec.low, spec.high))
    words = f"Participants with {low[:1].lower()}{low[1:]} (pale) and {high[:1].lower()}{high[1:]} (dark)"
    middle = (spans[0][0] + spans[-1][1]) / 2
    sheet.write(middle, 1.2, words, color=SOFT, size=SMALL_SIZE, ha="center", va="bottom")
