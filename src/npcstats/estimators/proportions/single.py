"""A proportion and its limits: closed forms, for many counts at once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.choices import check_choice
from npcstats.estimators.checks import check_all_counts, check_counts, check_probability
from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.proportions.distinct import distinct_tables, proportion_notes, within
from npcstats.estimators.types import FloatArray, Interval, Intervals

Limits = tuple[FloatArray, FloatArray]

NO_PARTICIPANTS = "There are no participants."


def estimate_proportion(count: int, total: int, *, method: str, conf_level: float) -> Interval:
    """Estimate a proportion with its two-sided confidence interval.

    Parameters
    ----------
    count : int, 0 <= count <= total
        Participants with the event.
    total : int
        Participants in the denominator.
    method : {"clopper-pearson", "wilson", "agresti-coull", "jeffreys", "wald"}
        How the limits are made.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Interval
        Proportion in [0, 1], limits too; `note` says where one was cut. With `total` 0 all is NaN and `note` says so.

    Raises
    ------
    DataError
        If the counts are not whole numbers with ``0 <= count <= total``.
    SpecError
        If `method` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Clopper-Pearson takes half the error in each tail at 0 and at `total` too, so the upper
    limit of 0/N is 1 - 0.025^(1/N). Wilson has no continuity correction. Agresti-Coull and Wald limits are
    cut at 0 and 1, with a note; Jeffreys' are 0 and 1 at the ends. Wald has no limits where the proportion is 0 or 1.
    At low confidence levels limits whose centre is not the estimate may leave it out, which a note says.

    *Verified* against R ``binom.test``, ``prop.test(correct = FALSE)`` and formulae written in R.

    References
    ----------
    Clopper CJ, Pearson ES. Biometrika 1934;26:404. doi:10.1093/biomet/26.4.404
    Wilson EB. J Am Stat Assoc 1927;22:209. doi:10.1080/01621459.1927.10502953
    Brown LD, Cai TT, DasGupta A. Stat Sci 2001;16:101. doi:10.1214/ss/1009213286
    """
    count, total = check_counts(count, total)
    return estimate_proportions([count], [total], method=method, conf_level=conf_level).at(0)


def estimate_proportions(counts: npt.ArrayLike, totals: npt.ArrayLike, *, method: str, conf_level: float) -> Intervals:
    """Estimate many proportions, each distinct pair of counts once.

    Parameters
    ----------
    counts, totals : array_like of int, shape (n,), 0 <= counts <= totals
        Participants with the event, and in the denominator.
    method : str
        As `estimate_proportion` takes it.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Intervals
        As `estimate_proportion` gives each.

    Raises
    ------
    DataError
        If the counts are not whole numbers with ``0 <= count <= total``, or are not as many as the totals.
    SpecError
        If `method` or `conf_level` is not allowed.

    Notes
    -----
    *Convention* and *verification* are those of `estimate_proportion`.
    """
    count, total = check_all_counts(counts, totals)
    check_choice(method, "method", _ONE_SAMPLE)
    conf_level = check_probability(conf_level, "conf_level")
    (x, n), place = distinct_tables(count, total)
    some = n > 0
    lower, upper = np.full((2, len(n)), math.nan)
    lower[some], upper[some] = _ONE_SAMPLE[method](x[some], n[some], conf_level)
    with np.errstate(invalid="ignore"):
        estimate = x / n
    notes = proportion_notes(estimate, lower, upper, 0.0)
    notes[~some] = NO_PARTICIPANTS
    lower, upper = within(lower, upper, 0.0)
    return Intervals(estimate[place], lower[place], upper[place], conf_level, method, tuple(notes[place]))


def half_quantile(conf_level: float) -> float:
    """Value that a standard normal variable exceeds with half of the error.

    Parameters
    ----------
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    float
        Such as 1.96 for 0.95.
    """
    return normal_quantile((1 - conf_level) / 2)


def _clopper_pearson(count: FloatArray, total: FloatArray, conf_level: float) -> Limits:
    tail = (1 - conf_level) / 2
    lower = np.where(count == 0, 0.0, special.betaincinv(np.maximum(count, 1), total - count + 1, tail))
    rest = np.maximum(total - count, 1)
    return lower, np.where(count == total, 1.0, special.betainccinv(count + 1, rest, tail))


def wilson_limits(count: FloatArray, total: FloatArray, conf_level: float) -> Limits:
    """Limits of proportions by the score test.

    Parameters
    ----------
    count, total : float array, shape (n,)
        Counts, and totals above 0.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    tuple of float array, shape (n,)
        Lower and upper limits.
    """
    z = half_quantile(conf_level)
    p = count / total
    center = p + z**2 / (2 * total)
    half_width = z * np.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
    scale = 1 + z**2 / total
    lower = np.where(count == 0, 0.0, (center - half_width) / scale)
    return lower, np.where(count == total, 1.0, (center + half_width) / scale)


def _agresti_coull(count: FloatArray, total: FloatArray, conf_level: float) -> Limits:
    z = half_quantile(conf_level)
    inflated = total + z**2
    p = (count + z**2 / 2) / inflated
    half_width = z * np.sqrt(p * (1 - p) / inflated)
    return p - half_width, p + half_width


def _jeffreys(count: FloatArray, total: FloatArray, conf_level: float) -> Limits:
    tail = (1 - conf_level) / 2
    shape = (count + 0.5, total - count + 0.5)
    lower = np.where(count == 0, 0.0, special.betaincinv(*shape, tail))
    return lower, np.where(count == total, 1.0, special.betainccinv(*shape, tail))


def _wald(count: FloatArray, total: FloatArray, conf_level: float) -> Limits:
    p = count / total
    half_width = half_quantile(conf_level) * np.sqrt(p * (1 - p) / total)
    half_width[(count == 0) | (count == total)] = math.nan
    return p - half_width, p + half_width


_ONE_SAMPLE: dict[str, Callable[[FloatArray, FloatArray, float], Limits]] = {
    "clopper-pearson": _clopper_pearson,
    "wilson": wilson_limits,
    "agresti-coull": _agresti_coull,
    "jeffreys": _jeffreys,
    "wald": _wald,
}
PROPORTIONS = tuple(_ONE_SAMPLE)
