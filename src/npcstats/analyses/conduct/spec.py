"""What a plan says of the trial's conduct: status, screening, deviations, completeness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from npcstats.choices import faults_within
from npcstats.study import Status


@dataclass(frozen=True)
class StatusItem:
    """A state of participants.

    Parameters
    ----------
    code, label, block : str
        Code in results, name on the page, group of rows.
    column : str
        ADSL column; a participant is in the state where it is filled.
    value : str
        Where given, the column must equal it.
    anchor : str
        Where given, the date in `column` must lie within `within` days after this date.
    within : int
        Days.
    blank_from : str
        ADSL date column; who has that date, and nothing in `column`, counts as having `value` there.
    """

    code: str
    label: str
    block: str
    column: str
    value: str = ""
    anchor: str = ""
    within: int = 0
    blank_from: str = ""


@dataclass(frozen=True)
class StatusSpec:
    """Participants by state."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    items: tuple[StatusItem, ...]
    status: Status


@dataclass(frozen=True)
class ScreeningSpec:
    """Screened persons by the criterion that they failed.

    ``criteria`` gives each its label, in the order in which they are assessed; consent is not one of them, as all who
    are counted gave it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    criteria: Mapping[str, str]
    status: Status


@dataclass(frozen=True)
class DeviationSpec:
    """Protocol deviations by category and kind; ``categories`` gives each category its label."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    categories: Mapping[str, str]
    status: Status


@dataclass(frozen=True)
class CompletenessSpec:
    """What was due and what was received.

    Parameters
    ----------
    kinds : mapping of str to str
        Kinds of form, and the label of each.
    overdue_after : int
        Days after its due date from which what was not received is overdue; before, it is only not yet entered.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    kinds: Mapping[str, str]
    overdue_after: int
    quantile_type: int
    status: Status


def status_faults(spec: StatusSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    spec : StatusSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    return faults_within((item.code, item, _item_idle(item)) for item in spec.items)


def completeness_faults(spec: CompletenessSpec) -> list[str]:
    """Faults of an entry by itself: days that are no number of days.

    Parameters
    ----------
    spec : CompletenessSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    days = spec.overdue_after
    return [] if days >= 0 else [f"overdue_after is {days}; a number of days of 0 or more is required"]


def _item_idle(item: StatusItem) -> dict[str, str]:
    if item.anchor:
        return dict.fromkeys(("value", "blank_from"), "a date is compared with a date, not with a text")
    idle = {"within": "there is no anchor from which days are counted"}
    return idle if item.value else {**idle, "blank_from": "there is no value that a blank counts as"}
