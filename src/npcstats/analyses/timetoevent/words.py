"""Sentences that captions and alternative texts of curves over time share."""

from __future__ import annotations

from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, level_drawn, subject, told_apart
from npcstats.display.specs import Figure
from npcstats.results import Results, select


def curve_signs(results: Results, analysis: str, measure: str) -> list[tuple[Piece, ...]]:
    """What bands and strokes of curves stand for.

    Parameters
    ----------
    results : Results
        Rows.
    analysis : str
        Id of the analysis.
    measure : str
        Measure of the curves.

    Returns
    -------
    list of tuple of Piece
        A sentence; none where no curve has limits and nobody is censored on one.
    """
    level = level_drawn(results, analysis, measure)
    strokes = bool(select(results, analysis=analysis, measure="censored_curve"))
    if not level:
        return [(Piece("Strokes: censored."),)] if strokes else []
    return [(Piece("Bands: "), level, Piece(" CI; strokes: censored." if strokes else " CI."))]


def curves_alt(results: Results, figure: Figure, named: str) -> str:
    """What a figure of curves shows.

    Parameters
    ----------
    results : Results
        Rows and labels.
    figure : Figure
        Of the plan.
    named : str
        What the curves are, such as Kaplan–Meier curves.

    Returns
    -------
    str
        The beginning of a sentence without numbers: the endpoint, whom the curves tell apart, what stands beside them.
    """
    who = told_apart(results, figure.analysis)
    shown = f"of {who}" if who == ALL else f"for {who}"
    return f"{named} of {subject(results, figure)} {shown}, with confidence bands, above the numbers at risk"
