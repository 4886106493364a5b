"""What a plan says of onset, duration and resolution, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from npcstats.choices import choice_faults, repeat_faults
from npcstats.derive import GradeWindow
from npcstats.estimators.continuous import QUANTILE_TYPES
from npcstats.estimators.timetoevent import CONF_TYPES
from npcstats.study import Status


@dataclass(frozen=True)
class TimedEvents:
    """Adverse events whose course is told.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    terms : tuple of str
        Terms of the grading scale; every term if empty.
    lowest : int
        The lowest grade of an event that counts.
    """

    code: str
    label: str
    terms: tuple[str, ...]
    lowest: int


@dataclass(frozen=True)
class DurationSpec:
    """When events begin and are worst, how long the first of them lasts, and who has recovered.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    window : GradeWindow
        Which events count, and from which day onset is counted: the first of its period.
    events : tuple of TimedEvents
        In page order.
    baseline_adjusted : bool
        As in a table of worst grades.
    followed_by : tuple of str
        Kinds of assessment until whose last day an open event is known to be open.
    days : tuple of int
        Days from the onset at which it is told who has recovered, rising.
    quantile_type : int
        Hyndman–Fan type of the quartiles of onset.
    conf_level : float
        Confidence level of every interval.
    conf_type : {"log-log", "log", "plain"}
        Transformation on which the limits are made.
    minimum_at_risk : int
        Nothing is estimated beyond the last day with this many events open.
    scale : str
        Grading scale and version, as printed.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    window: GradeWindow
    events: tuple[TimedEvents, ...]
    baseline_adjusted: bool
    followed_by: tuple[str, ...]
    days: tuple[int, ...]
    quantile_type: int
    conf_level: float
    conf_type: str
    minimum_at_risk: int
    scale: str
    status: Status


def duration_faults(spec: DurationSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : DurationSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = choice_faults(spec, "conf_type", CONF_TYPES) + choice_faults(spec, "quantile_type", QUANTILE_TYPES)
    found += repeat_faults("events", [item.code for item in spec.events])
    found += [f"{item.code}: lowest is {item.lowest}; a grade from 1 to 5 is required" for item in spec.events
              if not 1 <= item.lowest <= 5]  # fmt: skip
    if not spec.events:
        found.append("it has no events, so nothing is told; one is required")
    if not spec.followed_by:
        found.append("followed_by is empty, so no open event is known to be open; a kind of assessment is required")
    if any(day < 1 for day in spec.days) or any(low >= high for low, high in pairwise(spec.days)):
        found.append("days do not rise from 1 or more; days from the onset are required")
    if not spec.window.period:
        found.append(f"window {spec.window.code} has no period, from whose first day onset is counted; one is required")
    return found
