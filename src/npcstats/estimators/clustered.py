"""Rates of all events, several of one participant possible, whose limits allow for participants with many."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.errors import DataError
from npcstats.estimators.checks import check_array, check_probability
from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.rates import NO_EVENTS, NO_EVENTS_IN_ONE, NO_TIME, NO_TIME_IN_ONE, NO_VARIANCE, estimate_rates
from npcstats.estimators.types import Interval

NO_VARIATION = "All participants have the same rate, so there are no confidence limits."
NO_VARIATION_IN_ONE = "All participants of a group have the same rate, so the comparison has no limits."
NO_EVENT_IN_ONE = "A group has no event, so the difference has no limits."
POISSON_LIMIT = "There is no event; the upper limit is the exact one of a Poisson count."


@dataclass(frozen=True)
class ClusteredRate:
    """A rate of all events, several of one participant possible.

    Attributes
    ----------
    events : int
        All events.
    time : float
        Time at risk, summed over participants.
    rate, std_error : float
        Events per unit of time, and its standard error; NaN where undefined.
    interval : Interval
        The rate with its limits.
    """

    events: int
    time: float
    rate: float
    std_error: float
    interval: Interval


CLUSTERED = "robust-log"


def estimate_clustered_rate(events: npt.ArrayLike, times: npt.ArrayLike, *, conf_level: float) -> ClusteredRate:
    """Estimate the rate of all events, with limits that allow for participants who have many.

    Parameters
    ----------
    events : array_like of int >= 0, shape (n,)
        Events of each participant.
    times : array_like of float >= 0, shape (n,)
        Time at risk of each participant.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    ClusteredRate
        Events per unit of time.

    Raises
    ------
    DataError
        If an array is not as described, or a participant has events without time at risk.
    SpecError
        If `conf_level` is not allowed.

    Notes
    -----
    *Convention.* The rate r is all events over all time. Its variance is the sum of the squares of (events less r
    times time) of participants, over the squared time: the sandwich of a Poisson model with one rate, each participant
    a cluster, without a factor n/(n-1). Limits are symmetric on the logarithm. Without events the upper limit is the
    exact one of a Poisson count, with a note.

    *Verified* against R ``glm(family = poisson, offset = log(time))`` and its sandwich, written out.

    References
    ----------
    Lin DY, Wei LJ, Yang I, Ying Z. J R Stat Soc B 2000;62:711. doi:10.1111/1467-9868.00259
    """
    time = check_array(times, "times", minimum=0.0)
    counts = check_array(events, "events", length=len(time), minimum=0.0)
    if (counts % 1 != 0).any():
        raise DataError("events: some are not whole; whole numbers of at least 0 are required.")
    if ((counts > 0) & (time == 0)).any():
        raise DataError("events: of participants without time at risk; events with time at risk are required.")
    total, whole = float(counts.sum()), float(time.sum())
    exact = estimate_rates([total], [whole], method="garwood", conf_level=conf_level).at(0)
    nan = math.nan
    if not whole:
        return ClusteredRate(0, 0.0, nan, nan, Interval(nan, nan, nan, conf_level, CLUSTERED, NO_TIME))
    rate = total / whole
    if not total:
        interval = Interval(0.0, 0.0, exact.upper, conf_level, CLUSTERED, POISSON_LIMIT)
        return ClusteredRate(0, whole, 0.0, 0.0, interval)
    std_error = float(np.sqrt(((counts - rate * time) ** 2).sum())) / whole
    if not std_error:
        return ClusteredRate(
            int(total), whole, rate, 0.0, Interval(rate, nan, nan, conf_level, CLUSTERED, NO_VARIATION)
        )
    factor = math.exp(normal_quantile((1 - conf_level) / 2) * std_error / rate)
    interval = Interval(rate, rate / factor, rate * factor, conf_level, CLUSTERED)
    return ClusteredRate(int(total), whole, rate, std_error, interval)


def compare_clustered_rates(rate1: ClusteredRate, rate0: ClusteredRate, *, measure: str, conf_level: float) -> Interval:
    """Compare the rates of all events of two independent groups.

    Parameters
    ----------
    rate1, rate0 : ClusteredRate
        Of two groups without a common participant.
    measure : {"rate-difference", "rate-ratio"}
        What is estimated.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    Interval
        Group 1 minus, or over, group 0; NaN where it is undefined, and `note` says why.

    Raises
    ------
    SpecError
        If `measure` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Limits of a difference are normal, those of a ratio normal on its logarithm, with the sum of the
    robust variances. Without events in one group there is no ratio, and a difference without limits.

    *Verified* as `estimate_clustered_rate` is.
    """
    check_choice(measure, "measure", CLUSTERED_COMPARISONS)
    z, nan = normal_quantile((1 - check_probability(conf_level, "conf_level")) / 2), math.nan
    method, pair = CLUSTERED_COMPARISONS[measure], (rate1, rate0)
    if not all(rate.time for rate in pair):
        return Interval(nan, nan, nan, conf_level, method, NO_TIME_IN_ONE)
    empty = [not rate.events for rate in pair]
    if measure == "rate-difference":
        note = _difference_note(pair)
        gap = rate1.rate - rate0.rate
        half_width = nan if note else z * math.hypot(rate1.std_error, rate0.std_error)
        return Interval(gap, gap - half_width, gap + half_width, conf_level, method, note)
    if any(empty):
        return Interval(nan, nan, nan, conf_level, method, NO_EVENTS if all(empty) else NO_EVENTS_IN_ONE)
    ratio, error = rate1.rate / rate0.rate, math.hypot(*(rate.std_error / rate.rate for rate in pair))
    if not all(rate.std_error for rate in pair):
        return Interval(ratio, nan, nan, conf_level, method, NO_VARIATION_IN_ONE)
    return Interval(ratio, ratio * math.exp(-z * error), ratio * math.exp(z * error), conf_level, method)


def _difference_note(pair: tuple[ClusteredRate, ClusteredRate]) -> str:
    if not any(rate.events for rate in pair):
        return NO_VARIANCE
    if not all(rate.events for rate in pair):
        return NO_EVENT_IN_ONE
    return "" if all(rate.std_error for rate in pair) else NO_VARIATION_IN_ONE


CLUSTERED_COMPARISONS = {"rate-difference": "robust", "rate-ratio": "robust-log"}
"""Method by measure."""
