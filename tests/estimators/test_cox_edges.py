"""Cox regression of samples that hardly say anything, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from cox_models import MAXIMUM, design, fit, same

from npcstats.errors import DataError, SpecError
from npcstats.estimators.timetoevent import fit_cox
from npcstats.estimators.types import DesignMatrix

TIME = np.arange(1.0, 13)
EVENT = np.tile([1, 1, 0], 4)
X = np.sin(np.arange(12.0))


def test_no_events() -> None:
    model = fit(TIME, 0 * EVENT, X)
    assert np.isnan(model.coef).all()
    assert model.note == model.notes[0] == "There are no events, so there are no coefficients."
    assert model.wald_test.note == model.ph_test().note == model.contrast([1.0]).note == model.note
    assert len(model.cumulative_hazard([0.0]).time) == 0


def test_no_participants_and_one() -> None:
    empty = fit_cox([], [], DesignMatrix(np.empty((0, 1)), ("x",)), ties="efron", conf_level=0.95)
    assert empty.note == "There are no participants."
    one = fit([3.0], [1], [1.0])
    assert math.isnan(one.hazard_ratio[0])
    assert "constant" in one.notes[0]


def test_no_covariates() -> None:
    model = fit_cox(TIME, EVENT, DesignMatrix(np.empty((12, 0)), ()), ties="efron", conf_level=0.95)
    assert model.note == "There are no covariates."
    assert model.loglik == model.loglik_null == fit(TIME, EVENT, X).loglik_null
    assert model.coef.shape == (0,)
    # no covariates: Breslow's hazard is Nelson and Aalen's
    hazard = model.cumulative_hazard([]).cumulative_hazard
    np.testing.assert_allclose(hazard, np.cumsum(1 / (13 - TIME[EVENT == 1])), rtol=MAXIMUM)


def test_columns_that_say_nothing_have_no_coefficient() -> None:
    group = np.tile([0.0, 1.0], 6)
    model = fit(TIME, EVENT, np.ones(12), X, np.full(12, 0.1), 2 * X, group, X + group)
    assert np.isfinite(model.coef).tolist() == [False, True, False, False, True, False]
    assert ["constant" in note for note in model.notes] == [True, False, True, False, False, False]
    assert ["combination" in note for note in model.notes] == [False, False, False, True, False, True]
    np.testing.assert_allclose(model.coef[[1, 4]], fit(TIME, EVENT, X, group).coef, rtol=MAXIMUM)
    assert model.wald_test.df == 2
    assert math.isnan(model.contrast([0, 1, 0, 1, 0, 0]).estimate)
    assert model.contrast([0, 1, 0, 0, 0, 0]).estimate == model.coef[1]
    tests = model.ph_test()
    assert [math.isnan(t.statistic) for t in tests.by_column] == [True, False, True, True, False, True]
    assert tests.df == 2


def test_a_column_that_varies_between_strata_only_has_no_coefficient() -> None:
    model = fit(TIME, EVENT, X > 0, X, strata=X > 0)
    assert np.isfinite(model.coef).tolist() == [False, True]
    assert "does not differ among those at risk together" in model.notes[0]


def test_all_events_at_one_time() -> None:
    """All have the event together: nobody is before another, the coefficient is 0; and there is no trend to test."""
    model = fit(np.full(12, 5.0), np.ones(12), X)
    assert model.coef[0] == pytest.approx(0, abs=1e-12)
    assert model.std_error[0] > 0
    assert "no trend over time" in model.ph_test().note
    some = fit(np.full(12, 5.0), EVENT, X)
    assert np.isfinite(some.coef[0])


def test_an_event_at_time_0_counts() -> None:
    model = fit(TIME - 1, EVENT, X)
    same(model, fit(TIME, EVENT, X))
    assert "no logarithm" in model.ph_test("log").note
    assert math.isfinite(model.ph_test("km").statistic)


def test_one_cluster_has_no_variance() -> None:
    model = fit(TIME, EVENT, X, cluster=np.zeros(12))
    assert math.isfinite(model.coef[0])
    assert model.std_error[0] == 0
    assert np.isnan([model.lower[0], model.hazard_ratio_upper[0], model.p_value[0]]).all()
    assert "variance is 0" in model.notes[0]


def test_a_ratio_beyond_numbers_is_not_printed() -> None:
    model = fit(TIME, EVENT, X * 1e-6)
    assert math.isfinite(model.coef[0])
    assert math.isnan(model.hazard_ratio[0])
    assert "another unit" in model.notes[0]
    flat = fit(TIME, EVENT, X * 1e200)  # limits of 1 and 1
    assert math.isnan(flat.hazard_ratio_lower[0])
    assert "another unit" in flat.notes[0]


def test_a_value_too_far_from_all_others_is_not_estimated() -> None:
    model = fit(TIME, EVENT, np.concatenate([[1e6], X[1:]]))
    assert np.isnan(model.coef).all()
    assert "not maximized" in model.note


def test_more_columns_than_participants() -> None:
    draw = np.random.default_rng(9)
    model = fit([1, 2, 3, 4], [1, 1, 0, 1], *draw.normal(size=(5, 4)))
    assert np.isnan(model.coef[3:]).all()
    finite = model.hazard_ratio[np.isfinite(model.hazard_ratio)]
    assert (finite < 1e4).all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"time": -TIME}, "time: values below 0"),
        ({"time": np.append(TIME[1:], np.inf)}, "time: values missing or infinite"),
        ({"event": EVENT + 1}, "event: values other than 0 and 1"),
        ({"entry": TIME}, "entry: values not before time"),
        ({"weights": -np.ones(12)}, "weights: values below 0"),
        ({"weights": np.zeros(12)}, "weights: all 12 weights are 0"),
        ({"strata": [None] * 12}, "strata: labels missing"),
        ({"cluster": [1, 2]}, "cluster: has 2 rows"),
        ({"design": np.ones((12, 1))}, "design: is a ndarray"),
        ({"design": design(np.ones(3))}, "design: has 3 rows"),
    ],
)
def test_bad_data_is_refused(changed: dict[str, Any], message: str) -> None:
    arguments = {"time": TIME, "event": EVENT, "design": design(X), "ties": "efron", "conf_level": 0.95} | changed
    with pytest.raises(DataError, match=message):
        fit_cox(**arguments)


def test_unknown_options_are_refused() -> None:
    with pytest.raises(SpecError, match="ties: is 'exact'; one of efron, breslow"):
        fit(TIME, EVENT, X, ties="exact")
    with pytest.raises(SpecError, match="conf_level"):
        fit_cox(TIME, EVENT, design(X), ties="efron", conf_level=95)
    model = fit(TIME, EVENT, X)
    with pytest.raises(SpecError, match="transform: is 'sqrt'; one of km, rank, identity, log"):
        model.ph_test("sqrt")
    with pytest.raises(SpecError, match="name: is 'age'"):
        model.interval("age")
    with pytest.raises(DataError, match="L: has 2 numbers; 1 required"):
        model.contrast([1, 2])
    with pytest.raises(DataError, match="at: has 2 numbers; 1 required"):
        model.cumulative_hazard([1, 2])
