"""Captions and alternative texts of boundaries and paths."""

from __future__ import annotations

from npcstats.analyses.sequential.displays import BoundaryFigure
from npcstats.analyses.sequential.rows import STATISTIC
from npcstats.display.anatomy import Piece
from npcstats.display.captions import compose_caption, subject
from npcstats.display.prose import Inline
from npcstats.results import Results, select

TOPICS = ("population", "information", "monitoring", "futility", "statistic")
SIGNS = "Dashes and squares: as planned; lines and bars: at the information observed."


def caption(results: Results, figure: BoundaryFigure) -> Inline:
    """Compose the caption of boundaries.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : BoundaryFigure
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    return compose_caption(results, figure, TOPICS, before=[(Piece(SIGNS),)])


def alt(results: Results, figure: BoundaryFigure) -> str:
    """Say what the figure shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : BoundaryFigure
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    path = select(results, analysis=figure.analysis, measure=STATISTIC)
    beside = ", and the path of the statistic" if path else ", without a statistic"
    return f"Boundaries against the information as planned and as observed, of {subject(results, figure)}{beside}."
