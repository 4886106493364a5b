"""Values below the limit of the synthetic trial recomputed from its raw files, and two models by statsmodels."""

from __future__ import annotations

import csv
import datetime
import math
import warnings
from collections import defaultdict

import numpy as np
import pytest
import statsmodels.api as sm
from committed import ROOT

from npcstats.analyses.detection.summary import summarize_detection
from npcstats.results import one
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

CUTOFF = datetime.date(2031, 6, 30)
WINDOWS = {
    "BL": ("RTSTDT", 0, -28, 0), "MID": ("RTSTDT", 21, 14, 30), "EORT": ("RTENDT", 0, -7, 7),
    "W8": ("RTENDT", 49, 8, 59), "M3": ("RTENDT", 90, 60, 135), "M6": ("RTENDT", 182, 136, 270),
    "M12": ("RTENDT", 365, 271, 545), "M24": ("RTENDT", 730, 546, 910),
}  # fmt: skip
SOLVED = 1e-6  # statsmodels' steps end where coefficients change by 1e-9, of which odds ratios and errors keep this
CLIMBED = 2e-4  # its mixed model stops by the gradient of a profile likelihood


def raw(name):
    with (ROOT / "data" / "synthetic" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day_of(text):
    found = datetime.date.fromisoformat(text) if text else None
    return found if found and found <= CUTOFF else None


@pytest.fixture(scope="module")
def people():
    return {row["USUBJID"]: row for row in raw("adsl") if day_of(row["RTSTDT"])}


def arm_of(row):
    return {"MIXED": "PROTON", "": row["TRT01P"]}.get(row["TRT01A"], row["TRT01A"])


@pytest.fixture(scope="module")
def nearest(people):
    """By marker, visit and participant, the record nearest to the target day."""
    found = defaultdict(dict)
    for row in raw("adlb"):
        date = day_of(row["ADT"])
        known = row["AVALC"] in {"ND", "<LLOQ"} or row["AVAL"]
        if row["USUBJID"] not in people or not date or not known:
            continue
        for visit, (anchor, target, first, last) in WINDOWS.items():
            start = day_of(people[row["USUBJID"]][anchor])
            if start and first <= (date - start).days <= last:
                days = (date - start).days
                rank = (abs(days - target), days)
                place = found[row["PARAMCD"], visit]
                if row["USUBJID"] not in place or rank < place[row["USUBJID"]][0]:
                    place[row["USUBJID"]] = (rank, row)
    return {place: {who: row for who, (_, row) in own.items()} for place, own in found.items()}


@pytest.fixture(scope="module")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def entry(plan):
    return next(spec for spec in plan.specs if spec.id == "below-limit")


@pytest.fixture(scope="module")
def results(plan, entry):
    study = prepare_study(read_study(ROOT / "data" / "synthetic", plan.design), plan, "final")
    return summarize_detection(study, entry)


def test_shares_by_visit_and_arm(results, entry, people, nearest):
    for marker in entry.markers:
        whole = [0, 0]
        for visit in marker.visits:
            for arm in ("PROTON", "PHOTON", "all"):
                rows = [row for who, row in nearest[marker.code, visit].items() if arm in {arm_of(people[who]), "all"}]
                below = sum(row["AVALC"] in {"ND", "<LLOQ"} for row in rows)
                at = {"variable": marker.code, "window": visit, "arm": arm, "measure": "below_limit"}
                assert [one(results, **at, stat=stat).value for stat in ("count", "total")] == [below, len(rows)]
                if marker.yes == "detected":
                    at |= {"measure": "proportion", "level": "detected"}
                    assert one(results, **at, stat="count").value == sum(row["AVALC"] != "ND" for row in rows)
                if arm == "all":
                    whole = [whole[0] + below, whole[1] + len(rows)]
        assert marker.share == pytest.approx(whole[0] / whole[1], abs=0.0005)  # the plan has three digits of it


def design_of(entry, people, nearest, marker, baseline):
    """Rows of a model: participant, visit, columns."""
    start, after = nearest[marker.code, "BL"], marker.visits[1:]
    inside = [who for who in people if who in start and any(who in nearest[marker.code, v] for v in after)]
    coded = [item for item in entry.covariates if item.scale == "categorical"]
    found = []
    for who in inside:
        person = people[who]
        own = [float(person["AGE"])]
        for item in coded:
            value = person[item.column] or item.blank
            own += [float(value == level) for level in list(item.levels)[1:]]
        for i, visit in enumerate(after):
            if who in nearest[marker.code, visit]:
                row = [float(i == j) for j in range(len(after))]
                row += [float(i == j and arm_of(person) == "PROTON") for j in range(len(after))]
                found.append((who, visit, [*row, *baseline(start[who], i, len(after)), *own]))
    return [who for who, _, _ in found], [visit for _, visit, _ in found], np.array([row for _, _, row in found])


def varying(columns):
    return columns[:, np.ptp(columns, axis=0) > 0]


def test_detection_by_statsmodels(results, entry, people, nearest):
    marker = next(marker for marker in entry.markers if marker.code == "EBV")
    who, visits, x = design_of(entry, people, nearest, marker, lambda row, i, n: [float(row["AVALC"] != "ND")])
    x = varying(x)
    y = np.array([float(nearest["EBV", visit][p]["AVALC"] != "ND") for p, visit in zip(who, visits, strict=True)])
    model = sm.GEE(y, x, groups=np.array(who), family=sm.families.Binomial(), cov_struct=sm.cov_struct.Exchangeable())
    fitted = model.fit(maxiter=200, ctol=1e-10, cov_type="bias_reduced")
    for i, visit in enumerate(marker.visits[1:]):
        at = {"variable": "EBV", "window": visit, "block": "yes-no", "measure": "odds_ratio"}
        place = len(marker.visits) - 1 + i
        estimate, error = (one(results, **at, stat=stat).value for stat in ("estimate", "std_error"))
        assert math.log(estimate) == pytest.approx(fitted.params[place], abs=SOLVED)
        assert error == pytest.approx(fitted.bse[place], rel=SOLVED)


def test_half_the_limit_by_statsmodels(results, entry, people, nearest):
    marker = next(marker for marker in entry.markers if marker.code == "CRP")

    def halved(row):
        return math.log(float(row["LLOQ"]) / 2 if row["AVALC"] == "<LLOQ" else float(row["AVAL"]))

    def baseline(row, i, n):
        return [halved(row) * (i == j) for j in range(n)] + [float(row["AVALC"] == "<LLOQ")]

    who, visits, x = design_of(entry, people, nearest, marker, baseline)
    y = [halved(nearest["CRP", visit][p]) for p, visit in zip(who, visits, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = sm.MixedLM(y, varying(x), groups=np.array(who)).fit(reml=True, method="lbfgs", gtol=1e-9)
    for i, visit in enumerate(marker.visits[1:]):
        at = {"variable": "CRP", "window": visit, "block": "half-limit", "measure": "mean_ratio", "stat": "estimate"}
        assert math.log(one(results, **at).value) == pytest.approx(
            fitted.fe_params[len(marker.visits) - 1 + i], abs=CLIMBED
        )
