"""Weighted comparisons of the committed trial, from its csv files by other code: outcomes, scores, effects and errors.

Outcomes, populations and arms are derived again with pandas as the sentences of the catalogue tell them; the score is
statsmodels' with patsy's splines; effects are weighted means and a weighted Kaplan-Meier curve written out here.
Standard errors are of stacked estimating equations: derivatives by case weight and by coefficient of the score are
numerical, and each participant's influence on the coefficients comes from statsmodels' scores and Hessian.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from committed import ROOT
from patsy import dmatrix

from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.results import Results, one
from npcstats.run.plan import load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import Study

CUTOFF, MONTH, TAU = pd.Timestamp("2031-06-30"), 30.4375, 36.0
CURVE = "cr({0}, df=3, constraints='center')"
CATEGORIES = ("SEX", "ECOGBL", "SMOKE", "BETEL", "T9", "N9", "INDUCTION")
ESTIMATES = {"rel": 1e-7, "abs": 1e-9}  # both scores end where the gradient is 1e-8 or less
ERRORS = {"rel": 1e-5}  # central differences of 1e-4
STEP = 1e-4
BLOCKS = ("overlap", "inverse")
Functional = Callable[[np.ndarray, np.ndarray], float]


def table(name: str) -> pd.DataFrame:
    frame = pd.read_csv(ROOT / "data" / "synthetic" / f"{name}.csv", dtype=str, keep_default_na=False)
    for column in (c for c in frame if c.endswith("DT") and c not in ("ICFDT", "ENTRYDT")):
        day = pd.to_datetime(frame[column], errors="coerce")
        frame[column] = day.where(day <= CUTOFF)
    return frame


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Those who started radiotherapy and have every covariate, with their outcomes."""
    found = table("adsl").set_index("USUBJID")
    found["arm"] = np.where(found["TRT01A"].isin(["PROTON", "MIXED"]), 1.0, 0.0)
    found["INDUCTION"] = found["INDREG"].replace("", "NONE")
    found["age"] = found["AGE"].astype(float)
    found["virus"] = np.log(pd.to_numeric(found["EBVBL"]).clip(lower=30))
    found["volume"] = np.log(pd.to_numeric(found["GTVPVOL"]).clip(lower=0.1))
    found["enrolled"] = (found["ENRLDT"] - CUTOFF).dt.days / 1000
    vital = table("adassess").query("KIND == 'VITAL'").groupby("USUBJID")["ADT"].max()
    end = found["DTHDT"].fillna(vital.reindex(found.index))
    found["months"], found["died"] = (end - found["RTSTDT"]).dt.days / MONTH, found["DTHDT"].notna()
    events = table("adae").query("AEDECOD == 'Mucositis oral'").join(found[["TRTSDT", "RTSTDT", "RTENDT"]], "USUBJID")
    grade = events["AETOXGR"].astype(int)
    ongoing = (events["ASTDT"] < events["TRTSDT"]) & ~(events["AENDT"] < events["TRTSDT"])
    before = events["USUBJID"].map(grade[ongoing].groupby(events["USUBJID"]).max()).fillna(0)
    inside = events["ASTDT"].between(events["RTSTDT"], events["RTENDT"] + pd.Timedelta(days=90))
    severe = events.loc[inside & (grade >= 3) & (grade > before), "USUBJID"]
    found["mucositis"] = found.index.isin(severe).astype(float)
    found["change"] = np.log(lymphocytes(found["RTENDT"], -7, 7)) - np.log(lymphocytes(found["RTSTDT"], -28, 0))
    complete = found[["SMOKE", "BETEL", "EBVBL"]].ne("").all(axis=1) & found["RTSTDT"].notna()
    return found.loc[complete]


def lymphocytes(anchor: pd.Series, first: int, last: int) -> pd.Series:
    """Nearest to the anchor, the earlier of two as near."""
    records = table("adlb").query("PARAMCD == 'ALC'")
    records["day"] = (records["ADT"] - records["USUBJID"].map(anchor)).dt.days
    records["away"] = records["day"].abs()
    near = records.loc[records["day"].between(first, last)].sort_values(["USUBJID", "away", "day"])
    return near.drop_duplicates("USUBJID").set_index("USUBJID")["AVAL"].astype(float).reindex(anchor.index)


def weights(score: np.ndarray, arm: np.ndarray, cases: np.ndarray, block: str) -> np.ndarray:
    if block == "overlap":
        return cases * np.where(arm == 1, 1 - score, score)
    share = np.average(arm, weights=cases)
    return cases * np.where(arm == 1, share / score, (1 - share) / (1 - score))


