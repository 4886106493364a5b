"""Endpoints over time: follow-up, curves, cumulative incidence, and how often each ended in what."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.survival.spec import FollowUpSpec, SurvivalSpec
from npcstats.analyses.timetoevent.groups import ByCharacteristic, ByDetection, Landmark
from plan.sessions import CONF_LEVEL, PUBLISHED

LANDMARKS = (12.0, 24.0, 36.0)
TICKS = (0.0, 6.0, 12.0, 18.0, 24.0, 30.0, 36.0, 42.0, 48.0, 54.0, 60.0)

FOLLOW_UP = FollowUpSpec("follow-up", "Follow-up", "RT", PUBLISHED, "OS", CONF_LEVEL, "log-log", status="planned")

OS = SurvivalSpec(
    id="os",
    label="Overall survival",
    population="RT",
    sessions=("final", "public"),
    endpoint="OS",
    conf_level=CONF_LEVEL,
    conf_type="log-log",
    landmarks=LANDMARKS,
    ticks=TICKS,
    minimum_at_risk=10,
    tau=36.0,
    test="none",  # nobody randomised the arms: a p-value of their curves would be read as one of their treatments
    estimand="unadjusted",
    status="planned",
)
PFS = replace(OS, id="pfs", label="Progression-free survival", endpoint="PFS")
LRRFS = replace(OS, id="lrrfs", label="Locoregional recurrence-free survival", sessions=("final",), endpoint="LRRFS")
DMFS = replace(OS, id="dmfs", label="Distant metastasis-free survival", sessions=("final",), endpoint="DMFS")

PFS_BY_STAGE = replace(
    PFS,
    id="pfs-stage",
    label="Progression-free survival by stage",
    sessions=("final",),
    test="trend",
    estimand="",
    grouping=ByCharacteristic("STAGE9", {"IA": "Stage IA", "IB": "Stage IB", "II": "Stage II", "III": "Stage III"}),
)
PFS_BY_EBV = replace(
    PFS,
    id="pfs-ebv",
    label="Progression-free survival by EBV DNA after radiotherapy",
    sessions=("final",),
    test="log-rank",
    estimand="",
    grouping=ByDetection(
        "EBV",
        "W8",
        detected="EBV DNA detected",
        not_detected="Not detected",
        definition="EBV DNA: the reading nearest to day 49 after radiotherapy, of days 8 to 59; below the limit of "
        "quantification it is detected.",
    ),
    landmark=Landmark(
        "RTENDT",
        60,
        "Here time is counted from day 60 after the end of radiotherapy instead, for participants followed until "
        "then without an event.",
    ),
)

PFS_THERAPY_EVENT = replace(
    PFS,
    id="pfs-therapy-event",
    label="New therapy an event",
    sessions=("final",),
    endpoint="PFS-THERAPY-EVENT",
)
PFS_THERAPY_IGNORED = replace(
    PFS_THERAPY_EVENT, id="pfs-therapy-ignored", label="New therapy ignored", endpoint="PFS-THERAPY-IGNORED"
)
PFS_MISSED = replace(
    PFS_THERAPY_EVENT, id="pfs-missed", label="Censored before missed assessments", endpoint="PFS-MISSED"
)
OS_ONE = replace(OS, id="os-one", label="Overall survival, one modality", population="RTONE", sessions=("final",))
PFS_ONE = replace(
    PFS, id="pfs-one", label="Progression-free survival, one modality", population="RTONE", sessions=("final",)
)

LRC = IncidenceSpec(
    id="lrc",
    label="Locoregional recurrence",
    population="RT",
    sessions=("final", "public"),
    endpoint="LRC",
    competing_label="Death without locoregional recurrence",
    conf_level=CONF_LEVEL,
    conf_type="log-log",
    landmarks=LANDMARKS,
    ticks=TICKS,
    minimum_at_risk=10,
    gray=False,
    estimand="unadjusted",
    status="planned",
)
DM = replace(
    LRC,
    id="dm",
    label="Distant metastasis",
    endpoint="DM",
    competing_label="Death without distant metastasis",
)
LRC_DISTANT = replace(
    LRC,
    id="lrc-distant",
    label="Distant metastasis competing",
    sessions=("final",),
    endpoint="LRC-DISTANT",
    competing_label="Distant metastasis, or death, without locoregional recurrence",
)

EVENTS = EndpointsSpec(
    "endpoints",
    "Events and censoring",
    "RT",
    ("final",),
    ("OS", "PFS", "FFS", "LRRFS", "LRFS", "RRFS", "DMFS", "LRC", "DM", "CSS"),
    status="planned",
)

EVENTS_SENSITIVITY = EndpointsSpec(
    "endpoints-sensitivity",
    "Events and censoring, sensitivity analyses",
    "RT",
    ("final",),
    ("PFS-THERAPY-EVENT", "PFS-THERAPY-IGNORED", "PFS-MISSED", "LRC-DISTANT"),
    status="planned",
)
