"""Weighted curves beside effects at a time; models beside delicatessen; the bootstrap beside influence and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from delicatessen import MEstimator

from npcstats.errors import SpecError
from npcstats.estimators.effects import (
    Observed,
    Timed,
    Weighting,
    bootstrap_effect,
    estimate_effect,
    estimate_effect_by_model,
    weighted_curves,
)
from npcstats.estimators.timetoevent import estimate_kaplan_meier
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import effective_size, fit_propensity, weigh

NUMERICAL = 1e-6  # delicatessen differentiates numerically


@pytest.mark.parametrize(
    ("kind", "measure"), [("survival", "survival_difference"), ("incidence", "incidence_difference")]
)
def test_curve_is_the_effect_at_each_time(sample, kind, measure):
    outcome = Timed(sample.time, sample.cause)
    weights = weigh(fit_propensity(sample.arm, sample.design), sample.arm, estimand="ato", stabilized=False)
    curves = weighted_curves(outcome, sample.arm, weights=weights, kind=kind, conf_level=0.95, conf_type="log-log")
    last = min(curve.time[-1] for curve in curves)
    for place, curve in enumerate(curves):
        for i in range(2, len(curve.time), 5):
            if curve.time[i] > last:
                continue
            found = estimate_effect(
                outcome,
                sample.arm,
                measure=f"{kind}_difference",
                weights=weights,
                conf_level=0.95,
                at=float(curve.time[i]),
            )
            arm = (found.first, found.reference)[place]
            assert curve.estimate[i] == pytest.approx(arm.estimate, abs=1e-12)
            limits = (curve.lower[i], curve.upper[i])
            assert limits == pytest.approx((arm.lower, arm.upper), abs=1e-12, nan_ok=True)


def test_unweighted_curve_is_kaplan_meier(sample):
    """The estimates are the same; the robust error of a curve without weights is close to Greenwood's."""
    first, _ = weighted_curves(
        Timed(sample.time, sample.cause), sample.arm, weights=None, kind="survival", conf_level=0.95, conf_type="plain"
    )
    inside = sample.arm == 1
    curve = estimate_kaplan_meier(sample.time[inside], sample.cause[inside] > 0, conf_level=0.95, conf_type="plain")
    assert first.estimate == pytest.approx(curve.survival, abs=1e-12)
    assert first.at_risk == pytest.approx(curve.at_risk)
    assert first.effective_at_risk == pytest.approx(curve.at_risk)
    middle = slice(2, -6)
    assert first.std_error[middle] == pytest.approx(curve.std_error[middle], rel=0.02)


def test_numbers_at_risk(sample):
    weights = weigh(fit_propensity(sample.arm, sample.design), sample.arm, estimand="ato", stabilized=False)
    _, reference = weighted_curves(
        Timed(sample.time, sample.cause), sample.arm, weights=weights, kind="survival", conf_level=0.95,
        conf_type="log-log",
    )  # fmt: skip
    counted, effective = reference.risk_at([0.0, 5.0, 1000.0])
    later = (sample.arm == 0) & (sample.time >= 5.0)
    assert counted.tolist() == [float((sample.arm == 0).sum()), float(later.sum()), 0.0]
    assert effective[1] == pytest.approx(effective_size(weights.values[later]))
    assert effective[2] == 0.0


def test_no_curve_of_an_empty_arm():
    curves = weighted_curves(
        Timed([1, 2], [1, 0]), [1, 1], weights=None, kind="survival", conf_level=0.95, conf_type="plain"
    )
    assert [len(curve.time) for curve in curves] == [0, 0]
    assert "nobody" in curves[0].note


