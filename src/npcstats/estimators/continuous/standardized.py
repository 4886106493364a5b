"""Standardized differences between two groups: of values, of zeros and ones, and of categories."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_array, check_binary, check_labels, check_probability, check_weights
from npcstats.estimators.continuous.limits import (
    distance_error,
    distance_limits,
    mean_difference_error,
    moments_of,
    share_difference_error,
    signed_limits,
)
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import FloatArray

_TOO_FEW = {
    "continuous": "A group has fewer than two values.",
    "binary": "A group has fewer than one value.",
    "categorical": "A group has fewer than one value.",
    "ordinal": "A group has fewer than two values.",
}
_NOTHING_SHARED = "The groups share no category, so the covariance matrix is singular."
_NONE_SHARED = "The groups share no category, so the variance is 0."
_NO_ERROR = "To first order the difference has no error, so there are no limits."
_CATEGORY_LACKING = "Group 1 lacks a category of the other, so its covariance matrix is singular."


@dataclass(frozen=True)
class StandardizedDifference:
    """A standardized mean difference, group 1 minus group 0.

    Attributes
    ----------
    estimate : float
        Difference in standard deviations; never negative for a categorical variable; NaN where undefined.
    kind : str
        The kind of variable.
    denominator : str
        Whose standard deviation it is divided by.
    note : str
        Why the estimate is NaN; empty otherwise.
    std_error : float
        Standard error; NaN where no limits were asked for, or the estimate is undefined.
    lower, upper : float
        Two-sided confidence limits; NaN likewise.
    conf_level : float
        Their confidence level; NaN where none were asked for.
    """

    estimate: float
    kind: str
    denominator: str
    note: str = ""
    std_error: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    conf_level: float = math.nan


_PARTS = {"average": (0.5, 0.5), "treated": (1.0, 0.0)}
"""Part of each group's variance in the denominator."""


