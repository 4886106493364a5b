"""One made trial and what its analysis finds: the cheap parts of the generator, or the whole way of the reports.

Every function has a seed as its task, and makes the trial of that seed; no other randomness enters.
"""

from __future__ import annotations

import dataclasses
import math
import runpy
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.comparison.spec import ComparisonSpec
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.clinical.values import days_between
from npcstats.estimators.effects import Effect, Observed, Timed, estimate_effect
from npcstats.estimators.types import DesignMatrix
from npcstats.estimators.weighting import fit_propensity, weigh
from npcstats.results import Results, one
from npcstats.run.plan import Plan, load_plan
from npcstats.run.sessions import prepare_study
from npcstats.study import DAYS_PER_MONTH, Study, read_study
from npcstats.synthetic import Truth, simulate_trial, write_trial
from npcstats.synthetic.biomarkers import draw_values, take_samples
from npcstats.synthetic.cohort import Cohort, draw_cohort
from npcstats.synthetic.disease import draw_fate, draw_follow_up
from npcstats.synthetic.schedule import draw_schedule
from npcstats.synthetic.toxicity import draw_grades
from npcstats.synthetic.treatment import end_course_at_death, plan_course

ROOT = Path(__file__).resolve().parents[2]
CONF_LEVEL = 0.95
SEVERE = 3
MONTHS = 36.0
CONFOUNDERS = ("age10", "ses", "cci", "ecog", "t4", "ic")  # what the generator assigns by
RECORDED = (  # the same as the records have them; the plan's own covariates are more, and may change
    Covariate("AGE", "age", "continuous", per=10.0),
    Covariate("SES", "socio-economic score", "continuous"),
    Covariate("CCI", "comorbidity", "continuous"),
    Covariate("ECOGBL", "performance status", "categorical", levels={"0": "0", "1": "1"}),
    Covariate("T9", "T category", "categorical", levels={"T1": "T1", "T2": "T2", "T3": "T3", "T4": "T4"}),
    Covariate("INDREG", "induction", "categorical", blank="none",
              levels={"none": "none", "I_GP": "GP", "I_TPF": "TPF", "I_TP": "TP"}),
)  # fmt: skip
BLOOD = ("WBC", "ALC", "HGB")
BLOCKS = {"unadjusted": "", "overlap": "ato", "inverse": "ate"}
STATS = ("estimate", "std_error", "ci_low", "ci_high", "p_value")
Found = dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Quantity:
    """What is estimated: its measure, its name among the stored truths (empty for none), its entry of the plan."""

    measure: str
    stored: str = ""
    term: str = ""
    entry: str = ""

    @property
    def at(self) -> float | None:
        return MONTHS if self.measure == "survival_difference" else None


QUANTITIES = {
    "mucositis": Quantity("risk_difference", "Mucositis oral grade>=3", "Mucositis oral", "compare-mucositis"),
    "dermatitis": Quantity(
        "risk_difference", "Dermatitis radiation grade>=3", "Dermatitis radiation", "compare-dermatitis"
    ),
    "nausea": Quantity("risk_difference", "Nausea grade>=3", "Nausea", "compare-nausea"),
    "lymphocytes": Quantity("mean_difference", "log ratio ALC EORT", entry="compare-lymphocytes"),
    "progression": Quantity("survival_difference", "progression-free survival 36 months", entry="compare-pfs"),
    "progression hazard": Quantity("hazard_ratio"),
}


@cache
def trial() -> tuple[Plan, dict[str, Truth]]:
    """The plan, and what each scenario plants."""
    scenarios = runpy.run_path(str(ROOT / "analysis" / "synthetic_truth.py"))["SCENARIOS"]
    return load_plan(ROOT / "analysis" / "plan"), {name: found.truth for name, found in scenarios.items()}


def parts_of(scenario: str, seed: int, stream: np.random.Generator) -> Found:
    """What is found in one trial of which only grades, blood counts and relapses are drawn."""
    plan, planted = trial()
    truth = _of_blood(planted[scenario])
    cohort = draw_cohort(plan.design, truth, seed)
    outcomes = {**_grades(cohort, truth, seed), **_courses(plan, cohort, truth, seed)}
    found: Found = {}
    for name, quantity in QUANTITIES.items():
        outcome, here = outcomes[name]
        for block, effect in effects_of(outcome, cohort.first_arm[here], _confounders(cohort)[here], quantity):
            found[f"{name}, {block}"] = _numbers(effect)
    return found


def _of_blood(truth: Truth) -> Truth:
    kept = tuple(marker for marker in truth.biomarkers.markers if marker.code in BLOOD)
    return dataclasses.replace(truth, biomarkers=dataclasses.replace(truth.biomarkers, markers=kept, composites=()))


