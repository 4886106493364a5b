"""Words of the rows of grades over time."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

GRADES = (0, 1, 2, 3, 4, 5)
"""Worst grades told apart; 0 of who was assessed and had no event."""
NOT_ASSESSED, DIED, LEFT = "not-assessed", "died", "left"
NOT_REACHED, NOT_BEGUN = "not-reached", "not-begun"
OUTSIDE: Mapping[str, str] = {
    NOT_ASSESSED: "not assessed",
    DIED: "died before",
    LEFT: "left before",
    NOT_REACHED: "not over yet",
    NOT_BEGUN: "not begun",
}
"""Why somebody has no grade at a time."""
SHARE, MEAN, PREVALENCE, AREA = "grade_share", "mean_grade", "prevalence", "grade_area"
AREA_DIFFERENCE = "grade_area_difference"
UNIT = "grade-weeks"
SHORT = "short"
"""Labels of times under an axis."""

MEASURES: Mapping[str, str] = {
    SHARE: "participants whose worst grade at a time is this one, of those with a grade then",
    MEAN: "mean of the worst grades at a time",
    PREVALENCE: "participants with this grade or a worse one at a time, of those with a grade then",
    "grade_carried": "participants whose grade at a time was carried over missed ones",
    AREA: "mean area under the course of grades of a participant",
    AREA_DIFFERENCE: "difference of two mean areas",
    "undated": "events without a date of onset, which are at no time",
}

CONVENTIONS: Conventions = {
    ("missed", "carried-forward"): {
        "topic": "Grade at a missed visit",
        "convention": "Last one carried forward, over so many visits at most",
        "r": "zoo::na.locf() by participant, gaps limited by hand",
        "sas": "DATA step with RETAIN",
    },
    ("area", "trapezoid"): {
        "topic": "Area under the course of grades",
        "convention": "Trapezoids over the times of the plan",
        "r": "sum(diff(t) * (head(g, -1) + tail(g, -1)) / 2)",
        "sas": "DATA step",
    },
    ("area_difference", "welch"): {
        "topic": "Difference of mean areas",
        "convention": "Unequal variances",
        "r": "t.test()",
        "sas": "PROC TTEST, Satterthwaite",
    },
    ("area_difference", "pooled"): {
        "topic": "Difference of mean areas",
        "convention": "One common variance",
        "r": "t.test(var.equal = TRUE)",
        "sas": "PROC TTEST, Pooled",
    },
}


def band_level(lowest: int) -> str:
    """The level of a grade or a worse one.

    Parameters
    ----------
    lowest : int
        The grade.

    Returns
    -------
    str
        Such as ``grade>=2``.
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


def week_code(week: float) -> str:
    """The code of a week.

    Parameters
    ----------
    week : float
        Its number.

    Returns
    -------
    str
        Such as ``W3``.
    """
    return f"W{week:g}"
