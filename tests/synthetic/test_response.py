"""Response as the report gives it, against the shares that were planted in the readings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from npcstats.analyses.response.summary import summarize_response
from npcstats.derive import assign_arms, at_cutoff
from npcstats.results import Results, one, select
from npcstats.run.plan import load_plan
from npcstats.study import Study
from npcstats.synthetic import Truth

PLAN = Path(__file__).resolve().parents[2] / "analysis" / "plan"
STANDARD_ERRORS = 3.5  # of one share among a dozen: passed by chance once in two hundred trials


@pytest.fixture(scope="module")
def results(study: Study) -> Results:
    plan = load_plan(PLAN)
    known = assign_arms(at_cutoff(study, plan.session("final").cutoff, snapshot=plan.snapshot))
    return summarize_response(known, next(spec for spec in plan.specs if spec.id == "response"))


def counts(results: Results, block: str) -> dict[str, float]:
    at = {"block": block, "variable": "CLASS", "arm": "all", "measure": "proportion", "stat": "count"}
    return {row.level: row.value for row in select(results, **at)}


@pytest.mark.parametrize("level", ["CR", "ID", "PR", "SD", "NE"])
def test_first_reading_has_the_planted_shares(results: Results, truth: Truth, level: str) -> None:
    """Of those who were read and had not relapsed."""
    found, planted = counts(results, "R12"), dict(truth.response.first)
    read = sum(found[code] for code in planted)
    share = planted[level]
    assert abs(found[level] / read - share) < STANDARD_ERRORS * np.sqrt(share * (1 - share) / read)


@pytest.mark.parametrize("level", ["CR", "ID", "PR", "NE"])
def test_indeterminate_become_what_was_planted(results: Results, truth: Truth, level: str) -> None:
    found, planted = counts(results, "AGAIN"), dict(dict(truth.response.second)["ID"])
    read = sum(found[code] for code in planted)
    share = planted[level]
    assert abs(found[level] / read - share) < STANDARD_ERRORS * np.sqrt(share * (1 - share) / read)


def test_treatment_was_given_no_effect_on_response(results: Results) -> None:
    for variable in ("CR-RATE", "OR-RATE"):
        at = {"block": "R12", "variable": variable, "level": "evaluable", "measure": "risk_difference"}
        low, high = (one(results, **at, stat=stat).value for stat in ("ci_low", "ci_high"))
        assert low < 0 < high
