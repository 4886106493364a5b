"""Times that are only known to lie between two assessments: the non-parametric maximum, and a Weibull model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special
from scipy.optimize import nnls

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array, check_probability
from npcstats.estimators.types import BoolArray, FloatArray, Interval
from npcstats.system.named import Named

_climb = Named("npcstats.estimators.weibull_fitting", "climb_weibull")
_STEPS = 2_000
_EVERY = 2
_HALVINGS = 40
_GAP = 1e-9
"""Largest part of a derivative above the number of participants at which the maximum is reached, per participant."""
_ROUNDING = 1e-9
_CERTAIN = 10.0
"""Logarithm of a cumulative hazard from which on a share is 1 to the last digit."""
_FLAT = 10.0
"""Standard error of the logarithm of scale or shape from which on the likelihood is flat: a factor of 20,000."""
_NO_EVENT = "Nobody is known to have had the event."
_NO_MAXIMUM = "The likelihood of the Weibull distribution has no maximum that was found."


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

    def quantile(self, p: float) -> tuple[float, float]:
        """Time by which a share has had the event: what is determined.

        Parameters
        ----------
        p : float in (0, 1)
            The share.

        Returns
        -------
        (float, float)
            The interval that holds it, after the first number and not after the second; the second is infinite where
            the share is not known to be reached.
        """
        share = check_probability(p, "p")
        place = int(np.argmax(np.cumsum(self.mass) >= share - _ROUNDING))
        return float(self.left[place]), float(self.right[place])


@dataclass(frozen=True, eq=False)
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
    vcov : float array, shape (2, 2)
        Covariance of the logarithms of scale and shape.
    note : str
        Why something is NaN; empty otherwise.
    """

    scale: float
    shape: float
    median: Interval
    loglik: float
    n: int
    vcov: FloatArray
    note: str = ""

    def cumulative(self, times: npt.ArrayLike) -> tuple[Interval, ...]:
        """Share with the event by each time.

        Parameters
        ----------
        times : array_like of float >= 0, shape (t,)
            Times.

        Returns
        -------
        tuple of Interval
            One for each; limits from the normal distribution of log(-log(survival)). Exactly 0 at time 0.
        """
        at, level = check_array(times, "times", minimum=0.0), self.median.conf_level
        if self.note:
            return tuple(_no_interval(level, self.note) for _ in at)
        wide = -float(special.ndtri((1 - level) / 2))
        found = []
        for time in at:
            if time <= 0:
                found.append(Interval(0.0, 0.0, 0.0, level, "weibull"))
                continue
            apart = float(np.log(time) - np.log(self.scale))
            slope = self.shape * np.array([-1.0, apart])
            half = wide * float(np.sqrt(slope @ self.vcov @ slope))
            hazards = (min(self.shape * apart + side, _CERTAIN) for side in (0.0, -half, half))
            share, low, high = (float(-np.expm1(-np.exp(hazard))) for hazard in hazards)
            found.append(Interval(share, low, high, level, "weibull"))
        return tuple(found)


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
    *Method.* Steps of expectation and maximization and, between them, Newton steps that keep every mass from falling
    below 0 (Wang); converged where no derivative exceeds the number of participants (Gentleman and Geyer), which proves
    the maximum.
    *Verified* against R ``survfit(type = "interval2")``, by hand, and by this condition.

    References
    ----------
    Turnbull BW. J R Stat Soc B 1976;38:290. doi:10.1111/j.2517-6161.1976.tb01597.x
    Wang Y. J R Stat Soc B 2007;69:185. doi:10.1111/j.1467-9868.2007.00583.x
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
    root = np.sqrt(count)
    mass = np.full(member.shape[1], 1 / member.shape[1])
    for step in range(_STEPS):
        share = member @ mass
        slope = member.T @ (count / share) / n
        if (slope - 1).max() < _GAP and float(mass @ np.abs(slope - 1)) < _GAP:
            return mass, True
        mass = np.asarray(mass * slope)
        mass /= mass.sum()
        if step % _EVERY == 0:
            mass = _newton_step(member, count, root, mass)
    return mass, False


def _newton_step(member: FloatArray, count: FloatArray, root: FloatArray, mass: FloatArray) -> FloatArray:
    """To the maximum of the quadratic part, no mass below 0, shortened until the likelihood rises."""
    share = member @ mass
    slopes = member / share[:, None] * root[:, None]
    ones = np.sqrt(count.sum()) * np.ones((1, len(mass)))
    target, _ = nnls(np.vstack([slopes, ones]), np.append(2 * root, ones[0, 0]))
    total = float(target.sum())
    if total <= 0:
        return mass
    direction = target / total - mass
    stride = 1.0
    for _ in range(_HALVINGS):
        other = member @ (mass + stride * direction)
        if (other > 0).all() and float(count @ np.log(other / share)) >= 0:
            return np.clip(mass + stride * direction, 0.0, None)
        stride /= 2
    return mass


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
    known = np.isfinite(high)
    if not known.any():
        return _no_weibull(len(low), level, _NO_EVENT)
    unit = float(np.median(high[known]))
    found = _climb(low / unit, high / unit)
    if found is None:
        return _no_weibull(len(low), level, _NO_MAXIMUM)
    scale, shape = found.scale, found.shape
    vcov = found.vcov / np.outer([scale, shape], [scale, shape])
    if not (np.isfinite(vcov).all() and (np.diag(vcov) > 0).all() and np.sqrt(np.diag(vcov)).max() < _FLAT):
        return _no_weibull(len(low), level, _NO_MAXIMUM)
    log_two = np.log(2.0)
    log_median = np.log(scale) + np.log(log_two) / shape
    slope = np.array([1.0, -np.log(log_two) / shape])
    half = -float(special.ndtri((1 - level) / 2)) * float(np.sqrt(slope @ vcov @ slope))
    middle, least, most = (float(np.exp(log_median + side)) * unit for side in (0.0, -half, half))
    loglik = found.loglik - float(np.log(unit)) * int((low == high).sum())
    median = Interval(middle, least, most, level, "weibull")
    return WeibullTimes(scale * unit, shape, median, loglik, len(low), vcov)


def _no_weibull(n: int, level: float, note: str) -> WeibullTimes:
    nan = float("nan")
    return WeibullTimes(nan, nan, _no_interval(level, note), nan, n, np.full((2, 2), nan), note)


def _no_interval(level: float, note: str) -> Interval:
    nan = float("nan")
    return Interval(nan, nan, nan, level, "weibull", note)
