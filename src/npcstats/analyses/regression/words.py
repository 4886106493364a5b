"""Captions and alternative texts of regression."""

from __future__ import annotations

from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.analyses.regression.rows import STRATIFIED, UNADJUSTED
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ARMS_TOPICS, compose_caption, level_drawn, subject
from npcstats.display.lookup import analysis_of, subgroups_of
from npcstats.display.pieces import label
from npcstats.display.prose import Inline
from npcstats.results import Results, select

TOPICS = ("definition", "population", "method", "wording", "minimum", *ARMS_TOPICS)
RATIOS = {"cox": "Hazard ratio", "fine-gray": "Subdistribution hazard ratio"}
"""What a model's ratio is called."""


def forest_caption(results: Results, figure: Forest) -> Inline:
    """Compose the caption of ratios in subgroups, which says that they are not adjusted.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : Forest
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    stratified = select(results, analysis=figure.analysis, block=STRATIFIED, measure="hazard_ratio")
    ending = "; of all participants also stratified." if stratified else "."
    told = (label(results, figure.analysis, "block", UNADJUSTED), Piece(" estimates"), Piece(ending))
    return compose_caption(results, figure, (*TOPICS, "subgroups"), after=[told])


def residuals_caption(results: Results, figure: ScaledResiduals) -> Inline:
    """Compose the caption of residuals and their course.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ScaledResiduals
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    level = level_drawn(results, figure.analysis, "coefficient_course")
    points = "Points: scaled Schoenfeld residuals plus the estimate, one for each event; line: their course, with "
    told = [(Piece(points), level, Piece(" CI; dashes: the estimate."))] if level else []
    return compose_caption(results, figure, (*TOPICS, "proportional_hazards"), after=told)


def forest_alt(results: Results, figure: Forest) -> str:
    """Say what a chart of ratios shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : Forest
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    model = analysis_of(results, figure.analysis).chosen("model", str, "")
    ratio = RATIOS.get(model, RATIOS["cox"])
    of = "of all participants" + (" and in each subgroup" if subgroups_of(results, figure.analysis) else "")
    return f"Chart of {ratio.lower()}s with confidence limits for {subject(results, figure)}, {of}."


def residuals_alt(results: Results, figure: ScaledResiduals) -> str:
    """Say what a figure of residuals shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ScaledResiduals
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        f"Scaled Schoenfeld residuals for {subject(results, figure)} over time as points, with their smooth course, "
        "its confidence band, and lines at equal hazards and at the estimate."
    )
