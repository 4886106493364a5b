"""What a plan says of stopping rules for toxicities, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from npcstats.choices import choice_faults, faults_within, number_faults, repeat_faults
from npcstats.derive import GradeWindow
from npcstats.estimators.proportions import PROPORTIONS
from npcstats.study import Status

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Graded:
    """Adverse events of some grades, with onset in the rule's period.

    Parameters
    ----------
    lowest, highest : int
        Grades from 1 to 5, both included.
    where : mapping of str to tuple of str
        Only events that have one of these values, by column of adae.
    without : mapping of str to tuple of str
        No events that have one of these values, by column of adae.
    """

    lowest: int
    highest: int = HIGHEST
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reached:
    """An amount of delivered treatment, or another number of ADSL, at a limit or above it.

    Parameters
    ----------
    column : str
        Of ADSL; who has no number there does not reach it.
    least : float
        The limit.
    """

    column: str
    least: float


@dataclass(frozen=True)
class Died:
    """A death in the rule's period.

    Parameters
    ----------
    causes : tuple of str
        Only deaths of these causes, as DTHCAUS has them; all if empty.
    """

    causes: tuple[str, ...] = ()


Part = Graded | Reached | Died


@dataclass(frozen=True)
class BetaBinomial:
    """Met where the posterior probability that a rate exceeds a limit is large.

    Parameters
    ----------
    limit : float
        Rate that is still acceptable.
    prior : (float, float)
        Parameters of the beta prior.
    threshold : float
        Posterior probability at or above which the rule is met.
    """

    limit: float
    prior: tuple[float, float]
    threshold: float


@dataclass(frozen=True)
class RepeatedTests:
    """Met where a repeated exact test at the planned looks finds more events than a limit allows.

    Parameters
    ----------
    limit : float
        Rate that is still acceptable.
    alpha : float
        Largest probability of ever meeting the rule at that rate.
    shape : float
        0.5 is Pocock's boundary, 0 that of O'Brien and Fleming.
    """

    limit: float
    alpha: float
    shape: float


Criterion = BetaBinomial | RepeatedTests


@dataclass(frozen=True)
class Every:
    """A look whenever so many more participants are observed.

    Parameters
    ----------
    step, last : int
        Participants between looks, and at the last one.
    """

    step: int
    last: int


@dataclass(frozen=True)
class Alert:
    """A line of alert, as interval designs have it for lowering a dose.

    Parameters
    ----------
    target, low, high : float
        Rate aimed at, the highest that is too low, and the lowest that is too high.
    """

    target: float
    low: float
    high: float


@dataclass(frozen=True)
class StoppingRule:
    """A toxicity, the period in which it counts, and when it calls for a pause.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    definition : str
        What counts, as a clause that follows the label after a colon.
    parts : tuple of Graded, Reached and Died
        Who has one of them in the period has the toxicity.
    window : GradeWindow
        The period; who is counted has been observed through all of it.
    criterion : BetaBinomial or RepeatedTests
        When the rule is met.
    looks : Every or tuple of int
        Participants observed at each look, of each group that is watched.
    alert : Alert or None
        A line of alert beside the rule.
    rates : tuple of float
        True rates for which the rule is characterized in a table.
    highest_rate : float
        Largest true rate of the curve of its characteristics.
    """

    code: str
    label: str
    definition: str
    parts: tuple[Part, ...]
    window: GradeWindow
    criterion: Criterion
    looks: Every | tuple[int, ...]
    alert: Alert | None
    rates: tuple[float, ...]
    highest_rate: float


@dataclass(frozen=True)
class StoppingSpec:
    """Stopping rules for toxicities.

    Parameters
    ----------
    id, label, population : str
        Id in results, name on the page, analysis set of those exposed.
    sessions : tuple of str
        Sessions of the plan it is made for.
    rules : tuple of StoppingRule
        In page order.
    baseline_adjusted : bool
        Whether an adverse event counts only where its grade exceeds the participant's grade of that term at first
        treatment.
    conf_level : float
        Confidence level of the limits of a share.
    interval : str
        Their method, as `estimate_proportion` takes it.
    trials : int
        Trials simulated at each rate of the table; 0 for none.
    seed : int
        Of the simulation; 0 where there is none.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    rules: tuple[StoppingRule, ...]
    baseline_adjusted: bool
    conf_level: float
    interval: str
    trials: int
    seed: int
    status: Status