@one_thread
def standardized_mean_difference(
    x1: npt.ArrayLike,
    x0: npt.ArrayLike,
    *,
    kind: str,
    denominator: str,
    weights1: npt.ArrayLike | None = None,
    weights0: npt.ArrayLike | None = None,
    conf_level: float | None = None,
) -> StandardizedDifference:
    """Compute the standardized mean difference between two groups.

    Parameters
    ----------
    x1, x0 : array_like, shapes (n1,) and (n0,)
        Values in group 1 and in group 0: numbers (continuous), zeros and ones (binary) or labels of one type
        (categorical); none missing.
    kind : {"continuous", "binary", "categorical"}
        The kind of variable.
    denominator : {"average", "treated"}
        Whose variance: "average" is the mean of the two groups' variances, "treated" that of group 1.
    weights1, weights0 : array_like of float >= 0, shapes (n1,) and (n0,), or None
        Weights for the means or proportions; None counts every value once.
    conf_level : float in (0, 1), or None
        Confidence level of limits; None makes none. Not with weights: how they were estimated is part of the error.

    Returns
    -------
    StandardizedDifference
        ``(m1 - m0) / sd``. For a categorical variable the Mahalanobis distance of the two vectors of
        proportions, which has no sign. NaN with a `note` where the variance is 0, the covariance of the categories is
        singular or a group is empty.

    Raises
    ------
    DataError
        If a value is missing or not of its kind, or a weight is negative.
    SpecError
        If `kind`, `denominator` or `conf_level` is not allowed, or limits are asked for beside weights.

    Notes
    -----
    *Convention.* The denominator is always that of the unweighted groups, so that weighting can change only the
    numerator. A continuous variance has divisor n - 1, a binary one is p(1 - p). The levels of a categorical
    variable are those seen in either group; the distance does not depend on which one is left out. It exists only
    where the groups share a category and, over the covariance of group 1 alone, where that group has them all.

    *Limits.* Of a continuous or binary variable ``d ± z·se``, with the delta method's standard error of both the
    numerator and the denominator. Moments up to the fourth are estimated for each group. Where the groups are of one
    size and normal with one variance this is Hedges and Olkin's ``(n1 + n0)/(n1·n0) + d²/(2(n1 + n0))``, which
    Yang and Dalton (2012) use for every kind of variable; elsewhere theirs is wrong by the skewness, the kurtosis
    and the unequal variances that it leaves out. Of a categorical variable the distance is never negative, and
    chance makes it positive where there is no difference, so a symmetric interval would miss 0 far too often: the
    limits are the distances for which ``(d/se)²`` lies at the tails of the noncentral chi-squared distribution with
    k - 1 degrees of freedom. It has this distribution where the true distance is 0, and near it; far from 0 its root
    is normal with the delta method's standard error, as it should be. Two groups that are alike by chance are not known
    to be: the upper limit is never below that of the median estimate without a difference.

    *Verified* against formulae written in R, one by one, against the published values of the CAMIS propensity data;
    standard errors against a numerical derivative, coverage of the limits by simulation.

    References
    ----------
    Austin PC. Stat Med 2009;28:3083. doi:10.1002/sim.3697
    Hedges LV, Olkin I. Statistical Methods for Meta-Analysis. Academic Press 1985, chapter 5.
    Yang D, Dalton JE. A unified approach to measuring the effect size between two groups using SAS. SAS Global
    Forum 2012, paper 335.
    """
    check_choice(kind, "kind", ("continuous", "binary", "categorical"))
    check_choice(denominator, "denominator", tuple(_PARTS))
    weighted = weights1 is not None or weights0 is not None
    level = _checked_level(conf_level, weighted)
    values1, values0 = _values(x1, x0, kind)
    weight1 = _weights_or_ones(weights1, "weights1", len(values1))
    weight0 = _weights_or_ones(weights0, "weights0", len(values0))
    needed = 2 if kind == "continuous" else 1
    if min(len(values1), len(values0)) < needed:
        return StandardizedDifference(math.nan, kind, denominator, _TOO_FEW[kind])
    if not weighted:
        if kind == "continuous":
            return _of_moments(values1[:, 0], values0[:, 0], None, None, denominator, level)
        shares = (values1.mean(axis=0), values0.mean(axis=0))
        return _of_shares(shares, (len(values1), len(values0)), kind, denominator, level)

    difference = _weighted_mean(values1, weight1) - _weighted_mean(values0, weight0)
    parts = _PARTS[denominator]
    covariance = parts[0] * _covariance(values1, kind) + parts[1] * _covariance(values0, kind)
    shares = (values1.mean(axis=0), values0.mean(axis=0))
    if kind == "categorical":
        return _mahalanobis(difference, covariance, shares, denominator)
    return _standardized(float(difference[0]), float(covariance[0, 0]), kind, denominator)


def _values(x1: npt.ArrayLike, x0: npt.ArrayLike, kind: str) -> tuple[FloatArray, FloatArray]:
    """Return checked values as columns, one for each level of a categorical variable."""
    if kind == "categorical":
        return _indicators(x1, x0)
    named = ((x1, "x1"), (x0, "x0"))
    if kind == "binary":
        first, second = (check_binary(x, name).astype(np.float64)[:, np.newaxis] for x, name in named)
    else:
        first, second = (check_array(x, name)[:, np.newaxis] for x, name in named)
    return first, second


def _checked_level(conf_level: float | None, weighted: bool) -> float:
    """Return the confidence level, NaN where no limits are asked for."""
    if conf_level is None:
        return math.nan
    if weighted:
        raise SpecError("conf_level: is given beside weights, whose estimation is part of the error; None is required.")
    return check_probability(conf_level, "conf_level")


def _of_moments(
    x1: FloatArray,
    x0: FloatArray,
    counts1: FloatArray | None,
    counts0: FloatArray | None,
    denominator: str,
    conf_level: float,
) -> StandardizedDifference:
    first, second, parts = moments_of(x1, counts1), moments_of(x0, counts0), _PARTS[denominator]
    kind = "continuous" if counts1 is None else "ordinal"
    variance = parts[0] * first.variance + parts[1] * second.variance
    found = _standardized(first.mean - second.mean, variance, kind, denominator)
    if math.isnan(conf_level) or math.isnan(found.estimate):
        return found
    return _limited(found, mean_difference_error(first, second, parts), conf_level)


