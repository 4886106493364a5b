"""Small counts withheld from results that are made public, and with them whatever would tell one.

What stays published is a coarser table than the one that was made: categories that hold few participants are merged
with others, and of what was merged only the sum can be worked out. No sum is itself a small count. Knows rows and the
kinds of analysis that they belong to; a kind or a measure that it does not know is withheld whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from npcstats.disclosure.effects import EFFECTS
from npcstats.disclosure.rule import EXTREMES, SmallCounts
from npcstats.disclosure.table import PublicTable, withhold_all
from npcstats.results import (
    AT_TIMES,
    CURVE,
    EVERYONE,
    PERCENT,
    WHOLE_PERCENT,
    Analysis,
    Results,
    Row,
    is_withheld,
)

TOPIC = "withheld"
JOINED = "straight lines join them, dotted across a time that is withheld."
SHARES = ("survival", "incidence", "survival_difference", "incidence_difference")
RISKS = ("risk", "risk_difference")
ORDER_TOPIC, BY_NAME = "order", "Classes, and the terms of a class, are in the order of their names."
COUNTING_TOPIC, RULE_TOPIC = "arms_counts", "arms"


def tells_no_size(rows: Sequence[Row], rule: SmallCounts) -> frozenset[str]:
    """Arms whose set's size would tell a small count, of an analysis in whose rows there are none.

    Parameters
    ----------
    rows : sequence of Row
        Of one analysis.
    rule : SmallCounts
        What is small.

    Returns
    -------
    frozenset of str
        Empty.
    """
    return frozenset()


@dataclass(frozen=True, kw_only=True)
class Withholding:
    """What of a kind's rows is withheld from a public session.

    Parameters
    ----------
    rows : callable
        The rows to publish, in order, those withheld without their value.
    telling_sizes : callable
        Arms the size of whose analysis set, beside the rows of one analysis, would tell a small count.
    by_name : bool
        Whether, once something is withheld, blocks and variables stand in the order of their names, since an order by
        frequency would tell what stands between two neighbours.
    effects : bool
        Whether its rows are effects between arms, which are judged after the other kinds, by what these do not tell.
    """

    rows: Callable[[PublicTable], list[Row]]
    telling_sizes: Callable[[Sequence[Row], SmallCounts], frozenset[str]] = tells_no_size
    by_name: bool = False
    effects: bool = False


WHOLE = Withholding(rows=withhold_all)
"""What is not known cannot be judged: nothing of it is published."""


def withhold_small_counts(results: Results, rule: SmallCounts, kinds: Mapping[str, Withholding]) -> Results:
    """Withhold small counts, and what would tell one, from results that are made public.

    Parameters
    ----------
    results : Results
        As computed.
    rule : SmallCounts
        What is small.
    kinds : mapping of str to Withholding
        By kind of analysis, as the catalogue names it; a kind that is not there is withheld whole.

    Returns
    -------
    Results
        A withheld number is NaN with the reason `WITHHELD`; a curve has rows only at the times at which
        it may be known. Rows are in an order that does not depend on a count, and the catalogue says what ``s`` means.

    Notes
    -----
    Convention: in each arm, the categories of a group are merged until each holds nobody or at least `below`: grades
    with their neighbours, other categories with the least frequent ones. Numbers of everyone are printed where those
    of each arm are. A share, its limits and a difference go with the count that they would tell. The sizes of the
    arms and of the analysis sets are published, unless who is outside a denominator would be a small count. A share of
    a curve, in whole percentages, is told at a time where for every stretch between two such times, or from the last to
    the number of events, a count that is none or not small would be printed alike. An effect is told, rounded, where
    each arm has enough participants with the event and without it; who is left out of it is told of every arm or of
    none, and never where it is a small count. Who knows
    the rule itself can guess that something small was there, not what nor where.
    """
    hidden = _hidden_sizes(results, rule, kinds)
    entries = results.catalogue.analyses
    published: dict[str, list[Row]] = {}
    for name in sorted(entries, key=lambda each: kinds.get(entries[each].kind, WHOLE).effects):
        entry, before = entries[name], results.by_analysis.get(name, ())
        without = frozenset(arm for population, arm in hidden if population == entry.population)
        withholding = kinds.get(entry.kind, WHOLE)
        refused = _refused(published.values()) if withholding.effects else frozenset()
        published[name] = withholding.rows(PublicTable(before, rule, without, refused=refused))
    analyses: dict[str, Analysis] = {}
    for name, entry in entries.items():
        withholding = kinds.get(entry.kind, WHOLE)
        told = _told(entry, results.by_analysis.get(name, ()), published[name], rule, withholding)
        named = withholding.by_name and TOPIC in told.sentences
        analyses[name] = _in_order_of_names(told) if named else told
    rows = tuple(row for name in entries for row in published[name])
    return replace(results, rows=rows, catalogue=replace(results.catalogue, analyses=analyses))


def _refused(published: Iterable[Sequence[Row]]) -> frozenset[tuple[str, str, float]]:
    """What rows do not tell: a share of an arm at a time, or, with a time of -1, how many had the event."""
    return frozenset(
        (row.variable, row.arm, -1.0 if math.isnan(row.time) else row.time)
        for rows in published
        for row in rows
        if row.measure in ("survival", "incidence", "events") and row.stat in ("estimate", "count")
        if row.level in ("", "event") and not row.reference and is_withheld(row)
    )


def _told(
    entry: Analysis, before: Sequence[Row], after: Sequence[Row], rule: SmallCounts, withholding: Withholding
) -> Analysis:
    gone = [row for row in after if row.measure not in EXTREMES and is_withheld(row)]
    fewer = bool({row.key for row in before} - {row.key for row in after})
    told = [
        f"Withheld (s): numbers that are, or would tell, a count of {rule.words}."
    ] if gone else []  # fmt: skip
    known = [row for row in after if math.isfinite(row.value)]
    if any(row.measure in (*SHARES, *RISKS * withholding.effects) for row in known):
        told.append("Percentages and their differences are whole numbers.")
        entry = replace(entry, choices={**entry.choices, PERCENT: WHOLE_PERCENT})
    if fewer:
        told.append(f"Curves are given at whole months; {JOINED}")
        entry = replace(entry, choices={**entry.choices, CURVE: AT_TIMES})
    if withholding.effects and any(row.measure in EFFECTS for row in known):
        told.append(
            f"Effects are rounded, and given where each arm has at least {rule.effects} participants with the event "
            f"and {rule.effects} without it."
        )
    safe = {topic: text for topic, text in entry.sentences.items() if topic != COUNTING_TOPIC}
    if RULE_TOPIC in entry.choices:  # the rule as it applies to the members tells that there is one
        safe[RULE_TOPIC] = entry.chosen(RULE_TOPIC, str)
    sentences = {**safe, TOPIC: " ".join(told)} if told else safe
    return replace(entry, sentences=sentences)


def _in_order_of_names(entry: Analysis) -> Analysis:
    by_name = {
        column: dict(sorted(codes.items(), key=lambda item: (item[0] != EVERYONE, item[0])))
        for column, codes in entry.labels.items()
        if column in ("block", "variable")
    }
    told = {ORDER_TOPIC: BY_NAME} if ORDER_TOPIC in entry.sentences else {}
    return replace(entry, labels={**entry.labels, **by_name}, sentences={**entry.sentences, **told})


def _hidden_sizes(results: Results, rule: SmallCounts, kinds: Mapping[str, Withholding]) -> frozenset[tuple[str, str]]:
    """Analysis sets and arms whose size would tell how many are outside a denominator."""
    found = {
        (entry.population, arm)
        for name, entry in results.catalogue.analyses.items()
        for arm in kinds.get(entry.kind, WHOLE).telling_sizes(results.by_analysis.get(name, ()), rule)
    }
    pooled = {(population, EVERYONE) for population, _ in found}
    return frozenset(found | pooled)
