"""Captions and alternative texts of mean numbers of events, and sentences on what no rate counts."""

from __future__ import annotations

from npcstats.analyses.rates.displays import MeanCumulative
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, level_drawn, told_apart
from npcstats.display.lookup import analysis_of, groups_of
from npcstats.display.notes import reason_pieces
from npcstats.display.prose import Inline
from npcstats.results import Results, select

TOPICS = ("scale", "population", "period", "baseline", "exposure", "mean", "limit", "adjustment", *ARMS_TOPICS)


def caption(results: Results, figure: MeanCumulative) -> Inline:
    """Compose the caption of curves of mean numbers.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : MeanCumulative
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    window = window_of(results, figure.analysis, figure.course)
    level = level_drawn(results, figure.analysis, "mean_events_curve")
    bands = [(Piece("Bands: "), level, Piece(" CI."))] if level else []
    return compose_caption(results, figure, TOPICS, parts=(window,), after=bands)


def alt(results: Results, figure: MeanCumulative) -> str:
    """Say what curves of mean numbers show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : MeanCumulative
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    shown = f"of {who}" if who == ALL else f"for {who}"
    return (
        f"Curves of the mean number of adverse events per participant over time {shown}, with confidence bands, above "
        "the numbers at risk."
    )


def window_of(results: Results, analysis: str, course: str) -> str:
    """The period that a course is in.

    Parameters
    ----------
    results : Results
        Rows.
    analysis, course : str
        Ids.

    Returns
    -------
    str
        Code of the period.
    """
    return select(results, analysis=analysis, block=course)[0].window


def origin_words(results: Results, figure: MeanCumulative) -> str:
    """What the time of a course is counted from.

    Parameters
    ----------
    results : Results
        Catalogue.
    figure : MeanCumulative
        Of the plan.

    Returns
    -------
    str
        Such as start of radiotherapy, without an article.
    """
    entry = analysis_of(results, figure.analysis)
    return entry.chosen(f"origin.{figure.course}", str).removeprefix("the ")


def outside_sentences(results: Results, analysis: str, window: str) -> list[tuple[Piece, ...]]:
    """Say who is not at risk in a period, by reason, and which events are in no rate.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id.
    window : str
        Period.

    Returns
    -------
    list of tuple of Piece
        Two sentences at most.
    """
    sentences = []
    asked = {"analysis": analysis, "window": window, "stat": "count"}
    people = [row for row in select(results, **asked, measure="not_evaluable") if row.value > 0]
    events = [row for row in select(results, **asked, measure="not_counted") if row.value > 0]
    for words, rows in (("Not at risk: ", people), ("Events in no rate: ", events)):
        told = [
            piece
            for arm in groups_of(results, analysis)
            for piece in reason_pieces(results, analysis, arm, [row for row in rows if row.arm == arm], variables=True)
        ]
        if told:
            sentences.append((Piece(words), *told[:-1], Piece(".")))
    return sentences
