"""Every count recounted by loops: of the trial, of trials made at random, of the trial of eight."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recount import differences

from npcstats.analyses.toxicity.spec import Composite, ToxicitySpec
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.derive import GradeWindow, pool_arms
from npcstats.results import select
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

ROOT = Path(__file__).parents[3]
SPECS = ("ae-induction", "ae-acute", "ae-acute-one", "ae-late", "ae-attributed")


@pytest.fixture(scope="module")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def exported(plan):
    return read_study(ROOT / "data" / "synthetic", plan.design)


@pytest.mark.parametrize("session", ["open", "final"])
def test_of_the_trial(plan, exported, session):
    study = prepare_study(exported, plan, session)
    for spec in plan.specs:
        if spec.id in SPECS and session in spec.sessions:
            results = summarize_toxicity(study, spec)
            assert len(select(results, measure="risk", stat="count")) > 200
            assert differences(results, study, spec) == []


def test_a_wrong_count_is_found(plan, exported):
    """The recount is worth something: one participant more in one cell, and one cell less, are told."""
    study = prepare_study(exported, plan, "final")
    spec = next(spec for spec in plan.specs if spec.id == "ae-acute")
    results = summarize_toxicity(study, spec)
    places = [i for i, row in enumerate(results.rows) if row.stat == "count" and row.value > 3 and row.level]
    rows = list(results.rows)
    rows[places[0]] = replace(rows[places[0]], value=rows[places[0]].value + 1)
    del rows[places[-1]]
    found = differences(replace(results, rows=tuple(rows)), study, spec)
    assert len(found) == 2


EARLY = GradeWindow("early", "Early", period="early", counting="onset", evaluable="window-complete")
LATE = GradeWindow("late", "Late", period="after", counting="onset-or-persistence", evaluable="assessed-in-window")
RELATED = replace(EARLY, code="related", where={"AEREL": ("RT", "BOTH")}, evaluable="assessed-in-window")
WHENEVER = GradeWindow("any", "Any", period="after", counting="every", evaluable="everyone",
                       where={"AESER": ("Y",)})  # fmt: skip
SPEC = ToxicitySpec(
    id="tox",
    label="Harm",
    population="DOSED",
    sessions=("only",),
    windows=(EARLY, LATE, RELATED, WHENEVER),
    conf_level=0.95,
    interval="wilson",
    difference="newcombe",
    estimand="unadjusted",
    baseline_adjusted=True,
    scale="CTCAE version 5.0",
    status="planned",
    records=True,
    composites=(Composite("ONE", "One", ("Mucositis oral", "Headache")), Composite("TWO", "Two", ("Nausea",))),
    measured={"Nausea": ("LOGM", "VIRUS"), "Headache": ("LEVEL",)},
)


@pytest.mark.parametrize("baseline_adjusted", [True, False])
def test_of_the_trial_of_eight(known, baseline_adjusted):
    spec = replace(SPEC, baseline_adjusted=baseline_adjusted)
    for study in (known, pool_arms(known)):
        assert differences(summarize_toxicity(study, spec), study, spec) == []


FIRST = datetime.date(2025, 1, 1)
DAYS = st.integers(0, 400).map(lambda days: pd.Timestamp(FIRST + datetime.timedelta(days=days)))
MAYBE = st.one_of(st.none(), DAYS).map(lambda date: pd.NaT if date is None else date)
TERMS = (("Gut", "Nausea"), ("Gut", "Mucositis oral"), ("Nerves", "Headache"), ("Nerves", "Nausea"))


@st.composite
def trials(draw):
    """Frames of participants, events, assessments and values, dates in any order and many of them missing."""
    names = [f"P{i:02d}" for i in range(1, 9)]
    who = st.sampled_from([*names, "P99"])
    people = draw(st.fixed_dictionaries({
        column: st.lists(MAYBE, min_size=8, max_size=8) for column in ("TRTSDT", "RTSTDT", "RTENDT", "DTHDT")
    }))  # fmt: skip
    events = draw(st.lists(st.tuples(who, st.sampled_from(TERMS), st.integers(1, 5), MAYBE, MAYBE,
                                     st.sampled_from("YN"), st.sampled_from(("RT", "BOTH", "NONE"))),
                           max_size=25))  # fmt: skip
    seen = draw(st.lists(st.tuples(who, DAYS), max_size=10))
    values = draw(st.lists(st.tuples(who, st.sampled_from(("LOGM", "VIRUS", "LEVEL")), DAYS,
                                     st.sampled_from((1.0, float("nan"))), st.sampled_from(("", "<LLOQ", "ND"))),
                           max_size=10))  # fmt: skip
    return people, events, seen, values


def seconds(dates):
    return pd.Series(list(dates), dtype="datetime64[s]")


def with_trial(known, trial):
    people, events, seen, values = trial
    adsl = known["adsl"].iloc[:7].reset_index(drop=True)
    adsl = adsl.assign(**{column: seconds(dates[: len(adsl)]) for column, dates in people.items()})
    adae = pd.DataFrame({
        "USUBJID": [event[0] for event in events], "AESEQ": [float(i) for i in range(len(events))],
        "AEBODSYS": [event[1][0] for event in events], "AEDECOD": [event[1][1] for event in events],
        "AETOXGR": [float(event[2]) for event in events], "ASTDT": seconds(event[3] for event in events),
        "AENDT": seconds(event[4] for event in events), "AESER": [event[5] for event in events],
        "AEREL": [event[6] for event in events],
    }).astype({"USUBJID": object, "AEBODSYS": object, "AEDECOD": object, "AESER": object, "AEREL": object})  # fmt: skip
    adassess = pd.DataFrame({"USUBJID": [one[0] for one in seen], "KIND": "VITAL",
                             "ADT": seconds(one[1] for one in seen)}).astype({"USUBJID": object})  # fmt: skip
    adlb = pd.DataFrame({
        "USUBJID": [one[0] for one in values], "PARAMCD": [one[1] for one in values],
        "ADT": seconds(one[2] for one in values), "AVAL": [one[3] for one in values],
        "AVALC": [one[4] for one in values],
    }).astype({"USUBJID": object, "PARAMCD": object, "AVALC": object, "AVAL": float})  # fmt: skip
    return known.with_frames({"adsl": adsl, "adae": adae, "adassess": adassess, "adlb": adlb})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(trial=trials(), adjusted=st.booleans())
def test_of_trials_made_at_random(known, trial, adjusted):
    study, spec = with_trial(known, trial), replace(SPEC, baseline_adjusted=adjusted)
    assert differences(summarize_toxicity(study, spec), study, spec) == []
