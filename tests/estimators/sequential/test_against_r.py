"""Boundaries, drifts, crossing probabilities and power from here on, as R has them (`reference/sequential.R`)."""

from __future__ import annotations

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.sequential import (
    Boundaries,
    Futility,
    conditional_power,
    cross,
    find_boundaries,
    find_drift,
    find_shaped_boundaries,
    inflation,
    predictive_power,
    spend,
    trend_drift,
)

PRINTED = load("sequential")
# rpact searches each boundary until the error is right to 1e-10 and integrates by Newton–Cotes on 10 to 20 nodes;
# where little is spent the boundary moves by far more than the error does
RPACT = {"rtol": 0, "atol": 1e-5}
# an error that rpact spends is right to its tolerance, but for the last look, which it stops short of by 1e-8
SPENT = {"rtol": 0, "atol": 2e-8}
# of a shift that rpact searches to 1e-5 or so
SHIFT = 2e-4
# rpact searches the shift and both boundaries by bisection within one another
FUTILE = {"rtol": 0, "atol": 5e-5}
# Miwa's grid of 1024 nodes
MIWA = {"rtol": 0, "atol": 1e-8}
# of R's adaptive quadrature, asked for 1e-12
QUADRATURE = {"rel": 1e-10, "abs": 1e-12}


def ids(row):
    names = (row.get("function_"), row.get("parameter"), row.get("futility"), len(row["information"]))
    return "-".join(str(name) for name in names if name is not None)


@pytest.mark.parametrize("row", PRINTED["plain"], ids=ids)
def test_boundaries_of_spending(row):
    t, settings = floats(row["information"]), {"function": row["function_"], "parameter": row["parameter"]}
    found = find_boundaries(t, alpha=row["alpha"], sides=row["sides"], final=True, **settings)
    np.testing.assert_allclose(found.upper, row["upper"], **RPACT)
    np.testing.assert_allclose(found.alpha_spent, row["spent"], **SPENT)
    np.testing.assert_allclose(spend(t, row["alpha"], **settings), row["spent"], **SPENT)
    np.testing.assert_allclose(found.nominal_p, row["nominal"], rtol=0, atol=1e-7)
    assert find_drift(found, row["power"]) ** 2 == pytest.approx(row["shift"], rel=SHIFT)
    assert inflation(found, row["power"]) == pytest.approx(row["inflation"], rel=SHIFT)


@pytest.mark.parametrize("row", PRINTED["plain"], ids=ids)
def test_mean_information(row):
    found = find_boundaries(
        floats(row["information"]), alpha=row["alpha"], sides=row["sides"], function=row["function_"],
        parameter=row["parameter"], final=True,
    )  # fmt: skip
    size, drift = inflation(found, row["power"]), find_drift(found, row["power"])
    assert size * cross(found, 0.0).expected_information == pytest.approx(row["mean_null"], rel=SHIFT)
    assert size * cross(found, drift).expected_information == pytest.approx(row["mean_effect"], rel=SHIFT)


@pytest.mark.parametrize("row", PRINTED["futile"], ids=ids)
def test_boundaries_with_futility(row):
    rule = Futility(
        beta=row["beta"], function=row["futility"], parameter=row["futility_parameter"], binding=row["binding"]
    )
    found = find_boundaries(
        floats(row["information"]), alpha=0.025, sides=1, function=row["function_"], parameter=row["parameter"],
        futility=rule, final=True,
    )  # fmt: skip
    np.testing.assert_allclose(found.upper, row["upper"], **FUTILE)
    np.testing.assert_allclose(found.lower[:-1], np.atleast_1d(row["lower"]), **FUTILE)
    assert found.lower[-1] == found.upper[-1]
    np.testing.assert_allclose(found.beta_spent, row["beta_spent"], rtol=0, atol=1e-6)
    assert found.drift**2 == pytest.approx(row["shift"], rel=SHIFT)


@pytest.mark.parametrize("row", PRINTED["shaped"], ids=lambda row: f"{row['looks']}-{row['shape']}-{row['alpha']}")
def test_boundaries_of_a_shape(row):
    t = np.arange(1, row["looks"] + 1) / row["looks"]
    found = find_shaped_boundaries(t, alpha=row["alpha"], sides=2, shape=row["shape"])
    printed = floats(row["upper"])
    known = np.isfinite(printed)  # rpact prints none beyond eight
    np.testing.assert_allclose(found.upper[known], printed[known], **RPACT)
    assert (found.upper[~known] > 8).all()


@pytest.mark.parametrize("row", PRINTED["crossing"], ids=lambda row: f"{len(row['information'])}-{row['drift']}")
def test_probabilities_of_crossing_any_limits(row):
    t, upper, lower = (floats(row[name]) for name in ("information", "upper", "lower"))
    none = np.full(t.size, np.nan)
    limits = Boundaries(t, upper, lower, 1, none, none, none, True, np.nan, True)
    told = cross(limits, row["drift"])
    np.testing.assert_allclose(told.upper, row["above"], **MIWA)
    np.testing.assert_allclose(told.lower, row["below"], **MIWA)
    stopped = told.upper + told.lower
    assert told.expected_information == pytest.approx(t @ stopped + t[-1] * (1 - stopped.sum()), rel=1e-12)


@pytest.mark.parametrize("row", PRINTED["power"], ids=lambda row: f"{row['z']}-{row['fraction']}-{row['final']}")
def test_power_from_here_on(row):
    z, t, final = row["z"], row["fraction"], row["final"]
    drifts = {"trend": trend_drift(z, t), "null": 0.0, "at_three": 3.0}
    for name, drift in drifts.items():
        assert conditional_power(z, t, final=final, drift=drift) == pytest.approx(row[name], **QUADRATURE)
    assert predictive_power(z, t, final=final) == pytest.approx(row["predictive"], **QUADRATURE)
    told = predictive_power(z, t, final=final, prior=(2.0, 1.5))
    assert told == pytest.approx(row["predictive_prior"], **QUADRATURE)
