"""Captions and alternative texts of survival."""

from __future__ import annotations

from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.timetoevent.words import curve_signs, curves_alt
from npcstats.display.captions import ARMS_TOPICS, compose_caption
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = ("definition", "landmark", "grouping", "population", "method", "limit", "adjustment", *ARMS_TOPICS)


def caption(results: Results, figure: KaplanMeier) -> Inline:
    """Compose the caption of curves of survival.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : KaplanMeier
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    signs = curve_signs(results, figure.analysis, "survival_curve")
    return compose_caption(results, figure, TOPICS, after=signs)


def alt(results: Results, figure: KaplanMeier) -> str:
    """Say what curves of survival show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : KaplanMeier
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return curves_alt(results, figure, "Kaplan–Meier curves") + "."
