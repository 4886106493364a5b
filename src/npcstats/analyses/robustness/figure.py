"""The specification curve: an effect by each variation, and below it which choices each makes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.adjustment.rows import POINTS, STYLES
from npcstats.analyses.robustness.displays import SpecificationCurve
from npcstats.analyses.robustness.rows import ASPECTS, CHOICE, E_VALUE
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, SMALL_SIZE, Fonts
from npcstats.display.looks import HAIR, INK, RULE, SOFT
from npcstats.display.lookup import analysis_of, name_of, printed
from npcstats.display.scales import decimals_of, log_steps, nice_steps
from npcstats.display.sheet import Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, Row, select

NOTHING = "No arms were compared, so there is no effect to draw."
NOT_ESTIMATED = "NE"
EDGE, GAP, INDENT = 0.8, 2.5, 2.0
LABEL_ROOM = {"full": 46.0, "column": 27.0}
UPPER = {"full": 46.0, "column": 40.0}
ROW = 3.6
HEAD_AIR = 1.2
TOP, BOTTOM, MIDDLE = 6.5, 1.5, 3.0
BESIDE = 0.8
"""Air before a negative control, in columns."""
RATIO = "ratio"


@dataclass(frozen=True)
class _Column:
    """A variation: where it stands, its effect with its limits, whether it is the main one, and a control."""

    code: str
    x: float
    effect: Row
    limits: tuple[float, float]
    control: bool
    main: bool


def specification_figure(results: Results, spec: SpecificationCurve, *, fonts: Fonts) -> Figure:
    """Draw an effect by each variation and the choices that each makes.

    Parameters
    ----------
    results : Results
        Rows of kind ``robustness``.
    spec : SpecificationCurve
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Effects as points with gid ``effect-CODE``, limits as ``limits-CODE``, choices as ``choice-CODE-ASPECT``, the
        line of no effect as ``no-effect`` and that of the main analysis as ``main``; one that could not be estimated
        is NE.
    """
    analysis_of(results, spec.analysis, "robustness")
    columns = _columns(results, spec.analysis)
    if not columns:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    room = LABEL_ROOM[spec.width]
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    rows = [
        (name, [(draft.wrap(words, room - EDGE - GAP - INDENT, size=SMALL_SIZE), codes) for words, codes in values])
        for name, values in _grid(results, spec.analysis, columns)
    ]
    lower = sum(HEAD_AIR + ROW + sum(_height(words) for words, _ in values) for _, values in rows)
    sheet = Sheet(WIDTHS[spec.width], TOP + UPPER[spec.width] + MIDDLE + lower + BOTTOM, fonts)
    left, right = room, sheet.width - EDGE
    base = BOTTOM + lower + MIDDLE
    axes = sheet.axes(left, base, right, base + UPPER[spec.width])
    span = (-0.7, columns[-1].x + 0.7)
    axes.set_xlim(*span)
    _open_effects(sheet, results, spec, axes, columns)
    for column in columns:
        _draw_effect(sheet, axes, column)
    grid = sheet.axes(left, BOTTOM, right, BOTTOM + lower)
    grid.set_xlim(*span)
    grid.set_ylim(0.0, lower)
    _draw_grid(sheet, grid, rows, columns, lower)
    return sheet.figure


def _columns(results: Results, analysis: str) -> list[_Column]:
    rows = [r for r in select(results, analysis=analysis, stat="estimate") if r.reference and r.measure != E_VALUE]
    choices = analysis_of(results, analysis).choices
    found: list[_Column] = []
    x = 0.0
    for i, row in enumerate(rows):
        control = bool(choices.get(f"control.{row.block}", False))
        x += 0.0 if not i else 1.0 + (BESIDE if control and not found[-1].control else 0.0)
        low, high = (
            next(r.value for r in select(results, analysis=analysis, block=row.block, stat=stat, measure=row.measure))
            for stat in ("ci_low", "ci_high")
        )
        found.append(_Column(row.block, x, row, (low, high), control, i == 0))
    return found


def _grid(
    results: Results, analysis: str, columns: Sequence[_Column]
) -> list[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    """Aspects in which variations differ, each with its values and the variations that have them."""
    entry = analysis_of(results, analysis)
    found = []
    for aspect, name in ASPECTS.items():
        of = {c.code: str(entry.choices.get(f"{CHOICE}.{c.code}.{aspect}", "")) for c in columns}
        if aspect == "members":
            controls = {c.code: name_of(entry, "variable", c.effect.variable) for c in columns if c.control}
            of |= controls
        values = [value for value in dict.fromkeys(of.values()) if value]
        if len(values) > 1:
            found.append((name, [(value, tuple(c for c in of if of[c] == value)) for value in values]))
    return found


def _open_effects(
    sheet: Sheet, results: Results, spec: SpecificationCurve, axes: Axes, columns: Sequence[_Column]
) -> None:
    first = columns[0].effect
    ratio, style = first.measure.endswith(RATIO), STYLES[first.measure]
    values = [v for c in columns for v in (c.effect.value, *c.limits) if math.isfinite(v) and (v > 0 or not ratio)]
    null = 1.0 if ratio else 0.0
    low, high = min([*values, null]), max([*values, null])
    if ratio:
        axes.set_yscale("log")
        low, high = low / 1.08, high * 1.08
        ticks = log_steps(low, high)
        words = [printed(results, tick, f"decimal{decimals_of(tick)}") for tick in ticks]
    else:
        ticks = nice_steps(low, high if high > low else low + 1.0, 6)
        scaled = style.startswith("percent")
        styles = [f"percent{decimals_of(tick * 100)}" if scaled else f"decimal{decimals_of(tick)}" for tick in ticks]
        words = [printed(results, tick, one) for tick, one in zip(ticks, styles, strict=True)]
        low, high = ticks[0], ticks[-1]
    axes.set_ylim(low, high)
    sheet.ticks(axes, "y", ticks, words)
    sheet.ticks(axes, "x", [], [])
    unit = ", percentage points" if first.measure in POINTS else ""
    unit = ", months" if first.measure.startswith("restricted") else ", log scale" if ratio else unit
    name = name_of(analysis_of(results, spec.analysis), "measure", first.measure)
    sheet.write(EDGE, sheet.height - 1.5, f"{name}{unit}", weight="semibold", size=SMALL_SIZE, ha="left", va="top")
    axes.axhline(null, color=INK, linewidth=0.6, zorder=1, gid="no-effect")
    if math.isfinite(first.value):
        axes.axhline(first.value, color=SOFT, linewidth=0.6, linestyle=(0, (3.2, 1.4)), zorder=1, gid="main")


def _draw_effect(sheet: Sheet, axes: Axes, column: _Column) -> None:
    low, high = column.limits
    value = column.effect.value
    if not math.isfinite(value):
        sheet.write_on(axes, column.x, 0.5, NOT_ESTIMATED, size=SMALL_SIZE, ha="center", va="center",
                       transform=axes.get_xaxis_transform(), gid=f"effect-{column.code}")  # fmt: skip
        return
    if math.isfinite(low + high):
        axes.plot([column.x] * 2, [low, high], color=INK, linewidth=0.9, zorder=2, solid_capstyle="butt",
                  gid=f"limits-{column.code}")  # fmt: skip
    axes.plot([column.x], [value], linestyle="none", marker="D" if column.main else "o", zorder=3,
              markersize=4.4 if column.main else 3.8, color=INK, markeredgewidth=0.9,
              markerfacecolor="white" if column.control else INK, gid=f"effect-{column.code}")  # fmt: skip


def _draw_grid(
    sheet: Sheet, grid: Axes, rows: Sequence[tuple[str, list[tuple[str, tuple[str, ...]]]]],
    columns: Sequence[_Column], height: float,
) -> None:  # fmt: skip
    for spine in grid.spines.values():
        spine.set_visible(False)
    sheet.ticks(grid, "x", [], [])
    sheet.ticks(grid, "y", [], [])
    places = {column.code: column for column in columns}
    y = height
    for name, values in rows:
        y -= HEAD_AIR + ROW
        sheet.write(EDGE, BOTTOM + y + ROW / 2, name, weight="semibold", size=SMALL_SIZE, ha="left", va="center")
        for words, codes in values:
            y -= _height(words)
            _draw_row(sheet, grid, (words, y + _height(words) / 2), [places[code] for code in codes], columns, name)


def _draw_row(
    sheet: Sheet, grid: Axes, named: tuple[str, float], having: Sequence[_Column], columns: Sequence[_Column],
    aspect: str,
) -> None:  # fmt: skip
    words, y = named
    sheet.write(EDGE + INDENT, BOTTOM + y, words, size=SMALL_SIZE, ha="left", va="center", linespacing=LINE_SPACING)
    grid.plot([columns[0].x - 0.5, columns[-1].x + 0.5], [y, y], color=HAIR, linewidth=0.5, zorder=0, gid="_row")
    grid.plot([c.x for c in columns], [y] * len(columns), linestyle="none", marker="o", markersize=1.2, color=RULE,
              zorder=1, gid="_not")  # fmt: skip
    for column in having:
        grid.plot([column.x], [y], linestyle="none", marker="o", markersize=3.4, color=INK, zorder=2,
                  gid=f"choice-{column.code}-{aspect}")  # fmt: skip


def _height(words: str) -> float:
    return ROW + LINE_HEIGHT * words.count("\n")
