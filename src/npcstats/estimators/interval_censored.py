"""Times that are only known to lie between two assessments: the non-parametric maximum, and a Weibull model."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from lifelines import WeibullFitter
from lifelines.exceptions import ConvergenceError
from scipy import special

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array, check_probability
from npcstats.estimators.types import BoolArray, FloatArray, Interval

_STEPS = 20_000
_GAP = 1e-9
"""Largest part of a derivative above the number of participants at which the maximum is reached, per participant."""
_NO_EVENT = "Nobody is known to have had the event."


@dataclass(frozen=True, eq=False)
class Turnbull:
    """The distribution of largest likelihood of times known to lie in intervals.

    Attributes
    ----------
    left, right : float array, shape (m,)
        Intervals (left, right], or [left, left] of an exact time, that hold all the mass; the last right end may be
        infinite.
    mass : float array, shape (m,)
        Share of participants in each; sums to 1.
    loglik : float
        Logarithm of the likelihood.
    n : int
        Participants.
    converged : bool
        Whether every derivative of the likelihood is that of a maximum, to rounding.
    """

    left: FloatArray
    right: FloatArray
    mass: FloatArray
    loglik: float
    n: int
    converged: bool

    def cumulative(self, times: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Share with the event by each time: what is determined.

        Parameters
        ----------
        times : array_like of float >= 0, shape (t,)
            Times.

        Returns
        -------
        (float array, float array), each of shape (t,)
            Least and largest share that the estimate allows; they differ where a time lies inside an interval.
        """
        at = check_array(times, "times", minimum=0.0)[:, None]
        least = (self.mass * (self.right <= at)).sum(axis=1)
        most = (self.mass * ((self.left < at) | (self.right <= at))).sum(axis=1)
        return least, most


@dataclass(frozen=True)
class WeibullTimes:
    """A Weibull distribution of times known to lie in intervals.

    Attributes
    ----------
    scale, shape : float
        Survival is exp(-(t / scale) ** shape); NaN where there is none.
    median : Interval
        Median time, with limits from the normal distribution of its logarithm.
    loglik : float
        Logarithm of the likelihood.
    n : int
        Participants.
    note : str
        Why something is NaN; empty otherwise.
    """

    scale: float
    shape: float
    median: Interval
    loglik: float
    n: int
    note: str = ""


def estimate_turnbull(lower: npt.ArrayLike, upper: npt.ArrayLike) -> Turnbull:
    """Estimate a distribution without a form from times known to lie in intervals.

    Parameters
    ----------
    lower, upper : array_like of float >= 0, shape (n,)
        The time is after `lower` and not after `upper`, which is infinite where the event was not seen; equal for an
        exact time; `lower` is 0 where it came before the first assessment.

    Returns
    -------
    Turnbull
        Mass on the innermost intervals.

    Raises
    ------
    DataError
        If there is nobody, a value is missing or negative, or an interval ends before it begins.

    Notes
    -----
    *Method.* Steps of expectation and maximization, sped up by extrapolation; converged where no derivative exceeds the
    number of participants (Gentleman and Geyer), which proves the maximum.
    *Verified* against R ``survfit(type = "interval2")``, by hand, and by this condition.

    References
    ----------
    Turnbull BW. J R Stat Soc B 1976;38:290. doi:10.1111/j.2517-6161.1976.tb01597.x
    Gentleman R, Geyer CJ. Biometrika 1994;81:618. doi:10.1093/biomet/81.3.618
    """
    low, high = _check_intervals(lower, upper)
    left, right = _innermost(low, high)
    exact = low == high
    inside = np.where(exact[:, None], (left == low[:, None]) & (right == high[:, None]), False)
    inside |= ~exact[:, None] & (left >= low[:, None]) & (right <= high[:, None])
    inside &= ~(~exact[:, None] & (left == right) & (left == low[:, None]))
    rows, count = np.unique(inside, axis=0, return_counts=True)
    mass, converged = _most_likely(rows, count.astype(float))
    loglik = float(count @ np.log(rows @ mass))
    return Turnbull(left, right, mass, loglik, len(low), converged)


