"""Gray's test of equal cumulative incidence."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from npcstats.estimators.checks import check_labels, check_number
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.samples import check_cause, check_causes, check_survival, quadratic_form, sum_by
from npcstats.estimators.types import FloatArray, IntArray, Test


@one_thread
def compare_gray(
    time: npt.ArrayLike,
    cause: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    cause_of_interest: int,
    strata: npt.ArrayLike | None = None,
    rho: float = 0,
) -> Test:
    """Test whether groups have the same cumulative incidence of one cause.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the first event of any cause, or of censoring.
    cause : array_like of int >= 0, shape (n,)
        0 for censoring, else the cause of the event.
    group : array_like of labels, shape (n,)
        Group of each participant; two groups or more.
    cause_of_interest : int >= 1
        The cause whose incidence is compared; every other one competes with it.
    strata : array_like of labels, shape (n,), or None
        Stratum of each participant; None for one stratum.
    rho : float >= 0
        Each time counts with ``(1 - F(t-))**rho``, F the incidence of all groups together; 0 counts all times alike.

    Returns
    -------
    Test
        Chi-squared statistic with (groups - 1) degrees of freedom; NaN with a `note` when there is one group, or
        never an event of the cause while two groups are at risk.

    Raises
    ------
    DataError
        If a time is missing, infinite or negative, a cause is not a whole number of at least 0, a label is missing,
        or lengths differ.
    SpecError
        If `cause_of_interest` or `rho` is not allowed.

    Notes
    -----
    *Convention.* At a tied time events of all causes happen together, before censorings. The statistic and its
    variance, with its correction for ties, are those of ``cmprsk::cuminc``; groups keep their own censoring and
    their own incidence of competing causes. A group without participants at an event of the cause does not count
    in the degrees of freedom.

    *Verified* against R ``cmprsk::cuminc`` (ties, three groups, strata, `rho`).

    References
    ----------
    Gray RJ. Ann Stat 1988;16:1141. doi:10.1214/aos/1176350951
    """
    codes = check_causes(cause, "cause")
    times, events, _ = check_survival(time, codes > 0, None)
    labels, groups = check_labels(group, "group", length=len(times))
    stratum = np.zeros(len(times), dtype=np.intp)
    if strata is not None:
        stratum = check_labels(strata, "strata", length=len(times))[1]
    check_cause(cause_of_interest, "cause_of_interest")
    rho = check_number(rho, "rho")
    method = "gray" if rho == 0 else f"gray, weight (1 - F)^{rho:g}"
    method = f"stratified {method}" if strata is not None else method
    if len(labels) < 2:
        return Test(math.nan, math.nan, math.nan, method, "There are fewer than two groups.")

    of_interest = codes == cause_of_interest
    size = len(labels)
    score, expected, variance = np.zeros(size), np.zeros(size), np.zeros((size, size))
    for code in range(int(stratum.max(initial=-1)) + 1):
        rows = stratum == code
        part = _stratum(times[rows], of_interest[rows], (events & ~of_interest)[rows], groups[rows], size, rho)
        score, expected, variance = score + part[0], expected + part[1], variance + part[2]
    return quadratic_form(score, expected, variance, method, " of this cause")


def _stratum(
    times: FloatArray,
    of_interest: npt.NDArray[np.bool_],
    competing: npt.NDArray[np.bool_],
    groups: IntArray,
    size: int,
    rho: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return observed minus expected (g,), expected (g,) and the variance (g, g) in one stratum.

    Only times with an event matter. ``reduced`` is the number at risk over the survival just before: under the null
    hypothesis the share of it that has an event of the cause is the same in every group.
    """
    grid, row = np.unique(times, return_inverse=True)

    def tabulated(chosen: npt.NDArray[np.bool_] | None) -> FloatArray:
        amounts = np.ones(len(times)) if chosen is None else chosen.astype(np.float64)
        return sum_by(row * size + groups, amounts, len(grid) * size).reshape(-1, size)

    wanted, other, left = tabulated(of_interest), tabulated(competing), tabulated(None)
    at_risk = np.cumsum(left[::-1], axis=0)[::-1]
    kept = (wanted + other).sum(axis=1) > 0
    if not kept.any():
        return np.zeros(size), np.zeros(size), np.zeros((size, size))
    wanted, other, at_risk = wanted[kept], other[kept], at_risk[kept]
    present = at_risk > 0

    survival = np.asarray(np.cumprod(1 - _over(wanted + other, at_risk), axis=0), dtype=np.float64)
    before = _lagged(survival, 1.0)
    incidence_before = _lagged(np.cumsum(before * _over(wanted, at_risk), axis=0), 0.0)
    reduced = _over(at_risk, before)
    deaths = wanted.sum(axis=1)
    pooled = np.cumsum(_over(deaths, reduced.sum(axis=1)))
    pooled_before = _lagged(pooled, 0.0)
    weight: FloatArray = np.maximum(1 - pooled_before, 0.0) ** rho

    free = reduced * (1 - incidence_before)
    expected = _over(free, free.sum(axis=1)[:, np.newaxis]) * deaths[:, np.newaxis]
    score = weight @ (wanted - expected)
    variance = _variance(at_risk, present, survival, before, reduced, wanted, other, pooled, pooled_before, weight)
    return score, expected.sum(axis=0), variance


