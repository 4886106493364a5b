"""Captions and alternative texts of values below the limit."""

from __future__ import annotations

from npcstats.analyses.detection.displays import LimitContrasts
from npcstats.analyses.detection.rows import CONTRASTS
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ARMS_TOPICS, compose_caption, level_drawn
from npcstats.display.lookup import pairs_of
from npcstats.display.pieces import contrast_name
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = (
    "population", "below", "detected", "half_limit", "cut_off", "yes_no", "models", "baseline", "adjustment",
    *ARMS_TOPICS,
)  # fmt: skip
SIGNS = "filled: the model that the plan calls for; open: the sensitivity analysis. Each panel has a scale of its own."


def caption(results: Results, figure: LimitContrasts) -> Inline:
    """Compose the caption of ratios by visit.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : LimitContrasts
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    return compose_caption(results, figure, TOPICS, before=_drawn(results, figure.analysis))


def _drawn(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    pairs = pairs_of(results, analysis, set(CONTRASTS.values()))
    if not pairs:
        return []
    level = level_drawn(results, analysis)
    limits = (Piece(" with "), level, Piece(" CI")) if level else ()
    return [(Piece("Ratio "), *contrast_name(results, *pairs[0], "to"), *limits, Piece(f"; {SIGNS}"))]


def alt(results: Results, figure: LimitContrasts) -> str:
    """Say what panels of ratios show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : LimitContrasts
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    if not pairs_of(results, figure.analysis, set(CONTRASTS.values())):
        return "No arms are compared."
    return "A small panel for each marker: how the arms compare at each visit after baseline, with confidence limits."
