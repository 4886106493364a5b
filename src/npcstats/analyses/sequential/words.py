"""Captions and alternative texts of boundaries and paths."""

from __future__ import annotations

import math

from npcstats.analyses.sequential.displays import BoundaryFigure
from npcstats.analyses.sequential.rows import NOW, OBSERVED, STATISTIC
from npcstats.display.anatomy import Piece
from npcstats.display.captions import compose_caption, subject
from npcstats.display.lookup import analysis_of
from npcstats.display.marks import ACT, NONE, OK, Mark
from npcstats.display.prose import Inline, inline_row
from npcstats.results import Results, one, select

TOPICS = ("population", "information", "monitoring", "futility", "statistic")
SIGNS = "Dashes and squares: as planned; lines and bars: at the information observed."
DOTS = "Dots: futility."


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
    futility = select(results, analysis=figure.analysis, measure="boundary_futility")
    signs = [(Piece(SIGNS),), *([(Piece(DOTS),)] if futility else [])]
    return compose_caption(results, figure, TOPICS, before=signs)


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


def monitoring_mark(results: Results, analysis: str) -> Mark:
    """The sign of a monitored comparison.

    Parameters
    ----------
    results : Results
        Rows of kind ``information`` or ``sequential``.
    analysis : str
        Id.

    Returns
    -------
    Mark
        ■ where the statistic has reached a boundary at this look or at one before it, that of futility included; ●
        where it has not; NE where no statistic is shown, or it is not known.

    Raises
    ------
    ResultsError
        If there is no such analysis.
    """
    analysis_of(results, analysis)
    rows = select(results, analysis=analysis, measure="boundary_crossed", stat="count")
    if any(row.value == 1.0 for row in rows):
        return ACT
    now = [row for row in rows if row.level == NOW]
    return NONE if not now or any(math.isnan(row.value) for row in now) else OK


def monitoring_sentence(results: Results, analysis: str) -> Inline:
    """Where the information stands, its boundary, and the statistic where one is shown.

    Parameters
    ----------
    results : Results
        Rows of kind ``information`` or ``sequential``.
    analysis : str
        Id.

    Returns
    -------
    Inline
        One sentence without its full stop, such as ``9 of 120 planned events (7.5%); boundary now ±8.101``.

    Raises
    ------
    ResultsError
        If there is no such analysis.
    """
    entry = analysis_of(results, analysis)
    at = {"analysis": analysis, "block": OBSERVED, "level": NOW}
    count, total = (one(results, **at, measure="information", stat=stat) for stat in ("count", "total"))
    share, bound = (one(results, **at, measure=name) for name in ("information_fraction", "boundary_upper"))
    sign = "±" if entry.chosen("sides", int) == 2 and not math.isnan(bound.value) else ""
    told = inline_row(results, count, "count") + " of " + inline_row(results, total, "count")
    told = told + f" planned {entry.chosen('information', str)} (" + inline_row(results, share, "percent1") + "%)"
    told = told + f"; boundary now {sign}" + inline_row(results, bound, "decimal3")
    for row in select(results, **at, measure=STATISTIC):
        told = told + ", Z " + inline_row(results, row, "decimal3")
    return told
