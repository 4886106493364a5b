"""Courses of care: records that share a day are one, each with its first day and the day from which it is over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.care.spec import CareItem
from npcstats.derive import GradeWindow, Span, last_assessment
from npcstats.study import Study

Days = np.ndarray
DAY = np.timedelta64(1, "D")
NEVER = np.datetime64("9999-12-31", "D")


@dataclass(frozen=True, eq=False)
class Seen:
    """How far each of n members is known: until the last assessment, or until death.

    Parameters
    ----------
    last : datetime64 (n,)
        Last day known; NaT for who was never assessed.
    death : datetime64 (n,)
        NaT where there is none.
    """

    last: Days
    death: Days


@dataclass(frozen=True, eq=False)
class Courses:
    """Courses of one kind of care, c of them, of each member in the order of time.

    Parameters
    ----------
    member : int (c,)
        Place of the participant.
    start, end : datetime64 (c,)
        First day; last day of the record, or, of a course that is in place, the last day known.
    ended : bool (c,)
        Whether its end is known, by record or death.
    died : bool (c,)
        Whether it was in place at death.
    counted : bool
        Whether the last day of a record is a day with it.
    """

    member: np.ndarray
    start: Days
    end: Days
    ended: np.ndarray
    died: np.ndarray
    counted: bool

    @property
    def over(self) -> Days:
        """First day without it.

        Returns
        -------
        datetime64 (c,)
            The last day known is a day with a course that is in place then.
        """
        return np.asarray(self.end + DAY * (self.counted | ~self.ended))

    @property
    def lasted(self) -> np.ndarray:
        """Days from the first to the end, or, of a course that is in place, as many as it lasted at least.

        Returns
        -------
        int (c,)
            Never below 0.
        """
        return days_of(self.start, self.end + DAY * self.counted)

    def kept(self, mask: np.ndarray) -> Courses:
        """Some of the courses.

        Parameters
        ----------
        mask : bool (c,)
            Which.

        Returns
        -------
        Courses
            Those.
        """
        parts = (self.member[mask], self.start[mask], self.end[mask], self.ended[mask], self.died[mask])
        return Courses(*parts, self.counted)

    def first(self) -> Courses:
        """The first course of each participant.

        Returns
        -------
        Courses
            One for each who has any.
        """
        return self.kept(np.append(True, self.member[1:] != self.member[:-1])[: len(self.member)])


def days_of(start: Days, over: Days) -> np.ndarray:
    """Count the days from one to another.

    Parameters
    ----------
    start, over : datetime64 (n,)
        First day, and the one after the last.

    Returns
    -------
    int (n,)
        Never below 0.
    """
    return np.asarray(np.maximum((over - start) // DAY, 0), dtype=np.int64)


def dates_of(members: pd.DataFrame, column: str) -> Days:
    """Read dates as days.

    Parameters
    ----------
    members : DataFrame
        Rows of ADSL.
    column : str
        A date.

    Returns
    -------
    datetime64 (n,)
        To the day.
    """
    return members[column].to_numpy().astype("datetime64[D]")


def seen_until(study: Study, members: pd.DataFrame, kinds: tuple[str, ...]) -> Seen:
    """Find how far members are known.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    kinds : tuple of str
        Kinds of assessment that tell.

    Returns
    -------
    Seen
        Aligned with `members`.
    """
    last = last_assessment(study, members, kinds).to_numpy().astype("datetime64[D]")
    death = dates_of(members, "DTHDT")
    return Seen(np.where(np.isnat(death), last, death), death)


def find_courses(adcare: pd.DataFrame, members: pd.DataFrame, item: CareItem, seen: Seen) -> Courses:
    """Find the courses of one kind of care.

    Parameters
    ----------
    adcare : DataFrame
        At the cut-off.
    members : DataFrame
        Of a population.
    item : CareItem
        Of the plan.
    seen : Seen
        How far members are known.

    Returns
    -------
    Courses
        Of those members, none shorter than the plan says; an open one as long as it is known to be.

    Notes
    -----
    Convention: records that overlap, or of which one begins on the last day of another, are one course. None goes on
    after death.
    """
    records = adcare.loc[adcare["KIND"] == item.kind]
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(records["USUBJID"]))
    inside = member >= 0
    member = member[inside]
    start, end = (records[name].to_numpy()[inside].astype("datetime64[D]") for name in ("CASTDT", "CAENDT"))
    order = np.lexsort((start, member))
    member, start, end = _joined(member[order], start[order], np.where(np.isnat(end), NEVER, end)[order])
    return _known(member, start, end, seen, item)


def _joined(member: np.ndarray, start: Days, end: Days) -> tuple[np.ndarray, Days, Days]:
    """Join records in the order of members and first days."""
    places: list[int] = []
    last = end.copy()
    for i in range(len(member)):
        open_at = places[-1] if places else -1
        if places and member[i] == member[open_at] and start[i] <= last[open_at]:
            last[open_at] = max(last[open_at], end[i])
        else:
            places.append(i)
    kept = np.array(places, dtype=np.int64)
    return member[kept], start[kept], last[kept]


def _known(member: np.ndarray, start: Days, end: Days, seen: Seen, item: CareItem) -> Courses:
    """Courses as far as they are known: until their end, death, or the last day known."""
    death, last = seen.death[member], seen.last[member]
    died = end >= np.where(np.isnat(death), NEVER + DAY, death)
    lasting = (end == NEVER) & ~died
    end = np.where(died, death, np.where(lasting, np.where(last >= start, last, start), end))
    courses = Courses(member, start, end, ~lasting, died, item.last_day == "counted")
    return courses.kept(courses.lasted >= item.least_days)


def courses_in(courses: Courses, window: GradeWindow, span: Span) -> np.ndarray:
    """Find the courses that count in a window.

    Parameters
    ----------
    courses : Courses
        Of one kind.
    window : GradeWindow
        Of the plan.
    span : Span
        Each member's stretch of time.

    Returns
    -------
    bool (c,)
        Which began in it, or were in place in it.
    """
    if window.counting == "every":
        return np.ones(len(courses.member), dtype=bool)
    first, last = (days.to_numpy().astype("datetime64[D]")[courses.member] for days in (span.start, span.end))
    inside = (courses.start >= first) & ((courses.start <= last) | np.isnat(last))
    if window.counting == "onset-or-persistence":
        inside |= (courses.start < first) & (courses.over > first)
    return np.asarray(inside)


def days_in(courses: Courses, span: Span) -> np.ndarray:
    """Count the days of courses that lie in a window.

    Parameters
    ----------
    courses : Courses
        Those that count in it.
    span : Span
        Each member's stretch of time.

    Returns
    -------
    int (c,)
        All days where the window asks for no dates.
    """
    first, last = (days.to_numpy().astype("datetime64[D]")[courses.member] for days in (span.start, span.end))
    start = np.where(np.isnat(first), courses.start, np.maximum(courses.start, first))
    over = np.where(np.isnat(last), courses.over, np.minimum(courses.over, last + DAY))
    return days_of(start, over)


def in_place(courses: Courses, day: Days) -> np.ndarray:
    """Find who has care in place on a day of their own.

    Parameters
    ----------
    courses : Courses
        Of one kind.
    day : datetime64 (n,)
        Of each member.

    Returns
    -------
    bool (n,)
        Who has, as far as known.
    """
    on = day[courses.member]
    found = np.zeros(len(day), dtype=bool)
    found[courses.member[(courses.start <= on) & (on < courses.over)]] = True
    return found


def as_events(courses: Courses, counted: np.ndarray) -> pd.DataFrame:
    """Courses as evidence of who was seen in a period.

    Parameters
    ----------
    courses : Courses
        Of one kind.
    counted : bool (c,)
        Which count.

    Returns
    -------
    DataFrame
        Columns ``member``, ``ASTDT`` and ``AENDT``.
    """
    own = courses.kept(counted)
    return pd.DataFrame({
        "member": own.member,
        "ASTDT": own.start.astype("datetime64[s]"),
        "AENDT": np.where(own.ended, own.end, np.datetime64("NaT", "D")).astype("datetime64[s]"),
    })  # fmt: skip