def recomputed(people: pd.DataFrame, block: str, functional: Functional) -> tuple[float, float]:
    """An effect, and its standard error with the estimation of the score in it."""
    columns = " + ".join([CURVE.format("age"), CURVE.format("virus"), *(f"C({name})" for name in CATEGORIES)])
    numbers = people[["CCI", "SES", "volume", "enrolled"]].astype(float).to_numpy()
    design = np.column_stack([np.asarray(dmatrix(columns, people)), numbers])
    arm, everyone = people["arm"].to_numpy(), np.ones(len(people))
    model = sm.Logit(arm, design)
    fit = model.fit(method="newton", tol=1e-12, disp=0)
    influence = model.score_obs(fit.params) @ np.linalg.inv(-model.hessian(fit.params))

    def effect(coefficients: np.ndarray, cases: np.ndarray) -> float:
        return functional(weights(model.predict(coefficients), arm, cases, block), arm)

    def slope(change: Callable[[float], float]) -> float:
        return (change(STEP) - change(-STEP)) / (2 * STEP)

    own = [slope(lambda h, e=e: effect(fit.params, everyone + h * e)) for e in np.eye(len(people))]
    through = [slope(lambda h, e=e: effect(fit.params + h * e, everyone)) for e in np.diag(fit.bse)]
    total = np.array(own) + influence @ (np.array(through) / fit.bse)
    return effect(fit.params, everyone), math.sqrt(float((total**2).sum()))


def means(values: np.ndarray, w: np.ndarray, arm: np.ndarray) -> tuple[float, float]:
    return tuple(np.average(values[arm == side], weights=w[arm == side]) for side in (1, 0))


def survival(people: pd.DataFrame, w: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """At the horizon, and the area up to it."""
    time, died, weight = people["months"].to_numpy()[inside], people["died"].to_numpy()[inside], w[inside]
    at, level, area = 0.0, 1.0, 0.0
    for now in np.unique(time[died & (time <= TAU)]):
        area += level * (now - at)
        level *= 1 - weight[died & (time == now)].sum() / weight[time >= now].sum()
        at = now
    return level, area + level * (TAU - at)


def compared(study: Study, name: str) -> Results:
    plan = load_plan(ROOT / "analysis" / "plan")
    spec = next(spec for spec in plan.specs if spec.id == name)
    adjustments = tuple(item for item in spec.adjustments if item.name in BLOCKS)
    lean = replace(spec, adjustments=adjustments, outcome_model=None, curves=None)
    return summarize_comparison(prepare_study(study, plan, "final", mask=None), lean)


def agrees(results: Results, block: str, measure: str, found: tuple[float, float]) -> None:
    told = {stat: one(results, block=block, measure=measure, stat=stat).value for stat in ("estimate", "std_error")}
    point = math.log(told["estimate"]) if measure.endswith("ratio") else told["estimate"]
    assert point == pytest.approx(found[0], **ESTIMATES)
    assert told["std_error"] == pytest.approx(found[1], **ERRORS)


def test_risks(people: pd.DataFrame, study: Study) -> None:
    results, values = compared(study, "compare-mucositis"), people["mucositis"].to_numpy()
    for block in BLOCKS:
        agrees(
            results, block, "risk_difference", recomputed(people, block, lambda w, a: -np.diff(means(values, w, a))[0])
        )
        ratio = recomputed(people, block, lambda w, a: -np.diff(np.log(means(values, w, a)))[0])
        agrees(results, block, "risk_ratio", ratio)


def test_geometric_means(people: pd.DataFrame, study: Study) -> None:
    results, measured = compared(study, "compare-lymphocytes"), people.loc[people["change"].notna()]
    values = measured["change"].to_numpy()
    for block in BLOCKS:
        agrees(results, block, "mean_ratio", recomputed(measured, block, lambda w, a: -np.diff(means(values, w, a))[0]))


def test_survival(people: pd.DataFrame, study: Study) -> None:
    results = compared(study, "compare-os")
    for place, measure in enumerate(("survival_difference", "restricted_mean_difference")):

        def difference(w: np.ndarray, arm: np.ndarray, place: int = place) -> float:
            return survival(people, w, arm == 1)[place] - survival(people, w, arm == 0)[place]

        agrees(results, "overlap", measure, recomputed(people, "overlap", difference))
