"""Captions and alternative texts of shifts of imputed values."""

from __future__ import annotations

from npcstats.analyses.tipping.displays import TippingMap
from npcstats.analyses.tipping.rows import EFFECTS
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ARMS_TOPICS, compose_caption, level_drawn
from npcstats.display.lookup import pairs_of
from npcstats.display.pieces import words
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = ("population", "denominator", "imputation", "shift", "wording", *ARMS_TOPICS)


def caption(results: Results, figure: TippingMap) -> Inline:
    """Compose the caption of the contrast for each pair of shifts.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : TippingMap
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    pairs = pairs_of(results, figure.analysis, set(EFFECTS.values()))
    before: list[tuple[Piece, ...]] = []
    if pairs:
        first, reference = (words(results, "arms", arm) for arm in pairs[0])
        before.append((
            Piece("Number: contrast of "), first, Piece(" with "), reference, Piece(", a ratio of geometric means or a "
            "difference of means, where imputed values of "), first, Piece(" are shifted as below and those of "),
            reference, Piece(" as at the left."),
        ))  # fmt: skip
        level = level_drawn(results, figure.analysis)
        if level:
            before.append((Piece("Shaded: the "), level, Piece(" CI holds no difference. Framed: nothing is shifted.")))
    return compose_caption(results, figure, TOPICS, before=before)


def alt(results: Results, figure: TippingMap) -> str:
    """Say what the panels show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : TippingMap
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        "A grid of numbers for each marker and visit: the contrast of the two groups for each pair of shifts of "
        "imputed values, shaded where its confidence interval holds no difference."
    )
