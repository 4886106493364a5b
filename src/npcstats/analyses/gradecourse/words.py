"""Captions and alternative texts of grades over time, and sentences on events that are at no time."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.analyses.gradecourse.displays import GradeHeat, MeanGrade, StackedGrades
from npcstats.analyses.gradecourse.rows import MEAN
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, level_drawn, told_apart
from npcstats.display.lookup import analysis_of, groups_of
from npcstats.display.pieces import group_name, label, number
from npcstats.display.prose import Inline
from npcstats.results import EVERYONE, Results, select

TOPICS = ("scale", "population", "grade", "times", "carried", "adjustment", *ARMS_TOPICS)
STACKS = (
    "Bars stand on the worst grade: the upper edge of each shade is the share with that grade or a worse one; what "
    "is left is grade zero. Below the bars: participants with a grade, and those of them whose grade was carried."
)
MEANS = "Means take grades as numbers."


def stacked_caption(results: Results, figure: StackedGrades) -> Inline:
    """Compose the caption of stacked grades.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : StackedGrades
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    return compose_caption(results, figure, TOPICS, before=[(Piece(STACKS), *_nobody(results, figure.analysis))])


def mean_caption(results: Results, figure: MeanGrade) -> Inline:
    """Compose the caption of mean grades.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : MeanGrade
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    level = level_drawn(results, figure.analysis, MEAN)
    bars = (Piece(" Bars: "), level, Piece(" CI by Student's t, none where all grades are equal.")) if level else ()
    return compose_caption(results, figure, TOPICS, before=[(Piece(MEANS), *bars)])


def heat_caption(results: Results, figure: GradeHeat) -> Inline:
    """Compose the caption of a map of terms by times.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : GradeHeat
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    band = label(results, figure.analysis, "level", figure.level)
    told = (Piece("Cells: percentage of participants with "), band,
            Piece(" of those with a grade at that time, darker where it is larger. Below: participants with a grade, "
                  "and those of them whose grade was carried."))  # fmt: skip
    return compose_caption(results, figure, TOPICS, before=[(*told, *_nobody(results, figure.analysis))])


def _nobody(results: Results, analysis: str) -> tuple[Piece, ...]:
    """What NE is, where it stands in a figure."""
    rows = select(results, analysis=analysis, arm=groups_of(results, analysis), measure="observed", stat="count")
    return (Piece(" NE: nobody has a grade at that time."),) if any(row.value == 0 for row in rows) else ()


def _who(results: Results, analysis: str) -> str:
    who = told_apart(results, analysis)
    return f"of {who}" if who == ALL else f"for {who}"


def stacked_alt(results: Results, figure: StackedGrades) -> str:
    """Say what stacked grades show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : StackedGrades
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = _who(results, figure.analysis)
    return f"Stacked bars of the shares of participants with each worst grade over time {who}, a panel for each term."


def mean_alt(results: Results, figure: MeanGrade) -> str:
    """Say what mean grades show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : MeanGrade
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = _who(results, figure.analysis)
    return f"Lines of the mean grade over time {who}, with confidence limits, a panel for each term."


def heat_alt(results: Results, figure: GradeHeat) -> str:
    """Say what a map of terms by times shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : GradeHeat
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = _who(results, figure.analysis)
    return f"A map of terms by times {who}: the darker a cell, the larger the share of participants with the event."


def undated_sentences(results: Results, analysis: str, variables: Sequence[str]) -> list[tuple[Piece, ...]]:
    """Say which events are at no time, for want of a date of onset.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id.
    variables : sequence of str
        Terms shown.

    Returns
    -------
    list of tuple of Piece
        A sentence at most.
    """
    analysis_of(results, analysis)
    rows = [row for row in select(results, analysis=analysis, measure="undated", stat="count") if row.value > 0]
    arms = groups_of(results, analysis)
    told: list[Piece] = []
    for row in (row for row in rows if row.arm in arms and row.variable in variables):
        who = [] if row.arm == EVERYONE else [group_name(results, row.arm), Piece(" ")]
        told += [*who, number(results, row, "count"), Piece(" ("), label(results, analysis, "variable", row.variable),
                 Piece("), ")]  # fmt: skip
    return [(Piece("Events without a date of onset, counted at no time: "), *told[:-1], Piece(")."))] if told else []
