"""The comparison of the arms, unadjusted and weighted: outcomes, measures, adjustments, intercurrent events."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.adjustment.measures import Measure, OutcomeModel
from npcstats.analyses.adjustment.outcomes import GradeOutcome, MarkerOutcome, TimeOutcome
from npcstats.analyses.comparison.spec import ComparisonSpec, Curves, Intercurrent
from plan.adjustment import ADJUSTMENTS
from plan.sessions import CONF_LEVEL
from plan.survival import TICKS
from plan.toxicity import ACUTE

DOUBLY_ROBUST = OutcomeModel("aipw", "together")  # few events: an arm's own regression may have no solution
MONTHS = 36.0

SWITCH = Intercurrent("Change to the other modality, or both", "treatment policy", "participants stay in their arm")
CHEMOTHERAPY = Intercurrent("Chemotherapy changed or stopped", "treatment policy", "whatever was given")

OS = ComparisonSpec(
    id="compare-os",
    label="Overall survival",
    population="RT",
    sessions=("final", "public"),
    role="secondary",
    treatment="chemoradiotherapy with the modality of the arm",
    outcome=TimeOutcome("OS"),
    measures=(
        Measure("hazard_ratio"),
        Measure("survival_difference", MONTHS),
        Measure("restricted_mean_difference", MONTHS),
    ),
    adjustments=ADJUSTMENTS,
    outcome_model=None,
    conf_level=CONF_LEVEL,
    ties="efron",
    p_values=False,
    curves=Curves("log-log", TICKS, 10),
    intercurrent=(
        SWITCH,
        CHEMOTHERAPY,
        Intercurrent("Treatment of a relapse", "treatment policy", "deaths after it count"),
    ),
    minimum_events=10,
    estimand="ato",
    status="planned",
)
PFS = replace(
    OS,
    id="compare-pfs",
    label="Progression-free survival",
    outcome=TimeOutcome("PFS"),
    intercurrent=(
        SWITCH,
        CHEMOTHERAPY,
        Intercurrent("Death", "composite", "it is an event"),
        Intercurrent("New treatment before an event", "hypothetical", "follow-up ends at it"),
    ),
)
LRC = replace(
    OS,
    id="compare-lrc",
    label="Locoregional recurrence",
    outcome=TimeOutcome("LRC"),
    measures=(Measure("hazard_ratio"), Measure("incidence_difference", MONTHS)),
    intercurrent=(SWITCH, CHEMOTHERAPY, Intercurrent("Death without it", "while alive", "it competes")),
)
DM = replace(LRC, id="compare-dm", label="Distant metastasis", outcome=TimeOutcome("DM"))
LATE = replace(
    LRC,
    id="compare-late",
    label="Late adverse event of grade 2 or worse",
    sessions=("final",),
    outcome=TimeOutcome("LATE2"),
    curves=None,
    intercurrent=(
        SWITCH,
        CHEMOTHERAPY,
        Intercurrent("Treatment of a relapse", "treatment policy", "events after it count"),
        Intercurrent("Death without it", "while alive", "it competes"),
    ),
)

SEVERE_MUCOSITIS = GradeOutcome(
    "MUCOSITIS3",
    "Acute oral mucositis, grade 3 or higher",
    ("Mucositis oral",),
    3,
    ACUTE.windows[0],
    baseline_adjusted=ACUTE.baseline_adjusted,
    scale=ACUTE.scale,
)
MUCOSITIS = replace(
    OS,
    id="compare-mucositis",
    label="Acute mucositis",
    population="SAF",
    outcome=SEVERE_MUCOSITIS,
    measures=(Measure("risk_difference"), Measure("risk_ratio")),
    outcome_model=DOUBLY_ROBUST,
    ties="",
    curves=None,
    intercurrent=(
        SWITCH,
        CHEMOTHERAPY,
        Intercurrent("Death within the period", "while alive", "the worst grade until then counts"),
    ),
)
DERMATITIS = replace(
    MUCOSITIS,
    id="compare-dermatitis",
    label="Acute radiation dermatitis",
    outcome=replace(
        SEVERE_MUCOSITIS,
        code="DERMATITIS3",
        label="Acute radiation dermatitis, grade 3 or higher",
        terms=("Dermatitis radiation",),
    ),
)
DYSPHAGIA = replace(
    MUCOSITIS,
    id="compare-dysphagia",
    label="Acute dysphagia",
    outcome=replace(
        SEVERE_MUCOSITIS, code="DYSPHAGIA3", label="Acute dysphagia, grade 3 or higher", terms=("Dysphagia",)
    ),
)
NAUSEA = replace(
    MUCOSITIS,
    id="compare-nausea",
    label="Acute nausea",
    role="negative control",
    outcome=replace(SEVERE_MUCOSITIS, code="NAUSEA3", label="Acute nausea, grade 3 or higher", terms=("Nausea",)),
)

LYMPHOCYTES = replace(
    OS,
    id="compare-lymphocytes",
    label="Lymphocytes at the end of radiotherapy",
    outcome=MarkerOutcome(
        "ALC",
        "Lymphocytes at the end of radiotherapy",
        "10^9/L",
        visit="EORT",
        baseline="BL",
        scale="log",
        below_limit="half-limit",
    ),
    measures=(Measure("mean_ratio"),),
    outcome_model=DOUBLY_ROBUST,
    ties="",
    curves=None,
    intercurrent=(
        SWITCH,
        CHEMOTHERAPY,
        Intercurrent("Death before the visit", "while alive", "no value, not compared"),
    ),
    minimum_events=0,
)
