"""Times between two assessments: by hand, by a general optimizer, and where there is nothing to estimate."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize

from npcstats.errors import DataError
from npcstats.estimators.interval_censored import estimate_turnbull, fit_weibull_intervals

INF = math.inf


def test_intervals_that_overlap_share_one_interval():
    """(0, 2] and (1, 3] both hold (1, 2], so all mass lies there: nothing by 1, all by 2."""
    found = estimate_turnbull([0, 1], [2, 3])
    assert found.left.tolist() == [1.0]
    assert found.right.tolist() == [2.0]
    assert found.mass.tolist() == [1.0]
    least, most = found.cumulative([0.5, 1, 1.5, 2])
    assert least.tolist() == [0, 0, 0, 1]
    assert most.tolist() == [0, 0, 1, 1]


def test_censored_times_are_the_product_limit():
    """Events at 1 and 3, censored at 2 and 4: 1/4 by 1, then 3/4 · 1/2 of two at risk: 5/8 by 3."""
    found = estimate_turnbull([1, 3, 2, 4], [1, 3, INF, INF])
    least, most = found.cumulative([1, 2, 3])
    np.testing.assert_allclose(least, [0.25, 0.25, 0.625], atol=1e-9)
    np.testing.assert_allclose(most, least, atol=1e-9)
    # after the last time that is known, everything is possible
    assert found.cumulative([5.0])[1][0] == pytest.approx(1.0)


def test_current_status_by_pooling():
    """Seen at 1: 1 of 2 with it, at 2: 1 of 3, at 3: 2 of 2. Pooled (1 + 1) of (2 + 3) at 1 and 2, then all."""
    lower, upper = [0, 1, 0, 2, 2, 0, 0], [1, INF, 2, INF, INF, 3, 3]
    least, _ = estimate_turnbull(lower, upper).cumulative([1, 2, 3])
    np.testing.assert_allclose(least, [0.4, 0.4, 1.0], atol=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_no_other_distribution_is_likelier(seed):
    """A general optimizer over any mass on the same intervals finds nothing better, from another start."""
    draw = np.random.default_rng(seed)
    lower = draw.integers(0, 8, 25).astype(float)
    upper = np.where(draw.random(25) < 0.3, INF, lower + draw.integers(0, 5, 25))
    found = estimate_turnbull(lower, upper)
    assert found.converged
    exact = lower == upper
    holds = np.array([
        [(left == right == low) if same else (left >= low and right <= high and not left == right == low)
         for left, right in zip(found.left, found.right, strict=True)]
        for low, high, same in zip(lower, upper, exact, strict=True)
    ])  # fmt: skip

    def loss(free):
        mass = np.exp(free - free.max())
        return -np.log(holds @ (mass / mass.sum())).sum()

    best = optimize.minimize(loss, draw.normal(size=len(found.mass)), method="BFGS").fun
    assert -found.loglik <= best + 1e-7


def test_quantile_is_the_interval_that_holds_it():
    """A third on each of (0, 1], (2, 4] and after 5: half is reached in (2, 4], 0.9 is not known to be."""
    found = estimate_turnbull([0, 2, 5], [1, 4, INF])
    assert found.quantile(0.5) == (2.0, 4.0)
    assert found.quantile(1 / 3) == (0.0, 1.0)
    assert found.quantile(0.9) == (5.0, INF)


def test_units_do_not_matter():
    lower, upper = np.array([0, 2, 1, 3.5, 0]), np.array([2, 5, 4, INF, 1.5])
    days, years = (fit_weibull_intervals(lower * unit, upper * unit, conf_level=0.9) for unit in (1.0, 365.25))
    assert years.scale / 365.25 == pytest.approx(days.scale, rel=1e-9)
    assert years.shape == pytest.approx(days.shape, rel=1e-9)
    first, second = estimate_turnbull(lower, upper), estimate_turnbull(lower / 365.25, upper / 365.25)
    np.testing.assert_allclose(first.mass, second.mass, atol=1e-9)


def test_exact_times_have_the_score_equations_of_weibull():
    """Of exact times: scale^shape is the mean of t^shape, 1/shape + mean log t is the mean weighted by t^shape."""
    times = np.array([0.7, 1.1, 2.4, 3.0, 5.2, 8.8])
    found = fit_weibull_intervals(times, times, conf_level=0.95)
    power = times**found.shape
    assert found.scale**found.shape == pytest.approx(power.mean(), rel=1e-4)
    assert 1 / found.shape + np.log(times).mean() == pytest.approx((power @ np.log(times)) / power.sum(), rel=1e-4)


def test_shares_of_the_model():
    """Nothing at time 0; at the scale 1 - exp(-1); a limit on either side, and the median where the share is half."""
    found = fit_weibull_intervals([0, 1, 2, 4, 0, 3], [2, 3, 5, INF, 1, 6], conf_level=0.95)
    start, at_scale, at_median = found.cumulative([0.0, found.scale, found.median.estimate])
    assert (start.estimate, start.lower, start.upper) == (0.0, 0.0, 0.0)
    assert at_scale.estimate == pytest.approx(1 - math.exp(-1))
    assert at_median.estimate == pytest.approx(0.5)
    assert 0 < at_scale.lower < at_scale.estimate < at_scale.upper < 1


def test_nobody_with_the_event():
    found = fit_weibull_intervals([1, 2], [INF, INF], conf_level=0.95)
    assert found.note == "Nobody is known to have had the event."
    assert all(math.isnan(value) for value in (found.scale, found.shape, found.median.estimate))
    (share,) = found.cumulative([1.0])
    assert math.isnan(share.estimate)
    assert share.note == found.note
    free = estimate_turnbull([1, 2], [INF, INF])
    assert free.cumulative([0.5])[1].tolist() == [0.0]
    assert free.quantile(0.5)[1] == INF


def test_no_maximum_is_told():
    """Everyone in the same interval: the likelihood grows for ever as the shape does."""
    found = fit_weibull_intervals([1, 1, 1], [2, 2, 2], conf_level=0.95)
    assert math.isnan(found.scale)
    assert found.note == "The likelihood of the Weibull distribution has no maximum that was found."


def test_a_flat_likelihood_has_no_maximum():
    """All are seen once, at 40: any distribution with the same share by then is as likely."""
    found = fit_weibull_intervals([0, 0, 0, 40, 40], [40, 40, 40, INF, INF], conf_level=0.95)
    assert math.isnan(found.scale)
    assert found.note == "The likelihood of the Weibull distribution has no maximum that was found."


def test_a_share_far_beyond_the_times_is_all():
    times = np.array([1.0, 1.1, 1.2, 1.3, 1.25])
    (share,) = fit_weibull_intervals(times, times, conf_level=0.95).cumulative([1000.0])
    assert (share.estimate, share.lower, share.upper) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("lower", "upper", "told"),
    [
        ([], [], r"^upper: has shape \(0,\)"),
        ([1.0], [1.0, 2.0], r"^upper: has shape \(2,\); one for each of 1 values"),
        ([3.0], [2.0], r"^upper: is 2.0 at place 0; an end not before 3.0, lower, is required"),
        ([-1.0], [2.0], "^lower"),
        ([math.nan], [2.0], "^lower"),
    ],
)
def test_intervals_that_are_none(lower, upper, told):
    with pytest.raises(DataError, match=told):
        estimate_turnbull(lower, upper)
    with pytest.raises(DataError, match=told):
        fit_weibull_intervals(lower, upper, conf_level=0.95)
