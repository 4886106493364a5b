"""Standard errors and limits of standardized differences, by the delta method.

It knows moments, shares and sizes of two groups; no value of anybody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.types import FloatArray


@dataclass(frozen=True)
class Moments:
    """Size, mean, variance (divisor n - 1) and central moments of order 2 to 4 (divisor n) of one group."""

    n: float
    mean: float
    variance: float
    second: float
    third: float
    fourth: float


def moments_of(values: FloatArray, counts: FloatArray | None = None) -> Moments:
    """Moments of the values of one group.

    Parameters
    ----------
    values : ndarray of float, shape (k,)
        Values, or scores of categories.
    counts : ndarray of float, shape (k,), or None
        How many participants have each; None counts every value once.

    Returns
    -------
    Moments
        Of two participants or more; those of equal values are exactly 0, whatever the rounding of their mean.
    """
    times = np.ones(len(values)) if counts is None else counts
    n = float(len(values)) if counts is None else float(counts.sum())
    present = values[times > 0]
    if (present == present[0]).all():
        return Moments(n, float(present[0]), 0.0, 0.0, 0.0, 0.0)
    mean = float(values.mean()) if counts is None else float(times @ values) / n
    apart = values - mean
    squared = apart * apart
    sums = (float(times @ squared), float(times @ (squared * apart)), float(squared @ (times * squared)))
    variance = float(values.var(ddof=1)) if counts is None else sums[0] / (n - 1)
    return Moments(n, mean, variance, sums[0] / n, sums[1] / n, sums[2] / n)


def mean_difference_error(first: Moments, second: Moments, shares: tuple[float, float]) -> float:
    """Standard error of a standardized difference of two means.

    Parameters
    ----------
    first, second : Moments
        Of group 1 and of group 0.
    shares : tuple of (float, float)
        Part of each group's variance in the denominator.

    Returns
    -------
    float
        By the delta method, without a distribution of the values: their skewness and kurtosis are estimated.
    """
    squared = shares[0] * first.variance + shares[1] * second.variance
    scale = math.sqrt(squared)
    distance = (first.mean - second.mean) / scale
    parts = (
        (
            group.variance / squared
            - sign * distance * share * group.third / scale**3
            + (distance * share) ** 2 * (group.fourth - group.second**2) / (4 * squared**2)
        )
        / group.n
        for group, share, sign in ((first, shares[0], 1), (second, shares[1], -1))
    )
    return math.sqrt(max(sum(parts), 0.0))


def share_difference_error(
    share1: float, share0: float, sizes: tuple[float, float], shares: tuple[float, float]
) -> float:
    """Standard error of a standardized difference of two proportions.

    Parameters
    ----------
    share1, share0 : float
        Proportions of group 1 and of group 0.
    sizes : tuple of (float, float)
        Participants of each.
    shares : tuple of (float, float)
        Part of each group's variance in the denominator.

    Returns
    -------
    float
        By the delta method.
    """
    spread1, spread0 = share1 * (1 - share1), share0 * (1 - share0)
    squared = shares[0] * spread1 + shares[1] * spread0
    scale = math.sqrt(squared)
    half = (share1 - share0) / scale / (2 * squared)
    slope1 = 1 / scale - half * shares[0] * (1 - 2 * share1)
    slope0 = -1 / scale - half * shares[1] * (1 - 2 * share0)
    return math.sqrt(slope1**2 * spread1 / sizes[0] + slope0**2 * spread0 / sizes[1])


def distance_error(
    shares: tuple[FloatArray, FloatArray],
    covariance: FloatArray,
    sizes: tuple[float, float],
    parts: tuple[float, float],
) -> float:
    """Standard error of the Mahalanobis distance of two vectors of proportions.

    Parameters
    ----------
    shares : tuple of ndarray, shapes (k,) and (k,)
        Proportions of each group.
    covariance : ndarray, shape (k, k)
        What the distance is measured in, its inverse existing without the first category.
    sizes : tuple of (float, float)
        Participants of each group.
    parts : tuple of (float, float)
        Part of each group's covariance in it.

    Returns
    -------
    float
        By the delta method, the estimated covariance included; where the distance is 0, what it tends to.
    """
    first, second = shares[0][1:], shares[1][1:]
    across = np.linalg.solve(covariance[1:, 1:], first - second)
    distance = math.sqrt(max(float(across @ (first - second)), 0.0))
    if distance == 0:
        return math.sqrt(1 / sizes[0] + 1 / sizes[1])
    total = 0.0
    for share, size, part, sign in ((first, sizes[0], parts[0], 1), (second, sizes[1], parts[1], -1)):
        slope = (2 * sign * across - part * (across**2 - 2 * across * (across @ share))) / (2 * distance)
        total += float(slope**2 @ share - (slope @ share) ** 2) / size
    return math.sqrt(max(total, 0.0))


def signed_limits(estimate: float, std_error: float, conf_level: float) -> tuple[float, float]:
    """Limits of a difference that may have either sign.

    Parameters
    ----------
    estimate, std_error : float
        The difference and its standard error.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    tuple of (float, float)
        By the normal distribution.
    """
    half_width = normal_quantile((1 - conf_level) / 2) * std_error
    return estimate - half_width, estimate + half_width


def distance_limits(estimate: float, std_error: float, df: int, conf_level: float) -> tuple[float, float]:
    """Limits of a distance, which has no sign and which chance alone makes larger than 0.

    Parameters
    ----------
    estimate, std_error : float
        The distance and its standard error.
    df : int
        Categories less one.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    tuple of (float, float)
        Distances at which the estimate would be the upper and the lower limit of what chance leaves: its square over
        the squared standard error is compared with the noncentral chi-squared distribution of `df` degrees of freedom.
        The upper one is never below the estimate, nor below what it is where the estimate is the median of those that
        chance makes where there is no difference.

    References
    ----------
    Cowan G, Cranmer K, Gross E, Vitells O. Power-constrained limits. 2011. doi:10.48550/arXiv.1105.3166
    """
    tail, squared = (1 - conf_level) / 2, (estimate / std_error) ** 2
    # two groups that are alike by chance are not known to be alike: an upper limit of 0 would say so
    typical = max(squared, float(special.chdtri(df, 0.5)))
    lower, upper = _noncentrality(squared, df, 1 - tail), _noncentrality(typical, df, tail)
    return std_error * math.sqrt(lower), max(std_error * math.sqrt(upper), estimate)


def _noncentrality(squared: float, df: int, probability: float) -> float:
    """The noncentrality at which a squared distance lies at a probability of its distribution; 0 where none does."""
    if special.chndtr(squared, df, 0.0) <= probability:
        return 0.0
    return float(special.chndtrinc(squared, df, probability))