def logistic(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("estimand", ["ate", "att", "ato"])
@pytest.mark.parametrize("risk", [True, False])
def test_doubly_robust_beside_delicatessen(sample, estimand, risk):
    rows = np.column_stack([np.ones(len(sample.arm)), sample.columns])
    a, y, link = sample.arm, sample.risk if risk else sample.level, logistic if risk else (lambda z: z)

    def equations(theta):
        score = logistic(rows @ theta[4:8])
        first, other = link(rows @ theta[8:12]), link(rows @ theta[12:16])
        whom = {"ate": np.ones(len(a)), "att": a, "ato": score * (1 - score)}[estimand]
        tilt = {"ate": np.ones(len(a)), "att": score, "ato": score * (1 - score)}[estimand]
        return np.vstack([
            whom * (first - theta[0]), whom * (other - theta[1]),
            a * tilt / score * (y - first - theta[2]), (1 - a) * tilt / (1 - score) * (y - other - theta[3]),
            (a - score) * rows.T, a * (y - first) * rows.T, (1 - a) * (y - other) * rows.T,
        ])  # fmt: skip

    reference = MEstimator(equations, init=[0.5, 0.5, *[0.0] * 14])
    reference.estimate(solver="lm", maxiter=20_000)
    slope = np.array([1, -1, 1, -1, *[0] * 12])
    found = estimate_effect_by_model(
        Observed(y), a, sample.design, measure="risk_difference" if risk else "mean_difference", method="aipw",
        estimand=estimand, arms="apart", conf_level=0.95,
    )  # fmt: skip
    assert found.interval.estimate == pytest.approx(slope @ reference.theta, abs=1e-8)
    assert found.std_error == pytest.approx(math.sqrt(slope @ reference.variance @ slope), rel=NUMERICAL)


@pytest.mark.parametrize("risk", [True, False])
@pytest.mark.parametrize("arms", ["apart", "together"])
def test_standardization_beside_delicatessen(sample, risk, arms):
    rows = np.column_stack([np.ones(len(sample.arm)), sample.columns])
    a, y, link = sample.arm, sample.risk if risk else sample.level, logistic if risk else (lambda z: z)

    def apart(theta):
        first, other = link(rows @ theta[2:6]), link(rows @ theta[6:10])
        return np.vstack([
            first - theta[0], other - theta[1], a * (y - first) * rows.T, (1 - a) * (y - other) * rows.T
        ])  # fmt: skip

    def together(theta):
        linear = rows @ theta[3:7]
        fitted = link(linear + theta[2] * a)
        return np.vstack([
            link(linear + theta[2]) - theta[0], link(linear) - theta[1], (y - fitted) * a, (y - fitted) * rows.T
        ])  # fmt: skip

    reference = MEstimator(
        *((apart, [0.5, 0.5, *[0.0] * 8]) if arms == "apart" else (together, [0.5, 0.5, *[0.0] * 5]))
    )
    reference.estimate(solver="lm", maxiter=20_000)
    variance = reference.variance[:2, :2]
    found = estimate_effect_by_model(
        Observed(y), a, sample.design, measure="risk_difference" if risk else "mean_difference",
        method="g-computation", estimand="ate", arms=arms, conf_level=0.95,
    )  # fmt: skip
    assert found.interval.estimate == pytest.approx(reference.theta[0] - reference.theta[1], abs=1e-8)
    error = math.sqrt(variance[0, 0] + variance[1, 1] - 2 * variance[0, 1])
    assert found.std_error == pytest.approx(error, rel=NUMERICAL)


def test_models_that_are_refused(sample):
    asked = {"measure": "risk_difference", "arms": "apart", "conf_level": 0.95}
    with pytest.raises(SpecError, match="no score"):
        estimate_effect_by_model(
            Observed(sample.risk), sample.arm, sample.design, method="g-computation", estimand="ato", **asked
        )
    separated = DesignMatrix(sample.risk[:, np.newaxis], ("told",))
    found = estimate_effect_by_model(
        Observed(sample.risk), sample.arm, separated, method="g-computation", estimand="ate", **asked
    )
    assert math.isnan(found.interval.estimate)
    assert "no solution: its covariates tell" in found.note


ASKED = {"measure": "risk_difference", "conf_level": 0.95, "replicates": 400, "name": "check", "seed": 5}


class TestBootstrap:
    def test_same_seed_same_limits_and_near_the_influence(self, sample):
        """With 400 replicates a standard error is known to about 1/sqrt(800), 3.5 %: four of these are allowed."""
        found = [
            bootstrap_effect(
                Observed(sample.risk), sample.arm, sample.design, weighting=Weighting("ato", False), **ASKED
            )
            for _ in range(2)
        ]
        assert found[0].effect.interval == found[1].effect.interval
        weights = weigh(fit_propensity(sample.arm, sample.design), sample.arm, estimand="ato", stabilized=False)
        beside = estimate_effect(
            Observed(sample.risk), sample.arm, measure="risk_difference", weights=weights, conf_level=0.95
        )
        assert found[0].effect.interval.estimate == beside.interval.estimate
        assert found[0].effect.std_error == pytest.approx(beside.std_error, rel=0.15)
        assert found[0].failed == 0

    def test_failures_are_counted_and_told(self):
        """Six participants, one event in each arm: a sample without it in an arm has no ratio, far more than 5 %."""
        arm, values = np.array([1, 1, 1, 0, 0, 0]), Observed([1, 0, 0, 1, 0, 0])
        design = DesignMatrix(np.array([[0.0], [1.0], [2.0], [0.5], [1.5], [1.0]]), ("x",))
        asked = ASKED | {"measure": "risk_ratio"}
        found = bootstrap_effect(values, arm, design, weighting=Weighting("ate", False), **asked)
        assert found.failed > 100
        assert f"{found.failed} of 400" in found.effect.note
        assert math.isnan(found.effect.interval.lower)
        assert math.isfinite(found.effect.interval.estimate)
