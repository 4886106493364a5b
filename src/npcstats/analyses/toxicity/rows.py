"""Words of the rows of adverse events: grades and bands of grades."""

from __future__ import annotations

import re

BANDS = (1, 2, 3, 4)
"""Lowest grade of each band."""
GRADES = (0, 1, 2, 3, 4, 5)
"""Worst grades told apart; 0 of who is assessed and had no event."""
SERIOUS = "serious"
"""The level of participants with a serious event."""
HEADS = "level_head"
"""Labels of levels under a heading that says of what: a sign and a digit."""
COMPOSITES = "composites"
"""The block of endpoints that are the worst of several terms."""
UNDATED, BESIDE = "records_undated", "records_not_evaluable"
"""Events that are counted in no line; of each also those that no filter hides."""
MEASURES = {
    "not_assessed": "participants in the denominator of the period who are not assessed for the term",
    UNDATED: "events of members that have no date of onset, so that they are in no period",
    BESIDE: "events in the period of members outside its denominator",
}
SEVERE_EVENTS = "severe"
"""The level of events of grade 4 or 5, or serious."""
_BAND, _GRADE = re.compile(r"grade>=(\d)"), re.compile(r"grade=(\d)")


def band_level(lowest: int) -> str:
    """The level of a band of grades.

    Parameters
    ----------
    lowest : int
        Its lowest grade.

    Returns
    -------
    str
        Such as ``grade>=3``.
    """
    return f"grade>={lowest}"


def grade_level(grade: int) -> str:
    """The level of one grade.

    Parameters
    ----------
    grade : int
        The grade.

    Returns
    -------
    str
        Such as ``grade=3``.
    """
    return f"grade={grade}"


LEVELS = (*(f"grade>={band}" for band in BANDS), *(f"grade={grade}" for grade in GRADES), SERIOUS)
"""What a table can have a column of: bands, single grades, serious events."""

SEVERE = ("grade=4", "grade=5", SERIOUS)
"""Levels that no filter of terms hides."""


def lowest_grade(level: str) -> int:
    """The lowest grade of a band.

    Parameters
    ----------
    level : str
        Any level.

    Returns
    -------
    int
        0 where the level is no band.
    """
    found = _BAND.fullmatch(level)
    return int(found[1]) if found else 0


def single_grade(level: str) -> int:
    """The grade that a level is of.

    Parameters
    ----------
    level : str
        Any level.

    Returns
    -------
    int
        -1 where the level is not of one grade.
    """
    found = _GRADE.fullmatch(level)
    return int(found[1]) if found else -1
