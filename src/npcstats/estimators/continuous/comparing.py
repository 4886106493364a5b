"""Tests of whether groups differ in a variable: of means, ranks, counts by category and trends; and their multiplicity.

Each test is one convention, named with its correction; none is chosen by looking at the data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.choices import check_choice
from npcstats.errors import DataError
from npcstats.estimators.checks import check_array
from npcstats.estimators.continuous.means import compare_means
from npcstats.estimators.distributions import normal_upper
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import FloatArray, Test

VALUE_TESTS = ("t", "welch", "anova", "wilcoxon", "wilcoxon-corrected", "kruskal-wallis")
COUNT_TESTS = ("chi-square", "chi-square-corrected", "fisher", "cochran-armitage", "wilcoxon", "wilcoxon-corrected",
               "kruskal-wallis")  # fmt: skip
TWO_GROUPS = ("t", "welch", "wilcoxon", "wilcoxon-corrected", "chi-square-corrected", "fisher", "cochran-armitage")
"""Tests that are of two groups; the others are of two or more."""
MULTIPLICITY = ("none", "holm", "benjamini-hochberg")
_EMPTY = "A group has no values."
_ALIKE = "All values are equal."
_ONE_CATEGORY = "Everybody is in the same category."
_ROUNDING = 1 + 1e-7
"""Tables whose probability is that of the one observed but for rounding count as as extreme, as in R."""


@one_thread
def compare_values(groups: Sequence[npt.ArrayLike], *, method: str) -> Test:
    """Test whether groups differ in a continuous variable.

    Parameters
    ----------
    groups : sequence of array_like of float, each of shape (n_i,)
        Values of each group, none missing; two groups or more.
    method : {"t", "welch", "anova", "wilcoxon", "wilcoxon-corrected", "kruskal-wallis"}
        Student's t test with one common variance; Welch's; analysis of variance; the rank sum test by the normal
        approximation without and with continuity correction of 0.5, its variance corrected for ties; Kruskal and
        Wallis' test, corrected for ties.

    Returns
    -------
    Test
        Two-sided. With an empty group, or no variance, all is NaN and `note` says why.

    Raises
    ------
    DataError
        If a value is missing or infinite, or the groups are fewer or more than `method` compares.
    SpecError
        If `method` is not allowed.

    Notes
    -----
    *Convention.* The statistic of the analysis of variance is F, whose second degrees of freedom are n less the
    number of groups; that of the rank sum test is z, positive where the first group has the larger values.

    *Verified* against R ``t.test``, ``aov``, ``wilcox.test(exact = FALSE)`` and ``kruskal.test``.

    References
    ----------
    Kruskal WH, Wallis WA. J Am Stat Assoc 1952;47:583. doi:10.1080/01621459.1952.10483441
    """
    check_choice(method, "method", VALUE_TESTS)
    values = [np.sort(check_array(group, f"groups[{i}]")) for i, group in enumerate(groups)]
    _check_groups(len(values), method)
    if not all(map(len, values)):
        return _none(method, _EMPTY)
    if method in ("t", "welch"):
        made = compare_means(*values, method="pooled" if method == "t" else "welch", conf_level=0.95)
        return Test(made.statistic, made.df, made.p_value, method, made.note)
    if min(group[0] for group in values) == max(group[-1] for group in values):
        return _none(method, _ALIKE)
    if method == "anova":
        return _analysis_of_variance(values)
    pooled, places, ties = np.unique(np.concatenate(values), return_inverse=True, return_counts=True)
    edges = np.cumsum([len(group) for group in values])[:-1]
    counts = np.array([np.bincount(part, minlength=len(pooled)) for part in np.split(places.reshape(-1), edges)])
    return _rank_test(counts.astype(np.float64), ties.astype(np.float64), method)


@one_thread
def compare_counts(counts: npt.ArrayLike, *, method: str) -> Test:
    """Test whether groups differ in a categorical variable.

    Parameters
    ----------
    counts : array_like of int >= 0, shape (groups, k)
        Participants of each group in each category; categories in their order where `method` has a use for it.
    method : {"chi-square", "chi-square-corrected", "fisher", "cochran-armitage", "wilcoxon", "wilcoxon-corrected", \
"kruskal-wallis"}
        Pearson's test; the same of two groups and two categories with Yates' correction; Fisher's exact test of two
        groups and two categories; the trend test of Cochran and Armitage over scores 1 to k, without correction; tests
        of ranks, whose ties are the categories.

    Returns
    -------
    Test
        Two-sided. With an empty group, or one category, all is NaN and `note` says why.

    Raises
    ------
    DataError
        If a count is no whole number of 0 or more, or the groups or categories are not those that `method` compares.
    SpecError
        If `method` is not allowed.

    Notes
    -----
    *Convention.* A category that nobody has counts for nothing, but keeps its place in the scores. Fisher's p-value
    is the sum of the probabilities of all tables that are no more probable than the one observed. Yates' correction is
    0.5, or the difference itself where that is smaller. The trend test's variance has divisor n.

    *Verified* against R ``chisq.test``, ``fisher.test``, ``prop.trend.test``, ``wilcox.test(exact = FALSE)`` and
    ``kruskal.test``.

    References
    ----------
    Armitage P. Biometrics 1955;11:375. doi:10.2307/3001775
    Yates F. J R Stat Soc Suppl 1934;1:217. doi:10.2307/2983604
    """
    check_choice(method, "method", COUNT_TESTS)
    table = check_array(counts, "counts", ndim=2, minimum=0.0)
    if (table != np.floor(table)).any():
        raise DataError("counts: has fractions; whole numbers of participants are required.")
    _check_groups(len(table), method)
    if method in ("fisher", "chi-square-corrected") and table.shape[1] != 2:
        raise DataError(f"counts: has {table.shape[1]} categories; {method} compares 2.")
    if not table.sum(axis=1).all():
        return _none(method, _EMPTY)
    seen = table.sum(axis=0) > 0
    if seen.sum() < 2:
        return _none(method, _ONE_CATEGORY)
    if method in ("wilcoxon", "wilcoxon-corrected", "kruskal-wallis"):
        return _rank_test(table[:, seen], table[:, seen].sum(axis=0), method)
    return _OF_COUNTS[method](table if method == "cochran-armitage" else table[:, seen])


def adjust_p_values(p_values: npt.ArrayLike, *, method: str) -> FloatArray:
    """Adjust p-values for how many there are.

    Parameters
    ----------
    p_values : array_like of float in [0, 1], shape (n,)
        One for each hypothesis; NaN where there is no test.
    method : {"none", "holm", "benjamini-hochberg"}
        As they are; Holm's steps down, which hold the family-wise error; Benjamini and Hochberg's steps up, which hold
        the false discovery rate of independent tests.

    Returns
    -------
    ndarray of float, shape (n,)
        In the same order, none above 1; NaN where there is no test.

    Raises
    ------
    DataError
        If a value is not a probability, nor NaN.
    SpecError
        If `method` is not allowed.

    Notes
    -----
    *Convention.* A hypothesis without a test is not counted among those that there are.

    *Verified* against R ``p.adjust``.

    References
    ----------
    Holm S. Scand J Stat 1979;6:65.
    Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289. doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    check_choice(method, "method", MULTIPLICITY)
    raw = np.atleast_1d(np.asanyarray(p_values))
    tested = np.asarray(raw == raw, dtype=np.bool_)
    given = check_array(raw[tested], "p_values", minimum=0.0)
    if (given > 1).any():
        raise DataError("p_values: has values above 1; probabilities are required.")
    adjusted = np.full(len(raw), math.nan)
    adjusted[tested] = _adjusted(given, method)
    return adjusted


