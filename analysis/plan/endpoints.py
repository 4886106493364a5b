"""Endpoints: which events, which of them compete, where follow-up ends without one; and what is varied of them."""

from __future__ import annotations

from dataclasses import replace

from npcstats.study import Endpoint, EventRule, Gap, GradedEvent

BY_DISEASE = ("LOCOREGIONAL", "SYSTEMIC")
SEVERE = GradedEvent(
    "LATE-GRADE-3",
    "late adverse event of grade 3 or worse",
    lowest=3,
    anchor="RTENDT",
    first=91,
    baseline_adjusted=True,
    event="an adverse event of grade 3 or worse",
)
MODERATE = replace(
    SEVERE,
    code="LATE-GRADE-2",
    label="late adverse event of grade 2 or worse",
    lowest=2,
    event="an adverse event of grade 2 or worse",
)
DRYNESS = replace(
    MODERATE,
    code="LATE-DRY-MOUTH",
    label="late dry mouth of grade 2 or worse",
    terms=("Dry mouth",),
    event="dry mouth of grade 2 or worse",
)
EAR = replace(
    MODERATE,
    code="LATE-OTOTOXICITY",
    label="late ototoxicity of grade 2 or worse",
    terms=("Hearing impaired", "Tinnitus"),
    event="impaired hearing or tinnitus of grade 2 or worse",
)
FIRST = replace(
    SEVERE,
    code="GRADE-3",
    label="adverse event of grade 3 or worse",
    anchor="RTSTDT",
    first=0,
)
GRADED = (SEVERE, MODERATE, DRYNESS, EAR, FIRST)
PFS = Endpoint(
    "PFS",
    "Progression-free survival",
    origin="RTSTDT",
    events=("LOCAL", "REGIONAL", "DISTANT", "DEATH"),
    censored_by=("NEW-THERAPY",),
    censor_at=BY_DISEASE,
    kinds_within_days=30,
)
LRC = Endpoint(
    "LRC",
    "Locoregional recurrence",
    origin="RTSTDT",
    events=("LOCAL", "REGIONAL"),
    competing=("DEATH",),
    censor_at=("LOCOREGIONAL",),
    kinds_within_days=30,
)
LATE3 = Endpoint(
    "LATE3",
    "Late adverse event, grade ≥ 3",
    origin="RTENDT",
    origin_day=90,
    events=("LATE-GRADE-3",),
    competing=("DEATH",),
    censor_at=("VITAL",),
)
ENDPOINTS = (
    Endpoint(
        "OS",
        "Overall survival",
        origin="RTSTDT",
        events=("DEATH",),
        censor_at=("VITAL",),
    ),
    PFS,
    Endpoint(
        "FFS",
        "Failure-free survival",
        origin="RTSTDT",
        events=("LOCAL", "REGIONAL", "DISTANT", "RESIDUAL", "DEATH"),
        censored_by=("NEW-THERAPY",),
        censor_at=BY_DISEASE,
        rules=(EventRule("RESIDUAL", confirmed_by=("BIOPSY",), anchor="RTENDT", first=112, last=168),),
        kinds_within_days=30,
    ),
    Endpoint(
        "LRRFS",
        "Locoregional recurrence-free survival",
        origin="RTSTDT",
        events=("LOCAL", "REGIONAL", "DEATH"),
        censor_at=("LOCOREGIONAL",),
        kinds_within_days=30,
    ),
    Endpoint(
        "LRFS",
        "Local recurrence-free survival",
        origin="RTSTDT",
        events=("LOCAL", "DEATH"),
        censor_at=("LOCOREGIONAL",),
    ),
    Endpoint(
        "RRFS",
        "Regional recurrence-free survival",
        origin="RTSTDT",
        events=("REGIONAL", "DEATH"),
        censor_at=("LOCOREGIONAL",),
    ),
    Endpoint(
        "DMFS",
        "Distant metastasis-free survival",
        origin="RTSTDT",
        events=("DISTANT", "DEATH"),
        censor_at=("SYSTEMIC",),
    ),
    LRC,
    Endpoint(
        "DM",
        "Distant metastasis",
        origin="RTSTDT",
        events=("DISTANT",),
        competing=("DEATH",),
        censor_at=("SYSTEMIC",),
    ),
    Endpoint(
        "CSS",
        "Death from the disease",
        origin="RTSTDT",
        events=("DEATH:DISEASE",),
        competing=("DEATH:TREATMENT", "DEATH:OTHER", "DEATH:UNKNOWN"),
        censor_at=("VITAL",),
    ),
    replace(
        PFS,
        code="PFS-THERAPY-EVENT",
        label="Progression-free survival, new therapy an event",
        events=(*PFS.events, "NEW-THERAPY"),
        censored_by=(),
        variant_of="PFS",
    ),
    replace(
        PFS,
        code="PFS-THERAPY-IGNORED",
        label="Progression-free survival, new therapy ignored",
        censored_by=(),
        variant_of="PFS",
    ),
    replace(
        PFS,
        code="PFS-MISSED",
        label="Progression-free survival, censored before missed assessments",
        gap=Gap(
            anchor="RTENDT",
            windows=(
                (60, 135),
                (136, 227),
                (228, 318),
                (319, 410),
                (411, 501),
                (502, 592),
                (593, 683),
                (684, 800),
                (801, 955),
                (956, 1105),
                (1106, 1255),
                (1256, 1405),
                (1406, 1555),
                (1556, 1728),
                (1729, 1916),
            ),
            missed=2,
        ),
        variant_of="PFS",
    ),
    replace(
        LRC,
        code="LRC-DISTANT",
        label="Locoregional recurrence, distant metastasis competing",
        competing=("DISTANT", "DEATH"),
        event_within_days=30,
        variant_of="LRC",
    ),
    LATE3,
    replace(
        LATE3,
        code="LATE3-RECURRENCE",
        label="Late adverse event, grade ≥ 3, recurrence competing",
        competing=("LOCAL", "REGIONAL", "DISTANT", "DEATH"),
        event_within_days=0,
        variant_of="LATE3",
    ),
    replace(
        LATE3,
        code="LATE3-UNTIL-RECURRENCE",
        label="Late adverse event, grade ≥ 3, until recurrence",
        censored_by=("LOCAL", "REGIONAL", "DISTANT"),
        event_within_days=0,
        variant_of="LATE3",
    ),
    replace(
        LATE3,
        code="LATE3-SEEN",
        label="Late adverse event, grade ≥ 3, followed to the last visit",
        censor_at=("LOCOREGIONAL",),
        variant_of="LATE3",
    ),
    replace(LATE3, code="LATE2", label="Late adverse event, grade ≥ 2", events=("LATE-GRADE-2",)),
    replace(LATE3, code="LATE-DRYNESS", label="Late dry mouth, grade ≥ 2", events=("LATE-DRY-MOUTH",)),
    replace(LATE3, code="LATE-EAR", label="Late ototoxicity, grade ≥ 2", events=("LATE-OTOTOXICITY",)),
    Endpoint(
        "FIRST3",
        "Adverse event since radiotherapy began, grade ≥ 3",
        origin="RTSTDT",
        events=("GRADE-3",),
        competing=("DEATH",),
        censor_at=("VITAL",),
    ),
)
