"""Beta-binomial monitoring: how sure one is that a rate exceeds a limit, and the counts at which one is sure enough."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaincc

from npcstats.errors import SpecError
from npcstats.estimators.checks import check_all_counts, check_probability
from npcstats.estimators.toxicity_rules.rule import ToxicityRule, check_looks
from npcstats.estimators.types import FloatArray


def posterior_exceeds(
    count: npt.ArrayLike, total: npt.ArrayLike, *, limit: float, prior: tuple[float, float]
) -> FloatArray:
    """Find the posterior probability that a rate exceeds a limit.

    Parameters
    ----------
    count, total : int array_like, shape (k,)
        Participants with the event, and all of them.
    limit : float in (0, 1)
        Rate that is still acceptable.
    prior : (float, float)
        Parameters of the beta prior, above 0.

    Returns
    -------
    float array, shape (k,)
        ``P(p > limit | count, total)``.

    Raises
    ------
    DataError
        If counts are not whole numbers from 0 to their totals.
    SpecError
        If the limit or the prior is out of range.

    Notes
    -----
    The posterior is ``Beta(a + count, b + total - count)`` (Thall and Simon 1994, doi:10.2307/2533377; Geller et al.
    2003, doi:10.1016/S0197-2456(02)00317-9).
    """
    x, n = check_all_counts(count, total)
    check_probability(limit, "limit")
    first, second = _check_prior(prior)
    return np.asarray(betaincc(first + x, second + n - x, limit))


def beta_binomial_rule(
    looks: npt.ArrayLike, *, limit: float, prior: tuple[float, float], threshold: float
) -> ToxicityRule:
    """Find the smallest counts at which a rate exceeds a limit with a posterior probability.

    Parameters
    ----------
    looks : int array_like, shape (k,)
        Participants observed at each look; increasing.
    limit : float in (0, 1)
        Rate that is still acceptable.
    prior : (float, float)
        Parameters of the beta prior, above 0.
    threshold : float in (0, 1)
        Posterior probability at or above which a look stops.

    Returns
    -------
    ToxicityRule
        The looks and their limits.

    Raises
    ------
    DataError
        If looks do not increase.
    SpecError
        If an option is out of range.
    """
    n = check_looks(looks)
    check_probability(threshold, "threshold")
    limits = []
    for total in n.tolist():
        counts = np.arange(total + 1)
        sure = posterior_exceeds(counts, np.full(total + 1, total), limit=limit, prior=prior) >= threshold
        limits.append(int(sure.argmax()) if sure.any() else total + 1)
    return ToxicityRule(n, np.array(limits, dtype=np.intp))


def _check_prior(prior: tuple[float, float]) -> tuple[float, float]:
    first, second = prior
    if not (0 < first < np.inf and 0 < second < np.inf):
        raise SpecError(f"prior: is {prior}; two numbers above 0 are required.")
    return first, second
