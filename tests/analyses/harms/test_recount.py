"""Counts of the synthetic trial's family once more, by loops over records: who is compared, who had which event."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest
from recount import baseline_grade, counts_in, day, read, standing, stretch

from npcstats.analyses.harms.summary import summarize_harms
from npcstats.derive import cutoff_day
from npcstats.results import select
from npcstats.run.mask import Mask
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

ROOT = Path(__file__).parents[3]
SAME = 1e-12


@pytest.fixture(scope="module")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def exported(plan):
    return read_study(ROOT / "data" / "synthetic", plan.design)


@pytest.fixture(scope="module", params=[("harms", "final"), ("harms-interim", "closed")], ids=lambda pair: pair[0])
def made(request, plan, exported):
    name, session = request.param
    spec = next(spec for spec in plan.specs if spec.id == name)
    letters = Mask({"PROTON": "B", "PHOTON": "A"}, "0" * 32)
    study = prepare_study(exported, plan, session, mask=letters if session == "closed" else None)
    return study, spec, summarize_harms(study, spec)


def lacks(person, item):
    value = person[item.column]
    if isinstance(value, str):
        return value == "" and not item.blank
    return day(value) is None if item.scale == "date" else value is None or math.isnan(value)


def recounted(study, spec):
    """By event and arm: those compared, those with the event, and those left out by reason."""
    asked = SimpleNamespace(
        population=spec.population, windows=tuple(item.window for item in spec.outcomes), measured={}
    )
    people, events, assessed, _ = read(study, asked)
    cutoff, found = cutoff_day(study).date(), defaultdict(Counter)
    for item in spec.outcomes:
        for person in people:
            own = events[person["USUBJID"]]
            start, end = stretch(person, study.design.period(item.window.period))
            counted = [
                event
                for event in own
                if counts_in(item.window, start, end, event, cutoff)
                and not (item.baseline_adjusted and event["AETOXGR"] <= baseline_grade(person, own, event["AEDECOD"]))
            ]
            why = standing(item.window, person, start, end, counted, assessed[person["USUBJID"]], cutoff)
            if not why and spec.adjustment and any(lacks(person, one) for one in spec.adjustment.confounders):
                why = "no-covariate"
            had = any(
                event["AETOXGR"] >= item.grade and (not item.terms or event["AEDECOD"] in item.terms)
                for event in counted
            )
            for arm in (person["ARM"], "all"):
                found[item.code, arm][why or ("had" if had else "without")] += 1
    return found


def test_counts_and_who_is_left_out(made):
    study, spec, results = made
    expected = recounted(study, spec)
    assert len(expected) == 3 * len(spec.outcomes)
    for (code, arm), tally in expected.items():
        rows = select(results, variable=code, arm=arm, block="", reference="")
        told = {(row.measure, row.level, row.stat): row.value for row in rows}
        assert told["risk", "", "count"] == tally["had"], (code, arm)
        assert told["risk", "", "total"] == tally["had"] + tally["without"], (code, arm)
        lost = {level: value for (measure, level, _), value in told.items() if measure == "not_evaluable" and value}
        assert lost == {why: number for why, number in tally.items() if why not in ("had", "without")}, (code, arm)


def test_differences_are_those_of_the_counts(made):
    study, spec, results = made
    first, last = (arm.code for arm in study.arms)
    expected = recounted(study, spec)
    for item in spec.outcomes:
        shares = [expected[item.code, arm] for arm in (first, last)]
        risk, other = (tally["had"] / (tally["had"] + tally["without"]) for tally in shares)
        (row,) = select(results, variable=item.code, measure="risk_difference", block="unadjusted", stat="estimate")
        assert (row.arm, row.reference) == (first, last)
        assert row.value == pytest.approx(risk - other, rel=SAME, abs=SAME)


def test_an_interim_has_neither_a_test_nor_a_weighted_contrast(made):
    study, _, results = made
    if study.arms == study.design.arms:
        assert {row.block for row in results.rows} == {"", "unadjusted", "overlap"}
        return
    assert {row.block for row in results.rows} == {"", "unadjusted"}
    assert {row.measure for row in results.rows if row.reference} == {"risk_difference"}
    assert not select(results, stat="p_value")


def test_all_rows_of_an_event_are_of_the_same_participants(made):
    """Whoever is not in the denominator is counted by reason, so both make up the population."""
    _, spec, results = made
    for item in spec.outcomes:
        for row in select(results, variable=item.code, measure="risk", stat="total"):
            lost = sum(one.value for one in select(results, variable=item.code, arm=row.arm, measure="not_evaluable"))
            (size,) = select(results, arm=row.arm, measure="participants")
            assert row.value + lost == size.value
