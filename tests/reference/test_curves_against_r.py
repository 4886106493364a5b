"""Competing risks, differences of curves, trend and beta-product limits against what R printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from recorded import load

from npcstats.estimators.timetoevent import (
    CumulativeIncidence,
    compare_gray,
    compare_restricted_means,
    compare_survival,
    compare_trend,
    estimate_cumulative_incidence,
    estimate_kaplan_meier,
)

COMPETING = load("competing")
CURVES = load("curves")

# closed forms in double precision on both sides; R's numbers are recorded with 15 digits
CLOSED_FORM = {"rtol": 1e-10, "atol": 1e-14}
# what is left in R of sums of weights where nobody remains
RESIDUE = 1e-13
# R's moments lose digits in a difference of nearly equal numbers, and qbeta is itself a root
BETA_QUANTILE = {"rtol": 1e-8, "atol": 1e-10}
# quantiles of 200,000 draws: three of their standard errors, and what the moments miss of the product's shape
DRAWN = 0.008


def floats(values: Any) -> npt.NDArray[np.float64]:
    """Return an array in which R's NA and NaN are NaN."""
    return np.array([[np.nan if x is None else x for x in np.atleast_1d(row)] for row in values], dtype=float)


def incidence(case: dict[str, Any]) -> CumulativeIncidence:
    sample = COMPETING["samples"][case["sample"]]
    return estimate_cumulative_incidence(
        sample["time"],
        sample["cause"],
        entry=sample["entry"] if "entry" in case["variant"] else None,
        weights=sample["weights"] if "weights" in case["variant"] else None,
        conf_level=0.95,
        conf_type=case["conf_type"],
    )


def case_id(case: dict[str, Any]) -> str:
    return "-".join(str(case[name]) for name in ("sample", "variant", "conf_type", "cause", "rho") if name in case)


@pytest.mark.parametrize("case", COMPETING["curves"], ids=case_id)
def test_incidence(case):
    fit = incidence(case)
    np.testing.assert_allclose(fit.time, case["time"], **CLOSED_FORM)
    if "weights" not in case["variant"]:  # R counts participants there, we sum their weights
        np.testing.assert_allclose(fit.at_risk, case["at_risk"], **CLOSED_FORM)
    np.testing.assert_allclose(fit.survival, floats(case["survival"])[:, 0], rtol=1e-10, atol=RESIDUE)
    np.testing.assert_allclose(fit.incidence, floats(case["incidence"]), **CLOSED_FORM)
    np.testing.assert_allclose(fit.std_error, floats(case["std_error"]), **CLOSED_FORM)


@pytest.mark.parametrize("case", COMPETING["curves"], ids=case_id)
def test_limits_of_incidence(case):
    """Ours are R's, but where R's would claim certainty: no variation, so no limits."""
    fit = incidence(case)
    certain = floats(case["std_error"]) == 0
    for ours, theirs in ((fit.lower, case["lower"]), (fit.upper, case["upper"])):
        np.testing.assert_allclose(ours[~certain], floats(theirs)[~certain], **CLOSED_FORM)
        assert np.isnan(ours[certain]).all()


@pytest.mark.parametrize("case", COMPETING["curves"], ids=case_id)
def test_incidence_read_between_its_rows(case):
    fit = incidence(case)
    between = np.asarray(case["time"], dtype=float)[:-1] + np.diff(case["time"]) / 2
    for column, cause in enumerate(fit.causes):
        found = fit.at(between, cause=cause)
        np.testing.assert_allclose(found.incidence, floats(case["incidence"])[:-1, column], **CLOSED_FORM)


@pytest.mark.parametrize("case", COMPETING["tests"], ids=case_id)
def test_gray(case):
    sample = COMPETING["samples"][case["sample"]]
    test = compare_gray(
        sample["time"],
        sample["cause"],
        sample["group"],
        cause_of_interest=case["cause"],
        strata=sample["strata"] if case["stratified"] else None,
        rho=case["rho"],
    )
    assert test.df == case["df"]
    np.testing.assert_allclose([test.statistic, test.p_value], [case["statistic"], case["p_value"]], **CLOSED_FORM)


@pytest.mark.parametrize("case", CURVES["differences"], ids=lambda case: f"{case['sample']}-{case['time']}")
def test_differences(case):
    sample = {name: np.asarray(values) for name, values in CURVES["samples"][case["sample"]].items()}
    curves = [
        estimate_kaplan_meier(
            sample["time"][sample["group"] == code],
            sample["event"][sample["group"] == code],
            conf_level=0.95,
            conf_type="plain",
        )
        for code in (1, 0)
    ]
    for compare, theirs in ((compare_survival, case["survival"]), (compare_restricted_means, case["restricted_mean"])):
        ours = compare(*curves, case["time"], conf_level=0.95)
        np.testing.assert_allclose([getattr(ours, name) for name in theirs], list(theirs.values()), **CLOSED_FORM)


@pytest.mark.parametrize("case", CURVES["trends"], ids=lambda case: f"{case['sample']}-{case['rho']}")
def test_trend(case):
    sample = CURVES["samples"][case["sample"]]
    test = compare_trend(sample["time"], sample["event"], sample["score"], rho=case["rho"])
    np.testing.assert_allclose([test.statistic, test.p_value], [case["statistic"], case["p_value"]], **CLOSED_FORM)


@pytest.mark.parametrize("case", CURVES["limits"], ids=lambda case: case["sample"])
def test_beta_product_limits(case):
    sample = CURVES["samples"][case["sample"]]
    fit = estimate_kaplan_meier(sample["time"], sample["event"], conf_level=0.95, conf_type="beta-product")
    for name, ours in (("lower", fit.lower), ("upper", fit.upper)):
        np.testing.assert_allclose(ours, [row[name] for row in case["rows"]], **BETA_QUANTILE)
        drawn = [row[f"drawn_{name}"] for row in case["rows"] if row.get(f"drawn_{name}") is not None]
        np.testing.assert_allclose(ours[: len(drawn)], drawn, atol=DRAWN)
