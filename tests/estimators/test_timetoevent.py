"""Kaplan-Meier and log-rank: curves worked by hand, invariants, ends, traps and known truth."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npcstats.errors import DataError, SpecError
from npcstats.estimators.timetoevent import (
    CONF_TYPES,
    KaplanMeier,
    compare_logrank,
    estimate_follow_up,
    estimate_kaplan_meier,
)

# a few products and sums of doubles
ROUNDING = 1e-12

TIME = [5, 3, 8, 3, 10, 5, 12, 7]
EVENT = [1, 1, 0, 0, 1, 1, 0, 1]


def curve(time: object, event: object, conf_type: str = "log-log", **options: object) -> KaplanMeier:
    return estimate_kaplan_meier(time, event, conf_level=0.95, conf_type=conf_type, **options)


def test_curve_by_hand() -> None:
    """Eight participants, unsorted, a tie of event and censoring at 3 and of two events at 5.

    At risk 8 6 4 3 2 1 at times 3 5 7 8 10 12. Survival 7/8, then 7/8 * 4/6 = 7/12, 7/12 * 3/4 = 7/16, unchanged at
    the censoring, 7/16 * 1/2 = 7/32. Greenwood's terms 1/56, 2/24, 1/12, 0, 1/2.
    """
    fit = curve(TIME, EVENT)
    assert fit.time.tolist() == [3, 5, 7, 8, 10, 12]
    assert fit.at_risk.tolist() == [8, 6, 4, 3, 2, 1]
    assert fit.events.tolist() == [1, 2, 1, 0, 1, 0]
    assert fit.censored.tolist() == [1, 0, 0, 1, 0, 1]
    survival = [Fraction(7, 8), Fraction(7, 12), Fraction(7, 16), Fraction(7, 16), Fraction(7, 32), Fraction(7, 32)]
    terms = np.cumsum([1 / 56, 1 / 12, 1 / 12, 0, 1 / 2, 0])
    np.testing.assert_allclose(fit.survival, [float(s) for s in survival], rtol=ROUNDING)
    np.testing.assert_allclose(fit.std_error, fit.survival * np.sqrt(terms), rtol=ROUNDING)
    assert (fit.n, fit.n_events) == (8, 5)


def test_limits_by_hand() -> None:
    """At time 5 survival is 7/12 with log-variance 1/56 + 1/12 = 17/168; z = 1.959963984540054."""
    s, se, z = 7 / 12, math.sqrt(17 / 168), 1.959963984540054
    expected = {
        "plain": (s - z * s * se, s + z * s * se),
        "log": (s * math.exp(-z * se), min(s * math.exp(z * se), 1)),
        "log-log": (s ** math.exp(z * se / -math.log(s)), s ** math.exp(-z * se / -math.log(s))),
    }
    for conf_type, limits in expected.items():
        fit = curve(TIME, EVENT, conf_type)
        assert (fit.lower[1], fit.upper[1]) == pytest.approx(limits, rel=ROUNDING)


def test_reading_the_curve() -> None:
    """Right-continuous: at 5 the events at 5 count; the number at risk at 5 still holds them."""
    at = curve(TIME, EVENT).at([12, 0, 4.9, 5, 5.1, 13])
    np.testing.assert_allclose(at.survival, [7 / 32, 1, 7 / 8, 7 / 12, 7 / 12, np.nan], rtol=ROUNDING)
    assert at.at_risk.tolist() == [1, 8, 6, 6, 4, 0]
    assert at.note == ("", "", "", "", "", "The time is beyond the last observed one.")
    assert math.isnan(at.lower[-1])


def test_median_by_hand() -> None:
    """Survival first is at most 1/2 at time 7, at most 3/4 at 5; it never comes to 1/10."""
    fit = curve(TIME, EVENT)
    assert fit.quantile(0.5).estimate == 7
    assert fit.quantile(0.25).estimate == 5
    deep = fit.quantile(0.9)
    assert math.isnan(deep.estimate)
    assert "did not come down to 0.1" in deep.note


def test_restricted_mean_by_hand() -> None:
    """To 10: 3 * 1 + 2 * 7/8 + 2 * 7/12 + 3 * 7/16 = 347/48.

    Areas to the right of 3, 5 and 7: 203/48, 119/48, 63/48; variance the sum of their squares times 1/56, 1/12, 1/12.
    """
    mean = curve(TIME, EVENT).rmst(10)
    variance = ((203 / 48) ** 2 / 56) + ((119 / 48) ** 2 + (63 / 48) ** 2) / 12
    assert mean.estimate == pytest.approx(347 / 48, rel=ROUNDING)
    assert mean.std_error == pytest.approx(math.sqrt(variance), rel=ROUNDING)
    assert mean.upper - mean.estimate == pytest.approx(1.959963984540054 * math.sqrt(variance), rel=ROUNDING)


def test_restricted_mean_needs_follow_up() -> None:
    mean = curve(TIME, EVENT).rmst(12.5)
    assert math.isnan(mean.estimate)
    assert mean.note == "Follow-up ends at 12, before 12.5."


def test_restricted_mean_of_a_curve_that_reached_zero_needs_none() -> None:
    """Events at 1, 2, 3: 1 + 2/3 + 1/3 = 2, whatever the horizon beyond 3."""
    assert curve([1, 2, 3], [1, 1, 1]).rmst(50).estimate == pytest.approx(2, rel=ROUNDING)


def test_the_median_of_a_plateau_is_its_middle() -> None:
    """Events at 1 2 3 4: survival is exactly 1/2 from 2 to 3, so 2.5 as R gives it, not 2."""
    assert curve([1, 2, 3, 4], [1, 1, 1, 1]).quantile(0.5).estimate == 2.5


def test_a_last_plateau_ends_with_the_observations() -> None:
    """Events at 1 and 2 of four, the others censored at 3 and 4: exactly 1/2 from 2 to 4, as R's quantile."""
    assert curve([1, 2, 3, 4], [1, 1, 0, 0]).quantile(0.5).estimate == 3


