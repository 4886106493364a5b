"""Of each participant: the intervals in which grades are taken, who was followed and assessed, and the worst grades."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.gradecourse.rows import DIED, LEFT, NOT_ASSESSED, NOT_BEGUN, NOT_REACHED, week_code
from npcstats.analyses.gradecourse.spec import DAYS_PER_WEEK, CourseTerm, GradeCourseSpec
from npcstats.derive import check_named, cutoff_day, require_columns
from npcstats.study import Study

Days = np.ndarray
DAY = np.timedelta64(1, "D")
HAS_GRADE = ""


@dataclass(frozen=True, eq=False)
class Times:
    """Intervals of n members at v times.

    Parameters
    ----------
    codes : tuple of str, length v
        Codes in results.
    start, end : datetime64 array, shape (n, v)
        First and last day of each; NaT where it is not known to have begun.
    """

    codes: tuple[str, ...]
    start: Days
    end: Days


@dataclass(frozen=True, eq=False)
class Followed:
    """Who was followed, and assessed, at each time.

    Parameters
    ----------
    state : str array, shape (n, v)
        Empty of who was assessed; else why there is no grade.
    """

    state: np.ndarray

    @property
    def assessed(self) -> np.ndarray:
        """Who was assessed.

        Returns
        -------
        bool array, shape (n, v)
            By time.
        """
        found: np.ndarray = self.state == HAS_GRADE
        return found

    @property
    def followed(self) -> np.ndarray:
        """Who was alive and in the trial at a time that was over by the cut-off.

        Returns
        -------
        bool array, shape (n, v)
            Assessed or not.
        """
        followed: np.ndarray = self.assessed | (self.state == NOT_ASSESSED)
        return followed


def time_codes(spec: GradeCourseSpec) -> tuple[str, ...]:
    """Codes of the times of an entry.

    Parameters
    ----------
    spec : GradeCourseSpec
        Of the plan.

    Returns
    -------
    tuple of str
        Of visits, or of weeks.
    """
    return spec.visits or tuple(week_code(week) for week in spec.weeks)


def find_times(study: Study, members: pd.DataFrame, spec: GradeCourseSpec) -> Times:
    """Find the intervals in which grades are taken.

    Parameters
    ----------
    study : Study
        Its design has the visits.
    members : DataFrame
        Of a population, n rows.
    spec : GradeCourseSpec
        Of the plan.

    Returns
    -------
    Times
        Of each member.

    Raises
    ------
    DataError
        If the study lacks a date that is counted from.
    """
    if spec.visits:
        visits = [study.design.visit(code) for code in spec.visits]
        bounds = [(visit.anchor, visit.first, visit.last) for visit in visits]
    else:
        ends = [DAYS_PER_WEEK * int(week) for week in spec.weeks]
        bounds = [(spec.origin, end - spec.width, end - 1) for end in ends]
    require_columns(members, "adsl", [anchor for anchor, _, _ in bounds], f"analysis {spec.id}")
    start = [_days(members[anchor]) + DAY * first for anchor, first, _ in bounds]
    end = [_days(members[anchor]) + DAY * last for anchor, _, last in bounds]
    return Times(time_codes(spec), np.column_stack(start), np.column_stack(end))


def follow_members(study: Study, members: pd.DataFrame, times: Times, spec: GradeCourseSpec) -> Followed:
    """Find who was followed and assessed at each time.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    times : Times
        Of each member.
    spec : GradeCourseSpec
        Of the plan.

    Returns
    -------
    Followed
        By time.

    Raises
    ------
    SpecError
        If the plan names a kind of assessment outside its list.
    DataError
        If the study lacks a column that is needed.

    Notes
    -----
    Convention: an interval is over on its last day, or with death or on the day of leaving the trial within it. Whose
    adverse event, of any term, began or ended in it was assessed in it.
    """
    reason = f"analysis {spec.id}"
    check_named(study, "adassess", {"KIND": spec.assessments}, reason)
    require_columns(members, "adsl", ("DTHDT",), reason)
    require_columns(study["adassess"], "adassess", ("KIND", "ADT"), reason)
    require_columns(study["adae"], "adae", ("AEDECOD", "AETOXGR", "ASTDT", "AENDT"), reason)
    gone = {DIED: _days(members["DTHDT"])[:, None]}
    if "EOSDT" in members:
        gone[LEFT] = _days(members["EOSDT"])[:, None]
    cutoff = np.datetime64(cutoff_day(study), "D")
    over = np.fmin.reduce([times.end, *(np.broadcast_to(day, times.end.shape) for day in gone.values())])
    begun = ~np.isnat(times.start)
    state = np.full(times.start.shape, NOT_ASSESSED, dtype="<U16")
    state[_seen(study, members, times, spec.assessments)] = HAS_GRADE
    state[~(over <= cutoff)] = NOT_REACHED
    state[~begun] = NOT_BEGUN
    for why, day in reversed(gone.items()):  # of who died after leaving, the death
        state[(day < times.start) | (~begun & ~np.isnat(day))] = why
    return Followed(state)


def _seen(study: Study, members: pd.DataFrame, times: Times, kinds: tuple[str, ...]) -> np.ndarray:
    """Who was assessed in an interval, or had an event that began or ended in it."""
    assessed, adae = study["adassess"], study["adae"]
    assessed = assessed.loc[assessed["KIND"].isin(kinds)]
    found = np.zeros(times.start.shape, dtype=bool)
    for frame, column in ((assessed, "ADT"), (adae, "ASTDT"), (adae, "AENDT")):
        member, known = _places(frame, members)
        day = _days(frame[column])[known]
        for place in range(len(found.T)):
            inside = (day >= times.start[member, place]) & (day <= times.end[member, place])
            found[member[inside], place] = True
    return found


def term_grades(study: Study, members: pd.DataFrame, times: Times, item: CourseTerm) -> tuple[np.ndarray, np.ndarray]:
    """Find the worst grade of a term at each time, whoever was assessed.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    times : Times
        Of each member.
    item : CourseTerm
        Of the plan.

    Returns
    -------
    float array, shape (n, v)
        Worst grade of the events that began by the last day of the interval and had not ended before its first; 0
        where there is none.
    int array
        Members, by place, of the term's events without a date of onset.

    Raises
    ------
    SpecError
        If the plan names a term outside its list.
    """
    check_named(study, "adae", {"AEDECOD": item.terms}, f"term {item.code}")
    adae = study["adae"]
    events = adae.loc[adae["AEDECOD"].isin(item.terms)]
    member, known = _places(events, members)
    onset, resolved = _days(events["ASTDT"])[known], _days(events["AENDT"])[known]
    grade = events["AETOXGR"].to_numpy(dtype=np.float64)[known]
    found = np.zeros(times.start.shape)
    for place in range(len(found.T)):
        there = (onset <= times.end[member, place]) & ~(resolved < times.start[member, place])
        np.maximum.at(found[:, place], member[there], grade[there])
    return found, member[np.isnat(onset)]


def _places(frame: pd.DataFrame, members: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Place of the member of each record of members, and which records these are."""
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(frame["USUBJID"]))
    known = member >= 0
    return member[known], known


def _days(dates: pd.Series) -> Days:
    return dates.to_numpy().astype("datetime64[D]")
