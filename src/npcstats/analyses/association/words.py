"""Captions and alternative texts of markers and outcome."""

from __future__ import annotations

from npcstats.analyses.association.displays import CoursesByOutcome, MarkerForest
from npcstats.analyses.association.rows import ADJUSTED, OUTCOME
from npcstats.display.anatomy import NO_BREAK, Piece
from npcstats.display.captions import compose_caption, level_drawn, subject
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import label, number
from npcstats.display.prose import Inline
from npcstats.results import Results, select

FOREST_TOPICS = ("definition", "population", "method", "unit", "adjustment", "wording")
COURSE_TOPICS = ("outcome", "definition", "population", "visits", "limit")


def forest_caption(results: Results, figure: MarkerForest) -> Inline:
    """Compose the caption of ratios of markers.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : MarkerForest
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    adjusted = ADJUSTED in analysis_of(results, figure.analysis).chosen("blocks", str).split(",")
    level = level_drawn(results, figure.analysis, "hazard_ratio")
    signs = "Squares: adjusted; open circles: unadjusted" if adjusted else "Circles: unadjusted"
    limits = (Piece("; lines: "), level, Piece(" CI")) if level else ()
    arrow = Piece("; an arrow: the limit is beyond the axis.")
    return compose_caption(results, figure, FOREST_TOPICS, before=[(Piece(signs), *limits, arrow)])


def courses_caption(results: Results, figure: CoursesByOutcome) -> Inline:
    """Compose the caption of courses by outcome, with how many are in each group.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : CoursesByOutcome
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    level = level_drawn(results, figure.analysis)
    shown = [(Piece("Geometric means on a logarithmic scale, means, or shares"), *((Piece(", with "), level,
              Piece(" CI")) if level else ()), Piece("; below, participants with a value."))]  # fmt: skip
    told: list[Piece] = []
    for row in select(results, analysis=figure.analysis, block=OUTCOME, measure="participants", variable=""):
        told += [Piece("; ")] if told else []
        told += [label(results, figure.analysis, "subgroup", row.subgroup), Piece(NO_BREAK),
                 number(results, row, "count")]  # fmt: skip
    groups = [(*told, Piece("."))] if told else []
    return compose_caption(results, figure, COURSE_TOPICS, before=shown, after=groups)


def forest_alt(results: Results, figure: MarkerForest) -> str:
    """Say what a chart of ratios shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : MarkerForest
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        f"Chart of hazard ratios of markers with confidence limits for {subject(results, figure)}, a panel for each "
        "way in which markers enter."
    )


def courses_alt(results: Results, figure: CoursesByOutcome) -> str:
    """Say what courses by outcome show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : CoursesByOutcome
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        f"A small panel for each marker, for {subject(results, figure)}: its course over the visits of those with the "
        "event and of those followed without it, with confidence limits."
    )
