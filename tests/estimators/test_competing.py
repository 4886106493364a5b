"""Cumulative incidence, Gray's test, trend, beta-product limits and differences of curves: by hand, and invariants.

Eight participants, unsorted, one tie of both causes with a censoring: times 3 1 4 2 4 4 6 5, causes 1 2 1 0 2 0 1 1.
At risk 8 7 6 5 2 1 at 1 2 3 4 5 6. Event-free: 7/8 at 1, 7/8·5/6 = 35/48 at 3, 35/48·3/5 = 7/16 at 4, 7/32 at 5, 0
at 6.
Cause 1: 7/8·1/6 = 7/48 at 3, + 35/48·1/5 = 7/24 at 4, + 7/16·1/2 = 49/96 at 5, + 7/32 = 35/48 at 6.
Cause 2: 1/8 at 1, + 35/48·1/5 = 13/48 at 4. Together they are 1 less the event-free share at every time.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from npcstats.errors import DataError, SpecError
from npcstats.estimators.proportions import estimate_proportion
from npcstats.estimators.timetoevent import (
    compare_gray,
    compare_logrank,
    compare_restricted_means,
    compare_survival,
    compare_trend,
    estimate_cumulative_incidence,
    estimate_kaplan_meier,
)

TIME = [3, 1, 4, 2, 4, 4, 6, 5]
CAUSE = [1, 2, 1, 0, 2, 0, 1, 1]
LEVEL = {"conf_level": 0.95, "conf_type": "log-log"}
EXACT = 1e-12  # sums of a few fractions in double precision


def incidence(time, cause, **options):
    return estimate_cumulative_incidence(time, cause, **{**LEVEL, **options})


def curve(time, event, conf_type="beta-product"):
    return estimate_kaplan_meier(time, event, conf_level=0.95, conf_type=conf_type)


@pytest.fixture(scope="module")
def made():
    draw = np.random.default_rng(20260104)
    time = np.ceil(draw.exponential(10, 400))
    return time, draw.integers(0, 3, 400), draw.integers(0, 3, 400), draw.exponential(1, 400) + 0.1


def test_incidence_by_hand():
    fit = incidence(TIME, CAUSE)
    assert fit.causes == (1, 2)
    assert fit.at_risk.tolist() == [8, 7, 6, 5, 2, 1]
    assert fit.events.tolist() == [[0, 1], [0, 0], [1, 0], [1, 1], [1, 0], [1, 0]]
    assert fit.censored.tolist() == [0, 1, 0, 1, 0, 0]
    np.testing.assert_allclose(fit.survival, [7 / 8, 7 / 8, 35 / 48, 7 / 16, 7 / 32, 0], atol=EXACT)
    np.testing.assert_allclose(fit.incidence[:, 0], [0, 0, 7 / 48, 7 / 24, 49 / 96, 35 / 48], atol=EXACT)
    np.testing.assert_allclose(fit.incidence[:, 1], [1 / 8, 1 / 8, 1 / 8, 13 / 48, 13 / 48, 13 / 48], atol=EXACT)


def test_variance_without_censoring_is_the_binomial_one():
    """Everyone is seen to the end: incidence is a share, and the jackknife's variance is F(1 - F)/n exactly."""
    fit = incidence([1, 2, 3, 4, 5], [1, 2, 1, 2, 1])
    np.testing.assert_allclose(fit.incidence[:, 0], [0.2, 0.2, 0.4, 0.4, 0.6], atol=EXACT)
    np.testing.assert_allclose(
        fit.std_error[:, 0] ** 2, fit.incidence[:, 0] * (1 - fit.incidence[:, 0]) / 5, atol=EXACT
    )


