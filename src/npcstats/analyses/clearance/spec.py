"""What a plan says of the states of a marker and of its clearance, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.estimators.proportions import PROPORTIONS
from npcstats.study import Status


@dataclass(frozen=True)
class ClearanceSpec:
    """In whom a marker is detected at each visit, and the time until it is no longer.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    marker, marker_label, unit : str
        PARAMCD, its name within a sentence, and the unit in which it is recorded.
    visits : tuple of str
        Visit codes of the design, in page order.
    baseline : str
        The visit at which the marker is detected in those whose clearance is timed.
    origin : str
        Date of ADSL from which the time is counted; samples after it tell of clearance.
    weeks : tuple of float
        Times at which the share that has cleared is told, rising; the last is also the end of the figure.
    minimum : int
        Participants with a later sample below whom no time is estimated.
    conf_level : float
        Confidence level of every interval.
    interval : str
        Method of the limits of a share, as `estimate_proportion` takes it.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    marker: str
    marker_label: str
    unit: str
    visits: tuple[str, ...]
    baseline: str
    origin: str
    weeks: tuple[float, ...]
    minimum: int
    conf_level: float
    interval: str
    status: Status


def clearance_faults(spec: ClearanceSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : ClearanceSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    found = choice_faults(spec, "interval", PROPORTIONS) + repeat_faults("visits", spec.visits)
    found += number_faults(spec, "conf_level", above=0.0, below=1.0)
    found += number_faults(spec, "minimum", least=1, whole=True)
    if not spec.visits:
        found.append("it has no visits, so no state is told; one is required")
    if not spec.weeks or any(low >= high for low, high in pairwise((0.0, *spec.weeks))):
        found.append("weeks do not rise from above 0; times in weeks are required")
    return found
