"""One sequential ramp from light to dark, of grades and of shares, that survives greyscale."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.colors import LinearSegmentedColormap

from npcstats.display.looks import INK

SHADES: Mapping[int, str] = {1: "#dde4ea", 2: "#b0bdc9", 3: "#7c8d9d", 4: "#4b5d6e", 5: INK}
"""Of each grade."""
RAMP = LinearSegmentedColormap.from_list("shares", ["#ffffff", "#7c8d9d", INK])
DARK_FROM = 3
"""Lowest grade whose digit is white."""


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
