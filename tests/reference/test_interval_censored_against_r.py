"""Times between two assessments, against R's survfit and survreg."""

from __future__ import annotations

import numpy as np
import pytest
from recorded import floats, load

from npcstats.estimators.interval_censored import estimate_turnbull, fit_weibull_intervals

R = load("interval_censored")
SAMPLES = ["clustered", "sparse", "exact"]
STOPPED = 1e-3  # survfit's steps of expectation and maximization end early; on this scale of shares
MAXIMIZED = 5e-5  # lifelines ends at about this relative distance from the maximum


def ends(name):
    return floats(R[name]["lower"]), np.array([float(str(end).lower()) for end in R[name]["upper"]])


@pytest.mark.parametrize("name", SAMPLES)
def test_survfit_gives_the_same_curve(name):
    """R puts the mass of an interval on its middle."""
    found = estimate_turnbull(*ends(name))
    assert found.converged
    middle = (found.left + found.right) / 2
    ours = [1 - found.mass[middle <= time + 1e-9].sum() for time in R[name]["time"]]
    np.testing.assert_allclose(ours, floats(R[name]["surv"]), atol=STOPPED)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_curve_of_r_is_likelier(name):
    """The likelihood by its definition, a product of differences of the curve, of R's steps and of ours."""
    lower, upper = ends(name)
    time, surv = floats(R[name]["time"]), np.append(1.0, floats(R[name]["surv"]))

    def reached(at, including):
        return surv[np.searchsorted(time, at, side="right" if including else "left")]

    exact = lower == upper
    # an interval is open to the left, so what is on its left end is before it; an exact time is its own step
    mass = reached(lower, including=True) - np.where(np.isinf(upper), 0.0, reached(upper, including=True))
    mass = np.where(exact, reached(lower, including=False) - reached(lower, including=True), mass)
    assert estimate_turnbull(lower, upper).loglik >= np.log(mass).sum() - 1e-9


@pytest.mark.parametrize("name", SAMPLES)
def test_survreg_gives_the_same_model(name):
    found, r = fit_weibull_intervals(*ends(name), conf_level=0.95), R[name]
    assert not found.note
    assert found.loglik == pytest.approx(r["loglik"], abs=1e-7)
    np.testing.assert_allclose([found.scale, found.shape], [r["scale"], r["shape"]], rtol=MAXIMIZED)
    np.testing.assert_allclose(np.sqrt(np.diag(found.vcov)), r["error"], rtol=MAXIMIZED)
    np.testing.assert_allclose([found.median.estimate, found.median.lower, found.median.upper], r["median"],
                               rtol=MAXIMIZED)  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_shares_and_their_limits(name):
    shares = fit_weibull_intervals(*ends(name), conf_level=0.95).cumulative(R[name]["times"])
    for own, told in (("estimate", "share"), ("lower", "low"), ("upper", "high")):
        np.testing.assert_allclose([getattr(share, own) for share in shares], R[name][told], rtol=MAXIMIZED)
