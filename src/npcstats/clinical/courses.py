"""How long a course of treatment lasted, what of it was missed, and how intense it was beside its plan."""

from __future__ import annotations

import numpy as np

from npcstats.clinical.values import Floats, align, as_days, as_floats, days_between, refuse
from npcstats.errors import SpecError

DAYS_PER_WEEK = 7.0


def weeks_of_cycles(first_day: object, last_day: object, *, cycle_days: int) -> Floats:
    """Return how long a course of cycles lasted.

    Parameters
    ----------
    first_day, last_day : array_like of date, shape (p,)
        First day of the first and of the last cycle.
    cycle_days : int
        Planned length of a cycle.

    Returns
    -------
    numpy.ndarray of float64, shape (p,), weeks
        The last cycle counts with its planned length; NaN where a day is missing.

    Raises
    ------
    DataError
        If a last day is before its first.
    SpecError
        If `cycle_days` is not above 0.
    """
    if cycle_days < 1:
        raise SpecError(f"cycle_days: is {cycle_days}; 1 or more is required.")
    return np.asarray((_lasted(first_day, last_day) + cycle_days) / DAYS_PER_WEEK, dtype=np.float64)


def relative_dose_intensity(delivered: object, weeks: object, planned: object, planned_weeks: object) -> Floats:
    """Return the delivered dose per week over the planned dose per week.

    Parameters
    ----------
    delivered : array_like of float, shape (p,)
        Cumulative dose given, such as mg/m².
    weeks : array_like of float, shape (p,)
        How long it took, in weeks, above 0.
    planned : array_like of float, shape (p,)
        Cumulative dose planned, in the same unit, above 0.
    planned_weeks : array_like of float, shape (p,)
        How long it was planned to take, in weeks, above 0.

    Returns
    -------
    numpy.ndarray of float64, shape (p,)
        1 is as planned; NaN where a value is missing.

    Raises
    ------
    DataError
        If a delivered dose is negative, or a planned dose or a duration is not above 0.

    References
    ----------
    Hryniuk W, Bush H. J Clin Oncol 1984;2(11):1281-8, doi:10.1200/JCO.1984.2.11.1281.
    """
    given = as_floats(delivered, "delivered dose", minimum=0)
    positive = [
        (as_floats(values, name), name)
        for values, name in ((weeks, "weeks"), (planned, "planned dose"), (planned_weeks, "planned weeks"))
    ]
    for values, name in positive:
        refuse(values <= 0, values, name, "not above 0", "numbers above 0 are required")
    lasted, intended, intended_weeks = (values for values, _ in positive)
    return np.asarray((given / lasted) / (intended / intended_weeks), dtype=np.float64)


def missed_days(start: object, end: object, fractions: object) -> Floats:
    """Return on how many working days of a course of one fraction a day none was given.

    Parameters
    ----------
    start, end : array_like of date, shape (p,)
        Days of the first and the last fraction.
    fractions : array_like of float, shape (p,)
        Fractions given.

    Returns
    -------
    numpy.ndarray of float64, shape (p,), days
        Monday to Friday, holidays among them; 0 where fractions on other days or two a day made up for all; NaN where a
        value is missing.

    Raises
    ------
    DataError
        If an end is before its start, or a number of fractions is negative.
    """
    _lasted(start, end)  # refuses an end before its start
    first, last = align("days", as_days(start, "first day"), as_days(end, "last day"))
    given = as_floats(fractions, "fractions", minimum=0)
    known = ~(np.isnat(first) | np.isnat(last))
    working = np.full(len(first), np.nan)
    working[known] = np.busday_count(first[known], last[known] + np.timedelta64(1, "D"))
    return np.asarray(np.maximum(working - given, 0.0), dtype=np.float64)


def overall_treatment_time(start: object, end: object) -> Floats:
    """Return the overall treatment time of radiotherapy in days, both ends counted.

    Parameters
    ----------
    start, end : array_like of date, shape (p,)
        First and last day of radiotherapy.

    Returns
    -------
    numpy.ndarray of float64, shape (p,), days
        NaN where a day is missing.

    Raises
    ------
    DataError
        If an end is before its start.
    """
    return _lasted(start, end) + 1.0


def _lasted(start: object, end: object) -> Floats:
    first, last = align("days", as_days(start, "first day"), as_days(end, "last day"))
    refuse(last < first, last, "last day", "before the first day", "a last day on or after the first is required")
    return days_between(first, last)
