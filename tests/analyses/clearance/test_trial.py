"""Clearance and lowest values of the synthetic trial recomputed from its raw files: loops, no frame of ours."""

from __future__ import annotations

import csv
import datetime
import math
import statistics
from collections import defaultdict

import pytest
from committed import ROOT
from scipy import stats

from npcstats.analyses.clearance.summary import summarize_clearance
from npcstats.analyses.nadir.summary import summarize_nadir
from npcstats.results import one, select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

CUTOFF = datetime.date(2031, 6, 30)
ARMS = ("PROTON", "PHOTON", "all")
EXACT = 1e-9
# visit: anchor, target, first and last day, from the plan's schedule as it is printed
VISITS = {
    "BL": ("RTSTDT", 0, -28, 0), "EORT": ("RTENDT", 0, -7, 7), "W8": ("RTENDT", 49, 8, 59),
    "M3": ("RTENDT", 90, 60, 135), "M12": ("RTENDT", 365, 271, 545),
}  # fmt: skip


def raw(name):
    with (ROOT / "data" / "synthetic" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day_of(text):
    """A date that was known at the cut-off."""
    found = datetime.date.fromisoformat(text) if text else None
    return found if found and found <= CUTOFF else None


@pytest.fixture(scope="module")
def people():
    """Everyone who started radiotherapy: arm, dates, and days with results of either marker."""
    found = {}
    for row in raw("adsl"):
        if day_of(row["RTSTDT"]):
            dates = {name: day_of(row[name]) for name in ("RTSTDT", "RTENDT", "DTHDT")}
            found[row["USUBJID"]] = {
                "arm": {"MIXED": "PROTON", "": row["TRT01P"]}.get(row["TRT01A"], row["TRT01A"]),
                **dates, "EBV": defaultdict(list), "ALC": defaultdict(list),
            }  # fmt: skip
    for row in raw("adlb"):
        person, day = found.get(row["USUBJID"]), day_of(row["ADT"])
        if person and day and row["PARAMCD"] in ("EBV", "ALC") and (row["AVAL"] or row["AVALC"] in ("ND", "<LLOQ")):
            state = {"ND": 0, "<LLOQ": 1}.get(row["AVALC"], 2)
            value = float(row["AVAL"]) if row["AVAL"] else float(row["LLOQ"]) / 2
            person[row["PARAMCD"]][day].append((state, value))
    return list(found.values())


@pytest.fixture(scope="module")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def study(plan):
    return prepare_study(read_study(ROOT / "data" / "synthetic", plan.design), plan, "final")


@pytest.fixture(scope="module")
def clearance(plan, study):
    return summarize_clearance(study, next(spec for spec in plan.specs if spec.id == "ebv-clearance"))


@pytest.fixture(scope="module")
def lowest(plan, study):
    return summarize_nadir(study, next(spec for spec in plan.specs if spec.id == "lymphopenia"))


def of(people, arm):
    return [person for person in people if arm in (person["arm"], "all")]


def at_visit(person, marker, visit):
    """The day nearest to the target in the window, the earlier of two; None without one."""
    anchor, target, first, last = VISITS[visit]
    if not person[anchor]:
        return None
    offsets = {(day - person[anchor]).days: day for day in person[marker]}
    inside = [offset for offset in offsets if first <= offset <= last]
    chosen = min(inside, key=lambda offset: (abs(offset - target), offset), default=None)
    return None if chosen is None else offsets[chosen]


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("visit", ["BL", "EORT", "W8", "M12"])
def test_states(people, clearance, arm, visit):
    days = [(person, at_visit(person, "EBV", visit)) for person in of(people, arm)]
    found = [max(person["EBV"][day])[0] for person, day in days if day]
    for state, level in enumerate(("not-detected", "below-limit", "quantified")):
        rows = {row.stat: row.value for row in select(clearance, arm=arm, window=visit, level=level)}
        count = found.count(state)
        assert (rows["count"], rows["total"]) == (count, len(found))
        low = stats.beta.ppf(0.025, count, len(found) - count + 1) if count else 0.0
        assert rows["ci_low"] == pytest.approx(low, abs=EXACT)


def course(person):
    """Days from the start of radiotherapy: last with it before the first without it, that one, and whether again."""
    start, lower, upper, again = person["RTSTDT"], 0, math.inf, False
    for day in sorted(day for day in person["EBV"] if day > start):
        detected = max(person["EBV"][day])[0] > 0
        if math.isinf(upper) and detected:
            lower = (day - start).days
        elif math.isinf(upper):
            upper = (day - start).days
        elif detected:
            again = True
    return lower, upper, again


@pytest.mark.parametrize("arm", ARMS)
def test_clearance(people, clearance, arm):
    before = [person for person in of(people, arm)
              if (day := at_visit(person, "EBV", "BL")) and max(person["EBV"][day])[0] > 0]  # fmt: skip
    timed = [person for person in before if any(day > person["RTSTDT"] for day in person["EBV"])]
    courses = [course(person) for person in timed]
    cleared = [one_of for one_of in courses if math.isfinite(one_of[1])]
    uncleared = [person for person, (_, upper, _) in zip(timed, courses, strict=True) if math.isinf(upper)]
    expected = {
        "detected_before": len(before), "followed": len(timed), "cleared": len(cleared),
        "detected_again": sum(again for _, _, again in cleared),
        "died_uncleared": sum(person["DTHDT"] is not None for person in uncleared),
    }  # fmt: skip
    found = {name: one(clearance, arm=arm, measure=name, stat="count").value for name in expected}
    assert found == expected
    # steps of expectation and maximization over single days, which end near the estimate of the package
    weeks = sorted({upper for _, upper, _ in cleared})
    holds = [[lower < day <= upper for day in weeks] + [math.isinf(upper)] for lower, upper, _ in courses]
    mass = [1 / (len(weeks) + 1)] * (len(weeks) + 1)
    for _ in range(3000):
        sums = [sum(m for m, inside in zip(mass, row, strict=True) if inside) for row in holds]
        mass = [m * sum(row[i] / total for row, total in zip(holds, sums, strict=True)) / len(holds)
                for i, m in enumerate(mass)]  # fmt: skip
    for week in (16.0, 26.0, 52.0):
        by = sum(m for m, day in zip(mass, weeks, strict=False) if day <= 7 * week)
        least = one(clearance, arm=arm, block="until", measure="clearance_least", time=week).value
        assert by == pytest.approx(least, abs=0.01)


@pytest.mark.parametrize("arm", ARMS)
def test_lowest_values(people, lowest, arm):
    found, ratios, below = [], [], 0
    for person in of(people, arm):
        end = (person["RTENDT"] or person["RTSTDT"] + datetime.timedelta(84)) + datetime.timedelta(90)
        values = [value for day, results in person["ALC"].items() for _, value in results
                  if person["RTSTDT"] <= day <= end]  # fmt: skip
        if values:
            found.append(min(values))
            below += min(values) < 0.5
            day = at_visit(person, "ALC", "BL")
            if day:
                ratios.append(math.log(min(values) / person["ALC"][day][0][1]))
    assert one(lowest, arm=arm, reference="", measure="observed", stat="count").value == len(found)
    mean = one(lowest, arm=arm, reference="", measure="geometric_mean", stat="estimate").value
    assert mean == pytest.approx(statistics.geometric_mean(found), rel=EXACT)
    assert one(lowest, arm=arm, reference="", measure="nadir_below", level="GRADE3", stat="count").value == below
    ratio = one(lowest, arm=arm, reference="", measure="nadir_ratio", stat="estimate").value
    assert ratio == pytest.approx(math.exp(statistics.fmean(ratios)), rel=EXACT)


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("visit", ["M3", "M12"])
def test_at_or_above_at_visits(people, lowest, arm, visit):
    values = [person["ALC"][day][0][1] for person in of(people, arm) if (day := at_visit(person, "ALC", visit))]
    for level, limit in (("NORMAL", 1.0), ("PUBLISHED3", 0.705)):
        rows = {row.stat: row.value for row in select(lowest, arm=arm, reference="", window=visit, level=level)}
        assert (rows["count"], rows["total"]) == (sum(value >= limit for value in values), len(values))


def test_protons_spare_lymphocytes_as_planted(lowest):
    """Planted: more lymphocytes at the end of radiotherapy under protons; the ratio of lowest values is above one."""
    rows = {row.stat: row.value for row in select(lowest, reference="PHOTON", level="lowest")}
    assert 1.0 < rows["ci_low"] < rows["estimate"] < math.exp(0.5)
