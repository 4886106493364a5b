"""Sentences of stopping rules: captions, alternative texts, and the signs of a first page."""

from __future__ import annotations

import math

from npcstats.analyses.stopping.displays import StoppingCurves, StoppingPath
from npcstats.analyses.stopping.rows import LOOKS, NOW, SIMULATED
from npcstats.display.anatomy import Piece
from npcstats.display.captions import ALL, compose_caption, told_apart
from npcstats.display.lookup import groups_of
from npcstats.display.marks import ACT, LOOK, NONE, OK, Mark
from npcstats.display.origins import NOTE
from npcstats.display.pieces import group_name, label, number
from npcstats.display.prose import Inline, inline_row
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, Results, Row, one, select


def path_caption(results: Results, figure: StoppingPath) -> Inline:
    """Compose the caption of events against limits.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : StoppingPath
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    drawn = (
        Piece("Steps: participants with the event among the first so many whose period is complete. Line: the fewest "
              "that meet the rule, at its looks."),
    )  # fmt: skip
    return compose_caption(results, figure, ("rule", "order"), before=[drawn])


def path_alt(results: Results, figure: StoppingPath) -> str:
    """Say what the figure of events against limits shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : StoppingPath
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    who = told_apart(results, figure.analysis)
    of = f"of {who}" if who == ALL else f"for {who}"
    return f"A panel for each rule: events in order of exposure as steps {of}, below or above the line of its limits."


def curves_caption(results: Results, figure: StoppingCurves) -> Inline:
    """Compose the caption of what rules do.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : StoppingCurves
        Of the plan.

    Returns
    -------
    Inline
        What follows the title.
    """
    rings = select(results, analysis=figure.analysis, block=SIMULATED)
    drawn = (Piece("Lines: exact. Rings: simulated." if rings else "Lines: exact."),)
    topics = ("rule", "characteristics", "simulated")
    return compose_caption(results, figure, topics, before=[drawn])


def curves_alt(results: Results, figure: StoppingCurves) -> str:
    """Say what the figure of characteristics shows, for those who cannot see it.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : StoppingCurves
        Of the plan.

    Returns
    -------
    str
        A sentence without numbers.
    """
    return (
        "Two panels for each rule: the probability that it is ever met, and the mean number of participants then, by "
        "the true rate of the event."
    )


def rule_mark(results: Results, analysis: str, rule: str) -> Mark:
    """The sign of a rule, of all groups together.

    Parameters
    ----------
    results : Results
        Rows of kind ``stopping``.
    analysis : str
        Id.
    rule : str
        Code of the rule.

    Returns
    -------
    Mark
        ■ where a group meets it now; ▲ where its alert is raised, or a group met it at a look; ● where neither; NE
        where it is not known of any group.

    Raises
    ------
    ResultsError
        If there is no such rule.
    """
    at = {"analysis": analysis, "variable": rule, "stat": "count"}
    now = select(results, **at, block=NOW, measure="stopping_met")
    if not now:
        raise ResultsError(f"{analysis}: no rule {rule!r}; a code of the plan is required.")
    if any(row.value == 1.0 for row in now):
        return ACT
    before = select(results, **at, block=LOOKS, measure="stopping_met")
    alerts = select(results, **at, block=NOW, measure="alert_raised")
    if any(row.value == 1.0 for row in (*before, *alerts)):
        return LOOK
    return NONE if all(math.isnan(row.value) for row in now) else OK


def rule_label(results: Results, analysis: str, rule: str) -> Inline:
    """What a rule is about, in the plan's words.

    Parameters
    ----------
    results : Results
        Its catalogue.
    analysis : str
        Id.
    rule : str
        Code of the rule.

    Returns
    -------
    Inline
        The words.
    """
    return Inline((label(results, analysis, "variable", rule),))


def rule_sentence(results: Results, analysis: str, rule: str) -> Inline:
    """Where a rule stands, with the numbers of each group and its limit.

    Parameters
    ----------
    results : Results
        Rows of kind ``stopping``.
    analysis : str
        Id.
    rule : str
        Code of the rule.

    Returns
    -------
    Inline
        One sentence without its full stop, such as ``Arm A 3 of 74, rule met from 30; Arm B 0 of 74, rule met from
        30``.

    Raises
    ------
    ResultsError
        If there is no such rule.
    """
    parts = [_group_words(results, analysis, rule, arm) for arm in groups_of(results, analysis)]
    told = parts[0]
    for part in parts[1:]:
        told = told + "; " + part
    return told


def _group_words(results: Results, analysis: str, rule: str, arm: str) -> Inline:
    at = {"analysis": analysis, "variable": rule, "block": NOW, "arm": arm}
    count, total = (one(results, **at, measure="risk", stat=stat) for stat in ("count", "total"))
    named = Inline(()) if arm == EVERYONE else Inline((group_name(results, arm), Piece(" ")))
    told = named + inline_row(results, count, "count") + " of " + inline_row(results, total, "count")
    met = one(results, **at, measure="stopping_met", stat="count")
    told = told + _limit_words(results, one(results, **at, measure="stopping_limit", stat="count"), met)
    if met.value != 1.0 and select(results, **{**at, "block": LOOKS}, measure="stopping_met", value=1.0):
        told = told + ", met at a look before"
    if select(results, **at, measure="alert_raised", value=1.0):
        limit = one(results, analysis=analysis, variable=rule, measure="alert_limit")
        told = told + ", alert raised (from " + inline_row(results, limit, "percent1") + "%)"
    pending = one(results, **at, measure="pending", stat="count")
    early = (
        ", and " + inline_row(results, pending, "count") + " more whose period is not complete" if pending.value else ""
    )
    return told + early


def _limit_words(results: Results, limit: Row, met: Row) -> Inline:
    if math.isnan(met.value):
        return Inline((Piece(" ("), number(results, met, NOTE), Piece(")")))
    if math.isnan(limit.value):
        return Inline((Piece(", rule met" if met.value else ", rule not met"),))
    before = Piece(", rule met: from " if met.value else ", rule met from ")
    return Inline((before, number(results, limit, "count")))