def _of_shares(
    shares: tuple[FloatArray, FloatArray], sizes: tuple[float, float], kind: str, denominator: str, conf_level: float
) -> StandardizedDifference:
    parts = _PARTS[denominator]
    covariance = parts[0] * _share_covariance(shares[0], kind) + parts[1] * _share_covariance(shares[1], kind)
    difference = shares[0] - shares[1]
    if kind == "categorical":
        found = _mahalanobis(difference, covariance, shares, denominator)
    else:
        found = _standardized(float(difference[0]), float(covariance[0, 0]), kind, denominator)
    if math.isnan(conf_level) or math.isnan(found.estimate):
        return found
    if kind == "binary":
        error = share_difference_error(float(shares[0][0]), float(shares[1][0]), sizes, parts)
        return _limited(found, error, conf_level)
    error = distance_error(shares, covariance, sizes, parts)
    return _limited(found, error, conf_level, len(difference) - 1)


def _limited(found: StandardizedDifference, error: float, conf_level: float, df: int = 0) -> StandardizedDifference:
    """Add limits: signed ones, or of a distance where there are degrees of freedom."""
    if error == 0:
        return replace(found, std_error=error, conf_level=conf_level, note=_NO_ERROR)
    lower, upper = (
        distance_limits(found.estimate, error, df, conf_level)
        if df
        else signed_limits(found.estimate, error, conf_level)
    )
    return replace(found, std_error=error, lower=lower, upper=upper, conf_level=conf_level)


def _standardized(difference: float, variance: float, kind: str, denominator: str) -> StandardizedDifference:
    if variance > 0:
        return StandardizedDifference(difference / math.sqrt(variance), kind, denominator)
    apart = kind == "binary" and abs(difference) == 1
    return StandardizedDifference(math.nan, kind, denominator, _NONE_SHARED if apart else _zero_variance(denominator))


@one_thread
def standardized_count_difference(
    counts1: npt.ArrayLike, counts0: npt.ArrayLike, *, kind: str, denominator: str, conf_level: float | None = None
) -> StandardizedDifference:
    """Compute the standardized difference between two groups of participants counted by category.

    Parameters
    ----------
    counts1, counts0 : array_like of int >= 0, shape (k,)
        Participants of group 1 and of group 0 in each category; of a binary variable those with 0 and those with 1; of
        an ordinal one in the order of the categories.
    kind : {"binary", "categorical", "ordinal"}
        The kind of variable. An ordinal one is that of the scores 1 to k.
    denominator : {"average", "treated"}
        Whose variance, as in `standardized_mean_difference`.
    conf_level : float in (0, 1), or None
        Confidence level of limits; None makes none.

    Returns
    -------
    StandardizedDifference
        What `standardized_mean_difference` finds in the values that were counted, whose labels sort as the categories
        stand here; of an ordinal variable, in the scores as a continuous one.

    Raises
    ------
    DataError
        If a count is no whole number of 0 or more, or the groups differ in categories.
    SpecError
        If `kind`, `denominator` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* That of `standardized_mean_difference`: a category that neither group has is none. Scores are of
    all categories given, also of those that nobody has.

    *Verified* against it, value by value.
    """
    check_choice(kind, "kind", ("binary", "categorical", "ordinal"))
    check_choice(denominator, "denominator", tuple(_PARTS))
    level = _checked_level(conf_level, weighted=False)
    counted1, counted0 = _check_category_counts(counts1, counts0, kind)
    total1, total0 = float(counted1.sum()), float(counted0.sum())
    if min(total1, total0) < (2 if kind == "ordinal" else 1):
        return StandardizedDifference(math.nan, kind, denominator, _TOO_FEW[kind])
    if kind == "ordinal":
        scores = np.arange(1.0, len(counted1) + 1)
        return _of_moments(scores, scores, counted1, counted0, denominator, level)
    seen = counted1 + counted0 > 0 if kind == "categorical" else np.array([False, True])
    shares = (counted1[seen] / total1, counted0[seen] / total0)
    return _of_shares(shares, (total1, total0), kind, denominator, level)


