"""Captions and alternative texts of accrual."""

from __future__ import annotations

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.display.captions import compose_caption
from npcstats.display.prose import Inline
from npcstats.results import Results, select

TOPICS = ("population", "method")


def caption(results: Results, figure: AccrualCourse) -> Inline:
    """Compose the caption of enrolment.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : AccrualCourse
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    return compose_caption(results, figure, TOPICS)


def alt(results: Results, figure: AccrualCourse) -> str:
    """Say what a line of enrolment shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : AccrualCourse
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    planned = select(results, analysis=figure.analysis, measure="expected_enrolled")
    beside = ", with planned enrolment as a second line" if planned else ""
    return f"Cumulative enrolment by month as a line{beside}."
