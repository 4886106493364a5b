"""Rates of events over time at risk, and how two of them differ: one at a time, or as many as a table has.

It knows counts and time; whom they count, and in which unit time is, is the caller's business. The counts are taken as
Poisson: of first events, or where participants with several events are no more than chance makes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_array, check_probability
from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.types import FloatArray, Interval, Intervals

NO_TIME = "There is no time at risk."
NO_TIME_IN_ONE = "A group has no time at risk."
NO_EVENTS_IN_ONE = "A group has no events, so no ratio of rates is estimated."
NO_EVENTS = "Neither group has events, so no ratio of rates is estimated."
NO_VARIANCE = "Neither group has events, so this method has no limits."
STEPS = 100
"""More halvings than a number has digits."""

Cells = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
Found = tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.object_]]


def estimate_rates(events: npt.ArrayLike, times: npt.ArrayLike, *, method: str, conf_level: float) -> Intervals:
    """Estimate rates of events with two-sided confidence intervals.

    Parameters
    ----------
    events : array_like of int >= 0, shape (n,)
        Events of each group.
    times : array_like of float >= 0, shape (n,)
        Time at risk of each group, summed over participants.
    method : {"garwood"}
        How the limits are made.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Intervals
        Events per unit of time. Without time at risk all is NaN, and the note says so.

    Raises
    ------
    DataError
        If an event is not a whole number from 0 on, a time is negative or not finite, there are events without time,
        or they are not as many.
    SpecError
        If `method` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Garwood's exact limits of a Poisson mean, over the time: half of the error in each tail, without
    events too, where the lower limit is 0 and the upper ``-log(0.025) / time``, 3.69 over the time.

    *Verified* against R ``poisson.test``.

    References
    ----------
    Garwood F. Biometrika 1936;28:437. doi:10.1093/biomet/28.3-4.437
    """
    count, time = _check_group(events, times, "")
    check_choice(method, "method", RATES)
    conf_level = check_probability(conf_level, "conf_level")
    tail = (1 - conf_level) / 2
    some = time > 0
    numbers = np.full((3, len(count)), math.nan)
    x, t = count[some], time[some]
    lower = np.where(x == 0, 0.0, special.gammaincinv(np.maximum(x, 1), tail))
    numbers[:, some] = x / t, lower / t, special.gammainccinv(x + 1, tail) / t
    notes = tuple(np.where(some, "", NO_TIME).tolist())
    estimate, low, high = numbers
    return Intervals(estimate, low, high, conf_level, method, notes)


def compare_rates(
    events1: int, time1: float, events0: int, time0: float, *, measure: str, method: str, conf_level: float
) -> Interval:
    """Compare two independent rates, group 1 with group 0.

    Parameters
    ----------
    events1, time1 : int, float
        Events and time at risk of group 1.
    events0, time0 : int, float
        The same of group 0, the reference.
    measure : {"rate-difference", "rate-ratio"}
        What is estimated.
    method : str
        For a difference "miettinen-nurminen" or "wald"; for a ratio "exact-conditional".
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Interval
        Difference in events per unit of time, or ratio. What is undefined is NaN, and `note` says why.

    Raises
    ------
    DataError
        If an event is not a whole number from 0 on, a time is negative or not finite, or there are events without time.
    SpecError
        If `measure`, `method`, their pair or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Miettinen and Nurminen's limits are the differences at which the score test, its variance at the rates
    most likely under that difference, just rejects; they have no factor N/(N-1), which belongs to proportions, and
    exist without events too. Wald's are symmetric, and there are none without events. The exact limits of a ratio are
    Clopper and Pearson's of the share that group 1 has of all events, given their number; where a group has no events
    no ratio is estimated, and no limit of it is given. Nothing is added to a count.

    *Verified* against R ``poisson.test`` (ratios), and the score equation solved in R by ``uniroot`` with the most
    likely rates found by ``optimize``.

    References
    ----------
    Miettinen O, Nurminen M. Stat Med 1985;4:213. doi:10.1002/sim.4780040211
    Przyborowski J, Wilenski H. Biometrika 1940;31:313. doi:10.1093/biomet/31.3-4.313
    """
    cells = [[cell] for cell in (events1, time1, events0, time0)]
    return compare_all_rates(*cells, measure=measure, method=method, conf_level=conf_level).at(0)


def compare_all_rates(
    events1: npt.ArrayLike,
    times1: npt.ArrayLike,
    events0: npt.ArrayLike,
    times0: npt.ArrayLike,
    *,
    measure: str,
    method: str,
    conf_level: float,
) -> Intervals:
    """Compare many pairs of independent rates.

    Parameters
    ----------
    events1, times1 : array_like, shape (n,)
        Events and times at risk of group 1.
    events0, times0 : array_like, shape (n,)
        The same of group 0, the reference.
    measure, method : str
        As `compare_rates` takes them.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Intervals
        As `compare_rates` gives each.

    Raises
    ------
    DataError
        If the cells are not of one length, or as `compare_rates` refuses them.
    SpecError
        If `measure`, `method`, their pair or `conf_level` is not allowed.

    Notes
    -----
    *Convention* and *verification* are those of `compare_rates`.
    """
    x1, t1 = _check_group(events1, times1, "1")
    x0, t0 = _check_group(events0, times0, "0")
    if len(x1) != len(x0):
        raise DataError(f"events0: has {len(x0)} values and events1 {len(x1)}; as many are required.")
    check_choice(measure, "measure", RATE_COMPARISONS)
    if method not in RATE_COMPARISONS[measure]:
        pairs = "; ".join(f"{known} with {', '.join(methods)}" for known, methods in RATE_COMPARISONS.items())
        raise SpecError(f"method: is {method!r} for measure {measure!r}; what is allowed is {pairs}.")
    conf_level = check_probability(conf_level, "conf_level")
    some = (t1 > 0) & (t0 > 0)
    numbers = np.full((3, len(some)), math.nan)
    notes = np.full(len(some), NO_TIME_IN_ONE, dtype=object)
    *numbers[:, some], notes[some] = _COMPARED[method]((x1[some], t1[some], x0[some], t0[some]), conf_level)
    estimate, lower, upper = numbers
    return Intervals(estimate, lower, upper, conf_level, method, tuple(notes))


def _check_group(events: npt.ArrayLike, times: npt.ArrayLike, suffix: str) -> tuple[FloatArray, FloatArray]:
    time = check_array(times, f"times{suffix}", minimum=0.0)
    count = check_array(events, f"events{suffix}", minimum=0.0)
    if len(count) != len(time):
        raise DataError(f"events{suffix}: has {len(count)} values and times{suffix} {len(time)}; as many are required.")
    for bad, wanted in ((count % 1 != 0, "whole numbers"), ((count > 0) & (time == 0), "events with time at risk")):
        if bad.any():
            place = int(np.argmax(bad))
            raise DataError(
                f"events{suffix}: {int(bad.sum())} (first at place {place}: {count[place]:g} in {time[place]:g} of "
                f"time); {wanted} are required."
            )
    return count, time


def _score(cells: Cells, conf_level: float) -> Found:
    x1, t1, x0, t0 = cells
    z = normal_quantile((1 - conf_level) / 2)
    estimate = x1 / t1 - x0 / t0
    # both rates are below these limits of their own, so the difference is within them
    widest = (np.sqrt(x1 + x0) + z + 1) ** 2 * 4 * (1 / t1 + 1 / t0)
    upper = _crossing(cells, estimate, widest, -z)
    lower = _crossing(cells, estimate, -widest, z)
    return estimate, lower, upper, np.full(len(x1), "", dtype=object)


def _crossing(cells: Cells, inner: FloatArray, reach: FloatArray, z: float) -> FloatArray:
    """Difference between `inner` and `inner` + `reach` at which the score statistic, which falls, is `z`."""
    near, far = inner.copy(), inner + reach
    for _ in range(STEPS):
        middle = (near + far) / 2
        beyond = np.abs(_score_statistic(cells, middle)) > abs(z)
        far, near = np.where(beyond, middle, far), np.where(beyond, near, middle)
    return np.asarray((near + far) / 2)


def _score_statistic(cells: Cells, difference: FloatArray) -> FloatArray:
    """Observed less supposed difference, over its standard error at the rates most likely under the supposed one."""
    x1, t1, x0, t0 = cells
    rises = difference >= 0
    gap = np.abs(difference)
    total, lesser = t1 + t0, np.where(rises, x0, x1)
    # the lesser rate r solves total r^2 + (total gap - events) r = lesser gap; the form without cancellation is chosen
    half = total * gap - x1 - x0
    root = np.sqrt(half**2 + 4 * total * lesser * gap)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(half > 0, 2 * lesser * gap / (half + root), (root - half) / (2 * total))
        rate1, rate0 = np.where(rises, low + gap, low), np.where(rises, low, low + gap)
        found = (x1 / t1 - x0 / t0 - difference) / np.sqrt(rate1 / t1 + rate0 / t0)
    return np.where(np.isnan(found), 0.0, found)


def _wald(cells: Cells, conf_level: float) -> Found:
    x1, t1, x0, t0 = cells
    estimate = x1 / t1 - x0 / t0
    half_width = normal_quantile((1 - conf_level) / 2) * np.sqrt(x1 / t1**2 + x0 / t0**2)
    half_width[x1 + x0 == 0] = math.nan
    notes = np.where(x1 + x0 == 0, NO_VARIANCE, "").astype(object)
    return estimate, estimate - half_width, estimate + half_width, notes


def _conditional(cells: Cells, conf_level: float) -> Found:
    x1, t1, x0, t0 = cells
    tail = (1 - conf_level) / 2
    empty = (x1 == 0) | (x0 == 0)
    y1, y0 = np.maximum(x1, 1), np.maximum(x0, 1)
    low, high = special.betaincinv(y1, y0 + 1, tail), special.betainccinv(y1 + 1, y0, tail)
    rest_low, rest_high = special.betainccinv(y0 + 1, y1, tail), special.betaincinv(y0, y1 + 1, tail)
    found = [(y1 / t1) / (y0 / t0), low / rest_low * t0 / t1, high / rest_high * t0 / t1]
    estimate, lower, upper = (np.where(empty, math.nan, numbers) for numbers in found)
    notes = np.where(empty, np.where(x1 + x0 == 0, NO_EVENTS, NO_EVENTS_IN_ONE), "").astype(object)
    return estimate, lower, upper, notes


_COMPARED: dict[str, Callable[[Cells, float], Found]] = {
    "miettinen-nurminen": _score,
    "wald": _wald,
    "exact-conditional": _conditional,
}
RATES = ("garwood",)
RATE_DIFFERENCES = ("miettinen-nurminen", "wald")
RATE_RATIOS = ("exact-conditional",)
RATE_COMPARISONS: dict[str, tuple[str, ...]] = {"rate-difference": RATE_DIFFERENCES, "rate-ratio": RATE_RATIOS}
"""Methods by measure."""