def test_the_limit_of_a_quantile_is_the_first_time_its_band_comes_down() -> None:
    """A band of few participants can rise again; it must not give an earlier quantile a later limit.

    Sample found by search; R's quantile gives limits of 15 for the tenth and 13 for the twenty-fifth percentile.
    """
    time = [11, 7, 4, 3, 13, 13, 4, 15, 13, 13, 12, 1, 3, 0, 13, 5, 10, 14, 8, 15, 14, 8, 12]
    event = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1]
    fit = curve(time, event, "log")
    first = [fit.time[fit.upper <= level][0] for level in (0.9, 0.75)]
    assert [fit.quantile(p).upper for p in (0.1, 0.25)] == first == [12, 13]


@pytest.mark.parametrize("conf_type", CONF_TYPES)
@pytest.mark.parametrize("weights", [None, [0.5, 1.5, 2]])
def test_survival_of_zero_has_no_standard_error(conf_type: str, weights: list[float] | None) -> None:
    """Nobody left is not certainty about 0, with weights either."""
    fit = curve([1, 2, 3], [1, 1, 1], conf_type, weights=weights)
    assert fit.survival[-1] == 0
    assert np.isnan([fit.std_error[-1], fit.lower[-1], fit.upper[-1]]).all()


@pytest.mark.parametrize("conf_type", CONF_TYPES)
def test_no_events_have_no_limits(conf_type: str) -> None:
    """Limits of 1 to 1 would claim certainty."""
    fit = curve([1, 2, 3], [0, 0, 0], conf_type)
    assert fit.survival.tolist() == [1, 1, 1]
    assert np.isnan(fit.lower).all()
    assert np.isnan(fit.upper).all()
    assert "no events" in fit.note
    at = fit.at([0, 2])
    assert np.isnan(at.upper).all()
    assert "no events" in at.note[1]
    assert fit.quantile(0.5).note == "There are no events."
    mean = fit.rmst(2)
    assert (mean.estimate, mean.std_error) == (2, 0)
    assert math.isnan(mean.lower)


