"""Signs and sentences of the front page: what a watch of the plan sees, beside its threshold."""

from __future__ import annotations

import math

from npcstats.analyses.thresholds.rows import direction_choice, watch_choice
from npcstats.display.anatomy import Piece
from npcstats.display.lookup import analysis_of
from npcstats.display.marks import LOOK, NONE, OK, Mark
from npcstats.display.pieces import label, words
from npcstats.display.prose import Inline, inline_count_of, inline_interval, inline_row
from npcstats.errors import ResultsError
from npcstats.results import EVERYONE, SEPARATOR, Results, Row, absent_sentences, one, select

CONTRAST = "risk_difference"
# Of two arms the higher is no choice among many.
FEW = 2


THRESHOLDS = "thresholds"


def mark(results: Results, watch: str) -> Mark:
    """The sign of a watched number: ● where nothing is to be seen, ▲ where its threshold is passed, NE if unknown.

    Parameters
    ----------
    results : Results
        Holds the analysis of thresholds.
    watch : str
        Id of the watch in the plan.

    Returns
    -------
    Mark
        The sign.

    Raises
    ------
    ResultsError
        If the plan watches no such number.
    """
    rows = select(results, variable=watch, measure="threshold_passed", stat="count")
    if len(rows) != 1:
        raise ResultsError(f"results: {len(rows)} thresholds for watch {watch!r}; exactly one is required.")
    if math.isnan(rows[0].value):
        return NONE
    return LOOK if rows[0].value else OK


def watched(results: Results, watch: str) -> Row:
    """The row that a watch of the plan looks at.

    Parameters
    ----------
    results : Results
        Holds the analysis of thresholds and the watched analysis.
    watch : str
        Id of the watch in the plan.

    Returns
    -------
    Row
        The row whose key the catalogue names.

    Raises
    ------
    ResultsError
        If the plan watches no such number.
    """
    for entry in results.catalogue.analyses.values():
        key = entry.chosen(f"watch.{watch}", str, "") if entry.kind == THRESHOLDS else ""
        if key in results.by_key:
            return results.by_key[key]
    raise ResultsError(f"catalogue: no watch {watch!r} with a row; the id of a watch of the plan is required.")


def watch_sentence(results: Results, watch: str) -> Inline:
    """What a watch sees, with its numbers and its threshold.

    Parameters
    ----------
    results : Results
        Holds the analysis of thresholds and the watched analysis.
    watch : str
        Id of the watch in the plan.

    Returns
    -------
    Inline
        One sentence without its full stop.

    Raises
    ------
    ResultsError
        If the plan watches no such number.
    """
    passed = one(results, variable=watch, measure="threshold_passed", stat="count")
    if _is_absent(results, watch):
        return inline_row(results, passed, "count")
    row = watched(results, watch)
    told = inline_row(results, passed, "count") if math.isnan(passed.value) else _seen(results, row)
    limit = one(results, variable=watch, measure="threshold", stat="estimate")
    side = analysis_of(results, limit.analysis).chosen(direction_choice(watch), str)
    unit = " points" if row.measure == CONTRAST else "%"
    due = told + f"; a look is due {side} " + inline_row(results, limit, "percent0") + unit
    return due + _chosen(results, watch)


def _is_absent(results: Results, watch: str) -> bool:
    """Whether the export lacks a frame of what is watched."""
    names = (row.analysis for row in select(results, variable=watch, measure="threshold", stat="estimate"))
    keys = [analysis_of(results, name).chosen(watch_choice(watch), str, "") for name in names]
    return bool(absent_sentences(results.catalogue, [key.partition(SEPARATOR)[0] for key in keys]))


def _chosen(results: Results, watch: str) -> Inline:
    """Of how many numbers the watched one is the most extreme, where it was chosen for that."""
    place = {"variable": watch, "measure": "threshold_beyond"}
    beyond, among = (one(results, **place, stat=stat) for stat in ("count", "total"))
    if among.value <= FEW:
        return Inline(())
    part = inline_row(results, beyond, "count") + " of " + inline_row(results, among, "count")
    return (
        ", as " + part + (" is" if beyond.value == 1 else " are") + "; the most extreme of many is so partly by chance"
    )


def _seen(results: Results, row: Row) -> Inline:
    return _contrast(results, row) if row.measure == CONTRAST else _share(results, row)


def watch_label(results: Results, watch: str) -> Inline:
    """What a watch is about, in the plan's words.

    Parameters
    ----------
    results : Results
        Holds the analysis of thresholds.
    watch : str
        Id of the watch in the plan.

    Returns
    -------
    Inline
        The words.
    """
    limit = one(results, variable=watch, measure="threshold", stat="estimate")
    return Inline((words(results, "analyses", limit.analysis, "labels", "variable", watch),))


def _share(results: Results, row: Row) -> Inline:
    if math.isnan(row.value):
        return inline_row(results, row, "percent1")
    if row.arm == EVERYONE:
        return inline_count_of(results, **_place(row, row.measure, row.arm))
    arms = [arm for arm in results.catalogue.arms if select(results, **_place(row, row.measure, arm))]
    return _joined([_of_arm(results, row, row.measure, arm) for arm in arms])


def _of_arm(results: Results, row: Row, measure: str, arm: str) -> Inline:
    """An arm's name and its share at the place of a row."""
    return Inline((words(results, "arms", arm),)) + " " + inline_count_of(results, **_place(row, measure, arm))


def _joined(parts: list[Inline]) -> Inline:
    """Join parts of a sentence by commas."""
    told = parts[0]
    for part in parts[1:]:
        told = told + ", " + part
    return told


def _contrast(results: Results, row: Row) -> Inline:
    if math.isnan(row.value):
        return _named(results, row) + ": " + inline_row(results, row, "percent1")
    first, reference = (_of_arm(results, row, "risk", arm) for arm in (row.arm, row.reference))
    interval = inline_interval(results, "percent1", **_place(row, CONTRAST, row.arm), reference=row.reference)
    told = _named(results, row) + ": " + first + ", " + reference + "; " + _side(results, row)
    return told + "; difference " + interval + " points"


def _side(results: Results, row: Row) -> Inline:
    """Which arm is higher."""
    if row.value == 0:
        return Inline((Piece("the same in both arms"),))
    higher = row.arm if row.value > 0 else row.reference
    return "higher in " + Inline((words(results, "arms", higher),))


def _named(results: Results, row: Row) -> Inline:
    column = "variable" if row.variable != EVERYONE else "block"
    code = getattr(row, column)
    level = label(results, row.analysis, "level", row.level)
    return Inline((label(results, row.analysis, column, code), Piece(", "), level))


def _place(row: Row, measure: str, arm: str) -> dict[str, str]:
    place = {name: getattr(row, name) for name in ("analysis", "block", "variable", "level", "window")}
    return {**place, "measure": measure, "arm": arm}
