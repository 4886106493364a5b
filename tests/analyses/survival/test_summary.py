"""Kaplan-Meier by hand, in days: X P05 315+, P01 268+, P06 49+; Y P02 212 (died), P03 183+, P04 108+.

At 212 three of everyone are at risk (P05, P01, P02): survival 2/3 from then; in Y only P02: 0. In X nobody dies.
Log-rank: at 212 two of X and one of Y: expected in X 2/3, observed 0, variance 2/9: (2/3)²/(2/9) = 2, so p is
erfc(1) = 0.15729920705028513.
Reverse Kaplan-Meier of everyone: 49, 108 and 183 leave 5/6, 4/6, 3/6; at 268 half of that, at 315 none. The plateau
at exactly one half, 183 to 268, has its median in the middle: 225.5.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from gaps import every_gap_has_its_reason

from npcstats.analyses.survival.spec import FollowUpSpec, SurvivalSpec
from npcstats.analyses.survival.summary import summarize_follow_up, summarize_survival
from npcstats.errors import SpecError
from npcstats.results import one, select

MONTH = 30.4375
Z = 1.959963984540054
SPEC = SurvivalSpec(
    id="dead",
    label="Survival",
    population="BEAM",
    sessions=("only",),
    endpoint="DEAD",
    conf_level=0.95,
    conf_type="log-log",
    landmarks=(6.0, 8.0, 24.0),
    ticks=(0.0, 3.0, 6.0, 12.0),
    minimum_at_risk=1,
    tau=6.0,
    test="log-rank",
    estimand="unadjusted",
    status="planned",
)
FOLLOW = FollowUpSpec("seen", "Follow-up", "BEAM", ("only",), "DEAD", 0.95, "log-log", "planned")


@pytest.fixture(scope="module")
def results(known):
    return summarize_survival(known, SPEC)


def test_events_and_members(results):
    for arm, events, members in (("X", 0, 3), ("Y", 1, 3), ("all", 1, 6)):
        assert one(results, arm=arm, measure="participants").value == members
        assert one(results, arm=arm, measure="events", stat="count").value == events
        assert one(results, arm=arm, measure="events", stat="total").value == members


def test_at_risk_is_time_of_at_least_the_tick(results):
    """3 months are 91.3 days, 6 are 182.6: P03's 183 is still at risk."""
    at_risk = {arm: [row.value for row in select(results, arm=arm, measure="at_risk")] for arm in ("X", "Y", "all")}
    assert at_risk == {"X": [3, 2, 2, 0], "Y": [3, 3, 2, 0], "all": [6, 5, 4, 0]}


def test_who_ends_at_a_tick_is_at_risk_at_it(known):
    """P02 dies after 212 days: at a tick of exactly that time three of everyone are at risk, one of Y."""
    results = summarize_survival(known, replace(SPEC, ticks=(212 / MONTH,)))
    assert one(results, arm="all", measure="at_risk").value == 3
    assert one(results, arm="Y", measure="at_risk").value == 1


def test_landmark_after_the_death(results):
    """log(-log) limits: Greenwood's 1/(3 2) for the logarithm, divided by |ln(2/3)|."""
    survival = 2 / 3
    factor = Z * (1 / 6) ** 0.5 / abs(np.log(survival))
    found = [
        one(results, arm="all", measure="survival", time=8.0, stat=s).value for s in ("estimate", "ci_low", "ci_high")
    ]
    assert found == pytest.approx([survival, survival ** np.exp(factor), survival ** np.exp(-factor)], rel=1e-12)


def test_landmark_before_any_death_has_no_limits(results):
    """Own Kaplan-Meier: where nobody has died the log-log scale has no limits, and 1 to 1 would be wrong."""
    estimate = one(results, arm="all", measure="survival", time=6.0, stat="estimate")
    limit = one(results, arm="all", measure="survival", time=6.0, stat="ci_low")
    assert estimate.value == 1
    assert np.isnan(limit.value)
    assert limit.note == "There is no event before that time, so no limits can be given."


def test_landmark_beyond_follow_up_is_not_estimated(results):
    row = one(results, arm="all", measure="survival", time=24.0, stat="estimate")
    assert np.isnan(row.value)
    assert row.note == "Nobody is at risk at that time."


def test_survival_of_zero_says_why_it_has_no_limits(results):
    curve = select(results, arm="Y", measure="survival_curve")
    last = [row for row in curve if row.time == pytest.approx(212 / MONTH)]
    assert {row.stat: row.value for row in last}["estimate"] == 0
    assert last[1].note == "Nobody is without the event at that time, so no limits can be given."


