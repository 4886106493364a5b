"""Ratios of odds given how many events there are in all: the conditional maximum and exact limits, for many tables."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from scipy import special

from npcstats.estimators.proportions.roots import find_roots
from npcstats.estimators.types import FloatArray

# logarithms of ratios are sought between these
_FAR = 100.0
# tables at once
_ROWS = 1000


def conditional_odds_ratios(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float
) -> FloatArray:
    """Ratios of odds, conditional on the events in all.

    Parameters
    ----------
    count1, total1, count0, total0 : float array, shape (n,)
        Counts and totals, some with and some without the event in each group.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    float array, shape (3, n)
        Conditional maximum-likelihood estimates, lower and upper limits.

    Notes
    -----
    Given the events in all, those of group 1 have Fisher's noncentral hypergeometric distribution. At the lower limit
    as many as were observed or more have half of the error, at the upper limit as many or fewer.
    """
    parts = [
        _part(count1[some], total1[some], count0[some], total0[some], level)
        for some in (slice(start, start + _ROWS) for start in range(0, len(count1), _ROWS))
    ]
    return np.concatenate([np.empty((3, 0)), *parts], axis=1)


def _part(count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float) -> FloatArray:
    events = count1 + count0
    first = np.maximum(0.0, events - total0)
    width = int((np.minimum(total1, events) - first).max()) + 1
    more = first[:, np.newaxis] + np.arange(width) - count1[:, np.newaxis]
    logs = _log_choose(total1, count1, more) + _log_choose(total0, count0, -more)
    low, high = np.full(len(count1), -_FAR), np.full(len(count1), _FAR)
    rows = np.arange(float(len(count1)))
    tail = math.log((1 - level) / 2)
    sought = (_mean, partial(_tail, 1.0, tail), partial(_tail, -1.0, tail))
    return np.exp([find_roots(partial(function, logs, more), low, high, (rows,)) for function in sought])


def _log_choose(of: FloatArray, some: FloatArray, more: FloatArray) -> FloatArray:
    """Logarithms of the numbers of ways; minus infinity where there is none."""
    chosen = some[:, np.newaxis] + more
    left = of[:, np.newaxis] - chosen
    logs = -special.gammaln(np.maximum(chosen, 0) + 1) - special.gammaln(np.maximum(left, 0) + 1)
    return np.where((chosen < 0) | (left < 0), -np.inf, logs)


def _mean(logs: FloatArray, more: FloatArray, logarithm: FloatArray, row: FloatArray, /) -> FloatArray:
    counts = more[row.astype(int)]
    weights = _weights(logs[row.astype(int)], counts, logarithm)
    mean: FloatArray = (weights * counts).sum(axis=1) / weights.sum(axis=1)
    return mean


def _tail(
    side: float, tail: float, logs: FloatArray, more: FloatArray, logarithm: FloatArray, row: FloatArray, /
) -> FloatArray:
    counts = more[row.astype(int)]
    weights = _weights(logs[row.astype(int)], counts, logarithm)
    extreme = np.where(side * counts >= 0, weights, 0.0).sum(axis=1)
    excess: FloatArray = np.log(np.maximum(extreme / weights.sum(axis=1), 1e-300)) - tail
    return excess


def _weights(logs: FloatArray, counts: FloatArray, logarithm: FloatArray) -> FloatArray:
    terms = logs + counts * logarithm[:, np.newaxis]
    weights: FloatArray = np.exp(terms - terms.max(axis=1, keepdims=True))
    return weights
