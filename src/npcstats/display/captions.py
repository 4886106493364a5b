"""What captions and alternative texts share: sentences of the catalogue, limits drawn, whom a figure tells apart.

A caption follows the figure's title, which the plan holds; a kind names its topics and adds what only it draws.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from npcstats.display.anatomy import Piece
from npcstats.display.lookup import analysis_of, groups_of, subgroups_of, uncapitalized
from npcstats.display.notes import caption_sentences, closing_sentences
from npcstats.display.origins import CONF_LEVEL
from npcstats.display.pieces import number
from npcstats.display.prose import Inline
from npcstats.display.specs import Figure
from npcstats.results import EVERYONE, Results, select

ARMS_TOPICS = ("arms", "arms_counts")
"""Topics that explain arms and their sizes."""
ALWAYS = ("withheld", "unlisted")
"""Topics that explain a sign or a word wherever it may stand."""
ALL, BY_ARM, BY_GROUP = "all participants together", "each arm", "each group"


def compose_caption(
    results: Results,
    figure: Figure,
    topics: Sequence[str],
    *,
    parts: Collection[str] = (),
    before: Iterable[tuple[Piece, ...]] = (),
    after: Iterable[tuple[Piece, ...]] = (),
) -> Inline:
    """A caption after the title: what the catalogue says of the analysis, what is drawn, the cut-off.

    Parameters
    ----------
    results : Results
        Its catalogue.
    figure : Figure
        Of the plan.
    topics : sequence of str
        Topics of the catalogue that the figure calls for.
    parts : collection of str
        Windows or variables drawn; all if empty.
    before, after : iterable of tuple of Piece
        Sentences of the figure itself before and after those of the catalogue.

    Returns
    -------
    Inline
        Sentences with a blank between them, and none before the first.
    """
    found = caption_sentences(results, [figure.analysis], parts=parts, topics=(*topics, *ALWAYS))
    told = [*before, *found, *after, *closing_sentences(results, [figure.analysis])]
    return Inline(tuple(piece for sentence in told for piece in (Piece(" "), *sentence))[1:])


def level_drawn(results: Results, analysis: str, measure: str = "") -> Piece | None:
    """The level of confidence of the limits that a figure draws.

    Parameters
    ----------
    results : Results
        Rows.
    analysis : str
        Id of the analysis.
    measure : str
        Measure whose limits are drawn; of any if empty.

    Returns
    -------
    Piece or None
        Such as 95%; None where no limit has a level.
    """
    asked = {"measure": measure} if measure else {}
    rows = select(results, analysis=analysis, stat="ci_low", **asked)
    leveled = next((row for row in rows if not math.isnan(row.conf_level)), None)
    return number(results, leveled, CONF_LEVEL) if leveled else None


def told_apart(results: Results, analysis: str) -> str:
    """Whom a figure tells apart, without names.

    Parameters
    ----------
    results : Results
        Rows and arms.
    analysis : str
        Id of the analysis.

    Returns
    -------
    str
        One of `ALL`, `BY_ARM` and `BY_GROUP`.
    """
    if subgroups_of(results, analysis):
        return BY_GROUP
    return ALL if groups_of(results, analysis) == (EVERYONE,) else BY_ARM


def subject(results: Results, figure: Figure) -> str:
    """What an alternative text says that a figure is about.

    Parameters
    ----------
    results : Results
        Labels.
    figure : Figure
        Of the plan.

    Returns
    -------
    str
        The analysis' label as within a sentence; the figure's title where the label has a number.
    """
    label = analysis_of(results, figure.analysis).label
    words = figure.title.removesuffix(".") if any(sign.isdigit() for sign in label) else label
    return uncapitalized(words)