def test_minimum_at_risk_withholds_the_rest(known):
    """With 4 needed: everyone's curve ends at 183 days, where 4 are at risk; the landmark of 8 months has 2."""
    results = summarize_survival(known, replace(SPEC, minimum_at_risk=4))
    times = {row.time for row in select(results, arm="all", measure="survival_curve")}
    assert max(times) == pytest.approx(183 / MONTH)
    row = one(results, arm="all", measure="survival", time=8.0, stat="estimate")
    assert row.note == "Fewer than 4 participants are at risk at that time."
    assert {row.time for row in select(results, arm="X", measure="survival_curve")} == {0.0}


def test_curve_and_censorings_of_everyone(results):
    curve = [
        (round(r.time * MONTH, 6), r.value)
        for r in select(results, arm="all", measure="survival_curve")
        if r.stat == "estimate"
    ]
    assert curve == [(0, 1), (212, pytest.approx(2 / 3)), (315, pytest.approx(2 / 3))]
    censored = [(round(r.time * MONTH, 6), r.value) for r in select(results, arm="all", measure="censored_curve")]
    assert censored == [(49, 1), (108, 1), (183, 1), (268, 1), (315, 1)]


def test_logrank(results):
    found = {row.stat: row.value for row in select(results, measure="logrank")}
    assert found["statistic"] == pytest.approx(2.0, rel=1e-12)
    assert found["df"] == 1
    assert found["p_value"] == pytest.approx(0.15729920705028513, rel=1e-12)


def test_no_logrank_when_the_plan_does_not_ask(known):
    assert select(summarize_survival(known, replace(SPEC, test="none")), measure="logrank") == ()


def test_median(results):
    """Y falls to 0 at 212, X never; everyone's 2/3 does not reach one half."""
    assert one(results, arm="Y", measure="median_survival", stat="estimate").value == pytest.approx(212 / MONTH)
    for arm in ("X", "all"):
        row = one(results, arm=arm, measure="median_survival", stat="estimate")
        assert np.isnan(row.value)
        assert row.note


@pytest.mark.parametrize("summarize", ["survival", "follow-up"])
def test_follow_up_is_the_middle_of_its_plateau(known, results, summarize):
    found = results if summarize == "survival" else summarize_follow_up(known, FOLLOW)
    at = {"arm": "all", "measure": "follow_up", "stat": "estimate"}
    assert one(found, **at, level="0.5").value == pytest.approx(225.5 / MONTH, rel=1e-12)
    assert one(found, **at, level="0.25").value == pytest.approx(108 / MONTH, rel=1e-12)
    assert one(found, **at, level="0.75").value == pytest.approx((268 + 315) / 2 / MONTH, rel=1e-12)


def test_follow_up_alone_shows_no_curve(known):
    rows = summarize_follow_up(known, FOLLOW).rows
    assert {row.measure for row in rows} == {"participants", "follow_up"}


def test_all_censored_and_an_empty_arm(known):
    adsl = known["adsl"].assign(_ARM_ACTUAL="X", DTHDT=pd.Series(pd.NaT, known["adsl"].index, "datetime64[s]"))
    results = summarize_survival(known.with_frames({"adsl": adsl}), SPEC)
    assert one(results, arm="X", measure="events", stat="count").value == 0
    assert one(results, arm="Y", measure="participants").value == 0
    assert every_gap_has_its_reason(results)
    assert one(results, measure="logrank", stat="p_value").note


def test_nobody_at_all(known):
    adsl = known["adsl"].assign(RTSTDT=pd.Series(pd.NaT, known["adsl"].index, "datetime64[s]"))
    results = summarize_survival(known.with_frames({"adsl": adsl}), SPEC)
    assert one(results, arm="all", measure="participants").value == 0
    assert every_gap_has_its_reason(results)


def test_death_on_the_day_of_time_zero_is_in_the_curve(known):
    """P02 dies on its first day: of six, 5/6 survive from time 0."""
    adsl = known["adsl"].copy()
    dead = adsl["USUBJID"] == "P02"
    adsl.loc[dead, "DTHDT"] = adsl.loc[dead, "RTSTDT"]
    results = summarize_survival(known.with_frames({"adsl": adsl}), SPEC)
    row = one(results, arm="all", measure="survival_curve", time=0.0, stat="estimate")
    assert row.value == pytest.approx(5 / 6)


def test_conf_type_is_a_closed_set(known):
    with pytest.raises(SpecError, match="one of"):
        summarize_survival(known, replace(SPEC, conf_type="arcsine"))


def test_endpoint_must_be_in_the_design(known):
    with pytest.raises(SpecError, match="endpoint 'NONE' is not in the design"):
        summarize_survival(known, replace(SPEC, endpoint="NONE"))


def test_curve_is_called_unadjusted_where_there_are_arms(results):
    sentences = results.catalogue.analyses["dead"].sentences
    assert sentences["adjustment"].startswith("Not adjusted")
    assert sentences["definition"] == (
        "Time from the start of radiotherapy to death from any cause; without an event, to the date last known alive."
    )
