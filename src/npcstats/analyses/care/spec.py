"""What a plan says of supportive care and of body weight, and what of it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from npcstats.choices import choice_faults, repeat_faults
from npcstats.derive import GradeWindow
from npcstats.estimators.continuous import MEAN_METHODS, QUANTILE_TYPES
from npcstats.estimators.proportions import DIFFERENCES, PROPORTIONS
from npcstats.estimators.timetoevent import CURVE_CONF_TYPES
from npcstats.study import Estimand, Status

LastDay = Literal["counted", "not counted"]
AtDeath = Literal["ends", "censors"]
LAST_DAYS: tuple[LastDay, ...] = ("counted", "not counted")
AT_DEATHS: tuple[AtDeath, ...] = ("ends", "censors")


@dataclass(frozen=True)
class CareItem:
    """One kind of care, and what is told of it.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    kind : str
        KIND of adcare.
    windows : tuple of str
        Codes of the windows in which it is counted.
    last_day : {"counted", "not counted"}
        Whether the last day of a record is a day with it. Where it is not, who is discharged or whose tube is removed
        on a day does not have it on that day.
    least_days : int
        Shortest course that counts.
    before : str
        Date of ADSL; those whose first course began before it are told apart from the others. Empty if they are not.
    amounts : str
        What courses in a window are called, such as ``Admissions``; they and their days are then counted. Empty if
        they are not.
    lasting : bool
        Whether the duration of the first course is estimated.
    months : tuple of float
        Months after the end of treatment at which it is told who has it.
    weekly : bool
        Whether it is told at each week of the plan who has it.
    """

    code: str
    label: str
    kind: str
    windows: tuple[str, ...]
    last_day: LastDay
    least_days: int = 0
    before: str = ""
    amounts: str = ""
    lasting: bool = False
    months: tuple[float, ...] = ()
    weekly: bool = False


@dataclass(frozen=True)
class CareSpec:
    """Supportive care by period, how long it lasted, and who still had it.

    Parameters
    ----------
    id, label, population : str
        Id in results, name on the page, analysis set.
    sessions : tuple of str
        Sessions it is made for.
    items : tuple of CareItem
        In page order.
    windows : tuple of GradeWindow
        Periods in page order; ``where`` and ``events`` are of adverse events, and have no effect.
    followed : tuple of str
        Kinds of assessment: until the last of them, or death, a participant is followed.
    since : str
        Date of ADSL after which the months of items are counted.
    origin : str
        Date of ADSL from which weeks are counted.
    weeks : tuple of float
        Weeks at which it is told who has care in place.
    minimum_followed : int
        Fewest followed at a week for which a share is given.
    at_death : {"ends", "censors", ""}
        What death is for the duration of care that was in place then; empty where no item is lasting.
    quantile_type : int
        Hyndman–Fan type of the quartiles of days.
    conf_level : float
        Confidence level of every interval.
    interval : str
        Method for a proportion, as `estimate_proportion` takes it.
    difference : str
        Method for a risk difference, as `compare_proportions` takes it.
    conf_type : str
        Scale of the limits of a duration, as `estimate_kaplan_meier` takes it; empty where no item is lasting.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    items: tuple[CareItem, ...]
    windows: tuple[GradeWindow, ...]
    followed: tuple[str, ...]
    since: str
    origin: str
    weeks: tuple[float, ...]
    minimum_followed: int
    at_death: AtDeath | Literal[""]
    quantile_type: int
    conf_level: float
    interval: str
    difference: str
    conf_type: str
    estimand: Estimand
    status: Status


