"""Two Cox models of the same rows, one inside the other."""

from __future__ import annotations

import math

import numpy as np

from npcstats.errors import SpecError
from npcstats.estimators.distributions import chi_square_upper
from npcstats.estimators.timetoevent.cox import Cox
from npcstats.estimators.types import Test

_PENALIZED = "A likelihood has no maximum and was penalized, so the models are not compared."


def compare_nested(larger: Cox, smaller: Cox) -> Test:
    """Compare two models of the same rows, one of which has further columns, by the likelihood ratio.

    Parameters
    ----------
    larger, smaller : Cox
        Fitted to the same rows, strata and weights; the columns of `smaller` are among those of `larger`.

    Returns
    -------
    Test
        Chi-squared with as many degrees of freedom as `larger` has more coefficients; NaN with a note where a model is
        not fitted or is penalized, or there is no further coefficient.

    Raises
    ------
    SpecError
        If the models are not of the same rows, strata, weights and ties, or their columns are not nested; or a variance
        is robust, which a likelihood ratio does not know.

    Notes
    -----
    *Verified* against R ``anova`` of two ``coxph`` fits.
    """
    if not set(smaller.names) <= set(larger.names) or not larger.is_fitted_to_rows_of(smaller):
        raise SpecError(
            "models: not nested, or of other rows; two fits to the same rows, one with more columns, are required."
        )
    if larger.is_robust or smaller.is_robust:
        raise SpecError("models: with clusters or fractional weights; a likelihood ratio requires independent rows.")
    method = "likelihood ratio"
    if larger.penalized or smaller.penalized:
        return Test(math.nan, math.nan, math.nan, method, _PENALIZED)
    df = int(np.isfinite(larger.coef).sum() - np.isfinite(smaller.coef).sum())
    statistic = max(2 * (larger.loglik - smaller.loglik), 0.0)
    if math.isnan(statistic):
        return Test(math.nan, math.nan, math.nan, method, larger.note or smaller.note)
    if df < 1:
        return Test(math.nan, math.nan, math.nan, method, "The larger model has no further coefficient.")
    return Test(statistic, float(df), chi_square_upper(statistic, df), method)
