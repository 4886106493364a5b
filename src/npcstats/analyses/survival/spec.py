"""What a plan says of survival and of follow-up, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.analyses.timetoevent.groups import (
    Grouping,
    Landmark,
)
from npcstats.analyses.timetoevent.strata import repeated_times, strata_faults
from npcstats.choices import choice_faults
from npcstats.estimators.timetoevent import (
    CURVE_CONF_TYPES,
)
from npcstats.formatting import counted
from npcstats.study import UNADJUSTED, Estimand, Status

_TREND_GROUPS = 3


Comparison = Literal["none", "log-rank", "trend"]


COMPARISONS: tuple[Comparison, ...] = ("none", "log-rank", "trend")


@dataclass(frozen=True)
class SurvivalSpec:
    """One endpoint by Kaplan-Meier.

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
    conf_level : float
        Confidence level of every interval.
    conf_type : {"log-log", "log", "plain", "beta-product"}
        Transformation on which the limits are made.
    landmarks, ticks : tuple of float
        Months at which the probability, and the number at risk, are given.
    minimum_at_risk : int
        No estimate is given beyond the last time with this many at risk.
    tau : float
        Horizon of the restricted mean, in months.
    test : {"none", "log-rank", "trend"}
        How the groups are compared; a trend needs a grouping, whose order it follows.
    rho, gamma : float
        Fleming and Harrington's weight of each time in the test; 0 and 0 is the log-rank test.
    strata : mapping of str to str
        Columns of ADSL within whose combinations the groups are compared, and their words inside a sentence, such as
        ``region``; empty for none.
    grouping : ByCharacteristic or ByDetection, optional
        Groups instead of the arms.
    landmark : Landmark, optional
        From when time is counted, instead of the endpoint's origin.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    endpoint: str
    conf_level: float
    conf_type: str
    landmarks: tuple[float, ...]
    ticks: tuple[float, ...]
    minimum_at_risk: int
    tau: float
    test: Comparison
    estimand: Estimand
    status: Status
    rho: float = 0.0
    gamma: float = 0.0
    strata: Mapping[str, str] = field(default_factory=dict)
    grouping: Grouping | None = None
    landmark: Landmark | None = None


@dataclass(frozen=True)
class FollowUpSpec:
    """Follow-up only: reverse Kaplan-Meier of an endpoint, without its curve, for sessions that may not see that.

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
    conf_level : float
        Confidence level of every interval.
    conf_type : {"log-log", "log", "plain", "beta-product"}
        Transformation on which the limits are made.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    endpoint: str
    conf_level: float
    conf_type: str
    status: Status


def survival_faults(spec: SurvivalSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or that do not fit together.

    Parameters
    ----------
    spec : SurvivalSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(spec, "conf_type", CURVE_CONF_TYPES) + choice_faults(spec, "test", COMPARISONS)
    faults += strata_faults(spec.strata) + repeated_times(spec.landmarks, spec.ticks)
    if spec.test == "trend" and spec.grouping is None:
        faults.append("test is a trend; a grouping, whose order it follows, is required")
    return faults


def survival_idle(spec: SurvivalSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : SurvivalSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    if spec.test == "none":
        return dict.fromkeys(("strata", "rho", "gamma"), "there is no test")
    groups = len(spec.grouping.levels) if spec.grouping else _TREND_GROUPS
    if groups < 2:
        return {"test": f"there is {counted(groups, 'group')} to compare, and two are required"}
    if spec.test == "trend" and groups < _TREND_GROUPS:
        return {"test": "a trend across two groups is the log-rank test; that, or three groups, are required"}
    return {}


def follow_up_faults(spec: FollowUpSpec) -> list[str]:
    """Faults of an entry by itself: a choice outside its closed set.

    Parameters
    ----------
    spec : FollowUpSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    return choice_faults(spec, "conf_type", CURVE_CONF_TYPES)


def tests_arms(spec: SurvivalSpec) -> tuple[str, ...]:
    """Fields of an entry that are without effect where arms are not told apart.

    Parameters
    ----------
    spec : SurvivalSpec
        As in the plan.

    Returns
    -------
    tuple of str
        Its test, where that compares arms.
    """
    return ("test",) if spec.grouping is None and spec.test != "none" else ()


def survival_estimand(spec: SurvivalSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : SurvivalSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty where it compares no arms.
    """
    compared = spec.grouping is None and (arms == 2 or spec.test != "none")
    return UNADJUSTED if compared else ""
