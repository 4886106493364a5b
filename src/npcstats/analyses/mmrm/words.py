"""Captions, alternative texts and notes of a mixed model."""

from __future__ import annotations

from npcstats.analyses.mmrm.displays import ModelChecks, ModelledCourses
from npcstats.analyses.mmrm.rows import DIED
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, level_drawn, told_apart
from npcstats.display.lookup import analysis_of, groups_of, ordered
from npcstats.display.notes import reason_pieces
from npcstats.display.pieces import label, number
from npcstats.display.prose import Inline
from npcstats.results import Results, select

COURSE_TOPICS = ("population", "model", "structure", "means", "adjustment", "missing", "death", "wording", *ARMS_TOPICS)
CHECK_TOPICS = ("population", "model", "structure", "residuals", *ARMS_TOPICS)


def outside_sentences(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Who of each group is in the model of no marker, or of which marker not, by reason.

    Parameters
    ----------
    results : Results
        Rows of kind ``mmrm``.
    analysis : str
        Its id.

    Returns
    -------
    list of tuple of Piece
        A sentence for each marker that somebody is missing from.
    """
    sentences = []
    for variable in _variables(results, analysis):
        told: list[Piece] = []
        for arm in groups_of(results, analysis):
            rows = select(results, analysis=analysis, arm=arm, variable=variable, measure="not_evaluable")
            told += reason_pieces(results, analysis, arm, [r for r in rows if r.value and r.level != DIED])
        if told:
            named = label(results, analysis, "variable", variable)
            sentences.append((named, Piece(", not modelled: "), *told[:-1], Piece(".")))
    return sentences


def _variables(results: Results, analysis: str) -> tuple[str, ...]:
    present = [row.variable for row in results.by_analysis[analysis] if row.variable]
    return ordered(analysis_of(results, analysis).labels.get("variable", {}), present)


def courses_caption(results: Results, figure: ModelledCourses) -> Inline:
    """Compose the caption of means and contrasts.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ModelledCourses
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    level = level_drawn(results, figure.analysis)
    limits = (Piece(", with "), level, Piece(" CI")) if level else ()
    compared = told_apart(results, figure.analysis) != ALL
    shown = "Above: means of the groups; below: their contrast by each model" if compared else "Means"
    before = [(Piece(shown), *limits, Piece("."))]
    weighted = bool(select(results, analysis=figure.analysis, block=set(figure.blocks), measure="effective_size"))
    topics = COURSE_TOPICS if weighted else tuple(topic for topic in COURSE_TOPICS if topic != "adjustment")
    return compose_caption(results, figure, topics, before=before)


def courses_alt(results: Results, figure: ModelledCourses) -> str:
    """Say what means and contrasts show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ModelledCourses
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    beside = "" if who == ALL else "; below each the contrast at every visit"
    return f"A panel for each marker: modelled means over the visits of {who}, with confidence limits{beside}."


def checks_caption(results: Results, figure: ModelChecks) -> Inline:
    """Compose the caption of residuals and influence, with the largest shift of each marker.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ModelChecks
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    before: list[tuple[Piece, ...]] = [
        (Piece("Above: quantiles of the residuals beside those of a normal distribution; line: equal."),)
    ]
    rows = select(results, analysis=figure.analysis, measure="largest_shift")
    told: list[Piece] = []
    for row in rows:
        named = label(results, figure.analysis, "variable", row.variable)
        told += [named, Piece(" "), number(results, row, "decimal2"), Piece(", ")]
    if told:
        before.append(
            (
                Piece(
                    "Below: participants by how far the contrast averaged over visits shifts when they are left out, "
                    "the covariance held, in its standard errors; largest shift: "
                ),
                *told[:-1],
                Piece("."),
            )
        )
    return compose_caption(results, figure, CHECK_TOPICS, before=before)


def checks_alt(results: Results, figure: ModelChecks) -> str:
    """Say what residuals and influence show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ModelChecks
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    shifts = select(results, analysis=figure.analysis, measure="left_out")
    beside = "; below each bars of how far leaving out a participant shifts the contrast" if shifts else ""
    return f"A panel for each marker: quantiles of residuals beside those of a normal distribution{beside}."