@pytest.mark.parametrize(("conf_type", "limit"), [("plain", 1.0), ("log", 1.0), ("log-log", math.nan)])
def test_limits_before_the_first_event_follow_the_scale(conf_type: str, limit: float) -> None:
    """As R's survfit: 1 to 1 on the scales that allow it, none on the log-log scale."""
    fit = curve([1, 2, 3], [0, 1, 0], conf_type)
    assert fit.lower[0] == pytest.approx(limit, nan_ok=True)
    assert fit.at([1]).upper[0] == pytest.approx(limit, nan_ok=True)
    assert "There is no event yet" in fit.at([1]).note[0]
    assert fit.at([0]).note == ("",) or conf_type == "log-log"


@pytest.mark.parametrize("conf_type", CONF_TYPES)
def test_a_curve_at_zero_has_no_limits(conf_type: str) -> None:
    fit = curve([2, 2], [1, 1], conf_type)
    assert fit.survival.tolist() == [0]
    assert math.isnan(fit.lower[0])
    at = fit.at([1, 2, 9])
    assert at.survival.tolist() == [1, 0, 0]
    assert at.at_risk.tolist() == [2, 2, 0]
    assert "reached 0" in at.note[2]
    assert fit.quantile(0.5).estimate == 2


def test_nobody() -> None:
    fit = curve([], [])
    assert (fit.n, fit.note) == (0, "There are no participants.")
    assert np.isnan(fit.at([1]).survival).all()
    assert fit.at([1]).at_risk.tolist() == [0]
    assert math.isnan(fit.quantile(0.5).estimate)
    assert fit.rmst(1).note == "There are no participants."


def test_an_event_at_time_zero_counts() -> None:
    fit = curve([0, 1, 2, 3], [1, 0, 1, 0])
    assert fit.at([0]).survival.tolist() == [0.75]
    assert fit.at([0]).at_risk.tolist() == [4]


def test_one_participant() -> None:
    fit = curve([4], [1])
    assert fit.quantile(0.5).estimate == 4
    assert fit.rmst(3).estimate == 3


def test_times_that_differ_by_rounding_are_tied() -> None:
    """0.1 + 0.2 is 0.30000000000000004; the censoring at 0.3 is after the event, so both were at risk."""
    fit = curve([0.1 + 0.2, 0.3, 1.0], [1, 0, 0])
    assert fit.at_risk.tolist() == [3, 1]
    assert fit.survival[0] == pytest.approx(2 / 3)
    assert fit.at([0.3, 0.1 + 0.2]).at_risk.tolist() == [3, 3]


def test_delayed_entry_by_hand() -> None:
    """Entries 0 2 0 4, times 3 5 4 6, events 1 1 0 1: at risk just before 3 4 5 6: 3 2 2 1 (entry at 4 is after 4)."""
    fit = curve([3, 5, 4, 6], [1, 1, 0, 1], entry=[0, 2, 0, 4])
    assert fit.at_risk.tolist() == [3, 2, 2, 1]
    np.testing.assert_allclose(fit.survival, [2 / 3, 2 / 3, 1 / 3, 0], rtol=ROUNDING)
    assert fit.at([0, 1, 2, 2.5, 4, 4.5, 7]).at_risk.tolist() == [2, 2, 2, 3, 2, 2, 0]


def test_an_entry_of_zero_is_no_entry() -> None:
    late, plain = curve(TIME, EVENT, entry=[0] * 8), curve(TIME, EVENT)
    np.testing.assert_array_equal(late.survival, plain.survival)
    assert late.at([0]).at_risk.tolist() == [8]


samples = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25)


def columns(rows: list[tuple[int, bool]]) -> tuple[list[int], list[bool]]:
    return [time for time, _ in rows], [event for _, event in rows]


@given(samples, st.sampled_from(CONF_TYPES), st.randoms())
def test_row_order_changes_no_bit(rows: list[tuple[int, bool]], conf_type: str, random: object) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())
    once, again = curve(*columns(rows), conf_type), curve(*columns(shuffled), conf_type)
    for field in ("time", "at_risk", "survival", "std_error", "lower", "upper"):
        np.testing.assert_array_equal(getattr(once, field), getattr(again, field))


