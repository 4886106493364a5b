"""Interval designs: rates beyond which a dose would be raised or lowered, used as lines of alert."""

from __future__ import annotations

import numpy as np

from npcstats.errors import SpecError
from npcstats.estimators.checks import check_probability


def boin_limits(target: float, *, low: float, high: float) -> tuple[float, float]:
    """Find the observed rates between which a dose stays.

    Parameters
    ----------
    target : float in (0, 1)
        Target rate of toxicity.
    low, high : float in (0, 1)
        Highest rate that calls for escalation, and lowest that calls for de-escalation; 0.6 and 1.4 times the target
        as the authors suggest.

    Returns
    -------
    (float, float)
        Limits of escalation and of de-escalation.

    Raises
    ------
    SpecError
        If not ``low < target < high``, between 0 and 1.

    Notes
    -----
    Bayesian optimal interval design (Liu and Yuan 2015, doi:10.1111/rssc.12089), the three hypotheses equally likely.
    """
    for name, rate in (("target", target), ("low", low), ("high", high)):
        check_probability(rate, name)
    if not low < target < high:
        raise SpecError(f"low, target, high: are {low}, {target}, {high}; increasing rates are required.")
    down = np.log((1 - low) / (1 - target)) / np.log(target * (1 - low) / (low * (1 - target)))
    up = np.log((1 - target) / (1 - high)) / np.log(high * (1 - target) / (target * (1 - high)))
    return float(down), float(up)
