"""Mixed models for repeated measures against nlme, clubSandwich, lme4 with its companions, and definitions written out.

The data are the synthetic trial's lymphocytes at five visits, a made trial of 24 with a fifth of its observations
missing, and nlme's Orthodont.
"""

from __future__ import annotations

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.mmrm import fit_mmrm
from npcstats.estimators.types import DesignMatrix

R = load("mmrm")

# gls and lmer stop where their search sees no further fall, up to 2e-5 standard errors beside the maximum
STOPPED = 5e-5
LOWER = 1e-7  # their criterion below ours, by rounding only
# derivatives of the covariance by complex steps, of the gradient by Richardson's extrapolation
WRITTEN = 1e-7
TAIL = 1e-15  # p-values below are of t values too large for the last digits to matter
# lmerTest differentiates twice by numDeriv, at lmer's optimum
NUMERICAL = 1e-4


def sample_of(case):
    return R["samples"][case["sample"]]


def fitted(case, *, covariance, df_method="residual", reml=True, **options):
    sample = sample_of(case)
    if covariance == "spatial-exponential":
        options["times"] = sample["time"]
    if case.get("weighted"):
        options["weights"] = sample["weight"]
    design = DesignMatrix(floats(sample["x"]), tuple(sample["names"]))
    return fit_mmrm(sample["y"], design, sample["subject"], sample["visit"], covariance=covariance, df_method=df_method,
                    conf_level=0.95, reml=reml, **options)  # fmt: skip


def named(*fields):
    return lambda case: "-".join(str(case[field]) for field in fields)


def alone(fit, what):
    """A field of the contrast of each coefficient."""
    return np.array([getattr(fit.contrast(row), what) for row in np.eye(len(fit.names))])


@pytest.mark.parametrize("case", R["gls"], ids=named("sample", "covariance", "reml", "weighted"))
def test_gls(case):
    fit = fitted(case, covariance=case["covariance"], reml=case["reml"])
    assert fit.converged, fit.note
    assert fit.criterion <= case["criterion"] + LOWER
    assert fit.criterion == pytest.approx(case["criterion"], abs=1e-6)
    assert np.max(np.abs(fit.coef - case["coef"]) / case["std_error"]) < STOPPED
    np.testing.assert_allclose(fit.std_error, case["std_error"], rtol=STOPPED)
    if "range" in case:
        np.testing.assert_allclose(fit.theta, [case["variance"], case["range"]], rtol=STOPPED)
    else:
        np.testing.assert_allclose(fit.covariance[0], case["covariance_matrix"], rtol=1e-4)


@pytest.mark.parametrize("case", R["written"], ids=named("sample", "covariance", "df_method"))
def test_written_out(case):
    fit = fitted(case, covariance=case["covariance"], df_method=case["df_method"])
    assert fit.criterion == pytest.approx(case["criterion"], rel=1e-10)
    np.testing.assert_allclose(fit.theta, case["theta"], rtol=WRITTEN, atol=1e-7)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.theta_vcov)), case["theta_error"], rtol=WRITTEN)
    np.testing.assert_allclose(fit.coef, case["coef"], rtol=WRITTEN)
    np.testing.assert_allclose(fit.std_error, case["std_error"], rtol=WRITTEN)
    np.testing.assert_allclose(alone(fit, "std_error"), case["std_error"], rtol=WRITTEN)
    np.testing.assert_allclose(alone(fit, "df"), case["df"], rtol=WRITTEN)
    np.testing.assert_allclose(alone(fit, "p_value"), case["p_value"], rtol=10 * WRITTEN, atol=TAIL)
    joint = fit.contrast(np.eye(len(fit.names))[case["joint_columns"]])
    told = case["joint"]
    assert joint.df_numerator == told["df_numerator"]
    assert (joint.statistic, joint.df, joint.p_value) == pytest.approx(
        (told["statistic"], told["df"], told["p_value"]), rel=10 * WRITTEN, abs=TAIL
    )


@pytest.mark.parametrize("case", R["robust"], ids=named("sample", "covariance", "weighted", "variance"))
def test_robust(case):
    fit = fitted(case, covariance=case["covariance"], df_method="satterthwaite", variance=case["variance"])
    assert np.max(np.abs(fit.coef - case["coef"]) / case["std_error"]) < STOPPED
    np.testing.assert_allclose(fit.std_error, case["std_error"], rtol=STOPPED)
    np.testing.assert_allclose(alone(fit, "df"), case["df"], rtol=STOPPED)
    np.testing.assert_allclose(alone(fit, "p_value"), case["p_value"], rtol=NUMERICAL, atol=TAIL)


