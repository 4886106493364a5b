"""The variance of a Kaplan-Meier curve and of the area under it: Greenwood's, or the infinitesimal jackknife's."""

from __future__ import annotations

import numpy as np

from npcstats.estimators.timetoevent.samples import RISK_TOLERANCE, Sample, sum_by
from npcstats.estimators.types import FloatArray


def _greenwood_terms(sample: Sample) -> FloatArray:
    """Return d / (n (n - d)), infinite where all at risk have the event, shape (k,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = sample.events / (sample.at_risk * (sample.at_risk - sample.events))
    return np.where(sample.events > 0, terms, 0.0)


def variance_of_log_survival(sample: Sample) -> FloatArray:
    """Return the variance of the logarithm of a curve: Greenwood's, or with weights the infinitesimal jackknife's.

    Parameters
    ----------
    sample : Sample
        The grid and the participants on it.

    Returns
    -------
    ndarray of float, shape (k,)
        At each time; infinite or NaN where survival is 0.
    """
    if not sample.weighted:
        return np.cumsum(_greenwood_terms(sample))
    hazard_sum, at_exit = _influence(sample, np.ones(len(sample.time)))
    squared = sample.weight**2
    at_entry = np.concatenate([[0.0], hazard_sum])[sample.first_row]
    size = len(sample.time) + 1

    def _active(values: FloatArray) -> FloatArray:
        change = sum_by(sample.first_row, values, size) - sum_by(sample.row, values, size)
        return np.cumsum(change)[:-1]

    gone = np.cumsum(sum_by(sample.row, squared * at_exit**2, size))[:-1]
    present = (
        hazard_sum**2 * _active(squared) - 2 * hazard_sum * _active(squared * at_entry) + _active(squared * at_entry**2)
    )
    return np.maximum(gone + present, 0.0)


def variance_of_area(sample: Sample, remaining: FloatArray) -> float:
    """Return the variance of the area under a curve.

    Parameters
    ----------
    sample : Sample
        The grid and the participants on it.
    remaining : ndarray of float, shape (k,)
        Area to the right of each time.

    Returns
    -------
    float
        Greenwood's variance, or with weights the infinitesimal jackknife's, integrated.
    """
    if not sample.weighted:
        terms = np.where(remaining > 0, _greenwood_terms(sample), 0.0)
        return float(np.sum(remaining**2 * terms))
    _, at_exit = _influence(sample, remaining)
    return float(np.sum((sample.weight * at_exit) ** 2))


def _influence(sample: Sample, factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return sums of factor * dLambda / (n - d) up to each row, (k,), and each one's influence, (n,)."""
    survivors = sample.at_risk - sample.events
    usable = (sample.events > 0) & (survivors > RISK_TOLERANCE * sample.at_risk) & (factor > 0)
    share = np.divide(factor, survivors, out=np.zeros(len(factor)), where=usable)
    hazard = np.divide(sample.events, sample.at_risk, out=np.zeros(len(factor)), where=usable)
    total = np.cumsum(share * hazard)
    at_entry = np.concatenate([[0.0], total])[sample.first_row]
    return total, total[sample.row] - at_entry - sample.event * share[sample.row]
