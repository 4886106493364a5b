"""Propensity scores, weights, trimming, balance and E-values against what R printed (`weighting.R`)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.sensitivity import estimate_e_value
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import compare_balance, effective_size, fit_propensity, trim_scores, weigh

# closed forms in double precision on both sides; R's numbers are recorded with 15 digits
CLOSED_FORM = {"rtol": 1e-10, "atol": 1e-14}
# glm stops at a relative change of the deviance of 1e-14, which leaves about its root in the coefficients
GLM = {"rtol": 1e-7, "atol": 1e-9}

R = load("weighting")
LALONDE, CASES = R["lalonde"], R["cases"]


def design_of(columns: dict[str, Any]) -> DesignMatrix:
    return DesignMatrix(np.column_stack([floats(values) for values in columns.values()]), tuple(columns))


def check(ours: Any, theirs: Any, tolerance: dict[str, float]) -> None:
    np.testing.assert_allclose(ours, floats(theirs), **tolerance)


@pytest.fixture(scope="module")
def fitted():
    return fit_propensity(LALONDE["treated"], design_of(LALONDE["columns"]))


class TestLalonde:
    def test_scores_and_coefficients(self, fitted):
        theirs = LALONDE["fit"]
        assert list(fitted.names) == theirs["names"]
        check(fitted.score, theirs["score"], GLM)
        check(fitted.coefficients, theirs["coefficients"], GLM)

    def test_both_covariances(self, fitted):
        scale = np.sqrt(np.outer(*[np.diag(floats(LALONDE["fit"]["vcov"]))] * 2))
        check(fitted.covariance / scale, floats(LALONDE["fit"]["vcov"]) / scale, GLM)
        sandwich = fitted.influence.T @ fitted.influence
        check(sandwich / scale, floats(LALONDE["fit"]["sandwich"]) / scale, GLM)

    @pytest.mark.parametrize("name", ["ate", "att", "ato", "stabilized"])
    def test_weights_means_and_sizes(self, fitted, name):
        theirs = LALONDE["weighted"][name]
        stabilized = name == "stabilized"
        weights = weigh(fitted, LALONDE["treated"], estimand="ate" if stabilized else name, stabilized=stabilized)
        check(weights.values, theirs["weights"], GLM)
        outcome, arm = floats(LALONDE["outcome"]), weights.treated
        check([np.average(outcome[on], weights=weights.values[on]) for on in (arm, ~arm)], theirs["means"], GLM)
        check(effective_size(weights.values[arm]), theirs["size1"], GLM)
        check(effective_size(weights.values[~arm]), theirs["size0"], GLM)

    @pytest.mark.parametrize("name", ["ate", "att", "ato"])
    @pytest.mark.parametrize("denominator", ["treated", "average"])
    def test_balance_after(self, fitted, name, denominator):
        weights = weigh(fitted, LALONDE["treated"], estimand=name, stabilized=False)
        found = compare_balance(design_of(LALONDE["columns"]), LALONDE["treated"], weights, denominator=denominator)
        check([one.after.estimate for one in found], LALONDE["weighted"][name][denominator], GLM)

    def test_balance_before_is_that_of_matchit(self, fitted):
        """MatchIt divides by the deviation of those treated."""
        found = compare_balance(design_of(LALONDE["columns"]), LALONDE["treated"], np.ones(614), denominator="treated")
        check([one.before.estimate for one in found], LALONDE["matchit"], CLOSED_FORM)
        check([one.after.estimate for one in found], LALONDE["matchit"], CLOSED_FORM)

    def test_trimming(self, fitted):
        found = trim_scores(fitted.score, LALONDE["treated"], rule="crump")
        assert found.kept.astype(int).tolist() == LALONDE["crump"]["kept"]
        assert found.lower == pytest.approx(LALONDE["crump"]["alpha"], rel=1e-7)
        assert found.upper == 1 - found.lower


def test_case_weights_and_columns_of_any_size():
    """A row that does not count is scored all the same, as predict does."""
    found = fit_propensity(CASES["treated"], design_of(CASES["columns"]), case_weights=CASES["count"])
    check(found.score, CASES["score"], GLM)
    check(found.coefficients, CASES["coefficients"], GLM)
    scale = np.sqrt(np.outer(*[np.diag(floats(CASES["vcov"]))] * 2))
    check(found.covariance / scale, floats(CASES["vcov"]) / scale, GLM)
    assert not found.influence[floats(CASES["count"]) == 0].any()


@pytest.mark.parametrize("case", R["trims"], ids=["tails", "nobody", "ties", "many"])
def test_trimming_by_the_least_variance(case):
    arm = np.arange(len(case["score"])) % 2
    found = trim_scores(case["score"], arm, rule="crump")
    assert found.kept.astype(int).tolist() == case["kept"]
    assert found.lower == pytest.approx(case["alpha"], rel=1e-12)
    kept = np.array(case["kept"], dtype=bool)
    assert (found.lost1, found.lost0) == (np.sum(~kept & (arm == 1)), np.sum(~kept & (arm == 0)))


@pytest.mark.parametrize("case", R["evalues"], ids=lambda case: f"{case['measure']}-{case['values'][0]}")
def test_e_values(case):
    found = estimate_e_value(
        *case["values"],
        measure=case["measure"],
        outcome_share=case["outcome_share"],
        std_deviation=case["std_deviation"],
    )
    check([found.risk_ratio, found.lower, found.upper], case["risk_ratio"], CLOSED_FORM)
    check([found.estimate, found.limit], [case["estimate"], case["limit"]], CLOSED_FORM)
    assert math.isfinite(found.limit)
    assert found.note == ""
