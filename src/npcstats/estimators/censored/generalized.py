"""A logistic model of repeated yes or no, by generalized estimating equations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from npcstats.choices import check_choice
from npcstats.errors import DataError
from npcstats.estimators.censored.large import normal_contrast
from npcstats.estimators.checks import check_binary, check_labels, check_probability
from npcstats.estimators.orthonormal import OwnColumns, orthonormal_columns
from npcstats.estimators.threads import one_thread
from npcstats.estimators.types import Contrast, DesignMatrix, FloatArray, IntArray
from npcstats.estimators.weighting.logistic import climb_likelihood, has_maximum

DetectionVariance = Literal["robust", "mancl-derouen"]
DETECTION_VARIANCES: Final[tuple[DetectionVariance, ...]] = ("robust", "mancl-derouen")
_STEPS: Final = 100
_DONE: Final = 1e-12

ONE_OUTCOME = "All outcomes are the same."
SEPARATED = "The design tells some outcomes apart without error, so that an odds ratio has no finite estimate."
WANDERS = f"The estimating equations were not solved in {_STEPS} steps."
SATURATED = "A participant alone determines some coefficient, so that the variance of Mancl and DeRouen is not defined."
_SATURATED = 1e-6
TOO_FEW = "There are no more values than coefficients."


@dataclass(frozen=True, eq=False)
class Gee:
    """A fitted marginal logistic model; all numbers are NaN where it did not converge.

    Attributes
    ----------
    converged : bool
        Whether the estimating equations were solved.
    note : str
        Why not; empty otherwise.
    names : tuple of str, length k
        Columns of the design.
    aliased : tuple of str
        Those that depend on earlier ones.
    coef, std_error : float array, shape (k,)
        Log odds ratios, and robust standard errors; NaN where aliased.
    correlation : float
        Working correlation of two outcomes of a participant.
    n_obs, n_subjects : int
        Outcomes, and participants.
    conf_level : float in (0, 1)
        Of the limits of contrasts.
    own, gamma, gamma_vcov, model_vcov
        Way to orthonormal columns, their coefficients, and the covariance of these, robust and by the model; for
        contrasts.
    """

    converged: bool
    note: str
    names: tuple[str, ...]
    aliased: tuple[str, ...]
    coef: FloatArray
    std_error: FloatArray
    correlation: float
    n_obs: int
    n_subjects: int
    conf_level: float
    own: OwnColumns | None
    gamma: FloatArray
    gamma_vcov: FloatArray
    model_vcov: FloatArray

    def contrast(self, combination: npt.ArrayLike) -> Contrast:
        """Estimate a combination of coefficients.

        Parameters
        ----------
        combination : array_like of float, shape (k,) or (1, k)
            Weights of the coefficients.

        Returns
        -------
        Contrast
            Log odds, or log odds ratio, with normal limits.
        """
        return normal_contrast(
            combination,
            self.own,
            self.gamma,
            self.gamma_vcov,
            self.model_vcov,
            k=len(self.names),
            conf_level=self.conf_level,
            note=self.note,
        )


@one_thread
def fit_gee_logistic(
    y: npt.ArrayLike,
    design: DesignMatrix,
    subject: npt.ArrayLike,
    *,
    variance: DetectionVariance,
    conf_level: float,
) -> Gee:
    """Fit a marginal logistic model whose outcomes of a participant are exchangeable.

    Parameters
    ----------
    y : array_like of bool or of 0 and 1, shape (n,)
        Outcome.
    design : DesignMatrix, shape (n, k)
        Design, with an intercept where one is wanted.
    subject : array_like of labels, shape (n,)
        Participant of each row.
    variance : {"robust", "mancl-derouen"}
        The sandwich as it is, or with residuals divided by one minus their leverage, which few participants require.
    conf_level : float in (0, 1)
        Of the limits of contrasts.

    Returns
    -------
    Gee
        The model; not converged, with NaN and the reason, where an odds ratio has no finite estimate.

    Raises
    ------
    DataError
        If a value is missing or shapes differ.
    SpecError
        If `variance` is not allowed.

    Notes
    -----
    *Convention.* Dispersion and correlation are moments of Pearson residuals, both less the number of coefficients, as
    PROC GENMOD and R ``gee``. Limits are normal.
    *Verified* against statsmodels, against R, and by hand where all participants have one outcome.

    References
    ----------
    Liang KY, Zeger SL. Biometrika 1986;73:13. doi:10.1093/biomet/73.1.13
    Mancl LA, DeRouen TA. Biometrics 2001;57:126. doi:10.1111/j.0006-341X.2001.00126.x
    """
    check_choice(variance, "variance", DETECTION_VARIANCES)
    level = check_probability(conf_level, "conf_level")
    outcome = check_binary(y, "y").astype(float)
    n = len(outcome)
    if not isinstance(design, DesignMatrix) or len(design.values) != n or not n or not design.names:
        raise DataError(
            "design: a DesignMatrix of a row for each of at least one value of y, and a column, is required."
        )
    who = check_labels(subject, "subject", length=n)[1]
    columns, own = orthonormal_columns(np.asarray(design.values))
    order = np.argsort(who, kind="stable")
    starts = np.flatnonzero(np.diff(who[order], prepend=-1))
    found = _solve(outcome[order], columns[order], starts, who[order], variance)
    if isinstance(found, str):
        nan, nothing = np.full(len(design.names), np.nan), np.zeros(0)
        return Gee(
            False,
            found,
            design.names,
            (),
            nan,
            nan,
            np.nan,
            n,
            len(starts),
            level,
            None,
            nothing,
            np.zeros((0, 0)),
            np.zeros((0, 0)),
        )
    gamma, vcov, model_vcov, correlation = found
    coef = np.full(len(design.names), np.nan)
    coef[own.kept] = own.coefficients(gamma)
    return Gee(
        converged=True,
        note="",
        names=design.names,
        aliased=tuple(design.names[j] for j in own.aliased),
        coef=coef,
        std_error=np.sqrt(np.maximum(np.diag(own.spread(vcov)), 0.0)),
        correlation=correlation,
        n_obs=n,
        n_subjects=len(starts),
        conf_level=level,
        own=own,
        gamma=gamma,
        gamma_vcov=vcov,
        model_vcov=model_vcov,
    )


def _solve(
    y: FloatArray, x: FloatArray, starts: IntArray, of_row: IntArray, variance: DetectionVariance
) -> tuple[FloatArray, FloatArray, FloatArray, float] | str:
    """Coefficients, their covariance, that by the model and the correlation, of rows sorted by participant."""
    n, p = x.shape
    if (y == y[0]).all():
        return ONE_OUTCOME
    if n <= p:
        return TOO_FEW
    ones = np.ones(n)
    climb = climb_likelihood(x, y, ones, steps=_STEPS)
    if not has_maximum(climb, x, y, ones):
        return SEPARATED
    gamma, sizes = climb.coef, np.diff(starts, append=n).astype(float)
    for _ in range(_STEPS):
        mean = special.expit(x @ gamma)
        root = np.sqrt(mean * (1 - mean))
        residual = (y - mean) / root
        correlation = _correlation(residual, starts, sizes, p)
        rows = x * root[:, None]
        bread, score = _weighted(rows, residual, starts, sizes, of_row, correlation)
        step = np.linalg.solve(bread, score)
        gamma = gamma + step
        if not np.isfinite(gamma).all() or np.abs(x @ gamma).max() > 500:
            return SEPARATED
        if float(score @ step) < _DONE:
            break
    else:
        return WANDERS
    inverse: FloatArray = np.asarray(np.linalg.inv(bread), dtype=float)
    pulled = _scores(rows, residual, starts, sizes, of_row, correlation, inverse if variance != "robust" else None)
    if pulled is None:
        return SATURATED
    return gamma, inverse @ (pulled.T @ pulled) @ inverse, inverse, correlation


def _correlation(residual: FloatArray, starts: IntArray, sizes: FloatArray, p: int) -> float:
    n, pairs = len(residual), float((sizes * (sizes - 1)).sum()) / 2
    if pairs <= p:
        return 0.0
    square = np.add.reduceat(residual**2, starts)
    crossed = float((np.add.reduceat(residual, starts) ** 2 - square).sum()) / 2
    found = crossed / (pairs - p) / (float(square.sum()) / (n - p))
    return min(max(found, -0.99 / max(float(sizes.max()) - 1, 1.0)), 0.99)


def _weighted(
    rows: FloatArray, residual: FloatArray, starts: IntArray, sizes: FloatArray, of_row: IntArray, correlation: float
) -> tuple[FloatArray, FloatArray]:
    scale = 1 / (1 - correlation)
    shared = correlation * scale / (1 + (sizes - 1) * correlation)
    sums = np.add.reduceat(rows, starts)
    total = np.add.reduceat(residual, starts)
    bread = scale * rows.T @ rows - (sums * shared[:, None]).T @ sums
    score = scale * rows.T @ residual - sums.T @ (shared * total)
    return bread, score


def _scores(
    rows: FloatArray,
    residual: FloatArray,
    starts: IntArray,
    sizes: FloatArray,
    of_row: IntArray,
    correlation: float,
    inverse: FloatArray | None,
) -> FloatArray | None:
    """Each participant's score; residuals divided by one minus their leverage where the inverse is given.

    None where a participant alone determines a combination of coefficients, so that nothing is left of one minus it.
    """
    pulled = np.zeros((len(starts), rows.shape[1]))
    for i, (start, size) in enumerate(zip(starts, sizes.astype(int), strict=True)):
        own = rows[start : start + size]
        working = (1 - correlation) * np.eye(size) + correlation
        weighted = np.linalg.solve(working, own)
        rest = residual[start : start + size]
        if inverse is not None:
            left = np.eye(size) - own @ inverse @ weighted.T
            if np.linalg.svd(left, compute_uv=False)[-1] < _SATURATED:
                return None
            rest = np.asarray(np.linalg.solve(left, rest), dtype=float)
        pulled[i] = weighted.T @ rest
    return pulled
