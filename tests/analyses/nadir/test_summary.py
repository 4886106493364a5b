"""Lowest values and recovery by hand on the trial of eight.

Early period from the start of radiotherapy, records in it: X P05 2 on day 1, 1 on day 21, 4 on day 23; P01 2 on day 22;
P06 0.25 on day 22. Y P02 0.5 on day 22; P03 4 on day 1; P04 1 on day 22. Baselines: P05 2, P01 8, P06 below 1, so 0.5;
P02 1, P03 4, P04 none. During: P05 1 (a tie, the earlier), P01 2, P06 0.25; P02 0.5, P04 1.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from entries import LOWEST
from scipy import stats

from npcstats.analyses.nadir.spec import NadirLimit, RecoveryLimit, nadir_faults
from npcstats.analyses.nadir.summary import summarize_nadir
from npcstats.derive import pool_arms
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select
from npcstats.study import Arm

SPEC = replace(
    LOWEST,
    recoveries=(RecoveryLimit("BACK", "", 1.0, of_baseline=False), RecoveryLimit("OWN", "", 0.25, of_baseline=True)),
)
LOGS = {"X": np.log([1, 2, 0.25]), "Y": np.log([0.5, 4, 1])}


@pytest.fixture(scope="module")
def results(known):
    return summarize_nadir(known, SPEC)


def value(results, arm, measure, stat="estimate", reference="", **at):
    return one(results, arm=arm, reference=reference, measure=measure, stat=stat, **at).value


def pair(results, arm, measure, **at):
    return [value(results, arm, measure, stat, **at) for stat in ("count", "total")]


def test_lowest_values(results):
    """Geometric means: (1 · 2 · 0.25)^(1/3) and (0.5 · 4 · 1)^(1/3), with t limits on the logarithms."""
    assert value(results, "X", "geometric_mean") == pytest.approx(0.5 ** (1 / 3))
    assert value(results, "Y", "geometric_mean") == pytest.approx(2 ** (1 / 3))
    for arm, logs in LOGS.items():
        limits = stats.t.interval(0.95, 2, logs.mean(), stats.sem(logs))
        found = [value(results, arm, "geometric_mean", stat) for stat in ("ci_low", "ci_high")]
        np.testing.assert_allclose(found, np.exp(limits))
    assert [value(results, "X", name, level="lowest") for name in ("minimum", "median", "maximum")] == [0.25, 1, 2]


def test_day_and_samples(results):
    assert [value(results, "X", name, level="day") for name in ("minimum", "median", "maximum")] == [21, 22, 22]
    assert [value(results, "Y", name, level="day") for name in ("minimum", "median", "maximum")] == [1, 22, 22]
    assert [value(results, "X", name, level="samples") for name in ("minimum", "median", "maximum")] == [1, 1, 3]
    assert pair(results, "all", "observed") == [6, 6]


def test_relative_to_baseline(results):
    """X 1/2, 2/8, 0.25/0.5; Y 0.5/1 and 4/4, without P04."""
    assert value(results, "X", "nadir_ratio") == pytest.approx((0.5 * 0.25 * 0.5) ** (1 / 3))
    assert value(results, "Y", "nadir_ratio") == pytest.approx(0.5**0.5)
    assert value(results, "Y", "nadir_ratio", "count") == 2


def test_below_a_limit(results):
    """Below 2: P05 and P06, not P01 at 2; P02 and P04."""
    assert pair(results, "X", "nadir_below", level="LOW") == [2, 3]
    assert pair(results, "Y", "nadir_below", level="LOW") == [2, 3]
    assert value(results, "X", "nadir_limit", level="LOW") == 2.0
    exact = stats.beta.ppf([0.025], 2, 2).item()
    assert value(results, "X", "nadir_below", "ci_low", level="LOW") == pytest.approx(exact)


def test_at_or_above_a_limit_at_visits(results):
    assert pair(results, "X", "at_or_above", level="BACK", window="V1") == [2, 3]
    assert pair(results, "Y", "at_or_above", level="BACK", window="V1") == [1, 2]
    assert pair(results, "X", "at_or_above", level="OWN", window="V1") == [3, 3]
    assert pair(results, "Y", "at_or_above", level="OWN", window="V1") == [1, 1]
    assert pair(results, "X", "never_below", level="BACK") == [2, 3]
    assert pair(results, "Y", "never_below", level="BACK") == [2, 3]
    assert pair(results, "Y", "never_below", level="OWN") == [2, 2]


def test_a_visit_without_values(results):
    row = one(results, arm="X", reference="", measure="at_or_above", stat="estimate", level="BACK", window="V2")
    assert math.isnan(row.value)
    assert row.note


def test_contrasts(results):
    """Ratio (0.5 / 2)^(1/3), limits of Welch's test; differences of shares 2/3 − 2/3 and 2/3 − 1/2."""
    found = [value(results, "X", "mean_ratio", stat, reference="Y", level="lowest")
             for stat in ("estimate", "ci_low", "ci_high")]  # fmt: skip
    limits = stats.ttest_ind(LOGS["X"], LOGS["Y"], equal_var=False).confidence_interval(0.95)
    np.testing.assert_allclose(found, [0.25 ** (1 / 3), math.exp(limits.low), math.exp(limits.high)])
    assert value(results, "X", "risk_difference", reference="Y", level="LOW") == 0.0
    difference = value(results, "X", "risk_difference", reference="Y", level="BACK", window="V1")
    assert difference == pytest.approx(2 / 3 - 1 / 2)