def _check_category_counts(counts1: npt.ArrayLike, counts0: npt.ArrayLike, kind: str) -> tuple[FloatArray, FloatArray]:
    counted1 = check_array(counts1, "counts1", minimum=0.0, length=2 if kind == "binary" else None)
    counted0 = check_array(counts0, "counts0", minimum=0.0, length=len(counted1))
    for name, counted in (("counts1", counted1), ("counts0", counted0)):
        if (counted != np.floor(counted)).any():
            raise DataError(f"{name}: has fractions; whole numbers of participants are required.")
    return counted1, counted0


def _weights_or_ones(weights: npt.ArrayLike | None, name: str, length: int) -> FloatArray:
    return np.ones(length) if weights is None else check_weights(weights, name, length=length)


def _weighted_mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the mean of each column; weights of 1 give the unweighted mean to the last bit."""
    if values.shape[1] == 1:
        return np.array([(weights * values[:, 0]).sum() / weights.sum()])
    return np.asarray((weights[:, np.newaxis] * values).sum(axis=0) / weights.sum())


def _indicators(x1: npt.ArrayLike, x0: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return one column of zeros and ones for each level that either group has."""
    labels1, codes1 = check_labels(x1, "x1")
    labels0, codes0 = check_labels(x0, "x0")
    if len(labels1) and len(labels0) and _is_text(labels1) != _is_text(labels0):
        raise DataError("x1, x0: labels of several types; labels of one type are required.")
    levels = sorted({*labels1.tolist(), *labels0.tolist()})
    return (_one_hot(labels1, codes1, levels), _one_hot(labels0, codes0, levels))


def _is_text(labels: npt.NDArray[Any]) -> bool:
    return isinstance(labels.tolist()[0], str)


def _one_hot(labels: npt.NDArray[Any], codes: npt.NDArray[np.intp], levels: list[Any]) -> FloatArray:
    position = np.array([levels.index(label) for label in labels.tolist()], dtype=np.intp)
    table: FloatArray = np.zeros((len(codes), len(levels)))
    table[np.arange(len(codes)), position[codes]] = 1.0
    return table


def _covariance(values: FloatArray, kind: str) -> FloatArray:
    """Return the unweighted covariance matrix of one group, shape (k, k)."""
    if kind == "continuous":
        # equal values have exactly no variance, whatever the rounding of their mean
        constant = bool((values == values[0]).all())
        return np.array([[0.0 if constant else values.var(ddof=1)]])
    return _share_covariance(values.mean(axis=0), kind)


def _share_covariance(share: FloatArray, kind: str) -> FloatArray:
    """Return the covariance matrix of indicators, given the share of each, shape (k,)."""
    if kind == "binary":
        return np.array([[share[0] * (1 - share[0])]])
    return np.diag(share) - np.outer(share, share)


def _mahalanobis(
    difference: FloatArray, covariance: FloatArray, shares: tuple[FloatArray, FloatArray], denominator: str
) -> StandardizedDifference:
    reduced = covariance[1:, 1:]
    if len(reduced) == 0 or np.linalg.matrix_rank(covariance) < len(reduced):
        note = _singular(shares, denominator)
        return StandardizedDifference(math.nan, "categorical", denominator, note)
    squared = float(difference[1:] @ np.linalg.solve(reduced, difference[1:]))
    return StandardizedDifference(math.sqrt(max(squared, 0.0)), "categorical", denominator)


def _singular(shares: tuple[FloatArray, FloatArray], denominator: str) -> str:
    """Say why the covariance of the categories has no inverse, given the shares of each group, (k,) and (k,)."""
    if not (shares[0] * shares[1]).any():
        return _NOTHING_SHARED
    spread = [share for share in shares[: 1 if denominator == "treated" else 2] if share.max() < 1]
    return _CATEGORY_LACKING if spread else _zero_variance(denominator)


def _zero_variance(denominator: str) -> str:
    return f"The variance ({'average of both groups' if denominator == 'average' else 'group 1'}) is 0."
