"""What a plan says of correlations within participants, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.choices import choice_faults, number_faults, repeat_faults
from npcstats.derive import BELOW_LIMITS, BelowLimit
from npcstats.estimators.within_correlation import CORRELATION_LIMITS, DISTANCES, LINKAGES, Linkage
from npcstats.study import Status

Scale = Literal["log", "identity"]
SCALES: tuple[Scale, ...] = ("log", "identity")
_FEWEST_MARKERS, _FEWEST_VISITS, _FEWEST_PARTICIPANTS = 2, 2, 2


@dataclass(frozen=True)
class CorrelatedMarker:
    """One marker.

    Parameters
    ----------
    code, label : str
        PARAMCD and name on the page.
    unit : str
        Unit of AVAL, as recorded; a record in another unit is an error.
    scale : {"log", "identity"}
        Whether its logarithm is correlated, or itself.
    """

    code: str
    label: str
    unit: str
    scale: Scale


@dataclass(frozen=True)
class CorrelationSpec:
    """Correlations of markers within participants, over visits.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    markers : tuple of CorrelatedMarker
        Two or more.
    visits : tuple of str
        Visit codes of the design, two or more.
    below_limit : {"half-limit", "missing"}
        What a value below the limit of quantification counts as.
    limits : {"fisher", "clustered"}
        Of a correlation, as `estimate_repeated_correlation` takes it.
    distance : {"signed", "absolute"}
        Of two markers in the order of the page, as `order_by_correlation` takes it.
    joined : {"average", "complete", "single"}
        Distance of two groups of markers there.
    minimum_participants : int
        With fewer participants who have both markers on two visits nothing is estimated.
    conf_level : float
        Confidence level of every interval.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    markers: tuple[CorrelatedMarker, ...]
    visits: tuple[str, ...]
    below_limit: BelowLimit
    limits: str
    distance: str
    joined: Linkage
    minimum_participants: int
    conf_level: float
    status: Status


def correlation_faults(spec: CorrelationSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or too little to correlate.

    Parameters
    ----------
    spec : CorrelationSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = [fault for marker in spec.markers for fault in choice_faults(marker, "scale", SCALES)]
    sets = {"below_limit": BELOW_LIMITS, "limits": CORRELATION_LIMITS, "distance": DISTANCES, "joined": LINKAGES}
    faults += [fault for name, known in sets.items() for fault in choice_faults(spec, name, known)]
    faults += repeat_faults("markers", [marker.code for marker in spec.markers])
    faults += repeat_faults("visits", list(spec.visits))
    faults += number_faults(spec, "minimum_participants", least=_FEWEST_PARTICIPANTS, whole=True)
    for name, fewest in (("markers", _FEWEST_MARKERS), ("visits", _FEWEST_VISITS)):
        if len(getattr(spec, name)) < fewest:
            faults.append(f"{name} are {len(getattr(spec, name))}; {fewest} or more are required")
    return faults
