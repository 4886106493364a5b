"""Beta-product limits of a Kaplan-Meier curve, which exist before the first event and where the curve is 0."""

from __future__ import annotations

import numpy as np
from scipy import special

from npcstats.estimators.timetoevent.samples import Sample
from npcstats.estimators.types import FloatArray


def beta_product_limits(sample: Sample, conf_level: float) -> tuple[FloatArray, FloatArray]:
    """Return limits just after each time: quantiles of a product of beta variates, itself taken for a beta variate.

    The upper limit's product has one variate for each time with events; the lower limit's has one more, for an event
    that may follow at once among those still at risk.

    Parameters
    ----------
    sample : Sample
        The grid; everyone of weight 1 and at risk from the start.
    conf_level : float in (0, 1)
        Confidence level.

    Returns
    -------
    lower, upper : ndarray of float, shape (k,)
        Defined everywhere.

    References
    ----------
    Fay MP, Brittain EH, Proschan MA. Biostatistics 2013;14:723. doi:10.1093/biostatistics/kxt016
    """
    tail = (1 - conf_level) / 2
    without = sample.at_risk - sample.events + 1
    log_mean = np.cumsum(np.where(sample.events > 0, np.log(without / (without + sample.events)), 0.0))
    log_spread = np.cumsum(np.log1p(sample.events / (without * (without + sample.events + 1))))
    remaining = np.append(sample.at_risk[1:], 0.0)
    upper = _beta_quantile(1 - tail, log_mean, log_spread)
    with np.errstate(divide="ignore"):
        lower = _beta_quantile(
            tail,
            log_mean + np.log(remaining / (remaining + 1)),
            log_spread + np.where(remaining > 0, np.log1p(1 / (np.maximum(remaining, 1) * (remaining + 2))), 0.0),
        )
    return lower, upper


def _beta_quantile(p: float, log_mean: FloatArray, log_spread: FloatArray) -> FloatArray:
    """Quantile of the beta variate whose mean is m and whose second moment is m² exp(log_spread)."""
    mean = np.exp(log_mean)
    variance_share = np.expm1(log_spread)  # variance over squared mean
    spread = np.divide(1 - mean * np.exp(log_spread), mean * variance_share, out=np.zeros(len(mean)),
                       where=(mean > 0) & (variance_share > 0))  # fmt: skip
    found = special.betaincinv(np.maximum(mean * spread, 1e-300), np.maximum((1 - mean) * spread, 1e-300), p)
    return np.where(spread > 0, found, mean)
