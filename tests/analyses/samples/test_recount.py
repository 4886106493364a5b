"""Every count of samples of the synthetic trial, recounted from its files by dictionaries and loops."""

from __future__ import annotations

import csv
import datetime
from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from committed import ROOT, design, folder, study

from npcstats.analyses.samples.summary import summarize_samples
from npcstats.derive import assign_arms, at_cutoff
from npcstats.results import select
from npcstats.run.plan import load_plan

__all__ = ["design", "folder", "study"]

CUTOFF = datetime.date(2028, 12, 31)  # in mid-course of many
DAY = datetime.timedelta(days=1)
LOST = ("unseen", "unsampled", "no-result", "no-baseline")
STEPS = ("attended", "sampled", "assayed", "evaluable")


def read(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def known(text):
    found = datetime.date.fromisoformat(text) if text else None
    return found if found and found <= CUTOFF else None


def inside(days, window):
    return bool(window) and any(window[0] <= day <= window[1] for day in days)


def state(person, window, baseline, own):
    """The first reason that holds; empty of who can be evaluated."""
    seen, sampled, assayed = (inside(own[what], window) for what in ("seen", "sampled", "assayed"))
    if not seen and not sampled:
        last = window[1] if window else datetime.date.max
        for column, why in (("DTHDT", "died"), ("EOSDT", "left")):
            if known(person[column]) and known(person[column]) <= last:
                return why
        return "unseen" if window and last <= CUTOFF else "not-due"
    if not sampled:
        return "unsampled"
    if not assayed:
        return "no-result"
    return "" if inside(own["assayed"], baseline) else "no-baseline"


def bounds(person, visit):
    origin = known(person[visit.anchor])
    return (origin + visit.first * DAY, origin + visit.last * DAY) if origin else None


@pytest.fixture(scope="module")
def recounted(folder):
    """Participants by marker, visit, arm and reason."""
    plan = load_plan(ROOT / "analysis" / "plan")
    spec = next(spec for spec in plan.specs if spec.id == "samples")
    visits = [plan.design.visit(code) for code in spec.visits]
    records = defaultdict(lambda: defaultdict(list))
    for row in read(folder, "adassess"):
        if row["KIND"] == "VITAL" and known(row["ADT"]):
            records[row["USUBJID"]]["seen"].append(known(row["ADT"]))
    for row in read(folder, "adlb"):
        if row["PARAMCD"] in spec.sampled_by and known(row["ADT"]):
            records[row["USUBJID"]]["sampled"].append(known(row["ADT"]))
            if row["AVAL"] or row["AVALC"] in ("ND", "<LLOQ"):
                records[row["USUBJID"]][row["PARAMCD"]].append(known(row["ADT"]))
    found = Counter()
    for person in read(folder, "adsl"):
        if not known(person["RTSTDT"]):
            continue
        arm = plan.design.arm_rule.get(person["TRT01A"], person["TRT01A"]) or person["TRT01P"]
        for marker in spec.markers:
            own = {**records[person["USUBJID"]], "assayed": records[person["USUBJID"]][marker.code]}
            own = defaultdict(list, own)
            for visit in visits:
                why = state(person, bounds(person, visit), bounds(person, visits[0]), own)
                for group in (arm, "all"):
                    found[marker.code, visit.code, group, why] += 1
    return spec, found


def test_every_count_is_that_of_the_files(recounted, study):
    spec, found = recounted
    at = replace(at_cutoff(study, CUTOFF, snapshot="event-date"), session="closed", rounding="half-away")
    results = summarize_samples(assign_arms(at), spec)
    reasons = select(results, measure="not_evaluable", stat="count")
    assert len(reasons) > 500
    for row in reasons:
        assert row.value == found[row.variable, row.window, row.arm, row.level], row.key
    for row in select(results, measure="proportion", stat={"count", "total"}):
        place = (row.variable, row.window, row.arm)
        remaining = found[(*place, "")] + sum(found[(*place, why)] for why in LOST)
        if row.stat == "count" and row.level != "expected":
            remaining -= sum(found[(*place, why)] for why in LOST[: STEPS.index(row.level) + 1])
        assert row.value == remaining, row.key
    assert {why for *_, why in found} == {"", "died", "left", "not-due", *LOST}
