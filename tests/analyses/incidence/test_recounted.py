"""First late adverse events of the committed trial, counted again from its CSV files by plain loops."""

from __future__ import annotations

import csv
import datetime
import math
from dataclasses import replace

import pytest
from committed import ROOT, design, folder, study

from npcstats.analyses.incidence.summary import summarize_incidence
from npcstats.derive import assign_arms, at_cutoff
from npcstats.results import one, select
from npcstats.run.plan import load_plan

__all__ = ["design", "folder", "study"]

DAY = datetime.timedelta(days=1)
MONTH = 30.4375
CLOSE = 1e-9  # products of a few hundred fractions, in another order
CUTOFFS = {"closed": datetime.date(2027, 6, 30), "final": datetime.date(2031, 6, 30)}
RELAPSES = ("LOCAL", "REGIONAL", "DISTANT")
# lowest grade, terms, what competes besides death, kinds of assessment that follow, whether from the landmark
RULES = {
    "late-severe": (3, (), False, "VITAL", True),
    "late-moderate": (2, (), False, "VITAL", True),
    "late-dryness": (2, ("Dry mouth",), False, "VITAL", True),
    "late-ear": (2, ("Hearing impaired", "Tinnitus"), False, "VITAL", True),
    "late-severe-recurrence": (3, (), True, "VITAL", True),
    "late-severe-seen": (3, (), False, "LOCOREGIONAL", True),
    "late-severe-soon": (3, (), False, "VITAL", True),
    "late-moderate-soon": (2, (), False, "VITAL", True),
    "first-severe": (3, (), False, "VITAL", False),
}


@pytest.fixture(scope="module")
def specs():
    return {spec.id: spec for spec in load_plan(ROOT / "analysis" / "plan").specs}


def records(folder, name, cutoff, column):
    """Records dated by the cut-off, of each participant; an end after it is not known."""
    found = {}
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            dates = {k: datetime.date.fromisoformat(v) if v else None for k, v in row.items() if k.endswith("DT")}
            row.update({k: v if v and v <= cutoff else None for k, v in dates.items()})
            if row[column]:
                found.setdefault(row["USUBJID"], []).append(row)
    return found


def first_event(person, events, lowest, terms, first_day):
    """First onset from a day on of a grade that is high enough and beyond that at the first treatment."""
    before = {}
    for event in events:
        still = event["AENDT"] is None or event["AENDT"] >= person["TRTSDT"]
        if event["ASTDT"] < person["TRTSDT"] and still:
            before[event["AEDECOD"]] = max(before.get(event["AEDECOD"], 0), int(event["AETOXGR"]))
    onsets = [
        event["ASTDT"]
        for event in events
        if event["ASTDT"] >= first_day
        and int(event["AETOXGR"]) >= lowest
        and int(event["AETOXGR"]) > before.get(event["AEDECOD"], 0)
        and (not terms or event["AEDECOD"] in terms)
    ]
    return min(onsets, default=None)


