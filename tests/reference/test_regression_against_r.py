"""Regression estimators against what R printed: one group of tests for each script beside this file."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from recorded import floats, load

from npcstats.estimators.timetoevent import Cox, FineGray, fit_cox, fit_fine_gray
from npcstats.estimators.types import DesignMatrix

# R iterated to a change of 1e-13 in the log likelihood: coefficients agree to its square root times their curvature
FITTED = {"rtol": 1e-8, "atol": 1e-9}
# sums over risk sets at the maximum, which two programs add in another order
CLOSED_FORM = {"rtol": 1e-9, "atol": 1e-12}


def check(ours: Any, theirs: Any, tolerance: dict[str, float] = FITTED) -> None:
    np.testing.assert_allclose(ours, floats(theirs), **tolerance)


# R's maximum by numerical derivatives of fourth order; p-values from a difference of two such maxima
NUMERICAL = {"rtol": 1e-6, "atol": 1e-8}

COX = load("cox")


def cox_id(case: dict[str, Any]) -> str:
    words = [case["sample"], case["ties"], case["weights"]]
    return "-".join(words + ["strata"] * case["stratified"] + ["cluster"] * case["cluster"])


cox_cases = pytest.mark.parametrize("place", range(len(COX["cases"])), ids=lambda i: cox_id(COX["cases"][i]))


@functools.cache
def fitted(place: int) -> Cox:
    case = COX["cases"][place]
    sample = COX["samples"][case["sample"]]
    return fit_cox(
        sample["time"],
        sample["event"],
        DesignMatrix(np.column_stack([floats(v) for v in sample["x"].values()]), tuple(sample["x"])),
        entry=sample.get("entry"),
        ties=case["ties"],
        strata=sample["strata"] if case["stratified"] else None,
        weights=None if case["weights"] == "none" else sample[case["weights"]],
        cluster=sample["cluster"] if case["cluster"] else None,
        conf_level=0.95,
    )


@cox_cases
def test_cox_coefficients(place: int) -> None:
    fit, case = fitted(place), COX["cases"][place]
    check(fit.coef, case["coef"])
    defined = np.ix_(np.isfinite(fit.coef), np.isfinite(fit.coef))
    check(fit.vcov[defined], floats(case["vcov"])[defined])
    check(fit.model_vcov[defined], floats(case["model_vcov"])[defined])
    assert (fit.n, fit.n_events) == (case["n"], case["n_events"])


@cox_cases
def test_cox_likelihood_and_tests(place: int) -> None:
    fit, case = fitted(place), COX["cases"][place]
    check(fit.loglik, case["loglik"], CLOSED_FORM)
    check(fit.loglik_null, case["loglik_null"], CLOSED_FORM)
    check(fit.score_test.statistic, case["score"], CLOSED_FORM)
    check(fit.wald_test.statistic, case["wald"])
    check(fit.robust_score_test.statistic, case["robust_score"], CLOSED_FORM)
    assert ("robust" in fit.method) == case["robust"]


@cox_cases
def test_cox_proportional_hazards(place: int) -> None:
    fit, case = fitted(place), COX["cases"][place]
    for transform, theirs in case["zph"].items():
        ours = fit.ph_test(transform)
        check([*(t.statistic for t in ours.by_column), ours.statistic], theirs["statistic"])
        check([*(t.p_value for t in ours.by_column), ours.p_value], theirs["p_value"])


def in_order(*columns: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return rows sorted by all columns, to which tied events have no order of their own."""
    rows = np.column_stack([np.round(column, 7) for column in columns])
    return np.column_stack(columns)[np.lexsort(np.nan_to_num(rows).T[::-1])]


@pytest.mark.parametrize(
    "place",
    [place for place, case in enumerate(COX["cases"]) if "y" in case["zph"]["km"]],
    ids=lambda i: cox_id(COX["cases"][i]),
)
def test_cox_scaled_schoenfeld_residuals(place: int) -> None:
    theirs = COX["cases"][place]["zph"]["km"]
    ours = fitted(place).ph_test()
    y = floats(theirs["y"])
    expected = in_order(floats(theirs["time"]), floats(theirs["x"]), *y.T)
    got = in_order(ours.time, ours.transformed_time, *ours.residuals[:, : y.shape[1]].T)
    check(got, expected)


