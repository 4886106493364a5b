"""Many features: volcano plots, and those with the smallest p-values in order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
from npcstats.formatting import MINUS, RAISED, format_percent_level
from npcstats.results import Results, Row

PANEL, NAME_ROOM, BELOW, LEFT, RIGHT, GAP, TOP = 30.0, 4.5, 12.0, 13.0, 2.0, 9.0, 1.0
ROW, WORD, EDGE = 5.2, 3.0, 1.6
NAMES = 0.44
DOT, OPEN = 2.6, 2.2
LEAST_P = 1e-3
STEPS = 4
NOTHING = "No feature has a model."
_Found = Mapping[Any, Mapping[str, Row]]
"""Rows of each feature, by statistic."""


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
    found = {(block, one): _known(results, spec.analysis, block, one) for block in blocks for one in asked}
    reach = dict.fromkeys((one.measure for one in asked), 0.0)
    for (_, one), of in found.items():
        reach[one.measure] = max(reach[one.measure], _reach(_ends(of, ("estimate",)), one))
    highest = max([-math.log10(LEAST_P), *(_height(rows) for of in found.values() for rows in of.values())]) * 1.06
    level = discovery_level(results, spec.analysis)
    for i, block in enumerate(blocks):
        top = height - TOP - (NAME_ROOM + WORD + PANEL + BELOW) * i - NAME_ROOM - WORD
        sheet.write(0.5, top + NAME_ROOM, name_of(entry, "block", block), weight="semibold", ha="left", va="bottom")
        for j, question in enumerate(asked):
            left = LEFT + (room + GAP) * j
            axes = sheet.axes(left, top - PANEL, left + room, top)
            sheet.write(left, top + 1.0, question.title, size=SMALL_SIZE, color=SOFT, ha="left", va="bottom")
            _scale_x(sheet, axes, reach[question.measure], question)
            _scale_p(sheet, axes, highest, first=j == 0)
            _volcano(axes, found[block, question], question, block, level)
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
        Dots as lines with gid ``estimate-SET``, of those told apart ``discovered-SET``, limits as
        ``limits-SET-FEATURE``.

    Raises
    ------
    ResultsError
        If the analysis is of another kind.
    """
    entry = analysis_of(results, spec.analysis, "features")
    asked = next(item for item in questions(results, spec.analysis) if item[1] == spec.window)
    question = _question(results, spec.analysis, *asked)
    found = {block: _known(results, spec.analysis, block, question) for block in entry.labels["block"]}
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
    drawn = {(block, name): found[block][name] for block, features in chosen.items() for name in features}
    reach = _reach(_ends(drawn, ("estimate", "ci_low", "ci_high")), question)
    named = replace(question, name=_with_level(next(iter(drawn.values())), question))
    level = discovery_level(results, spec.analysis)
    for i, (block, features) in enumerate(chosen.items()):
        left = (room + GAP) * i
        sheet.write(left, height - TOP, name_of(entry, "block", block), weight="semibold", ha="left", va="top")
        if not features:
            continue
        top = height - TOP - NAME_ROOM
        axes = sheet.axes(left + NAMES * room + 2.0, top - row * len(features), left + room - RIGHT, top)
        _scale_x(sheet, axes, reach, named)
        _scale_names(sheet, axes, names[block])
        _dots(axes, found[block], features, question, block, level)
    return sheet.figure


def _question(results: Results, analysis: str, measure: str, window: str) -> _Question:
    entry = analysis_of(results, analysis)
    visit = name_of(entry, "window", window)
    if measure == HAZARD:
        return _Question(measure, window, "Hazard ratio per SD", f"{name_of(entry, 'level', measure)}, {visit}")
    pair = next(iter(pairs_of(results, analysis, (measure,))), None)
    arms = f", {short_arm(results, pair[0])} {MINUS} {short_arm(results, pair[1])}" if pair else ""
    return _Question(measure, window, f"{name_of(entry, 'level', measure)}{arms}, SD", visit)


def _known(results: Results, analysis: str, block: str, question: _Question) -> _Found:
    """Features with a p-value."""
    found = estimates(results, analysis, block, question.measure, question.window)
    return {name: rows for name, rows in found.items() if not math.isnan(rows["p_value"].value)}


def _height(rows: Mapping[str, Row]) -> float:
    return -math.log10(max(rows["p_value"].value, 1e-300))


def _ends(found: _Found, stats: Sequence[str]) -> list[float]:
    values = [rows[stat].value for rows in found.values() for stat in stats]
    return [value for value in values if math.isfinite(value)]


def _reach(values: Sequence[float], question: _Question) -> float:
    """How far an axis goes on either side: as a ratio, or a distance."""
    if question.logarithmic:
        return float(max([1.25, *(max(value, 1 / value) for value in values if value > 0)]) ** 1.08)
    return max([0.1, *map(abs, values)]) * 1.08


def _scale_p(sheet: Sheet, axes: Axes, highest: float, *, first: bool) -> None:
    axes.set_ylim(0.0, highest)
    powers = range(0, math.floor(highest) + 1, max(1, math.ceil(highest / 5)))
    sheet.ticks(axes, "y", list(powers), [_power(power) for power in powers])
    if first:
        sheet.name(axes, "y", "P")


def _volcano(axes: Axes, known: _Found, question: _Question, block: str, level: float) -> None:
    axes.plot([question.none] * 2, axes.get_ylim(), color=HAIR, linewidth=0.8, zorder=0)
    for told in (False, True):
        own = [rows for rows in known.values() if (rows["family"].value < level) == told]
        axes.plot(
            [rows["estimate"].value for rows in own],
            [_height(rows) for rows in own],
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
    return "1" if power == 0 else f"0.{'0' * (power - 1)}1" if power <= 4 else "10" + str(-power).translate(RAISED)


def _scale_x(sheet: Sheet, axes: Axes, far: float, question: _Question) -> None:
    if question.logarithmic:
        axes.set_xscale("log")
        axes.set_xlim(1 / far, far)
        steps = log_steps(1 / far, far)
    else:
        axes.set_xlim(-far, far)
        steps = [step for step in nice_steps(-far, far, STEPS) if -far <= step <= far]
    sheet.ticks(axes, "x", steps, [_plain(step) for step in steps])
    sheet.name(axes, "x", sheet.wrap(question.name, axes.get_position().width * sheet.width))


def _scale_names(sheet: Sheet, axes: Axes, names: Sequence[str]) -> None:
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    sheet.ticks(axes, "y", range(len(names)), names)
    axes.tick_params(axis="y", length=0, pad=3)
    for tick in axes.get_yticklabels():
        tick.set(linespacing=1.05)


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def _dots(axes: Axes, found: _Found, features: Sequence[str], question: _Question, block: str, level: float) -> None:
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


def _with_level(rows: Mapping[str, Row], question: _Question) -> str:
    level = rows["estimate"].conf_level
    return question.name if math.isnan(level) else f"{question.name} ({format_percent_level(level)} CI)"
