"""Every count of laboratory toxicity of the synthetic trial, recounted from its files by dictionaries and loops.

The cuts stand here again, from the published table; nothing of the package grades, finds a period or matches an event.
"""

from __future__ import annotations

import csv
import datetime
import statistics
from collections import Counter, defaultdict

import pytest
from committed import ROOT

from npcstats.analyses.laboratory.summary import summarize_laboratory
from npcstats.results import select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

CUTOFF = "2031-06-30"
NEVER = "9999"
LOW = {
    "WBC": ("White blood cell decreased", (4.0, 3.0, 2.0, 1.0)),
    "ANC": ("Neutrophil count decreased", (1.8, 1.5, 1.0, 0.5)),
    "ALC": ("Lymphocyte count decreased", (1.0, 0.8, 0.5, 0.2)),
    "PLT": ("Platelet count decreased", (150.0, 75.0, 50.0, 25.0)),
    "HGB": ("Anemia", (12.0, 10.0, 8.0)),
    "ALB": ("Hypoalbuminemia", (3.5, 3.0, 2.0)),
}
CREATININE, BILIRUBIN, UPPER = "CREAT", "TBILI", 1.2
TERMS = {code: term for code, (term, _) in LOW.items()} | {
    CREATININE: "Creatinine increased", BILIRUBIN: "Blood bilirubin increased",
}  # fmt: skip
PERIODS = {"induction": ("TRTSDT", 0, "RTSTDT", -1, 126), "acute": ("RTSTDT", 0, "RTENDT", 90, 84),
           "late": ("RTENDT", 91, "", 0, 0)}  # fmt: skip


def shifted(day, days):
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()


def apart(first, last):
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days


def beyond(value, limit):
    return value - limit > 1e-9


def graded(code, value, baseline):
    """Lowest and highest grade that a value can have; the two differ only where creatinine has no baseline."""
    if code in LOW:
        grade = sum(beyond(cut, value) for cut in LOW[code][1])
        return grade, grade
    if code == CREATININE:
        by_limit = sum(beyond(value, times * UPPER) for times in (1.0, 1.5, 3.0, 6.0))
        if baseline is None:
            return by_limit, max(by_limit, 3)
        by_baseline = 3 if beyond(value, 3.0 * baseline) else 2 if beyond(value, 1.5 * baseline) else 0
        return max(by_limit, by_baseline), max(by_limit, by_baseline)
    normal = sum(beyond(value, times * UPPER) for times in (1.0, 1.5, 3.0, 10.0))
    if baseline is None:
        return (0, normal) if normal else (0, 0)
    limit = max(UPPER, baseline)
    grade = sum(beyond(value, times * limit) for times in (1.0, 1.5, 3.0, 10.0))
    return grade, grade


