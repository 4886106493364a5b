"""Weighted curves of both arms, above raw and effective numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from npcstats.analyses.adjustment.rows import UNADJUSTED
from npcstats.analyses.comparison.displays import WeightedCurves
from npcstats.analyses.timetoevent.figure.clock import clock_of
from npcstats.analyses.timetoevent.figure.curves import NOTHING, Steps, draw_curve, steps_of
from npcstats.analyses.timetoevent.figure.page import (
    FINE,
    Scale,
    incidence_scale,
    name_curves,
    open_page,
    survival_scale,
    width_signs,
)
from npcstats.analyses.timetoevent.rows import EVENT
from npcstats.display.fonts import Fonts
from npcstats.display.looks import Group, curve_groups
from npcstats.display.lookup import analysis_of, name_of
from npcstats.display.sheet import empty_figure
from npcstats.display.specs import WIDTHS
from npcstats.results import EVERYONE, Results, select

SURVIVAL, INCIDENCE = "survival_curve", "incidence_curve"


def weighted_figure(results: Results, spec: WeightedCurves, *, fonts: Fonts) -> Figure:
    """Draw weighted curves of survival, or of cumulative incidence where events compete.

    Parameters
    ----------
    results : Results
        Rows of kind ``comparison``.
    spec : WeightedCurves
        Which analysis, how wide, and whether the curves as observed are drawn too.
    fonts : Fonts
        Inter.

    Returns
    -------
    Figure
        Curves as lines with gid ``curve-ARM``, limits as ``band-ARM``, curves as observed as ``raw-ARM`` without
        limits, numbers as ``at-risk-ARM-TIME`` and ``effective-ARM-TIME``. Where there is no curve, an empty frame says
        so.
    """
    entry = analysis_of(results, spec.analysis, "comparison")
    groups = tuple(group for group in curve_groups(results, spec.analysis) if group.code != EVERYONE)
    block = weighted_block(results, spec.analysis)
    incidence = bool(select(results, analysis=spec.analysis, measure=INCIDENCE))
    curves = _curves(results, spec, groups, block, incidence=incidence)
    clock = clock_of(results, spec.analysis, groups, curves, block=block)
    if clock is None:
        return empty_figure(WIDTHS[spec.width], fonts, NOTHING)
    observed = _curves(results, spec, groups, UNADJUSTED, incidence=incidence) if spec.raw else []
    drawn, raw = ([c.until(clock.end) for c in found if c.times[0] <= clock.end] for found in (curves, observed))
    named = entry.labels["block"]
    signs = width_signs(named[block], named[UNADJUSTED]) if raw else ()
    worth = select(results, analysis=spec.analysis, block=block, measure="effective_at_risk", stat="estimate")
    scale = _scale(results, name_of(entry, "variable", clock.counts[0].variable), drawn, raw, incidence=incidence)
    page = open_page(results, spec, groups, clock, scale, fonts=fonts, signs=signs, effective=worth)
    for curve in raw:
        draw_curve(page.axes, curve, band=False, width=FINE, name="raw")
    for curve in drawn:
        draw_curve(page.axes, curve)
    name_curves(page, groups, drawn, raw)
    return page.sheet.figure


def weighted_block(results: Results, analysis: str) -> str:
    """Find the adjustment whose curves there are.

    Parameters
    ----------
    results : Results
        Rows of kind ``comparison``.
    analysis : str
        Id.

    Returns
    -------
    str
        Its block; empty where there are no weighted curves.
    """
    rows = select(results, analysis=analysis, measure="effective_at_risk", stat="estimate")
    return rows[0].block if rows else ""


def _curves(
    results: Results, spec: WeightedCurves, groups: Sequence[Group], block: str, *, incidence: bool
) -> list[Steps]:
    measure, level = (INCIDENCE, EVENT) if incidence else (SURVIVAL, "")
    found = (steps_of(results, spec.analysis, group, measure=measure, level=level, block=block) for group in groups)
    return [curve for curve in found if curve is not None]


def _scale(results: Results, name: str, drawn: Sequence[Steps], raw: Sequence[Steps], *, incidence: bool) -> Scale:
    return incidence_scale(results, name, drawn, raw) if incidence else survival_scale(results, name)
