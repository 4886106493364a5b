"""Tests of equal survival: log-rank and its Fleming-Harrington relatives, stratified or weighted, and for trend."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.estimators.checks import check_array, check_labels, check_number, check_weights
from npcstats.estimators.distributions import chi_square_upper
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.samples import check_survival, product_limit, quadratic_form, sum_by
from npcstats.estimators.types import BoolArray, FloatArray, IntArray, Test

_ONE_GROUP = "There are fewer than two groups."
# a variance this much smaller than its terms is rounding error
_NOTHING = 1e-12


@one_thread
def compare_logrank(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    strata: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    rho: float = 0,
    gamma: float = 0,
) -> Test:
    """Test whether groups have the same survival: log-rank and its Fleming-Harrington relatives.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the event or of censoring.
    event : array_like of bool or of 0 and 1, shape (n,)
        1 for an event, 0 for censoring.
    group : array_like of labels, shape (n,)
        Group of each participant; two groups or more.
    strata : array_like of labels, shape (n,), or None
        Stratum of each participant; None for one stratum.
    weights : array_like of float >= 0, shape (n,), or None
        Sampling weights; None counts everyone once.
    rho, gamma : float >= 0
        Each time counts with ``S(t-)**rho * (1 - S(t-))**gamma``; (0, 0) is the log-rank test, (1, 0) Peto and
        Peto's modification of Wilcoxon's.

    Returns
    -------
    Test
        Chi-squared statistic with (groups - 1) degrees of freedom; NaN with a `note` when there is one group, or
        never an event while two groups are at risk.

    Raises
    ------
    DataError
        If a time is missing, infinite or negative, an event is not 0 or 1, a label is missing, a weight is
        negative, or lengths differ.
    SpecError
        If `rho` or `gamma` is not allowed.

    Notes
    -----
    *Convention.* S is the curve of all groups together, within each stratum, just before t. The variance is the
    hypergeometric one; with weights it is that of the robust score test (participants as clusters). A group that
    is never at risk at an event time does not count in the degrees of freedom.

    *Verified* against R ``survival::survdiff`` (gamma 0), formulae written in R (gamma above 0), and with
    weights the robust score test of ``survival::coxph(ties = "breslow")``.

    References
    ----------
    Mantel N. Cancer Chemother Rep 1966;50:163.
    Harrington DP, Fleming TR. Biometrika 1982;69:553. doi:10.1093/biomet/69.3.553
    Lin DY, Wei LJ. J Am Stat Assoc 1989;84:1074. doi:10.1080/01621459.1989.10478874
    """
    found = _scores(time, event, group, "group", strata=strata, weights=weights, rho=rho, gamma=gamma)
    if len(found.labels) < 2:
        return Test(math.nan, math.nan, math.nan, found.method, _ONE_GROUP)
    return quadratic_form(found.difference, found.expected, found.variance, found.method)


@one_thread
def compare_trend(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    score: npt.ArrayLike,
    *,
    strata: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    rho: float = 0,
    gamma: float = 0,
) -> Test:
    """Test for a trend of survival across ordered groups.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the event or of censoring.
    event : array_like of bool or of 0 and 1, shape (n,)
        1 for an event, 0 for censoring.
    score : array_like of float, shape (n,)
        Number of each participant's group, such as 1, 2, 3; two values or more.
    strata : array_like of labels, shape (n,), or None
        Stratum of each participant; None for one stratum.
    weights : array_like of float >= 0, shape (n,), or None
        Sampling weights; None counts everyone once.
    rho, gamma : float >= 0
        Each time counts with ``S(t-)**rho * (1 - S(t-))**gamma``.

    Returns
    -------
    Test
        Chi-squared statistic with one degree of freedom; NaN with a `note` when there is one group, or no variance:
        never an event while some of two groups at risk go on without it.

    Raises
    ------
    DataError
        If a time is missing, infinite or negative, an event is not 0 or 1, a score or a label is missing, a weight
        is negative, or lengths differ.
    SpecError
        If `rho` or `gamma` is not allowed.

    Notes
    -----
    *Convention.* The scores' linear combination of the log-rank test's observed minus expected numbers, with its
    variance from the same covariance matrix (Tarone). Only the spacing of the scores matters.

    *Verified* against the covariance that R ``survival::survdiff`` returns, and without ties the score test of
    ``survival::coxph`` with the score as a number.

    References
    ----------
    Tarone RE. Biometrika 1975;62:679. doi:10.1093/biomet/62.3.679
    """
    values = check_array(score, "score")
    found = _scores(time, event, values, "score", strata=strata, weights=weights, rho=rho, gamma=gamma)
    method = f"trend, {found.method}"
    if len(found.labels) < 2:
        return Test(math.nan, math.nan, math.nan, method, _ONE_GROUP)
    spaced = (found.labels - found.labels.mean()) / np.ptp(found.labels)
    variance = float(spaced @ found.variance @ spaced)
    if not variance > _NOTHING * float(np.abs(found.variance).max(initial=0.0)):
        return Test(math.nan, math.nan, math.nan, method, _no_trend(found.expected))
    statistic = float(spaced @ found.difference) ** 2 / variance
    return Test(statistic, 1.0, chi_square_upper(statistic, 1), method)


def _no_trend(expected: FloatArray) -> str:
    """Say why the variance of a trend is 0, given the events expected in each group, (g,)."""
    at_risk = int(np.count_nonzero(expected > 0))
    if not at_risk:
        return "There are no events."
    if at_risk == 1:
        return "Fewer than two groups are ever at risk at an event."
    return "The variance is 0, so there is no test."


@dataclass(frozen=True, eq=False)
class _Scores:
    """Observed minus expected (g,), expected (g,) and the covariance (g, g) over all strata."""

    labels: npt.NDArray[Any]
    difference: FloatArray
    expected: FloatArray
    variance: FloatArray
    method: str


def _scores(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    group: npt.ArrayLike,
    name: str,
    *,
    strata: npt.ArrayLike | None,
    weights: npt.ArrayLike | None,
    rho: float,
    gamma: float,
) -> _Scores:
    times, events, _ = check_survival(time, event, None)
    n = len(times)
    labels, codes = check_labels(group, name, length=n)
    stratum = np.zeros(n, dtype=np.intp)
    if strata is not None:
        stratum = check_labels(strata, "strata", length=n)[1]
    rho, gamma = check_number(rho, "rho"), check_number(gamma, "gamma")
    weight = None if weights is None else check_weights(weights, "weights", length=n)

    difference, expected = np.zeros(len(labels)), np.zeros(len(labels))
    variance = np.zeros((len(labels), len(labels)))
    for code in range(int(stratum.max(initial=-1)) + 1):
        rows = stratum == code
        part = _logrank_stratum(
            times[rows],
            events[rows],
            codes[rows],
            len(labels),
            None if weight is None else weight[rows],
            rho,
            gamma,
        )
        difference += part[0]
        expected += part[1]
        variance += part[2]
    method = _logrank_name(rho, gamma, strata is not None, weights is not None)
    return _Scores(labels, difference, expected, variance, method)


def _logrank_name(rho: float, gamma: float, stratified: bool, weighted: bool) -> str:
    name = "log-rank" if rho == gamma == 0 else f"fleming-harrington({rho:g}, {gamma:g})"
    return ("stratified " if stratified else "") + name + (", robust variance" if weighted else "")


def _logrank_stratum(
    times: FloatArray,
    events: BoolArray,
    codes: IntArray,
    groups: int,
    weight: FloatArray | None,
    rho: float,
    gamma: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return observed minus expected (k,), expected (k,) and the variance (k, k) in one stratum."""
    weights = np.ones(len(times)) if weight is None else weight
    grid, row = np.unique(times, return_inverse=True)
    cell = row * groups + codes
    size = len(grid) * groups
    left = sum_by(cell, weights, size).reshape(-1, groups)
    observed = sum_by(cell, weights * events, size).reshape(-1, groups)
    at_risk = np.cumsum(left[::-1], axis=0)[::-1]
    deaths, risk = observed.sum(axis=1), at_risk.sum(axis=1)
    before = np.concatenate([[1.0], product_limit(deaths, risk)[:-1]])
    score_weight = np.where(deaths > 0, before**rho * (1 - before) ** gamma, 0.0)
    share = np.divide(at_risk, risk[:, np.newaxis], out=np.zeros_like(at_risk), where=at_risk > 0)
    expected = share * deaths[:, np.newaxis]
    difference = score_weight @ (observed - expected)
    if weight is None:
        variance = _hypergeometric(share, deaths, risk, score_weight)
    else:
        variance = _robust(share, deaths, risk, score_weight, row, codes, events, weight)
    return difference, expected.sum(axis=0), variance