@given(samples, st.sampled_from(CONF_TYPES))
def test_the_curve_falls_inside_its_band_and_counts_add_up(rows: list[tuple[int, bool]], conf_type: str) -> None:
    fit = curve(*columns(rows), conf_type)
    assert (np.diff(fit.survival, prepend=1) <= 0).all()
    known = ~np.isnan(fit.lower)
    assert (fit.lower[known] <= fit.survival[known] + ROUNDING).all()
    assert (fit.survival[known] <= fit.upper[known] + ROUNDING).all()
    assert fit.events.sum() + fit.censored.sum() == len(rows)
    assert fit.at_risk.tolist() == [sum(time >= t for time, _ in rows) for t in fit.time]


@given(samples, st.sampled_from([0.5, 30.4375, 365.25]))
def test_another_unit_of_time_only_rescales(rows: list[tuple[int, bool]], factor: float) -> None:
    time, event = columns(rows)
    plain, scaled = curve(time, event), curve(np.array(time) * factor, event)
    np.testing.assert_array_equal(plain.survival, scaled.survival)
    assert scaled.quantile(0.5).estimate == pytest.approx(plain.quantile(0.5).estimate * factor, nan_ok=True)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=25))
def test_without_censoring_survival_is_the_share_still_free(time: list[int]) -> None:
    fit = curve(time, [1] * len(time))
    free = [np.mean([other > t for other in time]) for t in fit.time]
    np.testing.assert_allclose(fit.survival, free, atol=ROUNDING)
    assert fit.rmst(20).estimate == pytest.approx(np.mean(time), rel=1e-10)


@given(samples)
def test_equal_weights_give_greenwoods_variance(rows: list[tuple[int, bool]]) -> None:
    """The infinitesimal jackknife of an unweighted curve is Greenwood's variance, and no scale of weights matters."""
    time, event = columns(rows)
    plain, weighted = curve(time, event), curve(time, event, weights=[0.7] * len(time))
    np.testing.assert_allclose(weighted.survival, plain.survival, atol=ROUNDING)
    np.testing.assert_allclose(weighted.std_error, plain.std_error, atol=1e-7)


def test_whole_weights_repeat_participants_in_the_curve() -> None:
    weights = [2, 1, 3, 1, 2, 1, 1, 4]
    weighted = curve(TIME, EVENT, weights=weights)
    repeated = curve(np.repeat(TIME, weights), np.repeat(EVENT, weights))
    np.testing.assert_allclose(weighted.survival, repeated.survival, rtol=ROUNDING)
    assert weighted.at_risk.tolist() == repeated.at_risk.tolist()


def test_a_participant_of_weight_zero_is_not_there() -> None:
    """The last one, at 12, has no weight: follow-up then ends at 10."""
    weighted = curve(TIME, EVENT, weights=[1, 1, 1, 1, 1, 1, 0, 1])
    assert weighted.time[-1] == 10
    assert weighted.n == 7


def test_reverse_follow_up_by_hand() -> None:
    """Times 1 2 3 4, events 1 0 0 0: censorings at 2 3 4 with 3 2 1 at risk, so 2/3, 1/3, 0 and a median of 3."""
    assert estimate_follow_up([3, 1, 4, 2], [0, 1, 0, 0], conf_level=0.95, conf_type="log").quantile(0.5).estimate == 3


@pytest.mark.parametrize(
    ("time", "event", "options", "where"),
    [
        ([1, -2], [1, 0], {}, "time"),
        ([1, np.inf], [1, 0], {}, "time"),
        ([1, np.nan], [1, 0], {}, "time"),
        ([1, 2], [1, 2], {}, "event"),
        ([1, 2], [1], {}, "event"),
        (pd.Series([1, 2]), pd.Series([True, pd.NA], dtype="boolean"), {}, "event"),
        ([1, 2], [1, 0], {"entry": [0, 2]}, "entry"),
        ([1, 2], [1, 0], {"entry": [0, -1]}, "entry"),
        ([1, 2], [1, 0], {"weights": [1, -1]}, "weights"),
        ([1, 2], [1, 0], {"weights": [0, 0]}, "weights"),
    ],
)
def test_impossible_data_are_refused(time: object, event: object, options: dict[str, object], where: str) -> None:
    with pytest.raises(DataError, match=f"^{where}: "):
        curve(time, event, **options)


