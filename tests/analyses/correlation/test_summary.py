"""Correlations of markers over visits: recomputed with pandas on sixty participants, and what goes wrong."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from entries import ALIKE

from npcstats.analyses.correlation.spec import correlation_faults
from npcstats.analyses.correlation.summary import summarize_correlation
from npcstats.errors import DataError, SpecError
from npcstats.results import one, select
from npcstats.study import Arm

WINDOWS = {"V0": ("RTSTDT", -28, 0), "V1": ("RTSTDT", 14, 30), "V2": ("RTENDT", 200, 300)}
PAIRS = [("LOGM", "LEVEL"), ("LOGM", "VIRUS"), ("LEVEL", "VIRUS")]


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_correlation(crowd, ALIKE)


def table_of(study, arm):
    """Participants and visits by markers: the one reading of each window, half the limit where below it."""
    adsl = study["adsl"].set_index("USUBJID")
    members = adsl.loc[adsl["RTSTDT"].notna() & ((adsl["TRT01A"] == arm) | (arm == "all"))]
    labs = study["adlb"].assign(value=lambda frame: frame["AVAL"].fillna(frame["LLOQ"] / 2))
    labs["value"] = np.where(labs["PARAMCD"] == "LOGM", np.log(labs["value"]), labs["value"])
    parts = []
    for visit, (anchor, first, last) in WINDOWS.items():
        days = (labs["ADT"] - labs["USUBJID"].map(members[anchor])).dt.days
        parts.append(labs.loc[days.between(first, last)].assign(visit=visit))
    return pd.concat(parts).pivot_table(index=["USUBJID", "visit"], columns="PARAMCD", values="value")


@pytest.mark.parametrize("arm", ["X", "Y", "all"])
@pytest.mark.parametrize("pair", PAIRS)
def test_against_pandas(crowd, results, arm, pair):
    both = table_of(crowd, arm)[list(pair)].dropna()
    both = both.groupby("USUBJID").filter(lambda part: len(part) > 1)
    within = both - both.groupby("USUBJID").transform("mean")
    at = {"arm": arm, "block": "within", "variable": pair[0], "level": pair[1]}
    r = within.corr().iloc[0, 1]
    assert one(results, **at, measure="repeated_correlation", stat="estimate").value == pytest.approx(r, rel=1e-9)
    assert one(results, **at, measure="records", stat="count").value == len(both)
    people = both.index.get_level_values(0).nunique()
    assert one(results, **at, measure="participants", stat="count").value == people
    assert one(results, **at, measure="repeated_correlation", stat="df").value == len(both) - people - 1


def test_the_catalogue_is_in_the_order_of_the_tree(results):
    """The closest two of three markers stand beside one another."""
    rows = select(results, arm="all", block="within", measure="repeated_correlation", stat="estimate")
    closest = max(rows, key=lambda row: row.value)
    order = list(results.catalogue.analyses["alike"].labels["variable"])
    assert abs(order.index(closest.variable) - order.index(closest.level)) == 1
    joins = select(results, block="tree", measure="merge_distance")
    assert len(joins) == 2
    assert joins[0].value == pytest.approx(1 - closest.value, rel=1e-12)


def test_arms_change_nothing_of_everyone(crowd, results):
    pooled = summarize_correlation(replace(crowd, arms=()), ALIKE)
    assert {row.arm for row in pooled.rows} == {"all"}
    assert [row.value for row in pooled.rows if row.stat == "estimate"] == [
        row.value for row in results.rows if row.stat == "estimate" and row.arm == "all"
    ]
    assert not any("arm" in words.split() for words in pooled.catalogue.analyses["alike"].sentences.values())


def test_an_arm_without_anybody(crowd):
    wider = replace(crowd, arms=(*crowd.arms, Arm("Z", "Zed")))
    found = summarize_correlation(wider, ALIKE)
    row = one(found, arm="Z", block="within", variable="LOGM", level="LEVEL", measure="repeated_correlation",
              stat="estimate")  # fmt: skip
    assert math.isnan(row.value)
    assert row.note == "Fewer than 2 participants have both markers on two visits."
    assert one(found, arm="Z", measure="participants", variable="", stat="count").value == 0


def test_without_a_correlation_of_everyone_there_is_no_tree(crowd):
    labs = crowd["adlb"]
    lacking = crowd.with_frames({"adlb": labs.loc[labs["PARAMCD"] != "VIRUS"]})
    found = summarize_correlation(lacking, ALIKE)
    assert not select(found, block="tree")
    entry = found.catalogue.analyses["alike"]
    assert list(entry.labels["variable"]) == ["LOGM", "LEVEL", "VIRUS"]
    assert entry.sentences["order"].startswith("Markers are in the order of the plan")


def test_a_unit_that_is_not_the_plans_is_refused(crowd):
    with pytest.raises(DataError, match="of LOGM in another unit; mg is required"):
        summarize_correlation(crowd, replace(ALIKE, markers=(replace(ALIKE.markers[0], unit="mg"), ALIKE.markers[1])))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"limits": "exact"}, "limits is 'exact'; one of fisher, clustered is required"),
        ({"distance": "far"}, "distance is 'far'"),
        ({"joined": "ward"}, "joined is 'ward'"),
        ({"below_limit": ""}, "below_limit is ''"),
        ({"markers": ALIKE.markers[:1]}, "markers are 1; 2 or more are required"),
        ({"visits": ("V0",)}, "visits are 1; 2 or more are required"),
        ({"markers": (ALIKE.markers[0], ALIKE.markers[0])}, "markers 'LOGM' stands twice"),
        ({"minimum_participants": 1}, "minimum_participants is 1"),
        ({"markers": (replace(ALIKE.markers[0], scale="logit"), ALIKE.markers[1])}, "scale is 'logit'"),
    ],
)
def test_faults_of_a_plan(crowd, change, words):
    spec = replace(ALIKE, **change)
    assert any(words in fault for fault in correlation_faults(spec))
    with pytest.raises(SpecError, match="plan: alike"):
        summarize_correlation(crowd, spec)


def test_a_sound_entry_has_no_faults():
    assert correlation_faults(ALIKE) == []
