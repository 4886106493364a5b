"""Means, spreads and quantiles of a continuous variable, and standardized differences between two groups.

It knows arrays of numbers or labels, one value for each participant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import (
    check_array,
    check_binary,
    check_choice,
    check_labels,
    check_probability,
    check_weights,
)
from npcstats.estimators.distributions import t_quantile, t_upper
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import Contrast, Interval

_FloatArray = npt.NDArray[np.float64]

MEAN_METHODS = ("welch", "pooled")
QUANTILE_TYPES = (1, 2, 3, 4, 5, 6, 7, 8, 9)
_WEIGHTED_QUANTILE_TYPES = (2,)
# plotting position k -> (k - a) / (n + 1 - a - b), as (a, b) for the continuous types
_PLOTTING = {4: (0, 1), 5: (0.5, 0.5), 6: (0, 0), 7: (1, 1), 8: (1 / 3, 1 / 3), 9: (3 / 8, 3 / 8)}
# a rank this close to a whole number is that number: R's fuzz
_RANK_FUZZ = 4 * np.finfo(np.float64).eps

_NO_VALUES = "There are no values."
_ONE_VALUE = "There is one value only, so there is no standard deviation."
_TOO_FEW = {
    "continuous": "A group has fewer than two values.",
    "binary": "A group has fewer than one value.",
    "categorical": "A group has fewer than one value.",
}
_NOTHING_SHARED = "The groups share no category, so the covariance matrix is singular."
_CATEGORY_LACKING = "Group 1 lacks a category of the other, so its covariance matrix is singular."


@dataclass(frozen=True)
class ContinuousSummary:
    """Location, spread and quartiles of one variable.

    Attributes
    ----------
    n : int
        Number of values (participants, not the sum of weights).
    mean, std_deviation, minimum, first_quartile, median, third_quartile, maximum : float
        In the unit of the variable; NaN where undefined.
    quantile_type : int
        Hyndman and Fan's type of the quartiles.
    note : str
        Why something is NaN; empty otherwise.
    """

    n: int
    mean: float
    std_deviation: float
    minimum: float
    first_quartile: float
    median: float
    third_quartile: float
    maximum: float
    quantile_type: int
    note: str = ""


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
    """

    estimate: float
    kind: str
    denominator: str
    note: str = ""


@one_thread
def summarize_continuous(
    x: npt.ArrayLike, *, weights: npt.ArrayLike | None = None, quantile_type: int
) -> ContinuousSummary:
    """Summarize a continuous variable.

    Parameters
    ----------
    x : array_like of float, shape (n,)
        Values, none missing; n may be 0.
    weights : array_like of float >= 0, shape (n,), or None
        Sampling weights; None counts every value once.
    quantile_type : {1, ..., 9}
        Hyndman and Fan's type, numbered as in R's ``quantile(type=)``: 2 is SAS's default (PCTLDEF=5), 6 is
        Minitab's and SPSS's, 7 is R's and NumPy's. With weights only 2 is defined.

    Returns
    -------
    ContinuousSummary
        With no values all is NaN, with one the standard deviation is; `note` says so.

    Raises
    ------
    DataError
        If a value is missing or infinite, or a weight is negative.
    SpecError
        If `quantile_type` is not allowed.

    Notes
    -----
    *Convention.* The standard deviation has divisor n - 1; a weighted one has the divisor that makes it unbiased
    for independent values with reliability weights, ``V1 - V2 / V1`` with ``V1 = sum(w)``,
    ``V2 = sum(w ** 2)``, so that it does not change with the scale of the weights. The weighted quantile of type
    2 inverts the weighted distribution function and takes the midpoint where it meets the level exactly. Values
    of weight 0 count in `n` and in nothing else.

    *Verified* against R ``quantile(type = 1..9)``, ``sd`` and ``cov.wt``.

    References
    ----------
    Hyndman RJ, Fan Y. Am Stat 1996;50:361. doi:10.1080/00031305.1996.10473566
    """
    values = check_array(x, "x")
    check_choice(quantile_type, "quantile_type", QUANTILE_TYPES)
    n = len(values)
    if weights is not None:
        return _summarize_weighted(values, check_weights(weights, "weights", length=n), quantile_type)
    if n == 0:
        return _empty_summary(quantile_type)
    values.sort()
    first, median, third = (_quantile(values, p, quantile_type) for p in (0.25, 0.5, 0.75))
    return ContinuousSummary(
        n=n,
        mean=float(values.mean()),
        std_deviation=float(values.std(ddof=1)) if n > 1 else math.nan,
        minimum=float(values[0]),
        first_quartile=first,
        median=median,
        third_quartile=third,
        maximum=float(values[-1]),
        quantile_type=quantile_type,
        note="" if n > 1 else _ONE_VALUE,
    )


