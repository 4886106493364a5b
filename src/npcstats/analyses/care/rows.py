"""Words of the rows of supportive care and of body weight."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results.conventions import Conventions

MEASURES: Mapping[str, str] = {
    "care_days": "days with care in a period, all participants of the group together",
    "first_courses": "participants with a first course of care in one state, of those with any",
    "care_duration": "time by which half of the first courses have ended, by Kaplan-Meier",
    "in_use": "participants with care in place so long after a date, of those alive and followed then",
    "in_use_course": "the same at each week",
    "followed_then": "participants alive and followed so long after a date",
    "lowest_value": "smallest value of a group",
}

ANY, BEFORE, SINCE = "any", "before", "since"
"""Levels of care in a period: at all; whose first course began before a date, and on that date or after it."""
ENDED, DIED, OPEN = "ended", "died", "open"
"""States of a first course: known to have ended, in place at death, in place when last known."""
NOT_REACHED, DEAD, UNSEEN = "not-reached", "dead", "unseen"
"""Why somebody is not in the denominator of a day after a date."""
OFF_DAYS: Mapping[str, str] = {
    NOT_REACHED: "not so long after that date at the cut-off",
    DEAD: "died by then",
    UNSEEN: "not known to be alive from then on",
}

BASELINE, VISIT = "baseline", "visit"
"""Blocks of weight: before treatment, and at visits; of a period the block is empty."""
NO_BASELINE, NOT_WEIGHED = "no-baseline", "not-weighed"
UNWEIGHED: Mapping[str, str] = {
    NO_BASELINE: "no weight before treatment",
    NOT_WEIGHED: "not weighed",
}
"""Why somebody has no change of weight."""

CONVENTIONS: Conventions = {
    ("at_death", "ends"): {
        "topic": "Duration of care that was in place at death",
        "convention": "Ends at death",
        "r": "survfit(Surv(days, ended | died) ~ 1)",
        "sas": "PROC LIFETEST, TIME days*status(0)",
    },
    ("at_death", "censors"): {
        "topic": "Duration of care that was in place at death",
        "convention": "Censored at death",
        "r": "survfit(Surv(days, ended) ~ 1)",
        "sas": "PROC LIFETEST, TIME days*status(0)",
    },
}


def loss_level(percent: int) -> str:
    """The level of a loss of weight.

    Parameters
    ----------
    percent : int
        Least loss.

    Returns
    -------
    str
        Such as ``loss>=10``.
    """
    return f"loss>={percent}"


def amounts_line(item: str) -> str:
    """The code of the words for courses in a period.

    Parameters
    ----------
    item : str
        Kind of care.

    Returns
    -------
    str
        Under which the catalogue holds them.
    """
    return f"{item}:amounts"


def before_line(item: str) -> str:
    """The code of the words for those whose first course began before a date.

    Parameters
    ----------
    item : str
        Kind of care.

    Returns
    -------
    str
        Under which the catalogue holds them.
    """
    return f"{item}:before"


def since_line(item: str) -> str:
    """The code of the words for those whose first course began on a date or later.

    Parameters
    ----------
    item : str
        Kind of care.

    Returns
    -------
    str
        Under which the catalogue holds them.
    """
    return f"{item}:since"


def months_line(item: str) -> str:
    """The code of the words for who has it so long after a date.

    Parameters
    ----------
    item : str
        Kind of care.

    Returns
    -------
    str
        Under which the catalogue holds them.
    """
    return f"{item}:months"
