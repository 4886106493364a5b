"""What a plan says of the monitoring of a comparison, and what of it is refused."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from npcstats.analyses.adjustment.measures import Measure, measures_of
from npcstats.analyses.adjustment.outcomes import Outcome, outcome_faults
from npcstats.analyses.adjustment.rows import TIMED
from npcstats.choices import choice_faults, idle_faults, number_faults, repeat_faults
from npcstats.errors import SpecError
from npcstats.estimators.sequential import SPENDINGS, Spending
from npcstats.estimators.sequential.boundaries import SIDES
from npcstats.estimators.sequential.spending import check_spending
from npcstats.study import Status

Side = Literal["below", "above"]
FAVOURS: tuple[Side, ...] = ("below", "above")


@dataclass(frozen=True)
class PlannedLook:
    """A look that the plan foresees.

    Parameters
    ----------
    label : str
        Its name on the page, such as ``First look``.
    information : int
        Events, or participants of an outcome that is no time, at which it is due.
    """

    label: str
    information: int


@dataclass(frozen=True)
class HeldLook:
    """A look that was held, as it was then.

    Parameters
    ----------
    cutoff : date
        Its data cut-off.
    information : int
        Events, or participants, that there were.
    statistic : float, optional
        Z that was seen, positive in favour of the first arm; None where none was.
    """

    cutoff: datetime.date
    information: int
    statistic: float | None = None


@dataclass(frozen=True)
class FutilityRule:
    """Spending of the error of the second kind, which is 1 minus the power; the boundary never binds.

    Parameters
    ----------
    spending : {"obrien-fleming", "pocock", "hwang-shih-decani", "power"}
        The spending function.
    parameter : float or None
        Of that function.
    """

    spending: Spending
    parameter: float | None


@dataclass(frozen=True)
class Monitored:
    """The effect whose statistic is monitored: a number of a comparison of the plan.

    Parameters
    ----------
    comparison : str
        Id of the comparison.
    block : str
        Name of its adjustment, or ``unadjusted``.
    measure : Measure
        One of its measures.
    favours : {"below", "above"}
        On which side of no effect the measure favours the first arm.
    """

    comparison: str
    block: str
    measure: Measure
    favours: Side


@dataclass(frozen=True)
class InformationSpec:
    """Information and boundaries of a comparison, without its statistic: nothing of efficacy.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        Of which the information is: events of a time, participants whose outcome is known of any other.
    sides : {1, 2}
        Of the test.
    alpha : float
        Error of the first kind of each side.
    spending : {"obrien-fleming", "pocock", "hwang-shih-decani", "power"}
        How it is spent over the information.
    parameter : float or None
        Of that function.
    power : float
        Probability of crossing the boundary under the planned effect.
    looks : tuple of PlannedLook
        In order; the last is the last there is.
    futility : FutilityRule or None
        Of a test with one side.
    held : tuple of HeldLook
        Looks held so far, in order.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    outcome: Outcome
    sides: int
    alpha: float
    spending: Spending
    parameter: float | None
    power: float
    looks: tuple[PlannedLook, ...]
    futility: FutilityRule | None
    held: tuple[HeldLook, ...]
    status: Status


@dataclass(frozen=True)
class SequentialSpec(InformationSpec):
    """Information and boundaries with the statistic of a comparison, which is efficacy.

    Parameters
    ----------
    id, label, population, sessions, outcome, sides, alpha, spending, parameter, power, looks, futility, held, status
        As of `InformationSpec`.
    monitored : Monitored or None
        The effect; none in a design without two arms.
    """

    monitored: Monitored | None


def information_faults(spec: InformationSpec) -> list[str]:
    """Faults of an entry without a statistic.

    Parameters
    ----------
    spec : InformationSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    idle = {"statistic": "no statistic is monitored"}
    return _common_faults(spec) + [
        f"look of {held.cutoff}: {fault}" for held in spec.held for fault in idle_faults(held, idle)
    ]


def sequential_faults(spec: SequentialSpec) -> list[str]:
    """Faults of an entry with a statistic.

    Parameters
    ----------
    spec : SequentialSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = _common_faults(spec)
    for held in spec.held:
        if held.statistic is not None:
            faults += [f"look of {held.cutoff}: {fault}" for fault in number_faults(held, "statistic")]
    if spec.monitored is None:
        return faults
    measure = spec.monitored.measure
    faults += choice_faults(spec.monitored, "favours", FAVOURS) + choice_faults(
        measure, "name", measures_of(spec.outcome)
    )
    if (measure.at is None) == (measure.name in TIMED):
        faults.append(f"{measure.name} {'needs a time, at' if measure.name in TIMED else 'has no time, at'}")
    return faults


def _common_faults(spec: InformationSpec) -> list[str]:
    faults = outcome_faults(spec.outcome) + choice_faults(spec, "sides", SIDES)
    faults += number_faults(spec, "alpha", above=0, below=0.5) + _spending_faults(spec.spending, spec.parameter)
    faults += number_faults(spec, "power", above=max(spec.alpha, 0), below=1)
    faults += _look_faults(spec.looks) + _held_faults(spec.held)
    if spec.futility is not None:
        named = _spending_faults(spec.futility.spending, spec.futility.parameter)
        faults += [f"futility: {fault}" for fault in named]
        faults += ["futility is of a test with one side; sides 1 is required"] if spec.sides != 1 else []
    return faults


def _spending_faults(function: Spending, parameter: float | None) -> list[str]:
    if function not in SPENDINGS:
        return [f"spending is {function!r}; one of {', '.join(SPENDINGS)} is required"]
    try:
        check_spending(function, parameter)
    except SpecError as error:
        return [str(error).rstrip(".")]
    return []


def _look_faults(looks: tuple[PlannedLook, ...]) -> list[str]:
    if not looks:
        return ["it has no look; the last, at least, is required"]
    faults = repeat_faults("look", [look.label for look in looks])
    faults += [f"{look.label}: {fault}" for look in looks for fault in number_faults(look, "information", least=1,
                                                                                       whole=True)]  # fmt: skip
    if faults:
        return faults
    close = [b.label for a, b in pairwise(looks) if b.information <= a.information]
    return [f"{name} has no more information than the look before; more is required" for name in close]


def _held_faults(held: tuple[HeldLook, ...]) -> list[str]:
    faults = [
        f"look of {look.cutoff}: {fault}"
        for look in held
        for fault in number_faults(look, "information", least=1, whole=True)
    ]
    if faults:
        return faults
    wrong = [b.cutoff for a, b in pairwise(held) if b.cutoff <= a.cutoff or b.information <= a.information]
    return [f"held look of {day} does not follow the one before in time and information; both are required"
            for day in wrong]  # fmt: skip


def information_idle(spec: InformationSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : InformationSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    return {"futility": "the test has two sides"} if spec.sides == 2 else {}
