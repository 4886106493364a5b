"""Kinds of records that trials of oncology, and of head and neck cancer in particular, tell apart.

A plan takes its own from here, or brings others; nothing else in the package knows them. Words are printed as they
stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EventKind:
    """A kind of disease event.

    Parameters
    ----------
    code : str
        KIND of its records in ADEVENT.
    label : str
        Its words, in lower case unless they are a name.
    relapse : bool
        Whether it is a relapse: two within the simultaneous days of an endpoint are one event.
    new_therapy : bool
        Whether it is the start of another treatment of the disease, which has a censoring code of its own.
    """

    code: str
    label: str
    relapse: bool = False
    new_therapy: bool = False


HEAD_AND_NECK_EVENTS = (
    EventKind("LOCAL", "local", relapse=True),
    EventKind("REGIONAL", "regional", relapse=True),
    EventKind("DISTANT", "distant", relapse=True),
    EventKind("RESIDUAL", "residual disease"),
    EventKind("SECOND-PRIMARY", "second primary cancer"),
    EventKind("NEW-THERAPY", "new anticancer therapy", new_therapy=True),
)
"""Disease events after treatment of the head and neck with curative intent."""

HEAD_AND_NECK_ASSESSMENTS = ("VITAL", "LOCOREGIONAL", "SYSTEMIC")
"""What an assessment looked at: whether the participant lives, the head and neck, the whole body."""

HEAD_AND_NECK_CARE = ("FEEDING-TUBE", "HOSPITAL", "RT-INTERRUPTION", "OPIOID")
"""Supportive care that has a first and a last day."""

CHEMORADIOTHERAPY_PHASES = ("INDUCTION", "CONCURRENT", "RT")
"""Phase of a record of treatment; the last is a block of fractions."""

CHEMORADIOTHERAPY_RELATIONS: Mapping[str, str] = {
    "NONE": "none",
    "RT": "radiotherapy",
    "CHEMO": "chemotherapy",
    "BOTH": "both",
}
"""What an adverse event is thought to be related to, and its words."""