def test_read_between_steps_and_beyond():
    fit = incidence([2, 4, 6], [1, 0, 0])
    found = fit.at([5, 0, 2, 7], cause=1)
    np.testing.assert_allclose(found.incidence, [1 / 3, 0, 1 / 3, np.nan], atol=EXACT)
    assert found.at_risk.tolist() == [1, 3, 3, 0]
    assert found.note[1] == "There is no event of this cause yet, so there are no confidence limits."
    assert found.note[3] == "The time is beyond the last observed one."
    other = fit.at(5, cause=2)
    assert other.incidence[0] == 0
    assert np.isnan(other.upper[0])
    assert other.note == ("There are no events of this cause, so there are no confidence limits.",)


def test_one_cause_is_one_less_the_kaplan_meier_curve(made):
    time, cause, _, weights = made
    for w in (None, weights):
        fit = incidence(time, cause > 0, weights=w, conf_type="plain")
        km = estimate_kaplan_meier(time, cause > 0, weights=weights if w is not None else np.ones(400), conf_level=0.95,
                                   conf_type="plain")  # fmt: skip
        np.testing.assert_allclose(fit.incidence[:, 0], 1 - km.survival, atol=EXACT)
        known = ~np.isnan(km.std_error)
        np.testing.assert_allclose(fit.std_error[known, 0], km.std_error[known], rtol=1e-9)


def test_causes_add_up_and_row_order_does_not_matter(made):
    time, cause, _, weights = made
    fit = incidence(time, cause, weights=weights)
    np.testing.assert_allclose(fit.incidence.sum(axis=1), 1 - fit.survival, atol=EXACT)
    order = np.random.default_rng(1).permutation(len(time))
    again = incidence(time[order], cause[order], weights=weights[order])
    np.testing.assert_allclose(again.std_error, fit.std_error, rtol=1e-9)


def test_entry_at_zero_and_weights_of_one_change_nothing(made):
    time, cause, _, _ = made
    plain, same = incidence(time, cause), incidence(time, cause, entry=np.zeros(400), weights=np.ones(400))
    np.testing.assert_array_equal(plain.incidence, same.incidence)
    np.testing.assert_allclose(plain.std_error, same.std_error, rtol=1e-9)


def test_a_weight_of_zero_is_nobody():
    with_nobody = incidence([*TIME, 2.5], [*CAUSE, 1], weights=[1] * 8 + [0])
    np.testing.assert_allclose(with_nobody.incidence, incidence(TIME, CAUSE).incidence, atol=EXACT)
    assert with_nobody.n == 8


@pytest.mark.parametrize(
    ("time", "cause", "match"),
    [
        ([1, np.inf], [1, 0], "time: values missing or infinite"),
        ([1, -1], [1, 0], "time: values below 0"),
        ([1, 2], [1, 0.5], "cause: values that are not whole"),
        ([1, 2], [1, -1], "cause: values below 0"),
        ([1, 2], [1], "time|event"),
    ],
)
def test_bad_times_and_causes_are_refused(time, cause, match):
    with pytest.raises(DataError, match=match):
        incidence(time, cause)


@pytest.mark.parametrize("cause", [0, -1, True, 1.0, "1"])
def test_a_cause_is_a_whole_number(cause):
    with pytest.raises(SpecError, match="a whole number of at least 1"):
        incidence(TIME, CAUSE).at(3, cause=cause)
    with pytest.raises(SpecError, match="a whole number of at least 1"):
        compare_gray(TIME, CAUSE, [1, 0] * 4, cause_of_interest=cause)


def test_degenerate_curves():
    assert incidence([], []).note == "There are no participants."
    assert np.isnan(incidence([], []).at(1, cause=1).lower[0])
    censored = incidence([1, 2], [0, 0])
    assert censored.causes == ()
    assert censored.at(1, cause=1).incidence[0] == 0
    everyone = incidence([3, 3], [1, 1], conf_type="plain")
    assert everyone.incidence[0, 0] == 1
    assert np.isnan([everyone.lower[0, 0], everyone.upper[0, 0]]).all()
    assert everyone.at(9, cause=1).note == ("There is no variation, so there are no confidence limits.",)
    assert incidence([0], [1]).at(0, cause=1).incidence[0] == 1


