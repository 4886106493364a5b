"""Who is enrolled, when, and to which treatment: covariates, calendar and confounded assignment.

Covariates are rounded to what is recorded before anything depends on them, so that the true propensity score can be
computed from the exported data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.study import DAYS_PER_MONTH, Design
from npcstats.synthetic.draws import (
    Bools,
    Dates,
    Floats,
    Ints,
    Texts,
    after,
    as_frame,
    choose,
    choose_text,
    days,
    entered,
    expit,
    named_stream,
    predict,
    to_date,
    working_day,
)
from npcstats.synthetic.truth import Assignment, Covariates, Truth


@dataclass(frozen=True)
class Baseline:
    """What participants are like before treatment, one element each.

    ``covariates`` holds what linear predictors name: age10 (decades from the mean), ses, male, cci, ecog, t3, t4, n01,
    n2, n3, n2up, ic, ebv (log10 copies/mL), frailty.
    """

    age: Floats
    tumor: Ints
    nodes: Ints
    stage: Texts
    volume: Floats
    histology: Texts
    smoke: Bools
    betel: Bools
    covariates: Mapping[str, Floats]


@dataclass(frozen=True)
class Cohort:
    """The enrolled, one element each.

    ``given`` is the treatment received, by which ``first_arm`` says who counts in the design's first arm; ``planned``
    differs from it in those whose treatment was changed.
    """

    ids: Texts
    consented: Dates
    enrolled: Dates
    planned: Texts
    given: Texts
    technique: Texts
    dose_unit: Texts
    first_arm: Bools
    reaches_rt: Bools
    baseline: Baseline

    def __len__(self) -> int:
        """Return the number of enrolled participants."""
        return len(self.ids)

    @property
    def covariates(self) -> Mapping[str, Floats]:
        """What linear predictors name.

        Returns
        -------
        mapping of str to float (n,)
            By name.
        """
        return self.baseline.covariates

    def flag(self, name: str) -> Bools:
        """Return a 0/1 covariate as a mask.

        Parameters
        ----------
        name : str
            Covariate that is 0 or 1.

        Returns
        -------
        bool (n,)
            True where it is 1.
        """
        return np.asarray(self.covariates[name] == 1.0)


def draw_cohort(design: Design, truth: Truth, seed: int) -> Cohort:
    """Draw the enrolled participants; their order carries neither arm nor date.

    Parameters
    ----------
    design : Design
        The trial's design.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    Cohort
        In the order of their identifiers.
    """
    size = design.planned_size
    baseline = _draw_baseline(size, truth, seed)
    covariates = baseline.covariates
    given, first_arm = _assign(design, truth.assignment, covariates, seed)
    enrolled = _enrolment_dates(design, named_stream(seed, "calendar/enrolment"), size)
    rng = named_stream(seed, "calendar/consent")
    consented = working_day(after(enrolled, -days(rng, size, truth.calendar.consent_days)), roll="nearest")
    with_induction, without = truth.assignment.never_radiated
    never = np.where(covariates["ic"] == 1.0, with_induction, without)
    reaches = named_stream(seed, "assignment/reaches").random(size) >= never
    planned = _plans(design, truth.assignment, given, first_arm, reaches, seed)
    return Cohort(
        ids=np.array([f"{truth.id_prefix}-{i + 1:04d}" for i in range(size)], dtype=object),
        consented=consented,
        enrolled=enrolled,
        planned=planned,
        given=given,
        technique=_techniques(truth.assignment, given, named_stream(seed, "assignment/technique")),
        dose_unit=np.array([dict(truth.assignment.dose_units)[code] for code in given], dtype=object),
        first_arm=first_arm,
        reaches_rt=reaches,
        baseline=baseline,
    )


def draw_screening(cohort: Cohort, truth: Truth, seed: int) -> pd.DataFrame:
    """Draw all screened persons: the enrolled, without a failed criterion, and the failures among their dates.

    Parameters
    ----------
    cohort : Cohort
        The enrolled.
    truth : Truth
        Everything planted.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        Of the data contract, with the day of entry.
    """
    rng = named_stream(seed, "screening")
    share = truth.screening.failure_share
    failures = round(len(cohort) * share / (1.0 - share))
    nearby = cohort.consented[rng.integers(0, len(cohort), size=failures)]
    theirs = working_day(after(nearby, days(rng, failures, (-10, 10))), roll="nearest")
    consented = np.concatenate([cohort.consented, theirs])
    reasons = choose_text(rng, failures, truth.screening.criteria)
    criterion = np.concatenate([np.full(len(cohort), "", dtype=object), reasons])
    order = np.lexsort((rng.random(len(consented)), consented))
    numbers = np.array([f"SCR-{i + 1:04d}" for i in range(len(consented))], dtype=object)
    frame = as_frame({"SCRNID": numbers, "ICFDT": consented[order], "CRITERION": criterion[order]})
    return entered(rng, frame, "ICFDT", truth.calendar)


def true_propensity(truth: Truth, covariates: Mapping[str, Floats]) -> Floats:
    """Return the planted probability of the design's first arm.

    Parameters
    ----------
    truth : Truth
        Everything planted.
    covariates : mapping of str to float (n,)
        By name, as recorded.

    Returns
    -------
    float (n,)
        Between 0 and 1.
    """
    return expit(predict(truth.assignment.propensity, covariates))


def _draw_baseline(size: int, truth: Truth, seed: int) -> Baseline:
    planted = truth.covariates
    person = _draw_persons(size, planted, named_stream(seed, "covariates/person"))
    tumor, nodes, stage = _draw_stage(size, planted, named_stream(seed, "covariates/stage"))
    rng = named_stream(seed, "covariates/tumor")
    ebv = np.asarray(planted.ebv_mean)[stage] + planted.ebv_sd * rng.standard_normal(size)
    volume = np.asarray(planted.volume_median)[tumor - 1] * np.exp(planted.volume_log_sd * rng.standard_normal(size))
    induction = rng.random(size) < np.asarray(planted.induction)[stage]
    frailty = truth.toxicity.frailty_sd * named_stream(seed, "covariates/frailty").standard_normal(size)
    flags = {
        "t3": tumor == 3, "t4": tumor == 4, "n01": nodes <= 1, "n2": nodes == 2, "n3": nodes == 3,
        "n2up": nodes >= 2, "ic": induction, "male": person["male"] == 1.0,
    }  # fmt: skip
    covariates = {name: person[name] for name in ("age10", "ses", "cci", "ecog")}
    covariates |= {"ebv": ebv, "frailty": frailty}
    covariates |= {name: mask.astype(np.float64) for name, mask in flags.items()}
    return Baseline(
        age=person["age"],
        tumor=tumor,
        nodes=nodes,
        stage=np.array(planted.stages, dtype=object)[stage],
        volume=np.round(volume, 1),
        histology=choose_text(rng, size, planted.histology),
        smoke=person["smoke"] == 1.0,
        betel=person["betel"] == 1.0,
        covariates=covariates,
    )


def _draw_persons(size: int, planted: Covariates, rng: np.random.Generator) -> dict[str, Floats]:
    mean, sd, lowest, highest = planted.age
    age = np.rint(np.clip(mean + sd * rng.standard_normal(size), lowest, highest))
    ses = np.round(rng.standard_normal(size) + planted.ses_per_age_sd * (age - mean) / sd, 2)
    male = (rng.random(size) < planted.male).astype(np.float64)
    person = {"age": age, "age10": (age - mean) / 10.0, "ses": ses, "male": male}
    person["cci"] = rng.poisson(np.exp(predict(planted.cci, person))).astype(np.float64)
    person["ecog"] = (rng.random(size) < expit(predict(planted.ecog, person))).astype(np.float64)
    for name, (in_men, in_women) in (("smoke", planted.smoke), ("betel", planted.betel)):
        person[name] = (rng.random(size) < np.where(male == 1.0, in_men, in_women)).astype(np.float64)
    return person


def _draw_stage(size: int, planted: Covariates, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    tumor = choose(rng, size, planted.tumor) + 1
    nodes = choose(rng, size, planted.nodes)
    recoded = (tumor == 1) & (nodes == 0) & (rng.random(size) < planted.node_positive_share)
    nodes = np.where(recoded, 1, nodes)
    return tumor, nodes, np.asarray(planted.stage_grid)[tumor - 1, nodes]


def _assign(design: Design, planted: Assignment, covariates: Mapping[str, Floats], seed: int) -> tuple[Texts, Bools]:
    rng = named_stream(seed, "assignment/arm")
    size = len(covariates["age10"])
    first_arm = rng.random(size) < expit(predict(planted.propensity, covariates))
    arms = np.where(first_arm, design.arms[0].code, design.arms[-1].code).astype(object)
    given = arms.copy()
    mixed = rng.random(size) < planted.mixed_share
    for code, arm in design.arm_rule.items():
        given[mixed & (arms == arm)] = code
    return given, first_arm


def _plans(design: Design, planned: Assignment, given: Texts, first_arm: Bools, reaches: Bools, seed: int) -> Texts:
    """Arm that was planned: another than that received in the share whose treatment was changed."""
    own, other = (np.where(first, design.arms[0].code, design.arms[-1].code) for first in (first_arm, ~first_arm))
    pure, mixed = planned.changed
    chance = np.where(given == own, pure, mixed)
    changed = (named_stream(seed, "assignment/plan").random(len(given)) < chance) & reaches
    return np.where(changed, other, own).astype(object)


def _techniques(planted: Assignment, given: Texts, rng: np.random.Generator) -> Texts:
    weights = dict(planted.techniques)
    technique = np.full(len(given), "", dtype=object)
    for code in weights:
        here = given == code
        technique[here] = choose_text(rng, int(here.sum()), weights[code])
    return technique


def _enrolment_dates(design: Design, rng: np.random.Generator, size: int) -> Dates:
    months, shares = zip(*design.accrual_plan, strict=True)
    month = np.interp(rng.random(size), shares, months)
    day = after(np.full(size, to_date(design.accrual_start)), np.floor(month * DAYS_PER_MONTH).astype(np.int64))
    return working_day(day, roll="nearest")
