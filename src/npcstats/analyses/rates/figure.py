"""Mean numbers of events per participant over time, with their limits and the numbers at risk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from matplotlib.figure import Figure

from npcstats.analyses.rates.displays import MeanCumulative
from npcstats.analyses.rates.words import origin_words
from npcstats.analyses.timetoevent.figure.clock import clock_of
from npcstats.analyses.timetoevent.figure.curves import NOTHING, Steps, draw_curve, steps_of
from npcstats.analyses.timetoevent.figure.page import Scale, name_curves, open_page
from npcstats.display.fonts import Fonts
from npcstats.display.looks import curve_groups
from npcstats.display.lookup import analysis_of, printed
from npcstats.display.scales import decimals_of, nice_steps
from npcstats.display.sheet import empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import Results

MEASURE = "mean_events_curve"
NAME = "Mean number of events per participant"
LEAST_TOP, MOST_STEPS, HEADROOM = 0.05, 5, 1.02


def mean_cumulative_figure(results: Results, spec: MeanCumulative, *, fonts: Fonts) -> Figure:
    """Draw the mean number of events by group, to the last time with enough participants at risk.

    Parameters
    ----------
    results : Results
        Rows of kind ``rates``.
    spec : MeanCumulative
        Which course, and how wide.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Curves as lines with gid ``curve-GROUP``, limits as ``band-GROUP``, numbers as ``at-risk-GROUP-TIME``. Where no
        group has a curve, an empty frame says so.
    """
    analysis_of(results, spec.analysis, "rates")
    groups = curve_groups(results, spec.analysis)
    found = [steps_of(results, spec.analysis, group, measure=MEASURE, block=spec.course) for group in groups]
    curves = [curve for curve in found if curve is not None]
    clock = clock_of(results, spec.analysis, groups, curves, block=spec.course)
    if clock is None:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    shown = spec if spec.x_label else replace(spec, x_label=f"Months since {origin_words(results, spec)}")
    drawn = [curve.until(clock.end) for curve in curves if curve.times[0] <= clock.end]
    page = open_page(results, shown, groups, clock, _scale(results, drawn), fonts=fonts)
    for curve in drawn:
        draw_curve(page.axes, curve)
    name_curves(page, groups, drawn)
    return page.sheet.figure


def _scale(results: Results, curves: Sequence[Steps]) -> Scale:
    """From 0 to a round number above the largest limit."""
    heights = [float(number) for curve in curves for array in (curve.values, curve.highs) for number in array]
    high = max([LEAST_TOP, *(height for height in heights if not math.isnan(height))])
    ticks = nice_steps(0.0, high, MOST_STEPS)
    decimals = max(decimals_of(tick) for tick in ticks)
    words = tuple(printed(results, tick, f"decimal{decimals}") for tick in ticks)
    return Scale(NAME, tuple(ticks), words, ticks[-1] * HEADROOM)
