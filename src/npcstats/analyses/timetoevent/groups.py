"""Whose times are analyzed, from when, and in which groups: members, landmark, arms or levels of a variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from npcstats.derive import (
    ENDED_BEFORE,
    EVENT_BEFORE,
    NOT_REACHED,
    TIME_ZERO,
    EventTimes,
    arm_groups,
    derive_endpoint,
    detectable,
    level_texts,
    outside_time_zero,
    population_members,
    require_columns,
    visit_records,
    with_time_zero,
)
from npcstats.errors import SpecError
from npcstats.results import EVERYONE
from npcstats.study import DAYS_PER_MONTH, Endpoint, Study

NO_VALUE = "NO-VALUE"
EXCLUSIONS = {
    NOT_REACHED: "Landmark not reached",
    EVENT_BEFORE: "Event before the landmark",
    ENDED_BEFORE: "Follow-up ended before the landmark",
    NO_VALUE: "No value to be grouped by",
}
DETECTED, NOT_DETECTED = "DETECTED", "NOT-DETECTED"


@dataclass(frozen=True)
class ByCharacteristic:
    """Groups by a variable of ADSL.

    Parameters
    ----------
    variable : str
        Column of ADSL, known when time starts.
    levels : mapping of str to str
        Values in page order, which is the order of a trend, and their words.
    """

    variable: str
    levels: Mapping[str, str]


@dataclass(frozen=True)
class ByDetection:
    """Groups by whether a marker was detected at a visit; needs a landmark after the visit's window.

    Parameters
    ----------
    param : str
        PARAMCD of the marker.
    visit : str
        Code of a visit of the design.
    detected, not_detected : str
        Words for the two groups.
    definition : str
        Sentence on the page: which reading, and what counts as detected.
    """

    param: str
    visit: str
    detected: str
    not_detected: str
    definition: str

    @property
    def variable(self) -> str:
        """Name of the grouping in results.

        Returns
        -------
        str
            Marker and visit.
        """
        return f"{self.param}@{self.visit}"

    @property
    def levels(self) -> Mapping[str, str]:
        """Groups in page order.

        Returns
        -------
        mapping of str to str
            Codes and words.
        """
        return {DETECTED: self.detected, NOT_DETECTED: self.not_detected}


Grouping = ByCharacteristic | ByDetection


@dataclass(frozen=True)
class Landmark:
    """A day from which time is counted anew, for those still followed without an event on it.

    Parameters
    ----------
    anchor : str
        ADSL date column.
    day : int
        Days after it.
    definition : str
        Sentence on the page.
    """

    anchor: str
    day: int
    definition: str


@dataclass(frozen=True)
class TimedGroup:
    """Participants who are analyzed together: arm code or ``all``, subgroup or ``all``, and a mask over the sample."""

    arm: str
    subgroup: str
    members: np.ndarray


@dataclass(frozen=True, eq=False)
class TimedSample:
    """Members of a population with their times from the origin or the landmark.

    Parameters
    ----------
    members : DataFrame
        Rows of ADSL.
    times : EventTimes
        Aligned with `members`.
    groups : tuple of TimedGroup
        In page order, everyone last.
    excluded : mapping of str to int
        Why members of the population are not in the sample, and how many.
    outside : mapping of str to mapping of str to int
        Why members are not followed from the endpoint's own landmark, and how many of each arm, and of everyone.
    """

    members: pd.DataFrame
    times: EventTimes
    groups: tuple[TimedGroup, ...]
    excluded: Mapping[str, int]
    outside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def numbers(self) -> np.ndarray:
        """Place of each participant's group, everyone left out.

        Returns
        -------
        ndarray of int, shape (n,)
            From 0, in page order.
        """
        found = np.zeros(len(self.members), dtype=int)
        for i, group in enumerate(self.groups[:-1]):
            found[group.members] = i
        return found


def timed_sample(
    study: Study,
    population: str,
    endpoint: Endpoint,
    *,
    grouping: Grouping | None = None,
    landmark: Landmark | None = None,
) -> TimedSample:
    """Derive an endpoint for a population, from its origin or from a landmark, and split it into groups.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    population : str
        Code of the analysis set.
    endpoint : Endpoint
        Of the design.
    grouping : ByCharacteristic or ByDetection, optional
        Instead of the arms.
    landmark : Landmark, optional
        Instead of the endpoint's origin.

    Returns
    -------
    TimedSample
        Times in months.

    Raises
    ------
    SpecError
        If a grouping by detection has no landmark, or looks at what is known only after it.
    DataError
        If an event precedes the origin, or a column is not in the data.
    """
    _check_grouping(study, grouping, landmark)
    everyone = population_members(study, population)
    outside = {
        reason: {group.arm: int((flags & group.members).sum()) for group in arm_groups(study, everyone)}
        for reason, flags in outside_time_zero(study, everyone, endpoint).items()
    }
    members = with_time_zero(study, everyone, endpoint)
    times = derive_endpoint(study, members, endpoint)
    excluded: dict[str, int] = {}
    if landmark:
        days = (members[landmark.anchor] - members[TIME_ZERO]).dt.days.to_numpy(dtype=float)
        start = (days + landmark.day) / DAYS_PER_MONTH
        early = times.time <= start
        reasons = {
            NOT_REACHED: np.isnan(start) & (times.cause == 0),
            EVENT_BEFORE: (early | np.isnan(start)) & (times.cause > 0),
            ENDED_BEFORE: early & (times.cause == 0),
        }
        excluded |= {reason: int(flags.sum()) for reason, flags in reasons.items()}
        kept = times.time > start
        members, times = members.loc[kept].reset_index(drop=True), _subset(times, kept, start[kept])
    if grouping is None:
        groups = tuple(TimedGroup(group.arm, EVERYONE, group.members) for group in arm_groups(study, members))
        return TimedSample(members, times, groups, excluded, outside)
    level = _levels(study, members, grouping)
    known = np.isin(level, list(grouping.levels))
    excluded[NO_VALUE] = int((~known).sum())
    members, times, level = members.loc[known].reset_index(drop=True), _subset(times, known, 0.0), level[known]
    groups = tuple(TimedGroup(EVERYONE, f"{grouping.variable}={code}", level == code) for code in grouping.levels)
    return TimedSample(members, times, (*groups, TimedGroup(EVERYONE, EVERYONE, known[known])), excluded, outside)


def _check_grouping(study: Study, grouping: Grouping | None, landmark: Landmark | None) -> None:
    if not isinstance(grouping, ByDetection):
        return
    visit = study.design.visit(grouping.visit)
    if landmark is None or landmark.anchor != visit.anchor or visit.last > landmark.day:
        raise SpecError(
            f"plan: groups by {grouping.variable} need a landmark counted from {visit.anchor}, on day {visit.last} or "
            "later: nobody may be grouped by what is seen after time starts."
        )


def _levels(study: Study, members: pd.DataFrame, grouping: Grouping) -> np.ndarray:
    if isinstance(grouping, ByCharacteristic):
        require_columns(members, "adsl", (grouping.variable,), "groups of participants")
        return level_texts(members[grouping.variable]).to_numpy(dtype=str)
    require_columns(study["adlb"], "adlb", ("PARAMCD", "ADT", "AVAL", "AVALC"), "groups by detection")
    records = study["adlb"].loc[lambda frame: frame["PARAMCD"] == grouping.param]
    known = records.assign(AVAL=detectable(records)).dropna(subset="AVAL")
    chosen = visit_records(known, members, study.design.visit(grouping.visit))
    level = np.full(len(members), "", dtype=object)
    level[chosen.index.to_numpy(dtype=int)] = np.where(chosen["AVAL"] > 0, DETECTED, NOT_DETECTED)
    return level.astype(str)


def _subset(times: EventTimes, kept: np.ndarray, start: np.ndarray | float) -> EventTimes:
    failures = {kind: had[kept] for kind, had in times.failures.items()}
    return EventTimes(times.time[kept] - start, times.cause[kept], times.reason[kept], failures, times.cnsr[kept])


def grouping_labels(grouping: Grouping | None) -> dict[str, dict[str, str]]:
    """Words of the groups for the catalogue.

    Parameters
    ----------
    grouping : ByCharacteristic or ByDetection, or None
        As in the plan.

    Returns
    -------
    dict of str to dict of str to str
        Labels by key column; empty for arms.
    """
    if grouping is None:
        return {}
    return {"subgroup": {f"{grouping.variable}={code}": words for code, words in grouping.levels.items()}}
