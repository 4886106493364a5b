"""Caption and alternative text of the figure of recovery."""

from __future__ import annotations

from npcstats.analyses.nadir.displays import RecoveryFigure
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, level_drawn, told_apart
from npcstats.display.lookup import analysis_of
from npcstats.display.pieces import label
from npcstats.display.prose import Inline
from npcstats.display.scales import decimals_of
from npcstats.results import Results

TOPICS = ("population", "baseline", "visits", "recovery", "adjustment", *ARMS_TOPICS)


def caption(results: Results, figure: RecoveryFigure) -> Inline:
    """Compose the caption, which says first what is drawn.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : RecoveryFigure
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    (variable,) = analysis_of(results, figure.analysis).labels["variable"]
    level = level_drawn(results, figure.analysis, "at_or_above")
    limits = (Piece(", with "), level, Piece(" CI")) if level else ()
    named = (label(results, figure.analysis, "variable", variable), Piece(": share at the limit or above it"), *limits)
    return compose_caption(results, figure, TOPICS, before=[(*named, Piece("."))])


def alt(results: Results, figure: RecoveryFigure) -> str:
    """Say what the figure shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : RecoveryFigure
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    shown = f"of {who}" if who == ALL else f"for {who}"
    return f"A small panel for each limit: the share at it or above it over the visits {shown}, with confidence limits."


def limit_style(value: float, style: str) -> str:
    """The style in which a limit is printed: as the marker's values, with as many decimals more as it has itself.

    Parameters
    ----------
    value : float
        The limit.
    style : str
        Of the marker's values.

    Returns
    -------
    str
        A style in which no limit becomes another one.
    """
    own = f"decimal{decimals_of(value)}"
    return max(style, own) if style.startswith("decimal") else style
