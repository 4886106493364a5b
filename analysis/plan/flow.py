"""The participants' way through the trial, from the screening log to the analysis sets."""

from __future__ import annotations

from npcstats.analyses.flow.spec import FlowSpec
from plan.monitoring import SCREENING
from plan.sessions import EVERY_SESSION

FLOW = FlowSpec(
    id="flow",
    label="Participant flow",
    population="ENRL",
    sessions=EVERY_SESSION,
    criteria=SCREENING.criteria,
    treated="TRTSDT",
    started="RTSTDT",
    ended="RTENDT",
    given="FXDELIV",
    planned="FXPLAN",
    died="DTHDT",
    left="EOSSTT",
    reasons={"LOST": "Lost to follow-up", "WITHDRAWN": "Withdrew consent"},
    ruled={"MIXED": "Protons and photons (MIXED)"},
    boxes={
        "SCREENED": "Screened",
        "NOT-ENROLLED": "Not enrolled",
        "ENROLLED": "Enrolled",
        "ALLOCATED": "Enrolled",
        "NOT-STARTED": "Did not start radiotherapy",
        "STARTED": "Started radiotherapy",
        "COURSE": "Course of radiotherapy",
        "FOLLOW-UP": "State at the data cut-off",
        "ANALYSED": "Analysed",
    },
    parts={
        "WAITING": "Eligible so far, not yet enrolled",
        "PENDING": "Not started by the data cut-off",
        "DIED": "Died",
        "FOLLOWED": "Alive and followed",
        "AS-PLANNED": "Treated as planned",
        "OTHERWISE": "Planned for the other modality",
        "COMPLETED": "All planned fractions",
        "FEWER": "Ended with fewer fractions than planned",
        "ONGOING": "Not ended by the data cut-off",
        "UNENDED": "Died or left the trial, no end recorded",
        "UNRECORDED": "Ended, fractions not recorded",
    },
    levels={"TREATED": "After chemotherapy", "UNTREATED": "Never treated"},
    sets=("SAF", "RT", "SAFONE", "RTONE"),
    status="planned",
)
