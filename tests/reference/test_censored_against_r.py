"""Values below a limit against what R printed: an exact likelihood, survreg, lmer, and equations written out."""

from __future__ import annotations

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.censored import fit_gee_logistic, fit_tobit
from npcstats.estimators.types import DesignMatrix

R = load("censored")
MAXIMIZED = 2e-6  # numerical derivatives of a likelihood that 25 nodes take to 1e-7
SOLVED = 2e-7  # printed at 15 digits; R's steps end at 1e-13, ours where a step changes the score by 1e-12
SAME = 1e-6  # of a logarithm of a likelihood
NOTHING = 1e-6  # spread between participants that is none


def design_of(data):
    visit = floats(data["visit"])
    columns = {"one": np.ones(len(visit))} | {f"visit {k:g}": visit == k for k in np.unique(visit)[1:]}
    columns |= {name: floats(data[name]) for name in ("group", "age")}
    return DesignMatrix(np.column_stack([np.asarray(c, dtype=float) for c in columns.values()]), tuple(columns))


def tobit(data):
    return fit_tobit(data["y"], data["below"], design_of(data), data["subject"], conf_level=0.95)


@pytest.mark.parametrize("case", R["mixed"], ids=lambda case: str(len(case["data"]["y"])))
def test_mixed_model_of_values_cut_off(case):
    found = tobit(case["data"])
    assert found.converged
    assert 0 < found.n_censored == sum(case["data"]["below"])
    np.testing.assert_allclose(found.coef, case["coef"], rtol=MAXIMIZED)
    np.testing.assert_allclose(found.std_error, case["error"], rtol=MAXIMIZED)
    assert found.between == pytest.approx(case["between"], rel=MAXIMIZED)
    assert found.within == pytest.approx(case["within"], rel=MAXIMIZED)
    assert found.loglik == pytest.approx(case["loglik"], abs=SAME)


def test_mixed_model_of_values_that_are_not():
    case = R["uncut"]
    found = tobit(case["data"])
    np.testing.assert_allclose(found.coef, case["coef"], rtol=MAXIMIZED)
    assert (found.between, found.within) == pytest.approx((case["between"], case["within"]), rel=MAXIMIZED)
    assert found.loglik == pytest.approx(case["loglik"], abs=SAME)


def test_participants_who_share_nothing():
    case = R["alone"]
    found = tobit(case["data"])
    assert found.between == pytest.approx(0, abs=NOTHING)
    np.testing.assert_allclose(found.coef, case["coef"], rtol=MAXIMIZED)
    np.testing.assert_allclose(found.std_error, case["error"], rtol=MAXIMIZED)
    assert found.within == pytest.approx(case["within"], rel=MAXIMIZED)
    assert found.loglik == pytest.approx(case["loglik"], abs=SAME)


def test_one_value_each():
    case = R["single"]
    found = tobit(case["data"])
    assert np.isnan(found.between)
    np.testing.assert_allclose(found.coef, case["coef"], rtol=MAXIMIZED)
    np.testing.assert_allclose(found.std_error, case["error"], rtol=MAXIMIZED)
    assert found.within == pytest.approx(case["within"], rel=MAXIMIZED)
    assert found.loglik == pytest.approx(case["loglik"], abs=SAME)


@pytest.mark.parametrize("case", R["yes_no"], ids=lambda case: str(len(case["data"]["below"])))
@pytest.mark.parametrize(("variance", "error"), [("robust", "robust"), ("mancl-derouen", "corrected")])
def test_yes_or_no(case, variance, error):
    data = case["data"]
    found = fit_gee_logistic(1 - floats(data["below"]), design_of(data), data["subject"], variance=variance,
                             conf_level=0.95)  # fmt: skip
    assert found.converged
    assert found.correlation == pytest.approx(case["correlation"], rel=SOLVED)
    np.testing.assert_allclose(found.coef, case["coef"], rtol=SOLVED)
    np.testing.assert_allclose(found.std_error, case[error], rtol=SOLVED)
