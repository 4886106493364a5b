"""Adverse events: grades are merged with their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from npcstats.analyses.toxicity.rows import COMPOSITES, lowest_grade, single_grade
from npcstats.disclosure.rule import SmallCounts, keep_boundaries
from npcstats.disclosure.table import PublicTable, withhold_all
from npcstats.results import EVERYONE, Row

BAND_ORDER = (3, 2, 1, 4, 5)
"""Grade bands in the order in which a table misses them most."""


def _cell(row: Row) -> tuple[str, str, str, str]:
    return row.window, row.block, row.variable, row.level


def toxicity_rows(table: PublicTable) -> list[Row]:
    """Grades of a term are merged with their neighbours; terms are put in the order of their names.

    Composite endpoints, serious events and who is not assessed for a term are withheld: each could be taken from what
    stands beside it.

    Parameters
    ----------
    table : PublicTable
        Rows of one analysis.

    Returns
    -------
    list of Row
        The rows to publish, in order.
    """
    if table.too_few():
        return withhold_all(table)
    for window in dict.fromkeys(row.window for row in table.rows):
        kept = {arm: _without_telling(table, window, arm, _kept_grades(table, window, arm)) for arm in table.arms}
        _withhold_outside(table, window)
        for row in table.find(window=window):
            always = row.measure in ("participants", "observed", "not_evaluable")
            if row.block == COMPOSITES or (not always and not _is_grade_known(table, row, kept)):
                table.gone.add(row.key)
        _withhold_unassessed(table, window)
        _withhold_records(table, window)
    order = {key: i for i, key in enumerate(sorted({(row.block, row.variable) for row in table.rows}, key=_by_name))}
    windows = list(dict.fromkeys(row.window for row in table.rows))
    return sorted(table.done(), key=lambda row: (windows.index(row.window), order[row.block, row.variable]))


def _by_name(place: tuple[str, str]) -> tuple[bool, bool, str, bool, str]:
    block, variable = place
    return block != "", block != EVERYONE, block, variable != EVERYONE, variable


def _kept_grades(table: PublicTable, window: str, arm: str) -> dict[tuple[str, str], frozenset[int]]:
    """Bands of each term that may be known: ``k`` where participants of grade k or more may."""
    inside = table.count(measure="observed", window=window, arm=arm)
    grades: dict[tuple[str, str], dict[int, tuple[float, ...]]] = {}
    for row in table.find(measure="risk", stat="count", window=window, arm=arm):
        if (grade := single_grade(row.level)) >= 0:
            grades.setdefault((row.block, row.variable), {})[grade] = (row.value,)
    if table.rule.covers(inside):
        return dict.fromkeys(grades, frozenset())
    return {
        place: keep_boundaries([cells[grade] for grade in sorted(cells)], BAND_ORDER, table.rule)
        for place, cells in grades.items()
    }


Kept = dict[tuple[str, str], frozenset[int]]


def _without_telling(table: PublicTable, window: str, arm: str, kept: Kept) -> Kept:
    """Withhold the band of a class, or of all terms, where it tells how few have only what another row leaves out.

    A class less one of its terms is how many have another term of it and not this one; of two terms, their sum less the
    class is how many have both.
    """
    counts = {
        (row.block, row.variable, band): row.value
        for row in table.find(measure="risk", stat="count", window=window, arm=arm)
        if (band := lowest_grade(row.level))
    }
    classes = [place for place in kept if place[1] == EVERYONE and place[0] != EVERYONE]
    for whole in (*classes, *(place for place in kept if place == (EVERYONE, EVERYONE))):
        parts = [place for place in kept if place != whole and whole[0] in (place[0], EVERYONE)]
        for band in kept[whole]:
            size = counts.get((*whole, band), 0.0)
            of_parts = {place: counts.get((*place, band), 0.0) for place in parts}
            left = [size - of_parts[place] for place in parts if band in kept[place]]
            terms = [count for count in of_parts.values() if count > 0]
            together = [sum(terms) - size] if len(terms) == 2 and whole in classes else []
            if any(map(table.rule.covers, [*left, *together])):
                kept = {**kept, whole: kept[whole] - {band}}
    return kept


def _is_grade_known(table: PublicTable, row: Row, kept: dict[str, Kept]) -> bool:
    arms = table.arms if row.arm == EVERYONE else (row.arm, *filter(None, (row.reference,)))
    if row.stat == "total":
        return not any(table.rule.covers(table.count(measure="observed", window=row.window, arm=a)) for a in arms)
    if row.measure not in ("risk", "risk_difference", "records"):
        return False
    band, grade = lowest_grade(row.level), single_grade(row.level)
    if row.measure == "records":
        wanted = {1}
    elif band:
        wanted = {band}
    elif grade >= 0:
        wanted = {grade, grade + 1} - {0, 6}
    else:
        return False
    return all(wanted <= kept[arm].get((row.block, row.variable), frozenset()) for arm in arms)


def _withhold_unassessed(table: PublicTable, window: str) -> None:
    """How many are not assessed for a term, and all of a term for which they are few."""
    unassessed = table.find(measure="not_assessed", window=window)
    table.withhold(unassessed)
    for row in unassessed:
        if table.rule.covers(row.value):
            table.withhold(table.find(window=window, block=row.block, variable=row.variable))


def _withhold_outside(table: PublicTable, window: str) -> None:
    """Reasons to be outside the denominator, and the size of the set where it would tell how many are."""
    hidden = set()
    for arm in table.arms:
        size = table.count(measure="participants", window=window, arm=arm)
        inside = table.count(measure="observed", window=window, arm=arm)
        reasons = [row.value for row in table.find(measure="not_evaluable", window=window, arm=arm)]
        if arm in table.hidden or any(map(table.rule.covers, (size - inside, *reasons))):
            hidden.add(arm)
        if table.rule.covers(inside):
            table.withhold(table.find(measure="observed", window=window, arm=arm))
            table.withhold(table.find(measure="observed", window=window, arm=EVERYONE))
    for arm in (*sorted(hidden), *([EVERYONE] if hidden else [])):
        table.withhold(table.find(measure="not_evaluable", window=window, arm=arm))
    for arm in table.hidden:
        table.withhold(table.find(measure="participants", window=window, arm=arm))
        table.withhold(table.find(measure="observed", stat="total", window=window, arm=arm))


def _withhold_records(table: PublicTable, window: str) -> None:
    """Events add up over terms and classes: a sum is withheld with any of its parts."""
    records = table.find(measure="records", window=window)
    for row in records:
        if row.key in table.gone:
            for other in records:
                same = other.arm == row.arm and other.variable == EVERYONE
                if same and other.block in (row.block, EVERYONE):
                    table.gone.add(other.key)
    table.withhold(row for row in records if row.arm == EVERYONE and any(
        other.key in table.gone for other in records if _cell(other) == _cell(row)))  # fmt: skip


def telling_sizes(rows: Sequence[Row], rule: SmallCounts) -> frozenset[str]:
    """Arms the size of whose set tells how few are outside the denominator of a window.

    Parameters
    ----------
    rows : sequence of Row
        Of one analysis.
    rule : SmallCounts
        What is small.

    Returns
    -------
    frozenset of str
        Their codes.
    """
    inside = [row for row in rows if row.measure == "observed" and row.stat == "count"]
    sizes = {row.arm: row.value for row in rows if row.measure == "participants"}
    return frozenset(row.arm for row in inside if rule.covers(sizes[row.arm] - row.value))
