"""Arms worth fewer than two participants tell no error, and an influence that cancels is no error either."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from npcstats.estimators.effects import (
    EFFECT_MEASURES,
    Observed,
    Timed,
    estimate_effect,
    estimate_effect_by_model,
    weighted_curves,
)
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import Weights, fit_propensity, weigh

RATIOS_OF_ONE = math.sqrt(6)
ALONE = "An arm has one participant, so there is no standard error."
OUTWEIGHED = "The weights of an arm are worth fewer than two participants, so there is no standard error."


def known(values, treated):
    """Weights that nothing was estimated for."""
    none = np.zeros((len(values), 0))
    return Weights(np.array(values, dtype=float), np.array(treated, dtype=bool), "ate", False, "given", none, none)


def asked(measure):
    """Outcome, time and ties of a measure, of eight participants of whom the last four are the reference."""
    if measure == "hazard_ratio" or "survival" in measure or "incidence" in measure or "restricted" in measure:
        outcome = Timed([2, 4, 6, 9, 1, 3, 5, 8], [1, 1, 1, 0, 1, 1, 1, 0])
        return outcome, {"ties": "efron"} if measure == "hazard_ratio" else {"at": 5.5}
    return Observed([1, 0, 1, 0, 0, 1, 0, 1] if "r" in measure[:1] or "odds" in measure else range(8)), {}


def test_a_hazard_ratio_of_one_participant_has_no_limits():
    """Breslow's equation 1 = r/(r + 3) + r/(r + 2), of a death of the reference and one of the arm, has r² = 6."""
    found = estimate_effect(
        Timed([2, 1, 3, 4], [1, 1, 1, 1]), [1, 0, 0, 0], measure="hazard_ratio", weights=None, conf_level=0.95,
        ties="breslow",
    )  # fmt: skip
    assert found.interval.estimate == pytest.approx(RATIOS_OF_ONE, rel=1e-12)
    assert np.isnan([found.interval.lower, found.interval.upper, found.std_error, found.p_value]).all()
    assert found.note == ALONE


@pytest.mark.parametrize("measure", EFFECT_MEASURES)
def test_an_arm_whose_weights_one_participant_has_tells_no_error(measure):
    """(100 + 3)² / (10,000 + 3) = 1.06 participants in the first arm."""
    treated = [1, 1, 1, 1, 0, 0, 0, 0]
    outcome, more = asked(measure)
    found = estimate_effect(
        outcome, treated, measure=measure, weights=known([100, 1, 1, 1, 1, 1, 1, 1], treated), conf_level=0.95, **more
    )
    even = estimate_effect(outcome, treated, measure=measure, weights=known([1] * 8, treated), conf_level=0.95, **more)
    assert math.isfinite(found.interval.estimate)
    assert np.isnan([found.interval.lower, found.std_error, found.statistic, found.p_value]).all()
    assert found.note == OUTWEIGHED
    assert math.isfinite(even.interval.lower)
    if found.first is not None:
        assert math.isnan(found.first.lower)
        assert "fewer than two participants" in found.first.note
        assert math.isfinite(found.reference.lower)


def test_two_participants_of_equal_weight_tell_an_error():
    treated = [1, 1, 0, 0]
    found = estimate_effect(
        Observed([1, 3, 2, 6]), treated, measure="mean_difference", weights=known([0.3] * 4, treated), conf_level=0.95
    )
    # variances of means 2/4 and 8/4, each the sum of squared distances over the squared size
    assert found.std_error == pytest.approx(math.sqrt(0.5 + 2.0), rel=1e-12)


def test_a_curve_of_weights_that_one_participant_has_no_limits_and_says_why():
    treated = [1, 1, 1, 1, 0, 0, 0, 0]
    first, reference = weighted_curves(
        asked("survival")[0], treated, weights=known([100, 1, 1, 1, 1, 1, 1, 1], treated), kind="survival",
        conf_level=0.95, conf_type="log-log",
    )  # fmt: skip
    assert np.isnan(first.lower).all()
    assert "fewer than two participants" in first.note
    assert np.isfinite(reference.lower[:3]).all()
    assert not reference.note


@pytest.mark.parametrize("method", ["g-computation", "aipw"])
def test_a_regression_of_both_arms_together_tells_no_error_of_an_arm_of_one(method):
    """The participant alone in the arm is fitted exactly, so nothing is left to tell an error by."""
    design = DesignMatrix(np.array([[1, 0, 1, 2, 3, 2]]).T, ("x",))
    found = estimate_effect_by_model(
        Observed([5, 1, 2, 4, 3, 7]), [1, 0, 0, 0, 0, 0], design, measure="mean_difference", method=method,
        estimand="ate", arms="together", conf_level=0.95,
    )  # fmt: skip
    assert math.isfinite(found.interval.estimate)
    assert math.isnan(found.interval.lower)
    assert found.note == ALONE
    assert math.isnan(found.first.lower)


def test_an_outcome_that_covariates_tell_exactly_has_no_error():
    """The outcome is a line in the covariate whatever the arm, so the effect is 0 and nothing is left over."""
    x = np.array([1, 2, 3, 5, 7, 11, 13, 17])
    found = estimate_effect_by_model(
        Observed(0.1 + 0.3 * x), [1, 0] * 4, DesignMatrix(x[:, np.newaxis] / 3, ("x",)), measure="mean_difference",
        method="g-computation", estimand="ate", arms="together", conf_level=0.95,
    )  # fmt: skip
    assert found.interval.estimate == pytest.approx(0, abs=1e-14)
    assert math.isnan(found.interval.lower)
    assert found.note == "The robust variance is 0, so there is no standard error."


def test_an_error_that_cancels_but_for_rounding_is_none():
    """Overlap weights give both arms one mean of x, 1: those of 0 and 2 weigh the same, and half of them survive 1."""
    treated = [0, 1, 1, 0]
    score = fit_propensity(treated, DesignMatrix(np.array([[0.0], [1], [1], [2]]), ("x",)))
    weights = weigh(score, treated, estimand="ato", stabilized=False)
    outcome = Timed([1, 2, 3, 4], [1, 1, 0, 0])
    more = {"weights": weights, "conf_level": 0.95}
    _, curve = weighted_curves(outcome, treated, kind="survival", conf_type="log-log", **more)
    assert curve.estimate == pytest.approx([0.5, 0.5], rel=1e-12)
    assert np.isnan([curve.std_error, curve.lower, curve.upper]).all()
    arm = estimate_effect(outcome, treated, measure="survival_difference", at=2.5, **more).reference
    assert arm.estimate == pytest.approx(0.5, rel=1e-12)
    assert np.isnan([arm.lower, arm.upper]).all()


def test_curves_of_many_participants_take_little_memory():
    """Times as many as participants: derivatives of every participant at some hundred times would be 2 kB of each."""
    stream, n = np.random.default_rng(3), 20_000
    x = stream.normal(size=(n, 2))
    treated = stream.random(n) < 0.5
    outcome = Timed(stream.exponential(10, n), stream.integers(0, 3, n))
    weights = weigh(fit_propensity(treated, DesignMatrix(x, ("x", "y"))), treated, estimand="ate", stabilized=True)
    tracemalloc.start()
    weighted_curves(outcome, treated, weights=weights, kind="incidence", conf_level=0.95, conf_type="log-log")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500 * n
