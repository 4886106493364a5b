"""A mean with its limits, and the difference of two independent means."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.estimators.checks import check_array, check_probability
from npcstats.estimators.continuous.summary import NO_VALUES, ONE_VALUE
from npcstats.estimators.distributions import t_quantile, t_upper
from npcstats.estimators.types import Contrast, Interval

MEAN_METHODS = ("welch", "pooled")


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
        return Interval(math.nan, math.nan, math.nan, conf_level, "t", NO_VALUES)
    mean = float(values.mean())
    if n == 1 or values[0] == values[-1]:
        note = ONE_VALUE if n == 1 else "All values are equal, so there are no limits."
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
