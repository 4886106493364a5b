"""The overview of the committed trial counted again from its CSV files, with dictionaries and loops.

Rules as the plan words them: a period by a participant's own days; induction and acute need a period that is over, or a
death; late needs life at its start and an assessment or event in it; a death needs life at the start of its period.
"""

from __future__ import annotations

import csv
import datetime

import pytest
from committed import ROOT

from npcstats.analyses.overview.summary import summarize_overview
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.results import one, select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

FOLDER = ROOT / "data" / "synthetic"
DAY = datetime.timedelta(days=1)
ANY, RT, CHEMO = {"RT", "CHEMO", "BOTH"}, {"RT", "BOTH"}, {"CHEMO", "BOTH"}
CATEGORIES = {
    "any": lambda e: True,
    "grade-3": lambda e: e["AETOXGR"] in "345",
    "grade-4": lambda e: e["AETOXGR"] == "4",
    "grade-5": lambda e: e["AETOXGR"] == "5",
    "serious": lambda e: e["AESER"] == "Y",
    "related": lambda e: e["AEREL"] in ANY,
    "related-rt": lambda e: e["AEREL"] in RT,
    "related-chemo": lambda e: e["AEREL"] in CHEMO,
    "reduced": lambda e: e["AEACN"] in {"DOSE REDUCED", "DRUG INTERRUPTED"},
    "stopped": lambda e: e["AEACN"] == "DRUG WITHDRAWN",
}
CAUSES = {"treatment": {"TREATMENT"}, "disease": {"DISEASE"}, "other": {"OTHER"}, "unknown": {"UNKNOWN", ""}}