@one_thread
def standardized_mean_difference(
    x1: npt.ArrayLike,
    x0: npt.ArrayLike,
    *,
    kind: str,
    denominator: str,
    weights1: npt.ArrayLike | None = None,
    weights0: npt.ArrayLike | None = None,
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
        If `kind` or `denominator` is not allowed.

    Notes
    -----
    *Convention.* The denominator is always that of the unweighted groups, so that weighting can change only the
    numerator. A continuous variance has divisor n - 1, a binary one is p(1 - p). The levels of a categorical
    variable are those seen in either group; the distance does not depend on which one is left out. It exists only
    where the groups share a category and, over the covariance of group 1 alone, where that group has them all.

    *Verified* against formulae written in R, one by one, and against the published values of the CAMIS
    propensity data.

    References
    ----------
    Austin PC. Stat Med 2009;28:3083. doi:10.1002/sim.3697
    Yang D, Dalton JE. A unified approach to measuring the effect size between two groups using SAS. SAS Global
    Forum 2012, paper 335.
    """
    check_choice(kind, "kind", ("continuous", "binary", "categorical"))
    check_choice(denominator, "denominator", ("average", "treated"))
    if kind == "categorical":
        values1, values0 = _indicators(x1, x0)
    elif kind == "binary":
        values1, values0 = (
            check_binary(x, name).astype(np.float64)[:, np.newaxis] for x, name in ((x1, "x1"), (x0, "x0"))
        )
    else:
        values1, values0 = (check_array(x, name)[:, np.newaxis] for x, name in ((x1, "x1"), (x0, "x0")))
    weight1 = _weights_or_ones(weights1, "weights1", len(values1))
    weight0 = _weights_or_ones(weights0, "weights0", len(values0))
    needed = 2 if kind == "continuous" else 1
    if min(len(values1), len(values0)) < needed:
        return StandardizedDifference(math.nan, kind, denominator, _TOO_FEW[kind])

    difference = weight1 @ values1 / weight1.sum() - weight0 @ values0 / weight0.sum()
    covariance = _covariance(values1, kind)
    if denominator == "average":
        covariance = (covariance + _covariance(values0, kind)) / 2
    if kind == "categorical":
        shares = (values1.mean(axis=0), values0.mean(axis=0))
        return _mahalanobis(difference, covariance, shares, denominator)
    return _standardized(float(difference[0]), float(covariance[0, 0]), kind, denominator)


def _standardized(difference: float, variance: float, kind: str, denominator: str) -> StandardizedDifference:
    if not variance > 0:
        return StandardizedDifference(math.nan, kind, denominator, _zero_variance(denominator))
    return StandardizedDifference(difference / math.sqrt(variance), kind, denominator)


@one_thread
def standardized_count_difference(
    counts1: npt.ArrayLike, counts0: npt.ArrayLike, *, kind: str, denominator: str
) -> StandardizedDifference:
    """Compute the standardized difference between two groups of participants counted by category.

    Parameters
    ----------
    counts1, counts0 : array_like of int >= 0, shape (k,)
        Participants of group 1 and of group 0 in each category; of a binary variable those with 0 and those with 1.
    kind : {"binary", "categorical"}
        The kind of variable.
    denominator : {"average", "treated"}
        Whose variance, as in `standardized_mean_difference`.

    Returns
    -------
    StandardizedDifference
        What `standardized_mean_difference` finds in the values that were counted, whose labels sort as the categories
        stand here.

    Raises
    ------
    DataError
        If a count is no whole number of 0 or more, or the groups differ in categories.
    SpecError
        If `kind` or `denominator` is not allowed.

    Notes
    -----
    *Convention.* That of `standardized_mean_difference`: a category that neither group has is none.

    *Verified* against it, value by value.
    """
    check_choice(kind, "kind", ("binary", "categorical"))
    check_choice(denominator, "denominator", ("average", "treated"))
    counted1, counted0 = _check_category_counts(counts1, counts0, kind)
    total1, total0 = counted1.sum(), counted0.sum()
    if min(total1, total0) < 1:
        return StandardizedDifference(math.nan, kind, denominator, _TOO_FEW[kind])
    seen = counted1 + counted0 > 0 if kind == "categorical" else np.array([False, True])
    share1, share0 = counted1[seen] / total1, counted0[seen] / total0
    covariance = _share_covariance(share1, kind)
    if denominator == "average":
        covariance = (covariance + _share_covariance(share0, kind)) / 2
    if kind == "categorical":
        return _mahalanobis(share1 - share0, covariance, (share1, share0), denominator)
    return _standardized(float(share1[0] - share0[0]), float(covariance[0, 0]), kind, denominator)


def _check_category_counts(
    counts1: npt.ArrayLike, counts0: npt.ArrayLike, kind: str
) -> tuple[_FloatArray, _FloatArray]:
    counted1 = check_array(counts1, "counts1", minimum=0.0, length=2 if kind == "binary" else None)
    counted0 = check_array(counts0, "counts0", minimum=0.0, length=len(counted1))
    for name, counted in (("counts1", counted1), ("counts0", counted0)):
        if (counted != np.floor(counted)).any():
            raise DataError(f"{name}: has fractions; whole numbers of participants are required.")
    return counted1, counted0


def estimate_mean(x: npt.ArrayLike, *, conf_level: float) -> Interval:
    """Estimate a mean with the confidence interval of Student's t.

    Parameters
    ----------
    x : array_like of float, shape (n,)
        Values, none missing.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Interval
        In the unit of `x`; limits are NaN with fewer than two values or when all are equal.

    Raises
    ------
    DataError
        If a value is missing or infinite.
    SpecError
        If `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Degrees of freedom n - 1. *Verified* against R ``t.test``.
    """
    values = np.sort(check_array(x, "x"))
    conf_level = check_probability(conf_level, "conf_level")
    n = len(values)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, conf_level, "t", _NO_VALUES)
    mean = float(values.mean())
    if n == 1 or values[0] == values[-1]:
        note = _ONE_VALUE if n == 1 else "All values are equal, so there are no limits."
        return Interval(mean, math.nan, math.nan, conf_level, "t", note)
    half_width = t_quantile((1 - conf_level) / 2, n - 1) * float(values.std(ddof=1)) / math.sqrt(n)
    return Interval(mean, mean - half_width, mean + half_width, conf_level, "t")


def compare_means(x1: npt.ArrayLike, x0: npt.ArrayLike, *, method: str, conf_level: float) -> Contrast:
    """Compare two independent means, group 1 minus group 0.

    Parameters
    ----------
    x1, x0 : array_like of float, shapes (n1,) and (n0,)
        Values in group 1 and in group 0 (the reference), none missing.
    method : {"welch", "pooled"}
        Unequal variances with Welch and Satterthwaite's degrees of freedom, or one common variance.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Contrast
        In the unit of the values. With fewer than two values in a group, or no variance, all but the estimate
        is NaN and `note` says why.

    Raises
    ------
    DataError
        If a value is missing or infinite.
    SpecError
        If `method` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* "pooled" has n1 + n0 - 2 degrees of freedom. *Verified* against R ``t.test``.

    References
    ----------
    Welch BL. Biometrika 1947;34:28. doi:10.1093/biomet/34.1-2.28
    """
    values1, values0 = np.sort(check_array(x1, "x1")), np.sort(check_array(x0, "x0"))
    check_choice(method, "method", MEAN_METHODS)
    conf_level = check_probability(conf_level, "conf_level")
    n1, n0 = len(values1), len(values0)
    if min(n1, n0) == 0:
        return _no_contrast(math.nan, "A group has no values.")
    estimate = float(values1.mean() - values0.mean())
    if min(n1, n0) == 1:
        return _no_contrast(estimate, "A group has one value only; a standard error requires two in each.")
    if values1[0] == values1[-1] and values0[0] == values0[-1]:
        return _no_contrast(estimate, "All values within each group are equal, so there is no standard error.")

    variance1, variance0 = float(values1.var(ddof=1)), float(values0.var(ddof=1))
    if method == "pooled":
        df = float(n1 + n0 - 2)
        pooled = ((n1 - 1) * variance1 + (n0 - 1) * variance0) / df
        std_error = math.sqrt(pooled * (1 / n1 + 1 / n0))
    else:
        part1, part0 = variance1 / n1, variance0 / n0
        std_error = math.sqrt(part1 + part0)
        share1, share0 = part1 / (part1 + part0), part0 / (part1 + part0)
        df = 1 / (share1**2 / (n1 - 1) + share0**2 / (n0 - 1))
    statistic = estimate / std_error
    half_width = t_quantile((1 - conf_level) / 2, df) * std_error
    return Contrast(
        estimate=estimate,
        std_error=std_error,
        df=df,
        statistic=statistic,
        p_value=2 * t_upper(abs(statistic), df),
        lower=estimate - half_width,
        upper=estimate + half_width,
    )


def _no_contrast(estimate: float, note: str) -> Contrast:
    return Contrast(estimate, math.nan, math.nan, math.nan, math.nan, math.nan, math.nan, note)


def _empty_summary(quantile_type: int) -> ContinuousSummary:
    nan = math.nan
    return ContinuousSummary(0, nan, nan, nan, nan, nan, nan, nan, quantile_type, _NO_VALUES)


def _quantile(ordered: _FloatArray, p: float, quantile_type: int) -> float:
    """Return the quantile at level `p` of sorted values, as R's ``quantile.default``."""
    n = len(ordered)
    if quantile_type <= 3:
        rank = n * p - (0.5 if quantile_type == 3 else 0)
        below = math.floor(rank + _RANK_FUZZ)
        above_whole = rank > below + _RANK_FUZZ
        if quantile_type == 3:
            share = float(above_whole or below % 2 == 1)
        else:
            share = 1.0 if above_whole else {1: 0.0, 2: 0.5}[quantile_type]
    else:
        a, b = _PLOTTING[quantile_type]
        rank = a + p * (n + 1 - a - b)
        below = math.floor(rank + _RANK_FUZZ)
        share = rank - below
        share = 0.0 if abs(share) < _RANK_FUZZ else share
    low = ordered[min(max(below - 1, 0), n - 1)]
    high = ordered[min(max(below, 0), n - 1)]
    return float(low if share == 0 else high if share == 1 else (1 - share) * low + share * high)


def _summarize_weighted(values: _FloatArray, weights: _FloatArray, quantile_type: int) -> ContinuousSummary:
    if quantile_type not in _WEIGHTED_QUANTILE_TYPES:
        raise SpecError(f"quantile_type: is {quantile_type} with weights; 2 is required.")
    n = len(values)
    if n == 0:
        return _empty_summary(quantile_type)
    order = np.lexsort((weights, values))
    counted = order[weights[order] > 0]
    values, weights = values[counted], weights[counted]
    sum1 = float(weights.sum())
    mean = float(weights @ values) / sum1
    divisor = sum1 - float(weights @ weights) / sum1
    single = len(values) == 1
    std_deviation = math.nan if single else math.sqrt(float(weights @ (values - mean) ** 2) / divisor)
    first, median, third = (_weighted_quantile(values, weights, p) for p in (0.25, 0.5, 0.75))
    return ContinuousSummary(
        n=n,
        mean=mean,
        std_deviation=std_deviation,
        minimum=float(values[0]),
        first_quartile=first,
        median=median,
        third_quartile=third,
        maximum=float(values[-1]),
        quantile_type=quantile_type,
        note=_ONE_VALUE if single else "",
    )


def _weighted_quantile(ordered: _FloatArray, weights: _FloatArray, p: float) -> float:
    cumulative = np.cumsum(weights)
    level = p * cumulative[-1]
    # sums of weights carry rounding error, so meeting the level exactly is judged with a tolerance
    tolerance = len(ordered) * np.finfo(np.float64).eps * cumulative[-1]
    position = min(int(np.searchsorted(cumulative, level - tolerance)), len(ordered) - 1)
    following = min(position + 1, len(ordered) - 1)
    exact = abs(cumulative[position] - level) <= tolerance
    return float((ordered[position] + ordered[following]) / 2 if exact else ordered[position])


def _weights_or_ones(weights: npt.ArrayLike | None, name: str, length: int) -> _FloatArray:
    return np.ones(length) if weights is None else check_weights(weights, name, length=length)


def _indicators(x1: npt.ArrayLike, x0: npt.ArrayLike) -> tuple[_FloatArray, _FloatArray]:
    """Return one column of zeros and ones for each level that either group has."""
    labels1, codes1 = check_labels(x1, "x1")
    labels0, codes0 = check_labels(x0, "x0")
    if len(labels1) and len(labels0) and _is_text(labels1) != _is_text(labels0):
        raise DataError("x1, x0: labels of several types; labels of one type are required.")
    levels = sorted({*labels1.tolist(), *labels0.tolist()})
    return (_one_hot(labels1, codes1, levels), _one_hot(labels0, codes0, levels))


def _is_text(labels: npt.NDArray[Any]) -> bool:
    return isinstance(labels.tolist()[0], str)


def _one_hot(labels: npt.NDArray[Any], codes: npt.NDArray[np.intp], levels: list[Any]) -> _FloatArray:
    position = np.array([levels.index(label) for label in labels.tolist()], dtype=np.intp)
    table: _FloatArray = np.zeros((len(codes), len(levels)))
    table[np.arange(len(codes)), position[codes]] = 1.0
    return table


def _covariance(values: _FloatArray, kind: str) -> _FloatArray:
    """Return the unweighted covariance matrix of one group, shape (k, k)."""
    if kind == "continuous":
        # equal values have exactly no variance, whatever the rounding of their mean
        constant = bool((values == values[0]).all())
        return np.array([[0.0 if constant else values.var(ddof=1)]])
    return _share_covariance(values.mean(axis=0), kind)


def _share_covariance(share: _FloatArray, kind: str) -> _FloatArray:
    """Return the covariance matrix of indicators, given the share of each, shape (k,)."""
    if kind == "binary":
        return np.array([[share[0] * (1 - share[0])]])
    return np.diag(share) - np.outer(share, share)


def _mahalanobis(
    difference: _FloatArray, covariance: _FloatArray, shares: tuple[_FloatArray, _FloatArray], denominator: str
) -> StandardizedDifference:
    reduced = covariance[1:, 1:]
    if len(reduced) == 0 or np.linalg.matrix_rank(covariance) < len(reduced):
        note = _singular(shares, denominator)
        return StandardizedDifference(math.nan, "categorical", denominator, note)
    squared = float(difference[1:] @ np.linalg.solve(reduced, difference[1:]))
    return StandardizedDifference(math.sqrt(max(squared, 0.0)), "categorical", denominator)


def _singular(shares: tuple[_FloatArray, _FloatArray], denominator: str) -> str:
    """Say why the covariance of the categories has no inverse, given the shares of each group, (k,) and (k,)."""
    if not (shares[0] * shares[1]).any():
        return _NOTHING_SHARED
    spread = [share for share in shares[: 1 if denominator == "treated" else 2] if share.max() < 1]
    return _CATEGORY_LACKING if spread else _zero_variance(denominator)


def _zero_variance(denominator: str) -> str:
    return f"The variance ({'average of both groups' if denominator == 'average' else 'group 1'}) is 0."
