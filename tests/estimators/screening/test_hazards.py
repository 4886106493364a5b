"""A Cox model of each of many features: by hand, against the model of several covariates, invariants, reasons."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.screening import screen_cox
from npcstats.estimators.timetoevent import fit_cox
from npcstats.estimators.types import DesignMatrix

NUMBERS = ("coef", "std_error", "statistic", "p_value", "lower", "upper")


def drawn(seed, *, people=60, features=5, missing=0.0, ties=True):
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(people, features))
    values[:, 1] = values[:, 1] > 0.3
    time = draw.exponential(10 * np.exp(-0.5 * values[:, 0]))
    event = draw.random(people) < 0.7
    time = np.ceil(time) if ties else time
    return time, event, np.where(draw.random(values.shape) < missing, np.nan, values)


def column(*values):
    return np.array(values, dtype=float)[:, None]


def test_three_events_by_hand():
    """Features 0, 1, 0 with events at 1, 2, 3: u / ((2 + u) (1 + u)), largest where u squared is 2.

    Information: 2u / (2 + u)^2 + u / (1 + u)^2.
    """
    fit = screen_cox([1, 2, 3], [1, 1, 1], column(0, 1, 0), ties="efron")
    u = np.sqrt(2)
    error = 1 / np.sqrt(2 * u / (2 + u) ** 2 + u / (1 + u) ** 2)
    assert fit.coef[0] == pytest.approx(np.log(2) / 2, rel=1e-9)
    assert fit.std_error[0] == pytest.approx(error, rel=1e-9)
    z = np.log(2) / 2 / error
    assert (fit.statistic[0], fit.p_value[0]) == pytest.approx((z, 2 * stats.norm.sf(z)), rel=1e-9)
    assert fit.lower[0] == pytest.approx(np.log(2) / 2 - 1.959963985 * error, rel=1e-8)
    assert fit.upper[0] == pytest.approx(np.log(2) / 2 + 1.959963985 * error, rel=1e-8)
    assert (fit.count[0], fit.events[0], fit.notes[0], bool(fit.penalized[0])) == (3, 3, "", False)


@pytest.mark.parametrize(("ties", "squared"), [("efron", 6), ("breslow", 4)])
def test_tied_events_by_hand(ties, squared):
    """Events at 1, 1, 2 of features 1, 0, 0.

    Efron: u / ((2 + u) (2 + u - (1 + u) / 2)), so (2 + u) (3 + u) = u (2u + 5), u squared is 6; Breslow: u / (2 + u)^2,
    so u is 2.
    """
    fit = screen_cox([1, 1, 2], [1, 1, 1], column(1, 0, 0), ties=ties)
    assert fit.coef[0] == pytest.approx(np.log(squared) / 2, rel=1e-9)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("stratified", [False, True])
def test_the_model_of_several_covariates(ties, missing, stratified):
    """`fit_cox` of one covariate, among those with a value."""
    time, event, values = drawn(1, missing=missing)
    strata = np.arange(60) % 3 if stratified else None
    fit = screen_cox(time, event, values, ties=ties, strata=strata, conf_level=0.9)
    for j in range(values.shape[1]):
        known = ~np.isnan(values[:, j])
        alone = DesignMatrix(values[known, j : j + 1], ("x",))
        within = None if strata is None else strata[known]
        other = fit_cox(time[known], event[known], alone, ties=ties, strata=within, conf_level=0.9)
        for name in NUMBERS:
            assert getattr(fit, name)[j] == pytest.approx(getattr(other, name)[0], rel=1e-7), name
        assert (fit.count[j], fit.events[j]) == (known.sum(), event[known].sum())


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_without_a_maximum_it_is_penalized(sign):
    """Every event has the larger value (or the smaller); beside it another feature is as it is alone."""
    time, event, values = drawn(2)
    values[:, 2] = sign * event
    fit = screen_cox(time, event, values, ties="efron")
    other = fit_cox(time, event, DesignMatrix(values[:, 2:3], ("x",)), ties="efron", conf_level=0.95)
    assert other.penalized
    assert fit.penalized.tolist() == [False, False, True, False, False]
    for name in NUMBERS:
        assert getattr(fit, name)[2] == pytest.approx(getattr(other, name)[0], rel=1e-9), name
    assert np.sign(fit.coef[2]) == sign
    assert fit.notes[2]
    alone = screen_cox(time, event, values[:, :2], ties="efron")
    np.testing.assert_allclose(fit.p_value[:2], alone.p_value, rtol=1e-9)


def test_where_the_penalized_likelihood_has_no_credible_maximum_nothing_is_told():
    """A feature that orders all events perfectly."""
    time, event, values = drawn(2)
    values[:, 2] = -time
    fit = screen_cox(time, event, values, ties="efron")
    assert np.isnan([getattr(fit, name)[2] for name in NUMBERS]).all()
    assert not fit.penalized[2]
    assert "Firth" in fit.notes[2]


def test_a_feature_that_cannot_be_told_has_a_reason():
    time, event, values = drawn(3)
    values[:, 1] = 4.0
    values[event, 2] = np.nan
    values[:, 3] = np.nan
    # only those who leave before the first event differ
    first = time[event].min()
    values[:, 4] = np.where(time < first, values[:, 4], 0.0)
    fit = screen_cox(time, event, values, ties="efron")
    assert [bool(note) for note in fit.notes] == [False, True, True, True, True]
    assert "does not differ" in fit.notes[1]
    assert "no event" in fit.notes[2]
    assert "no event" in fit.notes[3]
    assert "does not differ" in fit.notes[4]
    for name in (*NUMBERS, "q_value"):
        assert np.isnan(getattr(fit, name)[1:]).all(), name
    assert fit.q_value[0] == fit.p_value[0]
    assert fit.count.tolist()[2:4] == [(~event).sum(), 0]
    assert fit.events.tolist()[2:4] == [0, 0]


@pytest.mark.parametrize(("unit", "shift"), [(1e-150, 0), (1e-9, 1e-6), (1e9, -1e12), (1e150, 0)])
def test_a_unit_changes_nothing_but_the_unit(unit, shift):
    time, event, values = drawn(4, missing=0.2)
    plain, scaled = (screen_cox(time, event, part, ties="efron") for part in (values, unit * values + shift))
    np.testing.assert_allclose(scaled.coef, plain.coef / unit, rtol=1e-8)
    np.testing.assert_allclose(scaled.p_value, plain.p_value, rtol=1e-8)


def test_order_of_rows_changes_nothing():
    time, event, values = drawn(5, missing=0.2)
    strata = np.arange(60) % 2
    order = np.random.default_rng(5).permutation(60)
    plain = screen_cox(time, event, values, ties="efron", strata=strata)
    other = screen_cox(time[order], event[order], values[order], ties="efron", strata=strata[order])
    np.testing.assert_allclose(other.coef, plain.coef, rtol=1e-9)


def test_an_outlying_value_does_not_lead_the_search_astray():
    """One value of 50 standard deviations at an early event; the maximum is checked by the likelihood around it."""
    time, event, values = drawn(6, ties=False)
    values[np.argmin(time), 0] = 400.0
    event[np.argmin(time)] = True
    fit = screen_cox(time, event, values[:, :1], ties="breslow")

    def loglik(b):
        at_risk = time[:, None] >= time[None, :]
        risk = np.log((at_risk * np.exp(b * values[:, :1])).sum(axis=0))
        return (b * values[:, 0] - risk)[event].sum()

    step = fit.std_error[0] / 100
    top = loglik(fit.coef[0])
    assert top > max(loglik(fit.coef[0] - step), loglik(fit.coef[0] + step))
    # the curvature by central differences, of a relative step of 1e-2
    curve = (loglik(fit.coef[0] - step) - 2 * top + loglik(fit.coef[0] + step)) / step**2
    assert fit.std_error[0] == pytest.approx(1 / np.sqrt(-curve), rel=1e-3)


def test_values_that_differ_between_strata_change_nothing():
    """Only those of the same stratum are at risk together, however far others are."""
    time, event, values = drawn(8, missing=0.2)
    strata = np.arange(60) % 3
    far = values + 1e4 * strata[:, None]
    plain, other = (screen_cox(time, event, part, ties="efron", strata=strata) for part in (values, far))
    # 1e4 standard deviations take four digits of the values
    np.testing.assert_allclose(other.coef, plain.coef, rtol=1e-9)
    np.testing.assert_allclose(other.std_error, plain.std_error, rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_features_with_heavy_tails(seed):
    """Full steps would go beyond what numbers can hold; fifth powers of normal values, against `fit_cox`."""
    time, event, values = drawn(20 + seed, people=30)
    values = 100 * values**5
    fit = screen_cox(time, event, values, ties="efron")
    for j in range(values.shape[1]):
        other = fit_cox(time, event, DesignMatrix(values[:, j : j + 1], ("x",)), ties="efron", conf_level=0.95)
        assert fit.coef[j] == pytest.approx(other.coef[0], abs=1e-7 * other.std_error[0])
        assert fit.std_error[j] == pytest.approx(other.std_error[0], rel=1e-7)


@pytest.mark.parametrize(
    ("change", "fault", "kind"),
    [
        ({"X": np.full((3, 1), np.inf)}, "finite", DataError),
        ({"X": [1.0, 2, 3]}, "shape", DataError),
        ({"X": np.ones((2, 1))}, "3 rows", DataError),
        ({"X": np.empty((3, 0))}, "shape", DataError),
        ({"time": [1.0, np.nan, 3]}, "time", DataError),
        ({"time": [1.0, -2, 3]}, "time", DataError),
        ({"event": [1, 0, 2]}, "event", DataError),
        ({"event": [1, 0]}, "event", DataError),
        ({"strata": ["a", "b"]}, "strata", DataError),
        ({"ties": "exact"}, "ties", SpecError),
        ({"conf_level": 95}, "conf_level", SpecError),
    ],
)
def test_refused(change, fault, kind):
    given = {"time": [1, 2, 3], "event": [1, 1, 1], "X": column(0, 1, 0), "ties": "efron"} | change
    with pytest.raises(kind, match=fault):
        screen_cox(given.pop("time"), given.pop("event"), given.pop("X"), **given)


def test_level_and_coverage():
    """2,000 features of 200 participants, half with a log hazard ratio: limits cover it, the others reject at level."""
    draw = np.random.default_rng(7)
    covered, rejected = [], []
    for _ in range(20):
        values = draw.normal(size=(200, 51))
        time = draw.exponential(np.exp(-0.4 * values[:, 0]))
        event = time < 1.5
        fit = screen_cox(np.minimum(time, 1.5), event, values, ties="efron")
        rejected += (fit.p_value[1:] < 0.05).tolist()
        covered += [fit.lower[0] < 0.4 < fit.upper[0]]
    # features of one data set share its times, not their values: independent but for what Wald's test departs from 0.05
    assert np.mean(rejected) == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 1000))
    assert np.mean(covered) > 0.8
