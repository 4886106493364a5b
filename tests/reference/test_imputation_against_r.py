"""Rubin's rules and the moments of imputations against R's mice (`imputation.R`)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.imputation import IncompleteVariable, impute_covariates, pool_imputations
from npcstats.estimators.types import DesignMatrix

# closed forms in double precision on both sides; R's numbers are recorded with 15 digits
CLOSED_FORM = {"rel": 1e-10, "abs": 1e-14}
# means of imputed data sets are compared in standard errors of their difference; there are 20 of them
ERRORS = 3.5
IMPUTATIONS = 100

R = load("imputation")
DATA = {name: floats(values) for name, values in R["data"].items()}


@pytest.mark.parametrize("case", R["pools"], ids=lambda case: f"{case['complete_df']}-{case['conf_level']}")
def test_rubin_and_barnard(case: dict[str, Any]) -> None:
    pooled = pool_imputations(
        case["estimates"],
        case["variances"],
        conf_level=case["conf_level"],
        complete_df=float(case["complete_df"]),
    )
    for name in ("estimate", "std_error", "df", "within", "between", "increase", "missing_information", "lower",
                 "upper", "p_value"):  # fmt: skip
        assert getattr(pooled, name) == pytest.approx(case[name], **CLOSED_FORM), name
    assert pooled.imputations == len(case["estimates"])
    assert pooled.statistic == pytest.approx(case["estimate"] / case["std_error"], **CLOSED_FORM)


def moments_of(filled: dict[str, np.ndarray]) -> dict[str, float]:
    """What `imputation.R` computed of each completed data set."""
    x, flag, group = filled["x"], filled["flag"], filled["group"]
    design = np.column_stack([np.ones(len(x)), DATA["arm"], DATA["z"]])
    coef, squares, _, _ = np.linalg.lstsq(design, x)
    return {
        "x": x.mean(),
        "x2": (x**2).mean(),
        "xy": (x * DATA["y"]).mean(),
        "flag": flag.mean(),
        "flag_x": (flag * x).mean(),
        "group2": (group == 2).mean(),
        "group3": (group == 3).mean(),
        "group3_x": ((group == 3) * x).mean(),
        "slope": coef[1],
        "slope_variance": squares[0] / (len(x) - 3) * np.linalg.inv(design.T @ design)[1, 1],
    }


@pytest.mark.parametrize(
    ("theirs", "choices"),
    [
        ("norm", {"continuous": "normal-regression", "donors": None}),
        ("pmm", {"continuous": "predictive-mean-matching", "donors": 5}),
    ],
)
def test_moments_are_those_of_mice(theirs: str, choices: dict[str, Any]) -> None:
    """Means over imputations agree within their Monte-Carlo error.

    So does the variance between them, but for the group: mice draws no coefficients for a variable of several
    categories, so that its imputations vary less than those which are proper.
    """
    found = impute_covariates(
        [
            IncompleteVariable("x", "continuous", DATA["x"]),
            IncompleteVariable("flag", "binary", DATA["flag"]),
            IncompleteVariable("group", "categorical", DATA["group"]),
        ],
        DesignMatrix(np.column_stack([DATA["arm"], DATA["y"], DATA["z"]]), ("arm", "y", "z")),
        imputations=IMPUTATIONS,
        iterations=10,
        seed=11,
        **choices,
    )
    every = [moments_of(dict(filled)) for filled in found.values]
    mice = R["moments"][theirs]
    for name, mean in mice["mean"].items():
        ours = np.array([one[name] for one in every])
        variance = mice["variance"][name]
        error = math.sqrt(ours.var(ddof=1) / IMPUTATIONS + variance / R["imputations"])
        assert abs(ours.mean() - mean) < ERRORS * error, name
        # the logarithm of a variance has about the variance 2/m
        spread = math.sqrt(2 / IMPUTATIONS + 2 / R["imputations"])
        least = -ERRORS * spread
        assert least < math.log(ours.var(ddof=1) / variance), name
        if "group" not in name:
            assert math.log(ours.var(ddof=1) / variance) < ERRORS * spread, name
