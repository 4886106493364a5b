"""The course of a coefficient over time, and nested Cox models, against what R printed."""

from __future__ import annotations

import numpy as np
import pytest
from recorded import load

from npcstats.errors import SpecError
from npcstats.estimators.timetoevent import compare_nested, estimate_residual_course, fit_cox
from npcstats.estimators.types import DesignMatrix

R = load("course")

# both fits end where a step changes the likelihood by 1e-9; residuals inherit the coefficients' last digits
FITTED = 1e-6


def fitted(case, columns=("a", "b"), **options):
    sample = R["samples"][case["sample"]]
    design = DesignMatrix(np.column_stack([sample[name] for name in columns]), columns)
    return fit_cox(sample["time"], sample["event"], design, ties=case.get("ties", "efron"), conf_level=0.95, **options)


def course_id(case):
    return "-".join(str(case[name]) for name in ("sample", "transform", "knots", "column"))


@pytest.mark.parametrize("case", R["courses"], ids=course_id)
def test_course(case):
    fit = fitted(case)
    variance = float(fit.model_vcov[fit.names.index(case["column"])][fit.names.index(case["column"])])
    assert variance == pytest.approx(case["variance"], rel=FITTED)
    found = estimate_residual_course(
        fit.ph_test(case["transform"]), case["column"], variance=variance, knots=case["knots"], conf_level=0.95
    )
    for name in ("estimate", "lower", "upper"):
        np.testing.assert_allclose(getattr(found, name), case[name], rtol=FITTED, atol=1e-8)


@pytest.mark.parametrize("case", R["nested"], ids=lambda c: f"{c['sample']}-{c['ties']}")
def test_nested_models(case):
    test = compare_nested(fitted(case), fitted(case, ("b",)))
    assert (test.statistic, test.df, test.p_value) == pytest.approx(
        (case["statistic"], case["df"], case["p_value"]), rel=FITTED
    )


def test_models_must_be_nested():
    case = R["nested"][0]
    with pytest.raises(SpecError, match="not nested"):
        compare_nested(fitted(case, ("a",)), fitted(case, ("b",)))
    assert compare_nested(fitted(case), fitted(case)).note == "The larger model has no further coefficient."


def test_no_course_from_few_events():
    design = DesignMatrix(np.array([[0.0], [1.0], [0.0], [1.0]]), ("a",))
    fit = fit_cox([1, 2, 3, 4], [1, 1, 1, 0], design, ties="efron", conf_level=0.95)
    found = estimate_residual_course(fit.ph_test("km"), "a", variance=1.0, knots=4, conf_level=0.95)
    assert len(found.time) == 0
    assert found.note == "There are too few distinct event times for a smooth course."
    with pytest.raises(SpecError, match="one of a is required"):
        estimate_residual_course(fit.ph_test("km"), "b", variance=1.0, knots=4, conf_level=0.95)
