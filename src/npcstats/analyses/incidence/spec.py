"""What a plan says of cumulative incidence, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from npcstats.analyses.timetoevent.strata import repeated_times, strata_faults
from npcstats.choices import choice_faults
from npcstats.estimators.timetoevent import (
    CONF_TYPES,
)
from npcstats.study import UNADJUSTED, Estimand, Status


@dataclass(frozen=True)
class IncidenceSpec:
    """One endpoint with competing events, by Aalen and Johansen.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    endpoint : str
        Code of an endpoint of the design that names competing events.
    competing_label : str
        Words for the competing events together.
    conf_level : float
        Confidence level of every interval.
    conf_type : {"log-log", "log", "plain"}
        Transformation on which the limits are made.
    landmarks, ticks : tuple of float
        Months at which the incidence, and the number at risk, are given.
    minimum_at_risk : int
        No estimate is given beyond the last time with this many at risk.
    gray : bool
        Whether the arms are compared by Gray's test.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    strata : mapping of str to str
        Columns of ADSL within whose combinations the arms are compared, and their words inside a sentence, such as
        ``region``; empty for none.
    minimum_share : float
        Share of a group's participants of whom as many must be at risk too, from 0 to 1: late in a trial whose events
        are found at visits, a floor that is the same for every group leaves the largest one with wild steps.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    endpoint: str
    competing_label: str
    conf_level: float
    conf_type: str
    landmarks: tuple[float, ...]
    ticks: tuple[float, ...]
    minimum_at_risk: int
    gray: bool
    estimand: Estimand
    status: Status
    strata: Mapping[str, str] = field(default_factory=dict)
    minimum_share: float = 0.0


def incidence_faults(spec: IncidenceSpec) -> list[str]:
    """Faults of an entry by itself: a choice outside its closed set, strata without words.

    Parameters
    ----------
    spec : IncidenceSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(spec, "conf_type", CONF_TYPES) + strata_faults(spec.strata)
    if not 0 <= spec.minimum_share <= 1:
        faults.append(f"minimum_share is {spec.minimum_share}; from 0 to 1 is required")
    return faults + repeated_times(spec.landmarks, spec.ticks)


def incidence_idle(spec: IncidenceSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : IncidenceSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    return {} if spec.gray else {"strata": "there is no test"}


def incidence_estimand(spec: IncidenceSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : IncidenceSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty where it compares no arms.
    """
    return UNADJUSTED if arms == 2 or spec.gray else ""