@cox_cases
def test_cox_cumulative_hazard(place: int) -> None:
    fit, theirs = fitted(place), COX["cases"][place]["hazard"]
    sample = COX["samples"][COX["cases"][place]["sample"]]
    ours = fit.cumulative_hazard(theirs["at"])
    rows = np.ones(len(ours.time), dtype=bool)
    if theirs["first_stratum"]:
        rows = ours.stratum == np.unique(sample["strata"], return_inverse=True)[1][0]
    place_of = np.searchsorted(ours.time[rows], floats(theirs["time"]) * (1 - 1e-12))
    check(ours.time[rows][place_of], theirs["time"], CLOSED_FORM)
    check(ours.cumulative_hazard[rows][place_of], theirs["cumulative_hazard"])


FINE_GRAY = load("fine_gray")

fine_gray_cases = pytest.mark.parametrize(
    "case", FINE_GRAY["cases"], ids=lambda c: f"{c['sample']}-{c['cause']}" + "-groups" * c["grouped"]
)


def fine_gray(case: dict[str, Any], weights: Any = None) -> FineGray:
    sample = FINE_GRAY["samples"][case["sample"]]
    return fit_fine_gray(
        sample["time"],
        sample["cause"],
        DesignMatrix(np.column_stack([floats(v) for v in sample["x"].values()]), tuple(sample["x"])),
        cause_of_interest=case["cause"],
        censoring_group=sample["group"] if case.get("grouped") else None,
        weights=weights,
        conf_level=0.95,
    )


@fine_gray_cases
def test_fine_gray_coefficients(case: dict[str, Any]) -> None:
    fit = fine_gray(case)
    check(fit.coef, case["coef"])
    check(np.linalg.inv(fit.model_vcov), case["information"])
    check(fit.loglik, case["loglik"], CLOSED_FORM)
    check(fit.loglik_null, case["loglik_null"], CLOSED_FORM)


@fine_gray_cases
def test_fine_gray_sandwich(case: dict[str, Any]) -> None:
    """cmprsk's with one censoring group; with several its sum over all groups is not taken over."""
    fit = fine_gray(case)
    for theirs in (case["vcov"], case["written_out"]):
        if theirs is not None:
            check(fit.vcov, theirs)
    assert case["vcov"] is not None or case["grouped"]


@fine_gray_cases
def test_fine_gray_prediction(case: dict[str, Any]) -> None:
    theirs = case["incidence"]
    ours = fine_gray(case).cumulative_incidence(theirs["at"])
    place_of = np.searchsorted(ours.time, floats(theirs["time"]) * (1 - 1e-12))
    check(ours.incidence[place_of], theirs["incidence"])


@pytest.mark.parametrize("case", FINE_GRAY["weighted"], ids=lambda c: c["sample"])
def test_fine_gray_weighted(case: dict[str, Any]) -> None:
    fit = fine_gray(case, FINE_GRAY["samples"][case["sample"]]["counts"])
    check(fit.coef, case["coef"])
    check(fit.loglik, case["loglik"], CLOSED_FORM)


FIRTH = load("firth")


@pytest.mark.parametrize("case", FIRTH["cases"], ids=lambda c: f"{c['sample']}-{c['ties']}")
def test_firth(case: dict[str, Any]) -> None:
    """Chosen because the likelihood has no maximum; entries before 0 in R are none here."""
    sample = FIRTH["samples"][case["sample"]]
    values = floats(sample["X"])
    fit = fit_cox(
        sample["time"],
        sample["event"],
        DesignMatrix(values, tuple(f"x{j}" for j in range(values.shape[1]))),
        entry=None if min(sample["entry"]) < 0 else sample["entry"],
        strata=sample["strata"],
        ties=case["ties"],
        conf_level=0.95,
    )
    assert fit.penalized
    check(fit.coef, case["coef"], NUMERICAL)
    check([fit.loglik, fit.loglik_null], [case["loglik"], case["loglik_null"]], NUMERICAL)
    check(fit.lower, case["lower"], NUMERICAL)
    check(fit.upper, case["upper"], NUMERICAL)
    check(fit.p_value, case["p_value"], NUMERICAL)
