"""What a plan says of courses of markers, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.trajectories.rows import IDENTITY, LOG
from npcstats.choices import choice_faults, repeat_faults
from npcstats.derive import BELOW_LIMITS, BelowLimit
from npcstats.study import Status

Scale = Literal["log", "identity"]
SCALES: tuple[Scale, ...] = (LOG, IDENTITY)


@dataclass(frozen=True)
class CourseMarker:
    """A marker whose courses are drawn.

    Parameters
    ----------
    code, label, unit : str
        PARAMCD, name on the page, and unit of AVAL as recorded.
    scale : {"log", "identity"}
        Scale of its axis.
    visits : tuple of str
        Visits of the analysis at which it is measured; all of them if empty.
    """

    code: str
    label: str
    unit: str
    scale: Scale
    visits: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrajectoriesSpec:
    """Values of markers at visits, of participants one by one.

    Parameters
    ----------
    id, label : str
        Its id, which is also the name of its listing, and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for; none of them pooled or public.
    markers : tuple of CourseMarker
        In page order.
    visits : tuple of str
        Visit codes of the design, in page order.
    below_limit : {"half-limit", "missing"}
        What a value below the limit of quantification is drawn as.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    markers: tuple[CourseMarker, ...]
    visits: tuple[str, ...]
    below_limit: BelowLimit
    status: Status


def trajectories_faults(spec: TrajectoriesSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : TrajectoriesSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = [] if spec.markers else ["markers is empty; one or more are required"]
    faults += [] if spec.visits else ["visits is empty; one or more are required"]
    faults += repeat_faults("marker", [marker.code for marker in spec.markers])
    faults += repeat_faults("visit", spec.visits)
    faults += choice_faults(spec, "below_limit", BELOW_LIMITS)
    for marker in spec.markers:
        faults += choice_faults(marker, "scale", SCALES)
        faults += [f"visits of {marker.code} has {code}, which is no visit of the analysis"
                   for code in marker.visits if code not in spec.visits]  # fmt: skip
    return faults
