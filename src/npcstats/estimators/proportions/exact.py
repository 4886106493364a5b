"""Exact unconditional limits of a difference of two proportions, by Chan and Zhang."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from npcstats.estimators.proportions.restricted import score_statistic
from npcstats.estimators.proportions.single import Limits
from npcstats.estimators.proportions.worst import angle_points, largest_probabilities, tail_probabilities
from npcstats.estimators.types import FloatArray, IntArray

# parts of the way from -1 to the estimate that are looked at first, and of each part that may hold the limit
_WIDE = 128
_CLOSER = 8
# a limit is found when it lies in an interval as short as this
_NEAR = 1e-9
# differences nearer to -1 are not looked at: there every statistic is beyond bounds
_END = 1e-6
# statistics whose relative difference is less are tied: rounding parts tables that mirror each other
_TIED = 1e-8
# probabilities held at once
_ROOM = 2_000_000


def chan_zhang_limits(
    count1: FloatArray, total1: FloatArray, count0: FloatArray, total0: FloatArray, level: float
) -> Limits:
    """Limits of ``p1 - p0`` by two one-sided exact score tests.

    Parameters
    ----------
    count1, total1, count0, total0 : float array, shape (n,)
        Counts and totals of both groups, totals above 0; no two tables alike.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    tuple of float array, shape (n,)
        Lower and upper limits.

    Notes
    -----
    *Convention.* The lower limit is the least difference whose one-sided p-value exceeds half of the error, even where
    larger ones do not: the probability of a score statistic (without the factor N/(N-1)) as large as the one observed,
    at its largest over the proportion of group 0. The upper limit is that of the exchanged groups, its sign changed.

    *Accuracy.* The p-value jumps where a table enters or leaves the tail, and grows in between. Each part of the way
    from -1 is left out only if its p-value cannot exceed: that of all tables of the tail at either end, at the inner
    end. What remains is parted again, to 1e-9. A table that enters and leaves within one of the first 128 parts is not
    seen. The maximum over the proportion is good to what `largest_probabilities` says.

    References
    ----------
    Chan ISF, Zhang Z. Biometrics 1999;55:1202. doi:10.1111/j.0006-341X.1999.01202.x
    """
    tail = (1 - level) / 2
    tables = np.stack([count1, total1, count0, total0], axis=1).astype(int).tolist()
    lower = [_lower_limit(_Table(*cells), tail) for cells in tables]
    upper = [-_lower_limit(_Table(*cells[2:], *cells[:2]), tail) for cells in tables]
    return np.array(lower, dtype=float), np.array(upper, dtype=float)


@dataclass(frozen=True)
class _Table:
    count1: int
    total1: int
    count0: int
    total0: int


def _lower_limit(table: _Table, tail: float) -> float:
    observed = table.count1 / table.total1 - table.count0 / table.total0
    if observed == -1:
        return -1.0
    found = _first_above(table, tail, -1 + _END, observed, _WIDE)
    return observed if found is None else -1.0 if found < -1 + 2 * _END else found


def _first_above(table: _Table, tail: float, outside: float, inside: float, parts: int) -> float | None:
    """Least difference between two whose p-value exceeds, or none."""
    ends = np.linspace(outside, inside, parts + 1)
    least = _least_counts(table, ends)
    bounds = _largest_tails(table, np.minimum(least[:-1], least[1:]), ends[1:])
    for place in np.flatnonzero(bounds > tail):
        if ends[place + 1] - ends[place] <= _NEAR:
            return float(ends[place + 1])
        found = _first_above(table, tail, ends[place], ends[place + 1], _CLOSER)
        if found is not None:
            return found
    return None


def _least_counts(table: _Table, differences: FloatArray) -> IntArray:
    """Least count of group 1 whose statistic is that observed or more, (n, total0 + 1): it grows with that count."""
    column, other = differences[:, np.newaxis], np.arange(table.total0 + 1.0)
    observed = score_statistic(table.count1, table.total1, table.count0, table.total0, column)
    enough = observed - _TIED * np.maximum(np.abs(observed), 1.0)
    low = np.zeros((len(differences), table.total0 + 1), dtype=np.intp)
    high = np.full_like(low, table.total1 + 1)
    while (low < high).any():
        middle = (low + high) // 2
        found = score_statistic(np.minimum(middle, table.total1), table.total1, other, table.total0, column)
        reached = (found >= enough) | (middle > table.total1)
        low, high = np.where(reached, low, middle + 1), np.where(reached, middle, high)
    return low


def _largest_tails(table: _Table, least: IntArray, differences: FloatArray) -> FloatArray:
    """Probabilities of those counts or more at each difference, at their largest over the proportion of group 0."""
    total = table.total1 + table.total0
    rows = max(1, _ROOM // ((total + 2) * angle_points(total)))
    largest = [
        largest_probabilities(
            partial(_tails, table, least[start : start + rows], differences[start : start + rows, np.newaxis]),
            len(differences[start : start + rows]),
            total,
        )
        for start in range(0, len(differences), rows)
    ]
    return np.concatenate(largest)


def _tails(table: _Table, least: IntArray, difference: FloatArray, share: FloatArray) -> FloatArray:
    share0 = np.maximum(0.0, -difference) + (1 - np.abs(difference)) * share
    share1 = np.clip(share0 + difference, 0.0, 1.0)
    return tail_probabilities(least, share1, table.total1, share0, table.total0)
