"""Limits of every estimator, over many small samples: inside what is possible, around the estimate, or with a reason.

Times are few and round, so that there are ties, curves that fall at once, arms without an event and arms that all have
it. Nothing here looks at how an estimator makes its limits.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from npcstats.estimators.bounds import BOTH_CUT, LOWER_CUT, OUTSIDE, UPPER_CUT, cut_limits
from npcstats.estimators.continuous import compare_means, estimate_mean, standardized_mean_difference
from npcstats.estimators.proportions import (
    COMPARISONS,
    DIFFERENCES,
    PROPORTIONS,
    compare_proportions,
    estimate_proportion,
)
from npcstats.estimators.timetoevent import (
    CONF_TYPES,
    CURVE_CONF_TYPES,
    compare_gray,
    compare_incidence,
    compare_logrank,
    compare_restricted_means,
    compare_survival,
    compare_trend,
    estimate_cumulative_incidence,
    estimate_follow_up,
    estimate_kaplan_meier,
    fit_cox,
    fit_fine_gray,
)
from npcstats.estimators.types import DesignMatrix

SAMPLES = 150
LEVELS = (0.5, 0.9, 0.95, 0.999)
CUTS = {LOWER_CUT, UPPER_CUT, BOTH_CUT}
# the last bits of a sum or of an exponential
BIT = 1e-12


def check(estimate, lower, upper, note, least=-math.inf, largest=math.inf):
    """Hold one estimate and its limits to the rule."""
    numbers = (estimate, lower, upper)
    assert not any(math.isnan(number) for number in numbers) or note, numbers
    for number in numbers:
        assert math.isnan(number) or least <= number <= largest, numbers
    if note != OUTSIDE:
        assert not estimate < lower - BIT * (1 + abs(lower)), numbers
        assert not estimate > upper + BIT * (1 + abs(upper)), numbers
    if note in (LOWER_CUT, BOTH_CUT):
        assert lower == least
    if note in (UPPER_CUT, BOTH_CUT):
        assert upper == largest


def contrast(found, **bounds):
    check(found.estimate, found.lower, found.upper, found.note, **bounds)
    assert not math.isnan(found.std_error + found.p_value) or found.note


def draws(seed):
    """Samples of 0 to 9 participants: times, causes and weights."""
    rng = np.random.default_rng(seed)
    for _ in range(SAMPLES):
        n = int(rng.integers(0, 10))
        cause = rng.choice([0, 1, 2], n, p=rng.dirichlet([1, 1, 0.5]))
        yield rng.integers(1, 6, n).astype(float), cause, rng.choice([0.5, 1.0, 2.0], n)


@pytest.mark.parametrize("method", PROPORTIONS)
def test_proportions(method):
    for total, level in itertools.product(range(12), LEVELS):
        for count in range(total + 1):
            found = estimate_proportion(count, total, method=method, conf_level=level)
            check(found.estimate, found.lower, found.upper, found.note, 0, 1)


@pytest.mark.parametrize("method", DIFFERENCES)
def test_risk_differences(method):
    sizes = (0, 1, 2, 5)
    for total1, total0, level in itertools.product(sizes, sizes, LEVELS):
        for count1, count0 in itertools.product(range(total1 + 1), range(total0 + 1)):
            found = compare_proportions(
                count1, total1, count0, total0, measure="risk-difference", method=method, conf_level=level
            )
            check(found.estimate, found.lower, found.upper, found.note, -1, 1)


@pytest.mark.parametrize(
    ("measure", "method"), [(of, method) for of in ("risk-ratio", "odds-ratio") for method in COMPARISONS[of]]
)
def test_ratios(measure, method):
    for total1, total0 in itertools.product((0, 1, 4), (0, 1, 4)):
        for count1, count0 in itertools.product(range(total1 + 1), range(total0 + 1)):
            found = compare_proportions(count1, total1, count0, total0, measure=measure, method=method, conf_level=0.95)
            check(found.estimate, found.lower, found.upper, found.note, 0)


@pytest.mark.parametrize("conf_type", CURVE_CONF_TYPES)
def test_survival_and_what_is_read_from_it(conf_type):
    before = None
    for (time, cause, weight), level in zip(draws(1), itertools.cycle(LEVELS), strict=False):
        weights = None if conf_type == "beta-product" or len(time) % 2 else weight
        curve = estimate_kaplan_meier(time, cause > 0, weights=weights, conf_level=level, conf_type=conf_type)
        read = curve.at([0, 0.5, 1, 2.5, 5, 7])
        for values in zip(read.survival, read.lower, read.upper, read.note, strict=True):
            check(*values, 0, 1)
        for p in (0.25, 0.5, 0.9):
            found = curve.quantile(p)
            check(found.estimate, found.lower, found.upper, found.note, 0)
        for tau in (0.5, 2.0, 4.5):
            mean = curve.rmst(tau)
            check(mean.estimate, mean.lower, mean.upper, mean.note, 0, tau)
        for time_ in (0.5, 2, 5) if before else ():
            contrast(compare_survival(curve, before, time_, conf_level=level), least=-1, largest=1)
            contrast(compare_restricted_means(curve, before, time_, conf_level=level), least=-time_, largest=time_)
        before = curve


@pytest.mark.parametrize("conf_type", CONF_TYPES)
def test_incidence(conf_type):
    before = None
    for (time, cause, weight), level in zip(draws(2), itertools.cycle(LEVELS), strict=False):
        weights = None if len(time) % 2 else weight
        curve = estimate_cumulative_incidence(time, cause, weights=weights, conf_level=level, conf_type=conf_type)
        for which in (1, 2, 3):
            read = curve.at([0, 1, 2.5, 5, 7], cause=which)
            for values in zip(read.incidence, read.lower, read.upper, read.note, strict=True):
                check(*values, 0, 1)
            for time_ in (1, 5) if before else ():
                contrast(compare_incidence(curve, before, time_, cause=which, conf_level=level), least=-1, largest=1)
        before = curve


@pytest.mark.parametrize("conf_type", CURVE_CONF_TYPES)
def test_follow_up(conf_type):
    for time, cause, _ in draws(3):
        curve = estimate_follow_up(time, cause > 0, conf_level=0.95, conf_type=conf_type)
        found = curve.quantile(0.5)
        check(found.estimate, found.lower, found.upper, found.note, 0)


def test_means():
    rng = np.random.default_rng(4)
    for _ in range(SAMPLES):
        first, second = (rng.integers(0, 4, rng.integers(0, 5)).astype(float) for _ in range(2))
        found = estimate_mean(first, conf_level=0.95)
        check(found.estimate, found.lower, found.upper, found.note)
        for method in ("welch", "pooled"):
            contrast(compare_means(first, second, method=method, conf_level=0.95))


def test_hazard_ratios():
    for time, cause, _ in draws(5):
        group = np.arange(len(time)) % 2
        design = DesignMatrix(group[:, np.newaxis].astype(float), ("group",))
        cox = fit_cox(time, cause == 1, design, ties="efron", conf_level=0.95)
        gray = fit_fine_gray(time, cause, design, cause_of_interest=1, conf_level=0.95)
        for fit in (cox, gray):
            note = fit.notes[0] or fit.note
            ratio = (fit.hazard_ratio[0], fit.hazard_ratio_lower[0], fit.hazard_ratio_upper[0])
            check(*ratio, note, 0)
            assert not math.isnan(fit.p_value[0]) or note


def test_tests_say_why_they_are_not_there():
    for time, cause, _ in draws(6):
        group = np.arange(len(time)) % 3
        for test in (
            compare_logrank(time, cause > 0, group),
            compare_trend(time, cause > 0, group.astype(float)),
            compare_gray(time, cause, group, cause_of_interest=1),
        ):
            assert not math.isnan(test.p_value) or test.note
            assert math.isnan(test.p_value) or 0 <= test.p_value <= 1


def test_cut_limits():
    assert cut_limits(-0.5, 0.5, -1, 1) == (-0.5, 0.5, "")
    assert cut_limits(-1.5, 0.5, -1, 1) == (-1, 0.5, LOWER_CUT)
    assert cut_limits(-0.5, 1.5, -1, 1) == (-0.5, 1, UPPER_CUT)
    assert cut_limits(-1.5, 1.5, -1, 1) == (-1, 1, BOTH_CUT)
    assert cut_limits(-1, 1, -1, 1) == (-1, 1, "")
    assert all(map(math.isnan, cut_limits(math.nan, math.nan, -1, 1)[:2]))


class TestReasonsAreTrue:
    """Each reason stands where it holds, and where another holds it does not."""

    @pytest.mark.parametrize(
        ("first", "second", "denominator", "note"),
        [
            ("AA", "BC", "average", "The groups share no category, so the covariance matrix is singular."),
            ("AB", "CD", "treated", "The groups share no category, so the covariance matrix is singular."),
            ("AABB", "ABC", "treated", "Group 1 lacks a category of the other, so its covariance matrix is singular."),
            ("AA", "ABC", "treated", "The variance (group 1) is 0."),
            ("AA", "AAA", "average", "The variance (average of both groups) is 0."),
        ],
    )
    def test_categories(self, first, second, denominator, note):
        found = standardized_mean_difference([*first], [*second], kind="categorical", denominator=denominator)
        assert math.isnan(found.estimate)
        assert found.note == note

    def test_categories_that_some_share(self):
        """By hand: shares 1/2 1/2 0 and 0 1/2 1/2; averages of the covariances without A: 1/4 and 1/8, off -1/8."""
        found = standardized_mean_difference([*"AABB"], [*"BBCC"], kind="categorical", denominator="average")
        inverse = np.linalg.inv(np.array([[1 / 4, -1 / 8], [-1 / 8, 1 / 8]]))
        step = np.array([0, -1 / 2])
        assert found.estimate == pytest.approx(math.sqrt(step @ inverse @ step), rel=1e-12)
        assert not found.note

    @pytest.mark.parametrize("conf_type", CONF_TYPES)
    def test_a_curve_that_falls_at_once(self, conf_type):
        at_once = "The curve falls from 1 to 0 at once, so there are no confidence limits."
        for time, event in (([5], [1]), ([3, 5, 5], [0, 1, 1])):
            curve = estimate_kaplan_meier(time, event, conf_level=0.95, conf_type=conf_type)
            assert curve.quantile(0.5).estimate == 5
            assert curve.quantile(0.5).note == at_once
            assert curve.rmst(7).note == at_once
            assert curve.rmst(4).note == "There is no event before 4, so there are no limits."

    def test_a_band_that_ends_where_the_curve_reaches_nothing(self):
        """1 2 3 all with the event: the upper limit stays above 1/2 until the curve is 0, where it has none."""
        found = estimate_kaplan_meier([1, 2, 3], [1, 1, 1], conf_level=0.95, conf_type="log-log").quantile(0.5)
        assert found.note == (
            "Its upper limit did not come down to 0.5 before the curve reached 0, where there are no limits."
        )

    def test_a_band_that_goes_on(self):
        found = estimate_kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0], conf_level=0.95, conf_type="log-log").quantile(0.5)
        assert found.note == "Its upper limit did not come down to 0.5."

    def test_no_event_of_this_cause(self):
        none = "There are no events of this cause."
        assert compare_gray([1, 2], [2, 2], ["a", "b"], cause_of_interest=1).note == none
        assert compare_gray([1, 2], [0, 0], ["a", "b"], cause_of_interest=1).note == none
        assert compare_logrank([1, 2], [0, 0], ["a", "b"]).note == "There are no events."

    def test_a_stratum_without_any_event_adds_nothing(self):
        alone = compare_gray([1, 2, 3, 4], [1, 2, 1, 0], [*"abab"], cause_of_interest=1, strata=[0] * 4)
        beside = compare_gray([1, 2, 3, 4, 1, 2], [1, 2, 1, 0, 0, 0], [*"ababab"], cause_of_interest=1,
                              strata=[0] * 4 + [1] * 2)  # fmt: skip
        assert beside.statistic == alone.statistic

    def test_a_trend_without_variance(self):
        """Both groups are at risk at the event; all die of it at once, so nothing varies."""
        assert compare_trend([1, 1], [1, 1], [0, 1]).note == "The variance is 0, so there is no test."
        assert compare_trend([1, 2], [0, 1], [0, 1]).note == "Fewer than two groups are ever at risk at an event."
        assert compare_trend([1, 2], [0, 0], [0, 1]).note == "There are no events."

    def test_a_difference_without_standard_error(self):
        def incidence(time, cause):
            return estimate_cumulative_incidence(time, cause, conf_level=0.95, conf_type="log-log")

        some = incidence([1, 2, 3], [1, 1, 0])
        none, everyone = incidence([2, 3], [0, 0]), incidence([1, 1], [1, 1])
        no_event = "A group has no event by then, so the difference has no standard error."
        no_variation = "A group has no variation by then, so the difference has no standard error."
        assert compare_incidence(some, none, 2, cause=1, conf_level=0.95).note == no_event
        assert compare_incidence(some, everyone, 2, cause=1, conf_level=0.95).note == no_variation

    def test_a_restricted_mean_with_an_event_at_the_horizon(self):
        """The event at 2 has happened by 2 and changes no time before it: the area is 2, of which nothing varies."""

        def curve(time, event):
            return estimate_kaplan_meier(time, event, conf_level=0.95, conf_type="log-log")

        at_horizon, before = curve([2, 3], [1, 0]), curve([1, 3], [1, 0])
        found = compare_restricted_means(before, at_horizon, 2, conf_level=0.95)
        assert found.estimate == 1.5 - 2
        assert found.note == "A group has no event before then, so the difference has no standard error."

    def test_a_mean_of_one_value(self):
        note = "A group has one value only; a standard error requires two in each."
        assert compare_means([1.0], [1.0, 2.0], method="pooled", conf_level=0.95).note == note

    def test_follow_up_names_a_time_only_as_it_is(self):
        def curve(last):
            return estimate_kaplan_meier([1, last], [1, 0], conf_level=0.95, conf_type="log-log")

        assert curve(12).rmst(12.5).note == "Follow-up ends at 12, before 12.5."
        assert curve(10.349075975359343).rmst(24).note == "Follow-up ends before 24."
        assert curve(3).rmst(6.9583333333).note == "Follow-up ends at 3, before 6.9583333333."

    def test_a_certain_incidence_has_no_limits(self):
        """All have the event: 1 of itself, with nothing left to vary, however the sum is rounded."""
        for n in range(2, 40):
            found = estimate_cumulative_incidence(range(1, n + 1), [1] * n, conf_level=0.95, conf_type="plain")
            at = found.at(n, cause=1)
            assert (at.incidence[0], at.std_error[0]) == (1, 0)
            assert at.note == ("There is no variation, so there are no confidence limits.",)
