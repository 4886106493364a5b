"""Captions and alternative texts of adverse events."""

from __future__ import annotations

from collections.abc import Collection

from npcstats.analyses.toxicity.displays import ToxicityButterfly, ToxicityDots
from npcstats.analyses.toxicity.rows import BESIDE, SEVERE, SEVERE_EVENTS, UNDATED
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, ARMS_TOPICS, compose_caption, told_apart
from npcstats.display.lookup import groups_of, row_at
from npcstats.display.pieces import chosen_number, group_name, label, number
from npcstats.display.prose import Inline
from npcstats.results import EVERYONE, Results, select

TOPICS = ("scale", "population", "period", "denominator", "baseline", "measured", "adjustment", *ARMS_TOPICS)


def caption(results: Results, figure: ToxicityDots) -> Inline:
    """Compose the caption of shares of participants: of how many, and which terms are shown.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ToxicityDots
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    limits = "interval" if told_apart(results, figure.analysis) == ALL else "difference"
    told = [
        denominator_sentence(results, figure.analysis, figure.window),
        *shown_sentence(results, figure.analysis, (figure.window,), figure.level, figure.minimum, figure.limit),
        *uncounted_sentences(results, figure.analysis, (figure.window,)),
    ]
    return compose_caption(results, figure, (*TOPICS, limits), parts=(figure.window,), after=told)


def alt(results: Results, figure: ToxicityDots) -> str:
    """Say what a chart of shares shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ToxicityDots
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    shown = f"of {who}, with confidence limits" if who == ALL else f"for {who}"
    asked = {"analysis": figure.analysis, "window": figure.window, "level": figure.level}
    compared = select(results, **asked, measure="risk_difference")
    beside = "; beside it the difference between arms with its confidence limits" if compared else ""
    return f"Dots at the share of participants with each adverse event, {shown}{beside}."


def butterfly_caption(results: Results, figure: ToxicityButterfly) -> Inline:
    """Compose the caption of bars back to back: of how many, and which terms are shown.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ToxicityButterfly
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    told = [
        denominator_sentence(results, figure.analysis, figure.window),
        *shown_sentence(results, figure.analysis, (figure.window,), figure.low, figure.minimum),
        *uncounted_sentences(results, figure.analysis, (figure.window,)),
    ]
    return compose_caption(results, figure, TOPICS, parts=(figure.window,), after=told)


def butterfly_alt(results: Results, figure: ToxicityButterfly) -> str:
    """Say what bars back to back show, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : ToxicityButterfly
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    sides = f"of {who}" if who == ALL else f"for {who}, back to back"
    return (
        f"Bars of the share of participants with each adverse event {sides}, the higher grades dark within the lower."
    )


def severe_terms(results: Results, analysis: str, windows: Collection[str]) -> frozenset[tuple[str, str]]:
    """Find the terms that no filter hides: with an event of grade 4 or 5, or a serious one, in any group.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.
    windows : collection of str
        Periods shown.

    Returns
    -------
    frozenset of (str, str)
        Block and variable; without those whose counts are withheld.
    """
    asked = {"analysis": analysis, "window": set(windows), "measure": "risk", "stat": "count", "level": set(SEVERE)}
    return frozenset((row.block, row.variable) for row in select(results, **asked) if row.value > 0)


def shown_sentence(
    results: Results, analysis: str, windows: Collection[str], level: str, minimum: float, limit: int = 0
) -> list[tuple[Piece, ...]]:
    """Say which terms a table or figure shows, where it does not show all.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.
    windows : collection of str
        Periods shown.
    level : str
        What decides, such as a grade band.
    minimum : float
        Share from 0 to 1 that a term must reach.
    limit : int
        Most terms shown; 0 for all.

    Returns
    -------
    list of tuple of Piece
        One sentence, or none.
    """
    if minimum <= 0 and not limit:
        return []
    band = label(results, analysis, "level", level)
    told = [Piece("Shown: terms with "), band]
    if minimum > 0:
        whole = abs(100 * minimum - round(100 * minimum)) < 1e-9
        share = chosen_number(results, minimum, "percent0" if whole else "percent1")
        group = "participants" if groups_of(results, analysis) == (EVERYONE,) else "any arm"
        told += [Piece(" in at least "), share, Piece(f"% of {group}")]
    if limit:
        told += [Piece("; at most "), chosen_number(results, float(limit), "count"), Piece(", the most frequent")]
    if severe_terms(results, analysis, windows):
        fourth, fifth = (label(results, analysis, "level", level) for level in SEVERE[:2])
        told += [Piece("; and every term with an event of "), fourth, Piece(" or "), fifth, Piece(", or a serious one")]
    return [(*told, Piece("."))]


UNCOUNTED_WORDS = {
    UNDATED: "Events without a date of onset, counted in no period",
    BESIDE: "Events of those not in the denominator",
}


def uncounted_sentences(results: Results, analysis: str, windows: Collection[str]) -> list[tuple[Piece, ...]]:
    """Say how many events no line counts, and how many of them are of those that no filter hides.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.
    windows : collection of str
        Periods shown.

    Returns
    -------
    list of tuple of Piece
        A sentence for each reason, of undated events one for all periods; none where there is no such event, or how
        many there are is withheld.
    """
    told = []
    for measure, opening in UNCOUNTED_WORDS.items():
        made = [w for w in windows if select(results, analysis=analysis, measure=measure, window=w)]
        for window in made[:1] if measure == UNDATED else made:
            parts = [
                part
                for arm in groups_of(results, analysis)
                for part in _events_outside(results, analysis, arm, window, measure)
            ]
            many = measure != UNDATED and len(windows) > 1
            named = (Piece(" ("), label(results, analysis, "window", window), Piece(")")) if many else ()
            if parts:
                told.append((Piece(opening), *named, Piece(": "), *parts[:-1], Piece(".")))
    return told


def _events_outside(results: Results, analysis: str, arm: str, window: str, measure: str) -> list[Piece]:
    at = {"analysis": analysis, "arm": arm, "window": window, "measure": measure, "stat": "count"}
    every, severe = row_at(results, **at, level=""), row_at(results, **at, level=SEVERE_EVENTS)
    if not every.value > 0:
        return []
    fourth, fifth = (label(results, analysis, "level", level) for level in SEVERE[:2])
    named = [] if arm == EVERYONE else [group_name(results, arm), Piece(" ")]
    among = [Piece(", of them "), number(results, severe, "count"), Piece(" of "), fourth, Piece(" or "), fifth]
    return [*named, number(results, every, "count"), *among, Piece(" or serious"), Piece("; ")]


def denominator_sentence(results: Results, analysis: str, window: str) -> tuple[Piece, ...]:
    """Say how many are in the denominator of each group.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    analysis : str
        Id of the analysis.
    window : str
        Period.

    Returns
    -------
    tuple of Piece
        One sentence.
    """
    told = [Piece("In the denominator: ")]
    for arm in groups_of(results, analysis):
        row = row_at(results, analysis=analysis, arm=arm, window=window, measure="observed", stat="count")
        named = [] if arm == EVERYONE else [group_name(results, arm), Piece(" ")]
        told += [*named, number(results, row, "count"), Piece("; ")]
    return (*told[:-1], Piece("."))
