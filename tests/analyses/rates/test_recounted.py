"""Every rate, and every mean at a landmark, of the committed trial, counted again from its CSV files by plain loops."""

from __future__ import annotations

import csv
import datetime
import math
from dataclasses import replace

import pytest
from committed import ROOT, design, folder, study

from npcstats.analyses.rates.summary import summarize_rates
from npcstats.derive import assign_arms, at_cutoff
from npcstats.results import select
from npcstats.run.plan import load_plan

__all__ = ["design", "folder", "study"]

CUTOFF = datetime.date(2027, 6, 30)  # of the closed session: many are in mid-course, and dates lie beyond it
DAY = datetime.timedelta(days=1)
CLOSE = 1e-9  # sums of a few hundred floats, in another order


@pytest.fixture(scope="module")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def spec(plan):
    return next(spec for spec in plan.specs if spec.id == "ae-rates")


@pytest.fixture(scope="module")
def results(study, spec):
    at = replace(at_cutoff(study, CUTOFF, snapshot="event-date"), session="closed", rounding="half-away")
    return summarize_rates(assign_arms(at), spec)


def read(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text):
    found = datetime.date.fromisoformat(text) if text else None
    return found if found and found <= CUTOFF else None


def histories(folder, start_of, end_of):
    """Of each treated participant at risk: arm, first and last day, whether the last is that of death, events."""
    events, seen, found = {}, {}, []
    for record in read(folder, "adae"):
        if day(record["ASTDT"]):
            events.setdefault(record["USUBJID"], []).append(record)
            seen.setdefault(record["USUBJID"], []).append(day(record["ASTDT"]))
    for record in read(folder, "adassess"):
        if record["KIND"] == "VITAL" and day(record["ADT"]):
            seen.setdefault(record["USUBJID"], []).append(day(record["ADT"]))
    for person in read(folder, "adsl"):
        first, death, name = day(person["TRTSDT"]), day(person["DTHDT"]), person["USUBJID"]
        start = start_of(person)
        if not first or not day(person["ENRLDT"]) or not start or start > CUTOFF:
            continue
        given = person["TRT01A"] if day(person["RTSTDT"]) and person["TRT01A"] else person["TRT01P"]
        ends = [end_of(person), death, day(person["EOSDT"]), CUTOFF, None if death else max(seen[name])]
        end = min(date for date in ends if date)
        if start <= end:
            arm = "PROTON" if given == "MIXED" else given
            found.append((arm, start, end, death == end, kept(events.get(name, []), first)))
    return found


def kept(records, first):
    """Records whose grade exceeds the worst of their term that was open at the first treatment."""
    open_then = {}
    for record in records:
        started, ended = day(record["ASTDT"]), day(record["AENDT"])
        if started < first and not (ended and ended < first):
            open_then[record["AEDECOD"]] = max(open_then.get(record["AEDECOD"], 0), int(record["AETOXGR"]))
    return [record for record in records if int(record["AETOXGR"]) > open_then.get(record["AEDECOD"], 0)]


def late_start(person):
    return day(person["RTENDT"]) + 91 * DAY if day(person["RTENDT"]) else None


def treatment_start(person):
    return day(person["TRTSDT"])


def treatment_end(person):
    end = day(person["RTENDT"]) or day(person["TRTSDT"]) + 210 * DAY
    return end + 90 * DAY


PERIODS = {"on-treatment": (treatment_start, treatment_end), "late": (late_start, lambda person: None)}


@pytest.fixture(scope="module", params=[*PERIODS])
def followed(request, folder):
    return request.param, histories(folder, *PERIODS[request.param])


def onsets(history, events):
    _, start, end, _, records = history
    return sorted(
        day(record["ASTDT"]) for record in records
        if start <= day(record["ASTDT"]) <= end and int(record["AETOXGR"]) >= events.lowest
        and (not events.terms or record["AEDECOD"] in events.terms)
        and all(record[column] in values for column, values in events.where.items())
    )  # fmt: skip


def value(results, **wanted):
    (row,) = select(results, **wanted)
    return row.value


@pytest.mark.parametrize("arm", ["PROTON", "PHOTON", "all"])
def test_every_rate(results, spec, followed, arm):
    window, everyone = followed
    own = [history for history in everyone if arm in (history[0], "all")]
    assert len(own) > 50
    assert value(results, window=window, arm=arm, measure="observed", stat="count", block="") == len(own)
    (period,) = (item for item in spec.periods if item.code == window)
    for events in period.events:
        first = every = first_days = days = 0
        for history in own:
            happened = onsets(history, events)
            first += bool(happened)
            every += len(happened)
            days += (history[2] - history[1]).days + 1
            first_days += ((happened[0] if happened else history[2]) - history[1]).days + 1
        for level, count, time in (("first", first, first_days), ("all", every, days)):
            at = {"window": window, "arm": arm, "variable": events.code, "level": level}
            assert value(results, **at, measure="rate", stat="count") == count
            years = value(results, **at, measure="person_time", stat="estimate")
            assert years == pytest.approx(time / 365.25, rel=CLOSE)
            rate = value(results, **at, measure="rate", stat="estimate")
            assert rate == pytest.approx(count / (time / 365.25) * 100, rel=CLOSE)


@pytest.mark.parametrize("arm", ["PROTON", "PHOTON", "all"])
def test_every_mean(results, spec, followed, arm):
    window, everyone = followed
    own = [history for history in everyone if arm in (history[0], "all")]
    (course,) = (item for item in spec.courses if item.period == window)
    (events,) = (e for p in spec.periods if p.code == window for e in p.events if e.code == course.events)
    stops = [(end - start).days for _, start, end, _, _ in own]
    deaths = [stop for stop, history in zip(stops, own, strict=True) if history[3]]
    happened = [(date - history[1]).days for history in own for date in onsets(history, events)]
    for landmark in course.landmarks:
        mean, alive = 0.0, 1.0
        for time in sorted({*happened, *deaths}):
            if time > landmark * 30.4375:
                break
            at_risk = sum(stop >= time for stop in stops)
            mean += alive * happened.count(time) / at_risk
            alive *= 1 - deaths.count(time) / at_risk
        found = value(results, block=course.code, arm=arm, measure="mean_events", stat="estimate", time=landmark)
        enough = sum(stop >= landmark * 30.4375 for stop in stops) >= spec.minimum_at_risk
        assert math.isnan(found) or found == pytest.approx(mean, rel=CLOSE)
        assert math.isnan(found) != enough
