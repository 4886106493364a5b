"""The panel of the synthetic trial found again from its files, by dictionaries, loops and the statistics module."""

from __future__ import annotations

import csv
import datetime
import math
import statistics
from collections import defaultdict
from dataclasses import replace

import pytest
from committed import ROOT, design, folder, study

from npcstats.analyses.biomarker.summary import summarize_biomarkers
from npcstats.derive import assign_arms, at_cutoff
from npcstats.results import one, select
from npcstats.run.plan import load_plan

__all__ = ["design", "folder", "study"]

CUTOFF = datetime.date(2031, 6, 30)
CLOSE = 1e-9  # sums of some hundred floats, in another order
SHOWN = ("ALC", "HGB", "CD4", "CD4P", "CD4CD8", "IL6", "EBV")


def read(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(row, scale):
    """A value on its scale; of one below the limit half of that, of a share whether anything was detected."""
    if scale == "detectable":
        return 0.0 if row["AVALC"] == "ND" else 1.0 if row["AVALC"] == "<LLOQ" or row["AVAL"] else None
    if row["AVALC"] in ("ND", "<LLOQ"):
        return float(row["LLOQ"]) / 2
    return float(row["AVAL"]) if row["AVAL"] else None


def nearest(records, origin, visit):
    """The value whose day is nearest to the target inside the window, the earlier on a tie, the lower on one day."""
    inside = []
    for day, value in records:
        apart = (day - origin).days
        if visit.first <= apart <= visit.last:
            inside.append((abs(apart - visit.day), apart, value))
    return min(inside)[2] if inside else None


@pytest.fixture(scope="module")
def recounted(folder):
    """Values by marker, visit, arm and participant."""
    plan = load_plan(ROOT / "analysis" / "plan")
    spec = next(spec for spec in plan.specs if spec.id == "panel")
    scales = {marker.code: marker.scale for marker in spec.markers}
    records = defaultdict(list)
    for row in read(folder, "adlb"):
        day = datetime.date.fromisoformat(row["ADT"])
        if day <= CUTOFF and (value := number(row, scales.get(row["PARAMCD"], "log"))) is not None:
            records[row["USUBJID"], row["PARAMCD"]].append((day, value))
    found = defaultdict(dict)
    for person in read(folder, "adsl"):
        who = person["USUBJID"]
        if not person["RTSTDT"] or person["RTSTDT"] > CUTOFF.isoformat():
            continue
        for over, under, code, factor in (("CD4", "CD8", "CD4CD8", 1.0), ("CD4", "ALC", "CD4P", 0.1)):
            below = dict(records[who, under])
            records[who, code] = [(d, factor * v / below[d]) for d, v in records[who, over] if below.get(d)]
        arm = plan.design.arm_rule.get(person["TRT01A"], person["TRT01A"]) or person["TRT01P"]
        for marker in (marker for marker in spec.markers if marker.code in SHOWN):
            for visit in map(plan.design.visit, marker.visits or spec.visits):
                if person[visit.anchor] and person[visit.anchor] <= CUTOFF.isoformat():
                    origin = datetime.date.fromisoformat(person[visit.anchor])
                    value = nearest(records[who, marker.code], origin, visit)
                    if value is not None:
                        found[marker.code, visit.code, arm][who] = value
    return spec, scales, found


@pytest.fixture(scope="module")
def results(recounted, study):
    spec, _, _ = recounted
    at = replace(at_cutoff(study, CUTOFF, snapshot="event-date"), session="final", rounding="half-away")
    return summarize_biomarkers(assign_arms(at), spec)


def lower_and_upper(values):
    """Quartiles of type 2: the value whose share reaches a quarter, halfway to the next where it does exactly."""
    ordered, size = sorted(values), len(values)
    found = []
    for share in (1, 2, 3):
        place, exact = divmod(share * size, 4)
        found.append((ordered[place - 1] + ordered[place]) / 2 if not exact else ordered[place])
    return found


def test_numbers_means_and_quartiles(recounted, results):
    _, scales, found = recounted
    assert len(found) > 80
    for (code, visit, arm), own in found.items():
        at = {"variable": code, "window": visit, "arm": arm}
        assert one(results, **at, measure="observed", level="value", stat="count").value == len(own)
        values = list(own.values())
        if scales[code] == "detectable":
            share = one(results, **at, measure="proportion", stat="estimate")
            assert share.value == pytest.approx(sum(values) / len(values), rel=CLOSE)
            continue
        measure, mean = ("mean", statistics.fmean(values))
        if scales[code] == "log":
            measure, mean = "geometric_mean", math.exp(statistics.fmean(map(math.log, values)))
        assert one(results, **at, measure=measure, stat="estimate").value == pytest.approx(mean, rel=CLOSE)
        names = ("first_quartile", "median", "third_quartile")
        printed = [one(results, **at, measure=name).value for name in names]
        assert printed == pytest.approx(lower_and_upper(values), rel=CLOSE)


def test_changes_are_of_pairs(recounted, results):
    _, scales, found = recounted
    for (code, visit, arm), own in found.items():
        if visit == "BL":
            continue
        before = found[code, "BL", arm]
        pairs = [(own[who], before[who]) for who in own if who in before]
        at = {"variable": code, "window": visit, "arm": arm}
        if scales[code] == "log":
            change, expected = "change_ratio", math.exp(statistics.fmean(math.log(b / a) for b, a in pairs))
        else:
            change, expected = "change", statistics.fmean(b - a for b, a in pairs)
        if scales[code] == "detectable":
            change = "share_change"
        assert one(results, **at, measure=change, stat="estimate").value == pytest.approx(
            expected, rel=CLOSE, abs=CLOSE
        )


def test_eight_weeks_are_there_for_what_is_measured_then(results):
    """The visit at which groups by EBV DNA are defined."""
    for arm in ("PROTON", "PHOTON"):
        at = {"variable": "EBV", "window": "W8", "arm": arm, "measure": "proportion", "stat": "total"}
        assert one(results, **at).value > 200
    assert select(results, variable="CD4", window="W8") == ()
