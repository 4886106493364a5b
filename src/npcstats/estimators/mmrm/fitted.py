"""A fitted mixed model for repeated measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.errors import DataError
from npcstats.estimators.checks import check_array
from npcstats.estimators.distributions import t_quantile, t_upper
from npcstats.estimators.mmrm.freedom import (
    KENWARD_ROGER,
    Freedom,
    Joint,
    Spread,
    joint_satterthwaite,
    kenward_roger,
    satterthwaite,
)
from npcstats.estimators.mmrm.likelihood import Model
from npcstats.estimators.mmrm.optimum import Maximum
from npcstats.estimators.mmrm.robust import Sandwich, robust_df
from npcstats.estimators.mmrm.sample import Basis
from npcstats.estimators.types import Contrast, FloatArray

NOT_ESTIMABLE = "Not estimable: the design does not determine this combination of coefficients."
_ROUNDING = 1e-24
"""A robust variance that is a smaller share of the model's is 0: nobody's residual speaks of the combination."""
_NEGATIVE = "The adjusted variance is negative: there are too few data for it."
_NO_FREEDOM = "No degrees of freedom are left for this combination."
_ONE_PARTICIPANT = "There is one participant: a variance robust by participant requires two or more."
_SAME = 1e-8
_LEAST_DF = 1e-6
"""Degrees of freedom below this are rounding."""


@dataclass(frozen=True)
class JointTest:
    """A test that several combinations of coefficients are 0.

    Attributes
    ----------
    statistic : float
        F, scaled where the method scales it; NaN where it is undefined.
    df_numerator, df : float
        Degrees of freedom of numerator and denominator.
    p_value : float in [0, 1]
        Probability of a larger F.
    note : str
        Why something is NaN; empty otherwise.
    """

    statistic: float
    df_numerator: float
    df: float
    p_value: float
    note: str = ""


@dataclass(frozen=True, eq=False)
class Precision:
    """What standard errors and degrees of freedom of combinations come from, in the orthonormal basis.

    Attributes
    ----------
    basis : Basis
        Way to the design's own columns.
    gamma : float array, shape (p,)
        Coefficients.
    vcov : float array, shape (p, p)
        Their covariance, as reported.
    spread : Spread
        For degrees of freedom.
    sandwich : Sandwich or None
        Of a robust covariance.
    column_df : float array, shape (p,)
        Of each column kept, for between-within and residual degrees of freedom.
    model : Model
        What was fitted.
    found : Maximum
        Of its likelihood.
    """

    basis: Basis
    gamma: FloatArray
    vcov: FloatArray
    spread: Spread
    sandwich: Sandwich | None
    column_df: FloatArray
    model: Model
    found: Maximum


@dataclass(frozen=True, eq=False)
class Mmrm:
    """A fitted mixed model for repeated measures; all numbers are NaN where it did not converge.

    Attributes
    ----------
    converged : bool
        Whether the likelihood has a maximum that was reached.
    note : str
        Why not; empty otherwise.
    names : tuple of str, length k
        Columns of the design.
    aliased : tuple of str
        Those that depend on earlier ones; their coefficients are NaN.
    coef, std_error : float array, shape (k,)
        Coefficients, in the outcome's unit over the column's, and standard errors.
    vcov : float array, shape (k, k)
        Covariance of the coefficients as reported: adjusted by Kenward and Roger, or robust, where asked for.
    model_vcov : float array, shape (k, k)
        Model-based covariance, as if the covariance of the outcome were known.
    covariance : float array, shape (g, v, v)
        Covariance of the outcome at the visits, by group; NaN for a structure by times, which has no visits.
    theta : float array, shape (r,)
        Parameters of the covariance, as PROC MIXED lists them, group by group.
    theta_names : tuple of str, length r
        Their names.
    theta_vcov : float array, shape (r, r)
        Their covariance, from the observed second derivatives.
    visits, groups : tuple
        Labels in sorted order.
    structure, df_method, variance : str
        As asked for.
    reml : bool
        Whether the likelihood is the restricted one.
    loglik, criterion : float
        Logarithm of the (restricted) likelihood, and minus twice it, as PROC MIXED has it.
    steps : int
        Steps to the maximum.
    gradient : float
        g' H^-1 g there.
    n_obs, n_subjects : int
        Observations and participants with a weight above 0.
    fitted, residuals : float array, shape (n,)
        In the order given, also of observations of weight 0.
    conf_level : float in (0, 1)
        Of the limits of contrasts.
    precision : Precision or None
        For contrasts.
    """

    converged: bool
    note: str
    names: tuple[str, ...]
    aliased: tuple[str, ...]
    coef: FloatArray
    std_error: FloatArray
    vcov: FloatArray
    model_vcov: FloatArray
    covariance: FloatArray
    theta: FloatArray
    theta_names: tuple[str, ...]
    theta_vcov: FloatArray
    visits: tuple[Any, ...]
    groups: tuple[Any, ...]
    structure: str
    df_method: Freedom
    variance: str
    reml: bool
    loglik: float
    criterion: float
    steps: int
    gradient: float
    n_obs: int
    n_subjects: int
    fitted: FloatArray
    residuals: FloatArray
    conf_level: float
    precision: Precision | None

    def contrast(self, combination: npt.ArrayLike) -> Contrast | JointTest:
        """Estimate a combination of coefficients, or test several together.

        Parameters
        ----------
        combination : array_like of float, shape (k,), (1, k) or (q, k)
            Weights of the coefficients.

        Returns
        -------
        Contrast or JointTest
            Of one row an estimate with its t limits, of several an F test that all are 0.

        Raises
        ------
        DataError
            If it has not a column for each coefficient.
        """
        rows = check_array(np.atleast_2d(np.asarray(combination, dtype=float)), "combination", ndim=2)
        if rows.shape[1] != len(self.names) or not len(rows):
            raise DataError(
                f"combination: has shape {rows.shape}; {len(self.names)} columns, one of each coefficient, required."
            )
        own = None if self.precision is None else self.precision.basis.own.turn(rows)
        if len(rows) == 1:
            return self._one(rows[0], own)
        return self._several(rows, own)

    def _one(self, row: FloatArray, own: FloatArray | None) -> Contrast:
        nan = float("nan")
        if own is None or self.precision is None:
            return Contrast(nan, nan, nan, nan, nan, nan, nan, self.note or NOT_ESTIMABLE)
        precision, basis = self.precision, self.precision.basis
        estimate = float(own[0] @ precision.gamma * basis.scale + row[basis.own.kept] @ basis.offset)
        variance = float(own[0] @ precision.vcov @ own[0])
        if precision.sandwich is not None and variance < _ROUNDING * float(own[0] @ precision.spread.phi @ own[0]):
            variance = 0.0
        if variance < 0:
            return Contrast(estimate, nan, nan, nan, nan, nan, nan, _NEGATIVE)
        error = float(np.sqrt(variance)) * basis.scale
        if self._alone():
            return Contrast(estimate, nan, nan, nan, nan, nan, nan, _ONE_PARTICIPANT)
        df = self._df(own[0], row)
        if not df > _LEAST_DF:
            return Contrast(estimate, error, nan, nan, nan, nan, nan, _NO_FREEDOM)
        if not error > 0:
            return Contrast(estimate, error, df, nan, nan, nan, nan, "The standard error is 0.")
        half = t_quantile((1 - self.conf_level) / 2, df) * error
        statistic = estimate / error
        p_value = 2 * t_upper(abs(statistic), df)
        return Contrast(estimate, error, df, statistic, p_value, estimate - half, estimate + half)

    def _alone(self) -> bool:
        """Whether a robust variance is asked of one participant."""
        return self.variance != "model" and self.n_subjects == 1

    def _df(self, own: FloatArray, row: FloatArray) -> float:
        precision = self.precision
        assert precision is not None
        if self.df_method in ("between-within", "residual"):
            used = row[precision.basis.own.kept] != 0
            return float(precision.column_df[used].min()) if used.any() else float("nan")
        if precision.sandwich is not None:
            return robust_df(precision.sandwich, own)
        return satterthwaite(precision.spread, own)

    def _several(self, rows: FloatArray, own: FloatArray | None) -> JointTest:
        nan = float("nan")
        if own is None or self.precision is None:
            return JointTest(nan, nan, nan, nan, self.note or NOT_ESTIMABLE)
        precision, basis = self.precision, self.precision.basis
        covariance = own @ precision.vcov @ own.T
        varies = np.diag(covariance) > _ROUNDING * np.diag(own @ precision.spread.phi @ own.T)
        if self._alone() or not varies.any():
            return JointTest(nan, 0.0, nan, nan, _ONE_PARTICIPANT if self._alone() else "No combination varies.")
        rows, own, covariance = rows[varies], own[varies], covariance[np.ix_(varies, varies)]
        values = own @ precision.gamma * basis.scale + rows[:, basis.own.kept] @ basis.offset
        unit = np.sqrt(np.diag(covariance))
        spread, vectors = np.linalg.eigh(covariance / np.outer(unit, unit))  # rank does not depend on units
        known = spread > _SAME
        q = int(known.sum())
        at = vectors[:, known].T @ (values / unit)
        statistic = float((at**2 / spread[known]).sum()) / q / basis.scale**2
        if q == len(rows):
            turned = np.linalg.eigh(covariance)[1].T @ own  # as SAS and R turn independent rows
        else:
            turned = vectors[:, known].T @ (own / unit[:, None])
        joint = self._joint(turned, rows, q)
        if not joint.df > 0:
            return JointTest(nan, q, nan, nan, _NO_FREEDOM)
        f = joint.scale * statistic
        p_value = special.fdtrc(q, joint.df, f) if np.isfinite(joint.df) else special.chdtrc(q, q * f)
        return JointTest(f, q, joint.df, float(p_value))

    def _joint(self, turned: FloatArray, rows: FloatArray, q: int) -> Joint:
        precision = self.precision
        assert precision is not None
        if self.df_method in KENWARD_ROGER:
            return kenward_roger(precision.spread, turned)
        if self.df_method in ("between-within", "residual"):
            return Joint(1.0, min(self._df(turned[0], row) for row in rows if row.any()))
        return Joint(1.0, joint_satterthwaite(np.array([self._df(row, row) for row in turned])))
