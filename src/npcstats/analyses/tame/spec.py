"""What a plan says of a TAME summary, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.choices import choice_faults, repeat_faults
from npcstats.derive import GradeWindow
from npcstats.estimators.proportions import PROPORTIONS
from npcstats.study import UNADJUSTED, Estimand, Status

RATIOS = ("robust-log", "")


@dataclass(frozen=True)
class Category:
    """A kind of toxicity that a participant has once or not at all.

    Parameters
    ----------
    code, label : str
        Code and name.
    terms : tuple of str
        Terms of the grading scale; the category is severe where one of them is.
    """

    code: str
    label: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class TameSpec:
    """Severe acute and late toxicity per participant, and deaths after treatment without progression.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    acute, late : GradeWindow
        The periods of T and of A.
    acute_categories, late_categories : tuple of Category
        What is counted in each, declared beforehand.
    lowest, highest : int
        Grades that are severe, both included; a fatal event counts in M.
    baseline_adjusted : bool
        As in a table of worst grades.
    death_after : str
        Column of adsl from which M counts days, such as the end of radiotherapy.
    death_days : tuple of int
        Days after it within which a death counts, rising.
    progression : tuple of str
        Kinds of event of the design; a death after one of them does not count.
    conf_level : float
        Confidence level of every interval.
    interval : str
        Method for M, as `estimate_proportion` takes it.
    ratio : {"robust-log", ""}
        Limits of a ratio of burdens; empty where no arms are compared.
    scale : str
        Grading scale and version, as printed.
    estimand : {"unadjusted", ""}
        What a comparison of arms estimates; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    acute: GradeWindow
    late: GradeWindow
    acute_categories: tuple[Category, ...]
    late_categories: tuple[Category, ...]
    lowest: int
    highest: int
    baseline_adjusted: bool
    death_after: str
    death_days: tuple[int, ...]
    progression: tuple[str, ...]
    conf_level: float
    interval: str
    ratio: str
    scale: str
    estimand: Estimand
    status: Status


def tame_faults(spec: TameSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : TameSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = choice_faults(spec, "interval", PROPORTIONS) + choice_faults(spec, "ratio", RATIOS)
    for name in ("acute_categories", "late_categories"):
        categories = getattr(spec, name)
        found += repeat_faults(name, [item.code for item in categories])
        found += [f"category {item.code} has no terms; one is required" for item in categories if not item.terms]
        terms = [term for item in categories for term in item.terms]
        found += [
            f"{term} is in two of {name}, so it would count twice" for term in sorted({*terms}) if terms.count(term) > 1
        ]
        if not categories:
            found.append(f"{name} is empty, so nothing is counted; one is required")
    if not 1 <= spec.lowest <= spec.highest <= 5:
        found.append(f"grades {spec.lowest} to {spec.highest} are no stretch of grades from 1 to 5")
    if not spec.death_days or list(spec.death_days) != sorted({*spec.death_days}) or spec.death_days[0] < 0:
        found.append("death_days do not rise from 0 or more; days after treatment are required")
    if spec.acute.code == spec.late.code:
        found.append("acute and late are one window; two are required")
    return found


def tame_estimand(spec: TameSpec, arms: int) -> Estimand:
    """Estimand of an entry, unadjusted where arms are compared.

    Parameters
    ----------
    spec : TameSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Empty where none are compared.
    """
    return UNADJUSTED if spec.ratio else ""
