"""What a plan says of grades over time, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.estimators.continuous import MEAN_METHODS
from npcstats.estimators.proportions import PROPORTIONS
from npcstats.study import Estimand, Status

DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class CourseTerm:
    """A term whose grades are followed, or the worst of several.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    terms : tuple of str
        Terms of the grading scale.
    """

    code: str
    label: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class GradeCourseSpec:
    """Worst grades at each visit or in each week.

    Parameters
    ----------
    id, label, population : str
        Id in results, name on the page, analysis set.
    sessions : tuple of str
        Sessions it is made for.
    terms : tuple of CourseTerm
        In page order.
    visits : tuple of str
        Visits of the design, whose windows are the times; empty where times are weeks.
    weeks : tuple of float
        Of visits, the nominal week of each, over which areas are taken; else the weeks that are the times. In the
        order of time.
    origin : str
        Date column of ADSL from which weeks are counted.
    width : int
        Days of the interval of a week, which ends with the week: the third week of 7 days is from 14 to 20 days after
        the date. 0 with visits.
    assessments : tuple of str
        Kinds of assessment that tell of adverse events.
    carried : int
        Largest number of times missed one after the other over which the last grade is carried.
    bands : tuple of int
        Lowest grade of each band whose prevalence is given.
    conf_level : float
        Confidence level of every interval.
    interval : str
        Method for a proportion, as `estimate_proportions` takes it.
    difference : {"welch", "pooled", ""}
        Variance in the comparison of two mean areas, as `compare_means` takes it; empty where none are compared.
    scale : str
        Grading scale and version, as printed.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    terms: tuple[CourseTerm, ...]
    visits: tuple[str, ...]
    weeks: tuple[float, ...]
    origin: str
    width: int
    assessments: tuple[str, ...]
    carried: int
    bands: tuple[int, ...]
    conf_level: float
    interval: str
    difference: str
    scale: str
    estimand: Estimand
    status: Status


def gradecourse_faults(spec: GradeCourseSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, codes that stand twice, times out of order.

    Parameters
    ----------
    spec : GradeCourseSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = [] if spec.terms else ["it has no term, so nothing is followed; one is required"]
    found += repeat_faults("term", [item.code for item in spec.terms])
    found += [f"{item.code} has no terms; one is required" for item in spec.terms if not item.terms]
    found += [] if spec.assessments else ["nothing says who was assessed; a kind of assessment is required"]
    found += number_faults(spec, "carried", least=0, whole=True)
    found += choice_faults(spec, "interval", PROPORTIONS) + choice_faults(spec, "difference", (*MEAN_METHODS, ""))
    if not spec.bands or any(band not in (1, 2, 3, 4, 5) for band in spec.bands):
        found.append(f"bands are {spec.bands!r}; grades from 1 to 5 are required")
    return found + repeat_faults("band", [f"{band}" for band in spec.bands]) + _time_faults(spec)


def _time_faults(spec: GradeCourseSpec) -> list[str]:
    found = repeat_faults("visit", list(spec.visits))
    if len(spec.weeks) < 2 or any(low >= high for low, high in pairwise(spec.weeks)):
        found.append(f"weeks are {spec.weeks!r}; two or more, each above the one before it, are required")
    if spec.visits:
        if len(spec.visits) != len(spec.weeks):
            found.append(f"{len(spec.visits)} visits have {len(spec.weeks)} weeks; one for each is required")
        return found
    found += number_faults(spec, "width", least=1, whole=True)
    if any(week != int(week) for week in spec.weeks):
        found.append(f"weeks are {spec.weeks!r}; whole numbers are required where there are no visits")
    if any(DAYS_PER_WEEK * (high - low) < spec.width for low, high in pairwise(spec.weeks)):
        found.append(f"weeks of {spec.width} days overlap; a width of at most the days between two is required")
    return found


def gradecourse_idle(spec: GradeCourseSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : GradeCourseSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    return {"width": "each visit has its window"} if spec.visits else {}