def table(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Recount:
    """Participants of the safety set on a day, each with the dates and events known by then."""

    def __init__(self, cutoff):
        self.cutoff, self.people = cutoff, {}
        for row in table("adsl"):
            dates = {name: self.known(row[name]) for name in ("ENRLDT", "TRTSDT", "RTSTDT", "RTENDT", "DTHDT")}
            if not (dates["ENRLDT"] and dates["TRTSDT"]):
                continue
            given = row["TRT01A"] if dates["RTSTDT"] and row["TRT01A"] else row["TRT01P"]
            arm = "PROTON" if given == "MIXED" else given
            cause = row["DTHCAUS"] if dates["DTHDT"] else ""
            self.people[row["USUBJID"]] = {**dates, "arm": arm, "cause": cause, "events": [], "seen": []}
        for row in table("adae"):
            if row["USUBJID"] in self.people and self.known(row["ASTDT"]):
                self.people[row["USUBJID"]]["events"].append({**row, "onset": self.known(row["ASTDT"])})
        for row in table("adassess"):
            if row["USUBJID"] in self.people and self.known(row["ADT"]):
                self.people[row["USUBJID"]]["seen"].append(self.known(row["ADT"]))

    def known(self, text):
        day = datetime.date.fromisoformat(text) if text else None
        return day if day and day <= self.cutoff else None

    def span(self, person, window):
        """First and last day of a period; None for a start that is not known, or for no end."""
        first, start, end = person["TRTSDT"], person["RTSTDT"], person["RTENDT"]
        if window == "whole":
            return first, None
        if window == "induction":
            return first, (start or first + 126 * DAY) - DAY
        if window == "acute":
            return (start, (end or start + 84 * DAY) + 90 * DAY) if start else (None, None)
        return (end + 91 * DAY, None) if end else (None, None)

    def denominators(self, person, window):
        """Whether the person is in that of events, and in that of deaths."""
        if window == "whole":
            return True, True
        first, last = self.span(person, window)
        died = person["DTHDT"]
        if first is None or first > self.cutoff or (last and last < first):
            return False, False
        if window == "late-incident":
            alive = not (died and died < first)
            assessed = any(day >= first for day in person["seen"]) or any(e["onset"] >= first for e in person["events"])
            return alive and assessed, alive
        over = last <= self.cutoff or died is not None
        return over, over

    def lines(self, window):
        """By line and participant: whether inside, whether in it, and how many events."""
        found = {}
        for name, person in self.people.items():
            first, last = self.span(person, window)
            for_events, for_deaths = self.denominators(person, window)
            inside = [e for e in person["events"] if first and first <= e["onset"] and not (last and e["onset"] > last)]
            for code, belongs in CATEGORIES.items():
                mine = [e for e in inside if belongs(e)]
                found.setdefault(code, {})[name] = (for_events, for_events and bool(mine), len(mine) * for_events)
            died = person["DTHDT"]
            dead = for_deaths and died is not None and first <= died and not (last and died > last)
            found.setdefault("died", {})[name] = (for_deaths, dead, None)
            for cause, codes in CAUSES.items():
                hit = dead and person["cause"] in codes
                found.setdefault(f"died-{cause}", {})[name] = (for_deaths, hit, None)
            for days in (30, 90):
                end = person["RTENDT"]
                followed = for_deaths and end is not None and (died is not None or end + days * DAY <= self.cutoff)
                soon = dead and followed and end <= died <= end + days * DAY
                found.setdefault(f"died-{days}", {})[name] = (followed, soon, None)
        return found


SHARED = {
    "grade-5-alive": ("grade-5", lambda who: not who("died")),
    "treatment-grade-5": ("died-treatment", lambda who: who("grade-5")),
    "treatment-no-grade-5": ("died-treatment", lambda who: not who("grade-5")),
    "grade-5-other": ("died", lambda who: who("grade-5") and not who("died-treatment")),
    "treatment-90": ("died-90", lambda who: who("died-treatment")),
    "other-90": ("died-90", lambda who: not who("died-treatment")),
}


@pytest.fixture(scope="module")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module", params=["final", "open"])
def made(request, plan):
    """Results and the same counted again: all is known, and 60 acute periods are open."""
    spec = next(spec for spec in plan.specs if spec.id == "overview")
    study = prepare_study(read_study(FOLDER, plan.design), plan, request.param)
    return spec, study, summarize_overview(study, spec), Recount(plan.session(request.param).cutoff)


def test_every_count_again(made):
    """Participants, denominators and events of every line, period and group."""
    spec, study, results, recount = made
    arms = [arm.code for arm in study.arms]
    compared = 0
    for window in spec.windows:
        for code, people in recount.lines(window.code).items():
            if not select(results, variable=code, window=window.code, measure="risk"):
                assert code not in CATEGORIES
                continue
            for arm in (*arms, "all"):
                own = [found for name, found in people.items() if arm in ("all", recount.people[name]["arm"])]
                at = {"variable": code, "window": window.code, "arm": arm}
                told = [one(results, **at, measure="risk", stat=stat).value for stat in ("count", "total")]
                assert told == [sum(had for _, had, _ in own), sum(inside for inside, _, _ in own)], at
                if code in CATEGORIES:
                    assert one(results, **at, measure="records").value == sum(n for _, _, n in own), at
                compared += 1
    per_group = 4 * (len(CATEGORIES) + 2) + 5  # died and of treatment everywhere, five lines of deaths in one period
    assert compared == per_group * (len(arms) + 1)


def test_who_stands_in_several_lines_again(made):
    _, study, results, recount = made
    lines = recount.lines("whole")
    for code, (of, belongs) in SHARED.items():
        for arm in (*(arm.code for arm in study.arms), "all"):
            mine = [name for name in lines[of] if arm in ("all", recount.people[name]["arm"]) and lines[of][name][1]]
            at = {"variable": code, "window": "whole", "arm": arm, "measure": "proportion"}
            hits = sum(belongs(lambda line, name=name: lines[line][name][1]) for name in mine)
            assert [one(results, **at, stat=stat).value for stat in ("count", "total")] == [hits, len(mine)], at


def test_deaths_add_up(made):
    """Causes divide the deaths of the whole time; periods divide them by their day."""
    spec, _, results, _ = made

    def died(code, window):
        return one(results, variable=code, window=window, arm="all", measure="risk", stat="count").value

    assert died("died", "whole") == sum(died(f"died-{cause}", "whole") for cause in CAUSES)
    assert died("died", "whole") == sum(died("died", window.code) for window in spec.windows[1:])


def test_nothing_is_counted_nowhere(made):
    _, _, results, _ = made
    assert all(row.value == 0 for row in select(results, measure=("records_outside", "records_after_death")))


def test_overview_agrees_with_the_tables_behind_it(made, plan):
    """Any event and grade 3 or more, by period, as the tables of worst grades have them."""
    spec, study, results, _ = made
    for name in ("ae-induction", "ae-acute", "ae-late"):
        behind = summarize_toxicity(study, next(one for one in plan.specs if one.id == name))
        for window in {row.window for row in behind.rows} & {window.code for window in spec.windows}:
            for code, level in (("any", "grade>=1"), ("grade-3", "grade>=3")):
                rows = select(behind, block="all", variable="all", level=level, window=window, measure="risk")
                assert rows
                for row in rows:
                    at = {"variable": code, "window": window, "arm": row.arm, "measure": "risk", "stat": row.stat}
                    assert one(results, **at).value == row.value
