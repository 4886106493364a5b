"""What an analysis of the made trial should find: both potential outcomes of many participants, drawn by the generator.

Nothing is assumed here that the generator does not do. Adverse events and survival are drawn alone, for many; what
depends on samples and calendars is read from whole trials in which everyone is in one arm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from npcstats.clinical.values import days_between
from npcstats.study import DAYS_PER_MONTH, Design
from npcstats.synthetic.cohort import Cohort, draw_cohort, true_propensity
from npcstats.synthetic.detection import find_relapses
from npcstats.synthetic.disease import FollowUp, Times, draw_fate, draw_times
from npcstats.synthetic.draws import NEVER, Bools, Floats, Texts
from npcstats.synthetic.imaging import name_planted
from npcstats.synthetic.schedule import draw_schedule
from npcstats.synthetic.toxicity import draw_grades
from npcstats.synthetic.treatment import end_course_at_death, plan_course
from npcstats.synthetic.trial import simulate_trial
from npcstats.synthetic.truth import Linear, Truth

CERTAIN = 50.0
SEVERE = 3
FOUND = ", as found"
DECIMALS = 5
Quantities = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Size:
    """How much is drawn: `draws` participants, `recorded` of them as whole trials, so many of either at a time."""

    draws: int
    chunk: int
    recorded: int
    recorded_chunk: int


@dataclass(frozen=True)
class Horizon:
    """At which months survival is stated, and up to which its restricted mean."""

    months: tuple[float, ...]
    restricted: float


def estimate_truths(
    design: Design, truth: Truth, seed: int, *, size: Size, horizon: Horizon, grades: Sequence[int], reliable: float
) -> dict[str, object]:
    """Draw both potential outcomes and average them over the population.

    Parameters
    ----------
    design : Design
        The trial's design.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the first chunk; the following ones count up.
    size : Size
        How much is drawn.
    horizon : Horizon
        Months from the start of radiotherapy.
    grades : sequence of int
        Grades at or above which risks are stated.
    reliable : float
        Intraclass correlation below which an image feature counts as unstable.

    Returns
    -------
    dict of str to object
        ``seed``, ``draws``, ``recorded``; ``population`` (propensity, imbalance); ``quantities`` by name, each with the
        mean under either arm, ``ate`` and its Monte-Carlo standard error ``ate_se``, and, where assignment was drawn,
        ``ato`` (overlap population) and ``naive`` (unadjusted); ``features`` by what is planted in them.

    Notes
    -----
    *Convention* differences are first arm minus last; both outcomes of a participant share their random numbers.
    Relapses count from the day on which they begin, which the hazards give; in quantities that end in ``, as found``,
    from the day on which the trial finds them, and that is what an analysis of its records estimates.
    """
    chunks = [
        _draw_chunk(replace(design, planned_size=size.chunk), truth, seed + number, horizon, grades)
        for number in range(size.draws // size.chunk)
    ]
    drawn = {name: _pooled([quantities[name] for _, quantities in chunks]) for name in chunks[0][1]}
    return {
        "seed": seed,
        "draws": size.draws,
        "recorded": size.recorded,
        "population": _pooled([population for population, _ in chunks]),
        "quantities": {**drawn, **_recorded(design, truth, seed, size, grades)},
        "features": name_planted(truth.imaging, reliable),
    }


def write_truths(truths: Mapping[str, object], path: Path) -> None:
    """Write truths as JSON, rounded to five decimals.

    Parameters
    ----------
    truths : mapping of str to object
        As `estimate_truths` returns them.
    path : Path
        File to write.
    """
    path.write_text(json.dumps(_rounded(truths), indent=1) + "\n", encoding="utf-8")


def _draw_chunk(
    design: Design, truth: Truth, seed: int, horizon: Horizon, grades: Sequence[int]
) -> tuple[dict[str, float], Quantities]:
    """Averages over one chunk: of the population, and of every outcome."""
    cohort = draw_cohort(design, truth, seed)
    propensity = true_propensity(truth, cohort.covariates)
    last, first = (_outcomes(design, _everyone(cohort, arm), truth, seed, horizon, grades) for arm in (False, True))
    codes = _codes(design)
    return _population(cohort, propensity), {
        name: _averages(last[name], first[name], cohort.first_arm, propensity, codes) for name in last
    }


def _codes(design: Design) -> tuple[str, str]:
    return design.arms[-1].code, design.arms[0].code


def _pooled(chunks: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Means over chunks of one size; the standard error is that of all of them together."""
    means = {key: float(np.mean([chunk[key] for chunk in chunks])) for key in chunks[0]}
    if "ate_se" in means:
        means["ate_se"] = float(np.sqrt(np.mean([chunk["ate_se"] ** 2 for chunk in chunks]) / len(chunks)))
    return means


