"""Captions and alternative texts of cumulative incidence."""

from __future__ import annotations

from npcstats.analyses.incidence.displays import CumulativeIncidence, StackedIncidence
from npcstats.analyses.timetoevent.words import curve_signs, curves_alt
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, subject, told_apart
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = ("definition", "population", "method", "limit", "adjustment", *ARMS_TOPICS)


def caption(results: Results, figure: CumulativeIncidence) -> Inline:
    """Compose the caption of curves of incidence.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : CumulativeIncidence
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    signs = curve_signs(results, figure.analysis, "incidence_curve")
    return compose_caption(results, figure, TOPICS, after=signs)


def stacked_caption(results: Results, figure: StackedIncidence) -> Inline:
    """Compose the caption of stacked areas, which have neither bands nor strokes.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : StackedIncidence
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    return compose_caption(results, figure, TOPICS)


def alt(results: Results, figure: CumulativeIncidence) -> str:
    """Say what curves of incidence show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : CumulativeIncidence
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    beside = "; thin lines show the competing event" if figure.competing else ""
    return f"{curves_alt(results, figure, 'Curves of the cumulative incidence')}{beside}."


def stacked_alt(results: Results, figure: StackedIncidence) -> str:
    """Say what stacked areas show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : StackedIncidence
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    panels = f"of {who}" if who == ALL else f"in a panel for {who}"
    return (
        f"Areas over time that are stacked until every participant is accounted for, {panels}: "
        f"{subject(results, figure)}, the competing event, and neither."
    )
