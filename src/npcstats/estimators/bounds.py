"""Where a parameter ends: limits cut at the bounds of what is possible, and the sentences that say so.

A limit is cut, never moved otherwise: one that lies inside stays what the method made it.
"""

from __future__ import annotations

from typing import NamedTuple

LOWER_CUT = "The lower limit is cut at the least possible value."
UPPER_CUT = "The upper limit is cut at the largest possible value."
BOTH_CUT = "The limits are cut at the least and the largest possible value."
OUTSIDE = "The estimate lies outside its limits: the method centres them elsewhere."


class Limits(NamedTuple):
    """Limits inside the possible, and what is to be said of them; empty for nothing."""

    lower: float
    upper: float
    note: str


def cut_limits(lower: float, upper: float, least: float, largest: float) -> Limits:
    """Cut limits at the bounds of their parameter.

    Parameters
    ----------
    lower, upper : float
        As a method makes them; NaN stays NaN.
    least, largest : float
        Bounds of the parameter, in the same unit.

    Returns
    -------
    Limits
        Inside the bounds, with a note where one was cut.
    """
    note = cut_note(lower < least, upper > largest)
    return Limits(least if lower < least else lower, largest if upper > largest else upper, note)


def cut_note(lower_cut: bool, upper_cut: bool) -> str:
    """Say which limits were cut.

    Parameters
    ----------
    lower_cut, upper_cut : bool
        Whether each was.

    Returns
    -------
    str
        A sentence; empty where none was.
    """
    if lower_cut and upper_cut:
        return BOTH_CUT
    return LOWER_CUT if lower_cut else UPPER_CUT if upper_cut else ""
