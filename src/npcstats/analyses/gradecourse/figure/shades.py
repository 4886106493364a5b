"""One sequential ramp from light to dark, of grades and of shares, that survives greyscale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.colors import LinearSegmentedColormap

from npcstats.display.fonts import SMALL_SIZE
from npcstats.display.looks import INK
from npcstats.display.lookup import analysis_of, name_of
from npcstats.display.sheet import Sheet
from npcstats.results import Results

SHADES: Mapping[int, str] = {1: "#dde4ea", 2: "#b0bdc9", 3: "#7c8d9d", 4: "#4b5d6e", 5: INK}
"""Of each grade."""
RAMP = LinearSegmentedColormap.from_list("shares", ["#ffffff", "#7c8d9d", INK])
DARK_FROM = 3
"""Lowest grade whose digit is white."""
TURNED_ROOM = 17.0
SLOT_GAP = 1.0
LINE_STEP = 2.8


def on_shade(grade: int) -> str:
    """The color of a digit on the shade of its grade.

    Parameters
    ----------
    grade : int
        The grade.

    Returns
    -------
    str
        White on dark.
    """
    return "white" if grade >= DARK_FROM else INK


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