def test_the_scale_and_the_level_are_required_choices() -> None:
    with pytest.raises(SpecError, match="conf_type: is 'arcsin'; one of plain, log, log-log, beta-product is required"):
        curve([1], [1], "arcsin")
    with pytest.raises(TypeError, match="conf_type"):
        estimate_kaplan_meier([1], [1], conf_level=0.95)
    fit = curve(TIME, EVENT)
    with pytest.raises(SpecError, match=r"^p: "):
        fit.quantile(50)
    with pytest.raises(SpecError, match=r"^tau: "):
        fit.rmst(-1)
    with pytest.raises(DataError, match=r"^times: "):
        fit.at([np.nan])


GROUP = ["a", "a", "a", "b", "b", "b", "a", "b"]


def test_logrank_by_hand() -> None:
    """Group a: 3 5 8+ 12+; group b: 3+ 5 7 10. Per event time at risk (a, b), events, expected in a, variance:

    3: (4, 4), 1, 1/2, 1/4. 5: (3, 3), 2, 1, 2 * 1/4 * 4/5 = 2/5. 7: (2, 2), 1, 1/2, 1/4. 10: (1, 1), 1, 1/2, 1/4.
    Observed in a 2, expected 5/2, variance 23/20: (1/2)^2 / (23/20) = 5/23.
    """
    test = compare_logrank(TIME, EVENT, GROUP)
    assert test.statistic == pytest.approx(5 / 23, rel=ROUNDING)
    assert (test.df, test.method) == (1, "log-rank")


def test_weighted_logrank_by_hand() -> None:
    """Same data, rho 1: S just before the events is 1, 7/8, 7/12, 7/16 (a), differences 1/2, 0, -1/2, -1/2."""
    before = np.array([1, 7 / 8, 7 / 12, 7 / 16])
    difference, variance = np.array([0.5, 0, -0.5, -0.5]), np.array([0.25, 0.4, 0.25, 0.25])
    for rho, gamma in ((1, 0), (0, 1), (2, 0.5)):
        w = before**rho * (1 - before) ** gamma
        expected = (w @ difference) ** 2 / (w**2 @ variance)
        assert compare_logrank(TIME, EVENT, GROUP, rho=rho, gamma=gamma).statistic == pytest.approx(expected)


def test_strata_add_differences_and_variances() -> None:
    """Stratum 1: a 1, b 2 both events: at 1 (1, 1), difference 1/2, variance 1/4; at 2 only b, nothing.

    Stratum 2: b 1, a 2, a 3 events: at 1 (2, 1): -2/3, 2/9; after that only a. Sum -1/6, variance 17/36.
    """
    test = compare_logrank([1, 2, 1, 2, 3], [1] * 5, list("abbaa"), strata=[1, 1, 2, 2, 2])
    assert test.statistic == pytest.approx((1 / 36) / (17 / 36), rel=ROUNDING)
    assert test.method == "stratified log-rank"


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.sampled_from("abc")), min_size=2, max_size=30))
def test_logrank_does_not_know_names_or_order(rows: list[tuple[int, bool, str]]) -> None:
    time, event, group = zip(*rows, strict=True)
    renamed = [{"a": 3, "b": 1, "c": 2}[g] for g in group]
    there = compare_logrank(time, event, group)
    back = compare_logrank(time[::-1], event[::-1], renamed[::-1])
    assert back.df == pytest.approx(there.df, nan_ok=True)
    assert back.statistic == pytest.approx(there.statistic, rel=1e-8, abs=1e-10, nan_ok=True)


def test_logrank_of_equal_groups_is_zero() -> None:
    test = compare_logrank(TIME * 2, EVENT * 2, [1] * 8 + [2] * 8)
    assert test.statistic == pytest.approx(0, abs=ROUNDING)
    assert test.p_value == pytest.approx(1)


