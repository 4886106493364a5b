"""Small counts withheld from results that are made public, and with them whatever would tell one.

What stays published is a coarser table than the one that was made: categories that hold few participants are merged
with others, and of what was merged only the sum can be worked out. No sum is itself a small count. Knows rows and the
kinds of analysis that they belong to; a kind or a measure that it does not know is withheld whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from npcstats.analyses.survival.public import survival_rows
from npcstats.analyses.toxicity.public import toxicity_rows
from npcstats.disclosure.categories import EXTREMES, baseline_rows, counts_rows
from npcstats.disclosure.courses import accrual_rows, biomarker_rows, follow_up_rows
from npcstats.disclosure.rule import SmallCounts, keep_boundaries, merge_small
from npcstats.disclosure.table import PublicTable, withhold_all
from npcstats.results import EVERYONE, Analysis, Results, Row, is_withheld

__all__ = ["SmallCounts", "keep_boundaries", "merge_small", "withhold_small_counts"]

TOPIC = "withheld"
COUNTING_TOPIC, RULE_TOPIC = "arms_counts", "arms"


def withhold_small_counts(results: Results, rule: SmallCounts) -> Results:
    """Withhold small counts, and what would tell one, from results that are made public.

    Parameters
    ----------
    results : Results
        As computed.
    rule : SmallCounts
        What is small.

    Returns
    -------
    Results
        A withheld number is NaN with a note that begins with `WITHHELD`; a curve has rows only at the times at which
        it may be known. Rows are in an order that does not depend on a count, and the catalogue says what ``s`` means.

    Notes
    -----
    Convention: in each arm, the categories of a group are merged until each holds nobody or at least `below`: grades
    with their neighbours, other categories with the least frequent ones. Numbers of everyone are printed where those
    of each arm are. A share, its limits and a difference go with the count that they would tell. The sizes of the
    arms and of the analysis sets are published, unless who is outside a denominator would be a small count. Who knows
    the rule itself can guess that something small was there, not what nor where.
    """
    hidden = _hidden_sizes(results, rule)
    rows: list[Row] = []
    analyses: dict[str, Analysis] = {}
    for name, entry in results.catalogue.analyses.items():
        before = results.by_analysis.get(name, ())
        table = PublicTable(
            before, rule, frozenset(arm for population, arm in hidden if population == entry.population)
        )
        after = _KINDS.get(entry.kind, withhold_all)(table)
        rows += after
        analyses[name] = _told(entry, before, after, rule)
    return replace(results, rows=tuple(rows), catalogue=replace(results.catalogue, analyses=analyses))


def _told(entry: Analysis, before: Sequence[Row], after: Sequence[Row], rule: SmallCounts) -> Analysis:
    gone = [row for row in after if row.measure not in EXTREMES and is_withheld(row)]
    fewer = bool({row.key for row in before} - {row.key for row in after})
    told = [
        f"Withheld (s): numbers that are, or would tell, a count of {rule.words}."
    ] if gone else []  # fmt: skip
    if fewer:
        told.append(
            f"Curves are given at times between which none or at least {rule.below} participants had an event; "
            "straight lines join them."
        )
        entry = replace(entry, choices={**entry.choices, "curve": "at times"})
    safe = {topic: text for topic, text in entry.sentences.items() if topic != COUNTING_TOPIC}
    if RULE_TOPIC in entry.choices:  # the rule as it applies to the members tells that there is one
        safe[RULE_TOPIC] = entry.choices[RULE_TOPIC]
    sentences = {**safe, TOPIC: " ".join(told)} if told else safe
    if entry.kind not in _SORTED or not told:
        return replace(entry, sentences=sentences)
    by_name = {
        column: dict(sorted(codes.items(), key=lambda item: (item[0] != EVERYONE, item[0])))
        for column, codes in entry.labels.items()
        if column in ("block", "variable")
    }
    return replace(entry, sentences=sentences, labels={**entry.labels, **by_name})


def _hidden_sizes(results: Results, rule: SmallCounts) -> frozenset[tuple[str, str]]:
    """Analysis sets and arms whose size would tell how many are outside a denominator."""
    found = set()
    for name, entry in results.catalogue.analyses.items():
        rows = results.by_analysis.get(name, ()) if entry.kind == "toxicity" else ()
        inside = [row for row in rows if row.measure == "observed" and row.stat == "count"]
        sizes = {row.arm: row.value for row in rows if row.measure == "participants"}
        found |= {(entry.population, row.arm) for row in inside if rule.covers(sizes[row.arm] - row.value)}
    pooled = {(population, EVERYONE) for population, _ in found}
    return frozenset(found | pooled)


_SORTED = ("toxicity", "counts")
_KINDS: dict[str, Callable[[PublicTable], list[Row]]] = {
    "accrual": accrual_rows,
    "baseline": baseline_rows,
    "biomarker": biomarker_rows,
    "counts": counts_rows,
    "follow-up": follow_up_rows,
    "survival": survival_rows,
    "toxicity": toxicity_rows,
}
