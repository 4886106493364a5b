"""Rates of the eight participants by hand, and who is at risk until when.

Days at risk in the early period (to 90 days after the end of radiotherapy) of the dosed, first and last included:
X: P05 137 (20 January to 5 June), P01 136 (20 February to 5 July), P06 50 (1 November to 20 December, when last known
alive); P07 never begins. Y: P02 138 (to 18 June), P03 137, P04 137 (to 29 August, the onset of the last adverse event,
which is also the last day of the period; last known alive on 1 August).
Events with onset in it: P05 on days 22 and 27, P01 on 11 and 102, P06 on 31; P02 on 29, P04 on 137. That of P03 begins
the day after; the other of P05 before. So X has 3 first events in 22 + 11 + 31 days and 5 in 323; Y 2 in 29 + 137 + 137
and 2 in 412.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from entries import RATED
from scipy import stats

from npcstats.analyses.rates.spec import RatedEvents, RatePeriod
from npcstats.analyses.rates.summary import summarize_rates
from npcstats.derive import assign_arms
from npcstats.errors import DataError, SpecError
from npcstats.results import select
from npcstats.study import Arm

YEAR = 36525  # days of 100 years
Z = stats.norm.ppf(0.975)


@pytest.fixture(scope="module")
def results(known):
    return summarize_rates(known, RATED)


def value(results, **wanted):
    (row,) = select(results, analysis="rated", **wanted)
    return row.value


def rate(results, arm, level, variable="ANY", **more):
    """Events, years and rate with its limits."""
    at = {"arm": arm, "level": level, "variable": variable, "window": "early", **more}
    years = value(results, **at, measure="person_time", stat="estimate")
    stats_ = ("count", "estimate", "ci_low", "ci_high")
    count, *found = (value(results, **at, measure="rate", stat=stat) for stat in stats_)
    return count, years, found


def test_first_events_by_hand(results):
    for arm, events, days in (("X", 3, 64), ("Y", 2, 303), ("all", 5, 367)):
        count, years, (estimate, low, high) = rate(results, arm, "first")
        assert (count, years) == (events, pytest.approx(days / 365.25))
        assert estimate == pytest.approx(events / days * YEAR)
        assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * events) / 2 / days * YEAR)
        assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * events + 2) / 2 / days * YEAR)


def test_all_events_by_hand(results):
    """Rate 5/323 of X: the squared error is the sum of (events - days 5/323)^2 over 323^2, limits on the logarithm."""
    for arm, events, days in (("X", (2, 2, 1), (137, 136, 50)), ("Y", (1, 0, 1), (138, 137, 137))):
        count, years, (estimate, low, high) = rate(results, arm, "all")
        mean = sum(events) / sum(days)
        error = math.sqrt(sum((e - mean * d) ** 2 for e, d in zip(events, days, strict=True))) / sum(days)
        assert (count, years) == (sum(events), pytest.approx(sum(days) / 365.25))
        assert estimate == pytest.approx(mean * YEAR)
        assert (low, high) == pytest.approx([estimate * math.exp(sign * Z * error / mean) for sign in (-1, 1)])


def test_comparisons_by_hand(results):
    between = {"arm": "X", "reference": "Y", "variable": "ANY", "stat": "estimate"}
    gaps = {level: value(results, **between, level=level, measure="rate_difference") for level in ("first", "all")}
    assert gaps == pytest.approx({"first": (3 / 64 - 2 / 303) * YEAR, "all": (5 / 323 - 2 / 412) * YEAR})
    ratios = {level: value(results, **between, level=level, measure="rate_ratio") for level in ("first", "all")}
    assert ratios == pytest.approx({"first": 3 / 64 / (2 / 303), "all": 5 / 323 / (2 / 412)})
    low, high = stats.beta.ppf(0.025, 3, 3), stats.beta.ppf(0.975, 4, 2)
    limits = [value(results, **{**between, "stat": stat}, level="first", measure="rate_ratio")
              for stat in ("ci_low", "ci_high")]  # fmt: skip
    assert limits == pytest.approx([share / (1 - share) * 303 / 64 for share in (low, high)])


def test_no_event_has_an_upper_limit_and_no_ratio(results):
    """Nausea of grade 2 only of P01, on day 11: none of Y, in 412 days."""
    count, _, (estimate, low, high) = rate(results, "Y", "first", "NAUSEA")
    assert (count, estimate, low) == (0, 0.0, 0.0)
    assert high == pytest.approx(-math.log(0.025) / 412 * YEAR)
    assert rate(results, "Y", "all", "NAUSEA")[2] == pytest.approx([0.0, 0.0, high])
    for level in ("first", "all"):
        rows = select(results, variable="NAUSEA", level=level, measure="rate_ratio")
        assert all(math.isnan(row.value) for row in rows)
        assert {row.note for row in rows} == {"A group has no events, so no ratio of rates is estimated."}


def test_who_is_at_risk(results):
    inside = {arm: value(results, arm=arm, measure="observed", stat="count", window="early", block="") for arm in "XY"}
    outside = {row.level: row.value for row in select(results, arm="X", measure="not_evaluable", window="early")}
    assert inside == {"X": 3, "Y": 3}
    assert outside == {"not-begun": 1, "died-before": 0, "not-assessed": 0}


def test_means_by_hand(results):
    """X: 1/3, 2/3, 1, 4/3 on days 10, 21, 26, 30 from time zero, three at risk; 11/6 on day 101, of two."""
    steps = [(row.time, row.value) for row in select(results, arm="X", measure="mean_events_curve", stat="estimate")]
    days = [0, 10, 21, 26, 30, 101, 136]
    expected = [0, 1 / 3, 2 / 3, 1, 4 / 3, 11 / 6, 11 / 6]
    np.testing.assert_allclose(steps, [(day / 30.4375, mean) for day, mean in zip(days, expected, strict=True)])
    at = {"measure": "mean_events", "stat": "estimate"}
    assert [row.value for row in select(results, arm="X", **at)] == pytest.approx([4 / 3, 11 / 6])
    assert [row.value for row in select(results, arm="Y", **at)] == pytest.approx([1 / 3, 1 / 3])
    gap = value(results, arm="X", reference="Y", measure="mean_events_difference", stat="estimate", time=4.0)
    assert gap == pytest.approx(11 / 6 - 1 / 3)
    at_risk = [row.value for row in select(results, arm="X", measure="at_risk")]
    assert at_risk == [3, 2, 2, 0]
    assert [row.value for row in select(results, arm="X", measure="records")] == [5]


def changed(known, adsl=(), **columns):
    """The eight with other dates of one participant."""
    frame = known["adsl"].copy()
    for column, text in columns.items():
        frame.loc[frame["USUBJID"] == adsl, column] = pd.Timestamp(text)
    return known.with_frames({"adsl": frame})


def test_death_ends_time_at_risk_and_what_follows_is_counted_apart(known):
    """P05 dies on 10 February, the day of an event, which counts; that of 15 February does not. 22 days."""
    found = summarize_rates(changed(known, "P05", DTHDT="2025-02-10"), RATED)
    count, years, _ = rate(found, "X", "all")
    assert (count, years) == (4, pytest.approx((22 + 136 + 50) / 365.25))
    lost = {row.level: row.value for row in select(found, arm="X", variable="ANY", measure="not_counted")}
    assert lost == {"after-follow-up": 1, "undated": 0}
    assert value(found, arm="Y", variable="ANY", measure="not_counted", level="after-follow-up") == 0


def test_leaving_the_trial_ends_time_at_risk(known):
    found = summarize_rates(changed(known, "P05", EOSDT="2025-02-12"), RATED)
    assert rate(found, "X", "all")[:2] == (4, pytest.approx((24 + 136 + 50) / 365.25))


def test_until_the_cut_off(known):
    """P06 is then at risk to 31 December, 61 days; all others to the end of their period."""
    spec = replace(RATED, followed_until="cut-off", assessments=())
    found = summarize_rates(known, spec)
    assert rate(found, "X", "all")[1] == pytest.approx((137 + 136 + 61) / 365.25)
    assert "at the cut-off, whichever is first" in found.catalogue.analyses["rated"].sentences["exposure"]


def test_who_died_or_was_never_seen_is_not_at_risk(known):
    """After, from day 91 on: P02 dies before, on 1 April 2025; nobody saw P04 there but for the adverse event."""
    spec = replace(RATED, periods=(RatePeriod("late", "Late", "after", RATED.periods[0].events),), courses=(),
                   terminal="", conf_type="", minimum_at_risk=0)  # fmt: skip
    found = summarize_rates(changed(known, "P02", DTHDT="2025-04-01"), spec)
    outside = {row.level: row.value for row in select(found, arm="Y", measure="not_evaluable", window="late")}
    assert outside == {"not-begun": 0, "died-before": 1, "not-assessed": 1}
    assert value(found, arm="Y", measure="observed", stat="count", window="late") == 1


def test_an_event_without_a_date_is_in_no_rate(known):
    adae = known["adae"].copy()
    adae.loc[(adae["USUBJID"] == "P06"), "ASTDT"] = pd.NaT
    found = summarize_rates(known.with_frames({"adae": adae}), RATED)
    assert rate(found, "X", "all")[0] == 4
    assert value(found, arm="X", variable="ANY", measure="not_counted", level="undated") == 1


def test_events_are_chosen_by_grade_term_and_column(known):
    serious = RatedEvents("SERIOUS", "Serious", 1, where={"AESER": ("Y",)})
    severe = RatedEvents("SEVERE", "Mucositis, grade ≥ 3", 3, ("Mucositis oral",))
    spec = replace(RATED, periods=(RatePeriod("early", "Early", "early", (*RATED.periods[0].events, serious, severe)),))
    found = summarize_rates(known, spec)
    counts = {(arm, name): rate(found, arm, "all", name)[0] for arm in "XY" for name in ("SERIOUS", "SEVERE")}
    assert counts == {("X", "SERIOUS"): 0, ("Y", "SERIOUS"): 1, ("X", "SEVERE"): 1, ("Y", "SEVERE"): 1}


def test_baseline_grades_do_not_count(known):
    """P05 had nausea of grade 1 before, still open: that of day 22 does not exceed it, the mucositis of day 27 does."""
    found = summarize_rates(known, replace(RATED, baseline_adjusted=True))
    assert rate(found, "X", "first")[:2] == (3, pytest.approx((27 + 11 + 31) / 365.25))
    assert rate(found, "X", "all")[0] == 4


def test_poisson_limits_of_all_events(known):
    found = summarize_rates(known, replace(RATED, recurrent="poisson"))
    _, _, (_, low, _) = rate(found, "X", "all")
    assert low == pytest.approx(stats.chi2.ppf(0.025, 10) / 2 / 323 * YEAR)
    methods = {row.method for row in select(found, reference="Y", measure="rate_difference")}
    assert methods == {"miettinen-nurminen"}
    assert "take events of one participant as independent" in found.catalogue.analyses["rated"].sentences["all"]


def test_pooled_and_three_arms_have_no_contrast(known, crowd):
    pooled = summarize_rates(replace(known, arms=()), replace(RATED, difference="", ratio="", estimand=""))
    assert {row.arm for row in pooled.rows} == {"all"}
    assert rate(pooled, "all", "first")[0] == 5
    three = replace(crowd.design, arms=(*crowd.design.arms, Arm("Z", "Zed")))
    adsl = crowd["adsl"].copy()
    adsl.loc[::3, ["TRT01P", "TRT01A"]] = "Z"
    study = assign_arms(replace(crowd, design=three, frames={**crowd.frames, "adsl": adsl}))
    found = summarize_rates(study, replace(RATED, difference="", ratio="", estimand=""))
    assert {row.arm for row in found.rows} == {"X", "Y", "Z", "all"}
    assert not select(found, measure={"rate_difference", "rate_ratio", "mean_events_difference"})
    for level in ("first", "all"):
        counts = [rate(found, arm, level)[0] for arm in ("X", "Y", "Z", "all")]
        assert sum(counts[:3]) == counts[3] > 0


def test_an_arm_without_anyone_at_risk_is_not_estimated(known):
    """All of Y leave before their radiotherapy."""
    adsl = known["adsl"].copy()
    adsl.loc[adsl["TRT01A"] == "Y", "RTSTDT"] = pd.NaT
    found = summarize_rates(known.with_frames({"adsl": adsl}), RATED)
    count, years, numbers = rate(found, "Y", "first")
    assert (count, years) == (0, 0.0)
    assert np.isnan(numbers).all()
    notes = {row.note for row in select(found, arm="Y", level="first", measure="rate", stat="estimate")}
    assert notes == {"There is no time at risk."}
    gap = select(found, arm="X", reference="Y", measure={"rate_difference", "rate_ratio"}, stat="estimate")
    assert {row.note for row in gap} == {"A group has no time at risk."}
    means = select(found, arm="Y", measure="mean_events", stat="estimate")
    assert all(math.isnan(row.value) and row.note for row in means)
    assert not select(found, arm="Y", measure="mean_events_curve")


def test_means_stop_where_too_few_are_at_risk(known):
    found = summarize_rates(known, replace(RATED, minimum_at_risk=3))
    last = max(row.time for row in select(found, arm="X", measure="mean_events_curve"))
    assert last == pytest.approx(49 / 30.4375)
    (late,) = select(found, arm="X", measure="mean_events", stat="estimate", time=4.0)
    assert (math.isnan(late.value), late.note) == (True, "Fewer than 3 participants are at risk at that time.")


def test_what_a_study_lacks_is_told(known):
    with pytest.raises(DataError, match="DTHDT not in the data"):
        summarize_rates(known.with_frames({"adsl": known["adsl"].drop(columns="DTHDT")}), RATED)
    bad = replace(RATED.periods[0], events=(replace(RATED.periods[0].events[0], lowest=0),))
    with pytest.raises(SpecError, match="a grade from 1 to 5"):
        summarize_rates(known, replace(RATED, periods=(bad,), courses=()))


@pytest.mark.parametrize("followed", [{}, {"followed_until": "cut-off", "assessments": ()}])
def test_events_without_days_are_refused(known, followed):
    lacking = known.with_frames({"adae": known["adae"].drop(columns="ASTDT")})
    with pytest.raises(DataError, match=r"^adae: ASTDT not in the data of this study; analysis rated requires it"):
        summarize_rates(lacking, replace(RATED, **followed))
