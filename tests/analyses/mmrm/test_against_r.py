"""Numbers of the synthetic trial beside R's gls, which read the export by a script of its own (`mixed_trial.R`)."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from recorded import load

from npcstats.analyses.mmrm.summary import summarize_mmrm
from npcstats.results import one
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import read_study

ROOT = Path(__file__).parents[3]
GLS = 1e-5
"""How near gls comes to the maximum; its criterion is flat there."""
ERROR = 1e-4
"""The same of its standard errors, which move more than the criterion does."""
PLANTED = 0.25
"""Logarithm of the ratio of lymphocytes at the end of radiotherapy that the trial was made with."""


@pytest.fixture(scope="module")
def record():
    return load("mixed_trial")


@pytest.fixture(scope="module")
def made():
    """The plan's entry with the model's own standard errors, which gls has too."""
    plan = load_plan(ROOT / "analysis" / "plan")
    (spec,) = (spec for spec in plan.specs if spec.id == "modelled")
    study = prepare_study(read_study(ROOT / "data" / "synthetic", plan.design), plan, "final")
    return spec, summarize_mmrm(study, replace(spec, df_method="satterthwaite"))


@pytest.mark.parametrize("code", ["ALC", "HGB"])
def test_means_contrasts_and_the_criterion(made, record, code):
    spec, results = made
    log = code == "ALC"
    names = ("modelled_ratio", "ratio_contrast") if log else ("modelled_change", "change_contrast")

    def found(window, measure, stat="estimate", **at):
        value = one(results, variable=code, block="adjusted", window=window, measure=measure, stat=stat, **at).value
        return math.log(value) if log and stat == "estimate" else value

    theirs = record[code]
    for i, visit in enumerate(spec.visits):
        for arm in ("photon", "proton"):
            assert found(visit, names[0], arm=arm.upper()) == pytest.approx(theirs[arm][i], rel=GLS, abs=GLS)
        assert found(visit, names[1]) == pytest.approx(theirs["contrast"][i], rel=GLS, abs=GLS)
        assert found(visit, names[1], "std_error") == pytest.approx(theirs["std_error"][i], rel=ERROR)
    assert found("average", names[1]) == pytest.approx(theirs["average"], rel=GLS, abs=GLS)
    assert found("average", names[1], "std_error") == pytest.approx(theirs["average_error"], rel=ERROR)
    at = {"variable": code, "block": "adjusted"}
    assert one(results, **at, measure="participants").value == theirs["participants"]
    assert one(results, **at, measure="records").value == theirs["values"]
    criterion = one(results, **at, measure="criterion").value
    assert criterion == pytest.approx(theirs["criterion"], rel=GLS)
    assert criterion <= theirs["criterion"] + GLS


@pytest.mark.parametrize("block", ["adjusted", "overlap"])
def test_what_was_planted_lies_within_the_limits(made, block):
    _, results = made
    at = {"variable": "ALC", "window": "EORT", "measure": "ratio_contrast", "block": block}
    low, high = (math.log(one(results, **at, stat=stat).value) for stat in ("ci_low", "ci_high"))
    assert 0 < low < PLANTED < high
