"""Caption and alternative text of courses of markers."""

from __future__ import annotations

from npcstats.analyses.trajectories.displays import Spaghetti
from npcstats.analyses.trajectories.rows import IDENTITY, LOG
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ARMS_TOPICS, compose_caption, level_drawn
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import label
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = ("method", "population", "visits", "limit", "drawn", *ARMS_TOPICS)
MEANS = {LOG: "geometric mean", IDENTITY: "mean"}


def caption(results: Results, figure: Spaghetti) -> Inline:
    """Compose the caption of courses of markers, which says first what is drawn thick.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : Spaghetti
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    shown = figure.variables or tuple(analysis_of(results, figure.analysis).labels["variable"])
    return compose_caption(results, figure, TOPICS, parts=shown, before=_means(results, figure, shown))


def _means(results: Results, figure: Spaghetti, shown: tuple[str, ...]) -> list[tuple[Piece, ...]]:
    """What the thick lines are, and which markers have none."""
    own, other = (analysis_of(results, name).choices for name in (figure.analysis, figure.means))
    level = level_drawn(results, figure.means)
    limits = (Piece(" with "), level, Piece(" CI")) if level else ()
    scales = {name: str(own[f"scale.{name}"]) for name in shown}
    with_means = {name: scale for name, scale in scales.items() if other.get(f"scale.{name}") == scale}
    told = [
        (*_listed(results, figure, names), Piece(f": thick lines are the {words} of a group"), *limits, Piece("."))
        for scale, words in MEANS.items()
        if (names := [name for name, of in with_means.items() if of == scale])
    ]
    without = [name for name in shown if name not in with_means]
    return [*told, (*_listed(results, figure, without), Piece(": no mean is drawn."))] if without else told


def _listed(results: Results, figure: Spaghetti, names: list[str]) -> tuple[Piece, ...]:
    pieces = [piece for name in names for piece in (Piece(", "), label(results, figure.analysis, "variable", name))]
    return tuple(pieces[1:])


def alt(results: Results, figure: Spaghetti) -> str:
    """Say what courses of markers show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Arms.
    figure : Spaghetti
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    panels = ", in a panel for each arm," if results.catalogue.arms else ""
    return (
        f"Thin lines of each participant's markers over the visits{panels} and the means of the group as thick lines."
    )
