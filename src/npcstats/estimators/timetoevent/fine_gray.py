"""Fine and Gray's regression: proportional subdistribution hazards of one cause, with others competing."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.estimators.checks import check_array, check_labels, check_probability, check_weights
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.fitted import (
    NO_COVARIATES,
    NO_EVENTS,
    NOT_CONVERGED,
    NOTHING_LEFT,
    check_design,
    check_vector,
    likelihood_ratio_test,
    no_coefficients,
    no_maximum,
    no_test,
    normal_contrast,
    normal_estimates,
    place_coefficients,
    quadratic_test,
    ratio_interval,
    sandwich,
)
from npcstats.estimators.timetoevent.maximum import Columns, Maximum, fit_columns, solve_positive
from npcstats.estimators.timetoevent.partial_likelihood import score_residuals
from npcstats.estimators.timetoevent.risk_sets import Lasting, RiskSets, make_risk_sets
from npcstats.estimators.timetoevent.samples import (
    NO_PARTICIPANTS,
    check_cause,
    check_causes,
    join_ties,
    product_limit,
    sum_by,
    sum_from,
)
from npcstats.estimators.types import BoolArray, Contrast, DesignMatrix, FloatArray, IntArray, Interval, Test

_METHOD = "fine-gray, breslow ties"


@dataclass(frozen=True, eq=False)
class PredictedIncidence:
    """Cumulative incidence predicted at given covariates, one row for each event time of the cause of interest.

    Attributes
    ----------
    time, incidence : ndarray of float, shape (m,)
        Distinct event times, increasing, and the cumulative incidence just after each.
    note : str
        Why there is none; empty otherwise.
    """

    time: FloatArray
    incidence: FloatArray
    note: str = ""


@dataclass(frozen=True, eq=False)
class FineGray:
    """A fitted proportional subdistribution hazards model.

    Attributes
    ----------
    names : tuple of str, length k
        Columns of the design.
    coef, std_error : ndarray of float, shape (k,)
        Log subdistribution hazard ratios for one unit of each column, and their standard errors; NaN where `notes`
        says why.
    statistic, p_value : ndarray of float, shape (k,)
        Coefficient over standard error and the two-sided p-value of its normal test.
    lower, upper : ndarray of float, shape (k,)
        Confidence limits of the coefficients.
    hazard_ratio, hazard_ratio_lower, hazard_ratio_upper : ndarray of float, shape (k,)
        Subdistribution hazard ratios for one unit, with limits.
    notes : tuple of str, length k
        Why a coefficient is NaN; empty otherwise.
    vcov : ndarray of float, shape (k, k)
        Sandwich covariance of the coefficients, the estimated censoring distribution accounted for.
    model_vcov : ndarray of float, shape (k, k)
        Inverse of the information: not a covariance, since the likelihood is weighted.
    loglik, loglik_null : float
        Weighted log partial likelihood at the coefficients and where all are 0.
    likelihood_ratio_test, wald_test : Test
        Tests that all coefficients are 0; of the pseudo likelihood, and with the sandwich covariance.
    n, n_events, n_competing : int
        Participants of positive weight, and how many have the event of interest or a competing one.
    iterations : int
        Steps taken.
    converged : bool
        Whether the likelihood was maximized.
    cause_of_interest : int
        Whose subdistribution hazard it is.
    conf_level : float in (0, 1)
        Confidence level.
    method : str
        What was fitted, in words.
    note : str
        Why nothing is estimated; empty otherwise. To be printed.
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
    n: int
    n_events: int
    n_competing: int
    iterations: int
    converged: bool
    cause_of_interest: int
    conf_level: float
    method: str
    note: str
    _baseline: _Baseline | None = field(repr=False)

    def interval(self, name: str) -> Interval:
        """Return one subdistribution hazard ratio with its limits.

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
            On the scale of log subdistribution hazard ratios, with a normal test; NaN where a coefficient that
            counts is NaN.

        Raises
        ------
        DataError
            If `L` is not one finite number for each column.
        """
        weights = check_vector(L, "L", len(self.names))
        return normal_contrast(weights, self.coef, self.vcov, self.notes, self.note, self.conf_level)

    @one_thread
    def cumulative_incidence(self, at: npt.ArrayLike) -> PredictedIncidence:
        """Predict the cumulative incidence of the cause of interest at given covariates.

        Parameters
        ----------
        at : array_like of float, shape (k,)
            Value of each column.

        Returns
        -------
        PredictedIncidence
            1 less the exponential of minus the cumulative subdistribution hazard, by Breslow's estimator.

        Raises
        ------
        DataError
            If `at` is not one finite number for each column.

        Notes
        -----
        *Verified* against R ``cmprsk::predict.crr``.
        """
        point = check_vector(at, "at", len(self.names))
        if self._baseline is None:
            return PredictedIncidence(np.empty(0), np.empty(0), self.note)
        with np.errstate(over="ignore"):
            factor = np.exp(point @ np.nan_to_num(self.coef) - self._baseline.top)
        return PredictedIncidence(self._baseline.time, -np.expm1(-self._baseline.hazard * factor))


