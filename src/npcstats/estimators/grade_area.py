"""Grades over visits: what is carried over a missed visit, and the area under each participant's course.

It knows arrays of grades, one row for each participant, one column for each time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_array
from npcstats.estimators.types import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class CarriedGrades:
    """Grades after the rule of missed visits.

    Attributes
    ----------
    grades : ndarray of float, shape (n, v)
        NaN where there is none, nor one to carry.
    carried : ndarray of bool, shape (n, v)
        Which were carried from an earlier visit.
    """

    grades: FloatArray
    carried: BoolArray


def carry_forward(grades: npt.ArrayLike, followed: npt.ArrayLike, *, most: int) -> CarriedGrades:
    """Carry the last grade over missed visits.

    Parameters
    ----------
    grades : array_like of float >= 0, shape (n, v)
        Visits in the order of time; NaN where no grade was taken.
    followed : array_like of bool, shape (n, v)
        Where a participant was followed, so that a visit without a grade was missed; elsewhere nothing is carried.
    most : int
        Largest number of visits missed one after the other over which a grade is carried; beyond them nothing is.

    Returns
    -------
    CarriedGrades
        Grades of the same shape.

    Raises
    ------
    DataError
        If a grade is infinite or below 0, shapes differ, or there is a grade where nobody was followed.
    SpecError
        If `most` is no whole number of 0 or more.

    Notes
    -----
    *Convention.* Of a longer gap the first `most` visits are filled, the others are missing. Visits missed before the
    first grade stay missing. *Verified* against R, by runs of missing grades, and by hand.

    References
    ----------
    Thanarajasingam G, et al. Lancet Oncol 2016;17:663. doi:10.1016/S1470-2045(16)00038-3
    """
    if isinstance(most, bool) or not isinstance(most, int) or most < 0:
        raise SpecError(f"most: is {most!r}; a whole number of 0 or more is required.")
    values = _check_grades(grades)
    inside = np.asarray(followed)
    if inside.dtype != np.bool_ or inside.shape != values.shape:
        raise DataError(f"followed: is {inside.dtype} of shape {inside.shape}; bool of shape {values.shape} required.")
    seen = ~np.isnan(values)
    if (seen & ~inside).any():
        raise DataError(f"grades: {(seen & ~inside).sum()} where nobody was followed; none is required there.")
    filled, last = values.copy(), np.full(len(values), np.nan)
    missed = np.zeros(len(values), dtype=np.int64)
    for place in range(values.shape[1]):
        missed = np.where(seen[:, place], 0, missed + 1)
        gap = ~seen[:, place] & inside[:, place] & (missed <= most)
        filled[gap, place] = last[gap]
        last = np.where(seen[:, place], values[:, place], last)
    return CarriedGrades(filled, ~seen & ~np.isnan(filled))


def area_under_grades(grades: npt.ArrayLike, times: npt.ArrayLike) -> FloatArray:
    """Find the area under each participant's course of grades.

    Parameters
    ----------
    grades : array_like of float >= 0, shape (n, v)
        Grades at each time; NaN where there is none.
    times : array_like of float, shape (v,)
        Increasing, two or more.

    Returns
    -------
    ndarray of float, shape (n,)
        In grades times the unit of `times`; NaN of who lacks a grade at any time.

    Raises
    ------
    DataError
        If a grade is infinite or below 0, or times do not rise or are not as many as the columns of `grades`.

    Notes
    -----
    *Convention.* Trapezoids: between two times the grade changes in a straight line, and nothing is added before the
    first or after the last. *Verified* against R, and by hand: grades 0, 2, 3, 1 at 0, 1, 3, 6 have 1 + 5 + 6 = 12.

    References
    ----------
    Thanarajasingam G, et al. Lancet Oncol 2016;17:663. doi:10.1016/S1470-2045(16)00038-3
    """
    values = _check_grades(grades)
    when = check_array(times, "times")
    if len(when) != values.shape[1] or len(when) < 2:
        raise DataError(f"times: {len(when)} for {values.shape[1]} columns of grades; one each, two or more, required.")
    steps = np.diff(when)
    if (steps <= 0).any():
        raise DataError("times: do not rise; each above the one before it is required.")
    area: FloatArray = ((values[:, 1:] + values[:, :-1]) / 2) @ steps
    return area


def _check_grades(grades: npt.ArrayLike) -> FloatArray:
    values = np.array(grades, dtype=np.float64)
    if values.ndim != 2:
        raise DataError(f"grades: has {values.ndim} axes (shape {values.shape}); 2 required, participants by times.")
    wrong = np.isinf(values) | (values < 0)
    if wrong.any():
        raise DataError(f"grades: {wrong.sum()} infinite or below 0; a grade of 0 or more, or NaN, is required.")
    return values
