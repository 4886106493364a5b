"""What is said of two arms in one number, and how an outcome is modelled, as values of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from npcstats.analyses.adjustment.outcomes import GradeOutcome, Outcome, TimeOutcome
from npcstats.analyses.adjustment.rows import ARM_MEASURES, TIMED
from npcstats.analyses.adjustment.spec import Adjustment
from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.estimators.timetoevent import TIES

Method = Literal["g-computation", "aipw"]


METHODS: tuple[Method, ...] = get_args(Method)


Together = Literal["apart", "together"]


TOGETHER: tuple[Together, ...] = get_args(Together)


OF_TIMES = ("hazard_ratio", *TIMED)


OF_RISKS = ("risk_difference", "risk_ratio", "odds_ratio")


OF_MEANS = {"log": ("mean_ratio",), "identity": ("mean_difference",), "detectable": OF_RISKS}


@dataclass(frozen=True)
class Measure:
    """What is said of two arms in one number.

    Parameters
    ----------
    name : str
        Such as ``hazard_ratio`` or ``risk_difference``; what an outcome allows is in `measures_of`.
    at : float, optional
        Months, of a difference of survival, of incidence or of restricted means.
    """

    name: str
    at: float | None = None


@dataclass(frozen=True)
class OutcomeModel:
    """A regression of the outcome on the covariates of the first adjustment: linear of a quantity, logistic of a risk.

    Parameters
    ----------
    method : {"g-computation", "aipw"}
        Predictions for everyone as if in either arm, averaged; or these beside the weights (doubly robust).
    arms : {"apart", "together"}
        A regression for each arm, or one with the arm among its covariates.
    """

    method: Method
    arms: Together


def measures_of(outcome: Outcome) -> tuple[str, ...]:
    """Measures that an outcome allows.

    Parameters
    ----------
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        As in the plan.

    Returns
    -------
    tuple of str
        Of a time all; whether survival or incidence depends on the endpoint of the design.
    """
    if isinstance(outcome, TimeOutcome):
        return OF_TIMES
    return OF_RISKS if isinstance(outcome, GradeOutcome) else OF_MEANS.get(outcome.scale, ())


MEASURE_WORDS: Mapping[str, str] = {
    "hazard_ratio": "hazard ratio",
    "survival_difference": "survival difference",
    "restricted_mean_difference": "restricted mean difference",
    "incidence_difference": "incidence difference",
    "risk_difference": "risk difference",
    "risk_ratio": "risk ratio",
    "odds_ratio": "odds ratio",
    "mean_difference": "difference of means",
    "mean_ratio": "ratio of geometric means",
}


def measure_faults(measures: Sequence[Measure], outcome: Outcome, ties: str) -> list[str]:
    """Faults of measures beside their outcome.

    Parameters
    ----------
    measures : sequence of Measure
        As in the plan.
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        What they are of.
    ties : str
        How tied events share a denominator.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = [] if measures else ["it has no measure; one or more are required"]
    faults += repeat_faults("measure", [f"{item.name} {item.at or ''}".strip() for item in measures])
    for item in measures:
        faults += choice_faults(item, "name", measures_of(outcome))
        if item.name in ARM_MEASURES and (item.at is None) == (item.name in TIMED):
            faults.append(f"{item.name} {'needs a time, at' if item.name in TIMED else 'has no time, at'}")
        if item.at is not None:
            faults += [f"{item.name}: {fault}" for fault in number_faults(item, "at", above=0)]
    if any(item.name == "hazard_ratio" for item in measures) and ties not in TIES:
        faults.append(f"ties is {ties!r}; one of {', '.join(TIES)} is required")
    return faults


def model_faults(model: OutcomeModel, adjustment: Adjustment | None, outcome: Outcome) -> list[str]:
    """Faults of a regression of the outcome beside the adjustment whose covariates it has.

    Parameters
    ----------
    model : OutcomeModel
        As in the plan.
    adjustment : Adjustment, optional
        As in the plan.
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        What it is of.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(model, "method", METHODS) + choice_faults(model, "arms", TOGETHER)
    if isinstance(outcome, TimeOutcome):
        faults.append("outcome_model is of a time; a risk or a quantity is required")
    if adjustment is None:
        return [*faults, "outcome_model has the covariates of an adjustment; one is required"]
    if model.method == "g-computation" and adjustment.estimand == "ato":
        faults.append("outcome_model is 'g-computation' with estimand 'ato', which needs the score; 'aipw' is required")
    if adjustment.missing == "imputed":
        faults.append(
            f"outcome_model has the covariates of {adjustment.name}, which are imputed; complete ones are required"
        )
    return faults
