"""What became of participants, and of the protocol."""

from __future__ import annotations

from npcstats.analyses.conduct.spec import DeviationSpec, StatusItem, StatusSpec
from npcstats.analyses.survival.spec import FollowUpSpec
from plan.sessions import CONF_LEVEL, EVERY_SESSION

STATUS = StatusSpec(
    "disposition",
    "Disposition",
    "ITT",
    EVERY_SESSION,
    (
        StatusItem("TREATED", "Treated", "Treatment", "TRTSDT"),
        StatusItem("ENDED", "Completed twelve cycles", "Treatment", "EOTSTT", value="COMPLETED"),
        StatusItem("STOPPED-PD", "Stopped for progression", "Treatment", "DCTREAS", value="PROGRESSIVE DISEASE"),
        StatusItem("STOPPED-AE", "Stopped for an adverse event", "Treatment", "DCTREAS", value="ADVERSE EVENT"),
        StatusItem("LOST", "Lost to follow-up", "Follow-up", "DCSREAS", value="LOST TO FOLLOW-UP"),
        StatusItem("WITHDREW", "Withdrew", "Follow-up", "DCSREAS", value="WITHDRAWAL BY SUBJECT"),
        StatusItem("DIED", "Died", "Follow-up", "DTHDT"),
    ),
    status="planned",
)

DEVIATIONS = DeviationSpec(
    "deviations",
    "Protocol deviations",
    "ITT",
    EVERY_SESSION,
    categories={"MAJOR": "Major", "MINOR": "Minor"},
    status="planned",
)

FOLLOW_UP = FollowUpSpec("follow-up", "Follow-up", "ITT", EVERY_SESSION, "OS", CONF_LEVEL, "log-log", status="planned")
