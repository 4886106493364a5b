"""Words of the rows of a checklist, and the places of the catalogue where its words stand."""

from __future__ import annotations

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "checklist_item": "1 for each item, its level telling how far the report fills it",
    "checklist_items": "items of a guideline that the report fills so far, of all of them",
}
FILLED, PARTLY, AUTHORS, NOT_APPLICABLE = "FILLED", "PARTLY", "AUTHORS", "NOT-APPLICABLE"
STATES: Mapping[str, str] = {
    FILLED: "Filled",
    PARTLY: "Partly filled",
    AUTHORS: "Authors to write",
    NOT_APPLICABLE: "Not applicable",
}
"""How far the report fills an item, in words."""
ASKS, REMARKS = "asks", "remarks"
"""Words of items beside their names, among the labels of the analysis."""


def evidence_choice(item: str) -> str:
    """Name the choice that tells what fills an item.

    Parameters
    ----------
    item : str
        Its code in the rows.

    Returns
    -------
    str
        Its name in the catalogue entry.
    """
    return f"evidence.{item}"


def item_code(guideline: str, number: str) -> str:
    """Name an item of a guideline in rows.

    Parameters
    ----------
    guideline, number : str
        Its codes in the plan.

    Returns
    -------
    str
        Such as ``TREND.12``.
    """
    return f"{guideline}.{number}"
