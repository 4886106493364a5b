"""Rubin's rules: one estimate, with one error, from several completed data sets."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import check_probability
from npcstats.estimators.distributions import normal_quantile, normal_upper, t_quantile, t_upper
from npcstats.formatting import counted

ONE_ONLY = "One imputation says nothing of the variance between imputations."
NO_VARIANCE = "The variance is 0, so there are no confidence limits."
NO_DEGREES = "No variance within imputations is above 0, so there are no degrees of freedom."


@dataclass(frozen=True)
class Pooled:
    """An estimate pooled over imputations.

    Attributes
    ----------
    estimate, std_error : float
        Mean of the estimates, and its standard error.
    df : float
        Degrees of freedom of its t distribution; infinite for a normal one.
    statistic, p_value : float
        Test that the quantity is 0.
    lower, upper : float
        Two-sided confidence limits.
    within, between : float
        Mean of the variances, and variance of the estimates.
    increase : float
        Relative increase of the variance by what is missing.
    missing_information : float
        Fraction of the information that is missing.
    imputations : int
        Number of estimates.
    conf_level : float
        Confidence level of the limits.
    note : str
        Why something is NaN; empty otherwise.
    """

    estimate: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    lower: float
    upper: float
    within: float
    between: float
    increase: float
    missing_information: float
    imputations: int
    conf_level: float
    note: str = ""


def pool_imputations(
    estimates: npt.ArrayLike, variances: npt.ArrayLike, *, conf_level: float, complete_df: float
) -> Pooled:
    """Pool estimates over imputations by Rubin's rules.

    Parameters
    ----------
    estimates : array_like of float, shape (m,)
        Estimate from each completed data set, on a scale on which it is about normal (the logarithm of a ratio).
    variances : array_like of float >= 0, shape (m,)
        Its variance, the standard error squared.
    conf_level : float in (0, 1)
        Confidence level of the limits.
    complete_df : float > 0
        Degrees of freedom if nothing were missing; infinite where the inference is normal.

    Returns
    -------
    Pooled
        NaN with a `note` where an imputation has no estimate, or there is only one.

    Raises
    ------
    DataError
        If a variance is negative, nothing is given, or lengths differ.
    SpecError
        If `conf_level` or `complete_df` is not allowed.

    Notes
    -----
    *Formula.* With within-variance U and between-variance B of m imputations the variance is T = U + (1 + 1/m) B.
    Degrees of freedom are Barnard and Rubin's: with g = (1 + 1/m) B / T, ``1/(1/v1 + 1/v2)``, v1 = (m - 1)/g^2,
    v2 = (1 - g) c (c + 1)/(c + 3), c those of the complete data.

    *Verified* against R ``mice::pool.scalar``.

    References
    ----------
    Rubin DB. Multiple Imputation for Nonresponse in Surveys. Wiley 1987. doi:10.1002/9780470316696
    Barnard J, Rubin DB. Biometrika 1999;86:948. doi:10.1093/biomet/86.4.948
    """
    conf_level = check_probability(conf_level, "conf_level")
    if not complete_df > 0:
        raise SpecError(f"complete_df: is {complete_df!r}; a number above 0, or infinity, is required.")
    values, spreads = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if values.ndim != 1 or not len(values) or values.shape != spreads.shape:
        raise DataError(
            f"estimates, variances: have shapes {values.shape} and {spreads.shape}; one of each per imputation is "
            "required, and at least one imputation."
        )
    if (spreads < 0).any():
        raise DataError("variances: has values below 0; squared standard errors are required.")
    m = len(values)
    lacking = int(np.count_nonzero(~(np.isfinite(values) & np.isfinite(spreads))))
    if lacking:
        return _nothing(m, conf_level, f"There is no estimate in {lacking} of {counted(m, 'imputation')}.")
    if m == 1:
        return _nothing(m, conf_level, ONE_ONLY)
    return _pool(values, spreads, conf_level, complete_df)


def _nothing(m: int, conf_level: float, note: str) -> Pooled:
    return Pooled(*(math.nan,) * 11, m, conf_level, note)


def _pool(
    values: npt.NDArray[np.float64], spreads: npt.NDArray[np.float64], level: float, complete_df: float
) -> Pooled:
    m = len(values)
    # equal estimates have exactly no variance, whatever the rounding of their mean
    equal = bool((values == values[0]).all())
    estimate = float(values[0]) if equal else float(values.mean())
    within, between = float(spreads.mean()), 0.0 if equal else float(values.var(ddof=1))
    extra = (1 + 1 / m) * between
    total = within + extra
    if total == 0:
        return Pooled(estimate, 0.0, *(math.nan,) * 5, within, between, math.nan, math.nan, m, level, NO_VARIANCE)
    share = extra / total
    df = _degrees(share, m, complete_df)
    if df == 0:
        # the variances within are 0, and with them what the complete data would tell
        return Pooled(
            estimate, math.sqrt(total), df, *(math.nan,) * 4, within, between, math.inf, 1.0, m, level, NO_DEGREES
        )
    std_error = math.sqrt(total)
    statistic = estimate / std_error
    tail = (1 - level) / 2
    normal = math.isinf(df)
    reach = (normal_quantile(tail) if normal else t_quantile(tail, df)) * std_error
    p_value = 2 * (normal_upper(abs(statistic)) if normal else t_upper(abs(statistic), df))
    increase = extra / within if within > 0 else math.inf
    missing = share + (1 - share) * 2 / (df + 3)
    return Pooled(
        estimate,
        std_error,
        df,
        statistic,
        min(p_value, 1.0),
        estimate - reach,
        estimate + reach,
        within,
        between,
        increase,
        missing,
        m,
        level,
    )


def _degrees(share: float, m: int, complete_df: float) -> float:
    between = (m - 1) / share**2 if share > 0 else math.inf
    if math.isinf(complete_df):
        return between
    observed = (1 - share) * complete_df * (complete_df + 1) / (complete_df + 3)
    if observed == 0:
        return 0.0
    return 1 / (1 / between + 1 / observed)
