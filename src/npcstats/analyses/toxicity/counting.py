"""Participants by worst grade, of every term, class and composite at once: arrays of counts, no rows.

An event belongs to a unit (a term, a class, a composite, or everything); a participant counts once in it, by the worst
grade. Work and memory grow with the events and with the units, not with units times participants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from npcstats.derive import Group

GRADE_LEVELS = 6


@dataclass(frozen=True, eq=False)
class Coded:
    """Events as numbers.

    Parameters
    ----------
    unit : int array, shape (n,)
        Unit of each event, from 0.
    member : int array, shape (n,)
        Participant of each event, by place.
    grade : int array, shape (n,)
        1 to 5.
    serious : bool array, shape (n,)
        Whether it was.
    """

    unit: np.ndarray
    member: np.ndarray
    grade: np.ndarray
    serious: np.ndarray

    def part(self, kept: np.ndarray, unit: np.ndarray) -> Coded:
        """Some of the events, under other units.

        Parameters
        ----------
        kept : bool or int array
            Which.
        unit : int array
            Their units.

        Returns
        -------
        Coded
            Those events.
        """
        return Coded(unit, self.member[kept], self.grade[kept], self.serious[kept])


@dataclass(frozen=True, eq=False)
class Counts:
    """What is counted of k units in g groups.

    Parameters
    ----------
    grades : int array, shape (k, g, 6)
        Participants by worst grade 1 to 5; at 0 there is nothing yet.
    serious : int array, shape (k, g)
        Participants with a serious event.
    records : int array, shape (k, g)
        Events.
    """

    grades: np.ndarray
    serious: np.ndarray
    records: np.ndarray


def count_units(events: Coded, units: int, groups: Sequence[Group], inside: np.ndarray) -> Counts:
    """Count participants by worst grade.

    Parameters
    ----------
    events : Coded
        Those that count.
    units : int
        How many units there are.
    groups : sequence of Group
        Arms and everyone.
    inside : bool array, shape (m,)
        Participants in the denominator.

    Returns
    -------
    Counts
        Of every unit and group.
    """
    unit, member, grade = _worst(events, len(inside))
    serious = events.serious
    serious_unit, serious_member, _ = _worst(events.part(serious, events.unit[serious]), len(inside))
    grades = np.zeros((units, len(groups), GRADE_LEVELS), dtype=np.int64)
    counts = Counts(grades, np.zeros(grades.shape[:2], dtype=np.int64), np.zeros(grades.shape[:2], dtype=np.int64))
    for place, group in enumerate(groups):
        counted = group.members & inside
        at = unit[counted[member]] * GRADE_LEVELS + grade[counted[member]]
        grades[:, place] = np.bincount(at, minlength=units * GRADE_LEVELS).reshape(units, GRADE_LEVELS)
        counts.serious[:, place] = np.bincount(serious_unit[counted[serious_member]], minlength=units)
        counts.records[:, place] = np.bincount(events.unit[counted[events.member]], minlength=units)
    return counts


def _worst(events: Coded, members: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each unit and participant with an event, and the worst grade."""
    codes = np.sort((events.unit.astype(np.int64) * members + events.member) * GRADE_LEVELS + events.grade)
    pairs = codes // GRADE_LEVELS
    last = np.append(pairs[1:] != pairs[:-1], True)[: len(pairs)]
    return pairs[last] // members, pairs[last] % members, codes[last] % GRADE_LEVELS
