"""Screens of many features against lme4 with lmerTest, and survival's coxph.

The data are radiomic features of the synthetic trial, a made trial with features of wild units and missing values, and
80 made participants with tied times.
"""

from __future__ import annotations

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.screening import screen_cox, screen_random_intercept
from npcstats.estimators.screening.random_intercept import NOTHING_WITHIN
from npcstats.estimators.types import DesignMatrix

R = load("screening")

LOWER = 1e-8  # their criterion below ours, by rounding only
# lmer stops where its search sees no further fall
STOPPED = 1e-6
# lmerTest differentiates twice by numDeriv
NUMERICAL = 1e-5
EXACT = 1e-9  # both are Newton's, to the last digits
# two participants have two values, and the design two columns that vary within them
UNTOLD = ("made", 6)


def screened(name):
    sample = R["samples"][name]
    design = DesignMatrix(floats(sample["x"]), tuple(sample["names"]))
    return screen_random_intercept(floats(sample["y"]), design, sample["subject"])


@pytest.fixture(scope="module")
def screens():
    return {name: screened(name) for name in R["samples"]}


def place(case):
    return case["sample"], case["feature"]


@pytest.mark.parametrize("case", [c for c in R["intercepts"] if place(c) != UNTOLD], ids=lambda c: str(place(c)))
def test_random_intercept(screens, case):
    fit, j = screens[case["sample"]], case["feature"]
    assert fit.notes[j] == ""
    assert fit.criterion[j] <= case["criterion"] + LOWER
    assert np.max(np.abs(fit.coef[j] - case["coef"]) / case["std_error"]) < STOPPED
    np.testing.assert_allclose(fit.std_error[j], case["std_error"], rtol=STOPPED)
    np.testing.assert_allclose(fit.df[j], case["df"], rtol=NUMERICAL)
    np.testing.assert_allclose([fit.between[j], fit.within[j]], [case["between"], case["within"]], rtol=STOPPED,
                               atol=1e-12 * case["within"])  # fmt: skip
    assert (fit.count[j], fit.participants[j]) == (case["count"], case["participants"])


def test_what_cannot_be_told_is_not(screens):
    """lmer gives estimates with a warning: its criterion is the same at other variances."""
    assert screens[UNTOLD[0]].notes[UNTOLD[1]] == NOTHING_WITHIN


def test_every_kind_of_feature_is_there():
    """A variance between of 0, and one of many thousand times that within."""
    ratios = [case["between"] / case["within"] for case in R["intercepts"]]
    assert min(ratios) < 1e-9
    assert max(ratios) > 1e4


@pytest.mark.parametrize("time", ["months", "days"])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("stratified", [False, True])
def test_cox(time, ties, stratified):
    given = R["hazards"]
    strata = given["strata"] if stratified else None
    fit = screen_cox(given["time"][time], given["event"], floats(given["x"]), ties=ties, strata=strata)
    asked = {"time": time, "ties": ties, "stratified": stratified}
    cases = [case for case in R["cox"] if asked.items() <= case.items()]
    assert [case["feature"] for case in cases] == list(range(len(fit.notes)))
    for case in cases:
        j = case["feature"]
        for name in ("coef", "std_error", "p_value", "lower", "upper"):
            assert getattr(fit, name)[j] == pytest.approx(case[name], rel=EXACT), name
        assert (fit.count[j], fit.events[j]) == (case["count"], case["events"])
