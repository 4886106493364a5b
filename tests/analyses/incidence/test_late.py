"""Incidence of late events of the trial of eight by hand, and every other kind of analysis on the same clock.

From day 90 after radiotherapy (see `graded`): P05 179+, P01 133+ in X; P03 has dry mouth on day 1 and P02 dies on day
75 in Y. P06 (X) has not come so far, P04 (Y) is not followed beyond it.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from graded import LATE, MONTH, eight_with

from npcstats.analyses.adjustment.outcomes import TimeOutcome, derive_outcome
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.endpoints.summary import summarize_endpoints
from npcstats.analyses.incidence.displays import Incidences
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.incidence.summary import summarize_incidence
from npcstats.analyses.incidence.table import tabulate
from npcstats.analyses.survival.spec import SurvivalSpec
from npcstats.analyses.survival.summary import summarize_survival
from npcstats.derive import mask_arms, pool_arms, population_members
from npcstats.errors import SpecError
from npcstats.results import one, select

SPEC = IncidenceSpec(
    id="late", label="Late", population="BEAM", sessions=("only",), endpoint="LATE", competing_label="Death",
    conf_level=0.95, conf_type="log-log", landmarks=(2.0, 4.0), ticks=(0.0, 3.0), minimum_at_risk=1, gray=True,
    estimand="unadjusted", status="planned",
)  # fmt: skip
EXACT = 1e-12


@pytest.fixture(scope="module")
def study():
    return eight_with(endpoints=(LATE,))


@pytest.fixture(scope="module")
def results(study):
    return summarize_incidence(study, SPEC)


def value(results, **place):
    return one(results, **place).value


@pytest.mark.parametrize(
    ("arm", "level", "month", "share"),
    [
        ("all", "event", 2.0, 1 / 4),
        ("all", "event", 4.0, 1 / 4),
        ("all", "competing", 2.0, 0.0),
        ("all", "competing", 4.0, 3 / 4 * 1 / 3),
        ("Y", "event", 2.0, 1 / 2),
        ("Y", "competing", 4.0, math.nan),
        ("X", "event", 4.0, 0.0),
    ],
)
def test_incidence(results, arm, level, month, share):
    """Four are at risk on day 1 and three on day 75; in Y nobody is at risk after it."""
    found = value(results, arm=arm, level=level, measure="incidence", stat="estimate", time=month)
    assert found == pytest.approx(share, rel=EXACT, nan_ok=True)


def test_everyone_is_accounted_for(results):
    for arm, followed, ahead, unseen in (("X", 2, 1, 0), ("Y", 2, 0, 1), ("all", 4, 1, 1)):
        assert value(results, arm=arm, measure="participants", stat="count") == followed
        counts = {row.level: row.value for row in select(results, arm=arm, measure="not_evaluable")}
        assert counts == {"NOT-REACHED": ahead, "EVENT-BEFORE": 0, "COMPETED-BEFORE": 0, "ENDED-BEFORE": unseen}


def test_numbers_at_risk(results):
    at = {tick: value(results, arm="all", measure="at_risk", stat="count", time=tick) for tick in SPEC.ticks}
    assert at == {0.0: 4, 3.0: 2}  # 91.3 days: P05 and P01


def test_steps_are_days_since_the_landmark(results):
    rows = select(results, arm="all", level="event", measure="incidence_curve", stat="estimate")
    assert [(round(row.time * MONTH), row.value) for row in rows] == [(0, 0.0), (1, 0.25), (179, 0.25)]


def test_who_is_left_out_is_told_by_arm(results):
    table = Incidences(name="t", title="T", sessions=("only",), members=("late",), total=False)
    printed = "".join(piece.text for note in tabulate(results, table).notes for piece in note.pieces)
    assert (
        "Not in the analysis: Time zero not before the cut-off 1 (Ex 1, Wye 0); Not followed beyond time zero 1 "
        in (printed)
    )
    assert "participants who had either by time zero, or are not followed beyond it, are left out" in printed


@pytest.mark.parametrize(("share", "known"), [(0.0, True), (0.5, True), (0.51, False), (1.0, False)])
def test_a_share_of_the_group_must_be_at_risk(study, share, known):
    """At 4 months two of four are: half of them, and with more than half three are asked for."""
    results = summarize_incidence(study, replace(SPEC, minimum_share=share))
    row = one(results, arm="all", level="event", measure="incidence", stat="estimate", time=4.0)
    assert math.isnan(row.value) != known
    assert row.note == ("" if known else f"Fewer than {3 if share < 1 else 4} participants are at risk at that time.")
    limit = results.catalogue.analyses["late"].sentences["limit"]
    words = f", and {100 * share:g}% of the group," if share else ""
    assert limit == f"No incidence is estimated beyond the last time with 1 participant{words} at risk."


def test_a_share_beyond_everyone_is_refused(study):
    with pytest.raises(SpecError, match=r"minimum_share is 1\.5; from 0 to 1 is required"):
        summarize_incidence(study, replace(SPEC, minimum_share=1.5))


def test_pooled_and_masked(study, results):
    pooled = summarize_incidence(pool_arms(study), replace(SPEC, gray=False))
    assert {row.arm for row in pooled.rows} == {"all"}
    assert value(pooled, measure="not_evaluable", level="NOT-REACHED") == 1
    masked = summarize_incidence(mask_arms(study, {"X": "B", "Y": "A"}), SPEC)
    assert value(masked, arm="A", measure="not_evaluable", level="ENDED-BEFORE") == 1
    assert value(masked, measure="gray", level="event", stat="p_value") == pytest.approx(
        value(results, measure="gray", level="event", stat="p_value"), rel=EXACT
    )


def test_nobody_is_left(study):
    """With a landmark after the cut-off nobody is followed from it, and every number says why there is none."""
    far = replace(LATE, code="FAR", origin_day=900)
    results = summarize_incidence(eight_with(endpoints=(far,)), replace(SPEC, endpoint="FAR", gray=False))
    assert value(results, arm="all", measure="participants", stat="count") == 0
    assert all(row.note for row in results.rows if math.isnan(row.value))


class TestOtherKinds:
    def test_survival(self, study):
        spec = SurvivalSpec(
            "km", "KM", "BEAM", ("only",), "LATE", conf_level=0.95, conf_type="log-log", landmarks=(2.0,),
            ticks=(0.0,), minimum_at_risk=1, tau=2.0, test="none", estimand="unadjusted", status="planned",
        )  # fmt: skip
        results = summarize_survival(study, spec)
        assert value(results, arm="all", measure="survival", stat="estimate") == pytest.approx(3 / 4, rel=EXACT)
        assert value(results, arm="X", measure="not_evaluable", level="NOT-REACHED") == 1

    def test_account_of_events(self, study):
        results = summarize_endpoints(study, EndpointsSpec("n", "N", "BEAM", ("only",), ("LATE",), "planned"))
        lines = {"EVENT": 1, "COMPETING:DEATH": 1, "CENSORED": 2}
        for line, count in lines.items():
            rows = select(results, arm="all", block="LATE", variable=line, measure="proportion")
            assert {row.stat: row.value for row in rows if row.stat in ("count", "total")} == {
                "count": count,
                "total": 4,
            }

    def test_outcome_of_a_comparison(self, study):
        members = population_members(study, "BEAM")
        data = derive_outcome(study, members, TimeOutcome("LATE"), "compare")
        found = dict(zip(members["USUBJID"], data.values * MONTH, strict=True))
        days = {"P01": 133, "P02": 75, "P03": 1, "P04": math.nan, "P05": 179, "P06": math.nan}
        assert found == pytest.approx(days, nan_ok=True)
        absent = {why: members["USUBJID"][flags].tolist() for why, flags in data.absent.items()}
        assert absent == {"NOT-REACHED": ["P06"], "ENDED-BEFORE": ["P04"]}