def _adjusted(given: FloatArray, method: str) -> FloatArray:
    m = len(given)
    if method == "none" or m == 0:
        return given
    order = np.argsort(given, kind="stable")
    ranked, steps = given[order], np.arange(1, m + 1)
    if method == "holm":
        stepped = np.maximum.accumulate((m - steps + 1) * ranked)
    else:
        stepped = np.minimum.accumulate((m / steps * ranked)[::-1])[::-1]
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def _check_groups(number: int, method: str) -> None:
    if number < 2 or (method in TWO_GROUPS and number != 2):
        raise DataError(f"groups: are {number}; {method} compares {'2' if method in TWO_GROUPS else '2 or more'}.")


def _none(method: str, note: str) -> Test:
    return Test(math.nan, math.nan, math.nan, method, note)


def _analysis_of_variance(groups: list[FloatArray]) -> Test:
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    means = np.array([group.mean() for group in groups])
    within = sum(float(((group - mean) ** 2).sum()) for group, mean in zip(groups, means, strict=True))
    if all(group[0] == group[-1] for group in groups):
        return _none("anova", "All values within each group are equal.")
    df, residual = len(groups) - 1, float(sizes.sum()) - len(groups)
    between = float(sizes @ (means - sizes @ means / sizes.sum()) ** 2)
    statistic = (between / df) / (within / residual)
    return Test(statistic, float(df), float(special.fdtrc(df, residual, statistic)), "anova")