@dataclass(frozen=True, eq=False)
class _Baseline:
    """Cumulative hazard of the participant with the largest linear predictor."""

    time: FloatArray  # (m,)
    hazard: FloatArray  # (m,)
    top: float


@dataclass(frozen=True, eq=False)
class _Sample:
    """What was given, checked; rows of weight 0 left out of all but the design."""

    times: FloatArray  # (n,)
    events: BoolArray  # (n,) of interest
    competing: BoolArray  # (n,)
    group: IntArray  # (n,) with a censoring distribution of its own
    weights: FloatArray  # (n,)
    rows: IntArray  # (n,) their places among those given
    design: DesignMatrix
    cause_of_interest: int
    conf_level: float
    method: str


@one_thread
def fit_fine_gray(
    time: npt.ArrayLike,
    cause: npt.ArrayLike,
    design: DesignMatrix,
    *,
    cause_of_interest: int,
    censoring_group: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    conf_level: float,
) -> FineGray:
    """Fit Fine and Gray's model of the subdistribution hazard.

    Parameters
    ----------
    time : array_like of float >= 0, shape (n,)
        Time of the first event of any cause, or of censoring.
    cause : array_like of int >= 0, shape (n,)
        Cause of the event; 0 for censoring.
    design : DesignMatrix, shape (n, k)
        Covariates, which do not change.
    cause_of_interest : int > 0
        Whose subdistribution hazard is modelled; all others compete.
    censoring_group : array_like of labels, shape (n,), or None
        Group in which the censoring distribution is estimated; None for one group.
    weights : array_like of float >= 0, shape (n,), or None
        Sampling weights; None counts everyone once. They enter the censoring distribution too.
    conf_level : float in (0, 1)
        Confidence level of the limits.

    Returns
    -------
    FineGray
        Coefficients with their sandwich covariance, limits and tests. What cannot be estimated is NaN, with a note.

    Raises
    ------
    DataError
        If a value is missing, infinite or negative, a cause is not a whole number, `design` is no DesignMatrix, or
        lengths differ.
    SpecError
        If `cause_of_interest` or `conf_level` is not allowed.

    Notes
    -----
    *Convention.* Who had a competing event stays at risk with weight G(t-)/G(s-), G the Kaplan-Meier curve of
    censoring and s the time of that event. Ties are handled by Breslow's method. The covariance is the sandwich of
    Fine and Gray with the term for the estimation of G, at ties as `cmprsk` computes it. Delayed entry and
    covariates that change are not supported. Where the likelihood has no maximum nothing is estimated, and `note`
    says so: no penalized form is established for this model.

    *Difference from cmprsk.* With several censoring groups, the term for the estimation of G sums over competing
    events of the group whose G it is. ``cmprsk::crr(cengroup=)`` sums over those of all groups, which is not the
    derivative of the estimate; coefficients agree, standard errors differ slightly.

    *Difference from survival.* Weights enter the censoring distribution, so that whole weights give the coefficients
    of as many copies; ``survival::finegray(weights=)`` estimates it without them.

    *Verified* against R ``cmprsk::crr`` (coefficients, covariance, log likelihoods, predictions; with weights on
    copies of the rows), with groups against the covariance written out in R, and with weights against numerical
    derivatives of the estimate with respect to them.

    References
    ----------
    Fine JP, Gray RJ. J Am Stat Assoc 1999;94:496. doi:10.1080/01621459.1999.10474144
    """
    sample = _check_sample(time, cause, design, cause_of_interest, censoring_group, weights, conf_level)
    if not len(sample.times):
        return _refuse(sample, NO_PARTICIPANTS)
    if not sample.events.any():
        return _refuse(sample, NO_EVENTS)

    sets = _make_sets(sample)
    columns, maximum = fit_columns(sets, design.values, sample.rows)
    return _build(sample, sets, columns, maximum)


