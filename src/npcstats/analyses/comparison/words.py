"""Captions and alternative texts of weighted curves: the estimand stands in each."""

from __future__ import annotations

from npcstats.analyses.comparison.displays import WeightedCurves
from npcstats.analyses.timetoevent.words import curves_alt
from npcstats.display.anatomy import Piece
from npcstats.display.captions import compose_caption, level_drawn
from npcstats.display.prose import Inline
from npcstats.results import Results, select

TOPICS = ("definition", "population", "adjustment", "limit", "wording")


def caption(results: Results, figure: WeightedCurves) -> Inline:
    """Compose the caption of weighted curves.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : WeightedCurves
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    rows = select(results, analysis=figure.analysis, measure="effective_at_risk", stat="estimate")
    level = level_drawn(results, figure.analysis)
    signs = [(Piece("Bands: "), level, Piece(" CI, pointwise."))] if level else []
    effective = (Piece("Effective: participants of equal weight worth as much as those at risk."),)
    parts = [rows[0].block] if rows else ["none"]
    return compose_caption(results, figure, TOPICS, parts=parts, after=[*signs, effective])


def alt(results: Results, figure: WeightedCurves) -> str:
    """Say what weighted curves show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : WeightedCurves
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    incidence = bool(select(results, analysis=figure.analysis, measure="incidence_curve"))
    named = "Weighted curves of the cumulative incidence" if incidence else "Weighted Kaplan–Meier curves"
    beside = "; thin lines show the curves as observed" if figure.raw else ""
    return f"{curves_alt(results, figure, named)}, raw and effective{beside}."
