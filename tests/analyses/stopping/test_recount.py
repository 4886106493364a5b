"""The committed trial's stopping rules counted again from its CSV files, one participant after the other.

The period is from the first treatment to 90 days after the last fraction; where that is not known, 210 days after the
first treatment stand for it. It must be over, or the participant dead. Limits are tails of the beta distribution by
numerical integration, not by its incomplete function.
"""

from __future__ import annotations

import csv
import datetime
import math
from dataclasses import replace

import pytest
from committed import ROOT
from scipy.integrate import quad
from scipy.special import gammaln, xlog1py, xlogy

from npcstats.analyses.stopping.summary import summarize_stopping
from npcstats.results import one, select
from npcstats.run.mask import read_mask
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

FOLDER = ROOT / "data" / "synthetic"
DAY = datetime.timedelta(days=1)
BLOOD = {"White blood cell decreased", "Neutrophil count decreased", "Lymphocyte count decreased",
         "Platelet count decreased"}  # fmt: skip
BLOOD_CLASS = "Blood and lymphatic system disorders"
QUADRATURE = 1e-8
"""Of the numerical integral of a density that may be infinite at 0."""
CUTOFFS = [datetime.date(2026, 11, 30), datetime.date(2027, 6, 30), datetime.date(2029, 6, 30)]


def table(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def date_of(text, cutoff):
    day = datetime.date.fromisoformat(text) if text else None
    return day if day and day <= cutoff else None


def weekdays(first, last):
    return sum((first + DAY * i).weekday() < 5 for i in range((last - first).days + 1))


def baseline(events, term, start):
    """Worst grade of a term that was there when treatment began."""
    there = [
        grade for name, grade, onset, end in events if name == term and onset < start and not (end and end < start)
    ]
    return max(there, default=0)


def recount(cutoff):
    """Of each arm, in order of exposure: whether the period is over, and both toxicities."""
    events = {}
    for row in table("adae"):
        onset = date_of(row["ASTDT"], cutoff)
        if onset:
            told = (row["AEDECOD"], int(row["AETOXGR"]), onset, date_of(row["AENDT"], cutoff))
            events.setdefault(row["USUBJID"], []).append((row["AEBODSYS"], *told))
    people = []
    for row in table("adsl"):
        enrolled, start, begun, end, died = (
            date_of(row[name], cutoff) for name in ("ENRLDT", "TRTSDT", "RTSTDT", "RTENDT", "DTHDT")
        )
        if not (enrolled and start):
            continue
        given = row["TRT01A"] if begun and row["TRT01A"] else row["TRT01P"]
        arm = {"MIXED": "PROTON"}.get(given, given)
        last = (end or start + 210 * DAY) + 90 * DAY
        own = events.get(row["USUBJID"], [])
        inside = [(block, term, grade) for block, term, grade, onset, _ in own if start <= onset <= last
                  and grade > baseline([event[1:] for event in own], term, start)]  # fmt: skip
        long = bool(end and row["FXDELIV"] and weekdays(begun, end) - int(row["FXDELIV"]) >= 10)
        severe = long or any(grade >= 4 and block != BLOOD_CLASS and term not in BLOOD for block, term, grade in inside)
        fatal = any(grade == 5 for _, _, grade in inside)
        fatal |= bool(died and start <= died <= last and row["DTHCAUS"] == "TREATMENT")
        people.append((start, row["USUBJID"], arm, last <= cutoff or bool(died), {"SEVERE": severe, "FATAL": fatal}))
    return sorted(people)


def tail(count, total, limit, prior):
    first, second = prior[0] + count, prior[1] + total - count
    weight = gammaln(first + second) - gammaln(first) - gammaln(second)

    def density(p):
        return math.exp(weight + xlogy(first - 1, p) + xlog1py(second - 1, -p))

    return quad(density, limit, 1, epsabs=1e-12, epsrel=1e-12, limit=200)[0]


@pytest.fixture(scope="module")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def whole(plan):
    return read_study(FOLDER, plan.design)


@pytest.mark.parametrize("cutoff", CUTOFFS, ids=str)
def test_counts_paths_and_posteriors_of_every_arm(plan, whole, cutoff):
    spec = next(item for item in plan.specs if item.id == "stopping")
    mask = read_mask(FOLDER / "mask.json", whole)
    study = prepare_study(whole, plan, "closed", cutoff=cutoff, mask=mask)
    found = summarize_stopping(study, replace(spec, trials=0, seed=0))
    people = recount(cutoff)
    for arm, letter in mask.letters.items():
        own = [person for person in people if person[2] == arm]
        for rule in spec.rules:
            at = {"variable": rule.code, "arm": letter, "block": "now"}
            had = [person[4][rule.code] for person in own if person[3]]
            told = [one(found, **at, measure="risk", stat=stat).value for stat in ("count", "total")]
            assert told == [sum(had), len(had)]
            early = sum(person[4][rule.code] for person in own if not person[3])
            assert one(found, **at, measure="pending").value == early
            steps = select(found, variable=rule.code, arm=letter, block="looks", measure="ordered_events")
            assert all(sum(had[: int(row.time)]) == row.value for row in steps)
            posterior = one(found, **at, measure="posterior_exceeds")
            if had:
                exact = tail(sum(had), len(had), rule.criterion.limit, rule.criterion.prior)
                assert posterior.value == pytest.approx(exact, abs=QUADRATURE)
