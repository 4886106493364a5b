"""Captions and alternative texts of participants one by one."""

from __future__ import annotations

from npcstats.analyses.courses.displays import Spider, Swimmer, Waterfall
from npcstats.display.captions import ARMS_TOPICS, compose_caption
from npcstats.display.prose import Inline
from npcstats.results import Results

TOPICS = ("method", "population", "drawn", "key", *ARMS_TOPICS)


def caption(results: Results, figure: Waterfall | Spider | Swimmer) -> Inline:
    """Compose the caption of participants one by one.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : Waterfall, Spider or Swimmer
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    return compose_caption(results, figure, TOPICS)


def waterfall_alt(results: Results, figure: Waterfall) -> str:
    """Say what bars of best changes show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Arms.
    figure : Waterfall
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return f"Bars of each participant's best change of the sum of diameters, sorted{_panels(results)}."


def spider_alt(results: Results, figure: Spider) -> str:
    """Say what lines of changes show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Arms.
    figure : Spider
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        f"Lines of each participant's change of the sum of diameters over time{_panels(results)}; lines of those who "
        "progressed stand out."
    )


def swimmer_alt(results: Results, figure: Swimmer) -> str:
    """Say what lanes of participants show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Arms.
    figure : Swimmer
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    within = " within each arm" if results.catalogue.arms else ""
    return (
        "A lane for each participant's time under observation, the longest first"
        f"{within}, with response, progression, death and continued follow-up marked."
    )


def _panels(results: Results) -> str:
    """That each arm has a panel, where there are arms."""
    return ", in a panel for each arm" if results.catalogue.arms else ""
