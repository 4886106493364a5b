"""Repeated significance tests of a rate: boundaries of a power family that hold an error over all looks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from npcstats.errors import SpecError
from npcstats.estimators.checks import check_probability
from npcstats.estimators.toxicity_rules.binomial import at_least
from npcstats.estimators.toxicity_rules.characteristics import enumerate_rule
from npcstats.estimators.toxicity_rules.rule import ToxicityRule, check_looks
from npcstats.estimators.types import IntArray

_HALVINGS = 60


def repeated_test_rule(looks: npt.ArrayLike, *, limit: float, alpha: float, shape: float) -> ToxicityRule:
    """Find counts that stop with at most a given probability where the rate is still acceptable.

    Parameters
    ----------
    looks : int array_like, shape (k,)
        Participants observed at each look; increasing.
    limit : float in (0, 1)
        Rate that is still acceptable.
    alpha : float in (0, 0.5)
        Largest probability of ever stopping at that rate.
    shape : float in [0, 0.5]
        Of the boundary: 0.5 is Pocock's, with one nominal level at all looks, 0 that of O'Brien and Fleming.

    Returns
    -------
    ToxicityRule
        The looks and their limits; where none can be reached at a look, one more than its participants.

    Raises
    ------
    DataError
        If looks do not increase.
    SpecError
        If an option is out of range.

    Notes
    -----
    The nominal level of a look with ``n`` of ``N`` participants is ``Phi(z (n / N) ** (shape - 1/2))``; a look stops
    at the smallest count that is at least so rare by the exact binomial distribution. Of all levels the largest is
    taken whose rule stops with a probability of at most `alpha` (Ivanova, Qaqish and Schell 2005,
    doi:10.1111/j.1541-0420.2005.00331.x). This is `toxbdry` of R's clinfun, ``delta = 1/2 - shape``, priority ``null``,
    whose counts are those that may be reached, one less.
    """
    n = check_looks(looks)
    check_probability(limit, "limit")
    if not 0 < alpha < 0.5:
        raise SpecError(f"alpha: is {alpha}; between 0 and 0.5 is required.")
    if not 0 <= shape <= 0.5:
        raise SpecError(f"shape: is {shape}; from 0 to 0.5 is required.")
    rarities = [at_least(total, limit) for total in n.tolist()]
    form = (n / n[-1]) ** (shape - 0.5)
    low, high = float(ndtri(alpha / (10.0 * n[-1]))), float(ndtri(alpha))
    best = _rule(n, rarities, low * form)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        tried = _rule(n, rarities, middle * form)
        if enumerate_rule(tried, limit).stop <= alpha:
            low, best = middle, tried
        else:
            high = middle
    return best


def _rule(n: IntArray, rarities: list[npt.NDArray[np.float64]], z: npt.NDArray[np.float64]) -> ToxicityRule:
    levels = ndtr(z)
    limits = [int((rare <= level).argmax()) for rare, level in zip(rarities, levels, strict=True)]
    return ToxicityRule(n, np.array(limits, dtype=np.intp))
