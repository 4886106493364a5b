"""Many features: volcano plots, and those with the smallest p-values in order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.features.displays import RankedFeatures, Volcanoes
from npcstats.analyses.features.rows import HAZARD
from npcstats.analyses.features.words import discovery_level, estimates, questions, ranked
from npcstats.display.fonts import SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, INK, SOFT
from npcstats.display.lookup import analysis_of, name_of, pairs_of, short_arm
from npcstats.display.scales import log_steps, nice_steps
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.formatting import MINUS, format_percent_level
from npcstats.results import Results, Row

PANEL, NAME_ROOM, BELOW, LEFT, RIGHT, GAP, TOP = 30.0, 4.5, 12.0, 13.0, 2.0, 9.0, 1.0
ROW, WORD, EDGE = 5.2, 3.0, 1.6
NAMES = 0.44
DOT, OPEN = 2.6, 2.2
LEAST_P = 1e-3
NOTHING = "No feature has a model."
_Found = Mapping[str, Mapping[str, Row]]


@dataclass(frozen=True)
class _Question:
    """One measure at one visit, as axes name it."""

    measure: str
    window: str
    name: str
    title: str

    @property
    def logarithmic(self) -> bool:
        return self.measure == HAZARD

    @property
    def none(self) -> float:
        return 1.0 if self.logarithmic else 0.0


def volcano_figure(results: Results, spec: Volcanoes, *, fonts: Fonts) -> Figure:
    """Draw each feature's estimate against its p-value.

    Parameters
    ----------
    results : Results
        Rows of kind ``features``.
    spec : Volcanoes
        Which analysis.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Lines with gid ``features-SET-MEASURE-VISIT`` and, of those told apart, ``discoveries-SET-MEASURE-VISIT``; the
        second coordinate is minus the decimal logarithm of the p-value.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    entry = analysis_of(results, spec.analysis, "features")
    asked = [_question(results, spec.analysis, *item) for item in questions(results, spec.analysis)]
    blocks = list(entry.labels["block"])
    width = WIDTHS[spec.width]
    room = (width - LEFT - RIGHT - GAP * (len(asked) - 1)) / len(asked)
    height = TOP + (NAME_ROOM + WORD + PANEL + BELOW) * len(blocks)
    sheet = Sheet(width, height, fonts)
    for i, block in enumerate(blocks):
        top = height - TOP - (NAME_ROOM + WORD + PANEL + BELOW) * i - NAME_ROOM - WORD
        sheet.write(0.5, top + NAME_ROOM, name_of(entry, "block", block), weight="semibold", ha="left", va="bottom")
        for j, question in enumerate(asked):
            left = LEFT + (room + GAP) * j
            axes = sheet.axes(left, top - PANEL, left + room, top)
            found = estimates(results, spec.analysis, block, question.measure, question.window)
            sheet.write(left, top + 1.0, question.title, size=SMALL_SIZE, color=SOFT, ha="left", va="bottom")
            _volcano(sheet, axes, found, question, block, discovery_level(results, spec.analysis), first=j == 0)
    return sheet.figure


