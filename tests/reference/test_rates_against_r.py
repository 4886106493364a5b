"""Rates, their differences and ratios, rates of all events and mean numbers of events, against what R printed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.clustered import estimate_clustered_rate
from npcstats.estimators.rates import compare_all_rates, estimate_rates
from npcstats.estimators.recurrent import estimate_mean_cumulative

R = load("rates")
EXACT = 1e-9  # R's own limits of poisson.test come from qgamma and qbeta, to about 1e-10
SOLVED = 1e-7  # uniroot stops at the square root of a double where the most likely rate lies on its bound
FITTED = 1e-7  # glm stops where the deviance changes by 1e-8
SUMMED = 1e-9  # sums of a few hundred fractions, printed with 15 digits

PAIRS = {name: floats([case.get(name) for case in R["pairs"]]) for name in R["pairs"][-1]}
CELLS = [PAIRS[name] for name in ("x1", "t1", "x0", "t0")]


def test_limits_of_a_rate():
    x, t, lower, upper = (floats([case[name] for case in R["single"]]) for name in ("x", "t", "lower", "upper"))
    found = estimate_rates(x, t, method="garwood", conf_level=0.95)
    np.testing.assert_allclose(found.estimate, x / t, rtol=EXACT)
    np.testing.assert_allclose(found.lower, lower, rtol=EXACT)
    np.testing.assert_allclose(found.upper, upper, rtol=EXACT)


def test_score_limits_of_a_difference():
    found = compare_all_rates(*CELLS, measure="rate-difference", method="miettinen-nurminen", conf_level=0.95)
    np.testing.assert_allclose(found.lower, PAIRS["lower"], rtol=SOLVED, atol=SOLVED)
    np.testing.assert_allclose(found.upper, PAIRS["upper"], rtol=SOLVED, atol=SOLVED)


def test_exact_limits_of_a_ratio():
    found = compare_all_rates(*CELLS, measure="rate-ratio", method="exact-conditional", conf_level=0.95)
    for name, values in (("ratio", found.estimate), ("ratio_lower", found.lower), ("ratio_upper", found.upper)):
        np.testing.assert_allclose(values, PAIRS[name], rtol=EXACT)
    empty = (PAIRS["x1"] == 0) | (PAIRS["x0"] == 0)
    assert np.isnan(found.estimate).tolist() == empty.tolist()
    assert [bool(note) for note in found.notes] == empty.tolist()


@pytest.mark.parametrize("case", R["clusters"], ids=lambda case: str(len(case["time"])))
def test_rate_of_all_events(case):
    found = estimate_clustered_rate(case["events"], case["time"], conf_level=0.95)
    assert math.log(found.rate) == pytest.approx(case["log_rate"], rel=FITTED, abs=FITTED)
    assert found.std_error / found.rate == pytest.approx(case["log_error"], rel=FITTED)


def means(case, terminal):
    died = case.get("died", [False] * len(case["stop"]))
    return estimate_mean_cumulative(
        case["stop"], died, case["member"], case["time"], terminal=terminal, conf_level=0.95, conf_type="plain"
    ).at(case["at"])


def test_valve_seats_of_nelson():
    """41 engines, 48 replacements; the last two columns of survfit's table at each age with a replacement."""
    valve = R["valve"]
    engines = list(dict.fromkeys(valve["id"]))
    assert (len(engines), sum(valve["status"])) == (41, 48)
    ages = zip(valve["id"], valve["time"], strict=True)
    stop = dict(ages)  # the last age of each engine is that at which it was last inspected
    happened = [(engines.index(engine), age) for engine, age, new in zip(
        valve["id"], valve["time"], valve["status"], strict=True) if new]  # fmt: skip
    member, time = zip(*happened, strict=True)
    case = {"stop": [stop[engine] for engine in engines], "member": member, "time": time, "at": valve["at"]}
    found = means(case, "censor")
    np.testing.assert_allclose(found.mean, valve["mean"], rtol=SUMMED)
    np.testing.assert_allclose(found.std_error, valve["error"], rtol=SUMMED)


@pytest.mark.parametrize("case", R["drawn"], ids=lambda case: str(len(case["stop"])))
def test_means_where_death_censors(case):
    found = means(case, "censor")
    np.testing.assert_allclose(found.mean, case["mean"], rtol=SUMMED)
    np.testing.assert_allclose(found.std_error, case["error"], rtol=SUMMED)


@pytest.mark.parametrize("case", R["deaths"], ids=lambda case: str(len(case["stop"])))
def test_means_where_nothing_comes_after_death(case):
    found = means(case, "ghosh-lin")
    np.testing.assert_allclose(found.mean, case["mean"], rtol=SUMMED)
    np.testing.assert_allclose(found.std_error, case["error"], rtol=SUMMED, atol=SUMMED)