def read(name):
    with (ROOT / "data" / "synthetic" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known(day):
    """A date as it was known at the cut-off."""
    return day if day and day <= CUTOFF else ""


class Recounted:
    """The trial as plain dictionaries."""

    def __init__(self):
        self.people = {row["USUBJID"]: {key: known(value) if key.endswith("DT") else value
                                        for key, value in row.items()}
                       for row in read("adsl") if row["ENRLDT"] <= CUTOFF and known(row["TRTSDT"])}  # fmt: skip
        self.values = defaultdict(list)
        for row in read("adlb"):
            if row["PARAMCD"] in TERMS and row["AVAL"] and row["ADT"] <= CUTOFF and row["USUBJID"] in self.people:
                self.values[row["USUBJID"], row["PARAMCD"]].append((row["ADT"], float(row["AVAL"])))
        self.events = defaultdict(list)
        for row in read("adae"):
            if row["USUBJID"] in self.people and row["ASTDT"] <= CUTOFF:
                end = known(row["AENDT"]) or NEVER
                self.events[row["USUBJID"], row["AEDECOD"]].append((row["ASTDT"], end, int(row["AETOXGR"])))
        self.assessed = defaultdict(list)
        for row in read("adassess"):
            if row["ADT"] <= CUTOFF:
                self.assessed[row["USUBJID"]].append(row["ADT"])

    def arm(self, who):
        person = self.people[who]
        actual = person["TRT01A"] if person["RTSTDT"] else ""
        return {"MIXED": "PROTON", "": person["TRT01P"]}.get(actual, actual)

    def span(self, who, window):
        start, first, end, last, longest = PERIODS[window]
        person = self.people[who]
        if not person[start]:
            return "", ""
        stop = shifted(person[end] or shifted(person[start], longest), last) if end else NEVER
        return shifted(person[start], first), stop

    def evaluable(self, who, window):
        begin, stop = self.span(who, window)
        if not begin or begin > CUTOFF or stop < begin:
            return False
        death = self.people[who]["DTHDT"]
        if window != "late":
            return stop <= CUTOFF or bool(death)
        days = [*self.assessed[who], *(day for code in TERMS for day, _ in self.values[who, code])]
        return not (death and death < begin) and any(begin <= day <= stop for day in days)

    def baseline(self, who, code):
        first = self.people[who]["TRTSDT"]
        before = [(day, value) for day, value in self.values[who, code] if day <= first]
        if not before:
            return None
        last = [value for day, value in before if day == max(before)[0]]
        return min(last) if code in LOW else max(last)

    def course(self, who, code):
        """Values after baseline with their grades, by day."""
        first, baseline = self.people[who]["TRTSDT"], self.baseline(who, code)
        return sorted((day, value, *graded(code, value, baseline))
                      for day, value in self.values[who, code] if day > first)  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def entry(plan):
    return next(spec for spec in plan.specs if spec.id == "laboratory")


@pytest.fixture(scope="module")
def results(plan, entry):
    whole = read_study(ROOT / "data" / "synthetic", plan.design)
    return summarize_laboratory(prepare_study(whole, plan, "final"), entry)


@pytest.fixture(scope="module")
def trial():
    return Recounted()


@pytest.fixture(scope="module", params=list(PERIODS))
def window(request):
    return request.param


@pytest.fixture(scope="module")
def inside(trial, window):
    return {who: trial.arm(who) for who in trial.people if trial.evaluable(who, window)}


def in_period(trial, who, code, window):
    begin, stop = trial.span(who, window)
    return [item for item in trial.course(who, code) if begin <= item[0] <= stop]


def both(arm):
    return (arm, "all")


def counted(results, **wanted):
    return {(row.variable, row.arm, row.level): row.value for row in select(results, **wanted) if row.value}


def test_denominators(trial, window, inside, results):
    expected = Counter(arm for own in inside.values() for arm in both(own))
    assert {row.arm: row.value for row in select(results, window=window, measure="observed", block="", stat="count")
            } == expected  # fmt: skip
    sizes = Counter(arm for who in trial.people for arm in both(trial.arm(who)))
    assert {row.arm: row.value for row in select(results, window=window, measure="participants")} == sizes


def test_shifts(trial, window, inside, results):
    expected = Counter()
    for who, own in inside.items():
        for code in TERMS:
            baseline = trial.baseline(who, code)
            before = "absent" if baseline is None else str(graded(code, baseline, baseline)[0])
            course = in_period(trial, who, code, window)
            low, high = (max((item[i] for item in course), default=None) for i in (2, 3))
            worst = "absent" if low is None else str(low) if low == high else "unknown"
            expected.update((code, arm, f"{before}>{worst}") for arm in both(own))
    assert counted(results, window=window, measure="shift") == expected
    assert sum(expected.values()) == 2 * len(TERMS) * len(inside)


def test_emergent_grades(trial, window, inside, results):
    reached, totals, unknown, absent, bare = (Counter() for _ in range(5))
    for who, own in inside.items():
        for code in TERMS:
            baseline, course = trial.baseline(who, code), in_period(trial, who, code, window)
            before = 0 if baseline is None else graded(code, baseline, baseline)[0]
            if not course:
                absent.update((code, arm, "") for arm in both(own))
                continue
            if baseline is None:
                bare.update((code, arm, "") for arm in both(own))
            low, high = (max(item[i] for item in course) for i in (2, 3))
            low, high = (low if low > before else 0), (high if high > before else 0)
            for band in range(1, 4 if code in ("HGB", "ALB") else 5):
                places = [(code, arm, f"grade>={band}") for arm in both(own)]
                reached.update(places if low >= band else [])
                totals.update(places if low >= band or high < band else [])
                unknown.update(places if low < band <= high else [])
    at = {"window": window, "block": "emergent"}
    assert counted(results, **at, measure="risk", stat="count") == reached
    assert counted(results, **at, measure="risk", stat="total") == totals
    assert counted(results, **at, measure="unknown_grade") == unknown
    assert counted(results, **at, measure="not_measured") == absent
    assert counted(results, **at, measure="no_baseline") == bare


def test_worst_values_and_recovery(trial, window, inside, results):
    values, days, asked, recovered = defaultdict(list), defaultdict(list), Counter(), Counter()
    for who, own in inside.items():
        for code in TERMS:
            course = in_period(trial, who, code, window)
            if not course:
                continue
            pick = min if code in LOW else max
            value = pick(item[1] for item in course)
            day, _, low, _ = next(item for item in course if item[1] == value)
            baseline = trial.baseline(who, code)
            enough = max(1, 0 if baseline is None else graded(code, baseline, baseline)[0])
            later = [item for item in trial.course(who, code) if item[0] > day and item[3] <= enough]
            for arm in both(own):
                values[code, arm].append(value)
                days[code, arm].append(apart(trial.span(who, window)[0], day))
                asked[code, arm, ""] += low > enough
                recovered[code, arm, ""] += low > enough and bool(later)
    at = {"window": window, "block": "nadir", "measure": "median"}
    for level, found in (("value", values), ("day", days)):
        medians = {(row.variable, row.arm): row.value for row in select(results, **at, level=level)}
        assert medians == pytest.approx({place: statistics.median(own) for place, own in found.items()})
    at = {"window": window, "block": "recovery", "measure": "recovered"}
    assert counted(results, **at, stat="total") == {place: n for place, n in asked.items() if n}
    assert counted(results, **at, stat="count") == {place: n for place, n in recovered.items() if n}


def lies_around(day, event, days):
    start, end, _ = event
    return shifted(start, -days) <= day <= (end if end == NEVER else shifted(end, days))


def test_agreement(trial, window, inside, results, entry):
    expected = {name: Counter() for name in ("agree", "value_only", "event_lower", "event_unmeasured")}
    days = entry.agreement.days
    for who, own in inside.items():
        begin, stop = trial.span(who, window)
        for code, term in TERMS.items():
            baseline, every = trial.baseline(who, code), trial.values[who, code]
            before = 0 if baseline is None else graded(code, baseline, baseline)[0]
            for grade in entry.agreement.grades:
                events = [event for event in trial.events[who, term] if event[2] >= grade]
                asked = [day for day, _, low, _ in in_period(trial, who, code, window) if low >= max(grade, before + 1)]
                begun = [event for event in events if begin <= event[0] <= stop]
                found = set()
                if any(not any(lies_around(day, event, days) for event in events) for day in asked):
                    found.add("value_only")
                for event in begun:
                    near = [value for day, value in every if lies_around(day, event, days)]
                    if not near:
                        found.add("event_unmeasured")
                    elif all(graded(code, value, baseline)[1] < grade for value in near):
                        found.add("event_lower")
                if (asked or begun) and not found:
                    found.add("agree")
                for name in found:
                    expected[name].update((code, arm, f"grade>={grade}") for arm in both(own))
    if window not in entry.agreement.windows:
        assert not select(results, window=window, block="agreement")
        return
    for name, found in expected.items():
        assert counted(results, window=window, block="agreement", measure=name, stat="count") == found


@pytest.mark.parametrize("early", ["induction", "acute"])
def test_the_trial_disagrees_only_where_a_baseline_is_missing(trial, early):
    """Events are made from values, of participants with a baseline, until 90 days after the end of radiotherapy."""
    severe = 0
    for who in trial.people:
        for code, term in TERMS.items():
            baseline = trial.baseline(who, code)
            for day, _, low, _ in in_period(trial, who, code, early):
                if baseline is not None and low >= 2 and low > graded(code, baseline, baseline)[0]:
                    severe += 1
                    assert any(lies_around(day, event, 0) and event[2] >= low for event in trial.events[who, term])
    assert severe > 100
