"""Combinations of coefficients with their normal limits, as models fitted by large-sample theory share them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array
from npcstats.estimators.distributions import normal_quantile
from npcstats.estimators.orthonormal import OwnColumns
from npcstats.estimators.types import Contrast, FloatArray

_ROUNDING = 1e-12
NOT_ESTIMABLE = "Not estimable: the design does not determine this combination of coefficients."


def normal_contrast(
    combination: npt.ArrayLike,
    own: OwnColumns | None,
    gamma: FloatArray,
    vcov: FloatArray,
    model_vcov: FloatArray,
    *,
    k: int,
    conf_level: float,
    note: str,
) -> Contrast:
    """Estimate one combination of coefficients.

    Parameters
    ----------
    combination : array_like of float, shape (k,) or (1, k)
        Weights of the coefficients.
    own : OwnColumns or None
        Way to the orthonormal columns; None where there is no model.
    gamma : float array, shape (p,)
        Coefficients of the orthonormal columns.
    vcov : float array, shape (p, p)
        Their covariance.
    model_vcov : float array, shape (p, p)
        The same by the model, of which a robust one that is a tiny share is rounding.
    k : int
        Columns of the design.
    conf_level : float in (0, 1)
        Of the limits.
    note : str
        Why there is no model.

    Returns
    -------
    Contrast
        With infinite degrees of freedom.

    Raises
    ------
    DataError
        If there is not a weight for each coefficient.
    """
    row = check_array(np.atleast_2d(np.asarray(combination, dtype=float)), "combination", ndim=2)
    if row.shape != (1, k):
        raise DataError(f"combination: has shape {row.shape}; {k} weights, one of each coefficient, required.")
    turned = None if own is None else own.turn(row)
    nan = float("nan")
    if turned is None:
        return Contrast(nan, nan, nan, nan, nan, nan, nan, note or NOT_ESTIMABLE)
    estimate = float(turned[0] @ gamma)
    variance = float(turned[0] @ vcov @ turned[0])
    error = float(np.sqrt(variance)) if variance > _ROUNDING * float(turned[0] @ model_vcov @ turned[0]) else 0.0
    if not error > 0:
        return Contrast(estimate, error, np.inf, nan, nan, nan, nan, "The standard error is 0.")
    half = normal_quantile((1 - conf_level) / 2) * error
    statistic = estimate / error
    return Contrast(
        estimate, error, np.inf, statistic, 2 * float(special.ndtr(-abs(statistic))), estimate - half, estimate + half
    )
