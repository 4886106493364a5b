"""A random intercept and slope on lme4's sleepstudy, against lme4 and lmerTest, and the numbers that lme4 publishes."""

from __future__ import annotations

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.types import DesignMatrix

R = load("sleepstudy")
MAXIMIZED = 1e-4  # lmer stops at about 1e-6 of its criterion; ours is no worse


def fitted(times=1.0):
    days = floats(R["days"])
    design = DesignMatrix(np.column_stack([np.ones(len(days)), days]), ("one", "day"))
    return fit_mmrm(
        R["reaction"],
        design,
        R["subject"],
        R["days"],
        covariance="random-slope",
        df_method="satterthwaite",
        conf_level=0.95,
        times=days * times,
    )


def test_lme4_gives_the_same_model():
    found = fitted()
    assert found.converged
    assert found.criterion <= R["criterion"] + 1e-9
    assert found.criterion == pytest.approx(R["criterion"], abs=1e-5)
    np.testing.assert_allclose(found.coef, R["coef"], rtol=MAXIMIZED)
    np.testing.assert_allclose(found.std_error, R["std_error"], rtol=MAXIMIZED)
    intercept, slope, covariance, residual = R["variances"]
    np.testing.assert_allclose(found.theta, [intercept, covariance, slope, residual], rtol=MAXIMIZED)
    for row, df in zip(np.eye(2), R["df"], strict=True):
        assert found.contrast(row).df == pytest.approx(df, rel=1e-3)


def test_the_numbers_that_lme4_publishes():
    found = fitted()
    assert round(found.criterion, 1) == 1743.6
    assert np.round(found.coef, 3).tolist() == [251.405, 10.467]
    assert np.round(found.std_error, 3).tolist() == [6.825, 1.546]
    assert [float(f"{found.theta[i]:.4g}") for i in (0, 2, 3)] == [612.1, 35.07, 654.9]


@pytest.mark.parametrize("unit", [1e-6, 24.0, 1e9])
def test_the_unit_of_time_does_not_matter(unit):
    found, days = fitted(unit), fitted()
    np.testing.assert_allclose(found.std_error, days.std_error, rtol=1e-7)
    assert found.theta[2] * unit**2 == pytest.approx(days.theta[2], rel=1e-6)
