"""A fitted Cox model and what is read from it: hazard ratios, contrasts, tests, hazards."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.firth import PenalizedMaximum, profile_direction
from npcstats.estimators.timetoevent.fitted import check_vector, normal_contrast, ratio_interval
from npcstats.estimators.timetoevent.maximum import Columns, Maximum
from npcstats.estimators.timetoevent.proportional_hazards import (
    ProportionalHazards,
    check_proportional_hazards,
    no_proportional_hazards,
)
from npcstats.estimators.timetoevent.risk_sets import RiskSets
from npcstats.estimators.types import BoolArray, Contrast, DesignMatrix, FloatArray, IntArray, Interval, Test

NOT_WITH_PENALTY = "Proportional hazards are not tested with Firth's penalization."
PENALIZED = "Limits and p-value are from the profile of the penalized likelihood."


@dataclass(frozen=True, eq=False)
class CoxSample:
    """What was given, checked; rows of weight 0 left out of all but the design."""

    times: FloatArray  # (n,)
    events: BoolArray  # (n,)
    entries: FloatArray | None  # (n,)
    stratum: IntArray  # (n,)
    weights: FloatArray  # (n,)
    cluster: IntArray | None  # (n,)
    rows: IntArray  # (n,) their places among the N given
    design: DesignMatrix  # (N, k)
    stratified: bool
    robust: bool


@dataclass(frozen=True, eq=False)
class CoxSolution:
    """Risk sets, columns and the maximum, on the scale of the columns."""

    sets: RiskSets
    columns: Columns
    maximum: Maximum
    penalized: PenalizedMaximum | None

    @property
    def hazard(self) -> FloatArray:
        """Hazard of each term, relative to the row with the largest risk in the stratum.

        Returns
        -------
        ndarray of float, shape (q,)
            Of the penalized likelihood, where it is penalized.
        """
        return (self.maximum if self.penalized is None else self.penalized.point).moments.hazard


@dataclass(frozen=True, eq=False)
class BaselineHazard:
    """Cumulative hazard at given covariates, one row for each event time of each stratum.

    Attributes
    ----------
    time : ndarray of float, shape (m,)
        Distinct event times of each stratum, increasing within it.
    cumulative_hazard : ndarray of float, shape (m,)
        Cumulative hazard just after each.
    stratum : ndarray of int, shape (m,)
        Place of the stratum among the sorted labels.
    note : str
        Why something is NaN; empty otherwise.
    """

    time: FloatArray
    cumulative_hazard: FloatArray
    stratum: IntArray
    note: str = ""


@dataclass(frozen=True, eq=False)
class Cox:
    """A fitted proportional hazards model.

    Attributes
    ----------
    names : tuple of str, length k
        Columns of the design.
    coef, std_error : ndarray of float, shape (k,)
        Log hazard ratios for one unit of each column, and their standard errors; NaN where `notes` says why.
    statistic, p_value : ndarray of float, shape (k,)
        Coefficient over standard error and the two-sided p-value of its normal test; with Firth's penalization the
        p-value is that of the penalized likelihood ratio test.
    lower, upper : ndarray of float, shape (k,)
        Confidence limits of the coefficients.
    hazard_ratio, hazard_ratio_lower, hazard_ratio_upper : ndarray of float, shape (k,)
        Hazard ratios for one unit, with limits.
    notes : tuple of str, length k
        Why a coefficient is NaN; empty otherwise.
    vcov : ndarray of float, shape (k, k)
        Covariance of the coefficients: robust where the method says so, else `model_vcov`.
    model_vcov : ndarray of float, shape (k, k)
        Inverse of the information.
    loglik, loglik_null : float
        Log partial likelihood at the coefficients and where all are 0, weighted; with Firth's penalization both are
        penalized.
    likelihood_ratio_test, wald_test, score_test, robust_score_test : Test
        Tests that all coefficients are 0. The Wald test takes `vcov`; likelihood ratio and score take rows for
        independent and weights for counts; the robust score test is NaN where the variance is the model's.
    n, n_events : int
        Rows of positive weight, and how many of them end in the event.
    iterations : int
        Steps taken.
    converged : bool
        Whether the likelihood was maximized.
    ties : {"efron", "breslow"}
        How ties were handled.
    penalized : bool
        Whether Firth's penalization was used.
    conf_level : float in (0, 1)
        Confidence level.
    method : str
        What was fitted, in words.
    note : str
        Why something is NaN, or why the likelihood was penalized; empty otherwise. To be printed.
    """

    names: tuple[str, ...]
    coef: FloatArray
    std_error: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    lower: FloatArray
    upper: FloatArray
    hazard_ratio: FloatArray
    hazard_ratio_lower: FloatArray
    hazard_ratio_upper: FloatArray
    notes: tuple[str, ...]
    vcov: FloatArray
    model_vcov: FloatArray
    loglik: float
    loglik_null: float
    likelihood_ratio_test: Test
    wald_test: Test
    score_test: Test
    robust_score_test: Test
    n: int
    n_events: int
    iterations: int
    converged: bool
    ties: str
    penalized: bool
    conf_level: float
    method: str
    note: str
    _sample: CoxSample = field(repr=False)
    _solution: CoxSolution | None = field(repr=False)

    @property
    def is_robust(self) -> bool:
        """Tell whether the variance allows for clusters or fractional weights.

        Returns
        -------
        bool
            True where it is the infinitesimal jackknife's.
        """
        return self._sample.robust

    def is_fitted_to_rows_of(self, other: Cox) -> bool:
        """Tell whether another model was fitted to the same rows in the same way.

        Parameters
        ----------
        other : Cox
            A fitted model.

        Returns
        -------
        bool
            True where times, events, entries, strata, weights and the handling of ties are the same.
        """
        mine, theirs = self._sample, other._sample
        if (mine.entries is None) != (theirs.entries is None):
            return False
        names = ("times", "events", "stratum", "weights", *(("entries",) if mine.entries is not None else ()))
        return self.ties == other.ties and all(
            np.array_equal(getattr(mine, name), getattr(theirs, name)) for name in names
        )

    @property
    @one_thread
    def linear_predictor(self) -> FloatArray:
        """Return the log relative hazard of each row given.

        Returns
        -------
        ndarray of float, shape (n,)
            Against covariates that are all 0; a column without coefficient counts 0.
        """
        return np.asarray(self._sample.design.values @ np.nan_to_num(self.coef))

    def interval(self, name: str) -> Interval:
        """Return one hazard ratio with its limits.

        Parameters
        ----------
        name : str
            Column of the design.

        Returns
        -------
        Interval
            Hazard ratio for one unit.

        Raises
        ------
        SpecError
            If there is no such column.
        """
        ratios = (self.hazard_ratio, self.hazard_ratio_lower, self.hazard_ratio_upper)
        return ratio_interval(name, self.names, ratios, self.notes, self.note, self.conf_level, self.method)

    @one_thread
    def contrast(self, L: npt.ArrayLike) -> Contrast:
        """Estimate a linear combination of the coefficients.

        Parameters
        ----------
        L : array_like of float, shape (k,)
            Weight of each coefficient.

        Returns
        -------
        Contrast
            On the scale of log hazard ratios, with a normal test; with Firth's penalization limits and p-value are
            from the profile of the combination. NaN where a coefficient that counts is NaN.

        Raises
        ------
        DataError
            If `L` is not one finite number for each column.
        """
        weights = check_vector(L, "L", len(self.names))
        plain = normal_contrast(weights, self.coef, self.vcov, self.notes, self.note, self.conf_level)
        if math.isnan(plain.estimate) or self._solution is None or self._solution.penalized is None:
            return plain
        columns, penalized = self._solution.columns, self._solution.penalized
        along = weights[columns.kept] / columns.scale
        size = float(np.abs(along).max())
        profile = profile_direction(self._solution.sets, columns.values, penalized, along / size, self.conf_level)
        return dataclasses.replace(
            plain, p_value=profile.p_value, lower=profile.lower * size, upper=profile.upper * size, note=PENALIZED
        )

    @one_thread
    def ph_test(self, transform: str = "km") -> ProportionalHazards:
        """Test whether hazards are proportional.

        Parameters
        ----------
        transform : {"km", "rank", "identity", "log"}
            Scale of time on which a coefficient may have a trend; ``km`` is 1 less the Kaplan-Meier curve.

        Returns
        -------
        ProportionalHazards
            The test of all columns together, of each, and scaled Schoenfeld residuals.

        Raises
        ------
        SpecError
            If `transform` is not allowed.

        Notes
        -----
        *Convention.* The score test of a product of the column and transformed time, in the model with all columns:
        not the correlation of residuals with time. The information is the model's; weights enter it, clusters do
        not. Not defined with Firth's penalization.

        *Verified* against R ``survival::cox.zph(terms = FALSE)``, version 3.5, all four transforms, with ties,
        strata, delayed entry and weights. Tied events in one stratum are in the order of the rows.

        References
        ----------
        Grambsch PM, Therneau TM. Biometrika 1994;81:515. doi:10.1093/biomet/81.3.515
        """
        solution, sample = self._solution, self._sample
        if solution is None or not len(solution.columns.kept):
            return no_proportional_hazards(self.names, transform, self.note)
        if solution.penalized is not None:
            return no_proportional_hazards(self.names, transform, NOT_WITH_PENALTY)
        return check_proportional_hazards(
            self.names,
            sample.design.values[sample.rows],
            (sample.times, sample.events, sample.entries, sample.stratum),
            solution.sets,
            solution.columns,
            solution.maximum,
            transform,
        )

    @one_thread
    def cumulative_hazard(self, at: npt.ArrayLike) -> BaselineHazard:
        """Estimate the cumulative hazard at given covariates.

        Parameters
        ----------
        at : array_like of float, shape (k,)
            Value of each column; zeros give the baseline hazard.

        Returns
        -------
        BaselineHazard
            By Breslow's estimator, or by Efron's where ties are.

        Raises
        ------
        DataError
            If `at` is not one finite number for each column.

        Notes
        -----
        *Verified* against R ``survival::basehaz(fit, newdata)``.

        References
        ----------
        Breslow N. Biometrics 1974;30:89. doi:10.2307/2529620
        """
        point = check_vector(at, "at", len(self.names))
        solution = self._solution
        if solution is None:
            nothing = np.empty(0)
            return BaselineHazard(nothing, nothing, np.empty(0, dtype=np.intp), self.note)
        sets, hazard = solution.sets, solution.hazard
        # relative to the row with the largest risk in the stratum, which has relative risk 1
        predictor = self.linear_predictor[self._sample.rows[sets.source]]
        top = np.full(int(sets.stratum.max()) + 1, -np.inf)
        np.maximum.at(top, sets.stratum, predictor)
        with np.errstate(over="ignore"):
            factor = np.exp(point @ np.nan_to_num(self.coef) - top[sets.cell_stratum])
        steps = sets.sum_terms(hazard) * factor
        total = np.empty(len(steps))
        for begin, end in zip(sets.forward[:-1], sets.forward[1:], strict=True):
            total[begin:end] = np.cumsum(steps[begin:end])
        return BaselineHazard(sets.cell_time, total, sets.cell_stratum)
