"""Who of the synthetic trial was seen, is imputed, had died or was not due, from its raw files by loops over dates."""

from __future__ import annotations

import csv
import datetime
import math
from collections import defaultdict

import pytest
from committed import ROOT

from npcstats.analyses.tipping.summary import summarize_tipping
from npcstats.results import one, select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

CUTOFF = datetime.date(2031, 6, 30)
VISITS = {"BL": ("RTSTDT", -28, 0), "MID": ("RTSTDT", 14, 30), "EORT": ("RTENDT", -7, 7),
          "M3": ("RTENDT", 60, 135), "M6": ("RTENDT", 136, 270), "M12": ("RTENDT", 271, 545),
          "M24": ("RTENDT", 546, 910)}  # fmt: skip
COVARIATES = ("AGE", "SEX", "T9", "N9")


def raw(name):
    with (ROOT / "data" / "synthetic" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day_of(text):
    """A date that was known at the cut-off."""
    found = datetime.date.fromisoformat(text) if text else None
    return found if found and found <= CUTOFF else None


def state(person, records, visit):
    """What someone is at a visit: seen, died, not due or missing."""
    anchor, first, last = VISITS[visit]
    zero, died = day_of(person[anchor]), day_of(person["DTHDT"])
    if zero and any(first <= (date - zero).days <= last for date in records):
        return "seen"
    if died and (zero is None or (died - zero).days < first):
        return "died"
    if zero is None or zero + datetime.timedelta(days=last) > CUTOFF:
        return "not-due"
    return "missing"


@pytest.fixture(scope="module")
def states():
    """By marker and arm, the states of those in the model at each visit."""
    dates = defaultdict(list)
    for row in raw("adlb"):
        if row["PARAMCD"] in ("ALC", "HGB") and day_of(row["ADT"]) and (row["AVAL"] or row["AVALC"] == "<LLOQ"):
            dates[row["PARAMCD"], row["USUBJID"]].append(day_of(row["ADT"]))
    found = defaultdict(list)
    for person in raw("adsl"):
        if not day_of(person["RTSTDT"]):
            continue
        arm = {"MIXED": "PROTON", "": person["TRT01P"]}.get(person["TRT01A"], person["TRT01A"])
        for code in ("ALC", "HGB"):
            records = dates[code, person["USUBJID"]]
            if state(person, records, "BL") == "seen" and all(person[name] for name in COVARIATES):
                found[code, arm].append([state(person, records, visit) for visit in list(VISITS)[1:]])
    return found


@pytest.fixture(scope="module")
def made():
    plan = load_plan(ROOT / "analysis" / "plan")
    (spec,) = (spec for spec in plan.specs if spec.id == "tipping")
    return summarize_tipping(prepare_study(read_study(ROOT / "data" / "synthetic", plan.design), plan, "final"), spec)


@pytest.mark.parametrize("code", ["ALC", "HGB"])
@pytest.mark.parametrize("arm", ["PROTON", "PHOTON"])
def test_counts(made, states, code, arm):
    people = states[code, arm]
    assert one(made, variable=code, arm=arm, measure="participants").value == len(people) > 200
    for i, visit in enumerate(list(VISITS)[1:]):
        at = {"variable": code, "arm": arm, "window": visit, "stat": "count"}
        here = [row[i] for row in people]
        after = sum(row[i] == "missing" and "seen" not in row[i:] for row in people)
        assert one(made, **at, measure="observed").value == here.count("seen")
        assert one(made, **at, measure="missing", level="").value == here.count("missing")
        assert one(made, **at, measure="missing", level="after-last").value == after
        for reason in ("died", "not-due"):
            assert one(made, **at, measure="not_evaluable", level=reason).value == here.count(reason)


def test_the_planted_contrast_is_told_under_each_assumption(made):
    """Planted at the end of radiotherapy: the logarithm of lymphocytes is higher by 0.25 with protons."""
    for level in ("seen", "missing-at-random", "jump-to-reference"):
        rows = select(made, variable="ALC", window="EORT", level=level, measure="mean_ratio", block="")
        _, low, high = (row.value for row in rows)
        assert low < math.exp(0.25) < high
        assert low > 1


def test_reference_based_means_lie_between(made):
    """Whoever is lost from the first arm after the last value jumps towards the other: the contrast shrinks."""
    for code in ("ALC", "WBC"):
        at = {"variable": code, "window": "M24", "measure": "mean_ratio", "stat": "estimate"}
        at_random, jumped = (one(made, **at, level=level).value for level in ("missing-at-random", "jump-to-reference"))
        assert 1 < jumped < at_random
