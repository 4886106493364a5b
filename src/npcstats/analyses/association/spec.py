"""What a plan says of markers and outcome, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.analyses.adjustment.spec import Covariate, covariate_faults, covariate_idle
from npcstats.analyses.association.rows import BASELINE, DEVIATION, DOUBLING, LANDMARK, MODELS, PRESENCE, READINGS
from npcstats.analyses.timetoevent.groups import Landmark
from npcstats.choices import choice_faults, faults_within, number_faults, repeat_faults
from npcstats.derive import BELOW_LIMITS, BelowLimit
from npcstats.estimators.continuous import MULTIPLICITY
from npcstats.estimators.proportions import PROPORTIONS
from npcstats.estimators.timetoevent import TIES
from npcstats.study import Status

Scale = Literal["log", "identity", "detectable"]
Unit = Literal["doubling", "sd", "presence"]
UNITS: dict[str, tuple[str, ...]] = {
    "log": (DOUBLING, DEVIATION),
    "identity": (DEVIATION,),
    "detectable": (PRESENCE,),
}
"""Units of a hazard ratio that a scale allows; none is chosen by looking at the outcome."""


@dataclass(frozen=True)
class AssociatedMarker:
    """One marker.

    Parameters
    ----------
    name, label : str
        Its name in results and on the page.
    code, unit : str
        PARAMCD, and unit of AVAL as recorded.
    scale : {"log", "identity", "detectable"}
        Its logarithm, itself, or whether anything was detected.
    per : {"doubling", "sd", "presence"}
        What its hazard ratio is for: twice the value; one standard deviation on its scale at baseline; detected against
        not.
    models : tuple of {"baseline", "landmark", "readings"}
        In which it enters.
    style : str
        Formatting style of a value; empty for "detectable".
    without : tuple of str
        Columns of covariates that are the marker itself, and that its adjusted models leave out.
    """

    name: str
    label: str
    code: str
    unit: str
    scale: Scale
    per: Unit
    models: tuple[str, ...]
    style: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkerLandmark:
    """A visit whose values enter a model of what happens later.

    Parameters
    ----------
    visit : str
        Code of a visit of the design.
    landmark : Landmark
        From when time is counted: on the last day of the visit's window or later.
    """

    visit: str
    landmark: Landmark


@dataclass(frozen=True)
class OutcomeCourses:
    """Courses of markers by what happened later.

    Parameters
    ----------
    month : float
        Months from time zero by which the event happened or did not.
    visits : tuple of str
        Visit codes of the design, in page order.
    markers : tuple of str
        Names of markers, in page order.
    proportion : str
        Limits of the share with a detectable quantity, as `estimate_proportion` takes them; empty where no such marker
        is drawn.
    """

    month: float
    visits: tuple[str, ...]
    markers: tuple[str, ...]
    proportion: str


@dataclass(frozen=True)
class AssociationSpec:
    """Markers and one endpoint.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set.
    sessions : tuple of str
        Sessions of the plan it is made for.
    endpoint : str
        Code of an endpoint of the design.
    markers : tuple of AssociatedMarker
        In page order.
    baseline : str
        Code of the visit before time zero.
    landmarks : tuple of MarkerLandmark
        In page order; empty where no marker has such a model.
    carried_days : int
        Days for which a reading counts until the next one; then the participant is not at risk. 0 where no marker has a
        model of readings.
    below_limit : {"half-limit", "missing", ""}
        What a value below the limit of quantification counts as; empty where every marker is "detectable".
    covariates : tuple of Covariate
        Of the adjusted models, known at time zero.
    by_arm : bool
        Whether the ratio of each arm is estimated, and tested for being the same.
    ties : {"efron", "breslow"}
        How tied events share a denominator.
    minimum_events : int
        With fewer events nothing is fitted.
    multiplicity : {"none", "holm", "benjamini-hochberg"}
        Adjustment of the p-values for all markers and models of the entry.
    courses : OutcomeCourses or None
        Courses by outcome; None for none.
    conf_level : float
        Confidence level of every interval.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    endpoint: str
    markers: tuple[AssociatedMarker, ...]
    baseline: str
    landmarks: tuple[MarkerLandmark, ...]
    carried_days: int
    below_limit: BelowLimit
    covariates: tuple[Covariate, ...]
    by_arm: bool
    ties: str
    minimum_events: int
    multiplicity: str
    courses: OutcomeCourses | None
    conf_level: float
    status: Status


