"""What stands below an axis of times: how many have a grade, the names of the times, and from when they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from npcstats.display.fonts import SMALL_SIZE
from npcstats.display.looks import SOFT, look_of
from npcstats.display.lookup import analysis_of, name_of, printed, row_at
from npcstats.display.sheet import Sheet
from npcstats.results import Results

TURNED_ROOM = 17.0
SLOT_GAP = 1.0
LINE_STEP = 2.8
TOP_GAP, COUNT_STEP, BOTTOM_GAP, NAME_ROOM = 1.4, 3.2, 1.5, 4.5
COUNTS = {"n": "observed", "carried": "grade_carried"}
"""Lines of numbers, and what each counts."""
COUNTS_ROOM = 9.0
"""Millimetres that the names of these lines take to the left of an axis."""


@dataclass(frozen=True)
class Below:
    """Room below an axis, and the names of times in it.

    Parameters
    ----------
    windows : tuple of str
        Codes of times.
    names : tuple of str
        One for each, broken to fit.
    turned : bool
        Whether they stand upright.
    room : float
        Millimetres below the axis.
    """

    windows: tuple[str, ...]
    names: tuple[str, ...]
    turned: bool
    room: float


def lay_out_below(draft: Sheet, results: Results, analysis: str, width: float) -> Below:
    """Find the room that numbers and names of times need below an axis.

    Parameters
    ----------
    draft : Sheet
        A page, for measuring.
    results : Results
        Labels.
    analysis : str
        Id.
    width : float
        Millimetres of the axis.

    Returns
    -------
    Below
        Room and names.
    """
    windows = tuple(analysis_of(results, analysis).labels["window"])
    names, room, turned = time_names(draft, results, analysis, windows, width)
    room += TOP_GAP + len(COUNTS) * COUNT_STEP + BOTTOM_GAP + (NAME_ROOM if axis_name(results, analysis) else 0.0)
    return Below(windows, tuple(names), turned, room)


def write_below(
    sheet: Sheet, results: Results, analysis: str, arm: str, below: Below, *, left: float, width: float, margin: float
) -> None:
    """Write below an axis how many have a grade, and how many a carried one, and the names of times.

    Parameters
    ----------
    sheet : Sheet
        Page; the axis is as many millimetres above its lower edge as the room says.
    results : Results
        Rows and labels.
    analysis, arm : str
        Id, and the group whose axis it is.
    below : Below
        Room and names.
    left, width : float
        Millimetres of the axis.
    margin : float
        From an end of the axis to the nearest time, where times are 1 apart.
    """
    step = width / (len(below.windows) - 1 + 2 * margin)
    for line, (word, measure) in enumerate(COUNTS.items()):
        y = below.room - TOP_GAP - line * COUNT_STEP
        for place, window in enumerate(below.windows):
            row = row_at(results, analysis=analysis, arm=arm, window=window, measure=measure, stat="count")
            sheet.write(left + (place + margin) * step, y, printed(results, row.value, "count"), size=SMALL_SIZE,
                        color=look_of(results, arm).color, ha="center", va="top",
                        gid=f"{word}-{arm}-{window}")  # fmt: skip
    y = below.room - TOP_GAP - len(COUNTS) * COUNT_STEP
    for place, name in enumerate(below.names):
        sheet.write(left + (place + margin) * step, y, name, size=SMALL_SIZE, ha="center", va="top", linespacing=1.05,
                    rotation=90 if below.turned else 0)  # fmt: skip
    words = axis_name(results, analysis)
    if words:
        sheet.write(left + width / 2, 1.0, words, ha="center", va="bottom")


def name_counts(sheet: Sheet, below: Below, *, right: float) -> None:
    """Name the lines of numbers, to the left of the first axis.

    Parameters
    ----------
    sheet : Sheet
        Page.
    below : Below
        Room.
    right : float
        Millimetres to the end of the names.
    """
    for line, word in enumerate(COUNTS):
        y = below.room - TOP_GAP - line * COUNT_STEP
        sheet.write(right, y, word, color=SOFT, size=SMALL_SIZE, ha="right", va="top")


def time_names(
    sheet: Sheet, results: Results, analysis: str, windows: Sequence[str], width: float
) -> tuple[list[str], float, bool]:
    """Names of times under an axis, the room they need, and whether they are turned to fit.

    Parameters
    ----------
    sheet : Sheet
        A page, for measuring.
    results : Results
        Labels.
    analysis : str
        Id.
    windows : sequence of str
        Codes of times.
    width : float
        Millimetres of the axis.

    Returns
    -------
    list of str
        One for each time.
    float
        Millimetres.
    bool
        Whether they stand upright.
    """
    entry = analysis_of(results, analysis)
    named = [name_of(entry, "short", code) for code in windows]
    slot = width / len(windows) - SLOT_GAP
    level = [sheet.wrap(name, slot, size=SMALL_SIZE) for name in named]
    words = {part for name in named for part in name.split(" ")}
    if sheet.widest(words, size=SMALL_SIZE) <= slot:
        return level, LINE_STEP * max(name.count("\n") + 1 for name in level), False
    turned = [sheet.wrap(name, TURNED_ROOM, size=SMALL_SIZE) for name in named]
    return turned, sheet.widest(turned, size=SMALL_SIZE), True


def axis_name(results: Results, analysis: str) -> str:
    """The name of the axis of times.

    Parameters
    ----------
    results : Results
        Catalogue.
    analysis : str
        Id.

    Returns
    -------
    str
        What weeks are counted from; empty where times are visits, which have names.
    """
    entry = analysis_of(results, analysis)
    if entry.chosen("times", str) == "visits":
        return ""
    return f"Week from {entry.chosen('origin_label', str).removeprefix('the ')}"
