"""The sentence of the front page on what tells masked arms apart, and how its numbers are printed."""

from __future__ import annotations

import math
from collections.abc import Mapping

from npcstats.analyses.masking.rows import BLOCKS, CALENDAR, CHARACTERISTICS, KNOWN, SIZES
from npcstats.display.prose import Inline, inline_label, inline_row
from npcstats.formatting import noun
from npcstats.results import EVERYONE, Results, Row, one, select

MASKING = "masking"
STYLES: Mapping[str, tuple[str, str]] = {
    SIZES: ("percent1", "%"),
    CALENDAR: ("percent1", " points"),
    CHARACTERISTICS: ("decimal2", ""),
    KNOWN: ("percent1", " points"),
}
"""Of a block, the style of its numbers and what follows them."""
OPENINGS: Mapping[str, str] = {
    SIZES: "the size of the arms ({} of {} {noun}, most “",
    CALENDAR: "enrolment over time (",
    CHARACTERISTICS: "{} of {} {noun} (most “",
    KNOWN: "{} of {} {noun} known to differ between the treatments (most “",
}
NOUNS: Mapping[str, tuple[str, str]] = {
    SIZES: ("analysis set", "analysis sets"),
    CALENDAR: ("", ""),
    CHARACTERISTICS: ("characteristic", "characteristics"),
    KNOWN: ("thing", "things"),
}
NAMES: Mapping[str, str] = {CHARACTERISTICS: "SMD "}
MASKED = "masked"
ROUNDING = 1e-9
HIDDEN = "Letters do not hide the arms from those who know how the treatments differ: beyond the plan's limits are "
NOTHING = "Nothing that was looked at tells the arms apart: none of "


def masking_sentence(results: Results) -> Inline:
    """What tells the arms apart although they are masked, most first, with the plan's limits.

    Parameters
    ----------
    results : Results
        Of a session; one without an analysis of kind ``masking``, or whose arms are not masked, has no such sentence.

    Returns
    -------
    Inline
        One sentence or two with their full stop; empty where there is none to say.
    """
    names = [name for name, entry in results.catalogue.analyses.items() if entry.kind == MASKING]
    if results.catalogue.study.get("arms") != MASKED or not names or not results.by_analysis.get(names[0]):
        return Inline(())
    blocks = [block for block in BLOCKS if select(results, analysis=names[0], block=block)]
    beyond = [block for block in blocks if _whole(results, names[0], block, "count").value]
    if beyond:
        return HIDDEN + _joined([_told(results, names[0], block) for block in beyond]) + "."
    total = one(results, analysis=names[0], block="", variable=EVERYONE, measure="telling", stat="total")
    return NOTHING + inline_row(results, total, "count") + " differences is beyond the plan's limit."


def largest(results: Results, analysis: str, block: str) -> Row | None:
    """The largest difference of a block.

    Parameters
    ----------
    results : Results
        Rows of kind ``masking``.
    analysis : str
        Its id.
    block : str
        One of `BLOCKS`.

    Returns
    -------
    Row or None
        The first of the largest; None where none is known.
    """
    rows = select(results, analysis=analysis, block=block, measure="arm_distance", stat="estimate")
    return max((row for row in rows if not math.isnan(row.value)), key=lambda row: row.value, default=None)


def limit_style(row: Row) -> str:
    """How a limit is printed: a percentage without decimals where it has none.

    Parameters
    ----------
    row : Row
        Of measure ``arm_distance_limit``.

    Returns
    -------
    str
        Formatting style.
    """
    style = STYLES[row.block][0]
    whole = abs(100 * row.value - round(100 * row.value)) < ROUNDING
    return "percent0" if style == "percent1" and whole else style


def _whole(results: Results, analysis: str, block: str, stat: str) -> Row:
    return one(results, analysis=analysis, block=block, variable=EVERYONE, measure="telling", stat=stat)


def _told(results: Results, analysis: str, block: str) -> Inline:
    row = largest(results, analysis, block)
    if row is None:
        return Inline(())
    style, unit = STYLES[block]
    counted = noun(_whole(results, analysis, block, "total").value, *NOUNS[block])
    parts = OPENINGS[block].replace("{noun}", counted).split("{}")
    told: Inline = Inline(()) + parts[0]
    for stat, part in zip(("count", "total"), parts[1:], strict=False):
        told = told + inline_row(results, _whole(results, analysis, block, stat), "count") + part
    if block != CALENDAR:
        told = told + inline_label(results, analysis, "variable", row.variable) + "”, " + NAMES.get(block, "")
    limit = one(results, analysis=analysis, block=block, measure="arm_distance_limit", stat="estimate")
    number = inline_row(results, row, style) + unit
    return told + number + "; limit " + inline_row(results, limit, limit_style(limit)) + unit + ")"


def _joined(told: list[Inline]) -> Inline:
    *first, last = told
    joined = Inline(())
    for number, part in enumerate(first):
        joined = joined + (", " if number else "") + part
    return joined + " and " + last if first else last
