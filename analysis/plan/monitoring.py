"""How the trial goes: accrual, screening, status, deviations, completeness, and thresholds for a look."""

from __future__ import annotations

from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.analyses.conduct.spec import CompletenessSpec, DeviationSpec, ScreeningSpec, StatusItem, StatusSpec
from npcstats.analyses.lag.spec import LagSpec
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from plan.sessions import EVERY_SESSION, PUBLISHED, SUPPLEMENT

ACCRUAL = AccrualSpec("accrual", "Accrual", "ENRL", PUBLISHED, recent_months=6.0, status="planned")

SCREENING = ScreeningSpec(
    "screening",
    "Screening",
    "ENRL",
    EVERY_SESSION,
    # In the order in which a site works through them. Those who did not consent (INC01) are not in the export.
    criteria={
        "INC03": "Age",
        "INC02": "Histology",
        "EXC04": "Earlier head and neck radiotherapy",
        "EXC03": "Other invasive cancer",
        "EXC01": "Distant metastasis",
        "EXC02": "T1 N0, radiotherapy alone",
        "INC05": "Chemoradiotherapy not planned, other stages",
        "INC04": "ECOG performance status",
        "EXC05": "Severe organ dysfunction",
        "EXC06": "Pregnancy or contraception",
        "INC06a": "Haemoglobin",
        "INC06b": "Neutrophils",
        "INC06c": "Platelets",
        "INC06d": "Bilirubin",
        "INC06e": "Albumin",
        "INC06f": "Creatinine",
    },
    status="planned",
)

STATUS = StatusSpec(
    "status",
    "Participant status",
    "ENRL",
    (*EVERY_SESSION, *SUPPLEMENT),
    items=(
        StatusItem("TREATED", "Started study treatment", "Treatment", "TRTSDT"),
        StatusItem("RTSTART", "Started radiotherapy", "Treatment", "RTSTDT"),
        StatusItem("RTEND", "Completed radiotherapy", "Treatment", "RTENDT"),
        StatusItem("LOST", "Lost to follow-up", "Follow-up", "EOSSTT", value="LOST"),
        StatusItem("WITHDRAWN", "Withdrew consent", "Follow-up", "EOSSTT", value="WITHDRAWN"),
        StatusItem("DIED", "Died", "Deaths", "DTHDT"),
        StatusItem("DIED90", "Died within 90 days of the end of RT", "Deaths", "DTHDT", anchor="RTENDT", within=90),
        StatusItem("DTHTOX", "Cause: treatment", "Deaths", "DTHCAUS", value="TREATMENT"),
        StatusItem("DTHDIS", "Cause: disease", "Deaths", "DTHCAUS", value="DISEASE"),
        StatusItem("DTHOTH", "Cause: other", "Deaths", "DTHCAUS", value="OTHER"),
        StatusItem("DTHUNK", "Cause: not known", "Deaths", "DTHCAUS", value="UNKNOWN", blank_from="DTHDT"),
    ),
    status="planned",
)

DEVIATIONS = DeviationSpec(
    "deviations",
    "Protocol deviations",
    "ENRL",
    EVERY_SESSION,
    categories={"MAJOR": "Major", "MINOR": "Minor"},
    status="planned",
)

COMPLETENESS = CompletenessSpec(
    "completeness",
    "Data completeness",
    "ENRL",
    (*EVERY_SESSION, *SUPPLEMENT),
    kinds={"CRF": "Case report forms", "BLOOD": "Blood samples", "IMAGE": "Images"},
    overdue_after=30,
    quantile_type=2,
    status="planned",
)

LAG = LagSpec(
    "lag",
    "Lag of the data",
    "ENRL",
    ("open", "closed"),
    frames={
        "adsl": "participants",
        "adae": "adverse events",
        "adlb": "laboratory values",
        "adex": "treatment given",
        "adcare": "supportive care",
        "adassess": "assessments",
        "addv": "protocol deviations",
    },
    status="planned",
)

TOXIC_DEATH = Watch(
    "toxic-death",
    "Died of treatment, of those treated",
    {
        "analysis": "overview",
        "variable": "died-treatment",
        "window": "whole",
        "measure": "risk",
        "arm": "all",
        "stat": "estimate",
    },
    "above",
    0.03,
)
TOXIC_DEATH_BY_ARM = Watch(
    "toxic-death",
    "Died of treatment, of those treated",
    {
        "analysis": "overview",
        "variable": "died-treatment",
        "window": "whole",
        "measure": "risk",
        "stat": "estimate",
    },
    "above",
    0.03,
    without={"arm": "all"},
)
OVERDUE = Watch(
    "data-lag",
    "Case report forms overdue",
    {"analysis": "completeness", "variable": "CRF", "arm": "all", "measure": "overdue", "stat": "estimate"},
    "above",
    0.05,
)

ACUTE_DIFFERENCE = Watch(
    "acute-difference",
    "Largest difference between arms in acute adverse events of grade 3 or higher",
    {"analysis": "ae-acute", "measure": "risk_difference", "level": "grade>=3", "stat": "estimate"},
    "above",
    0.10,
    magnitude=True,
    without={"variable": "all"},
    minimum_total=20,
)

THRESHOLDS = ThresholdSpec(
    "thresholds", "Thresholds for a look", "ENRL", ("open",), (TOXIC_DEATH, OVERDUE), status="planned"
)

THRESHOLDS_BY_ARM = ThresholdSpec(
    "thresholds-by-arm",
    "Thresholds for a look, by arm",
    "ENRL",
    ("closed", *SUPPLEMENT),
    (TOXIC_DEATH_BY_ARM, ACUTE_DIFFERENCE, OVERDUE),
    status="planned",
)
