"""Captions and alternative texts of variations."""

from __future__ import annotations

from npcstats.analyses.robustness.displays import SpecificationCurve
from npcstats.display.anatomy import Piece
from npcstats.display.captions import compose_caption, level_drawn, subject
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import label
from npcstats.display.prose import Inline
from npcstats.results import Results, select

TOPICS = ("definition", "main", "variations", "control", "wording")


def caption(results: Results, figure: SpecificationCurve) -> Inline:
    """Compose the caption of a specification curve.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : SpecificationCurve
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    measures = [r.measure for r in select(results, analysis=figure.analysis, stat="estimate") if r.reference]
    named = label(results, figure.analysis, "measure", measures[0])
    level = level_drawn(results, figure.analysis)
    limits = (Piece(" with "), level, Piece(" confidence limits")) if level else ()
    marks = Piece("; below, a filled circle marks each choice that a variation makes.")
    return compose_caption(results, figure, TOPICS, before=[(named, *limits, marks)])


def alt(results: Results, figure: SpecificationCurve) -> str:
    """Say what a specification curve shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : SpecificationCurve
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    controls = any(name.startswith("control.") for name in analysis_of(results, figure.analysis).choices)
    beside = ", and a negative control beside them" if controls else ""
    return (
        f"Effect on {subject(results, figure)} by each variation as a point with its limits, the main analysis "
        f"first{beside}; below them a grid of the choices that each makes."
    )
