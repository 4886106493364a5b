"""Hazard ratios of arms and log-rank tests, stratified and not, from a study to rows of results, against R."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from recorded import load

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.regression.spec import RegressionSpec
from npcstats.analyses.regression.summary import summarize_regression
from npcstats.analyses.survival.spec import SurvivalSpec
from npcstats.analyses.survival.summary import summarize_survival
from npcstats.derive import assign_arms
from npcstats.results import one, select
from npcstats.schema import Column, Schema, with_levels
from npcstats.study import FRAMES, Arm, Design, Endpoint, Population, Study, Words

R = load("stratified")
STRATA = {"none": {}, "site": {"SITE": "site"}, "both": {"SITE": "site", "PRIOR": "prior treatment"}}
# both fits end where a step changes the likelihood by 1e-9
FITTED = 1e-6
EXACT = 1e-10

ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"), Column("ENRLDT", "date"), Column("TRT01P", "text"), Column("TRT01A", "text"),
        Column("START", "date"), Column("DTHDT", "date", missing=True), Column("SITE", "text", missing=True),
        Column("PRIOR", "text", missing=True), Column("X", "number"),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
)  # fmt: skip
START = pd.Timestamp("2000-01-01")
CUTOFF = datetime.date(2020, 1, 1)


def study_of(name):
    """R's sample as a study: death on the day of the event, last seen on the day of censoring."""
    sample = pd.DataFrame(R["samples"][name])
    ids = [f"P{i:04d}" for i in range(len(sample))]
    ends = START + pd.to_timedelta(sample["time"], unit="D")
    adsl = pd.DataFrame(
        {
            "USUBJID": ids, "ENRLDT": START, "TRT01P": sample["arm"], "TRT01A": sample["arm"],
            "START": START, "DTHDT": ends.where(sample["event"] == 1), "SITE": sample["site"],
            "PRIOR": sample["prior"], "X": sample["x"],
        }
    )  # fmt: skip
    adassess = pd.DataFrame({"USUBJID": ids, "KIND": "VITAL", "ADT": ends})
    arms = tuple(Arm(code, f"Arm {code}") for code in sorted(set(sample["arm"])))
    death = Endpoint("DEAD", "Survival", origin="START", events=("DEATH",), censor_at=("VITAL",))
    everyone = Population("ALL", "Everyone", "Everyone.", requires=("ENRLDT",), arms="planned")
    design = Design(
        registry="R", title="R", short_title="R", allocation="randomized", arms=arms,
        arm_rule={}, visits=(), populations=(everyone,),
        periods=(), endpoints=(death,), primary="", planned_size=1, accrual_start=START.date(),
        accrual_plan=((0.0, 0.0), (1.0, 1.0)),
        treatment_columns={}, frames=(ADSL, with_levels(FRAMES["adassess"], {"KIND": ("VITAL",)})),
        words=Words({"START": "the start"}, {"VITAL": "the last contact"}),
    )  # fmt: skip
    frames = {"adsl": adsl, "adassess": adassess}
    return assign_arms(Study(design, frames, Path("r"), False, CUTOFF, (), "only", "half-away"))


STUDIES = {name: study_of(name) for name in R["samples"]}


def ratios(case, covariates=(), **changed):
    spec = RegressionSpec(
        id="hr", label="Survival", population="ALL", sessions=("only",), endpoint="DEAD", model="cox",
        ties=case["ties"], reference="last", conf_level=0.95, covariates=covariates, strata=STRATA[case["strata"]],
        subgroups=(), minimum_events=1, ph_transform="km", course_knots=0,
        estimand="conditional" if covariates or STRATA[case["strata"]] else "unadjusted", status="planned", **changed,
    )  # fmt: skip
    return summarize_regression(STUDIES[case["sample"]], spec)


def case_id(case):
    return "-".join(str(case.get(name, "")) for name in ("sample", "strata", "ties", "adjusted"))


@pytest.mark.parametrize("case", R["models"], ids=case_id)
def test_hazard_ratios(case):
    covariates = (Covariate("X", "Covariate", "continuous"),) if case["adjusted"] else ()
    block = "adjusted" if case["adjusted"] else "unadjusted" if case["strata"] == "none" else "stratified"
    results = ratios(case, covariates)
    for i, name in enumerate(np.atleast_1d(case["names"])):
        term = {"arm": name, "variable": "ARM"} if name != "x" else {"variable": "X"}
        at = {"block": block, "measure": "hazard_ratio", **term}
        found = [one(results, **at, stat=stat).value for stat in ("estimate", "ci_low", "ci_high", "p_value")]
        wanted = [np.atleast_1d(case[key])[i] for key in ("ratio", "lower", "upper", "p_value")]
        np.testing.assert_allclose(found, wanted, rtol=FITTED)
    together = one(results, block=block, measure="proportional_hazards", variable="GLOBAL", stat="p_value")
    assert together.value == pytest.approx(case["proportional"], rel=1e-5)


@pytest.mark.parametrize("case", R["tests"], ids=case_id)
def test_log_rank(case):
    spec = SurvivalSpec(
        id="km", label="Survival", population="ALL", sessions=("only",), endpoint="DEAD", conf_level=0.95,
        conf_type="log-log", landmarks=(6.0,), ticks=(0.0,), minimum_at_risk=1, tau=6.0, test="log-rank",
        estimand="unadjusted", status="planned", strata=STRATA[case["strata"]],
    )  # fmt: skip
    results = summarize_survival(STUDIES[case["sample"]], spec)
    assert one(results, measure="logrank", stat="statistic").value == pytest.approx(case["statistic"], rel=EXACT)
    assert one(results, measure="logrank", stat="df").value == case["df"]
    words = results.catalogue.analyses["km"].labels["measure"]["logrank"]
    assert words == ("Log-rank test" if case["strata"] == "none" else "Stratified log-rank test")


def test_the_stratified_ratio_stands_beside_the_other_and_says_by_what():
    results = ratios({"sample": "veteran", "strata": "both", "ties": "efron"})
    entry = results.catalogue.analyses["hr"]
    assert list(entry.labels["block"].items())[:2] == [
        ("unadjusted", "Unadjusted"),
        ("stratified", "Stratified by site and prior treatment"),
    ]
    assert entry.sentences["strata"] == (
        "Stratified: Cox regression of the arms, with a baseline hazard for each combination of site and prior "
        "treatment."
    )
    assert entry.choices["stratified"] is True
    both = select(results, measure="hazard_ratio", stat="estimate", reference="B")
    assert [row.block for row in both] == ["unadjusted", "stratified"]
    assert both[0].value != both[1].value
    assert "stratified cox" in both[1].method


def test_strata_beside_covariates_are_in_both_models():
    covariates = (Covariate("X", "Covariate", "continuous"),)
    results = ratios({"sample": "veteran", "strata": "site", "ties": "efron"}, covariates)
    methods = {row.block: row.method for row in select(results, measure="hazard_ratio", stat="estimate")}
    assert {block: "stratified" in method for block, method in methods.items()} == {
        "unadjusted": False,
        "stratified": True,
        "adjusted": True,
    }
    assert results.catalogue.analyses["hr"].sentences["strata"].endswith("The adjusted model is stratified by site.")
