"""What a plan says of adverse events, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from npcstats.choices import choice_faults, faults_within, repeat_faults
from npcstats.derive import GradeWindow
from npcstats.estimators.proportions import DIFFERENCES, PROPORTIONS
from npcstats.study import Estimand, Status


@dataclass(frozen=True)
class Composite:
    """An endpoint that is the worst grade of several terms.

    Parameters
    ----------
    code, label : str
        Code in results and label on the page.
    terms : tuple of str
        Terms of the grading scale.
    """

    code: str
    label: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class ToxicitySpec:
    """A table of worst grades.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    windows : tuple of GradeWindow
        In page order.
    conf_level : float
        Confidence level of both intervals.
    interval : str
        Method for a proportion, as `estimate_proportion` takes it.
    difference : str
        Method for a risk difference, as `compare_proportions` takes it.
    baseline_adjusted : bool
        Whether an event counts only where its grade exceeds the participant's grade of that term at first treatment:
        the worst of the records of that term that were still open then.
    scale : str
        Grading scale and version, as printed.
    estimand : {"unadjusted", "conditional", ""}
        What a comparison of arms estimates, which this analysis gives unadjusted only; empty where none are compared.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    shown_from : float
        Share of any group, 0 to 1, from which a term stands in the table; all terms stand in the results, and a term
        with an event of grade 4 or 5, or a serious one, in every table.
    records : bool
        Whether events are counted beside participants.
    composites : tuple of Composite
        In page order, below the classes.
    measured : mapping of str to tuple of str
        By term, parameters of adlb. Only a participant with a value of one of them in the window, or with an event of
        the term, is assessed for it; who is not is outside its denominator. Of a composite of nothing but such terms,
        a value of any of them is enough.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    windows: tuple[GradeWindow, ...]
    conf_level: float
    interval: str
    difference: str
    baseline_adjusted: bool
    scale: str
    estimand: Estimand
    status: Status
    shown_from: float = 0.0
    records: bool = False
    composites: tuple[Composite, ...] = ()
    measured: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def toxicity_faults(spec: ToxicitySpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    spec : ToxicitySpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = faults_within((window.code, window, _window_idle(window)) for window in spec.windows)
    if not spec.windows:
        found.append("it has no window, so nothing is counted; one is required")
    found += repeat_faults("composite", [item.code for item in spec.composites])
    found += [f"composite {item.code} has no terms; one is required" for item in spec.composites if not item.terms]
    found += [f"{term} is measured by nothing; a parameter is required" for term, of in spec.measured.items() if not of]
    timeless = [window.code for window in spec.windows if not window.period]
    if spec.measured and timeless:
        found.append(f"measured asks for values in a period, and {', '.join(timeless)} has none; one is required")
    return found + choice_faults(spec, "interval", PROPORTIONS) + choice_faults(spec, "difference", (*DIFFERENCES, ""))


def _window_idle(window: GradeWindow) -> dict[str, str]:
    idle = {} if window.where else {"events": "no event is left out by where"}
    if (window.counting, window.evaluable) == ("every", "everyone"):
        idle["period"] = "every event counts, and everyone"
    return idle
