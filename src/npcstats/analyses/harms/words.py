"""In which order events of a family stand, and the words of its table and figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from npcstats.analyses.harms.displays import HarmsPlot
from npcstats.analyses.harms.rows import UNADJUSTED
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, told_apart
from npcstats.display.lookup import analysis_of, groups_of
from npcstats.display.origins import NOTE
from npcstats.display.pieces import group_name, label, number
from npcstats.display.prose import Inline
from npcstats.results import EVERYONE, Results, Row, select

TOPICS = ("family", "scale", "population", "period", "baseline", "multiplicity", "adjustment", "same", *ARMS_TOPICS)
ORDER_WORDS: Mapping[str, str] = {
    "plan": "Events are in the order of the plan.",
    "frequency": "Events are ordered by participants with them among all, most first.",
    "size": "Events are ordered by how far the unadjusted difference is from zero, whichever arm had fewer.",
}


def ordered_events(results: Results, analysis: str, order: str) -> list[str]:
    """Order the events of a family by a rule that looks at no arm; equal ones, or unknown ones at the end, as planned.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.
    order : {"plan", "frequency", "size"}
        The rule; by size where nothing is compared is as planned.

    Returns
    -------
    list of str
        Codes.
    """
    asked = {"analysis": analysis, "stat": "estimate"}
    rows: Sequence[Row] = ()
    if order == "frequency":
        rows = select(results, **asked, arm=EVERYONE, measure="risk", block="")
    elif order == "size":
        rows = select(results, **asked, block=UNADJUSTED, measure="risk_difference")
    ranks = {row.variable: -abs(row.value) for row in rows if not math.isnan(row.value)}
    return sorted(analysis_of(results, analysis).labels["variable"], key=lambda name: ranks.get(name, math.inf))


def order_sentence(results: Results, analysis: str, order: str) -> tuple[Piece, ...]:
    """Say by which rule events are ordered.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.
    order : {"plan", "frequency", "size"}
        The rule asked for.

    Returns
    -------
    tuple of Piece
        A sentence.
    """
    compared = select(results, analysis=analysis, block=UNADJUSTED, measure="risk_difference")
    return (Piece(ORDER_WORDS["plan" if order == "size" and not compared else order]),)


def denominator_sentences(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Say how many are in the denominator of each group, by period; two numbers where events of a period differ.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.

    Returns
    -------
    list of tuple of Piece
        One sentence.
    """
    rows = select(results, analysis=analysis, measure="risk", stat="total", block="")
    told: list[Piece] = []
    for window in dict.fromkeys(row.window for row in rows):
        told += [label(results, analysis, "window", window), Piece(": ")]
        for arm in groups_of(results, analysis):
            own = sorted((row for row in rows if (row.window, row.arm) == (window, arm)), key=lambda row: row.value)
            ends = own[:: len(own) - 1] if own[0].value < own[-1].value else own[:1]
            numbers = [piece for row in ends for piece in (Piece(" to "), number(results, row, "count"))][1:]
            told += [*([] if arm == EVERYONE else [group_name(results, arm), Piece(" ")]), *numbers, Piece(", ")]
        told[-1] = Piece("; ")
    return [(Piece("In the denominator: "), *told[:-1], Piece("."))]


def unestimated_sentences(results: Results, rows: Sequence[Row]) -> list[tuple[Piece, ...]]:
    """Say why estimates or limits are not drawn: each reason once.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    rows : sequence of Row
        What a figure would draw.

    Returns
    -------
    list of tuple of Piece
        One sentence, or none.
    """
    noted = {row.note: row for row in rows if math.isnan(row.value) and row.note}
    if not noted:
        return []
    reasons = [piece for row in noted.values() for piece in (Piece(" "), number(results, row, NOTE))]
    return [(Piece("NE, or without limits:"), *reasons)]


def outside_sentences(results: Results, analysis: str) -> list[tuple[Piece, ...]]:
    """Say who is not compared, by period, group and reason; of a period's events the one that most are not compared by.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.

    Returns
    -------
    list of tuple of Piece
        One sentence, or none.
    """
    found: dict[tuple[str, str, str], Row] = {}
    for row in select(results, analysis=analysis, measure="not_evaluable", stat="count"):
        place = (row.window, row.arm, row.level)
        if row.value > 0 and (place not in found or row.value > found[place].value):
            found[place] = row
    told: list[Piece] = []
    for window in dict.fromkeys(window for window, _, _ in found):
        of_arms: list[Piece] = []
        for arm in groups_of(results, analysis):
            own = [row for (at, of, _), row in found.items() if (at, of) == (window, arm)]
            counts = [piece for row in own for piece in (Piece(", "), *_lost(results, row))][1:]
            named = [] if arm == EVERYONE else [group_name(results, arm), Piece(" ")]
            of_arms += [Piece("; "), *named, *counts] if own else []
        told += [label(results, analysis, "window", window), Piece(": "), *of_arms[1:], Piece(". ")] if of_arms else []
    most = "" if _alike(results, analysis) else ", at most"
    return [(Piece(f"Not in the denominator{most}. "), *told[:-1], Piece("."))] if told else []


def _alike(results: Results, analysis: str) -> bool:
    """Whether all events of a period leave out equally many for each reason."""
    rows = select(results, analysis=analysis, measure="not_evaluable", stat="count")
    places = {(row.window, row.arm, row.level) for row in rows}
    return len(places) == len({(row.window, row.arm, row.level, row.value) for row in rows})


def _lost(results: Results, row: Row) -> tuple[Piece, ...]:
    reason = label(results, row.analysis, "level", row.level)
    return (number(results, row, "count"), Piece(" ("), reason, Piece(")"))


def caption(results: Results, figure: HarmsPlot) -> Inline:
    """Compose the caption of shares and differences: of how many, in which order, and what has no estimate.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : HarmsPlot
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    asked = {"analysis": figure.analysis, "stat": {"estimate", "ci_low", "ci_high"}}
    drawn = select(results, **asked, measure="risk_difference")
    if not figure.adjusted:
        drawn = tuple(row for row in drawn if row.block == UNADJUSTED)
    limits = "interval" if told_apart(results, figure.analysis) == ALL else "difference"
    told = [
        *denominator_sentences(results, figure.analysis),
        order_sentence(results, figure.analysis, figure.order),
        *unestimated_sentences(results, drawn),
    ]
    return compose_caption(results, figure, (*TOPICS, limits), after=told)


def alt(results: Results, figure: HarmsPlot) -> str:
    """Say what a chart of shares and differences shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : HarmsPlot
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    shown = f"of {who}, with confidence limits" if who == ALL else f"for {who}"
    compared = select(results, analysis=figure.analysis, block=UNADJUSTED, measure="risk_difference")
    how = "as observed and adjusted, each" if figure.adjusted else "as observed,"
    beside = f"; beside them the difference between the arms {how} with its confidence limits" if compared else ""
    return f"Dots at the share of participants with each adverse event {shown}{beside}."
