"""The estimators against what R printed: one parametrized test for each script beside this file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.continuous import (
    compare_means,
    estimate_mean,
    standardized_mean_difference,
    summarize_continuous,
)
from npcstats.estimators.proportions import compare_proportions, estimate_proportion
from npcstats.estimators.timetoevent import KaplanMeier, compare_logrank, estimate_kaplan_meier

# closed forms in double precision on both sides; R's numbers are recorded with 15 digits
CLOSED_FORM = {"rtol": 1e-10, "atol": 1e-14}
# Miettinen-Nurminen limits are roots within roots: R's uniroot gives them to about this
ROOT = {"rtol": 1e-8, "atol": 1e-10}


def check(ours: Any, theirs: Any, tolerance: dict[str, float] = CLOSED_FORM) -> None:
    np.testing.assert_allclose(np.atleast_1d(ours), floats(np.atleast_1d(theirs)), **tolerance)


PROPORTIONS = load("proportions")
SMD = load("smd")
CURVES = load("kaplan_meier")
LOGRANK = load("logrank")


@pytest.mark.parametrize("case", PROPORTIONS["one"])
def test_proportion(case: dict[str, Any]) -> None:
    interval = estimate_proportion(case["count"], case["total"], method=case["method"], conf_level=case["conf_level"])
    check(interval.estimate, case["estimate"])
    check([interval.lower, interval.upper], [case["lower"], case["upper"]])


@pytest.mark.parametrize("case", PROPORTIONS["two"])
def test_two_proportions(case: dict[str, Any]) -> None:
    interval = compare_proportions(
        *(case[name] for name in ("count1", "total1", "count0", "total0")),
        measure=case["measure"],
        method=case["method"],
        conf_level=case["conf_level"],
    )
    check(interval.estimate, case["estimate"])
    tolerance = ROOT if case["method"] == "miettinen-nurminen" else CLOSED_FORM
    check([interval.lower, interval.upper], [case["lower"], case["upper"]], tolerance)


SUMMARY_FIELDS = ("n", "mean", "std_deviation", "minimum", "first_quartile", "median", "third_quartile", "maximum")


@pytest.mark.parametrize("case", SMD["summaries"], ids=lambda case: f"{case['name']}-{case['quantile_type']}")
def test_summary(case: dict[str, Any]) -> None:
    summary = summarize_continuous(case["x"], quantile_type=case["quantile_type"])
    check([getattr(summary, field) for field in SUMMARY_FIELDS], [case[field] for field in SUMMARY_FIELDS])


@pytest.mark.parametrize("case", SMD["weighted"])
def test_weighted_summary(case: dict[str, Any]) -> None:
    summary = summarize_continuous(case["x"], weights=case["weights"], quantile_type=2)
    check([getattr(summary, field) for field in SUMMARY_FIELDS], [case[field] for field in SUMMARY_FIELDS])


@pytest.mark.parametrize("case", SMD["means"])
def test_mean(case: dict[str, Any]) -> None:
    interval = estimate_mean(case["x"], conf_level=case["conf_level"])
    check([interval.estimate, interval.lower, interval.upper], [case[n] for n in ("estimate", "lower", "upper")])


CONTRAST_FIELDS = ("estimate", "std_error", "df", "statistic", "p_value", "lower", "upper")


@pytest.mark.parametrize("case", SMD["t_tests"])
def test_difference_of_means(case: dict[str, Any]) -> None:
    contrast = compare_means(case["x1"], case["x0"], method=case["method"], conf_level=case["conf_level"])
    check([getattr(contrast, field) for field in CONTRAST_FIELDS], [case[field] for field in CONTRAST_FIELDS])


@pytest.mark.parametrize("case", SMD["smd"])
def test_standardized_mean_difference(case: dict[str, Any]) -> None:
    difference = standardized_mean_difference(
        case["x1"],
        case["x0"],
        kind=case["kind"],
        denominator=case["denominator"],
        weights1=case["weights1"],
        weights0=case["weights0"],
    )
    check(difference.estimate, case["estimate"])


def curve(case: dict[str, Any]) -> KaplanMeier:
    sample = CURVES["samples"][case["sample"]]
    return estimate_kaplan_meier(
        sample["time"],
        sample["event"],
        entry=sample.get("entry"),
        weights=sample.get("weights"),
        conf_level=case["conf_level"],
        conf_type=case["conf_type"],
    )


def curve_id(case: dict[str, Any]) -> str:
    return f"{case['sample']}-{case['conf_type']}"


@pytest.mark.parametrize("case", CURVES["cases"], ids=curve_id)
def test_kaplan_meier_rows(case: dict[str, Any]) -> None:
    fit = curve(case)
    for field in ("time", "at_risk", "events", "censored", "survival", "std_error", "lower", "upper"):
        check(getattr(fit, field), case[field])


@pytest.mark.parametrize("case", CURVES["cases"], ids=curve_id)
def test_kaplan_meier_quantiles(case: dict[str, Any]) -> None:
    fit = curve(case)
    for p, *theirs in zip(*(case["quantile"][n] for n in ("p", "estimate", "lower", "upper")), strict=True):
        ours = fit.quantile(p)
        check([ours.estimate, ours.lower, ours.upper], theirs)


@pytest.mark.parametrize("case", CURVES["cases"], ids=curve_id)
def test_kaplan_meier_at_times(case: dict[str, Any]) -> None:
    ours, theirs = curve(case).at(case["at"]["times"]), case["at"]
    for field in ("survival", "lower", "upper", "at_risk"):
        check(getattr(ours, field), theirs[field])


@pytest.mark.parametrize("case", CURVES["cases"], ids=curve_id)
def test_restricted_mean(case: dict[str, Any]) -> None:
    ours, theirs = curve(case).rmst(case["rmst"]["tau"]), case["rmst"]
    check([ours.estimate, ours.std_error], [theirs["estimate"], theirs["std_error"]])


@pytest.mark.parametrize("case", LOGRANK["cases"])
def test_logrank(case: dict[str, Any]) -> None:
    sample = LOGRANK["samples"][case["sample"]]
    test = compare_logrank(
        sample["time"],
        sample["event"],
        sample["group"],
        strata=sample["strata"] if case["stratified"] else None,
        weights=sample["weights"] if case["weighted"] else None,
        rho=case["rho"],
        gamma=case["gamma"],
    )
    check([test.statistic, test.df, test.p_value], [case["statistic"], case["df"], case["p_value"]])
