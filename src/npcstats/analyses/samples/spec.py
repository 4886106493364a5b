"""What a plan says of samples, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.choices import repeat_faults
from npcstats.study import Status


@dataclass(frozen=True)
class SampledMarker:
    """A marker whose values are counted.

    Parameters
    ----------
    code, label : str
        PARAMCD, and name on the page.
    visits : tuple of str
        Visits of the analysis at which it is measured; all of them if empty.
    """

    code: str
    label: str
    visits: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SamplesSpec:
    """Samples by visit: expected, attended, taken, assayed, evaluable.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    markers : tuple of SampledMarker
        In page order.
    visits : tuple of str
        Visit codes of the design, in page order; the first is the baseline.
    attended_by : tuple of str
        Kinds of ADASSESS records that show that somebody came to a visit.
    sampled_by : tuple of str
        PARAMCD of ADLB records that show that a sample was taken; the markers are among them.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    markers: tuple[SampledMarker, ...]
    visits: tuple[str, ...]
    attended_by: tuple[str, ...]
    sampled_by: tuple[str, ...]
    status: Status


def samples_faults(spec: SamplesSpec) -> list[str]:
    """Faults of an entry by itself.

    Parameters
    ----------
    spec : SamplesSpec
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
    for marker in spec.markers:
        if marker.code not in spec.sampled_by:
            faults.append(f"sampled_by lacks {marker.code}, whose value needs a sample")
        faults += [f"visits of {marker.code} has {code}, which is no visit of the analysis"
                   for code in marker.visits if code not in spec.visits]  # fmt: skip
        if marker.visits and spec.visits and spec.visits[0] not in marker.visits:
            faults.append(f"visits of {marker.code} lacks {spec.visits[0]}, the baseline")
    return faults