@dataclass(frozen=True)
class WeightSpec:
    """Change of body weight from before treatment: the lowest weight of a period, and at visits.

    Parameters
    ----------
    id, label, population : str
        Id in results, name on the page, analysis set.
    sessions : tuple of str
        Sessions it is made for.
    param, unit : str
        PARAMCD of adlb, and the unit in which it is recorded; another is an error.
    baseline : str
        Date of ADSL: the last weight on or before it is the one before treatment.
    windows : tuple of GradeWindow
        Periods in page order; ``counting``, ``where`` and ``events`` are of adverse events, and have no effect.
    visits : tuple of str
        Visit codes of the design, in page order.
    version : {"5.0"}
        Version of CTCAE whose cuts of weight loss are used.
    conf_level : float
        Confidence level of every interval.
    interval : str
        Method for a proportion, as `estimate_proportion` takes it.
    difference : str
        Method for a risk difference, as `compare_proportions` takes it.
    mean_difference : {"welch", "pooled", ""}
        Variance in the comparison of two means, as `compare_means` takes it; empty where none are compared.
    quantile_type : int
        Hyndman–Fan type of the median.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    param: str
    unit: str
    baseline: str
    windows: tuple[GradeWindow, ...]
    visits: tuple[str, ...]
    version: Literal["5.0"]
    conf_level: float
    interval: str
    difference: str
    mean_difference: str
    quantile_type: int
    estimand: Estimand
    status: Status


def care_faults(spec: CareSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, windows that are not there, times below 0.

    Parameters
    ----------
    spec : CareSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    codes = [window.code for window in spec.windows]
    found = [] if spec.items else ["it has no item, so nothing is counted; one is required"]
    found += [] if spec.followed else ["nothing says until when somebody is followed; a kind of assessment is required"]
    found += repeat_faults("item", [item.code for item in spec.items]) + repeat_faults("window", codes)
    for item in spec.items:
        found += [f"{item.code}: {fault}" for fault in _item_faults(item, codes)]
    found += _time_faults("week", spec.weeks)
    found += [] if spec.weeks or not any(item.weekly for item in spec.items) else ["an item is weekly without a week"]
    found += _where_faults(spec.windows) + choice_faults(spec, "quantile_type", QUANTILE_TYPES)
    idle = care_idle(spec)
    sets = {"at_death": AT_DEATHS, "conf_type": CURVE_CONF_TYPES}
    found += [fault for name, known in sets.items() if name not in idle for fault in choice_faults(spec, name, known)]
    return found + choice_faults(spec, "interval", PROPORTIONS) + choice_faults(spec, "difference", (*DIFFERENCES, ""))


def care_idle(spec: CareSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : CareSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle: dict[str, str] = {}
    if not any(item.lasting for item in spec.items):
        idle |= dict.fromkeys(("at_death", "conf_type"), "no item is lasting")
    if not any(item.weekly for item in spec.items):
        idle |= dict.fromkeys(("weeks", "origin", "minimum_followed"), "no item is weekly")
    if not any(item.months for item in spec.items):
        idle["since"] = "no item has months"
    return idle


def weight_faults(spec: WeightSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, windows or visits that stand twice.

    Parameters
    ----------
    spec : WeightSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = repeat_faults("window", [window.code for window in spec.windows])
    found += repeat_faults("visit", list(spec.visits)) + _where_faults(spec.windows)
    found += [] if spec.windows or spec.visits else ["it has neither window nor visit, so nothing is told"]
    found += [f"window {window.code} has no period; one is required" for window in spec.windows if not window.period]
    sets = {"version": ("5.0",), "interval": PROPORTIONS, "difference": (*DIFFERENCES, ""),
            "mean_difference": (*MEAN_METHODS, ""), "quantile_type": QUANTILE_TYPES}  # fmt: skip
    return found + [fault for name, known in sets.items() for fault in choice_faults(spec, name, known)]


def _item_faults(item: CareItem, windows: Sequence[str]) -> list[str]:
    found = choice_faults(item, "last_day", LAST_DAYS)
    stray = [code for code in item.windows if code not in windows]
    found += [f"window {code!r} is not there; one of {', '.join(windows)} is required" for code in stray]
    found += repeat_faults("window", list(item.windows)) + _time_faults("month", item.months)
    found += [] if item.least_days >= 0 else [f"least_days is {item.least_days}; 0 or more is required"]
    told = (*item.windows, *item.months, *([1] if item.lasting or item.weekly else []))
    found += [] if told else ["nothing is told of it; a window, a month, a week or its duration is required"]
    idle = [name for name in ("before", "amounts") if getattr(item, name) and not item.windows]
    return found + [f"{name} has no effect: it is counted in no window" for name in idle]


def _time_faults(what: str, times: Sequence[float]) -> list[str]:
    wrong = [f"{time:g}" for time in times if not time >= 0]
    found = [f"{what} {', '.join(wrong)} is below 0; 0 or more is required"] if wrong else []
    rises = all(low < high for low, high in pairwise(times))
    return found + ([] if rises or wrong else [f"{what}s do not rise; each above the one before it is required"])


def _where_faults(windows: Sequence[GradeWindow]) -> list[str]:
    return [f"window {w.code} chooses by columns of adae, which care and weight have not" for w in windows if w.where]
