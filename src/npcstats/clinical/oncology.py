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
        Whether it is a relapse: an endpoint can count it with another that is close in time.
    new_therapy : bool
        Whether it is the start of another treatment of the disease, which has a censoring code of its own.
    event : str
        What happens, inside a sentence, such as ``local recurrence``; the label where empty.
    """

    code: str
    label: str
    relapse: bool = False
    new_therapy: bool = False
    event: str = ""


HEAD_AND_NECK_EVENTS = (
    EventKind("LOCAL", "local", relapse=True, event="local recurrence"),
    EventKind("REGIONAL", "regional", relapse=True, event="regional recurrence"),
    EventKind("DISTANT", "distant", relapse=True, event="distant metastasis"),
    EventKind("RESIDUAL", "residual disease"),
    EventKind("SECOND-PRIMARY", "second primary cancer"),
    EventKind("NEW-THERAPY", "new anticancer therapy", new_therapy=True, event="the start of a new anticancer therapy"),
)
"""Disease events after treatment of the head and neck with curative intent."""

HEAD_AND_NECK_ASSESSMENTS: Mapping[str, str] = {
    "VITAL": "the date last known alive",
    "LOCOREGIONAL": "the last locoregional assessment",
    "SYSTEMIC": "the last assessment of the whole body",
}
"""What an assessment looked at: whether the participant lives, the head and neck, the whole body; the last in words."""

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
