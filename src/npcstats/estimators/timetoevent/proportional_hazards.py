"""Whether hazards are proportional: the score test against coefficients that change with time, and its residuals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from npcstats.choices import check_choice
from npcstats.estimators.distributions import average_ranks, chi_square_upper
from npcstats.estimators.timetoevent.fitted import no_test
from npcstats.estimators.timetoevent.maximum import Columns, Maximum, solve_positive
from npcstats.estimators.timetoevent.partial_likelihood import (
    Moments,
    information_matrix,
    schoenfeld_residuals,
    score_vector,
)
from npcstats.estimators.timetoevent.risk_sets import RiskSets
from npcstats.estimators.timetoevent.samples import product_limit, sum_by, sum_from
from npcstats.estimators.types import BoolArray, FloatArray, IntArray, Test

TRANSFORMS = ("km", "rank", "identity", "log")

_FLAT = "There is no trend over time to test: the events at which the column differs are at one time."


@dataclass(frozen=True, eq=False)
class ProportionalHazards:
    """The test of proportional hazards, of all columns together and of each, with scaled Schoenfeld residuals.

    Attributes
    ----------
    statistic, df, p_value : float
        Test of all columns together: chi-squared, its degrees of freedom, and the p-value; NaN where undefined.
    method : str
        Name of the test and of the transform of time.
    note : str
        Why something is NaN; empty otherwise.
    names : tuple of str, length k
        Columns of the design.
    by_column : tuple of Test, length k
        Test of each column, with 1 degree of freedom.
    transform : str
        Transform of time.
    time, transformed_time : ndarray of float, shape (d,)
        Time of each event, and its transform; by stratum, then time, then row.
    stratum : ndarray of int, shape (d,)
        Place of the event's stratum among the sorted labels.
    residuals : ndarray of float, shape (d, k)
        Scaled Schoenfeld residuals plus the coefficient: their trend over time is that of the coefficient, as
        ``cox.zph(terms = FALSE)$y``; NaN where the column has no coefficient or is constant in the stratum.
    """

    statistic: float
    df: float
    p_value: float
    method: str
    note: str
    names: tuple[str, ...]
    by_column: tuple[Test, ...]
    transform: str
    time: FloatArray
    transformed_time: FloatArray
    stratum: IntArray
    residuals: FloatArray


def transform_times(
    times: FloatArray, events: BoolArray, entries: FloatArray | None, transform: str
) -> tuple[FloatArray, str]:
    """Put times on the scale on which coefficients are tested for a trend.

    Parameters
    ----------
    times : ndarray of float, shape (n,)
        Times of the event or of censoring.
    events : ndarray of bool, shape (n,)
        True for an event.
    entries : ndarray of float, shape (n,), or None
        Times at which observation began.
    transform : {"km", "rank", "identity", "log"}
        ``km`` is 1 less the Kaplan-Meier curve of all strata together just before the time, every row once
        whatever its weight; ``rank`` is the average rank among all rows.

    Returns
    -------
    transformed : ndarray of float, shape (n,)
        Transformed times.
    note : str
        Why they are undefined; empty otherwise.
    """
    if transform == "identity":
        return times, ""
    if transform == "rank":
        return average_ranks(times), ""
    if transform == "log":
        if (times[events] <= 0).any():
            return np.full(len(times), np.nan), "There is an event at time 0, which has no logarithm."
        return np.log(np.where(times > 0, times, 1.0)), ""
    grid, row = np.unique(times, return_inverse=True)
    at_risk = np.cumsum(np.bincount(row, minlength=len(grid))[::-1])[::-1].astype(np.float64)
    if entries is not None:
        entry_times, counts = np.unique(entries, return_counts=True)
        at_risk -= sum_from(entry_times, counts.astype(np.float64), grid)
    survival = product_limit(sum_by(row, events.astype(np.float64), len(grid)), at_risk)
    return 1.0 - np.concatenate([[1.0], survival])[row], ""


def score_trend(
    sets: RiskSets,
    values: FloatArray,
    moments: Moments,
    weight: FloatArray,
) -> tuple[float, FloatArray, FloatArray]:
    """Compute the score test of an added product of each column with a function of time.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the maximum of the likelihood.
    weight : ndarray of float, shape (m,)
        Function of time at each cell, centered on the mean of the events.

    Returns
    -------
    statistic : float
        Of all columns together.
    by_column : ndarray of float, shape (k,)
        Of each column.
    information : ndarray of float, shape (k, k)
        Information about the coefficients.

    References
    ----------
    Grambsch PM, Therneau TM. Biometrika 1994;81:515. doi:10.1093/biomet/81.3.515
    """
    score = score_vector(sets, values, moments, weight)
    own = information_matrix(sets, values, moments)
    mixed = information_matrix(sets, values, moments, weight)
    added = information_matrix(sets, values, moments, weight**2)
    spent = solve_positive(own, mixed)
    if spent is None:
        return math.nan, np.full(len(score), np.nan), own
    left = added - mixed @ spent
    # what is left of the added information, relative to it, is rounding below this
    free = np.diag(left) > 1e-10 * np.diag(added)
    by_column = np.full(len(score), np.nan)
    by_column[free] = score[free] ** 2 / np.diag(left)[free]
    solved = solve_positive(left, score) if free.all() else None
    return (math.nan if solved is None else float(score @ solved)), by_column, own


def scale_residuals(
    sets: RiskSets, values: FloatArray, moments: Moments, information: FloatArray, varies: BoolArray
) -> FloatArray:
    """Divide Schoenfeld residuals by the average covariance of the covariates over the events.

    Parameters
    ----------
    sets : RiskSets
        The risk sets.
    values : ndarray of float, shape (n, k)
        Covariates of their rows.
    moments : Moments
        At the maximum of the likelihood.
    information : ndarray of float, shape (k, k)
        There.
    varies : ndarray of bool, shape (s, k)
        Whether the column varies in the stratum.

    Returns
    -------
    ndarray of float, shape (d, k)
        NaN where a column does not vary in the event's stratum.
    """
    raw = schoenfeld_residuals(sets, values, moments)
    stratum = sets.cell_stratum[sets.exit[sets.dead]]
    count = np.bincount(stratum, minlength=len(varies)).astype(np.float64)
    shared = (varies * count[:, np.newaxis]).T @ varies.astype(np.float64)
    average = information / np.where(shared == 0, 1.0, shared)
    scaled = np.full(raw.shape, np.nan)
    for pattern in np.unique(varies, axis=0):
        rows = np.flatnonzero((varies[stratum] == pattern).all(axis=1))
        columns = np.flatnonzero(pattern)
        if len(rows) and len(columns):
            solved = np.linalg.lstsq(average[np.ix_(columns, columns)], raw[np.ix_(rows, columns)].T, rcond=None)[0]
            scaled[np.ix_(rows, columns)] = solved.T
    return scaled


def check_proportional_hazards(
    names: tuple[str, ...],
    design: FloatArray,
    sample: tuple[FloatArray, BoolArray, FloatArray | None, IntArray],
    sets: RiskSets,
    columns: Columns,
    maximum: Maximum,
    transform: str,
) -> ProportionalHazards:
    """Test proportional hazards of a fitted model.

    Parameters
    ----------
    names : tuple of str, length k
        Columns of the design.
    design : ndarray of float, shape (n, k)
        The design.
    sample : tuple of ndarray, shape (n,)
        Times, events, entries and stratum of each row.
    sets : RiskSets
        The risk sets.
    columns : Columns
        Standardized columns, at least one.
    maximum : Maximum
        Of the likelihood.
    transform : {"km", "rank", "identity", "log"}
        Transform of time.

    Returns
    -------
    ProportionalHazards
        Test and residuals.
    """
    method = _name(transform)
    times, events, entries, stratum = sample
    transformed, note = transform_times(times, events, entries, transform)
    if note:
        return no_proportional_hazards(names, transform, note)
    dead = sets.source[sets.dead]
    weight = np.empty(len(sets.cell_time))
    weight[sets.exit[sets.dead]] = transformed[dead] - transformed[dead].mean()
    together, by_column, information = score_trend(sets, columns.values, maximum.moments, weight)

    tests = [no_test(method, reason) for reason in columns.reasons]
    for place, j in enumerate(columns.kept):
        tests[j] = _chi_squared(float(by_column[place]), 1, method)
    varies = _find_varying(design[:, columns.kept], stratum)
    scaled = scale_residuals(sets, columns.values, maximum.moments, information, varies)
    residuals = np.full((len(dead), len(names)), np.nan)
    with np.errstate(over="ignore", under="ignore"):
        residuals[:, columns.kept] = (scaled + maximum.coef) / columns.scale
    total = _chi_squared(together, len(columns.kept), method)
    return ProportionalHazards(
        statistic=total.statistic,
        df=total.df,
        p_value=total.p_value,
        method=method,
        note=total.note,
        names=names,
        by_column=tuple(tests),
        transform=transform,
        time=times[dead],
        transformed_time=transformed[dead],
        stratum=stratum[dead],
        residuals=residuals,
    )


def no_proportional_hazards(names: tuple[str, ...], transform: str, note: str) -> ProportionalHazards:
    """Return the test of a model that cannot be tested.

    Parameters
    ----------
    names : tuple of str, length k
        Columns of the design.
    transform : {"km", "rank", "identity", "log"}
        Transform of time.
    note : str
        Why there is no test.

    Returns
    -------
    ProportionalHazards
        NaN, without residuals.
    """
    method, none = _name(transform), np.empty(0)
    return ProportionalHazards(
        statistic=math.nan,
        df=math.nan,
        p_value=math.nan,
        method=method,
        note=note,
        names=names,
        by_column=tuple(no_test(method, note) for _ in names),
        transform=transform,
        time=none,
        transformed_time=none,
        stratum=np.empty(0, dtype=np.intp),
        residuals=np.empty((0, len(names))),
    )


def _name(transform: str) -> str:
    check_choice(transform, "transform", TRANSFORMS)
    return f"score test of proportional hazards, {transform} transform"


def _chi_squared(statistic: float, df: int, method: str) -> Test:
    if math.isnan(statistic):
        return no_test(method, _FLAT)
    return Test(statistic, float(df), chi_square_upper(statistic, df), method)


def _find_varying(design: FloatArray, stratum: IntArray) -> BoolArray:
    """Return whether each column varies in each stratum, shape (s, k)."""
    low = np.full((int(stratum.max()) + 1, design.shape[1]), np.inf)
    high = -low
    np.minimum.at(low, stratum, design)
    np.maximum.at(high, stratum, design)
    return high > low
