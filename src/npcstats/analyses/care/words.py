"""Captions and alternative texts of supportive care."""

from __future__ import annotations

from npcstats.analyses.care.displays import CareCourse
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, level_drawn, told_apart
from npcstats.display.lookup import analysis_of, name_of, uncapitalized
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = ("population", "weekly", "adjustment", *ARMS_TOPICS)


def caption(results: Results, figure: CareCourse) -> Inline:
    """Compose the caption of shares over weeks.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : CareCourse
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    level = level_drawn(results, figure.analysis, "in_use_course")
    bands = [(Piece("Bands: "), level, Piece(" CI, at each week by itself."))] if level else []
    return compose_caption(results, figure, TOPICS, parts=(figure.item,), after=bands)


def alt(results: Results, figure: CareCourse) -> str:
    """Say what shares over weeks show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : CareCourse
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    shown = f"of {who}" if who == ALL else f"for {who}"
    named = uncapitalized(name_of(analysis_of(results, figure.analysis), "block", figure.item))
    return (
        f"Lines of the share of participants with {named} in place over weeks {shown}, with confidence bands, above "
        "the numbers of those alive and followed."
    )
