"""Captions and alternative texts of correlations within participants."""

from __future__ import annotations

from npcstats.analyses.correlation.displays import CorrelationMap
from npcstats.analyses.correlation.rows import TREE
from npcstats.display.anatomy import Piece
from npcstats.display.captions import compose_caption, subject
from npcstats.display.prose import Inline
from npcstats.results import Results, select

TOPICS = ("population", "method", "scale", "visits", "limit", "order", "multiplicity")
DRAWN = (
    "Below the diagonal: within participants; above it: with visits' means removed too. Everyone together; the "
    "darker a cell, the larger the correlation, and one below zero has a corner filled."
)
BRANCHES = " At the right, the tree: the farther two groups of markers are joined, the less alike they are."
TOLD_APART = " NE: not estimable."


def caption(results: Results, figure: CorrelationMap) -> Inline:
    """Compose the caption of a map of correlations.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : CorrelationMap
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    tree = bool(select(results, analysis=figure.analysis, block=TREE))
    told = DRAWN + (BRANCHES if tree else "") + TOLD_APART
    return compose_caption(results, figure, TOPICS, before=[(Piece(told),)])


def alt(results: Results, figure: CorrelationMap) -> str:
    """Say what a map of correlations shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : CorrelationMap
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        f"A map of {subject(results, figure)}: each pair of markers as a cell with its correlation, alike markers "
        "beside one another."
    )