def _variance(
    at_risk: FloatArray,
    present: npt.NDArray[np.bool_],
    survival: FloatArray,
    before: FloatArray,
    reduced: FloatArray,
    wanted: FloatArray,
    other: FloatArray,
    pooled: FloatArray,
    pooled_before: FloatArray,
    weight: FloatArray,
) -> FloatArray:
    """Return the variance of the scores, shape (g, g); a sum over the groups, whose processes are independent."""
    size = at_risk.shape[1]
    total = reduced.sum(axis=1)
    deaths, competing = wanted.sum(axis=1), other
    hazard = _over(deaths, total * (1 - pooled_before))
    variance = np.zeros((size, size))
    for k in range(size):
        here = present[:, k]
        # how the score of each group moves with an event of the cause in group k, and its sum up to each time
        move = -weight[:, np.newaxis] * reduced * _over(reduced[:, k], total)[:, np.newaxis]
        move[:, k] += weight * reduced[:, k]
        moved = np.cumsum(move * hazard[:, np.newaxis], axis=0)
        final = moved[-1]

        left = _over(1 - pooled, survival[:, k])
        own = np.where(survival[:, k] > 0, 1 - left, 1.0)
        tied = 1 - _over(deaths - 1, total * before[:, k] - 1, where=deaths > 1)
        size_of_jump = _over(tied * before[:, k] * deaths, total * at_risk[:, k], where=here & (deaths > 0))
        change = move + own[:, np.newaxis] * (final - moved)
        variance += (change * size_of_jump[:, np.newaxis]).T @ change

        counted = (survival[:, k] > 0) & (competing[:, k] > 0)
        tied = 1 - _over(competing[:, k] - 1, at_risk[:, k] - 1, where=competing[:, k] > 1)
        size_of_jump = _over(tied * before[:, k] ** 2 * competing[:, k], at_risk[:, k] ** 2, where=counted)
        change = left[:, np.newaxis] * (final - moved)
        variance += (change * size_of_jump[:, np.newaxis]).T @ change
    return variance


def _over(amounts: FloatArray, total: FloatArray, where: npt.NDArray[np.bool_] | None = None) -> FloatArray:
    usable = total > 0 if where is None else where & (total > 0)
    shape = np.broadcast_shapes(amounts.shape, total.shape)
    return np.divide(amounts, total, out=np.zeros(shape), where=np.broadcast_to(usable, shape))


def _lagged(values: FloatArray, first: float) -> FloatArray:
    """Shift values by one time: what holds just before it."""
    start = np.full((1, *values.shape[1:]), first)
    return np.concatenate([start, values[:-1]])
