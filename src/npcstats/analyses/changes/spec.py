"""What a plan says of changes since the former meeting: which records, sets and numbers are followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from npcstats.analyses.changes.rows import BLOCKS
from npcstats.choices import choice_faults, faults_within, repeat_faults
from npcstats.derive import EVALUABLES, GradeWindow
from npcstats.formatting import STYLES
from npcstats.results import KEY_COLUMNS
from npcstats.study import Status

FIXED = ("analysis", "measure", "stat")
"""Columns of which a watched number has one value."""


@dataclass(frozen=True, kw_only=True)
class EventCount:
    """Which participants with adverse events a watched share counts, so that it can be told who joined and left.

    Parameters
    ----------
    window : GradeWindow
        As the analysis of the share has it.
    lowest : int
        Grade from which an event counts.
    baseline_adjusted : bool
        Whether an event counts only where its grade exceeds that at first treatment.
    by_term : bool
        Whether each watched row counts the term in its column ``variable``, of the class in ``block``; else any event
        counts.
    where : mapping of str to tuple of str
        Only events with one of these values, by column of adae.
    """

    window: GradeWindow
    lowest: int
    baseline_adjusted: bool
    by_term: bool
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WatchedNumber:
    """Numbers that are compared with those of the former meeting.

    Parameters
    ----------
    id, label : str
        Its id in results, and what is watched, in words.
    rows : mapping of str to str
        Columns and values that select the rows of other analyses; analysis, measure and stat among them.
    amount : float
        What a number must differ by to be told, in the unit of the rows: by more than this.
    style : str
        How the number and its changes are printed.
    without : mapping of str to str
        Columns and values of rows that are left out.
    counted : EventCount, optional
        Of a share of participants with adverse events: who is counted in it.
    """

    id: str
    label: str
    rows: Mapping[str, str]
    amount: float
    style: str
    without: Mapping[str, str] = field(default_factory=dict)
    counted: EventCount | None = None


@dataclass(frozen=True, kw_only=True)
class ChangesSpec:
    """What is followed from one meeting to the next.

    Parameters
    ----------
    id, label : str
        Its id in results and its name on the page.
    population : str
        Code of the analysis set that gives participants their arms.
    sessions : tuple of str
        Sessions of the plan it is made for.
    frames : mapping of str to str
        Frames whose records are followed, and what they are called; frames that an export lacks are left out.
    populations : tuple of str
        Analysis sets that are followed.
    numbers : tuple of WatchedNumber
        Numbers that are followed.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    frames: Mapping[str, str]
    populations: tuple[str, ...]
    numbers: tuple[WatchedNumber, ...]
    status: Status


@dataclass(frozen=True, kw_only=True)
class ChangedEventsSpec:
    """A listing of adverse events that changed since the former meeting, or were entered after it.

    Parameters
    ----------
    id, label : str
        Its id, which is also its file's name, and its name on the page.
    population : str
        Code of the analysis set: only its members are listed, in the arms that it gives them.
    sessions : tuple of str
        Sessions of the plan it is made for.
    origin : str
        ADSL date whose day is study day one; the design has its words.
    columns : mapping of str to str
        Columns of adae, and what they are called where they changed.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    origin: str
    columns: Mapping[str, str]
    status: Status


def changes_faults(spec: ChangesSpec) -> list[str]:
    """Faults of an entry by itself: what is watched is not fixed, or has no effect.

    Parameters
    ----------
    spec : ChangesSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = repeat_faults("watched number", [item.id for item in spec.numbers])
    faults += repeat_faults("population", list(spec.populations))
    faults += faults_within((item.id, item, _idle(item)) for item in spec.numbers)
    return faults + [f"{item.id}: {fault}" for item in spec.numbers for fault in _number_faults(item)]


def _number_faults(item: WatchedNumber) -> list[str]:
    faults = choice_faults(item, "style", STYLES)
    lacking = [name for name in FIXED if name not in item.rows]
    faults += [f"rows do not say {', '.join(lacking)}"] if lacking else []
    unknown = [name for name in (*item.rows, *item.without) if name not in KEY_COLUMNS]
    faults += [f"{', '.join(unknown)} is no column of a key"] if unknown else []
    faults += [] if item.amount >= 0 else [f"amount is {item.amount}; 0 or more is required"]
    faults += [f"id {item.id!r} is the name of a part of its own"] if item.id in BLOCKS else []
    counted = item.counted
    if counted and not 1 <= counted.lowest <= 5:
        faults.append(f"lowest is {counted.lowest}; a grade is required")
    if counted and counted.window.evaluable not in EVALUABLES:
        faults.append(f"evaluable is {counted.window.evaluable!r}; one of {', '.join(EVALUABLES)} is required")
    return faults


def _idle(item: WatchedNumber) -> dict[str, str]:
    """Without what is selected by another value of the same column, or by the same."""
    settled = [name for name in item.without if name in item.rows]
    return {"without": f"rows settle {', '.join(settled)}"} if settled else {}


def listing_dates(spec: ChangedEventsSpec) -> tuple[str, ...]:
    """Dates of ADSL of which the sentences of an entry are made.

    Parameters
    ----------
    spec : ChangedEventsSpec
        As in the plan.

    Returns
    -------
    tuple of str
        The one from which days are counted.
    """
    return (spec.origin,)
