"""Exact tests of whether two proportions differ: conditional on the events in all, or not; each distinct table once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.estimators.checks import check_all_counts
from npcstats.estimators.continuous import compare_counts
from npcstats.estimators.proportions.distinct import distinct_tables
from npcstats.estimators.proportions.worst import binomial_masses, largest_probabilities, log_choices
from npcstats.estimators.types import BoolArray, FloatArray, Test

NO_GROUP = "A group has no participants."
ALL_ALIKE = "Nobody or everybody has the event, so there is nothing to test."
# statistics whose relative difference is less are tied
_TIED = 1e-9


def exact_tests(
    count1: npt.ArrayLike, total1: npt.ArrayLike, count0: npt.ArrayLike, total0: npt.ArrayLike, *, method: str
) -> tuple[Test, ...]:
    """Test whether two independent proportions differ, for many tables.

    Parameters
    ----------
    count1, total1 : array_like of int, shape (n,)
        Participants with the event and in the denominator, in group 1.
    count0, total0 : array_like of int, shape (n,)
        The same in group 0.
    method : {"fisher", "barnard", "boschloo"}
        Conditional on the events in all, or one of the unconditional tests.

    Returns
    -------
    tuple of Test, length n
        Two-sided. Where a group is empty, or nobody or everybody has the event, all is NaN and `note` says so.

    Raises
    ------
    DataError
        If the counts are not whole numbers with ``0 <= count <= total``, or not of one length.
    SpecError
        If `method` is not allowed.

    Notes
    -----
    *Convention.* Fisher's p-value is the sum of the probabilities of all tables that are no more probable than the one
    observed. Barnard's statistic is the difference over its pooled standard error; as extreme is what is as large
    without its sign. Boschloo's is Fisher's one-sided p-value, of the side that has the smaller result, and its p-value
    twice that of this side. Both p-values are at their largest over the common proportion, found as
    `largest_probabilities` says.

    *Verified* against the definitions written in R, R's ``fisher.test``, and SciPy's ``barnard_exact`` and
    ``boschloo_exact``, whose conventions these are.

    References
    ----------
    Barnard GA. Biometrika 1947;34:123. doi:10.1093/biomet/34.1-2.123
    Boschloo RD. Stat Neerl 1970;24:1. doi:10.1111/j.1467-9574.1970.tb00104.x
    """
    cells = (*check_all_counts(count1, total1, "1"), *check_all_counts(count0, total0, "0"))
    check_choice(method, "method", EXACT_TESTS)
    tables, place = distinct_tables(*cells)
    found = [_tested(x1, n1, x0, n0, method) for x1, n1, x0, n0 in np.stack(tables, axis=1).astype(int).tolist()]
    return tuple(found[at] for at in place)


def _tested(count1: int, total1: int, count0: int, total0: int, method: str) -> Test:
    if not total1 or not total0:
        return Test(math.nan, math.nan, math.nan, method, NO_GROUP)
    if count1 + count0 in (0, total1 + total0):
        return Test(math.nan, math.nan, math.nan, method, ALL_ALIKE)
    statistic, p_value = _EXACT[method](count1, total1, count0, total0)
    return Test(statistic, math.nan, min(p_value, 1.0), method)


def _fisher(count1: int, total1: int, count0: int, total0: int) -> tuple[float, float]:
    made = compare_counts([[count1, total1 - count1], [count0, total0 - count0]], method="fisher")
    return made.statistic, made.p_value


def _barnard(count1: int, total1: int, count0: int, total0: int) -> tuple[float, float]:
    one, other = np.arange(total1 + 1)[:, np.newaxis], np.arange(total0 + 1)
    pooled = (one + other) / (total1 + total0)
    error = np.sqrt(pooled * (1 - pooled) * (1 / total1 + 1 / total0))
    statistic = np.divide(one / total1 - other / total0, error, out=np.zeros_like(error), where=error > 0)
    observed = float(statistic[count1, count0])
    return observed, _largest(np.abs(statistic) >= abs(observed) * (1 - _TIED))


def _boschloo(count1: int, total1: int, count0: int, total0: int) -> tuple[float, float]:
    sides = []
    for tails in _fisher_tails(total1, total0):
        observed = float(tails[count1, count0])
        sides.append((_largest(tails <= observed * (1 + _TIED)), observed))
    p_value, statistic = min(sides)
    return statistic, 2 * p_value


def _fisher_tails(total1: int, total0: int) -> tuple[FloatArray, FloatArray]:
    """Fisher's one-sided p-values of all tables, (total1 + 1, total0 + 1): as many in group 1 or fewer, or more."""
    one, other = np.indices((total1 + 1, total0 + 1))
    events = one + other
    logs = log_choices(total1)[one] + log_choices(total0)[other] - log_choices(total1 + total0)[events]
    masses = np.zeros((total1 + total0 + 1, total1 + 1))
    masses[events, one] = np.exp(logs)
    fewer, more = np.cumsum(masses, axis=1), np.cumsum(masses[:, ::-1], axis=1)[:, ::-1]
    return fewer[events, one], more[events, one]


def _largest(region: BoolArray) -> float:
    """Probability of a region of tables at its largest over the common proportion."""
    total1, total0 = (size - 1 for size in region.shape)

    def probability(share: FloatArray) -> FloatArray:
        in_region = binomial_masses(share, total1) @ region.astype(float)
        summed: FloatArray = (in_region * binomial_masses(share, total0)).sum(axis=-1)
        return summed

    return float(largest_probabilities(probability, 1, total1 + total0)[0])


_EXACT: dict[str, Callable[[int, int, int, int], tuple[float, float]]] = {
    "fisher": _fisher,
    "barnard": _barnard,
    "boschloo": _boschloo,
}
EXACT_TESTS = tuple(_EXACT)
