"""Cox regression where the likelihood has no maximum: Firth's penalization, by hand and by invariants."""

from __future__ import annotations

import math

import numpy as np
import pytest
from cox_models import design, fit, of, trial
from scipy import optimize, stats

from npcstats.estimators.timetoevent import firth, fit_cox

# limits from a profile, each point of it a maximum
PROFILE = 1e-7


@pytest.mark.parametrize(("with_event", "others"), [(1, 1), (6, 6), (3, 10), (40, 2)])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_one_event_by_hand(with_event: int, others: int, ties: str) -> None:
    """One event, in a group of n1 with n0 others: log p + log(p (1-p)) / 2, p = n1 r / (n1 r + n0).

    It is largest at p = 3/4, so r = 3 n0 / n1, where the information is 3/16; the limits are where it is lower by
    half the chi-squared quantile, and the test compares with p = n1 / (n1 + n0).
    """
    n = with_event + others
    group = np.arange(n) < with_event
    model = fit(np.arange(n) + 1.0, np.arange(n) == 0, group, ties=ties)

    def value(p: float) -> float:
        return 1.5 * math.log(p) + 0.5 * math.log1p(-p)

    def effect(p: float) -> float:
        return math.log(p * others / ((1 - p) * with_event))

    level = value(0.75) - stats.chi2.isf(0.05, 1) / 2
    low = optimize.brentq(lambda p: value(p) - level, 1e-9, 0.75, xtol=1e-15)
    high = optimize.brentq(lambda u: value(1 - u) - level, 1e-14, 0.25, xtol=1e-18)
    assert model.penalized
    assert model.hazard_ratio[0] == pytest.approx(3 * others / with_event, rel=PROFILE)
    assert model.std_error[0] == pytest.approx(4 / math.sqrt(3), rel=PROFILE)
    assert model.lower[0] == pytest.approx(effect(low), rel=PROFILE)
    assert model.upper[0] == pytest.approx(math.log((1 - high) * others / (high * with_event)), rel=PROFILE)
    statistic = 2 * (value(0.75) - value(with_event / n))
    assert model.p_value[0] == pytest.approx(stats.chi2.sf(statistic, 1), rel=1e-6)
    assert model.likelihood_ratio_test.statistic == pytest.approx(statistic, rel=1e-6, abs=1e-9)


def test_an_arm_without_events_has_a_finite_ratio_and_a_reason() -> None:
    draw = np.random.default_rng(6)
    arm, x = np.repeat([0, 1], 40), draw.normal(size=80)
    model = fit_cox(
        draw.exponential(size=80), (arm == 0) & (draw.random(80) < 0.7), design(arm, x, names=("arm", "age")),
        ties="efron", conf_level=0.95,
    )  # fmt: skip
    assert model.penalized
    assert "firth penalization, profile limits" in model.method
    assert model.note == (
        "The likelihood has no maximum: it increases without end along arm. Firth's penalization was used; limits and "
        "p-values are from the penalized likelihood's profile."
    )
    assert 0.0001 < model.hazard_ratio[0] < 0.3
    assert model.upper[0] < 0 < model.upper[1]
    contrast = model.contrast([1, 0])
    assert (contrast.lower, contrast.upper) == pytest.approx((model.lower[0], model.upper[0]), rel=PROFILE)
    assert "profile" in contrast.note
    assert "not tested with Firth" in model.ph_test().note


def test_a_combination_that_separates_is_found() -> None:
    """Neither column separates alone: their sum does, and only just."""
    draw = np.random.default_rng(7)
    n = 60
    time = np.arange(1.0, n + 1)
    total = -time + draw.uniform(0, 0.4, n)
    first = draw.normal(size=n) * 10
    alone = fit(time, np.ones(n), first)
    assert not alone.penalized
    both = fit(time, np.ones(n), first, total - first, draw.normal(size=n))
    assert "increases without end along x0, x1" in both.note
    assert "credible" in both.note  # every event in its order: the penalty's maximum is far beyond any hazard ratio
    assert np.isnan(both.coef).all()


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("entered", [False, True])
def test_one_contrary_event_is_enough_for_a_maximum(ties: str, entered: bool) -> None:
    """Separation is not a matter of size: a very strong effect with one exception is estimated as it is."""
    n = 400
    group = np.repeat([0, 1], n // 2)
    event = (group == 0).astype(float)
    options = {"entry": np.zeros(n)} if entered else {}
    time = np.concatenate([np.linspace(1, 2, n // 2), np.linspace(1.5, 3, n // 2)])
    assert fit(time, event, group, ties=ties, **options).penalized
    event[n // 2] = 1
    model = fit(time, event, group, ties=ties, **options)
    assert not model.penalized
    assert model.converged
    assert model.coef[0] < -4


def test_separation_within_delayed_entry() -> None:
    """At each event the one with the event has the largest value of those that have entered, not of all."""
    time = np.arange(3.0, 15)
    model = fit(time, np.ones(12), np.sin(time) - 5 * time, entry=time - 2.5)
    assert model.penalized
    reversed_ = fit(time, np.ones(12), np.where(time % 2 == 0, time, -time), entry=time - 2.5)
    assert not reversed_.penalized


def test_separation_with_a_robust_variance_is_not_estimated() -> None:
    arm = np.repeat([0, 1], 10)
    time = np.arange(1.0, 21)
    for options in ({"cluster": np.arange(20)}, {"weights": np.linspace(0.5, 1, 20)}):
        model = fit(time, arm == 0, arm, **options)
        assert np.isnan([model.coef[0], model.hazard_ratio[0], model.lower[0]]).all()
        assert "no robust variance" in model.note
        assert "no robust variance" in model.interval("x0").note
        assert math.isfinite(model.score_test.statistic)


def test_penalized_fit_does_not_depend_on_rows_or_units() -> None:
    draw = np.random.default_rng(8)
    arm, x = np.repeat([0, 1], 30), draw.normal(size=60)
    time, event = np.ceil(10 * draw.exponential(size=60)), (arm == 0) & (draw.random(60) < 0.8)
    model = fit(time, event, arm, x)
    order = draw.permutation(60)
    np.testing.assert_allclose(fit(time[order], event[order], arm[order], x[order]).coef, model.coef, rtol=PROFILE)
    other = fit(time * 12, event, 1 - arm, 1000 * x)
    np.testing.assert_allclose(other.coef * [-1, 1000], model.coef, rtol=PROFILE)
    np.testing.assert_allclose([-other.upper[0], other.lower[1] * 1000], model.lower, rtol=PROFILE)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_large_samples_are_penalized_as_small_ones(ties: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Running sums, which large samples need, against the sums over each risk set that R's numbers were met by."""
    data = trial(90)
    data["event"] &= data["x"][:, 1] == 0
    small = of(data, "entry", "strata", ties=ties)
    monkeypatch.setattr(firth, "_DIRECT", 0)
    large = of(data, "entry", "strata", ties=ties)
    assert small.penalized
    for name in ("coef", "std_error", "lower", "upper", "p_value"):
        np.testing.assert_allclose(getattr(large, name), getattr(small, name), rtol=1e-6)