def _grades(cohort: Cohort, truth: Truth, seed: int) -> dict[str, tuple[Observed, np.ndarray]]:
    worst = draw_grades(cohort, truth.toxicity.acute, truth.toxicity, seed)
    everyone = np.ones(len(cohort), dtype=bool)
    return {
        name: (Observed((worst[quantity.term] >= SEVERE).astype(float)), everyone)
        for name, quantity in QUANTITIES.items()
        if quantity.term
    }


def _courses(plan: Plan, cohort: Cohort, truth: Truth, seed: int) -> dict[str, tuple[Observed | Timed, np.ndarray]]:
    """Change of the logarithm of the count, of those sampled twice; time to progression, from its first day."""
    course = plan_course(cohort, truth, seed)
    fate = draw_fate(cohort, course, truth, seed)
    course = end_course_at_death(course, fate.death)
    seen = draw_follow_up(cohort, course, fate, truth, seed)
    nobody = np.zeros(len(cohort), dtype=bool)
    schedule = draw_schedule(plan.design, cohort, course, seen, nobody, truth, seed)
    values = draw_values(cohort, course, fate, schedule, truth, seed)
    schedule = take_samples(schedule, values, truth, seed)
    start, end = schedule.column("BL"), schedule.column("EORT")
    twice = schedule.sampled[:, start] & schedule.sampled[:, end]
    change = np.log(values["ALC"][twice, end]) - np.log(values["ALC"][twice, start])
    first = np.fmin(fate.relapse, fate.death)
    had = first <= seen.end
    months = days_between(course.rtstdt, np.where(had, first, seen.end)) / DAYS_PER_MONTH
    treated = cohort.reaches_rt
    progression = Timed(months[treated], had[treated].astype(int))
    return {
        "lymphocytes": (Observed(change), twice),
        "progression": (progression, treated),
        "progression hazard": (progression, treated),
    }


def _confounders(cohort: Cohort) -> np.ndarray:
    return np.column_stack([cohort.covariates[name] for name in CONFOUNDERS])


def effects_of(
    outcome: Observed | Timed, first: np.ndarray, covariates: np.ndarray, quantity: Quantity
) -> Iterator[tuple[str, Effect]]:
    """The effect as observed and by either kind of weights."""
    design = DesignMatrix(covariates.astype(float), tuple(f"x{i}" for i in range(covariates.shape[1])))
    score = fit_propensity(first, design)
    for block, estimand in BLOCKS.items():
        weights = weigh(score, first, estimand=estimand, stabilized=estimand == "ate") if estimand else None
        ties = "efron" if quantity.measure == "hazard_ratio" else ""
        yield block, estimate_effect(outcome, first, measure=quantity.measure, weights=weights, conf_level=CONF_LEVEL,
                                     at=quantity.at, ties=ties)  # fmt: skip


def _numbers(effect: Effect) -> tuple[float, ...]:
    interval = effect.interval
    return interval.estimate, effect.std_error, interval.lower, interval.upper, effect.p_value


def whole_of(seed: int, stream: np.random.Generator) -> Found:
    """What comparisons of the plan find in one whole trial that was written, read and cut as an export is."""
    plan, _ = trial()
    study = whole_study(seed)
    found: Found = {}
    for name, quantity in QUANTITIES.items():
        if quantity.entry:
            results = summarize_comparison(study, planned_entry(plan, quantity.entry, RECORDED))
            found |= {f"{name}, {block}": _rows(results, block, quantity) for block in BLOCKS}
    return found


def whole_study(seed: int) -> Study:
    """A whole trial, as the final session has it."""
    plan, planted = trial()
    with tempfile.TemporaryDirectory() as folder:
        write_trial(simulate_trial(plan.design, planted["base"], seed), Path(folder))
        return prepare_study(read_study(Path(folder), plan.design), plan, "final", mask=None)


def planned_entry(plan: Plan, entry: str, covariates: tuple[Covariate, ...]) -> ComparisonSpec:
    """An entry of the plan with the adjustments that are looked at here, by these covariates, and with p-values."""
    (spec,) = (spec for spec in plan.specs if spec.id == entry and isinstance(spec, ComparisonSpec))
    kept = tuple(dataclasses.replace(item, confounders=covariates) for item in spec.adjustments if item.name in BLOCKS)
    return dataclasses.replace(spec, adjustments=kept, outcome_model=None, curves=None, p_values=True)


def _rows(results: Results, block: str, quantity: Quantity) -> tuple[float, ...]:
    """As `_numbers`, a ratio of geometric means as the difference of logarithms that the truth is stored as."""
    ratio = quantity.measure == "mean_difference"
    at = {"measure": "mean_ratio" if ratio else quantity.measure, "block": block}
    told = {stat: one(results, stat=stat, **at).value for stat in STATS}
    if ratio:
        told |= {stat: math.log(told[stat]) for stat in ("estimate", "ci_low", "ci_high")}
    return tuple(told[stat] for stat in STATS)