def test_gray_without_competing_events_or_censoring_is_nearly_the_logrank(made):
    """Without competing causes the score is the log-rank test's; without ties so is the variance but for (n-1)/n."""
    draw = np.random.default_rng(3)
    time, group = draw.random(600), draw.integers(0, 2, 600)
    gray = compare_gray(time, np.ones(600, int), group, cause_of_interest=1)
    assert gray.statistic == pytest.approx(compare_logrank(time, np.ones(600), group).statistic, rel=0.02)


def test_gray_does_not_know_names_or_order(made):
    time, cause, group, _ = made
    first = compare_gray(time, cause, group, cause_of_interest=1)
    renamed = compare_gray(time, cause, np.array(["z", "b", "k"])[group], cause_of_interest=1)
    other_cause = compare_gray(time, np.where(cause == 2, 7, cause), group, cause_of_interest=1)
    order = np.random.default_rng(2).permutation(len(time))
    shuffled = compare_gray(time[order] * 30, cause[order], group[order], cause_of_interest=1)
    for other in (renamed, other_cause, shuffled):
        assert other.statistic == pytest.approx(first.statistic, rel=1e-10)
    assert first.df == 2


def test_gray_where_there_is_no_test():
    assert compare_gray([1, 2], [1, 1], ["a", "a"], cause_of_interest=1).note == "There are fewer than two groups."
    none = compare_gray([1, 2, 3], [0, 2, 0], ["a", "b", "a"], cause_of_interest=1)
    assert np.isnan(none.p_value)
    assert none.note == "There are no events of this cause."
    assert np.isnan(compare_gray([], [], [], cause_of_interest=1).statistic)
    apart = compare_gray([1, 1, 5, 6], [2, 2, 1, 1], ["a", "a", "b", "b"], cause_of_interest=1)
    assert np.isnan(apart.statistic)
    assert apart.note


@pytest.mark.slow
def test_gray_holds_its_level():
    """Two groups of 100 with the same incidence but other censoring: 5% rejections, 2000 trials, standard error .5%."""
    draw, rejected = np.random.default_rng(20260105), 0
    group = np.repeat([0, 1], 100)
    for _ in range(2000):
        event, limit = draw.exponential(1, 200), draw.exponential(np.where(group == 1, 1.0, 3.0))
        cause = np.where(event <= limit, draw.integers(1, 3, 200), 0)
        rejected += compare_gray(np.minimum(event, limit), cause, group, cause_of_interest=1).p_value < 0.05
    assert 0.035 <= rejected / 2000 <= 0.065


@pytest.mark.slow
def test_incidence_limits_cover():
    """Two causes at rates 1 and .5, censoring at rate .5, 100 participants: F1(.7) = 2/3 (1 - exp(-1.05))."""
    draw, covered, truth = np.random.default_rng(20260106), 0, 2 / 3 * (1 - np.exp(-1.05))
    for _ in range(2000):
        event, limit = draw.exponential(1 / 1.5, 100), draw.exponential(2.0, 100)
        cause = np.where(event <= limit, 1 + (draw.random(100) < 1 / 3), 0)
        found = incidence(np.minimum(event, limit), cause).at(0.7, cause=1)
        covered += found.lower[0] <= truth <= found.upper[0]
    assert 0.935 <= covered / 2000 <= 0.965


def test_trend_of_two_groups_is_the_logrank(made):
    time, cause, group, weights = made
    two = group == 0
    for options in ({}, {"rho": 1}, {"strata": cause}, {"weights": weights}):
        trend = compare_trend(time, cause > 0, np.where(two, 7, 11), **options)
        assert trend.statistic == pytest.approx(compare_logrank(time, cause > 0, two, **options).statistic, rel=1e-9)
        assert trend.df == 1


def test_trend_knows_only_the_spacing(made):
    time, cause, group, _ = made
    first = compare_trend(time, cause > 0, group)
    assert compare_trend(time, cause > 0, 100 - 5 * group).statistic == pytest.approx(first.statistic, rel=1e-10)
    assert compare_trend(time, cause > 0, np.array([0, 1, 9])[group]).statistic != pytest.approx(first.statistic)


