"""Probabilities of counts, each to nearly all digits however small it is."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from npcstats.estimators.types import FloatArray


def binomial_probabilities(size: int, rate: float) -> FloatArray:
    """Probabilities of every count of events.

    Parameters
    ----------
    size : int
        Participants, 0 or more.
    rate : float in [0, 1]
        Of the event.

    Returns
    -------
    float array, shape (size + 1,)
        Of 0 to `size` events.
    """
    counts = np.arange(size + 1.0)
    ways = gammaln(size + 1.0) - gammaln(counts + 1.0) - gammaln(size - counts + 1.0)
    return np.asarray(np.exp(ways + xlogy(counts, rate) + xlog1py(size - counts, -rate)))


def at_least(size: int, rate: float) -> FloatArray:
    """Probabilities of at least so many events.

    Parameters
    ----------
    size : int
        Participants, 0 or more.
    rate : float in [0, 1]
        Of the event.

    Returns
    -------
    float array, shape (size + 2,)
        Of at least 0 to at least ``size + 1`` events; the last is 0.
    """
    return np.append(np.cumsum(binomial_probabilities(size, rate)[::-1])[::-1], 0.0)
