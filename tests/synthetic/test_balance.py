"""Balance of the made trial: what was planted between the arms is found, and where they do not overlap that is said."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from committed import design, folder, planted, study, truth
from gaps import every_gap_has_its_reason
from patsy import dmatrix

from npcstats.analyses.propensity.summary import summarize_propensity
from npcstats.derive import population_members
from npcstats.display.specs import Figure
from npcstats.results import Results, one, select
from npcstats.run.plan import Plan, load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import ARM, Study, read_study
from npcstats.synthetic import simulate_trial, write_trial

__all__ = ["design", "folder", "planted", "study", "truth"]

ROOT = Path(__file__).parents[2]
# DOMAIN section 8; a standardized difference of about 250 a side has a standard error of .09, and the limit is three
PLANTED = {("AGE", ""): -0.50, ("SES", ""): 0.78, ("CCI", ""): -0.29, ("ECOGBL", "1"): -0.26, ("T9", "T4"): 0.11}
THREE_ERRORS = 0.27
WEIGHTED = ("overlap", "inverse", "treated", "trimmed")
FITTED = 1e-6  # both fits end where the gradient is 1e-8 or less, and splines of another package are rounded otherwise


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(ROOT / "analysis" / "plan")


def balanced(plan: Plan, study: Study) -> Results:
    (spec,) = [spec for spec in plan.specs if spec.id == "balance"]
    return summarize_propensity(prepare_study(study, plan, "final"), spec)


def scenario(plan: Plan, planted: dict, name: str, folder: Path, seed: int) -> Results:
    wanted = planted["SCENARIOS"][name]
    sized = replace(plan.design, planned_size=wanted.size or plan.design.planned_size)
    write_trial(simulate_trial(sized, wanted.truth, seed), folder)
    return balanced(plan, read_study(folder, sized))


@pytest.fixture(scope="module")
def found(plan: Plan, study: Study) -> Results:
    return balanced(plan, study)


@pytest.mark.parametrize(("variable", "level"), PLANTED)
def test_planted_differences_are_found(found: Results, variable: str, level: str) -> None:
    row = one(found, block="overlap", variable=variable, level=level, measure="smd", stat="estimate")
    assert abs(row.value - PLANTED[variable, level]) < THREE_ERRORS


def test_weights_are_those_of_a_score_fitted_elsewhere(found: Results, plan: Plan, study: Study) -> None:
    """Members, design, splines and score by pandas, patsy and statsmodels; effective sizes and means from them."""
    members = population_members(prepare_study(study, plan, "final"), "RT")
    members["INDREG"] = members["INDREG"].replace("", "NONE")
    members["GTV"] = np.log2(members["GTVPVOL"].astype(float).clip(lower=0.1))
    members["EBV"] = np.log2(members["EBVBL"].astype(float).clip(lower=30.0))
    members["DAY"] = (members["ENRLDT"] - members["ENRLDT"].min()).dt.days.astype(float)
    members[["AGE", "CCI", "SES"]] = members[["AGE", "CCI", "SES"]].astype(float)
    members["ECOG"] = members["ECOGBL"].astype(float)
    whole = members.loc[(members[["SMOKE", "BETEL"]] != "").all(axis=1) & members["EBV"].notna()]
    formula = ("cr(AGE, df=3, constraints='center') + C(SEX) + ECOG + CCI + C(SMOKE) + C(BETEL) + SES + C(T9) + C(N9) "
               "+ GTV + cr(EBV, df=3, constraints='center') + C(INDREG) + DAY")  # fmt: skip
    X = np.asarray(dmatrix(formula, whole))
    first = (whole[ARM] == "PROTON").to_numpy()
    score = sm.GLM(first.astype(float), X, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=100).predict()
    weights = {"overlap": np.where(first, 1 - score, score), "inverse": np.where(first, 1 / score, 1 / (1 - score)),
               "treated": np.where(first, 1.0, score / (1 - score))}  # fmt: skip
    for block, weight in weights.items():
        for arm, inside in (("PROTON", first), ("PHOTON", ~first)):
            at = {"block": block, "arm": arm, "stat": "estimate"}
            worth = weight[inside].sum() ** 2 / (weight[inside] ** 2).sum()
            assert one(found, measure="effective_size", **at).value == pytest.approx(worth, rel=FITTED)
            mean = np.average(whole.loc[inside, "SES"], weights=weight[inside])
            assert one(found, measure="weighted_mean", variable="SES", **at).value == pytest.approx(mean, abs=FITTED)


def test_overlap_weights_balance_the_score_exactly(found: Results) -> None:
    rows = select(found, block="overlap", measure="weighted_smd", stat="estimate")
    outside = {"WHOHIST", "CONREG"}
    scored = [row.value for row in rows if row.variable not in outside and not math.isnan(row.value)]
    assert len(scored) > 20
    np.testing.assert_allclose(scored, 0.0, atol=1e-8)


def test_the_other_weights_balance_nearly(found: Results) -> None:
    for block in WEIGHTED[1:]:
        before, after = (
            [abs(row.value) for row in select(found, block=block, measure=measure, stat="estimate")
             if row.variable in ("AGE", "SES", "ECOGBL", "CCI")]
            for measure in ("smd", "weighted_smd")
        )  # fmt: skip
        assert max(after) < 0.1 < min(before)


def test_arms_that_overlap_are_not_said_not_to(found: Results) -> None:
    told = found.catalogue.analyses["balance"].sentences
    assert "hardly overlap" not in " ".join(told.values())
    assert every_gap_has_its_reason(found)


@pytest.mark.parametrize("seed", [7232680, 1, 2])
def test_no_overlap_is_said_first_wherever_it_is_shown(plan: Plan, planted: dict, tmp_path: Path, seed: int) -> None:
    apart = scenario(plan, planted, "no_overlap", tmp_path, seed)
    told = apart.catalogue.analyses["balance"].sentences
    for block in (*WEIGHTED[:3], "imputed"):
        assert "the arms hardly overlap" in told[f"verdict.{block}"]
    assert "few participants carry the weight" in told["verdict.inverse"]
    for display in (*plan.tables, *plan.figures):
        if display.analyses == ("balance",) and "trimmed" not in str(display):
            shown = (
                "".join(piece.text for piece in display.caption(apart, display).pieces)
                if isinstance(display, Figure)
                else display.make(apart, display).notes[0].text
            )
            first = shown.partition(". ")[0]
            assert "the arms hardly overlap" in first, display.name


def test_a_trial_too_small_for_its_score_says_so(plan: Plan, planted: dict, tmp_path: Path) -> None:
    """Of 24 participants a score of more than 20 columns tells the arms apart."""
    tiny = scenario(plan, planted, "tiny", tmp_path, planted["SEED"])
    told = tiny.catalogue.analyses["balance"].sentences
    assert "nothing can be weighted" in told["verdict.overlap"]
    assert every_gap_has_its_reason(tiny)
    for display in plan.tables:
        if display.analyses == ("balance",):
            made = display.make(tiny, display)
            assert "nothing can be weighted" in made.notes[0].text
