"""The fit of Cox's model: ties, strata, delayed entry, weights, clusters, and what to do under separation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from npcstats.choices import check_choice
from npcstats.estimators.checks import check_labels, check_probability, check_weights
from npcstats.estimators.threads import one_thread
from npcstats.estimators.timetoevent.cox.model import Cox, CoxSample, CoxSolution
from npcstats.estimators.timetoevent.firth import maximize_penalized, penalize, profile_coefficient
from npcstats.estimators.timetoevent.fitted import (
    NO_COVARIATES,
    NO_EVENTS,
    NOT_CONVERGED,
    NOTHING_LEFT,
    check_design,
    likelihood_ratio_test,
    no_coefficients,
    no_maximum,
    no_test,
    normal_estimates,
    place_coefficients,
    quadratic_test,
    sandwich,
    sum_by_cluster,
)
from npcstats.estimators.timetoevent.maximum import Columns, Maximum, fit_columns, solve_positive
from npcstats.estimators.timetoevent.partial_likelihood import score_residuals, take_moments
from npcstats.estimators.timetoevent.risk_sets import RiskSets, make_risk_sets
from npcstats.estimators.timetoevent.samples import NO_PARTICIPANTS, check_survival
from npcstats.estimators.types import DesignMatrix, FloatArray, Test

TIES = ("efron", "breslow")

# log hazard ratio between two participants beyond which double precision no longer tells the penalty's maximum
_LARGEST_SPREAD = 50.0


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
    columns, maximum = fit_columns(sets, design.values, sample.rows)
    return _build(frame, sets, columns, maximum)


def _check_sample(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    design: DesignMatrix,
    entry: npt.ArrayLike | None,
    strata: npt.ArrayLike | None,
    weights: npt.ArrayLike | None,
    cluster: npt.ArrayLike | None,
) -> CoxSample:
    times, events, entries = check_survival(time, event, entry)
    n = len(times)
    weight = np.ones(n) if weights is None else check_weights(weights, "weights", length=n)
    stratum = np.zeros(n, dtype=np.intp) if strata is None else check_labels(strata, "strata", length=n)[1]
    units = None if cluster is None else check_labels(cluster, "cluster", length=n)[1]
    rows = np.flatnonzero(weight > 0)
    return CoxSample(
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

    sample: CoxSample
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
        monotone = no_maximum(sample.design.names, columns, maximum.separation)
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
            "_solution": CoxSolution(sets, columns, maximum, None),
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
            "_solution": CoxSolution(sets, columns, maximum, best),
        },
        penalized=True,
    )


def _by_cluster(sample: CoxSample, sets: RiskSets, residuals: FloatArray) -> FloatArray:
    """Sum residuals of the rows at risk by cluster, shape (c, k)."""
    return sum_by_cluster(residuals, None if sample.cluster is None else sample.cluster[sets.source])


def _robust_score_test(sample: CoxSample, sets: RiskSets, columns: Columns, maximum: Maximum) -> Test:
    if not sample.robust:
        return no_test("robust score", "The variance is the model's.")
    at_null = take_moments(sets, columns.values, np.zeros(len(sets.source)))
    parts = _by_cluster(sample, sets, score_residuals(sets, columns.values, at_null))
    return quadratic_test(maximum.score_null, parts.T @ parts, "robust score")