def _check_sample(
    time: npt.ArrayLike,
    cause: npt.ArrayLike,
    design: DesignMatrix,
    cause_of_interest: int,
    censoring_group: npt.ArrayLike | None,
    weights: npt.ArrayLike | None,
    conf_level: float,
) -> _Sample:
    times = join_ties(check_array(time, "time", minimum=0.0))
    n = len(times)
    causes = check_causes(cause, "cause", length=n)
    check_cause(cause_of_interest, "cause_of_interest")
    group = np.zeros(n, dtype=np.intp)
    if censoring_group is not None:
        group = check_labels(censoring_group, "censoring_group", length=n)[1]
    weight = np.ones(n) if weights is None else check_weights(weights, "weights", length=n)
    rows = np.flatnonzero(weight > 0)
    method = _METHOD + ("" if censoring_group is None else ", censoring by group")
    return _Sample(
        times=times[rows],
        events=causes[rows] == cause_of_interest,
        competing=(causes[rows] > 0) & (causes[rows] != cause_of_interest),
        group=np.unique(group[rows], return_inverse=True)[1].reshape(-1),
        weights=weight[rows],
        rows=rows,
        design=check_design(design, n),
        cause_of_interest=int(cause_of_interest),
        conf_level=check_probability(conf_level, "conf_level"),
        method=method if weights is None else f"{method}, weighted",
    )


def _make_sets(sample: _Sample) -> RiskSets:
    """Find the risk sets, with those who had a competing event staying in them."""
    one = np.zeros(len(sample.times), dtype=np.intp)
    sets = make_risk_sets(sample.times, sample.events, None, one, sample.weights, "breslow", staying=sample.competing)
    row = np.flatnonzero(sample.competing[sets.source])
    group, times = sample.group[sets.source[row]], sample.times[sets.source[row]]
    probability, inverse = [], np.empty(len(row))
    for code in range(int(sample.group.max()) + 1):
        grid, censored, at_risk = _count_censored(sample, code)
        before = np.append(np.concatenate([[1.0], product_limit(censored, at_risk)])[:-1], 0.0)
        # just before a time; after the last of the group its curve is not defined, and nobody counts
        probability.append(before[np.searchsorted(grid, sets.cell_time)])
        inverse[group == code] = 1.0 / before[np.searchsorted(grid, times[group == code])]
    return dataclasses.replace(sets, lasting=Lasting(row, group, inverse, np.array(probability)))