def stopping_faults(spec: StoppingSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    spec : StoppingSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = choice_faults(spec, "interval", PROPORTIONS) + number_faults(spec, "conf_level", above=0.0, below=1.0)
    found += number_faults(spec, "trials", least=0, whole=True) + number_faults(spec, "seed", least=0, whole=True)
    found += [] if spec.rules else ["it has no rule, so nothing is watched; one is required"]
    found += repeat_faults("rules", [rule.code for rule in spec.rules])
    found += faults_within((rule.code, rule.window, _window_idle(rule.window)) for rule in spec.rules)
    found += [f"{rule.code}: {fault}" for rule in spec.rules for fault in _rule_faults(rule)]
    return found


def stopping_idle(spec: StoppingSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : StoppingSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    graded = any(isinstance(part, Graded) for rule in spec.rules for part in rule.parts)
    idle = {} if spec.trials else {"seed": "no trial is simulated"}
    return idle if graded else {**idle, "baseline_adjusted": "no rule counts adverse events"}


def _window_idle(window: GradeWindow) -> dict[str, str]:
    return {"where": "each part says which events it counts", "events": "each part says which events it counts"}


def _rule_faults(rule: StoppingRule) -> list[str]:
    found = [] if rule.parts else ["it has no part, so nobody has the toxicity; one is required"]
    if rule.window.evaluable != "window-complete" or rule.window.counting != "onset":
        found.append("its window counts other events than those with onset in it, or others than those who completed "
                     "it; onset and window-complete are required")  # fmt: skip
    found += [fault for part in rule.parts if isinstance(part, Graded) for fault in _graded_faults(part)]
    found += _criterion_faults(rule.criterion) + _looks_faults(rule.looks)
    found += _alert_faults(rule.alert) if rule.alert else []
    wrong = [rate for rate in rule.rates if not 0 <= rate <= 1]
    found += [f"rates: {rate}; a number from 0 to 1 is required" for rate in wrong]
    found += [] if rule.rates else ["rates are empty, so what the rule does is not known; one is required"]
    found += repeat_faults("rates", [f"{rate:g}" for rate in rule.rates])
    return found + number_faults(rule, "highest_rate", above=0.0, most=1.0)


def _graded_faults(part: Graded) -> list[str]:
    rising = LOWEST <= part.lowest <= part.highest <= HIGHEST
    grades = f"grades are {part.lowest} to {part.highest}; from {LOWEST} to {HIGHEST}, the lowest first, is required"
    blank = [
        f"{column} has no value, so nothing is told apart by it; one is required"
        for named in (part.where, part.without)
        for column, values in named.items()
        if not values
    ]
    return ([] if rising else [grades]) + blank


def _criterion_faults(criterion: Criterion) -> list[str]:
    found = number_faults(criterion, "limit", above=0.0, below=1.0)
    if isinstance(criterion, RepeatedTests):
        found += number_faults(criterion, "alpha", above=0.0, below=0.5)
        return found + number_faults(criterion, "shape", least=0.0, most=0.5)
    if len(criterion.prior) != 2 or not all(value > 0 for value in criterion.prior):
        found.append(f"prior is {criterion.prior}; two numbers above 0 are required")
    return found + number_faults(criterion, "threshold", above=0.0, below=1.0)


def _looks_faults(looks: Every | tuple[int, ...]) -> list[str]:
    if isinstance(looks, Every):
        good = 1 <= looks.step <= looks.last and looks.last % looks.step == 0
        wanted = "a step of 1 or more and a last look that is a multiple of it"
    else:
        good = bool(looks) and all(low < high for low, high in zip((0, *looks), looks, strict=False))
        wanted = "increasing numbers of participants"
    return [] if good else [f"looks are {looks}; {wanted} are required"]


def _alert_faults(alert: Alert) -> list[str]:
    if 0 < alert.low < alert.target < alert.high < 1:
        return []
    return [f"alert is {alert.low}, {alert.target}, {alert.high}; increasing rates between 0 and 1 are required"]