def _check_intervals(lower: npt.ArrayLike, upper: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    low = check_array(lower, "lower", minimum=0.0)
    high = np.array(upper, dtype=np.float64)
    if not len(low) or high.shape != low.shape or np.isnan(high).any():
        raise DataError(f"upper: has shape {high.shape}; one for each of {len(low)} values of lower is required.")
    if (high < low).any():
        place = int(np.argmax(high < low))
        raise DataError(
            f"upper: is {high[place]} at place {place}; an end not before {low[place]}, lower, is required."
        )
    return low, high


def _innermost(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Intervals from a left end to the next right end with no other end between: (left, right], or one time."""
    # At one time: the right end of (a, t] comes after the left end of [t, t], before the left end of (t, b].
    exact = low == high
    ends = np.concatenate([low, high])
    kind = np.concatenate([np.where(exact, 0, 2), np.ones(len(high))])
    order = np.lexsort((kind, ends))
    ends, is_left = ends[order], kind[order] != 1
    here = np.flatnonzero(is_left[:-1] & ~is_left[1:])
    return ends[here], ends[here + 1]


def _most_likely(rows: BoolArray, count: FloatArray) -> tuple[FloatArray, bool]:
    member, n = rows.astype(float), float(count.sum())

    def step(mass: FloatArray) -> FloatArray:
        return np.asarray(mass * (member.T @ (count / (member @ mass))) / n)

    mass = np.full(member.shape[1], 1 / member.shape[1])
    for _ in range(_STEPS):
        once = step(mass)
        twice = step(once)
        first, second = once - mass, twice - once - (once - mass)
        length = float(np.linalg.norm(second))
        mass = twice
        if length > 0:
            stride = float(np.linalg.norm(first)) / length
            leap = once - first + 2 * stride * first + stride**2 * second
            if stride > 1 and (leap >= 0).all() and _higher(member, count, leap, twice):
                mass = step(leap / leap.sum())
        slope = member.T @ (count / (member @ mass)) / n
        if (slope - 1).max() < _GAP and float(mass @ np.abs(slope - 1)) < _GAP:
            return mass, True
    return mass, False


def _higher(member: FloatArray, count: FloatArray, leap: FloatArray, other: FloatArray) -> bool:
    share, rest = member @ leap / leap.sum(), member @ other
    return bool((share > 0).all() and count @ np.log(share / rest) >= 0)


def fit_weibull_intervals(lower: npt.ArrayLike, upper: npt.ArrayLike, *, conf_level: float) -> WeibullTimes:
    """Fit a Weibull distribution to times known to lie in intervals.

    Parameters
    ----------
    lower, upper : array_like of float >= 0, shape (n,)
        As of `estimate_turnbull`.
    conf_level : float in (0, 1)
        Of the limits.

    Returns
    -------
    WeibullTimes
        NaN, with the reason, where the likelihood has no maximum.

    Raises
    ------
    DataError
        As `estimate_turnbull`.

    Notes
    -----
    *Method.* Maximum likelihood by lifelines, times in units of their median; limits of the median by the delta
    method on its logarithm. *Verified* against R ``survreg``.
    """
    level = check_probability(conf_level, "conf_level")
    low, high = _check_intervals(lower, upper)
    nan = float("nan")
    nothing = Interval(nan, nan, nan, level, "weibull", _NO_EVENT)
    known = np.isfinite(high)
    if not known.any():
        return WeibullTimes(nan, nan, nothing, nan, len(low), _NO_EVENT)
    unit = float(np.median(high[known]))
    fitter = WeibullFitter(alpha=1 - level)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fitter.fit_interval_censoring(low / unit, high / unit)
    except (ArithmeticError, ConvergenceError, ValueError, Warning):
        note = "The likelihood of the Weibull distribution has no maximum that was found."
        return WeibullTimes(nan, nan, Interval(nan, nan, nan, level, "weibull", note), nan, len(low), note)
    scale, shape = float(fitter.lambda_), float(fitter.rho_)
    log_two = np.log(2.0)
    log_median = np.log(scale) + np.log(log_two) / shape
    slope = np.array([1 / scale, -np.log(log_two) / shape**2])
    error = float(np.sqrt(slope @ fitter.variance_matrix_.to_numpy() @ slope))
    half = -float(special.ndtri((1 - level) / 2)) * error
    middle, least, most = (float(np.exp(log_median + side)) * unit for side in (0.0, -half, half))
    loglik = float(fitter.log_likelihood_) - float(np.log(unit)) * int((low == high).sum())
    return WeibullTimes(scale * unit, shape, Interval(middle, least, most, level, "weibull"), loglik, len(low))
