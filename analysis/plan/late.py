"""Adverse events over time: the first late one from the day after which it is late, and the first of all."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.comparison.displays import EffectsTable
from npcstats.analyses.endpoints.displays import EndpointCounts
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.incidence.displays import CumulativeIncidence, Incidences
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.regression.displays import HazardRatios
from npcstats.analyses.timetoevent.displays import Sensitivity
from plan.hazards import OS_RATIO
from plan.sessions import CONF_LEVEL

LATE_SEVERE = IncidenceSpec(
    id="late-severe",
    label="First late adverse event of grade 3 or worse",
    population="RT",
    sessions=("final",),
    endpoint="LATE3",
    competing_label="Death without it",
    conf_level=CONF_LEVEL,
    conf_type="log-log",
    landmarks=(12.0, 24.0, 36.0, 60.0),
    ticks=(0.0, 6.0, 12.0, 18.0, 24.0, 30.0, 36.0, 42.0, 48.0, 54.0, 60.0),
    minimum_at_risk=10,
    gray=False,
    estimand="unadjusted",
    status="planned",
    minimum_share=0.2,
)
LATE_MODERATE = replace(
    LATE_SEVERE, id="late-moderate", label="First late adverse event of grade 2 or worse", endpoint="LATE2"
)
LATE_DRYNESS = replace(
    LATE_SEVERE, id="late-dryness", label="First late dry mouth of grade 2 or worse", endpoint="LATE-DRYNESS"
)
LATE_EAR = replace(LATE_DRYNESS, id="late-ear", label="First late ototoxicity of grade 2 or worse", endpoint="LATE-EAR")
LATE_SEVERE_SOON = replace(
    LATE_SEVERE,
    id="late-severe-soon",
    sessions=("closed",),
    landmarks=(3.0, 6.0, 9.0),
    ticks=(0.0, 3.0, 6.0, 9.0, 12.0),
)
LATE_MODERATE_SOON = replace(
    LATE_SEVERE_SOON, id="late-moderate-soon", label=LATE_MODERATE.label, endpoint=LATE_MODERATE.endpoint
)
LATE_RECURRENCE = replace(
    LATE_SEVERE,
    id="late-severe-recurrence",
    label="Recurrence competing",
    endpoint="LATE3-RECURRENCE",
    competing_label="Recurrence, metastasis or death without it",
)
LATE_UNTIL_RECURRENCE = replace(
    LATE_SEVERE,
    id="late-severe-until-recurrence",
    label="Followed until recurrence",
    endpoint="LATE3-UNTIL-RECURRENCE",
)
LATE_SEEN = replace(LATE_DRYNESS, id="late-severe-seen", label="Followed to the last visit", endpoint="LATE3-SEEN")
FIRST_SEVERE = replace(
    LATE_SEVERE,
    id="first-severe",
    label="First adverse event of grade 3 or worse since radiotherapy began",
    sessions=("open", "closed"),
    endpoint="FIRST3",
    landmarks=(1.0, 2.0, 3.0),
    ticks=(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
    minimum_share=0.0,
)
LATE_ACCOUNT = EndpointsSpec(
    "late-account",
    "Late adverse events: events and censoring",
    "RT",
    ("final",),
    ("LATE3", "LATE2", "LATE-DRYNESS", "LATE-EAR"),
    status="planned",
)

LATE_RATIO = replace(
    OS_RATIO,
    id="late-severe-hr",
    label="First late adverse event of grade 3 or worse",
    endpoint="LATE3",
    reason="Severe late events are few: sex, comorbidity, T and N category are left out, as they are for deaths.",
)
LATE_MODERATE_RATIO = replace(
    LATE_RATIO, id="late-moderate-hr", label="First late adverse event of grade 2 or worse", endpoint="LATE2"
)
LATE_RECURRENCE_RATIO = replace(
    LATE_RATIO, id="late-severe-recurrence-hr", label="Recurrence competing", endpoint="LATE3-RECURRENCE"
)
LATE_UNTIL_RECURRENCE_RATIO = replace(
    LATE_RATIO,
    id="late-severe-until-recurrence-hr",
    label="Followed until recurrence",
    endpoint="LATE3-UNTIL-RECURRENCE",
)
LATE_SEEN_RATIO = replace(
    LATE_RATIO, id="late-severe-seen-hr", label="Followed to the last visit", endpoint="LATE3-SEEN"
)
LATE = (
    FIRST_SEVERE,
    LATE_SEVERE,
    LATE_MODERATE,
    LATE_DRYNESS,
    LATE_EAR,
    LATE_SEVERE_SOON,
    LATE_MODERATE_SOON,
    LATE_RECURRENCE,
    LATE_UNTIL_RECURRENCE,
    LATE_SEEN,
    LATE_ACCOUNT,
    LATE_RATIO,
    LATE_MODERATE_RATIO,
    LATE_RECURRENCE_RATIO,
    LATE_UNTIL_RECURRENCE_RATIO,
    LATE_SEEN_RATIO,
)

LATE_TABLES = (
    Incidences(
        name="first-incidence",
        title="Cumulative incidence of the first severe adverse event since radiotherapy began",
        sessions=("open", "closed"),
        members=("first-severe",),
        total=False,
    ),
    Incidences(
        name="late-incidence",
        title="Cumulative incidence of the first late adverse event",
        number="14.3.7.1",
        sessions=("final",),
        members=("late-severe", "late-moderate", "late-dryness", "late-ear"),
        total=False,
    ),
    Incidences(
        name="late-incidence-interim",
        title="Cumulative incidence of the first late adverse event",
        sessions=("closed",),
        members=("late-severe-soon", "late-moderate-soon"),
        total=False,
    ),
    HazardRatios(
        name="hazards-late",
        title="First late adverse event: cause-specific hazard ratios",
        number="14.3.7.4",
        sessions=("final",),
        members=("late-severe-hr", "late-moderate-hr"),
        covariates=False,
    ),
    EffectsTable(
        name="effects-late",
        title="Late adverse events: effects before and after overlap weighting",
        number="14.3.7.5",
        sessions=("final",),
        members=("compare-late",),
        blocks=("unadjusted", "overlap"),
        arms=True,
        p_values=False,
    ),
    Sensitivity(
        name="sensitivity-late",
        title="First severe late adverse event, and what other rules give",
        number="14.3.7.6",
        sessions=("final",),
        members=("late-severe", "late-severe-recurrence", "late-severe-until-recurrence", "late-severe-seen"),
        ratios={
            "late-severe": "late-severe-hr",
            "late-severe-recurrence": "late-severe-recurrence-hr",
            "late-severe-until-recurrence": "late-severe-until-recurrence-hr",
            "late-severe-seen": "late-severe-seen-hr",
        },
    ),
    EndpointCounts(
        name="late-account",
        title="Late adverse events: how follow-up ended",
        number="14.3.7.7",
        sessions=("final",),
        analysis="late-account",
        total=False,
    ),
)

LATE_FIGURES = (
    CumulativeIncidence(
        name="first-severe",
        title="First severe adverse event since radiotherapy began, death competing.",
        sessions=("open", "closed"),
        analysis="first-severe",
        width="full",
    ),
    CumulativeIncidence(
        name="late-severe",
        title="First severe late adverse event, death competing.",
        number="14.3.7.2",
        sessions=("final",),
        analysis="late-severe",
        width="full",
    ),
    CumulativeIncidence(
        name="late-moderate",
        title="First moderate or severe late adverse event, death competing.",
        number="14.3.7.3",
        sessions=("final",),
        analysis="late-moderate",
        width="full",
    ),
    CumulativeIncidence(
        name="late-moderate-interim",
        title="First moderate or severe late adverse event, death competing.",
        sessions=("closed",),
        analysis="late-moderate-soon",
        width="full",
    ),
)
