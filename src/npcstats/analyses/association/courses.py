"""Courses of markers by what happened later: a description, since nobody knows at a visit what will happen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.association.rows import COMPETED, DRAWN, EVENT, FREE, LOCATIONS, OUTCOME, UNKNOWN
from npcstats.analyses.association.spec import AssociatedMarker, AssociationSpec, OutcomeCourses
from npcstats.analyses.timetoevent.groups import timed_sample
from npcstats.derive import TIME_ZERO, EventTimes, marker_readings, visit_records
from npcstats.estimators.continuous import estimate_mean
from npcstats.estimators.proportions import estimate_proportion
from npcstats.estimators.types import Interval
from npcstats.results import Row, count_rows, interval_rows
from npcstats.study import DAYS_PER_MONTH, Endpoint, Study

NO_ONE = "Nobody of this group has a value at this visit."


def course_rows(
    study: Study, spec: AssociationSpec, endpoint: Endpoint, courses: OutcomeCourses, start: Row
) -> list[Row]:
    """Summarize each marker at visits, of those with the event by a month and of those without it.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : AssociationSpec
        What is wanted.
    endpoint : Endpoint
        Of the design.
    courses : OutcomeCourses
        By which month, and at which visits.
    start : Row
        The analysis.

    Returns
    -------
    list of Row
        Values on the day of the event and after it are left out.
    """
    sample = timed_sample(study, spec.population, endpoint)
    groups = outcome_groups(sample.times, courses.month)
    named = replace(start, block=OUTCOME)
    rows = [replace(named, subgroup=f"{OUTCOME}={code}", value=float(mask.sum())) for code, mask in groups.items()]
    markers = {marker.name: marker for marker in spec.markers}
    for marker in (markers[name] for name in courses.markers):
        values = _values(study, spec, marker, sample.members, sample.times, courses)
        for i, visit in enumerate(courses.visits):
            for code in DRAWN:
                place = replace(named, variable=marker.name, window=visit, subgroup=f"{OUTCOME}={code}")
                rows += _location_rows(place, values[groups[code], i], marker, courses, spec.conf_level)
    return rows


def outcome_groups(times: EventTimes, month: float) -> Mapping[str, np.ndarray]:
    """Tell who had the event by a month, who was followed without it, and of whom that is not known.

    Parameters
    ----------
    times : EventTimes
        Of n members.
    month : float
        From time zero.

    Returns
    -------
    mapping of str to bool array, shape (n,)
        By code; each member is in one.
    """
    by_then = times.time <= month
    ended = {EVENT: by_then & (times.cause == 1), COMPETED: by_then & (times.cause == 2)}
    lost = (times.time < month) & (times.cause == 0)
    return {
        EVENT: ended[EVENT],
        FREE: ~(ended[EVENT] | ended[COMPETED] | lost),
        COMPETED: ended[COMPETED],
        UNKNOWN: lost,
    }


def _values(
    study: Study,
    spec: AssociationSpec,
    marker: AssociatedMarker,
    members: pd.DataFrame,
    times: EventTimes,
    courses: OutcomeCourses,
) -> np.ndarray:
    """Values of the marker (members, visits) on its scale, those before the event only."""
    readings = marker_readings(study, code=marker.code, unit=marker.unit, scale=marker.scale,
                               below_limit=spec.below_limit, reason=f"analysis {spec.id}")  # fmt: skip
    days = pd.to_timedelta(np.round(times.time * DAYS_PER_MONTH), unit="D")
    end = pd.Series((members[TIME_ZERO] + days).where(times.cause == 1).to_numpy(), index=members["USUBJID"])
    before = readings.loc[~(readings["ADT"] >= readings["USUBJID"].map(end))]
    values = np.full((len(members), len(courses.visits)), math.nan)
    for i, code in enumerate(courses.visits):
        chosen = visit_records(before, members, study.design.visit(code))
        values[chosen.index.to_numpy(dtype=int), i] = chosen["AVAL"].to_numpy(dtype=float)
    return values


def _location_rows(
    place: Row, values: np.ndarray, marker: AssociatedMarker, courses: OutcomeCourses, conf_level: float
) -> list[Row]:
    known = values[~np.isnan(values)]
    counted = count_rows(replace(place, measure="observed"), len(known), len(values))
    shown = replace(place, measure=LOCATIONS[marker.scale], unit=marker.unit)
    if marker.scale == "detectable":
        count = int(known.sum())
        share = estimate_proportion(count, len(known), method=courses.proportion, conf_level=conf_level)
        shown = replace(shown, unit="")
        return [*counted, *count_rows(shown, count, len(known)), *interval_rows(shown, share)]
    found = estimate_mean(known, conf_level=conf_level)
    if marker.scale == "log":
        estimate, lower, upper = (float(np.exp(number)) for number in (found.estimate, found.lower, found.upper))
        found = Interval(estimate, lower, upper, conf_level, f"{found.method}, on logarithms", found.note)
    if not len(known):
        found = replace(found, note=NO_ONE)
    return [*counted, *interval_rows(shown, found)]
