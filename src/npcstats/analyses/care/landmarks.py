"""Who has care in place so many months or weeks after a date, of those alive and followed then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from npcstats.analyses.care.courses import DAY, Courses, Days, Seen, in_place
from npcstats.analyses.care.rows import DEAD, NOT_REACHED, UNSEEN
from npcstats.analyses.care.shares import Compared, difference_rows, share_rows
from npcstats.derive import Group
from npcstats.formatting import counted
from npcstats.results import Row
from npcstats.study import DAYS_PER_MONTH

WEEK = 7
ESTIMATED = ("estimate", "ci_low", "ci_high")


def months_days(months: float) -> int:
    """Days of so many months.

    Parameters
    ----------
    months : float
        Of mean length.

    Returns
    -------
    int
        The nearest whole number.
    """
    return int(np.floor(months * DAYS_PER_MONTH + 0.5))


def month_rows(
    named: Row,
    months: Sequence[float],
    courses: Courses,
    since: Days,
    seen: Seen,
    groups: Sequence[Group],
    compared: Compared,
    cutoff: np.datetime64,
) -> list[Row]:
    """Rows of who has care in place so many months after a date.

    Parameters
    ----------
    named : Row
        Carries key parts.
    months : sequence of float
        After the date.
    courses : Courses
        Of one kind.
    since : datetime64 (n,)
        The date of each member.
    seen : Seen
        How far each is known.
    groups : sequence of Group
        Arms and everyone.
    compared : Compared
        Methods.
    cutoff : datetime64
        Last day that counts.

    Returns
    -------
    list of Row
        Shares, their differences, and who is outside the denominator, by reason.
    """
    rows: list[Row] = []
    for time in months:
        day = since + DAY * months_days(time)
        dead = (seen.death <= day) | (np.isnat(day) & ~np.isnat(seen.death))
        reached = day <= cutoff
        outside = {DEAD: dead, NOT_REACHED: ~reached & ~dead, UNSEEN: reached & ~dead & ~(seen.last >= day)}
        inside = ~np.logical_or.reduce([*outside.values()])
        at = replace(named, measure="in_use", time=time)
        had = in_place(courses, day)
        rows += share_rows(at, had, inside, groups, compared)
        rows += difference_rows(at, had, inside, groups, compared)
        rows += [
            replace(at, measure="not_evaluable", level=why, arm=group.arm, value=float((group.members & mask).sum()))
            for group in groups
            for why, mask in outside.items()
        ]
    return rows


def course_rows(
    named: Row,
    weeks: Sequence[float],
    courses: Courses,
    origin: Days,
    seen: Seen,
    groups: Sequence[Group],
    compared: Compared,
    *,
    least: int,
) -> list[Row]:
    """Rows of who has care in place at each week after a date.

    Parameters
    ----------
    named : Row
        Carries key parts.
    weeks : sequence of float
        After the date.
    courses : Courses
        Of one kind.
    origin : datetime64 (n,)
        The date of each member.
    seen : Seen
        How far each is known.
    groups : sequence of Group
        Arms and everyone.
    compared : Compared
        Methods.
    least : int
        Fewest followed for whom a share is given.

    Returns
    -------
    list of Row
        Shares with limits, and how many are alive and followed then.
    """
    rows: list[Row] = []
    for time in weeks:
        day = origin + DAY * int(np.floor(time * WEEK + 0.5))
        inside = (seen.last >= day) & ~(seen.death <= day)
        at = replace(named, time=time)
        shares = share_rows(replace(at, measure="in_use_course"), in_place(courses, day), inside, groups, compared)
        few = {group.arm for group in groups if int((group.members & inside).sum()) < least}
        rows += [_withheld(row, least) if row.arm in few and row.stat in ESTIMATED else row for row in shares]
        rows += [
            replace(at, measure="followed_then", arm=group.arm, value=float((group.members & inside).sum()))
            for group in groups
        ]
    return rows


def _withheld(row: Row, least: int) -> Row:
    """A share of so few that it would say nothing."""
    return replace(row, value=math.nan, note=f"Fewer than {counted(least, 'participant')} are followed at that week.")