def followed(folder, rule, cutoff):
    """Arm, months and cause of everyone followed, and why others of the arm are not."""
    lowest, terms, relapses, kind, landmark = rule
    people = [rows[0] for rows in records(folder, "adsl", cutoff, "ENRLDT").values()]
    adverse, relapsed, seen = (
        records(folder, name, cutoff, column)
        for name, column in (("adae", "ASTDT"), ("adevent", "ADT"), ("adassess", "ADT"))
    )
    inside, outside = [], []
    for person in (person for person in people if person["RTSTDT"]):
        who = person["USUBJID"]
        arm = {"PROTON": "PROTON", "MIXED": "PROTON", "PHOTON": "PHOTON"}[person["TRT01A"] or person["TRT01P"]]
        zero = person["RTSTDT"] if not landmark else person["RTENDT"] and person["RTENDT"] + 90 * DAY
        first = zero + DAY * landmark if zero else None
        event = first_event(person, adverse.get(who, []), lowest, terms, first) if first else None
        rivals = [person["DTHDT"]] if person["DTHDT"] else []
        rivals += [row["ADT"] for row in relapsed.get(who, []) if relapses and row["KIND"] in RELAPSES]
        rival = min(rivals, default=None)
        last = max((row["ADT"] for row in seen.get(who, []) if row["KIND"] == kind), default=None)
        if event and (rival is None or event <= rival):
            end, cause = event, 1
        elif rival:
            end, cause = rival, 2
        else:
            end, cause = last, 0
        if not landmark:
            inside.append((arm, max(0, (end - zero).days if end else 0) / MONTH, cause))
        elif cause and (zero is None or end <= zero):
            outside.append((arm, "COMPETED-BEFORE"))
        elif not cause and (zero is None or zero >= cutoff):
            outside.append((arm, "NOT-REACHED"))
        elif not cause and (end is None or end <= zero):
            outside.append((arm, "ENDED-BEFORE"))
        else:
            inside.append((arm, (end - zero).days / MONTH, cause))
    return inside, outside


def incidence(sample, cause, month):
    """Aalen and Johansen's estimate, step by step."""
    left, reached = 1.0, 0.0
    for time in sorted({t for t, c in sample if c and t <= month}):
        risk = sum(t >= time for t, _ in sample)
        reached += left * sum(t == time and c == cause for t, c in sample) / risk
        left *= 1 - sum(t == time and c > 0 for t, c in sample) / risk
    return reached


@pytest.mark.parametrize("name", list(RULES))
def test_every_number(study, specs, folder, name):
    spec = specs[name]
    session = "final" if "final" in spec.sessions else "closed"
    cutoff = CUTOFFS[session]
    at = replace(at_cutoff(study, cutoff, snapshot="event-date"), session=session, rounding="half-away")
    results = summarize_incidence(assign_arms(at), spec)
    inside, outside = followed(folder, RULES[name], cutoff)
    known = 0
    for arm in ("PROTON", "PHOTON", "all"):
        sample = [(time, cause) for whose, time, cause in inside if arm in (whose, "all")]
        assert one(results, arm=arm, measure="participants", stat="count").value == len(sample)
        reasons = [why for whose, why in outside if arm in (whose, "all")]
        for row in select(results, arm=arm, measure="not_evaluable"):
            assert row.value == reasons.count(row.level)
        for row in select(results, arm=arm, measure="at_risk"):
            assert row.value == sum(time >= row.time for time, _ in sample)
        least = max(spec.minimum_at_risk, math.ceil(spec.minimum_share * len(sample) - CLOSE))
        for level, code in (("event", 1), ("competing", 2)):
            events = one(results, arm=arm, level=level, measure="events", stat="count").value
            assert events == sum(cause == code for _, cause in sample)
            for row in select(results, arm=arm, level=level, measure="incidence", stat="estimate"):
                enough = sum(time >= row.time for time, _ in sample) >= least
                assert math.isnan(row.value) != enough
                known += enough
                assert not enough or row.value == pytest.approx(incidence(sample, code, row.time), rel=CLOSE)
    assert known >= 8
    assert bool(outside) == RULES[name][-1]


def test_differences_are_those_of_the_arms(study, specs, folder):
    spec = specs["late-moderate"]
    at = replace(at_cutoff(study, CUTOFFS["final"], snapshot="event-date"), session="final", rounding="half-away")
    results = summarize_incidence(assign_arms(at), spec)
    inside, _ = followed(folder, RULES[spec.id], CUTOFFS["final"])
    for month in (12.0, 24.0, 36.0):
        arms = [[(t, c) for whose, t, c in inside if whose == arm] for arm in ("PROTON", "PHOTON")]
        row = one(results, measure="incidence_difference", stat="estimate", time=month)
        assert row.value == pytest.approx(incidence(arms[0], 1, month) - incidence(arms[1], 1, month), rel=CLOSE)
