"""Who may see the statistic: a plan that shows it at an interim is refused unless it says that it may."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from npcstats.analyses.adjustment.measures import Measure
from npcstats.analyses.sequential.spec import InformationSpec, Monitored, PlannedLook, SequentialSpec
from npcstats.errors import SpecError
from npcstats.estimators.sequential import find_boundaries
from npcstats.results import one
from npcstats.run.effects import effect_faults
from npcstats.run.mask import read_mask
from npcstats.run.plan import load_plan
from npcstats.run.registry import kind_of
from npcstats.run.sessions import build_results, prepare_study
from npcstats.study import read_study

ROOT = Path(__file__).parents[3]
LATE = datetime.date(2029, 6, 30)
LOOKS = (PlannedLook("First", 40), PlannedLook("Second", 80), PlannedLook("Last", 120))


@pytest.fixture(scope="module")
def trial():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="module")
def study(trial):
    return read_study(ROOT / "data" / "synthetic", trial.design)


@pytest.fixture(scope="module")
def mask(study):
    return read_mask(ROOT / "data" / "synthetic" / "mask.json", study)


def monitored(trial, *, allowed, sessions=("closed",), **change):
    """The trial's plan with one comparison and its monitoring alone."""
    (pfs,) = (spec for spec in trial.specs if spec.id == "compare-pfs")
    (told,) = (spec for spec in trial.specs if spec.id == "monitoring")
    assert isinstance(told, InformationSpec)
    watched = SequentialSpec(
        **{**vars(told), "id": "watched", "sessions": sessions, "looks": LOOKS, **change},
        monitored=Monitored("compare-pfs", "overlap", Measure("hazard_ratio"), "below"),
    )
    pfs = replace(pfs, sessions=("closed",), adjustments=pfs.adjustments[:1], curves=None)
    return replace(
        trial, specs=(pfs, told, watched), tables=(), figures=(), listings=(), quotes=(), reports=(),
        interim_efficacy_by_arm=allowed,
    )  # fmt: skip


def test_the_trials_own_plan_shows_no_statistic(trial):
    entries = [spec for spec in trial.specs if isinstance(spec, InformationSpec)]
    assert [type(spec) for spec in entries] == [InformationSpec]
    assert not trial.interim_efficacy_by_arm
    assert set(entries[0].sessions) == {"open", "closed"}


def test_a_statistic_at_an_interim_is_refused(trial):
    with pytest.raises(SpecError, match="analysis watched shows efficacy by arm in interim session closed, which is"):
        monitored(trial, allowed=False)


def test_a_statistic_where_the_plan_turns_it_on(trial, study, mask):
    """Z of the comparison's own rows, at the boundary of the events of those compared."""
    plan = monitored(trial, allowed=True)
    results = build_results(prepare_study(study, plan, "closed", cutoff=LATE, mask=mask), plan)
    at = {"analysis": "compare-pfs", "block": "overlap", "measure": "hazard_ratio"}
    ratio, error = (one(results, **at, stat=stat).value for stat in ("estimate", "std_error"))
    here = {"analysis": "watched", "level": "now"}
    z = one(results, **here, measure="monitored_statistic", stat="statistic").value
    assert z == pytest.approx(-math.log(ratio) / error, rel=1e-12)
    events = one(results, analysis="compare-pfs", block="overlap", arm="all", measure="events", stat="count").value
    assert 40 < events < 120
    bound = find_boundaries(np.array([events]) / 120, alpha=0.025, sides=2, function="obrien-fleming", final=False)
    told = one(results, **here, measure="boundary_upper", stat="estimate").value
    assert told == pytest.approx(bound.upper[0], rel=1e-9)
    assert {row.arm for row in results.by_analysis["watched"]} == {"all"}


def test_an_open_session_has_no_statistic(trial, study):
    plan = monitored(trial, allowed=True, sessions=("open", "closed"))
    results = build_results(prepare_study(study, plan, "open", cutoff=LATE), plan)
    measures = {row.measure for row in results.by_analysis["watched"]}
    assert "information" in measures
    assert not measures & {"monitored_statistic", "boundary_crossed", "conditional_power", "predictive_power"}


def test_kinds_say_what_they_show(trial):
    (told,) = (spec for spec in trial.specs if spec.id == "monitoring")
    assert not kind_of(told).efficacy
    assert kind_of(monitored(trial, allowed=True).specs[2]).efficacy


def test_monitoring_of_one_arm_has_no_statistic_to_choose(trial):
    plan = monitored(trial, allowed=True)
    one_arm = replace(plan.design, arms=plan.design.arms[:1], arm_rule={}, allocation="single-arm")
    faults = effect_faults(one_arm, (plan.specs[2],), (), set())
    assert any("monitored is" in fault and "the design has one arm" in fault for fault in faults)
    assert effect_faults(one_arm, (replace(plan.specs[2], monitored=None),), (), set()) == []


def test_without_arms_a_statistic_is_an_idle_choice(trial):
    spec = replace(monitored(trial, allowed=True).specs[2], sessions=("open",))
    faults = effect_faults(trial.design, (spec,), (), {"open"})
    assert any("monitored is" in fault and "arms are not told apart" in fault for fault in faults)


def test_two_arms_must_say_what_is_monitored(trial):
    plan = monitored(trial, allowed=True)
    faults = effect_faults(plan.design, (replace(plan.specs[2], monitored=None),), (), set())
    assert any("monitored is empty" in fault for fault in faults)
