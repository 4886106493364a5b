"""The trial holds the cases that its sensitivity analyses are about: each differs from its main analysis."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from npcstats.derive import EventTimes, assign_arms, at_cutoff, derive_endpoint, population_members
from npcstats.run.plan import load_plan
from npcstats.study import Study

PLAN = Path(__file__).resolve().parents[2] / "analysis" / "plan"


@pytest.fixture(scope="module")
def known(study: Study) -> Study:
    plan = load_plan(PLAN)
    return assign_arms(at_cutoff(study, plan.session("final").cutoff, snapshot=plan.snapshot))


@pytest.fixture(scope="module")
def derived(known: Study) -> dict[str, EventTimes]:
    members = population_members(known, "RT")
    from_origin = (item for item in known.design.endpoints if not item.origin_day)
    return {item.code: derive_endpoint(known, members, item) for item in from_origin}


@pytest.fixture(scope="module")
def first(known: Study) -> pd.DataFrame:
    """First date of each kind of event, one row per participant who started radiotherapy."""
    members = population_members(known, "RT")["USUBJID"]
    dates = known["adevent"].pivot_table(index="USUBJID", columns="KIND", values="ADT", aggfunc="min")
    return dates.reindex(members)


@pytest.mark.parametrize("variant", ["PFS-THERAPY-EVENT", "PFS-THERAPY-IGNORED", "PFS-MISSED", "LRC-DISTANT", "FFS"])
def test_a_variant_changes_events_in_both_arms(derived: dict, known: Study, variant: str) -> None:
    main = derived["LRC" if variant.startswith("LRC") else "PFS"]
    arms = population_members(known, "RT")["ARM"].to_numpy()
    changed = (main.cause == 1) != (derived[variant].cause == 1)
    assert set(arms[changed]) == {"PROTON", "PHOTON"}


def test_therapy_precedes_some_progressions(derived: dict, first: pd.DataFrame) -> None:
    """Ignoring therapy adds exactly the progressions and deaths that follow it."""
    progression = first[["LOCAL", "REGIONAL", "DISTANT"]].min(axis=1)
    before = (first["NEW-THERAPY"] < progression).to_numpy()
    added = (derived["PFS-THERAPY-IGNORED"].cause == 1) & (derived["PFS"].cause == 0)
    assert before.sum() >= 2
    assert (added[before]).all()


def test_therapy_as_an_event_adds_those_who_stopped_follow_up(derived: dict) -> None:
    stopped = derived["PFS"].reason == "NEW-THERAPY"
    assert stopped.sum() >= 10
    assert (derived["PFS-THERAPY-EVENT"].cause[stopped] == 1).all()
    assert derived["PFS-THERAPY-EVENT"].cause.sum() == derived["PFS"].cause.sum() + stopped.sum()


def test_some_events_follow_missed_assessments(derived: dict) -> None:
    missed = derived["PFS-MISSED"].reason == "MISSED"
    assert missed.sum() >= 2
    assert (derived["PFS"].cause[missed] == 1).all()
    assert (derived["PFS-MISSED"].time[missed] < derived["PFS"].time[missed] - 4).all()


def test_locoregional_relapses_follow_metastases_at_once_and_later(derived: dict, first: pd.DataFrame) -> None:
    """Within 30 days it still counts where metastasis competes; later it does not."""
    days = (first[["LOCAL", "REGIONAL"]].min(axis=1) - first["DISTANT"]).dt.days.to_numpy()
    at_once, later = (days > 0) & (days <= 30), days > 30
    assert at_once.sum() >= 2
    assert later.sum() >= 2
    assert (derived["LRC"].cause[at_once | later] == 1).all()
    assert (derived["LRC-DISTANT"].cause[at_once] == 1).all()
    assert (derived["LRC-DISTANT"].cause[later] == 2).all()


def test_residual_disease_counts_from_sixteen_weeks(derived: dict, first: pd.DataFrame) -> None:
    """Some are proven before the sixteenth week, which failure-free survival does not count."""
    counted = derived["FFS"].reason == "RESIDUAL"
    assert 5 <= counted.sum() < first["RESIDUAL"].notna().sum()
