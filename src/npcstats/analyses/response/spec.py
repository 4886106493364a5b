"""What a plan says of response, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.response.rows import ALL, DUE, EVALUABLE
from npcstats.choices import choice_faults
from npcstats.errors import SpecError
from npcstats.estimators.proportions import DIFFERENCES, PROPORTIONS
from npcstats.study import RESPONSES, Estimand, Status, Visit

Denominator = Literal["due", "evaluable"]


DENOMINATORS: tuple[Denominator, ...] = (DUE, EVALUABLE)


BEST_DENOMINATORS = (ALL, EVALUABLE)


@dataclass(frozen=True)
class ResponseRate:
    """A rate: its code in results, its label on the page, and the classes that count as a response."""

    code: str
    label: str
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Confirmation:
    """What a response needs before it counts as the best.

    Parameters
    ----------
    days : int
        The confirming reading is this many days later or more.
    by : mapping of str to tuple of str
        Classes that need to be confirmed, and the classes that confirm each.
    otherwise : str
        Class that an unconfirmed one counts as.
    """

    days: int
    by: Mapping[str, tuple[str, ...]]
    otherwise: str


@dataclass(frozen=True)
class ResponseSpec:
    """Tumor response.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    visit, again : Visit
        When response is read, and when an indeterminate reading is read again.
    classes : mapping of str to str
        Classes and their labels, in page order.
    order : tuple of str
        The same classes from the best to the worst.
    indeterminate : str
        The class that is read again.
    unevaluable : tuple of str
        Classes that are no reading.
    progressed : str
        Class of progression.
    progression, stopped_by : tuple of str
        Kinds of ADEVENT records that count as progression, and that end what counts for the best response.
    confirmation : Confirmation or None
        What the best response needs; None for nothing.
    rates : tuple of ResponseRate
        In page order.
    denominators : tuple of {"due", "evaluable"}
        Of whom: whose window is over, who was read in it, or who died before; or who has an evaluable reading.
    conf_level : float
        Confidence level of both intervals.
    interval : str
        Method for a proportion, as `estimate_proportion` takes it.
    difference : str
        Method for a difference, as `compare_proportions` takes it.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    param : str
        PARAMCD of the ADRS records that are readings, in a study that tells parameters apart.

    Raises
    ------
    SpecError
        On construction, if classes do not fit together; one message lists every fault.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    visit: Visit
    again: Visit
    classes: Mapping[str, str]
    order: tuple[str, ...]
    indeterminate: str
    unevaluable: tuple[str, ...]
    progressed: str
    progression: tuple[str, ...]
    stopped_by: tuple[str, ...]
    confirmation: Confirmation | None
    rates: tuple[ResponseRate, ...]
    denominators: tuple[Denominator, ...]
    conf_level: float
    interval: str
    difference: str
    estimand: Estimand
    status: Status
    param: str = ""

    def __post_init__(self) -> None:
        """Refuse classes that do not fit together."""
        faults = _spec_faults(self)
        if faults:
            raise SpecError(f"response {self.id}: {'; '.join(faults)}; classes that fit together are required.")


@dataclass(frozen=True)
class BestResponseSpec:
    """Best overall response as the export has it: nothing is derived from readings.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    param : str
        PARAMCD of the ADRS records that hold it, one per participant.
    definition : str
        How the export derived it, as a sentence.
    classes : mapping of str to str
        Classes and their labels, in page order.
    unevaluable : tuple of str
        Classes that are no response to be judged.
    rates : tuple of ResponseRate
        In page order.
    denominators : tuple of {"everyone", "evaluable"}
        Of whom: all members, who has no record among them as no responder, or those with an evaluable one.
    conf_level : float
        Confidence level of both intervals.
    interval : str
        Method for a proportion, as `estimate_proportion` takes it.
    difference : str
        Method for a difference, as `compare_proportions` takes it.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.

    Raises
    ------
    SpecError
        On construction, if classes do not fit together; one message lists every fault.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    param: str
    definition: str
    classes: Mapping[str, str]
    unevaluable: tuple[str, ...]
    rates: tuple[ResponseRate, ...]
    denominators: tuple[str, ...]
    conf_level: float
    interval: str
    difference: str
    estimand: Estimand
    status: Status

    def __post_init__(self) -> None:
        """Refuse classes that do not fit together."""
        used = [*self.unevaluable, *(code for rate in self.rates for code in rate.classes)]
        faults = [f"class {code} is used but not declared" for code in dict.fromkeys(used) if code not in self.classes]
        faults += [f"denominator {name!r} is not one of {', '.join(BEST_DENOMINATORS)}"
                   for name in self.denominators if name not in BEST_DENOMINATORS]  # fmt: skip
        if faults:
            raise SpecError(f"response {self.id}: {'; '.join(faults)}; classes that fit together are required.")


def _spec_faults(spec: ResponseSpec) -> list[str]:
    faults = [f"class {code} is not one of {', '.join(RESPONSES)}" for code in spec.classes if code not in RESPONSES]
    if sorted(spec.order) != sorted(spec.classes):
        faults.append("order does not name each class once")
    used = [spec.indeterminate, *spec.unevaluable, spec.progressed, *(c for rate in spec.rates for c in rate.classes)]
    if spec.confirmation:
        by = spec.confirmation.by
        used += [*by, *(code for codes in by.values() for code in codes), spec.confirmation.otherwise]
    faults += [f"class {code} is used but not declared" for code in dict.fromkeys(used) if code not in spec.classes]
    faults += [f"denominator {name!r} is not one of {', '.join(DENOMINATORS)}"
               for name in spec.denominators if name not in DENOMINATORS]  # fmt: skip
    if spec.visit.anchor != spec.again.anchor:
        faults.append("the two visits are counted from different days")
    return faults


def response_idle(spec: ResponseSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : ResponseSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    if not spec.rates:
        return dict.fromkeys(("denominators", "interval", "difference"), "there is no rate")
    return {} if spec.denominators else dict.fromkeys(("rates", "interval", "difference"), "there is no denominator")


def response_faults(spec: ResponseSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    spec : ResponseSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = _confirmation_faults(spec.confirmation) if spec.confirmation else []
    if spec.rates and spec.denominators:
        faults += choice_faults(spec, "interval", PROPORTIONS) + choice_faults(spec, "difference", (*DIFFERENCES, ""))
    return faults


def _confirmation_faults(rule: Confirmation) -> list[str]:
    if not rule.by:
        return ["confirmation has no effect: no class needs it; classes in `by`, or None, are required"]
    if rule.otherwise in rule.by:
        return [f"confirmation of {rule.otherwise} has no effect: unconfirmed it counts as itself"]
    return []


def response_dates(spec: ResponseSpec) -> tuple[str, ...]:
    """Dates of ADSL of which the sentences of an entry are made.

    Parameters
    ----------
    spec : ResponseSpec
        As in the plan.

    Returns
    -------
    tuple of str
        The one from which its visits are counted.
    """
    return (spec.visit.anchor,)
