"""Grades over time by hand on the trial of eight; see `grade_courses` for who had what.

Mouth in week 8: X has 2 (carried), 0 (carried) and 3: mean 5/3, squared deviations 1/9 + 25/9 + 16/9 = 14/3, so SE is
the root of 14/3 / 2 / 3 = 7/9. Areas of the mouth, trapezoids of 4 weeks: P05 4 (1 + 2 + 2) = 20, P01 0; P02
4 (0 + 1.5 + 3) = 18, P03 0. X: mean 10, variance 200; Y: mean 9, variance 162. The difference 1 has variance
100 + 81 = 181 and 181^2 / (100^2 + 81^2) degrees of freedom. Of the stomach P05 12, P01 4 (1 + 2 + 1) = 16.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from grade_courses import MOUTH, SPEC, seen_more
from scipy import stats

from npcstats.analyses.gradecourse.rows import OUTSIDE
from npcstats.analyses.gradecourse.summary import summarize_gradecourse
from npcstats.derive import pool_arms
from npcstats.errors import SpecError
from npcstats.results import one, select
from npcstats.study import ARM_COLUMNS, Arm

WEEKS = ("W0", "W4", "W8", "W12")
CLOSE = 1e-12  # the same formula in another order


@pytest.fixture(scope="module")
def study(known):
    return seen_more(known)


@pytest.fixture(scope="module")
def results(study):
    return summarize_gradecourse(study, SPEC)


def value(results, **wanted):
    return one(results, **{"stat": "count", "reference": "", **wanted}).value


def grades(results, arm, window, variable="MOUTH"):
    at = {"arm": arm, "window": window, "variable": variable, "measure": "grade_share"}
    return [value(results, **at, level=f"grade={grade}") for grade in range(6)]


def outside(results, arm, window="", variable=""):
    at = {"arm": arm, "window": window, "variable": variable, "measure": "not_evaluable"}
    return {why: found for why in OUTSIDE if (found := value(results, **at, level=why))}


@pytest.mark.parametrize(
    ("arm", "observed", "carried", "lacking"),
    [
        ("X", [2, 2, 3, 2], [0, 0, 2, 0], [{"not-assessed": 1}, {"not-assessed": 1}, {}, {"not-reached": 1}]),
        ("Y", [2, 2, 2, 3], [0, 0, 0, 2], [{"not-assessed": 1}] * 3 + [{}]),
    ],
)
def test_who_has_a_grade(results, arm, observed, carried, lacking):
    found = [[value(results, arm=arm, window=code, measure=name) for code in WEEKS]
             for name in ("observed", "grade_carried")]  # fmt: skip
    assert found == [observed, carried]
    assert [outside(results, arm, code) for code in WEEKS] == lacking
    assert {value(results, arm=arm, window=code, measure="observed", stat="total") for code in WEEKS} == {3}


def test_counts_of_each_grade(results):
    assert [grades(results, "X", code) for code in WEEKS] == [
        [2, 0, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0], [1, 0, 1, 1, 0, 0], [1, 0, 1, 0, 0, 0],
    ]  # fmt: skip
    assert [grades(results, "Y", code) for code in WEEKS] == [
        [2, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0], [2, 0, 0, 1, 0, 0],
    ]  # fmt: skip
    assert [grades(results, "X", code, "STOMACH") for code in WEEKS] == [
        [1, 1, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0],
    ]  # fmt: skip
    assert grades(results, "all", "W8") == [2, 0, 1, 2, 0, 0]


def test_the_mean_has_a_standard_error_and_limits(results):
    at = {"arm": "X", "window": "W8", "variable": "MOUTH", "measure": "mean_grade"}
    found = {row.stat: row.value for row in select(results, **at)}
    error = math.sqrt(7 / 9)
    half = stats.t.ppf(0.975, 2) * error
    assert found == {
        "estimate": pytest.approx(5 / 3), "std_error": pytest.approx(error), "ci_low": pytest.approx(5 / 3 - half),
        "ci_high": pytest.approx(5 / 3 + half),
    }  # fmt: skip


def test_prevalence_has_exact_limits(results):
    """2 of 3 by the quantiles of a beta distribution; of 0 of 2 the upper limit is 1 - 0.025^(1/2)."""
    at = {"variable": "MOUTH", "level": "grade>=2", "measure": "prevalence"}
    found = {row.stat: row.value for row in select(results, **at, arm="X", window="W8")}
    assert (found["count"], found["total"], found["estimate"]) == (2, 3, 2 / 3)
    assert found["ci_low"] == pytest.approx(stats.beta.ppf(0.025, 2, 2))
    assert found["ci_high"] == pytest.approx(stats.beta.ppf(0.975, 3, 1))
    none = {row.stat: row.value for row in select(results, **at, arm="Y", window="W0")}
    assert (none["count"], none["estimate"], none["ci_low"]) == (0, 0, 0)
    assert none["ci_high"] == pytest.approx(1 - math.sqrt(0.025))


def area(results, arm, variable="MOUTH"):
    found = {row.stat: row.value for row in select(results, arm=arm, variable=variable, measure="grade_area")}
    spread = one(results, arm=arm, variable=variable, measure="std_deviation", stat="estimate").value
    return found["count"], found["total"], found["estimate"], spread


def test_areas(results):
    assert area(results, "X") == (2, 3, 10, pytest.approx(math.sqrt(200)))
    assert area(results, "Y") == (2, 3, 9, pytest.approx(math.sqrt(162)))
    assert area(results, "X", "STOMACH") == (2, 3, 14, pytest.approx(math.sqrt(8)))
    assert area(results, "Y", "STOMACH") == (2, 3, 0, 0)
    assert outside(results, "X", variable="MOUTH") == {"not-reached": 1}
    assert outside(results, "Y", variable="MOUTH") == {"not-assessed": 1}


def test_difference_of_areas(results):
    found = {row.stat: row.value for row in select(results, variable="MOUTH", measure="grade_area_difference")}
    half = stats.t.ppf(0.975, 181**2 / (100**2 + 81**2)) * math.sqrt(181)
    assert found["estimate"] == pytest.approx(1, rel=CLOSE)
    assert found["ci_low"] == pytest.approx(1 - half, rel=1e-9)
    assert found["ci_high"] == pytest.approx(1 + half, rel=1e-9)


def test_nothing_is_carried_without_a_rule(study):
    found = summarize_gradecourse(study, replace(SPEC, carried=0))
    assert [value(found, arm="X", window=code, measure="observed") for code in WEEKS] == [2, 2, 1, 2]
    assert area(found, "X")[0] == 0
    mean = one(found, arm="X", variable="MOUTH", measure="grade_area", stat="estimate")
    assert math.isnan(mean.value)
    assert mean.note
    assert "none is carried forward" in found.catalogue.analyses["course"].sentences["carried"]


@pytest.mark.parametrize(
    ("onset", "resolved", "expected"),
    [
        ("2025-02-28", "2025-03-01", 3),  # over on the first day of the interval
        ("2025-02-10", "2025-02-28", 0),  # over on the day before
        ("2025-03-28", "2025-04-10", 3),  # begun on the last day
        ("2025-03-29", "2025-04-10", 0),  # begun on the day after
        ("2025-02-10", None, 3),  # never over
    ],
)
def test_first_and_last_day_of_an_interval(study, onset, resolved, expected):
    """Week 8 of P02 is from 2025-03-01 to 03-28; an assessment in it makes the grade known."""
    adae = study["adae"].copy()
    own = (adae["USUBJID"] == "P02").to_numpy()
    adae.loc[own, "ASTDT"], adae.loc[own, "AENDT"] = pd.Timestamp(onset), pd.Timestamp(resolved)
    visit = study["adassess"].iloc[[0]].assign(USUBJID="P02", KIND="VITAL", ADT=pd.Timestamp("2025-03-10"))
    frames = {"adae": adae, "adassess": pd.concat([study["adassess"], visit], ignore_index=True)}
    found = summarize_gradecourse(study.with_frames(frames), SPEC)
    assert grades(found, "Y", "W8")[expected] == (1 if expected else 2)


def test_an_assessment_of_another_kind_tells_nothing(study):
    found = summarize_gradecourse(study, replace(SPEC, assessments=("VITAL",)))
    # P04 in week 12 by its assessment of the whole body only
    assert outside(found, "Y", "W12") == {"not-assessed": 1}


@pytest.mark.parametrize(
    ("week", "died", "expected"),
    [
        (32, "2025-09-01", {}),  # 08-16 to 09-12: seen on 08-20, died within
        (36, "2025-09-01", {"died": 1}),  # from 09-13
        (36, "2025-09-13", {"not-assessed": 1}),  # alive on its first day
        (36, "2025-09-12", {"died": 1}),
    ],
)
def test_a_death_within_an_interval_and_before_it(study, week, died, expected):
    adsl = study["adsl"].copy()
    adsl.loc[adsl["USUBJID"] == "P02", "DTHDT"] = pd.Timestamp(died)
    adsl = adsl.loc[adsl["USUBJID"] != "P04"]
    adassess = study["adassess"]
    p03 = adassess.iloc[[0]].assign(USUBJID="P03", KIND="VITAL", ADT=pd.Timestamp("2025-11-01"))
    weekly = [p03.assign(ADT=pd.Timestamp("2025-04-01") + pd.Timedelta(days=7 * place - 1)) for place in (32, 36)]
    frames = {"adsl": adsl.reset_index(drop=True), "adassess": pd.concat([adassess, *weekly], ignore_index=True)}
    found = summarize_gradecourse(study.with_frames(frames), replace(SPEC, weeks=(4, week), carried=0))
    assert outside(found, "Y", f"W{week}") == expected


def test_nothing_is_carried_beyond_death(study):
    """P02, seen in week 32 and dead by 36, has no grade in 36 however many may be carried."""
    found = summarize_gradecourse(study, replace(SPEC, weeks=(32, 36), carried=9))
    assert outside(found, "Y", "W36")["died"] == 1
    assert outside(found, "Y", variable="MOUTH")["died"] == 1


def test_who_left_or_never_began(study):
    """P07 left before radiotherapy; had it not, its weeks would not be known to have begun."""
    dosed = replace(SPEC, population="DOSED")
    assert outside(summarize_gradecourse(study, dosed), "X", "W4") == {"not-assessed": 1, "left": 1}
    adsl = study["adsl"].assign(EOSDT=pd.NaT)
    stayed = study.with_frames({"adsl": adsl.astype({"EOSDT": "datetime64[s]"})})
    assert outside(summarize_gradecourse(stayed, dosed), "X", "W4") == {"not-assessed": 1, "not-begun": 1}


def test_visits_are_their_windows(study):
    """V1 is 14 to 30 days after the start: P02 has mucositis 3 from 2025-03-01, day 28; P05 2 from day 26."""
    spec = replace(SPEC, visits=("V0", "V1"), weeks=(0, 3), width=0)
    found = summarize_gradecourse(study, spec)
    assert grades(found, "Y", "V1")[3] == 1
    assert grades(found, "X", "V1")[2] == 1
    assert found.catalogue.analyses["course"].labels["window"] == {"V0": "Before", "V1": "During"}
    assert (
        "During, days 14 to 30 from the start of radiotherapy"
        in found.catalogue.analyses["course"].sentences["windows"]
    )


def test_events_without_a_date_are_counted_apart(study):
    adae = study["adae"].copy()
    adae.loc[(adae["USUBJID"] == "P05") & (adae["AEDECOD"] == "Mucositis oral"), "ASTDT"] = pd.NaT
    found = summarize_gradecourse(study.with_frames({"adae": adae}), SPEC)
    assert value(found, arm="X", variable="MOUTH", measure="undated") == 1
    assert value(found, arm="Y", variable="MOUTH", measure="undated") == 0
    assert grades(found, "X", "W12")[2] == 0


def test_pooled_arms_have_no_difference(study):
    pooled = summarize_gradecourse(pool_arms(study), SPEC)
    assert select(pooled, measure="grade_area_difference") == ()
    assert {row.arm for row in pooled.rows} == {"all"}
    assert area(pooled, "all")[:3] == (4, 6, 9.5)
    assert "difference" not in pooled.catalogue.analyses["course"].sentences


def test_three_arms_are_not_compared(study):
    """P02 in an arm of its own: its area is 18, and there is no difference."""
    column = ARM_COLUMNS["actual"]
    adsl = study["adsl"].copy()
    adsl.loc[adsl["USUBJID"] == "P02", column] = "Z"
    three = replace(study.with_frames({"adsl": adsl}), arms=(*study.arms, Arm("Z", "Zed")))
    found = summarize_gradecourse(three, replace(SPEC, difference="", estimand=""))
    assert [area(found, arm)[:3] for arm in ("X", "Y", "Z", "all")] == [(2, 3, 10), (1, 2, 0), (1, 1, 18), (4, 6, 9.5)]
    assert select(found, measure="grade_area_difference") == ()
    assert "difference" not in found.catalogue.analyses["course"].sentences


def test_one_participant_has_no_spread(study):
    """Y is P02 alone: an area of 18, no limits, no difference, and the reason for each."""
    adsl = study["adsl"].loc[~study["adsl"]["USUBJID"].isin(["P03", "P04"])].reset_index(drop=True)
    found = summarize_gradecourse(study.with_frames({"adsl": adsl}), SPEC)
    assert area(found, "Y")[:3] == (1, 1, 18)
    rows = [row for row in found.rows if row.arm == "Y" and math.isnan(row.value)]
    assert {row.stat for row in rows} == {"ci_low", "ci_high", "std_error", "estimate"}
    assert all(row.note for row in rows)
    assert math.isnan(one(found, variable="MOUTH", measure="grade_area_difference", stat="ci_low").value)


def test_an_arm_without_participants(study):
    adsl = study["adsl"].loc[~study["adsl"]["USUBJID"].isin(["P02", "P03", "P04"])].reset_index(drop=True)
    found = summarize_gradecourse(study.with_frames({"adsl": adsl}), SPEC)
    assert grades(found, "Y", "W8") == [0] * 6
    empty = [row for row in found.rows if row.arm == "Y" and row.stat not in ("count", "total")]
    assert all(math.isnan(row.value) and row.note for row in empty)


def test_nobody_assessed(known):
    """Without events or assessments nobody has a grade: NE with the reason, never grade 0."""
    frames = {"adae": known["adae"].iloc[:0], "adassess": known["adassess"].iloc[:0]}
    found = summarize_gradecourse(known.with_frames(frames), SPEC)
    assert {value(found, arm="all", window=code, measure="observed") for code in WEEKS} == {0}
    shares = select(found, measure="grade_share", stat="estimate")
    assert all(math.isnan(row.value) and row.note for row in shares)


def test_every_state_adds_up(results):
    for group in ("X", "Y", "all"):
        for code in WEEKS:
            size = value(results, arm=group, window=code, measure="observed", stat="total")
            told = value(results, arm=group, window=code, measure="observed") + sum(
                outside(results, group, code).values()
            )
            assert told == size
    assert np.sum(grades(results, "all", "W12")) == value(results, arm="all", window="W12", measure="observed")


def test_a_term_outside_the_list_is_refused(study):
    assessed = replace(SPEC, assessments=("PHONE",))
    with pytest.raises(SpecError, match=r"asks for adassess\.KIND 'PHONE'"):
        summarize_gradecourse(study, assessed)


def test_a_composite_is_the_worst_of_its_terms(study):
    """P05 in week 4 has mucositis 2 and nausea 1."""
    both = replace(MOUTH, code="BOTH", terms=("Nausea", "Mucositis oral"))
    found = summarize_gradecourse(study, replace(SPEC, terms=(both,)))
    assert grades(found, "X", "W4", "BOTH") == [0, 0, 2, 0, 0, 0]
