"""Every grade over time of the committed trial, found again from its CSV files by plain loops over participants."""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from dataclasses import replace

import pytest
from committed import ROOT, design, folder, study

from npcstats.analyses.gradecourse.summary import summarize_gradecourse
from npcstats.derive import assign_arms, at_cutoff
from npcstats.results import one
from npcstats.run.plan import load_plan

__all__ = ["design", "folder", "study"]

CUTOFF = datetime.date(2029, 6, 30)  # between interim and end: many are in mid-course, some have two years
DAY = datetime.timedelta(days=1)
CLOSE = 1e-9  # sums of a few hundred floats, in another order
ARMS = ("PROTON", "PHOTON", "all")


@pytest.fixture(scope="module", params=["grades-week", "grades-visit"])
def made(request, study):
    """The plan's entry and its results."""
    plan = load_plan(ROOT / "analysis" / "plan")
    spec = next(spec for spec in plan.specs if spec.id == request.param)
    at = replace(at_cutoff(study, CUTOFF, snapshot="event-date"), session="closed", rounding="half-away")
    return plan.design, spec, summarize_gradecourse(assign_arms(at), spec)


def read(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text):
    found = datetime.date.fromisoformat(text) if text else None
    return found if found and found <= CUTOFF else None


def bounds(design, spec, person):
    """First and last day of each interval, or None where it is not known to have begun."""
    for place, week in enumerate(spec.weeks):
        if spec.visits:
            visit = design.visit(spec.visits[place])
            origin, first, last = day(person[visit.anchor]), visit.first, visit.last
        else:
            origin, first, last = day(person[spec.origin]), 7 * week - spec.width, 7 * week - 1
        yield (origin + first * DAY, origin + last * DAY) if origin else None


def state_at(interval, death, left, seen):
    """Why somebody has no grade; empty of who was assessed."""
    if interval is None:
        return "died" if death else "left" if left else "not-begun"
    start, end = interval
    if death and death < start:
        return "died"
    if left and left < start:
        return "left"
    if min(date for date in (end, death, left) if date) > CUTOFF:
        return "not-reached"
    return "" if any(start <= date <= end for date in seen) else "not-assessed"


def course_of(intervals, states, events, most):
    """Grade or reason at each time, and whether it was carried."""
    found, last, missed = [], None, 0
    for interval, state in zip(intervals, states, strict=True):
        if not state:
            there = [grade for onset, over, grade in events
                     if onset and onset <= interval[1] and not (over and over < interval[0])]  # fmt: skip
            last, missed = max(there, default=0), 0
            found.append((last, False))
        else:
            missed += 1
            kept = state == "not-assessed" and missed <= most and last is not None
            found.append((last, True) if kept else (state, False))
    return found


@pytest.fixture(scope="module")
def courses(made, folder):
    """By term and arm, the course of each participant."""
    design, spec, _ = made
    records, seen, found = {}, {}, {}
    for record in read(folder, "adae"):
        if day(record["ASTDT"]):
            dates = (day(record["ASTDT"]), day(record["AENDT"]))
            records.setdefault(record["USUBJID"], []).append((*dates, record["AEDECOD"], int(record["AETOXGR"])))
            seen.setdefault(record["USUBJID"], []).extend(date for date in dates if date)
    for record in read(folder, "adassess"):
        if record["KIND"] in spec.assessments and day(record["ADT"]):
            seen.setdefault(record["USUBJID"], []).append(day(record["ADT"]))
    for person in read(folder, "adsl"):
        who = person["USUBJID"]
        if not day(person["RTSTDT"]) or not day(person["ENRLDT"]):
            continue
        given = person["TRT01A"] or person["TRT01P"]
        arm = "PROTON" if given == "MIXED" else given
        intervals = list(bounds(design, spec, person))
        death, left = day(person["DTHDT"]), day(person["EOSDT"])
        states = [state_at(interval, death, left, seen.get(who, [])) for interval in intervals]
        for item in spec.terms:
            events = [(onset, over, grade) for onset, over, term, grade in records.get(who, []) if term in item.terms]
            course = course_of(intervals, states, events, spec.carried)
            for group in (arm, "all"):
                found.setdefault((item.code, group), []).append(course)
    return found


def value(results, **wanted):
    return one(results, reference="", **wanted).value


@pytest.mark.parametrize("arm", ARMS)
def test_every_count_and_mean(made, courses, arm):
    _, spec, results = made
    codes = spec.visits or [f"W{week}" for week in spec.weeks]
    for item in spec.terms:
        own = courses[item.code, arm]
        assert len(own) > 80
        for place, code in enumerate(codes):
            at = {"arm": arm, "variable": item.code, "window": code}
            grades = [course[place][0] for course in own if not isinstance(course[place][0], str)]
            for grade, count in ((grade, grades.count(grade)) for grade in range(6)):
                assert value(results, **at, measure="grade_share", level=f"grade={grade}", stat="count") == count
            for band in spec.bands:
                count = sum(grade >= band for grade in grades)
                assert value(results, **at, measure="prevalence", level=f"grade>={band}", stat="count") == count
            if grades:
                mean = value(results, **at, measure="mean_grade", stat="estimate")
                assert mean == pytest.approx(sum(grades) / len(grades), rel=CLOSE)


@pytest.mark.parametrize("arm", ARMS)
def test_every_denominator(made, courses, arm):
    _, spec, results = made
    own = courses[spec.terms[0].code, arm]
    for place, code in enumerate(spec.visits or [f"W{week}" for week in spec.weeks]):
        at = {"arm": arm, "window": code, "variable": "", "stat": "count"}
        states = Counter(course[place][0] for course in own if isinstance(course[place][0], str))
        assert value(results, **at, measure="observed") == len(own) - sum(states.values())
        assert value(results, **at, measure="grade_carried") == sum(course[place][1] for course in own)
        for why in ("not-assessed", "died", "left", "not-reached", "not-begun"):
            assert value(results, **at, measure="not_evaluable", level=why) == states[why]


@pytest.mark.parametrize("arm", ARMS)
def test_every_area(made, courses, arm):
    _, spec, results = made
    steps = list(zip(spec.weeks, spec.weeks[1:], strict=False))
    for item in spec.terms:
        areas = []
        for course in courses[item.code, arm]:
            grades = [grade for grade, _ in course]
            if not any(isinstance(grade, str) for grade in grades):
                areas.append(sum((a + b) / 2 * (high - low)
                                 for a, b, (low, high) in zip(grades, grades[1:], steps, strict=False)))  # fmt: skip
        at = {"arm": arm, "variable": item.code, "window": "", "measure": "grade_area"}
        assert value(results, **at, stat="count") == len(areas)
        assert len(areas) > 10
        mean = sum(areas) / len(areas)
        assert value(results, **at, stat="estimate") == pytest.approx(mean, rel=CLOSE, abs=CLOSE)
        variance = sum((area - mean) ** 2 for area in areas) / (len(areas) - 1)
        spread = value(results, **{**at, "measure": "std_deviation"}, stat="estimate")
        assert spread**2 == pytest.approx(variance, rel=CLOSE, abs=CLOSE)
