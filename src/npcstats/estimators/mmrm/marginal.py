"""Means over participants of what a mixed model predicts: standardization, also called G-computation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array
from npcstats.estimators.distributions import t_quantile, t_upper
from npcstats.estimators.mmrm.fitted import Mmrm
from npcstats.estimators.types import Contrast


def standardize_mmrm(fit: Mmrm, rows: npt.ArrayLike) -> Contrast:
    """Average predictions over participants, whose covariates are a sample too.

    Parameters
    ----------
    fit : Mmrm
        A fitted model.
    rows : array_like of float, shape (m, k)
        Design of each participant at a visit as if in one arm; or that in one arm minus that in another.

    Returns
    -------
    Contrast
        Mean prediction, or mean difference. Its variance is the model's plus the variance of the predictions over m.

    Raises
    ------
    DataError
        If there are fewer than two rows, or not a column for each coefficient.

    Notes
    -----
    *Convention.* The variance of predictions has denominator m - 1. Degrees of freedom are those of the mean row.
    Where no covariate interacts with the arm the second part of a difference is 0.
    *Verified* by hand, by simulation, and against the formula in the documentation of mmrm 0.3.18.

    References
    ----------
    Wang B, et al. J Am Stat Assoc 2023;118:1152. doi:10.1080/01621459.2021.1981338
    """
    values = check_array(rows, "rows", ndim=2)
    if len(values) < 2 or values.shape[1] != len(fit.names):
        raise DataError(f"rows: have shape {values.shape}; two or more, of {len(fit.names)} columns, are required.")
    found = fit.contrast(values.mean(axis=0))
    assert isinstance(found, Contrast)
    if not np.isfinite(found.std_error):
        return found
    predicted = values @ np.nan_to_num(fit.coef)
    error = float(np.sqrt(found.std_error**2 + predicted.var(ddof=1) / len(values)))
    half = t_quantile((1 - fit.conf_level) / 2, found.df) * error
    statistic = found.estimate / error
    return replace(
        found,
        std_error=error,
        statistic=statistic,
        p_value=2 * t_upper(abs(statistic), found.df),
        lower=found.estimate - half,
        upper=found.estimate + half,
    )
