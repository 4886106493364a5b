"""What a plan says of hazard ratios, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.adjustment.spec import Covariate, covariate_faults, covariate_idle
from npcstats.analyses.timetoevent.strata import strata_faults
from npcstats.choices import choice_faults, faults_within
from npcstats.estimators.timetoevent import (
    TIES,
    TRANSFORMS,
)
from npcstats.study import CONDITIONAL, UNADJUSTED, Estimand, Status

Model = Literal["cox", "fine-gray"]


MODELS: tuple[Model, ...] = ("cox", "fine-gray")


Reference = Literal["first", "last"]


REFERENCES: tuple[Reference, ...] = ("first", "last")


FINE_GRAY_TIES = "breslow"


_LEAST_KNOTS = 2


@dataclass(frozen=True)
class Subgroup:
    """A variable of ADSL in whose levels the comparison is made again."""

    column: str
    label: str
    levels: Mapping[str, str]


@dataclass(frozen=True)
class RegressionSpec:
    """Hazard ratios of one endpoint.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    endpoint : str
        Code of an endpoint of the design.
    model : {"cox", "fine-gray"}
        Hazard of the event, follow-up ending at a competing one; or hazard of its subdistribution.
    ties : {"efron", "breslow"}
        How tied events share a denominator; Fine and Gray's model knows "breslow" only.
    reference : {"first", "last", ""}
        Which arm the others are compared with; empty where the trial has one arm.
    conf_level : float
        Confidence level of every interval.
    covariates : tuple of Covariate
        What the comparison is adjusted for; empty for no adjusted model.
    strata : mapping of str to str
        Columns of ADSL whose combinations have a baseline hazard of their own, and their words inside a sentence, such
        as ``region``: in a model of the arms alone beside the one without strata, and in the adjusted model; empty for
        none.
    subgroups : tuple of Subgroup
        Where the unadjusted comparison is made again, in Cox's model only.
    minimum_events : int
        With fewer events nothing is fitted.
    ph_transform : {"km", "rank", "identity", "log", ""}
        Scale of time in the test of proportional hazards; empty for Fine and Gray's model, which has none.
    course_knots : int
        Knots of the smooth course of an arm's coefficient over time, 2 or more; 0 for no course, as with Fine and
        Gray's model.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates: conditional on the covariates and strata where there are any, else
        unadjusted; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    reason : str
        Why it is adjusted for fewer covariates than another model beside it, a sentence that stands on the page; empty
        where it is not.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    endpoint: str
    model: Model
    ties: str
    reference: Reference
    conf_level: float
    covariates: tuple[Covariate, ...]
    strata: Mapping[str, str]
    subgroups: tuple[Subgroup, ...]
    minimum_events: int
    ph_transform: str
    course_knots: int
    estimand: Estimand
    status: Status
    reason: str = ""


def regression_faults(spec: RegressionSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or that do not fit together.

    Parameters
    ----------
    spec : RegressionSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(spec, "model", MODELS) + choice_faults(spec, "reference", (*REFERENCES, ""))
    faults += strata_faults(spec.strata)
    if spec.model == "cox":
        faults += choice_faults(spec, "ties", TIES) + choice_faults(spec, "ph_transform", TRANSFORMS)
        if spec.course_knots and not spec.course_knots >= _LEAST_KNOTS:
            faults.append(f"course_knots is {spec.course_knots!r}; 2 or more, or 0 for no course, is required")
    elif spec.subgroups or spec.strata:
        faults.append("it has subgroups or strata; model 'cox' is required for them")
    return faults + [fault for item in spec.covariates for fault in covariate_faults(item)]


def regression_entry_faults(spec: RegressionSpec) -> list[str]:
    """Faults of an entry in a plan: those of `regression_faults`, and fields of covariates without effect.

    Parameters
    ----------
    spec : RegressionSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    parts = ((item.column, item, covariate_idle(item)) for item in spec.covariates)
    return regression_faults(spec) + faults_within(parts)


def regression_idle(spec: RegressionSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : RegressionSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field; a covariate's with its column.
    """
    idle = {} if spec.covariates or not spec.reason else {"reason": "there are no covariates that it would be about"}
    if spec.model == "fine-gray":
        idle |= dict.fromkeys(("ph_transform", "course_knots"), "model 'fine-gray' has no such thing")
        if spec.ties != FINE_GRAY_TIES:
            idle["ties"] = f"model 'fine-gray' handles ties as {FINE_GRAY_TIES!r}, which is required"
    return idle


def regression_estimand(spec: RegressionSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : RegressionSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty where it compares no arms.
    """
    if spec.covariates or spec.strata:
        return CONDITIONAL
    return UNADJUSTED
