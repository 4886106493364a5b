"""Confidence limits of a curve's probabilities, and of the difference of two independent ones."""

from __future__ import annotations

import math

import numpy as np

from npcstats.estimators.bounds import cut_limits, cut_note
from npcstats.estimators.distributions import normal_quantile, normal_upper
from npcstats.estimators.types import Contrast, FloatArray


def transformed_limits(
    probability: FloatArray, relative_error: FloatArray, conf_level: float, conf_type: str
) -> tuple[FloatArray, FloatArray]:
    """Confidence limits of probabilities, symmetric on a scale and cut at 0 and 1.

    Parameters
    ----------
    probability : ndarray of float in [0, 1], any shape
        Survival or incidence.
    relative_error : ndarray of float, same shape
        Standard error over the probability, which is the standard error of its logarithm; NaN gives NaN.
    conf_level : float in (0, 1)
        Confidence level.
    conf_type : {"plain", "log", "log-log"}
        Scale.

    Returns
    -------
    lower, upper : ndarray of float, same shape
        NaN where the scale has none: at 0 for "log", at 0 and 1 for "log-log".
    """
    z = normal_quantile((1 - conf_level) / 2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if conf_type == "plain":
            half_width = z * probability * relative_error
            return np.maximum(probability - half_width, 0.0), np.minimum(probability + half_width, 1.0)
        log_probability = np.log(np.where(probability > 0, probability, np.nan))
        if conf_type == "log":
            half_width = z * relative_error
            return np.exp(log_probability - half_width), np.minimum(np.exp(log_probability + half_width), 1.0)
        log_probability = np.where(probability < 1, log_probability, np.nan)
        half_width = z * relative_error / -log_probability
        center = np.log(-log_probability)
        return np.exp(-np.exp(center + half_width)), np.exp(-np.exp(center - half_width))


def cut_at(conf_type: str, probability: float, lower: float, upper: float) -> str:
    """Say which limits of a probability `transformed_limits` has cut.

    Parameters
    ----------
    conf_type : str
        Scale; limits on "log-log" lie inside 0 and 1 of themselves.
    probability, lower, upper : float
        A probability and its limits.

    Returns
    -------
    str
        A sentence; empty where none was cut.
    """
    if conf_type not in ("plain", "log"):
        return ""
    return cut_note(lower == 0 < probability, probability < 1 == upper)


def independent_difference(
    first: tuple[float, float],
    second: tuple[float, float],
    conf_level: float,
    *,
    bound: float,
    unknown: str,
    certain: str,
) -> Contrast:
    """Difference of two independent estimates, with normal limits cut at what is possible.

    Parameters
    ----------
    first, second : tuple of (float, float)
        Estimate and standard error of each group.
    conf_level : float in (0, 1)
        Confidence level.
    bound : float > 0
        Largest possible difference; the least is its negative.
    unknown : str
        Why an estimate or its standard error is NaN.
    certain : str
        Why a standard error is 0.

    Returns
    -------
    Contrast
        First less second; no limits where a standard error is NaN or 0; with a note where a limit was cut.
    """
    estimate, std_error = first[0] - second[0], math.hypot(first[1], second[1])
    nan = math.nan
    if math.isnan(estimate + std_error):
        return Contrast(estimate, nan, nan, nan, nan, nan, nan, unknown)
    if min(first[1], second[1]) == 0:
        return Contrast(estimate, nan, nan, nan, nan, nan, nan, certain)
    half_width = normal_quantile((1 - conf_level) / 2) * std_error
    statistic = estimate / std_error
    p_value = 2 * normal_upper(abs(statistic))
    lower, upper, note = cut_limits(estimate - half_width, estimate + half_width, -bound, bound)
    return Contrast(estimate, std_error, math.inf, statistic, p_value, lower, upper, note)
