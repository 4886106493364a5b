"""The Weibull distribution of largest likelihood, by lifelines, which takes a second to load."""

from __future__ import annotations

import warnings
from typing import NamedTuple

from lifelines import WeibullFitter
from lifelines.exceptions import ConvergenceError

from npcstats.estimators.types import FloatArray


class WeibullMaximum(NamedTuple):
    """Scale, shape, their covariance, and the logarithm of the likelihood."""

    scale: float
    shape: float
    vcov: FloatArray
    loglik: float


def climb_weibull(low: FloatArray, high: FloatArray) -> WeibullMaximum | None:
    """Find the maximum.

    Parameters
    ----------
    low, high : float array, shape (n,)
        Ends of intervals, near 1 in size; the later may be infinite.

    Returns
    -------
    WeibullMaximum or None
        None where none was found.
    """
    fitter = WeibullFitter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fitter.fit_interval_censoring(low, high)
    except (ArithmeticError, ConvergenceError, ValueError, Warning):
        return None
    vcov = fitter.variance_matrix_.to_numpy()
    return WeibullMaximum(float(fitter.lambda_), float(fitter.rho_), vcov, float(fitter.log_likelihood_))