def test_values_below_the_limit_can_be_left_out(known):
    """P06's baseline goes; P06 keeps the lowest value."""
    found = summarize_nadir(known, replace(SPEC, below_limit="missing"))
    assert value(found, "X", "nadir_ratio", "count") == 2
    assert value(found, "X", "observed", "count") == 3


def test_nothing_outside_the_period_counts(known):
    """A lower value the day before the start, and one on the 91st day after the end."""
    labs = known["adlb"].copy()
    own = (labs["USUBJID"] == "P01") & (labs["PARAMCD"] == "LOGM")
    early = labs.loc[own].iloc[:1]
    # P01 from 2025-02-20 to 2025-04-06: the period ends on 07-05
    dates = {"2025-02-19": 2.0, "2025-07-06": 2.0, "2025-07-05": 0.125}
    for date, lowest in dates.items():
        more = early.assign(ADT=np.datetime64(date, "s"), AVAL=0.125, AVALC="0.125")
        more = more.astype(labs.dtypes.to_dict())
        rows = [*labs.to_dict("records"), *more.to_dict("records")]
        frame = type(labs)(rows).astype(labs.dtypes.to_dict())
        found = summarize_nadir(known.with_frames({"adlb": frame}), SPEC)
        assert value(found, "X", "maximum", level="lowest") == (2.0 if lowest == 2.0 else 1.0)


def test_nobody_has_a_sample(known):
    none = known["adlb"].loc[known["adlb"]["PARAMCD"] != "LOGM"]
    found = summarize_nadir(known.with_frames({"adlb": none}), SPEC)
    lacking = [row for row in found.rows if math.isnan(row.value)]
    assert all(row.note for row in lacking)
    assert one(found, arm="X", measure="median", level="lowest").note == "Nobody has a sample in the period."
    assert pair(found, "all", "observed") == [0, 6]


def test_one_participant_has_no_limits(known):
    one_only = known["adlb"].loc[(known["adlb"]["PARAMCD"] != "LOGM") | (known["adlb"]["USUBJID"] == "P05")]
    found = summarize_nadir(known.with_frames({"adlb": one_only}), SPEC)
    assert value(found, "X", "geometric_mean") == pytest.approx(1.0)
    row = one(found, arm="X", reference="", measure="geometric_mean", stat="ci_low")
    assert math.isnan(row.value)
    assert row.note


def test_pooled_and_three_arms(known):
    pooled = summarize_nadir(pool_arms(known), SPEC)
    assert {row.arm for row in pooled.rows} == {"all"}
    assert not any(" arm" in text for text in pooled.catalogue.analyses["lowest"].sentences.values())
    third = replace(known.design, arms=(*known.design.arms, Arm("Z", "Zed")))
    three = summarize_nadir(
        replace(known, design=third, arms=third.arms), replace(SPEC, difference="", mean_difference="")
    )
    assert not select(three, measure="risk_difference")
    assert pair(three, "Z", "observed") == [0, 0]


def test_faults_of_a_plan():
    assert not nadir_faults(SPEC)
    for change, told in [
        ({"interval": "guess"}, "interval is 'guess'"),
        ({"below_limit": "zero"}, "below_limit is 'zero'"),
        ({"difference": ""}, "without the other"),
        ({"visits": ()}, "recoveries or visits without the other"),
        ({"visits": ("V1", "V1")}, "V1"),
        ({"limits": (NadirLimit("LOW", "", 0.0),)}, "LOW is 0.0; a value above 0"),
        ({"limits": (NadirLimit("BACK", "", 1.0),)}, "BACK"),
        ({"conf_level": 0.0}, "conf_level"),
        ({"style": "fancy"}, "style is 'fancy'"),
    ]:
        (fault,) = nadir_faults(replace(SPEC, **change))
        assert told in fault


def test_what_is_refused(known):
    with pytest.raises(SpecError, match="without the other"):
        summarize_nadir(known, replace(SPEC, difference=""))
    labs = known["adlb"].copy()
    labs.loc[(labs["USUBJID"] == "P01") & (labs["PARAMCD"] == "LOGM"), "AVAL"] = 0.0
    with pytest.raises(DataError, match=r"^adlb\.AVAL: LOGM has 1 value of zero or less; its logarithm requires more"):
        summarize_nadir(known.with_frames({"adlb": labs}), SPEC)