@pytest.mark.parametrize("case", R["intercepts"], ids=named("sample"))
def test_random_intercept(case):
    """Compound symmetry of a covariance above 0 is a random intercept."""
    fit = fitted(case, covariance="compound-symmetry", df_method="satterthwaite")
    assert fit.criterion <= case["criterion"] + LOWER
    np.testing.assert_allclose(fit.theta, [case["covariance"], case["residual"]], rtol=STOPPED)
    assert np.max(np.abs(fit.coef - case["coef"]) / case["std_error"]) < STOPPED
    np.testing.assert_allclose(fit.std_error, case["std_error"], rtol=STOPPED)
    np.testing.assert_allclose(alone(fit, "df"), case["df"], rtol=NUMERICAL)


def test_kenward_roger_of_balanced_data():
    """Of balanced data observed and expected second derivatives give the same; pbkrtest takes the expected ones."""
    (case,) = (case for case in R["intercepts"] if "kr_df" in case)
    fit = fitted(case, covariance="compound-symmetry", df_method="kenward-roger")
    np.testing.assert_allclose(fit.std_error, case["kr_std_error"], rtol=STOPPED)
    np.testing.assert_allclose(alone(fit, "df"), case["kr_df"], rtol=STOPPED)
    told = case["kr_joint"]
    joint = fit.contrast(np.eye(len(fit.names))[told["columns"]])
    assert (joint.statistic, joint.df_numerator, joint.df, joint.p_value) == pytest.approx(
        (told["statistic"], told["df_numerator"], told["df"], told["p_value"]), rel=STOPPED
    )


def test_sleepstudy():
    """A random slope of balanced data, from each person's own line.

    All 18 have the days z = (1, day). The lines b = (z'z)^-1 z'y are independent, with covariance G + s^2 (z'z)^-1
    where G is free, so an unstructured covariance of two "visits", intercept and slope, gives the coefficients, their
    errors on 17 degrees of freedom, and G. The restricted likelihood is that of the lines and of what is left of each
    person's ten days: 8 independent deviations, with the Jacobian of (y to b and deviations), log|z'z| / 2 each.
    """
    told = R["sleepstudy"]
    y = floats(told["reaction"]).reshape(18, 10)
    z = np.column_stack([np.ones(10), np.arange(10.0)])
    np.testing.assert_array_equal(floats(told["days"]).reshape(18, 10)[3], z[:, 1])
    lines = y @ z @ np.linalg.inv(z.T @ z)
    rest = ((y - lines @ z.T) ** 2).sum()
    fit = fit_mmrm(lines.reshape(-1), DesignMatrix(np.tile(np.eye(2), (18, 1)), ("intercept", "days")),
                   np.repeat(np.arange(18), 2), np.tile([0, 1], 18), covariance="unstructured",
                   df_method="kenward-roger", conf_level=0.95)  # fmt: skip
    np.testing.assert_allclose(fit.coef, told["coef"], rtol=STOPPED)
    np.testing.assert_allclose(fit.std_error, told["std_error"], rtol=STOPPED)
    np.testing.assert_allclose(alone(fit, "df"), [17, 17], rtol=1e-7)
    residual = rest / (18 * 8)
    assert residual == pytest.approx(told["residual"], rel=STOPPED)
    between = fit.covariance[0] - residual * np.linalg.inv(z.T @ z)
    np.testing.assert_allclose(between, told["between"], rtol=STOPPED)
    left = 18 * 8 * (np.log(2 * np.pi * residual) + 1)
    assert fit.criterion + left + 18 * np.linalg.slogdet(z.T @ z)[1] == pytest.approx(told["criterion"], abs=1e-5)
    # printed by lme4 and in its paper
    np.testing.assert_allclose(fit.coef, [251.405, 10.467], atol=5e-4)
    np.testing.assert_allclose(fit.std_error, [6.825, 1.546], atol=5e-4)
    assert told["criterion"] == pytest.approx(1743.6, abs=0.05)
