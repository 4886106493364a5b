"""Whether a hazard ratio is the same at every time: scaled Schoenfeld residuals, their course, and the test."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.regression.displays import ScaledResiduals
from npcstats.analyses.regression.rows import UNADJUSTED
from npcstats.analyses.timetoevent.figure.beside import Label, write_beside
from npcstats.display.fonts import LINE_HEIGHT, LINE_SPACING, Fonts
from npcstats.display.looks import INK, SOFT
from npcstats.display.lookup import INTERVAL, analysis_of, intervals, printed, short_arm, time_name
from npcstats.display.scales import decimals_of, nice_months, ticks_inside
from npcstats.display.sheet import BAND_ALPHA, LINE, Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results, Row, select

PANEL_HEIGHT = {"full": 52.0, "column": 42.0}
COLUMNS = {"full": 2, "column": 1}
LEFT, RIGHT, GAP = 14.5, 15.5, 3.0
AXIS_ROOM, FOOT = 8.8, 1.0
TITLE_GAP = 2.0
MARGIN = 0.05
MOST_STEPS = 6
DASH = (0.0, (3.2, 1.4))
EQUAL, ESTIMATE = "Equal\nhazards", "Estimate"
NOTHING = "No model with an event was fitted, so there is no residual to draw."

Contrast = tuple[str, str]


def proportional_hazards_figure(results: Results, spec: ScaledResiduals, *, fonts: Fonts) -> Figure:
    """Draw the scaled Schoenfeld residuals of each contrast of arms over time.

    Parameters
    ----------
    results : Results
        Rows of kind ``regression``.
    spec : ScaledResiduals
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Residuals as points with gid ``residuals-ARM``, their course as ``course-ARM`` in ``band-ARM``, lines at equal
        hazards and at the estimate as ``equal-ARM`` and ``estimate-ARM``, the test as ``test-ARM``. Where there is no
        residual, an empty frame says why.
    """
    analysis_of(results, spec.analysis, "regression")
    rows = select(results, analysis=spec.analysis, block=UNADJUSTED, measure="scaled_residual", stat="estimate")
    known = [row for row in rows if row.reference and math.isfinite(row.value)]
    contrasts = list(dict.fromkeys((row.arm, row.reference) for row in known))
    if not contrasts:
        return empty_figure(WIDTHS[spec.width], fonts, _reason(results, spec.analysis))
    columns = min(COLUMNS[spec.width], len(contrasts))
    slot = (WIDTHS[spec.width] - GAP * (columns - 1)) / columns
    draft = Sheet(WIDTHS[spec.width], 50.0, fonts)
    most = max(_scale_name(draft, results, spec, contrast).count("\n") for contrast in contrasts)
    start = LEFT + LINE_HEIGHT * max(0, most - 1)
    titles = [draft.wrap(_test(results, spec.analysis, contrast), slot - start) for contrast in contrasts]
    above = TITLE_GAP + 1.5 + LINE_HEIGHT * (1 + max(title.count("\n") for title in titles))
    panel = above + PANEL_HEIGHT[spec.width] + AXIS_ROOM + FOOT
    lines = math.ceil(len(contrasts) / columns)
    sheet = Sheet(WIDTHS[spec.width], lines * panel, fonts)
    last = max(row.time for row in known)
    for i, (contrast, title) in enumerate(zip(contrasts, titles, strict=True)):
        line, column = divmod(i, columns)
        left, top = column * (slot + GAP) + start, sheet.height - line * panel - above
        axes = sheet.axes(left, top - PANEL_HEIGHT[spec.width], left - start + slot - RIGHT, top)
        own = [row for row in known if (row.arm, row.reference) == contrast]
        _draw_panel(sheet, axes, results, spec, contrast, own, last)
        sheet.write(
            left, top + TITLE_GAP, title, ha="left", va="bottom", linespacing=LINE_SPACING, gid=f"test-{contrast[0]}"
        )
    return sheet.figure


def _reason(results: Results, analysis: str) -> str:
    """Why nothing was fitted, as the rows tell it."""
    rows = select(results, analysis=analysis, block=UNADJUSTED, measure="hazard_ratio", stat="estimate")
    return next((row.note for row in rows if row.reference and math.isnan(row.value)), NOTHING)


def _test(results: Results, analysis: str, contrast: Contrast) -> str:
    asked = {"analysis": analysis, "block": UNADJUSTED, "measure": "proportional_hazards", "stat": "p_value"}
    rows = select(results, **asked, arm=contrast[0], reference=contrast[1])
    if not rows:
        return ""
    p = printed(results, rows[0].value, "p_value")
    if math.isnan(rows[0].value):
        return f"Test of proportional hazards: {p} ({rows[0].note.removesuffix('.')})"
    sign = "" if p.startswith("<") else "=\u00a0"
    return f"Test of proportional hazards: p\u00a0{sign}{p}"


def _draw_panel(
    sheet: Sheet,
    axes: Axes,
    results: Results,
    spec: ScaledResiduals,
    contrast: Contrast,
    residuals: Sequence[Row],
    last: float,
) -> None:
    place = {"analysis": spec.analysis, "block": UNADJUSTED, "arm": contrast[0], "reference": contrast[1]}
    found = intervals(results, "time", **place, measure="coefficient_course").values()
    course = sorted((rows for rows in found if not math.isnan(rows["estimate"].value)),
                    key=lambda rows: rows["estimate"].time)  # fmt: skip
    times = [rows["estimate"].time for rows in course]
    value, low, high = ([rows[stat].value for rows in course] for stat in INTERVAL)
    effects = select(results, **place, measure="log_hazard_ratio", stat="estimate")
    effect = [row.value for row in effects if math.isfinite(row.value)]
    months = nice_months(max([1.0, last, *times]))
    heights = [0.0, *effect, *(row.value for row in residuals), *(v for v in (*value, *low, *high) if math.isfinite(v))]
    room = MARGIN * (max(heights) - min(heights)) or 0.5
    axes.set_xlim(0.0, months[-1])
    axes.set_ylim(min(heights) - room, max(heights) + room)
    _draw_scales(sheet, axes, results, spec, contrast, months)
    name = contrast[0]
    axes.plot([0.0, months[-1]], [0.0, 0.0], color=SOFT, linewidth=0.6, zorder=1, gid=f"equal-{name}")
    axes.plot([row.time for row in residuals], [row.value for row in residuals], linestyle="none", marker="o",
              markersize=2.4, markerfacecolor="none", markeredgewidth=0.4, color=SOFT, zorder=2, clip_on=False,
              gid=f"residuals-{name}")  # fmt: skip
    axes.fill_between(times, low, high, color=INK, alpha=BAND_ALPHA, linewidth=0, zorder=1, gid=f"band-{name}")
    axes.plot(times, value, color=INK, linewidth=LINE, zorder=3, gid=f"course-{name}")
    labels = [Label(f"equal-{name}", EQUAL, SOFT, "regular", months[-1], 0.0)]
    if effect:
        ends = [effect[0], effect[0]]
        axes.plot([0.0, months[-1]], ends, color=INK, linewidth=0.7, linestyle=DASH, zorder=3, gid=f"estimate-{name}")
        labels.append(Label(f"estimate-{name}", ESTIMATE, INK, "regular", months[-1], effect[0]))
    write_beside(sheet, axes, labels)


def _draw_scales(
    sheet: Sheet, axes: Axes, results: Results, spec: ScaledResiduals, contrast: Contrast, months: Sequence[float]
) -> None:
    shown = months if spec.width == "full" or len(months) < 8 else months[::2]
    sheet.ticks(axes, "x", shown, [printed(results, month, "decimal0") for month in shown])
    steps = ticks_inside(*axes.get_ylim(), MOST_STEPS)
    style = f"decimal{max(decimals_of(step) for step in steps)}"
    sheet.ticks(axes, "y", steps, [printed(results, step, style) for step in steps])
    sheet.name(axes, "x", spec.x_label or time_name(analysis_of(results, spec.analysis, "regression")))
    sheet.name(axes, "y", _scale_name(sheet, results, spec, contrast))


def _scale_name(sheet: Sheet, results: Results, spec: ScaledResiduals, contrast: Contrast) -> str:
    pair = f"{short_arm(results, contrast[0])} over {short_arm(results, contrast[1])}"
    return sheet.wrap(f"Log hazard ratio, {pair}", PANEL_HEIGHT[spec.width])