def _everyone(cohort: Cohort, arm: bool) -> Cohort:
    return replace(cohort, first_arm=np.full(len(cohort), arm), reaches_rt=np.ones(len(cohort), dtype=bool))


def _outcomes(
    design: Design, cohort: Cohort, truth: Truth, seed: int, horizon: Horizon, grades: Sequence[int]
) -> dict[str, Floats]:
    """Every outcome of every participant under one treatment, as numbers to average."""
    worst = draw_grades(cohort, truth.toxicity.acute, truth.toxicity, seed)
    outcomes = {
        f"{term} grade>={grade}": (found >= grade).astype(np.float64)
        for term, found in worst.items()
        for grade in grades
    }
    severe = np.any([found >= SEVERE for found in worst.values()], axis=0)
    begun = _survival(draw_times(cohort, truth, seed), horizon, "")
    return {**outcomes, **begun, **_survival(find_times(design, cohort, severe, truth, seed), horizon, FOUND)}


def find_times(design: Design, cohort: Cohort, severe: Bools, truth: Truth, seed: int) -> Times:
    """Draw when relapse is found if nobody is lost and everyone starts radiotherapy.

    Parameters
    ----------
    design : Design
        The trial's design.
    cohort : Cohort
        The enrolled, all of whom reach radiotherapy.
    severe : bool (n,)
        Had an acute clinical event of grade 3 or more.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial.

    Returns
    -------
    Times
        Months from the start of radiotherapy to whole days; infinite where never.
    """
    course = plan_course(cohort, truth, seed)
    fate = draw_fate(cohort, course, truth, seed)
    course = end_course_at_death(course, fate.death)
    nobody = FollowUp(end=fate.death, eosdt=np.full(len(cohort), NEVER), status=np.full(len(cohort), "", dtype=object))
    found = find_relapses(course, fate, draw_schedule(design, cohort, course, nobody, severe, truth, seed), truth, seed)
    locoregional, distant, death = (
        np.nan_to_num(days_between(course.rtstdt, date) / DAYS_PER_MONTH, nan=np.inf)
        for date in (found.locoregional, found.distant, found.death)
    )
    return Times(locoregional, distant, death, found.from_disease)


def _survival(times: Times, horizon: Horizon, known: str) -> dict[str, Floats]:
    """By the day on which a relapse begins, or on which it is found; `known` is the end of the names."""
    locoregional = np.where(times.locoregional <= times.death, times.locoregional, np.inf)
    distant = np.where(times.distant <= times.death, times.distant, np.inf)
    progression = np.minimum(np.minimum(locoregional, distant), times.death)
    outcomes = {}
    for month in horizon.months:
        outcomes[f"locoregional incidence {month:g} months{known}"] = locoregional <= month
        outcomes[f"distant incidence {month:g} months{known}"] = distant <= month
        outcomes[f"progression-free survival {month:g} months{known}"] = progression > month
        if not known:
            outcomes[f"overall survival {month:g} months"] = times.death > month
    limit = horizon.restricted
    outcomes[f"restricted mean progression-free survival {limit:g} months{known}"] = np.minimum(progression, limit)
    if not known:
        outcomes[f"restricted mean overall survival {limit:g} months"] = np.minimum(times.death, limit)
    return {name: np.asarray(found, dtype=np.float64) for name, found in outcomes.items()}


def _averages(
    last: Floats, first: Floats, first_arm: Bools, propensity: Floats, codes: tuple[str, str]
) -> dict[str, float]:
    difference = first - last
    return {
        codes[0]: float(last.mean()),
        codes[1]: float(first.mean()),
        **_mean(difference),
        "ato": float(np.average(difference, weights=propensity * (1.0 - propensity))),
        "naive": float(first[first_arm].mean() - last[~first_arm].mean()),
    }


def _population(cohort: Cohort, propensity: Floats) -> dict[str, float]:
    found = {"propensity mean": float(propensity.mean())}
    for share in (0.01, 0.5, 0.99):
        found[f"propensity quantile {share:g}"] = float(np.quantile(propensity, share))
    for name, x in cohort.covariates.items():
        first, last = x[cohort.first_arm], x[~cohort.first_arm]
        found[f"smd {name}"] = float((first.mean() - last.mean()) / np.sqrt((first.var() + last.var()) / 2.0))
    return found


