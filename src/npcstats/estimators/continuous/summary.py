"""Location, spread and quantiles of one variable, with weights or without."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import SpecError
from npcstats.estimators.checks import check_array, check_weights
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import FloatArray

QUARTILES = (0.25, 0.5, 0.75)
QUANTILE_TYPES = (1, 2, 3, 4, 5, 6, 7, 8, 9)
_WEIGHTED_QUANTILE_TYPES = (2,)
# plotting position k -> (k - a) / (n + 1 - a - b), as (a, b) for the continuous types
_PLOTTING = {4: (0, 1), 5: (0.5, 0.5), 6: (0, 0), 7: (1, 1), 8: (1 / 3, 1 / 3), 9: (3 / 8, 3 / 8)}
# a rank this close to a whole number is that number: R's fuzz
_RANK_FUZZ = 4 * np.finfo(np.float64).eps
NO_VALUES = "There are no values."
ONE_VALUE = "There is one value only, so there is no standard deviation."
NOT_POSITIVE = "A value is 0 or less, so there is no geometric mean."


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
class GeometricSummary:
    """Geometric mean of one variable, and its spread in two forms.

    Attributes
    ----------
    n : int
        Number of values.
    mean : float
        Geometric mean, in the unit of the variable; NaN where undefined.
    std_deviation : float
        Geometric standard deviation, a factor of 1 or more; NaN where undefined.
    variation : float
        Geometric coefficient of variation, as a share; NaN where undefined.
    note : str
        Why something is NaN; empty otherwise.
    """

    n: int
    mean: float
    std_deviation: float
    variation: float
    note: str = ""


@one_thread
def summarize_geometric(x: npt.ArrayLike) -> GeometricSummary:
    """Summarize a variable on the scale of its logarithm.

    Parameters
    ----------
    x : array_like of float, shape (n,)
        Values, none missing; n may be 0.

    Returns
    -------
    GeometricSummary
        ``exp(m)``, ``exp(s)`` and ``sqrt(exp(s²) - 1)`` of the mean m and the standard deviation s of the logarithms.
        With a value of 0 or less all is NaN, with one value the spread is; `note` says so.

    Raises
    ------
    DataError
        If a value is missing or infinite.

    Notes
    -----
    *Convention.* The standard deviation of the logarithms has divisor n - 1. The coefficient of variation is that of
    a log-normal variable, as SAS ``PROC SURVEYMEANS`` and regulators of bioequivalence define it.

    *Verified* by hand and against ``scipy.stats.gmean`` and ``gstd``.

    References
    ----------
    Kirkwood TBL. Biometrics 1979;35:908. doi:10.2307/2530139
    """
    values = check_array(x, "x")
    n = len(values)
    if n == 0 or values.min() <= 0:
        note = NO_VALUES if n == 0 else NOT_POSITIVE
        return GeometricSummary(n, math.nan, math.nan, math.nan, note)
    logs = np.log(np.sort(values))
    mean = math.exp(float(logs.mean()))
    if n == 1:
        return GeometricSummary(n, mean, math.nan, math.nan, ONE_VALUE)
    spread = 0.0 if logs[0] == logs[-1] else float(logs.std(ddof=1))
    return GeometricSummary(n, mean, math.exp(spread), math.sqrt(math.expm1(spread**2)))


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
    std_deviation = float(values.std(ddof=1)) if n > 1 else math.nan
    quartiles = [_quantile(values, p, quantile_type) for p in QUARTILES]
    return _summary(n, values, float(values.mean()), std_deviation, quartiles, quantile_type)


def _summary(
    n: int, ordered: FloatArray, mean: float, std_deviation: float, quartiles: list[float], quantile_type: int
) -> ContinuousSummary:
    first, median, third = quartiles
    return ContinuousSummary(
        n=n,
        mean=mean,
        std_deviation=std_deviation,
        minimum=float(ordered[0]),
        first_quartile=first,
        median=median,
        third_quartile=third,
        maximum=float(ordered[-1]),
        quantile_type=quantile_type,
        note="" if len(ordered) > 1 else ONE_VALUE,
    )


def _empty_summary(quantile_type: int) -> ContinuousSummary:
    nan = math.nan
    return ContinuousSummary(0, nan, nan, nan, nan, nan, nan, nan, quantile_type, NO_VALUES)


def _quantile(ordered: FloatArray, p: float, quantile_type: int) -> float:
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


def _summarize_weighted(values: FloatArray, weights: FloatArray, quantile_type: int) -> ContinuousSummary:
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
    spread = float(weights @ (values - mean) ** 2)
    std_deviation = math.nan if len(values) == 1 else math.sqrt(spread / divisor)
    quartiles = [_weighted_quantile(values, weights, p) for p in QUARTILES]
    return _summary(n, values, mean, std_deviation, quartiles, quantile_type)


def _weighted_quantile(ordered: FloatArray, weights: FloatArray, p: float) -> float:
    cumulative = np.cumsum(weights)
    level = p * cumulative[-1]
    # sums of weights carry rounding error, so meeting the level exactly is judged with a tolerance
    tolerance = len(ordered) * np.finfo(np.float64).eps * cumulative[-1]
    position = min(int(np.searchsorted(cumulative, level - tolerance)), len(ordered) - 1)
    following = min(position + 1, len(ordered) - 1)
    exact = abs(cumulative[position] - level) <= tolerance
    return float((ordered[position] + ordered[following]) / 2 if exact else ordered[position])
