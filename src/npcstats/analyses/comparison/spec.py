"""What a plan says of a comparison of two arms, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from npcstats.analyses.adjustment.measures import Measure, OutcomeModel, measure_faults, model_faults
from npcstats.analyses.adjustment.outcomes import MarkerOutcome, Outcome, TimeOutcome, outcome_faults
from npcstats.analyses.adjustment.rows import UNADJUSTED
from npcstats.analyses.adjustment.spec import Adjustment, adjustment_faults
from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.study import UNADJUSTED as AS_OBSERVED
from npcstats.study import Estimand, Status

Role = Literal["primary", "secondary", "exploratory", "negative control"]
ROLES: tuple[Role, ...] = get_args(Role)
Strategy = Literal[
    "treatment policy", "composite", "hypothetical", "while on treatment", "while alive", "principal stratum"
]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
"""What ICH E9(R1) calls the ways to handle an intercurrent event; while alive is while on treatment, until death."""
CONF_TYPES = ("plain", "log", "log-log")


@dataclass(frozen=True)
class Intercurrent:
    """What may happen after treatment starts and changes what the outcome means, and what is done about it.

    Parameters
    ----------
    event : str
        What happens, such as ``Death without the event``.
    strategy : str
        One of `STRATEGIES`.
    words : str
        What that comes to here, a clause without a full stop.
    """

    event: str
    strategy: Strategy
    words: str


@dataclass(frozen=True)
class Curves:
    """Curves of an outcome over time, as observed and weighted by the first adjustment.

    Parameters
    ----------
    conf_type : {"plain", "log", "log-log"}
        Scale of their limits.
    ticks : tuple of float
        Months at which the numbers at risk are told.
    minimum_at_risk : int
        No curve beyond the last time with so many of the arm at risk.
    """

    conf_type: str
    ticks: tuple[float, ...]
    minimum_at_risk: int


@dataclass(frozen=True)
class ComparisonSpec:
    """Two arms compared by one outcome.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    role : {"primary", "secondary", "exploratory", "negative control"}
        What the comparison is for.
    treatment : str
        The two treatments that are compared, as strategies; a clause without a full stop.
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        What is compared.
    measures : tuple of Measure
        In page order.
    adjustments : tuple of Adjustment
        How the arms are made alike, the main one first; none in a trial that was randomised, or for a comparison as
        observed. Each is set beside the unadjusted comparison of the same participants.
    outcome_model : OutcomeModel, optional
        Regression of the outcome, of a quantity or a risk only.
    conf_level : float
        Confidence level of every interval.
    ties : {"efron", "breslow", ""}
        How tied events share a denominator; empty without a hazard ratio.
    p_values : bool
        Whether the effects have a p-value.
    curves : Curves, optional
        Of a time only.
    intercurrent : tuple of Intercurrent
        What is foreseen to happen after treatment starts.
    minimum_events : int
        With fewer events in both arms together no effect is estimated; of no effect on a quantity.
    estimand : {"unadjusted", "ate", "att", "ato", ""}
        What the main comparison estimates: as its first adjustment, unadjusted without one.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    role: Role
    treatment: str
    outcome: Outcome
    measures: tuple[Measure, ...]
    adjustments: tuple[Adjustment, ...]
    outcome_model: OutcomeModel | None
    conf_level: float
    ties: str
    p_values: bool
    curves: Curves | None
    intercurrent: tuple[Intercurrent, ...]
    minimum_events: int
    estimand: Estimand
    status: Status


def comparison_faults(spec: ComparisonSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : ComparisonSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = choice_faults(spec, "role", ROLES) + number_faults(spec, "conf_level", above=0, below=1)
    faults += number_faults(spec, "minimum_events", least=0, whole=True)
    faults += outcome_faults(spec.outcome) + measure_faults(spec.measures, spec.outcome, spec.ties)
    faults += [fault for item in spec.adjustments for fault in adjustment_faults(item)]
    model = [spec.outcome_model.method] if spec.outcome_model else []
    faults += repeat_faults("adjustment", [UNADJUSTED, *model, *(item.name for item in spec.adjustments)])
    faults += _model_faults(spec)
    for item in spec.intercurrent:
        faults += choice_faults(item, "strategy", STRATEGIES)
    faults += _curves_faults(spec.curves) if spec.curves else []
    return faults + ([] if spec.treatment else ["treatment is empty; words for what is compared are required"])


def _curves_faults(curves: Curves) -> list[str]:
    faults = choice_faults(curves, "conf_type", CONF_TYPES) + number_faults(
        curves, "minimum_at_risk", least=1, whole=True
    )
    if not curves.ticks:
        return [*faults, "curves have no ticks; times at which numbers at risk are told are required"]
    wrong = [tick for tick in curves.ticks if number_faults(Measure("tick", tick), "at", least=0)]
    if wrong or sorted({*curves.ticks}) != [*curves.ticks]:
        faults.append(f"curves have ticks {curves.ticks}; ascending times of at least 0 are required")
    return faults


def _model_faults(spec: ComparisonSpec) -> list[str]:
    if spec.outcome_model is None or not spec.adjustments or isinstance(spec.outcome, TimeOutcome):
        return []
    return model_faults(spec.outcome_model, spec.adjustments[0], spec.outcome)


def comparison_idle(spec: ComparisonSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : ComparisonSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle = {}
    if not any(item.name == "hazard_ratio" for item in spec.measures):
        idle["ties"] = "it has no hazard ratio"
    if not isinstance(spec.outcome, TimeOutcome):
        idle["curves"] = "its outcome is no time"
    if isinstance(spec.outcome, MarkerOutcome) and spec.outcome.scale != "detectable":
        idle["minimum_events"] = "its outcome is a quantity"
    if isinstance(spec.outcome, TimeOutcome):
        idle["outcome_model"] = "its outcome is a time"
    elif not spec.adjustments:
        idle["outcome_model"] = "there is no adjustment whose covariates it would have"
    return idle


def comparison_estimand(spec: ComparisonSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : ComparisonSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Of the first adjustment; empty unless two arms are compared.
    """
    if arms != _PAIR:
        return ""
    return spec.adjustments[0].estimand if spec.adjustments else AS_OBSERVED


_PAIR = 2
