"""What has to be stated of how an export of the made trial changed from one meeting to the next."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

Counts = tuple[int, ...]
"""One for each cut-off after the first."""


@dataclass(frozen=True)
class HistoryTruth:
    """Exports at several cut-offs, and what was otherwise in one than in the next.

    Parameters
    ----------
    cutoffs : tuple of date
        Data cut-offs of the meetings, in order.
    extracted_after : int
        Days from a cut-off to its export; by then all that is dated by the cut-off is entered, but for what is planted.
    quiet_days : int
        Last days before a cut-off in which nothing is planted.
    terms : tuple of str
        Terms of adverse events that are regraded, withdrawn or late.
    grade : int
        Grade that each of these events crosses or reaches.
    parameters : tuple of str
        Laboratory parameters whose values are corrected or late.
    factor : float
        What a value was recorded as, over what it is.
    upgraded, downgraded : tuple of int
        Events that an earlier export held with a lower, with a higher grade.
    withdrawn, duplicated : tuple of int
        Events that an earlier export held and that never were; events that it held twice.
    late_events, late_values : tuple of int
        Events and laboratory values dated by the earlier cut-off that its export lacked.
    late_serious : tuple of int
        Serious events of other terms by the earlier cut-off that its export lacked, with the care that they led to.
    corrected : tuple of int
        Laboratory values that the earlier export held otherwise.
    late_deaths : tuple of int
        Deaths by the earlier cut-off that its export lacked.
    late_ends : tuple of int
        Ends of radiotherapy by the earlier cut-off that its export lacked.
    moved : tuple of int
        Participants whose treatment was of two modalities, and of one in the earlier export.
    """

    cutoffs: tuple[datetime.date, ...]
    extracted_after: int
    quiet_days: int
    terms: tuple[str, ...]
    grade: int
    parameters: tuple[str, ...]
    factor: float
    upgraded: Counts
    downgraded: Counts
    withdrawn: Counts
    duplicated: Counts
    late_events: Counts
    late_values: Counts
    late_serious: Counts
    corrected: Counts
    late_deaths: Counts
    late_ends: Counts
    moved: Counts
