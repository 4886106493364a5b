"""Care and weight of the synthetic trial recomputed from its raw files: dictionaries and loops, no frame of ours."""

from __future__ import annotations

import csv
import datetime
import math
import statistics
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from committed import ROOT

from npcstats.analyses.care.summary import summarize_care
from npcstats.analyses.care.weight import summarize_weight
from npcstats.results import one, select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

CUTOFF = datetime.date(2031, 6, 30)
FOREVER = datetime.date.max
DAY = datetime.timedelta(days=1)
ARMS = ("PROTON", "PHOTON", "all")
NIGHTS = {"FEEDING-TUBE", "HOSPITAL"}
EXACT = 1e-9


def raw(name):
    with (ROOT / "data" / "synthetic" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day_of(text):
    """A date that was known at the cut-off."""
    found = datetime.date.fromisoformat(text) if text else None
    return found if found and found <= CUTOFF else None


@dataclass
class Person:
    arm: str
    first: datetime.date
    start: datetime.date | None
    end: datetime.date | None
    died: datetime.date | None
    last: datetime.date | None = None
    seen: list = field(default_factory=list)
    care: dict = field(default_factory=lambda: defaultdict(list))
    weights: list = field(default_factory=list)


@pytest.fixture(scope="module")
def people():
    """Everyone of the safety set, with what is recorded of them by the cut-off."""
    found = {}
    for row in raw("adsl"):
        if not day_of(row["TRTSDT"]):
            continue
        arm = {"MIXED": "PROTON", "": row["TRT01P"]}.get(row["TRT01A"], row["TRT01A"])
        found[row["USUBJID"]] = Person(
            arm, day_of(row["TRTSDT"]), day_of(row["RTSTDT"]), day_of(row["RTENDT"]), day_of(row["DTHDT"])
        )
    for row in raw("adassess"):
        if row["USUBJID"] in found and day_of(row["ADT"]):
            found[row["USUBJID"]].seen.append(day_of(row["ADT"]))
            if row["KIND"] == "VITAL":
                one_of = found[row["USUBJID"]]
                one_of.last = max(one_of.last or day_of(row["ADT"]), day_of(row["ADT"]))
    for row in raw("adcare"):
        if row["USUBJID"] in found and day_of(row["CASTDT"]):
            found[row["USUBJID"]].care[row["KIND"]].append((day_of(row["CASTDT"]), day_of(row["CAENDT"])))
    for row in raw("adlb"):
        if row["USUBJID"] in found and row["PARAMCD"] == "WEIGHT" and day_of(row["ADT"]):
            found[row["USUBJID"]].weights.append((day_of(row["ADT"]), float(row["AVAL"])))
    for person in found.values():
        person.last = person.died or person.last
    return list(found.values())


def of_arm(people, arm):
    return [person for person in people if arm in ("all", person.arm)]


@pytest.fixture(scope="module")
def made():
    plan = load_plan(ROOT / "analysis" / "plan")
    study = prepare_study(read_study(ROOT / "data" / "synthetic", plan.design), plan, "final")
    care, weight = (next(spec for spec in plan.specs if spec.id == name) for name in ("care", "weight"))
    return summarize_care(study, care), summarize_weight(study, weight)


def days_with(person, kind):
    """Every day on which a person is known to have had care."""
    found = set()
    for start, end in person.care[kind]:
        last = min(end or person.last, person.died or FOREVER)
        stop = last - DAY if kind in NIGHTS and (end or person.died) else last
        day = start
        while day <= stop:
            found.add(day)
            day += DAY
    return found


def in_period(person, name):
    """First and last day of a period; None where not in its denominator.

    Who never starts radiotherapy is in induction for 126 days, as the plan says. All have ended by the cut-off.
    """
    if name == "induction":
        span = (person.first, (person.start or person.first + 126 * DAY) - DAY)
        return span if span[0] <= span[1] else None
    if person.start is None or person.end is None:
        return None
    if name == "acute":
        return person.start, person.end + 90 * DAY
    span = (person.end + 91 * DAY, CUTOFF)
    alive = span[0] <= CUTOFF and not (person.died and person.died < span[0])
    care = [day for records in person.care.values() for record in records for day in record if day]
    return span if alive and any(day >= span[0] for day in person.seen + care) else None


def value(results, measure, stat, **at):
    return one(results, **at, measure=measure, stat=stat).value


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize(
    ("item", "kind", "window"),
    [("tube", "FEEDING-TUBE", "acute"), ("hospital", "HOSPITAL", "induction"), ("hospital", "HOSPITAL", "acute"),
     ("hospital", "HOSPITAL", "late"), ("opioid", "OPIOID", "acute")],
)  # fmt: skip
def test_any_in_a_period(made, people, arm, item, kind, window):
    spans = [(person, in_period(person, window)) for person in of_arm(people, arm)]
    inside = [(person, span) for person, span in spans if span]
    had = [
        person for person, (first, last) in inside
        if any(first <= start <= last for start, _ in person.care[kind])
        or any(first <= day <= last for day in days_with(person, kind))
    ]  # fmt: skip
    at = {"block": item, "window": window, "arm": arm, "level": "any"}
    assert value(made[0], "risk", "total", **at) == len(inside)
    assert value(made[0], "risk", "count", **at) == len(had)


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize(
    ("item", "kind", "window"),
    [("hospital", "HOSPITAL", "induction"), ("hospital", "HOSPITAL", "acute"),
     ("interruption", "RT-INTERRUPTION", "acute")],
)  # fmt: skip
def test_days_in_a_period(made, people, arm, item, kind, window):
    """No interruption of the trial is shorter than three days, so that all count."""
    sums, courses = [], 0
    for person in of_arm(people, arm):
        span = in_period(person, window)
        own = [
            r for r in person.care[kind] if span and (span[0] <= r[0] <= span[1] or r[0] < span[0] < (r[1] or CUTOFF))
        ]
        if own:
            courses += len(own)
            sums.append(sum(span[0] <= day <= span[1] for day in days_with(person, kind)))
    at = {"block": item, "window": window, "arm": arm}
    assert value(made[0], "records", "count", **at) == courses
    assert value(made[0], "care_days", "count", **at) == sum(sums)
    assert value(made[0], "median", "estimate", **at) == statistics.median(sums)


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize(("item", "kind"), [("tube", "FEEDING-TUBE"), ("opioid", "OPIOID")])
@pytest.mark.parametrize(("months", "days"), [(3.0, 91), (6.0, 183), (12.0, 365)])
def test_in_place_after_radiotherapy(made, people, arm, item, kind, months, days):
    days = datetime.timedelta(days=days)
    own = [(person, person.end + days) for person in of_arm(people, arm) if person.end]
    inside = [(p, day) for p, day in own if day <= CUTOFF and not (p.died and p.died <= day) and p.last >= day]
    at = {"block": item, "time": months, "arm": arm}
    assert value(made[0], "in_use", "total", **at) == len(inside)
    assert value(made[0], "in_use", "count", **at) == sum(day in days_with(p, kind) for p, day in inside)
    outside = sum(row.value for row in select(made[0], **at, measure="not_evaluable"))
    assert len(inside) + outside == len(of_arm(people, arm))


@pytest.mark.parametrize("arm", ARMS)
def test_weeks(made, people, arm):
    for week in (0, 7, 12, 28, 52):
        own = [(p, p.start + week * 7 * DAY) for p in of_arm(people, arm) if p.start]
        inside = [(p, day) for p, day in own if not (p.died and p.died <= day) and p.last >= day]
        at = {"block": "tube", "time": float(week), "arm": arm}
        assert value(made[0], "followed_then", "count", **at) == len(inside)
        count = sum(day in days_with(p, "FEEDING-TUBE") for p, day in inside)
        assert value(made[0], "in_use_course", "count", **at) == count


def median_of(times):
    """Kaplan and Meier's median by its definition: the middle of a plateau at one half."""
    left, survival, reached = len(times), 1.0, None
    for time in sorted({time for time, _ in times}):
        if reached is not None and any(t == time and event for t, event in times):
            return (reached + time) / 2
        gone = sum(t == time and event for t, event in times)
        survival *= 1 - gone / left
        left -= sum(t == time for t, _ in times)
        if survival < 0.5 - EXACT:
            return time
        if reached is None and abs(survival - 0.5) <= EXACT:
            reached = time
    return math.nan


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize(("item", "kind"), [("tube", "FEEDING-TUBE"), ("opioid", "OPIOID")])
def test_duration(made, people, arm, item, kind):
    times = []
    for person in of_arm(people, arm):
        if person.care[kind]:
            start, end = min(person.care[kind])
            last = end or person.died or max(person.last, start)
            times.append(((last - start).days + (kind not in NIGHTS), bool(end or person.died)))
    at = {"block": item, "arm": arm}
    assert value(made[0], "first_courses", "total", **at, level="ended") == len(times)
    assert value(made[0], "care_duration", "estimate", **at) == median_of(times)


def before(person):
    own = [(day, weight) for day, weight in person.weights if day <= person.first]
    return max(own)[1] if own else None


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("window", ["acute", "late"])
def test_lowest_weight(made, people, arm, window):
    changes = []
    for person in of_arm(people, arm):
        span = in_period(person, window)
        own = [w for day, w in person.weights if span and span[0] <= day <= span[1] and day > person.first]
        if own and before(person):
            changes.append(min(own) / before(person) - 1)
    at = {"window": window, "arm": arm, "block": ""}
    assert value(made[1], "observed", "count", **at) == len(changes)
    assert value(made[1], "mean", "estimate", **at) == pytest.approx(statistics.mean(changes), abs=EXACT)
    assert value(made[1], "std_deviation", "estimate", **at) == pytest.approx(statistics.stdev(changes), abs=EXACT)
    assert value(made[1], "lowest_value", "estimate", **at) == pytest.approx(min(changes), abs=EXACT)
    for percent in (5, 10, 20):
        lost = sum(round(-100 * change, 9) >= percent for change in changes)
        assert value(made[1], "risk", "count", **at, level=f"loss>={percent}") == lost


@pytest.mark.parametrize("arm", ARMS)
def test_weight_at_a_visit(made, people, arm):
    """The end of radiotherapy: of days -7 to 7 the nearest to it, the earlier of two."""
    changes = []
    for person in of_arm(people, arm):
        near = [((day - person.end).days, w) for day, w in person.weights if person.end] if person.end else []
        near = sorted((abs(day), day, w) for day, w in near if -7 <= day <= 7)
        if near and before(person):
            changes.append(near[0][2] / before(person) - 1)
    at = {"block": "visit", "variable": "EORT", "arm": arm}
    assert value(made[1], "observed", "count", **at) == len(changes)
    assert value(made[1], "mean", "estimate", **at) == pytest.approx(statistics.mean(changes), abs=EXACT)


def test_arms_add_up_to_everyone(made):
    for results in made:
        for row in select(results, arm="all", stat=("count", "total")):
            parts = [r for r in select(results, measure=row.measure, stat=row.stat, block=row.block, level=row.level,
                                       window=row.window, variable=row.variable)
                     if r.arm != "all" and (r.time == row.time or math.isnan(row.time))]  # fmt: skip
            assert sum(part.value for part in parts) == row.value, row.key
