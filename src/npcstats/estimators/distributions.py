"""Tails and quantiles of the distributions that estimates are compared with, from `scipy.special` itself.

`scipy.stats` calls the same functions, and takes longer to load than a small report to compute.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from npcstats.estimators.types import FloatArray


def normal_upper(x: float) -> float:
    """Probability above a value of the standard normal distribution.

    Parameters
    ----------
    x : float
        The value.

    Returns
    -------
    float
        From 0 to 1.
    """
    return float(special.ndtr(-x))


def normal_quantile(upper: float) -> float:
    """Value that the standard normal distribution exceeds with a probability.

    Parameters
    ----------
    upper : float in (0, 1)
        The probability.

    Returns
    -------
    float
        The value.
    """
    return -float(special.ndtri(upper))


def t_upper(x: float, df: float) -> float:
    """Probability above a value of Student's t distribution.

    Parameters
    ----------
    x : float
        The value.
    df : float
        Degrees of freedom.

    Returns
    -------
    float
        From 0 to 1; NaN where the degrees of freedom are not above 0.
    """
    return float(special.stdtr(df, -x)) if df > 0 else math.nan


def t_quantile(upper: float, df: float) -> float:
    """Value that Student's t distribution exceeds with a probability.

    Parameters
    ----------
    upper : float in (0, 1)
        The probability.
    df : float
        Degrees of freedom.

    Returns
    -------
    float
        The value; NaN where the degrees of freedom are not above 0.
    """
    return -float(special.stdtrit(df, upper)) if df > 0 else math.nan


def chi_square_upper(x: float, df: float) -> float:
    """Probability above a value of the chi-square distribution.

    Parameters
    ----------
    x : float
        The value.
    df : float
        Degrees of freedom.

    Returns
    -------
    float
        From 0 to 1; NaN where the degrees of freedom are not above 0.
    """
    return float(special.chdtrc(df, max(x, 0.0) if not math.isnan(x) else x)) if df > 0 else math.nan


def beta_quantile(lower: float, a: float, b: float) -> float:
    """Value below which the beta distribution is with a probability.

    Parameters
    ----------
    lower : float in (0, 1)
        The probability.
    a, b : float
        Shape, each above 0.

    Returns
    -------
    float
        From 0 to 1.
    """
    return float(special.betaincinv(a, b, lower))


def beta_upper_quantile(upper: float, a: float, b: float) -> float:
    """Value that the beta distribution exceeds with a probability.

    Parameters
    ----------
    upper : float in (0, 1)
        The probability.
    a, b : float
        Shape, each above 0.

    Returns
    -------
    float
        From 0 to 1.
    """
    return float(special.betainccinv(a, b, upper))


def average_ranks(values: FloatArray) -> FloatArray:
    """Ranks of values from 1, equal ones sharing their average.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        None is NaN.

    Returns
    -------
    ndarray of float, shape (n,)
        The ranks.
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: FloatArray = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks
