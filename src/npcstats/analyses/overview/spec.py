"""What a plan says of the overview of adverse events and deaths, and what of it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from npcstats.choices import choice_faults, faults_within, repeat_faults
from npcstats.derive import GradeWindow
from npcstats.estimators.proportions import DIFFERENCES, PROPORTIONS
from npcstats.study import Estimand, Status

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Category:
    """Events that are counted in one line.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    lowest, highest : int
        Grades from 1 to 5, both included.
    where : mapping of str to tuple of str
        Only events that have one of these values, by column of adae.
    definition : str
        What the label leaves open, as a clause that follows it after a colon; empty where it leaves nothing.
    """

    code: str
    label: str
    lowest: int = LOWEST
    highest: int = HIGHEST
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    definition: str = ""


@dataclass(frozen=True)
class Deaths:
    """Deaths that are counted in one line.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    causes : tuple of str
        Only deaths of these causes, as DTHCAUS has them, an empty text being a cause that nobody recorded; all if
        empty.
    anchor : str
        Only deaths within so many days of this date of ADSL; empty for any day.
    within : int
        Days after `anchor`, the last of them included.
    windows : tuple of str
        Codes of the periods in which it has a line; all if empty.
    definition : str
        As of a category.
    """

    code: str
    label: str
    causes: tuple[str, ...] = ()
    anchor: str = ""
    within: int = 0
    windows: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True)
class Shared:
    """How many of a line's participants stand in other lines too, and in none of others: a line below it.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    all_of : tuple of str
        Codes of the lines that they stand in: first the one whose part they are, and which is their denominator.
    none_of : tuple of str
        Codes of the lines that they do not stand in.
    windows : tuple of str
        Codes of the periods in which it has a line; all if empty.
    """

    code: str
    label: str
    all_of: tuple[str, ...]
    none_of: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()


@dataclass(frozen=True)
class OverviewSpec:
    """An overview of adverse events and deaths.

    Parameters
    ----------
    id, label, population : str
        Id in results, name on the page, analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    windows : tuple of GradeWindow
        Periods in page order.
    categories : tuple of Category
        Lines of events, in page order.
    deaths : tuple of Deaths
        Lines of deaths, below them.
    shared : tuple of Shared
        Lines of who stands in several, each below the first that it names.
    conf_level : float
        Confidence level of both intervals.
    interval : str
        Method for a proportion, as `estimate_proportion` takes it.
    difference : str
        Method for a risk difference, as `compare_proportions` takes it; empty where no arms are compared.
    baseline_adjusted : bool
        Whether an event counts only where its grade exceeds the participant's grade of that term at first treatment.
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
    windows: tuple[GradeWindow, ...]
    categories: tuple[Category, ...]
    deaths: tuple[Deaths, ...]
    shared: tuple[Shared, ...]
    conf_level: float
    interval: str
    difference: str
    baseline_adjusted: bool
    scale: str
    estimand: Estimand
    status: Status


def overview_faults(spec: OverviewSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, without effect, or of lines that are not there.

    Parameters
    ----------
    spec : OverviewSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    lines: tuple[Category | Deaths | Shared, ...] = (*spec.categories, *spec.deaths, *spec.shared)
    limited: tuple[Deaths | Shared, ...] = (*spec.deaths, *spec.shared)
    found = faults_within((window.code, window, _window_idle(window)) for window in spec.windows)
    found += [] if spec.windows else ["it has no window, so nothing is counted; one is required"]
    found += [] if spec.categories else ["it has no category, so no event is counted; one is required"]
    found += repeat_faults("window", [window.code for window in spec.windows])
    found += repeat_faults("line", [line.code for line in lines])
    found += [f"{category.code}: {fault}" for category in spec.categories for fault in _category_faults(category)]
    found += [f"{death.code}: {fault}" for death in spec.deaths for fault in _deaths_faults(death)]
    windows = [window.code for window in spec.windows]
    found += [f"{one.code}: {fault}" for one in limited for fault in _strange("window", one.windows, windows)]
    found += [f"{part.code}: {fault}" for part in spec.shared for fault in _shared_faults(part, spec, windows)]
    return found + choice_faults(spec, "interval", PROPORTIONS) + choice_faults(spec, "difference", (*DIFFERENCES, ""))


def _window_idle(window: GradeWindow) -> dict[str, str]:
    idle = {} if window.where else {"events": "no event is left out by where"}
    if (window.counting, window.evaluable) == ("every", "everyone"):
        idle["period"] = "every event counts, and everyone"
    return idle


def _strange(what: str, given: Iterable[str], known: Sequence[str]) -> list[str]:
    return [
        f"{what} {code!r} is not there; one of {', '.join(known)} is required" for code in given if code not in known
    ]


def _category_faults(one: Category) -> list[str]:
    grades = f"grades are {one.lowest} to {one.highest}; from {LOWEST} to {HIGHEST}, the lowest first, is required"
    rising = LOWEST <= one.lowest <= one.highest <= HIGHEST
    blank = [f"{column} has no value, so no event has it" for column, values in one.where.items() if not values]
    return ([] if rising else [grades]) + blank


def _deaths_faults(one: Deaths) -> list[str]:
    if bool(one.anchor) == (one.within > 0):
        return []
    return [f"anchor is {one.anchor!r} and within is {one.within}; a date and days after it, or neither, is required"]


def _shared_faults(one: Shared, spec: OverviewSpec, windows: Sequence[str]) -> list[str]:
    """What it names must have a line in every period that it has one in."""
    lines: dict[str, Sequence[str]] = {category.code: windows for category in spec.categories}
    lines |= {death.code: death.windows or windows for death in spec.deaths}
    named = (*one.all_of, *one.none_of)
    found = _strange("line", named, list(lines)) + repeat_faults("line", list(named))
    if not one.all_of or len(named) < 2:
        found.append("it names fewer than two lines, or none that participants stand in; two, one of them so, are "
                     "required")  # fmt: skip
    return found + [
        f"line {code!r} is not made in {window!r}; a period that both have is required"
        for code in named
        for window in one.windows or windows
        if window not in lines.get(code, windows)
    ]
