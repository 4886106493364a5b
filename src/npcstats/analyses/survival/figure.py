"""Kaplan-Meier curves with their limits, censorings and numbers at risk."""

from __future__ import annotations

from matplotlib.figure import Figure

from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.timetoevent.figure.clock import clock_of
from npcstats.analyses.timetoevent.figure.curves import NOTHING, draw_censorings, draw_curve, steps_of
from npcstats.analyses.timetoevent.figure.page import name_curves, open_page, survival_scale
from npcstats.display.fonts import Fonts
from npcstats.display.looks import curve_groups
from npcstats.display.lookup import analysis_of
from npcstats.display.sheet import empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results


def kaplan_meier_figure(results: Results, spec: KaplanMeier, *, fonts: Fonts) -> Figure:
    """Draw an endpoint's curves by arm, by subgroup or pooled, to the last row and no further than the last tick.

    Parameters
    ----------
    results : Results
        Rows of kind ``survival``.
    spec : KaplanMeier
        Which analysis and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Curves as lines with gid ``curve-GROUP``, limits as ``band-GROUP``, censorings as ``censored-GROUP``, numbers
        as ``at-risk-GROUP-TIME``. A group without a curve has its numbers at risk only; where none has one, an empty
        frame says so.
    """
    entry = analysis_of(results, spec.analysis, "survival")
    groups = curve_groups(results, spec.analysis)
    found = [steps_of(results, spec.analysis, group, measure="survival_curve") for group in groups]
    curves = [curve for curve in found if curve is not None]
    clock = clock_of(results, spec.analysis, groups, curves)
    if clock is None:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    variable = clock.counts[0].variable
    scale = survival_scale(results, entry.labels.get("variable", {}).get(variable, entry.label))
    page = open_page(results, spec, groups, clock, scale, fonts=fonts)
    drawn = [curve.until(clock.end) for curve in curves if curve.times[0] <= clock.end]
    for curve in drawn:
        draw_curve(page.axes, curve)
        draw_censorings(page.axes, results, spec.analysis, curve)
    name_curves(page, groups, drawn)
    return page.sheet.figure
