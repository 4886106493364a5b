"""Markers and outcome of a drawn trial, from its records to rows of results, against R, which derived them itself."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from recorded import floats, load

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.association.spec import AssociatedMarker, AssociationSpec, MarkerLandmark
from npcstats.analyses.association.summary import summarize_association
from npcstats.analyses.correlation.spec import CorrelatedMarker, CorrelationSpec
from npcstats.analyses.correlation.summary import summarize_correlation
from npcstats.analyses.timetoevent.groups import Landmark
from npcstats.derive import assign_arms
from npcstats.results import one
from npcstats.schema import Column, Schema, with_levels
from npcstats.study import FRAMES, Arm, Design, Endpoint, Population, Study, Visit, Words

R = load("association")
ZERO = pd.Timestamp("2024-01-01")
EXACT = 1e-10
FITTED = 1e-6  # both fits end where a step changes the likelihood by 1e-9
DERIVED = 1e-7  # R's variance of participants as wholes takes a derivative by differences
ADSL = Schema(
    "adsl",
    (
        Column("USUBJID", "identifier"), Column("ENRLDT", "date"), Column("TRT01P", "text"), Column("TRT01A", "text"),
        Column("AGE", "number"), Column("RTSTDT", "date"), Column("RTENDT", "date"),
        Column("DTHDT", "date", missing=True),
    ),
    key=("USUBJID",),
    dated="ENRLDT",
)  # fmt: skip
DESIGN = Design(
    registry="R", title="R", short_title="R", allocation="non-randomized", arms=(Arm("X", "Ex"), Arm("Y", "Wye")),
    arm_rule={}, periods=(),
    visits=(Visit("BL", "Before", "RTSTDT", 0, -28, 0), Visit("W", "After", "RTENDT", 0, -7, 7),
            Visit("M3", "Later", "RTENDT", 90, 60, 150)),
    endpoints=(Endpoint("DEAD", "Death", origin="RTSTDT", events=("DEATH",), censor_at=("VITAL",)),), primary="",
    planned_size=1, populations=(Population("ALL", "Everyone", "Everyone.", requires=("ENRLDT",), arms="planned"),),
    accrual_start=datetime.date(2024, 1, 1), accrual_plan=((0.0, 0.0), (1.0, 1.0)), treatment_columns={},
    frames=(ADSL, FRAMES["adlb"], with_levels(FRAMES["adassess"], {"KIND": ("VITAL",)})),
    words=Words({"RTSTDT": "the start"}, {"VITAL": "the last contact"}),
)  # fmt: skip
ALWAYS = ("baseline", "landmark", "readings")
SPEC = AssociationSpec(
    id="markers", label="Markers", population="ALL", sessions=("only",), endpoint="DEAD",
    markers=(AssociatedMarker("LOG", "Log", "LOG", "u", "log", "doubling", ALWAYS, "decimal2"),
             AssociatedMarker("LEV", "Level", "LEV", "g", "identity", "sd", ALWAYS, "decimal1")),
    baseline="BL", landmarks=(MarkerLandmark("W", Landmark("RTENDT", 7, "From day 7.")),),
    carried_days=R["carried"], below_limit="missing", covariates=(Covariate("AGE", "Age", "continuous", per=10.0),),
    by_arm=True, ties="efron", minimum_events=1, multiplicity="none", courses=None, conf_level=0.95, status="planned",
)  # fmt: skip
CORRELATED = CorrelationSpec(
    id="pair", label="Pair", population="ALL", sessions=("only",), visits=("BL", "W", "M3"), below_limit="missing",
    markers=(CorrelatedMarker("LOG", "Log", "u", "log"), CorrelatedMarker("LEV", "Level", "g", "identity")),
    limits="fisher", distance="signed", joined="average", minimum_participants=2, conf_level=0.95, status="planned",
)  # fmt: skip
PLACES = [(marker, model) for marker, models in R["models"].items() for model in models]


def dates(days):
    return pd.Series(ZERO + pd.to_timedelta(floats(days.to_numpy()), unit="D")).astype("datetime64[s]")


@pytest.fixture(scope="module")
def study():
    members, readings = pd.DataFrame(R["members"]), pd.DataFrame(R["readings"])
    adsl = pd.DataFrame(
        {
            "USUBJID": members["id"], "ENRLDT": dates(members["start"]), "TRT01P": members["arm"],
            "TRT01A": members["arm"], "AGE": members["age"].astype(float), "RTSTDT": dates(members["start"]),
            "RTENDT": dates(members["end"]), "DTHDT": dates(members["dies"]),
        }
    )  # fmt: skip
    parts = [
        pd.DataFrame(
            {"USUBJID": readings["id"], "PARAMCD": code, "ADT": dates(readings["day"]),
             "AVAL": floats(readings[code].to_numpy()), "AVALC": "", "AVALU": unit}
        ) for code, unit in (("LOG", "u"), ("LEV", "g"))
    ]  # fmt: skip
    adassess = pd.DataFrame({"USUBJID": members["id"], "KIND": "VITAL", "ADT": dates(members["seen"])})
    frames = {"adsl": adsl, "adlb": pd.concat(parts, ignore_index=True), "adassess": adassess}
    cutoff = (ZERO + pd.Timedelta(days=1000)).date()
    return assign_arms(Study(DESIGN, frames, Path("r"), False, cutoff, (), "only", "half-away"))


@pytest.fixture(scope="module")
def results(study):
    return summarize_association(study, SPEC)


@pytest.mark.parametrize(("marker", "model"), PLACES)
def test_who_is_in_a_model(results, marker, model):
    printed = R["models"][marker][model]
    at = {"variable": marker, "level": model, "arm": "all", "measure": "events"}
    assert [one(results, **at, stat=stat).value for stat in ("count", "total")] == [printed["events"], printed["n"]]


@pytest.mark.parametrize("block", ["unadjusted", "adjusted"])
@pytest.mark.parametrize(("marker", "model"), PLACES)
def test_hazard_ratios(results, marker, model, block):
    printed = R["models"][marker][model][block]
    at = {"variable": marker, "level": model, "block": block, "arm": "all", "measure": "hazard_ratio"}
    found = [one(results, **at, stat=stat).value for stat in ("estimate", "ci_low", "ci_high", "p_value")]
    np.testing.assert_allclose(found, [printed[name] for name in ("ratio", "lower", "upper", "p")], rtol=FITTED)


@pytest.mark.parametrize(("marker", "model"), PLACES)
def test_ratios_of_arms(results, marker, model):
    printed = R["models"][marker][model]
    at = {"variable": marker, "level": model, "block": "adjusted"}
    for arm, limits in zip(("X", "Y"), printed["arms"], strict=True):
        found = [one(results, **at, arm=arm, measure="hazard_ratio", stat=stat).value
                 for stat in ("estimate", "ci_low", "ci_high")]  # fmt: skip
        np.testing.assert_allclose(found, limits, rtol=FITTED)
    test = [one(results, **at, measure="effect_modification", stat=stat).value for stat in ("statistic", "p_value")]
    np.testing.assert_allclose(test, [printed["chi"], printed["p"]], rtol=FITTED)


def test_the_standard_deviation_is_that_of_the_visit_before(results):
    assert one(results, variable="LEV", measure="std_deviation").value == pytest.approx(R["deviation"], rel=EXACT)


@pytest.mark.parametrize("block", list(R["correlations"]))
@pytest.mark.parametrize(("limits", "p", "tolerance"), [("fisher", "p", EXACT), ("clustered", "clustered_p", DERIVED)])
def test_correlations_within_participants(study, block, limits, p, tolerance):
    printed = R["correlations"][block]
    found = summarize_correlation(study, replace(CORRELATED, limits=limits))
    at = {"block": block, "arm": "all", "variable": "LOG", "level": "LEV"}
    counts = [one(found, **at, measure=name, stat="count").value for name in ("participants", "records")]
    assert counts == [printed["participants"], printed["pairs"]]
    values = [one(found, **at, measure="repeated_correlation", stat=stat).value
              for stat in ("estimate", "ci_low", "ci_high", "p_value")]  # fmt: skip
    np.testing.assert_allclose(values, [printed["r"], *printed[limits], printed[p]], rtol=tolerance)
