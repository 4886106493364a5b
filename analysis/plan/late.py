"""Late adverse events over time, from the day after which they are late, death competing."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.comparison.displays import EffectsTable
from npcstats.analyses.incidence.displays import CumulativeIncidence, Incidences
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.timetoevent.groups import Landmark
from plan.sessions import CONF_LEVEL

CLOSED_AND_FINAL = ("closed", "final")
LANDMARK = Landmark(
    "RTENDT",
    90,
    "Here time is counted from day 90 after the end of radiotherapy instead, for participants alive and followed "
    "beyond it; acute events do not count, and an event that began before then and persists is not a new one.",
)

LATE_SEVERE = IncidenceSpec(
    id="late-severe",
    label="First late adverse event of grade 3 or worse",
    population="RT",
    sessions=CLOSED_AND_FINAL,
    endpoint="LATE3",
    competing_label="Death",
    conf_level=CONF_LEVEL,
    conf_type="log-log",
    landmarks=(12.0, 24.0, 36.0, 60.0),
    ticks=(0.0, 6.0, 12.0, 18.0, 24.0, 30.0, 36.0, 42.0, 48.0, 54.0, 60.0),
    minimum_at_risk=10,
    gray=False,
    estimand="unadjusted",
    status="planned",
    landmark=LANDMARK,
)
LATE_MODERATE = replace(
    LATE_SEVERE, id="late-moderate", label="First late adverse event of grade 2 or worse", endpoint="LATE2"
)
LATE_DRYNESS = replace(
    LATE_SEVERE, id="late-dryness", label="First late dry mouth of grade 2 or worse", endpoint="LATE-DRYNESS",
    sessions=("final",),
)  # fmt: skip
LATE_EAR = replace(LATE_DRYNESS, id="late-ear", label="First late ototoxicity of grade 2 or worse", endpoint="LATE-EAR")
LATE_SEVERE_RECURRENCE = replace(
    LATE_SEVERE,
    id="late-severe-recurrence",
    label="First late adverse event of grade 3 or worse, recurrence competing",
    endpoint="LATE3-RECURRENCE",
    competing_label="Recurrence, metastasis or death",
    sessions=("final",),
)
LATE = (LATE_SEVERE, LATE_MODERATE, LATE_DRYNESS, LATE_EAR, LATE_SEVERE_RECURRENCE)

LATE_TABLES = (
    Incidences(
        name="late-incidence",
        title="Cumulative incidence of the first late adverse event",
        number="14.3.7.1",
        sessions=("final",),
        members=("late-severe", "late-severe-recurrence", "late-moderate", "late-dryness", "late-ear"),
        total=False,
    ),
    EffectsTable(
        name="effects-late",
        title="Late adverse events: effects before and after overlap weighting",
        number="14.3.7.4",
        sessions=("final",),
        members=("compare-late",),
        blocks=("unadjusted", "overlap"),
        arms=True,
        p_values=False,
    ),
    Incidences(
        name="late-incidence-interim",
        title="Cumulative incidence of the first late adverse event",
        sessions=("closed",),
        members=("late-severe", "late-moderate"),
        total=False,
    ),
)

LATE_FIGURES = (
    CumulativeIncidence(
        name="late-severe",
        title="First late adverse event of grade 3 or worse, death competing.",
        number="14.3.7.2",
        sessions=CLOSED_AND_FINAL,
        analysis="late-severe",
        width="full",
        x_label="Months since day 90 after radiotherapy",
    ),
    CumulativeIncidence(
        name="late-moderate",
        title="First late adverse event of grade 2 or worse, death competing.",
        number="14.3.7.3",
        sessions=CLOSED_AND_FINAL,
        analysis="late-moderate",
        width="full",
        x_label="Months since day 90 after radiotherapy",
    ),
)