def test_trend_where_there_is_none():
    assert compare_trend([1, 2], [1, 1], [4, 4]).note == "There are fewer than two groups."
    assert np.isnan(compare_trend([1, 2], [0, 0], [1, 2]).p_value)
    with pytest.raises(DataError, match="score"):
        compare_trend([1, 2], [1, 1], [1, np.nan])


def test_beta_product_limits_without_censoring_are_clopper_and_pearson():
    fit = curve([5, 3, 3, 1, 2, 4, 4, 9], [1] * 8)
    for i, alive in enumerate((7, 6, 4, 2, 1, 0)):
        exact = estimate_proportion(alive, 8, method="clopper-pearson", conf_level=0.95)
        np.testing.assert_allclose([fit.lower[i], fit.upper[i]], [exact.lower, exact.upper], atol=EXACT)


def test_beta_product_limits_exist_where_others_do_not():
    """Before the first event only the next one is uncertain: the least of n uniform variates."""
    fit = curve([2, 3, 4], [0, 0, 0])
    assert fit.note == ""
    np.testing.assert_allclose(fit.at([1, 2, 3]).lower, [0.025 ** (1 / 3), 0.025 ** (1 / 2), 0.025], atol=EXACT)
    assert fit.at([0, 1, 2]).upper.tolist() == [1, 1, 1]
    assert fit.at(0).lower.tolist() == [1]
    zero = curve([1, 1], [1, 1])
    assert zero.lower.tolist() == [0]
    np.testing.assert_allclose(zero.upper, [stats.beta.ppf(0.975, 1, 2)], atol=EXACT)


def test_beta_product_limits_are_for_plain_samples():
    with pytest.raises(SpecError, match="with weights or entries"):
        estimate_kaplan_meier([1, 2], [1, 0], weights=[1, 2], conf_level=0.95, conf_type="beta-product")


def test_difference_by_hand():
    """Survival 1/2 with variance 1/8 against 3/4 with variance 3/64: standard error √11/8."""
    first, second = curve([1, 2], [1, 0], "plain"), curve([1, 2, 2, 2], [1, 0, 0, 0], "plain")
    found = compare_survival(first, second, 1.5, conf_level=0.95)
    assert found.estimate == -0.25
    assert found.std_error == pytest.approx(np.sqrt(11) / 8, rel=EXACT)
    assert found.p_value == pytest.approx(2 * stats.norm.cdf(-2 / np.sqrt(11)), rel=EXACT)
    assert found.upper == pytest.approx(-0.25 + 1.959963984540054 * np.sqrt(11) / 8, rel=EXACT)
    assert found.lower == -1
    assert found.note == "The lower limit is cut at the least possible value."
    means = compare_restricted_means(first, second, 2, conf_level=0.95)
    assert means.estimate == pytest.approx(1.5 - 1.75, rel=EXACT)
    assert means.std_error == pytest.approx(np.sqrt(11) / 8, rel=EXACT)


def test_difference_where_there_is_none():
    first, second = curve([1, 2], [1, 0], "plain"), curve([1, 2], [0, 0], "plain")
    assert compare_survival(first, second, 3, conf_level=0.95).note == "The time is beyond the last observed one."
    assert compare_restricted_means(first, second, 5, conf_level=0.95).note == "Follow-up ends at 2, before 5."
    certain = compare_restricted_means(second, second, 2, conf_level=0.95)
    assert certain.estimate == 0
    assert np.isnan([certain.std_error, certain.p_value, certain.lower]).all()
    one_sided = compare_survival(first, second, 1, conf_level=0.95)
    assert one_sided.estimate == -0.5
    assert np.isnan(one_sided.upper)
    assert certain.note == "A group has no event before then, so the difference has no standard error."
    assert one_sided.note == "A group has no event by then, so the difference has no standard error."
