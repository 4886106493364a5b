"""What a plan says of reporting checklists, and what of it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from npcstats.analyses.checklist.rows import AUTHORS, FILLED, NOT_APPLICABLE, PARTLY, STATES
from npcstats.choices import choice_faults, repeat_faults
from npcstats.study import Status

EVIDENCE = re.compile("(tbl|fig|ana)-(.+)")


@dataclass(frozen=True)
class Item:
    """One item of a guideline.

    Parameters
    ----------
    number : str
        Its number in the guideline, or the code of one that has several parts.
    topic, asks : str
        What it is about, and what it asks for, in the plan's own words.
    state : {"FILLED", "PARTLY", "AUTHORS", "NOT-APPLICABLE"}
        How far the report fills it.
    evidence : tuple of str
        What fills it: tables as ``tbl-NAME``, figures as ``fig-NAME``, analyses that are quoted as ``ana-ID``.
    remark : str
        What is left to the authors of an item that is filled in part, or why one does not apply.
    """

    number: str
    topic: str
    asks: str
    state: str
    evidence: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Guideline:
    """A guideline: its code, its name with its year, where it was published, and its items in order."""

    code: str
    label: str
    source: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class ChecklistSpec:
    """Reporting checklists."""

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    guidelines: tuple[Guideline, ...]
    status: Status


def checklist_faults(spec: ChecklistSpec) -> list[str]:
    """Faults of an entry by itself: an item that is filled by nothing, or by something although it is not filled.

    Parameters
    ----------
    spec : ChecklistSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = repeat_faults("guideline", [guideline.code for guideline in spec.guidelines])
    for guideline in spec.guidelines:
        faults += repeat_faults(f"item of {guideline.code}", [item.number for item in guideline.items])
        faults += [f"{guideline.code} {item.number}: {fault}" for item in guideline.items for fault in _faults(item)]
    return faults


def _faults(item: Item) -> list[str]:
    faults = choice_faults(item, "state", tuple(STATES)) + repeat_faults("evidence", list(item.evidence))
    faults += [
        f"evidence {name!r} is none of tbl-NAME, fig-NAME and ana-ID"
        for name in item.evidence
        if not EVIDENCE.fullmatch(name)
    ]
    if item.state in (FILLED, PARTLY) and not item.evidence:
        faults.append("it is filled by nothing; a table, figure or analysis that fills it is required")
    if item.state in (AUTHORS, NOT_APPLICABLE) and item.evidence:
        faults.append(f"it has evidence, but is {item.state}")
    if item.state in (PARTLY, NOT_APPLICABLE) and not item.remark:
        faults.append(f"it is {item.state} without a remark that says what is left, or why")
    return faults


def cited_displays(spec: ChecklistSpec) -> tuple[str, ...]:
    """Displays that an entry names.

    Parameters
    ----------
    spec : ChecklistSpec
        As in the plan.

    Returns
    -------
    tuple of str
        As ``tbl-NAME`` and ``fig-NAME``, each once.
    """
    named = (name for guideline in spec.guidelines for item in guideline.items for name in item.evidence)
    return tuple(dict.fromkeys(name for name in named if not name.startswith("ana-")))


def cited_analyses(spec: ChecklistSpec) -> tuple[str, ...]:
    """Analyses that an entry names.

    Parameters
    ----------
    spec : ChecklistSpec
        As in the plan.

    Returns
    -------
    tuple of str
        Their ids, each once.
    """
    named = (name for guideline in spec.guidelines for item in guideline.items for name in item.evidence)
    return tuple(dict.fromkeys(name.removeprefix("ana-") for name in named if name.startswith("ana-")))
