"""Late adverse events of a drawn trial, from its records to rows of results, against R, which derived them itself."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from recorded import floats, load

from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.incidence.summary import summarize_incidence
from npcstats.analyses.regression.spec import RegressionSpec
from npcstats.analyses.regression.summary import summarize_regression
from npcstats.derive import assign_arms
from npcstats.results import one, select
from npcstats.schema import Column, Schema, with_levels
from npcstats.study import FRAMES, Arm, Design, Endpoint, GradedEvent, Population, Study, Words

R = load("late")
ZERO = pd.Timestamp("2024-01-01")
CUTOFF = (ZERO + pd.Timedelta(days=R["cutoff"])).date()
EXACT = 1e-10
FITTED = 1e-6  # both fits end where a step changes the likelihood by 1e-9
ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"), Column("ENRLDT", "date"), Column("TRT01P", "text"), Column("TRT01A", "text"),
        Column("TRTSDT", "date"), Column("RTENDT", "date", missing=True), Column("DTHDT", "date", missing=True),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
)  # fmt: skip
LATE = Endpoint(
    "LATE", "Late", origin="RTENDT", origin_day=90, events=("G2",), competing=("DEATH",), censor_at=("VITAL",)
)
GRADED = GradedEvent("G2", "event", lowest=2, anchor="RTENDT", first=91, baseline_adjusted=True)
DESIGN = Design(
    registry="R", title="R", short_title="R", allocation="non-randomized", arms=(Arm("X", "Ex"), Arm("Y", "Wye")),
    arm_rule={}, visits=(), periods=(), endpoints=(LATE,), primary="", planned_size=1, graded=(GRADED,),
    populations=(Population("ALL", "Everyone", "Everyone.", requires=("ENRLDT",), arms="planned"),),
    accrual_start=datetime.date(2024, 1, 1), accrual_plan=((0.0, 0.0), (1.0, 1.0)), treatment_columns={},
    frames=(ADSL, FRAMES["adae"], with_levels(FRAMES["adassess"], {"KIND": ("VITAL",)})),
    words=Words({"RTENDT": "the end"}, {"VITAL": "the last contact"}),
)  # fmt: skip


def dates(days):
    return pd.Series(ZERO + pd.to_timedelta(floats(days.to_numpy()), unit="D")).astype("datetime64[s]")


@pytest.fixture(scope="module")
def study():
    members, events = pd.DataFrame(R["members"]), pd.DataFrame(R["events"])
    start = dates(members["start"])
    adsl = pd.DataFrame(
        {
            "USUBJID": members["id"], "ENRLDT": start, "TRT01P": members["arm"], "TRT01A": members["arm"],
            "TRTSDT": start, "RTENDT": dates(members["end"]), "DTHDT": dates(members["dies"]),
        }
    )  # fmt: skip
    adae = pd.DataFrame(
        {
            "USUBJID": events["id"], "AEBODSYS": "Any", "AEDECOD": events["term"],
            "AETOXGR": events["grade"].astype(float), "ASTDT": dates(events["onset"]), "AENDT": dates(events["end"]),
        }
    )  # fmt: skip
    adassess = pd.DataFrame({"USUBJID": members["id"], "KIND": "VITAL", "ADT": dates(members["seen"])})
    frames = {"adsl": adsl, "adae": adae, "adassess": adassess}
    return assign_arms(Study(DESIGN, frames, Path("r"), False, CUTOFF, (), "only", "half-away"))


@pytest.fixture(scope="module")
def results(study):
    spec = IncidenceSpec(
        id="late", label="Late", population="ALL", sessions=("only",), endpoint="LATE", competing_label="Death",
        conf_level=0.95, conf_type="log-log", landmarks=tuple(map(float, R["at"])), ticks=(0.0,), minimum_at_risk=1,
        gray=True, estimand="unadjusted", status="planned",
    )  # fmt: skip
    return summarize_incidence(study, spec)


def test_who_is_left_out(results):
    for reason, arms in R["left"].items():
        for arm, count in arms.items():
            assert one(results, measure="not_evaluable", level=reason, arm=arm).value == count
        assert one(results, measure="not_evaluable", level=reason, arm="all").value == sum(arms.values())


@pytest.mark.parametrize("arm", list(R["curves"]))
@pytest.mark.parametrize(("place", "level"), [(0, "event"), (1, "competing")])
def test_curves(results, arm, place, level):
    printed = R["curves"][arm]
    assert one(results, arm=arm, measure="participants", stat="count").value == printed["n"]
    assert one(results, arm=arm, level=level, measure="events", stat="count").value == printed["events"][place]
    for stat, name in (("estimate", "incidence"), ("ci_low", "lower"), ("ci_high", "upper")):
        rows = select(results, arm=arm, level=level, measure="incidence", stat=stat)
        np.testing.assert_allclose([row.value for row in rows], floats(printed[name][place]), rtol=EXACT)


@pytest.mark.parametrize(("level", "name"), [("event", "event"), ("competing", "death")])
def test_gray(results, level, name):
    found = [one(results, measure="gray", level=level, stat=stat).value for stat in ("statistic", "p_value", "df")]
    np.testing.assert_allclose(found, R["gray"][name], rtol=EXACT)


def test_cause_specific_hazard_ratio(study):
    spec = RegressionSpec(
        id="hr", label="Late", population="ALL", sessions=("only",), endpoint="LATE", model="cox", ties="efron",
        reference="last", conf_level=0.95, covariates=(), strata={}, subgroups=(), minimum_events=1,
        ph_transform="km", course_knots=0, estimand="unadjusted", status="planned",
    )  # fmt: skip
    results = summarize_regression(study, spec)
    for stat, name in (("estimate", "estimate"), ("ci_low", "lower"), ("ci_high", "upper")):
        found = one(results, measure="hazard_ratio", arm="X", stat=stat).value
        assert found == pytest.approx(R["ratio"][name], rel=FITTED)


def test_without_the_landmark_the_numbers_differ(study, results):
    """What the landmark is for: from the end of radiotherapy, who died before day 90 would be counted."""
    early = replace(LATE, code="EARLY", origin_day=0)
    design = replace(DESIGN, endpoints=(early,))
    spec = IncidenceSpec(
        id="late", label="Late", population="ALL", sessions=("only",), endpoint="EARLY", competing_label="Death",
        conf_level=0.95, conf_type="log-log", landmarks=(12.0,), ticks=(0.0,), minimum_at_risk=1, gray=False,
        estimand="unadjusted", status="planned",
    )  # fmt: skip
    found = summarize_incidence(replace(study, design=design), spec)
    place = {"arm": "all", "measure": "participants", "stat": "count"}
    assert one(found, **place).value > one(results, **place).value
