"""Who is in a model of a marker and an endpoint, from when to when, with which value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.association.rows import BASELINE, LANDMARK, READINGS, landmark_code
from npcstats.analyses.association.spec import AssociatedMarker, AssociationSpec, MarkerLandmark
from npcstats.analyses.timetoevent.groups import TimedSample, timed_sample
from npcstats.derive import TIME_ZERO, marker_readings, marker_values
from npcstats.errors import SpecError
from npcstats.study import DAYS_PER_MONTH, Endpoint, Study


@dataclass(frozen=True, eq=False)
class Model:
    """One way for a marker to enter, and the participants followed.

    Parameters
    ----------
    code, way : str
        What rows call it, and which of ``MODELS`` it is.
    visit : str
        Code of the visit of its values; the baseline for readings.
    sample : TimedSample
        Members with their times from the origin or the landmark.
    """

    code: str
    way: str
    visit: str
    sample: TimedSample


@dataclass(frozen=True, eq=False)
class Spells:
    """Stretches of time of members, each with one value of a marker.

    Parameters
    ----------
    member : int array (r,)
        Place of the member in the sample.
    entry, time : float array (r,)
        Months after which it begins, and at which it ends.
    event : bool array (r,)
        Whether it ends with the event.
    value : float array (r,)
        On the marker's scale.
    """

    member: np.ndarray
    entry: np.ndarray
    time: np.ndarray
    event: np.ndarray
    value: np.ndarray

    def of(self, kept: np.ndarray) -> Spells:
        """Keep some of them.

        Parameters
        ----------
        kept : bool array (r,)
            Which.

        Returns
        -------
        Spells
            Those.
        """
        return Spells(self.member[kept], self.entry[kept], self.time[kept], self.event[kept], self.value[kept])


def models_of(study: Study, spec: AssociationSpec, endpoint: Endpoint) -> list[Model]:
    """Find the participants of each model that a marker asks for.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : AssociationSpec
        What is wanted.
    endpoint : Endpoint
        Of the design.

    Returns
    -------
    list of Model
        In page order.

    Raises
    ------
    SpecError
        If a value would be known only after time starts.
    """
    asked = {way for marker in spec.markers for way in marker.models}
    _check_baseline(study, spec, endpoint, asked)
    whole = timed_sample(study, spec.population, endpoint)
    found = [Model(BASELINE, BASELINE, spec.baseline, whole)] if BASELINE in asked else []
    for item in spec.landmarks if LANDMARK in asked else ():
        _check_landmark(study, spec, item)
        later = timed_sample(study, spec.population, endpoint, landmark=item.landmark)
        found.append(Model(landmark_code(item.visit), LANDMARK, item.visit, later))
    return found + ([Model(READINGS, READINGS, spec.baseline, whole)] if READINGS in asked else [])


def _check_baseline(study: Study, spec: AssociationSpec, endpoint: Endpoint, asked: set[str]) -> None:
    visit = study.design.visit(spec.baseline)
    if not asked & {BASELINE, READINGS}:
        return
    if not endpoint.origin or visit.anchor != endpoint.origin or visit.last > endpoint.origin_day:
        raise SpecError(
            f"plan: baseline of {spec.id} is {spec.baseline}, of days {visit.first} to {visit.last} from "
            f"{visit.anchor}; a visit that ends by time zero of {endpoint.code} is required: nobody may be told apart "
            "by what is seen after time starts."
        )


def _check_landmark(study: Study, spec: AssociationSpec, item: MarkerLandmark) -> None:
    visit = study.design.visit(item.visit)
    if item.landmark.anchor != visit.anchor or visit.last > item.landmark.day:
        raise SpecError(
            f"plan: values of {item.visit} in {spec.id} need a landmark counted from {visit.anchor}, on day "
            f"{visit.last} or later: nobody may be told apart by what is seen after time starts."
        )


def spells_of(study: Study, spec: AssociationSpec, marker: AssociatedMarker, model: Model) -> Spells:
    """Find the stretches of time in which a marker's value is known.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : AssociationSpec
        What is wanted.
    marker : AssociatedMarker
        Which marker.
    model : Model
        How it enters, and who is followed.

    Returns
    -------
    Spells
        One of each member with a value; of readings, one for each reading until the next.
    """
    times, reason = model.sample.times, f"analysis {spec.id}"
    if model.way == READINGS:
        readings = marker_readings(study, code=marker.code, unit=marker.unit, scale=marker.scale,
                                   below_limit=spec.below_limit, reason=reason)  # fmt: skip
        return _reading_spells(readings, model, study, spec)
    value = marker_values(study, model.sample.members, [study.design.visit(model.visit)], code=marker.code,
                          unit=marker.unit, scale=marker.scale, below_limit=spec.below_limit,
                          reason=reason)[:, 0]  # fmt: skip
    member = np.arange(len(value))
    return Spells(member, np.zeros(len(value)), times.time, times.cause == 1, value).of(~np.isnan(value))


def _reading_spells(readings: pd.DataFrame, model: Model, study: Study, spec: AssociationSpec) -> Spells:
    """From just after the day of each reading to that of the next, the end of follow-up, or when it is too old."""
    members, times, visit = model.sample.members, model.sample.times, study.design.visit(spec.baseline)
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(readings["USUBJID"]))
    readings, member = readings.loc[member >= 0], member[member >= 0]
    zero = members[TIME_ZERO].to_numpy()[member]
    since = (members[visit.anchor].to_numpy()[member] - zero).astype("timedelta64[D]").astype(float)
    day = (readings["ADT"].to_numpy() - zero).astype("timedelta64[D]").astype(float)
    told = pd.DataFrame({"member": member, "day": day, "value": readings["AVAL"].to_numpy(dtype=float)})
    told = told.loc[day >= since + visit.first].sort_values(["member", "day", "value"], kind="stable")
    told = told.drop_duplicates(["member", "day"])
    later = told.groupby("member")["day"].shift(-1).fillna(np.inf).to_numpy()
    who, begun = told["member"].to_numpy(dtype=int), told["day"].to_numpy()
    entry = np.maximum(begun, 0.0) / DAYS_PER_MONTH
    until = np.minimum(later, begun + spec.carried_days) / DAYS_PER_MONTH
    end = np.minimum(until, times.time[who])
    event = (times.cause[who] == 1) & (times.time[who] <= until)
    return Spells(who, entry, end, event, told["value"].to_numpy()).of(end > entry)