def _count_censored(sample: _Sample, code: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return distinct times of a group, weights censored at each, and at risk of it, each of shape (l,)."""
    own = sample.group == code
    grid, row = np.unique(sample.times[own], return_inverse=True)
    censored = ~(sample.events | sample.competing)[own]
    weights = sample.weights[own]
    at_risk = np.cumsum(sum_by(row, weights, len(grid))[::-1])[::-1]
    return grid, sum_by(row, weights * censored, len(grid)), at_risk


def _build(sample: _Sample, sets: RiskSets, columns: Columns, maximum: Maximum) -> FineGray:
    k = len(columns.kept)
    if maximum.separation is not None:
        note = (
            f"{no_maximum(sample.design.names, columns, maximum.separation)} There is no established penalization for "
            "this model, so nothing is estimated."
        )
        return _refuse(sample, note, columns.reasons, maximum)
    model = solve_positive(maximum.information, np.eye(k))
    if not maximum.converged or model is None:
        return _refuse(sample, NOT_CONVERGED, columns.reasons, maximum)
    residuals = np.zeros((len(sample.times), k))
    residuals[sets.source] = score_residuals(sets, columns.values, maximum.moments)
    residuals += _censoring_residuals(sample, sets, columns.values, maximum)
    covariance = sandwich(residuals @ model, model)
    estimates = normal_estimates(maximum.coef, covariance, sample.conf_level)
    placed = place_coefficients(columns, maximum.coef, covariance, model, estimates)
    predictor = sample.design.values[sample.rows[sets.source]] @ np.nan_to_num(placed["coef"])
    return _assemble(
        sample,
        {
            **placed,
            "loglik": maximum.loglik,
            "loglik_null": maximum.loglik_null,
            "likelihood_ratio_test": likelihood_ratio_test(
                maximum.loglik, maximum.loglik_null, k, "pseudo likelihood ratio"
            ),
            "wald_test": quadratic_test(maximum.coef, covariance, "wald"),
            "iterations": maximum.iterations,
            "converged": True,
            "note": "" if k else (NOTHING_LEFT if sample.design.names else NO_COVARIATES),
            "_baseline": _Baseline(sets.cell_time, np.cumsum(maximum.moments.hazard), float(predictor.max())),
        },
    )


def _censoring_residuals(sample: _Sample, sets: RiskSets, values: FloatArray, maximum: Maximum) -> FloatArray:
    """Return each participant's part of the score through the censoring distribution, weighted, shape (n, k)."""
    result = np.zeros((len(sample.times), values.shape[1]))
    lasting, moments = sets.lasting, maximum.moments
    if lasting is None:
        return result
    for code, probability in enumerate(lasting.probability):
        own, ours = lasting.group == code, np.flatnonzero(sample.group == code)
        rows = lasting.row[own]
        share = moments.risk[rows] * lasting.inverse[own]
        left = sample.times[sets.source[rows]]  # increasing or tied only within a cell
        order = np.argsort(left, kind="stable")
        grid, censored, at_risk = _count_censored(sample, code)
        place = np.searchsorted(grid, sample.times[ours])
        is_censored = ~(sample.events | sample.competing)[ours]
        to_come = probability * moments.hazard
        remaining = sum_from(sets.cell_time, to_come, grid)
        gone = np.searchsorted(left[order], grid)
        stayed = np.concatenate([[0.0], np.cumsum(share[order])])[gone]
        for j in range(values.shape[1]):
            stayed_values = np.concatenate([[0.0], np.cumsum((share * values[rows, j])[order])])[gone]
            remaining_means = sum_from(sets.cell_time, to_come * moments.mean[:, j], grid)
            lost = stayed_values * remaining - stayed * remaining_means
            paid = np.cumsum(lost * censored / at_risk**2)
            result[ours, j] = np.where(is_censored, (lost / at_risk)[place], 0.0) - paid[place]
    return result * sample.weights[:, np.newaxis]


def _refuse(
    sample: _Sample, note: str, reasons: tuple[str, ...] | None = None, maximum: Maximum | None = None
) -> FineGray:
    """Return the model of which no coefficient can be estimated."""
    return _assemble(
        sample,
        {
            **no_coefficients(reasons or ("",) * len(sample.design.names), note),
            "loglik": math.nan,
            "loglik_null": math.nan if maximum is None else maximum.loglik_null,
            "likelihood_ratio_test": no_test("pseudo likelihood ratio", note),
            "wald_test": no_test("wald", note),
            "iterations": 0 if maximum is None else maximum.iterations,
            "converged": False,
            "note": note,
            "_baseline": None,
        },
    )


def _assemble(sample: _Sample, fields: dict[str, Any]) -> FineGray:
    return FineGray(
        names=sample.design.names,
        n=len(sample.times),
        n_events=int(np.count_nonzero(sample.events)),
        n_competing=int(np.count_nonzero(sample.competing)),
        cause_of_interest=sample.cause_of_interest,
        conf_level=sample.conf_level,
        method=sample.method,
        **fields,
    )
