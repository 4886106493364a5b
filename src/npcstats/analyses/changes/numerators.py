"""Who is counted in a share of participants with adverse events, then and now, and why someone joined or left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.changes.records import PERSON, Followed
from npcstats.analyses.changes.rows import (
    CORRECTED_IN,
    CORRECTED_OUT,
    GONE_EVENT,
    GONE_PERSON,
    GRADED_DOWN,
    GRADED_UP,
    INSIDE,
    JOINED_WORDS,
    LATE_EVENT,
    LEFT_WORDS,
    NEW_EVENT,
    NEW_PERSON,
    OTHER_ARM,
    OUTSIDE,
)
from npcstats.analyses.changes.spec import EventCount
from npcstats.derive import (
    Past,
    evaluable_members,
    population_members,
    require_columns,
    window_events,
    window_span,
    worst_grades,
)
from npcstats.results import EVERYONE, Row
from npcstats.study import ARM, Study


@dataclass(frozen=True, eq=False)
class Standing:
    """Members of a set as a count of events has them.

    Parameters
    ----------
    arm : dict of str to str
        Arm by participant.
    had : frozenset of str
        Who is counted.
    qualified : frozenset of str
        Who has an event that counts, in the denominator or not.
    events : DataFrame
        Events that count, as rows of adae.
    """

    arm: Mapping[str, str]
    had: frozenset[str]
    qualified: frozenset[str]
    events: pd.DataFrame

    def of(self, arm: str) -> frozenset[str]:
        """Tell who is counted in a group.

        Parameters
        ----------
        arm : str
            Code, or that of everyone.

        Returns
        -------
        frozenset of str
            Participants.
        """
        return self.had if arm == EVERYONE else frozenset(name for name in self.had if self.arm[name] == arm)


def find_standing(study: Study, row: Row, counted: EventCount) -> Standing:
    """Find who is counted in a share.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    row : Row
        The watched share.
    counted : EventCount
        What counts.

    Returns
    -------
    Standing
        Of the row's population and, where the entry says so, of its term.
    """
    members = population_members(study, row.population)
    span = window_span(study, members, counted.window)
    events = window_events(study, members, counted.window, span, baseline_adjusted=counted.baseline_adjusted)
    inside, _ = evaluable_members(study, members, counted.window, span, events)
    require_columns(events, "adae", counted.where, f"the count of {row.analysis}")
    kept = (events["AETOXGR"] >= counted.lowest).to_numpy(copy=True)
    for column, values in counted.where.items():
        kept &= events[column].isin(values).to_numpy()
    if counted.by_term and row.variable != EVERYONE:
        kept &= ((events["AEDECOD"] == row.variable) & (events["AEBODSYS"] == row.block)).to_numpy()
    elif counted.by_term and row.block not in ("", EVERYONE):
        kept &= (events["AEBODSYS"] == row.block).to_numpy()
    own = events.loc[kept]
    worst = worst_grades(own, len(members)) > 0
    names = members[PERSON].to_numpy()
    arm = members[ARM] if ARM in members else pd.Series(EVERYONE, index=members.index)
    arms = dict(zip(names, arm, strict=True))
    return Standing(arms, frozenset(names[worst & inside]), frozenset(names[worst]), own)


@dataclass(frozen=True, eq=False)
class Standings:
    """A count at the former meeting, as it is known now of that time, and now; and the records of it."""

    then: Standing
    again: Standing
    now: Standing
    enrolled: frozenset[str]
    present: frozenset[str]
    events: Followed


def find_standings(study: Study, past: Past, row: Row, counted: EventCount, events: Followed) -> Standings:
    """Find who was and is counted in a share.

    Parameters
    ----------
    study, past : Study and Past
        Now, and at the former meeting.
    row : Row
        The watched share.
    counted : EventCount
        What counts.
    events : Followed
        Records of adverse events.

    Returns
    -------
    Standings
        Of the three.
    """
    three = (past.former, past.restated, study)
    then, again, now = (find_standing(one, row, counted) for one in three)
    enrolled, present = (frozenset(one["adsl"][PERSON]) for one in (past.restated, study))
    return Standings(then, again, now, enrolled, present, events)


def reasons(found: Standings, arm: str) -> tuple[dict[str, int], dict[str, int]]:
    """Count who joined and who left a group's count, by reason.

    Parameters
    ----------
    found : Standings
        Then and now.
    arm : str
        The group.

    Returns
    -------
    tuple of (dict of str to int, dict of str to int)
        Joined and left, of every reason that somebody has; joined less left is the difference of the counts.
    """
    then, now = found.then.of(arm), found.now.of(arm)
    joined = [_why_joined(found, name) for name in now - then]
    left = [_why_left(found, name) for name in then - now]
    return (
        {why: joined.count(why) for why in JOINED_WORDS if why in joined},
        {why: left.count(why) for why in LEFT_WORDS if why in left},
    )


def _why_joined(found: Standings, name: str) -> str:
    if name in found.then.had:
        return OTHER_ARM
    if name not in found.enrolled:
        return NEW_PERSON
    if name not in found.again.qualified:
        return NEW_EVENT
    if name in found.then.qualified:
        return INSIDE
    return _why_qualified(found, name)


def _why_qualified(found: Standings, name: str) -> str:
    """By which record someone is counted of the time until the former cut-off, and was not."""
    events = found.events
    own = events.restated.index.isin(_places(found.again.events, name))
    if own[events.late].any() and not own[events.again].any():
        return LATE_EVENT
    both = own[events.again]
    grades = (frame["AETOXGR"].to_numpy() for frame in (events.former, events.restated))
    before, after = (grade[at][both] for grade, at in zip(grades, (events.then, events.again), strict=True))
    if (after > before).any():
        return GRADED_UP
    return LATE_EVENT if own[events.late].any() else CORRECTED_IN


def _why_left(found: Standings, name: str) -> str:
    if name in found.now.had:
        return OTHER_ARM
    if name not in found.present:
        return GONE_PERSON
    if name in found.now.qualified:
        return OUTSIDE
    events = found.events
    own = events.former.index.isin(_places(found.then.events, name))
    both = own[events.then]
    before = events.former["AETOXGR"].to_numpy()[events.then][both]
    after = events.restated["AETOXGR"].to_numpy()[events.again][both]
    if (after < before).any():
        return GRADED_DOWN
    return GONE_EVENT if own[events.withdrawn].any() else CORRECTED_OUT


def _places(events: pd.DataFrame, name: str) -> np.ndarray:
    places: np.ndarray = events.index[(events[PERSON] == name).to_numpy()].to_numpy()
    return places