def _recorded(design: Design, truth: Truth, seed: int, size: Size, grades: Sequence[int]) -> Quantities:
    """Laboratory risks and log ratios as whole trials record them, missed samples and deaths included."""
    trial = replace(design, planned_size=size.recorded_chunk)
    codes = _codes(design)
    risks: dict[str, list[Floats]] = {}
    ratios: dict[str, list[Floats]] = {}
    for number in range(size.recorded // size.recorded_chunk):
        last, first = (simulate_trial(trial, _in_one_arm(truth, arm), seed + number) for arm in (False, True))
        for name, found in _laboratory_risks((last, first), truth, grades).items():
            risks.setdefault(name, []).append(found)
        for name, found in _log_ratios((last, first), truth).items():
            ratios.setdefault(name, []).append(found)
    quantities: Quantities = {}
    for name, parts in risks.items():
        pair = np.concatenate(parts, axis=1)
        quantities[name] = {
            codes[0]: float(pair[0].mean()),
            codes[1]: float(pair[1].mean()),
            **_mean(pair[1] - pair[0]),
        }
    return quantities | {name: _mean(np.concatenate(parts)) for name, parts in ratios.items()}


def _in_one_arm(truth: Truth, first: bool) -> Truth:
    """Everyone in one arm, all of them irradiated; image features, which no risk needs, are left out."""
    certain = Linear(CERTAIN if first else -CERTAIN, (("age10", 0.0),))
    assignment = replace(truth.assignment, propensity=certain, never_radiated=(0.0, 0.0))
    return replace(truth, assignment=assignment, imaging=replace(truth.imaging, features=()))


def _laboratory_risks(
    trials: tuple[Mapping[str, pd.DataFrame], Mapping[str, pd.DataFrame]], truth: Truth, grades: Sequence[int]
) -> dict[str, Floats]:
    """Whether each participant has a recorded event of the acute period, (2, n) by term and grade."""
    frames = [_acute(trial, truth.toxicity.acute_days) for trial in trials]
    people = [trial["adsl"]["USUBJID"].to_numpy(dtype=object) for trial in trials]
    return {
        f"{term.name} grade>={grade}": np.stack(
            [np.isin(ids, _who(events, term.name, grade)) for ids, events in zip(people, frames, strict=True)]
        ).astype(np.float64)
        for term in truth.toxicity.laboratory
        for grade in grades
        if grade <= len(term.cuts)
    }


def _acute(trial: Mapping[str, pd.DataFrame], days: int) -> pd.DataFrame:
    events = trial["adae"].merge(trial["adsl"][["USUBJID", "RTSTDT", "RTENDT"]], on="USUBJID")
    end = events["RTENDT"] + pd.Timedelta(days=days)
    return pd.DataFrame(events[(events["ASTDT"] >= events["RTSTDT"]) & (events["ASTDT"] <= end)])


def _who(events: pd.DataFrame, term: str, grade: int) -> Texts:
    here = (events["AEDECOD"] == term) & (events["AETOXGR"] >= grade)
    return events.loc[here, "USUBJID"].to_numpy(dtype=object)


def _log_ratios(
    trials: tuple[Mapping[str, pd.DataFrame], Mapping[str, pd.DataFrame]], truth: Truth
) -> dict[str, Floats]:
    """Difference of a participant's log values at a visit, of markers with a planted difference, (n,) by name."""
    names = [marker.code for marker in truth.biomarkers.markers if any(d for _, _, d in marker.course)]
    keys = ["USUBJID", "PARAMCD", "AVISIT"]
    last, first = (trial["adlb"].loc[lambda x: x["PARAMCD"].isin(names), [*keys, "AVAL"]] for trial in trials)
    both = last[last["AVISIT"] != ""].merge(first, on=keys, suffixes=("_last", "_first"))
    both["ratio"] = np.log(both["AVAL_first"] / both["AVAL_last"])
    visits = dict.fromkeys(visit for marker in truth.biomarkers.markers for visit, _, _ in marker.course)
    grouped = {key: part.to_numpy() for key, part in both.groupby(["PARAMCD", "AVISIT"])["ratio"]}
    return {
        f"log ratio {code} {visit}": grouped[code, visit]
        for code in names
        for visit in visits
        if (code, visit) in grouped
    }


def _mean(difference: Floats) -> dict[str, float]:
    return {"ate": float(difference.mean()), "ate_se": float(difference.std() / np.sqrt(len(difference)))}


def _rounded(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0
    return value