def _rank_test(counts: FloatArray, ties: FloatArray, method: str) -> Test:
    """Test of ranks from the counts of each group, shape (groups, k), at k distinct values in order."""
    sizes, total = counts.sum(axis=1), float(ties.sum())
    ranks = np.cumsum(ties) - (ties - 1) / 2
    excess = counts @ ranks - sizes * (total + 1) / 2
    shrunk = 1 - float((ties**3 - ties).sum()) / (total**3 - total)
    if method == "kruskal-wallis":
        statistic = 12 / (total * (total + 1)) * float((excess**2 / sizes).sum()) / shrunk
        df = len(sizes) - 1
        return Test(statistic, float(df), float(special.chdtrc(df, statistic)), method)
    correction = math.copysign(min(0.5, abs(excess[0])), excess[0]) if method == "wilcoxon-corrected" else 0.0
    statistic = float(excess[0] - correction) / math.sqrt(sizes.prod() * (total + 1) / 12 * shrunk)
    return Test(statistic, math.nan, min(2 * normal_upper(abs(statistic)), 1.0), method)


def _pearson(table: FloatArray, correction: float = 0.0) -> Test:
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    apart = np.abs(table - expected)
    statistic = float(((apart - min(correction, float(apart.min()))) ** 2 / expected).sum())
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    return Test(
        statistic,
        float(df),
        float(special.chdtrc(df, statistic)),
        "chi-square-corrected" if correction else "chi-square",
    )


def _fisher(table: FloatArray) -> Test:
    row, column, total = float(table[0].sum()), float(table[:, 0].sum()), float(table.sum())
    possible = np.arange(max(0.0, row + column - total), min(row, column) + 1)
    logs = _log_choose(column, possible) + _log_choose(total - column, row - possible) - _log_choose(total, row)
    observed = logs[int(table[0, 0] - possible[0])]
    p_value = float(np.exp(logs[logs <= observed + math.log(_ROUNDING)]).sum())
    return Test(math.nan, math.nan, min(p_value, 1.0), "fisher")


def _log_choose(of: float, some: Any) -> Any:
    return special.gammaln(of + 1) - special.gammaln(some + 1) - special.gammaln(of - some + 1)


def _trend(table: FloatArray) -> Test:
    """Cochran and Armitage's test of a trend in the share of the first group over the categories."""
    scores, ties = np.arange(1.0, table.shape[1] + 1), table.sum(axis=0)
    total, share = float(ties.sum()), float(table[0].sum() / ties.sum())
    excess = float(scores @ (table[0] - ties * share))
    spread = float(ties @ scores**2 - (ties @ scores) ** 2 / total)
    statistic = excess**2 / (share * (1 - share) * spread)
    return Test(statistic, 1.0, float(special.chdtrc(1, statistic)), "cochran-armitage")


_OF_COUNTS: dict[str, Callable[[FloatArray], Test]] = {
    "chi-square": _pearson,
    "chi-square-corrected": lambda table: _pearson(table, 0.5),
    "fisher": _fisher,
    "cochran-armitage": _trend,
}
