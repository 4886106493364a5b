"""What a plan says of variations of an effect, and what of it is refused."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from npcstats.analyses.adjustment.measures import Measure, OutcomeModel, measure_faults, model_faults
from npcstats.analyses.adjustment.outcomes import Outcome, TimeOutcome, outcome_faults
from npcstats.analyses.adjustment.spec import Adjustment, adjustment_faults
from npcstats.choices import number_faults, repeat_faults
from npcstats.study import UNADJUSTED, Estimand, Status
from npcstats.wording import code_faults

_PAIR = 2


@dataclass(frozen=True)
class Between:
    """Members with a date in a stretch of the calendar.

    Parameters
    ----------
    column, label : str
        Date column of ADSL, and words for those left, such as ``Enrolled from 2027 on``.
    first, last : date, optional
        Ends of the stretch, both inside it.
    """

    column: str
    label: str
    first: datetime.date | None = None
    last: datetime.date | None = None


@dataclass(frozen=True)
class Variation:
    """One way to estimate the effect.

    Parameters
    ----------
    code, label : str
        What results call it, and its name on the page.
    score : str
        Words for the confounders of its score, such as ``All confounders``; empty as observed.
    adjustment : Adjustment, optional
        How the arms are made alike; none for the comparison as observed.
    model : OutcomeModel, optional
        Regression of the outcome beside the weights, or instead of them.
    population : str
        Another analysis set than the entry's; empty for that.
    between : Between, optional
        Only members with a date in a stretch of the calendar.
    control : Outcome, optional
        Another outcome, on which no effect is expected: a negative control.
    """

    code: str
    label: str
    score: str
    adjustment: Adjustment | None
    model: OutcomeModel | None = None
    population: str = ""
    between: Between | None = None
    control: Outcome | None = None


@dataclass(frozen=True)
class RobustnessSpec:
    """One effect, estimated in several ways.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        What is compared.
    measure : Measure
        The effect.
    variations : tuple of Variation
        In page order; the first is the main analysis.
    e_value : Measure, optional
        Measure of the main analysis, a ratio, whose E-value is given.
    conf_level : float
        Confidence level of every interval.
    ties : {"efron", "breslow", ""}
        How tied events share a denominator; empty without a hazard ratio.
    minimum_events : int
        With fewer events in both arms together no effect is estimated; of no effect on a quantity.
    estimand : {"unadjusted", "ate", "att", "ato", ""}
        Of the main analysis.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    outcome: Outcome
    measure: Measure
    variations: tuple[Variation, ...]
    e_value: Measure | None
    conf_level: float
    ties: str
    minimum_events: int
    estimand: Estimand
    status: Status


def robustness_faults(spec: RobustnessSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : RobustnessSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = outcome_faults(spec.outcome) + measure_faults((spec.measure,), spec.outcome, spec.ties)
    faults += [] if spec.variations else ["it has no variation; one or more are required, the main analysis first"]
    faults += repeat_faults("variation", [item.code for item in spec.variations])
    faults += number_faults(spec, "conf_level", above=0, below=1)
    faults += number_faults(spec, "minimum_events", least=0, whole=True)
    for item in spec.variations:
        faults += [f"variation {item.code}: {fault}" for fault in _variation_faults(item, spec)]
    if spec.e_value and not spec.e_value.name.endswith("_ratio"):
        faults.append(f"e_value is of {spec.e_value.name!r}; a ratio is required")
    return faults + (measure_faults((spec.e_value,), spec.outcome, spec.ties) if spec.e_value else [])


def _variation_faults(item: Variation, spec: RobustnessSpec) -> list[str]:
    faults = code_faults("variations", item.code)
    faults += adjustment_faults(item.adjustment) if item.adjustment else []
    if bool(item.score) != bool(item.adjustment):
        faults.append("score names the confounders of an adjustment; it is required with one, and only then")
    if item.model:
        faults += model_faults(item.model, item.adjustment, item.control or spec.outcome)
        if item.adjustment and item.adjustment.variance == "bootstrap":
            faults.append(
                "variance is 'bootstrap' beside a regression of the outcome; 'm-estimation' is required with it"
            )
    if item.control:
        faults += outcome_faults(item.control) + measure_faults((spec.measure,), item.control, spec.ties)
    if item.between and not (item.between.first or item.between.last):
        faults.append("between has neither a first nor a last date; one is required")
    if item.between and item.between.first and item.between.last and item.between.first > item.between.last:
        faults.append(f"between is from {item.between.first} to {item.between.last}; the first day first is required")
    return faults


def robustness_idle(spec: RobustnessSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : RobustnessSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    idle = {}
    if "hazard_ratio" not in (spec.measure.name, spec.e_value.name if spec.e_value else ""):
        idle["ties"] = "it has no hazard ratio"
    if not isinstance(spec.outcome, TimeOutcome) and spec.measure.name.startswith("mean"):
        idle["minimum_events"] = "its outcome is a quantity"
    return idle


def robustness_estimand(spec: RobustnessSpec, arms: int) -> Estimand:
    """The estimand that an entry can have.

    Parameters
    ----------
    spec : RobustnessSpec
        As in the plan.
    arms : int
        Arms of the design.

    Returns
    -------
    str
        Of the main analysis; empty unless two arms are compared.
    """
    if arms != _PAIR or not spec.variations:
        return ""
    main = spec.variations[0].adjustment
    return main.estimand if main else UNADJUSTED