def _hypergeometric(share: FloatArray, deaths: FloatArray, risk: FloatArray, score_weight: FloatArray) -> FloatArray:
    scale = np.divide(score_weight**2 * deaths * (risk - deaths), risk - 1, out=np.zeros(len(risk)), where=risk > 1)
    return np.asarray(np.diag(scale @ share) - (share * scale[:, np.newaxis]).T @ share)


def _robust(
    share: FloatArray,
    deaths: FloatArray,
    risk: FloatArray,
    score_weight: FloatArray,
    row: IntArray,
    codes: IntArray,
    events: BoolArray,
    weight: FloatArray,
) -> FloatArray:
    """Return the sum of outer products of the weighted score residuals, shape (k, k)."""
    hazard = score_weight * np.divide(deaths, risk, out=np.zeros(len(risk)), where=deaths > 0)
    own = np.zeros((len(row), share.shape[1]))
    own[np.arange(len(row)), codes] = 1.0
    compensator = own * np.cumsum(hazard)[row, np.newaxis] - np.cumsum(hazard[:, np.newaxis] * share, axis=0)[row]
    jump = (events * score_weight[row])[:, np.newaxis] * (own - share[row])
    residual = weight[:, np.newaxis] * (jump - compensator)
    return np.asarray(residual.T @ residual)