def ranked_figure(results: Results, spec: RankedFeatures, *, fonts: Fonts) -> Figure:
    """Draw the features with the smallest p-values, with their limits.

    Parameters
    ----------
    results : Results
        Rows of kind ``features``.
    spec : RankedFeatures
        Which analysis, visit, and how many.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Dots as lines with gid ``estimate-SET``, limits as ``limits-SET-FEATURE``.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    entry = analysis_of(results, spec.analysis, "features")
    asked = next(item for item in questions(results, spec.analysis) if item[1] == spec.window)
    question = _question(results, spec.analysis, *asked)
    found = {block: estimates(results, spec.analysis, block, *asked) for block in entry.labels["block"]}
    chosen = {block: ranked(rows, spec.most) for block, rows in found.items()}
    width = WIDTHS[spec.width]
    if not any(chosen.values()):
        return empty_figure(width, fonts, NOTHING)
    room = (width - GAP * (len(found) - 1)) / len(found)
    draft = Sheet(width, 50.0, fonts)
    names = {
        block: [draft.wrap(name_of(entry, "variable", name), NAMES * room, size=SMALL_SIZE) for name in features]
        for block, features in chosen.items()
    }
    lines = max(1 + name.count("\n") for wrapped in names.values() for name in wrapped)
    row = max(ROW, WORD * lines + EDGE)
    height = TOP + NAME_ROOM + row * max(map(len, chosen.values())) + BELOW
    sheet = Sheet(width, height, fonts)
    for i, (block, features) in enumerate(chosen.items()):
        left = (room + GAP) * i
        sheet.write(left, height - TOP, name_of(entry, "block", block), weight="semibold", ha="left", va="top")
        if not features:
            continue
        top = height - TOP - NAME_ROOM
        axes = sheet.axes(left + NAMES * room + 2.0, top - row * len(features), left + room - RIGHT, top)
        _dots(
            sheet, axes, found[block], features, names[block], question, block, discovery_level(results, spec.analysis)
        )
    return sheet.figure


def _question(results: Results, analysis: str, measure: str, window: str) -> _Question:
    entry = analysis_of(results, analysis)
    visit = name_of(entry, "window", window)
    if measure == HAZARD:
        return _Question(measure, window, "Hazard ratio per SD", f"{name_of(entry, 'level', measure)}, {visit}")
    pair = next(iter(pairs_of(results, analysis, (measure,))), None)
    arms = f", {short_arm(results, pair[0])} {MINUS} {short_arm(results, pair[1])}" if pair else ""
    return _Question(measure, window, f"{name_of(entry, 'level', measure)}{arms}, SD", visit)


def _volcano(
    sheet: Sheet, axes: Axes, found: _Found, question: _Question, block: str, level: float, *, first: bool
) -> None:
    known = {name: rows for name, rows in found.items() if not math.isnan(rows["p_value"].value)}
    heights = {name: -math.log10(max(rows["p_value"].value, 1e-300)) for name, rows in known.items()}
    values = [rows["estimate"].value for rows in known.values()]
    _scale_x(sheet, axes, values, question, most=4)
    highest = max([-math.log10(LEAST_P), *heights.values()]) * 1.06
    axes.set_ylim(0.0, highest)
    powers = range(0, math.floor(highest) + 1, max(1, math.ceil(highest / 5)))
    sheet.ticks(axes, "y", list(powers), [_power(power) for power in powers])
    if first:
        sheet.name(axes, "y", "P")
    sheet.name(axes, "x", sheet.wrap(question.name, axes.get_position().width * sheet.width))
    axes.plot([question.none] * 2, [0, highest], color=HAIR, linewidth=0.8, zorder=0)
    for told in (False, True):
        own = [name for name, rows in known.items() if (rows["family"].value < level) == told]
        axes.plot(
            [known[name]["estimate"].value for name in own],
            [heights[name] for name in own],
            linestyle="none",
            marker="o",
            markersize=DOT if told else OPEN,
            color=INK if told else SOFT,
            markerfacecolor=INK if told else "none",
            markeredgewidth=0.6,
            clip_on=False,
            gid=f"{'discoveries' if told else 'features'}-{block}-{question.measure}-{question.window}",
        )


def _power(power: int) -> str:
    return "1" if power == 0 else f"0.{'0' * (power - 1)}1" if power <= 4 else f"10{MINUS}{power}".translate(RAISED)


RAISED = str.maketrans({MINUS: "⁻"})


def _scale_x(sheet: Sheet, axes: Axes, values: Sequence[float], question: _Question, *, most: int) -> None:
    if question.logarithmic:
        far = max([1.25, *(max(value, 1 / value) for value in values if value > 0)]) ** 1.08
        axes.set_xscale("log")
        axes.set_xlim(1 / far, far)
        steps = log_steps(1 / far, far)
    else:
        far = max([0.1, *map(abs, values)]) * 1.08
        axes.set_xlim(-far, far)
        steps = [step for step in nice_steps(-far, far, most) if -far <= step <= far]
    sheet.ticks(axes, "x", steps, [_plain(step) for step in steps])


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def _dots(
    sheet: Sheet,
    axes: Axes,
    found: _Found,
    features: Sequence[str],
    names: Sequence[str],
    question: _Question,
    block: str,
    level: float,
) -> None:
    ends = [found[name][stat].value for name in features for stat in ("estimate", "ci_low", "ci_high")]
    _scale_x(sheet, axes, [end for end in ends if math.isfinite(end)], question, most=4)
    axes.set_ylim(len(features) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    sheet.ticks(axes, "y", range(len(features)), names)
    axes.tick_params(axis="y", length=0, pad=3)
    for tick in axes.get_yticklabels():
        tick.set(linespacing=1.05)
    sheet.name(axes, "x", sheet.wrap(_with_level(found, features, question), axes.get_position().width * sheet.width))
    axes.plot([question.none] * 2, [-0.5, len(features) - 0.5], color=INK, linewidth=0.6, zorder=1)
    for place, name in enumerate(features):
        rows = found[name]
        low, high = rows["ci_low"].value, rows["ci_high"].value
        if math.isfinite(low) and math.isfinite(high):
            axes.plot([low, high], [place, place], color=INK, linewidth=0.9, gid=f"limits-{block}-{name}")
    told = [found[name]["family"].value < level for name in features]
    for sign in (False, True):
        own = [place for place, is_told in enumerate(told) if is_told == sign]
        axes.plot(
            [found[features[place]]["estimate"].value for place in own],
            own,
            linestyle="none",
            marker="o",
            markersize=4.0,
            color=INK,
            markerfacecolor=INK if sign else "white",
            markeredgewidth=0.9,
            zorder=3,
            gid=f"{'discovered' if sign else 'estimate'}-{block}",
        )


def _with_level(found: _Found, features: Sequence[str], question: _Question) -> str:
    level = found[features[0]]["estimate"].conf_level
    return question.name if math.isnan(level) else f"{question.name} ({format_percent_level(level)} CI)"
