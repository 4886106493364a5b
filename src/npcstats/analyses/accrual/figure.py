"""Enrolment against the plan."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.display.fonts import Fonts
from npcstats.display.looks import INK, SOFT
from npcstats.display.lookup import analysis_of, printed
from npcstats.display.scales import nice_months, nice_steps
from npcstats.display.sheet import LINE, Sheet, empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import EVERYONE, Results, Row, select

HEIGHT = {"full": 62.0, "column": 50.0}
LEFT, BOTTOM, TOP = 12.0, 13.0, 4.0
NOTHING = "Nobody is enrolled and no course is planned."


def accrual_figure(results: Results, spec: AccrualCourse, *, fonts: Fonts) -> Figure:
    """Draw participants enrolled by month and the plan's line; everyone, never by arm.

    Parameters
    ----------
    results : Results
        Rows of kind ``accrual``.
    spec : AccrualCourse
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Lines with gid ``enrolled`` and ``planned``; the plan's alone where nobody is enrolled.
    """
    analysis_of(results, spec.analysis, "accrual")
    enrolled = _course(results, spec.analysis, "enrolled")
    planned = _course(results, spec.analysis, "expected_enrolled")
    if not (*enrolled, *planned):
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    sheet = Sheet(WIDTHS[spec.width], HEIGHT[spec.width], fonts)
    axes = sheet.axes(LEFT, BOTTOM, sheet.width - 14.0, sheet.height - TOP)
    months = nice_months(max(1.0, *(row.time for row in (*enrolled, *planned))))
    counts = nice_steps(0.0, max(5.0, *(row.value for row in (*enrolled, *planned))), 5)
    axes.set_xlim(0.0, months[-1])
    axes.set_ylim(0.0, counts[-1])
    sheet.ticks(axes, "x", months, _month_names(results, spec.analysis, months))
    sheet.ticks(axes, "y", counts, [printed(results, count, "count") for count in counts])
    sheet.name(axes, "x", spec.x_label or "Months")
    sheet.name(axes, "y", "Participants")
    dash = (0, (3.2, 1.4))
    axes.plot(
        [r.time for r in planned], [r.value for r in planned], color=SOFT, linewidth=0.9, linestyle=dash, gid="planned"
    )
    axes.step([r.time for r in enrolled], [r.value for r in enrolled], where="post", color=INK, linewidth=LINE,
              gid="enrolled", solid_capstyle="butt")  # fmt: skip
    _name_lines(sheet, axes, enrolled, planned)
    return sheet.figure


def _course(results: Results, analysis: str, measure: str) -> tuple[Row, ...]:
    rows = select(results, analysis=analysis, arm=EVERYONE, measure=measure, stat="count")
    known = (row for row in rows if not math.isnan(row.time + row.value))
    return tuple(sorted(known, key=lambda row: row.time))


def _month_names(results: Results, analysis: str, months: Sequence[float]) -> list[str]:
    """Months as numbers, and below them those of the calendar."""
    names = [printed(results, month, "decimal0") for month in months]
    known = select(results, analysis=analysis, measure="calendar_day", stat="estimate")
    days = {row.time: printed(results, row.value, "month_year") for row in known if not math.isnan(row.value)}
    return [f"{name}\n{days[month]}" if month in days else name for name, month in zip(names, months, strict=True)]


def _name_lines(sheet: Sheet, axes: Axes, enrolled: tuple[Row, ...], planned: tuple[Row, ...]) -> None:
    """Name each line near its end, away from the other."""
    if planned and not enrolled:
        sheet.write_on(axes, planned[-1].time, planned[-1].value, " Planned", color=SOFT, ha="left", va="center")
        return
    last = enrolled[-1]
    if not planned:
        sheet.write_on(axes, last.time, last.value, " Enrolled", weight="semibold", ha="left", va="center")
        return
    end = planned[-1]
    ahead = last.value > float(np.interp(last.time, [row.time for row in planned], [row.value for row in planned]))
    low = last.value < 0.1 * axes.get_ylim()[1]
    together = last.time > 0.9 * end.time
    sheet.write_on(axes, last.time, last.value, " Enrolled ", weight="semibold", va="bottom" if ahead or low else "top",
                   ha="right" if ahead and not together else "left")  # fmt: skip
    side = ("top" if ahead else "bottom") if together else "center"
    sheet.write_on(axes, end.time, end.value, " Planned", color=SOFT, ha="left", va=side)