def association_faults(spec: AssociationSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or that do not fit together.

    Parameters
    ----------
    spec : AssociationSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = [fault for marker in spec.markers for fault in _marker_faults(marker)]
    faults += repeat_faults("markers", [marker.name for marker in spec.markers])
    faults += repeat_faults("landmarks", [item.visit for item in spec.landmarks])
    faults += choice_faults(spec, "ties", TIES) + choice_faults(spec, "multiplicity", MULTIPLICITY)
    faults += number_faults(spec, "minimum_events", least=1, whole=True)
    asked = {model for marker in spec.markers for model in marker.models}
    idle = association_idle(spec)
    if not spec.markers:
        faults.append("it has no markers; one is required")
    if "below_limit" not in idle:
        faults += choice_faults(spec, "below_limit", BELOW_LIMITS)
    if LANDMARK in asked and not spec.landmarks:
        faults.append("a marker enters at a landmark, but there is none; one is required")
    if READINGS in asked:
        faults += number_faults(spec, "carried_days", least=1, whole=True)
    columns = [item.column for item in spec.covariates]
    faults += [f"{marker.name}: it is not adjusted for {name}, which is no covariate; one of {', '.join(columns)} is "
               "required" for marker in spec.markers for name in marker.without if name not in columns]  # fmt: skip
    if spec.courses:
        faults += _course_faults(spec.courses, {marker.name: marker.scale for marker in spec.markers})
    return faults + [fault for item in spec.covariates for fault in covariate_faults(item)]


def _course_faults(courses: OutcomeCourses, scales: dict[str, Scale]) -> list[str]:
    faults = number_faults(courses, "month", above=0)
    for name in ("visits", "markers"):
        faults += repeat_faults(name, list(getattr(courses, name)))
        if not getattr(courses, name):
            faults.append(f"courses have no {name}; one is required")
    faults += [f"courses are of {name}, which is no marker; one of {', '.join(scales)} is required"
               for name in courses.markers if name not in scales]  # fmt: skip
    if "detectable" in [scales.get(name) for name in courses.markers]:
        faults += choice_faults(courses, "proportion", PROPORTIONS)
    elif courses.proportion:
        faults.append(f"proportion is {courses.proportion!r}, but has no effect: no course is of a share")
    return faults


def _marker_faults(marker: AssociatedMarker) -> list[str]:
    faults = choice_faults(marker, "scale", UNITS)
    if not faults:
        faults = choice_faults(marker, "per", UNITS[marker.scale])
    if not marker.models or not set(marker.models) <= set(MODELS):
        faults.append(f"models are {', '.join(marker.models) or 'none'}; some of {', '.join(MODELS)} are required")
    if marker.scale != "detectable" and not marker.style:
        faults.append("style is empty; a style of its values is required")
    return [f"{marker.name}: {fault}" for fault in faults]


def association_entry_faults(spec: AssociationSpec) -> list[str]:
    """Faults of an entry in a plan: those of `association_faults`, and fields of its parts without effect.

    Parameters
    ----------
    spec : AssociationSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    parts = [(item.column, item, covariate_idle(item)) for item in spec.covariates]
    detected = {"style": "whether it is detected has no style"}
    shown = [(marker.name, marker, detected if marker.scale == "detectable" else {}) for marker in spec.markers]
    return association_faults(spec) + faults_within([*parts, *shown])


def association_idle(spec: AssociationSpec) -> dict[str, str]:
    """Fields of an entry that have no effect beside its others, and why.

    Parameters
    ----------
    spec : AssociationSpec
        As in the plan.

    Returns
    -------
    dict of str to str
        By field.
    """
    asked = {model for marker in spec.markers for model in marker.models}
    idle = {}
    if LANDMARK not in asked:
        idle["landmarks"] = "no marker enters at a landmark"
    if READINGS not in asked:
        idle["carried_days"] = "no marker enters by its readings"
    if all(marker.scale == "detectable" for marker in spec.markers):
        idle["below_limit"] = "every marker is detected or not"
    if BASELINE not in asked and READINGS not in asked and all(marker.per != DEVIATION for marker in spec.markers):
        idle["baseline"] = "nothing is asked of it"
    return idle
