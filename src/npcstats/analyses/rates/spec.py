"""What a plan says of rates of adverse events, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.estimators.rates import RATE_DIFFERENCES, RATE_RATIOS, RATES
from npcstats.estimators.recurrent import MEAN_CONF_TYPES, TERMINALS
from npcstats.study import Estimand, Status

FollowedUntil = Literal["last-assessment", "cut-off"]
Recurrent = Literal["robust", "poisson"]
Terminal = Literal["censor", "ghosh-lin"]
FOLLOWED: tuple[FollowedUntil, ...] = ("last-assessment", "cut-off")
RECURRENT: tuple[Recurrent, ...] = ("robust", "poisson")


@dataclass(frozen=True)
class RatedEvents:
    """Events of which a rate is made.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page, with its grade.
    lowest : int
        Lowest grade that counts.
    terms : tuple of str
        Terms of the grading scale; any if empty.
    where : mapping of str to tuple of str
        Only events that have one of these values, by column of adae.
    """

    code: str
    label: str
    lowest: int
    terms: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class RatePeriod:
    """A period of the design, and the events that are counted in it by their onset.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    period : str
        Code of a period of the design.
    events : tuple of RatedEvents
        In page order.
    """

    code: str
    label: str
    period: str
    events: tuple[RatedEvents, ...]


@dataclass(frozen=True)
class Course:
    """Events of which the mean number over time is made.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    period : str
        Code of one of the periods of the analysis; time is counted from its first day.
    events : str
        Code of its events.
    landmarks, ticks : tuple of float
        Months from the first day of the period at which means, and numbers at risk, are given.
    """

    code: str
    label: str
    period: str
    events: str
    landmarks: tuple[float, ...]
    ticks: tuple[float, ...]


@dataclass(frozen=True)
class RatesSpec:
    """Rates of adverse events over person-time, and mean numbers of events over time.

    Parameters
    ----------
    id, label, population : str
        Id in results, name on the page, analysis set.
    sessions : tuple of str
        Sessions it is made for.
    periods : tuple of RatePeriod
        In page order.
    followed_until : {"last-assessment", "cut-off"}
        When who is alive and has not left the trial stops being at risk, if not with the period: with the last
        assessment or adverse event, or at the cut-off.
    assessments : tuple of str
        Kinds of assessment that tell of adverse events, for "last-assessment".
    per : float
        Person-years that a rate is of.
    conf_level : float
        Confidence level of every interval.
    rate : {"garwood"}
        Method for a rate of first events.
    difference : {"miettinen-nurminen", "wald", ""}
        Method for a difference of rates of first events; empty where no arms are compared.
    ratio : {"exact-conditional", ""}
        Method for their ratio.
    recurrent : {"robust", "poisson"}
        Whether limits of rates of all events allow for participants with many, or take events as independent.
    baseline_adjusted : bool
        Whether an event counts only where its grade exceeds the participant's grade of that term at first treatment.
    scale : str
        Grading scale and version, as printed.
    courses : tuple of Course
        In page order.
    terminal : {"censor", "ghosh-lin", ""}
        What death does to a mean number of events; empty without courses.
    conf_type : {"plain", "log", ""}
        Scale on which limits of a mean number are symmetric; empty without courses.
    minimum_at_risk : int
        No mean is given beyond the last time with this many at risk.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    periods: tuple[RatePeriod, ...]
    followed_until: FollowedUntil
    assessments: tuple[str, ...]
    per: float
    conf_level: float
    rate: str
    difference: str
    ratio: str
    recurrent: Recurrent
    baseline_adjusted: bool
    scale: str
    courses: tuple[Course, ...]
    terminal: Terminal | Literal[""]
    conf_type: str
    minimum_at_risk: int
    estimand: Estimand
    status: Status


def rates_faults(spec: RatesSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, codes that are not there or stand twice.

    Parameters
    ----------
    spec : RatesSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    sets = {"followed_until": FOLLOWED, "rate": RATES, "difference": (*RATE_DIFFERENCES, ""),
            "ratio": (*RATE_RATIOS, ""), "recurrent": RECURRENT}  # fmt: skip
    if spec.courses:
        sets |= {"terminal": TERMINALS, "conf_type": MEAN_CONF_TYPES}
    found = [fault for name, allowed in sets.items() for fault in choice_faults(spec, name, allowed)]
    found += number_faults(spec, "per", above=0)
    if not spec.periods:
        found.append("it has no period, so nothing is counted; one is required")
    found += repeat_faults("period", [item.code for item in spec.periods])
    found += repeat_faults("course", [item.code for item in spec.courses])
    if spec.followed_until == "last-assessment" and not spec.assessments:
        found.append("assessments is empty, but follow-up ends with the last one; a kind of assessment is required")
    return found + _event_faults(spec) + _course_faults(spec)


def _event_faults(spec: RatesSpec) -> list[str]:
    found = [f"{item.code} has no events; one is required" for item in spec.periods if not item.events]
    labels: dict[str, str] = {}
    for item in spec.periods:
        found += repeat_faults(f"{item.code}: events", [events.code for events in item.events])
        for events in item.events:
            if events.lowest not in (1, 2, 3, 4, 5):
                found.append(f"{events.code}: lowest is {events.lowest!r}; a grade from 1 to 5 is required")
            if labels.setdefault(events.code, events.label) != events.label:
                found.append(f"events {events.code} have two labels; one is required")
    return found


def _course_faults(spec: RatesSpec) -> list[str]:
    known = {item.code: [events.code for events in item.events] for item in spec.periods}
    found = [
        f"course {item.code} is of {item.events} in {item.period}; events of a period of this analysis are required"
        for item in spec.courses
        if item.events not in known.get(item.period, [])
    ]
    for item in spec.courses:
        for name, times in (("landmarks", item.landmarks), ("ticks", item.ticks)):
            found += repeat_faults(f"course {item.code}: {name}", [f"{time:g}" for time in times])
            if not times or min(times) < 0:
                found.append(f"course {item.code}: {name} are {times!r}; months from 0 on are required")
    return found


def rates_idle(spec: RatesSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : RatesSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    of_courses = ("terminal", "conf_type", "minimum_at_risk")
    idle = {} if spec.courses else dict.fromkeys(of_courses, "there is no course")
    if spec.followed_until == "cut-off":
        idle["assessments"] = "follow-up ends at the cut-off"
    return idle
