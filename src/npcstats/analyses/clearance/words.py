"""Caption and alternative text of the figure of states and of clearance."""

from __future__ import annotations

from npcstats.analyses.clearance.displays import ClearanceFigure
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, told_apart
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import label
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = ("population", "visits", "clearance", *ARMS_TOPICS)
BARS = (Piece("Bars: share of participants in each state, of those with a sample at the visit."),)
CURVES = (Piece("Steps: share cleared, non-parametric; pale where it is not determined. Thin curves: Weibull model."),)


def caption(results: Results, figure: ClearanceFigure) -> Inline:
    """Compose the caption, which says first what is drawn.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ClearanceFigure
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    (variable,) = analysis_of(results, figure.analysis).labels["variable"]
    named = (label(results, figure.analysis, "variable", variable), Piece("."))
    return compose_caption(results, figure, TOPICS, before=[named, BARS, CURVES])


def alt(results: Results, figure: ClearanceFigure) -> str:
    """Say what the figure shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ClearanceFigure
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    shown = f"of {who}" if who == ALL else f"for {who}"
    return (
        f"Stacked bars {shown}: shares in whom the marker is not detected, detected below the limit of quantification, "
        "and quantified, visit by visit; beside them curves of the share that has cleared over time."
    )
