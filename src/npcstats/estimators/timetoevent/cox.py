"""Cox's proportional hazards model: ties, strata, delayed entry, weights, clusters, and what to do under separation."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.estimators.checks import check_choice, check_labels, check_probability, check_weights
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.firth import (
    PenalizedMaximum,
    maximize_penalized,
    penalize,
    profile_coefficient,
    profile_direction,
)
from npcstats.estimators.timetoevent.fitted import (
    NO_COVARIATES,
    NO_EVENTS,
    NOT_CONVERGED,
    NOTHING_LEFT,
    check_design,
    check_vector,
    likelihood_ratio_test,
    no_coefficients,
    no_test,
    normal_contrast,
    normal_estimates,
    place_coefficients,
    quadratic_test,
    sandwich,
    sum_by_cluster,
)
from npcstats.estimators.timetoevent.maximum import (
    Columns,
    Maximum,
    drop_shared,
    maximize_likelihood,
    solve_positive,
    standardize_columns,
)
from npcstats.estimators.timetoevent.partial_likelihood import (
    RiskSets,
    information_matrix,
    make_risk_sets,
    score_residuals,
    take_moments,
)
from npcstats.estimators.timetoevent.proportional_hazards import (
    ProportionalHazards,
    check_proportional_hazards,
    no_proportional_hazards,
)
from npcstats.estimators.timetoevent.samples import (
    NO_PARTICIPANTS,
    BoolArray,
    FloatArray,
    IntArray,
    check_survival,
)
from npcstats.estimators.types import Contrast, DesignMatrix, Interval, Test

TIES = ("efron", "breslow")

# log hazard ratio between two participants beyond which double precision no longer tells the penalty's maximum
_LARGEST_SPREAD = 50.0
NOT_WITH_PENALTY = "Proportional hazards are not tested with Firth's penalization."
PENALIZED = "Limits and p-value are from the profile of the penalized likelihood."


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
    _sample: _Sample = field(repr=False)
    _solution: _Solution | None = field(repr=False)

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
        check_choice(name, "name", self.names)
        j = self.names.index(name)
        ratio, lower, upper = self.hazard_ratio[j], self.hazard_ratio_lower[j], self.hazard_ratio_upper[j]
        note = self.notes[j] or self.note
        return Interval(float(ratio), float(lower), float(upper), self.conf_level, self.method, note)

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


@dataclass(frozen=True, eq=False)
class _Sample:
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
class _Solution:
    """Risk sets, columns and the maximum, on the scale of the columns."""

    sets: RiskSets
    columns: Columns
    maximum: Maximum
    penalized: PenalizedMaximum | None

    @property
    def hazard(self) -> FloatArray:
        """Hazard of each term, relative to the row with the largest risk in the stratum, shape (q,)."""
        return (self.maximum if self.penalized is None else self.penalized.point).moments.hazard


@one_thread
def fit_cox(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    design: DesignMatrix,
    *,
    entry: npt.ArrayLike | None = None,
    ties: str,
    strata: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    conf_level: float,
) -> Cox:
    """Fit Cox's proportional hazards model.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time at which the row ends, with the event or censored.
    event : array_like of bool or of 0 and 1, shape (n,)
        1 for an event, 0 for censoring.
    design : DesignMatrix, shape (n, k)
        Covariates; no column of ones is needed.
    entry : array_like of float >= 0, shape (n,), or None
        Time at which the row begins: delayed entry, or one of several rows of a participant whose covariates
        change. A row is at risk from just after `entry` up to `time`.
    ties : {"efron", "breslow"}
        How tied events share a denominator.
    strata : array_like of labels, shape (n,), or None
        Stratum of each row, with a baseline hazard of its own.
    weights : array_like of float >= 0, shape (n,), or None
        Case weights; None counts every row once. A row of weight 0 is left out.
    cluster : array_like of labels, shape (n,), or None
        Participant, or other unit, of each row; the robust variance takes these for independent.
    conf_level : float in (0, 1)
        Confidence level of the limits.

    Returns
    -------
    Cox
        Coefficients with their covariance, limits and tests. What cannot be estimated is NaN, with a note.

    Raises
    ------
    DataError
        If a value is missing, infinite or negative, an entry is not before its time, an event is not 0 or 1,
        `design` is no DesignMatrix, or lengths differ.
    SpecError
        If `ties` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Times that differ by rounding are ties, as in R. The variance is robust (infinitesimal jackknife)
    where there are clusters, or a weight that is not a whole number; whole weights count participants, as R does
    it. Without `cluster` each row is its own. A column that is constant, does not differ among those at risk
    together, or is a combination of columns before it, has no coefficient. Columns are centered and scaled before
    the fit, which the results do not show.

    *Separation.* Where the likelihood has no maximum, because some combination of the columns orders the events
    before all others at risk (a group without events, for example), the partial likelihood is penalized by Firth's
    method: coefficients and loglik are penalized, the covariance is the inverse of the information at these
    coefficients, limits and p-values come from the profile, and `note` says so. It is found by linear programming,
    not from the size of a coefficient. Where the variance would be robust there is no such method: the
    coefficients are NaN.

    *Verified* against R ``survival::coxph`` (coefficients, both variances, log likelihoods, tests) on data with
    ties, strata, delayed entry, covariates that change, weights and clusters; the penalized fit against the
    likelihood written from its definition and maximized by R's ``optim``, and in closed form.

    References
    ----------
    Efron B. J Am Stat Assoc 1977;72:557. doi:10.1080/01621459.1977.10480613
    Lin DY, Wei LJ. J Am Stat Assoc 1989;84:1074. doi:10.1080/01621459.1989.10478874
    Heinze G, Schemper M. Biometrics 2001;57:114. doi:10.1111/j.0006-341X.2001.00114.x
    """
    sample = _check_sample(time, event, design, entry, strata, weights, cluster)
    check_choice(ties, "ties", TIES)
    conf_level = check_probability(conf_level, "conf_level")
    frame = _Frame(sample, ties, conf_level)
    if not len(sample.times):
        return frame.refuse(NO_PARTICIPANTS)
    if not sample.events.any():
        return frame.refuse(NO_EVENTS)

    sets = make_risk_sets(sample.times, sample.events, sample.entries, sample.stratum, sample.weights, ties)
    columns = standardize_columns(design.values, sample.rows[sets.source], sets.stratum)
    at_null = take_moments(sets, columns.values, np.zeros(len(sets.source)))
    columns = drop_shared(columns, information_matrix(sets, columns.values, at_null), sets.dead_weight.sum())
    maximum = maximize_likelihood(sets, columns.values)
    return _build(frame, sets, columns, maximum)


def _check_sample(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    design: DesignMatrix,
    entry: npt.ArrayLike | None,
    strata: npt.ArrayLike | None,
    weights: npt.ArrayLike | None,
    cluster: npt.ArrayLike | None,
) -> _Sample:
    times, events, entries = check_survival(time, event, entry)
    n = len(times)
    weight = np.ones(n) if weights is None else check_weights(weights, "weights", length=n)
    stratum = np.zeros(n, dtype=np.intp) if strata is None else check_labels(strata, "strata", length=n)[1]
    units = None if cluster is None else check_labels(cluster, "cluster", length=n)[1]
    rows = np.flatnonzero(weight > 0)
    return _Sample(
        times=times[rows],
        events=events[rows],
        entries=None if entries is None else entries[rows],
        stratum=stratum[rows],
        weights=weight[rows],
        cluster=None if units is None else units[rows],
        rows=rows,
        design=check_design(design, n),
        stratified=strata is not None,
        robust=cluster is not None or bool((weight != np.floor(weight)).any()),
    )


@dataclass(frozen=True, eq=False)
class _Frame:
    """What a fit says of itself whatever becomes of it."""

    sample: _Sample
    ties: str
    conf_level: float

    def build(self, fields: dict[str, Any], penalized: bool = False) -> Cox:
        sample = self.sample
        parts = ["stratified cox" if sample.stratified else "cox", f"{self.ties} ties"]
        if sample.entries is not None:
            parts.append("delayed entry")
        if penalized:
            parts.append("firth penalization, profile limits")
        if sample.robust:
            parts.append("robust variance" if sample.cluster is None else "robust variance by cluster")
        return Cox(
            names=sample.design.names,
            n=len(sample.times),
            n_events=int(np.count_nonzero(sample.events)),
            ties=self.ties,
            penalized=penalized,
            conf_level=self.conf_level,
            method=", ".join(parts),
            _sample=sample,
            **fields,
        )

    def refuse(
        self,
        note: str,
        *,
        reasons: tuple[str, ...] | None = None,
        maximum: Maximum | None = None,
        tests: dict[str, Test] | None = None,
    ) -> Cox:
        """Return the model of which no coefficient can be estimated."""
        names = {
            "likelihood_ratio_test": "likelihood ratio",
            "wald_test": "wald",
            "score_test": "score",
            "robust_score_test": "robust score",
        }
        return self.build(
            {
                **no_coefficients(reasons or ("",) * len(self.sample.design.names), note),
                "loglik": math.nan,
                "loglik_null": math.nan if maximum is None else maximum.loglik_null,
                **{field_: no_test(name, note) for field_, name in names.items()},
                **(tests or {}),
                "iterations": 0 if maximum is None else maximum.iterations,
                "converged": False,
                "note": note,
                "_solution": None,
            }
        )


def _build(frame: _Frame, sets: RiskSets, columns: Columns, maximum: Maximum) -> Cox:
    """Choose between the likelihood and the penalized one."""
    sample = frame.sample
    tests = {
        "score_test": quadratic_test(maximum.score_null, maximum.information_null, "score"),
        "robust_score_test": _robust_score_test(sample, sets, columns, maximum),
    }
    if maximum.separation is not None:
        where = [sample.design.names[j] for j in columns.kept[maximum.separation != 0]]
        monotone = f"The likelihood has no maximum: it increases without end along {', '.join(where)}."
        if sample.robust:
            note = f"{monotone} Firth's penalization has no robust variance, so nothing is estimated."
            return frame.refuse(note, reasons=columns.reasons, maximum=maximum, tests=tests)
        return _build_penalized(frame, sets, columns, maximum, monotone, tests)
    model = solve_positive(maximum.information, np.eye(len(columns.kept)))
    if not maximum.converged or model is None:
        return frame.refuse(NOT_CONVERGED, reasons=columns.reasons, maximum=maximum, tests=tests)
    covariance = model
    if sample.robust:
        residuals = score_residuals(sets, columns.values, maximum.moments)
        covariance = sandwich(_by_cluster(sample, sets, residuals) @ model, model)
    estimates = normal_estimates(maximum.coef, covariance, frame.conf_level)
    k = len(columns.kept)
    return frame.build(
        {
            **place_coefficients(columns, maximum.coef, covariance, model, estimates),
            "loglik": maximum.loglik,
            "loglik_null": maximum.loglik_null,
            "likelihood_ratio_test": likelihood_ratio_test(maximum.loglik, maximum.loglik_null, k, "likelihood ratio"),
            "wald_test": quadratic_test(maximum.coef, covariance, "wald"),
            **tests,
            "iterations": maximum.iterations,
            "converged": True,
            "note": "" if k else (NOTHING_LEFT if sample.design.names else NO_COVARIATES),
            "_solution": _Solution(sets, columns, maximum, None),
        }
    )


def _build_penalized(
    frame: _Frame, sets: RiskSets, columns: Columns, maximum: Maximum, monotone: str, tests: dict[str, Test]
) -> Cox:
    best, k = maximize_penalized(sets, columns.values), len(columns.kept)
    model = solve_positive(best.point.information, np.eye(k))
    spread = float(np.ptp(columns.values @ best.point.coef)) if k else 0.0
    if not best.converged or model is None or spread > _LARGEST_SPREAD:
        note = f"{monotone} Nor is Firth's penalized likelihood maximized at a credible value, so nothing is estimated."
        return frame.refuse(note, reasons=columns.reasons, maximum=maximum, tests=tests)
    profiles = [profile_coefficient(sets, columns.values, best, place, frame.conf_level) for place in range(k)]
    statistic = best.point.coef / np.sqrt(np.diag(model))
    p_value, lower, upper = (np.array([getattr(p, name) for p in profiles]) for name in ("p_value", "lower", "upper"))
    size = float(np.log(columns.scale).sum())  # the penalty on the scale of the design
    loglik, loglik_null = (v + size for v in (best.point.value, penalize(sets, columns.values, np.zeros(k)).value))
    note = f"{monotone} Firth's penalization was used; limits and p-values are from the penalized likelihood's profile."
    if not np.isfinite([lower, upper]).all():
        note += " The profile was not followed to every limit."
    return frame.build(
        {
            **place_coefficients(columns, best.point.coef, model, model, (statistic, p_value, lower, upper)),
            "loglik": loglik,
            "loglik_null": loglik_null,
            "likelihood_ratio_test": likelihood_ratio_test(loglik, loglik_null, k, "penalized likelihood ratio"),
            "wald_test": quadratic_test(best.point.coef, model, "wald"),
            **tests,
            "iterations": best.iterations,
            "converged": True,
            "note": note,
            "_solution": _Solution(sets, columns, maximum, best),
        },
        penalized=True,
    )


def _by_cluster(sample: _Sample, sets: RiskSets, residuals: FloatArray) -> FloatArray:
    """Sum residuals of the rows at risk by cluster, shape (c, k)."""
    return sum_by_cluster(residuals, None if sample.cluster is None else sample.cluster[sets.source])


def _robust_score_test(sample: _Sample, sets: RiskSets, columns: Columns, maximum: Maximum) -> Test:
    if not sample.robust:
        return no_test("robust score", "The variance is the model's.")
    at_null = take_moments(sets, columns.values, np.zeros(len(sets.source)))
    parts = _by_cluster(sample, sets, score_residuals(sets, columns.values, at_null))
    return quadratic_test(maximum.score_null, parts.T @ parts, "robust score")