@pytest.mark.parametrize(
    ("time", "event", "group", "note"),
    [
        ([1, 2], [1, 1], ["a", "a"], "fewer than two groups"),
        ([], [], [], "fewer than two groups"),
        ([1, 2], [0, 0], ["a", "b"], "no events"),
        ([1, 2, 3], [0, 1, 1], ["a", "b", "b"], "Fewer than two groups are ever at risk"),
        ([1, 1], [1, 1], ["a", "b"], "variance is 0"),
    ],
)
def test_a_logrank_that_is_undefined_says_why(time: list[int], event: list[int], group: list[str], note: str) -> None:
    test = compare_logrank(time, event, group)
    assert math.isnan(test.statistic)
    assert math.isnan(test.p_value)
    assert note in test.note


def test_a_group_never_at_risk_at_an_event_loses_its_degree_of_freedom() -> None:
    test = compare_logrank([1, 2, 3, 4, 5], [0, 1, 1, 0, 1], ["c", "a", "b", "a", "b"])
    assert test.df == 1


def test_logrank_refuses_impossible_data() -> None:
    with pytest.raises(DataError, match=r"^group: "):
        compare_logrank([1, 2], [1, 0], ["a", None])
    with pytest.raises(DataError, match=r"^strata: "):
        compare_logrank([1, 2], [1, 0], ["a", "b"], strata=[1])
    with pytest.raises(SpecError, match=r"^rho: "):
        compare_logrank([1, 2], [1, 0], ["a", "b"], rho=-1)


@pytest.mark.slow
@pytest.mark.parametrize("conf_type", CONF_TYPES)
def test_limits_cover_the_true_survival(conf_type: str) -> None:
    """Exponential times of mean 2, censored uniformly on 1 to 3, 200 participants; S(1) = exp(-1/2), 2000 samples.

    Monte-Carlo error of a coverage of 0.95 is 0.0049; four of them are allowed.
    """
    rng = np.random.default_rng(20260103)
    truth, covered = math.exp(-0.5), 0
    for _ in range(2000):
        death, censoring = rng.exponential(2, 200), rng.uniform(1, 3, 200)
        at = curve(np.minimum(death, censoring), death <= censoring, conf_type).at([1.0])
        covered += bool(at.lower[0] <= truth <= at.upper[0])
    assert covered / 2000 == pytest.approx(0.95, abs=4 * 0.0049)


@pytest.mark.slow
def test_restricted_mean_and_median_cover_the_truth() -> None:
    """Same samples: restricted mean to 1 is 2 (1 - exp(-1/2)); the median of an exponential of mean 2 is 2 log 2."""
    rng = np.random.default_rng(20260104)
    means, medians = 0, 0
    for _ in range(2000):
        death, censoring = rng.exponential(2, 200), rng.uniform(1, 3, 200)
        fit = curve(np.minimum(death, censoring), death <= censoring)
        mean, median = fit.rmst(1.0), fit.quantile(0.5)
        means += mean.lower <= 2 * (1 - math.exp(-0.5)) <= mean.upper
        upper = math.inf if math.isnan(median.upper) else median.upper
        medians += median.lower <= 2 * math.log(2) <= upper
    assert means / 2000 == pytest.approx(0.95, abs=4 * 0.0049)
    assert medians / 2000 == pytest.approx(0.95, abs=4 * 0.0049)


@pytest.mark.slow
@pytest.mark.parametrize("weighted", [False, True])
def test_logrank_keeps_its_level(weighted: bool) -> None:
    """Three groups with one curve: 5 % of 2000 tests below 0.05, with random weights too."""
    rng = np.random.default_rng(20260105)
    rejected = 0
    for _ in range(2000):
        death, censoring = rng.exponential(2, 240), rng.uniform(0, 4, 240)
        test = compare_logrank(
            np.minimum(death, censoring),
            death <= censoring,
            np.repeat([0, 1, 2], 80),
            weights=rng.uniform(0.5, 2, 240) if weighted else None,
        )
        rejected += test.p_value < 0.05
    assert rejected / 2000 == pytest.approx(0.05, abs=4 * 0.0049)
