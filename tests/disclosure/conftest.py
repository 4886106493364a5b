"""The committed trial, and what a public session publishes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from npcstats.disclosure import withhold_small_counts
from npcstats.results import concat
from npcstats.run.plan import load_plan
from npcstats.run.registry import kind_of, withholdings
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def trial():
    """The plan, the study at the public session's cut-off, all its results, and those that are published."""
    plan = load_plan(ROOT / "analysis" / "plan")
    study = prepare_study(read_study(ROOT / "data" / "synthetic", plan.design), plan, "public")
    # also what this plan does not publish but another might
    specs = [spec for spec in plan.specs if "public" in spec.sessions or spec.id in ("baseline", "ae-late")]
    whole = concat([kind_of(spec).summarize(study, spec) for spec in specs])
    return plan, study, whole, withhold_small_counts(whole, plan.session("public").public, withholdings())
